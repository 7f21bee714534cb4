using System.Globalization;
using OffGridFlow.Core.Inventory;
using OffGridFlow.Core.Reports;
using OffGridFlow.Infrastructure.Inventory;
using OffGridFlow.Web.Features.Emissions;
using OffGridFlow.Web.Features.Organizations;
using OffGridFlow.Web.Shared;
using static OffGridFlow.Web.Features.Inventory.Export.ExportCells;

namespace OffGridFlow.Web.Features.Inventory.Export;

/// <summary>The first sheet: what was exported, and the inventory by scope and category. Both views of Scope 2 have a column each and are never added.</summary>
internal sealed class StatementSheet
{
    public const string Name = "Inventory";

    /// <summary>0-based columns of the masses.</summary>
    public const int LocationColumn = 2, MarketColumn = 3;

    private const int Measured = 5, Estimated = 6, Defaulted = 7;

    private static readonly string[] Columns =
    [
        "Scope", "Category", "Location-based (kg CO2e)", "Market-based (kg CO2e)", "Share, location-based", "Measured, location-based (kg CO2e)", "Estimated, location-based (kg CO2e)",
        "Defaulted, location-based (kg CO2e)", "Measured", "Estimated", "Defaulted", "Results, location-based", "of which without figure", "Results, market-based", "of which without figure",
    ];

    private readonly List<ReadOnlyMemory<Cell>> _rows = [];
    private readonly Dictionary<int, int> _lines = new() { [1] = 2 };
    private readonly InventoryDownload _download;

    public StatementSheet(InventoryDownload download, string exportedBy, DateTimeOffset exportedAt)
    {
        _download = download;
        AddFacts(exportedBy, exportedAt);
        AddStatement();
        AddBeside();
    }

    /// <summary>1-based row of the totals.</summary>
    public int TotalRow { get; private set; }

    private InventorySummary Location => _download.Location;
    private InventorySummary Market => _download.Market;

    public Worksheet Build() => new()
    {
        Name = Name,
        ColumnWidths = [30, 58, .. Enumerable.Repeat(18.0, Columns.Length - 2)],
        RowLines = _lines,
        GridLines = false,
        Rows = _rows.ToAsyncEnumerable(),
    };

    private void AddFacts(string exportedBy, DateTimeOffset exportedAt)
    {
        var filter = Location.Filter;
        _rows.Add(Row(Cell.Of($"Inventory of {_download.Company}", CellStyle.Title)));
        if (_download.IsDemo)
        {
            AddWarning("Demo data: this organization is fictional.");
        }

        if (filter.IsNarrowed)
        {
            AddWarning($"A part of the inventory alone: {string.Join(", ", PartsOf(Location))}.");
        }

        if (Location.Total.ResultsWithoutFigure > 0)
        {
            AddWarning(string.Create(
                CultureInfo.InvariantCulture, $"Not complete: {Location.Total.ResultsWithoutFigure} of {Location.Total.Results} results have no figure and are outside the totals."));
        }

        if (Location.Unassigned.Count > 0)
        {
            AddWarning($"These cloud accounts belong to no entity on some days and count whole: {string.Join(", ", Location.Unassigned.Select(account => account.Account))}.");
        }

        _rows.Add(ReadOnlyMemory<Cell>.Empty);
        _rows.Add(Fact("Organization", _download.Company));
        _rows.Add(Fact("Reporting period", _download.Period is { } period ? $"{period.Name}, {OrganizationWords.State(period.State).Words.ToLowerInvariant()}" : "none: days were asked for"));
        _rows.Add(Row(Cell.Of("First day", CellStyle.Label), Cell.Of(new DateOnly(filter.From.Year, filter.From.Month, 1), CellStyle.Day)));
        _rows.Add(Row(Cell.Of("Last day", CellStyle.Label), Cell.Of(Dates.LastDay(filter.To), CellStyle.Day)));
        _rows.Add(Fact("Consolidation approach", OrganizationWords.Name(filter.Approach)));
        _rows.Add(Fact("Ledger number", Location.LedgerNumber.ToString(CultureInfo.InvariantCulture)));
        _rows.Add(Row(Cell.Of("Exported at (UTC)", CellStyle.Label), Cell.Of(exportedAt, CellStyle.Instant)));
        _rows.Add(Fact("Exported by", exportedBy));
        _rows.Add(ReadOnlyMemory<Cell>.Empty);
    }

    private void AddStatement()
    {
        _rows.Add(Row(Cell.Of("By scope and category", CellStyle.Section)));
        _lines[_rows.Count + 1] = 3;
        _rows.Add(Heads(2, Columns));
        var (location, market) = (
            Location.By(InventoryDownload.ScopeKey, InventoryDownload.CategoryKey), Market.By(InventoryDownload.ScopeKey, InventoryDownload.CategoryKey));
        var categories = location.Concat(market).Where(group => group.Keys[0] == "3").Select(group => int.Parse(group.Keys[1], CultureInfo.InvariantCulture)).Distinct().Order().ToList();
        var first = _rows.Count + 1;
        var third = first + 2;
        TotalRow = third + categories.Count + 1;
        for (var scope = 1; scope <= 3; scope++)
        {
            AddLine("Scope " + scope.ToString(CultureInfo.InvariantCulture), "", Of(location, scope, null), Of(market, scope, null), scope == 3 ? (third + 1, third + categories.Count) : null, isTotal: false);
        }

        foreach (var category in categories)
        {
            AddLine("", EmissionsWords.Category(category.ToString(CultureInfo.InvariantCulture)), Of(location, 3, category), Of(market, 3, category), null, isTotal: false);
        }

        AddLine("Total", "", Location.Total, Market.Total, (first, third), isTotal: true);
    }

    /// <param name="added">The rows that a sum adds, from the first to the last; null for a row of its own figures.</param>
    private void AddLine(string scope, string category, InventoryFigures location, InventoryFigures market, (int First, int Last)? added, bool isTotal)
    {
        var row = _rows.Count + 1;
        var (text, amount, percent, count) = isTotal
            ? (CellStyle.TotalText, CellStyle.TotalAmount, CellStyle.TotalPercent, CellStyle.TotalCount)
            : (CellStyle.Text, CellStyle.Amount, CellStyle.Percent, CellStyle.Count);
        Cell Total(int column, InventoryFigures figures) => added is { } rows ? MassSum(column, rows.First, rows.Last, figures, amount) : Mass(figures);
        Cell Part(int column, decimal kg) => !HasFigure(location) ? Cell.Empty(amount) : added is { } rows ? Sum(column, rows.First, rows.Last, kg, amount) : Cell.Of(kg, amount);
        Cell Count(int column, long results) => added is { } rows ? Sum(column, rows.First, rows.Last, results, count) : Cell.Of(results, count);

        _rows.Add(Row(
            Cell.Of(scope, text), Cell.Of(category, text), Total(LocationColumn, location), Total(MarketColumn, market),
            ShareOfTotal(LocationColumn, row, TotalRow, location, Location.Total.KgCo2e, percent),
            Part(Measured, location.MeasuredKgCo2e), Part(Estimated, location.EstimatedKgCo2e), Part(Defaulted, location.DefaultedKgCo2e),
            Share(Measured, LocationColumn, row, location.MeasuredKgCo2e, location.KgCo2e, percent), Share(Estimated, LocationColumn, row, location.EstimatedKgCo2e, location.KgCo2e, percent),
            Share(Defaulted, LocationColumn, row, location.DefaultedKgCo2e, location.KgCo2e, percent),
            Count(11, location.Results), Count(12, location.ResultsWithoutFigure), Count(13, market.Results), Count(14, market.ResultsWithoutFigure)));
    }

    private void AddBeside()
    {
        _rows.Add(ReadOnlyMemory<Cell>.Empty);
        _rows.Add(Row(Cell.Of("Beside the total", CellStyle.Section)));
        AddMemo("Of the total, not approved by a second person yet (kg CO2e)", Location.Total.SubmittedKgCo2e, Market.Total.SubmittedKgCo2e);
        AddMemo("CO2 from living matter, beside the total (kg CO2)", Location.Total.BiogenicKgCo2, Market.Total.BiogenicKgCo2);
        AddMemo("Methods for comparison only, in no total (kg CO2e)", Location.ComparisonOnly.KgCo2e, Market.ComparisonOnly.KgCo2e);
        AddMemo("Purchased energy and modeled electricity (kWh)", Location.Total.KilowattHours, Market.Total.KilowattHours);
    }

    /// <summary>What it was narrowed to, e.g. <c>Scope 1</c>.</summary>
    private static IEnumerable<string> PartsOf(InventorySummary inventory)
    {
        var filter = inventory.Filter;
        if (filter.Scope is { } scope)
        {
            yield return string.Create(CultureInfo.InvariantCulture, $"Scope {scope}");
        }

        if (filter.Category is { } category)
        {
            yield return category == 0 ? "what has no category" : EmissionsWords.Category(category.ToString(CultureInfo.InvariantCulture));
        }

        if (filter.OrganizationId is { } entity)
        {
            yield return inventory.Organizations.GetValueOrDefault(entity, $"entity {entity}");
        }

        if (filter.Site is { } site)
        {
            yield return site.Length == 0 ? "what belongs to no site" : $"site {site}";
        }
    }

    private void AddMemo(string label, decimal location, decimal market) =>
        _rows.Add(Row(Cell.Of("Memo"), Cell.Of(label), Cell.Of(location, CellStyle.Amount), Cell.Of(market, CellStyle.Amount)));

    private void AddWarning(string text) =>
        _rows.Add(new([Cell.Of(text, CellStyle.Warning), .. Enumerable.Repeat(Cell.Empty(CellStyle.Warning), Columns.Length - 1)]));

    private static InventoryFigures Of(IReadOnlyList<InventoryGroup> groups, int scope, int? category) =>
        groups.Where(group => group.Keys[0] == scope.ToString(CultureInfo.InvariantCulture) && (category is null || group.Keys[1] == category.Value.ToString(CultureInfo.InvariantCulture)))
            .Aggregate(InventoryFigures.Zero, (sum, group) => sum + group.Figures);
}
