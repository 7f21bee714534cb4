using System.Net;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using OffGridFlow.Core.Identity;
using OffGridFlow.Infrastructure.Jobs;
using OffGridFlow.Tests.Imports;

namespace OffGridFlow.Tests.Jobs;

/// <summary>The list of jobs, and what can be done with one: by whom, when, and with what answer.</summary>
public sealed class JobConsoleTests(AppFixture apps) : IClassFixture<AppFixture>
{
    [Fact]
    public async Task List_ForAnAdministrator_HoldsEverybodysJobs_AndForOthersTheirOwn()
    {
        using var admin = await apps.NewTenantAsync();
        using var analyst = await ColleagueAsync(admin, TenantRole.Analyst);
        using var auditor = await ColleagueAsync(admin, TenantRole.Auditor);
        using var stranger = await apps.NewTenantAsync();
        await admin.ImportAsync(TestBill.File(TestBill.Line("a", account: "1")), "by-admin.csv");
        await analyst.ImportAsync(TestBill.File(TestBill.Line("a", account: "2")), "by-analyst.csv");

        (await NamesAsync(admin)).ShouldBe(["by-analyst.csv", "by-admin.csv"]);
        (await NamesAsync(analyst)).ShouldBe(["by-analyst.csv"]);
        (await NamesAsync(auditor)).ShouldBeEmpty();
        (await NamesAsync(stranger)).ShouldBeEmpty();
        var job = (await ListAsync(admin))[0];
        job.Text("createdBy").ShouldBe("Colleague");
        job.Text("status").ShouldBe("succeeded");
        job.GetProperty("result").Long("loaded").ShouldBe(1);
        job.GetProperty("system").GetBoolean().ShouldBeFalse();
        // Whoever reads imports follows their jobs, also those of others.
        (await auditor.GetAsync($"/api/v1/jobs/{job.Text("id")}")).Text("subjectName").ShouldBe("by-analyst.csv");
        await stranger.GetProblemAsync($"/api/v1/jobs/{job.Text("id")}", HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task List_PagesWithACursor_AndFilters()
    {
        using var client = await apps.NewTenantAsync();
        foreach (var account in new[] { "1", "2", "3", "4", "5" })
            await client.ImportAsync(TestBill.File(TestBill.Line("a", account: account)), account + ".csv");
        await client.ImportAsync(TestBill.File(TestBill.Line("b", account: "6"), "short,row"), "6.csv");

        var names = new List<string>();
        string? cursor = null;
        do
        {
            var page = await client.GetAsync($"/api/v1/jobs?kind=import&limit=4&cursor={cursor}");
            names.AddRange(page.GetProperty("items").EnumerateArray().Select(job => job.Text("subjectName")));
            cursor = page.GetProperty("nextCursor").GetString();
        }
        while (cursor is not null);

        names.ShouldBe(["6.csv", "5.csv", "4.csv", "3.csv", "2.csv", "1.csv"]);
        (await ListAsync(client, "?state=failed")).ShouldBeEmpty();
        (await ListAsync(client, "?state=succeeded&kind=import")).Count.ShouldBe(6);
        (await ListAsync(client, "?kind=nothing")).ShouldBeEmpty();
        (await ListAsync(client))[0].GetProperty("completedWithErrors").GetBoolean().ShouldBeTrue();
        await client.GetProblemAsync("/api/v1/jobs?cursor=x", HttpStatusCode.UnprocessableEntity);
        (await client.GetProblemAsync("/api/v1/jobs?state=nothing", HttpStatusCode.UnprocessableEntity)).Text("detail").ShouldContain("queued, running");
        using var console = As(client, TenantRole.Admin);
        (await console.Console.ListAsync(new JobFilter(WithErrors: true, Ended: true), null, 10, Ending)).Rows.ShouldHaveSingleItem().SubjectName.ShouldBe("6.csv");
        var counts = await console.Console.CountAsync(new JobFilter(), Ending);
        counts.WithErrors.ShouldBe(1);
        counts.People.Count(name => name.Contains('@', StringComparison.Ordinal)).ShouldBe(1);
    }

    [Fact]
    public async Task CancelThenRetry_LoadsTheStoredFileOnce()
    {
        using var client = await apps.NewTenantAsync();
        await using var hold = await HeldTable.TakeAsync(apps.App.ConnectionString);
        var (import, job) = await StartAsync(client, TestBill.File(TestBill.Line("a", "3")));

        (await PostAsync(client, job, "cancel")).ShouldBe(HttpStatusCode.NoContent);
        await EndedAsync(client, job, "cancelled");
        (await RefusedAsync(client, job, "cancel")).ShouldContain("already ended");
        (await client.GetAsync($"/api/v1/imports/{import}")).Text("status").ShouldBe("cancelled");
        (await ListAsync(client, "?state=cancelled")).ShouldHaveSingleItem().GetProperty("canRetry").GetBoolean().ShouldBeTrue();

        (await PostAsync(client, job, "retry")).ShouldBe(HttpStatusCode.Accepted);
        (await RefusedAsync(client, job, "retry")).ShouldContain("has not ended yet");
        await hold.ReleaseAsync();
        (await client.EndedAsync(import)).Text("status").ShouldBe("succeeded");
        (await RefusedAsync(client, job, "retry")).ShouldContain("It has succeeded");
        (await client.Ledger.UsageLinesAsync()).ShouldBe(1);
        (await client.GetAsync($"/api/v1/jobs/{job}")).Long("attempts").ShouldBe(1);
        (await client.Ledger.AuditAsync($"job/{job}")).ShouldBe(["job.cancel-requested", "job.cancelled", "job.retried"], ignoreOrder: true);
    }

    [Fact]
    public async Task Cancel_OfAQueuedJob_EndsItsImportToo()
    {
        using var client = await apps.NewTenantAsync();
        await using var hold = await HeldTable.TakeAsync(apps.App.ConnectionString);
        var (first, _) = await StartAsync(client, TestBill.File(TestBill.Line("a")));
        using var answer = await client.UploadAsync(TestBill.File(TestBill.Line("b")), mode: "replace");
        var second = await ImportClient.IdAsync(answer);
        var waiting = (await client.GetAsync($"/api/v1/imports/{second}")).GetProperty("jobId").GetGuid();

        (await PostAsync(client, waiting, "cancel")).ShouldBe(HttpStatusCode.NoContent);

        (await client.GetAsync($"/api/v1/imports/{second}")).Text("status").ShouldBe("cancelled");
        (await client.GetAsync($"/api/v1/jobs/{waiting}")).Text("status").ShouldBe("cancelled");
        await hold.ReleaseAsync();
        (await client.EndedAsync(first)).Text("status").ShouldBe("succeeded");
    }

    [Fact]
    public async Task Retry_WhereItWouldNotHelpOrNotBeRight_IsRefusedInWords()
    {
        using var client = await apps.NewTenantAsync();
        var file = TestBill.File(TestBill.Line("a"));
        var import = await client.ImportAsync(file, "first.csv");
        var job = import.GetProperty("jobId").GetGuid();
        await FailAsync(client, final: true);
        (await RefusedAsync(client, job, "retry")).ShouldContain("Trying again would not help: The file is broken.");

        await FailAsync(client, final: false);
        var again = await client.ImportAsync(file, "first.csv");
        (await RefusedAsync(client, job, "retry")).ShouldContain("The same file has been imported since");

        (await client.DeleteAsync(again.GetProperty("id").GetGuid())).ShouldBe(HttpStatusCode.NoContent);
        var other = await client.ImportAsync(TestBill.File(TestBill.Line("b")), "other.csv");
        (await RefusedAsync(client, job, "retry")).ShouldContain("has been imported since, from “other.csv”");

        (await client.DeleteAsync(other.GetProperty("id").GetGuid())).ShouldBe(HttpStatusCode.NoContent);
        var stored = Path.Combine(apps.App.DataDirectory, "documents", client.Ledger.Tenant.ToString(), import.Text("sha256")[..2], import.Text("sha256"));
        File.Move(stored, stored + ".away");
        (await RefusedAsync(client, job, "retry")).ShouldContain("The stored file is not there any more");
        (await client.GetAsync($"/api/v1/jobs/{job}")).Text("status").ShouldBe("failed");

        File.Move(stored + ".away", stored);
        (await PostAsync(client, job, "retry")).ShouldBe(HttpStatusCode.Accepted);
        (await client.EndedAsync(import.GetProperty("id").GetGuid())).Text("status").ShouldBe("succeeded");
    }

    [Fact]
    public async Task CancelAndRetry_OfAColleaguesJob_OnlyByAdministrators()
    {
        using var admin = await apps.NewTenantAsync();
        using var one = await ColleagueAsync(admin, TenantRole.Analyst);
        using var other = await ColleagueAsync(admin, TenantRole.ComplianceManager);
        using var stranger = await apps.NewTenantAsync();
        await using var hold = await HeldTable.TakeAsync(apps.App.ConnectionString);
        var (_, job) = await StartAsync(one, TestBill.File(TestBill.Line("a")));

        foreach (var action in new[] { "cancel", "retry" })
        {
            (await PostAsync(other, job, action)).ShouldBe(HttpStatusCode.NotFound);
            (await PostAsync(stranger, job, action)).ShouldBe(HttpStatusCode.NotFound);
        }

        (await PostAsync(admin, job, "cancel")).ShouldBe(HttpStatusCode.NoContent);
        await EndedAsync(admin, job, "cancelled");
        (await PostAsync(other, job, "retry")).ShouldBe(HttpStatusCode.NotFound);
        (await PostAsync(one, job, "retry")).ShouldBe(HttpStatusCode.Accepted);
        (await PostAsync(one, job, "cancel")).ShouldBe(HttpStatusCode.NoContent);
    }

    [Fact]
    public async Task Feed_AsksOnceForAllWhoLook_AndGivesEachTheirOwn()
    {
        using var admin = await apps.NewTenantAsync();
        using var analyst = await ColleagueAsync(admin, TenantRole.Analyst);
        using var stranger = await apps.NewTenantAsync();
        await using var hold = await HeldTable.TakeAsync(apps.App.ConnectionString);
        var (_, running) = await StartAsync(admin, TestBill.File(TestBill.Line("a")));
        using var queued = await analyst.UploadAsync(TestBill.File(TestBill.Line("b")), "second.csv", "append");
        using var consoles = As(admin, TenantRole.Admin);
        using var colleague = As(admin, TenantRole.Analyst, await PersonAsync(admin, "Colleague"));
        using var foreign = As(stranger, TenantRole.Admin);
        var feed = apps.App.App.Services.GetRequiredService<JobFeed>();
        feed.IsPolling.ShouldBeFalse();
        var looked = 0;

        var watches = new List<IDisposable>();
        for (var i = 0; i < 20; i++)
            watches.Add(consoles.Console.Watch(() => Interlocked.Increment(ref looked)));
        watches.Add(colleague.Console.Watch(() => { }));
        watches.Add(foreign.Console.Watch(() => { }));
        await Eventually.BeAsync(() => Task.FromResult(foreign.Console.Live is not null && colleague.Console.Live is not null && consoles.Console.Live!.Jobs.Count == 2), "a look");
        var (looksBefore, toldBefore) = (feed.Looks, looked);
        await Eventually.BeAsync(() => Task.FromResult(feed.Looks >= looksBefore + 3), "three looks");

        (looked - toldBefore).ShouldBeGreaterThanOrEqualTo(40, "every watcher hears of every look, however many there are");
        foreign.Console.Live!.Jobs.ShouldBeEmpty();
        consoles.Console.Live!.Jobs[0].Id.ShouldBe(running);
        consoles.Console.Live.Workers.ShouldBe(1);
        consoles.Console.Live.Jobs[0].Worker.ShouldNotBeNull();
        var waiting = colleague.Console.Live!.Jobs.ShouldHaveSingleItem();
        waiting.Wait.ShouldBe(new JobWait.Behind(running, "import", "bill.csv"));
        waiting.Place.ShouldBe(1);
        waiting.MayControl.ShouldBeTrue();
        watches.ForEach(watch => watch.Dispose());
        feed.IsPolling.ShouldBeFalse();
    }

    private static CancellationToken Ending => TestContext.Current.CancellationToken;

    private static async Task<List<JsonElement>> ListAsync(ImportClient client, string query = "") =>
        [.. (await client.GetAsync("/api/v1/jobs" + query)).GetProperty("items").EnumerateArray().Where(job => !job.GetProperty("system").GetBoolean())];

    private static async Task<List<string>> NamesAsync(ImportClient client) => (await ListAsync(client)).ConvertAll(job => job.Text("subjectName"));

    private static async Task<HttpStatusCode> PostAsync(ImportClient client, Guid job, string action)
    {
        using var answer = await client.Http.PostAsync($"/api/v1/jobs/{job}/{action}", null, Ending);
        return answer.StatusCode;
    }

    private static async Task<string> RefusedAsync(ImportClient client, Guid job, string action)
    {
        using var answer = await client.Http.PostAsync($"/api/v1/jobs/{job}/{action}", null, Ending);
        return (await ImportClient.ProblemAsync(answer, HttpStatusCode.Conflict)).Text("detail");
    }

    private static async Task<(Guid Import, Guid Job)> StartAsync(ImportClient client, byte[] file)
    {
        using var answer = await client.UploadAsync(file);
        var id = await ImportClient.IdAsync(answer);
        await Eventually.BeAsync(async () => (await client.GetAsync($"/api/v1/imports/{id}")).Text("status") == "running", "a load under way");
        return (id, (await client.GetAsync($"/api/v1/imports/{id}")).GetProperty("jobId").GetGuid());
    }

    private static Task<bool> EndedAsync(ImportClient client, Guid job, string status) =>
        Eventually.BeAsync(async () => (await client.GetAsync($"/api/v1/jobs/{job}")).Text("status") == status, $"a job that is {status}");

    /// <summary>As a load leaves it that was broken off: failed, and nothing of it counts.</summary>
    private static async Task FailAsync(ImportClient client, bool final)
    {
        await client.Ledger.ExecuteAsync("update import_batches set state = 'Undone' where tenant_id = $1");
        await client.Ledger.ExecuteAsync("update imports set status = 'Failed', error = 'The file is broken.' where tenant_id = $1");
        await client.Ledger.ExecuteAsync(
            "update job_runs set state = 'Failed', last_error = 'The file is broken.', failure_is_final = $2 where tenant_id = $1", final);
    }

    /// <summary>Another person of the same organization, signed in.</summary>
    private async Task<ImportClient> ColleagueAsync(ImportClient of, TenantRole role)
    {
        var email = FormattableString.Invariant($"colleague-{Guid.NewGuid():N}@tests.example");
        await of.Ledger.ExecuteAsync(
            """
            with person as (
              insert into users (id, email, normalized_email, display_name, password_hash, security_stamp, access_failed_count, created_at)
              values (gen_random_uuid(), $2, upper($2), 'Colleague', $3, 'stamp', 0, now()) returning id)
            insert into memberships (tenant_id, user_id, role) select $1, id, $4 from person
            """,
            email, TestApp.PasswordHash, role.ToString());
        return new ImportClient(await apps.App.SignInAsync(email), of.Ledger);
    }

    private static Task<Guid> PersonAsync(ImportClient of, string name) => of.Ledger.ScalarAsync<Guid>(
        "select u.id from users u join memberships m on m.user_id = u.id where m.tenant_id = $1 and u.display_name = $2", name);

    private ConsoleOf As(ImportClient client, TenantRole role, Guid? person = null) => new(apps.App, new Actor(client.Ledger.Tenant, person, "Test", role));
}

/// <summary>The console as one person's circuit has it.</summary>
internal sealed class ConsoleOf : IDisposable
{
    private readonly IServiceScope _scope;

    public ConsoleOf(TestApp app, Actor actor)
    {
        _scope = app.App.Services.CreateScope();
        _scope.ServiceProvider.GetRequiredService<CurrentUser>().Become(actor);
    }

    public IJobConsole Console => _scope.ServiceProvider.GetRequiredService<IJobConsole>();

    public void Dispose() => _scope.Dispose();
}
