using OffGridFlow.Core.CloudUsage;
using OffGridFlow.Core.Imports;

namespace OffGridFlow.Infrastructure.Imports;

/// <summary>Reads a part of comma-separated text: every row is either a line or a rejection.</summary>
internal abstract class CsvBillReader(CsvRecords records, IReadOnlyList<string> headings, BillKinds kinds, BillOptions options) : IBillReader
{
    /// <summary>Index of a column that the file does not have.</summary>
    public const int NoColumn = -1;

    private const int MaxShownValue = 200;
    private const int MaxShownRow = 16_000;
    private const int MaxResources = 16_000;
    private const int MaxResourceBytes = 2 << 20;

    private readonly Utf8Texts _resources = new(MaxResources, MaxResourceBytes);
    private BillLine _current;
    private RejectedRow? _rejection;

    public IReadOnlyList<UsageKind> Kinds => kinds.Kinds;

    public long RowsRead => Records.Rows;

    public string? Entry => null;

    public BillLine Current => _current;

    public RejectedRow Rejection => _rejection ?? throw new InvalidOperationException("No row was rejected yet.");

    protected CsvRecords Records { get; } = records;

    protected IReadOnlyList<string> Headings { get; } = headings;

    protected BillDates Dates { get; } = new(headings, options.Clock);

    public BillReadResult Read(CancellationToken cancellationToken)
    {
        if (!Records.Read(cancellationToken))
            return BillReadResult.End;
        if ((Records.Fault() ?? ReadLine(out _current)) is not { } fault)
            return BillReadResult.Line;

        _rejection = new RejectedRow(
            Records.Line,
            fault.Column is { } column ? Headings[column] : null,
            fault.Column is { } at ? BillValues.Show(Records[at], MaxShownValue) : null,
            fault.Reason, fault.Fix, BillValues.Show(Records.Raw, MaxShownRow));
        return BillReadResult.Rejected;
    }

    public void Dispose() => Records.Dispose();

    /// <summary>The current row, whose shape is sound, as a line; or why it is none.</summary>
    protected abstract RowFault? ReadLine(out BillLine line);

    protected RowFault? FindKind(out int kind) => kinds.Find(Records, out kind);

    /// <summary>The value of a column, empty when the file does not have it or the value is a null.</summary>
    protected ReadOnlySpan<byte> Value(int column)
    {
        if (column == NoColumn)
            return default;
        var value = Records[column];
        return BillValues.IsNull(value) ? default : value;
    }

    protected RowFault? ReadNumber(int column, out decimal number)
    {
        var value = Records[column];
        number = 0;
        if (BillValues.IsNull(value))
            return RowFault.Missing(column, Headings[column]);
        return BillValues.ReadDecimal(value, out number) switch
        {
            NumberReading.Number => null,
            NumberReading.TooLarge => RowFault.TooLarge(column, Headings[column]),
            _ => RowFault.NotANumber(column, Headings[column], value),
        };
    }

    /// <summary>The end of the period, if the row has one.</summary>
    protected RowFault? ReadEnd(int column, int startColumn, DateTime start, out DateTime? end)
    {
        end = null;
        if (Value(column).IsEmpty)
            return null;
        if (Dates.ReadEnd(Records, column, out var ended) is { } fault)
            return fault;
        if (ended < start)
        {
            return new RowFault(
                $"{Headings[column]} lies before {Headings[startColumn]}.", "Check both dates against the bill and export the report again.", column);
        }

        end = ended;
        return null;
    }

    protected string? Resource(int column)
    {
        var resource = Value(column);
        return resource.IsEmpty ? null : _resources.Get(resource);
    }
}
