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

    [Fact]
    public async Task Claim_ByManyWorkersAtOnce_NeverRunsTwoOfOneLane_AndKeepsTheOrder()
    {
        // Jobs of one, two or three of five lanes; each is ended a moment after it was given out, while others claim.
        await Ledger.ExecuteAsync(
            """
            insert into job_runs (id, tenant_id, kind, subject_id, state, attempts, fence, queued_at, progress_done, cancel_requested, lanes)
            select gen_random_uuid(), $1, 'import', gen_random_uuid(), 'Queued', 0, 0, now() + n * interval '1 ms', 0, false,
              array(select 'lane' || (n * 7 + l * l) % 5 from generate_series(0, n % 3) as l)
            from generate_series(1, 120) as n
            """);
        var expected = (await Ledger.ListAsync(
            "select id, lanes from job_runs where tenant_id = $1 order by queued_at, id", row => (Id: row.GetGuid(0), Lanes: row.GetFieldValue<string[]>(1)))).ToList();
        var lanesOf = expected.ToDictionary(job => job.Id, job => job.Lanes);
        var given = new List<Guid>();
        var busy = new HashSet<string>();
        var clashes = 0;
        var gate = new Lock();

        await Task.WhenAll(Enumerable.Range(0, 8).Select(async worker =>
        {
            while (true)
            {
                var run = await ClaimAsync(FormattableString.Invariant($"worker {worker}"));
                if (run is null)
                {
                    if (await Ledger.CountAsync("job_runs", "state in ('Queued', 'Running')") == 0) return;
                    continue;
                }

                lock (gate)
                {
                    given.Add(run.Id);
                    clashes += lanesOf[run.Id].Distinct().Count(lane => !busy.Add(lane));
                }

                await Task.Yield();
                lock (gate) busy.ExceptWith(lanesOf[run.Id]);
                await Ledger.ExecuteAsync("update job_runs set state = 'Succeeded', heartbeat_at = null where tenant_id = $1 and id = $2", run.Id);
            }
        }));

        clashes.ShouldBe(0);
        given.Count.ShouldBe(120);
        given.ShouldBeUnique();
        foreach (var lane in lanesOf.Values.SelectMany(lanes => lanes).Distinct())
            given.Where(id => lanesOf[id].Contains(lane)).ShouldBe(expected.Where(job => job.Lanes.Contains(lane)).Select(job => job.Id), lane);
    }

    [Fact]
    public async Task Claim_OfALaneThatIsTaken_WaitsAndOthersGoOn()
    {
        var first = await AddLaneAsync("a");
        var second = await AddLaneAsync("a", "b");
        var third = await AddLaneAsync("b");
        var fourth = await AddLaneAsync("c");

        (await ClaimAsync("one"))!.Id.ShouldBe(first);
        // The third shares nothing with what runs; but the second came before it.
        (await ClaimAsync("two"))!.Id.ShouldBe(fourth);
        (await ClaimAsync("three")).ShouldBeNull();
        await EndAsync(first);
        (await ClaimAsync("one"))!.Id.ShouldBe(second);
        (await ClaimAsync("two")).ShouldBeNull();
        await EndAsync(second);
        (await ClaimAsync("two"))!.Id.ShouldBe(third);
    }

    [Fact]
    public async Task Claim_OfAJobThatPausesBetweenAttempts_KeepsItsPlaceInTheLane()
    {
        var pausing = await AddLaneAsync("a");
        await AddLaneAsync("a");
        await Ledger.ExecuteAsync("update job_runs set not_before = now() + interval '1 hour', attempts = 1 where tenant_id = $1 and id = $2", pausing);

        (await ClaimAsync("one")).ShouldBeNull();
        await Ledger.ExecuteAsync("update job_runs set not_before = now() - interval '1 second' where tenant_id = $1 and id = $2", pausing);

        (await ClaimAsync("one"))!.Id.ShouldBe(pausing);
    }

    [Fact]
    public async Task Claim_OfARunningJobWhoseWorkerDied_WaitsForNobodyInItsLane()
    {
        var running = await AddLaneAsync("a");
        await ClaimAsync("dead");
        // Queued earlier by its clock, seen later.
        await Ledger.ExecuteAsync("update job_runs set queued_at = now() + interval '1 minute', heartbeat_at = now() - interval '6 seconds' where tenant_id = $1");
        await AddLaneAsync("a");

        (await ClaimAsync("heir"))!.Id.ShouldBe(running);
        (await ClaimAsync("other")).ShouldBeNull();
    }

    [Fact]
    public async Task Claim_OfLanesOfAnotherTenant_DoesNotWait()
    {
        var other = Guid.CreateVersion7();
        await Ledger.ExecuteAsync("select create_tenant($1, 'Other', false, gen_random_uuid(), 'o@o.example', 'O@O.EXAMPLE', 'O', 'hash', 'stamp')".Replace("$1", $"'{other}'", StringComparison.Ordinal));
        await AddLaneAsync("a");
        await new Ledger(_connectionString, other).ExecuteAsync(AddLane, (object)new[] { "a" });

        (await ClaimAsync("one")).ShouldNotBeNull();
        (await ClaimAsync("two")).ShouldNotBeNull().TenantId.ShouldBe(other);
    }

    [Fact]
    public async Task LanesMeet_OfManyAndFew_IsTheSame()
    {
        const string Many = "array(select 'lane' || n from generate_series($2::int, $2::int + 4999) as n)";
        var meeting = await Ledger.ScalarAsync<bool>($"select lanes_meet({Many}, array(select 'lane' || n from generate_series(4999, 9999) as n)) where $1::uuid is not null", 0);
        var apart = await Ledger.ScalarAsync<bool>($"select lanes_meet({Many}, array(select 'lane' || n from generate_series(5000, 9999) as n)) where $1::uuid is not null", 0);

        meeting.ShouldBeTrue();
        apart.ShouldBeFalse();
        (await Ledger.ScalarAsync<bool>("select lanes_meet('{}', '{}') or lanes_meet('{a}', '{}') or lanes_meet('{a}', '{b}')")).ShouldBeFalse();
        (await Ledger.ScalarAsync<bool>("select lanes_meet('{a,b}', '{b,c}')")).ShouldBeTrue();
    }

    private const string AddLane =
        """
        insert into job_runs (id, tenant_id, kind, subject_id, state, attempts, fence, queued_at, progress_done, cancel_requested, lanes)
        values (gen_random_uuid(), $1, 'import', gen_random_uuid(), 'Queued', 0, 0, clock_timestamp(), 0, false, $2) returning id
        """;

    private Task<Guid> AddLaneAsync(params string[] lanes) => Ledger.ScalarAsync<Guid>(AddLane, (object)lanes);

    private Task<int> EndAsync(Guid job) => Ledger.ExecuteAsync("update job_runs set state = 'Succeeded' where tenant_id = $1 and id = $2", job);

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
