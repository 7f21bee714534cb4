namespace OffGridFlow.Infrastructure.Imports.AwsCur;

/// <summary>Reads the dates of a report, and the billing month that a row belongs to.</summary>
internal sealed class AwsCurDates
{
    /// <summary>The year in which AWS began to bill.</summary>
    private static readonly DateTime First = new(2006, 1, 1, 0, 0, 0, DateTimeKind.Utc);

    /// <summary>Longest text that can be a date; others are not remembered.</summary>
    private const int MaxText = 40;

    /// <summary>A month has 744 hours: most bills repeat so many dates at most.</summary>
    private const int MaxKnown = 10_000;

    private readonly AwsCurColumns _columns;
    private readonly DateTime _afterLast;
    private readonly DateTime _afterLastEnd;
    private readonly Utf8Table _texts = new();
    private readonly List<DateTime?> _known = [];

    public AwsCurDates(AwsCurColumns columns, TimeProvider clock)
    {
        _columns = columns;
        _afterLast = clock.GetUtcNow().UtcDateTime.Date.AddYears(2).AddDays(1);
        _afterLastEnd = _afterLast.AddYears(3);
    }

    public static DateOnly Month(DateTime instant) => new(instant.Year, instant.Month, 1);

    public RowFault? Read(CsvRecords row, int column, out DateTime instant)
    {
        var value = row[column];
        instant = default;
        if (BillValues.IsNull(value))
            return RowFault.Missing(column, _columns.Headings[column]);
        if (Look(value) is not { } known)
            return RowFault.NotADate(column, _columns.Headings[column]);

        // A fee may pay for a commitment of three years: its end lies that much later.
        var afterLast = column == _columns.End ? _afterLastEnd : _afterLast;
        instant = known;
        return known < First || known >= afterLast
            ? RowFault.ImplausibleDate(column, _columns.Headings[column], DateOnly.FromDateTime(First), DateOnly.FromDateTime(afterLast.AddDays(-1)))
            : null;
    }

    /// <summary>The billing month: of the billing period, or of the usage when the report has no such column.</summary>
    public RowFault? ReadBillingMonth(CsvRecords row, out DateOnly month)
    {
        var fault = Read(row, _columns.BillingStart == AwsCurColumns.None ? _columns.Start : _columns.BillingStart, out var start);
        month = fault is null ? Month(start) : default;
        return fault;
    }

    /// <summary>Three dates per row would be most of the work, were each text not read only once.</summary>
    private DateTime? Look(ReadOnlySpan<byte> value)
    {
        if (value.Length > MaxText)
            return Parse(value);
        if (_known.Count >= MaxKnown)
        {
            _known.Clear();
            _texts.Clear();
        }

        var index = _texts.Find(value, out var added);
        if (added)
            _known.Add(Parse(value));
        return _known[index];
    }

    private static DateTime? Parse(ReadOnlySpan<byte> value) => BillValues.TryReadInstant(value, out var instant) ? instant : null;
}
