using System.Net;
using System.Text.Json;
using OffGridFlow.Infrastructure.Imports.Samples;

namespace OffGridFlow.Tests.Imports;

/// <summary>A second file for an account and month, and the way back.</summary>
public sealed class ImportModesTests(AppFixture apps) : IClassFixture<AppFixture>
{
    private static readonly SampleBillOptions Options = new() { Rows = 400, Accounts = 2, Months = 2 };

    [Fact]
    public async Task Upload_AnotherFileForThePeriod_ConflictNamesItAndChangesNothing()
    {
        using var client = await apps.NewTenantAsync();
        await client.ImportAsync(TestBill.File(TestBill.Line("a")), "first.csv");
        var before = await client.Ledger.MonthlyTotalsAsync();
        var stored = StoredFiles(client);

        using var answer = await client.UploadAsync(TestBill.File(TestBill.Line("b")), "second.csv");

        var problem = await ImportClient.ProblemAsync(answer, HttpStatusCode.Conflict);
        problem.Text("detail").ShouldContain("012345678901");
        problem.Text("detail").ShouldContain("November 2023");
        problem.Text("detail").ShouldContain("first.csv");
        problem.Text("detail").ShouldContain("mode=replace");
        var period = problem.GetProperty("periods").EnumerateArray().ShouldHaveSingleItem();
        period.Text("account").ShouldBe("012345678901");
        period.Text("billingMonth").ShouldBe("2023-11-01");
        period.Text("fileName").ShouldBe("first.csv");
        (await client.Ledger.CountAsync("imports")).ShouldBe(1);
        (await client.Ledger.CountAsync("source_documents")).ShouldBe(1);
        (await client.Ledger.MonthlyTotalsAsync()).ShouldBe(before);
        StoredFiles(client).ShouldBe(stored);
    }

    [Fact]
    public async Task Replace_ThenUndo_RestoresThePredecessorExactly()
    {
        using var client = await apps.NewTenantAsync();
        var (first, firstTotals) = TestBill.Generate(Options with { Seed = 1 });
        var (second, secondTotals) = TestBill.Generate(Options with { Seed = 2 });
        await client.ImportAsync(first);
        var before = await client.Ledger.MonthlyTotalsAsync();
        var costBefore = await CountedCostAsync(client);

        var replacing = await client.ImportAsync(second, mode: "replace");
        var costBetween = await CountedCostAsync(client);
        var between = await client.Ledger.MonthlyTotalsAsync();
        var undone = await client.DeleteAsync(replacing.GetProperty("id").GetGuid());

        costBefore.ShouldBe(firstTotals.Cost);
        costBetween.ShouldBe(secondTotals.Cost);
        between.ShouldNotBe(before);
        undone.ShouldBe(HttpStatusCode.NoContent);
        (await client.Ledger.MonthlyTotalsAsync()).ShouldBe(before);
        (await CountedCostAsync(client)).ShouldBe(firstTotals.Cost);
        (await client.GetAsync($"/api/v1/imports/{replacing.Text("id")}")).Text("status").ShouldBe("undone");
    }

    [Fact]
    public async Task Undo_Chains_TheLatestThatStandsCounts()
    {
        using var client = await apps.NewTenantAsync();
        var a = await client.ImportAsync(TestBill.File(TestBill.Line("1", "1")));
        var totalsOfA = await client.Ledger.MonthlyTotalsAsync();
        var b = await client.ImportAsync(TestBill.File(TestBill.Line("1", "2")), mode: "replace");
        var totalsOfB = await client.Ledger.MonthlyTotalsAsync();
        var c = await client.ImportAsync(TestBill.File(TestBill.Line("1", "3")), mode: "replace");

        await UndoAsync(client, c);
        (await client.Ledger.MonthlyTotalsAsync()).ShouldBe(totalsOfB);

        c = await client.ImportAsync(TestBill.File(TestBill.Line("1", "3")), mode: "replace");
        var totalsOfC = await client.Ledger.MonthlyTotalsAsync();
        await UndoAsync(client, b);
        (await client.Ledger.MonthlyTotalsAsync()).ShouldBe(totalsOfC);
        await UndoAsync(client, c);
        (await client.Ledger.MonthlyTotalsAsync()).ShouldBe(totalsOfA);
        await UndoAsync(client, a);
        (await client.Ledger.MonthlyTotalsAsync()).ShouldBeEmpty();
        (await client.DeleteAsync(a.GetProperty("id").GetGuid())).ShouldBe(HttpStatusCode.Conflict);
        (await client.Ledger.CountAsync("emission_intervals", "to_sequence is null")).ShouldBe(0);
    }

    [Fact]
    public async Task Replace_OverlappingPeriodsOnly_UndoRestoresThoseAndTakesTheOthers()
    {
        using var client = await apps.NewTenantAsync();
        await client.ImportAsync(TestBill.File(TestBill.Line("1", "1"), TestBill.Line("2", "2", month: "2023-12"), TestBill.Line("3", "4", account: "2")));
        var before = await client.Ledger.MonthlyTotalsAsync();

        var replacing = await client.ImportAsync(
            TestBill.File(TestBill.Line("1", "10"), TestBill.Line("5", "20", account: "3"), TestBill.Line("6", "40", month: "2024-01")), mode: "replace");

        (await CountedCostAsync(client)).ShouldBe(10 + 2 + 4 + 20 + 40);
        await UndoAsync(client, replacing);
        (await client.Ledger.MonthlyTotalsAsync()).ShouldBe(before);
    }

    [Fact]
    public async Task Append_OverlappingLines_AreDuplicatesListedWithTheirReason()
    {
        using var client = await apps.NewTenantAsync();
        await client.ImportAsync(TestBill.File(TestBill.Line("a", "1"), TestBill.Line("b", "2")));
        var before = await client.Ledger.MonthlyTotalsAsync();

        var added = await client.ImportAsync(TestBill.File(TestBill.Line("b", "2"), TestBill.Line("c", "4"), "short,row"), mode: "append");

        added.Text("status").ShouldBe("completedWithErrors");
        added.Long("rowsRead").ShouldBe(3);
        added.Long("loaded").ShouldBe(1);
        added.Long("duplicate").ShouldBe(1);
        added.Long("rejected").ShouldBe(1);
        added.Usd().ShouldBe(4);
        (await CountedCostAsync(client)).ShouldBe(7);
        var csv = await client.Http.GetStringAsync($"/api/v1/imports/{added.Text("id")}/rejected", TestContext.Current.CancellationToken);
        csv.ShouldContain("2,identity/LineItemId,");
        csv.ShouldContain("already loaded for this account and month");
        await UndoAsync(client, added);
        (await client.Ledger.MonthlyTotalsAsync()).ShouldBe(before);
    }

    [Fact]
    public async Task Append_TwoFilesAtOnceWithTheSameLine_CountsItOnce()
    {
        using var client = await apps.NewTenantAsync();
        var shared = TestBill.Line("shared", "1");
        string[] Own(string prefix) => [.. Enumerable.Range(0, 3000).Select(i => TestBill.Line(FormattableString.Invariant($"{prefix}{i}"), "0.001"))];

        var answers = await Task.WhenAll(
            client.UploadAsync(TestBill.File([.. Own("x"), shared]), mode: "append"), client.UploadAsync(TestBill.File([.. Own("y"), shared]), mode: "append"));
        var ended = new List<JsonElement>();
        foreach (var answer in answers)
            ended.Add(await client.EndedAsync(await ImportClient.IdAsync(answer)));

        ended.Select(import => import.Text("status")).ShouldAllBe(status => status == "succeeded");
        ended.Sum(import => import.Long("duplicate")).ShouldBe(1);
        (await CountedCostAsync(client)).ShouldBe(7);
        (await client.Ledger.UsageLinesAsync()).ShouldBe(6001);
    }

    [Fact]
    public async Task Replace_WithTheBytesOfASupersededImport_MakesThemCountAgain()
    {
        using var client = await apps.NewTenantAsync();
        var file = TestBill.File(TestBill.Line("1", "1"));
        var first = await client.ImportAsync(file);
        var totals = await client.Ledger.MonthlyTotalsAsync();
        await client.ImportAsync(TestBill.File(TestBill.Line("1", "2")), mode: "replace");

        using var plain = await client.UploadAsync(file);
        var again = await client.ImportAsync(file, mode: "replace");

        plain.StatusCode.ShouldBe(HttpStatusCode.OK);
        (await ImportClient.IdAsync(plain)).ShouldBe(first.GetProperty("id").GetGuid());
        again.Text("id").ShouldNotBe(first.Text("id"));
        (await client.Ledger.MonthlyTotalsAsync()).ShouldBe(totals);
    }

    [Fact]
    public async Task Upload_AgainAfterUndo_IsANewImport()
    {
        using var client = await apps.NewTenantAsync();
        var file = TestBill.File(TestBill.Line("1", "1"));
        var first = await client.ImportAsync(file);
        await UndoAsync(client, first);

        var again = await client.ImportAsync(file);

        again.Text("id").ShouldNotBe(first.Text("id"));
        (await CountedCostAsync(client)).ShouldBe(1);
    }

    [Fact]
    public async Task Undo_UnknownImport_IsNotFound()
    {
        using var client = await apps.NewTenantAsync();

        (await client.DeleteAsync(Guid.NewGuid())).ShouldBe(HttpStatusCode.NotFound);
        await client.GetProblemAsync($"/api/v1/imports/{Guid.NewGuid()}", HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task Cancel_WhileItRuns_NothingOfItStays()
    {
        using var client = await apps.NewTenantAsync();
        var (file, _) = TestBill.Generate(Options with { Rows = 150_000, Seed = 3 }, gzip: true);
        using var answer = await client.UploadAsync(file);
        var id = await ImportClient.IdAsync(answer);
        await Eventually.BeAsync(async () => (await client.GetAsync($"/api/v1/imports/{id}")).Text("status") == "running", "a running import");

        var cancelled = await client.DeleteAsync(id);

        cancelled.ShouldBe(HttpStatusCode.NoContent);
        var import = await client.EndedAsync(id);
        import.Text("status").ShouldBeOneOf("cancelled", "undone");
        (await client.Ledger.MonthlyTotalsAsync()).ShouldBeEmpty();
        (await client.Ledger.CountAsync("import_batches", "state in ('Loading', 'Current')")).ShouldBe(0);
        if (import.Text("status") == "cancelled")
            (await client.Ledger.UsageLinesAsync()).ShouldBe(0);
        (await client.Ledger.AuditAsync($"import/{id}")).ShouldBe(["import.queued", import.Text("status") == "cancelled" ? "import.cancelled" : "import.undone"], ignoreOrder: true);
        (await client.ImportAsync(file)).Text("status").ShouldBe("succeeded");
    }

    private static async Task UndoAsync(ImportClient client, JsonElement import) =>
        (await client.DeleteAsync(import.GetProperty("id").GetGuid())).ShouldBe(HttpStatusCode.NoContent);

    /// <summary>Cost of all lines that count, usage or not.</summary>
    private static Task<decimal> CountedCostAsync(ImportClient client) => client.Ledger.ScalarAsync<decimal>(
        """
        select coalesce(sum(l.cost), 0) from usage_lines l join import_batches b on b.number = l.batch_number
        where l.tenant_id = $1 and b.tenant_id = $1 and b.state = 'Current'
        """);

    private List<string> StoredFiles(ImportClient client) => [.. Directory
        .EnumerateFiles(Path.Combine(apps.App.DataDirectory, "documents", client.Ledger.Tenant.ToString()), "*", SearchOption.AllDirectories).Order()];
}
