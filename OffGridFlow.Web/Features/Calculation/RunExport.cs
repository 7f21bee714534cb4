using System.Globalization;
using System.Runtime.CompilerServices;
using OffGridFlow.Core.Calculation;
using OffGridFlow.Core.Reports;
using OffGridFlow.Infrastructure.Calculation.Runs;
using OffGridFlow.Infrastructure.Reports.Excel;

namespace OffGridFlow.Web.Features.Calculation;

/// <summary>The difference of a run as a workbook: sums of both sides by all that it is shown by, factors, every changed entry.</summary>
/// <param name="sums">By grouping; scope with both views.</param>
/// <param name="site">Where entries are opened; null leaves the links out.</param>
internal sealed class RunExport(
    RunRow run, string company, IReadOnlyList<(RunGrouping Grouping, Scope2Method View, RunDifference Difference)> sums, RunQueries queries, Uri? site, string exportedBy, DateTimeOffset exportedAt)
{
    private const int PageSize = 5000;
    private const int HeadRow = 1;

    private static readonly (string Head, double Width, bool Right)[] EntryHeads =
    [
        ("Activity type", 26, false), ("Site", 22, false), ("First day", 11, false), ("Last day", 11, false), ("Current, location-based (kg CO2e)", 18, true),
        ("Proposed, location-based (kg CO2e)", 18, true), ("Difference, location-based (kg CO2e)", 18, true), ("Current, market-based (kg CO2e)", 18, true),
        ("Proposed, market-based (kg CO2e)", 18, true), ("Difference, market-based (kg CO2e)", 18, true), ("Why it had no figure", 40, false), ("Why it would have none", 40, false),
        ("Entry id", 38, false), ("Entry", 8, false),
    ];

    private static readonly (string Head, double Width, bool Right)[] FactorHeads =
    [
        ("Activity type", 26, false), ("Scope", 24, false), ("Part", 22, false), ("Current factor", 44, false), ("Current set", 16, false), ("Current figure (kg CO2e)", 14, true),
        ("per", 14, false), ("Proposed factor", 44, false), ("Proposed set", 16, false), ("Proposed figure (kg CO2e)", 14, true), ("per", 14, false), ("Current (kg CO2e)", 18, true),
        ("Proposed (kg CO2e)", 18, true), ("Difference (kg CO2e)", 18, true), ("Entries", 10, true),
    ];

    public string FileName => string.Create(CultureInfo.InvariantCulture, $"run-{run.Number}-difference.xlsx");

    public Workbook Build() => new()
    {
        Title = $"Run {RunWords.Number(run)} of {company}",
        Creator = exportedBy,
        CreatedAt = exportedAt,
        Sheets = [Sums(), Factors(), .. Entries(), Notes()],
    };

    private Worksheet Sums()
    {
        var rows = new List<ReadOnlyMemory<Cell>>
        {
            new([Cell.Of($"Run {RunWords.Number(run)}: {run.Title}", CellStyle.Title)]),
            Fact("Organization", company), Fact("State", RunWords.State(run)), Fact("Proposed by", run.ProposedBy),
            new([Cell.Of("Proposed at (UTC)", CellStyle.Label), Cell.Of(run.ProposedAt, CellStyle.Instant)]),
            Fact("Decided by", run.DecidedBy ?? "nobody yet"), Fact("Note", run.Note ?? "–"),
            Fact("Ledger number", run.BaseSequence?.ToString(CultureInfo.InvariantCulture) ?? "–"),
            new([Cell.Of("Entries calculated", CellStyle.Label), Cell.Of(run.Entries, CellStyle.Count)]), new([Cell.Of("Entries that change", CellStyle.Label), Cell.Of(run.Changed, CellStyle.Count)]),
            new([Cell.Of("Exported at (UTC)", CellStyle.Label), Cell.Of(exportedAt, CellStyle.Instant)]), Fact("Exported by", exportedBy),
        };
        foreach (var (grouping, view, difference) in sums.Where(sum => sum.Grouping != RunGrouping.Factor))
        {
            rows.Add(ReadOnlyMemory<Cell>.Empty);
            rows.Add(new([Cell.Of($"By {grouping.ToString().ToLowerInvariant()}, {(view == Scope2Method.Location ? "location-based" : "market-based")}", CellStyle.Section)]));
            rows.Add(new(
            [
                Cell.Of(grouping.ToString(), CellStyle.Head), Cell.Of("Current (kg CO2e)", CellStyle.HeadRight), Cell.Of("Proposed (kg CO2e)", CellStyle.HeadRight),
                Cell.Of("Difference (kg CO2e)", CellStyle.HeadRight), Cell.Of("Changed entries", CellStyle.HeadRight),
            ]));
            rows.AddRange(difference.Groups.Select((group, index) => Group(
                RunWords.Name(grouping, group) + (grouping == RunGrouping.Type ? ", " + RunWords.Place(group) : ""), group, rows.Count + 1 + index, CellStyle.Text, CellStyle.Amount, CellStyle.Count)));
            if (grouping is not RunGrouping.Type)
            {
                rows.Add(Group("Total", difference.Total, rows.Count + 1, CellStyle.TotalText, CellStyle.TotalAmount, CellStyle.TotalCount));
            }
        }

        return new Worksheet { Name = "Difference", ColumnWidths = [46, 20, 20, 20, 16], GridLines = false, Rows = rows.ToAsyncEnumerable() };
    }

    private static ReadOnlyMemory<Cell> Fact(string name, string value) => new([Cell.Of(name, CellStyle.Label), Cell.Of(value)]);

    private static ReadOnlyMemory<Cell> Group(string name, RunGroup group, int row, CellStyle text, CellStyle amount, CellStyle count) => new(
    [
        Cell.Of(name, text), Cell.Of(group.BeforeKg, amount), Cell.Of(group.AfterKg, amount), Difference(1, 2, row, group.DifferenceKg, amount), Cell.Of(group.Entries, count),
    ]);

    /// <param name="before">0-based column.</param>
    /// <param name="after">0-based column.</param>
    private static Cell Difference(int before, int after, int row, decimal kg, CellStyle style) =>
        Cell.Formula($"{Formulas.Address(after, row)}-{Formulas.Address(before, row)}", kg, style);

    private Worksheet Factors()
    {
        var groups = sums.Single(sum => sum.Grouping == RunGrouping.Factor).Difference.Groups;
        return List("Factors", FactorHeads, groups.Count, groups.Select((group, index) => new ReadOnlyMemory<Cell>(
        [
            Cell.Of(RunWords.Name(RunGrouping.Factor, group)), Cell.Of(RunWords.Place(group)), Cell.Of(group.Keys["part"]), .. Factor(group.FactorBefore), .. Factor(group.FactorAfter),
            Cell.Of(group.BeforeKg, CellStyle.Amount), Cell.Of(group.AfterKg, CellStyle.Amount), Difference(11, 12, index + HeadRow + 1, group.DifferenceKg, CellStyle.Amount),
            Cell.Of(group.Entries, CellStyle.Count),
        ])).ToAsyncEnumerable(), frozenColumns: 1);
    }

    private static Cell[] Factor(RunFactor? factor) => factor is null
        ? [Cell.Of("none"), Cell.Empty(), Cell.Empty(), Cell.Empty()]
        : [Cell.Of(factor.Name), Cell.Of(factor.Edition), factor.KgCo2ePerUnit is { } figure ? Cell.Of(figure, CellStyle.Text) : Cell.Empty(), Cell.Of(factor.Unit)];

    /// <summary>The sheets share one pass: their rows have to be asked for in order.</summary>
    private IEnumerable<Worksheet> Entries()
    {
        const int Most = ExcelWriter.MostRows - HeadRow;
        var rows = new EntryRows(run.Id, queries);
        var sheets = (int)Math.Max(1, (run.Changed + Most - 1) / Most);
        return Enumerable.Range(0, sheets).Select(sheet =>
        {
            var count = (int)Math.Min(Most, run.Changed - ((long)sheet * Most));
            return List(sheet == 0 ? "Entries" : string.Create(CultureInfo.InvariantCulture, $"Entries {sheet + 1}"), EntryHeads, count, EntriesAsync(rows, count), frozenColumns: 2);
        });
    }

    private async IAsyncEnumerable<ReadOnlyMemory<Cell>> EntriesAsync(EntryRows rows, int count, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var cells = new Cell[EntryHeads.Length];
        for (var at = 0; at < count; at++)
        {
            var entry = await rows.NextAsync(cancellationToken) ?? throw new InvalidOperationException("The run lists fewer entries than it has changed: the export is not finished.");
            var row = at + HeadRow + 1;
            cells[0] = Cell.Of(entry.ActivityType);
            cells[1] = Cell.Of(entry.Site);
            cells[2] = Cell.Of(entry.From, CellStyle.Day);
            cells[3] = Cell.Of(entry.To, CellStyle.Day);
            cells[4] = Cell.Of(entry.LocationBefore, CellStyle.Amount);
            cells[5] = Cell.Of(entry.LocationAfter, CellStyle.Amount);
            cells[6] = Difference(4, 5, row, entry.LocationAfter - entry.LocationBefore, CellStyle.Amount);
            cells[7] = Cell.Of(entry.MarketBefore, CellStyle.Amount);
            cells[8] = Cell.Of(entry.MarketAfter, CellStyle.Amount);
            cells[9] = Difference(7, 8, row, entry.MarketAfter - entry.MarketBefore, CellStyle.Amount);
            cells[10] = entry.FaultBefore is { } had ? Cell.Of(had) : Cell.Empty();
            cells[11] = entry.FaultAfter is { } has ? Cell.Of(has) : Cell.Empty();
            var id = entry.EntryId.ToString("D");
            cells[12] = Cell.Unique(id);
            cells[13] = site is null ? Cell.Empty() : Cell.Formula($"HYPERLINK({Formulas.Text(new Uri(site, "/activities?entry=" + id).ToString())},\"Open\")", "Open", CellStyle.Link);
            yield return cells;
        }
    }

    private static Worksheet List(
        string name, (string Head, double Width, bool Right)[] heads, int count, IAsyncEnumerable<ReadOnlyMemory<Cell>> rows, int frozenColumns) => new()
        {
            Name = name,
            ColumnWidths = heads.Select(head => head.Width).ToList(),
            RowLines = new Dictionary<int, int> { [HeadRow] = 3 },
            FrozenRows = HeadRow,
            FrozenColumns = frozenColumns,
            HeadRow = HeadRow,
            LastRow = HeadRow + count,
            Rows = rows.Prepend(new ReadOnlyMemory<Cell>([.. heads.Select(head => Cell.Of(head.Head, head.Right ? CellStyle.HeadRight : CellStyle.Head))])),
        };

    private static Worksheet Notes()
    {
        (string Topic, string Text)[] notes =
        [
            ("What this is", "What the run would move, or has moved. Current is what counted when the difference was worked out; proposed is what would count after approval. By type and factor only what changes is added up, by all else everything that counts."),
            ("Views of Scope 2", "Location-based and market-based are two totals, never added. Factors are listed of both views, each row naming its own."),
            ("Missing figures", "An entry without a figure adds nothing to its side; the reason stands in its row."),
            ("Rounding", "The ledger keeps twelve decimals; cells hold 15 significant digits, which is what spreadsheets calculate with."),
            ("Texts", "Texts are stored as texts, also those that begin like a formula."),
        ];
        return new Worksheet
        {
            Name = "Notes",
            ColumnWidths = [24, 110],
            RowLines = notes.Index().ToDictionary(note => note.Index + 2, note => (note.Item.Text.Length / 105) + 1),
            GridLines = false,
            Rows = notes.Select(note => new ReadOnlyMemory<Cell>([Cell.Of(note.Topic, CellStyle.Label), Cell.Of(note.Text, CellStyle.Wrapped)]))
                .Prepend(new([Cell.Of("How to read these figures", CellStyle.Title)])).ToAsyncEnumerable(),
        };
    }

    /// <summary>Changed entries one after another, a page of them in memory.</summary>
    private sealed class EntryRows(Guid run, RunQueries queries)
    {
        private IReadOnlyList<RunEntryRow> _page = [];
        private string? _next;
        private int _at;
        private bool _begun;

        public async ValueTask<RunEntryRow?> NextAsync(CancellationToken cancellationToken)
        {
            if (_at == _page.Count && (!_begun || _next is not null))
            {
                var page = await queries.ListEntriesAsync(run, _next, PageSize, cancellationToken);
                (_page, _next, _at, _begun) = (page?.Rows ?? [], page?.NextCursor, 0, true);
            }

            return _at < _page.Count ? _page[_at++] : null;
        }
    }
}
