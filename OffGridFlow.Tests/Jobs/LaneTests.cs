using System.Net;
using OffGridFlow.Tests.Imports;

namespace OffGridFlow.Tests.Jobs;

/// <summary>Two imports of one account and month at once: one waits, neither is lost.</summary>
public sealed class LaneTests(AppFixture apps) : IClassFixture<AppFixture>
{
    private static string[] Lines(string prefix, int count, string cost) =>
        [.. Enumerable.Range(0, count).Select(i => TestBill.Line(FormattableString.Invariant($"{prefix}{i}"), cost))];

    [Fact]
    public async Task ReplaceTwiceAtOnce_BothSucceedAndTheLaterOneCounts()
    {
        using var client = await apps.NewTenantAsync();
        using var alone = await apps.NewTenantAsync();
        byte[][] files = [TestBill.File(Lines("a", 4000, "0.001")), TestBill.File(Lines("b", 3000, "0.002"))];

        var answers = await Task.WhenAll(client.UploadAsync(files[0], "first.csv", "replace"), client.UploadAsync(files[1], "second.csv", "replace"));
        var ids = new List<Guid>();
        foreach (var answer in answers)
        {
            answer.StatusCode.ShouldBe(HttpStatusCode.Accepted);
            ids.Add(await ImportClient.IdAsync(answer));
            (await client.EndedAsync(ids[^1])).Text("status").ShouldBe("succeeded");
        }

        var last = await LastQueuedAsync(client, ids);
        (await client.GetAsync($"/api/v1/imports/{ids[last]}")).Text("status").ShouldBe("succeeded");
        (await client.Ledger.CountAsync("import_batches", $"state = 'Current' and import_id = '{ids[last]}'")).ShouldBe(1);
        (await client.Ledger.CountAsync("import_batches", "state = 'Superseded'")).ShouldBe(1);
        await OneAfterTheOtherAsync(client);
        await alone.ImportAsync(files[last]);
        (await TotalsAsync(client)).ShouldBe(await TotalsAsync(alone));
    }

    [Fact]
    public async Task AppendTwiceAtOnce_NoLineIsLostAndEachDuplicateIsNamed()
    {
        using var client = await apps.NewTenantAsync();
        var shared = Lines("shared", 500, "0.01");

        var answers = await Task.WhenAll(
            client.UploadAsync(TestBill.File([.. Lines("x", 2000, "0.001"), .. shared]), "x.csv", "append"),
            client.UploadAsync(TestBill.File([.. Lines("y", 2000, "0.001"), .. shared]), "y.csv", "append"));
        var ids = new List<Guid>();
        foreach (var answer in answers)
        {
            ids.Add(await ImportClient.IdAsync(answer));
            (await client.EndedAsync(ids[^1])).Text("status").ShouldBe("succeeded");
        }

        var last = await LastQueuedAsync(client, ids);
        (await client.GetAsync($"/api/v1/imports/{ids[last]}")).Long("duplicate").ShouldBe(500);
        (await client.GetAsync($"/api/v1/imports/{ids[1 - last]}")).Long("duplicate").ShouldBe(0);
        (await client.Http.GetStringAsync($"/api/v1/imports/{ids[last]}/rejected", TestContext.Current.CancellationToken))
            .Split('\n').Count(line => line.Contains("already loaded for this account and month", StringComparison.Ordinal)).ShouldBe(500);
        (await client.Ledger.UsageLinesAsync()).ShouldBe(4500);
        // The wait is by lane: nothing had to be done twice.
        (await client.Ledger.CountAsync("job_runs", "state = 'Succeeded' and attempts = 1 and fence = 1")).ShouldBe(2);
        await OneAfterTheOtherAsync(client);
    }

    [Fact]
    public async Task UploadTwiceAtOnce_WithoutAMode_OneIsAcceptedAndTheOtherRefusedInWords()
    {
        using var client = await apps.NewTenantAsync();

        var answers = await Task.WhenAll(
            client.UploadAsync(TestBill.File(Lines("a", 5000, "0.001")), "first.csv"), client.UploadAsync(TestBill.File(Lines("b", 5000, "0.001")), "second.csv"));

        answers.Select(answer => answer.StatusCode).ShouldBe([HttpStatusCode.Accepted, HttpStatusCode.Conflict], ignoreOrder: true);
        var accepted = answers[0].StatusCode == HttpStatusCode.Accepted ? 0 : 1;
        var problem = await ImportClient.ProblemAsync(answers[1 - accepted], HttpStatusCode.Conflict);
        problem.GetProperty("periods").EnumerateArray().ShouldHaveSingleItem().Text("fileName").ShouldBe(accepted == 0 ? "first.csv" : "second.csv");
        (await client.EndedAsync(await ImportClient.IdAsync(answers[accepted]))).Text("status").ShouldBe("succeeded");
        (await client.Ledger.CountAsync("imports")).ShouldBe(1);
    }

    [Fact]
    public async Task Upload_WithoutAMode_WhileTheMonthIsBeingImported_SaysSo()
    {
        using var client = await apps.NewTenantAsync();
        await using var hold = await HeldTable.TakeAsync(apps.App.ConnectionString);
        using var first = await client.UploadAsync(TestBill.File(Lines("a", 10, "0.001")), "first.csv");
        var id = await ImportClient.IdAsync(first);

        using var second = await client.UploadAsync(TestBill.File(Lines("b", 10, "0.001")), "second.csv");
        using var replacing = await client.UploadAsync(TestBill.File(Lines("c", 10, "0.001")), "third.csv", "replace");

        var problem = await ImportClient.ProblemAsync(second, HttpStatusCode.Conflict);
        problem.Text("detail").ShouldContain("is still being imported, from “first.csv”");
        problem.Text("detail").ShouldContain("November 2023");
        problem.GetProperty("periods")[0].Text("state").ShouldBe("loading");
        replacing.StatusCode.ShouldBe(HttpStatusCode.Accepted);
        var next = await ImportClient.IdAsync(replacing);
        (await client.GetAsync($"/api/v1/imports/{next}")).Text("status").ShouldBe("queued");
        await hold.ReleaseAsync();
        (await client.EndedAsync(id)).Text("status").ShouldBe("succeeded");
        (await client.EndedAsync(next)).Text("status").ShouldBe("succeeded");
    }

    private static async Task<int> LastQueuedAsync(ImportClient client, List<Guid> ids)
    {
        var order = await client.Ledger.TextsAsync("select subject_id::text from job_runs where tenant_id = $1 order by queued_at, id");
        return ids.FindIndex(id => id.ToString() == order[^1]);
    }

    /// <summary>No run began before the one before it had ended.</summary>
    private static async Task OneAfterTheOtherAsync(ImportClient client) => (await client.Ledger.ScalarAsync<long>(
        """
        select count(*) from job_runs a join job_runs b on b.tenant_id = a.tenant_id and (b.queued_at, b.id) > (a.queued_at, a.id)
        where a.tenant_id = $1 and b.started_at < a.finished_at
        """)).ShouldBe(0);

    private static async Task<List<string>> TotalsAsync(ImportClient client) => await client.Ledger.TextsAsync(
        "select (to_jsonb(t) - 'tenant_id')::text from monthly_totals t where tenant_id = $1 order by 1");
}
