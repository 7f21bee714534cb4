using System.Text;
using NpgsqlTypes;
using OffGridFlow.Core.Imports.Sheets;
using OffGridFlow.Infrastructure.ActivityData;
using OffGridFlow.Infrastructure.Imports.Sheets.Interpreting;
using OffGridFlow.Infrastructure.Imports.Sheets.Reading;
using OffGridFlow.Infrastructure.Persistence;
using OffGridFlow.Infrastructure.Persistence.PostgreSql;

namespace OffGridFlow.Infrastructure.Imports.Sheets;

/// <summary>The rows of a sheet that were not loaded, each with what a data owner needs to mend it. Works on the tables of a <see cref="SheetPass"/>.</summary>
internal sealed class SheetRejects(TenantUnit unit, SheetFile file, DraftOnDesk draft, SheetInterpreter interpreter, string? sheetName)
{
    private const int LongestRaw = 16_000;
    private const string Correct = "Correct it in the file and upload the file again.";

    public async Task StoreAsync(Guid importId, CancellationToken cancellationToken)
    {
        var marks = (await unit.Connection.ListAsync(
            "select line, col, mark from sheet_rows where mark is not null and mark not in ('unchanged', 'duplicate-row')",
            row => (Place: (row.GetInt64(0), row.GetInt32(1)), Code: row.GetString(2)), cancellationToken)).ToDictionary(mark => mark.Place, mark => mark.Code);
        await unit.Connection.ExecuteAsync(
            """
            create temp table sheet_rejected (number integer, line bigint, "column" text, value text, reason text, fix text, raw text) on commit drop
            """, cancellationToken);
        await Task.Run(() => Stage(marks, cancellationToken), cancellationToken);
        await unit.Connection.ExecuteAsync(
            """
            insert into rejected_rows (tenant_id, import_id, number, entry, line, "column", value, reason, fix, raw)
            select current_tenant(), $1, number, $2, line, "column", value, reason, fix, raw from sheet_rejected order by number
            """,
            cancellationToken, importId, Sql.Text(sheetName));
    }

    /// <summary>What is wrong, and what to do: the sentences of a message.</summary>
    public static (string Reason, string Fix) Split(string message)
    {
        for (var at = message.IndexOf(". ", StringComparison.Ordinal); at > 0; at = message.IndexOf(". ", at + 1, StringComparison.Ordinal))
        {
            if (at + 2 < message.Length && char.IsUpper(message[at + 2]))
            {
                return (message[..(at + 1)], message[(at + 2)..]);
            }
        }

        return (message, Correct);
    }

    /// <summary>The cells with commas between them, as a row of a text file.</summary>
    public static string RawOf(SheetReader row)
    {
        var raw = new StringBuilder();
        for (var column = 0; column < row.Cells.Count && raw.Length < LongestRaw; column++)
        {
            if (column > 0)
            {
                raw.Append(',');
            }

            var text = SheetText.Clean(row.Cells[column].Text);
            raw.Append(text.AsSpan().IndexOfAny(",\"\r\n") < 0 ? text : '"' + text.Replace("\"", "\"\"", StringComparison.Ordinal) + '"');
        }

        return SheetText.Cut(raw.ToString(), LongestRaw);
    }

    private void Stage(Dictionary<(long Line, int Column), string> marks, CancellationToken cancellationToken)
    {
        var (entries, number) = (new List<SheetReadEntry>(), 0);
        var last = draft.Plan.HeadingRow + draft.Plan.HeadingRows - 1;
        using var reader = file.Open(draft.Plan.Sheet);
        using var copy = unit.Connection.BeginBinaryImport("""copy sheet_rejected (number, line, "column", value, reason, fix, raw) from stdin (format binary)""");
        copy.Timeout = TimeSpan.FromMinutes(30);
        while (reader.Read())
        {
            if ((draft.Plan.HeadingRow > 0 && reader.Line <= last) || (reader.IsHidden && !draft.Plan.ReadsHiddenRows))
            {
                continue;
            }

            cancellationToken.ThrowIfCancellationRequested();
            interpreter.Read(reader, entries);
            foreach (var entry in entries)
            {
                var fault = entry.IsLeftOut ? LeftOut(entry)
                    : entry.Input is null ? entry.Faults.First(other => other.Severity == EntrySeverity.Error)
                    : marks.TryGetValue((entry.Line, entry.Column), out var code) ? (code == "left-out" ? LeftOut(entry) : Of(entry, code)) : null;
                if (fault is null)
                {
                    continue;
                }

                var (reason, fix) = Split(fault.Message);
                copy.StartRow();
                copy.Write(++number, NpgsqlDbType.Integer);
                copy.Write(entry.Line, NpgsqlDbType.Bigint);
                Optional(copy, fault.Column is { } column ? Heading(column) : null);
                Optional(copy, fault.Column is { } at ? Cut(reader[at].Text) : null);
                copy.Write(SheetText.Clean(reason), NpgsqlDbType.Text);
                copy.Write(SheetText.Clean(fix), NpgsqlDbType.Text);
                copy.Write(RawOf(reader), NpgsqlDbType.Text);
            }
        }

        copy.Complete();
    }

    /// <summary>The question as the row's own check has put it, with its figures; else as the comparison of sets does.</summary>
    private SheetFault Of(SheetReadEntry entry, string code) =>
        entry.Faults.FirstOrDefault(fault => fault.Code == code) ?? SheetProblems.OfSet(code, interpreter, entry.Column);

    private static SheetFault LeftOut(SheetReadEntry entry) => new(
        entry.Faults.Count > 0 ? entry.Faults[0].Column : null, null, "left-out", EntrySeverity.Notice,
        $"The row was left out on purpose{(entry.Faults.Count > 0 ? $" ({SheetProblems.TitleOf(entry.Faults[0].Code)})" : "")}. To load it, take that answer back in the import wizard.");

    private string Heading(int column) => column < draft.View.Headings.Count && draft.View.Headings[column].Heading is { Length: > 0 } heading ? heading : SheetColumns.LetterOf(column);

    private static string Cut(string text) => SheetText.Clean(SheetText.Cut(text, SheetInterpreter.LongestShown));

    private static void Optional(Npgsql.NpgsqlBinaryImporter copy, string? text)
    {
        if (text is null)
        {
            copy.WriteNull();
        }
        else
        {
            copy.Write(text, NpgsqlDbType.Text);
        }
    }
}
