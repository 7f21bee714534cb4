using OffGridFlow.Core.Organizations;

namespace OffGridFlow.Core.Inventory;

/// <summary>
/// A period whose inventory is locked or filed. Results are kept by months: it freezes every month that it has a day of, and every entry that touches one.
/// </summary>
/// <param name="FirstDay">Of the period, inclusive.</param>
/// <param name="LastDay">Of the period, inclusive.</param>
public sealed record FrozenPeriod(string Name, bool IsFiled, DateOnly FirstDay, DateOnly LastDay)
{
    /// <summary>First day of the first month that stands still.</summary>
    public DateOnly First => new(FirstDay.Year, FirstDay.Month, 1);

    /// <summary>Last day of the last month that stands still.</summary>
    public DateOnly Last => new(LastDay.Year, LastDay.Month, DateTime.DaysInMonth(LastDay.Year, LastDay.Month));

    /// <summary>What is frozen, why, and what can be done instead.</summary>
    public string Sentence => IsFiled
        ? FormattableString.Invariant($"{Name} is filed: {First:yyyy-MM-dd} to {Last:yyyy-MM-dd} stands as it was reported. Enter the correction in an open period.")
        : FormattableString.Invariant($"{Name} is locked: {First:yyyy-MM-dd} to {Last:yyyy-MM-dd} stands as its snapshot says. Reopen it with a reason, or enter it in an open period.");

    public bool Touches(DateOnly? from, DateOnly? to) => !(from > Last) && !(to < First);
}

/// <summary>All periods of a tenant whose inventory stands still.</summary>
/// <param name="All">By days.</param>
public sealed record FrozenPeriods(IReadOnlyList<FrozenPeriod> All)
{
    public static readonly FrozenPeriods None = new([]);

    /// <summary>Why nothing changes on these days, both inclusive, null without end; null where it may.</summary>
    public string? Refusal(DateOnly? from, DateOnly? to) => All.FirstOrDefault(period => period.Touches(from, to))?.Sentence;

    /// <summary>
    /// Why a line that holds on some days, such as a lease or a contract, may not become another; null where it may. Where it says the same as before, only the
    /// days count on which it is new or no longer there: whatever ended or begins after a locked period leaves it as it is.
    /// </summary>
    /// <param name="former">Null for a new line.</param>
    /// <param name="after">Null for one that is removed.</param>
    /// <param name="saysTheSame">Whether all but the days stays.</param>
    public string? RefusalOfChange(DayRange? former, DayRange? after, bool saysTheSame) =>
        Changed(former, after, saysTheSame).Select(days => Refusal(days.From, days.To)).FirstOrDefault(refusal => refusal is not null);

    private static IEnumerable<DayRange> Changed(DayRange? former, DayRange? after, bool saysTheSame)
    {
        if (former is not { } was || after is not { } now || !saysTheSame || !was.Overlaps(now))
        {
            return new[] { former, after }.OfType<DayRange>();
        }

        var changed = new List<DayRange>();
        if (was.From != now.From)
        {
            var (first, second) = Order(was.From ?? DateOnly.MinValue, now.From ?? DateOnly.MinValue);
            changed.Add(new DayRange(first, second.AddDays(-1)));
        }

        if (was.To != now.To)
        {
            var (first, second) = Order(was.To ?? DateOnly.MaxValue, now.To ?? DateOnly.MaxValue);
            changed.Add(new DayRange(first.AddDays(1), second));
        }

        return changed;
    }

    private static (DateOnly First, DateOnly Second) Order(DateOnly one, DateOnly other) => one < other ? (one, other) : (other, one);
}

/// <summary>Something would have changed what is locked. Nothing was changed.</summary>
/// <param name="message">Which period, why, and what can be done instead.</param>
public sealed class PeriodLockedException(string message) : InvalidOperationException(message);
