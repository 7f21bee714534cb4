using System.IO.Compression;
using System.Xml;
using OffGridFlow.Infrastructure.Imports.Archives;

namespace OffGridFlow.Infrastructure.Imports.Sheets.Reading;

/// <summary>
/// An Excel workbook (ECMA-376, transitional and strict), read as a stream of XML: no part is ever in memory as a whole. Formulas are not calculated, links
/// are not followed, macros not looked at.
/// </summary>
internal sealed class XlsxFile : SheetFile
{
    private const string Damaged = "The workbook is damaged.";
    private const string Repair = "Open it in your spreadsheet program, let it repair the file, save it under another name and upload that.";
    private const string SaveAsXlsx = "Open it in your spreadsheet program and save it as Excel workbook (.xlsx), or as CSV.";

    private static readonly XmlReaderSettings Settings = new()
    {
        DtdProcessing = DtdProcessing.Prohibit, XmlResolver = null, IgnoreComments = true, IgnoreProcessingInstructions = true, CheckCharacters = false, CloseInput = true,
    };

    private readonly ZipArchive _zip;
    private readonly SheetLimits _limits;
    private readonly List<string> _parts = [];
    private readonly List<SheetShape> _sheets = [];
    private readonly Dictionary<int, SheetShape> _shapes = [];
    private string? _textsPart;
    private string? _stylesPart;
    private SharedTexts? _texts;
    private bool _is1904;

    private XlsxFile(ZipArchive zip, SheetLimits limits) => (_zip, _limits) = (zip, limits);

    public override string Format => "xlsx";

    public override string FormatText => _is1904 ? "Excel workbook, days from 1904" : "Excel workbook";

    public override bool Is1904 => _is1904;

    public override IReadOnlyList<SheetShape> Sheets => _sheets;

    /// <summary>Of each cell format whether it shows a number as a day.</summary>
    internal bool[] ShowsDay { get; private set; } = [];

    internal SheetLimits Limits => _limits;

    internal SharedTexts Texts => _texts ??= new SharedTexts(_textsPart is null ? null : OpenPart(_textsPart), _limits);

    public static XlsxFile Open(Stream content, SheetLimits limits)
    {
        ZipArchive zip;
        try
        {
            zip = new ZipArchive(content, ZipArchiveMode.Read, leaveOpen: true);
            if (zip.Entries.Count > limits.MaxEntries)
            {
                throw new UnreadableFileException("The archive holds far more files than a workbook has.", SaveAsXlsx);
            }
        }
        catch (InvalidDataException)
        {
            throw new UnreadableFileException("The workbook stops before its end or is damaged.", "Compare its size with the original, or save it again, and upload it once more.");
        }

        var file = new XlsxFile(zip, limits);
        try
        {
            return Guard(() =>
            {
                file.Learn();
                return file;
            });
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    public override SheetShape ShapeOf(int sheet)
    {
        if (!_shapes.TryGetValue(sheet, out var shape))
        {
            _shapes[sheet] = shape = Guard(() => Look(sheet));
        }

        return shape;
    }

    /// <summary>What a look at the sheet has told before, so that it need not be looked at again.</summary>
    public void Know(SheetShape shape) => _shapes[shape.Index] = shape;

    public override SheetReader Open(int sheet) => new XlsxRows(this, OpenPart(_parts[sheet]), ShapeOf(sheet));

    public override void Dispose()
    {
        _texts?.Dispose();
        _zip.Dispose();
        base.Dispose();
    }

    /// <summary>Damage of the XML or of the archive in words for people.</summary>
    internal static T Guard<T>(Func<T> read)
    {
        try
        {
            return read();
        }
        catch (XmlException exception) when (exception.Message.Contains("DTD", StringComparison.Ordinal))
        {
            throw new UnreadableFileException("The workbook holds a document type declaration, which no spreadsheet program writes.", "Check where the file comes from, and save it anew as Excel workbook.");
        }
        catch (Exception exception) when (exception is XmlException or InvalidDataException)
        {
            throw new UnreadableFileException(Damaged, Repair);
        }
    }

    internal XmlReader OpenPart(string name) => XmlReader.Create(OpenBytes(name), Settings);

    private ZipEntryStream OpenBytes(string name)
    {
        var entry = _zip.GetEntry(name) ?? _zip.Entries.FirstOrDefault(other => string.Equals(other.FullName.Replace('\\', '/'), name, StringComparison.OrdinalIgnoreCase))
            ?? throw new UnreadableFileException(Damaged + $" It has no part {name}.", Repair);
        if (entry.IsEncrypted)
        {
            throw new UnreadableFileException("The workbook is protected with a password.", "Delete the password, save the workbook and upload it again.");
        }

        return new ZipEntryStream(entry, _limits.Text);
    }

    private void Learn()
    {
        var types = _zip.Entries.Select(entry => entry.FullName.Replace('\\', '/')).ToList();
        if (types.Contains("mimetype") || types.Contains("content.xml"))
        {
            throw new UnreadableFileException("This is an OpenDocument spreadsheet (.ods).", SaveAsXlsx);
        }

        if (types.Exists(name => name.EndsWith("workbook.bin", StringComparison.OrdinalIgnoreCase)))
        {
            throw new UnreadableFileException("This is a binary workbook of Excel (.xlsb).", SaveAsXlsx);
        }

        if (types.Exists(name => name.StartsWith("word/", StringComparison.Ordinal) || name.StartsWith("ppt/", StringComparison.Ordinal)))
        {
            throw new UnreadableFileException("This is a document or a presentation, not a spreadsheet.", "Copy the table into a workbook and upload that.");
        }

        if (types.Exists(name => name.StartsWith("Index/", StringComparison.Ordinal) && name.EndsWith(".iwa", StringComparison.Ordinal)))
        {
            throw new UnreadableFileException("This is a spreadsheet of Apple Numbers.", "In Numbers choose File, Export to, Excel, and upload that.");
        }

        var book = types.Contains("_rels/.rels")
            ? RelationsOf("", "_rels/.rels").Values.FirstOrDefault(relation => relation.Type.EndsWith("/officeDocument", StringComparison.Ordinal))?.Target : null;
        book ??= types.Contains("xl/workbook.xml") ? "xl/workbook.xml"
            : throw new UnreadableFileException("This is a ZIP archive, not a workbook.", "Unpack it and upload the spreadsheet inside it.");
        var folder = book.Contains('/', StringComparison.Ordinal) ? book[..(book.LastIndexOf('/') + 1)] : "";
        var relations = RelationsOf(folder, $"{folder}_rels/{book[folder.Length..]}.rels");
        _textsPart = relations.Values.FirstOrDefault(relation => relation.Type.EndsWith("/sharedStrings", StringComparison.Ordinal))?.Target;
        _stylesPart = relations.Values.FirstOrDefault(relation => relation.Type.EndsWith("/styles", StringComparison.Ordinal))?.Target;
        using (var xml = OpenPart(book))
        {
            while (xml.Read())
            {
                if (xml.NodeType != XmlNodeType.Element)
                {
                    continue;
                }

                if (xml.LocalName == "workbookPr")
                {
                    _is1904 = IsTrue(xml.GetAttribute("date1904"));
                }
                else if (xml.LocalName == "sheet" && Attribute(xml, "id") is { } id && relations.TryGetValue(id, out var relation) && relation.Type.EndsWith("/worksheet", StringComparison.Ordinal))
                {
                    _sheets.Add(new SheetShape(_sheets.Count, xml.GetAttribute("name") ?? "", xml.GetAttribute("state") is "hidden" or "veryHidden", null, 0, [], []));
                    _parts.Add(relation.Target);
                }
            }
        }

        if (_sheets.Count == 0)
        {
            throw new UnreadableFileException("The workbook has no sheet with cells.", "Upload the workbook that holds the table.");
        }

        ShowsDay = _stylesPart is not null && types.Contains(_stylesPart) ? CellFormats.Read(OpenPart(_stylesPart)) : [];
    }

    private SheetShape Look(int sheet)
    {
        using var part = OpenBytes(_parts[sheet]);
        if (SheetOutline.Scan(part, _limits) is not { } outline)
        {
            using var xml = OpenPart(_parts[sheet]);
            outline = SheetOutline.Read(xml, _limits);
        }

        return _sheets[sheet] with { Rows = outline.Rows, HiddenRows = outline.HiddenRows, HiddenColumns = outline.HiddenColumns, Merged = outline.Merged };
    }

    private Dictionary<string, Relation> RelationsOf(string folder, string part)
    {
        var found = new Dictionary<string, Relation>(StringComparer.Ordinal);
        using var xml = OpenPart(part);
        while (xml.Read())
        {
            if (xml is { NodeType: XmlNodeType.Element, LocalName: "Relationship" } && xml.GetAttribute("Id") is { } id && xml.GetAttribute("Target") is { } target
                && xml.GetAttribute("TargetMode") != "External")
            {
                found[id] = new Relation(xml.GetAttribute("Type") ?? "", PathOf(folder, target));
            }
        }

        return found;
    }

    private static string PathOf(string folder, string target)
    {
        if (target.StartsWith('/'))
        {
            return target[1..];
        }

        var parts = (folder + target).Split('/').ToList();
        for (var i = 0; i < parts.Count;)
        {
            if (parts[i] == ".." && i > 0)
            {
                parts.RemoveRange(i - 1, 2);
                i--;
            }
            else if (parts[i] is "." or "..")
            {
                parts.RemoveAt(i);
            }
            else
            {
                i++;
            }
        }

        return string.Join('/', parts);
    }

    /// <summary>Whatever the namespace: strict workbooks have another one.</summary>
    private static string? Attribute(XmlReader xml, string name)
    {
        string? value = null;
        if (xml.MoveToFirstAttribute())
        {
            do
            {
                if (xml.LocalName == name && xml.Prefix.Length > 0)
                {
                    value = xml.Value;
                }
            }
            while (xml.MoveToNextAttribute());
            xml.MoveToElement();
        }

        return value;
    }

    internal static bool IsTrue(string? value) => value is "1" or "true" or "on";

    private sealed record Relation(string Type, string Target);
}
