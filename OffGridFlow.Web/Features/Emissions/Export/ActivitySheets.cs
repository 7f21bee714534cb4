using System.Globalization;
using System.Runtime.CompilerServices;
using OffGridFlow.Core.Reports;
using OffGridFlow.Infrastructure.Inventory;

namespace OffGridFlow.Web.Features.Emissions.Export;

/// <summary>Columns of the sheet “Activities”, from A on.</summary>
internal enum ActivityColumn
{
    Month,
    Provider,
    Account,
    Service,
    Region,
    UsageClass,
    Scope,
    Category,
    Quantity,
    Unit,
    KilowattHours,
    Operational,
    Embodied,
    Total,
    Defaulted,
    Quality,
    Note,
    Method,
    MethodVersion,
    GridFactor,
    Flags,
    Cost,
    Currency,
    BillLines,
    Line,
    EmissionId,
    Trail,
    Scope2Method,
    Part,
    Measured,
    Biogenic,
    Status,
}

/// <summary>One row per activity, on as many sheets as they need. Row 1 adds what the filter leaves, row 2 holds the heads, rows follow from 3.</summary>
internal sealed class ActivitySheets
{
    private const int FirstRow = 3;
    private const int FrozenColumns = (int)ActivityColumn.Service + 1;

    private static readonly (ActivityColumn Column, string Head, double Width, bool Right)[] Heads =
    [
        (ActivityColumn.Month, "Month", 10, false),
        (ActivityColumn.Provider, "Provider", 10, false),
        (ActivityColumn.Account, "Account", 16, false),
        (ActivityColumn.Service, "Service", 24, false),
        (ActivityColumn.Region, "Region", 16, false),
        (ActivityColumn.UsageClass, "Usage class", 16, false),
        (ActivityColumn.Scope, "Scope", 8, true),
        (ActivityColumn.Category, "Scope 3 category", 31, false),
        (ActivityColumn.Quantity, "Quantity", 16, true),
        (ActivityColumn.Unit, "Unit", 13, false),
        (ActivityColumn.KilowattHours, "Electricity (kWh)", 16, true),
        (ActivityColumn.Operational, "Operational (kg CO2e)", 16, true),
        (ActivityColumn.Embodied, "Embodied (kg CO2e)", 16, true),
        (ActivityColumn.Total, "Total (kg CO2e)", 16, true),
        (ActivityColumn.Defaulted, "of which by default coefficients (kg CO2e)", 19, true),
        (ActivityColumn.Quality, "Data quality", 12, false),
        (ActivityColumn.Note, "Why there is no figure", 54, false),
        (ActivityColumn.Method, "Method", 10, false),
        (ActivityColumn.MethodVersion, "Method version", 46, false),
        (ActivityColumn.GridFactor, "Factor", 22, false),
        (ActivityColumn.Flags, "Flags", 44, false),
        (ActivityColumn.Cost, "Cost (in the currency beside)", 17, true),
        (ActivityColumn.Currency, "Currency", 10, false),
        (ActivityColumn.BillLines, "Lines of the bill", 11, true),
        (ActivityColumn.Line, "Line of the summary", 12, true),
        (ActivityColumn.EmissionId, "Emission id", 38, false),
        (ActivityColumn.Trail, "Trail", 12, false),
        (ActivityColumn.Scope2Method, "Scope 2 method", 15, false),
        (ActivityColumn.Part, "Part of an entry", 30, false),
        (ActivityColumn.Measured, "of which measured (kg CO2e)", 17, true),
        (ActivityColumn.Biogenic, "Memo: biogenic CO2 (kg)", 16, true),
        (ActivityColumn.Status, "Approval of the entry", 14, false),
    ];

    private readonly EmissionsSnapshot _snapshot;
    private readonly ExportGroups _groups;
    private readonly Uri? _site;
    private readonly int _rowsPerSheet;

    public ActivitySheets(EmissionsSnapshot snapshot, ExportGroups groups, Uri? site, int sheetRows)
    {
        (_snapshot, _groups, _site, _rowsPerSheet) = (snapshot, groups, site, sheetRows - FirstRow + 1);
        var rest = snapshot.Summary.Total.Activities;
        Names = [];
        RowCounts = [];
        do
        {
            Names.Add(Names.Count == 0 ? "Activities" : string.Create(CultureInfo.InvariantCulture, $"Activities {Names.Count + 1}"));
            RowCounts.Add((int)Math.Min(rest, _rowsPerSheet));
            rest -= RowCounts[^1];
        }
        while (rest > 0);
    }

    public List<string> Names { get; }

    private List<int> RowCounts { get; }

    public string Sum(ActivityColumn column) => $"SUM({Ranges(column)})";

    /// <summary>Cells that are not empty.</summary>
    public string Count(ActivityColumn column) => $"COUNTA({Ranges(column)})";

    /// <summary>Only rows that the filter leaves.</summary>
    public string SumOfShown(ActivityColumn column) => $"SUBTOTAL(109,{Ranges(column)})";

    /// <param name="conditions">Criteria as formulas have them: a quoted text, or the address of a cell.</param>
    public string SumIf(ActivityColumn column, params (ActivityColumn Column, string Criterion)[] conditions) =>
        EachSheet(sheet => $"SUMIFS({Range(sheet, column)},{Criteria(sheet, conditions)})");

    /// <inheritdoc cref="SumIf"/>
    public string CountIf(params (ActivityColumn Column, string Criterion)[] conditions) => EachSheet(sheet => $"COUNTIFS({Criteria(sheet, conditions)})");

    /// <summary>The sheets share one pass over the ledger: their rows have to be asked for in order.</summary>
    public IEnumerable<Worksheet> Build()
    {
        var rows = new SharedRows(_snapshot);
        return Names.Select((name, index) => new Worksheet
        {
            Name = name,
            ColumnWidths = Heads.Select(head => head.Width).ToList(),
            RowLines = new Dictionary<int, int> { [FirstRow - 1] = 3 },
            FrozenRows = FirstRow - 1,
            FrozenColumns = FrozenColumns,
            HeadRow = FirstRow - 1,
            LastRow = FirstRow - 1 + RowCounts[index],
            Rows = RowsAsync(rows, RowCounts[index], last: index == Names.Count - 1),
        });
    }

    private async IAsyncEnumerable<ReadOnlyMemory<Cell>> RowsAsync(
        SharedRows rows, int count, bool last, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        yield return Totals();
        yield return Heads.Select(head => Cell.Of(head.Head, head.Right ? CellStyle.HeadRight : CellStyle.Head)).ToArray();
        var cells = new Cell[Heads.Length];
        var goesOn = false;
        try
        {
            for (var at = 0; at < count; at++)
            {
                Fill(cells, await rows.NextAsync(cancellationToken) ?? throw Disagreement(), FirstRow + at);
                yield return cells;
            }

            if (last && (await rows.NextAsync(cancellationToken) is not null || !rows.AddUp))
            {
                throw Disagreement();
            }

            goesOn = !last;
        }
        finally
        {
            if (!goesOn)
            {
                await rows.DisposeAsync();
            }
        }
    }

    private static InvalidOperationException Disagreement() => new("The rows of the ledger do not add up to its totals: the export is not finished.");

    private Cell[] Totals()
    {
        var total = _snapshot.Summary.Total;
        var cells = Enumerable.Repeat(Cell.Empty(CellStyle.TotalText), Heads.Length).ToArray();
        void Set(ActivityColumn column, decimal sum, CellStyle style) => cells[(int)column] = Cell.Formula(SumOfShown(column), sum, style);

        cells[0] = Cell.Of("Total of the rows shown", CellStyle.TotalText);
        if (EmissionsWords.HasResult(total))
        {
            Set(ActivityColumn.KilowattHours, total.KilowattHours, CellStyle.TotalAmount);
            Set(ActivityColumn.Operational, total.OperationalKgCo2e, CellStyle.TotalAmount);
            Set(ActivityColumn.Embodied, total.EmbodiedKgCo2e, CellStyle.TotalAmount);
            Set(ActivityColumn.Total, total.KgCo2e, CellStyle.TotalAmount);
            Set(ActivityColumn.Defaulted, total.DefaultedKgCo2e, CellStyle.TotalAmount);
        }
        else
        {
            cells[(int)ActivityColumn.Total] = Cell.Of("no data", CellStyle.TotalAmount);
        }

        if (total.Cost.Count == 1)
        {
            Set(ActivityColumn.Cost, total.Cost.Values.Single(), CellStyle.TotalMoney);
            cells[(int)ActivityColumn.Currency] = Cell.Of(total.Cost.Keys.Single(), CellStyle.TotalText);
        }
        else if (total.Cost.Count > 1)
        {
            cells[(int)ActivityColumn.Cost] = Cell.Of("see Summary", CellStyle.TotalMoney);
        }

        return cells;
    }

    private void Fill(Cell[] cells, LedgerRow row, int number)
    {
        var emission = row.Emission;
        void Set(ActivityColumn column, Cell cell) => cells[(int)column] = cell;

        Set(ActivityColumn.Month, Cell.Of(emission.Month, CellStyle.Month));
        Set(ActivityColumn.Provider, Cell.Of(emission.Provider));
        Set(ActivityColumn.Account, Cell.Of(EmissionsWords.Key(emission.Account)));
        Set(ActivityColumn.Service, Cell.Of(EmissionsWords.Key(emission.Service)));
        Set(ActivityColumn.Region, Cell.Of(EmissionsWords.Key(emission.Region)));
        Set(ActivityColumn.UsageClass, Cell.Of(EmissionsWords.Name(emission.UsageClass)));
        Set(ActivityColumn.Scope, Cell.Of(emission.Scope, CellStyle.Count));
        Set(ActivityColumn.Category, emission.Category is { } category ? Cell.Of(EmissionsWords.Category(category.ToString(CultureInfo.InvariantCulture))) : Cell.Empty());
        Set(ActivityColumn.Quantity, Cell.Of(emission.Quantity, CellStyle.Amount));
        Set(ActivityColumn.Unit, emission.Unit is null ? Cell.Empty() : Cell.Of(emission.Unit));
        Set(ActivityColumn.KilowattHours, Cell.Of(emission.KilowattHours, CellStyle.Amount));
        Set(ActivityColumn.Operational, Cell.Of(emission.OperationalKgCo2e, CellStyle.Amount));
        Set(ActivityColumn.Embodied, Cell.Of(emission.EmbodiedKgCo2e, CellStyle.Amount));
        // Of an entered activity nothing is divided: its total stands as it is.
        Set(ActivityColumn.Total, emission is { KgCo2e: { } whole, OperationalKgCo2e: null, EmbodiedKgCo2e: null } ? Cell.Of(whole, CellStyle.Amount)
            : emission.KgCo2e is { } total
            ? Cell.Formula($"{Address(ActivityColumn.Operational, number)}+{Address(ActivityColumn.Embodied, number)}", total, CellStyle.Amount)
            : Cell.Empty());
        Set(ActivityColumn.Defaulted, emission.KgCo2e is null ? Cell.Empty() : Cell.Of(row.DefaultedKgCo2e, CellStyle.Amount));
        Set(ActivityColumn.Quality, Cell.Of(emission.Quality));
        Set(ActivityColumn.Note, emission.KgCo2e is null ? Cell.Of(EmissionsWords.Reason(emission.UsageClass)) : Cell.Empty());
        Set(ActivityColumn.Method, Cell.Of(emission.Method));
        Set(ActivityColumn.MethodVersion, Cell.Of(emission.MethodVersion));
        Set(ActivityColumn.GridFactor, row.FactorId is null ? Cell.Empty() : Cell.Of(row.FactorId));
        Set(ActivityColumn.Flags, emission.Flags.Count == 0 ? Cell.Empty() : Cell.Of(string.Join(", ", emission.Flags)));
        var hasCost = emission.Cost.Count == 1;
        Set(ActivityColumn.Cost, hasCost ? Cell.Of(emission.Cost.Values.Single(), CellStyle.Money) : Cell.Empty());
        Set(ActivityColumn.Currency, hasCost ? Cell.Of(emission.Cost.Keys.Single()) : Cell.Empty());
        Set(ActivityColumn.BillLines, emission.EntryId is null ? Cell.Of(row.LineCount, CellStyle.Count) : Cell.Empty());
        Set(ActivityColumn.Scope2Method, emission.Scope2Method is { } method ? Cell.Of(method + "-based") : Cell.Empty());
        Set(ActivityColumn.Part, emission.Part is { } part ? Cell.Of(EmissionsWords.Name(part)) : Cell.Empty());
        Set(ActivityColumn.Measured, emission is { KgCo2e: { } measured, Quality: "measured" } ? Cell.Of(measured, CellStyle.Amount) : Cell.Empty());
        Set(ActivityColumn.Biogenic, Cell.Of(emission.BiogenicKgCo2, CellStyle.Amount));
        Set(ActivityColumn.Status, emission.EntryStatus is { } status ? Cell.Of(status.ToString().ToLowerInvariant()) : Cell.Empty());
        Set(ActivityColumn.Line, _groups.NumberOf(emission) is { } line ? Cell.Of(line, CellStyle.Count) : Cell.Empty());
        Set(ActivityColumn.EmissionId, Cell.Unique(emission.Id.ToString("D", CultureInfo.InvariantCulture)));
        Set(ActivityColumn.Trail, TrailLink(emission.Id));
    }

    private Cell TrailLink(Guid id)
    {
        const string Words = "Open trail";
        if (_site is null)
        {
            return Cell.Empty();
        }

        var address = _site.AbsoluteUri.TrimEnd('/') + (new EmissionsAddress { Trail = id }).ToUrl();
        return address.Length > Formulas.LongestText
            ? Cell.Empty()
            : Cell.Formula($"HYPERLINK({Formulas.Text(address)},{Formulas.Text(Words)})", Words, CellStyle.Link);
    }

    private string Ranges(ActivityColumn column) => string.Join(',', Enumerable.Range(0, Names.Count).Select(sheet => Range(sheet, column)));

    private string EachSheet(Func<int, string> formula) => string.Join('+', Enumerable.Range(0, Names.Count).Select(formula));

    private string Criteria(int sheet, (ActivityColumn Column, string Criterion)[] conditions) =>
        string.Join(',', conditions.Select(condition => $"{Range(sheet, condition.Column)},{condition.Criterion}"));

    private string Range(int sheet, ActivityColumn column) =>
        Formulas.Range(Names[sheet], (int)column, FirstRow, Math.Max(FirstRow, FirstRow - 1 + RowCounts[sheet]));

    private static string Address(ActivityColumn column, int row) => Formulas.Address((int)column, row);

    /// <summary>The rows of the ledger, one after the other, whichever sheet asks.</summary>
    private sealed class SharedRows(EmissionsSnapshot snapshot) : IAsyncDisposable
    {
        private IAsyncEnumerator<LedgerRow>? _rows;
        private decimal _kgCo2e;
        private decimal _kilowattHours;

        /// <summary>Whether the rows so far make the totals that the formulas were given as their results.</summary>
        public bool AddUp => _kgCo2e == snapshot.Summary.Total.KgCo2e && _kilowattHours == snapshot.Summary.Total.KilowattHours;

        /// <summary>Null after the last one.</summary>
        public async ValueTask<LedgerRow?> NextAsync(CancellationToken cancellationToken)
        {
            _rows ??= snapshot.ReadRowsAsync(cancellationToken).GetAsyncEnumerator(cancellationToken);
            if (!await _rows.MoveNextAsync())
            {
                return null;
            }

            var row = _rows.Current;
            if (row.Emission.KgCo2e is { } kg)
            {
                _kgCo2e += kg;
            }

            if (row.Emission.KilowattHours is { } kilowattHours)
            {
                _kilowattHours += kilowattHours;
            }

            return row;
        }

        public ValueTask DisposeAsync() => _rows?.DisposeAsync() ?? ValueTask.CompletedTask;
    }
}
