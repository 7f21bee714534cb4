using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json;
using OffGridFlow.Core.Identity;
using OffGridFlow.Infrastructure.Imports.Samples;

namespace OffGridFlow.Tests.Imports;

/// <summary>From the request to the numbers: what outsiders rely on.</summary>
public sealed class UploadTests(AppFixture apps) : IClassFixture<AppFixture>
{
    private static readonly SampleBillOptions Small = new() { Rows = 3000, Seed = 11, Accounts = 3, Months = 2 };

    [Theory]
    [InlineData(false, true)]
    [InlineData(true, false)]
    public async Task Upload_GeneratedBill_CountsAndCostAreTheGenerators(bool gzip, bool kindFirst)
    {
        using var client = await apps.NewTenantAsync();
        var (file, totals) = TestBill.Generate(Small, gzip);

        using var answer = await client.UploadAsync(file, gzip ? "bill.csv.gz" : "bill.csv", kindFirst: kindFirst);
        answer.StatusCode.ShouldBe(HttpStatusCode.Accepted);
        var id = await ImportClient.IdAsync(answer);
        answer.Headers.Location!.ToString().ShouldBe($"/api/v1/imports/{id}");
        var import = await client.EndedAsync(id);

        import.Text("status").ShouldBe("succeeded");
        import.Long("rowsRead").ShouldBe(totals.Rows);
        import.Long("usageRows").ShouldBe(totals.UsageRows);
        import.Usd().ShouldBe(totals.Cost);
        (await client.Ledger.UsageLinesAsync()).ShouldBe(totals.Rows);
    }

    [Fact]
    public async Task Find_EndedImport_HasTheAgreedShape()
    {
        using var client = await apps.NewTenantAsync();
        var file = TestBill.File(TestBill.Line("a", "1.50"), TestBill.Line("b", "0.182309", more: ("lineItem/LineItemType", "Tax")));

        var import = await client.ImportAsync(file, "November 2023.csv");

        string[] agreed =
        [
            "id", "kind", "fileName", "sha256", "status", "progress", "rowsRead", "loaded", "unchanged", "duplicate", "rejected", "usageRows",
            "costOnlyRows", "cost", "error",
        ];
        import.EnumerateObject().Select(property => property.Name).Take(agreed.Length).ShouldBe(agreed);
        import.Text("kind").ShouldBe("aws-cur");
        import.Text("fileName").ShouldBe("November 2023.csv");
        import.Text("sha256").ShouldBe(Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(file)));
        foreach (var number in agreed[5..13])
            import.GetProperty(number).ValueKind.ShouldBe(JsonValueKind.Number, number);
        import.GetProperty("progress").GetRawText().ShouldBe("1");
        import.GetProperty("cost").GetRawText().ShouldBe("""{"USD":1.682309}""");
        import.GetProperty("error").ValueKind.ShouldBe(JsonValueKind.Null);
        import.Long("usageRows").ShouldBe(1);
        import.Long("costOnlyRows").ShouldBe(1);
        import.Text("createdAt").ShouldEndWith("+00:00");
        DateTimeOffset.Parse(import.Text("createdAt"), CultureInfo.InvariantCulture).Offset.ShouldBe(TimeSpan.Zero);
    }

    [Fact]
    public async Task Upload_IdenticalBytes_GivesTheExistingImportAtAnyTime()
    {
        using var client = await apps.NewTenantAsync();
        var (file, totals) = TestBill.Generate(Small with { Seed = 12, Rows = 20_000 }, gzip: true);

        var answers = await Task.WhenAll(client.UploadAsync(file), client.UploadAsync(file, "same.csv"), client.UploadAsync(file, mode: "replace"));
        var ids = await Task.WhenAll(answers.Select(ImportClient.IdAsync));
        await client.EndedAsync(ids[0]);
        using var later = await client.UploadAsync(file, mode: "append");

        answers.Count(answer => answer.StatusCode == HttpStatusCode.Accepted).ShouldBe(1);
        answers.Count(answer => answer.StatusCode == HttpStatusCode.OK).ShouldBe(2);
        ids.Distinct().ShouldHaveSingleItem();
        later.StatusCode.ShouldBe(HttpStatusCode.OK);
        (await ImportClient.IdAsync(later)).ShouldBe(ids[0]);
        (await client.Ledger.UsageLinesAsync()).ShouldBe(totals.Rows);
        (await client.Ledger.CountAsync("imports")).ShouldBe(1);
    }

    [Fact]
    public async Task Upload_IdenticalBytesInAnotherTenant_AreAnImportOfItsOwn()
    {
        using var first = await apps.NewTenantAsync();
        using var second = await apps.NewTenantAsync();
        var file = TestBill.File(TestBill.Line("a"));

        var one = await first.ImportAsync(file);
        var other = await second.ImportAsync(file);

        other.Text("id").ShouldNotBe(one.Text("id"));
        await second.GetProblemAsync($"/api/v1/imports/{one.Text("id")}", HttpStatusCode.NotFound);
        await second.GetProblemAsync($"/api/v1/imports/{one.Text("id")}/rejected", HttpStatusCode.NotFound);
        (await second.DeleteAsync(one.GetProperty("id").GetGuid())).ShouldBe(HttpStatusCode.NotFound);
        (await second.GetAsync("/api/v1/imports")).GetProperty("items").GetArrayLength().ShouldBe(1);
        await second.GetProblemAsync($"/api/v1/jobs/{one.Text("jobId")}", HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task Upload_RaggedAndWrongRows_LoadsTheGoodOnesAndListsTheOthers()
    {
        using var client = await apps.NewTenantAsync();
        var file = TestBill.File(
            TestBill.Line("a"), "too,few,fields", TestBill.Line("b", "=1+1"), TestBill.Line("c", more: ("lineItem/UsageStartDate", "1999-01-01")), TestBill.Line("d"));

        var import = await client.ImportAsync(file);

        import.Text("status").ShouldBe("completedWithErrors");
        import.Long("rowsRead").ShouldBe(5);
        import.Long("loaded").ShouldBe(2);
        import.Long("rejected").ShouldBe(3);
        import.Usd().ShouldBe(0.214m);
        using var csv = await client.Http.GetAsync($"/api/v1/imports/{import.Text("id")}/rejected", TestContext.Current.CancellationToken);
        csv.Content.Headers.ContentType!.MediaType.ShouldBe("text/csv");
        csv.Content.Headers.ContentDisposition!.DispositionType.ShouldBe("attachment");
        var lines = (await csv.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)).Split("\r\n");
        lines[0].ShouldBe("line,column,value,reason,fix,entry," + TestBill.Headings);
        lines[1].ShouldStartWith("3,,,");
        lines[1].ShouldEndWith(",too,few,fields");
        lines[2].ShouldStartWith("4,lineItem/UnblendedCost,'=1+1,lineItem/UnblendedCost is not a number.");
        lines[3].ShouldStartWith("5,lineItem/UsageStartDate,1999-01-01,");
        lines[4].ShouldBeEmpty();
    }

    [Fact]
    public async Task Rejected_MendedInPlaceAndAppended_CompletesTheMonth()
    {
        using var client = await apps.NewTenantAsync();
        var import = await client.ImportAsync(TestBill.File(TestBill.Line("a"), TestBill.Line("b", "wrong")));
        var annotated = await client.Http.GetStringAsync($"/api/v1/imports/{import.Text("id")}/rejected", TestContext.Current.CancellationToken);

        var mended = await client.ImportAsync(Encoding.UTF8.GetBytes(annotated.Replace(",wrong,", ",0.5,", StringComparison.Ordinal)), "mended.csv", mode: "append");

        mended.Text("status").ShouldBe("succeeded");
        mended.Long("loaded").ShouldBe(1);
        mended.Usd().ShouldBe(0.5m);
    }

    [Fact]
    public async Task Upload_ManyRejectedRows_DownloadHoldsThemAllInOrder()
    {
        using var client = await apps.NewTenantAsync();
        var file = TestBill.File([.. Enumerable.Range(0, 2501).Select(i => i.ToString(CultureInfo.InvariantCulture))]);

        var import = await client.ImportAsync(file);

        import.Long("rejected").ShouldBe(2501);
        import.Text("status").ShouldBe("completedWithErrors");
        var csv = await client.Http.GetStringAsync($"/api/v1/imports/{import.Text("id")}/rejected", TestContext.Current.CancellationToken);
        var rows = csv.Split("\r\n", StringSplitOptions.RemoveEmptyEntries)[1..];
        rows.Select(row => int.Parse(row.Split(',')[0], CultureInfo.InvariantCulture)).ShouldBe(Enumerable.Range(2, 2501));
    }

    [Fact]
    public async Task Upload_HeadingsOnly_SucceedsWithoutRows()
    {
        using var client = await apps.NewTenantAsync();

        var import = await client.ImportAsync(TestBill.File());

        import.Text("status").ShouldBe("succeeded");
        import.Long("rowsRead").ShouldBe(0);
        import.GetProperty("cost").GetRawText().ShouldBe("{}");
        (await client.SummaryAsync()).GetProperty("groups").GetArrayLength().ShouldBe(0);
    }

    [Fact]
    public async Task Upload_SeveralAccountsAndMonths_OneBatchEach()
    {
        using var client = await apps.NewTenantAsync();
        var (file, totals) = TestBill.Generate(Small with { Accounts = 4, Months = 3, Seed = 5 });

        var import = await client.ImportAsync(file);

        var batches = await client.Ledger.ListAsync(
            "select account, billing_month, state, rows, (cost ->> 'USD')::numeric from import_batches where tenant_id = $1",
            row => (Key: (row.GetString(0), row.GetFieldValue<DateOnly>(1)), State: row.GetString(2), Rows: row.GetInt64(3), Cost: row.GetDecimal(4)));
        batches.Select(batch => batch.Key).Distinct().Count().ShouldBe(batches.Count);
        batches.Count.ShouldBe(12);
        batches.ShouldAllBe(batch => batch.State == "Current");
        batches.Sum(batch => batch.Rows).ShouldBe(totals.Rows);
        batches.Sum(batch => batch.Cost).ShouldBe(import.Usd());
        batches.Select(batch => batch.Key.Item1).ShouldContain(account => account.StartsWith('0'));
    }

    [Fact]
    public async Task Upload_UsageOutsideTheBillingPeriod_StandsInItsOwnMonth()
    {
        using var client = await apps.NewTenantAsync();
        var late = TestBill.Line("b", more: [("lineItem/UsageStartDate", "2023-10-31T23:00:00.000Z"), ("lineItem/UsageEndDate", "2023-11-01T00:00:00.000Z")]);

        var import = await client.ImportAsync(TestBill.File(TestBill.Line("a"), late));

        import.Text("status").ShouldBe("succeeded");
        var months = (await client.SummaryAsync("?groupBy=month")).GetProperty("groups").EnumerateArray().Select(group => group.GetProperty("keys").Text("month"));
        months.ShouldBe(["2023-10", "2023-11"]);
        (await client.Ledger.CountAsync("import_batches")).ShouldBe(1);
    }

    [Fact]
    public async Task Upload_ByAViewer_IsForbidden()
    {
        using var client = await apps.NewTenantAsync(TenantRole.Viewer);

        using var answer = await client.UploadAsync(TestBill.File(TestBill.Line("a")));

        await ImportClient.ProblemAsync(answer, HttpStatusCode.Forbidden);
        (await client.Ledger.CountAsync("imports")).ShouldBe(0);
    }
}
