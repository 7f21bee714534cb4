using Microsoft.EntityFrameworkCore;
using OffGridFlow.Core.Identity;
using OffGridFlow.Core.Inventory;
using OffGridFlow.Core.Organizations;
using OffGridFlow.Infrastructure.Persistence;

namespace OffGridFlow.Infrastructure.Inventory;

/// <summary>The totals of one approach. Masses in kg CO2e, of all scopes.</summary>
public sealed record ApproachTotals(ConsolidationApproach Approach, decimal LocationKgCo2e, decimal MarketKgCo2e, decimal OutsideKgCo2e);

/// <summary>A category of Scope 3 that is left out of a period, as decided.</summary>
public sealed record ExcludedCategory(int Category, string? Reason, decimal? EstimatedTonnes, bool IsApproved);

/// <summary>An inventory as the page and its download show it.</summary>
public sealed record InventoryReport
{
    /// <summary>By what <see cref="Location"/> and <see cref="Market"/> are divided; a key's place in their groups.</summary>
    public const int ScopeKey = 0, CategoryKey = 1, OrganizationKey = 2, SiteKey = 3, MethodKey = 4;

    public required ReportingPeriod Period { get; init; }
    public required InventorySummary Location { get; init; }
    public required InventorySummary Market { get; init; }

    /// <summary>All three, in their order.</summary>
    public required IReadOnlyList<ApproachTotals> Approaches { get; init; }
    public required IReadOnlyList<ExcludedCategory> Excluded { get; init; }

    /// <summary>How many of the 15 categories nobody has decided on.</summary>
    public required int Undecided { get; init; }
    public required IReadOnlyList<Intensity> Intensities { get; init; }
}

/// <summary>Inventories of reporting periods.</summary>
public sealed class InventoryReports(TenantDatabase database, CurrentUser user, IInventoryQueries queries)
{
    private static readonly InventoryDimension[] Divided =
        [InventoryDimension.Scope, InventoryDimension.Category, InventoryDimension.Organization, InventoryDimension.Site, InventoryDimension.Method];

    /// <summary>The latest first.</summary>
    public async Task<IReadOnlyList<ReportingPeriod>> ListPeriodsAsync(CancellationToken cancellationToken)
    {
        user.Require(Permissions.DashboardsRead);
        await using var unit = await database.OpenAsync(cancellationToken);
        return await unit.Context.ReportingPeriods.OrderByDescending(period => period.FirstDay).ToListAsync(cancellationToken);
    }

    /// <summary>Null where there is no such period.</summary>
    public async Task<ReportingPeriod?> FindPeriodAsync(Guid id, CancellationToken cancellationToken)
    {
        user.Require(Permissions.DashboardsRead);
        await using var unit = await database.OpenAsync(cancellationToken);
        return await unit.Context.ReportingPeriods.SingleOrDefaultAsync(period => period.Id == id, cancellationToken);
    }

    public async Task<InventoryReport> ReadAsync(ReportingPeriod period, ConsolidationApproach approach, CancellationToken cancellationToken)
    {
        user.Require(Permissions.DashboardsRead);
        var (location, market) = await BothAsync(period, approach, Divided, cancellationToken);
        var approaches = new List<ApproachTotals>();
        foreach (var one in Enum.GetValues<ConsolidationApproach>())
        {
            var (itsLocation, itsMarket) = one == approach ? new InventoryViews(location, market) : await BothAsync(period, one, [], cancellationToken);
            approaches.Add(new ApproachTotals(one, itsLocation.Total.KgCo2e, itsMarket.Total.KgCo2e, itsLocation.OutsideKgCo2e));
        }

        await using var unit = await database.OpenAsync(cancellationToken);
        var (excluded, undecided) = await DecisionsAsync(unit, period, cancellationToken);
        return new InventoryReport
        {
            Period = period,
            Location = location,
            Market = market,
            Approaches = approaches,
            Excluded = excluded,
            Undecided = undecided,
            Intensities = await IntensitiesAsync(unit, period, location, market, cancellationToken),
        };
    }

    public async Task<IReadOnlyList<Intensity>> IntensitiesAsync(ReportingPeriod period, ConsolidationApproach approach, CancellationToken cancellationToken)
    {
        user.Require(Permissions.DashboardsRead);
        var (location, market) = await BothAsync(period, approach, [], cancellationToken);
        await using var unit = await database.OpenAsync(cancellationToken);
        return await IntensitiesAsync(unit, period, location, market, cancellationToken);
    }

    private Task<InventoryViews> BothAsync(ReportingPeriod period, ConsolidationApproach approach, IReadOnlyList<InventoryDimension> groupBy, CancellationToken cancellationToken) =>
        queries.SummarizeViewsAsync(new InventoryFilter { From = period.FirstDay, To = period.LastDay, Approach = approach }, groupBy, cancellationToken);

    /// <summary>What is left out by decision, and on how many of the 15 categories nobody has decided.</summary>
    internal static async Task<(IReadOnlyList<ExcludedCategory> Excluded, int Undecided)> DecisionsAsync(TenantUnit unit, ReportingPeriod period, CancellationToken cancellationToken)
    {
        var decisions = (await unit.Context.BoundaryDecisions.Where(decision => decision.PeriodId == period.Id).ToListAsync(cancellationToken))
            .GroupBy(decision => decision.Category).Select(versions => versions.MaxBy(decision => decision.Version)!).OrderBy(decision => decision.Category).ToList();
        return (
            [
                .. decisions.Where(decision => decision.Choice == BoundaryChoice.Excluded)
                    .Select(decision => new ExcludedCategory(decision.Category, decision.Reason, decision.EstimatedTonnes, decision.ApprovedAt is not null)),
            ],
            BoundaryDecision.LastCategory - decisions.Count);
    }

    internal static async Task<IReadOnlyList<Intensity>> IntensitiesAsync(
        TenantUnit unit, ReportingPeriod period, InventorySummary location, InventorySummary market, CancellationToken cancellationToken)
    {
        var figures = (await unit.Context.BusinessFigures.Where(figure => figure.PeriodId == period.Id).ToListAsync(cancellationToken))
            .GroupBy(figure => figure.OrganizationId).ToDictionary(versions => versions.Key, versions => versions.MaxBy(figure => figure.Version)!);
        var entities = location.Shares.Select(entity => new IntensityEntity(location.Organizations[entity.Key], entity.Value, figures.GetValueOrDefault(entity.Key)))
            .OrderBy(entity => entity.Name, StringComparer.Ordinal).ToList();
        return Intensity.Of(entities, location.Total.KgCo2e, market.Total.KgCo2e);
    }
}
