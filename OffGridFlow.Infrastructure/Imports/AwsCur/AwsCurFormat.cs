using System.Globalization;
using System.Text;

namespace OffGridFlow.Infrastructure.Imports.AwsCur;

/// <summary>The import kind <c>aws-cur</c>: the legacy AWS Cost and Usage Report as CSV, plain or packed with gzip.</summary>
internal static class AwsCurFormat
{
    public const string Kind = "aws-cur";

    /// <param name="content">The file as uploaded, seekable; read from its beginning, stays open.</param>
    /// <exception cref="UnreadableFileException">The file is refused as a whole; reading on may refuse it later too.</exception>
    public static IBillReader Open(Stream content, AwsCurOptions? options = null) => new AwsCurReader(content, options ?? new());

    /// <summary>Reads the file once from end to end, looking only at accounts and billing months.</summary>
    /// <exception cref="UnreadableFileException">The file is refused as a whole.</exception>
    public static BillInspection Inspect(Stream content, CancellationToken cancellationToken) =>
        Inspect(content, new AwsCurOptions(), cancellationToken);

    /// <inheritdoc cref="Inspect(Stream, CancellationToken)"/>
    public static BillInspection Inspect(Stream content, AwsCurOptions options, CancellationToken cancellationToken)
    {
        using var records = new CsvRecords(content, options.Limits);
        var columns = AwsCurColumns.Read(records.ReadHeadings());
        var dates = new AwsCurDates(columns, options.Clock);
        var dateColumn = columns.BillingStart == AwsCurColumns.None ? columns.Start : columns.BillingStart;

        var key = new Utf8Key();
        var combinations = new Utf8Table();
        var counts = new List<long>();
        var periods = new List<BillPeriod?>();
        while (records.Read(cancellationToken))
        {
            if (records.Fault() is not null)
                continue;
            var combination = combinations.Find(key.Clear().Add(records[columns.Account]).Add(records[dateColumn]).Bytes, out var added);
            if (added)
            {
                counts.Add(0);
                periods.Add(Period(records, columns, dates));
                if (combinations.Count > options.MaxKinds)
                    throw TooMany(options.MaxKinds, records.Line);
            }

            counts[combination]++;
        }

        var found = new Dictionary<BillPeriod, long>();
        for (var i = 0; i < counts.Count; i++)
        {
            if (periods[i] is { } period)
                found[period] = found.GetValueOrDefault(period) + counts[i];
        }

        return new(records.Rows, found);
    }

    private static BillPeriod? Period(CsvRecords records, AwsCurColumns columns, AwsCurDates dates)
    {
        var account = records[columns.Account];
        return AwsAccount.Check(account, columns.Account, columns.Headings[columns.Account]) is null && dates.ReadBillingMonth(records, out var month) is null
            ? new BillPeriod(Encoding.UTF8.GetString(account), month)
            : null;
    }

    private static UnreadableFileException TooMany(int most, long line) => new(
        string.Create(CultureInfo.InvariantCulture, $"The file holds more than {most:N0} distinct pairs of account and date."),
        "Check that the columns hold what their headings say, or import the report in parts.", line);
}
