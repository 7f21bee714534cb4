using OffGridFlow.Core.Imports.Sheets;
using OffGridFlow.Infrastructure.ActivityData;

namespace OffGridFlow.Infrastructure.Imports.Sheets;

/// <summary>
/// Spreadsheets of activity data on their way into the ledger: uploaded, read by a plan, checked, loaded. A draft keeps everything that was said about the
/// file, so that one may leave and come back. Nothing is in any total before <see cref="LoadAsync"/>; undo, cancel, progress and rejected rows of what was
/// loaded are those of <see cref="IImportService"/>.
/// </summary>
public interface ISheetImports
{
    /// <summary>Rows that one window may have.</summary>
    const int MostRows = 200;

    /// <summary>Stores the bytes and makes a draft with the sheet, headings, columns and locale that the file suggests or that are remembered.</summary>
    Task<SheetOpening> OpenAsync(Stream content, string fileName, CancellationToken cancellationToken);

    /// <summary>Drafts that are neither loaded nor discarded, those of the last 90 days, last changed first; at most 50.</summary>
    Task<IReadOnlyList<SheetDraftRow>> ListAsync(CancellationToken cancellationToken);

    /// <summary>Null when there is none, or when it was discarded.</summary>
    Task<SheetDraft?> FindAsync(Guid id, CancellationToken cancellationToken);

    /// <summary>The first rows of a sheet as they stand, so that one can point at the headings. Null when there is no such draft or sheet.</summary>
    Task<IReadOnlyList<SheetRawRow>?> PeekAsync(Guid id, int sheet, CancellationToken cancellationToken);

    /// <summary>
    /// Reads the file by another plan. A plan for another sheet or heading row gets the columns that those headings suggest, whatever columns it names.
    /// </summary>
    /// <param name="version">The one that was seen.</param>
    Task<SheetChange> ChangeAsync(Guid id, int version, SheetPlan plan, CancellationToken cancellationToken);

    /// <summary>Gives one answer for many rows; takes the place of an answer for the same cells.</summary>
    Task<SheetChange> FixAsync(Guid id, int version, SheetFix fix, CancellationToken cancellationToken);

    /// <summary>Takes an answer back.</summary>
    Task<SheetChange> UnfixAsync(Guid id, int version, SheetFix fix, CancellationToken cancellationToken);

    /// <summary>Some rows as they stand in the file and as they are read. Null when there is no such draft. Changes nothing.</summary>
    Task<SheetPage?> ReadAsync(Guid id, SheetWindow window, CancellationToken cancellationToken);

    /// <summary>
    /// The check of the whole file by the plan that stands: small files are checked before this returns, of large ones a job is begun (or looked after);
    /// call again until it has ended. Null when there is no such draft.
    /// </summary>
    Task<SheetCheck?> CheckAsync(Guid id, CancellationToken cancellationToken);

    /// <summary>Queues the load. The answer names an import: from here on it is one like any other. A draft that is being loaded answers with that import.</summary>
    /// <param name="version">The one that was seen.</param>
    Task<SheetLoad> LoadAsync(Guid id, int version, SheetLoadMode mode, CancellationToken cancellationToken);

    /// <summary>Forgets a draft that was not loaded. False when there is none.</summary>
    Task<bool> DiscardAsync(Guid id, CancellationToken cancellationToken);

    /// <summary>What became of a load; null when there is no such import of a spreadsheet.</summary>
    Task<SheetReceipt?> FindReceiptAsync(Guid importId, CancellationToken cancellationToken);

    /// <summary>How the annotated file of a draft is called and what it is; null when there is no such draft.</summary>
    Task<SheetAnnotatedFile?> DescribeAnnotatedAsync(Guid id, CancellationToken cancellationToken);

    /// <summary>The rows of the file with a column that says what becomes, or became, of each, and why. Formulas of the file are text in it.</summary>
    Task WriteAnnotatedAsync(Guid id, Stream output, CancellationToken cancellationToken);
}

/// <summary>A row as it stands in the file, its texts cut at 80 characters; at most 30 columns.</summary>
public sealed record SheetRawRow(long Line, bool IsHidden, IReadOnlyList<string> Cells);

/// <summary>What became of an upload.</summary>
public abstract record SheetOpening
{
    public sealed record Opened(Guid DraftId) : SheetOpening;

    /// <summary>A draft of the same bytes is there, not loaded yet.</summary>
    public sealed record ExistingDraft(Guid DraftId) : SheetOpening;

    /// <summary>The same bytes are loaded, or being loaded.</summary>
    public sealed record ExistingImport(Guid ImportId, Guid DraftId) : SheetOpening;

    /// <summary>The file is refused as a whole.</summary>
    public sealed record Refused(string Reason, string Fix, long? Line) : SheetOpening;
}

public enum SheetDraftState
{
    /// <summary>Being worked on.</summary>
    Open,

    /// <summary>Handed to an import that is queued or runs.</summary>
    Loading,
    Loaded,
}

/// <summary>A draft in a list.</summary>
public sealed record SheetDraftRow(Guid Id, string FileName, long Length, string CreatedBy, DateTimeOffset CreatedAt, DateTimeOffset ChangedAt, SheetCounts? Counts);

/// <summary>A sheet of the workbook; of a CSV file there is one.</summary>
/// <param name="Rows">As the file says or as was counted; null where it does not say.</param>
/// <param name="IsHidden">Hidden in the workbook. It can be chosen.</param>
/// <param name="HiddenRows">Rows hidden in the part that was looked at.</param>
/// <param name="HiddenColumns">0-based.</param>
public sealed record SheetTab(int Index, string Name, long? Rows, bool IsHidden, int HiddenRows, IReadOnlyList<int> HiddenColumns);

/// <summary>A column under its heading.</summary>
/// <param name="Index">0-based.</param>
/// <param name="Letter">As in a spreadsheet: A, B, …, AA.</param>
/// <param name="Heading">Its rows joined; empty where it has none.</param>
/// <param name="Unit">The unit that the heading names, as it stands there.</param>
/// <param name="Samples">Different values from the first rows, at most five.</param>
/// <param name="Suggested">What heading and values suggest; null: nothing.</param>
/// <param name="Confidence">0 to 1, of the suggestion.</param>
/// <param name="FirstDays">Whether the values can stand for whole months.</param>
public sealed record SheetHeading(
    int Index, string Letter, string Heading, string? Unit, IReadOnlyList<string> Samples, bool IsHidden, SheetField? Suggested, double Confidence,
    SheetFirstDays FirstDays = SheetFirstDays.None);

/// <summary>
/// What has to be said before the file can be checked: <c>culture</c> for numbers or dates that can be read in two ways, <c>months-from</c> for months without a year, or a field that
/// nothing holds.
/// </summary>
/// <param name="Field">The field that nothing holds.</param>
/// <param name="Choices">Of <c>culture</c>: codes of locales that fit, with an example of what each reads. Of <c>months-from</c>: first days of reporting periods of twelve months.</param>
public sealed record SheetQuestion(string Code, string Message, SheetField? Field, IReadOnlyList<SheetChoice> Choices);

public sealed record SheetChoice(string Value, string Label);

/// <summary>A mapping that was remembered.</summary>
/// <param name="FromFile">Name of the file that it was last used for.</param>
public sealed record SheetMemory(string FromFile, string ChangedBy, DateTimeOffset ChangedAt, int Fixes);

/// <summary>A file with all that was said about it.</summary>
public sealed record SheetDraft
{
    public required Guid Id { get; init; }

    /// <summary>Counts the changes of the plan.</summary>
    public required int Version { get; init; }
    public required SheetDraftState State { get; init; }
    public required string FileName { get; init; }
    public required long Length { get; init; }
    public required string Sha256 { get; init; }
    public required string CreatedBy { get; init; }
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary><c>xlsx</c> or <c>csv</c>.</summary>
    public required string Format { get; init; }

    /// <summary>For people: encoding and delimiter, or the date system of the workbook.</summary>
    public required string FormatText { get; init; }
    public required IReadOnlyList<SheetTab> Sheets { get; init; }
    public required SheetPlan Plan { get; init; }
    public required IReadOnlyList<SheetHeading> Headings { get; init; }

    /// <summary>Empty when it can be checked.</summary>
    public required IReadOnlyList<SheetQuestion> Questions { get; init; }

    /// <summary>Whether numbers and dates of the file allow the plan's culture only; else somebody has chosen it, or has to.</summary>
    public required bool CultureIsCertain { get; init; }

    /// <summary>Whether the plan reads months that are named without a year; <see cref="SheetPlan.MonthsFrom"/> says which they are.</summary>
    public bool MonthsWithoutYear { get; init; }

    /// <summary>Where the mapping comes from; null: it was suggested.</summary>
    public SheetMemory? Memory { get; init; }

    /// <summary>The import that loads or loaded it.</summary>
    public Guid? ImportId { get; init; }
}

/// <summary>What became of a change.</summary>
public abstract record SheetChange
{
    public sealed record Changed(SheetDraft Draft) : SheetChange;

    /// <summary>Somebody else was quicker; nothing was changed.</summary>
    public sealed record Stale(int Version) : SheetChange;

    public sealed record Gone : SheetChange;

    public sealed record Refused(string Reason) : SheetChange;
}

public enum SheetRowFilter
{
    All,

    /// <summary>Rows that will not be loaded as they are, except those that somebody has left out.</summary>
    Faulty,
}

/// <summary>Which rows are wanted.</summary>
/// <param name="Skip">Rows of this filter to pass over.</param>
/// <param name="Take">At most <see cref="ISheetImports.MostRows"/>.</param>
/// <param name="Problem">Only rows with this problem; null: any.</param>
/// <param name="AroundLine">With <see cref="SheetRowFilter.All"/>: begin a few rows before this row of the file, in place of <paramref name="Skip"/>.</param>
public sealed record SheetWindow(SheetRowFilter Filter, long Skip, int Take, SheetProblemKey? Problem = null, long? AroundLine = null);

public enum SheetRowOutcome
{
    Load,

    /// <summary>Would be rejected without the answers that were given.</summary>
    Fixed,

    /// <summary>Here already, with the same content.</summary>
    Unchanged,

    /// <summary>Another row, or an entry, has the same site, type, days and quantity; loaded only when confirmed.</summary>
    Duplicate,
    Rejected,

    /// <summary>Somebody has said that it is not wanted. Counted as rejected.</summary>
    LeftOut,

    /// <summary>Not told before the file is checked as a whole: it may be a duplicate.</summary>
    Unknown,
}

/// <summary>A cell as it stands and as it is read.</summary>
/// <param name="Text">As it stands in the file, cut at 200 characters.</param>
/// <param name="ReadAs">What it is taken for where that is not the same text; null: the same, or nothing.</param>
/// <param name="IsFixed">An answer has changed how it is read.</param>
public sealed record SheetCellView(string Text, string? ReadAs, bool IsFixed);

/// <summary>What is wrong with a row, or may be.</summary>
/// <param name="Column">0-based; null where it is no single cell.</param>
/// <param name="Said">Where no cell is meant: the text by which a heading or the plan says it for many rows.</param>
public sealed record SheetFault(int? Column, SheetField? Field, string Code, EntrySeverity Severity, string Message, string? Said = null);

/// <param name="Line">1-based row of the sheet, physical line of a CSV file.</param>
/// <param name="Cells">By column; may be shorter than the headings.</param>
/// <param name="Notice">What to know of an entry that will be loaded, e.g. that it is in no total; null: nothing.</param>
public sealed record SheetRowView(
    long Line, bool IsHidden, IReadOnlyList<SheetCellView> Cells, SheetRowOutcome Outcome, IReadOnlyList<SheetFault> Faults, string? Notice = null);

/// <param name="Skip">Rows of the filter before the first of these.</param>
/// <param name="Total">Rows of the filter; null until the file has been checked.</param>
public sealed record SheetPage(int Version, IReadOnlyList<SheetRowView> Rows, long Skip, long? Total, bool HasMore);

/// <summary>RowsRead = Load + Unchanged + Duplicate + Rejected. In the wide form each value counts as a row.</summary>
/// <param name="Load">Will be, or were, loaded.</param>
/// <param name="Fixed">Of <paramref name="Load"/>: would be rejected without the answers given.</param>
/// <param name="LeftOut">Of <paramref name="Rejected"/>: not wanted.</param>
/// <param name="HiddenRows">Rows that are hidden in the sheet and were not read; in no other count.</param>
public sealed record SheetCounts(long RowsRead, long Load, long Unchanged, long Duplicate, long Rejected, long Fixed, long LeftOut, long HiddenRows);

/// <summary>Names a group of problems.</summary>
/// <param name="Value">Text of the cells; null where it is not what makes the problem.</param>
public sealed record SheetProblemKey(string Code, int? Column, string? Value);

/// <summary>The same thing wrong in many rows.</summary>
/// <param name="ColumnName">Letter and heading; empty where it is no single cell.</param>
/// <param name="Title">A few words, e.g. <c>Unit not known</c>.</param>
/// <param name="Message">What is wrong with it and how to mend it.</param>
/// <param name="Rows">How many.</param>
/// <param name="FirstLines">At most ten.</param>
/// <param name="Suggestions">Answers that may be right, the likeliest first; may be empty.</param>
public sealed record SheetProblem(
    SheetProblemKey Key, SheetField? Field, string ColumnName, string Title, EntrySeverity Severity, string Message, long Rows, IReadOnlyList<long> FirstLines,
    IReadOnlyList<SheetSuggestion> Suggestions);

/// <param name="Label">What the button says, e.g. <c>Use MWh</c>.</param>
public sealed record SheetSuggestion(string Label, SheetFix Fix);

public enum SheetCheckState
{
    /// <summary>Something has to be said first: see <see cref="SheetDraft.Questions"/>.</summary>
    NotReady,
    Running,
    Done,
    Failed,
}

/// <param name="Version">Of the draft that it is for.</param>
/// <param name="Progress">0 to 1.</param>
/// <param name="Counts">Null until it is done.</param>
/// <param name="Problems">Most rows first; at most 500 groups.</param>
/// <param name="MoreProblems">Groups beyond these.</param>
/// <param name="Error">Why it failed.</param>
public sealed record SheetCheck(
    SheetCheckState State, int Version, double Progress, SheetCounts? Counts, IReadOnlyList<SheetProblem> Problems, int MoreProblems, string? Error);

public enum SheetLoadMode
{
    /// <summary>Rows that are right are loaded, the others are listed as rejected.</summary>
    Good,

    /// <summary>Nothing, unless all rows are right (or left out, or here already).</summary>
    All,
}

/// <summary>What became of the wish to load.</summary>
public abstract record SheetLoad
{
    public sealed record Accepted(Guid ImportId) : SheetLoad;

    public sealed record Stale(int Version) : SheetLoad;

    public sealed record Gone : SheetLoad;

    public sealed record Refused(string Reason) : SheetLoad;
}

/// <summary>What a load did.</summary>
/// <param name="KgCo2e">Of its entries that count, by location; null where none has a result.</param>
/// <param name="Submitted">How many of its entries wait for approval.</param>
/// <param name="WithoutResult">How many of its entries have no factor and are in the exception list.</param>
/// <param name="OtherSheets">Sheets of the file that nothing was loaded from, hidden ones left out.</param>
public sealed record SheetReceipt(
    ImportRow Import, Guid DraftId, string SheetName, SheetCounts Counts, DateOnly? From, DateOnly? To, int Sites, decimal? KgCo2e, long Submitted, long WithoutResult,
    bool CanUndo, IReadOnlyList<string> OtherSheets);

/// <param name="MediaType">XLSX; of very large files CSV.</param>
public sealed record SheetAnnotatedFile(string FileName, string MediaType);
