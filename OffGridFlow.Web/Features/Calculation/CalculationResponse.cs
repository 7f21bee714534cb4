using System.Globalization;
using OffGridFlow.Core.Calculation;
using OffGridFlow.Core.EmissionFactors;

namespace OffGridFlow.Web.Features.Calculation;

/// <param name="Results">One for each activity, in the order asked.</param>
/// <param name="Total">The sum of the results.</param>
public sealed record CalculationResponse(IReadOnlyList<CalculationResult> Results, CalculationTotal Total);

/// <param name="KgCo2e">Sum of the results that have a figure.</param>
/// <param name="StatedKgCo2e">The part of it whose quantity or factor states an uncertainty.</param>
/// <param name="UncertaintyKgCo2e">Half of the 95 % interval of that part (<c>docs/methods/uncertainty.md</c>); null where nothing states one.</param>
public sealed record CalculationTotal(decimal KgCo2e, decimal StatedKgCo2e, decimal? UncertaintyKgCo2e)
{
    /// <param name="results">Each with the uncertainty of its quantity, percent.</param>
    public static CalculationTotal Of(IReadOnlyList<(CalculationResult Result, decimal? Percent)> results)
    {
        var stated = results.Where(row => row.Result.KgCo2e is not null && (row.Percent is not null || row.Result.Factor?.UncertaintyPercent is not null)).ToList();
        return new CalculationTotal(
            results.Sum(row => row.Result.KgCo2e ?? 0m), stated.Sum(row => row.Result.KgCo2e!.Value), stated.Count == 0 ? null : Uncertainty.OfSum(stated.Select((row, index) =>
                new UncertainFigure(
                    row.Result.KgCo2e!.Value, row.Percent ?? 0m, row.Result.Factor?.Id ?? index.ToString(CultureInfo.InvariantCulture), row.Result.Factor?.UncertaintyPercent ?? 0m))));
    }
}

/// <param name="KgCo2e">Of the activity's own scope; of purchased energy in the view asked for. Null when there is an error.</param>
/// <param name="Gases">kg of each gas, as far as the factor tells them apart.</param>
/// <param name="GasesKgCo2e">The same in kg CO2e; each is rounded by its publisher, so that they need not add up to <paramref name="KgCo2e"/>.</param>
/// <param name="BiogenicKgCo2">CO2 of living matter, beside the total.</param>
/// <param name="NonKyotoKgCo2e">Gases outside the Kyoto Protocol, beside the total.</param>
/// <param name="Scope2Method"><c>location</c> or <c>market</c>; null for all but scope 2.</param>
/// <param name="Factor">The factor of the first line; null where a gas's potential or an instrument makes the figure.</param>
/// <param name="Step">The step of the selection that decided.</param>
/// <param name="Lines">Every figure of the activity: by month, the other view of scope 2, category 3, memo lines.</param>
public sealed record CalculationResult(
    decimal? KgCo2e, IReadOnlyDictionary<string, decimal> Gases, IReadOnlyDictionary<string, decimal> GasesKgCo2e, decimal? BiogenicKgCo2, decimal? NonKyotoKgCo2e, int? Scope, int? Category,
    string? Scope2Method, ResultFactor? Factor, string? Step, string? GwpBasis, string? Quality, IReadOnlyList<string> Flags, CalculationFault? Error, IReadOnlyList<ResultLine> Lines)
{
    public static CalculationResult Of(CalculationFault fault) =>
        new(null, new Dictionary<string, decimal>(), new Dictionary<string, decimal>(), null, null, null, null, null, null, null, null, null, [], fault, []);

    /// <param name="method">The view that is the result where there are two.</param>
    public static CalculationResult Of(CalculationOutcome outcome, Scope2Method method)
    {
        if (outcome.Fault is { } fault)
        {
            return Of(fault);
        }

        // The activity's own lines: what comes before and after, and the other view, are among the lines.
        var first = outcome.Emissions.FirstOrDefault(line => line.Scope2Method == method) ?? outcome.Emissions[0];
        var own = outcome.Emissions.Where(line =>
            line.Scope == first.Scope && line.Category == first.Category && (line.Scope2Method == first.Scope2Method || line.Part == FactorPart.OutsideScopes)
            && (line.Part == first.Part || line.Part is FactorPart.OutsideScopes or FactorPart.LifeCycle)).ToList();
        return new CalculationResult(
            own.Sum(line => line.KgCo2e), Sum(own, gas => gas.Kg), Sum(own, gas => gas.KgCo2e), own.Sum(line => line.BiogenicKgCo2), own.Sum(line => line.NonKyotoKgCo2e), first.Scope, first.Category,
            Word(first.Scope2Method), first.Factor is null ? null : ResultFactor.Of(first.Factor), Hyphens(first.Step.ToString()), first.GwpBasis,
            own.Max(line => line.Quality).ToString().ToLowerInvariant(), [.. own.SelectMany(line => line.Flags).Select(flag => flag.Code).Distinct()], null,
            [.. outcome.Emissions.Select(ResultLine.Of)]);
    }

    internal static string? Word(Scope2Method? method) => method?.ToString().ToLowerInvariant();

    /// <summary><c>GridRegion</c> as <c>grid-region</c>.</summary>
    internal static string Hyphens(string name) =>
        string.Concat(name.Select((letter, index) => char.IsUpper(letter) ? (index == 0 ? "" : "-") + char.ToLowerInvariant(letter).ToString() : letter.ToString()));

    internal static SortedDictionary<string, decimal> Sum(IEnumerable<CalculatedEmission> lines, Func<GasAmount, decimal?> figure)
    {
        var sums = new SortedDictionary<string, decimal>(StringComparer.Ordinal);
        foreach (var gas in lines.SelectMany(line => line.Gases))
        {
            if (figure(gas) is { } value)
            {
                sums[gas.Gas] = sums.GetValueOrDefault(gas.Gas) + value;
            }
        }

        return sums;
    }
}

/// <param name="Set">Id of the set, e.g. <c>desnz-2025</c>.</param>
/// <param name="Year">Of the edition or of the data.</param>
/// <param name="UncertaintyPercent">Half of the 95 % interval, where the publisher states it.</param>
/// <param name="Checksum">Of the set: with the id it names the digits.</param>
public sealed record ResultFactor(
    string Id, string Name, string Set, string Edition, string Publisher, string Region, int Year, string Unit, decimal? KgCo2ePerUnit, decimal? UncertaintyPercent, string Source, string? Table, string License,
    string Checksum)
{
    public static ResultFactor Of(EmissionFactor factor) => new(
        factor.Id, factor.Name, factor.Set.Id, factor.Set.Edition, factor.Set.Publisher, factor.Region, factor.Year, factor.Unit.Symbol, factor.Co2e, factor.UncertaintyPercent, factor.Set.Source,
        factor.SourceTable, factor.Set.License, factor.Set.Checksum);
}

/// <param name="Part">Which part of what the activity causes.</param>
/// <param name="Quantity">In the activity's unit.</param>
/// <param name="FactorQuantity">In the factor's unit.</param>
public sealed record ResultLine(
    int Scope, int? Category, string? Scope2Method, string Part, string From, string To, decimal Quantity, decimal FactorQuantity, decimal KgCo2e,
    IReadOnlyDictionary<string, decimal> Gases, decimal BiogenicKgCo2, decimal NonKyotoKgCo2e, decimal? KilowattHours, ResultFactor? Factor, string? Instrument, string Step,
    IReadOnlyList<LosingFactor> Losers, IReadOnlyList<CalculationFlag> Flags)
{
    public static ResultLine Of(CalculatedEmission line) => new(
        line.Scope, line.Category, CalculationResult.Word(line.Scope2Method), CalculationResult.Hyphens(line.Part.ToString()),
        line.From.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture), line.To.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture), line.Quantity, line.FactorQuantity, line.KgCo2e,
        CalculationResult.Sum([line], gas => gas.Kg), line.BiogenicKgCo2, line.NonKyotoKgCo2e, line.KilowattHours, line.Factor is null ? null : ResultFactor.Of(line.Factor), line.Instrument,
        CalculationResult.Hyphens(line.Step.ToString()), line.Losers, line.Flags);
}
