using System.Globalization;
using DocumentFormat.OpenXml;
using DocumentFormat.OpenXml.Packaging;
using DocumentFormat.OpenXml.Spreadsheet;
using Microsoft.Playwright;

namespace OffGridFlow.E2E.Fixture;

/// <summary>Workbooks as people make them, written by Microsoft's SDK and not by ours.</summary>
internal static class Workbooks
{
    private const uint DayFormat = 14;
    private static readonly DateOnly DayZero = new(1899, 12, 30);

    /// <param name="sheets">Rows of cells: text, a decimal, a day, or null for an empty one.</param>
    /// <param name="merged">Ranges of the last sheet, e.g. <c>D3:E3</c>.</param>
    public static FilePayload File(string name, IReadOnlyList<(string Name, object?[][] Rows)> sheets, params string[] merged)
    {
        using var stream = new MemoryStream();
        using (var document = SpreadsheetDocument.Create(stream, SpreadsheetDocumentType.Workbook))
        {
            var workbook = document.AddWorkbookPart();
            workbook.Workbook = new Workbook(new Sheets());
            workbook.AddNewPart<WorkbookStylesPart>().Stylesheet = new Stylesheet(
                new Fonts(new Font()), new Fills(new Fill()), new Borders(new Border()), new CellStyleFormats(new CellFormat()),
                new CellFormats(new CellFormat(), new CellFormat { NumberFormatId = DayFormat, ApplyNumberFormat = true }));
            foreach (var ((sheet, rows), index) in sheets.Select((sheet, index) => (sheet, (uint)index)))
            {
                var part = workbook.AddNewPart<WorksheetPart>();
                part.Worksheet = new Worksheet(new SheetData(rows.Select((cells, row) => new Row(cells.Select((value, column) => CellOf(value, column, row + 1)).OfType<Cell>()) { RowIndex = (uint)row + 1 })));
                if (index == sheets.Count - 1 && merged.Length > 0)
                {
                    part.Worksheet.Append(new MergeCells(merged.Select(range => new MergeCell { Reference = range })));
                }

                workbook.Workbook.Sheets!.Append(new Sheet { Name = sheet, SheetId = index + 1, Id = workbook.GetIdOfPart(part) });
            }
        }

        return Bills.File(name, stream.ToArray());
    }

    private static Cell? CellOf(object? value, int column, int row)
    {
        var address = ((char)('A' + column)).ToString() + row.ToString(CultureInfo.InvariantCulture);
        return value switch
        {
            null => null,
            decimal number => new Cell(new CellValue(number)) { CellReference = address },
            DateOnly day => new Cell(new CellValue(day.DayNumber - DayZero.DayNumber)) { CellReference = address, StyleIndex = 1 },
            _ => new Cell(new InlineString(new Text((string)value))) { CellReference = address, DataType = CellValues.InlineString },
        };
    }
}
