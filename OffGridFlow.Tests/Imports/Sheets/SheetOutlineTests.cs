using System.Globalization;
using System.Text;
using System.Xml;
using OffGridFlow.Infrastructure.Imports.Sheets.Reading;

namespace OffGridFlow.Tests.Imports.Sheets;

/// <summary>What is known of a sheet before its rows are read: the bytes say what the XML says, or they say nothing.</summary>
public sealed class SheetOutlineTests
{
    private const string Head = "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\r\n";
    private const string Space = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";

    public static TheoryData<string, bool> Parts => new()
    {
        { $"{Head}<worksheet xmlns=\"{Space}\"><sheetData/></worksheet>", true },
        { $"<worksheet xmlns=\"{Space}\"><cols><col min=\"2\" max=\"3\" hidden=\"1\"/><col min=\"5\" max=\"5\" width=\"9\"/><col hidden='true' min='7'/></cols><sheetData><row r=\"1\"><c r=\"A1\"/></row><row r=\"2\" hidden=\"1\"/><row/><row r=\"4\" hidden=\"0\" ht=\"3\"></row></sheetData><mergeCells><mergeCell ref=\"B4:C5\"/><mergeCell ref=\"A1:A3\"/><mergeCell ref=\"none\"/></mergeCells><rowBreaks/></worksheet>\n", true },
        { $"\uFEFF{Head}<worksheet xmlns=\"{Space}\"><sheetData><row\n r=\"1\"\thidden='on'><c t=\"inlineStr\"><is><t>&lt;row hidden=\"1\"&gt; hidden=\"1\"</t></is></c></row></sheetData></worksheet>", true },
        { $"<worksheet xmlns=\"{Space}\"><sheetData>{string.Concat(Enumerable.Range(1, 9000).Select(Row))}</sheetData><mergeCells><mergeCell ref=\"A1:B2\"/></mergeCells></worksheet>", true },
        { $"<x:worksheet xmlns:x=\"{Space}\"><x:cols><x:col min=\"2\" hidden=\"1\"/></x:cols><x:sheetData><x:row hidden=\"1\"/><x:row/></x:sheetData><x:mergeCells><x:mergeCell ref=\"A1:B1\"/></x:mergeCells></x:worksheet>", true },
        // What the bytes leave to the XML reader.
        { $"<worksheet xmlns=\"{Space}\"><!-- <row hidden=\"1\"/> --><sheetData><row/></sheetData></worksheet>", false },
        { $"<worksheet xmlns=\"{Space}\"><sheetData><row hidden = \"1\"/></sheetData></worksheet>", false },
        { $"<worksheet xmlns=\"{Space}\"><sheetData><row><c><is><t><![CDATA[<row hidden=\"1\">]]></t></is></c></row></sheetData></worksheet>", false },
        { $"<worksheet xmlns=\"{Space}\"><sheetData><row x=\">\" hidden=\"1\"/></sheetData></worksheet>", false },
    };

    [Theory]
    [MemberData(nameof(Parts))]
    public void Scan_SaysWhatTheXmlSaysOrNothing(string part, bool isSure)
    {
        var bytes = Encoding.UTF8.GetBytes(part);
        using var xml = XmlReader.Create(new MemoryStream(bytes));
        var read = SheetOutline.Read(xml, new SheetLimits());

        // In pieces too, so that each tag is cut somewhere.
        foreach (var piece in new[] { bytes.Length, 4096, 7, 1 })
        {
            var scanned = SheetOutline.Scan(new Pieces(bytes, piece), new SheetLimits());

            if (!isSure)
            {
                scanned.ShouldBeNull();
                continue;
            }

            scanned.ShouldNotBeNull();
            (scanned.Rows, scanned.HiddenRows).ShouldBe((read.Rows, read.HiddenRows));
            scanned.HiddenColumns.ShouldBe(read.HiddenColumns);
            scanned.Merged.ShouldBe(read.Merged);
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("<worksheet><sheetData><row/>")]
    [InlineData("<worksheet><sheetData><row/></sheetData></worksheet")]
    [InlineData("<worksheet><sheetData><row r=\"1\"")]
    [InlineData("<other/>")]
    [InlineData("<other><worksheet/></other>")]
    public void Scan_OfAPartThatIsCutOff_LeavesItToTheXmlReader(string part) => SheetOutline.Scan(new MemoryStream(Encoding.UTF8.GetBytes(part)), new SheetLimits()).ShouldBeNull();

    [Fact]
    public void Scan_OfAnotherEncoding_LeavesItToTheXmlReader() =>
        SheetOutline.Scan(new MemoryStream(Encoding.Unicode.GetBytes("\uFEFF<worksheet><sheetData><row/></sheetData></worksheet>")), new SheetLimits()).ShouldBeNull();

    private static string Row(int number) =>
        string.Create(CultureInfo.InvariantCulture, $"<row r=\"{number}\" spans=\"1:8\"{(number % 7 == 0 ? " hidden=\"1\"" : "")}><c r=\"A{number}\"><v>{number}</v></c></row>");

    /// <summary>Gives out few bytes at a time.</summary>
    private sealed class Pieces(byte[] bytes, int size) : MemoryStream(bytes)
    {
        public override int Read(Span<byte> buffer) => base.Read(buffer[..Math.Min(size, buffer.Length)]);

        public override int Read(byte[] buffer, int offset, int count) => base.Read(buffer, offset, Math.Min(size, count));
    }
}
