using OffGridFlow.Core.Calculation;
using OffGridFlow.Core.EmissionFactors;
using OffGridFlow.Core.Quantities;
using static OffGridFlow.Tests.Calculation.TestLibrary;

namespace OffGridFlow.Tests.Calculation;

/// <summary>Scope 3 by the engine: categories that an activity names, money, reported emissions. Each figure by hand.</summary>
public sealed class ValueChainTests
{
    private static readonly EmissionFactor Spend2022 =
        Factor("spend-22", Own, "spend", "USD 2022", "world", 2022) with { Co2e = 0.5m, Part = FactorPart.LifeCycle, Scopes = "3.1", DataFrom = null, DataTo = null };

    internal static readonly MoneyTables Money = new(
        [
            new MonthlyRate("EUR", "USD", new DateOnly(2025, 1, 1), 1.04m, "ECB"), new MonthlyRate("EUR", "USD", new DateOnly(2025, 2, 1), 1.05m, "ECB"),
            new MonthlyRate("EUR", "GBP", new DateOnly(2025, 1, 1), 0.84m, "ECB"),
        ],
        [new PriceLevel("USD", 2022, null, 292.655m, "BLS CPI-U"), new PriceLevel("USD", 2025, null, 320m, "BLS CPI-U"), new PriceLevel("USD", 2025, 2, 319m, "BLS CPI-U")]);

    [Fact]
    public void Calculate_ElectricityOfTenants_IsOneCategoryWithoutAMarketBasedView()
    {
        var outcome = Calculator().Calculate(Activity("electricity", 1000, "kWh", "GB", "2025-03-15") with { Category = 13 });

        outcome.Fault.ShouldBeNull();
        outcome.Emissions.ShouldAllBe(line => line.Scope == 3 && line.Category == 13 && line.Scope2Method == null && line.KilowattHours == null);
        outcome.Emissions.Select(line => (line.Part, line.KgCo2e)).ShouldBe(
            [(FactorPart.Direct, 200m), (FactorPart.Upstream, 50m), (FactorPart.Losses, 20m), (FactorPart.LossesUpstream, 4m)], ignoreOrder: true);
        Calculator().EnergyUses(Activity("electricity", 1000, "kWh", "GB", "2025-03-15") with { Category = 13 }).ShouldBeEmpty("contracts are for what the organization itself uses");
        Calculator().EnergyUses(Activity("electricity", 1000, "kWh", "GB", "2025-03-15")).ShouldNotBeEmpty();
    }

    [Fact]
    public void Calculate_FuelAndGasOfOthers_IsTheCategoryWithAllItsParts()
    {
        var gas = Calculator().Calculate(Activity("natural-gas", 100, "kWh (Gross CV)", "GB", "2025-03-15") with { Category = 8 });
        gas.Emissions.Select(line => (line.Scope, line.Category, line.KgCo2e)).ShouldBe([(3, 8, 19.06m), (3, 8, 3m)]);

        var leak = Calculator().Calculate(Activity("refrigerant", 2, "kg", "GB", "2025-03-15") with { Category = 13, Gas = "R-410A" });
        leak.Emissions.ShouldHaveSingleItem().ShouldSatisfyAllConditions(
            line => (line.Scope, line.Category).ShouldBe((3, 13)), line => line.KgCo2e.ShouldBe(3847m, "2 × (0.5 × 677 + 0.5 × 3,170)"));

        var diesel = Calculator().Calculate(Activity("diesel", 10, "l", "GB", "2025-03-15") with { Category = 4 });
        diesel.Emissions.ShouldAllBe(line => line.Scope == 3 && line.Category == 4, "the memo stands beside the same category");
        diesel.Emissions.SelectMany(line => line.Flags).ShouldContain(flag => flag.Code == "no-upstream" && flag.Text.Contains("category 4", StringComparison.Ordinal));
    }

    [Fact]
    public void Calculate_CategoryOfAnotherKind_IsAFaultThatNamesTheRightOnes()
    {
        var fault = Calculator().Calculate(Activity("taxi", 5, "km", "GB", "2025-03-15") with { Category = 9 }).Fault!;

        (fault.Code, fault.Mend).ShouldBe(("category-not-allowed", "Choose one of 6 or 7, or leave it out."));
        Calculator().Calculate(Activity("taxi", 5, "km", "GB", "2025-03-15") with { Category = 7 }).Emissions.ShouldHaveSingleItem().Category.ShouldBe(7);
    }

    [Fact]
    public void Calculate_Spend_GoesByTheRateOfEachMonthAndThePricesOfTheFactor()
    {
        var input = Activity("spend", 590, "EUR", "DE", "2025-01-01", "2025-02-28");
        var outcome = SpendCalculator(Money).Calculate(input);

        outcome.Fault.ShouldBeNull();
        // January: 590 × 31 ÷ 59 = 310 EUR × 1.04 = 322.4 USD × 292.655 ÷ 320; February: 280 EUR × 1.05 = 294 USD × 292.655 ÷ 319, the month's own level.
        outcome.Emissions.Select(line => line.Quantity).ShouldBe([310m, 280m]);
        outcome.Emissions.Select(line => line.FactorQuantity).ShouldBe([Exact.Ratio(322.4m, 292.655m, 320m), Exact.Ratio(294m, 292.655m, 319m)]);
        outcome.Emissions.Select(line => line.KgCo2e).ShouldBe([147.42495625m, Exact.Product(Exact.Ratio(294m, 292.655m, 319m), 0.5m)], "294.8499125 × 0.5");
        outcome.Emissions[0].Money.Select(step => step.Result).ShouldBe([322.4m, 294.8499125m]);
        var derivation = Derivation.Shared(MadeAlike.Of(input, "Spend", outcome.Emissions[0], outcome.Emissions, null), Library).Of(input, outcome.Emissions[0]);
        derivation.IsReplayed().ShouldBeTrue();
        (derivation with { Money = [derivation.Money![1]] }).IsReplayed().ShouldBeFalse("a step is gone");
        (derivation with { Money = null }).IsReplayed().ShouldBeFalse("no step is left");
        (derivation with { Quantity = 311m }).IsReplayed().ShouldBeFalse();
    }

    [Fact]
    public void Calculate_Spend_CrossesByAThirdCurrencyAndBackwards()
    {
        // 84 GBP × 1.04 ÷ 0.84 = 104 USD; 104 USD ÷ 1.04 for a factor in EUR.
        var pounds = SpendCalculator(Money).Calculate(Activity("spend", 84, "GBP", "DE", "2025-01-10")).Emissions.ShouldHaveSingleItem();
        pounds.Money[0].Result.ShouldBe(104m);

        var inEuro = Spend2022 with { Id = "spend-eur", Unit = Units.Find("EUR") };
        var dollars = new Calculator(Library.With([inEuro]), CalculationPolicy.Default with { Money = Money }).Calculate(Activity("spend", 104, "USD", "DE", "2025-01-10"));
        dollars.Emissions.ShouldHaveSingleItem().KgCo2e.ShouldBe(50m, "100 EUR × 0.5, with no price year");
    }

    [Theory]
    [InlineData("EUR", "2025-03-10", "no-exchange-rate")]
    [InlineData("CHF", "2025-01-10", "no-exchange-rate")]
    [InlineData("USD", "2024-01-10", "no-price-index")]
    [InlineData("USD", "2022-05-10", null)]
    [InlineData("kg", "2025-01-10", "unit-of-another-group")]
    public void Calculate_SpendWithoutARateOrAnIndex_IsAFault(string unit, string day, string? code)
    {
        var found = SpendCalculator(Money).Calculate(Activity("spend", 10, unit, "DE", day)).Fault?.Code;

        found.ShouldBe(code);
    }

    [Fact]
    public void Calculate_SpendWithoutTables_SaysWhatToLoad()
    {
        var fault = SpendCalculator(MoneyTables.Empty).Calculate(Activity("spend", 10, "EUR", "DE", "2025-01-10")).Fault;

        fault.ShouldNotBeNull().Mend.ShouldContain("Rates and accounts");
        fault.Message.ShouldBe("No rate of exchange from EUR to USD is known for 2025-01.");
        // In the currency and the year of the factor nothing has to be known.
        SpendCalculator(MoneyTables.Empty).Calculate(Activity("spend", 10, "USD", "DE", "2022-01-10")).Emissions.ShouldHaveSingleItem().KgCo2e.ShouldBe(5m);
        SpendCalculator(MoneyTables.Empty).Calculate(Activity("spend", 10, "USD 2022", "DE", "2025-01-10")).Emissions.ShouldHaveSingleItem().KgCo2e.ShouldBe(5m);
    }

    [Fact]
    public void Calculate_ReportedEmissions_AreTakenOverMonthByMonth()
    {
        var input = Activity("reported", 5.9m, "t CO2e", "GB", "2025-01-01", "2025-02-28") with { Category = 15 };
        var outcome = Calculator().Calculate(input);

        outcome.Emissions.Select(line => (line.Category, line.KgCo2e, line.Step)).ShouldBe([(15, 3100m, SelectionStep.Reported), (15, 2800m, SelectionStep.Reported)]);
        var derivation = Derivation.Shared(MadeAlike.Of(input, "Reported", outcome.Emissions[0], outcome.Emissions, null), Library).Of(input, outcome.Emissions[0]);
        derivation.IsReplayed().ShouldBeTrue();
        (derivation with { KgCo2e = 3100.1m }).IsReplayed().ShouldBeFalse();
        Calculator().Calculate(Activity("reported", 5, "kg", "GB", "2025-01-01")).Fault!.Code.ShouldBe("unit-of-another-group");
    }

    internal static Calculator SpendCalculator(MoneyTables money) => new(Library.With([Spend2022]), CalculationPolicy.Default with { Money = money });
}
