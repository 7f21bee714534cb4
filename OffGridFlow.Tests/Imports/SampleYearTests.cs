using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using OffGridFlow.Core.Identity;
using OffGridFlow.Core.Jobs;
using OffGridFlow.Infrastructure.Imports.Samples.Year;
using OffGridFlow.Infrastructure.Jobs;
using OffGridFlow.Tests.Persistence;
using OffGridFlow.Web.Startup;

namespace OffGridFlow.Tests.Imports;

/// <summary>The demo organization after the job that fills it; cells are computed here by hand, from a row of a file and a published factor.</summary>
public sealed class SampleYearTests(PostgresFixture postgres)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Demo_Filled_HoldsTwoYearsThatComeOutAsByHand()
    {
        await using var app = await TestApp.StartAsync(postgres, "--OFFGRIDFLOW_DEMO=true");
        using var http = await app.SignInAsync(FirstStart.DemoEmail, await PasswordAsync(app));
        var me = await new ImportClient(http, null!).GetAsync("/api/v1/auth/me");
        var client = new ImportClient(http, new Ledger(app.ConnectionString, me.GetProperty("tenantId").GetGuid()));

        var job = await EndedAsync(client);

        job.Text("status").ShouldBe("succeeded", job.ToString());
        job.Long("done").ShouldBe(SampleYearJob.Steps);
        await NoRowIsLostAsync(client);
        // 199,350 kWh of January 2024 × 0.20705 (DESNZ 2024, United Kingdom).
        (await KilogramsAsync(client, "2024-01-01", "2024-01-31", 2, SampleYear.Coventry, "Electricity")).ShouldBe(41_275.4175m);
        // 320,171 kWh × 0.1829 (DESNZ 2024, gross calorific value).
        (await KilogramsAsync(client, "2024-01-01", "2024-01-31", 1, SampleYear.Coventry, "Natural gas")).ShouldBe(58_559.2759m);
        // 430,160 kWh × 0.291 (EEA, Germany 2024).
        (await KilogramsAsync(client, "2024-01-01", "2024-01-31", 2, SampleYear.Hamburg, "Electricity")).ShouldBe(125_176.56m);
        // 2,833.9 l × 2.57082 (DESNZ 2025, as a proxy in Germany).
        (await KilogramsAsync(client, "2025-01-01", "2025-01-31", 1, SampleYear.Hamburg, "Diesel in vehicles")).ShouldBe(7_285.446798m);
        // 2,550,400 EUR × 1.08 USD ÷ 1.07 (prices of 2022) × 0.787 (USEEIO 1.3), shared out to three months.
        Math.Abs(await KilogramsAsync(client, "2024-01-01", "2024-03-31", 3, SampleYear.Hamburg, "Spend: iron and steel") - (2_550_400m * 1.08m / 1.07m * 0.787m)).ShouldBeLessThan(0.001m);
        await DecidedAsync(client);
        await PeopleAsync(app, client);
        await SecondRunAsync(app, client, job);
    }

    [Fact]
    public async Task Demo_Empty_HoldsNothing()
    {
        await using var app = await TestApp.StartAsync(postgres, "--OFFGRIDFLOW_DEMO=empty");
        using var http = await app.SignInAsync(FirstStart.DemoEmail, await PasswordAsync(app));
        var client = new ImportClient(http, null!);

        (await client.GetAsync("/api/v1/jobs")).GetProperty("items").GetArrayLength().ShouldBe(0);
        (await client.GetAsync("/api/v1/organizations")).GetProperty("items").GetArrayLength().ShouldBe(0);
    }

    [Fact]
    public async Task Queue_OrganizationThatSomebodyHasBegun_IsLeftAlone()
    {
        await using var app = await TestApp.StartAsync(postgres, "--OFFGRIDFLOW_DEMO=empty");
        using var http = await app.SignInAsync(FirstStart.DemoEmail, await PasswordAsync(app));
        var me = await new ImportClient(http, null!).GetAsync("/api/v1/auth/me");
        using (var made = await http.PostAsync("/api/v1/organizations", new StringContent("""{"name":"Own company","country":"DE"}""", System.Text.Encoding.UTF8, "application/json"), Token))
            made.EnsureSuccessStatusCode();

        (await QueueAsync(app, me)).ShouldBeFalse();
    }

    [Fact]
    public async Task Run_WithoutItsAdministrator_SaysWhyAndWhatStands()
    {
        await using var app = await TestApp.StartAsync(postgres, "--OFFGRIDFLOW_DEMO=empty");
        using var http = await app.SignInAsync(FirstStart.DemoEmail, await PasswordAsync(app));
        var me = await new ImportClient(http, null!).GetAsync("/api/v1/auth/me");
        (await QueueAsync(app, me)).ShouldBeTrue();
        var client = new ImportClient(http, new Ledger(app.ConnectionString, me.GetProperty("tenantId").GetGuid()));

        var job = await EndedAsync(client);

        job.Text("status").ShouldBe("failed");
        job.Text("error").ShouldBe(
            "The sample year is not complete: the person who was to enter the sample year does not administer this organization any more. What was entered until then stands and counts like any other entry. "
            + "Start this job again to go on from there, or undo its imports on the page of imports.");
        job.GetProperty("canRetry").GetBoolean().ShouldBeTrue();
        (await client.Ledger.CountAsync("organizations")).ShouldBe(0);
    }

    /// <summary>Each row of each file went somewhere, and the three that do not fit are told.</summary>
    private static async Task NoRowIsLostAsync(ImportClient client)
    {
        var imports = (await client.GetAsync("/api/v1/imports?limit=100")).GetProperty("items").EnumerateArray().ToList();
        imports.Count.ShouldBe(SampleSheet.All.Count + 1);
        foreach (var import in imports)
            import.Long("rowsRead").ShouldBe(import.Long("loaded") + import.Long("unchanged") + import.Long("duplicate") + import.Long("rejected"), import.ToString());
        imports.Sum(import => import.Long("duplicate")).ShouldBe(0);
        imports.Where(import => import.Long("rejected") > 0).Select(import => (import.Text("fileName"), import.Long("rejected"))).ShouldBe([("fleet-fuel-2025.csv", 3L)]);
        // All but the bill; and the month that was estimated.
        (await client.Ledger.CountAsync("activity_entries")).ShouldBe(imports.Where(import => import.Text("kind") != "aws-cur").Sum(import => import.Long("loaded")) + 1);
        (await client.Ledger.CountAsync("calculation_exceptions")).ShouldBe(0);
    }

    /// <summary>What is left for each of the two, and what is locked.</summary>
    private static async Task DecidedAsync(ImportClient client)
    {
        (await client.Ledger.TextsAsync("select name || ' ' || state from reporting_periods where tenant_id = $1 order by name")).ShouldBe(["FY2024 Locked", "FY2025 Open"]);
        (await client.Ledger.TextsAsync("select changed_by || ' ' || count(*) from activity_entries where tenant_id = $1 and status = 'Submitted' group by changed_by order by 1"))
            .ShouldBe(["Jonas Lindqvist 8", "Mara Okafor 7"]);
        (await client.Ledger.CountAsync("activity_entries", "status not in ('Submitted', 'Approved')")).ShouldBe(0);
        (await client.Ledger.TextsAsync("select state || ' by ' || proposed_by from calculation_runs where tenant_id = $1")).ShouldBe(["Proposed by Jonas Lindqvist"]);
        var collection = await client.GetAsync("/api/v1/completeness?from=2024-01-01&to=2025-12-31");
        collection.Long("missing").ShouldBe(2);
    }

    private static async Task PeopleAsync(TestApp app, ImportClient client)
    {
        (await client.Ledger.TextsAsync("select u.display_name || ' ' || m.role from memberships m join users u on u.id = m.user_id where m.tenant_id = $1 order by 1"))
            .ShouldBe(["Jonas Lindqvist ComplianceManager", "Mara Okafor Admin"]);
        using var second = await app.SignInAsync(SampleYearPeople.ReviewerEmail, await PasswordAsync(app));
    }

    /// <summary>Neither another start nor the job itself writes anything more.</summary>
    private static async Task SecondRunAsync(TestApp app, ImportClient client, JsonElement job)
    {
        var written = await client.Ledger.CountAsync("audit_entries");

        (await QueueAsync(app, await client.GetAsync("/api/v1/auth/me"))).ShouldBeFalse();
        await using var scope = app.App.Services.CreateAsyncScope();
        scope.ServiceProvider.GetRequiredService<CurrentUser>().Become(new Actor(client.Ledger.Tenant, null, "OffGridFlow", TenantRole.Admin));
        var again = new JobRun
        {
            Id = job.GetProperty("id").GetGuid(), TenantId = client.Ledger.Tenant, Kind = SampleYearJob.JobKind, SubjectId = job.GetProperty("subjectId").GetGuid(), State = JobState.Running,
            QueuedAt = DateTimeOffset.UnixEpoch,
        };
        await scope.ServiceProvider.GetServices<IJobHandler>().Single(handler => handler.Kind == SampleYearJob.JobKind).RunAsync(new JobContext(again), Token);

        (await client.Ledger.CountAsync("audit_entries")).ShouldBe(written);
        (await client.Ledger.CountAsync("job_runs", "kind = 'sample-year'")).ShouldBe(1);
    }

    private static async Task<bool> QueueAsync(TestApp app, JsonElement me)
    {
        await using var scope = app.App.Services.CreateAsyncScope();
        scope.ServiceProvider.GetRequiredService<CurrentUser>().Become(new Actor(me.GetProperty("tenantId").GetGuid(), null, "OffGridFlow", TenantRole.Admin));
        return await scope.ServiceProvider.GetRequiredService<SampleYearOffer>().QueueAsync(Guid.CreateVersion7(), Token);
    }

    private static Task<JsonElement> EndedAsync(ImportClient client) => Eventually.GetAsync(
        async () => (await client.GetAsync("/api/v1/jobs?kind=sample-year")).GetProperty("items").EnumerateArray().Where(job => job.Text("kind") == "sample-year" && job.Text("status") is not ("queued" or "running"))
            .Select(job => (JsonElement?)job).FirstOrDefault(),
        "the sample year", 180);

    private static async Task<decimal> KilogramsAsync(ImportClient client, string from, string to, int scope, string site, string service)
    {
        var groups = (await client.GetAsync($"/api/v1/emissions/summary?from={from}&to={to}&groupBy=scope,site,service")).GetProperty("groups").EnumerateArray().ToList();
        return groups.Single(group => group.GetProperty("keys").Text("scope") == FormattableString.Invariant($"{scope}") && group.GetProperty("keys").Text("site") == site
            && group.GetProperty("keys").Text("service") == service).Decimal("kgCo2e");
    }

    private static Task<string> PasswordAsync(TestApp app) => File.ReadAllTextAsync(Path.Combine(app.DataDirectory, "demo-password"), Token);
}
