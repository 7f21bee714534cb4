using System.Data;
using System.Globalization;
using OffGridFlow.Core.Calculation;
using OffGridFlow.Core.Identity;
using OffGridFlow.Core.Inventory;
using OffGridFlow.Infrastructure.Persistence;
using OffGridFlow.Infrastructure.Persistence.PostgreSql;

namespace OffGridFlow.Infrastructure.Inventory;

/// <inheritdoc cref="IInventoryQueries"/>
internal sealed class InventoryQueries(TenantDatabase database, CurrentUser user, LedgerCache cache, MonthlyTotalsCache totals) : IInventoryQueries
{
    /// <summary>How cloud usage is called where activity types are asked for.</summary>
    internal const string CloudUsage = "Cloud usage";

    private static readonly Scope2Method[] BothViews = [Scope2Method.Location, Scope2Method.Market];

    public async Task<InventorySummary> SummarizeAsync(InventoryFilter filter, IReadOnlyList<InventoryDimension> groupBy, CancellationToken cancellationToken)
    {
        user.Require(Permissions.DashboardsRead);
        await using var unit = await database.OpenAsync(IsolationLevel.RepeatableRead, cancellationToken);
        var stamp = await InventoryBoundary.StampAsync(unit, cancellationToken);
        return await cache.GetAsync(
            unit, ("inventory", filter, string.Join(',', groupBy), stamp), () => SummarizeAsync(unit, totals, filter, groupBy, cancellationToken), summary => summary.Groups.Count,
            cancellationToken);
    }

    public async Task<InventoryViews> SummarizeViewsAsync(InventoryFilter filter, IReadOnlyList<InventoryDimension> groupBy, CancellationToken cancellationToken)
    {
        user.Require(Permissions.DashboardsRead);
        await using var unit = await database.OpenAsync(IsolationLevel.RepeatableRead, cancellationToken);
        var stamp = await InventoryBoundary.StampAsync(unit, cancellationToken);
        return await cache.GetAsync(
            unit, ("inventory views", filter with { Scope2Method = default }, string.Join(',', groupBy), stamp), () => SummarizeViewsAsync(unit, totals, filter, groupBy, cancellationToken),
            views => views.Location.Groups.Count + views.Market.Groups.Count, cancellationToken);
    }

    /// <summary>For who reads it in a transaction of their own.</summary>
    internal static async Task<InventorySummary> SummarizeAsync(
        TenantUnit unit, MonthlyTotalsCache totals, InventoryFilter filter, IReadOnlyList<InventoryDimension> groupBy, CancellationToken cancellationToken) =>
        (await SummarizeAsync(unit, totals, filter, groupBy, [filter.Scope2Method], cancellationToken))[0];

    /// <summary>For who reads them in a transaction of their own, such as the lock of a period.</summary>
    internal static async Task<InventoryViews> SummarizeViewsAsync(
        TenantUnit unit, MonthlyTotalsCache totals, InventoryFilter filter, IReadOnlyList<InventoryDimension> groupBy, CancellationToken cancellationToken)
    {
        var views = await SummarizeAsync(unit, totals, filter, groupBy, BothViews, cancellationToken);
        return new InventoryViews(views[0], views[1]);
    }

    private static async Task<IReadOnlyList<InventorySummary>> SummarizeAsync(
        TenantUnit unit, MonthlyTotalsCache totals, InventoryFilter filter, IReadOnlyList<InventoryDimension> groupBy, Scope2Method[] views, CancellationToken cancellationToken)
    {
        var number = await unit.Connection.ScalarAsync<long>("select value from ledger_sequences where tenant_id = current_tenant()", cancellationToken);
        var from = new DateOnly(filter.From.Year, filter.From.Month, 1);
        var boundary = await InventoryBoundary.ReadAsync(unit, from, InventoryBoundary.MonthEnd(filter.To), filter.Approach, cancellationToken);
        bool IsAskedFor(BoundaryRow row) =>
            (filter.OrganizationId is null || row.Treatment.OrganizationId == filter.OrganizationId) && (filter.Site is null || SiteOf(row) == filter.Site);
        var cells = await InventoryCells.ReadAsync(
            unit, totals, boundary.Months.Where(IsAskedFor), boundary.Parts.Where(IsAskedFor), views, KeysOf(filter, groupBy, views), cancellationToken);
        cells.RemoveAll(cell => (filter.Scope is not null && cell.CountedScope != filter.Scope) || (filter.Category is not null && cell.CountedCategory != filter.Category));
        return
        [
            .. views.Select(view => Summarize(
                filter with { Scope2Method = view }, groupBy, number, boundary, views.Length == 1 ? cells : cells.Where(cell => cell.Kind.View.Length == 0 || cell.Kind.View == view.ToString()))),
        ];
    }

    private static InventorySummary Summarize(
        InventoryFilter filter, IReadOnlyList<InventoryDimension> groupBy, long number, InventoryBoundary boundary, IEnumerable<InventoryCell> cells)
    {
        var sides = cells.ToLookup(cell => cell.Kind.IsComparison);
        var counted = sides[false].ToList();
        var groups = counted.Select(cell => (Keys: (IReadOnlyList<string>)[.. groupBy.Select(dimension => KeyOf(cell, dimension, filter.Scope2Method))], cell.Counted))
            .GroupBy(cell => string.Join('\u001f', cell.Keys))
            .Select(group => new InventoryGroup(group.First().Keys, Add(group.Select(cell => cell.Counted))))
            .Where(group => group.Figures != InventoryFigures.Zero);
        var ordered = groupBy is [InventoryDimension.Month]
            ? groups.OrderBy(group => group.Keys[0], StringComparer.Ordinal)
            : groups.OrderByDescending(group => group.Figures.KgCo2e).ThenBy(group => string.Join('\u001f', group.Keys), StringComparer.Ordinal);
        return new InventorySummary
        {
            Filter = filter,
            LedgerNumber = number,
            Groups = [.. ordered],
            Total = Add(counted.Select(cell => cell.Counted)),
            ComparisonOnly = Add(sides[true].Select(cell => cell.Counted)),
            Outside =
            [
                .. counted.Where(cell => cell.Row.Treatment.OrganizationId is not null).GroupBy(cell => cell.Row.Treatment.OrganizationId!.Value)
                    .Select(some => new InventoryOutside(
                        some.Key, some.Sum(cell => cell.OutsideKgCo2e), some.Where(cell => cell.IsInvested).Sum(cell => cell.Counted.KgCo2e), boundary.Entered.Contains(some.Key)))
                    .Where(some => some.KgCo2e != 0 || some.InvestedKgCo2e != 0)
                    .OrderByDescending(some => some.KgCo2e).ThenBy(some => some.OrganizationId),
            ],
            Unassigned = boundary.Unassigned,
            Organizations = boundary.Organizations,
            Shares = boundary.Shares,
        };
    }

    private static InventoryFigures Add(IEnumerable<InventoryFigures> figures) => figures.Aggregate(InventoryFigures.Zero, InventoryFigures.Add);

    /// <summary>By what cells are told apart, so that each stands in one group and what the filter leaves out can be left out.</summary>
    private static CellKeys KeysOf(InventoryFilter filter, IReadOnlyList<InventoryDimension> groupBy, Scope2Method[] views) =>
        groupBy.Select(KeysOf).Append(filter.Scope is null ? CellKeys.None : CellKeys.Scope).Append(filter.Category is null ? CellKeys.None : KeysOf(InventoryDimension.Category))
            .Append(views.Length == 1 ? CellKeys.None : CellKeys.View).Aggregate((all, keys) => all | keys);

    private static CellKeys KeysOf(InventoryDimension dimension) => dimension switch
    {
        InventoryDimension.Month => CellKeys.Month,
        InventoryDimension.Scope => CellKeys.Scope,
        InventoryDimension.Category => CellKeys.Scope | CellKeys.Category,
        InventoryDimension.Organization or InventoryDimension.Site => CellKeys.None,
        InventoryDimension.ActivityType => CellKeys.Service,
        InventoryDimension.Method => CellKeys.Scope | CellKeys.Method,
        _ => throw new ArgumentOutOfRangeException(nameof(dimension)),
    };

    private static string KeyOf(InventoryCell cell, InventoryDimension dimension, Scope2Method view) => dimension switch
    {
        InventoryDimension.Month => cell.Month.ToString("yyyy-MM", CultureInfo.InvariantCulture),
        InventoryDimension.Scope => cell.CountedScope.ToString(CultureInfo.InvariantCulture),
        InventoryDimension.Category => cell.CountedCategory.ToString(CultureInfo.InvariantCulture),
        InventoryDimension.Organization => cell.Row.Treatment.OrganizationId?.ToString("D") ?? "",
        InventoryDimension.Site => SiteOf(cell.Row),
        InventoryDimension.ActivityType => cell.Row.Provider == BoundaryRow.Entry ? cell.Kind.Service : CloudUsage,
        InventoryDimension.Method => Hyphenated(
            cell.Moves ? (cell.IsInvested ? CalculationMethod.InvestmentSpecific : CalculationMethod.AssetSpecific).ToString() : cell.Kind.Scope == 2 ? $"{view}Based" : cell.Kind.Method),
        _ => throw new ArgumentOutOfRangeException(nameof(dimension)),
    };

    private static string SiteOf(BoundaryRow row) => row.Provider == BoundaryRow.Entry ? row.Account : "";

    /// <summary><c>SpendBased</c> as <c>spend-based</c>.</summary>
    internal static string Hyphenated(string name) =>
        string.Concat(name.Select((letter, i) => i > 0 && char.IsUpper(letter) ? "-" + char.ToLowerInvariant(letter) : char.ToLowerInvariant(letter).ToString()));
}
