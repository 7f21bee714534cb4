using System.Data;
using OffGridFlow.Core.Identity;
using OffGridFlow.Core.Inventory;
using OffGridFlow.Core.Organizations;
using OffGridFlow.Infrastructure.Persistence;
using OffGridFlow.Infrastructure.Persistence.PostgreSql;

namespace OffGridFlow.Infrastructure.Inventory;

/// <summary>An inventory as its workbook shows it: all of one state of the ledger.</summary>
public sealed record InventoryDownload
{
    /// <summary>A key's place in the groups of <see cref="Location"/> and <see cref="Market"/>.</summary>
    public const int ScopeKey = 0, CategoryKey = 1, OrganizationKey = 2, SiteKey = 3, MethodKey = 4, ActivityTypeKey = 5;

    public required string Company { get; init; }

    /// <summary>True for the fictional company, whose figures are marked wherever they are shown.</summary>
    public required bool IsDemo { get; init; }

    /// <summary>Null where days were asked for: decisions and figures of the business are those of a period.</summary>
    public required ReportingPeriod? Period { get; init; }
    public required InventorySummary Location { get; init; }
    public required InventorySummary Market { get; init; }

    /// <summary>All three, in their order.</summary>
    public required IReadOnlyList<ApproachTotals> Approaches { get; init; }
    public required IReadOnlyList<ExcludedCategory> Excluded { get; init; }

    /// <summary>How many of the 15 categories nobody has decided on.</summary>
    public required int Undecided { get; init; }
    public required IReadOnlyList<Intensity> Intensities { get; init; }
    public required EnergyStatement Energy { get; init; }
}

/// <summary>Inventories that are taken out.</summary>
public sealed class InventoryExports(TenantDatabase database, CurrentUser user, MonthlyTotalsCache totals)
{
    private static readonly InventoryDimension[] Divided =
    [
        InventoryDimension.Scope, InventoryDimension.Category, InventoryDimension.Organization, InventoryDimension.Site, InventoryDimension.Method, InventoryDimension.ActivityType,
    ];

    /// <summary>Reads everything in one transaction, so that the sheets agree whatever is entered meanwhile.</summary>
    /// <param name="filter">Its view of Scope 2 is not looked at: both are read. An intensity is of a whole inventory: one that is narrowed has none.</param>
    public async Task<InventoryDownload> ReadAsync(ReportingPeriod? period, InventoryFilter filter, CancellationToken cancellationToken)
    {
        user.Require(Permissions.DashboardsRead);
        await using var unit = await database.OpenAsync(IsolationLevel.RepeatableRead, cancellationToken);
        var (location, market) = await InventoryQueries.SummarizeViewsAsync(unit, totals, filter, Divided, cancellationToken);
        var approaches = new List<ApproachTotals>();
        foreach (var one in Enum.GetValues<ConsolidationApproach>())
        {
            var (itsLocation, itsMarket) = one == filter.Approach ? new InventoryViews(location, market)
                : await InventoryQueries.SummarizeViewsAsync(unit, totals, filter with { Approach = one }, [], cancellationToken);
            approaches.Add(new ApproachTotals(one, itsLocation.Total.KgCo2e, itsMarket.Total.KgCo2e, itsLocation.OutsideKgCo2e));
        }

        var (excluded, undecided) = period is null ? ([], 0) : await InventoryReports.DecisionsAsync(unit, period, cancellationToken);
        var tenant = await unit.Connection.ListAsync(
            "select name, is_demo from tenants where id = current_tenant()", row => (Name: row.GetString(0), IsDemo: row.GetBoolean(1)), cancellationToken);
        return new InventoryDownload
        {
            Company = tenant[0].Name,
            IsDemo = tenant[0].IsDemo,
            Period = period,
            Location = location,
            Market = market,
            Approaches = approaches,
            Excluded = excluded,
            Undecided = undecided,
            Intensities = period is null || filter.IsNarrowed ? [] : await InventoryReports.IntensitiesAsync(unit, period, location, market, cancellationToken),
            Energy = await EnergyQueries.ReadAsync(unit, filter, cancellationToken),
        };
    }

    /// <summary>Writes down, before anything leaves, who takes which inventory.</summary>
    public async Task RecordAsync(InventoryDownload download, string fileName, CancellationToken cancellationToken)
    {
        user.Require(Permissions.DashboardsRead);
        var filter = download.Location.Filter;
        await using var unit = await database.OpenAsync(cancellationToken);
        unit.Audit(
            "inventory.exported",
            download.Period is null ? "inventory" : $"reporting-period/{download.Period.Id}",
            new
            {
                fileName, period = download.Period?.Name, filter.From, filter.To, approach = filter.Approach.ToString(), filter.Scope, filter.Category, filter.OrganizationId, filter.Site, locationKgCo2e = download.Location.Total.KgCo2e,
                marketKgCo2e = download.Market.Total.KgCo2e, ledgerNumber = download.Location.LedgerNumber,
            });
        await unit.CommitAsync(cancellationToken);
    }
}
