using OffGridFlow.Core.Calculation;
using OffGridFlow.Core.Organizations;
using OffGridFlow.Core.Targets;

namespace OffGridFlow.Infrastructure.Targets;

/// <summary>What counts of a period's cells under a boundary.</summary>
internal static class PeriodFigures
{
    /// <summary>By entity, scope and category, both views of Scope 2, in that order.</summary>
    public static List<BaseYearFigure> Of(IEnumerable<LedgerCell> cells, GroupBoundary boundary) =>
        Sum(cells.SelectMany(cell => Counted(boundary, cell.Place, cell.Month, cell.Scope, cell.Category, cell.Method, cell.Kg, cell.Days)));

    public static List<BaseYearFigure> Of(IEnumerable<LedgerMove> moves, GroupBoundary boundary) =>
        Sum(moves.SelectMany(move => Counted(boundary, move.Place, move.Month, move.Scope, move.Category, move.Method, move.Kg, move.Days)));

    public static List<BaseYearFigure> Sum(IEnumerable<BaseYearFigure> figures) =>
    [
        .. figures.GroupBy(figure => (figure.Entity, figure.Scope, figure.Category, figure.Method))
            .Select(group => new BaseYearFigure(group.Key.Entity, group.Key.Scope, group.Key.Category, group.Key.Method, group.Sum(figure => figure.KgCo2e)))
            .Where(figure => figure.KgCo2e != 0)
            .OrderBy(figure => figure.Entity).ThenBy(figure => figure.Scope).ThenBy(figure => figure.Category).ThenBy(figure => figure.Method),
    ];

    /// <summary>kg CO2e of a target's scopes and categories, in its view of Scope 2.</summary>
    public static decimal Of(IEnumerable<BaseYearFigure> figures, Target target) =>
        figures.Where(figure => target.Covers(figure.Scope, figure.Category) && (figure.Method is null || figure.Method == target.Scope2Method)).Sum(figure => figure.KgCo2e);

    /// <summary>Those of the whole months of a period.</summary>
    public static IEnumerable<LedgerCell> In(this IEnumerable<LedgerCell> cells, ReportingPeriod period) =>
        cells.Where(cell => cell.Month >= PeriodLedger.FirstMonth(period.FirstDay) && cell.Month <= period.LastDay);

    private static IEnumerable<BaseYearFigure> Counted(
        GroupBoundary boundary, Place place, DateOnly month, int scope, int category, Scope2Method? method, decimal kg, MonthDays? days) =>
        boundary.Of(place, month, scope, category, method, days).Select(part => new BaseYearFigure(
            part.Entity, part.Scope, part.Category, part.Scope == 2 ? method : null, part.Of(kg)));
}
