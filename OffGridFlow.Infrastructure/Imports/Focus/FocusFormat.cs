namespace OffGridFlow.Infrastructure.Imports.Focus;

/// <summary>The import kind <c>focus</c>: the FinOps Open Cost and Usage Specification, versions 1.0 to 1.2, of any provider or several.</summary>
internal sealed class FocusFormat(BillOptions options) : CsvBillFormat(options)
{
    public override string Kind => "focus";

    protected override CsvBillReader Open(CsvRecords records, IReadOnlyList<string> headings) =>
        new FocusReader(records, new FocusColumns(headings), Options);

    protected override PeriodColumns PeriodColumns(IReadOnlyList<string> headings)
    {
        var columns = new FocusColumns(headings);
        var owner = new FocusOwner(columns);
        var dates = new BillDates(headings, Options.Clock);
        int[] read = columns.SubAccount == CsvBillReader.NoColumn
            ? [columns.Provider, columns.BillingAccount, columns.BillingStart]
            : [columns.Provider, columns.BillingAccount, columns.SubAccount, columns.BillingStart];
        return new(read, row =>
            owner.Read(row, out var provider, out var account) is null && dates.ReadMonth(row, columns.BillingStart, out var month) is null
                ? new BillPeriod(provider, account, month)
                : null);
    }
}
