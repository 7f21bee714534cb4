using System.Globalization;
using System.IO.Compression;
using System.Text;
using OffGridFlow.Core.Imports.Sheets;

namespace OffGridFlow.Tests.Imports.Sheets.Corpus;

/// <summary>Writes workbooks part by part, also such as no spreadsheet program would write.</summary>
internal sealed class BookBuilder
{
    private const string Main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
    private const string Relations = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";

    private readonly List<(string Name, string Xml, bool Hidden)> _sheets = [];
    private readonly Dictionary<string, byte[]> _other = [];

    public string Texts { get; set; } = "";

    public bool Is1904 { get; set; }

    public string Namespace { get; set; } = Main;

    /// <summary>Style 1 is a day, style 2 a custom day, style 3 a number with two decimals.</summary>
    public string Styles { get; set; } =
        $"""<styleSheet xmlns="{Main}"><numFmts count="1"><numFmt numFmtId="170" formatCode="[$-407]dd\.mm\.yyyy;@"/></numFmts><cellXfs count="4"><xf numFmtId="0"/><xf numFmtId="14"/><xf numFmtId="170"/><xf numFmtId="4"/></cellXfs></styleSheet>""";

    /// <param name="rows">What stands in sheetData.</param>
    /// <param name="after">What follows it, such as merged cells.</param>
    public BookBuilder Sheet(string name, string rows, string after = "", bool hidden = false, string before = "")
    {
        _sheets.Add((name, $"""<?xml version="1.0" encoding="UTF-8"?><worksheet xmlns="{Namespace}">{before}<sheetData>{rows}</sheetData>{after}</worksheet>""", hidden));
        return this;
    }

    public BookBuilder Raw(string name, string xml)
    {
        _sheets.Add((name, xml, false));
        return this;
    }

    public BookBuilder Part(string path, string content)
    {
        _other[path] = Encoding.UTF8.GetBytes(content);
        return this;
    }

    /// <summary>Rows of texts and numbers, from row 1 on; null is no cell, a day is a serial number with style 1.</summary>
    public static string Rows(params object?[][] rows)
    {
        var xml = new StringBuilder();
        for (var row = 0; row < rows.Length; row++)
        {
            xml.Append(CultureInfo.InvariantCulture, $"<row r=\"{row + 1}\">");
            for (var column = 0; column < rows[row].Length; column++)
            {
                var place = $"{SheetColumns.LetterOf(column)}{(row + 1).ToString(CultureInfo.InvariantCulture)}";
                xml.Append(rows[row][column] switch
                {
                    null => "",
                    Xml raw => raw.Text.Replace("@", place, StringComparison.Ordinal),
                    string text => $"<c r=\"{place}\" t=\"inlineStr\"><is><t xml:space=\"preserve\">{System.Security.SecurityElement.Escape(text)}</t></is></c>",
                    DateOnly day => string.Create(CultureInfo.InvariantCulture, $"<c r=\"{place}\" s=\"1\"><v>{day.DayNumber - new DateOnly(1899, 12, 30).DayNumber}</v></c>"),
                    IFormattable number => string.Create(CultureInfo.InvariantCulture, $"<c r=\"{place}\"><v>{number}</v></c>"),
                    var other => throw new InvalidOperationException($"No cell is written for {other.GetType().Name}."),
                });
            }

            xml.Append("</row>");
        }

        return xml.ToString();
    }

    public byte[] ToBytes(CompressionLevel level = CompressionLevel.Fastest)
    {
        var stream = new MemoryStream();
        using (var zip = new ZipArchive(stream, ZipArchiveMode.Create, leaveOpen: true))
        {
            void Add(string path, string text) => Write(zip, path, Encoding.UTF8.GetBytes(text), level);
            Add("[Content_Types].xml", "<Types xmlns=\"http://schemas.openxmlformats.org/package/2006/content-types\"/>");
            Add("_rels/.rels", $"""<Relationships><Relationship Id="a" Type="{Relations}/officeDocument" Target="xl/workbook.xml"/></Relationships>""");
            var sheets = string.Concat(_sheets.Select((sheet, i) => FormattableString.Invariant(
                $"<sheet name=\"{sheet.Name}\" sheetId=\"{i + 1}\" r:id=\"s{i}\"{(sheet.Hidden ? " state=\"hidden\"" : "")}/>")));
            Add("xl/workbook.xml", $"""<workbook xmlns="{Namespace}" xmlns:r="{Relations}"><workbookPr date1904="{(Is1904 ? "1" : "0")}"/><sheets>{sheets}</sheets></workbook>""");
            var relations = string.Concat(_sheets.Select((_, i) => FormattableString.Invariant(
                $"<Relationship Id=\"s{i}\" Type=\"{Relations}/worksheet\" Target=\"worksheets/sheet{i + 1}.xml\"/>")));
            Add("xl/_rels/workbook.xml.rels", $"""<Relationships>{relations}<Relationship Id="t" Type="{Relations}/sharedStrings" Target="sharedStrings.xml"/><Relationship Id="y" Type="{Relations}/styles" Target="/xl/styles.xml"/></Relationships>""");
            Add("xl/sharedStrings.xml", $"""<sst xmlns="{Main}">{Texts}</sst>""");
            Add("xl/styles.xml", Styles);
            for (var i = 0; i < _sheets.Count; i++)
            {
                Add(FormattableString.Invariant($"xl/worksheets/sheet{i + 1}.xml"), _sheets[i].Xml);
            }

            foreach (var (path, bytes) in _other)
            {
                Write(zip, path, bytes, level);
            }
        }

        return stream.ToArray();
    }

    public static byte[] Zip(params (string Path, string Text)[] entries)
    {
        var stream = new MemoryStream();
        using (var zip = new ZipArchive(stream, ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach (var (path, text) in entries)
            {
                Write(zip, path, Encoding.UTF8.GetBytes(text), CompressionLevel.Fastest);
            }
        }

        return stream.ToArray();
    }

    private static void Write(ZipArchive zip, string path, byte[] bytes, CompressionLevel level)
    {
        using var entry = zip.CreateEntry(path, level).Open();
        entry.Write(bytes);
    }
}

/// <summary>A cell as XML; <c>@</c> stands for its place.</summary>
internal sealed record Xml(string Text);
