using System.Globalization;

namespace OffGridFlow.Infrastructure.Imports;

/// <summary>A format of comma-separated text: opens its parts and looks them through; which column means what is the format's own.</summary>
internal abstract class CsvBillFormat(BillOptions options) : IBillFormat
{
    public abstract string Kind { get; }

    protected BillOptions Options { get; } = options;

    public IBillReader Open(BillPart part)
    {
        var records = new CsvRecords(part, Options.Limits);
        try
        {
            return Open(records, ReadHeadings(records));
        }
        catch
        {
            records.Dispose();
            throw;
        }
    }

    public PartInspection Inspect(BillPart part, CancellationToken cancellationToken)
    {
        using var records = new CsvRecords(part, Options.Limits);
        var columns = PeriodColumns(ReadHeadings(records));
        var key = new Utf8Key();
        var combinations = new Utf8Table();
        var counts = new List<long>();
        var periods = new List<BillPeriod?>();
        while (records.Read(cancellationToken))
        {
            if (records.Fault() is not null)
                continue;
            key.Clear();
            foreach (var column in columns.Columns)
                key.Add(records[column]);
            var combination = combinations.Find(key.Bytes, out var added);
            if (added)
            {
                counts.Add(0);
                periods.Add(columns.Read(records));
                if (combinations.Count > Options.MaxKinds)
                    throw TooMany(Options.MaxKinds, records.Line);
            }

            counts[combination]++;
        }

        var found = new Dictionary<BillPeriod, long>();
        for (var i = 0; i < counts.Count; i++)
        {
            if (periods[i] is { } period)
                found[period] = found.GetValueOrDefault(period) + counts[i];
        }

        return new(part.Entry, records.Rows, found);
    }

    /// <exception cref="UnreadableFileException">Needed columns are missing.</exception>
    protected abstract CsvBillReader Open(CsvRecords records, IReadOnlyList<string> headings);

    /// <exception cref="UnreadableFileException">Needed columns are missing.</exception>
    protected abstract PeriodColumns PeriodColumns(IReadOnlyList<string> headings);

    private IReadOnlyList<string> ReadHeadings(CsvRecords records)
    {
        var headings = records.ReadHeadings();
        return BillFormats.RefuseOther(Kind, headings) is { } refusal ? throw refusal : headings;
    }

    private static UnreadableFileException TooMany(int most, long line) => new(
        string.Create(CultureInfo.InvariantCulture, $"The file holds more than {most:N0} distinct pairs of account and date."),
        "Check that the columns hold what their headings say, or import the report in parts.", line);
}

/// <summary>The columns that decide a row's period, and how to read it from them; null when the row names none.</summary>
internal sealed record PeriodColumns(int[] Columns, Func<CsvRecords, BillPeriod?> Read);
