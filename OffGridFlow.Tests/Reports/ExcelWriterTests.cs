using System.Globalization;
using System.IO.Compression;
using System.IO.Pipelines;
using System.Runtime.CompilerServices;
using DocumentFormat.OpenXml.Packaging;
using DocumentFormat.OpenXml.Spreadsheet;
using OffGridFlow.Core.Reports;
using OffGridFlow.Infrastructure.Reports.Excel;
using Cell = OffGridFlow.Core.Reports.Cell;
using CellStyle = OffGridFlow.Core.Reports.CellStyle;
using Workbook = OffGridFlow.Core.Reports.Workbook;

namespace OffGridFlow.Tests.Reports;

public sealed class ExcelWriterTests
{
    [Fact]
    public async Task Write_EveryKindAndStyle_IsValidAndReadsBack()
    {
        var styles = Enum.GetValues<CellStyle>();
        var sheet = TestWorkbook.Sheet(
            "Täb 1's",
            [
                [Cell.Of("a text"), Cell.Of(1234567.891234567m, CellStyle.Amount), Cell.Of(new DateOnly(2024, 2, 29), CellStyle.Month), Cell.Empty()],
                [Cell.Unique("an id"), Cell.Formula("B1*2", 2469135.782469134m, CellStyle.TotalAmount), Cell.Of(new DateTimeOffset(2024, 3, 1, 12, 0, 0, TimeSpan.Zero), CellStyle.Instant), Cell.Empty(CellStyle.Head)],
                [],
                .. styles.Select(style => new[] { Cell.Of("t", style), Cell.Of(-0.5m, style), Cell.Formula("1+1", 2, style), Cell.Formula("\"x\"", "x", style) }),
            ]) with { FrozenRows = 1, FrozenColumns = 2, HeadRow = 1, LastRow = 3, RowLines = new Dictionary<int, int> { [1] = 3 } };

        var read = Xlsx.Read(await Xlsx.WriteAsync(TestWorkbook.Of(sheet)));

        read.SheetNames.ShouldBe(["Täb 1's"]);
        read.Title.ShouldBe("A title");
        read.Creator.ShouldBe("Mara Okafor");
        read.Cell(sheet.Name, "A1").Text.ShouldBe("a text");
        read.Cell(sheet.Name, "B1").Number.ShouldBe(1234567.891234567m);
        read.Cell(sheet.Name, "C1").Number.ShouldBe(45351); // as Excel shows for =DATE(2024,2,29)
        read.Cell(sheet.Name, "C2").Number.ShouldBe(45352.5m);
        read.Cell(sheet.Name, "A2").Text.ShouldBe("an id");
        read.Cell(sheet.Name, "B2").Formula.ShouldBe("B1*2");
        read[sheet.Name].Count.ShouldBe(3 + styles.Length);
    }

    [Fact]
    public async Task Write_AList_HasFrozenPanesFilterAndPrintTitles()
    {
        var sheet = TestWorkbook.Sheet("List", [Cell.Of("Head")], [Cell.Of("row")]) with { FrozenRows = 1, FrozenColumns = 2, HeadRow = 1, LastRow = 2 };

        using var stream = new MemoryStream(await Xlsx.WriteAsync(TestWorkbook.Of(sheet)));
        using var document = SpreadsheetDocument.Open(stream, isEditable: false);

        var worksheet = document.WorkbookPart!.WorksheetParts.Single().Worksheet;
        var pane = worksheet.Descendants<Pane>().Single();
        (pane.State!.Value, pane.HorizontalSplit!.Value, pane.VerticalSplit!.Value, pane.TopLeftCell!.Value).ShouldBe((PaneStateValues.Frozen, 2, 1, "C2"));
        worksheet.Descendants<AutoFilter>().Single().Reference!.Value.ShouldBe("A1:D2");
        document.WorkbookPart.Workbook.Descendants<DefinedName>().Select(name => $"{name.Name} {name.Text}").ShouldBe(
            ["_xlnm._FilterDatabase 'List'!$A$1:$D$2", "_xlnm.Print_Titles 'List'!$1:$1"]);
    }

    [Theory]
    [InlineData("=1+1")]
    [InlineData("=HYPERLINK(\"http://evil.example\",\"click\")")]
    [InlineData("+cmd|' /C calc'!A0")]
    [InlineData("-2+3")]
    [InlineData("@SUM(A1)")]
    [InlineData("\t=1+1")]
    [InlineData("\r=1+1")]
    [InlineData("\n=1+1")]
    public async Task Write_TextLikeAFormula_StaysTextAndKeepsItWhenSavedAgain(string text)
    {
        var read = Xlsx.Read(await Xlsx.WriteAsync(TestWorkbook.Of([Cell.Of(text), Cell.Unique(text), Cell.Of("plain")])));

        foreach (var address in new[] { "A1", "B1" })
        {
            var cell = read.Cell("Sheet", address);
            cell.IsText.ShouldBeTrue();
            cell.Formula.ShouldBeNull();
            cell.Quoted.ShouldBeTrue();
            Decode(cell.Text).ShouldBe(text);
        }

        read.Cell("Sheet", "C1").Quoted.ShouldBeFalse();
    }

    [Theory]
    [InlineData("bell\u0007and null\0", "bell_x0007_and null_x0000_")]
    [InlineData("line\r\nend\tkept\n", "line_x000D_\nend\tkept\n")]
    [InlineData("reads like _x0041_ itself", "reads like _x005F_x0041_ itself")]
    [InlineData("_x12_ and _ are nothing", "_x12_ and _ are nothing")]
    [InlineData("whole \U0001F30D pair & <tags> ]]>", "whole \U0001F30D pair & <tags> ]]>")]
    [InlineData("no character \uFFFE\uFFFF", "no character _xFFFE__xFFFF_")]
    [InlineData("  spaces  ", "  spaces  ")]
    public async Task Write_CharactersThatXmlCannotCarry_AreEscaped(string text, string stored)
    {
        var read = Xlsx.Read(await Xlsx.WriteAsync(TestWorkbook.Of([Cell.Of(text), Cell.Unique(text)])));

        read.Cell("Sheet", "A1").Text.ShouldBe(stored);
        read.Cell("Sheet", "B1").Text.ShouldBe(stored);
    }

    [Theory]
    [InlineData(0xD83D)]
    [InlineData(0xDF0D)]
    public async Task Write_HalfASurrogatePair_IsReplaced(int half)
    {
        var read = Xlsx.Read(await Xlsx.WriteAsync(TestWorkbook.Of([Cell.Of($"half {(char)half} pair")])));

        read.Cell("Sheet", "A1").Text.ShouldBe("half \uFFFD pair");
    }

    [Fact]
    public async Task Write_TextLongerThanACell_IsCutBetweenCharacters()
    {
        var read = Xlsx.Read(await Xlsx.WriteAsync(TestWorkbook.Of(
            [Cell.Of(new string('a', 40_000)), Cell.Of(new string('b', 32_767)), Cell.Of(new string('c', 32_765) + "\U0001F30D\U0001F30D")])));

        read.Cell("Sheet", "A1").Text.ShouldBe(new string('a', 32_766) + "…");
        read.Cell("Sheet", "B1").Text.ShouldBe(new string('b', 32_767));
        read.Cell("Sheet", "C1").Text.ShouldBe(new string('c', 32_765) + "…");
    }

    [Fact]
    public async Task Write_UnderAnotherCulture_GivesTheSameFile()
    {
        var before = CultureInfo.CurrentCulture;
        Workbook Book() => TestWorkbook.Of([Cell.Of(1234.5m, CellStyle.Amount), Cell.Of(new DateTimeOffset(2024, 1, 2, 3, 4, 5, TimeSpan.Zero), CellStyle.Instant), Cell.Formula("A1/2", 617.25m, CellStyle.Money)]);
        var expected = await Xlsx.WriteAsync(Book());
        try
        {
            CultureInfo.CurrentCulture = CultureInfo.GetCultureInfo("de-DE");
            (1.5m).ToString(CultureInfo.CurrentCulture).ShouldBe("1,5");

            var german = await Xlsx.WriteAsync(Book());

            german.ShouldBe(expected);
            Xlsx.Read(german).Cell("Sheet", "A1").Text.ShouldBe("1234.5");
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }

    [Fact]
    public async Task Write_MoreTextsThanTheTableTakes_KeepsTheRestInTheirCells()
    {
        const int Count = 20_100;
        var rows = Enumerable.Range(0, Count).Select(number => new ReadOnlyMemory<Cell>([Cell.Of("text " + number.ToString(CultureInfo.InvariantCulture))]));

        var read = Xlsx.Read(await Xlsx.WriteAsync(TestWorkbook.Of(TestWorkbook.Sheet("Many", rows.ToAsyncEnumerable()))), validate: false);

        read["Many"].Count(row => row.Cells.Values.Single().Type == "inlineStr").ShouldBe(Count - 20_000);
        read["Many"].Select(row => row.Cells.Values.Single().Text).ShouldBe(Enumerable.Range(0, Count).Select(number => "text " + number.ToString(CultureInfo.InvariantCulture)));
    }

    [Fact]
    public async Task Write_MoreRowsThanASheetHolds_IsRefused()
    {
        var rows = Enumerable.Repeat(ReadOnlyMemory<Cell>.Empty, ExcelWriter.MostRows + 1).ToAsyncEnumerable();

        var refusal = await Should.ThrowAsync<InvalidOperationException>(() => Xlsx.WriteAsync(TestWorkbook.Of(TestWorkbook.Sheet("Full", rows))));

        refusal.Message.ShouldContain("1048576 rows");
    }

    [Fact]
    public async Task Write_RowsThatFail_LeavesNoFileThatPassesForWhole()
    {
        using var stream = new MemoryStream();
        var pipe = PipeWriter.Create(stream, new StreamPipeWriterOptions(leaveOpen: true));

        await Should.ThrowAsync<TimeoutException>(() => ExcelWriter.WriteAsync(TestWorkbook.Of(TestWorkbook.Sheet("Broken", FailingRows(CancellationToken.None))), pipe, TestContext.Current.CancellationToken));
        await pipe.CompleteAsync();

        stream.Length.ShouldBeGreaterThan(10_000);
        Should.Throw<InvalidDataException>(() => new ZipArchive(stream, ZipArchiveMode.Read));
    }

    [Fact]
    public async Task Write_ReaderWentAway_Stops()
    {
        var pipe = new Pipe();
        await pipe.Reader.CompleteAsync();
        var asked = 0;
        async IAsyncEnumerable<ReadOnlyMemory<Cell>> Rows([EnumeratorCancellation] CancellationToken cancellationToken = default)
        {
            await Task.Yield();
            while (true)
            {
                asked++;
                cancellationToken.ThrowIfCancellationRequested();
                yield return new[] { Cell.Unique(Guid.NewGuid().ToString()) };
            }
        }

        await Should.ThrowAsync<IOException>(() => ExcelWriter.WriteAsync(TestWorkbook.Of(TestWorkbook.Sheet("Endless", Rows(TestContext.Current.CancellationToken))), pipe.Writer, TestContext.Current.CancellationToken));

        asked.ShouldBeLessThan(50_000);
    }

    [Theory]
    [InlineData(0, "A")]
    [InlineData(25, "Z")]
    [InlineData(26, "AA")]
    [InlineData(701, "ZZ")]
    [InlineData(702, "AAA")]
    [InlineData(16_383, "XFD")]
    public void Column_ByNumber_HasExcelsLetters(int number, string letters) => Formulas.Column(number).ShouldBe(letters);

    [Fact]
    public void Formulas_OfAwkwardNames_AreQuoted()
    {
        Formulas.Range("It's", 2, 3, 9).ShouldBe("'It''s'!$C$3:$C$9");
        Formulas.Text("say \"x\"").ShouldBe("\"say \"\"x\"\"\"");
        Formulas.Equal("a*b?~").ShouldBe("\"=a~*b~?~~\"");
    }

    /// <summary>Undoes the escaping, as spreadsheets do.</summary>
    private static string Decode(string text) => text.Replace("_x000D_", "\r", StringComparison.Ordinal);

    private static async IAsyncEnumerable<ReadOnlyMemory<Cell>> FailingRows([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        for (var number = 0; number < 5000; number++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            yield return new[] { Cell.Unique(Guid.NewGuid().ToString()) };
        }

        await Task.Yield();
        throw new TimeoutException("planted");
    }
}
