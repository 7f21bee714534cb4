using System.Globalization;
using System.Text;
using CsvHelper;
using OffGridFlow.Core.Imports;

namespace OffGridFlow.Infrastructure.Imports;

/// <summary>
/// The rejected rows as a CSV file for people: what is wrong with each row, then the row under the file's own headings. Readers find
/// their columns by name, so that the mended file can be uploaded as it is, to be appended.
/// </summary>
internal static class RejectedRowsCsv
{
    private const string LineEnd = "\r\n";
    private static readonly string[] Annotations = ["line", "column", "value", "reason", "fix", "entry"];

    /// <param name="headings">Those of the file that the rows come from.</param>
    public static void WriteHeadings(TextWriter writer, IEnumerable<string> headings) => WriteRow(writer, [.. Annotations, .. headings]);

    public static void Write(TextWriter writer, IEnumerable<RejectedRow> rows)
    {
        foreach (var row in rows)
        {
            WriteRow(
                writer,
                [row.Line.ToString(CultureInfo.InvariantCulture), row.Column ?? "", row.Value ?? "", row.Reason, row.Fix, row.Entry ?? "", .. Fields(row.Raw)]);
        }
    }

    /// <summary>The fields as they stand: a row that has too many or too few is not moved under other headings.</summary>
    private static IEnumerable<string> Fields(string raw)
    {
        if (raw.Length == 0)
            return [];
        using var csv = CsvReader.Create(Encoding.UTF8.GetBytes(raw), CsvReaderOptions.Default with { Separator = ',', HasHeader = false, MaxRecordSize = 1 << 20 });
        return csv.Read() ? [.. Enumerable.Range(0, csv.FieldCount).Select(csv.GetString)] : [];
    }

    /// <summary>One row; a text that a spreadsheet program would take for a formula stays a text.</summary>
    public static void WriteRow(TextWriter writer, IEnumerable<string> fields)
    {
        var first = true;
        foreach (var field in fields)
        {
            if (!first)
                writer.Write(',');
            first = false;
            WriteText(writer, field);
        }

        writer.Write(LineEnd);
    }

    /// <summary>
    /// A text that starts like a formula gets an apostrophe, which spreadsheet programs show as "this is text": the file comes from
    /// outside, and opening it must run nothing. A number may be negative.
    /// </summary>
    private static void WriteText(TextWriter writer, string text)
    {
        if (text.Length > 0 && text[0] is '=' or '+' or '-' or '@' or '\t' or '\r' or '\n'
            && !decimal.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out _))
        {
            text = "'" + text;
        }

        if (text.AsSpan().IndexOfAny(",\"\r\n") < 0)
        {
            writer.Write(text);
            return;
        }

        writer.Write('"');
        writer.Write(text.Replace("\"", "\"\"", StringComparison.Ordinal));
        writer.Write('"');
    }
}
