using OffGridFlow.Core.ActivityData;
using OffGridFlow.Core.Inventory;
using OffGridFlow.Core.Quantities;
using OffGridFlow.Infrastructure.EmissionFactors;

namespace OffGridFlow.Tests.ActivityData;

/// <summary>Each method of a worksheet with numbers worked out by hand, and what it refuses.</summary>
public sealed class WorksheetTests
{
    private static readonly UnitTable Units = ReferenceSet.Open("units").Parse(UnitTable.Parse);

    /// <summary>Method, unit of the entry, head, lines, the quantity by hand.</summary>
    public static TheoryData<string, string, string, string[], string> Cases => new()
    {
        // (2 × 10 × 2 × 4 + 1 × 5 × 2 × 5 ÷ 2) × 46 weeks × 200 ÷ 50
        { "commuting-survey", "km", "weeks=46 employees=200 respondents=50", ["people=2 distance=10 trips=2 days=4", "people=1 distance=5 trips=2 days=5 occupancy=2"], "34040" },
        { "commuting-survey", "passenger.km", "", ["people=10 share=25 distance=10:mi trips=2 days=100"], "8046.72" },
        { "home-working", "FTE working hour", "weeks=40 employees=30 respondents=10", ["people=4 days=2 hours=7.5"], "7200" },
        { "use-of-sold-products", "kWh", "", ["units=1000 life=10 uses=220 amount=0.5", "units=10 uses=100 amount=1:MWh share=50 ours=1 all=4"], "1225000" },
        { "end-of-life", "t", "", ["units=5000 mass=2:kg share=30"], "3" },
        { "leased-asset", "kWh", "", ["amount=90000 area=100 totalArea=1000 occupancy=75"], "12000" },
        { "floor-area", "kWh", "", ["area=250 amount=120!CIBSE"], "30000" },
        { "franchise", "kWh", "franchises=90 sampled=3", ["count=2 amount=1000", "amount=1500"], "105000" },
        { "supplier-specific", "t CO2e", "", ["emissions=900:t_CO2e!report ours=50 all=150", "emissions=4000:kg_CO2e!report share=25"], "301" },
        { "supplier-product", "kg CO2e", "", ["units=40 footprint=2.5!EPD"], "100" },
        { "hybrid", "kg CO2e", "", ["amount=1 emissions=500!report share=40", "amount=300 emissions=0.2!DESNZ"], "260" },
        { "spend-gross", "EUR", "gross=1190 vat=19", [], "1000" },
        // PCAF, table 5-5: a quarter of company B.
        { "investment-pcaf", "t CO2e", "scope1=20000!report scope2=5000!report outstanding=25:EUR value=100:EUR", [], "6250" },
        { "investment-pcaf", "t CO2e", "scope1=1200!report outstanding=30:EUR equity=40:EUR debt=50:EUR", [], "400" },
        { "investment-pcaf", "kg CO2e", "activity=2000 rate=0.5!average outstanding=1:USD value=4:USD", [], "250" },
        { "investment-pcaf", "kg CO2e", "rate=0.02!sector outstanding=5000:USD", [], "100" },
    };

    [Theory]
    [MemberData(nameof(Cases))]
    public void Compute_EachMethod_GivesTheFigureByHand(string method, string unit, string head, string[] lines, string expected)
    {
        var outcome = Compute(method, unit, head, lines);

        outcome.Faults.ShouldBeEmpty();
        outcome.Quantity.ShouldBe(decimal.Parse(expected, System.Globalization.CultureInfo.InvariantCulture));
        NamedStep.Replays(outcome.Steps, null, outcome.Quantity).ShouldBeTrue();
        for (var gone = 0; outcome.Steps.Count > 1 && gone < outcome.Steps.Count; gone++)
        {
            NamedStep.Replays([.. outcome.Steps.Where((_, index) => index != gone)], null, outcome.Quantity).ShouldBeFalse($"step {outcome.Steps[gone].Name} is gone");
        }
    }

    [Theory]
    [InlineData("commuting-survey", "kg", "", "people=1 distance=1 trips=1 days=1", "worksheet-unit")]
    [InlineData("commuting-survey", "km", "", "people=1 distance=1 trips=1", "worksheet-input-missing")]
    [InlineData("commuting-survey", "km", "", "people=1 distance=1 trips=1 days=1 mode=3", "worksheet-input-unknown")]
    [InlineData("commuting-survey", "km", "", "people=1 distance=1:kg trips=1 days=1", "worksheet-unit")]
    [InlineData("commuting-survey", "km", "", "people=1 distance=1 trips=1 days=1 occupancy=0", "worksheet-input-value")]
    [InlineData("commuting-survey", "km", "", "people=-1 distance=1 trips=1 days=1", "worksheet-input-value")]
    [InlineData("commuting-survey", "km", "employees=10", "people=1 distance=1 trips=1 days=1", "worksheet-extrapolation")]
    [InlineData("commuting-survey", "km", "employees=10 respondents=20", "people=1 distance=1 trips=1 days=1", "worksheet-share")]
    [InlineData("commuting-survey", "km", "", "", "worksheet-lines")]
    [InlineData("end-of-life", "kg", "", "mass=1 share=101", "worksheet-input-value")]
    [InlineData("leased-asset", "kWh", "", "amount=1 area=3 totalArea=2", "worksheet-share")]
    [InlineData("supplier-specific", "kg CO2e", "", "emissions=1", "worksheet-source")]
    [InlineData("supplier-specific", "kg CO2e", "", "emissions=1!report ours=1", "worksheet-allocation")]
    [InlineData("spend-gross", "kg", "gross=1 vat=19", "", "worksheet-unit")]
    [InlineData("investment-pcaf", "kg CO2e", "scope1=1!r outstanding=1:EUR value=2:USD", "", "worksheet-currency")]
    [InlineData("investment-pcaf", "kg CO2e", "scope1=1!r outstanding=1:EUR", "", "worksheet-value")]
    [InlineData("investment-pcaf", "kg CO2e", "scope1=1!r outstanding=3:EUR equity=2:EUR", "", "worksheet-share")]
    [InlineData("investment-pcaf", "kg CO2e", "scope1=1!r outstanding=3:EUR value=2:EUR", "", "worksheet-share")]
    [InlineData("investment-pcaf", "kg CO2e", "scope1=1!r rate=1!r activity=1 outstanding=1:EUR value=2:EUR", "", "worksheet-emissions")]
    [InlineData("investment-pcaf", "kg CO2e", "outstanding=1:EUR value=2:EUR", "", "worksheet-emissions")]
    public void Compute_WhatCannotBe_IsRefusedByItsCode(string method, string unit, string head, string line, string code)
    {
        var outcome = Compute(method, unit, head, line.Length == 0 ? [] : [line]);

        outcome.Faults.Select(fault => fault.Code).ShouldContain(code);
        outcome.Steps.ShouldBeEmpty();
    }

    [Fact]
    public void Compute_InvestmentWithoutClassOrScore_IsRefused()
    {
        var worksheet = new Worksheet("investment-pcaf", Inputs("rate=1!r outstanding=1:EUR"), [], new Dictionary<string, string> { ["assetClass"] = "gold", ["score"] = "6" });

        WorksheetMethod.Find("investment-pcaf")!.Compute(worksheet, Units.Find("kg CO2e"), Units).Faults.Select(fault => fault.Field).ShouldBe(["assetClass", "score"]);
    }

    [Fact]
    public void InUnit_OfAnAmountWithoutAUnit_KeepsTheAmountWhenTheEntryIsCountedInAnother()
    {
        var method = WorksheetMethod.Find("end-of-life")!;
        var worksheet = method.InUnit(new Worksheet("end-of-life", [], [new WorksheetLine("a", Inputs("mass=5"))]), Units.Find("t"));

        method.Compute(worksheet, Units.Find("kg"), Units).Quantity.ShouldBe(5000m);
        worksheet.ShouldBe(method.InUnit(worksheet, Units.Find("kg")), "what has a unit keeps it");
        worksheet.ShouldNotBe(worksheet with { Method = "other" });
    }

    /// <summary>PCAF, Part A (2022), box 8, printed 3.03 and 3.53; the loans' classes are in published.json.</summary>
    [Fact]
    public void Score_OfAPortfolio_WeighsByOutstandingAmounts()
    {
        PortfolioScore.Of([new(522425, 3), new(187449, 5)])!.Value.ShouldBe(3.53m, 0.005m);
        PortfolioScore.Of([]).ShouldBeNull();
        PortfolioScore.Of([new(0, 5)]).ShouldBeNull();
        PortfolioScore.Of([new(0, 5), new(10, 2)]).ShouldBe(2m);
    }

    private static WorksheetOutcome Compute(string method, string unit, string head, string[] lines)
    {
        var choices = method == "investment-pcaf" ? new Dictionary<string, string> { ["assetClass"] = "listed-equity", ["score"] = "2" } : null;
        var worksheet = new Worksheet(method, Inputs(head), [.. lines.Select((line, index) => new WorksheetLine(FormattableString.Invariant($"Group {index}"), Inputs(line)))], choices);
        return WorksheetMethod.Find(method)!.Compute(worksheet, Units.Find(unit), Units);
    }

    /// <summary><c>name=value:unit!source</c>, divided by spaces; an underscore in a unit stands for a space.</summary>
    private static List<WorksheetInput> Inputs(string text) => [.. text.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(part =>
    {
        var (name, rest) = (part.Split('=')[0], part.Split('=')[1]);
        var source = rest.Contains('!') ? rest.Split('!')[1] : null;
        var number = rest.Split('!')[0];
        return new WorksheetInput(
            name, decimal.Parse(number.Split(':')[0], System.Globalization.CultureInfo.InvariantCulture), number.Contains(':') ? number.Split(':')[1].Replace('_', ' ') : null, source);
    })];
}
