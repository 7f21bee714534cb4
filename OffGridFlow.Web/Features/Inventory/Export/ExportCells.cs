using System.Globalization;
using OffGridFlow.Core.Inventory;
using OffGridFlow.Core.Reports;

namespace OffGridFlow.Web.Features.Inventory.Export;

/// <summary>How figures stand in the cells of an inventory's workbook.</summary>
internal static class ExportCells
{
    private const string NoData = "no data";
    private const string NoShare = "–";

    /// <summary>False where nothing has a figure: that is not zero.</summary>
    public static bool HasFigure(InventoryFigures figures) => figures.KgCo2e != 0 || figures.Results > figures.ResultsWithoutFigure;

    /// <summary>Empty where a view has no such row.</summary>
    public static Cell Mass(InventoryFigures? figures) => figures is null ? Cell.Empty(CellStyle.Amount)
        : HasFigure(figures) ? Cell.Of(figures.KgCo2e, CellStyle.Amount) : Cell.Of(NoData, CellStyle.Amount);

    /// <summary>A sum that knows the words “no data”: it passes texts over.</summary>
    /// <param name="column">0-based.</param>
    public static Cell MassSum(int column, int firstRow, int lastRow, InventoryFigures figures, CellStyle style) =>
        HasFigure(figures) && firstRow <= lastRow ? Sum(column, firstRow, lastRow, figures.KgCo2e, style) : Cell.Of(NoData, style);

    /// <param name="column">0-based.</param>
    /// <param name="result">The exact sum, which the file stores.</param>
    public static Cell Sum(int column, int firstRow, int lastRow, decimal result, CellStyle style) => firstRow <= lastRow
        ? Cell.Formula($"SUM({Formulas.Address(column, firstRow)}:{Formulas.Address(column, lastRow)})", result, style)
        : Cell.Of(result, style);

    /// <summary>A part of something, in the same row.</summary>
    public static Cell Share(int part, int whole, int row, decimal partKg, decimal wholeKg, CellStyle style) => wholeKg == 0
        ? Cell.Of(NoShare, style)
        : Cell.Formula($"{Formulas.Address(part, row)}/{Formulas.Address(whole, row)}", partKg / wholeKg, style);

    /// <summary>A row's part of the total below, in the same column.</summary>
    public static Cell ShareOfTotal(int column, int row, int totalRow, InventoryFigures? part, decimal totalKg, CellStyle style) => part is null || totalKg == 0 || !HasFigure(part)
        ? Cell.Of(NoShare, style)
        : Cell.Formula(string.Create(CultureInfo.InvariantCulture, $"{Formulas.Address(column, row)}/{Formulas.Column(column)}${totalRow}"), part.KgCo2e / totalKg, style);

    public static ReadOnlyMemory<Cell> Row(params Cell[] cells) => cells;

    public static ReadOnlyMemory<Cell> Fact(string label, string value) => Row(Cell.Of(label, CellStyle.Label), Cell.Of(value));

    /// <summary>Column heads; those of numbers stand right.</summary>
    public static ReadOnlyMemory<Cell> Heads(int texts, params string[] heads) =>
        heads.Select((head, column) => Cell.Of(head, column < texts ? CellStyle.Head : CellStyle.HeadRight)).ToArray();
}
