using System.Globalization;
using OffGridFlow.Core.Inventory;
using OffGridFlow.Core.Organizations;
using OffGridFlow.Core.Reports;
using OffGridFlow.Infrastructure.Inventory;
using OffGridFlow.Web.Features.Emissions;
using OffGridFlow.Web.Features.Organizations;
using OffGridFlow.Web.Shared;
using static OffGridFlow.Web.Features.Inventory.Export.ExportCells;

namespace OffGridFlow.Web.Features.Inventory.Export;

/// <summary>An inventory as a workbook: the statement, its breakdowns, the approaches side by side, what is left out, intensities and notes.</summary>
internal sealed class InventoryWorkbook(InventoryDownload download, string exportedBy, DateTimeOffset exportedAt)
{
    private const string NeedsPeriod = "None: this belongs to a reporting period, and days were asked for. Export the inventory of a reporting period to have it.";

    private InventoryFilter Filter => download.Location.Filter;

    /// <summary>E.g. <c>inventory-2025-01-2025-12-equity-share.xlsx</c>.</summary>
    public string FileName =>
        $"inventory-{Dates.Key(Filter.From)}-{Dates.Key(Filter.To)}-{OrganizationWords.Name(Filter.Approach).ToLowerInvariant().Replace(' ', '-')}{(Filter.IsNarrowed ? "-part" : "")}.xlsx";

    public Workbook Build()
    {
        var statement = new StatementSheet(download, exportedBy, exportedAt);
        return new Workbook
        {
            Title = $"Inventory of {download.Company}",
            Creator = exportedBy,
            CreatedAt = exportedAt,
            Sheets = [statement.Build(), .. new BreakdownSheets(download).Build(), Approaches(), LeftOut(), Intensities(statement.TotalRow), new EnergySheet(download.Energy).Build(), Notes()],
        };
    }

    private Worksheet Approaches()
    {
        var rows = new List<ReadOnlyMemory<Cell>> { Heads(1, "Approach", "Location-based (kg CO2e)", "Market-based (kg CO2e)", "Left out, location-based (kg CO2e)", "In this workbook") };
        rows.AddRange(download.Approaches.Select(one => Row(
            Cell.Of(OrganizationWords.Name(one.Approach)), Cell.Of(one.LocationKgCo2e, CellStyle.Amount), Cell.Of(one.MarketKgCo2e, CellStyle.Amount),
            Cell.Of(one.OutsideKgCo2e, CellStyle.Amount), one.Approach == Filter.Approach ? Cell.Of("yes") : Cell.Empty())));
        return new Worksheet { Name = "Approaches", ColumnWidths = [30, 20, 20, 20, 18], RowLines = new Dictionary<int, int> { [1] = 2 }, FrozenRows = 1, Rows = rows.ToAsyncEnumerable() };
    }

    private Worksheet LeftOut()
    {
        var rows = new List<ReadOnlyMemory<Cell>> { Row(Cell.Of("In no total", CellStyle.Title)), ReadOnlyMemory<Cell>.Empty };
        AddOutside(rows);
        rows.Add(ReadOnlyMemory<Cell>.Empty);
        AddExcluded(rows);
        rows.Add(ReadOnlyMemory<Cell>.Empty);
        rows.Add(Row(Cell.Of("For comparison only", CellStyle.Section)));
        rows.Add(Heads(1, "What", "Location-based (kg CO2e)", "Market-based (kg CO2e)"));
        rows.Add(Row(
            Cell.Of("Results of methods for comparison only"), Cell.Of(download.Location.ComparisonOnly.KgCo2e, CellStyle.Amount), Cell.Of(download.Market.ComparisonOnly.KgCo2e, CellStyle.Amount)));
        return new Worksheet
        {
            Name = "Left out", ColumnWidths = [46, 26, 26, 34, 70], RowLines = Lines(rows, wrapped: 4, charactersPerLine: 62), GridLines = false, Rows = rows.ToAsyncEnumerable(),
        };
    }

    private void AddOutside(List<ReadOnlyMemory<Cell>> rows)
    {
        rows.Add(Row(Cell.Of("Outside the boundary, by entity", CellStyle.Section)));
        rows.Add(Row(
            Cell.Of("Entity", CellStyle.Head), Cell.Of("Location-based (kg CO2e)", CellStyle.HeadRight), Cell.Of("Market-based (kg CO2e)", CellStyle.HeadRight),
            Cell.Of("In category 15 instead (kg CO2e)", CellStyle.HeadRight), Cell.Of("Why", CellStyle.Head)));
        var market = download.Market.Outside.ToDictionary(entity => entity.OrganizationId);
        var location = download.Location.Outside.ToDictionary(entity => entity.OrganizationId);
        var entities = download.Location.Outside.Concat(download.Market.Outside.Where(entity => !location.ContainsKey(entity.OrganizationId))).ToList();
        var first = rows.Count + 1;
        rows.AddRange(entities.Select(entity => Row(
            Cell.Of(download.Location.Organizations[entity.OrganizationId]), Cell.Of(location.GetValueOrDefault(entity.OrganizationId)?.KgCo2e, CellStyle.Amount),
            Cell.Of(market.GetValueOrDefault(entity.OrganizationId)?.KgCo2e, CellStyle.Amount),
            Cell.Of(location.GetValueOrDefault(entity.OrganizationId)?.InvestedKgCo2e, CellStyle.Amount), Cell.Of(Why(entity), CellStyle.Wrapped))));
        var last = rows.Count;
        rows.Add(Row(
            Cell.Of("Total", CellStyle.TotalText), Sum(1, first, last, download.Location.OutsideKgCo2e, CellStyle.TotalAmount),
            Sum(2, first, last, download.Market.OutsideKgCo2e, CellStyle.TotalAmount),
            Sum(3, first, last, download.Location.Outside.Sum(entity => entity.InvestedKgCo2e), CellStyle.TotalAmount), Cell.Empty(CellStyle.TotalText)));
    }

    private void AddExcluded(List<ReadOnlyMemory<Cell>> rows)
    {
        rows.Add(Row(Cell.Of("Categories of Scope 3 excluded by decision", CellStyle.Section)));
        if (download.Period is null)
        {
            rows.Add(Row(Cell.Of(NeedsPeriod)));
            return;
        }

        rows.Add(Row(Cell.Of("Category", CellStyle.Head), Cell.Of("Estimate (t CO2e)", CellStyle.HeadRight), Cell.Of("Approved", CellStyle.Head), Cell.Empty(CellStyle.Head), Cell.Of("Reason", CellStyle.Head)));
        var first = rows.Count + 1;
        rows.AddRange(download.Excluded.Select(category => Row(
            Cell.Of(EmissionsWords.Category(category.Category.ToString(CultureInfo.InvariantCulture))),
            category.EstimatedTonnes is { } tonnes ? Cell.Of(tonnes, CellStyle.Amount) : Cell.Of("not estimated", CellStyle.Amount),
            Cell.Of(category.IsApproved ? "yes" : "not yet"), Cell.Empty(), Cell.Of(category.Reason ?? "", CellStyle.Wrapped))));
        if (download.Excluded.Any(category => category.EstimatedTonnes is not null))
        {
            rows.Add(Row(
                Cell.Of("Total of the estimates", CellStyle.TotalText), Sum(1, first, rows.Count, download.Excluded.Sum(category => category.EstimatedTonnes ?? 0), CellStyle.TotalAmount)));
        }

        rows.Add(Row(Cell.Of("Categories that nobody has decided on"), Cell.Of(download.Undecided, CellStyle.Count)));
    }

    private string Why(InventoryOutside entity) => entity switch
    {
        { IsEntered: true } => "Outside the boundary; entered in category 15 by name",
        { InvestedKgCo2e: not 0 } => "Outside the boundary; the group’s interest in its Scope 1 and 2 stands in category 15",
        _ when Filter.Approach == ConsolidationApproach.EquityShare => "The share of others, and days before it joined or after it left",
        _ => "Outside the boundary, on all days or some",
    };

    private Worksheet Intensities(int totalRow)
    {
        List<ReadOnlyMemory<Cell>> rows =
        [
            new([
                Cell.Of("Per", CellStyle.Head), Cell.Of("Figure of the entities", CellStyle.HeadRight), Cell.Of("Its unit", CellStyle.Head), Cell.Of("Location-based", CellStyle.HeadRight),
                Cell.Of("Market-based", CellStyle.HeadRight), Cell.Of("Unit", CellStyle.Head), Cell.Of("Why there is none", CellStyle.Head),
            ]),
        ];
        rows.AddRange(download.Intensities.Select((intensity, index) => Intensity(intensity, index + 2, totalRow)));
        if (download.Period is null || Filter.IsNarrowed)
        {
            rows.Add(Row(Cell.Of(download.Period is null ? NeedsPeriod : "None: an intensity is of a whole inventory, and this one was narrowed.")));
        }

        return new Worksheet
        {
            Name = "Intensities", ColumnWidths = [28, 22, 12, 20, 20, 32, 70], RowLines = Lines(rows, wrapped: 6, charactersPerLine: 62), FrozenRows = 1, Rows = rows.ToAsyncEnumerable(),
        };
    }

    /// <summary>Heights of the rows whose text needs more than one line.</summary>
    /// <param name="wrapped">0-based column of the texts.</param>
    /// <param name="charactersPerLine">Fewer than its width: words do not end where lines do.</param>
    private static Dictionary<int, int> Lines(List<ReadOnlyMemory<Cell>> rows, int wrapped, int charactersPerLine) =>
        rows.Index().Where(row => row.Item.Length > wrapped && row.Item.Span[wrapped].Text is { } text && text.Length > charactersPerLine)
            .ToDictionary(row => row.Index + 1, row => (row.Item.Span[wrapped].Text!.Length / charactersPerLine) + 1);

    private ReadOnlyMemory<Cell> Intensity(Intensity intensity, int row, int totalRow)
    {
        var measure = Cell.Of(InventoryWords.Measure(intensity.Measure));
        if (intensity is not { Denominator: { } denominator, LocationKgCo2e: { } location, MarketKgCo2e: { } market })
        {
            return Row(measure, Cell.Empty(), Cell.Empty(), Cell.Empty(), Cell.Empty(), Cell.Empty(), Cell.Of(InventoryWords.Why(intensity), CellStyle.Wrapped));
        }

        var (times, per) = InventoryWords.Scale(intensity);
        // Where the statement says “no data” there is nothing to divide.
        Cell Of(int column, InventoryFigures total, decimal kg) => HasFigure(total)
            ? Cell.Formula(
                string.Create(CultureInfo.InvariantCulture, $"'{StatementSheet.Name}'!${Formulas.Column(column)}${totalRow}*{times}/{Formulas.Address(1, row)}"), kg * times, CellStyle.Amount)
            : Cell.Of("no data", CellStyle.Amount);
        return Row(
            measure, Cell.Of(denominator, CellStyle.Amount), Cell.Of(intensity.Unit == "m2" ? "m²" : intensity.Unit ?? ""),
            Of(StatementSheet.LocationColumn, download.Location.Total, location), Of(StatementSheet.MarketColumn, download.Market.Total, market), Cell.Of(per), Cell.Empty());
    }

    private static Worksheet Notes()
    {
        (string Topic, string Text)[] notes =
        [
            ("What this is", "What of the ledger is the group’s under one consolidation approach, or the part of it that the first sheet names, as it stood at the ledger number on the first sheet. All sheets are of that one state. How it is worked out: docs/methods/inventory.md of OffGridFlow."),
            ("Views of Scope 2", "Location-based and market-based are two totals in two columns, never added. Where a row is of one view alone, such as a method of Scope 2, its cell of the other is empty."),
            ("Scopes and categories", "As they stand after leases and holdings have put each figure where it belongs under the approach. The row of Scope 3 adds its categories below; the total adds the three scopes."),
            ("Days", "Months count whole: days that begin or end in the middle of one take all of it. Entities, leases and cloud accounts count by days within."),
            ("How sure it is", "Measured, estimated and defaulted are parts of the location-based mass and add up to it. Defaulted: a stand-in took the place of a specific coefficient."),
            ("Missing figures", "A result without a figure adds nothing and is counted beside the mass. Where nothing of a row has a figure it says “no data”: that is not zero."),
            ("Gases", "kg CO2e of each gas. What was published as CO2e only, and what a publisher’s rounding leaves between its sum and its gases, has a row of its own, so that the rows make the total."),
            ("Left out", "What the approach leaves out of entities, categories excluded by decision with their estimates, and methods for comparison only: in no total of this workbook."),
            ("Intensities", "The total of all scopes divided by the figures of the entities in the boundary, each with its share. Missing figures and several units are never added: then there is none, and the reason stands in its row."),
            ("Energy", "MWh at net calorific value of Scope 1 and 2 of the approach and of own generation, each source once. Purchased energy is what a contract says it is; what no contract says to be anything else is taken for fossil. How it is worked out: docs/methods/energy.md."),
            ("Totals", "Formulas over the rows; change a row and they follow. The results stored with them are the ledger’s exact sums."),
            ("Rounding", "The ledger keeps twelve decimals; cells hold 15 significant digits, which is what spreadsheets calculate with. Formats show three decimals."),
            ("Texts", "Texts are stored as texts, also those that begin like a formula."),
        ];
        return new Worksheet
        {
            Name = "Notes",
            ColumnWidths = [24, 110],
            RowLines = notes.Index().ToDictionary(note => note.Index + 2, note => (note.Item.Text.Length / 105) + 1),
            GridLines = false,
            Rows = notes.Select(note => Row(Cell.Of(note.Topic, CellStyle.Label), Cell.Of(note.Text, CellStyle.Wrapped)))
                .Prepend(Row(Cell.Of("How to read these figures", CellStyle.Title))).ToAsyncEnumerable(),
        };
    }
}
