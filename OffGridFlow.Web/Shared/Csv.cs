using System.Globalization;

namespace OffGridFlow.Web.Shared;

/// <summary>Small tables as CSV (RFC 4180): invariant numbers, a missing value is an empty field.</summary>
internal static class Csv
{
    public static string Write(IEnumerable<string> head, IEnumerable<object?[]> rows) =>
        string.Join("\r\n", rows.Select(r => string.Join(',', r.Select(Field))).Prepend(string.Join(',', head.Select(Field)))) + "\r\n";

    private static string Field(object? value)
    {
        var text = Convert.ToString(value, CultureInfo.InvariantCulture) ?? "";
        // A leading = + - @ in a text would run as a formula in a spreadsheet.
        if (value is string && text.Length > 0 && "=+-@\t".Contains(text[0], StringComparison.Ordinal)) text = "'" + text;
        return text.AsSpan().IndexOfAny(",\"\r\n") < 0 ? text : '"' + text.Replace("\"", "\"\"", StringComparison.Ordinal) + '"';
    }
}
