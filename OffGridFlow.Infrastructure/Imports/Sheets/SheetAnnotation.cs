using System.IO.Pipelines;
using System.Runtime.CompilerServices;
using OffGridFlow.Core.Imports.Sheets;
using OffGridFlow.Core.Reports;
using OffGridFlow.Infrastructure.Imports.Sheets.Interpreting;
using OffGridFlow.Infrastructure.Imports.Sheets.Reading;
using OffGridFlow.Infrastructure.Reports.Excel;

namespace OffGridFlow.Infrastructure.Imports.Sheets;

/// <summary>
/// The rows of a file with what becomes of each and why, to be mended and uploaded again. Every text stays a text, whatever it begins with: opening the file
/// runs nothing.
/// </summary>
internal sealed class SheetAnnotation(DraftOnDesk draft, SheetFile file, SheetInterpreter interpreter, string creator, DateTimeOffset now)
{
    private const string Xlsx = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

    /// <summary>A sheet ends after 1,048,576 rows.</summary>
    private const long MostRows = 1_000_000;

    /// <summary>Bytes of a text file beyond which it may have more rows than a sheet.</summary>
    private const long MostText = 40_000_000;

    public static SheetAnnotatedFile Describe(DraftOnDesk draft)
    {
        var name = Path.GetFileNameWithoutExtension(draft.Draft.FileName) + "-annotated";
        return IsText(draft) ? new SheetAnnotatedFile(name + ".csv", "text/csv; charset=utf-8") : new SheetAnnotatedFile(name + ".xlsx", Xlsx);
    }

    public Task WriteAsync(Stream output, CancellationToken cancellationToken) => IsText(draft) ? WriteTextAsync(output, cancellationToken) : WriteBookAsync(output, cancellationToken);

    private static bool IsText(DraftOnDesk draft) => draft.View.Format == "csv" && draft.Length > MostText && (draft.Check?.Counts.RowsRead ?? MostRows + 1) > MostRows;

    private async Task WriteBookAsync(Stream output, CancellationToken cancellationToken)
    {
        var name = draft.View.Tabs[draft.Plan.Sheet].Name;
        var plain = string.Concat(name.Where(c => c is not (':' or '\\' or '/' or '?' or '*' or '[' or ']'))).Trim('\'', ' ');
        var workbook = new Workbook
        {
            Title = draft.Draft.FileName, Creator = creator, CreatedAt = now,
            Sheets = [new Worksheet
            {
                Name = plain.Length is 0 ? "Rows" : plain.Length <= 31 ? plain : plain[..31], ColumnWidths = [.. draft.View.Headings.Select(_ => 16.0), 8, 12, 60], FrozenRows = 1,
                Rows = RowsAsync(cancellationToken),
            }],
        };
        await ExcelWriter.WriteAsync(workbook, PipeWriter.Create(output, new StreamPipeWriterOptions(leaveOpen: true)), cancellationToken);
    }

    private async IAsyncEnumerable<ReadOnlyMemory<Cell>> RowsAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await Task.CompletedTask;
        yield return (Cell[])[.. draft.View.Headings.Select(heading => Cell.Of(Kept(heading.Heading), CellStyle.Head)), Cell.Of("Row", CellStyle.Head), Cell.Of("Outcome", CellStyle.Head),
            Cell.Of("Reason", CellStyle.Head)];
        foreach (var (reader, view) in Views(cancellationToken))
        {
            var cells = new Cell[draft.View.Headings.Count + 3];
            for (var column = 0; column < draft.View.Headings.Count; column++)
            {
                cells[column] = Cell.Of(Kept(reader[column].Text));
            }

            cells[^3] = Cell.Of(view.Line, CellStyle.Count);
            cells[^2] = Cell.Of(Word(view.Outcome));
            cells[^1] = Cell.Of(Kept(Reason(view)));
            yield return cells;
        }
    }

    private async Task WriteTextAsync(Stream output, CancellationToken cancellationToken)
    {
        await using var writer = new StreamWriter(output, new System.Text.UTF8Encoding(encoderShouldEmitUTF8Identifier: true), 1 << 16, leaveOpen: true);
        RejectedRowsCsv.WriteRow(writer, [.. draft.View.Headings.Select(heading => heading.Heading), "Row", "Outcome", "Reason"]);
        foreach (var (reader, view) in Views(cancellationToken))
        {
            RejectedRowsCsv.WriteRow(writer, [
                .. Enumerable.Range(0, draft.View.Headings.Count).Select(column => reader[column].Text), view.Line.ToString(System.Globalization.CultureInfo.InvariantCulture),
                Word(view.Outcome), Reason(view)]);
        }
    }

    private IEnumerable<(SheetReader Reader, SheetRowView View)> Views(CancellationToken cancellationToken)
    {
        var pages = new SheetPages(draft, file, interpreter);
        var last = draft.Plan.HeadingRow + draft.Plan.HeadingRows - 1;
        using var reader = file.Open(draft.Plan.Sheet);
        while (reader.Read())
        {
            cancellationToken.ThrowIfCancellationRequested();
            if ((draft.Plan.HeadingRow == 0 || reader.Line > last) && (!reader.IsHidden || draft.Plan.ReadsHiddenRows))
            {
                yield return (reader, pages.ViewOf(reader));
            }
        }
    }

    private static string Word(SheetRowOutcome outcome) => outcome switch
    {
        SheetRowOutcome.Load => "Good", SheetRowOutcome.Fixed => "Fixed", SheetRowOutcome.Unchanged => "In the ledger", SheetRowOutcome.Duplicate => "Duplicate", SheetRowOutcome.Rejected => "Rejected",
        SheetRowOutcome.LeftOut => "Left out", _ => "Not checked",
    };

    private static string Reason(SheetRowView view) => string.Join(" ", view.Faults.Select(fault => fault.Column is { } column ? $"{SheetColumns.LetterOf(column)}: {fault.Message}" : fault.Message).Append(view.Notice).OfType<string>());

    /// <summary>What a cell of a workbook can hold.</summary>
    private static string Kept(string text) => text.Length <= 32_767 ? text : text[..32_767];
}
