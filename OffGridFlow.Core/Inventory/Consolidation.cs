using OffGridFlow.Core.Organizations;

namespace OffGridFlow.Core.Inventory;

/// <summary>How what happens on a day at a site, or in a cloud account, counts for the group.</summary>
/// <param name="OrganizationId">The entity that it belongs to; null: nobody has said, and it counts whole.</param>
/// <param name="Share">0 to 1: as much of it is in the inventory.</param>
/// <param name="LeasedCategory">8 or 13: what would be scope 1 and 2 stands in this category of scope 3; null: it stays.</param>
/// <param name="Invested">0 to 1: as much of scope 1 and 2 stands in category 15, where <paramref name="Share"/> is 0.</param>
public sealed record Treatment(Guid? OrganizationId, decimal Share, int? LeasedCategory, decimal Invested)
{
    public static readonly Treatment Unassigned = new(null, 1m, null, 0m);
}

/// <param name="From">First day, inclusive.</param>
/// <param name="To">Last day, inclusive.</param>
public sealed record TreatedDays(DateOnly From, DateOnly To, Treatment Treatment);

/// <summary>
/// What of each site and account is the group's under one approach, day by day (<c>docs/methods/inventory.md</c>; GHG Protocol Corporate Standard, ch. 3 and
/// appendix F; Scope 3 Standard, table 5.9).
/// </summary>
public sealed class Consolidation
{
    private readonly DateOnly _from;
    private readonly DateOnly _to;
    private readonly ConsolidationApproach _approach;
    private readonly IReadOnlyList<(DateOnly From, IReadOnlyDictionary<Guid, Standing> Standings)> _standings;
    private readonly ILookup<Guid, Lease> _leases;
    private readonly ILookup<(string Provider, string Account), AccountMapping> _mappings;
    private readonly IReadOnlySet<Guid> _entered;

    /// <param name="from">First day that is asked for, inclusive.</param>
    /// <param name="to">Last day, inclusive.</param>
    /// <param name="organizations">All entities of the group.</param>
    /// <param name="ownerships">Of any days; the same of leases and mappings.</param>
    /// <param name="entered">Entities that have entries of category 15 of their own, whose investment is not counted a second time.</param>
    public Consolidation(
        DateOnly from, DateOnly to, ConsolidationApproach approach, IReadOnlyCollection<Guid> organizations, IReadOnlyCollection<Ownership> ownerships,
        IEnumerable<Lease> leases, IEnumerable<AccountMapping> mappings, IReadOnlySet<Guid> entered)
    {
        (_from, _to, _approach, _entered) = (from, to, approach, entered);
        _standings = [.. Starts(ownerships.Select(ownership => new DayRange(ownership.ValidFrom, ownership.ValidTo)))
            .Select(day => (day, OwnershipShare.On(day, organizations, ownerships)))];
        _leases = leases.Where(lease => lease.SiteId is not null).ToLookup(lease => lease.SiteId!.Value);
        _mappings = mappings.ToLookup(mapping => (mapping.Provider, mapping.Account));
    }

    /// <summary>The entities of which the group has a part without having their emissions, on some of the days.</summary>
    public IReadOnlySet<Guid> Investees => _standings.SelectMany(some => some.Standings).Where(entity => InvestedIn(entity.Value) > 0).Select(entity => entity.Key).ToHashSet();

    /// <summary>How an entity itself counts, apart from its sites.</summary>
    public IReadOnlyList<TreatedDays> OfEntity(Guid organizationId) => Days([], day => Treat(organizationId, null, day));

    /// <summary>All days, in order, without a gap; neighbors differ.</summary>
    public IReadOnlyList<TreatedDays> OfSite(Guid siteId, Guid organizationId) =>
        Days(_leases[siteId].Select(lease => new DayRange(lease.ValidFrom, lease.ValidTo)), day => Treat(organizationId, LeasedOn(siteId, day), day));

    /// <summary>The same of a cloud account, whose usage is scope 3: no lease moves it.</summary>
    public IReadOnlyList<TreatedDays> OfAccount(string provider, string account) =>
        Days(
            _mappings[(provider, account)].Select(mapping => new DayRange(mapping.ValidFrom, mapping.ValidTo)),
            day => _mappings[(provider, account)].FirstOrDefault(mapping => new DayRange(mapping.ValidFrom, mapping.ValidTo).Contains(day)) is { } mapping
                ? Treat(mapping.OrganizationId, null, day) : Treatment.Unassigned);

    private Treatment Treat(Guid organizationId, int? leased, DateOnly day)
    {
        var standing = _standings.Last(some => some.From <= day).Standings[organizationId];
        return new Treatment(
            organizationId, standing.ShareUnder(_approach), leased, leased is null && !_entered.Contains(organizationId) ? InvestedIn(standing) : 0m);
    }

    /// <summary>An interest in what the group does not control: proportional scope 1 and 2 are category 15. Under equity share they are in scope 1 and 2 already.</summary>
    private decimal InvestedIn(Standing standing) => standing.ShareUnder(_approach) == 0 ? standing.Equity : 0m;

    /// <summary>Where several leases of a site disagree, one that says scope 1 and 2 goes first: nothing leaves these twice.</summary>
    private int? LeasedOn(Guid siteId, DateOnly day)
    {
        int? category = null;
        foreach (var lease in _leases[siteId].Where(lease => new DayRange(lease.ValidFrom, lease.ValidTo).Contains(day)))
        {
            if (ScopeOf(lease) == LeaseScope.Scope1And2)
            {
                return null;
            }

            category = lease.Role == LeaseRole.Lessee ? 8 : category ?? 13;
        }

        return category;
    }

    private LeaseScope ScopeOf(Lease lease) => _approach switch
    {
        ConsolidationApproach.EquityShare => lease.EquityShare,
        ConsolidationApproach.FinancialControl => lease.FinancialControl,
        _ => lease.OperationalControl,
    };

    private List<TreatedDays> Days(IEnumerable<DayRange> ranges, Func<DateOnly, Treatment> treat)
    {
        var days = new List<TreatedDays>();
        foreach (var start in Starts(ranges).Concat(_standings.Select(some => some.From)).Distinct().Order())
        {
            var treatment = treat(start);
            if (days is [.., var last])
            {
                if (last.Treatment == treatment)
                {
                    continue;
                }

                days[^1] = last with { To = start.AddDays(-1) };
            }

            days.Add(new TreatedDays(start, _to, treatment));
        }

        return days;
    }

    /// <summary>The first day that is asked for and every later one on which one of them begins, or the day after one ends.</summary>
    private IEnumerable<DateOnly> Starts(IEnumerable<DayRange> ranges) =>
        ranges.SelectMany(range => (DateOnly?[])[range.From, range.To is { } end && end < DateOnly.MaxValue ? end.AddDays(1) : null]).OfType<DateOnly>()
            .Where(day => day > _from && day <= _to).Prepend(_from).Distinct().Order();
}
