using OffGridFlow.Core.Imports.Sheets;
using OffGridFlow.Infrastructure.ActivityData;
using OffGridFlow.Infrastructure.Imports.Sheets;

namespace OffGridFlow.Tests.Web;

/// <summary>One file in a draft; keeps what was asked of it.</summary>
internal sealed class FakeSheets : ISheetImports
{
    public SheetDraft? Draft { get; set; } = SampleSheets.Draft;

    public SheetCheck? Check { get; set; } = SampleSheets.Done;

    public List<SheetDraftRow> Drafts { get; init; } = [];

    public List<SheetRowView> Rows { get; init; } = [.. SampleSheets.Rows];

    /// <summary>What the next change is told; null: it is done.</summary>
    public SheetChange? Refusal { get; set; }

    public SheetLoad Load { get; set; } = new SheetLoad.Accepted(SampleSheets.ImportId);

    public SheetReceipt? Receipt { get; set; }

    public Exception? Failure { get; set; }

    public List<SheetPlan> Plans { get; } = [];

    public List<SheetFix> Fixes { get; } = [];

    public List<SheetFix> Unfixes { get; } = [];

    public List<int> Versions { get; } = [];

    public List<SheetWindow> Windows { get; } = [];

    public List<SheetLoadMode> Loads { get; } = [];

    public List<Guid> Discarded { get; } = [];

    public Task<SheetOpening> OpenAsync(Stream content, string fileName, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<IReadOnlyList<SheetDraftRow>> ListAsync(CancellationToken cancellationToken) =>
        Failure is null ? Task.FromResult<IReadOnlyList<SheetDraftRow>>([.. Drafts]) : Task.FromException<IReadOnlyList<SheetDraftRow>>(Failure);

    public Task<SheetDraft?> FindAsync(Guid id, CancellationToken cancellationToken) =>
        Failure is null ? Task.FromResult(Draft?.Id == id ? Draft : null) : Task.FromException<SheetDraft?>(Failure);

    public Task<IReadOnlyList<SheetRawRow>?> PeekAsync(Guid id, int sheet, CancellationToken cancellationToken) => Task.FromResult<IReadOnlyList<SheetRawRow>?>(
        [new SheetRawRow(1, IsHidden: false, ["Meters", ""]), new SheetRawRow(2, IsHidden: false, ["Zähler", "Werk"]), new SheetRawRow(3, IsHidden: false, ["EL-OST-07", "OST"])]);

    public Task<SheetChange> ChangeAsync(Guid id, int version, SheetPlan plan, CancellationToken cancellationToken)
    {
        Plans.Add(plan);
        return Task.FromResult(Changed(version, Draft! with { Plan = plan }));
    }

    public Task<SheetChange> FixAsync(Guid id, int version, SheetFix fix, CancellationToken cancellationToken)
    {
        Fixes.Add(fix);
        return Task.FromResult(Changed(version, Draft! with { Plan = Draft.Plan with { Fixes = [.. Draft.Plan.Fixes, fix] } }));
    }

    public Task<SheetChange> UnfixAsync(Guid id, int version, SheetFix fix, CancellationToken cancellationToken)
    {
        Unfixes.Add(fix);
        return Task.FromResult(Changed(version, Draft! with { Plan = Draft.Plan with { Fixes = [.. Draft.Plan.Fixes.Where(other => other != fix)] } }));
    }

    public Task<SheetPage?> ReadAsync(Guid id, SheetWindow window, CancellationToken cancellationToken)
    {
        Windows.Add(window);
        var rows = window.Filter == SheetRowFilter.Faulty ? Rows.Where(row => row.Faults.Count > 0).ToList() : Rows;
        var skip = window.AroundLine is { } line ? Math.Max(0, rows.FindIndex(row => row.Line == line) - 1) : window.Skip;
        var page = rows.Skip((int)skip).Take(window.Take).ToList();
        return Task.FromResult<SheetPage?>(new SheetPage(Draft!.Version, page, skip, rows.Count, skip + page.Count < rows.Count));
    }

    public Task<SheetCheck?> CheckAsync(Guid id, CancellationToken cancellationToken) => Task.FromResult(Check is null ? null : Check with { Version = Draft!.Version });

    public Task<SheetLoad> LoadAsync(Guid id, int version, SheetLoadMode mode, CancellationToken cancellationToken)
    {
        Loads.Add(mode);
        return Task.FromResult(Load);
    }

    public Task<bool> DiscardAsync(Guid id, CancellationToken cancellationToken)
    {
        Discarded.Add(id);
        return Task.FromResult(Drafts.RemoveAll(draft => draft.Id == id) > 0);
    }

    public Task<SheetReceipt?> FindReceiptAsync(Guid importId, CancellationToken cancellationToken) => Task.FromResult(Receipt);

    public Task<SheetAnnotatedFile?> DescribeAnnotatedAsync(Guid id, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task WriteAnnotatedAsync(Guid id, Stream output, CancellationToken cancellationToken) => throw new NotSupportedException();

    private SheetChange Changed(int version, SheetDraft draft)
    {
        Versions.Add(version);
        if (Refusal is { } refusal)
        {
            Refusal = null;
            return refusal;
        }

        if (version != Draft!.Version) return new SheetChange.Stale(Draft.Version);
        Draft = draft with { Version = draft.Version + 1, State = SheetDraftState.Open };
        return new SheetChange.Changed(Draft);
    }
}

/// <summary>The file of picture 3: quarterly meter readings of a company in German.</summary>
internal static class SampleSheets
{
    public static readonly Guid ImportId = new("00000000-0000-7000-8000-0000000000e2");

    private static readonly DateTimeOffset At = new(2026, 1, 9, 9, 2, 0, TimeSpan.Zero);

    public static readonly SheetDraft Draft = new()
    {
        Id = new Guid("00000000-0000-7000-8000-0000000000e1"),
        Version = 3,
        State = SheetDraftState.Open,
        FileName = "nordwerk_meters_2025_Q4.xlsx",
        Length = 412_000,
        Sha256 = "41d7c0de5f8091a2b3c4d5e6f708192a3b4c5d6e7f8091a2b3c4d5e6f7e0b2aa",
        CreatedBy = "P. Nowak",
        CreatedAt = At,
        Format = "xlsx",
        FormatText = "Excel workbook",
        Sheets = [new SheetTab(0, "Q4", 4812, IsHidden: false, HiddenRows: 2, []), new SheetTab(1, "Notes", 12, IsHidden: true, HiddenRows: 0, [])],
        Plan = new SheetPlan
        {
            Sheet = 0,
            Culture = "de-DE",
            Columns =
            [
                new SheetColumnUse(1, SheetField.Site), new SheetColumnUse(2, SheetField.From), new SheetColumnUse(3, SheetField.Quantity), new SheetColumnUse(4, SheetField.Unit),
                new SheetColumnUse(5, SheetField.ActivityType),
            ],
        },
        Headings =
        [
            new SheetHeading(0, "A", "Zähler", null, ["EL-OST-07", "EL-OST-08"], IsHidden: false, SheetField.Reference, 0.9),
            new SheetHeading(1, "B", "Werk", null, ["OST", "GDN"], IsHidden: false, SheetField.Site, 1),
            new SheetHeading(2, "C", "Von", null, ["01.10.2025"], IsHidden: false, SheetField.From, 1),
            new SheetHeading(3, "D", "Menge", null, ["182.440,0", "96.212,5"], IsHidden: false, SheetField.Quantity, 1),
            new SheetHeading(4, "E", "Einheit", null, ["kWh", "m³"], IsHidden: false, SheetField.Unit, 1),
            new SheetHeading(5, "F", "Medium", null, ["Strom", "Erdgas"], IsHidden: false, SheetField.ActivityType, 0.5),
            new SheetHeading(6, "G", "Notiz", null, ["getauscht"], IsHidden: true, null, 0),
        ],
        Questions = [],
        CultureIsCertain = true,
    };

    public static readonly SheetProblem UnknownUnit = new(
        new SheetProblemKey("unknown-unit", 4, "MWH/h"), SheetField.Unit, "E, Einheit", "Unit not known", EntrySeverity.Error,
        "“MWH/h” is a power unit. The field needs energy (kWh, MWh, GJ).", 9, [120, 126],
        [new SheetSuggestion("Use MWh", new SheetFix(SheetFixKind.Replace, 4, "MWH/h", "MWh")), new SheetSuggestion("Use kWh", new SheetFix(SheetFixKind.Replace, 4, "MWH/h", "kWh"))]);

    public static readonly SheetProblem UnknownSite = new(
        new SheetProblemKey("unknown-site", 1, "GDN-02"), SheetField.Site, "B, Werk", "Site not known", EntrySeverity.Error, "“GDN-02” is no site of your organization.", 3, [124], []);

    public static readonly SheetProblem Overlap = new(
        new SheetProblemKey("overlapping-period", null, null), null, "", "Days are entered already", EntrySeverity.Question, "These days are entered already. Confirm if both are right.", 4, [127], []);

    public static readonly SheetCheck Done = new(
        SheetCheckState.Done, 3, 1, new SheetCounts(4812, 4655, 96, 38, 23, 1, 7, 2), [UnknownUnit, Overlap, UnknownSite], 0, null);

    public static readonly SheetCheck Running = new(SheetCheckState.Running, 3, 0.52, null, [], 0, null);

    public static readonly SheetCheck Clean = new(SheetCheckState.Done, 3, 1, new SheetCounts(40, 40, 0, 0, 0, 0, 0, 0), [], 0, null);

    public static readonly IReadOnlyList<SheetRowView> Rows =
    [
        Row(118, SheetRowOutcome.Load, "EL-OST-07", "OST", "01.10.2025", "182.440,0", "kWh", "Strom"),
        Row(119, SheetRowOutcome.Duplicate, "EL-OST-08", "OST", "01.10.2025", "96.212,5", "kWh", "Strom"),
        Row(120, SheetRowOutcome.Rejected, "EL-OST-09", "OST", "01.10.2025", "214,8", "MWH/h", "Strom") with
        {
            Faults = [new SheetFault(4, SheetField.Unit, "unknown-unit", EntrySeverity.Error, UnknownUnit.Message)],
        },
        Row(126, SheetRowOutcome.Fixed, "EL-GDN-02", "GDN", "01.10.2025", "120,39", "MWH/h", "Strom"),
    ];

    public static SheetDraft Asking => Draft with
    {
        CultureIsCertain = false,
        Plan = Draft.Plan with { Culture = null },
        Questions =
        [
            new SheetQuestion("culture", "“1.250” is 1,250 or 1.25: say how the file writes numbers.", null, [new SheetChoice("de-DE", "1.250 is 1,250"), new SheetChoice("en-US", "1.250 is 1.25")]),
            new SheetQuestion("field", "No column says when. Choose the column, or say it for the whole file.", SheetField.Period, []),
        ],
    };

    public static SheetDraftRow InList => new(Draft.Id, Draft.FileName, Draft.Length, Draft.CreatedBy, At, At, Done.Counts);

    private static SheetRowView Row(long line, SheetRowOutcome outcome, params string[] cells) => new(
        line, IsHidden: false, [.. cells.Select((cell, column) => outcome == SheetRowOutcome.Fixed && column == 4 ? new SheetCellView(cell, "MWh", IsFixed: true) : new SheetCellView(cell, null, IsFixed: false))],
        outcome, []);
}
