using OffGridFlow.Core.Quantities;

namespace OffGridFlow.Core.ActivityData;

/// <summary>How the quantity of days without data is estimated.</summary>
public enum GapMethod
{
    /// <summary>As much a day as on the same days of the year before.</summary>
    SameDaysLastYear,

    /// <summary>The mean a day of the calendar month before the gap and the calendar month after it.</summary>
    Neighbors,

    /// <summary>The mean a day of the covered days in the year before the gap.</summary>
    LastTwelveMonths,
}

/// <summary>An entry as the estimate sees it, its quantity in the unit of the estimate.</summary>
public sealed record GapBasis(DateOnly From, DateOnly To, decimal Quantity);

/// <summary>An estimate of what was used on days without data.</summary>
/// <param name="Quantity">Of all the days: <paramref name="BasisQuantity"/> × <paramref name="Days"/> ÷ <paramref name="BasisDays"/>.</param>
/// <param name="BasisQuantity">What was used on the days from which it is estimated.</param>
/// <param name="BasisDays">How many days those are.</param>
/// <param name="BasisFrom">The first of them.</param>
/// <param name="BasisTo">The last of them.</param>
public sealed record GapProposal(GapMethod Method, decimal Quantity, int Days, decimal BasisQuantity, int BasisDays, DateOnly BasisFrom, DateOnly BasisTo);

/// <summary>Estimates quantities for days without data from what is there (docs/methods/completeness.md).</summary>
public static class GapFilling
{
    /// <summary>Fewer days than this in a year say nothing about a year.</summary>
    public const int FewestDays = 90;

    /// <summary>What can be said, in the order in which it is preferred: the same season first, then what lies around, then the year.</summary>
    /// <param name="entries">Of the same site and type, measured or estimated, without what fills gaps itself.</param>
    /// <exception cref="QuantityOverflowException">A quantity is too large to be shared out.</exception>
    public static IReadOnlyList<GapProposal> Propose(IReadOnlyList<GapBasis> entries, Gap gap)
    {
        var days = new List<GapProposal?>
        {
            Of(GapMethod.SameDaysLastYear, entries, gap, [new Gap(gap.From.AddYears(-1), gap.To.AddYears(-1))], wholly: true),
            Of(GapMethod.Neighbors, entries, gap, [MonthOf(gap.From.AddMonths(-1)), MonthOf(gap.To.AddMonths(1))], wholly: true),
            Of(GapMethod.LastTwelveMonths, entries, gap, [new Gap(gap.From.AddYears(-1), gap.From.AddDays(-1))], wholly: false),
        };
        return [.. days.OfType<GapProposal>()];
    }

    private static GapProposal? Of(GapMethod method, IReadOnlyList<GapBasis> entries, Gap gap, Gap[] windows, bool wholly)
    {
        var (quantity, days) = (0m, 0);
        foreach (var window in windows)
        {
            var inside = entries.Where(entry => entry.From <= window.To && entry.To >= window.From).ToList();
            var open = Completeness.GapsOf(inside.Select(entry => new CoveredDays(entry.From, entry.To, default, true)), window.From, window.To).Sum(part => part.Days);
            if (wholly && open > 0)
            {
                return null;
            }

            days += window.Days - open;
            quantity += inside.Sum(entry => Exact.Ratio(entry.Quantity, Overlap(entry, window), new Gap(entry.From, entry.To).Days));
        }

        return days == 0 || (!wholly && days < FewestDays)
            ? null
            : new GapProposal(method, Exact.Ratio(quantity, gap.Days, days), gap.Days, quantity, days, windows[0].From, windows[^1].To);
    }

    private static int Overlap(GapBasis entry, Gap window) =>
        Math.Min(entry.To.DayNumber, window.To.DayNumber) - Math.Max(entry.From.DayNumber, window.From.DayNumber) + 1;

    private static Gap MonthOf(DateOnly day)
    {
        var first = new DateOnly(day.Year, day.Month, 1);
        return new Gap(first, first.AddMonths(1).AddDays(-1));
    }
}
