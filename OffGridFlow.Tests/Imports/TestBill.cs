using OffGridFlow.Infrastructure.Imports.Samples;
using OffGridFlow.Tests.Imports.AwsCur;

namespace OffGridFlow.Tests.Imports;

/// <summary>Small bills for tests: lines with ids, or generated ones.</summary>
internal static class TestBill
{
    public static string Headings => CurText.Headings + ",identity/LineItemId,identity/TimeInterval";

    /// <summary>A good row; each line id and cost as said.</summary>
    public static string Line(string id, string cost = "0.107", string account = "012345678901", string month = "2023-11", params (string, string)[] more) =>
        CurText.Row(
        [
            .. more, ("bill/BillingPeriodStartDate", month + "-01T00:00:00.000Z"), ("lineItem/UsageAccountId", account),
            ("lineItem/UsageStartDate", month + "-05T01:00:00.000Z"), ("lineItem/UsageEndDate", month + "-05T02:00:00.000Z"),
            ("lineItem/UnblendedCost", cost),
        ]) + $",{id},{month}-05T01:00:00Z/{month}-05T02:00:00Z";

    public static byte[] File(params string[] lines) => CurText.Bytes(Headings + "\n" + string.Concat(lines.Select(line => line + "\n")));

    public static (byte[] File, SampleBillTotals Totals) Generate(SampleBillOptions options, bool gzip = false)
    {
        using var stream = new MemoryStream();
        var totals = gzip ? SampleBill.WriteGzip(stream, options, default) : SampleBill.WriteCsv(stream, options, default);
        return (stream.ToArray(), totals);
    }
}
