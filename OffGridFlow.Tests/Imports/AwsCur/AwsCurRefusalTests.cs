using System.IO.Compression;
using System.Text;
using OffGridFlow.Infrastructure.Imports;
using static System.FormattableString;

namespace OffGridFlow.Tests.Imports.AwsCur;

/// <summary>Files that are refused as a whole: nothing of them may be loaded, and the words say what they are.</summary>
public sealed class AwsCurRefusalTests
{
    public static TheoryData<string, byte[], string, string> NotText() => new()
    {
        { "empty", [], "0 bytes", "Download the report again" },
        { "empty gzip", CurText.EmptyGzip, "gzip file holds 0 bytes", "Download the report again" },
        { "mark only", [0xEF, 0xBB, 0xBF], "blank lines only", "Download the report again" },
        { "blank lines", CurText.Bytes("\n\r\n \n"), "blank lines only", "Download the report again" },
        { "Parquet", CurText.Bytes("PAR1\u0015\u0004..."), "Parquet", "format to CSV" },
        { "zip", CurText.Bytes("PK\u0003\u0004\u0014\0\0\0report.csv"), "ZIP archive inside", "Unpack the inner" },
        { "xlsx", CurText.Bytes("PK\u0003\u0004\u0014\0\0\0[Content_Types].xml"), "Excel workbook", "CSV file that the provider delivered" },
        { "xls", [0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1], "old Excel workbook", "CSV file that the provider delivered" },
        { "html", CurText.Bytes("\uFEFF\n<!DOCTYPE html><html>"), "HTML", "signed-in browser" },
        { "xml", CurText.Bytes("<?xml version=\"1.0\"?>"), "XML", "signed-in browser" },
        { "json", CurText.Bytes("{\"rows\":[]}"), "JSON", "format to CSV" },
        { "pdf", CurText.Bytes("%PDF-1.7\n"), "PDF", "format to CSV" },
        { "bzip2", CurText.Bytes("BZh91AY&SY"), "another program than gzip", "Unpack it" },
        { "zstd", [0x28, 0xB5, 0x2F, 0xFD, 0], "another program than gzip", "Unpack it" },
        { "binary", [1, 2, 3, 4, 0, 0, 0, 9], "NUL bytes", "format to CSV" },
        { "binary numbers", [1, 0, 0, 0, 2, 0, 0, 0], "NUL bytes", "format to CSV" },
        { "UTF-16 with mark", [.. Encoding.Unicode.Preamble, .. Encoding.Unicode.GetBytes(CurText.Headings)], "UTF-16", "UTF-8" },
        { "UTF-16 big endian", [.. Encoding.BigEndianUnicode.Preamble, .. Encoding.BigEndianUnicode.GetBytes(CurText.Headings)], "UTF-16", "UTF-8" },
        { "UTF-16 without mark", Encoding.Unicode.GetBytes(CurText.Headings), "UTF-16", "UTF-8" },
        { "html in gzip", CurText.Gzip(CurText.Bytes("<html>")), "gzip file does not hold CSV text: it is an HTML", "signed-in browser" },
        { "gzip in gzip", CurText.Gzip(CurText.Gzip(CurText.File(CurText.Row()))), "packed twice", "Unpack it once" },
        { "gzip mark only", [0x1F, 0x8B], "stops before its end", "Download the file again" },
        { "not UTF-8 headings", [.. CurText.Bytes(CurText.Headings), (byte)',', 0xE9, (byte)'\n'], "headings is not UTF-8", "UTF-8" },
        { "semicolons", CurText.Bytes(CurText.Headings.Replace(',', ';')), "separated by semicolons", "spreadsheet program" },
        { "tabs", CurText.Bytes(CurText.Headings.Replace(',', '\t')), "separated by tabs", "spreadsheet program" },
        { "data without headings", CurText.Bytes(CurText.Row() + "\n"), "not an AWS Cost and Usage Report", "headings first" },
        { "other csv", CurText.Bytes("name,age,city\nAnn,3,Bonn\n"), "it starts with “name, age, city”", "as AWS delivers it" },
    };

    [Theory]
    [MemberData(nameof(NotText))]
    public void Read_FileOfAnotherKind_RefusedWithItsNameAndAWayOut(string name, byte[] file, string reason, string fix)
    {
        var refusal = CurText.Refused(file);

        refusal.Reason.ShouldContain(reason, Case.Sensitive, name);
        refusal.Fix.ShouldContain(fix, Case.Sensitive, name);
    }

    [Theory]
    [InlineData("identity_line_item_id,line_item_usage_account_id,line_item_unblended_cost,product,resource_tags", "Cost and Usage Report 2.0", "aws-cur2")]
    [InlineData("bill_payer_account_name,line_item_usage_account_id,line_item_unblended_cost", "Cost and Usage Report 2.0", "aws-cur2")]
    [InlineData("AvailabilityZone,BilledCost,BillingAccountId,ChargeCategory,ChargePeriodStart", "FOCUS", "focus")]
    [InlineData("SubscriptionId,ResourceGroup,MeterId,Quantity,CostInBillingCurrency", "Azure cost export", "azure-cost")]
    [InlineData("subscriptionGuid,instanceId,meterCategory,preTaxCost", "Azure cost export", "azure-cost")]
    [InlineData("billing_account_id,service.id,service.description,sku.id,cost", "Google Cloud billing export", "gcp-billing")]
    [InlineData("model_version,payer_account_id,total_mbm_emissions_value", "AWS carbon emissions export", "aws-carbon")]
    [InlineData("InvoiceID,PayerAccountId,LinkedAccountId,RecordType,UsageType", "Detailed Billing Report", "Create a Cost and Usage Report")]
    public void Read_BillOfAnotherKind_RefusedWithTheKindItNeeds(string headings, string reason, string fix)
    {
        var refusal = CurText.Refused(CurText.Bytes(headings + "\n"));

        refusal.Reason.ShouldContain(reason);
        refusal.Fix.ShouldContain(fix);
    }

    [Theory]
    [InlineData("azure/finops-toolkit-EA_ActualCost_Small.csv", "azure-cost")]
    [InlineData("azure/koku-version_2.csv", "azure-cost")]
    [InlineData("azure/koku-v1-camelCased-2019-07.csv", "azure-cost")]
    [InlineData("gcp/koku-billing-standard-2020-11.csv", "gcp-billing")]
    [InlineData("focus/focus-1.0-sample-1000.csv", "focus")]
    public void Read_SampleOfAnotherProvider_RefusedWithTheKindItNeeds(string sample, string kind) =>
        CurText.Refused(File.ReadAllBytes(SharedFiles.Require("samples/" + sample))).Fix.ShouldMatch($"kind {kind}[,.]");

    [Fact]
    public void Read_NeededColumnMissing_NamedWithWhatLooksLikeIt()
    {
        var headings = CurText.Headings.Replace("lineItem/UnblendedCost", "lineitem/unblendedcost").Replace("lineItem/UsageAmount", "UsageAmonut");

        var refusal = CurText.Refused(CurText.Bytes(headings + "\n" + CurText.Row() + "\n"));

        refusal.Reason.ShouldContain("lineItem/UnblendedCost (the file has lineitem/unblendedcost)");
        refusal.Reason.ShouldContain("lineItem/UsageAmount (the file has UsageAmonut)");
        refusal.Fix.ShouldContain("capitals included");
    }

    [Theory]
    [InlineData("lineItem/UnblendedCost")]
    [InlineData("line_item_unblended_cost")]
    [InlineData("product/region")]
    public void Read_NeededHeadingTwice_Refused(string again)
    {
        var refusal = CurText.Refused(CurText.Bytes(CurText.Headings + "," + again + "\n"));

        refusal.Reason.ShouldContain("occurs twice");
        refusal.Reason.ShouldContain("column 20");
        refusal.Fix.ShouldContain("Remove one");
    }

    [Fact]
    public void Read_OtherHeadingTwiceAndExtraOnes_Accepted() =>
        CurText.Read(CurText.Bytes($"note,{CurText.Headings},note\nx,{CurText.Row()},y\n")).Lines.Count.ShouldBe(1);

    [Fact]
    public void Read_HeadingsOnly_IsAnImportOfNoRows()
    {
        var read = CurText.Read(CurText.Bytes(CurText.Headings));

        read.Rows.ShouldBe(0);
        CurText.Inspect(CurText.File()).Periods.ShouldBeEmpty();
    }

    [Fact]
    public void Read_BillingPeriodColumnMissing_MonthOfUsage()
    {
        var text = CurText.Headings.Replace("bill/BillingPeriodStartDate", "bill/Other") + "\n" + CurText.Row(("lineItem/UsageStartDate", "2023-10-07")) + "\n";

        CurText.Read(CurText.Bytes(text)).Lines.ShouldHaveSingleItem().BillingMonth.ShouldBe(new DateOnly(2023, 10, 1));
    }

    [Fact]
    public void Read_QuoteNeverClosed_RefusedWithTheLineWhereItOpened()
    {
        var text = CurText.Headings + "\n" + CurText.Row() + "\n" +
            CurText.Row(("lineItem/ResourceId", "\"one\ntwo\""), ("resourceTags/user:team", "\"web")) + "\n" + CurText.Row() + "\n" + CurText.Row() + "\n";

        var refusal = CurText.Refused(CurText.Bytes(text));

        refusal.Reason.ShouldContain("never closed");
        refusal.Line.ShouldBe(4);
    }

    [Fact]
    public void Read_FieldOverOneMegabyte_Refused()
    {
        var refusal = CurText.Refused(CurText.File(CurText.Row(), CurText.Row(("lineItem/ResourceId", new string('x', (1 << 20) + 1)))));

        refusal.Reason.ShouldContain("longer than 1 MB");
        refusal.Line.ShouldBe(3);
    }

    [Fact]
    public void Read_RowOverEightMegabytes_Refused()
    {
        var wide = string.Join(',', Enumerable.Repeat(new string('y', 1_000_000), 17));

        var refusal = CurText.Refused(CurText.Bytes(CurText.Headings + "\n" + CurText.Row() + "\n" + wide + "\n" + CurText.Row() + "\n"));

        refusal.Reason.ShouldContain("longer than 8 MB");
        refusal.Line.ShouldBe(3);
    }

    [Fact]
    public void Read_MoreKindsThanFitInMemory_Refused()
    {
        var rows = Enumerable.Range(0, 12).Select(i => CurText.Row(("lineItem/UsageType", Invariant($"EUW1-Box{i}")))).ToArray();

        Should.Throw<UnreadableFileException>(() => CurText.Read(CurText.File(rows), new BillOptions { Clock = CurText.Clock, MaxKinds = 10 }))
            .Reason.ShouldContain("more than 10 distinct");
    }

    [Fact]
    public void Read_GzipOfSeveralMembers_ReadAsOne()
    {
        var text = CurText.File(CurText.Row(), CurText.Row());

        CurText.Read([.. CurText.Gzip(text[..100]), .. CurText.Gzip(text[100..400]), .. CurText.EmptyGzip, .. CurText.Gzip(text[400..])]).Lines.Count.ShouldBe(2);
    }

    [Fact]
    public void Read_GzipCutAnywhere_RefusedWithTheRowReached()
    {
        var rows = Enumerable.Range(0, 2_000).Select(i => CurText.Row(("lineItem/ResourceId", Invariant($"i-{i * 7919L:x}")))).ToArray();
        var packed = CurText.Gzip(CurText.File(rows));

        foreach (var length in new[] { 3, 10, 11, 60, packed.Length / 3, packed.Length / 2, packed.Length - 9, packed.Length - 8, packed.Length - 3, packed.Length - 1 })
        {
            var refusal = CurText.Refused(packed[..length]);
            refusal.Reason.ShouldContain("stops before its end", Case.Sensitive, Invariant($"cut at {length} of {packed.Length}"));
            refusal.Fix.ShouldContain("Download the file again");
        }

        var half = CurText.Refused(packed[..(packed.Length / 2)]);
        half.Line.ShouldNotBeNull().ShouldBeInRange(700, 1_300);
        half.Reason.ShouldContain(Invariant($"as far as row {half.Line - 1:N0} (line {half.Line:N0})"));
        CurText.Refused(packed[..^1]).Line.ShouldNotBeNull().ShouldBeInRange(1_990, 2_001);
    }

    [Fact]
    public void Read_SecondGzipMemberCut_Refused()
    {
        var packed = CurText.Gzip(CurText.File(CurText.Row()));

        foreach (var more in new[] { 1, 2, 9, 12, packed.Length - 1 })
            CurText.Refused([.. packed, .. packed[..more]]).Reason.ShouldContain("stops before its end");
    }

    [Fact]
    public void Read_GzipWithAChangedByte_Refused()
    {
        var packed = CurText.Gzip(CurText.File([.. Enumerable.Range(0, 500).Select(i => CurText.Row(("lineItem/ResourceId", Invariant($"i-{i * 7919L:x}"))))]));
        packed[^6] ^= 0x10;

        CurText.Refused(packed).Reason.ShouldMatch("damaged|stops before its end");
    }

    [Fact]
    public void Read_GzipBomb_RefusedEarly()
    {
        // 300 MB of blank lines in about 0.3 MB: a first line that is a report's, then nothing but growth.
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.SmallestSize, leaveOpen: true))
        {
            gzip.Write(CurText.File(CurText.Row()));
            var blanks = new byte[1 << 20];
            Array.Fill(blanks, (byte)'\n');
            for (var i = 0; i < 300; i++)
                gzip.Write(blanks);
        }

        var refusal = CurText.Refused(packed.ToArray());

        refusal.Reason.ShouldContain("200 times its size");
        refusal.Reason.ShouldContain("stopped after 64 MB");
        refusal.Fix.ShouldContain("Check where the file comes from");
    }

    [Fact]
    public void Read_GzipBombInOneLine_RefusedByTheLongRow()
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.SmallestSize, leaveOpen: true))
        {
            gzip.Write(CurText.Bytes(CurText.Headings + "\n"));
            for (var i = 0; i < 100; i++)
                gzip.Write(new byte[1 << 20].Select(_ => (byte)'a').ToArray());
        }

        CurText.Refused(packed.ToArray()).Reason.ShouldContain("longer than 8 MB");
    }

    [Fact]
    public void Read_TextOverTheLimit_Refused()
    {
        var options = new BillOptions { Clock = CurText.Clock, Limits = new BillFileLimits { MaxTextBytes = 1_000 } };

        CurText.Refused(CurText.Gzip(CurText.File(CurText.Row(), CurText.Row(), CurText.Row(), CurText.Row(), CurText.Row())), options)
            .Reason.ShouldContain("of text");
    }
}
