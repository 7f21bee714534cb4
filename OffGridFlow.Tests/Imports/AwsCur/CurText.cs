using System.IO.Compression;
using System.Text;
using OffGridFlow.Core.CloudUsage;
using OffGridFlow.Core.Imports;
using OffGridFlow.Infrastructure.Imports;
using OffGridFlow.Infrastructure.Imports.AwsCur;

namespace OffGridFlow.Tests.Imports.AwsCur;

/// <summary>Small reports made in code: one good row, of which a test changes the values it is about.</summary>
internal static class CurText
{
    private static readonly (string Heading, string Value)[] Good =
    [
        ("bill/BillingPeriodStartDate", "2023-11-01T00:00:00.000Z"),
        ("lineItem/UsageAccountId", "012345678901"),
        ("lineItem/LineItemType", "Usage"),
        ("lineItem/UsageStartDate", "2023-11-05T01:00:00.000Z"),
        ("lineItem/UsageEndDate", "2023-11-05T02:00:00.000Z"),
        ("lineItem/ProductCode", "AmazonEC2"),
        ("lineItem/UsageType", "EUW1-BoxUsage:m5.large"),
        ("lineItem/UsageAmount", "1.0"),
        ("lineItem/CurrencyCode", "USD"),
        ("lineItem/UnblendedCost", "0.107"),
        ("product/region", "eu-west-1"),
        ("product/location", ""),
        ("lineItem/AvailabilityZone", ""),
        ("product/instanceType", "m5.large"),
        ("product/vcpu", "2"),
        ("pricing/unit", "Hrs"),
        ("lineItem/ResourceId", "i-0abc"),
        ("resourceTags/user:team", "web"),
        ("resourceTags/user:cost center", ""),
    ];

    public static readonly TimeProvider Clock = new FixedClock(new DateTimeOffset(2026, 11, 20, 12, 0, 0, TimeSpan.Zero));

    /// <summary>What gzip makes of nothing; <see cref="GZipStream"/> makes no bytes at all of it.</summary>
    public static readonly byte[] EmptyGzip = [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 3, 3, 0, 0, 0, 0, 0, 0, 0, 0, 0];

    public static string Headings => string.Join(',', Good.Select(g => g.Heading));

    /// <summary>A row as text; the changes are <c>heading, value</c> pairs, the value as it stands in the file.</summary>
    public static string Row(params (string Heading, string Value)[] changes)
    {
        // Not by ShouldContain, which compiles its condition anew each time: there are bills of thousands of rows.
        foreach (var (heading, _) in changes)
            Array.Exists(Good, g => g.Heading == heading).ShouldBeTrue(heading);
        return string.Join(',', Good.Select(g => changes.Where(c => c.Heading == g.Heading).Select(c => c.Value).FirstOrDefault(g.Value)));
    }

    public static byte[] File(params string[] rows) => Bytes(Headings + "\n" + string.Concat(rows.Select(r => r + "\n")));

    public static byte[] Bytes(string text) => Encoding.UTF8.GetBytes(text);

    public static byte[] Gzip(byte[] bytes)
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Optimal))
            gzip.Write(bytes);
        return packed.ToArray();
    }

    public static ReadFile Read(byte[] file, BillOptions? options = null)
    {
        using var stream = new MemoryStream(file);
        return Read(stream, options);
    }

    public static ReadFile Read(Stream stream, BillOptions? options = null)
    {
        using var reader = new AwsCurFormat(AwsCurEdition.Legacy, options ?? new BillOptions { Clock = Clock }).Open(BillPart.Whole(stream));
        return ReadFile.Of(reader);
    }

    public static PartInspection Inspect(byte[] file)
    {
        using var stream = new MemoryStream(file);
        return new AwsCurFormat(AwsCurEdition.Legacy, new BillOptions { Clock = Clock }).Inspect(BillPart.Whole(stream), default);
    }

    /// <summary>The refusal of a file, the same from the first pass and from reading.</summary>
    public static UnreadableFileException Refused(byte[] file, BillOptions? options = null)
    {
        options ??= new BillOptions { Clock = Clock };
        var inspected = Should.Throw<UnreadableFileException>(() => new AwsCurFormat(AwsCurEdition.Legacy, options).Inspect(BillPart.Whole(new MemoryStream(file)), default));
        var read = Should.Throw<UnreadableFileException>(() => Read(file, options));
        inspected.Reason.ShouldBe(read.Reason);
        inspected.Line.ShouldBe(read.Line);
        read.Fix.ShouldNotBeNullOrWhiteSpace();
        return read;
    }

    private sealed class FixedClock(DateTimeOffset now) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => now;
    }
}

internal sealed record ReadFile(IReadOnlyList<BillLine> Lines, IReadOnlyList<RejectedRow> Rejected, IReadOnlyList<UsageKind> Kinds, long Rows)
{
    public static ReadFile Of(IBillReader reader)
    {
        var lines = new List<BillLine>();
        var rejected = new List<RejectedRow>();
        for (var result = reader.Read(default); result != BillReadResult.End; result = reader.Read(default))
        {
            if (result == BillReadResult.Line)
                lines.Add(reader.Current);
            else
                rejected.Add(reader.Rejection);
        }

        return new(lines, rejected, reader.Kinds, reader.RowsRead);
    }

    public decimal Cost => Lines.Sum(l => l.Cost);

    public int UsageRows => Lines.Count(l => l.Charge == ChargeKind.Usage);

    public UsageKind KindOf(BillLine line) => Kinds[line.Kind];
}
