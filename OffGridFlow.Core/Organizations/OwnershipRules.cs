namespace OffGridFlow.Core.Organizations;

/// <summary>Why a holding cannot stand beside the others.</summary>
public abstract record OwnershipFault
{
    /// <summary>An entity does not hold itself.</summary>
    public sealed record OfItself : OwnershipFault;

    /// <summary>The share is below 0 or above 1.</summary>
    public sealed record NoShare : OwnershipFault;

    /// <summary>The last day lies before the first.</summary>
    public sealed record Reversed : OwnershipFault;

    /// <summary>The same parent holds the same child on some of the days already.</summary>
    public sealed record Overlap(Ownership Other) : OwnershipFault;

    /// <summary>The child holds the parent, directly or through others, on that day.</summary>
    public sealed record Circle(DateOnly Day) : OwnershipFault;

    /// <summary>All shares of the child would make more than the whole on that day.</summary>
    /// <param name="Others">The sum of the others, 0 to 1.</param>
    public sealed record MoreThanTheWhole(DateOnly Day, decimal Others) : OwnershipFault;

    /// <summary>Somebody else controls the child on that day already; control is one's alone.</summary>
    public sealed record OtherController(DateOnly Day, Ownership Other, bool Financial) : OwnershipFault;
}

/// <summary>What holds among the holdings of a group on every day.</summary>
public static class OwnershipRules
{
    /// <param name="others">All other holdings of the group, which keep the rules among themselves.</param>
    /// <returns>The first rule that is broken, on the first day on which it is; null where all are kept.</returns>
    public static OwnershipFault? FaultOf(Ownership candidate, IReadOnlyCollection<Ownership> others)
    {
        ArgumentNullException.ThrowIfNull(candidate);
        var range = Days(candidate);
        if (candidate.ParentId == candidate.ChildId)
        {
            return new OwnershipFault.OfItself();
        }

        if (candidate.Share is < 0 or > 1)
        {
            return new OwnershipFault.NoShare();
        }

        if (range.IsReversed)
        {
            return new OwnershipFault.Reversed();
        }

        if (others.FirstOrDefault(other => other.ParentId == candidate.ParentId && other.ChildId == candidate.ChildId && Days(other).Overlaps(range)) is { } same)
        {
            return new OwnershipFault.Overlap(same);
        }

        // Between the days on which some holding begins nothing gets worse.
        var days = others.Select(other => other.ValidFrom).OfType<DateOnly>().Where(range.Contains).Append(candidate.ValidFrom ?? DateOnly.MinValue).Distinct().Order();
        return days.Select(day => FaultOn(day, candidate, [.. others.Where(other => Days(other).Contains(day))])).FirstOrDefault(fault => fault is not null);
    }

    private static OwnershipFault? FaultOn(DateOnly day, Ownership candidate, List<Ownership> held)
    {
        if (Above(candidate.ParentId, held).Contains(candidate.ChildId))
        {
            return new OwnershipFault.Circle(day);
        }

        var siblings = held.Where(other => other.ChildId == candidate.ChildId).ToList();
        var sum = siblings.Sum(other => other.Share);
        if (sum + candidate.Share > 1)
        {
            return new OwnershipFault.MoreThanTheWhole(day, sum);
        }

        if (candidate.FinancialControl && siblings.Find(other => other.FinancialControl) is { } financial)
        {
            return new OwnershipFault.OtherController(day, financial, Financial: true);
        }

        return candidate.OperationalControl && siblings.Find(other => other.OperationalControl) is { } operational
            ? new OwnershipFault.OtherController(day, operational, Financial: false)
            : null;
    }

    /// <summary>The entity and all that hold it, directly or through others.</summary>
    private static HashSet<Guid> Above(Guid entity, List<Ownership> held)
    {
        var above = new HashSet<Guid> { entity };
        var open = new Stack<Guid>(above);
        while (open.TryPop(out var next))
        {
            foreach (var holding in held.Where(holding => holding.ChildId == next && above.Add(holding.ParentId)))
            {
                open.Push(holding.ParentId);
            }
        }

        return above;
    }

    private static DayRange Days(Ownership ownership) => new(ownership.ValidFrom, ownership.ValidTo);
}
