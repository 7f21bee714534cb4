using System.Text;
using OffGridFlow.Core.CloudUsage;
using OffGridFlow.Core.Imports;

namespace OffGridFlow.Infrastructure.Imports.AwsCur;

/// <summary>Reads a legacy AWS Cost and Usage Report row by row.</summary>
/// <remarks>
/// Every row is either a line or a rejection. A row without <c>lineItem/UnblendedCost</c> is rejected whatever its type: AWS
/// writes a cost on each line (usage covered by a savings plan has the on-demand cost, a negation takes it back), and taking
/// an empty one for zero would break the reconciliation in silence.
/// </remarks>
internal sealed class AwsCurReader : IBillReader
{
    private const int MaxShownValue = 200;
    private const int MaxShownRow = 4_000;
    private const int MaxResources = 100_000;
    private const int MaxResourceBytes = 16 << 20;

    private readonly CsvRecords _records;
    private readonly AwsCurColumns _columns;
    private readonly AwsCurDates _dates;
    private readonly AwsCurKinds _kinds;
    private readonly AwsCurTags _tags;
    private readonly Utf8Texts _resources = new(MaxResources, MaxResourceBytes);
    private BillLine _current;
    private RejectedRow? _rejection;

    /// <exception cref="UnreadableFileException">The file is refused as a whole.</exception>
    public AwsCurReader(Stream content, AwsCurOptions options)
    {
        _records = new CsvRecords(content, options.Limits);
        try
        {
            _columns = AwsCurColumns.Read(_records.ReadHeadings());
        }
        catch
        {
            _records.Dispose();
            throw;
        }

        _dates = new AwsCurDates(_columns, options.Clock);
        _kinds = new AwsCurKinds(_columns, options);
        _tags = new AwsCurTags(_columns.Headings);
    }

    public IReadOnlyList<UsageKind> Kinds => _kinds.Kinds;

    public long RowsRead => _records.Rows;

    public BillLine Current => _current;

    public RejectedRow Rejection => _rejection ?? throw new InvalidOperationException("No row was rejected yet.");

    public BillReadResult Read(CancellationToken cancellationToken)
    {
        if (!_records.Read(cancellationToken))
            return BillReadResult.End;
        if ((_records.Fault() ?? ReadLine()) is not { } fault)
            return BillReadResult.Line;

        _rejection = new RejectedRow(
            _records.Line,
            fault.Column is { } column ? _columns.Headings[column] : null,
            fault.Column is { } at ? BillValues.Show(_records[at], MaxShownValue) : null,
            fault.Reason, fault.Fix, BillValues.Show(_records.Raw, MaxShownRow));
        return BillReadResult.Rejected;
    }

    public void Dispose() => _records.Dispose();

    private RowFault? ReadLine()
    {
        if (ReadCharge(out var charge) is { } noCharge)
            return noCharge;
        if (_dates.ReadBillingMonth(_records, out var billingMonth) is { } noMonth)
            return noMonth;
        if (ReadPeriod(charge, billingMonth, out var start, out var end) is { } noPeriod)
            return noPeriod;
        if (ReadNumber(_columns.Cost, out var cost) is { } noCost)
            return noCost;
        decimal? amount = null;
        if (charge == ChargeKind.Usage)
        {
            if (ReadAmount(out var used) is { } noAmount)
                return noAmount;
            amount = used;
        }

        if (_kinds.Find(_records, out var kind) is { } noKind)
            return noKind;
        _current = new BillLine(
            _records.Line, kind, billingMonth, AwsCurDates.Month(start), charge, amount, cost, start, end, LineId(), Resource(), _tags.Read(_records));
        return null;
    }

    /// <summary>Three types are usage; all others, with those that AWS will think of yet, move money alone.</summary>
    private RowFault? ReadCharge(out ChargeKind charge)
    {
        var type = _records[_columns.LineItemType];
        charge = ChargeKind.CostOnly;
        if (BillValues.IsNull(type))
            return RowFault.Missing(_columns.LineItemType, _columns.Headings[_columns.LineItemType]);
        if (Ascii.EqualsIgnoreCase(type, "Usage"u8) || Ascii.EqualsIgnoreCase(type, "DiscountedUsage"u8) || Ascii.EqualsIgnoreCase(type, "SavingsPlanCoveredUsage"u8))
            charge = ChargeKind.Usage;
        return null;
    }

    private RowFault? ReadPeriod(ChargeKind charge, DateOnly billingMonth, out DateTime start, out DateTime? end)
    {
        end = null;

        // Money without usage has no time of use: a fee without a start belongs to the month that bills it.
        if (charge == ChargeKind.CostOnly && _columns.BillingStart != AwsCurColumns.None && BillValues.IsNull(_records[_columns.Start]))
            start = billingMonth.ToDateTime(TimeOnly.MinValue, DateTimeKind.Utc);
        else if (_dates.Read(_records, _columns.Start, out start) is { } fault)
            return fault;

        if (_columns.End == AwsCurColumns.None || BillValues.IsNull(_records[_columns.End]))
            return null;
        if (_dates.Read(_records, _columns.End, out var ended) is { } endFault)
            return endFault;
        if (ended < start)
        {
            return new RowFault(
                $"{_columns.Headings[_columns.End]} lies before {_columns.Headings[_columns.Start]}.",
                "Check both dates against the bill and export the report again.", _columns.End);
        }

        end = ended;
        return null;
    }

    private RowFault? ReadAmount(out decimal amount)
    {
        if (ReadNumber(_columns.Amount, out amount) is { } fault)
            return fault;
        return amount < 0
            ? new RowFault(
                $"{_columns.Headings[_columns.Amount]} is negative on a line of usage.",
                "AWS writes corrections as lines of type Credit or Refund: check the line's type and amount, and export the report again.", _columns.Amount)
            : null;
    }

    private RowFault? ReadNumber(int column, out decimal number)
    {
        var value = _records[column];
        number = 0;
        if (BillValues.IsNull(value))
            return RowFault.Missing(column, _columns.Headings[column]);
        return BillValues.ReadDecimal(value, out number) switch
        {
            NumberReading.Number => null,
            NumberReading.TooLarge => RowFault.TooLarge(column, _columns.Headings[column]),
            _ => RowFault.NotANumber(column, _columns.Headings[column], value),
        };
    }

    private long? LineId()
    {
        if (_columns.LineId == AwsCurColumns.None)
            return null;
        // AWS repeats the id for each hour or day of a resource: only with the time it names one line.
        var id = _records[_columns.LineId];
        if (BillValues.IsNull(id))
            return null;
        var hash = LineIds.Hash(id, _records[_columns.Start]);
        return _columns.End == AwsCurColumns.None ? hash : LineIds.Hash(BitConverter.GetBytes(hash), _records[_columns.End]);
    }

    private string? Resource()
    {
        if (_columns.Resource == AwsCurColumns.None)
            return null;
        var resource = _records[_columns.Resource];
        return BillValues.IsNull(resource) ? null : _resources.Get(resource);
    }
}
