using Microsoft.EntityFrameworkCore;
using OffGridFlow.Core.Calculation;
using OffGridFlow.Core.Organizations;
using OffGridFlow.Core.Quantities;
using OffGridFlow.Core.Targets;
using OffGridFlow.Infrastructure.Persistence;

namespace OffGridFlow.Infrastructure.Targets;

/// <summary>What reports are made of, read once.</summary>
internal sealed class TargetWorld
{
    private readonly Dictionary<Guid, List<BaseYearFigure>> _figures = [];
    private IReadOnlyList<LedgerCell> _cells = [];
    private IReadOnlyList<BusinessFigure> _business = [];
    private IReadOnlyDictionary<Guid, string> _sites = new Dictionary<Guid, string>();
    private GroupBoundary _boundary = default!;
    private IReadOnlyList<Target> _targets = [];
    private BaseYearPolicy? _policy;
    private BaseYearDecision? _standing;
    private BaseYearDecision? _first;

    public List<ReportingPeriod> Periods { get; private init; } = [];

    /// <param name="withTypes">Whether activity types are told apart, as scenarios ask for.</param>
    public static async Task<TargetWorld> ReadAsync(TenantUnit unit, bool withTypes, CancellationToken cancellationToken)
    {
        var periods = await unit.Context.ReportingPeriods.OrderBy(period => period.FirstDay).ToListAsync(cancellationToken);
        var approach = await BaseYears.ApproachAsync(unit, cancellationToken);
        var (first, last) = periods.Count == 0 ? (default, default) : (periods[0].FirstDay, periods[^1].LastDay);
        var world = new TargetWorld
        {
            Periods = periods, _boundary = new GroupBoundary(approach, await PeriodLedger.StructureAsync(unit, approach, first, last, cancellationToken)),
            _business = [.. (await unit.Context.BusinessFigures.ToListAsync(cancellationToken)).GroupBy(figure => (figure.PeriodId, figure.OrganizationId)).Select(versions => versions.MaxBy(figure => figure.Version)!)],
            _sites = await unit.Context.Sites.ToDictionaryAsync(site => site.Id, site => site.Name, cancellationToken),
            _targets = await unit.Context.Targets.OrderBy(target => target.Name).ToListAsync(cancellationToken), _policy = await BaseYears.PolicyAsync(unit, cancellationToken), _standing = await BaseYears.StandingAsync(unit, cancellationToken),
        };
        if (world._standing is { Choice: BaseYearChoice.Recalculated } standing)
        {
            world._first = await unit.Context.BaseYearDecisions.Where(row => row.Choice == BaseYearChoice.Set && row.Number < standing.Number)
                .OrderByDescending(row => row.Number).FirstOrDefaultAsync(cancellationToken);
        }

        if (world.Periods.Count > 0)
        {
            world._cells = await PeriodLedger.CellsAsync(unit, first, last, withTypes, world._boundary.Divided(first, last), cancellationToken);
        }

        return world;
    }

    public TargetReport Report(Target target)
    {
        var basePeriod = Periods.Single(period => period.Id == target.BasePeriodId);
        var baseYear = basePeriod.LastDay.Year;
        // Figures of the base year stand by decision; those of another year are the ledger's.
        var standing = _policy?.PeriodId == basePeriod.Id ? _standing : null;
        var (unit, obstacle) = UnitOf(target);
        if (standing is (null or { Figures.Count: 0 }) && !_cells.In(basePeriod).Any())
        {
            obstacle ??= $"The ledger holds nothing of {basePeriod.Name} yet.";
        }

        var (denominator, without) = target.Kind == TargetKind.Intensity && obstacle is null ? DenominatorOf(target, basePeriod) : (null, obstacle);
        var baseValue = without is null ? Value(PeriodFigures.Of(standing?.Figures ?? FiguresOf(basePeriod), target), target, denominator) : null;
        var first = without is null && _first is { } set && standing?.Choice == BaseYearChoice.Recalculated ? Value(PeriodFigures.Of(set.Figures, target), target, denominator) : null;
        var path = baseValue is { } from ? TargetPath.Of(target.Path, from, baseYear, target.TargetYear, target.Reduction).ToDictionary(point => point.Year, point => point.Value) : [];
        var begin = Periods.Count == 0 ? baseYear : Math.Min(baseYear, Periods[0].LastDay.Year);
        var end = Math.Max(target.TargetYear, Periods.Count == 0 ? 0 : Periods[^1].LastDay.Year);
        var years = Enumerable.Range(begin, end - begin + 1).Select(year => PointOf(target, year, year == baseYear ? baseValue : null, path)).ToList();
        return new TargetReport(target, basePeriod, unit, baseValue, first, standing?.Choice == BaseYearChoice.Recalculated ? standing : null, years);
    }

    public ScenarioReport Report(Scenario scenario, Target target)
    {
        var start = Periods.Single(period => period.Id == scenario.StartPeriodId);
        var startYear = start.LastDay.Year;
        var years = ScenarioArithmetic.Of(SourcesOf(target, start), scenario.Levers, scenario.GrowthPerYear, startYear, target.TargetYear);
        var value = Report(target).Years.SingleOrDefault(year => year.Year == target.TargetYear)?.Path;
        decimal? denominator = null;
        if (target.Kind == TargetKind.Intensity)
        {
            denominator = DenominatorOf(target, start).Value;
            var grown = denominator;
            for (var year = startYear; year < target.TargetYear && grown is { } amount; year++)
            {
                grown = Exact.Product(amount, 1m + scenario.GrowthPerYear);
            }

            value = value is { } intensity && grown is { } then ? Exact.Product(intensity, then) : null;
        }

        return new ScenarioReport(scenario, target, start, years, denominator, value);
    }

    /// <summary>A period beside the one before it, the base year and the targets on all of its emissions.</summary>
    public YearComparison Compare(ReportingPeriod period)
    {
        var before = Periods.LastOrDefault(other => other.LastDay < period.FirstDay);
        var basePeriod = _policy is { } policy && policy.PeriodId != period.Id ? Periods.SingleOrDefault(other => other.Id == policy.PeriodId) : null;
        var targets = _targets.Where(target => target is { Kind: TargetKind.Absolute, Scope2Method: Scope2Method.Location, Categories.Length: 0 }).ToList();
        var paths = new Dictionary<int, decimal>();
        foreach (var (scopes, key) in new[] { ("1,2,3", 0), ("1", 1), ("2", 2), ("3", 3) })
        {
            var path = targets.Where(target => string.Join(',', target.Scopes) == scopes).Select(target => Report(target).Years.SingleOrDefault(year => year.Year == period.LastDay.Year)?.Path)
                .FirstOrDefault(value => value is not null);
            if (path is { } value)
            {
                paths[key] = value;
            }
        }

        var baseKg = basePeriod is null ? null : ScopeKilograms.Of(_standing?.Figures ?? FiguresOf(basePeriod));
        return new YearComparison(
            period, ScopeKilograms.Of(FiguresOf(period)), before, before is null || !_cells.In(before).Any() ? null : ScopeKilograms.Of(FiguresOf(before)), basePeriod, baseKg, paths,
            Months(period, basePeriod, baseKg, paths.TryGetValue(0, out var all) ? all : null));
    }

    /// <summary>The base year's figure, and the target's on it, lie over the months as the data of the base year do.</summary>
    private List<MonthComparison> Months(ReportingPeriod period, ReportingPeriod? basePeriod, ScopeKilograms? baseKg, decimal? path)
    {
        var total = baseKg?.Total(Scope2Method.Location) ?? 0m;
        var months = new List<MonthComparison>();
        for (var index = 0; basePeriod is not null && total > 0; index++)
        {
            var (month, then) = (PeriodLedger.FirstMonth(period.FirstDay).AddMonths(index), PeriodLedger.FirstMonth(basePeriod.FirstDay).AddMonths(index));
            if (month > period.LastDay || then > basePeriod.LastDay)
            {
                break;
            }

            var held = ScopeKilograms.Of(PeriodFigures.Of(_cells.Where(cell => cell.Month == then), _boundary)).Total(Scope2Method.Location);
            var whole = ScopeKilograms.Of(FiguresOf(basePeriod)).Total(Scope2Method.Location);
            if (whole > 0 && held > 0)
            {
                months.Add(new MonthComparison(month, Exact.Ratio(total, held, whole), path is { } value ? Exact.Ratio(value, held, whole) : null));
            }
        }

        return months;
    }

    public IReadOnlyList<ScenarioSource> SourcesOf(Target target, ReportingPeriod start) =>
    [
        .. _cells.In(start).Where(cell => cell.Method is null || cell.Method == target.Scope2Method)
            .SelectMany(cell => _boundary.Of(cell.Place, cell.Month, cell.Scope, cell.Category, null, cell.Days).Where(part => target.Covers(part.Scope, part.Category)).Select(part => (
                Site: cell.Place.SiteId is { } site ? _sites.GetValueOrDefault(site, "") : cell.Place.Account, cell.ActivityType, part.Scope, part.Category,
                Kg: part.Of(cell.Kg))))
            .GroupBy(part => (part.Site, part.ActivityType, part.Scope, part.Category))
            .Select(group => new ScenarioSource(group.Key.Site, group.Key.ActivityType, group.Key.Scope, group.Key.Category, group.Sum(part => part.Kg)))
            .Where(source => source.KgCo2e != 0)
            .OrderBy(source => source.Scope).ThenBy(source => source.Category).ThenBy(source => source.Site, StringComparer.Ordinal).ThenBy(source => source.ActivityType, StringComparer.Ordinal),
    ];

    private TargetYearPoint PointOf(Target target, int year, decimal? set, Dictionary<int, decimal> path)
    {
        decimal? onPath = path.TryGetValue(year, out var point) ? point : null;
        var period = Periods.LastOrDefault(row => row.LastDay.Year == year);
        if (period is null)
        {
            return new TargetYearPoint(year, null, onPath, null, 0, null);
        }

        var cells = _cells.In(period).Where(cell => cell.Method is null || cell.Method == target.Scope2Method).ToList();
        var missing = cells.Where(cell => target.Covers(cell.Scope, cell.Category)).Sum(cell => cell.Missing);
        if (set is not null)
        {
            return new TargetYearPoint(year, period.Name, onPath, set, missing, null);
        }

        if (cells.Count == 0)
        {
            return new TargetYearPoint(year, period.Name, onPath, null, 0, $"The ledger holds nothing of {period.Name} yet.");
        }

        var (denominator, obstacle) = target.Kind == TargetKind.Intensity ? DenominatorOf(target, period) : (null, null);
        return new TargetYearPoint(
            year, period.Name, onPath, obstacle is null ? Value(PeriodFigures.Of(FiguresOf(period), target), target, denominator) : null, missing, obstacle);
    }

    private List<BaseYearFigure> FiguresOf(ReportingPeriod period) =>
        _figures.TryGetValue(period.Id, out var known) ? known : _figures[period.Id] = PeriodFigures.Of(_cells.In(period), _boundary);

    private static decimal? Value(decimal kg, Target target, decimal? denominator) =>
        target.Kind == TargetKind.Absolute ? kg : denominator is { } per && per != 0 ? Exact.Ratio(kg, 1m, per) : null;

    /// <summary>One currency, one unit of output: of a group with several nothing is added.</summary>
    private (string? Unit, string? Obstacle) UnitOf(Target target)
    {
        var units = _business.Where(figure => AmountOf(target, figure) is not null).Select(figure => target.Denominator switch
        {
            TargetDenominator.Revenue => figure.Currency ?? "",
            TargetDenominator.Output => figure.OutputUnit ?? "",
            TargetDenominator.FloorArea => "m²",
            _ => "full-time employee",
        }).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).ToList();
        return target.Kind == TargetKind.Absolute ? (null, null)
            : units.Count == 1 ? (units[0], null)
            : units.Count == 0 ? (null, "No entity has business figures of the kind that the intensity is counted per.")
            : (null, $"Business figures are in {string.Join(", ", units)}: what is counted in different units is never added.");
    }

    /// <summary>Over the entities that count, each with its mean share of the period.</summary>
    private (decimal? Value, string? Obstacle) DenominatorOf(Target target, ReportingPeriod period)
    {
        if (UnitOf(target).Obstacle is { } obstacle)
        {
            return (null, obstacle);
        }

        var sum = 0m;
        var known = false;
        foreach (var figure in _business.Where(figure => figure.PeriodId == period.Id))
        {
            if (AmountOf(target, figure) is { } amount)
            {
                (sum, known) = (sum + Exact.Product(amount, MeanShare(figure.OrganizationId, period)), true);
            }
        }

        return known && sum != 0 ? (sum, null) : (null, $"{period.Name} has no business figure of the kind that the intensity is counted per: it is missing, not zero.");
    }

    private decimal MeanShare(Guid entity, ReportingPeriod period)
    {
        var (sum, months) = (0m, 0);
        for (var month = PeriodLedger.FirstMonth(period.FirstDay); month <= period.LastDay; month = month.AddMonths(1))
        {
            (sum, months) = (sum + _boundary.ShareOf(entity, month), months + 1);
        }

        return Exact.Ratio(sum, 1m, months);
    }

    private static decimal? AmountOf(Target target, BusinessFigure figure) => target.Denominator switch
    {
        TargetDenominator.Revenue => figure.Revenue,
        TargetDenominator.FullTimeEmployees => figure.FullTimeEmployees,
        TargetDenominator.Output => figure.Output,
        TargetDenominator.FloorArea => figure.FloorArea,
        _ => null,
    };
}
