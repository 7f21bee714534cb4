using System.IO.Compression;
using System.Text;
using Microsoft.Playwright;
using OffGridFlow.Infrastructure.Imports.Samples;

namespace OffGridFlow.E2E.Fixture;

/// <summary>Cloud bills to upload, and files that only look like one.</summary>
internal static class Bills
{
    public static readonly string[] Columns =
    [
        "identity/LineItemId", "bill/BillingPeriodStartDate", "lineItem/UsageAccountId", "lineItem/LineItemType", "lineItem/UsageStartDate", "lineItem/UsageEndDate",
        "lineItem/ProductCode", "lineItem/UsageType", "lineItem/UsageAmount", "lineItem/CurrencyCode", "lineItem/UnblendedCost", "product/region", "product/instanceType",
        "product/vcpu", "pricing/unit",
    ];

    public static FilePayload Sample(string name, SampleBillOptions options, out SampleBillTotals totals)
    {
        using var bill = new MemoryStream();
        totals = SampleBill.WriteGzip(bill, options, CancellationToken.None);
        return File(name, bill.ToArray());
    }

    /// <summary>The physical lines of a generated bill; the first is the headings.</summary>
    public static string[] Lines(SampleBillOptions options)
    {
        using var bill = new MemoryStream();
        SampleBill.WriteCsv(bill, options, CancellationToken.None);
        return Encoding.UTF8.GetString(bill.ToArray()).Split('\n');
    }

    /// <summary>A bill of one account and month: an m5.large for so many hours in each of its lines.</summary>
    public static FilePayload Month(string name, string month, params decimal[] hours) => Text(name, string.Join(',', Columns), [.. hours.Select((h, i) => Line(month, i + 1, h))]);

    public static string Line(string month, int number, decimal hours) => FormattableString.Invariant(
        $"line{number},{month}-01T00:00:00.000Z,123456789012,Usage,{month}-05T01:00:00.000Z,{month}-05T02:00:00.000Z,AmazonEC2,EUW1-BoxUsage:m5.large,{hours},USD,{hours * 0.107m},eu-west-1,m5.large,2,Hrs");

    public static FilePayload Text(string name, string head, params string[] lines) => File(name, Encoding.UTF8.GetBytes(head + "\n" + string.Concat(lines.Select(line => line + "\n"))));

    public static FilePayload File(string name, byte[] bytes) => new() { Name = name, MimeType = "application/octet-stream", Buffer = bytes };

    public static byte[] Gzip(byte[] bytes)
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Optimal))
        {
            gzip.Write(bytes);
        }

        return packed.ToArray();
    }
}
