using Microsoft.Extensions.DependencyInjection;
using OffGridFlow.Core.Identity;
using OffGridFlow.Infrastructure.Inventory;
using OffGridFlow.Tests.Calculation;

namespace OffGridFlow.Tests.Inventory;

/// <summary>What Overview says waits for whoever looks.</summary>
public sealed class WaitingWorkTests(AppFixture apps) : IClassFixture<AppFixture>
{
    [Fact]
    public async Task List_HoldsWhatThePersonMayDo_AndNotWhatAnotherHasTo()
    {
        await using var world = await EntryWorld.CreateAsync(apps);
        await world.SaveAsync(world.AYear());
        var (ada, grace) = (Guid.CreateVersion7(), Guid.CreateVersion7());
        await world.Client.Ledger.ExecuteAsync("insert into activity_entry_policies (tenant_id, asks_for_second_person, changed_by, changed_at) values ($1, true, 'Ada', now())");
        await world.Client.Ledger.ExecuteAsync(FormattableString.Invariant($"update activity_entries set status = 'Approved', changed_by_id = '{ada}' where tenant_id = $1"));
        await world.Client.Ledger.ExecuteAsync("delete from calculation_exceptions where tenant_id = $1");
        (await ListAsync(world, ada, TenantRole.Admin)).ShouldBeEmpty();

        await world.Client.Ledger.ExecuteAsync("update activity_entries set status = 'Submitted' where id in (select id from activity_entries where tenant_id = $1 order by id limit 3)");
        await world.Client.Ledger.ExecuteAsync("update activity_entries set status = 'Draft' where id in (select id from activity_entries where tenant_id = $1 and status = 'Approved' order by id limit 2)");
        await world.Client.Ledger.ExecuteAsync(
            """
            insert into calculation_runs (id, tenant_id, number, kind, title, state, years, activity_types, entries, changed, new_exceptions, cleared_exceptions, proposed_by_id, proposed_by, proposed_at)
            select new_id(), $1, 1, 'Factors', 'New edition', 'Proposed', '{}', '{}', 9, 5, 0, 0, changed_by_id, 'Ada', now() from activity_entries where tenant_id = $1 limit 1
            """);

        Kinds(await ListAsync(world, ada, TenantRole.Admin)).ShouldBe([(WaitingKind.Unsubmitted, 2)]);
        Kinds(await ListAsync(world, grace, TenantRole.Admin)).ShouldBe([(WaitingKind.Run, 5), (WaitingKind.Approvals, 3)]);
        Kinds(await ListAsync(world, grace, TenantRole.Analyst)).ShouldBe([(WaitingKind.Approvals, 3)]);
        (await ListAsync(world, grace, TenantRole.Viewer)).ShouldBeEmpty();
    }

    private static IEnumerable<(WaitingKind Kind, long Count)> Kinds(IEnumerable<WaitingItem> items) => items.Select(item => (item.Kind, item.Count));

    private async Task<IReadOnlyList<WaitingItem>> ListAsync(EntryWorld world, Guid person, TenantRole role)
    {
        await using var scope = apps.App.App.Services.CreateAsyncScope();
        scope.ServiceProvider.GetRequiredService<CurrentUser>().Become(new Actor(world.Client.Ledger.Tenant, person, "A person", role));
        return await scope.ServiceProvider.GetRequiredService<WaitingWork>().ListAsync(TestContext.Current.CancellationToken);
    }
}
