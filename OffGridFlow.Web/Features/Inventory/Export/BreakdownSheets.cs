using System.Globalization;
using OffGridFlow.Core.Inventory;
using OffGridFlow.Core.Reports;
using OffGridFlow.Infrastructure.Inventory;
using static OffGridFlow.Web.Features.Inventory.Export.ExportCells;

namespace OffGridFlow.Web.Features.Inventory.Export;

/// <summary>The inventory by gas, entity, site, activity type and method: a list each, with both views and a total that adds its rows.</summary>
internal sealed class BreakdownSheets(InventoryDownload download)
{
    private const int HeadRow = 1;
    private const string Location = "Location-based (kg CO2e)", Market = "Market-based (kg CO2e)", Share = "Share, location-based";

    public IEnumerable<Worksheet> Build() =>
    [
        Gases(),
        List("Entities", [("Entity", 40), ("Share of the group on its last day", 18)], Entity, InventoryDownload.OrganizationKey),
        List(
            "Sites", [("Site", 40), ("Entity", 40)], keys => [Cell.Of(InventoryWords.Site(keys[0])), Cell.Of(InventoryWords.Organization(download.Location, keys[1]))],
            InventoryDownload.SiteKey, InventoryDownload.OrganizationKey),
        List("Activity types", [("Activity type", 46)], keys => [Cell.Of(keys[0])], InventoryDownload.ActivityTypeKey),
        List(
            "Methods", [("Scope", 12), ("Method", 40)], keys => [Cell.Of($"Scope {keys[0]}"), Cell.Of(InventoryWords.Method(keys[1]))], InventoryDownload.ScopeKey,
            InventoryDownload.MethodKey),
    ];

    private Worksheet Gases()
    {
        var (location, market) = (download.Location.Total, download.Market.Total);
        var gases = InventoryWords.Gases(location).Zip(InventoryWords.Gases(market), (one, other) => (one.Name, Location: one.Kg, Market: other.Kg)).ToList();
        var totalRow = HeadRow + gases.Count + 1;
        var rows = gases.Select((gas, index) => Row(
            Cell.Of(gas.Name), Mass(location with { KgCo2e = gas.Location }), Mass(market with { KgCo2e = gas.Market }),
            ShareOfTotal(1, HeadRow + 1 + index, totalRow, location with { KgCo2e = gas.Location }, location.KgCo2e, CellStyle.Percent))).ToList();
        rows.Add(Row(
            Cell.Of("Total", CellStyle.TotalText), MassSum(1, HeadRow + 1, totalRow - 1, location, CellStyle.TotalAmount), MassSum(2, HeadRow + 1, totalRow - 1, market, CellStyle.TotalAmount),
            ShareOfTotal(1, totalRow, totalRow, location, location.KgCo2e, CellStyle.TotalPercent)));
        return Sheet("Gases", [("Gas", 40)], [Location, Market, Share], rows, gases.Count);
    }

    private Cell[] Entity(IReadOnlyList<string> keys) =>
    [
        Cell.Of(InventoryWords.Organization(download.Location, keys[0])),
        Guid.TryParse(keys[0], CultureInfo.InvariantCulture, out var id) && download.Location.Shares.TryGetValue(id, out var share) ? Cell.Of(share, CellStyle.Percent) : Cell.Empty(CellStyle.Percent),
    ];

    /// <param name="keys">The first columns, of the keys in the order of <paramref name="places"/>.</param>
    private Worksheet List(string name, (string Head, double Width)[] texts, Func<IReadOnlyList<string>, Cell[]> keys, params int[] places)
    {
        var location = download.Location.By(places);
        var market = download.Market.By(places).ToDictionary(group => string.Join('\u001f', group.Keys));
        var known = location.Select(group => string.Join('\u001f', group.Keys)).ToHashSet();
        List<(IReadOnlyList<string> Keys, InventoryFigures? Location, InventoryFigures? Market)> lines =
        [
            .. location.Select(group => (group.Keys, (InventoryFigures?)group.Figures, market.GetValueOrDefault(string.Join('\u001f', group.Keys))?.Figures)),
            .. market.Where(group => !known.Contains(group.Key)).Select(group => (group.Value.Keys, (InventoryFigures?)null, (InventoryFigures?)group.Value.Figures)),
        ];
        var (first, last, total) = (HeadRow + 1, HeadRow + lines.Count, HeadRow + lines.Count + 1);
        var column = texts.Length;
        var rows = lines.Select((line, index) => new ReadOnlyMemory<Cell>(
        [
            .. keys(line.Keys), Mass(line.Location), Mass(line.Market),
            ShareOfTotal(column, first + index, total, line.Location, download.Location.Total.KgCo2e, CellStyle.Percent),
            Cell.Of(line.Location?.Results, CellStyle.Count), Cell.Of(line.Location?.ResultsWithoutFigure, CellStyle.Count),
        ])).ToList();
        var (all, allMarket) = (download.Location.Total, download.Market.Total);
        rows.Add(new(
        [
            Cell.Of("Total", CellStyle.TotalText), .. Enumerable.Repeat(Cell.Empty(CellStyle.TotalText), column - 1), MassSum(column, first, last, all, CellStyle.TotalAmount),
            MassSum(column + 1, first, last, allMarket, CellStyle.TotalAmount), ShareOfTotal(column, total, total, all, all.KgCo2e, CellStyle.TotalPercent),
            Sum(column + 3, first, last, all.Results, CellStyle.TotalCount), Sum(column + 4, first, last, all.ResultsWithoutFigure, CellStyle.TotalCount),
        ]));
        return Sheet(name, texts, [Location, Market, Share, "Results, location-based", "of which without figure"], rows, lines.Count);
    }

    private static Worksheet Sheet(string name, (string Head, double Width)[] texts, string[] numbers, List<ReadOnlyMemory<Cell>> rows, int count) => new()
    {
        Name = name,
        ColumnWidths = [.. texts.Select(text => text.Width), .. numbers.Select(_ => 18.0)],
        RowLines = new Dictionary<int, int> { [HeadRow] = 3 },
        FrozenRows = HeadRow,
        FrozenColumns = 1,
        HeadRow = HeadRow,
        LastRow = HeadRow + count,
        Rows = rows.Prepend(Heads(texts.Length, [.. texts.Select(text => text.Head), .. numbers])).ToAsyncEnumerable(),
    };
}
