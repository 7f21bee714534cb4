using OffGridFlow.Infrastructure.Inventory;
using OffGridFlow.Web.Features.Overview;

namespace OffGridFlow.Tests.Web;

internal sealed class FakeOverviewWork : IOverviewWork
{
    public List<WaitingItem> Waiting { get; } = [];

    public bool HasSites { get; set; }

    public Task<OverviewWorkload> LoadAsync(DateOnly first, DateOnly last, CancellationToken cancellationToken) => Task.FromResult(new OverviewWorkload(Waiting, null));

    public (DateOnly From, DateOnly To)? Period { get; set; }

    public Task<(DateOnly From, DateOnly To)?> FindPeriodAsync(CancellationToken cancellationToken) => Task.FromResult(Period);

    public Task<bool> HasSitesAsync(CancellationToken cancellationToken) => Task.FromResult(HasSites);
}
