using System.Globalization;
using OffGridFlow.Tests.Imports.Archives;

namespace OffGridFlow.Tests.Imports;

/// <summary>Reports of others, through the whole product: counts and costs as the reader's tests have them, computed apart.</summary>
public sealed class SampleImportTests(AppFixture apps) : IClassFixture<AppFixture>
{
    private const string LocalPart = "koku-local/20180801-20180901/16e57707-f9e3-49be-8be6-b84e684b5194/koku-local-1.csv.gz";
    private const string Nise = "nise-hourly-cur/finance/cur/hourly-cur/";
    private const string March = Nise + "20240301-20240401/b620517f-a14c-45bc-9237-1af4add37e7f/March-2024-hourly-cur-";
    private const string April = Nise + "20240401-20240501/775becda-45d4-4ee9-92b7-88c4742b39f7/April-2024-hourly-cur-";

    [Theory]
    [InlineData("focus-converters-legacy-cur-2023-11.csv", "succeeded", 1281, 0, 1269, "USD", "1.6823086974")]
    [InlineData("koku-2022-07-01-athena-names.csv", "succeeded", 2, 0, 2, "USD", "0")]
    [InlineData("koku-2023-06-01.csv", "succeeded", 3, 0, 3, "NOK", "30")]
    [InlineData("koku-test_cur.csv", "completedWithErrors", 19, 19, 0, "", "0")]
    [InlineData("koku-test_cur.csv.gz", "completedWithErrors", 19, 19, 0, "", "0")]
    [InlineData("koku-empty.csv", "succeeded", 0, 0, 0, "", "0")]
    [InlineData(LocalPart, "succeeded", 13380, 0, 13380, "USD", "143227.76367818761501799105")]
    public async Task Import_Sample_CountsAndCostAsComputedApart(string name, string status, long rows, long rejected, long usage, string currency, string cost)
    {
        using var client = await apps.NewTenantAsync();

        var import = await client.ImportAsync(await FileAsync(name), Path.GetFileName(name));

        import.Text("status").ShouldBe(status);
        import.Long("rowsRead").ShouldBe(rows);
        import.Long("rejected").ShouldBe(rejected);
        import.Long("usageRows").ShouldBe(usage);
        import.GetProperty("cost").GetRawText().ShouldBe(currency.Length == 0 ? "{}" : $$"""{"{{currency}}":{{cost}}}""");
        foreach (var group in (await client.SummaryAsync("?groupBy=account")).GetProperty("groups").EnumerateArray())
        {
            if (currency == "NOK")
                group.GetProperty("keys").Text("account").ShouldBe("0099999999999");
        }
    }

    /// <summary>A report's folder, zipped as it lies in the bucket: each manifest's parts once, though each has a second manifest.</summary>
    [Theory]
    [InlineData("koku-local", 13380, "143227.76367818761501799105")]
    [InlineData("nise-hourly-cur", 14376, "478106.1807956493586988744984")]
    public async Task Import_ZippedFolder_EveryPartOnceWithItsEntryInTheTrail(string folder, long rows, string cost)
    {
        using var client = await apps.NewTenantAsync();
        var root = Path.GetDirectoryName(SharedFiles.Require("samples/aws/koku-empty.csv"))!;
        var files = Directory.GetFiles(Path.Combine(root, folder), "*", SearchOption.AllDirectories)
            .Select(path => (Path.GetRelativePath(root, path).Replace('\\', '/'), File.ReadAllBytes(path)));

        var import = await client.ImportAsync(BillArchiveTests.Zip([.. files]), folder + ".zip");

        import.Text("status").ShouldBe("succeeded");
        import.Long("rowsRead").ShouldBe(rows);
        import.Long("loaded").ShouldBe(rows);
        Math.Abs(import.Usd() - decimal.Parse(cost, CultureInfo.InvariantCulture)).ShouldBeLessThan(1e-6m);
        var lines = 0L;
        foreach (var emission in await client.EmissionsAsync())
        {
            foreach (var document in (await client.GetAsync($"/api/v1/emissions/{emission.Text("id")}/trail")).GetProperty("documents").EnumerateArray())
            {
                document.Text("entry").ShouldStartWith(folder + "/");
                lines += document.Long("lineCount");
            }
        }

        lines.ShouldBe(import.Long("usageRows"));
    }

    /// <summary>The FOCUS sample: AWS estimated, the providers without estimator loaded and visibly without a figure.</summary>
    [Fact]
    public async Task Import_FocusSample_AllLoadedAndOtherProvidersUnmapped()
    {
        using var client = await apps.NewTenantAsync();
        using var answer = await client.UploadAsync(
            await File.ReadAllBytesAsync(SharedFiles.Require("samples/focus/focus-1.0-sample-1000.csv"), TestContext.Current.CancellationToken), "focus.csv", kind: "focus");

        var import = await client.EndedAsync(await ImportClient.IdAsync(answer));

        import.Text("status").ShouldBe("succeeded");
        import.Long("loaded").ShouldBe(1000);
        import.Long("costOnlyRows").ShouldBe(3);
        Math.Round(import.Usd(), 6).ShouldBe(20.520227m);
        var emissions = await client.EmissionsAsync();
        emissions.Where(emission => emission.Text("provider") != "aws").ShouldAllBe(emission => emission.Number("kgCo2e") == null && emission.Text("usageClass") == "unknown");
        emissions.Count(emission => emission.Text("provider") == "aws" && emission.Number("kgCo2e") > 0).ShouldBeGreaterThan(50);
        var summary = await client.SummaryAsync();
        summary.GetProperty("unmappedCost").Decimal("USD").ShouldBeGreaterThan(0);
        summary.GetProperty("total").Decimal("kgCo2e").ShouldBeGreaterThan(0);
    }

    [Fact]
    public async Task Import_PartsOfOneMonth_AppendedOneByOneAndAllAtOnce()
    {
        string[] parts = ["1.csv.gz", "2.csv.gz", "3.csv.gz", "4.csv.gz"];
        decimal[] costs = [59499.59392308669597385518m, 363402.35420329401384m, 1201.8002568m, 8993.109163883898336m];
        int[] rows = [3000, 3000, 3000, 1608];
        using var client = await apps.NewTenantAsync();
        using var other = await apps.NewTenantAsync();

        for (var part = 0; part < parts.Length; part++)
        {
            var import = await client.ImportAsync(await FileAsync(March + parts[part]), parts[part], mode: "append");
            import.Long("loaded").ShouldBe(rows[part]);
            import.Long("duplicate").ShouldBe(0);
            import.Usd().ShouldBe(costs[part]);
        }

        var files = await Task.WhenAll(parts.Select(part => FileAsync(March + part)));
        var answers = await Task.WhenAll(files.Select((file, part) => other.UploadAsync(file, parts[part], mode: "append")));
        foreach (var answer in answers)
            (await other.EndedAsync(await ImportClient.IdAsync(answer))).Text("status").ShouldBe("succeeded");

        (await other.SummaryAsync()).GetRawText().ShouldBe((await client.SummaryAsync()).GetRawText());
        var april = await client.ImportAsync(await FileAsync(April + "1.csv.gz"), "april.csv.gz");
        april.Usd().ShouldBe(decimal.Parse("44918.7243674398647474193184", CultureInfo.InvariantCulture));
        (await client.ImportAsync(await FileAsync(April + "2.csv.gz"), "april-2.csv.gz", mode: "append")).Usd().ShouldBe(90.598881144885801600m);
    }

    [Fact]
    public async Task Import_RealReport_SummaryAndTrailHoldTogether()
    {
        using var client = await apps.NewTenantAsync();
        await client.ImportAsync(await FileAsync("focus-converters-legacy-cur-2023-11.csv"), "2023-11.csv");

        var summary = await client.SummaryAsync("?groupBy=month,service");
        var emissions = await client.EmissionsAsync();

        summary.GetProperty("groups").EnumerateArray().Sum(group => group.Decimal("kgCo2e")).ShouldBe(summary.GetProperty("total").Decimal("kgCo2e"));
        emissions.Sum(emission => emission.Number("kgCo2e") ?? 0).ShouldBe(summary.GetProperty("total").Decimal("kgCo2e"));
        var lines = 0L;
        foreach (var emission in emissions)
        {
            var trail = await client.GetAsync($"/api/v1/emissions/{emission.Text("id")}/trail");
            trail.GetProperty("components").EnumerateArray().ShouldAllBe(component => component.GetProperty("replayed").GetBoolean());
            lines += trail.GetProperty("documents").EnumerateArray().Sum(document => document.Long("lineCount"));
        }

        lines.ShouldBe(1269);
    }

    private static Task<byte[]> FileAsync(string name) =>
        File.ReadAllBytesAsync(SharedFiles.Require("samples/aws/" + name), TestContext.Current.CancellationToken);
}
