using System.Net;
using OffGridFlow.Tests.Imports;

namespace OffGridFlow.Tests.Inventory;

/// <summary>The ledger is append-only: what does not change stays as it is, what changes gets a new version.</summary>
public sealed class ActivityVersionTests(AppFixture apps) : IClassFixture<AppFixture>
{
    [Fact]
    public async Task Replace_SameUsageInOtherBytes_LeavesActivitiesAndResultsAlone()
    {
        using var client = await apps.NewTenantAsync();
        await client.ImportAsync(TestBill.File(TestBill.Line("a"), TestBill.Line("b")));
        var before = await client.Ledger.CurrentActivitiesAsync();

        await client.ImportAsync(TestBill.File(TestBill.Line("a", more: ("resourceTags/user:team", "another")), TestBill.Line("b")), mode: "replace");

        (await client.Ledger.CurrentActivitiesAsync()).ShouldBe(before);
        (await client.Ledger.CountAsync("emission_records")).ShouldBe(before.Count);
    }

    [Fact]
    public async Task Replace_ChangedUsage_MakesAVersionAndClosesTheFormer()
    {
        using var client = await apps.NewTenantAsync();
        await client.ImportAsync(TestBill.File(TestBill.Line("a"), TestBill.Line("s", more: ("lineItem/UsageType", "EUW1-BoxUsage:c5.large"))));
        var former = (await client.EmissionsAsync())[0].Text("id");

        await client.ImportAsync(TestBill.File(TestBill.Line("a", more: ("lineItem/UsageAmount", "2"))), mode: "replace");

        var emission = (await client.EmissionsAsync()).ShouldHaveSingleItem();
        emission.Text("id").ShouldNotBe(former);
        var trail = await client.GetAsync($"/api/v1/emissions/{emission.Text("id")}/trail");
        trail.GetProperty("activity").Long("version").ShouldBe(2);
        await client.GetProblemAsync($"/api/v1/emissions/{former}/trail", HttpStatusCode.NotFound);
        var intervals = await client.Ledger.ListAsync(
            """
            select a.version, i.from_sequence, coalesce(i.to_sequence, -1) from emission_intervals i
            join emission_records e on e.activity_id = i.activity_id and e.proposal_id is not distinct from i.proposal_id join activity_records a on a.id = e.activity_id where i.tenant_id = $1 order by 1
            """,
            row => (row.GetInt32(0), row.GetInt64(1), row.GetInt64(2)));
        intervals.ShouldBe([(1, 1, 2), (2, 2, -1)]);
    }

    [Fact]
    public async Task Audit_QueuePublishUndo_SaysWhoDidWhat()
    {
        using var client = await apps.NewTenantAsync();
        var import = await client.ImportAsync(TestBill.File(TestBill.Line("a")));
        await client.DeleteAsync(import.GetProperty("id").GetGuid());

        var entries = await client.Ledger.TextsAsync(
            "select action || ' by ' || actor_name from audit_entries where tenant_id = $1 and subject = $2 order by id", $"import/{import.Text("id")}");

        entries.ShouldBe([$"import.queued by {import.Text("createdBy")}", "import.published by OffGridFlow", $"import.undone by {import.Text("createdBy")}"]);
    }

    [Fact]
    public async Task Audit_ThatCannotBeWritten_LeavesTheThingUndone()
    {
        using var client = await apps.NewTenantAsync();
        var file = TestBill.File(TestBill.Line("a"));
        Task<int> ForbidAsync(string name) => client.Ledger.ExecuteAsync(
            $"alter table audit_entries add constraint no_{name} check (tenant_id <> '{client.Ledger.Tenant}' or action <> 'import.{name}') not valid");
        Task<int> AllowAsync(string name) => client.Ledger.ExecuteAsync($"alter table audit_entries drop constraint no_{name}");

        await ForbidAsync("queued");
        using var refused = await client.UploadAsync(file);
        await AllowAsync("queued");
        await ForbidAsync("published");
        using var accepted = await client.UploadAsync(file);
        var failed = await client.EndedAsync(await ImportClient.IdAsync(accepted));
        var totalsOfFailed = await client.Ledger.MonthlyTotalsAsync();
        await AllowAsync("published");
        var import = await client.ImportAsync(file);
        var totals = await client.Ledger.MonthlyTotalsAsync();
        await ForbidAsync("undone");
        var notUndone = await client.DeleteAsync(import.GetProperty("id").GetGuid());
        await AllowAsync("undone");

        await ImportClient.ProblemAsync(refused, HttpStatusCode.InternalServerError);
        failed.Text("status").ShouldBe("failed");
        failed.Text("error").ShouldContain("try again");
        totalsOfFailed.ShouldBeEmpty();
        (await client.Ledger.CountAsync("import_batches", "state = 'Loading'")).ShouldBe(0);
        notUndone.ShouldBe(HttpStatusCode.InternalServerError);
        (await client.Ledger.MonthlyTotalsAsync()).ShouldBe(totals);
        (await client.GetAsync($"/api/v1/imports/{import.Text("id")}")).Text("status").ShouldBe("succeeded");
        (await client.Ledger.CountAsync("imports")).ShouldBe(2);
    }
}
