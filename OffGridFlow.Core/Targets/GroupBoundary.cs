using OffGridFlow.Core.Calculation;
using OffGridFlow.Core.Inventory;
using OffGridFlow.Core.Organizations;
using OffGridFlow.Core.Quantities;

namespace OffGridFlow.Core.Targets;

/// <summary>The days of a month that a result covers, both inclusive.</summary>
public readonly record struct MonthDays(DateOnly First, DateOnly Last)
{
    public int Length => Last.DayNumber - First.DayNumber + 1;

    /// <param name="month">Its first day.</param>
    public static MonthDays Of(DateOnly month) => new(month, month.AddMonths(1).AddDays(-1));
}

/// <summary>Days that count alike, as a part of those of a result.</summary>
/// <param name="Before">How many of the result's days come before them.</param>
/// <param name="Through">How many there are to the last of them.</param>
/// <param name="Share">0 to 1.</param>
public readonly record struct SharedDays(int Before, int Through, decimal Share);

/// <summary>Where something happens.</summary>
/// <param name="SiteId">Of entries; null for cloud usage.</param>
/// <param name="Provider">Of cloud usage, as in the bills.</param>
/// <param name="Account">Of cloud usage the account as the bills name it; of entries the name of the site.</param>
public readonly record struct Place(Guid? SiteId, string Provider, string Account);

/// <summary>Where a part of a place's emissions counts.</summary>
/// <param name="Entity">Null where nobody says whose a cloud account is: it counts whole.</param>
/// <param name="Days">Of the result, or of the month.</param>
/// <param name="Parts">Those of the days that count here.</param>
public sealed record Counted(Guid? Entity, int Scope, int Category, int Days, IReadOnlyList<SharedDays> Parts)
{
    /// <summary>0 to 1, over all days.</summary>
    public decimal Share => Parts is [{ Before: 0 } all] && all.Through == Days ? all.Share : Exact.Ratio(Parts.Sum(part => part.Share * (part.Through - part.Before)), 1m, Days);

    /// <summary>
    /// As much of a mass: <i>mass × days that count ÷ days</i>, and of that the share, each rounded once to 12 decimals. Parts are made by adding up, so that
    /// they make the whole: as in the inventory (docs/methods/inventory.md).
    /// </summary>
    public decimal Of(decimal kg) => kg == 0m ? 0m : Parts.Sum(part => part.Share switch
    {
        0m => 0m,
        1m => Through(kg, part.Through) - Through(kg, part.Before),
        var share => Exact.Product(Through(kg, part.Through) - Through(kg, part.Before), share),
    });

    private decimal Through(decimal kg, int days) => days == 0 ? 0m : days == Days ? kg : Exact.Ratio(kg, days, Days);
}

/// <summary>
/// How much of each place counts under one consolidation approach, month by month: the days of <see cref="Consolidation"/>. Where something changes within a month
/// a result counts by its own days, cloud usage evenly. The structure of one day can be laid over all others, for comparing with a base year.
/// </summary>
public sealed class GroupBoundary
{
    private const int Investments = 15;

    private readonly ConsolidationApproach _approach;
    private readonly GroupStructure _structure;
    private readonly DateOnly? _day;
    private readonly Consolidation _consolidation;
    private readonly Dictionary<(Place Place, DateOnly Month), IReadOnlyList<(Treatment Treatment, int Before, int Through)>> _months = [];
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

    /// <summary>Sites with the months, by their first days, in which something changes for them: their results count by their own days.</summary>
    /// <param name="first">First day that is asked for; whole months are looked at.</param>
    public IReadOnlyList<(Guid Site, DateOnly Month)> Divided(DateOnly first, DateOnly last)
    {
        var divided = new List<(Guid, DateOnly)>();
        foreach (var site in _structure.EntityOfSite.Keys)
        {
            for (var month = new DateOnly(first.Year, first.Month, 1); month <= last; month = month.AddMonths(1))
            {
                if (In(MonthDays.Of(month), DaysOf(new Place(site, "entry", ""))).Skip(1).Any())
                {
                    divided.Add((site, month));
                }
            }
        }

        return divided;
    }

    /// <summary>What the group has of an entity in a month, over all its days, 0 to 1.</summary>
    public decimal ShareOf(Guid entity, DateOnly month)
    {
        if (!_entities.TryGetValue(entity, out var days))
        {
            _entities[entity] = days = _structure.Entities.ContainsKey(entity) ? _consolidation.OfEntity(entity) : [];
        }

        return Exact.Ratio(In(MonthDays.Of(month), days).Sum(run => run.Treatment.Share * (run.Through - run.Before)), 1m, DateTime.DaysInMonth(month.Year, month.Month));
    }

    /// <summary>Where the emissions of a place count in a month, and with which share: in their own scope, and where a lease or an investment moves them to.</summary>
    /// <param name="month">Its first day.</param>
    /// <param name="method">Of Scope 2: what is moved counts once, by its location-based figure.</param>
    /// <param name="days">Of the result; null: all of the month, evenly.</param>
    /// <returns>Empty for a site that is not known.</returns>
    public IEnumerable<Counted> Of(Place place, DateOnly month, int scope, int category, Scope2Method? method, MonthDays? days = null)
    {
        var span = days ?? MonthDays.Of(month);
        foreach (var entity in (days is null ? MonthOf(place, month) : [.. In(span, DaysOf(place))]).GroupBy(run => run.Treatment.OrganizationId))
        {
            Counted Make(int inScope, int inCategory, IEnumerable<(Treatment Treatment, int Before, int Through)> runs, Func<Treatment, decimal> share) =>
                new(entity.Key, inScope, inCategory, span.Length, [.. runs.Select(run => new SharedDays(run.Before, run.Through, share(run.Treatment)))]);
            yield return Make(scope, category, entity.Where(run => scope == 3 || run.Treatment.LeasedCategory is null), treatment => treatment.Share);
            if (scope == 3 || method == Scope2Method.Market)
            {
                continue;
            }

            foreach (var leased in entity.Where(run => run.Treatment.LeasedCategory is not null).GroupBy(run => run.Treatment.LeasedCategory!.Value))
            {
                yield return Make(3, leased.Key, leased, treatment => treatment.Share);
            }

            if (entity.Any(run => run.Treatment.Invested != 0))
            {
                yield return Make(3, Investments, entity, treatment => treatment.Invested);
            }
        }
    }

    private IReadOnlyList<(Treatment Treatment, int Before, int Through)> MonthOf(Place place, DateOnly month) =>
        _months.TryGetValue((place, month), out var known) ? known : _months[(place, month)] = [.. In(MonthDays.Of(month), DaysOf(place))];

    private IReadOnlyList<TreatedDays> DaysOf(Place place)
    {
        if (!_days.TryGetValue(place, out var days))
        {
            _days[place] = days = place.SiteId is not { } site ? _consolidation.OfAccount(place.Provider, place.Account)
                : _structure.EntityOfSite.TryGetValue(site, out var entity) ? _consolidation.OfSite(site, entity) : [];
        }

        return days;
    }

    /// <summary>The treatments of some days, each with how many of them come before it and through its end; the structure of one day holds for all.</summary>
    private IEnumerable<(Treatment Treatment, int Before, int Through)> In(MonthDays span, IReadOnlyList<TreatedDays> days) =>
        days.Select(run => _day is not null
                ? (run.Treatment, Before: 0, Through: span.Length)
                : (run.Treatment, Before: Math.Max(run.From.DayNumber - span.First.DayNumber, 0), Through: Math.Min(run.To.DayNumber, span.Last.DayNumber) - span.First.DayNumber + 1))
            .Where(run => run.Through > run.Before);
}

/// <summary>What a tenant's group consists of, on all days.</summary>
/// <param name="Entities">Names by id.</param>
/// <param name="EntityOfSite">The entity of each site.</param>
/// <param name="Entered">Entities whose investment is entered in category 15, and is not counted there a second time.</param>
public sealed record GroupStructure(
    IReadOnlyDictionary<Guid, string> Entities, IReadOnlyDictionary<Guid, Guid> EntityOfSite, IReadOnlyList<Ownership> Ownerships, IReadOnlyList<Lease> Leases,
    IReadOnlyList<AccountMapping> Mappings, IReadOnlySet<Guid> Entered);
