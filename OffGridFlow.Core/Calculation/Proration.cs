using OffGridFlow.Core.Quantities;

namespace OffGridFlow.Core.Calculation;

/// <summary>Some days of an activity with their share of its quantity.</summary>
/// <param name="From">First day, inclusive.</param>
/// <param name="To">Last day, inclusive.</param>
/// <param name="Quantity">In the activity's unit.</param>
public readonly record struct DayShare(DateOnly From, DateOnly To, decimal Quantity);

/// <summary>Divides a quantity over days, so that the parts add up to the whole to the last digit.</summary>
public static class Proration
{
    /// <summary>The parts of an activity by calendar month; no figure crosses the end of one.</summary>
    public static IReadOnlyList<DayShare> ByMonth(decimal quantity, DateOnly from, DateOnly to) => Split(quantity, from, to, MonthStarts(from, to));

    /// <summary>
    /// Cuts the days before each of <paramref name="starts"/>. Each part but the last has quantity × its days ÷ all days, rounded once; the last is
    /// the whole minus the others.
    /// </summary>
    /// <param name="starts">First days of parts, in order; those outside the activity are passed over.</param>
    public static IReadOnlyList<DayShare> Split(decimal quantity, DateOnly from, DateOnly to, IEnumerable<DateOnly> starts)
    {
        var cuts = starts.Where(start => start > from && start <= to).Distinct().Order().ToList();
        if (cuts.Count == 0)
        {
            return [new DayShare(from, to, quantity)];
        }

        var days = Days(from, to);
        var parts = new List<DayShare>(cuts.Count + 1);
        var rest = quantity;
        var first = from;
        foreach (var cut in cuts)
        {
            var last = cut.AddDays(-1);
            var part = Exact.Ratio(quantity, Days(first, last), days);
            parts.Add(new DayShare(first, last, part));
            rest -= part;
            first = cut;
        }

        parts.Add(new DayShare(first, to, rest));
        return parts;
    }

    /// <summary>Days from the first to the last, both inclusive.</summary>
    public static int Days(DateOnly from, DateOnly to) => to.DayNumber - from.DayNumber + 1;

    private static IEnumerable<DateOnly> MonthStarts(DateOnly from, DateOnly to)
    {
        for (var start = new DateOnly(from.Year, from.Month, 1).AddMonths(1); start <= to; start = start.AddMonths(1))
        {
            yield return start;
        }
    }
}
