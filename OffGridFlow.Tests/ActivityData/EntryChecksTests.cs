using OffGridFlow.Core.ActivityData;
using OffGridFlow.Core.Inventory;
using OffGridFlow.Infrastructure.ActivityData;
using OffGridFlow.Infrastructure.Calculation;

namespace OffGridFlow.Tests.ActivityData;

/// <summary>Each fault of an entry with its code and its sentence, against the tables that are shipped.</summary>
public sealed class EntryChecksTests
{
    private static readonly Lazy<EntryVocabulary> Vocabulary = new(() =>
    {
        var library = new CalculationReference().Library;
        return new EntryVocabulary(library.Units, library.Types, library.Gwp, library.Factors);
    });

    private static readonly DateOnly Today = new(2026, 3, 10);

    private static readonly EntrySite Site = new(Guid.CreateVersion7(), "Leeds office", "GB", new DateOnly(2020, 5, 1), new DateOnly(2026, 2, 28));

    private static readonly EntryInput Good = new()
    {
        SiteId = Site.Id, ActivityType = "Natural gas", Quantity = 1000m, Unit = "kwh (gross cv)", From = new DateOnly(2025, 1, 1), To = new DateOnly(2025, 1, 31),
    };

    private static readonly EntryInput Leak = Good with { ActivityType = "refrigerant-leak", Unit = "kg", Quantity = 2m, Gas = "R-410A" };

    public static TheoryData<string, string, string> Faults => new()
    {
        { "type", "unknown-activity-type", "“Natrual gas” is no activity type. Did you mean Natural gas?" },
        { "no type", "unknown-activity-type", "choose an activity type" },
        { "unit", "unknown-unit", "“kHw” is no unit that OffGridFlow knows." },
        { "group", "unit-of-another-group", "km measures distance; Natural gas is counted in kWh (Gross CV)" },
        { "plain kWh", "calorific-basis-missing", "choose kWh (Gross CV) or kWh (Net CV)" },
        { "none", "quantity-missing", "Nothing used is 0" },
        { "negative", "negative-quantity", "choose Reverse" },
        { "huge", "quantity-too-large", "more than 16 digits" },
        { "no days", "days-missing", "Say the first and the last day" },
        { "reversed days", "days-reversed", "The last day, 31 December 2024, is before the first, 1 January 2025." },
        { "long", "longer-than-a-year", "1 January 2024 to 31 January 2025 is longer than a year." },
        { "future", "future-dates", "31 March 2026 lies ahead" },
        { "old", "too-early", "before 1990" },
        { "before opening", "before-site-opened", "Leeds office opened on 1 May 2020; the entry begins on 1 April 2020." },
        { "after closing", "after-site-closed", "Leeds office closed on 28 February 2026; the entry ends on 5 March 2026." },
        { "no gas", "missing-gas", "needs the name of the gas or refrigerant, for example R-410A" },
        { "gas", "unknown-gas", "“R-410” is no gas or refrigerant that OffGridFlow knows. Did you mean R-410A" },
        { "balance", "negative-balance", "The balance gives -5: more was left at the end than can have been there." },
        { "balance parts", "balance-parts", "zero or more" },
        { "rating", "quality-indicators", "Rate all five indicators from 1 (very good) to 5 (poor), or none." },
        { "quality", "unknown-quality", "measured, estimated or defaulted" },
        { "uncertainty", "uncertainty", "between 0 and 1000 percent" },
        { "text", "text-too-long", "The note has at most 2000 characters" },
    };

    [Theory]
    [MemberData(nameof(Faults))]
    public void Check_OfOneFault_SaysItWithItsCode(string fault, string code, string words)
    {
        var result = Check(With(fault));

        result.HasErrors.ShouldBeTrue();
        result.Problems.Where(problem => problem.Severity == EntrySeverity.Error).Select(problem => problem.Code).Distinct().ShouldBe([code]);
        result.Problems[0].Message.ShouldContain(words);
    }

    [Fact]
    public void Check_OfAGoodEntry_WritesItInTheWordsOfTheTables()
    {
        var result = Check(Good);

        result.Problems.ShouldBeEmpty();
        (result.Input.ActivityType, result.Input.Unit).ShouldBe(("natural-gas", "kWh (Gross CV)"));
    }

    [Fact]
    public void Check_OfNoSite_SaysSo() =>
        new EntryChecks(Vocabulary.Value).Check(Good, null, [], Today).Problems.Select(problem => problem.Code).ShouldBe(["unknown-site"]);

    [Fact]
    public void Check_OfMoreThanFiftyTimesTheUsual_Asks()
    {
        var others = Enumerable.Range(2, 4).Select(month => Other(month, 1000m + month)).ToArray();

        var result = Check(Good with { Quantity = 60_000m }, others);

        result.Problems.Select(problem => problem.Code).ShouldContain("unusual-quantity");
        result.Problems[0].Severity.ShouldBe(EntrySeverity.Question);
        result.Problems[0].Message.ShouldContain("60,000 kWh (Gross CV) is 5");
        Check(Good with { Quantity = 20_000m }, others).Problems.ShouldAllBe(problem => problem.Code != "unusual-quantity");
        // The same amount in another unit is no other amount.
        Check(Good with { Quantity = 3.6m, Unit = "GJ (Gross CV)" }, others).Problems.ShouldAllBe(problem => problem.Code != "unusual-quantity");
    }

    [Fact]
    public void Check_AboveTheLimitOfTheFamily_Asks()
    {
        Check(Good with { Quantity = 2_000_000_000m }).Problems.Select(problem => problem.Code).ShouldBe(["unusual-quantity"]);
        Check(Leak with { Quantity = 20_000m }).Problems.Select(problem => problem.Code).ShouldBe(["unusual-quantity"]);
        Check(Leak with { Quantity = 20m }).Problems.ShouldBeEmpty();
    }

    [Fact]
    public void Check_OfDaysThatAreEnteredAlready_Asks_UnlessAnActualFollowsItsAccrual()
    {
        var there = Other(1, 900m);

        Check(Good, there).Problems.Select(problem => problem.Code).ShouldBe(["overlapping-period"]);
        Check(Good with { Reference = "another meter" }, there).Problems.ShouldBeEmpty();
        Check(Good, there with { IsAccrual = true }).Problems.ShouldBeEmpty();
        Check(Good with { To = new DateOnly(2025, 2, 3) }, there with { IsAccrual = true }).Problems.Select(problem => problem.Code).ShouldBe(["overlapping-period"]);
        Check(Good with { IsAccrual = true }, there).Problems.Select(problem => problem.Code).ShouldBe(["overlapping-period"], "nothing would take the accrual out again");
        Check(Good with { IsAccrual = true }, there with { IsAccrual = true }).Problems.Select(problem => problem.Code).ShouldBe(["overlapping-period"]);
    }

    [Fact]
    public void Check_AfterAGap_ShowsItAndDoesNotAsk()
    {
        var problem = Check(Good with { From = new DateOnly(2025, 3, 4), To = new DateOnly(2025, 3, 31) }, Other(1, 900m), Other(2, 900m)).Problems.ShouldHaveSingleItem();

        (problem.Code, problem.Severity).ShouldBe(("gap-before", EntrySeverity.Notice));
        problem.Message.ShouldContain("3 days before it: the entry before ends on 28 February 2025");
    }

    [Fact]
    public void Check_OfTheSameInvoice_Asks_AndNotOfTheSameMeter()
    {
        var there = Other(2, 1000m) with { Reference = "INV-1" };

        Check(Good with { Reference = "INV-1" }, there).Problems.Select(problem => problem.Code).ShouldBe(["duplicate-invoice"]);
        Check(Good with { Reference = "INV-1", Quantity = 1200m }, there).Problems.ShouldBeEmpty();
        Check(Good with { Reference = "INV-2" }, there).Problems.ShouldBeEmpty();
    }

    [Fact]
    public void Check_OfABalance_TakesWhatHasLeaked()
    {
        var result = Check(Leak with { Quantity = null, Balance = new RefrigerantBalance(10m, 25m, 4m, 12m, 6.5m) });

        result.Problems.ShouldBeEmpty();
        result.Input.Quantity.ShouldBe(12.5m);
    }

    [Fact]
    public void Search_FindsTheProductsTypesFirst_ThenPublishedOnes()
    {
        var found = Vocabulary.Value.Search("natural gas", 50);

        found[0].Key.ShouldBe("natural-gas");
        found.ShouldContain(choice => choice.IsPublished);
        Vocabulary.Value.Search(null, 1000).ShouldAllBe(choice => !choice.IsPublished);
    }

    private static CheckedEntry Check(EntryInput input, params EntryNeighbor[] others) => new EntryChecks(Vocabulary.Value).Check(
        // Without a site of its own: one that is always open.
        input, input.SiteId == Site.Id ? Site : Site with { OpenedOn = null, ClosedOn = null }, others, Today);

    private static EntryNeighbor Other(int month, decimal quantity) => new(
        Guid.CreateVersion7(), quantity, "kWh (Gross CV)", new DateOnly(2025, month, 1), new DateOnly(2025, month, DateTime.DaysInMonth(2025, month)), null, null, false);

    private static EntryInput With(string fault) => fault switch
    {
        "type" => Good with { ActivityType = "Natrual gas" },
        "no type" => Good with { ActivityType = " " },
        "unit" => Good with { Unit = "kHw" },
        "group" => Good with { Unit = "km" },
        "plain kWh" => Good with { Unit = "kWh" },
        "none" => Good with { Quantity = null },
        "negative" => Good with { Quantity = -1m },
        "huge" => Good with { Quantity = 12_345_678_901_234_567m },
        "no days" => Good with { From = default },
        "reversed days" => Good with { To = new DateOnly(2024, 12, 31) },
        "long" => Good with { From = new DateOnly(2024, 1, 1) },
        "future" => Good with { From = new DateOnly(2026, 2, 1), To = new DateOnly(2026, 3, 31), SiteId = Guid.Empty },
        "old" => Good with { From = new DateOnly(1989, 1, 1), To = new DateOnly(1989, 1, 31), SiteId = Guid.Empty },
        "before opening" => Good with { From = new DateOnly(2020, 4, 1), To = new DateOnly(2020, 5, 31) },
        "after closing" => Good with { From = new DateOnly(2026, 2, 1), To = new DateOnly(2026, 3, 5) },
        "no gas" => Leak with { Gas = null },
        "gas" => Leak with { Gas = "R-410" },
        "balance" => Leak with { Balance = new RefrigerantBalance(10m, 0m, 0m, 15m, 0m) },
        "balance parts" => Leak with { Balance = new RefrigerantBalance(-10m, 0m, 0m, 15m, 0m) },
        "rating" => Good with { QualityIndicators = [1, 2, 3] },
        "quality" => Good with { Quality = DataQuality.Excluded },
        "uncertainty" => Good with { UncertaintyPercent = -1m },
        "text" => Good with { Note = new string('x', 2001) },
        _ => throw new ArgumentOutOfRangeException(nameof(fault), fault, "No such fault."),
    };
}
