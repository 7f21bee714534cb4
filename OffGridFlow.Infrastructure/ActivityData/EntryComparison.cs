using System.Globalization;
using OffGridFlow.Core.EmissionFactors;
using OffGridFlow.Core.Quantities;
using static OffGridFlow.Infrastructure.ActivityData.EntryProblems;

namespace OffGridFlow.Infrastructure.ActivityData;

/// <summary>Another entry of the same site and type that is not excluded, reversed or a reversal.</summary>
internal sealed record EntryNeighbor(Guid Id, decimal Quantity, string Unit, DateOnly From, DateOnly To, string? Gas, string? Reference, bool IsAccrual);

/// <summary>What the other entries of the site and type say about one, and what no site is likely to use.</summary>
internal sealed class EntryComparison(EntryVocabulary vocabulary)
{
    /// <summary>How far above the site's usual amount a quantity is asked about.</summary>
    private const decimal UnusualTimes = 50m;

    /// <summary>Fewer other periods than this say nothing about what is usual.</summary>
    private const int FewestNeighbors = 3;

    private const int DaysOfAMonth = 31;

    /// <summary>What no single site is likely to use or lose in a month: a thousand times the unit that was meant, more often than not.</summary>
    private static readonly (ActivityFamily? Family, string Unit, decimal Limit)[] Limits =
    [
        (ActivityFamily.Fugitive, "kg", 10_000m), (ActivityFamily.Mobile, "l", 10_000_000m), (null, "kWh", 1_000_000_000m), (null, "kg", 1_000_000_000m),
        (null, "l", 1_000_000_000m), (null, "km", 1_000_000_000m),
    ];

    public void CheckSize(EntryInput input, ActivityChoice choice, Unit unit, IReadOnlyList<EntryNeighbor> neighbors, List<EntryProblem> problems)
    {
        var perDay = PerDay(input.Quantity!.Value, unit, input.From, input.To);
        var usual = Median(neighbors.Where(other => other.Quantity > 0 && other.Gas == input.Gas)
            .Select(other => vocabulary.Units.TryFind(other.Unit, out var known) && known.Group == unit.Group ? PerDay(other.Quantity, known, other.From, other.To) : (decimal?)null)
            .OfType<decimal>().ToList());
        if (usual > 0 && perDay > UnusualTimes * usual)
        {
            var times = decimal.Round(perDay / usual.Value, 0);
            problems.Ask("unusual-quantity", "quantity", string.Create(CultureInfo.InvariantCulture,
                $"{Text(input.Quantity.Value)} {unit.Symbol} is {times:N0} times what is usual here for {choice.Name}. Is the unit right, and the decimal point? Confirm it if it is."));
            return;
        }

        foreach (var (family, symbol, limit) in Limits)
        {
            if ((family is null || family == choice.Family) && vocabulary.Units.TryFind(symbol, out var known) && known.Group.Name == unit.Group.Name)
            {
                if (perDay * DaysOfAMonth > limit * known.Factor)
                {
                    problems.Ask("unusual-quantity", "quantity", string.Create(CultureInfo.InvariantCulture,
                        $"{Text(input.Quantity.Value)} {unit.Symbol} is more than {limit:N0} {symbol} a month, more than a single site uses. Is the unit right, and the decimal point? Confirm it if it is."));
                }

                return;
            }
        }
    }

    /// <summary>Whether the same days twice are asked about: journeys, deliveries and purchases of the same days are many; meters are not.</summary>
    public static bool AsksForDays(ActivityChoice choice, int? category) => choice.Scope != 3 && category is null;

    /// <param name="asksForDays">As <see cref="AsksForDays"/> says.</param>
    public static void CheckDays(EntryInput input, IReadOnlyList<EntryNeighbor> neighbors, bool asksForDays, List<EntryProblem> problems)
    {
        var same = neighbors.Where(other => other.Gas == input.Gas && other.Reference == input.Reference).ToList();
        // An actual takes the place of the accrual of its days: that is no overlap. An accrual behind its actual would count beside it.
        if (asksForDays && same.Find(other => other.From <= input.To && other.To >= input.From && (!other.IsAccrual || input.IsAccrual || other.From != input.From || other.To != input.To)) is { } overlap)
        {
            problems.Ask("overlapping-period", "from",
                $"These days are entered already: {Text(overlap.Quantity)} {overlap.Unit} for {Day(overlap.From)} to {Day(overlap.To)}. Correct the days, or give each meter its own reference; confirm if both are right.");
        }

        if (input.Reference is not null && same.Find(other => other.IsAccrual == input.IsAccrual
            && ((other.Quantity == input.Quantity && other.Unit == input.Unit) || (other.From == input.From && other.To == input.To))) is { } duplicate)
        {
            problems.Ask("duplicate-invoice", "reference",
                $"“{input.Reference}” is here already, with {Text(duplicate.Quantity)} {duplicate.Unit} for {Day(duplicate.From)} to {Day(duplicate.To)}: the same invoice twice counts twice. Confirm if they are two.");
        }

        var before = same.Where(other => other.To < input.From).OrderByDescending(other => other.To).FirstOrDefault();
        if (asksForDays && before is not null && input.From.DayNumber - before.To.DayNumber - 1 is > 0 and var gap)
        {
            problems.Notice("gap-before", "from", string.Create(CultureInfo.InvariantCulture,
                $"Nothing is entered for {gap} {(gap == 1 ? "day" : "days")} before it: the entry before ends on {Day(before.To)}. If something was used in between, add it."));
        }
    }

    private static decimal PerDay(decimal quantity, Unit unit, DateOnly from, DateOnly to) => quantity * unit.Factor / (to.DayNumber - from.DayNumber + 1);

    /// <summary>The middle one; null of too few.</summary>
    private static decimal? Median(List<decimal> values)
    {
        if (values.Count < FewestNeighbors)
        {
            return null;
        }

        values.Sort();
        return (values[(values.Count - 1) / 2] + values[values.Count / 2]) / 2;
    }
}
