using System.Globalization;
using OffGridFlow.Core.Calculation;
using OffGridFlow.Core.EmissionFactors;
using OffGridFlow.Core.Inventory;
using static OffGridFlow.Tests.Calculation.TestLibrary;

namespace OffGridFlow.Tests.Calculation;

/// <summary>The engine on a library whose results are worked out by hand; each expected number is written as its product.</summary>
public sealed class CalculatorTests
{
    [Fact]
    public void Fuel_PublishedCo2e_TakesThePublishedSumAndTellsTheGasesApart()
    {
        var direct = Only(Calculate(Activity("natural-gas", 1000, "kWh (Gross CV)", "GB", "2025-03-15")), 1);

        direct.KgCo2e.ShouldBe(190.6m, "1000 × 0.1906, not the sum of its gases 190.545");
        direct.Gases.Select(gas => (gas.Gas, gas.Kg, gas.KgCo2e)).ShouldBe([("CO2", 190m, 190m), ("CH4", 0.01m, 0.28m), ("N2O", 0.001m, 0.265m)]);
        direct.Factor!.Id.ShouldBe("gas-25");
        direct.Step.ShouldBe(SelectionStep.Country);
        direct.GwpBasis.ShouldBe("AR5");
        direct.Quality.ShouldBe(DataQuality.Measured);
    }

    [Fact]
    public void Fuel_MassOfGases_TakesThePotentialsOfTheInventory()
    {
        var input = Activity("natural-gas", 10, "mmBtu (HHV)", "US", "2025-06-01");

        Only(Calculate(input), 1).KgCo2e.ShouldBe(530.6m + (0.01m * 28m) + (0.001m * 265m));
        Only(new Calculator(Library, new CalculationPolicy { Gwp = GwpSet.Ar6 }).Calculate(input), 1).KgCo2e.ShouldBe(530.6m + (0.01m * 29.8m) + (0.001m * 273m), "fossil methane");
    }

    [Fact]
    public void Fuel_Upstream_IsCategory3OfScope3()
    {
        var upstream = Only(Calculate(Activity("natural-gas", 1000, "kWh (Gross CV)", "GB", "2025-03-15")), 3);

        (upstream.Category, upstream.Part, upstream.KgCo2e, upstream.Scope2Method).ShouldBe((3, FactorPart.Upstream, 30m, null));
    }

    [Fact]
    public void Fuel_BiogenicPart_IsAMemoBesideTheTotal()
    {
        var lines = Calculate(Activity("diesel", 100, "l", "GB", "2025-03-15")).Emissions;

        lines.Sum(line => line.KgCo2e).ShouldBe(250m);
        lines.Single(line => line.Part == FactorPart.OutsideScopes).ShouldSatisfyAllConditions(memo => memo.BiogenicKgCo2.ShouldBe(20m), memo => memo.KgCo2e.ShouldBe(0m));
        lines[0].Flags.ShouldContain(flag => flag.Code == "no-upstream");
        var own = Factor("own", Own, "diesel", "l", "GB", 2025) with { Co2e = 3m };
        Calculator(own).Calculate(Activity("diesel", 100, "l", "GB", "2025-03-15")).Emissions.ShouldAllBe(line => line.Part == FactorPart.Direct, "another publisher's blend says nothing of it");
    }

    [Fact]
    public void Quantity_InAnotherUnitOfTheGroup_IsConvertedOnce()
    {
        var direct = Only(Calculate(Activity("natural-gas", 25, "therm (gross)", "GB", "2025-03-15")), 1);

        direct.FactorQuantity.ShouldBe(732.677675430556m, "25 × 105.505585262 ÷ 3.6");
        direct.KgCo2e.ShouldBe(139.648364937064m, "732.677675430556 × 0.1906, half to even at the twelfth decimal");
        direct.Quantity.ShouldBe(25m);
    }

    [Fact]
    public void Quantity_OfAnotherGroup_IsRefusedWithTheUnitsThatDo()
    {
        Fault(Activity("natural-gas", 5, "km", "GB", "2025-03-15")).ShouldSatisfyAllConditions(
            fault => fault.Code.ShouldBe("unit-of-another-group"), fault => fault.Mend.ShouldContain("kWh (Gross CV)"));
        Fault(Activity("natural-gas", 5, "kWh", "GB", "2025-03-15")).ShouldSatisfyAllConditions(
            fault => fault.Code.ShouldBe("choose-calorific-basis"), fault => fault.Mend.ShouldContain("kWh (Net CV)"));
    }

    [Fact]
    public void Conversion_WithNameAndSource_LeadsToAnotherGroup()
    {
        var density = new QuantityConversion("density", 0.8m, Units.Find("kg"), Units.Find("l"), "delivery note 17");
        var input = Activity("diesel", 1, "t", "GB", "2025-03-15");

        Fault(input).Code.ShouldBe("unit-of-another-group");
        Only(Calculate(input with { Conversion = density with { Value = 1.25m } }), 1).KgCo2e.ShouldBe(1000m * 1.25m * 2.5m);
        Fault(input with { Conversion = density with { Source = " " } }).Code.ShouldBe("conversion-mismatch");
        Fault(input with { Conversion = density with { From = Units.Find("m3") } }).Code.ShouldBe("conversion-mismatch");
    }

    [Fact]
    public void Period_OverAYearsEnd_IsSplitByDaysAndTakesEachYearsFactor()
    {
        var lines = Calculate(Activity("natural-gas", 310, "kWh (Gross CV)", "GB", "2024-12-22", "2025-01-21")).Emissions.Where(line => line.Scope == 1).ToList();

        lines.Select(line => (line.From.Month, line.Quantity, line.Factor!.Id)).ShouldBe([(12, 100m, "gas-24"), (1, 210m, "gas-25")]);
        lines.Sum(line => line.KgCo2e).ShouldBe((100m * 0.1803m) + (210m * 0.1906m));
    }

    [Fact]
    public void Edition_OfTheYearOfConsumptionOnly_UnlessAPersonFixedAnother()
    {
        var late = Activity("natural-gas", 10, "kWh (Gross CV)", "GB", "2026-02-01");

        Fault(late).ShouldSatisfyAllConditions(fault => fault.Code.ShouldBe("no-factor-for-year"), fault => fault.Message.ShouldContain("2024, 2025"));
        var fixedTo2025 = new CalculationPolicy { FixedEditions = new Dictionary<(string, int), int> { [("desnz", 2026)] = 2025 } };
        var line = Only(new Calculator(Library, fixedTo2025).Calculate(late), 1);
        line.Factor!.Id.ShouldBe("gas-25");
        line.Flags.ShouldContain(flag => flag.Code == "fixed-edition");
    }

    [Theory]
    [InlineData("2022-05-01", "camx-22", false)]
    [InlineData("2023-05-01", "camx-23", false)]
    [InlineData("2026-05-01", "camx-23", true)]
    public void DataYear_TheYearOrTheLatestEarlierOne_WithTheLagShown(string day, string factor, bool lags)
    {
        var location = Location(Calculate(Activity("electricity", 10, "kWh", "US-CAMX", day)));

        location.Factor!.Id.ShouldBe(factor);
        location.Flags.Any(flag => flag.Code == "data-lag").ShouldBe(lags);
    }

    [Fact]
    public void DataYear_NeverALaterOneNorMoreThanThreeYearsBack()
    {
        Fault(Activity("electricity", 10, "kWh", "US-CAMX", "2021-05-01")).Code.ShouldBe("no-factor-for-year");
        Location(Calculate(Activity("electricity", 10, "kWh", "US-CAMX", "2027-05-01"))).Factor!.Id.ShouldBe("us-ember-24", "the data of 2023 are four years old");
    }

    [Fact]
    public void Region_TheNarrowestWins_AndElectricityNeverLeavesTheCountry()
    {
        Location(Calculate(Activity("electricity", 10, "kWh", "US-CAMX", "2024-05-01"))).Step.ShouldBe(SelectionStep.GridRegion);
        Location(Calculate(Activity("electricity", 10, "kWh", "US", "2024-05-01"))).Factor!.Id.ShouldBe("us-23", "direct goes before life-cycle");
        Fault(Activity("electricity", 10, "kWh", "GB", "2024-05-01")).Code.ShouldBe("no-factor-for-year", "Europe's average is no factor of the United Kingdom");
    }

    [Fact]
    public void Region_OfAFuel_MayBeAProxyThatIsFlaggedAndDefaulted()
    {
        var input = Activity("diesel", 10, "l", "DE", "2025-05-01");
        var line = Only(Calculate(input), 1);

        (line.Step, line.Quality).ShouldBe((SelectionStep.Proxy, DataQuality.Defaulted));
        line.Flags.ShouldContain(flag => flag.Code == "proxy" && flag.Text.Contains("United Kingdom"));
        new Calculator(Library, new CalculationPolicy { AllowsProxy = false }).Calculate(input).Fault!.Code.ShouldBe("no-factor-for-region");
    }

    [Fact]
    public void Electricity_DirectBeforeLifeCycle_AndPreferredSetsFirst()
    {
        var location = Location(Calculate(Activity("electricity", 100, "kWh", "DE", "2024-05-01")));

        location.Factor!.Id.ShouldBe("de-eea-24");
        location.Losers.ShouldContain(new LosingFactor("de-ember-24", "ember-2026", "life-cycle"));
        location.Losers.ShouldContain(new LosingFactor("europe-ember-24", "ember-2026", "region"));
    }

    [Fact]
    public void Electricity_BothViews_AreThereAndNeverMixed()
    {
        var outcome = Calculate(Activity("electricity", 100, "kWh", "DE", "2024-05-01"));

        Location(outcome).KgCo2e.ShouldBe(30m, "the grid's average, no residual mix");
        Market(outcome).ShouldHaveSingleItem().ShouldSatisfyAllConditions(line => line.KgCo2e.ShouldBe(60m, "residual mix"), line => line.KilowattHours.ShouldBe(100m));
        Market(Calculate(Activity("electricity", 100, "kWh", "GB", "2025-05-01"))).Single().ShouldSatisfyAllConditions(
            line => line.KgCo2e.ShouldBe(20m), line => line.Flags.ShouldContain(flag => flag.Code == "grid-average-in-market"), line => line.Quality.ShouldBe(DataQuality.Estimated));
    }

    [Fact]
    public void Electricity_Marginal_IsNeverUsed()
    {
        Calculate(Activity("electricity", 100, "kWh", "US-CAMX", "2024-05-01")).Emissions.ShouldAllBe(line => line.Factor!.Id != "camx-23-marginal");
        Fault(Activity("electricity", 100, "kWh", "US-CAMX", "2024-05-01") with { FactorId = "camx-23-marginal" }).Code.ShouldBe("not-for-inventory");
    }

    [Fact]
    public void Electricity_Losses_ArePublishedPerKwhOrFollowFromTheShareLost()
    {
        var published = Calculate(Activity("electricity", 1000, "kWh", "GB", "2025-05-01")).Emissions.Where(line => line.Scope == 3).ToList();
        published.Select(line => (line.Part, line.KgCo2e)).ShouldBe([(FactorPart.Upstream, 50m), (FactorPart.Losses, 20m), (FactorPart.LossesUpstream, 4m)]);

        var share = Calculate(Activity("electricity", 1000, "kWh", "US-CAMX", "2023-05-01")).Emissions.Single(line => line.Scope == 3);
        share.FactorQuantity.ShouldBe(52.631578947368m, "1000 × 0.05 ÷ 0.95");
        share.Gases[0].Kg.ShouldBe(10.526315789474m, "52.631578947368 × 0.2");
        share.Category.ShouldBe(3);
    }

    [Fact]
    public void Electricity_LifeCycleFactor_AddsNothingToCategory3()
    {
        var outcome = new Calculator(Library, new CalculationPolicy { SetOrder = ["ember"] }).Calculate(Activity("electricity", 100, "kWh", "US", "2027-05-01"));

        outcome.Emissions.ShouldAllBe(line => line.Scope == 2);
        Location(outcome).Flags.ShouldContain(flag => flag.Code == "life-cycle");
    }

    [Fact]
    public void Instrument_CoversItsShare_AndTheRestTakesTheResidualMix()
    {
        var wind = Instrument("wind", 0.06m);
        var input = Activity("electricity", 0.1m, "MWh", "DE", "2024-05-01", "2024-05-31") with { Site = "s" };
        var calculator = Calculator();
        var allocation = InstrumentAllocation.Allocate([wind], calculator.EnergyUses(input));
        var outcome = calculator.Calculate(input, allocation.Shares);

        Location(outcome).KgCo2e.ShouldBe(30m, "instruments never touch the location-based view");
        Market(outcome).Select(line => (line.Step, line.Quantity, line.KilowattHours, line.KgCo2e)).ShouldBe(
            [(SelectionStep.Instrument, 0.06m, 60m, 0m), (SelectionStep.Country, 0.04m, 40m, 24m)]);
    }

    [Fact]
    public void Chosen_FactorOfAPerson_GoesBeforeTheRules()
    {
        Only(Calculate(Activity("natural-gas", 10, "kWh (Gross CV)", "GB", "2025-05-01") with { FactorId = "gas-24" }), 1).ShouldSatisfyAllConditions(
            line => line.Step.ShouldBe(SelectionStep.Chosen), line => line.KgCo2e.ShouldBe(1.803m));
        Fault(Activity("natural-gas", 10, "kWh (Gross CV)", "GB", "2025-05-01") with { FactorId = "none" }).Code.ShouldBe("unknown-factor");
        Fault(Activity("electricity", 10, "kWh", "GB", "2025-05-01") with { FactorId = "gas-24" }).Code.ShouldBe("factor-does-not-fit");
    }

    [Fact]
    public void Own_FactorOfTheTenant_GoesFirst_OnItsDaysOnly()
    {
        var own = Factor("own", Own, "diesel", "l", "GB", 2025) with { Co2e = 3m, DataFrom = new DateOnly(2025, 3, 11), DataTo = new DateOnly(2025, 3, 20) };
        var lines = Calculator(own).Calculate(Activity("diesel", 31, "l", "GB", "2025-03-01", "2025-03-31")).Emissions.Where(line => line.Part == FactorPart.Direct).ToList();

        lines.Select(line => (line.From.Day, line.Quantity, line.Step, line.KgCo2e)).ShouldBe(
            [(1, 10m, SelectionStep.Country, 25m), (11, 10m, SelectionStep.Own, 30m), (21, 11m, SelectionStep.Country, 27.5m)]);
    }

    [Fact]
    public void Tie_OfTwoEqualFactors_IsAFaultAndNoCoinToss()
    {
        EmissionFactor[] own = [Factor("one", Own, "diesel", "l", "GB", 2025) with { Co2e = 3m }, Factor("two", Own, "diesel", "l", "GB", 2025) with { Co2e = 3m }];

        Calculator(own).Calculate(Activity("diesel", 1, "l", "GB", "2025-03-01")).Fault!.ShouldSatisfyAllConditions(
            fault => fault.Code.ShouldBe("tie"), fault => fault.Message.ShouldContain("one"), fault => fault.Message.ShouldContain("two"));
    }

    [Fact]
    public void Refrigerant_Blend_IsTheSumOfItsParts_NonKyotoAside()
    {
        Only(Calculate(Activity("refrigerant", 2, "kg", "GB", "2025-03-01") with { Gas = "r-410a" }), 1).ShouldSatisfyAllConditions(
            line => line.KgCo2e.ShouldBe(677m + 3170m), line => line.Step.ShouldBe(SelectionStep.Gwp), line => line.Gases.Select(gas => gas.Kg).ShouldBe([1m, 1m]));
        Only(Calculate(Activity("refrigerant", 10, "kg", "GB", "2025-03-01") with { Gas = "R-502X" }), 1).ShouldSatisfyAllConditions(
            line => line.KgCo2e.ShouldBe(4m * 3170m), line => line.NonKyotoKgCo2e.ShouldBe(5m * 1760m), line => line.Gases.Single(gas => gas.Gas == "R-290").Potential.ShouldBeNull());
        Fault(Activity("refrigerant", 1, "kg", "GB", "2025-03-01")).Code.ShouldBe("gas-missing");
        Fault(Activity("refrigerant", 1, "kg", "GB", "2025-03-01") with { Gas = "R-999" }).Code.ShouldBe("unknown-gas");
        Fault(Activity("refrigerant", 1, "l", "GB", "2025-03-01") with { Gas = "R-22" }).Code.ShouldBe("unit-of-another-group");
    }

    [Fact]
    public void PublishedRow_IsCalculatedAsItStands()
    {
        var line = Calculate(Activity("desnz/taxi", 10, "mi", "GB", "2025-03-01")).Emissions.ShouldHaveSingleItem();

        (line.Scope, line.Category, line.KgCo2e, line.Factor!.Id).ShouldBe((3, 6, 2.414m, "taxi-25-mi"), "the unit that needs no conversion");
        Calculate(Activity("DESNZ/wtt-gas", 10, "kWh (Gross CV)", "GB", "2025-03-01")).Emissions.ShouldHaveSingleItem().KgCo2e.ShouldBe(0.3m);
        Calculate(Activity("desnz/diesel-outside", 10, "l", "GB", "2025-03-01")).Emissions.ShouldHaveSingleItem().BiogenicKgCo2.ShouldBe(2m);
    }

    [Fact]
    public void Faults_SayWhatIsWrongAndHowToMendIt()
    {
        Fault(Activity("natural gass", 1, "kWh", "GB", "2025-03-01")).ShouldSatisfyAllConditions(fault => fault.Code.ShouldBe("unknown-activity-type"), fault => fault.Mend.ShouldContain("natural-gas"));
        Fault(Activity("diesel", 1, "l", "Atlantis", "2025-03-01")).Code.ShouldBe("unknown-region");
        Fault(Activity("diesel", 1, "l", "GB", "2025-03-02", "2025-03-01")).Code.ShouldBe("period-reversed");
        Fault(Activity("diesel", -1, "l", "GB", "2025-03-01")).Code.ShouldBe("negative-quantity");
        Fault(Activity("diesel", 9_000_000_000_000_000m, "l", "GB", "2025-03-01")).Code.ShouldBe("overflow");
        Only(Calculate(Activity("diesel", -1, "l", "GB", "2025-03-01") with { IsReversal = true }), 1).KgCo2e.ShouldBe(-2.5m);
    }

    [Fact]
    public void Results_AreTheSameInFiftyCultures()
    {
        var inputs = new[]
        {
            Activity("natural-gas", 1234.56m, "therm (gross)", "GB", "2024-11-13", "2025-02-07"), Activity("electricity", 1.5m, "GWh", "US-CAMX", "2023-01-01", "2023-12-31"),
            Activity("refrigerant", 1.75m, "lb", "DE", "2025-01-01", "2025-06-30") with { Gas = "R-410A" },
        };
        string Written() => string.Join('|', inputs.SelectMany(input => Calculate(input).Emissions).Select(line => line.KgCo2e.ToString(CultureInfo.InvariantCulture) + string.Concat(line.Flags.Select(flag => flag.Text))));
        var before = CultureInfo.CurrentCulture;
        var expected = Written();
        var cultures = CultureInfo.GetCultures(CultureTypes.SpecificCultures).OrderBy(culture => culture.Name, StringComparer.Ordinal).Where((_, index) => index % 10 == 0)
            .Concat(new[] { "tr-TR", "ar-SA", "de-CH", "fa-IR", "hi-IN", "th-TH" }.Select(CultureInfo.GetCultureInfo)).ToList();
        cultures.Count.ShouldBeGreaterThan(50);
        try
        {
            foreach (var culture in cultures)
            {
                CultureInfo.CurrentCulture = culture;
                Written().ShouldBe(expected, culture.Name);
            }
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }

    private static ContractualInstrument Instrument(string id, decimal megawattHours) => new()
    {
        Id = id, Kind = InstrumentKind.PowerPurchaseAgreement, Name = id, MegawattHours = megawattHours, From = new DateOnly(2024, 1, 1), To = new DateOnly(2024, 12, 31),
        Sites = ["s"], KgCo2ePerKwh = 0m, Criteria = QualityCriteria.All,
    };

    private static CalculationOutcome Calculate(ActivityInput input) => Calculator().Calculate(input);

    private static CalculationFault Fault(ActivityInput input)
    {
        var outcome = Calculate(input);
        outcome.Emissions.ShouldBeEmpty();
        return outcome.Fault.ShouldNotBeNull();
    }

    private static CalculatedEmission Only(CalculationOutcome outcome, int scope)
    {
        outcome.Fault.ShouldBeNull();
        return outcome.Emissions.Single(line => line.Scope == scope && line.Part != FactorPart.OutsideScopes);
    }

    private static CalculatedEmission Location(CalculationOutcome outcome)
    {
        outcome.Fault.ShouldBeNull();
        return outcome.Emissions.Single(line => line.Scope2Method == Scope2Method.Location);
    }

    private static List<CalculatedEmission> Market(CalculationOutcome outcome) => [.. outcome.Emissions.Where(line => line.Scope2Method == Scope2Method.Market)];
}
