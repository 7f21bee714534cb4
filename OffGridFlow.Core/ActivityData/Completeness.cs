using OffGridFlow.Core.Inventory;

namespace OffGridFlow.Core.ActivityData;

/// <summary>What a month of a source is, the worst first.</summary>
public enum CompletenessState
{
    /// <summary>Days lack data that should be there by now.</summary>
    Missing,

    /// <summary>Days lack data that are not due yet.</summary>
    Ahead,

    /// <summary>All days have data; some of it has not been approved by a second person.</summary>
    WaitingForApproval,
    Defaulted,
    Estimated,
    Measured,

    /// <summary>Nothing is expected.</summary>
    NotApplicable,
}

/// <summary>Days that counting entries of one quality cover.</summary>
/// <param name="From">First day, inclusive.</param>
/// <param name="To">Last day, inclusive.</param>
public sealed record CoveredDays(DateOnly From, DateOnly To, DataQuality Quality, bool IsApproved);

/// <param name="From">First day, inclusive.</param>
/// <param name="To">Last day, inclusive.</param>
public readonly record struct Gap(DateOnly From, DateOnly To)
{
    public int Days => To.DayNumber - From.DayNumber + 1;
}

/// <summary>A month of a planned source.</summary>
/// <param name="Month">Its first day.</param>
/// <param name="Expected">Days that should have data.</param>
/// <param name="Covered">Those of them that have.</param>
/// <param name="Due">Until when the data should be there; null where nothing is expected.</param>
/// <param name="Gaps">Days without data, one after the other.</param>
public sealed record CompletenessMonth(DateOnly Month, CompletenessState State, int Expected, int Covered, DateOnly? Due, IReadOnlyList<Gap> Gaps);

/// <summary>Compares what the collection plan expects with what is there, day by day (docs/methods/completeness.md).</summary>
public static class Completeness
{
    /// <param name="opened">First day of the site in use; null: always.</param>
    /// <param name="closed">Last day of the site in use; null: still.</param>
    /// <param name="covered">Of the site and type; may overlap and lie outside the month.</param>
    /// <param name="month">Its first day.</param>
    public static CompletenessMonth Of(
        PlannedSource source, DateOnly? opened, DateOnly? closed, IReadOnlyList<CoveredDays> covered, DateOnly month, DateOnly today)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(covered);
        var end = month.AddMonths(1).AddDays(-1);
        var first = Later(month, Later(source.FirstDay, opened));
        var last = Earlier(end, Earlier(source.LastDay, closed));
        var inside = covered.Where(days => days.From <= last && days.To >= first).ToList();
        var isExpected = source.Frequency != CollectionFrequency.WhenItHappens && first <= last && (source.Months.Length == 0 || source.Months.Contains(month.Month));
        if (!isExpected)
        {
            // What is there is shown, expected or not.
            return inside.Count == 0 || first > last
                ? new CompletenessMonth(month, CompletenessState.NotApplicable, 0, 0, null, []) : new CompletenessMonth(month, StateOf(inside), 0, 0, null, []);
        }

        var gaps = GapsOf(inside, first, last);
        var expected = new Gap(first, last).Days;
        var due = PeriodEnd(source.Frequency, month).AddDays(source.DueDays);
        var state = gaps.Count == 0 ? StateOf(inside) : today > due ? CompletenessState.Missing : CompletenessState.Ahead;
        return new CompletenessMonth(month, state, expected, expected - gaps.Sum(gap => gap.Days), due, gaps);
    }

    /// <summary>The days from <paramref name="first"/> to <paramref name="last"/> that nothing covers.</summary>
    public static IReadOnlyList<Gap> GapsOf(IEnumerable<CoveredDays> covered, DateOnly first, DateOnly last)
    {
        var gaps = new List<Gap>();
        var next = first;
        foreach (var days in covered.OrderBy(days => days.From))
        {
            if (days.From > last)
            {
                break;
            }

            if (days.From > next)
            {
                gaps.Add(new Gap(next, days.From.AddDays(-1)));
            }

            if (days.To >= next)
            {
                next = days.To.AddDays(1);
            }
        }

        if (next <= last)
        {
            gaps.Add(new Gap(next, last));
        }

        return gaps;
    }

    /// <summary>The weakest of what covers a month tells its quality.</summary>
    private static CompletenessState StateOf(List<CoveredDays> days) =>
        days.Exists(part => !part.IsApproved) ? CompletenessState.WaitingForApproval
        : days.Exists(part => part.Quality == DataQuality.Defaulted) ? CompletenessState.Defaulted
        : days.Exists(part => part.Quality == DataQuality.Estimated) ? CompletenessState.Estimated
        : CompletenessState.Measured;

    private static DateOnly PeriodEnd(CollectionFrequency frequency, DateOnly month) => (frequency switch
    {
        CollectionFrequency.Quarterly => new DateOnly(month.Year, (month.Month + 2) / 3 * 3, 1),
        CollectionFrequency.Yearly => new DateOnly(month.Year, 12, 1),
        _ => month,
    }).AddMonths(1).AddDays(-1);

    private static DateOnly Later(DateOnly day, DateOnly? other) => other > day ? other.Value : day;

    private static DateOnly Earlier(DateOnly day, DateOnly? other) => other < day ? other.Value : day;

    private static DateOnly? Earlier(DateOnly? day, DateOnly? other) => day is { } known ? Earlier(known, other) : other;
}
