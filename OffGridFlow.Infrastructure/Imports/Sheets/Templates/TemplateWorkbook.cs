using System.Globalization;
using OffGridFlow.Core.Imports.Sheets;
using OffGridFlow.Core.Inventory;
using OffGridFlow.Core.Reports;

namespace OffGridFlow.Infrastructure.Imports.Sheets.Templates;

/// <summary>
/// The template as a workbook: the sheet to fill in comes first, so that it is the one an import offers; then what belongs where; then, hidden, the lists
/// from which cells offer their values. Names of sites stand in cells and never in formulas.
/// </summary>
internal static class TemplateWorkbook
{
    public const string DataSheet = "Activity data";
    public const string GuideSheet = "How to fill it in";
    public const string ListSheet = "Lists";

    /// <summary>1-based: below this row nothing is offered any more, and everything can be typed all the same.</summary>
    public const int LastRow = 10_000;

    private const int FirstRow = 2;

    // Columns of the hidden sheet. Types and units stand side by side, a row for each pair, so that a type's units are one piece of a column.
    private const int Sites = 0;
    private const int Types = 1;
    private const int PairTypes = 2;
    private const int PairUnits = 3;
    private const int Gases = 4;
    private const int Qualities = 5;
    private const int YesNo = 6;
    private const int Categories = 7;
    private const int ListColumns = 8;

    private static readonly string[] ListHeads = ["Sites", "Activity types", "Type of the unit", "Unit", "Gases", "Qualities", "Yes or no", "Categories of Scope 3"];

    private static readonly string[] QualityNames = [nameof(DataQuality.Measured), nameof(DataQuality.Estimated), nameof(DataQuality.Defaulted)];

    private static readonly string[] YesNoNames = ["Yes", "No"];

    public static Workbook Build(TemplateContent content)
    {
        var pairs = content.Types.SelectMany(type => type.Units.Select(unit => (Type: type.Name, Unit: unit))).ToList();
        var lists = new List<string>[ListColumns];
        lists[Sites] = [.. content.Sites];
        lists[Types] = [.. content.Types.Select(type => type.Name)];
        lists[PairTypes] = [.. pairs.Select(pair => pair.Type)];
        lists[PairUnits] = [.. pairs.Select(pair => pair.Unit)];
        lists[Gases] = [.. content.Gases];
        lists[Qualities] = [.. QualityNames];
        lists[YesNo] = [.. YesNoNames];
        lists[Categories] = [.. SheetCategory.Numbers.Select(SheetCategory.NameOf)];
        return new Workbook
        {
            Title = "Activity data to import",
            Creator = content.MadeBy,
            CreatedAt = content.MadeAt,
            Sheets = [Data(lists), Guide(content), Lists(lists)],
        };
    }

    private static Worksheet Data(List<string>[] lists) => new()
    {
        Name = DataSheet,
        ColumnWidths = [.. TemplateColumns.All.Select(column => column.Width)],
        ColumnStyles = TemplateColumns.All.Index().ToDictionary(pair => pair.Index, pair => pair.Item.Style),
        FrozenRows = 1,
        HeadRow = 1,
        LastRow = 1,
        Rules = [.. Rules(lists)],
        Rows = new[] { Row(TemplateColumns.All.Select(column => Cell.Of(column.Heading, column == TemplateColumns.Quantity ? CellStyle.HeadRight : CellStyle.Head))) }.ToAsyncEnumerable(),
    };

    private static IEnumerable<CellRule> Rules(List<string>[] lists)
    {
        if (lists[Sites].Count > 0)
        {
            yield return Choice(TemplateColumns.Site, Range(lists, Sites), firm: true, "Choose a site of the list. A new site is added on the page Organization; download the template again after that.");
        }

        yield return Choice(
            TemplateColumns.ActivityType, Range(lists, Types), firm: false,
            "This is no activity type of the list. Keep it only if it is the exact key of a published activity, or if you will say at the import what it means.");
        yield return Rule(TemplateColumns.From, CellRuleKind.Day, "DATE(1990,1,1)", firm: true, "Type a day, such as 2025-03-31; the first year of greenhouse gas inventories is 1990.");
        yield return Rule(
            TemplateColumns.To, CellRuleKind.Day, $"MAX(DATE(1990,1,1),{Relative(TemplateColumns.From)})", firm: true, "Type a day that is not before the first day of the period.");
        yield return Rule(TemplateColumns.Quantity, CellRuleKind.Number, "0", firm: true, "Type a number that is zero or more, without its unit. An entry is taken back on the page Activity data, not by a negative number.");
        // Of the type beside it. While that is empty or another, all units are offered.
        var pairs = Range(lists, PairTypes);
        var type = Relative(TemplateColumns.ActivityType);
        var start = Formulas.Range(ListSheet, PairUnits, 1, 1);
        yield return Choice(
            TemplateColumns.Unit, $"IF(ISNUMBER(MATCH({type},{pairs},0)),OFFSET({start},MATCH({type},{pairs},0),0,COUNTIF({pairs},{type}),1),{Range(lists, PairUnits)})", firm: false,
            "This unit does not measure what the activity type counts. Keep it only if you will say at the import what it means.");
        yield return Choice(TemplateColumns.Gas, Range(lists, Gases), firm: false, "This gas is not in the list. Write it as on the plate of the equipment, for example R-410A.");
        yield return Choice(TemplateColumns.Quality, Range(lists, Qualities), firm: true, "Choose Measured, Estimated or Defaulted, or leave it empty.");
        yield return Choice(TemplateColumns.Accrual, Range(lists, YesNo), firm: true, "Choose Yes or No, or leave it empty, which means no.");
        yield return Choice(TemplateColumns.Category, Range(lists, Categories), firm: false, "This is no category of the list. A number from 1 to 15 alone is right too; anything else is asked about at the import.");
    }

    private static CellRule Choice(TemplateColumn column, string formula, bool firm, string refusal) => Rule(column, CellRuleKind.List, formula, firm, refusal);

    private static CellRule Rule(TemplateColumn column, CellRuleKind kind, string formula, bool firm, string refusal) =>
        new(TemplateColumns.IndexOf(column), FirstRow, LastRow, kind, formula, firm, column.Heading, column.Text, refusal);

    /// <summary>The cell of the same row, e.g. <c>$B2</c>.</summary>
    private static string Relative(TemplateColumn column) => string.Create(CultureInfo.InvariantCulture, $"${Formulas.Column(TemplateColumns.IndexOf(column))}{FirstRow}");

    private static string Range(List<string>[] lists, int column) => Formulas.Range(ListSheet, column, FirstRow, FirstRow + lists[column].Count - 1);

    private static Worksheet Guide(TemplateContent content) => new()
    {
        Name = GuideSheet,
        ColumnWidths = [34, 28, 44, 96],
        GridLines = false,
        Rows = GuideRows(content).ToAsyncEnumerable(),
    };

    private static IEnumerable<ReadOnlyMemory<Cell>> GuideRows(TemplateContent content)
    {
        yield return Row([Cell.Of("How to fill in the sheet “" + DataSheet + "”", CellStyle.Title)]);
        yield return Row([]);
        foreach (var line in Lines(content))
        {
            yield return Row([Cell.Of(line)]);
        }

        yield return Row([]);
        yield return Row([Cell.Of("Columns", CellStyle.Section)]);
        yield return Row([Cell.Of("Heading", CellStyle.Head), Cell.Of("Needed", CellStyle.Head), Cell.Of("What belongs there", CellStyle.Head)]);
        foreach (var column in TemplateColumns.All)
        {
            yield return Row([Cell.Of(column.Heading), Cell.Of(column.IsNeeded ? "yes" : "if you have it"), Cell.Of(column.Text)]);
        }

        yield return Row([]);
        yield return Row([Cell.Of("Activity types", CellStyle.Section)]);
        yield return Row([Cell.Of("Activity type", CellStyle.Head), Cell.Of("Scope", CellStyle.Head), Cell.Of("Usual units", CellStyle.Head), Cell.Of("What it is for", CellStyle.Head)]);
        foreach (var type in content.Types)
        {
            yield return Row(
            [
                Cell.Of(type.Name), Cell.Of(ScopeOf(type)), Cell.Of(string.Join(", ", type.Choice.Units)),
                Cell.Of(type.Choice.Hint.Length > 0 ? type.Choice.Hint : type.Choice.Name == type.Name ? type.Choice.Group : $"{type.Choice.Name}, {type.Choice.Group}"),
            ]);
        }
    }

    private static IEnumerable<string> Lines(TemplateContent content)
    {
        yield return "One row for each bill, meter reading or month. Cells of the first columns offer what can be chosen; paste values, not formulas.";
        yield return "Keep the row of headings; columns that you do not need may stay empty. Dates are days of the calendar, and both the first and the last day count.";
        yield return "Then upload the file in OffGridFlow on the page Imports: it shows every row that cannot be loaded, and why, before anything is loaded.";
        yield return string.Create(
            CultureInfo.InvariantCulture, $"The lists are those of {content.MadeAt:yyyy-MM-dd}, with {content.Sites.Count:N0} {(content.Sites.Count == 1 ? "site" : "sites")}. Download the template again after you have added one.");
    }

    private static string ScopeOf(TemplateType type)
    {
        var others = string.Join(", ", type.Choice.Categories.Where(category => category != type.Choice.Category));
        return (type.Choice.Scope switch
        {
            null => "",
            { } scope when type.Choice.Category is { } category => string.Create(CultureInfo.InvariantCulture, $"{scope}, category {category}"),
            { } scope => string.Create(CultureInfo.InvariantCulture, $"{scope}"),
        }) + (others.Length == 0 ? "" : $"; or category {others}");
    }

    private static Worksheet Lists(List<string>[] lists) => new()
    {
        Name = ListSheet,
        IsHidden = true,
        ColumnWidths = [.. Enumerable.Repeat(30d, ListColumns)],
        Rows = ListRows(lists).ToAsyncEnumerable(),
    };

    private static IEnumerable<ReadOnlyMemory<Cell>> ListRows(List<string>[] lists)
    {
        yield return Row(ListHeads.Select(head => Cell.Of(head, CellStyle.Head)));
        for (var at = 0; at < lists.Max(list => list.Count); at++)
        {
            yield return Row(lists.Select(list => at < list.Count ? Cell.Of(list[at]) : Cell.Empty()));
        }
    }

    private static ReadOnlyMemory<Cell> Row(IEnumerable<Cell> cells) => cells.ToArray();
}
