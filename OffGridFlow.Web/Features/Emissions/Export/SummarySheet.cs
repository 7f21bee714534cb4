using System.Globalization;
using OffGridFlow.Core.Reports;
using OffGridFlow.Infrastructure.Inventory;
using OffGridFlow.Web.Shared;

namespace OffGridFlow.Web.Features.Emissions.Export;

/// <summary>The first sheet: what was exported, its totals, how sure they are, what stands outside them, and the groups on screen. All figures are formulas over the activities.</summary>
internal sealed class SummarySheet(EmissionsSnapshot snapshot, ExportRequest request, ExportGroups groups, ActivitySheets activities)
{
    private const int LeastColumns = 8;
    private const string NoData = "no data";
    private static readonly string[] FigureHeads =
        ["Activities", "of which outside the total", "Electricity (kWh)", "Operational (kg CO2e)", "Embodied (kg CO2e)", "Total (kg CO2e)", "Share of the total"];

    private readonly List<Cell[]> _rows = [];
    private readonly Dictionary<int, int> _lines = new() { [1] = 2 };
    private readonly List<string> _currencies = [.. snapshot.Summary.Total.Cost.Keys.Order(StringComparer.Ordinal)];

    private EmissionsFigures Total => snapshot.Summary.Total;

    private int Keys => request.GroupBy.Count;

    /// <summary>0-based column of the lines' numbers: the last of the table of groups.</summary>
    private int LineColumn => Keys + 7 + _currencies.Count;

    private int Columns => Math.Max(LeastColumns, LineColumn + 1);

    public Worksheet Build()
    {
        AddHead();
        AddTotals();
        AddCoverage();
        AddCost();
        if (groups.Lines.Count > 0)
        {
            AddGroups();
        }

        return new Worksheet
        {
            Name = "Summary",
            ColumnWidths = [30, .. Enumerable.Range(1, Columns - 1).Select(column => column < Keys ? 26.0 : column == 1 ? 22 : 18)],
            RowLines = _lines,
            GridLines = false,
            Rows = _rows.Select(row => new ReadOnlyMemory<Cell>(row)).ToAsyncEnumerable(),
        };
    }

    private void AddHead()
    {
        var facts = snapshot.Facts;
        Add(Cell.Of("Emissions of " + facts.Company, CellStyle.Title));
        if (facts.IsDemo)
        {
            AddWarning("Demo data: this organization is fictional.");
        }

        if (snapshot.Summary.ComparisonOnly)
        {
            AddWarning(
                $"{SummaryResponse.ComparisonNotice} Figures of method {string.Join(", ", snapshot.Summary.ComparisonMethods)} can be neither locked nor filed.");
        }

        Add();
        AddFact("Organization", facts.Company);
        AddFact("Months", ExportWords.Months(request.Filter, facts));
        AddFact("Filter", ExportWords.Filter(request.Filter));
        AddFact("Scope 2", EmissionsWords.Name(request.Filter.Scope2Method) + "; the other view is never added");
        AddFact("Groups", Keys == 0 ? "none" : string.Join(", then ", request.GroupBy.Select(EmissionsWords.Name)));
        AddFact("Method", snapshot.Summary.Methods.Count == 0 ? "–" : string.Join(", ", snapshot.Summary.Methods));
        AddFact("Method version", facts.MethodVersions.Count == 0 ? "–" : string.Join("; ", facts.MethodVersions));
        Add(Cell.Of("Exported at (UTC)", CellStyle.Label), Cell.Of(request.ExportedAt, CellStyle.Instant));
        AddFact("Exported by", request.ExportedBy);
        Add();
    }

    private void AddTotals()
    {
        Section("Totals");
        var hasResult = EmissionsWords.HasResult(Total);
        void AddSum(string label, ActivityColumn column, decimal value, CellStyle style) =>
            Add(Cell.Of(label), hasResult ? Cell.Formula(activities.Sum(column), value, style) : Cell.Of(NoData, style));

        AddSum("Total (kg CO2e)", ActivityColumn.Total, Total.KgCo2e, CellStyle.TotalAmount);
        AddSum("Operational (kg CO2e)", ActivityColumn.Operational, Total.OperationalKgCo2e, CellStyle.Amount);
        AddSum("Embodied (kg CO2e)", ActivityColumn.Embodied, Total.EmbodiedKgCo2e, CellStyle.Amount);
        AddSum("Electricity (kWh)", ActivityColumn.KilowattHours, Total.KilowattHours, CellStyle.Amount);
        if (Total.SubmittedKgCo2e != 0)
        {
            Add(
                Cell.Of("of it not approved yet (kg CO2e)"),
                Cell.Formula(activities.SumIf(ActivityColumn.Total, (ActivityColumn.Status, Formulas.Equal("submitted"))), Total.SubmittedKgCo2e, CellStyle.Amount));
        }

        if (Total.BiogenicKgCo2 != 0)
        {
            Add(Cell.Of("Memo: biogenic CO2 (kg), beside the total"), Cell.Formula(activities.Sum(ActivityColumn.Biogenic), Total.BiogenicKgCo2, CellStyle.Amount));
        }

        Add(Cell.Of("Activities"), Cell.Formula(activities.Count(ActivityColumn.EmissionId), Total.Activities, CellStyle.Count));
        Add(
            Cell.Of("of which outside the total"),
            Cell.Formula(activities.CountIf((ActivityColumn.Quality, Formulas.Equal("missing"))), Total.ActivitiesWithoutResult, CellStyle.Count));
        Add();
    }

    private void AddCoverage()
    {
        Section("How sure the total is (shares of kg CO2e)");
        var total = activities.Sum(ActivityColumn.Total);
        var defaulted = activities.Sum(ActivityColumn.Defaulted);
        void AddShare(string label, string formula, decimal part) =>
            Add(Cell.Of(label), Total.KgCo2e == 0 ? Cell.Of(NoData, CellStyle.Percent) : Cell.Formula(formula, part / Total.KgCo2e, CellStyle.Percent));

        AddShare("Measured", $"{activities.Sum(ActivityColumn.Measured)}/{total}", Total.MeasuredKgCo2e);
        var measured = Formulas.Address(1, _rows.Count);
        AddShare("Estimated", $"1-{measured}-{defaulted}/{total}", Total.EstimatedKgCo2e);
        AddShare("Defaulted", $"{defaulted}/{total}", Total.DefaultedKgCo2e);
        Add();
    }

    private void AddCost()
    {
        if (_currencies.Count == 0)
        {
            return;
        }

        Section("Cost of the usage, by currency (never added across currencies)");
        _lines[_rows.Count + 1] = 2;
        Add(
            Cell.Of("Currency", CellStyle.Head), Cell.Of("Cost", CellStyle.HeadRight), Cell.Of("Cost outside the total", CellStyle.HeadRight),
            Cell.Of("Share outside", CellStyle.HeadRight));
        foreach (var currency in _currencies)
        {
            var cost = Total.Cost[currency];
            var unmapped = Total.UnmappedCost.GetValueOrDefault(currency);
            var criterion = (ActivityColumn.Currency, Formulas.Equal(currency));
            var row = _rows.Count + 1;
            Add(
                Cell.Of(currency),
                Cell.Formula(activities.SumIf(ActivityColumn.Cost, criterion), cost, CellStyle.Money),
                Cell.Formula(activities.SumIf(ActivityColumn.Cost, criterion, (ActivityColumn.Quality, Formulas.Equal("missing"))), unmapped, CellStyle.Money),
                cost == 0
                    ? Cell.Of("–", CellStyle.Percent)
                    : Cell.Formula($"{Formulas.Address(2, row)}/{Formulas.Address(1, row)}", unmapped / cost, CellStyle.Percent));
        }

        Add();
    }

    private void AddGroups()
    {
        Section("By " + string.Join(", ", request.GroupBy.Select((dimension, index) => index == 0
            ? EmissionsWords.Name(dimension).ToLowerInvariant() : "then " + EmissionsWords.Name(dimension).ToLowerInvariant())));
        _lines[_rows.Count + 1] = 2;
        Add([
            .. request.GroupBy.Select(dimension => Cell.Of(dimension == EmissionsDimension.Month ? "Month" : EmissionsWords.Name(dimension), CellStyle.Head)),
            .. FigureHeads.Concat(_currencies.Select(currency => $"Cost ({currency})")).Append("Line").Select(head => Cell.Of(head, CellStyle.HeadRight)),
        ]);
        var first = _rows.Count + 1;
        var last = _rows.Count + groups.Lines.Count;
        foreach (var line in groups.Lines)
        {
            AddLine(line, totalRow: last + 1);
        }

        AddGroupsTotal(first, last);
    }

    private void AddLine(ExportLine line, int totalRow)
    {
        var row = _rows.Count + 1;
        var number = (ActivityColumn.Line, "$" + Formulas.Address(LineColumn, row));
        var hasResult = EmissionsWords.HasResult(line.Figures);
        var word = EmissionsWords.LeftOut(line.Figures) ? "–" : NoData;
        Cell Sum(ActivityColumn column, decimal value) =>
            hasResult ? Cell.Formula(activities.SumIf(column, number), value, CellStyle.Amount) : Cell.Of(word, CellStyle.Amount);

        Add([
            .. line.Keys is { } keys
                ? request.GroupBy.Zip(keys, KeyCell)
                : Enumerable.Range(0, Keys).Select(key => key == 0
                    ? Cell.Of(string.Create(CultureInfo.InvariantCulture, $"{groups.FurtherGroups} smaller groups")) : Cell.Empty()),
            Cell.Formula(activities.CountIf(number), line.Figures.Activities, CellStyle.Count),
            Cell.Formula(activities.CountIf(number, (ActivityColumn.Quality, Formulas.Equal("missing"))), line.Figures.ActivitiesWithoutResult, CellStyle.Count),
            Sum(ActivityColumn.KilowattHours, line.Figures.KilowattHours),
            Sum(ActivityColumn.Operational, line.Figures.OperationalKgCo2e),
            Sum(ActivityColumn.Embodied, line.Figures.EmbodiedKgCo2e),
            Sum(ActivityColumn.Total, line.Figures.KgCo2e),
            hasResult && Total.KgCo2e != 0
                ? Cell.Formula(
                    string.Create(CultureInfo.InvariantCulture, $"{Formulas.Address(Keys + 5, row)}/{Formulas.Column(Keys + 5)}${totalRow}"),
                    line.Figures.KgCo2e / Total.KgCo2e, CellStyle.Percent)
                : Cell.Of("–", CellStyle.Percent),
            .. _currencies.Select(currency => line.Figures.Cost.TryGetValue(currency, out var cost)
                ? Cell.Formula(activities.SumIf(ActivityColumn.Cost, number, (ActivityColumn.Currency, Formulas.Equal(currency))), cost, CellStyle.Money)
                : Cell.Empty()),
            Cell.Of(line.Number, CellStyle.Count),
        ]);
    }

    private void AddGroupsTotal(int first, int last)
    {
        Cell Sum(int column, decimal value, CellStyle style) => Cell.Formula(
            string.Create(CultureInfo.InvariantCulture, $"SUM({Formulas.Address(column, first)}:{Formulas.Address(column, last)})"), value, style);
        Cell Figure(int column, decimal value, CellStyle style) => EmissionsWords.HasResult(Total) ? Sum(column, value, style) : Cell.Of(NoData, style);

        Add([
            Cell.Of("Total", CellStyle.TotalText),
            .. Enumerable.Repeat(Cell.Empty(CellStyle.TotalText), Keys - 1),
            Sum(Keys, Total.Activities, CellStyle.TotalCount),
            Sum(Keys + 1, Total.ActivitiesWithoutResult, CellStyle.TotalCount),
            Figure(Keys + 2, Total.KilowattHours, CellStyle.TotalAmount),
            Figure(Keys + 3, Total.OperationalKgCo2e, CellStyle.TotalAmount),
            Figure(Keys + 4, Total.EmbodiedKgCo2e, CellStyle.TotalAmount),
            Figure(Keys + 5, Total.KgCo2e, CellStyle.TotalAmount),
            Total.KgCo2e == 0 ? Cell.Of("–", CellStyle.TotalPercent) : Sum(Keys + 6, 1, CellStyle.TotalPercent),
            .. _currencies.Select((currency, index) => Sum(Keys + 7 + index, Total.Cost[currency], CellStyle.TotalMoney)),
            Cell.Empty(CellStyle.TotalText),
        ]);
    }

    private static Cell KeyCell(EmissionsDimension dimension, string key) => dimension switch
    {
        EmissionsDimension.Month when Dates.ParseMonth(key) is { } month => Cell.Of(month, CellStyle.Month),
        EmissionsDimension.Category => Cell.Of(EmissionsWords.Category(key)),
        EmissionsDimension.Scope => Cell.Of("Scope " + key),
        _ => Cell.Of(EmissionsWords.Key(dimension, key)),
    };

    private void AddWarning(string text) =>
        Add([Cell.Of(text, CellStyle.Warning), .. Enumerable.Repeat(Cell.Empty(CellStyle.Warning), Columns - 1)]);

    private void AddFact(string label, string value) => Add(Cell.Of(label, CellStyle.Label), Cell.Of(value));

    private void Section(string title) => Add(Cell.Of(title, CellStyle.Section));

    private void Add(params Cell[] cells) => _rows.Add(cells);
}
