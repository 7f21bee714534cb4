namespace OffGridFlow.Core.Imports.Sheets;

/// <summary>What a column of a spreadsheet can hold of an entry.</summary>
public enum SheetField
{
    Site,
    ActivityType,
    Quantity,
    Unit,

    /// <summary>First day, inclusive.</summary>
    From,

    /// <summary>Last day, inclusive.</summary>
    To,

    /// <summary>A period in one cell: a month, a quarter, a year, or one day.</summary>
    Period,
    Gas,
    Quality,
    Reference,
    Note,
    ExternalId,

    /// <summary>Whether the entry stands in until the actual of its days is submitted: a word for yes or no.</summary>
    Accrual,

    /// <summary>The Scope 3 category, where the type serves several.</summary>
    Category,

    /// <summary>Whom money was paid to.</summary>
    Vendor,

    /// <summary>The ledger account that money was booked to.</summary>
    Account,
}

/// <summary>Whether the values of a column are first days of months, by which spreadsheets keep months.</summary>
public enum SheetFirstDays
{
    /// <summary>Not all of them.</summary>
    None,

    /// <summary>All of them; nothing says that they stand for months.</summary>
    Days,

    /// <summary>All of them, of several months, under a heading that speaks of months.</summary>
    Months,
}

/// <summary>What one column is read as.</summary>
/// <param name="Column">0-based.</param>
/// <param name="Field">
/// Several columns may be <see cref="SheetField.Quantity"/>: each then makes an entry of its own of every row that has a value there (the wide form, with
/// months or types as columns). Any other field has one column.
/// </param>
/// <param name="With">Of a quantity column: what its heading says of its values, e.g. the unit, the month, the activity type or <see cref="SheetPlan.Register"/>; goes before <see cref="SheetPlan.Fixed"/>. Of a
/// period's column: <see cref="SheetPlan.WholeMonths"/>.</param>
public sealed record SheetColumnUse(int Column, SheetField Field, IReadOnlyDictionary<SheetField, string>? With = null);

/// <summary>How a sheet is to be read. Saved as it is; reading the same bytes by the same plan gives the same rows.</summary>
public sealed record SheetPlan
{
    /// <summary>In a period's <see cref="SheetColumnUse.With"/>: the first day of a month stands for the month.</summary>
    public const string WholeMonths = "month";

    /// <summary>In a quantity's <see cref="SheetColumnUse.With"/>, under <see cref="SheetField.Quantity"/>: one of the registers of a meter, which add up, such as its high tariff.</summary>
    public const string Register = "register";

    /// <summary>0-based place in the workbook; 0 of a CSV file.</summary>
    public int Sheet { get; init; }

    /// <summary>1-based row of the first line of headings; 0 where the sheet has none.</summary>
    public int HeadingRow { get; init; } = 1;

    /// <summary>How many rows the headings take, joined from top to bottom.</summary>
    public int HeadingRows { get; init; } = 1;

    /// <summary>Whether rows that are hidden in the sheet are read too; columns are read wherever the plan names them.</summary>
    public bool ReadsHiddenRows { get; init; }

    /// <summary>Code of the <see cref="SheetLocale"/> that numbers and dates written as text are read by; null: only what can be read one way alone is read.</summary>
    public string? Culture { get; init; }

    /// <summary>First day of the twelve months that months written without a year are of; null: such a month is not read.</summary>
    public DateOnly? MonthsFrom { get; init; }
    public IReadOnlyList<SheetColumnUse> Columns { get; init; } = [];

    /// <summary>What holds for every row of which no column says it.</summary>
    public IReadOnlyDictionary<SheetField, string> Fixed { get; init; } = new Dictionary<SheetField, string>();

    /// <summary>Answers that were given to problems, the later before the earlier.</summary>
    public IReadOnlyList<SheetFix> Fixes { get; init; } = [];
}

/// <summary>What an answer does.</summary>
public enum SheetFixKind
{
    /// <summary>In this column, this text means that.</summary>
    Replace,

    /// <summary>Rows with this text in this column, or with this problem, are not loaded; nobody has to mend them.</summary>
    LeaveOut,

    /// <summary>What is asked about is right as it is.</summary>
    Confirm,
}

/// <summary>One answer for many rows. It changes how the file is read, never the file.</summary>
/// <param name="Column">0-based; null: whatever the column, for a whole row or for a fixed value.</param>
/// <param name="Value">The text of the cell as it stands in the file; null: any.</param>
/// <param name="To">Of a replacement: what is read instead, as if it stood in the cell (a site by name or id, a unit, a number with a decimal point, a day as yyyy-MM-dd).</param>
/// <param name="Code">Of a confirmation, and of rows that are left out for a problem: the problem's code.</param>
/// <param name="Line">Only in this row; null: in all.</param>
/// <param name="IsRemembered">Proposed again for files with the same headings.</param>
public sealed record SheetFix(
    SheetFixKind Kind, int? Column, string? Value, string? To = null, string? Code = null, long? Line = null, bool IsRemembered = false);
