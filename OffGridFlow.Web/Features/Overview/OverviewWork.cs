using OffGridFlow.Core.Identity;
using OffGridFlow.Infrastructure.ActivityData;
using OffGridFlow.Infrastructure.Inventory;
using OffGridFlow.Infrastructure.Organizations;

namespace OffGridFlow.Web.Features.Overview;

/// <summary>What is to be done, beside the figures.</summary>
/// <param name="Completeness">Null for whoever may not see activity data.</param>
public sealed record OverviewWorkload(IReadOnlyList<WaitingItem> Waiting, CompletenessTable? Completeness);

public interface IOverviewWork
{
    /// <param name="first">First month shown; of more than a year the last twelve count.</param>
    /// <param name="last">Last month shown.</param>
    Task<OverviewWorkload> LoadAsync(DateOnly first, DateOnly last, CancellationToken cancellationToken);

    /// <summary>Whether there is a place that data could be entered for. False too for whoever may not see any.</summary>
    Task<bool> HasSitesAsync(CancellationToken cancellationToken);

    /// <summary>First and last day of the latest reporting period that has begun: what is shown where no months are asked for. Null where there is none.</summary>
    Task<(DateOnly From, DateOnly To)?> FindPeriodAsync(CancellationToken cancellationToken);
}

internal sealed class OverviewWork(
    WaitingWork waiting, CompletenessService completeness, SiteService sites, InventoryReports reports, CurrentUser user, TimeProvider time) : IOverviewWork
{
    private const int MostMonths = 12;

    public async Task<OverviewWorkload> LoadAsync(DateOnly first, DateOnly last, CancellationToken cancellationToken)
    {
        var items = await waiting.ListAsync(cancellationToken);
        var earliest = last.AddMonths(1 - MostMonths);
        var table = user.Actor.Allows(Permissions.ActivityDataRead) ? await completeness.LoadAsync(first > earliest ? first : earliest, last, cancellationToken) : null;
        return new OverviewWorkload(items, table);
    }

    public async Task<bool> HasSitesAsync(CancellationToken cancellationToken) =>
        user.Require(Permissions.DashboardsRead).Allows(Permissions.ActivityDataRead) && (await sites.ListAsync(cancellationToken)).Count > 0;

    public async Task<(DateOnly From, DateOnly To)?> FindPeriodAsync(CancellationToken cancellationToken)
    {
        var today = DateOnly.FromDateTime(time.GetUtcNow().UtcDateTime);
        return (await reports.ListPeriodsAsync(cancellationToken)).FirstOrDefault(period => period.FirstDay <= today) is { } latest ? (latest.FirstDay, latest.LastDay) : null;
    }
}
