using OffGridFlow.Core.ActivityData;
using OffGridFlow.Core.Inventory;

namespace OffGridFlow.Tests.ActivityData;

/// <summary>The rules of docs/methods/completeness.md, with days counted and quantities computed by hand.</summary>
public sealed class CompletenessTests
{
    private static readonly DateOnly Today = new(2025, 6, 10);

    [Theory]
    // All days, of one meter or of two that overlap.
    [InlineData("03-01..03-31 Measured", CompletenessState.Measured, 31, "")]
    [InlineData("02-20..03-15 Measured, 03-10..04-02 Measured", CompletenessState.Measured, 31, "")]
    // The weakest tells the quality, what nobody approved comes before it.
    [InlineData("03-01..03-20 Measured, 03-21..03-31 Estimated", CompletenessState.Estimated, 31, "")]
    [InlineData("03-01..03-20 Estimated, 03-21..03-31 Defaulted", CompletenessState.Defaulted, 31, "")]
    [InlineData("03-01..03-20 Defaulted, 03-21..03-31 Measured?", CompletenessState.WaitingForApproval, 31, "")]
    // One day that lacks is a month that lacks.
    [InlineData("03-01..03-30 Measured", CompletenessState.Missing, 30, "03-31..03-31")]
    [InlineData("03-05..03-10 Measured, 03-20..03-25 Measured", CompletenessState.Missing, 12, "03-01..03-04, 03-11..03-19, 03-26..03-31")]
    [InlineData("", CompletenessState.Missing, 0, "03-01..03-31")]
    public void Month_IsWhatItsDaysAre(string entries, CompletenessState state, int covered, string gaps)
    {
        var month = Completeness.Of(Source(), null, null, Days(entries), new DateOnly(2025, 3, 1), Today);

        (month.State, month.Expected, month.Covered, month.Due).ShouldBe((state, 31, covered, new DateOnly(2025, 4, 15)));
        string.Join(", ", month.Gaps.Select(gap => FormattableString.Invariant($"{gap.From:MM-dd}..{gap.To:MM-dd}"))).ShouldBe(gaps);
    }

    [Theory]
    [InlineData(CollectionFrequency.Monthly, 5, "2025-06-15", CompletenessState.Ahead)]
    [InlineData(CollectionFrequency.Monthly, 4, "2025-05-15", CompletenessState.Missing)]
    [InlineData(CollectionFrequency.Quarterly, 4, "2025-07-15", CompletenessState.Ahead)]
    [InlineData(CollectionFrequency.Quarterly, 1, "2025-04-15", CompletenessState.Missing)]
    [InlineData(CollectionFrequency.Yearly, 1, "2026-01-15", CompletenessState.Ahead)]
    public void Month_IsMissingWhenItsPeriodIsDue(CollectionFrequency frequency, int month, string due, CompletenessState state)
    {
        var found = Completeness.Of(Source(frequency), null, null, [], new DateOnly(2025, month, 1), Today);

        (found.State, found.Due).ShouldBe((state, DateOnly.Parse(due, System.Globalization.CultureInfo.InvariantCulture)));
        Completeness.Of(Source(frequency), null, null, [], new DateOnly(2025, month, 1), found.Due!.Value).State.ShouldBe(CompletenessState.Ahead, "the day itself is still in time");
    }

    [Fact]
    public void NothingIsExpected_OutsideTheDaysOfSourceAndSite_InMonthsWithoutUse_OrWhenItHappens()
    {
        var heating = Source();
        heating.Months = [1, 2, 3, 10, 11, 12];
        var boiler = Source();
        boiler.LastDay = new DateOnly(2025, 3, 10);

        StateOf(heating, 7).ShouldBe(CompletenessState.NotApplicable);
        StateOf(boiler, 4).ShouldBe(CompletenessState.NotApplicable);
        StateOf(Source(CollectionFrequency.WhenItHappens), 3).ShouldBe(CompletenessState.NotApplicable);
        Completeness.Of(Source(), new DateOnly(2025, 4, 1), null, [], new DateOnly(2025, 3, 1), Today).State.ShouldBe(CompletenessState.NotApplicable);
        Completeness.Of(Source(), null, new DateOnly(2025, 2, 28), [], new DateOnly(2025, 3, 1), Today).State.ShouldBe(CompletenessState.NotApplicable);
        // Part of a month is expected in part.
        Completeness.Of(boiler, null, null, Days("03-01..03-10 Measured"), new DateOnly(2025, 3, 1), Today).ShouldSatisfyAllConditions(
            month => month.State.ShouldBe(CompletenessState.Measured), month => month.Expected.ShouldBe(10));
        // What is there is shown, expected or not.
        Completeness.Of(Source(CollectionFrequency.WhenItHappens), null, null, Days("03-05..03-05 Estimated"), new DateOnly(2025, 3, 1), Today).State.ShouldBe(CompletenessState.Estimated);

        static CompletenessState StateOf(PlannedSource source, int month) => Completeness.Of(source, null, null, [], new DateOnly(2025, month, 1), Today).State;
    }

    [Fact]
    public void Gap_IsEstimatedFromTheSameDays_TheNeighbors_OrTheYear()
    {
        // 100 a day in February 2024 and January 2025, 200 a day in March 2025.
        var february = new Gap(new DateOnly(2025, 2, 1), new DateOnly(2025, 2, 28));
        List<GapBasis> entries = [Basis("2024-02-01", "2024-02-29", 2900), Basis("2025-01-01", "2025-01-31", 3100), Basis("2025-03-01", "2025-03-31", 6200)];

        var found = GapFilling.Propose(entries, february);

        found.Select(row => (row.Method, row.Quantity, row.Days, row.BasisQuantity, row.BasisDays)).ShouldBe(
            [(GapMethod.SameDaysLastYear, 2800m, 28, 2800m, 28), (GapMethod.Neighbors, 4200m, 28, 9300m, 62)], "60 days with data in a year are too few");
        // With a bill of the last quarter of 2024 (92 days, 9,200) the year says something too: 15,200 on 152 days.
        GapFilling.Propose([.. entries, Basis("2024-10-01", "2024-12-31", 9200)], february)[^1].ShouldSatisfyAllConditions(
            year => year.Method.ShouldBe(GapMethod.LastTwelveMonths), year => year.Quantity.ShouldBe(2800m), year => (year.BasisQuantity, year.BasisDays).ShouldBe((15_200m, 152)));
        // Two meters of the same days add up, and their days count once.
        GapFilling.Propose([.. entries, Basis("2025-01-01", "2025-01-31", 31), Basis("2025-03-01", "2025-03-31", 31)], february)[1].Quantity.ShouldBe(4228m);
        GapFilling.Propose([], february).ShouldBeEmpty();
    }

    [Fact]
    public void Estimate_OfAThirdOfAPeriod_KeepsTheDaysApart()
    {
        // A bill from 16 January to 14 February, 300: half of what is asked for lies in it.
        GapFilling.Propose([Basis("2024-01-16", "2024-02-14", 300)], new Gap(new DateOnly(2025, 2, 1), new DateOnly(2025, 2, 7)))
            .ShouldHaveSingleItem().ShouldSatisfyAllConditions(row => row.Quantity.ShouldBe(70m), row => row.BasisDays.ShouldBe(7));
        GapFilling.Propose([Basis("2024-01-16", "2024-02-14", 300)], new Gap(new DateOnly(2025, 2, 10), new DateOnly(2025, 2, 20))).ShouldBeEmpty();
    }

    private static PlannedSource Source(CollectionFrequency frequency = CollectionFrequency.Monthly) => new()
    {
        Id = Guid.CreateVersion7(), TenantId = Guid.Empty, SiteId = Guid.Empty, ActivityType = "natural-gas", Frequency = frequency, FirstDay = new DateOnly(2025, 1, 1), DueDays = 15,
    };

    /// <summary>E.g. <c>03-01..03-31 Measured</c> of 2025; a question mark for what was not approved.</summary>
    private static List<CoveredDays> Days(string text) =>
        [.. text.Split(", ", StringSplitOptions.RemoveEmptyEntries).Select(part => new CoveredDays(
            Day(part[..5]), Day(part[7..12]), Enum.Parse<DataQuality>(part[13..].TrimEnd('?')), !part.EndsWith('?')))];

    private static DateOnly Day(string day) => DateOnly.Parse("2025-" + day, System.Globalization.CultureInfo.InvariantCulture);

    private static GapBasis Basis(string from, string to, decimal quantity) => new(
        DateOnly.Parse(from, System.Globalization.CultureInfo.InvariantCulture), DateOnly.Parse(to, System.Globalization.CultureInfo.InvariantCulture), quantity);
}
