using OffGridFlow.Core.Reports;

namespace OffGridFlow.Tests.Reports;

/// <summary>Small workbooks of given cells.</summary>
internal static class TestWorkbook
{
    public static Workbook Of(params Cell[][] rows) => Of([Sheet("Sheet", rows)]);

    public static Workbook Of(params Worksheet[] sheets) => new()
    {
        Title = "A title", Creator = "Mara Okafor", CreatedAt = new DateTimeOffset(2026, 3, 4, 5, 6, 8, TimeSpan.Zero), Sheets = sheets,
    };

    public static Worksheet Sheet(string name, params Cell[][] rows) => Sheet(name, rows.Select(row => new ReadOnlyMemory<Cell>(row)).ToAsyncEnumerable());

    public static Worksheet Sheet(string name, IAsyncEnumerable<ReadOnlyMemory<Cell>> rows) => new() { Name = name, ColumnWidths = [20, 20, 20, 20], Rows = rows };
}
