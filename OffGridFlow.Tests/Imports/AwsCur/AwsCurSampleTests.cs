using System.Globalization;
using OffGridFlow.Core.Imports;

namespace OffGridFlow.Tests.Imports.AwsCur;

/// <summary>
/// Reports of others. The expected sums were computed apart, with Python's <c>csv</c> and <c>decimal</c> over the same files.
/// </summary>
public sealed class AwsCurSampleTests
{
    private const string LocalPart = "koku-local/20180801-20180901/16e57707-f9e3-49be-8be6-b84e684b5194/koku-local-1.csv.gz";
    private const string March = "nise-hourly-cur/finance/cur/hourly-cur/20240301-20240401/b620517f-a14c-45bc-9237-1af4add37e7f/March-2024-hourly-cur-";
    private const string April = "nise-hourly-cur/finance/cur/hourly-cur/20240401-20240501/775becda-45d4-4ee9-92b7-88c4742b39f7/April-2024-hourly-cur-";

    [Theory]
    [InlineData("focus-converters-legacy-cur-2023-11.csv", 1281, 0, 1269, "1.68230869740")]
    [InlineData("koku-2022-07-01-athena-names.csv", 2, 0, 2, "0")]
    [InlineData("koku-2023-06-01.csv", 3, 0, 3, "30")]
    [InlineData("koku-empty.csv", 0, 0, 0, "0")]
    [InlineData("koku-test_cur.csv", 19, 19, 0, "0")]
    [InlineData("koku-test_cur.csv.gz", 19, 19, 0, "0")]
    [InlineData(LocalPart, 13380, 0, 13380, "143227.763678187615017991050")]
    [InlineData(March + "1.csv.gz", 3000, 0, 3000, "59499.59392308669597385518")]
    [InlineData(March + "2.csv.gz", 3000, 0, 3000, "363402.35420329401384")]
    [InlineData(March + "3.csv.gz", 3000, 0, 3000, "1201.8002568")]
    [InlineData(March + "4.csv.gz", 1608, 0, 1608, "8993.109163883898336")]
    [InlineData(April + "1.csv.gz", 3000, 0, 3000, "44918.7243674398647474193184")]
    [InlineData(April + "2.csv.gz", 768, 0, 768, "90.59888114488580160")]
    public void Read_Sample_CountsAndSumAsComputedApart(string name, int rows, int rejected, int usage, string cost)
    {
        var path = SharedFiles.Require("samples/aws/" + name);

        var read = CurText.Read(File.ReadAllBytes(path));
        var inspection = CurText.Inspect(File.ReadAllBytes(path));

        read.Rows.ShouldBe(rows);
        read.Rejected.Count.ShouldBe(rejected);
        read.Lines.Count.ShouldBe(rows - rejected);
        read.UsageRows.ShouldBe(usage);
        read.Cost.ShouldBe(decimal.Parse(cost, CultureInfo.InvariantCulture));
        inspection.Rows.ShouldBe(rows);
        inspection.Periods.ShouldBe(
            read.Lines.GroupBy(l => (read.KindOf(l).Account, l.BillingMonth)).ToDictionary(g => new Infrastructure.Imports.BillPeriod("aws", g.Key.Account, g.Key.BillingMonth), g => g.LongCount()),
            ignoreOrder: true);
    }

    [Fact]
    public void Read_RealReport_TaxIsCostOnlyAndRegionsAndProductsAreCounted()
    {
        var read = CurText.Read(File.ReadAllBytes(SharedFiles.Require("samples/aws/focus-converters-legacy-cur-2023-11.csv")));

        var costOnly = read.Lines.Where(l => l.Charge == ChargeKind.CostOnly).ToList();
        costOnly.Count.ShouldBe(12);
        costOnly.ShouldAllBe(l => l.Amount == null && l.End == new DateTime(2023, 12, 1, 0, 0, 0, DateTimeKind.Utc));

        // As the sample's notes count them: 17 regions, "global", and the empty one of the tax rows.
        read.Kinds.Select(k => k.Region).Distinct().Count().ShouldBe(19);
        read.Kinds.Select(k => k.Service).Distinct().Count().ShouldBe(14);
        read.Lines.Count(l => read.KindOf(l).Service == "AmazonS3").ShouldBe(799);
        read.Lines.Count(l => read.KindOf(l).Region == "global").ShouldBe(14);
        read.Lines.ShouldAllBe(l => l.Resource == null && l.Tags == null && l.BillingMonth == new DateOnly(2023, 11, 1));
    }

    [Fact]
    public void Read_ReportWithoutRegionColumn_RegionsFromZonePrefixAndLocation()
    {
        var read = CurText.Read(File.ReadAllBytes(SharedFiles.Require("samples/aws/" + LocalPart)));

        read.Lines.GroupBy(l => read.KindOf(l).Region).ToDictionary(g => g.Key, g => g.Count())
            .Keys.ShouldBe(["us-east-1", "us-west-1", "us-west-2"], ignoreOrder: true);
        read.Kinds.Select(k => k.Account.Length).Distinct().ShouldBe([13]);
        read.Lines.Select(l => l.BillingMonth.Month).Distinct().ShouldBe([6, 7, 8], ignoreOrder: true);
    }

    [Fact]
    public void Read_RaggedReport_EveryRowIsRejectedWithBothCounts()
    {
        var read = CurText.Read(File.ReadAllBytes(SharedFiles.Require("samples/aws/koku-test_cur.csv")));

        read.Rejected.ShouldAllBe(r => r.Reason.Contains("130 fields") && r.Reason.Contains("131") && r.Column == null && r.Value == null);
        read.Rejected[0].Line.ShouldBe(2);
    }

    [Fact]
    public void Read_SavingsPlanReport_KeepsLeadingZerosAndCurrency()
    {
        var read = CurText.Read(File.ReadAllBytes(SharedFiles.Require("samples/aws/koku-2023-06-01.csv")));

        read.Kinds.ShouldAllBe(k => k.Account == "0099999999999" && k.Currency == "NOK" && k.Vcpus == 2);
    }

    [Fact]
    public void Read_AthenaNames_RegionInstanceAndTagsFound()
    {
        var read = CurText.Read(File.ReadAllBytes(SharedFiles.Require("samples/aws/koku-2022-07-01-athena-names.csv")));

        var kind = read.Kinds.ShouldHaveSingleItem();
        kind.Account.ShouldBe("999999");
        kind.Region.ShouldBe("us-east-1");
        kind.Unit.ShouldBe("Hrs");
        read.Lines[0].Tags.ShouldBe("""{"aws:created_by":"IAMUser:fake:and"}""");
        read.Lines[0].Resource.ShouldBe("arn:aws:ec2:us-east-1:589173575009:instance/i-055386473d0b3fc65");
        read.Lines[1].Line.ShouldBe(3);
    }

    [Fact]
    public void Read_TaggedReport_TagsAreJsonObjectsWithTheirKeys()
    {
        var read = CurText.Read(File.ReadAllBytes(SharedFiles.Require("samples/aws/" + March + "1.csv.gz")));

        var tags = read.Lines.Where(l => l.Tags is not null).Select(l => l.Tags!).ToList();
        tags.Count.ShouldBeGreaterThan(0);
        foreach (var json in tags.Distinct())
            System.Text.Json.JsonDocument.Parse(json).RootElement.EnumerateObject().ShouldAllBe(p => p.Name.Contains(':'));
    }
}
