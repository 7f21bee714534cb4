using System.Globalization;
using System.IO.Compression;
using System.IO.Pipelines;
using System.Text;
using System.Xml;
using DocumentFormat.OpenXml;
using DocumentFormat.OpenXml.Spreadsheet;
using OffGridFlow.Core.Reports;
using ModelWorkbook = OffGridFlow.Core.Reports.Workbook;

namespace OffGridFlow.Infrastructure.Reports.Excel;

/// <summary>
/// Writes a workbook (ISO/IEC 29500 SpreadsheetML) to a pipe, part after part, while its rows are read. Nothing is held but a bounded table of texts.
/// The parts are put into the ZIP by ourselves: Open XML's own package needs a stream that can seek, or keeps whole parts in memory.
/// </summary>
internal static class ExcelWriter
{
    public const string MediaType = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

    /// <summary>Rows of one sheet.</summary>
    public const int MostRows = 1_048_576;

    private const string Office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
    private const string Package = "http://schemas.openxmlformats.org/package/2006";

    /// <exception cref="IOException">The reader of the pipe went away.</exception>
    /// <exception cref="OperationCanceledException">As asked.</exception>
    public static async Task WriteAsync(ModelWorkbook workbook, PipeWriter output, CancellationToken cancellationToken)
    {
        var stream = new PipeStream(output);
        // Disposed at the end and only there: Dispose writes the directory, and with it half a file would pass for a whole one.
        var archive = new ZipArchive(stream, ZipArchiveMode.Create, leaveOpen: true);
        var parts = new Parts(archive, workbook.CreatedAt);
        var texts = new SharedTexts();
        WriteFrame(parts, workbook);
        for (var index = 0; index < workbook.Sheets.Count; index++)
        {
            await WriteSheetAsync(parts, stream, texts, workbook.Sheets[index], index, cancellationToken);
        }

        parts.WriteElements("xl/sharedStrings.xml", writer => WriteTexts(writer, texts));

        archive.Dispose();
        await stream.SendAsync(cancellationToken);
    }

    private static async Task WriteSheetAsync(
        Parts parts, PipeStream stream, SharedTexts texts, Core.Reports.Worksheet sheet, int index, CancellationToken cancellationToken)
    {
        await using var file = parts.Open(SheetPath(index));
        using var writer = OpenXmlWriter.Create(file);
        var part = new SheetPart(writer, texts);
        part.Begin(sheet, selected: index == 0);
        await foreach (var row in sheet.Rows.WithCancellation(cancellationToken))
        {
            part.Write(row.Span);
            await stream.FlushWhenFullAsync(cancellationToken);
        }

        part.End(sheet);
    }

    private static void WriteTexts(OpenXmlWriter writer, SharedTexts texts)
    {
        var spaces = new[] { new OpenXmlAttribute("xml", "space", "http://www.w3.org/XML/1998/namespace", "preserve") };
        writer.WriteStartElement(new SharedStringTable());
        foreach (var text in texts.All)
        {
            writer.WriteStartElement(new SharedStringItem());
            writer.WriteStartElement(new Text(), spaces);
            writer.WriteString(ExcelText.Escape(text));
            writer.WriteEndElement();
            writer.WriteEndElement();
        }

        writer.WriteEndElement();
    }

    private static void WriteFrame(Parts parts, ModelWorkbook workbook)
    {
        const string Main = "application/vnd.openxmlformats-officedocument.spreadsheetml.";
        var sheets = Enumerable.Range(0, workbook.Sheets.Count).ToList();
        parts.Write("[Content_Types].xml", xml =>
        {
            var space = Package + "/content-types";
            xml.WriteStartElement("Types", space);
            Type(xml, space, "Default", "Extension", "rels", "application/vnd.openxmlformats-package.relationships+xml");
            Type(xml, space, "Default", "Extension", "xml", "application/xml");
            Type(xml, space, "Override", "PartName", "/xl/workbook.xml", Main + "sheet.main+xml");
            Type(xml, space, "Override", "PartName", "/xl/styles.xml", Main + "styles+xml");
            Type(xml, space, "Override", "PartName", "/xl/sharedStrings.xml", Main + "sharedStrings+xml");
            Type(xml, space, "Override", "PartName", "/docProps/core.xml", "application/vnd.openxmlformats-package.core-properties+xml");
            Type(xml, space, "Override", "PartName", "/docProps/app.xml", "application/vnd.openxmlformats-officedocument.extended-properties+xml");
            foreach (var index in sheets)
            {
                Type(xml, space, "Override", "PartName", "/" + SheetPath(index), Main + "worksheet+xml");
            }
        });
        parts.Write("_rels/.rels", xml => Relationships(
            xml,
            (Office + "/officeDocument", "xl/workbook.xml"),
            (Package + "/relationships/metadata/core-properties", "docProps/core.xml"),
            (Office + "/extended-properties", "docProps/app.xml")));
        parts.Write("docProps/core.xml", xml => WriteProperties(xml, workbook));
        parts.Write("docProps/app.xml", xml =>
        {
            xml.WriteStartElement("Properties", "http://schemas.openxmlformats.org/officeDocument/2006/extended-properties");
            xml.WriteElementString("Application", "http://schemas.openxmlformats.org/officeDocument/2006/extended-properties", "OffGridFlow");
        });
        parts.Write("xl/_rels/workbook.xml.rels", xml => Relationships(
            xml,
            [
                .. sheets.Select(index => (Office + "/worksheet", SheetPath(index)["xl/".Length..])),
                (Office + "/styles", "styles.xml"), (Office + "/sharedStrings", "sharedStrings.xml"),
            ]));
        parts.WriteElements("xl/workbook.xml", writer => writer.WriteElement(Frame(workbook)));
        parts.WriteElements("xl/styles.xml", writer => writer.WriteElement(ExcelStyles.Build()));
    }

    private static DocumentFormat.OpenXml.Spreadsheet.Workbook Frame(ModelWorkbook workbook)
    {
        var frame = new DocumentFormat.OpenXml.Spreadsheet.Workbook(
            new BookViews(new WorkbookView()),
            new Sheets(workbook.Sheets.Select((sheet, index) => new Sheet
            {
                Name = sheet.Name, SheetId = (uint)index + 1, Id = string.Create(CultureInfo.InvariantCulture, $"rId{index + 1}"),
                State = sheet.IsHidden ? SheetStateValues.Hidden : null,
            })));
        frame.AddNamespaceDeclaration("r", Office);
        var names = new DefinedNames();
        foreach (var (sheet, index) in workbook.Sheets.Select((sheet, index) => (sheet, (uint)index)))
        {
            if (sheet.HeadRow is not { } head)
            {
                continue;
            }

            var quoted = "'" + sheet.Name.Replace("'", "''", StringComparison.Ordinal) + "'!";
            var last = sheet.ColumnWidths.Count - 1;
            names.Append(new DefinedName(string.Create(CultureInfo.InvariantCulture, $"{quoted}$A${head}:${Formulas.Column(last)}${Math.Max(head, sheet.LastRow)}"))
            {
                Name = "_xlnm._FilterDatabase", LocalSheetId = index, Hidden = true,
            });
            names.Append(new DefinedName(string.Create(CultureInfo.InvariantCulture, $"{quoted}${head}:${head}")) { Name = "_xlnm.Print_Titles", LocalSheetId = index });
        }

        if (names.HasChildren)
        {
            frame.Append(names);
        }

        return frame;
    }

    private static void WriteProperties(XmlWriter xml, ModelWorkbook workbook)
    {
        const string Terms = "http://purl.org/dc/terms/";
        const string Elements = "http://purl.org/dc/elements/1.1/";
        xml.WriteStartElement("cp", "coreProperties", Package + "/metadata/core-properties");
        xml.WriteElementString("dc", "title", Elements, ExcelText.Escape(workbook.Title));
        xml.WriteElementString("dc", "creator", Elements, ExcelText.Escape(workbook.Creator));
        xml.WriteStartElement("dcterms", "created", Terms);
        xml.WriteAttributeString("xsi", "type", "http://www.w3.org/2001/XMLSchema-instance", "dcterms:W3CDTF");
        xml.WriteString(workbook.CreatedAt.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture));
        xml.WriteEndElement();
    }

    private static void Type(XmlWriter xml, string space, string element, string attribute, string name, string type)
    {
        xml.WriteStartElement(element, space);
        xml.WriteAttributeString(attribute, name);
        xml.WriteAttributeString("ContentType", type);
        xml.WriteEndElement();
    }

    /// <summary>Numbered rId1, rId2, … in the order given.</summary>
    private static void Relationships(XmlWriter xml, params IEnumerable<(string Type, string Target)> relationships)
    {
        xml.WriteStartElement("Relationships", Package + "/relationships");
        foreach (var (index, (type, target)) in relationships.Index())
        {
            xml.WriteStartElement("Relationship", Package + "/relationships");
            xml.WriteAttributeString("Id", string.Create(CultureInfo.InvariantCulture, $"rId{index + 1}"));
            xml.WriteAttributeString("Type", type);
            xml.WriteAttributeString("Target", target);
            xml.WriteEndElement();
        }
    }

    private static string SheetPath(int index) => string.Create(CultureInfo.InvariantCulture, $"xl/worksheets/sheet{index + 1}.xml");

    private sealed class Parts(ZipArchive archive, DateTimeOffset at)
    {
        public Stream Open(string path)
        {
            var entry = archive.CreateEntry(path, CompressionLevel.Fastest);
            entry.LastWriteTime = at;
            return entry.Open();
        }

        public void WriteElements(string path, Action<OpenXmlWriter> write)
        {
            using var stream = Open(path);
            using var writer = OpenXmlWriter.Create(stream);
            writer.WriteStartDocument(standalone: true);
            write(writer);
        }

        public void Write(string path, Action<XmlWriter> write)
        {
            using var stream = Open(path);
            using var xml = XmlWriter.Create(stream, new XmlWriterSettings { Encoding = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false) });
            xml.WriteStartDocument(standalone: true);
            write(xml);
            xml.WriteEndDocument();
        }
    }
}
