using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using OffGridFlow.Tests.Reports;

namespace OffGridFlow.Tests.Calculation;

/// <summary>The difference of a run as a workbook.</summary>
public sealed class RunExportTests(AppFixture apps) : IClassFixture<AppFixture>
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Workbook_OfAProposedRun_HoldsEverySumAndEveryChangedEntry()
    {
        await using var world = await EntryWorld.CreateAsync(apps);
        await world.SaveAsync(world.AYear());
        var id = await ProposeAsync(world);
        var byScope = await world.Client.GetAsync($"/api/v1/calculation-runs/{id}/difference?groupBy=scope");
        var rows = (await world.Client.GetAsync($"/api/v1/calculation-runs/{id}/difference?groupBy=row&limit=500")).GetProperty("rows").EnumerateArray().ToList();

        using var answer = await world.Client.Http.GetAsync($"/api/v1/calculation-runs/{id}/difference.xlsx", Stop);

        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        answer.Content.Headers.ContentDisposition!.FileName.ShouldBe("run-1-difference.xlsx");
        var workbook = Xlsx.Read(await answer.Content.ReadAsByteArrayAsync(Stop));
        workbook.Errors().ShouldBeEmpty();
        var total = workbook["Difference"].First(row => row.At("A")?.Text == "Total");
        Math.Abs(total.At("B")!.Number - byScope.GetProperty("total").GetProperty("beforeKgCo2e").GetDecimal()).ShouldBeLessThan(0.000_001m);
        total.At("D")!.Formula.ShouldBe(Minus("C", "B", total.Number));
        var entries = workbook["Entries"].Where(row => row.Number > 1).ToList();
        entries.Count.ShouldBe(rows.Count);
        entries.Select(row => row.At("M")!.Text).ShouldBe(rows.Select(row => row.GetProperty("activityId").GetString()!));
        entries.ShouldAllBe(row => row.At("G")!.Formula == Minus("F", "E", row.Number));
        workbook["Factors"].Count.ShouldBeGreaterThan(1);
        (await world.Client.Ledger.TextsAsync("select subject from audit_entries where tenant_id = $1 and action = 'calculation-run.exported'")).ShouldBe([$"calculation-run/{id}"]);
    }

    [Fact]
    public async Task Workbook_OfAnUnknownRun_IsNotFound()
    {
        using var client = await apps.NewTenantAsync();
        using var answer = await client.Http.GetAsync($"/api/v1/calculation-runs/{Guid.CreateVersion7()}/difference.xlsx", Stop);
        answer.StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    private static string Minus(string from, string what, int row) => string.Create(CultureInfo.InvariantCulture, $"{from}{row}-{what}{row}");

    private static async Task<Guid> ProposeAsync(EntryWorld world)
    {
        using var answer = await world.Client.Http.PostAsJsonAsync(
            "/api/v1/calculation-runs", new { title = "AR6", kind = "gwp", policy = new { gwp = "AR6", setOrder = Array.Empty<string>(), allowsProxy = true } }, Stop);
        answer.StatusCode.ShouldBe(HttpStatusCode.Accepted);
        var id = (await answer.Content.ReadFromJsonAsync<JsonElement>(Stop)).GetProperty("id").GetGuid();
        await Eventually.BeAsync(
            async () => (await world.Client.GetAsync($"/api/v1/calculation-runs/{id}")).GetProperty("state").GetString() == "proposed", "the difference of the run");
        return id;
    }
}
