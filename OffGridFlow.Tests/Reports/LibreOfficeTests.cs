using OffGridFlow.Core.Reports;

namespace OffGridFlow.Tests.Reports;

/// <summary>What a spreadsheet program makes of the writer's files.</summary>
public sealed class LibreOfficeTests
{
    [Fact]
    public async Task Recalculate_AWrongStoredResult_IsCorrected()
    {
        var file = await Xlsx.WriteAsync(TestWorkbook.Of([Cell.Of(1.5m, CellStyle.Amount), Cell.Of(2m, CellStyle.Amount), Cell.Formula("SUM(A1:B1)", 999m, CellStyle.Amount)]));
        Xlsx.Read(file).Cell("Sheet", "C1").Number.ShouldBe(999m);

        var recalculated = await LibreOffice.RecalculateAsync(file);

        recalculated.Cell("Sheet", "C1").Number.ShouldBe(3.5m);
    }

    [Fact]
    public async Task Open_TextsLikeFormulas_AreTextsWithTheirCharacters()
    {
        string[] texts = ["=1+1", "+1", "-1", "@A1", "\t=1", "_x0041_", "  spaces  ", "a & <b>", "\U0001F30D"];
        var file = await Xlsx.WriteAsync(TestWorkbook.Of([.. texts.Select(text => new[] { Cell.Of(text), Cell.Unique(text) })]));

        var opened = await LibreOffice.RecalculateAsync(file);

        foreach (var row in opened["Sheet"])
        {
            row.Cells.Values.ShouldAllBe(cell => cell.IsText && cell.Formula == null);
            row.Cells.Values.Select(cell => cell.Text.Replace("_x005F_x0041_", "_x0041_", StringComparison.Ordinal)).ShouldAllBe(text => text == texts[row.Number - 1]);
        }

        opened["Sheet"].Count.ShouldBe(texts.Length);
    }
}
