using OffGridFlow.Core.Quantities;

namespace OffGridFlow.Core.Organizations;

/// <summary>What the group has of an entity on a day.</summary>
/// <param name="Equity">0 to 1, rounded half to even to 12 decimals: the economic interest over all chains of holdings.</param>
/// <param name="FinancialControl">Whether a chain of financial control leads to it.</param>
/// <param name="OperationalControl">Whether a chain of operational control leads to it.</param>
public sealed record Standing(decimal Equity, bool FinancialControl, bool OperationalControl)
{
    /// <summary>How much of the entity's emissions count for the group, 0 to 1 (GHG Protocol Corporate Standard, ch. 3, table 1).</summary>
    public decimal ShareUnder(ConsolidationApproach approach) => approach switch
    {
        ConsolidationApproach.EquityShare => Equity,
        ConsolidationApproach.FinancialControl => FinancialControl ? 1m : 0m,
        _ => OperationalControl ? 1m : 0m,
    };
}

/// <summary>How much of each entity is the group's, down the chains of holdings.</summary>
public static class OwnershipShare
{
    /// <summary>
    /// share of an entity = Σ over its holdings of (share of the parent × share of the holding); it is controlled where a controlled parent controls it.
    /// An entity that nobody was ever said to hold heads the group: the whole of it counts. One whose holdings all lie on other days does not count on
    /// this one: entities count between their dates of control.
    /// </summary>
    /// <param name="entities">All of the group.</param>
    /// <param name="ownerships">Of any days, free of cycles (<see cref="OwnershipRules"/>).</param>
    /// <exception cref="InvalidOperationException">The holdings of the day go in a circle.</exception>
    public static IReadOnlyDictionary<Guid, Standing> On(DateOnly day, IEnumerable<Guid> entities, IEnumerable<Ownership> ownerships)
    {
        var all = ownerships.ToLookup(ownership => ownership.ChildId);
        var known = new Dictionary<Guid, Chain>();
        var under = new HashSet<Guid>();
        return entities.Distinct().ToDictionary(entity => entity, entity => Find(entity).Rounded());

        Chain Find(Guid entity)
        {
            if (known.TryGetValue(entity, out var found))
            {
                return found;
            }

            if (!all.Contains(entity))
            {
                return known[entity] = new Chain(1m, true, true);
            }

            if (!under.Add(entity))
            {
                throw new InvalidOperationException(FormattableString.Invariant($"The holdings of {entity} go in a circle on {day:yyyy-MM-dd}."));
            }

            var chain = new Chain(0m, false, false);
            foreach (var holding in all[entity].Where(holding => new DayRange(holding.ValidFrom, holding.ValidTo).Contains(day)))
            {
                var parent = Find(holding.ParentId);
                chain = new Chain(
                    chain.Equity + (parent.Equity * holding.Share),
                    chain.Financial || (parent.Financial && holding.FinancialControl),
                    chain.Operational || (parent.Operational && holding.OperationalControl));
            }

            under.Remove(entity);
            return known[entity] = chain;
        }
    }

    private sealed record Chain(decimal Equity, bool Financial, bool Operational)
    {
        public Standing Rounded() => new(Exact.Round(Equity), Financial, Operational);
    }
}
