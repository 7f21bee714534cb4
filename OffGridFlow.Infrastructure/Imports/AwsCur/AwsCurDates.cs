namespace OffGridFlow.Infrastructure.Imports.AwsCur;

/// <summary>Reads the dates of a report, and the billing month that a row belongs to.</summary>
internal sealed class AwsCurDates
{
    /// <summary>The year in which AWS began to bill.</summary>
    private static readonly DateOnly First = new(2006, 1, 1);

    private readonly AwsCurColumns _columns;
    private readonly DateOnly _last;

    public AwsCurDates(AwsCurColumns columns, TimeProvider clock)
    {
        _columns = columns;
        _last = DateOnly.FromDateTime(clock.GetUtcNow().UtcDateTime).AddYears(2);
    }

    public static DateOnly Month(DateTime instant) => new(instant.Year, instant.Month, 1);

    public RowFault? Read(CsvRecords row, int column, out DateTime instant)
    {
        var value = row[column];
        instant = default;
        if (BillValues.IsNull(value))
            return RowFault.Missing(column, _columns.Headings[column]);
        if (!BillValues.TryReadInstant(value, out instant))
            return RowFault.NotADate(column, _columns.Headings[column]);
        var day = DateOnly.FromDateTime(instant);
        return day < First || day > _last
            ? RowFault.ImplausibleDate(column, _columns.Headings[column], First, _last)
            : null;
    }

    /// <summary>The billing month: of the billing period, or of the usage when the report has no such column.</summary>
    public RowFault? ReadBillingMonth(CsvRecords row, out DateOnly month)
    {
        var fault = Read(row, _columns.BillingStart == AwsCurColumns.None ? _columns.Start : _columns.BillingStart, out var start);
        month = fault is null ? Month(start) : default;
        return fault;
    }
}
