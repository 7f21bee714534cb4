using System.Diagnostics;
using System.Net;
using OffGridFlow.Infrastructure.Imports.Samples;
using OffGridFlow.Tests.Imports;

namespace OffGridFlow.Tests.Operations;

/// <summary>What is shipped, started by somebody who has nothing but the folder and the set-up variables.</summary>
public sealed class PublishedAppTests
{
    [Fact]
    public async Task Publish_StartedFromElsewhereWithoutData_SignsInImportsServesItsAssetsAndStopsClean()
    {
        // Open to other accounts, as program folders are: as root, the database runs under an account of its own.
        var root = Directory.CreateDirectory(Path.Combine(Path.GetTempPath(), $"offgridflow-published-{Guid.NewGuid():N}")).FullName;
        try
        {
            var program = Path.Combine(root, "program");
            await PublishAsync(program);
            var elsewhere = Directory.CreateDirectory(Path.Combine(root, "elsewhere")).FullName;
            await using var app = await AppProcess.Start(Path.Combine(program, "OffGridFlow.Web.dll"), Path.Combine(root, "data"), elsewhere).ReadyAsync(60);
            using var client = await app.SignInAsync();
            var (file, totals) = TestBill.Generate(new SampleBillOptions { Rows = 2000, Accounts = 2, Months = 1 }, gzip: true);

            var import = await client.ImportAsync(file, "bill.csv.gz");

            import.Usd().ShouldBe(totals.Cost);
            (await client.SummaryAsync("?groupBy=service")).GetProperty("total").Decimal("kgCo2e").ShouldBeGreaterThan(0);
            foreach (var asset in new[] { "/og.css", "/_framework/blazor.web.js", FontOf(await client.Http.GetStringAsync("/og.css", TestContext.Current.CancellationToken)) })
            {
                using var answer = await client.Http.GetAsync(asset, TestContext.Current.CancellationToken);
                answer.StatusCode.ShouldBe(HttpStatusCode.OK, asset);
                (await answer.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken)).Length.ShouldBeGreaterThan(1000, asset);
            }

            Directory.EnumerateFileSystemEntries(elsewhere).ShouldBeEmpty();
            app.DatabaseProcess().ShouldNotBeNull();
            (await app.StopAsync()).ShouldBe(0, app.Log);
            app.DatabaseProcess().ShouldBeNull();
        }
        finally
        {
            Directory.Delete(root, recursive: true);
        }
    }

    private static async Task PublishAsync(string folder)
    {
        // The analyzers have read the same sources when the solution was built.
        var start = new ProcessStartInfo(
            "dotnet", ["publish", "OffGridFlow.Web", "-c", "Release", "-o", folder, "--no-restore", "--disable-build-servers", "-p:RunAnalyzers=false", "-v", "quiet"])
        {
            WorkingDirectory = AppProcess.Repository, UseShellExecute = false, RedirectStandardOutput = true,
        };
        using var publish = Process.Start(start)!;
        var words = await publish.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await publish.WaitForExitAsync(TestContext.Current.CancellationToken);
        publish.ExitCode.ShouldBe(0, words);
    }

    /// <summary>The first font that the style sheet names, as an address.</summary>
    private static string FontOf(string css)
    {
        var end = css.IndexOf(".woff2", StringComparison.Ordinal);
        end.ShouldBeGreaterThan(0);
        var start = css.LastIndexOfAny(['(', '"', '\''], end) + 1;
        return "/" + css[start..(end + ".woff2".Length)].TrimStart('/');
    }
}
