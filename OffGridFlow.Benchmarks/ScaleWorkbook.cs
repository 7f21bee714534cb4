using System.Globalization;
using DocumentFormat.OpenXml;
using DocumentFormat.OpenXml.Packaging;
using DocumentFormat.OpenXml.Spreadsheet;

namespace OffGridFlow.Benchmarks;

/// <summary>The table of <see cref="ScaleSheets"/> as an Excel workbook, with real numbers and days and a note of its own in each row.</summary>
/// <param name="shared">Texts in the workbook's table, as Excel keeps them; else in their cells, as many programs write them.</param>
internal sealed class ScaleWorkbook(bool shared)
{
    private const int DayStyle = 1;
    private static readonly Cell CellElement = new();
    private static readonly CellValue ValueElement = new();

    private readonly Dictionary<string, int> numbers = new(StringComparer.Ordinal);
    private readonly List<string> texts = [];
    private readonly List<OpenXmlAttribute> attributes = new(3);

    public void Write(string path, IEnumerable<string> headings, IEnumerable<object[]> rows)
    {
        using var book = SpreadsheetDocument.Create(path, SpreadsheetDocumentType.Workbook);
        var part = book.AddWorkbookPart();
        var sheet = part.AddNewPart<WorksheetPart>();
        WriteSheet(sheet, headings, rows);
        part.AddNewPart<WorkbookStylesPart>().Stylesheet = new Stylesheet(
            new Fonts(new Font()), new Fills(new Fill()), new Borders(new Border()), new CellStyleFormats(new CellFormat()),
            new CellFormats(new CellFormat(), new CellFormat { NumberFormatId = 14, ApplyNumberFormat = true }));
        if (shared)
            WriteTexts(part.AddNewPart<SharedStringTablePart>());
        part.Workbook = new Workbook(new Sheets(new Sheet { Name = "Meters", SheetId = 1, Id = part.GetIdOfPart(sheet) }));
    }

    private void WriteSheet(WorksheetPart part, IEnumerable<string> headings, IEnumerable<object[]> rows)
    {
        using var writer = OpenXmlWriter.Create(part);
        writer.WriteStartElement(new Worksheet());
        writer.WriteStartElement(new SheetData());
        var number = 0;
        foreach (var row in rows.Prepend([.. headings]))
        {
            number++;
            writer.WriteStartElement(new Row(), [Attribute("r", number.ToString(CultureInfo.InvariantCulture))]);
            for (var column = 0; column < row.Length; column++)
                WriteCell(writer, string.Create(CultureInfo.InvariantCulture, $"{(char)('A' + column)}{number}"), row[column]);
            writer.WriteEndElement();
        }

        writer.WriteEndElement();
        writer.WriteEndElement();
    }

    private void WriteCell(OpenXmlWriter writer, string address, object value)
    {
        attributes.Clear();
        attributes.Add(Attribute("r", address));
        switch (value)
        {
            case decimal quantity:
                WriteValue(writer, quantity.ToString(CultureInfo.InvariantCulture));
                break;
            case DateOnly day:
                attributes.Add(Attribute("s", DayStyle.ToString(CultureInfo.InvariantCulture)));
                WriteValue(writer, (day.DayNumber - new DateOnly(1899, 12, 30).DayNumber).ToString(CultureInfo.InvariantCulture));
                break;
            case string text when shared:
                attributes.Add(Attribute("t", "s"));
                WriteValue(writer, NumberOf(text).ToString(CultureInfo.InvariantCulture));
                break;
            default:
                attributes.Add(Attribute("t", "inlineStr"));
                writer.WriteStartElement(CellElement, attributes);
                writer.WriteElement(new InlineString(new Text((string)value)));
                writer.WriteEndElement();
                break;
        }
    }

    private void WriteValue(OpenXmlWriter writer, string value)
    {
        writer.WriteStartElement(CellElement, attributes);
        writer.WriteStartElement(ValueElement);
        writer.WriteString(value);
        writer.WriteEndElement();
        writer.WriteEndElement();
    }

    private int NumberOf(string text)
    {
        if (!numbers.TryGetValue(text, out var number))
        {
            numbers[text] = number = texts.Count;
            texts.Add(text);
        }

        return number;
    }

    private void WriteTexts(SharedStringTablePart part)
    {
        using var writer = OpenXmlWriter.Create(part);
        writer.WriteStartElement(new SharedStringTable());
        foreach (var text in texts)
            writer.WriteElement(new SharedStringItem(new Text(text)));
        writer.WriteEndElement();
    }

    private static OpenXmlAttribute Attribute(string name, string value) => new("", name, "", value);
}
