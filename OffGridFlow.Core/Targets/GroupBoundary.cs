using OffGridFlow.Core.Calculation;
using OffGridFlow.Core.Organizations;
using OffGridFlow.Core.Quantities;

namespace OffGridFlow.Core.Targets;

/// <summary>What stands at a place in a month, and how much of it is the group's.</summary>
/// <param name="Entity">Null where nobody says whose a cloud account is: it counts whole.</param>
/// <param name="Share">0 to 1, over all days of the month.</param>
/// <param name="MovedShare">The part of <paramref name="Share"/> whose scopes 1 and 2 a lease moves to <paramref name="MovedTo"/>.</param>
/// <param name="MovedTo">Category 8 (lessee) or 13 (lessor) of Scope 3.</param>
public sealed record PlaceShare(Guid? Entity, decimal Share, decimal MovedShare, int MovedTo);

/// <summary>Where something happens.</summary>
/// <param name="SiteId">Of entries; null for cloud usage.</param>
/// <param name="Provider">Of cloud usage, as in the bills.</param>
/// <param name="Account">Of cloud usage the account as the bills name it; of entries the name of the site.</param>
public readonly record struct Place(Guid? SiteId, string Provider, string Account);

/// <summary>Where a part of a place's emissions counts.</summary>
/// <param name="Entity">As <see cref="PlaceShare"/>.</param>
public readonly record struct Counted(Guid? Entity, int Scope, int Category, decimal Share);

/// <summary>
/// How much of each place counts under one consolidation approach, by days: an entity from the day it joins to the day it leaves, with its share of that day.
/// A month's emissions lie evenly over its days. The structure of one day can be laid over all others, for comparing with a base year.
/// </summary>
public sealed class GroupBoundary
{
    private const int Lessee = 8, Lessor = 13;

    private readonly ConsolidationApproach _approach;
    private readonly GroupStructure _structure;
    private readonly DateOnly? _day;
    private readonly DateOnly[] _changes;
    private readonly Dictionary<DateOnly, IReadOnlyDictionary<Guid, Standing>> _standings = [];
    private readonly Dictionary<(Place Place, DateOnly Month), IReadOnlyList<PlaceShare>> _places = [];
    private readonly ILookup<Guid, Lease> _leases;
    private readonly ILookup<(string Provider, string Account), AccountMapping> _mappings;

    public GroupBoundary(ConsolidationApproach approach, GroupStructure structure)
        : this(approach, structure, null)
    {
    }

    private GroupBoundary(ConsolidationApproach approach, GroupStructure structure, DateOnly? day)
    {
        (_approach, _structure, _day) = (approach, structure, day);
        _leases = structure.Leases.Where(lease => lease.SiteId is not null && ScopeOf(lease) == LeaseScope.Scope3).ToLookup(lease => lease.SiteId!.Value);
        _mappings = structure.Mappings.ToLookup(mapping => (mapping.Provider, mapping.Account));
        _changes =
        [
            .. structure.Ownerships.SelectMany(ownership => Edges(ownership.ValidFrom, ownership.ValidTo))
                .Concat(structure.Leases.SelectMany(lease => Edges(lease.ValidFrom, lease.ValidTo)))
                .Concat(structure.Mappings.SelectMany(mapping => Edges(mapping.ValidFrom, mapping.ValidTo))).Distinct().Order(),
        ];
    }

    /// <summary>The same group as it is on a day, whatever day is asked for.</summary>
    public GroupBoundary On(DateOnly day) => new(_approach, _structure, day);

    /// <param name="month">Its first day.</param>
    /// <returns>Mostly one; several where an account changes hands in the month. Empty for a site that is not known.</returns>
    public IReadOnlyList<PlaceShare> Of(Place place, DateOnly month) =>
        _places.TryGetValue((place, month), out var known) ? known : _places[(place, month)] = Find(place, month);

    /// <summary>What the group has of an entity in a month, over all its days, 0 to 1.</summary>
    public decimal ShareOf(Guid entity, DateOnly month)
    {
        var days = DateTime.DaysInMonth(month.Year, month.Month);
        return Exact.Ratio(Segments(month, days).Sum(run => ShareOn(entity, run.Day) * run.Length), 1m, days);
    }

    /// <summary>Where the emissions of a place count in a month, and with which share: in their own scope, and where a lease moves them to.</summary>
    /// <param name="method">Of Scope 2: what is moved counts once, by its location-based figure.</param>
    public IEnumerable<Counted> Of(Place place, DateOnly month, int scope, int category, Scope2Method? method)
    {
        foreach (var part in Of(place, month))
        {
            var moved = scope == 3 ? 0m : part.MovedShare;
            yield return new Counted(part.Entity, scope, category, part.Share - moved);
            if (moved != 0 && method != Scope2Method.Market)
            {
                yield return new Counted(part.Entity, 3, part.MovedTo, moved);
            }
        }
    }

    private List<PlaceShare> Find(Place place, DateOnly month)
    {
        var days = DateTime.DaysInMonth(month.Year, month.Month);
        var sums = new Dictionary<Guid, (decimal Share, decimal Moved, int To)>();
        var unassigned = 0;
        foreach (var (day, length) in Segments(month, days))
        {
            if (EntityOf(place, day) is not { } entity)
            {
                unassigned += length;
                continue;
            }

            var share = ShareOn(entity, day);
            var lease = place.SiteId is { } id ? _leases[id].Where(lease => Days(lease).Contains(day)).OrderBy(lease => lease.Role).FirstOrDefault() : null;
            var sum = sums.GetValueOrDefault(entity);
            sums[entity] = (sum.Share + (share * length), sum.Moved + (lease is null ? 0m : share * length), lease is null ? sum.To : lease.Role == LeaseRole.Lessee ? Lessee : Lessor);
        }

        var places = sums.Select(sum => new PlaceShare(sum.Key, Exact.Ratio(sum.Value.Share, 1m, days), Exact.Ratio(sum.Value.Moved, 1m, days), sum.Value.To)).ToList();
        if (unassigned > 0 && place.SiteId is null)
        {
            places.Add(new PlaceShare(null, Exact.Ratio(unassigned, 1m, days), 0m, 0));
        }

        return places;
    }

    /// <summary>Runs of days on which nothing changes, by their first day.</summary>
    private IEnumerable<(DateOnly Day, int Length)> Segments(DateOnly month, int days)
    {
        if (_day is { } fixedDay)
        {
            yield return (fixedDay, days);
            yield break;
        }

        var end = month.AddDays(days);
        var starts = new[] { month }.Concat(_changes.Where(day => day > month && day < end)).Append(end).ToList();
        for (var index = 0; index + 1 < starts.Count; index++)
        {
            yield return (starts[index], starts[index + 1].DayNumber - starts[index].DayNumber);
        }
    }

    private decimal ShareOn(Guid entity, DateOnly day) => Standing(day).GetValueOrDefault(entity)?.ShareUnder(_approach) ?? 0m;

    private Guid? EntityOf(Place place, DateOnly day) => place.SiteId is { } id
        ? _structure.EntityOfSite.TryGetValue(id, out var entity) ? entity : null
        : _mappings[(place.Provider, place.Account)].FirstOrDefault(mapping => new DayRange(mapping.ValidFrom, mapping.ValidTo).Contains(day))?.OrganizationId;

    private IReadOnlyDictionary<Guid, Standing> Standing(DateOnly day)
    {
        var index = Array.BinarySearch(_changes, day);
        var since = index >= 0 ? day : ~index == 0 ? DateOnly.MinValue : _changes[~index - 1];
        return _standings.TryGetValue(since, out var known) ? known : _standings[since] = OwnershipShare.On(day, _structure.Entities.Keys, _structure.Ownerships);
    }

    private LeaseScope ScopeOf(Lease lease) => _approach switch
    {
        ConsolidationApproach.EquityShare => lease.EquityShare,
        ConsolidationApproach.FinancialControl => lease.FinancialControl,
        _ => lease.OperationalControl,
    };

    private static DayRange Days(Lease lease) => new(lease.ValidFrom, lease.ValidTo);

    private static IEnumerable<DateOnly> Edges(DateOnly? from, DateOnly? to)
    {
        if (from is { } first)
        {
            yield return first;
        }

        if (to is { } last && last < DateOnly.MaxValue)
        {
            yield return last.AddDays(1);
        }
    }
}

/// <summary>What a tenant's group consists of, on all days.</summary>
/// <param name="Entities">Names by id.</param>
/// <param name="EntityOfSite">The entity of each site.</param>
public sealed record GroupStructure(
    IReadOnlyDictionary<Guid, string> Entities, IReadOnlyDictionary<Guid, Guid> EntityOfSite, IReadOnlyList<Ownership> Ownerships, IReadOnlyList<Lease> Leases,
    IReadOnlyList<AccountMapping> Mappings);
