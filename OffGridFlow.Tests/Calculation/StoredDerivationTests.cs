using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;
using OffGridFlow.Core.Calculation;
using OffGridFlow.Core.Calculation.Runs;
using OffGridFlow.Core.EmissionFactors;
using OffGridFlow.Core.Quantities;
using OffGridFlow.Infrastructure.Calculation;
using static OffGridFlow.Tests.Calculation.TestLibrary;

namespace OffGridFlow.Tests.Calculation;

/// <summary>What results share and what is of one alone make the whole again, and no two that differ share.</summary>
public sealed class StoredDerivationTests
{
    private static readonly ContractualInstrument Wind = new()
    {
        Id = "wind", Kind = InstrumentKind.PowerPurchaseAgreement, Name = "Wind contract", MegawattHours = 1, From = new DateOnly(2025, 1, 1), To = new DateOnly(2025, 12, 31),
        KgCo2ePerKwh = 0.011m, Criteria = QualityCriteria.All, Sites = [],
    };

    private static readonly EmissionFactor Gas = Factors[1];

    internal static readonly MadeAlike Burned = new()
    {
        Activity = "natural-gas", ActivityName = "Natural gas", Unit = Units.Find("kWh (Gross CV)"), Region = "GB", Factor = new SameObject<EmissionFactor>(Gas), Part = FactorPart.Direct,
        IsMarketBased = false, Gases = new SameGases([new GasAmount("CO2", 1, 1, 1), new GasAmount("CH4", 1, 28, 28)]), GwpBasis = "AR5", Step = SelectionStep.Country,
        Losers = new SameItems<LosingFactor>([]), Flags = new SameItems<CalculationFlag>([]),
    };

    /// <summary>One other value for each property.</summary>
    private static readonly Dictionary<string, MadeAlike> Others = new()
    {
        [nameof(MadeAlike.Activity)] = Burned with { Activity = "gas" },
        [nameof(MadeAlike.ActivityName)] = Burned with { ActivityName = "Gas" },
        [nameof(MadeAlike.Unit)] = Burned with { Unit = Units.Find("therm (gross)") },
        [nameof(MadeAlike.Region)] = Burned with { Region = "DE" },
        [nameof(MadeAlike.Gas)] = Burned with { Gas = "R-410A" },
        [nameof(MadeAlike.Category)] = Burned with { Category = 8 },
        [nameof(MadeAlike.Loss)] = Burned with { Loss = new DerivedLoss(0.05m, DerivedUnit.Of(Units.Find("kWh"))) },
        [nameof(MadeAlike.Factor)] = Burned with { Factor = new SameObject<EmissionFactor>(Gas with { Unit = Units.Find("kWh"), Note = "Another" }) },
        [nameof(MadeAlike.Instrument)] = Burned with { Instrument = new SameObject<ContractualInstrument>(Wind) },
        [nameof(MadeAlike.Part)] = Burned with { Part = FactorPart.Upstream },
        [nameof(MadeAlike.IsMarketBased)] = Burned with { IsMarketBased = true },
        [nameof(MadeAlike.Gases)] = Burned with { Gases = new SameGases([new GasAmount("CO2", 1, 1, 1), new GasAmount("CH4", 1, 30, 30)]) },
        [nameof(MadeAlike.GwpBasis)] = Burned with { GwpBasis = "AR6" },
        [nameof(MadeAlike.Step)] = Burned with { Step = SelectionStep.Proxy },
        [nameof(MadeAlike.Losers)] = Burned with { Losers = new SameItems<LosingFactor>([new LosingFactor("gas-24", "desnz-2024", "year")]) },
        [nameof(MadeAlike.Energy)] = Burned with { Energy = new SameEnergy(new EnergyFigure { Carrier = EnergyCarrier.NaturalGas, PerUnit = 0.9m, Unit = Units.Find("kWh"), Source = "A table" }) },
        [nameof(MadeAlike.Flags)] = Burned with { Flags = new SameItems<CalculationFlag>([new CalculationFlag("data-lag", "A year late.")]) },
    };

    [Fact]
    public void Shared_OfTwoThatDifferInAnyProperty_HasTwoIds()
    {
        Others.Keys.ShouldBe(typeof(MadeAlike).GetProperties(BindingFlags.Public | BindingFlags.Instance).Select(property => property.Name), ignoreOrder: true);
        var derivations = new SharedDerivations(Library);
        var first = derivations.Find(Burned);

        foreach (var (property, other) in Others)
        {
            other.ShouldNotBe(Burned, property);
            derivations.Find(other).ShouldNotBeSameAs(first, property);
        }

        Others.Values.Append(Burned).Select(alike => Convert.ToHexString(derivations.Find(alike).Id)).ShouldBeUnique();
        derivations.Unstored.Count.ShouldBe(Others.Count + 1);
    }

    [Fact]
    public void Shared_EachOfItsProperties_ComesOfTheKey()
    {
        var one = Content(Burned);

        var moved = Others.Values.Select(Content).SelectMany(other => one.Select(pair => pair.Key).Union(other.Select(pair => pair.Key)).Where(name => !JsonNode.DeepEquals(one[name], other[name])));

        // A property that is added to the derivation and not marked as one result's own has to be told apart by the key.
        moved.Distinct().ShouldBe(PropertiesOf<Derivation>(own: false), ignoreOrder: true);
        one["gases"]![0]!.AsObject().Select(pair => pair.Key).ShouldBe(PropertiesOf<DerivedGas>(own: false), ignoreOrder: true);
    }

    [Fact]
    public void Find_MadeAlikeByOtherObjects_IsTheSame()
    {
        var derivations = new SharedDerivations(Library);
        var first = derivations.Find(Others[nameof(MadeAlike.Losers)]);

        derivations.Find(Burned with { Losers = new SameItems<LosingFactor>([new LosingFactor("gas-24", "desnz-2024", "year")]), Gases = new SameGases([new GasAmount("CO2", 7, 7, 1), new GasAmount("CH4", 7, 7, 28)]) })
            .ShouldBeSameAs(first, "the masses of the gases are each result's own");
        derivations.Find(Burned with { Losers = Others[nameof(MadeAlike.Losers)].Losers, Factor = new SameObject<EmissionFactor>(Gas with { }) }).Id.ShouldBe(first.Id, "what is the same has the same id");
    }

    [Fact]
    public void Own_LeavesOutWhatAnotherKeyTells_ToTheDigit()
    {
        using var writer = new OwnDerivationWriter();
        var full = Whole().First().Derivation with
        {
            Conversion = null, Worksheet = null, Money = null, Gases = [], Energy = null,
            EntryQuantity = 12.50m, Quantity = 12.50m, FactorQuantity = 12.50m, KgCo2e = 3, BiogenicKgCo2 = 0, NonKyotoKgCo2e = 0, UncertaintyPercent = null,
            EntryFrom = new DateOnly(2025, 3, 1), From = new DateOnly(2025, 3, 1), EntryTo = new DateOnly(2025, 3, 31), To = new DateOnly(2025, 3, 31),
        };

        Own(full).ShouldBe("""{"entryQuantity":12.50,"entryFrom":"2025-03-01","entryTo":"2025-03-31","kgCo2e":3}""");
        Own(full with { From = new DateOnly(2025, 3, 2), To = new DateOnly(2025, 3, 30) })
            .ShouldBe("""{"entryQuantity":12.50,"entryFrom":"2025-03-01","entryTo":"2025-03-31","from":"2025-03-02","to":"2025-03-30","kgCo2e":3}""");
        // The same number with other decimals is another text.
        Own(full with { Quantity = 12.5m, BiogenicKgCo2 = 0.0m, NonKyotoKgCo2e = 0.00m })
            .ShouldBe("""{"entryQuantity":12.50,"entryFrom":"2025-03-01","entryTo":"2025-03-31","quantity":12.5,"factorQuantity":12.50,"kgCo2e":3,"biogenicKgCo2":0.0,"nonKyotoKgCo2e":0.00}""");

        string Own(Derivation derivation) => System.Text.Encoding.UTF8.GetString(writer.Write(derivation));
    }

    /// <summary>
    /// As they were before shared parts were, but for energy, which results did not have then: what stands for an entry is compared with them, and another way of
    /// storing is no other result.
    /// </summary>
    [Fact]
    public void Fingerprints_AreThoseOfBefore() => Calculated()
        .Select(one => Convert.ToHexString(ResultFingerprint.Of(
            EntryLedger.MethodVersion, Library.Resolve(one.Input.Type, out _)!.Type, one.Input, WithoutEnergy(one.Outcome), one.Instrument is null ? [] : [Share(one.Input, one.Instrument)])))
        .ShouldBe(
        [
            "57328250FF12E4E98A2EC0FD0DACC2E9", "C6AC9309C22A6D64F031BD2AA8165CC7", "6482B9BA82A9551B9072E6DB5A16B9AD", "7F6A68F539331E68042CEE0F0D3F2A08",
            "FB8663E8289D06243A053DD67FAA0E8F", "753A5726BB0F1FAF2CE16920DBDA628C",
        ]);

    private static CalculationOutcome WithoutEnergy(CalculationOutcome outcome) => outcome with { Emissions = [.. outcome.Emissions.Select(emission => emission with { Energy = null })] };

    /// <summary>A result of each kind with what it shares: months that are split, conversions, worksheets, money, contracts, memos; and some whose figures have other decimals.</summary>
    internal static IEnumerable<(SharedDerivation Shared, Derivation Derivation)> Whole()
    {
        var derivations = new SharedDerivations(Library);
        foreach (var (input, name, outcome, instrument) in Calculated())
        {
            outcome.Fault.ShouldBeNull(name);
            foreach (var emission in outcome.Emissions)
            {
                var shared = derivations.Find(MadeAlike.Of(input, name, emission, outcome.Emissions, emission.Instrument is null ? null : instrument));
                var derivation = shared.Derivation.Of(input, emission);
                yield return (shared, derivation);
                yield return (shared, derivation with { EntryQuantity = 5.0m, Quantity = 5.00m, FactorQuantity = 5.000m, BiogenicKgCo2 = 0.00m, NonKyotoKgCo2e = 0.000m });
                yield return (shared, derivation with { EntryQuantity = 5.0m, Quantity = 5.0m, FactorQuantity = 5.00m, BiogenicKgCo2 = 1.50m, NonKyotoKgCo2e = -1m });
                yield return (shared, derivation with { EntryQuantity = 0m, Quantity = 0.0m, FactorQuantity = 0.0m, KgCo2e = 0.0m });
                yield return (shared, derivation with { EntryFrom = derivation.From, EntryTo = derivation.To.AddDays(40), Quantity = derivation.EntryQuantity });
                yield return (shared, derivation with { EntryFrom = derivation.From.AddDays(-40), EntryTo = derivation.To, FactorQuantity = derivation.Quantity });
            }
        }
    }

    internal static IEnumerable<(ActivityInput Input, string Name, CalculationOutcome Outcome, ContractualInstrument? Instrument)> Calculated()
    {
        var gas = Activity("natural-gas", 25.5m, "therm (gross)", "GB", "2025-03-15", "2025-04-02") with
        {
            UncertaintyPercent = 5,
            Worksheet = [new NamedStep("Readings", StepOperation.Sum, [new StepOperand("End", 30.5m, "therm (gross)"), new StepOperand("Begin", 5, "therm (gross)", IsInverse: true)], 25.5m, "therm (gross)")],
        };
        yield return (gas, "Natural gas", Calculator().Calculate(gas), null);
        var diesel = Activity("diesel", 10, "t", "GB", "2025-03-15") with { Conversion = new QuantityConversion("density", 1250m, Units.Find("t"), Units.Find("l"), "delivery note 17") };
        yield return (diesel, "Diesel", Calculator().Calculate(diesel), null);
        var power = Activity("electricity", 3000, "kWh", "US-CAMX", "2025-05-01", "2025-05-31");
        yield return (power, "Electricity", Calculator().Calculate(power, [Share(power, Wind)]), Wind);
        var leak = Activity("refrigerant", 2, "kg", "GB", "2025-03-15") with { Category = 13, Gas = "R-502X" };
        yield return (leak, "Refrigerant leak", Calculator().Calculate(leak), null);
        var reported = Activity("reported", 5.9m, "t CO2e", "GB", "2025-01-01", "2025-02-28") with { Category = 15 };
        yield return (reported, "Reported emissions", Calculator().Calculate(reported), null);
        var spend = Activity("spend", 590, "EUR", "DE", "2025-01-01", "2025-01-31");
        yield return (spend, "Spend", ValueChainTests.SpendCalculator(ValueChainTests.Money).Calculate(spend), null);
    }

    private static InstrumentShare Share(ActivityInput input, ContractualInstrument instrument) => new(input.Id, input.From, instrument, 1000m);

    private static JsonObject Content(MadeAlike alike) => JsonNode.Parse(new SharedDerivation(Derivation.Shared(alike, Library)).Content)!.AsObject();

    /// <summary>As JSON names them.</summary>
    internal static IEnumerable<string> PropertiesOf<T>(bool own) => typeof(T).GetProperties(BindingFlags.Public | BindingFlags.Instance)
        .Where(property => property.IsDefined(typeof(OfOneResultAttribute)) == own).Select(property => JsonNamingPolicy.CamelCase.ConvertName(property.Name));
}
