using System.Text;
using OffGridFlow.Core.Imports;

namespace OffGridFlow.Infrastructure.Imports.Focus;

/// <summary>Reads a FOCUS file row by row. Cost is the billed cost; amounts are consumed quantities, as pricing quantities are for prices.</summary>
internal sealed class FocusReader(CsvRecords records, FocusColumns columns, BillOptions options)
    : CsvBillReader(records, columns.Headings, new FocusKinds(columns, options), options)
{
    private readonly JsonMap _tags = new();

    protected override RowFault? ReadLine(out BillLine line)
    {
        line = default;
        if (ReadCharge(out var charge) is { } noCharge)
            return noCharge;
        if (Dates.ReadMonth(Records, columns.BillingStart, out var billingMonth) is { } noMonth)
            return noMonth;
        if (Dates.Read(Records, columns.Start, out var start) is { } noStart)
            return noStart;
        if (ReadEnd(columns.End, columns.Start, start, out var end) is { } noEnd)
            return noEnd;
        if (ReadNumber(columns.Cost, out var cost) is { } noCost)
            return noCost;
        decimal? amount = null;
        // A negative quantity takes usage back (a correction): it keeps its sign.
        if (charge == ChargeKind.Usage && !Value(columns.Amount).IsEmpty)
        {
            if (ReadNumber(columns.Amount, out var consumed) is { } noAmount)
                return noAmount;
            amount = consumed;
        }

        if (_tags.Read(Value(columns.Tags), columns.Tags, columns.Tags == NoColumn ? "" : Headings[columns.Tags], out var tags) is { } noTags)
            return noTags;
        if (FindKind(out var kind) is { } noKind)
            return noKind;
        // FOCUS gives lines no id: a row that is the same in every letter is taken for the same line when files are appended.
        line = new BillLine(
            Records.Line, kind, billingMonth, BillDates.Month(start), charge, amount, cost, start, end, LineIds.Hash(Records.Raw.TrimEnd("\r\n"u8), []),
            Resource(columns.Resource), tags);
        return null;
    }

    private RowFault? ReadCharge(out ChargeKind charge)
    {
        charge = ChargeKind.CostOnly;
        var category = Value(columns.Category);
        if (category.IsEmpty)
            return RowFault.Missing(columns.Category, Headings[columns.Category]);
        if (Ascii.EqualsIgnoreCase(category, "Usage"u8))
        {
            // A commitment that nobody used costs money and moves nothing.
            charge = Ascii.EqualsIgnoreCase(Value(columns.CommitmentStatus), "Unused"u8) ? ChargeKind.CostOnly : ChargeKind.Usage;
            return null;
        }

        return Ascii.EqualsIgnoreCase(category, "Purchase"u8) || Ascii.EqualsIgnoreCase(category, "Tax"u8)
            || Ascii.EqualsIgnoreCase(category, "Credit"u8) || Ascii.EqualsIgnoreCase(category, "Adjustment"u8)
            ? null
            : new RowFault(
                $"{Headings[columns.Category]} is none of the five that FOCUS knows.", "Use Usage, Purchase, Tax, Credit or Adjustment.", columns.Category);
    }
}
