using System.Diagnostics;
using System.Globalization;
using System.Net;
using OffGridFlow.Infrastructure.Imports.Samples;
using OffGridFlow.Tests.Imports;

namespace OffGridFlow.Tests.Operations;

/// <summary>A process killed at any instant loses no acknowledged work and doubles none.</summary>
public sealed class KillTests(ITestOutputHelper output)
{
    private static readonly SampleBillOptions Bill = new() { Rows = 300_000, Seed = 99, Accounts = 10, Months = 12 };

    [Fact]
    public async Task Kill_InTheMiddleOfALoad_ResumesAndLoadsOnce()
    {
        var data = Directory.CreateTempSubdirectory("offgridflow-kill-").FullName;
        try
        {
            var (file, totals) = TestBill.Generate(Bill, gzip: true);
            Guid id;
            await using (var first = await AppProcess.Start(AppProcess.Built, data, Path.GetDirectoryName(AppProcess.Built)!).ReadyAsync(60))
            {
                using var client = await first.SignInAsync();
                using var answer = await client.UploadAsync(file, "large.csv.gz");
                answer.StatusCode.ShouldBe(HttpStatusCode.Accepted);
                id = await ImportClient.IdAsync(answer);
                await Eventually.BeAsync(
                    async () =>
                    {
                        var import = await client.GetAsync($"/api/v1/imports/{id}");
                        import.Text("status").ShouldBeOneOf("queued", "running");
                        return import.Decimal("progress") > 0.2m;
                    },
                    "a fifth of the load");

                await first.KillAsync();
                var watch = Stopwatch.StartNew();

                await using var second = await AppProcess.Start(AppProcess.Built, data, Path.GetDirectoryName(AppProcess.Built)!).ReadyAsync(10);
                var ready = watch.Elapsed;
                using var again = await second.SignInAsync();
                var job = $"/api/v1/jobs/{(await again.GetAsync($"/api/v1/imports/{id}")).Text("jobId")}";
                await Eventually.BeAsync(async () => (await again.GetAsync(job)).Long("attempts") == 2, "the second attempt");
                var resumed = watch.Elapsed;
                var import = await again.EndedAsync(id);
                output.WriteLine(string.Create(
                    CultureInfo.InvariantCulture,
                    $"killed to ready {ready.TotalSeconds:0.0} s, to resumed {resumed.TotalSeconds:0.0} s, to loaded {watch.Elapsed.TotalSeconds:0.0} s"));

                import.Text("status").ShouldBe("succeeded", import.ToString());
                import.Long("rowsRead").ShouldBe(totals.Rows);
                import.Long("usageRows").ShouldBe(totals.UsageRows);
                import.Usd().ShouldBe(totals.Cost);
                (await again.GetAsync(job)).Long("attempts").ShouldBe(2);
                (await again.Ledger.UsageLinesAsync()).ShouldBe(totals.Rows);
                (await again.Ledger.CountAsync("import_batches", "state <> 'Current'")).ShouldBe(0);
                (await again.Ledger.ScalarAsync<decimal>("select sum(cost) from usage_lines where tenant_id = $1")).ShouldBe(totals.Cost);
                (await again.Ledger.CountAsync("imports")).ShouldBe(1);
                (await again.Ledger.AuditAsync($"import/{id}")).ShouldBe(["import.queued", "import.published"]);
                resumed.TotalSeconds.ShouldBeLessThan(15);
                (await second.StopAsync()).ShouldBe(0);
            }
        }
        finally
        {
            Directory.Delete(data, recursive: true);
        }
    }
}
