using System.Text;
using OffGridFlow.Core.Imports;

namespace OffGridFlow.Infrastructure.Imports.AwsCur;

/// <summary>Reads an AWS Cost and Usage Report row by row.</summary>
/// <remarks>
/// A row without an unblended cost is rejected whatever its type: AWS writes a cost on each line (usage covered by a savings plan has
/// the on-demand cost, a negation takes it back), and taking an empty one for zero would break the reconciliation in silence.
/// </remarks>
internal sealed class AwsCurReader(CsvRecords records, AwsCurColumns columns, BillOptions options)
    : CsvBillReader(records, columns.Headings, new AwsCurKinds(columns, options), options)
{
    private readonly AwsCurTags _tags = new(columns.Headings);
    private readonly JsonMap _tagMap = new();

    protected override RowFault? ReadLine(out BillLine line)
    {
        line = default;
        if (ReadCharge(out var charge) is { } noCharge)
            return noCharge;
        if (Dates.ReadMonth(Records, columns.BillingMonth, out var billingMonth) is { } noMonth)
            return noMonth;
        if (ReadStart(charge, billingMonth, out var start) is { } noStart)
            return noStart;
        if (ReadEnd(columns.End, columns.Start, start, out var end) is { } noEnd)
            return noEnd;
        if (ReadNumber(columns.Cost, out var cost) is { } noCost)
            return noCost;
        decimal? amount = null;
        if (charge == ChargeKind.Usage)
        {
            if (ReadAmount(out var used) is { } noAmount)
                return noAmount;
            amount = used;
        }

        if (ReadTags(out var tags) is { } noTags)
            return noTags;
        if (FindKind(out var kind) is { } noKind)
            return noKind;
        line = new BillLine(
            Records.Line, kind, billingMonth, BillDates.Month(start), charge, amount, cost, start, end, LineId(), Resource(columns.Resource), tags);
        return null;
    }

    /// <summary>Three types are usage; all others, with those that AWS will think of yet, move money alone.</summary>
    private RowFault? ReadCharge(out ChargeKind charge)
    {
        var type = Records[columns.LineItemType];
        charge = ChargeKind.CostOnly;
        if (BillValues.IsNull(type))
            return RowFault.Missing(columns.LineItemType, Headings[columns.LineItemType]);
        if (Ascii.EqualsIgnoreCase(type, "Usage"u8) || Ascii.EqualsIgnoreCase(type, "DiscountedUsage"u8) || Ascii.EqualsIgnoreCase(type, "SavingsPlanCoveredUsage"u8))
            charge = ChargeKind.Usage;
        return null;
    }

    private RowFault? ReadStart(ChargeKind charge, DateOnly billingMonth, out DateTime start)
    {
        // Money without usage has no time of use: a fee without a start belongs to the month that bills it.
        if (charge != ChargeKind.CostOnly || columns.BillingStart == NoColumn || !Value(columns.Start).IsEmpty)
            return Dates.Read(Records, columns.Start, out start);
        start = billingMonth.ToDateTime(TimeOnly.MinValue, DateTimeKind.Utc);
        return null;
    }

    private RowFault? ReadAmount(out decimal amount)
    {
        if (ReadNumber(columns.Amount, out amount) is { } fault)
            return fault;
        return amount < 0
            ? new RowFault(
                $"{Headings[columns.Amount]} is negative on a line of usage.",
                "AWS writes corrections as lines of type Credit or Refund: check the line's type and amount, and export the report again.", columns.Amount)
            : null;
    }

    private RowFault? ReadTags(out string? tags)
    {
        tags = null;
        if (columns.TagMap != NoColumn)
            return _tagMap.Read(Value(columns.TagMap), columns.TagMap, Headings[columns.TagMap], out tags);
        tags = _tags.Read(Records);
        return null;
    }

    private long? LineId()
    {
        // AWS repeats the id for each hour or day of a resource: only with the time it names one line.
        var id = Value(columns.LineId);
        if (id.IsEmpty)
            return null;
        var hash = LineIds.Hash(id, Records[columns.Start]);
        return columns.End == NoColumn ? hash : LineIds.Hash(BitConverter.GetBytes(hash), Records[columns.End]);
    }
}
