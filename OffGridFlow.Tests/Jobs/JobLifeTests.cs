using System.Net;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using OffGridFlow.Infrastructure.Jobs;
using OffGridFlow.Tests.Imports;
using OffGridFlow.Tests.Persistence;
using OffGridFlow.Web.Startup;
using Quartz;

namespace OffGridFlow.Tests.Jobs;

/// <summary>What befalls a load on its way: theft, shutdown, a lost connection, too many deaths. It is loaded once or says why not.</summary>
public sealed class JobLifeTests(PostgresFixture postgres) : IAsyncLifetime
{
    private static readonly byte[] Large = TestBill.Generate(new() { Rows = 120_000, Seed = 31, Accounts = 3, Months = 3 }, gzip: true).File;
    private TestApp _app = null!;
    private ImportClient _client = null!;

    public async ValueTask InitializeAsync()
    {
        _app = await TestApp.StartAsync(postgres);
        var http = await _app.SignInAsync();
        var me = await new ImportClient(http, null!).GetAsync("/api/v1/auth/me");
        _client = new ImportClient(http, new Ledger(_app.ConnectionString, me.GetProperty("tenantId").GetGuid()));
    }

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await _app.DisposeAsync();
    }

    [Fact]
    public async Task Run_WhoseClaimIsTaken_WritesNothingMoreAndTheNextLoadsOnce()
    {
        var id = await StartAsync(Large);

        // Another worker takes the job and is never heard of again.
        await _client.Ledger.ExecuteAsync("update job_runs set fence = fence + 1, heartbeat_at = now() + interval '1 hour' where tenant_id = $1");
        await Eventually.BeAsync(async () => await SessionsAsync("OffGridFlow loader", "idle") >= await SessionsAsync("OffGridFlow loader"), "the end of the load");
        (await _client.Ledger.MonthlyTotalsAsync()).ShouldBeEmpty();
        (await _client.Ledger.UsageLinesAsync()).ShouldBe(0);
        await _client.Ledger.ExecuteAsync("update job_runs set heartbeat_at = now() - interval '6 seconds' where tenant_id = $1");

        await SucceededAsync(id);
        (await JobAsync(id)).Long("attempts").ShouldBe(2);
        await LoadedOnceAsync();
    }

    [Fact]
    public async Task Run_AfterFiveDeaths_FailsInWordsAndCanBeUploadedAgain()
    {
        var id = await StartAsync(Large);

        await _client.Ledger.ExecuteAsync("update job_runs set fence = fence + 1, attempts = 5, heartbeat_at = now() - interval '6 seconds' where tenant_id = $1");

        var import = await _client.EndedAsync(id);
        import.Text("status").ShouldBe("failed");
        import.Text("error").ShouldContain("ended 5 times");
        (await JobAsync(id)).Text("status").ShouldBe("failed");
        (await _client.Ledger.UsageLinesAsync()).ShouldBe(0);
        (await _client.Ledger.CountAsync("import_batches")).ShouldBe(0);
        (await _client.ImportAsync(Large)).Text("status").ShouldBe("succeeded");
        await LoadedOnceAsync();
    }

    [Fact]
    public async Task Run_ThatLosesTheDatabaseForAMoment_IsTriedAgain()
    {
        var id = await StartAsync(Large);

        await _client.Ledger.TextsAsync(
            "select pg_terminate_backend(pid)::text from pg_stat_activity where datname = current_database() and application_name = 'OffGridFlow loader'");

        await SucceededAsync(id);
        (await JobAsync(id)).Long("attempts").ShouldBe(2);
        await LoadedOnceAsync();
    }

    [Fact]
    public async Task Stop_OfTheProcess_PutsTheJobBackAndAnotherProcessLoadsIt()
    {
        var id = await StartAsync(Large);

        await _app.App.StopAsync(TestContext.Current.CancellationToken);

        (await _client.Ledger.CountAsync("job_runs", "state = 'Queued' and attempts = 0")).ShouldBe(1);
        (await _client.Ledger.CountAsync("import_batches", "state = 'Current'")).ShouldBe(0);
        await using var other = await Host.BuildAsync(
            ["--urls=http://127.0.0.1:0", $"--ConnectionStrings:OffGridFlow={_app.ConnectionString}", $"--OFFGRIDFLOW_DATA_DIR={_app.DataDirectory}", "--OFFGRIDFLOW_DEMO=false"],
            HostRole.Worker);
        await other.StartAsync(TestContext.Current.CancellationToken);
        await Eventually.BeAsync(async () => await _client.Ledger.CountAsync("imports", $"id = '{id}' and status = 'Succeeded'") == 1, "the load by the other process");
        (await _client.Ledger.CountAsync("job_runs", "state = 'Succeeded' and attempts = 1")).ShouldBe(1);
        await LoadedOnceAsync();
        await other.StopAsync(TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task Cancel_OfAQueuedImport_EndsItAtOnceAndTheOthersGoOn()
    {
        // Both slots are taken by loads that cannot go on while somebody else holds the table of kinds.
        await using var hold = await HeldTable.TakeAsync(_app.ConnectionString);
        var underWay = new List<Guid>();
        foreach (var account in new[] { "1", "2" })
        {
            using var answer = await _client.UploadAsync(TestBill.File(TestBill.Line("a", account: account)));
            underWay.Add(await ImportClient.IdAsync(answer));
            await Eventually.BeAsync(async () => (await _client.GetAsync($"/api/v1/imports/{underWay[^1]}")).Text("status") == "running", "a load under way");
        }

        using var third = await _client.UploadAsync(TestBill.File(TestBill.Line("a", account: "3")));
        var id = await ImportClient.IdAsync(third);
        (await _client.GetAsync($"/api/v1/imports/{id}")).Text("status").ShouldBe("queued");

        (await _client.DeleteAsync(id)).ShouldBe(HttpStatusCode.NoContent);

        (await _client.GetAsync($"/api/v1/imports/{id}")).Text("status").ShouldBe("cancelled");
        (await JobAsync(id)).Text("status").ShouldBe("cancelled");
        (await _client.DeleteAsync(id)).ShouldBe(HttpStatusCode.Conflict);
        await hold.ReleaseAsync();
        foreach (var other in underWay)
            await SucceededAsync(other);
    }

    [Fact]
    public async Task Scheduler_HasTheSweepThatWakesTheWorker()
    {
        var scheduler = await _app.App.Services.GetRequiredService<ISchedulerFactory>().GetScheduler(TestContext.Current.CancellationToken);

        var triggers = await scheduler.GetTriggersOfJob(JobSweep.Key, TestContext.Current.CancellationToken);

        triggers.Count.ShouldBe(1);
    }

    private async Task<Guid> StartAsync(byte[] file)
    {
        using var answer = await _client.UploadAsync(file);
        answer.StatusCode.ShouldBe(HttpStatusCode.Accepted);
        var id = await ImportClient.IdAsync(answer);
        await Eventually.BeAsync(
            async () => (await _client.GetAsync($"/api/v1/imports/{id}")).Text("status") == "running" && await SessionsAsync("OffGridFlow loader", "active") > 0, "a load under way");
        return id;
    }

    private Task<long> SessionsAsync(string application, string? state = null) => _client.Ledger.ScalarAsync<long>(
        $"select count(*) from pg_stat_activity where datname = current_database() and application_name = '{application}' and state = coalesce({(state is null ? "null" : $"'{state}'")}, state)");

    private async Task<JsonElement> JobAsync(Guid import) =>
        await _client.GetAsync($"/api/v1/jobs/{(await _client.GetAsync($"/api/v1/imports/{import}")).Text("jobId")}");

    private async Task SucceededAsync(Guid import)
    {
        var ended = await _client.EndedAsync(import);
        ended.Text("status").ShouldBe("succeeded", ended.ToString());
    }

    private async Task LoadedOnceAsync()
    {
        (await _client.Ledger.UsageLinesAsync()).ShouldBe(120_000);
        (await _client.Ledger.CountAsync("import_batches", "state = 'Loading'")).ShouldBe(0);
    }
}
