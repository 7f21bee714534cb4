using System.IO.Compression;

namespace OffGridFlow.Infrastructure.Imports.Samples;

/// <summary>
/// Generates AWS legacy Cost and Usage Reports of the fictional company Nordwerk Components: for a first look at the
/// product, for tests and for benchmarks. Shape and quirks follow real exports; companies, accounts and amounts are made up.
/// </summary>
public static class SampleBill
{
    /// <summary>Thirteen months by day of three accounts: small enough to be loaded while one watches.</summary>
    public static SampleBillOptions Demo { get; } = new()
    {
        Rows = 6000, Seed = 42, Accounts = 3, FirstMonth = new(2025, 1, 1), Months = 13, ResourceIds = false, Daily = true,
    };

    /// <summary>Writes the bill as CSV, UTF-8 without byte order mark. Memory does not grow with the rows. The stream stays open.</summary>
    public static SampleBillTotals WriteCsv(Stream stream, SampleBillOptions options, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(stream);
        ArgumentNullException.ThrowIfNull(options);
        SampleBillOptions.Check(options);
        return new SampleBillWriter(stream, options).Write(cancellationToken);
    }

    /// <summary>The same bill in gzip. The CSV inside is always the same; the compressed bytes may differ between runtimes.</summary>
    public static SampleBillTotals WriteGzip(Stream stream, SampleBillOptions options, CancellationToken cancellationToken)
    {
        using var gzip = new GZipStream(stream, CompressionLevel.Optimal, leaveOpen: true);
        return WriteCsv(gzip, options, cancellationToken);
    }
}
