using System.Globalization;
using System.Text.Json;
using OffGridFlow.Core.Calculation;
using OffGridFlow.Core.Calculation.Runs;
using OffGridFlow.Core.EmissionFactors;
using OffGridFlow.Core.Quantities;
using OffGridFlow.Infrastructure.Calculation;

namespace OffGridFlow.Tests.Calculation;

/// <summary>Energy at net calorific value, by hand from the shipped rows.</summary>
public sealed class EnergyTests
{
    private static readonly FactorLibrary Library = new CalculationReference().Library;
    private static readonly Calculator Calculator = new(Library, CalculationPolicy.Default);

    public static TheoryData<string, string, string, string, string> Printed
    {
        get
        {
            var rows = new TheoryData<string, string, string, string, string>();
            foreach (var row in EnergyPage.Entries)
            {
                rows.Add(row[0], row[1], row[2], row[3], row[4]);
            }

            return rows;
        }
    }

    [Theory]
    [MemberData(nameof(Printed))]
    public void Calculate_EntryOfThePage_HasItsEnergy(string entry, string unit, string perUnit, string kilowattHours, string renewable)
    {
        var (type, quantity, symbol) = EnergyPage.Read(entry);

        var energy = Of(type, quantity, symbol);

        energy.Unit!.Symbol.ShouldBe(unit);
        energy.PerUnit.ShouldBe(EnergyPage.Number(perUnit));
        energy.KilowattHours.ShouldBe(EnergyPage.Number(kilowattHours));
        energy.RenewableKilowattHours.ShouldBe(EnergyPage.Number(renewable));
        energy.NuclearKilowattHours.ShouldBe(0);
        energy.Gap.ShouldBeNull();
    }

    // Heat content × 293.071070172… kWh per mmBtu × 0.95 or 0.9, six digits; a US gallon is 3.785411784 l.
    [Theory]
    [InlineData("anthracite", 10, "short ton", "US-CAMX", EnergyCarrier.Coal, "69855")]
    [InlineData("natural-gas", 1000, "scf", "US-CAMX", EnergyCarrier.NaturalGas, "270.622")]
    [InlineData("natural-gas", 100, "therm (Gross CV)", "US-CAMX", EnergyCarrier.NaturalGas, "2637.63963155")]
    [InlineData("natural-gas", 1, "GJ (Gross CV)", "GB", EnergyCarrier.NaturalGas, "250.726388888889")]
    [InlineData("petrol", 10, "l", "GB", EnergyCarrier.Petroleum, "89.2569")]
    [InlineData("wood-pellets", 2, "t", "GB", EnergyCarrier.RenewableFuel, "9598.94")]
    [InlineData("biomethane", 1, "GJ", "GB", EnergyCarrier.RenewableFuel, "277.777777777778")]
    [InlineData("gas-oil", 500, "kWh (Net CV)", "GB", EnergyCarrier.Petroleum, "500")]
    public void Calculate_FuelInAUnit_IsBroughtToNetKilowattHours(string type, decimal quantity, string unit, string region, EnergyCarrier carrier, string kilowattHours)
    {
        var energy = Of(type, quantity, unit, region);

        energy.Carrier.ShouldBe(carrier);
        energy.KilowattHours.ShouldBe(decimal.Parse(kilowattHours, CultureInfo.InvariantCulture));
    }

    [Fact]
    public void Calculate_OwnDensity_GoesBeforeThePublishersValue()
    {
        var liter = Library.Units.Find("l");
        var kilogram = Library.Units.Find("kg");

        var energy = Of("diesel-stationary", 1000, "l", change: input => input with { Conversion = new QuantityConversion("density", 0.84m, liter, kilogram, "delivery note") });

        // 840 kg are 0.84 t of 11,898.2 kWh.
        energy.KilowattHours.ShouldBe(9994.488m);
        energy.Unit!.Symbol.ShouldBe("t");
    }

    [Fact]
    public void Calculate_DieselByAnAmericanFactor_HasNoRenewableShare_AndSaysSo()
    {
        var energy = Of("diesel", 1000, "gal (US)", "US-CAMX");

        energy.Carrier.ShouldBe(EnergyCarrier.Petroleum);
        energy.RenewableKilowattHours.ShouldBe(0);
        energy.KilowattHours.ShouldNotBeNull().ShouldBeGreaterThan(0);
        energy.Source.ShouldEndWith("; the factor states no renewable share of the blend: taken as none");
    }

    [Theory]
    [InlineData("natural-gas", "m3", "GB")]
    [InlineData("anthracite", "short ton", "US-CAMX")]
    [InlineData("hvo", "l", "GB")]
    public void Calculate_FuelThatIsNoBlend_SaysNothingOfOne(string type, string unit, string region) =>
        Of(type, 10, unit, region).Source.ShouldNotBeNull().ShouldNotContain("blend");

    [Theory]
    [InlineData("car-average-diesel", 1000, "km", "GB", EnergyGaps.Distance)]
    [InlineData("municipal-waste", 10, "short ton", "US-CAMX", EnergyGaps.Content)]
    [InlineData("wood-chips", 10, "mmBtu (Gross CV)", "US-CAMX", EnergyGaps.Content)]
    public void Calculate_WhatCannotBeConverted_IsANamedGap(string type, decimal quantity, string unit, string region, string gap)
    {
        var energy = Of(type, quantity, unit, region);

        energy.Gap.ShouldBe(gap);
        energy.KilowattHours.ShouldBeNull();
    }

    [Fact]
    public void Calculate_ReleasedGas_IsNoEnergy() =>
        Calculator.Calculate(Input("refrigerant-leak", 1, "kg") with { Gas = "R-410A" }).Emissions.ShouldAllBe(emission => emission.Energy == null);

    [Fact]
    public void Calculate_FuelOfOthers_IsNoEnergyOfOwnOperations() =>
        Calculator.Calculate(Input("natural-gas", 1, "m3") with { Category = 8 }).Emissions.ShouldAllBe(emission => emission.Energy == null);

    [Fact]
    public void Calculate_Contracts_SayWhatGenerates_AndTheRestIsFossil()
    {
        var from = new DateOnly(2025, 3, 1);
        InstrumentShare Share(string id, decimal kilowattHours, decimal? renewable, decimal? nuclear) => new("x", from, new ContractualInstrument
        {
            Id = id, Kind = InstrumentKind.Certificate, Name = id, From = from, To = from.AddDays(30), Sites = [], KgCo2ePerKwh = 0, Criteria = QualityCriteria.All,
            RenewableShare = renewable, NuclearShare = nuclear,
        }, kilowattHours);

        var outcome = Calculator.Calculate(Input("electricity", 1, "MWh"), [Share("mix", 400, 0.6m, 0.3m), Share("silent", 100, null, null)]);

        var energies = outcome.Emissions.Where(emission => emission.Energy is not null).ToList();
        energies.ShouldAllBe(emission => emission.Scope2Method == Scope2Method.Market);
        energies.Sum(emission => emission.Energy!.KilowattHours).ShouldBe(1000);
        energies.ToDictionary(emission => emission.Instrument ?? "", emission => (emission.Energy!.RenewableKilowattHours, emission.Energy.NuclearKilowattHours, emission.Energy.IsUnstated))
            .ShouldBe(new Dictionary<string, (decimal, decimal, bool)> { ["mix"] = (240, 120, false), ["silent"] = (0, 0, true), [""] = (0, 0, false) }, ignoreOrder: true);
    }

    /// <summary>What a contract leaves out is none, and the trail says who said so; where the other share is all of it, nothing is left out.</summary>
    [Theory]
    [InlineData("0.6", "0.3", 600, 300, false, "As the contract says")]
    [InlineData("0.6", null, 600, 0, false, "As the contract says; it states no nuclear share: taken as none")]
    [InlineData(null, "0.3", 0, 300, false, "As the contract says; it states no renewable share: taken as none")]
    [InlineData("1.00", null, 1000, 0, false, "As the contract says")]
    [InlineData(null, "1.00", 0, 1000, false, "As the contract says")]
    [InlineData("0", null, 0, 0, false, "As the contract says; it states no nuclear share: taken as none")]
    [InlineData(null, null, 0, 0, true, "The contract does not say what generates: taken for fossil")]
    public void Calculate_Contract_SaysWhatIsStatedAndWhatIsTaken(string? renewable, string? nuclear, decimal renewableKwh, decimal nuclearKwh, bool isUnstated, string words)
    {
        var from = new DateOnly(2025, 3, 1);
        var contract = new ContractualInstrument
        {
            Id = "contract", Kind = InstrumentKind.Certificate, Name = "Contract", From = from, To = from.AddDays(30), Sites = [], KgCo2ePerKwh = 0, Criteria = QualityCriteria.All,
            RenewableShare = renewable is null ? null : EnergyPage.Number(renewable), NuclearShare = nuclear is null ? null : EnergyPage.Number(nuclear),
        };

        var energy = Calculator.Calculate(Input("electricity", 1, "MWh"), [new InstrumentShare("x", from, contract, 1000)]).Emissions.Single(emission => emission.Energy is not null).Energy!;

        (energy.RenewableKilowattHours, energy.NuclearKilowattHours, energy.IsUnstated, energy.Source).ShouldBe((renewableKwh, nuclearKwh, isUnstated, words));
    }

    [Theory]
    [InlineData("own-energy", EnergyCarrier.SelfGenerated, 2000)]
    [InlineData("own-energy-biofuel", EnergyCarrier.ProducedFromRenewable, 2000)]
    [InlineData("own-energy-fossil", EnergyCarrier.ProducedFromFossil, 0)]
    [InlineData("sold-energy", EnergyCarrier.Sold, 0)]
    public void Calculate_OwnEnergy_EmitsNothing(string type, EnergyCarrier carrier, decimal renewable)
    {
        var emission = Calculator.Calculate(Input(type, 2, "MWh")).Emissions.ShouldHaveSingleItem();

        (emission.Scope, emission.KgCo2e, emission.Step, emission.FactorQuantity).ShouldBe((1, 0m, SelectionStep.NoEmission, 2000m));
        (emission.Energy!.Carrier, emission.Energy.KilowattHours, emission.Energy.RenewableKilowattHours).ShouldBe((carrier, 2000m, renewable));
    }

    [Fact]
    public void OwnEnergy_InAnotherUnit_IsRefused() => Calculator.Calculate(Input("own-energy", 2, "kg")).Fault.ShouldNotBeNull().Message.ShouldContain("kg");

    /// <summary>A result recomputes its energy from what is kept with it, and notices a digit that is not what it was.</summary>
    [Theory]
    [InlineData("natural-gas", "12000.5", "kWh (Gross CV)")]
    [InlineData("diesel", "77.7", "l")]
    [InlineData("electricity", "31.248", "MWh")]
    [InlineData("own-energy", "1", "GJ")]
    public void Derivation_OfEnergy_IsReplayed(string type, string quantity, string unit)
    {
        var input = Input(type, EnergyPage.Number(quantity), unit);
        var outcome = Calculator.Calculate(input);
        foreach (var emission in outcome.Emissions)
        {
            var derivation = Derivation.Shared(MadeAlike.Of(input, type, emission, outcome.Emissions, null), Library).Of(input, emission);
            var read = JsonSerializer.Deserialize<Derivation>(JsonSerializer.Serialize(derivation))!;

            read.IsReplayed().ShouldBeTrue(emission.Part.ToString());
            if (read.Energy is { KilowattHours: { } kilowattHours } energy)
            {
                (read with { Energy = energy with { KilowattHours = kilowattHours + 0.000000000001m } }).IsReplayed().ShouldBeFalse();
                (read with { Energy = energy with { RenewableKilowattHours = (energy.RenewableKilowattHours ?? 0) + 1 } }).IsReplayed().ShouldBeFalse();
            }
        }

        outcome.Emissions.Count(emission => emission.Energy is not null).ShouldBe(1);
    }

    [Fact]
    public void Fingerprint_KnowsTheEnergy()
    {
        var input = Input("diesel", 1, "l");
        var outcome = Calculator.Calculate(input);
        var without = outcome with { Emissions = [.. outcome.Emissions.Select(emission => emission with { Energy = null })] };

        ResultFingerprint.Of("1", null, input, outcome, []).ShouldNotBe(ResultFingerprint.Of("1", null, input, without, []));
    }

    private static EnergyFigure Of(string type, decimal quantity, string unit, string region = "GB", Func<ActivityInput, ActivityInput>? change = null)
    {
        var input = Input(type, quantity, unit) with { Region = region };
        var outcome = Calculator.Calculate(change is null ? input : change(input));
        outcome.Fault.ShouldBeNull();
        return outcome.Emissions.Select(emission => emission.Energy).OfType<EnergyFigure>().ShouldHaveSingleItem();
    }

    private static ActivityInput Input(string type, decimal quantity, string unit) => new()
    {
        Id = "x", Type = type, Quantity = new Quantity(quantity, Library.Units.Find(unit)), From = new DateOnly(2025, 3, 1), To = new DateOnly(2025, 3, 31), Region = "GB",
    };
}
