namespace OffGridFlow.Infrastructure.Imports;

/// <summary>Reads the dates of a bill.</summary>
internal sealed class BillDates
{
    /// <summary>The year in which the first cloud, AWS, began to bill.</summary>
    private static readonly DateTime First = new(2006, 1, 1, 0, 0, 0, DateTimeKind.Utc);

    /// <summary>Longest text that can be a date; others are not remembered.</summary>
    private const int MaxText = 40;

    /// <summary>A month has 744 hours: most bills repeat so many dates at most.</summary>
    private const int MaxKnown = 10_000;

    private readonly IReadOnlyList<string> _headings;
    private readonly DateTime _afterLast;
    private readonly DateTime _afterLastEnd;
    private readonly Utf8Table _texts = new();
    private readonly List<DateTime?> _known = [];

    public BillDates(IReadOnlyList<string> headings, TimeProvider clock)
    {
        _headings = headings;
        _afterLast = clock.GetUtcNow().UtcDateTime.Date.AddYears(2).AddDays(1);
        _afterLastEnd = _afterLast.AddYears(3);
    }

    public static DateOnly Month(DateTime instant) => new(instant.Year, instant.Month, 1);

    /// <summary>A date that must be there and be plausible.</summary>
    public RowFault? Read(CsvRecords row, int column, out DateTime instant) => Read(row, column, _afterLast, out instant);

    /// <summary>The end of a period: a fee may pay for a commitment of three years, so it may lie that much later.</summary>
    public RowFault? ReadEnd(CsvRecords row, int column, out DateTime instant) => Read(row, column, _afterLastEnd, out instant);

    /// <summary>The first day of the month of a date.</summary>
    public RowFault? ReadMonth(CsvRecords row, int column, out DateOnly month)
    {
        var fault = Read(row, column, out var start);
        month = fault is null ? Month(start) : default;
        return fault;
    }

    private RowFault? Read(CsvRecords row, int column, DateTime afterLast, out DateTime instant)
    {
        var value = row[column];
        instant = default;
        if (BillValues.IsNull(value))
            return RowFault.Missing(column, _headings[column]);
        if (Look(value) is not { } known)
            return RowFault.NotADate(column, _headings[column]);

        instant = known;
        return known < First || known >= afterLast
            ? RowFault.ImplausibleDate(column, _headings[column], DateOnly.FromDateTime(First), DateOnly.FromDateTime(afterLast.AddDays(-1)))
            : null;
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
