using OffGridFlow.Core.Calculation;
using OffGridFlow.Core.Inventory;
using OffGridFlow.Core.Organizations;
using OffGridFlow.Core.Quantities;

namespace OffGridFlow.Core.Targets;

/// <summary>How much of what happens at a place in a month is the group's.</summary>
/// <param name="Entity">Null where nobody says whose a cloud account is: it counts whole.</param>
/// <param name="Days">Of the month.</param>
/// <param name="Shares">The share of each day, 0 to 1, summed over the days.</param>
/// <param name="Moved">The part of <paramref name="Shares"/> whose scopes 1 and 2 a lease moves to <paramref name="MovedTo"/>.</param>
/// <param name="MovedTo">Category 8 (lessee) or 13 (lessor) of Scope 3.</param>
/// <param name="Invested">The same sum of what of scopes 1 and 2 stands in category 15.</param>
public sealed record PlaceShare(Guid? Entity, int Days, decimal Shares, decimal Moved, int MovedTo, decimal Invested)
{
    /// <summary>0 to 1, over all days.</summary>
    public decimal Share => Exact.Ratio(Shares, 1m, Days);
}

/// <summary>Where something happens.</summary>
/// <param name="SiteId">Of entries; null for cloud usage.</param>
/// <param name="Provider">Of cloud usage, as in the bills.</param>
/// <param name="Account">Of cloud usage the account as the bills name it; of entries the name of the site.</param>
public readonly record struct Place(Guid? SiteId, string Provider, string Account);

/// <summary>Where a part of a place's emissions counts.</summary>
/// <param name="Entity">As <see cref="PlaceShare"/>.</param>
/// <param name="Shares">Summed over the days of the month.</param>
public readonly record struct Counted(Guid? Entity, int Scope, int Category, decimal Shares, int Days)
{
    /// <summary>0 to 1.</summary>
    public decimal Share => Exact.Ratio(Shares, 1m, Days);

    /// <summary>As much of a mass, rounded once to 12 decimals; mostly all of it or nothing.</summary>
    public decimal Of(decimal kg) => Shares == Days ? kg : Shares == 0m ? 0m : Exact.Ratio(kg, Shares, Days);
}

/// <summary>
/// How much of each place counts under one consolidation approach, month by month: the days of <see cref="Consolidation"/>, with a month's emissions lying evenly
/// over them. The structure of one day can be laid over all others, for comparing with a base year.
/// </summary>
public sealed class GroupBoundary
{
    private const int Investments = 15;

    private readonly ConsolidationApproach _approach;
    private readonly GroupStructure _structure;
    private readonly DateOnly? _day;
    private readonly Consolidation _consolidation;
    private readonly Dictionary<(Place Place, DateOnly Month), IReadOnlyList<PlaceShare>> _places = [];
    private readonly Dictionary<Place, IReadOnlyList<TreatedDays>> _days = [];
    private readonly Dictionary<Guid, IReadOnlyList<TreatedDays>> _entities = [];

    public GroupBoundary(ConsolidationApproach approach, GroupStructure structure)
        : this(approach, structure, null)
    {
    }

    private GroupBoundary(ConsolidationApproach approach, GroupStructure structure, DateOnly? day)
    {
        (_approach, _structure, _day) = (approach, structure, day);
        _consolidation = new Consolidation(
            day ?? DateOnly.MinValue, day ?? DateOnly.MaxValue, approach, [.. structure.Entities.Keys], structure.Ownerships, structure.Leases, structure.Mappings, structure.Entered);
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
        if (!_entities.TryGetValue(entity, out var days))
        {
            _entities[entity] = days = _structure.Entities.ContainsKey(entity) ? _consolidation.OfEntity(entity) : [];
        }

        return Exact.Ratio(In(month, days).Sum(run => run.Treatment.Share * run.Length), 1m, DateTime.DaysInMonth(month.Year, month.Month));
    }

    /// <summary>Where the emissions of a place count in a month, and with which share: in their own scope, and where a lease or an investment moves them to.</summary>
    /// <param name="method">Of Scope 2: what is moved counts once, by its location-based figure.</param>
    public IEnumerable<Counted> Of(Place place, DateOnly month, int scope, int category, Scope2Method? method)
    {
        foreach (var part in Of(place, month))
        {
            var moved = scope == 3 ? 0m : part.Moved;
            yield return new Counted(part.Entity, scope, category, part.Shares - moved, part.Days);
            if (moved != 0 && method != Scope2Method.Market)
            {
                yield return new Counted(part.Entity, 3, part.MovedTo, moved, part.Days);
            }

            if (scope != 3 && part.Invested != 0 && method != Scope2Method.Market)
            {
                yield return new Counted(part.Entity, 3, Investments, part.Invested, part.Days);
            }
        }
    }

    private List<PlaceShare> Find(Place place, DateOnly month)
    {
        if (!_days.TryGetValue(place, out var days))
        {
            _days[place] = days = place.SiteId is not { } site ? _consolidation.OfAccount(place.Provider, place.Account)
                : _structure.EntityOfSite.TryGetValue(site, out var entity) ? _consolidation.OfSite(site, entity) : [];
        }

        var length = DateTime.DaysInMonth(month.Year, month.Month);
        return
        [
            .. In(month, days).GroupBy(run => run.Treatment.OrganizationId)
                .Select(runs => new PlaceShare(
                    runs.Key, length, runs.Sum(run => run.Treatment.Share * run.Length),
                    runs.Where(run => run.Treatment.LeasedCategory is not null).Sum(run => run.Treatment.Share * run.Length),
                    runs.Select(run => run.Treatment.LeasedCategory).FirstOrDefault(leased => leased is not null) ?? 0, runs.Sum(run => run.Treatment.Invested * run.Length))),
        ];
    }

    /// <summary>The treatments of a month with the days of it that each holds for; the structure of one day holds for all.</summary>
    private IEnumerable<(Treatment Treatment, int Length)> In(DateOnly month, IReadOnlyList<TreatedDays> days)
    {
        var (last, length) = (month.AddMonths(1).AddDays(-1), DateTime.DaysInMonth(month.Year, month.Month));
        return days.Select(run => (run.Treatment, Length: _day is not null ? length : Math.Min(run.To.DayNumber, last.DayNumber) - Math.Max(run.From.DayNumber, month.DayNumber) + 1))
            .Where(run => run.Length > 0);
    }
}

/// <summary>What a tenant's group consists of, on all days.</summary>
/// <param name="Entities">Names by id.</param>
/// <param name="EntityOfSite">The entity of each site.</param>
/// <param name="Entered">Entities whose investment is entered in category 15, and is not counted there a second time.</param>
public sealed record GroupStructure(
    IReadOnlyDictionary<Guid, string> Entities, IReadOnlyDictionary<Guid, Guid> EntityOfSite, IReadOnlyList<Ownership> Ownerships, IReadOnlyList<Lease> Leases,
    IReadOnlyList<AccountMapping> Mappings, IReadOnlySet<Guid> Entered);
