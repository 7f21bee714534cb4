using System.Globalization;

namespace OffGridFlow.Infrastructure.Imports;

/// <summary>Why a row is not loaded, and what to do.</summary>
/// <param name="Column">Index of the column at fault; null when the whole row is.</param>
internal readonly record struct RowFault(string Reason, string Fix, int? Column = null)
{
    public static RowFault Missing(int column, string heading) => new(
        $"{heading} is empty.", "The provider fills it on every line: export the report again, or fill in the value.", column);

    public static RowFault NotANumber(int column, string heading, ReadOnlySpan<byte> value) => new(
        $"{heading} is not a number.",
        value.Contains((byte)',')
            ? "Write it with a decimal point and without separators for thousands (1234.5, not 1.234,5 or 1,234.5)."
            : "Write it in digits with a decimal point, such as 1234.5 or 1.33E-6.", column);

    public static RowFault TooLarge(int column, string heading) => new(
        $"{heading} is too large to be stored: it has more than 16 digits before the decimal point.",
        "Check the value against the bill and export the report again.", column);

    public static RowFault NotADate(int column, string heading) => new(
        $"{heading} is not a date in a form that this report uses.",
        "Dates look like 2023-11-01T00:00:00Z or 2023-11-01 00:00:00. If a spreadsheet program saved the file, upload the original instead.", column);

    public static RowFault ImplausibleDate(int column, string heading, DateOnly first, DateOnly last) => new(
        string.Create(CultureInfo.InvariantCulture, $"{heading} lies outside {first:yyyy-MM-dd} to {last:yyyy-MM-dd}, when this bill can have been written."),
        "Check the date against the bill and export the report again.", column);
}
