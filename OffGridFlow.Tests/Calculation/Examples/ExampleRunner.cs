using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using OffGridFlow.Core.ActivityData;
using OffGridFlow.Core.Calculation;
using OffGridFlow.Core.EmissionFactors;
using OffGridFlow.Core.Inventory;
using OffGridFlow.Core.Organizations;
using OffGridFlow.Core.Quantities;
using OffGridFlow.Infrastructure.EmissionFactors;

namespace OffGridFlow.Tests.Calculation.Examples;

/// <summary>Computes worked examples by the product's own code: the calculator, the named steps, the unit table.</summary>
internal static class ExampleRunner
{
    private const string Own = "own-example";

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        Converters = { new JsonStringEnumConverter() },
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    };

    private static readonly UnitTable Units = ReferenceSet.Open("units").Parse(UnitTable.Parse);
    private static readonly RegionTable Regions = ReferenceSet.Open("regions").Parse(RegionTable.Parse);
    private static readonly GwpTable Gwp = ReferenceSet.Open("gwp").Parse(GwpTable.Parse);
    private static readonly ActivityTypes Types = ReferenceSet.Open("activity-types").Parse(ActivityTypes.Parse);
    private static readonly Lazy<FactorLibrary> Shipped = new(() => Library(FactorSets.ReadAll(null, Units).SelectMany(set => set.Factors)));
    private static readonly ConcurrentDictionary<string, Lazy<IReadOnlyDictionary<string, Outcome>>> Known = new();

    private static readonly FactorSet OwnSet = new()
    {
        Id = Own, Family = Own, Edition = "as printed", Publisher = "the example", Title = "The example's factors", Vintage = Vintage.Days, GwpBasis = "AR5",
        License = "none", Source = "the example", Checksum = "0", IsOwn = true,
    };

    public static IReadOnlyList<WorkedExample> ReadAll(string json) => JsonSerializer.Deserialize<IReadOnlyList<WorkedExample>>(json, Json)!;

    public static WorkedExample Read(string json) => JsonSerializer.Deserialize<WorkedExample>(json, Json)!;

    /// <summary>Asserts one printed result.</summary>
    public static void Check(WorkedExample example, ExampleResult result)
    {
        var outcomes = Known.GetOrAdd(example.Id, _ => new Lazy<IReadOnlyDictionary<string, Outcome>>(() => Run(example))).Value;
        var outcome = outcomes[result.Step];
        var value = result.Unit == "t" ? new Quantity(outcome.Value, Units.Find("kg")).To(Units.Find("t")).Value : outcome.Value;
        Distance(value, result.Computed ?? result.Printed, result.Precision).ShouldBeLessThanOrEqualTo(0m, $"{example.Id}, {result.Step}: {value.ToString(CultureInfo.InvariantCulture)} {result.Unit}");
        if (result.Computed is not null)
        {
            result.Why.ShouldNotBeNullOrWhiteSpace("a printed result that does not follow from its own numbers has its reason");
            Distance(value, result.Printed, result.Precision).ShouldBeGreaterThan(0m, "the printed result follows after all: take it as it is");
        }

        if (result.Factor is not null)
        {
            outcome.Figures.Select(figure => figure.Factor?.Id).Distinct().ShouldBe([result.Factor]);
        }

        if (result.By is { } step)
        {
            outcome.Figures.Select(figure => figure.Step).Distinct().ShouldBe([step]);
        }
    }

    /// <summary>The texts in which a step may name an earlier one.</summary>
    public static IEnumerable<string> Operands(ExampleStep step) =>
        new[] { step.Sum, step.Difference, step.Product, step.Ratio, step.Balance }.SelectMany(texts => texts ?? [])
            .Concat((step.Worksheet?.Lines ?? []).Append(step.Worksheet?.Inputs ?? new Dictionary<string, string>()).SelectMany(values => values.Values).Select(value => value.Split(' ')[0]))
            .Concat((step.Portfolio ?? []).Select(one => one.Outstanding))
            .Concat([step.Convert ?? "", step.Quantity ?? "", step.Conversion?.Value ?? ""])
            .Concat((step.Factors ?? []).SelectMany(factor => new[] { factor.Co2e, factor.Co2, factor.Ch4, factor.N2o, factor.LossShare }.OfType<string>()))
            .Concat((step.Instruments ?? []).Select(instrument => instrument.MegawattHours ?? ""));

    /// <summary>By how much a value is further from a printed number than half of its last digit; an exact half counts as printed.</summary>
    private static decimal Distance(decimal value, string printed, string? precision)
    {
        var number = Parse(printed);
        var last = precision is null ? new decimal(1, 0, 0, false, number.Scale) : Parse(precision);
        // Parts of a year and of a month are rounded each; what that may add up to is a thousandth of a millionth at most.
        return Math.Abs(value - number) - (last / 2m) - 0.000000001m;
    }

    private static Dictionary<string, Outcome> Run(WorkedExample example)
    {
        var outcomes = new Dictionary<string, Outcome>(StringComparer.Ordinal);
        foreach (var step in example.Steps)
        {
            outcomes.Add(step.Id, Compute(example, step, text => outcomes.TryGetValue(text, out var known) ? known.Value : Parse(text)));
        }

        return outcomes;
    }

    private static Outcome Compute(WorkedExample example, ExampleStep step, Func<string, decimal> number) => step switch
    {
        { Sum: { } sum } => new Outcome(sum.Sum(number)),
        { Difference: [var whole, var part] } => new Outcome(number(whole) - number(part)),
        { Product: { } product } => new Outcome(product.Select(number).Aggregate(Exact.Product)),
        { Ratio: [var a, var b, var c] } => new Outcome(Exact.Ratio(number(a), number(b), number(c))),
        { Printed: { } printed } => new Outcome(Parse(printed)),
        { Convert: { } value } => new Outcome(new Quantity(number(value), Units.Find(step.Unit)).To(Units.Find(step.Into)).Value),
        { Month: { } month } => new Outcome(Proration.ByMonth(number(step.Quantity!), step.From, step.To)
            .Single(part => part.From.ToString("yyyy-MM", CultureInfo.InvariantCulture) == month).Quantity),
        { Balance: [var start, var acquired, var disposed, var end, var growth] } =>
            new Outcome(new RefrigerantBalance(number(start), number(acquired), number(disposed), number(end), number(growth)).Released),
        { Worksheet: { } worksheet } => new Outcome(Worked(example, step, worksheet, number)),
        { Portfolio: { } investments } => new Outcome(PortfolioScore.Of(investments.Select(one => new ScoredInvestment(number(one.Outstanding), one.Score)))!.Value),
        { Equity: { } shares } => new Outcome(ShareOf([.. shares.Select(number)])),
        { Uncertainty: { } figures } => new Outcome(Uncertainty.OfSum(
            figures.Select(figure => new UncertainFigure(number(figure.Kg), number(figure.Activity), figure.Factor, number(figure.FactorPercent))))),
        { Quality: { } rated } => new Outcome(QualityIndicators.Mean(rated.Select(figure => (number(figure.Kg), figure.Ratings)))!.Value),
        { Quantity: { } quantity } => Calculate(example, step, number(quantity), number),
        _ => throw new InvalidOperationException($"{example.Id}: the step {step.Id} is none that is known"),
    };

    /// <summary>What the product's own method gives; the sources that it asks for are the example.</summary>
    private static decimal Worked(WorkedExample example, ExampleStep step, ExampleWorksheet worksheet, Func<string, decimal> number)
    {
        List<WorksheetInput> Inputs(IReadOnlyDictionary<string, string>? values) => [.. (values ?? new Dictionary<string, string>()).Select(value =>
        {
            var parts = value.Value.Split(' ', 2);
            return new WorksheetInput(value.Key, number(parts[0]), parts.Length > 1 ? parts[1] : null, example.Id);
        })];

        var sheet = new Worksheet(
            worksheet.Method, Inputs(worksheet.Inputs), [.. (worksheet.Lines ?? []).Select((line, index) => new WorksheetLine(FormattableString.Invariant($"{index}"), Inputs(line)))],
            worksheet.Choices);
        var outcome = WorksheetMethod.Find(worksheet.Method).ShouldNotBeNull(worksheet.Method).Compute(sheet, Units.Find(step.Unit), Units);
        outcome.Faults.ShouldBeEmpty($"{example.Id}, {step.Id}");
        NamedStep.Replays(outcome.Steps, null, outcome.Quantity).ShouldBeTrue();
        return outcome.Quantity;
    }

    /// <summary>What the head of a chain of holdings has of its last entity.</summary>
    private static decimal ShareOf(IReadOnlyList<decimal> shares)
    {
        var entities = Enumerable.Range(0, shares.Count + 1).Select(_ => Guid.NewGuid()).ToList();
        var holdings = shares.Select((share, index) => new Ownership
        {
            Id = Guid.NewGuid(), TenantId = Guid.NewGuid(), ParentId = entities[index], ChildId = entities[index + 1], Share = share, FinancialControl = false,
            OperationalControl = false,
        });
        return OwnershipShare.On(new DateOnly(2025, 6, 30), entities, holdings)[entities[^1]].ShareUnder(ConsolidationApproach.EquityShare);
    }

    private static Outcome Calculate(WorkedExample example, ExampleStep step, decimal quantity, Func<string, decimal> number)
    {
        var activity = step.Type ?? $"example/{example.Id}/{step.Id}";
        var region = step.Region ?? "world";
        var library = step.Factors is { } factors
            ? Library(factors.Select((factor, index) => Factor(factor, string.Create(CultureInfo.InvariantCulture, $"{activity}/{index}"), activity, factor.Unit ?? step.Unit!, region, number)))
            : Shipped.Value;
        var input = new ActivityInput
        {
            Id = step.Id, Type = activity, Quantity = new Quantity(quantity, Units.Find(step.Unit)), Region = region, From = step.From, To = step.To, Gas = step.Gas, Category = step.Category,
            Conversion = step.Conversion is { } by ? new QuantityConversion(by.Name, number(by.Value), Units.Find(by.From), Units.Find(by.To), by.Source) : null,
        };
        var calculator = new Calculator(library, new CalculationPolicy
        {
            Gwp = step.Gwp ?? GwpSet.Ar5,
            Money = new MoneyTables(
                (step.Rates ?? []).Select(rate => new MonthlyRate(rate.From, rate.To, DateOnly.ParseExact(rate.Month, "yyyy-MM", CultureInfo.InvariantCulture), number(rate.Value), example.Id)),
                (step.Levels ?? []).Select(level => new PriceLevel(level.Currency, level.Year, null, number(level.Value), example.Id))),
        });
        var instruments = (step.Instruments ?? []).Select((instrument, index) => new ContractualInstrument
        {
            Id = string.Create(CultureInfo.InvariantCulture, $"{step.Id}-{index}"), Kind = instrument.Kind, Name = instrument.Kind.ToString(), From = step.From, To = step.To, Sites = [],
            MegawattHours = instrument.MegawattHours is { } amount ? number(amount) : null, KgCo2ePerKwh = number(instrument.KgCo2ePerKwh),
            Criteria = instrument.Criteria ?? QualityCriteria.All,
        });

        var outcome = calculator.Calculate(input, InstrumentAllocation.Allocate(instruments, calculator.EnergyUses(input)).Shares);

        outcome.Fault.ShouldBeNull($"{example.Id}, {step.Id}");
        var figures = outcome.Emissions.Where(figure => step.Read is null || step.Read.Takes(figure)).ToList();
        figures.ShouldNotBeEmpty($"{example.Id}, {step.Id}: no figure is of that kind");
        return new Outcome(figures.Sum(figure => Value(figure, step.Read))) { Figures = figures };
    }

    private static decimal Value(CalculatedEmission figure, ExampleRead? read) => read switch
    {
        { Biogenic: true } => figure.BiogenicKgCo2,
        { Gas: { } name, Mass: true } => figure.Gases.Single(gas => gas.Gas == name).Kg!.Value,
        { Gas: { } name } => figure.Gases.Single(gas => gas.Gas == name).KgCo2e,
        _ => figure.KgCo2e,
    };

    private static EmissionFactor Factor(ExampleFactor factor, string id, string activity, string unit, string region, Func<string, decimal> number) => new()
    {
        Id = id, Set = OwnSet, Activity = activity, Name = activity, Category = "Example", Unit = Units.Find(unit), Region = region, Year = 2025,
        Basis = factor.Basis ?? (factor.Co2e is null ? GasBasis.Mass : GasBasis.Co2e), Part = factor.Part, Supply = factor.Supply, Scopes = factor.Scopes,
        Co2e = Optional(factor.Co2e, number), Co2 = Optional(factor.Co2, number), Ch4 = Optional(factor.Ch4, number), N2o = Optional(factor.N2o, number),
        LossShare = Optional(factor.LossShare, number),
    };

    private static decimal? Optional(string? text, Func<string, decimal> number) => text is null ? null : number(text);

    private static FactorLibrary Library(IEnumerable<EmissionFactor> factors) => new(factors, Regions, Gwp, Types, Units);

    private static decimal Parse(string text) => decimal.Parse(text, NumberStyles.Float | NumberStyles.AllowThousands, CultureInfo.InvariantCulture);

    /// <param name="Value">kg, or what the step is of.</param>
    private sealed record Outcome(decimal Value)
    {
        public IReadOnlyList<CalculatedEmission> Figures { get; init; } = [];
    }
}
