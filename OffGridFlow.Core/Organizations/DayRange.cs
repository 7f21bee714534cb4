namespace OffGridFlow.Core.Organizations;

/// <param name="From">First day, inclusive; null: no beginning.</param>
/// <param name="To">Last day, inclusive; null: no end.</param>
public readonly record struct DayRange(DateOnly? From, DateOnly? To)
{
    /// <summary>True when it ends before it begins.</summary>
    public bool IsReversed => From > To;

    public bool Contains(DateOnly day) => !(day < From) && !(day > To);

    public bool Overlaps(DayRange other) => !(From > other.To) && !(other.From > To);
}
