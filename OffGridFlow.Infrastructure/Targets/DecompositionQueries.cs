using Microsoft.EntityFrameworkCore;
using OffGridFlow.Core.Calculation;
using OffGridFlow.Core.Identity;
using OffGridFlow.Core.Organizations;
using OffGridFlow.Core.Quantities;
using OffGridFlow.Core.Targets;
using OffGridFlow.Infrastructure.Calculation;
using OffGridFlow.Infrastructure.Inventory;
using OffGridFlow.Infrastructure.Organizations;
using OffGridFlow.Infrastructure.Persistence;

namespace OffGridFlow.Infrastructure.Targets;

/// <inheritdoc cref="IDecompositionQueries"/>
internal sealed class DecompositionQueries(TenantDatabase database, CurrentUser user, LedgerCache cache, CalculationReference reference) : IDecompositionQueries
{
    public async Task<DecompositionReport?> FindAsync(Guid before, Guid after, ConsolidationApproach? approach, Scope2Method view, CancellationToken cancellationToken)
    {
        user.Require(Permissions.DashboardsRead);
        await using var unit = await database.OpenAsync(cancellationToken);
        if (await Editing.FindAsync<ReportingPeriod>(unit, before, cancellationToken) is not { } first || await Editing.FindAsync<ReportingPeriod>(unit, after, cancellationToken) is not { } second)
        {
            return null;
        }

        var under = approach ?? await BaseYears.ApproachAsync(unit, cancellationToken);
        var structure = await PeriodLedger.StructureAsync(unit, under, first.FirstDay < second.FirstDay ? first.FirstDay : second.FirstDay, first.LastDay > second.LastDay ? first.LastDay : second.LastDay, cancellationToken);
        var boundary = new GroupBoundary(under, structure);
        var earlier = await SourcesAsync(unit, first, view, boundary, cancellationToken);
        var later = await SourcesAsync(unit, second, view, boundary, cancellationToken);
        var names = await unit.Context.Sites.ToDictionaryAsync(site => site.Id, site => site.Name, cancellationToken);
        var histories = new Histories(boundary, structure, names, reference.Units, MonthsOf(first), MonthsOf(second));
        histories.Add(earlier, after: false);
        histories.Add(later, after: true);
        return new DecompositionReport(
            first, second, under, view, Decomposition.Of(histories.All()), earlier.Sum(row => row.Missing), later.Sum(row => row.Missing), Moves(boundary, structure, first, second));
    }

    public async Task<YearComparison?> CompareAsync(DateOnly firstMonth, DateOnly lastMonth, CancellationToken cancellationToken)
    {
        user.Require(Permissions.DashboardsRead);
        await using var unit = await database.OpenAsync(cancellationToken);
        var periods = await unit.Context.ReportingPeriods.ToListAsync(cancellationToken);
        return periods.Find(period => PeriodLedger.FirstMonth(period.FirstDay) == firstMonth && PeriodLedger.FirstMonth(period.LastDay) == lastMonth) is { } found
            ? (await TargetWorld.ReadAsync(unit, withTypes: false, cancellationToken)).Compare(found)
            : null;
    }

    private async Task<IReadOnlyList<LedgerSource>> SourcesAsync(TenantUnit unit, ReportingPeriod period, Scope2Method view, GroupBoundary boundary, CancellationToken cancellationToken)
    {
        var divided = boundary.Divided(period.FirstDay, period.LastDay);
        return await cache.GetAsync(
            unit, ("sources with quantities", period.FirstDay, period.LastDay, view, string.Join(' ', divided.Select(place => FormattableString.Invariant($"{place.Site:N}{place.Month:yyyyMM}")).Order(StringComparer.Ordinal))),
            async () => await PeriodLedger.SourcesAsync(unit, period.FirstDay, period.LastDay, view, divided, cancellationToken), rows => rows.Count, cancellationToken);
    }

    private static List<ShareMove> Moves(GroupBoundary boundary, GroupStructure structure, ReportingPeriod before, ReportingPeriod after)
    {
        var (earlier, later) = (MonthsOf(before), MonthsOf(after));
        return
        [
            .. structure.Entities.Select(entity => new ShareMove(entity.Value, Mean(entity.Key, earlier), Mean(entity.Key, later)))
                .Where(move => move.ShareBefore != move.ShareAfter).OrderBy(move => move.Entity, StringComparer.Ordinal),
        ];

        decimal Mean(Guid entity, List<DateOnly> months) => Exact.Ratio(months.Sum(month => boundary.ShareOf(entity, month)), 1m, months.Count);
    }

    private static List<DateOnly> MonthsOf(ReportingPeriod period)
    {
        var months = new List<DateOnly>();
        for (var month = PeriodLedger.FirstMonth(period.FirstDay); month <= period.LastDay; month = month.AddMonths(1))
        {
            months.Add(month);
        }

        return months;
    }

    /// <summary>Rows of the ledger as sources with their months on both sides.</summary>
    private sealed class Histories(
        GroupBoundary boundary, GroupStructure structure, Dictionary<Guid, string> sites, UnitTable units, List<DateOnly> earlier, List<DateOnly> later)
    {
        private readonly Dictionary<(Place Place, Guid? Entity, string ActivityType, int From, int Scope, int Category, string Measure), (SourceMonth[] Before, SourceMonth[] After)> _all = [];
        private readonly Dictionary<string, Unit?> _units = new(StringComparer.Ordinal);

        public void Add(IEnumerable<LedgerSource> rows, bool after)
        {
            foreach (var row in rows)
            {
                var unit = UnitOf(row.Unit);
                var measure = unit?.Group.ToString() ?? row.Unit;
                foreach (var part in boundary.Of(row.Place, row.Month, row.Scope, row.Category, null, row.Days))
                {
                    var key = (row.Place, part.Entity, row.ActivityType, row.Scope, part.Scope, part.Category, measure);
                    if (!_all.TryGetValue(key, out var sides))
                    {
                        _all[key] = sides = (Empty(earlier, key), Empty(later, key));
                    }

                    var (months, list) = after ? (later, sides.After) : (earlier, sides.Before);
                    var index = months.IndexOf(row.Month);
                    var was = list[index];
                    list[index] = was with
                    {
                        WholeKg = was.WholeKg + row.Kg, CountedKg = was.CountedKg + part.Of(row.Kg),
                        Quantity = row.Quantity is { } quantity ? (was.Quantity ?? 0m) + (unit is null or { Factor: 1m } ? quantity : Exact.Product(quantity, unit.Factor)) : was.Quantity,
                    };
                }
            }
        }

        /// <summary>Sites of one entity that hold the same type in the same scope stay apart: each is a source.</summary>
        public IEnumerable<SourceHistory> All() => _all.Select(pair => new SourceHistory(
            new EmissionSource(
                pair.Key.Entity is { } entity ? structure.Entities.GetValueOrDefault(entity, "") : "",
                pair.Key.Place.SiteId is { } site ? sites.GetValueOrDefault(site, "") : pair.Key.Place.Account, pair.Key.ActivityType, pair.Key.Scope, pair.Key.Category, pair.Key.Measure),
            pair.Value.Before, pair.Value.After));

        /// <summary>No data yet, with the share that would count: what joins has to be told from what begins.</summary>
        private SourceMonth[] Empty(List<DateOnly> months, (Place Place, Guid? Entity, string ActivityType, int From, int Scope, int Category, string Measure) key) =>
        [
            .. months.Select(month => new SourceMonth(
                boundary.Of(key.Place, month, key.From, key.From == 3 ? key.Category : 0, null)
                    .Where(part => part.Entity == key.Entity && part.Scope == key.Scope && part.Category == key.Category).Sum(part => part.Share),
                0m, 0m, null)),
        ];

        private Unit? UnitOf(string text) => _units.TryGetValue(text, out var known) ? known : _units[text] = units.TryFind(text, out var found) ? found : null;
    }
}
