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
    public void SharedAndOwn_MakeTheWholeAgain_AndReplayToTheDigit()
    {
        var derivations = new SharedDerivations(Library);
        using var writer = new OwnDerivationWriter();
        var written = new HashSet<string>();
        foreach (var (input, name, outcome, instrument) in Calculated())
        {
            outcome.Fault.ShouldBeNull(name);
            foreach (var emission in outcome.Emissions)
            {
                var shared = derivations.Find(MadeAlike.Of(input, name, emission, outcome.Emissions, emission.Instrument is null ? null : instrument));
                var derivation = shared.Derivation.Of(input, emission);

                var own = JsonNode.Parse(writer.Write(derivation))!.AsObject();

                written.UnionWith(own.Select(pair => pair.Key));
                var merged = Merged(JsonNode.Parse(shared.Content)!.AsObject(), own);
                Sorted(merged).ShouldBe(Sorted(JsonSerializer.SerializeToNode(derivation, StoredDerivation.Json)!), "digit for digit what was stored whole before");
                var read = StoredDerivation.Read(merged.ToJsonString());
                read.IsReplayed().ShouldBeTrue(merged.ToJsonString());
                (read.KgCo2e, read.BiogenicKgCo2, read.NonKyotoKgCo2e, read.Quantity, read.From, read.To)
                    .ShouldBe((emission.KgCo2e, emission.BiogenicKgCo2, emission.NonKyotoKgCo2e, emission.Quantity, emission.From, emission.To));
            }
        }

        written.ShouldBe(PropertiesOf<Derivation>(own: true).Append("gases").Append("energy"), ignoreOrder: true);
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

    private static IEnumerable<(ActivityInput Input, string Name, CalculationOutcome Outcome, ContractualInstrument? Instrument)> Calculated()
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
    private static IEnumerable<string> PropertiesOf<T>(bool own) => typeof(T).GetProperties(BindingFlags.Public | BindingFlags.Instance)
        .Where(property => property.IsDefined(typeof(OfOneResultAttribute)) == own).Select(property => JsonNamingPolicy.CamelCase.ConvertName(property.Name));

    private static JsonObject Merged(JsonObject shared, JsonObject own)
    {
        foreach (var (name, value) in own.ToList())
        {
            if (name == "energy")
            {
                foreach (var (part, amount) in value!.AsObject())
                {
                    shared[name]!.AsObject().Add(part, amount?.DeepClone());
                }
            }
            else if (name != "gases")
            {
                shared.ContainsKey(name).ShouldBeFalse(name);
                shared[name] = value?.DeepClone();
            }
        }

        own["gases"]!.AsArray().Count.ShouldBe(shared["gases"]!.AsArray().Count);
        foreach (var (gas, masses) in shared["gases"]!.AsArray().Zip(own["gases"]!.AsArray()))
        {
            foreach (var (name, value) in masses!.AsObject())
            {
                gas!.AsObject().Add(name, value?.DeepClone());
            }
        }

        return shared;
    }

    /// <summary>With the digits as they are written, unlike a comparison of numbers.</summary>
    private static string Sorted(JsonNode? node) => node switch
    {
        JsonObject properties => "{" + string.Join(',', properties.OrderBy(pair => pair.Key, StringComparer.Ordinal).Select(pair => pair.Key + ":" + Sorted(pair.Value))) + "}",
        JsonArray items => "[" + string.Join(',', items.Select(Sorted)) + "]",
        _ => node?.ToJsonString() ?? "null",
    };
}
