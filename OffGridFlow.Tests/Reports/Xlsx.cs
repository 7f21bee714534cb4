using System.Globalization;
using System.IO.Pipelines;
using DocumentFormat.OpenXml.Packaging;
using DocumentFormat.OpenXml.Spreadsheet;
using DocumentFormat.OpenXml.Validation;
using OffGridFlow.Infrastructure.Reports.Excel;
using ModelWorkbook = OffGridFlow.Core.Reports.Workbook;

namespace OffGridFlow.Tests.Reports;

/// <summary>A workbook as a reader who knows nothing of our writer sees it: through Microsoft's SDK.</summary>
internal sealed class Xlsx
{
    private readonly Dictionary<string, List<XlsxRow>> _sheets = [];

    private Xlsx(byte[] bytes) => Bytes = bytes;

    public byte[] Bytes { get; }

    /// <summary>Names in the order of the tabs.</summary>
    public List<string> SheetNames { get; } = [];

    public string Title { get; private set; } = "";

    public string Creator { get; private set; } = "";

    public IReadOnlyList<XlsxRow> this[string sheet] => _sheets[sheet];

    public IEnumerable<(string Sheet, XlsxCell Cell)> AllCells => _sheets.SelectMany(sheet => sheet.Value.SelectMany(row => row.Cells.Values.Select(cell => (sheet.Key, cell))));

    public static async Task<byte[]> WriteAsync(ModelWorkbook workbook)
    {
        using var stream = new MemoryStream();
        var pipe = PipeWriter.Create(stream, new StreamPipeWriterOptions(leaveOpen: true));
        await ExcelWriter.WriteAsync(workbook, pipe, TestContext.Current.CancellationToken);
        await pipe.CompleteAsync();
        return stream.ToArray();
    }

    /// <summary>Reads the file and asserts that it is valid.</summary>
    public static Xlsx Read(byte[] bytes, bool validate = true)
    {
        using var stream = new MemoryStream(bytes, writable: false);
        using var document = SpreadsheetDocument.Open(stream, isEditable: false);
        if (validate)
        {
            new OpenXmlValidator(DocumentFormat.OpenXml.FileFormatVersions.Office2019).Validate(document, TestContext.Current.CancellationToken)
                .Select(error => $"{error.Part?.Uri} {error.Path?.XPath}: {error.Description}").ShouldBeEmpty();
        }

        var workbook = document.WorkbookPart!;
        var xlsx = new Xlsx(bytes) { Title = document.PackageProperties.Title ?? "", Creator = document.PackageProperties.Creator ?? "" };
        var shared = workbook.SharedStringTablePart?.SharedStringTable.Elements<SharedStringItem>().Select(item => item.InnerText).ToList() ?? [];
        var formats = workbook.WorkbookStylesPart!.Stylesheet.CellFormats!.Elements<CellFormat>().ToList();
        foreach (var sheet in workbook.Workbook.Sheets!.Elements<Sheet>())
        {
            var part = (WorksheetPart)workbook.GetPartById(sheet.Id!);
            xlsx.SheetNames.Add(sheet.Name!);
            xlsx._sheets.Add(sheet.Name!, part.Worksheet.Descendants<Row>().Select(row => new XlsxRow(
                (int)row.RowIndex!.Value, row.Elements<Cell>().ToDictionary(cell => cell.CellReference!.Value!, cell => Read(cell, shared, formats)))).ToList());
        }

        return xlsx;
    }

    public XlsxCell Cell(string sheet, string address) => _sheets[sheet].SelectMany(row => row.Cells).Single(cell => cell.Key == address).Value;

    public IEnumerable<string> Errors() => AllCells
        .Where(pair => pair.Cell.Type == "e" || (pair.Cell.Formula is not null && pair.Cell.Text.StartsWith('#')) || pair.Cell.Text.StartsWith("Err:", StringComparison.Ordinal))
        .Select(pair => $"{pair.Sheet}!{pair.Cell.Address} {pair.Cell.Formula} = {pair.Cell.Text}");

    private static XlsxCell Read(Cell cell, List<string> shared, List<CellFormat> formats)
    {
        var type = cell.DataType is { } declared ? declared.InnerText! : "n";
        var text = type switch
        {
            "s" => shared[int.Parse(cell.CellValue!.Text, CultureInfo.InvariantCulture)],
            "inlineStr" => cell.InlineString!.InnerText,
            _ => cell.CellValue?.Text ?? "",
        };
        var format = cell.StyleIndex is { } style ? formats[(int)style.Value] : null;
        return new XlsxCell(cell.CellReference!.Value!, type, text, cell.CellFormula?.Text, format?.QuotePrefix?.Value == true, format?.NumberFormatId?.Value ?? 0);
    }
}

internal sealed record XlsxRow(int Number, IReadOnlyDictionary<string, XlsxCell> Cells)
{
    /// <summary>Null for a cell that is not there or is empty.</summary>
    public XlsxCell? At(string column) =>
        Cells.GetValueOrDefault(column + Number.ToString(CultureInfo.InvariantCulture)) is { Text: not "" } cell ? cell : null;
}

/// <param name="Type">As in the file: n, s, inlineStr, str, e, b.</param>
/// <param name="Text">The value as stored.</param>
internal sealed record XlsxCell(string Address, string Type, string Text, string? Formula, bool Quoted, uint NumberFormat)
{
    public bool IsText => Type is "s" or "inlineStr";

    public decimal Number => Type == "n" ? decimal.Parse(Text, NumberStyles.Float, CultureInfo.InvariantCulture) : throw new InvalidOperationException($"{Address} is no number but “{Text}”.");
}
