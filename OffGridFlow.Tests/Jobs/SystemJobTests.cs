using System.Net;
using Microsoft.Extensions.DependencyInjection;
using OffGridFlow.Core.Identity;
using OffGridFlow.Core.Jobs;
using OffGridFlow.Infrastructure.Imports;
using OffGridFlow.Infrastructure.Jobs;
using OffGridFlow.Tests.Imports;
using Quartz;

namespace OffGridFlow.Tests.Jobs;

/// <summary>The installation's own jobs: what they find, who may see and start them.</summary>
public sealed class SystemJobTests(AppFixture apps) : IClassFixture<AppFixture>
{
    private static CancellationToken Ending => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Proof_OfTotalsThatHold_CountsTheCells_AndNamesAnyThatDoNot()
    {
        using var client = await apps.NewTenantAsync();
        using var other = await apps.NewTenantAsync();
        await client.ImportAsync(TestBill.Generate(new() { Rows = 500, Seed = 3, Accounts = 2, Months = 2 }).File);
        await other.ImportAsync(TestBill.File(TestBill.Line("a")));
        using var admin = As(client);
        using var neighbor = As(other);

        var good = await RunAsync(admin, SystemSchedules.MonthlyTotalsProof);
        await client.Ledger.ExecuteAsync("delete from monthly_totals where tenant_id = $1 and ctid = (select max(ctid) from monthly_totals where tenant_id = $1)");
        await client.Ledger.ExecuteAsync("update monthly_totals set cost = cost + 0.000000000001 where tenant_id = $1 and ctid = (select min(ctid) from monthly_totals where tenant_id = $1)");
        var bad = await RunAsync(admin, SystemSchedules.MonthlyTotalsProof);

        good.State.ShouldBe(JobState.Succeeded, good.Error);
        good.Result["cells"].ShouldBe(await client.Ledger.ScalarAsync<long>("select count(*) from monthly_totals") + 1);
        good.Result["differing"].ShouldBe(0);
        bad.State.ShouldBe(JobState.Failed);
        bad.Result["differing"].ShouldBe(2);
        bad.Error!.ShouldContain("2 of ");
        bad.Error!.ShouldContain("of 1 of ");
        // Other administrators see that it failed, and nothing of whose figures they are.
        var seen = (await neighbor.Console.ListAsync(new JobFilter(JobState.Failed), null, 10, Ending)).Rows.ShouldHaveSingleItem();
        seen.Id.ShouldBe(bad.Id);
        seen.CreatedBy.ShouldBe(SystemJobRun.ByAdministrator);
        seen.Error!.ShouldNotContain(client.Ledger.Tenant.ToString());
        (await client.Ledger.AuditAsync($"schedule/{SystemSchedules.MonthlyTotalsProof}")).ShouldBe(["schedule.run", "schedule.run"]);
    }

    [Fact]
    public async Task UnfinishedUploads_OlderThanADay_AreRemoved_AndNothingElse()
    {
        using var client = await apps.NewTenantAsync();
        await client.ImportAsync(TestBill.File(TestBill.Line("a")));
        using var admin = As(client);
        var folder = Path.Combine(apps.App.DataDirectory, "documents", client.Ledger.Tenant.ToString());
        var store = apps.App.App.Services.GetRequiredService<DocumentStore>();
        using var held = await store.ReceiveAsync(client.Ledger.Tenant, new MemoryStream([1, 2, 3]), Ending);
        var old = Path.Combine(folder, "old.part");
        var young = Path.Combine(folder, "young.part");
        var open = Path.Combine(folder, "open.part");
        await File.WriteAllBytesAsync(old, new byte[1000], Ending);
        await File.WriteAllBytesAsync(young, new byte[10], Ending);
        // As another process would hold it.
        await using var holder = new FileStream(open, FileMode.CreateNew, FileAccess.Write, FileShare.None);
        var kept = Directory.GetFiles(folder, "*", SearchOption.AllDirectories).Where(path => path != old).Order().ToList();
        foreach (var path in kept.Append(old).Where(path => path != young))
            File.SetLastWriteTimeUtc(path, TimeProvider.System.GetUtcNow().UtcDateTime.AddHours(-25));

        var run = await RunAsync(admin, SystemSchedules.UnfinishedUploads);

        run.State.ShouldBe(JobState.Succeeded, run.Error);
        run.Result.ShouldBe(new Dictionary<string, long> { ["files"] = 1, ["bytes"] = 1000 }, ignoreOrder: true);
        Directory.GetFiles(folder, "*", SearchOption.AllDirectories).Order().ShouldBe(kept);
    }

    [Fact]
    public async Task Schedules_BelongToAdministrators()
    {
        using var client = await apps.NewTenantAsync();
        using var analyst = As(client, TenantRole.Analyst);
        using var manager = As(client, TenantRole.ComplianceManager);

        foreach (var person in new[] { analyst, manager })
        {
            await Should.ThrowAsync<ForbiddenException>(() => person.Console.ListSchedulesAsync(Ending));
            await Should.ThrowAsync<ForbiddenException>(() => person.Console.RunNowAsync(SystemSchedules.UnfinishedUploads, Ending));
            await Should.ThrowAsync<ForbiddenException>(() => person.Console.PauseAsync(SystemSchedules.UnfinishedUploads, true, Ending));
        }

        using var admin = As(client);
        var run = await RunAsync(admin, SystemSchedules.UnfinishedUploads);
        (await analyst.Console.FindAsync(run.Id, Ending)).ShouldBeNull();
        (await analyst.Console.CancelAsync(run.Id, Ending)).ShouldBeOfType<JobChange.NotFound>();
        (await analyst.Console.ListAsync(new JobFilter(), null, 10, Ending)).Rows.ShouldBeEmpty();
        (await admin.Console.CancelAsync(run.Id, Ending)).ShouldBeOfType<JobChange.Refused>();
        (await admin.Console.RetryAsync(run.Id, Ending)).ShouldBeOfType<JobChange.Refused>();
        (await admin.Console.RunNowAsync("nothing", Ending)).ShouldBeOfType<JobChange.NotFound>();
        (await client.GetAsync($"/api/v1/jobs/{run.Id}")).GetProperty("system").GetBoolean().ShouldBeTrue();
        await apps.App.SetRoleAsync((await client.GetAsync("/api/v1/auth/me")).Text("email"), TenantRole.Analyst);
        await client.GetProblemAsync($"/api/v1/jobs/{run.Id}", HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task Schedule_ThatIsPaused_DoesNotStart_AndGoesOnAfterwards()
    {
        using var client = await apps.NewTenantAsync();
        using var admin = As(client);
        var jobs = apps.App.App.Services.GetRequiredService<SystemJobRunner>();
        Task<long> RunsAsync() => client.Ledger.ScalarAsync<long>("select count(*) from system_job_runs where origin = 'Schedule'");
        var before = await RunsAsync();

        await admin.Console.PauseAsync(SystemSchedules.UnfinishedUploads, true, Ending);
        await jobs.StartScheduledAsync(SystemSchedules.UnfinishedUploads, Ending);
        var whilePaused = await admin.Console.ListSchedulesAsync(Ending);
        var between = await RunsAsync();
        await admin.Console.PauseAsync(SystemSchedules.UnfinishedUploads, false, Ending);
        await jobs.StartScheduledAsync(SystemSchedules.UnfinishedUploads, Ending);

        between.ShouldBe(before);
        (await RunsAsync()).ShouldBe(before + 1);
        var paused = whilePaused.Single(schedule => schedule.Kind == SystemSchedules.UnfinishedUploads);
        paused.Paused.ShouldBeTrue();
        paused.NextRun.ShouldBeNull();
        whilePaused.Single(schedule => schedule.Kind == SystemSchedules.MonthlyTotalsProof).NextRun.ShouldNotBeNull().Hour.ShouldBe(2);
    }

    [Fact]
    public async Task Add_ByManyAtOnce_QueuesOneOfAKind()
    {
        var jobs = apps.App.App.Services.GetRequiredService<SystemJobRunner>();
        using var client = await apps.NewTenantAsync();
        // Nobody runs it: its kind has a run that is under way for ever, as far as anybody can tell.
        var running = await client.Ledger.ScalarAsync<Guid>(
            """
            insert into system_job_runs (id, kind, state, attempts, fence, heartbeat_at, queued_at, progress_done, cancel_requested, origin)
            values (gen_random_uuid(), 'never', 'Running', 1, 1, now() + interval '1 hour', now(), 0, false, 'Schedule') returning id
            """);

        var ids = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => jobs.AddAsync("never", SystemJobRun.BySchedule, Ending)));

        ids.ShouldAllBe(id => id == running);
    }

    [Fact]
    public async Task Scheduler_HasTheNightlyJobs_InUtc()
    {
        var scheduler = await apps.App.App.Services.GetRequiredService<ISchedulerFactory>().GetScheduler(Ending);

        foreach (var nightly in SystemSchedules.All)
        {
            var trigger = (await scheduler.GetTriggersOfJob(SystemSchedules.KeyOf(nightly.Kind), Ending)).ShouldHaveSingleItem();
            trigger.NextFireTimeUtc.ShouldBe(nightly.NextAfter(TimeProvider.System.GetUtcNow()));
        }
    }

    private static async Task<JobRow> RunAsync(ConsoleOf admin, string kind)
    {
        var before = (await admin.Console.ListAsync(new JobFilter(Kind: kind), null, 200, Ending)).Rows.Count;
        (await admin.Console.RunNowAsync(kind, Ending)).ShouldBeOfType<JobChange.Done>();
        JobRow? run = null;
        await Eventually.BeAsync(
            async () => (await admin.Console.ListAsync(new JobFilter(Kind: kind), null, 200, Ending)).Rows is var rows && rows.Count > before && !(run = rows[0]).IsOpen, $"the end of {kind}");
        return run!;
    }

    private ConsoleOf As(ImportClient client, TenantRole role = TenantRole.Admin) => new(apps.App, new Actor(client.Ledger.Tenant, null, "Test", role));
}
