using System.Collections.Concurrent;
using Microsoft.Extensions.DependencyInjection;
using OffGridFlow.Core.Identity;
using OffGridFlow.Core.Jobs;
using OffGridFlow.Infrastructure.Jobs;
using OffGridFlow.Infrastructure.Persistence;
using OffGridFlow.Infrastructure.Persistence.PostgreSql;
using OffGridFlow.Tests.Imports;
using OffGridFlow.Tests.Persistence;

namespace OffGridFlow.Tests.Jobs;

/// <summary>Who may work on what: the rules that the database keeps, without a worker running.</summary>
public sealed class ClaimTests(PostgresFixture postgres) : IAsyncLifetime
{
    private static readonly TimeSpan Lease = TimeSpan.FromSeconds(5);
    private readonly Guid _tenant = Guid.CreateVersion7();
    private string _connectionString = null!;
    private ServiceProvider _services = null!;

    private static CancellationToken Ending => TestContext.Current.CancellationToken;

    private Ledger Ledger => new(_connectionString, _tenant);

    public async ValueTask InitializeAsync()
    {
        _connectionString = await postgres.CreateDatabaseAsync();
        _services = new ServiceCollection().AddPersistence(_connectionString).AddSingleton(TimeProvider.System).AddScoped<CurrentUser>().BuildServiceProvider();
        await Ledger.ExecuteAsync("select create_tenant($1, 'Claims', false, gen_random_uuid(), 'c@c.example', 'C@C.EXAMPLE', 'C', 'hash', 'stamp')");
    }

    public async ValueTask DisposeAsync()
    {
        await _services.DisposeAsync();
        await postgres.DropDatabaseAsync(_connectionString);
    }

    [Fact]
    public async Task Claim_ByManyWorkersAtOnce_GivesEachJobOnce()
    {
        await AddJobsAsync(40);
        var claimed = new ConcurrentBag<Guid>();

        await Task.WhenAll(Enumerable.Range(0, 6).Select(async worker =>
        {
            while (await ClaimAsync(FormattableString.Invariant($"worker {worker}")) is { } run)
                claimed.Add(run.Id);
        }));

        claimed.Count.ShouldBe(40);
        claimed.ShouldBeUnique();
        (await Ledger.CountAsync("job_runs", "attempts = 1 and fence = 1 and state = 'Running'")).ShouldBe(40);
    }

    [Fact]
    public async Task Claim_OfARunningJob_OnlyAfterItsWorkerWasSilentForTheLease()
    {
        await AddJobsAsync(1);
        var first = await ClaimAsync("first");

        var tooEarly = await ClaimAsync("second");
        await Ledger.ExecuteAsync("update job_runs set heartbeat_at = now() - interval '6 seconds' where tenant_id = $1");
        var second = await ClaimAsync("second");

        tooEarly.ShouldBeNull();
        second.ShouldNotBeNull().Id.ShouldBe(first!.Id);
        second.Attempts.ShouldBe(2);
        second.Fence.ShouldBe(first.Fence + 1);
    }

    [Fact]
    public async Task Complete_ByAStaleWorker_ThrowsAndItsWorkIsNotThere()
    {
        await AddJobsAsync(1);
        var stale = new JobContext((await ClaimAsync("stale"))!);
        await Ledger.ExecuteAsync("update job_runs set heartbeat_at = now() - interval '6 seconds' where tenant_id = $1");
        var holder = new JobContext((await ClaimAsync("holder"))!);

        await using (var unit = await OpenAsync())
        {
            unit.Audit("written.by.stale", "job");
            await unit.Context.SaveChangesAsync(Ending);
            await Should.ThrowAsync<LostClaimException>(() => stale.HoldClaimAsync(unit, Ending));
            await Should.ThrowAsync<LostClaimException>(() => stale.CompleteAsync(unit, JobState.Succeeded, null, Ending));
        }

        stale.Completed.ShouldBeFalse();
        (await Ledger.CountAsync("audit_entries", "action = 'written.by.stale'")).ShouldBe(0);
        await using var last = await OpenAsync();
        await holder.HoldClaimAsync(last, Ending);
        await holder.CompleteAsync(last, JobState.Succeeded, null, Ending);
        await last.CommitAsync(Ending);
        (await Ledger.CountAsync("job_runs", "state = 'Succeeded'")).ShouldBe(1);
    }

    [Fact]
    public async Task HoldClaim_KeepsTheJobFromOthersUntilTheUnitEnds()
    {
        await AddJobsAsync(1);
        var holder = new JobContext((await ClaimAsync("holder"))!);
        await Ledger.ExecuteAsync("update job_runs set heartbeat_at = now() - interval '6 seconds' where tenant_id = $1");

        JobRun? meanwhile;
        await using (var unit = await OpenAsync())
        {
            await holder.HoldClaimAsync(unit, Ending);
            meanwhile = await ClaimAsync("other");
        }

        meanwhile.ShouldBeNull();
        (await ClaimAsync("other")).ShouldNotBeNull();
    }

    [Fact]
    public async Task Complete_AfterSomebodyWasToldThatItIsCancelled_DoesNotSucceed()
    {
        await AddJobsAsync(1);
        var job = new JobContext((await ClaimAsync("worker"))!);
        await Ledger.ExecuteAsync("update job_runs set cancel_requested = true where tenant_id = $1");

        await using (var unit = await OpenAsync())
            await Should.ThrowAsync<CancelRequestedException>(() => job.CompleteAsync(unit, JobState.Succeeded, null, Ending));
        job.Completed.ShouldBeFalse();

        await using var last = await OpenAsync();
        await job.CompleteAsync(last, JobState.Cancelled, null, Ending);
        await last.CommitAsync(Ending);
        (await Ledger.CountAsync("job_runs", "state = 'Cancelled'")).ShouldBe(1);
    }

    private Task<int> AddJobsAsync(int count) => Ledger.ExecuteAsync(
        """
        insert into job_runs (id, tenant_id, kind, subject_id, state, attempts, fence, queued_at, progress_done, cancel_requested)
        select gen_random_uuid(), $1, 'import', gen_random_uuid(), 'Queued', 0, 0, now(), 0, false from generate_series(1, $2)
        """,
        count);

    private async Task<JobRun?> ClaimAsync(string worker)
    {
        await using var connection = await _services.GetRequiredService<Database>().App.OpenConnectionAsync(Ending);
        var claimed = await connection.ListAsync(
            "select id, tenant_id, attempts, fence from claim_job($1, $2)",
            row => new JobRun
            {
                Id = row.GetGuid(0), TenantId = row.GetGuid(1), Kind = "import", SubjectId = Guid.Empty, State = JobState.Running, Attempts = row.GetInt32(2),
                Fence = row.GetInt64(3), QueuedAt = default,
            },
            Ending, worker, Lease);
        return claimed.SingleOrDefault();
    }

    private async Task<TenantUnit> OpenAsync()
    {
        var scope = _services.CreateScope();
        scope.ServiceProvider.GetRequiredService<CurrentUser>().Become(new Actor(_tenant, null, "Test", TenantRole.Admin));
        return await scope.ServiceProvider.GetRequiredService<TenantDatabase>().OpenAsync(Ending);
    }
}
