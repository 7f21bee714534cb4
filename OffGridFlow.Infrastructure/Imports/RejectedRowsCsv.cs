using System.Globalization;
using OffGridFlow.Core.Imports;

namespace OffGridFlow.Infrastructure.Imports;

/// <summary>The rejected rows as a CSV file for people, who open it in a spreadsheet program.</summary>
internal static class RejectedRowsCsv
{
    private const string LineEnd = "\r\n";

    /// <param name="withHeadings">False when the rows go on from an earlier call.</param>
    public static void Write(TextWriter writer, IEnumerable<RejectedRow> rows, bool withHeadings = true)
    {
        if (withHeadings)
        {
            writer.Write("line,column,value,reason,fix,row" + LineEnd);
        }

        foreach (var row in rows)
        {
            writer.Write(row.Line.ToString(CultureInfo.InvariantCulture));
            foreach (var text in new[] { row.Column, row.Value, row.Reason, row.Fix, row.Raw })
            {
                writer.Write(',');
                WriteText(writer, text ?? "");
            }

            writer.Write(LineEnd);
        }
    }

    /// <summary>
    /// A text that starts like a formula gets an apostrophe, which spreadsheet programs show as "this is text":
    /// the file comes from outside, and opening it must run nothing.
    /// </summary>
    private static void WriteText(TextWriter writer, string text)
    {
        if (text.Length > 0 && text[0] is '=' or '+' or '-' or '@' or '\t' or '\r' or '\n')
            text = "'" + text;
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
