namespace OffGridFlow.Core.Reports;

/// <summary>A workbook as a plain model: what stands in it and how it looks, not how a file is written. Writers compute nothing.</summary>
public sealed record Workbook
{
    public required string Title { get; init; }

    /// <summary>The person who made it.</summary>
    public required string Creator { get; init; }
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>At least one, in the order of the tabs; also the order in which their rows are asked for.</summary>
    public required IReadOnlyList<Worksheet> Sheets { get; init; }
}

/// <summary>One sheet. Its rows are asked for once, from the first to the last, and never held together.</summary>
public sealed record Worksheet
{
    /// <summary>At most 31 characters, none of <c>: \ / ? * [ ]</c>.</summary>
    public required string Name { get; init; }

    /// <summary>Width of each column, in characters.</summary>
    public required IReadOnlyList<double> ColumnWidths { get; init; }

    /// <summary>Rows that are higher than one line of text: 1-based row and its lines.</summary>
    public IReadOnlyDictionary<int, int> RowLines { get; init; } = new Dictionary<int, int>();

    /// <summary>Rows at the top that stay when one scrolls.</summary>
    public int FrozenRows { get; init; }

    /// <summary>Columns at the left that stay when one scrolls.</summary>
    public int FrozenColumns { get; init; }

    /// <summary>1-based row of the column heads of a list: it gets filter buttons and is repeated on each printed page. Null: no list.</summary>
    public int? HeadRow { get; init; }

    /// <summary>1-based last row of that list, inclusive.</summary>
    public int LastRow { get; init; }

    public bool GridLines { get; init; } = true;

    /// <summary>True for a sheet that holds lists for others and that nobody needs to see.</summary>
    public bool IsHidden { get; init; }

    /// <summary>How cells look that are empty yet, by 0-based column: what is typed there later takes it on.</summary>
    public IReadOnlyDictionary<int, CellStyle> ColumnStyles { get; init; } = new Dictionary<int, CellStyle>();

    /// <summary>What may be typed where.</summary>
    public IReadOnlyList<CellRule> Rules { get; init; } = [];

    /// <summary>Rows without gaps, from row 1 on, each holding its cells from column A on. A row may be used again for the next one: it holds until the next is asked for.</summary>
    public required IAsyncEnumerable<ReadOnlyMemory<Cell>> Rows { get; init; }
}

public enum CellRuleKind
{
    /// <summary>One of a list, which the cell offers to choose from.</summary>
    List,

    /// <summary>A day from a first one on.</summary>
    Day,

    /// <summary>A number from a least one on.</summary>
    Number,
}

/// <summary>What a spreadsheet lets people type into a piece of a column, and what it tells them.</summary>
/// <param name="Column">0-based.</param>
/// <param name="FirstRow">1-based.</param>
/// <param name="LastRow">1-based, inclusive.</param>
/// <param name="Formula">Without the equals sign, as it stands in the first row: the cells of the list, or the first day or least number.</param>
/// <param name="IsFirm">False: another value is asked about and may stay.</param>
/// <param name="Title">At most 32 characters.</param>
/// <param name="Prompt">Shown beside the cell when it is chosen; at most 255 characters.</param>
/// <param name="Refusal">Shown when something else was typed; at most 225 characters.</param>
public sealed record CellRule(int Column, int FirstRow, int LastRow, CellRuleKind Kind, string Formula, bool IsFirm, string Title, string Prompt, string Refusal);

public enum CellKind
{
    Empty,
    Text,

    /// <summary>A text that hardly occurs twice, such as an id.</summary>
    UniqueText,
    Number,
    NumberFormula,
    TextFormula,
}

/// <summary>How a cell looks. Mass in kg, electricity in kWh and quantities have three decimals; what is smaller reads “&lt; 0.001”, not zero.
/// Shares have one decimal and the like.</summary>
public enum CellStyle
{
    Text,
    Wrapped,
    Title,
    Section,
    Label,
    Warning,
    Head,
    HeadRight,
    Link,
    Month,
    Instant,
    Count,
    Amount,
    Money,
    Percent,
    TotalText,
    TotalCount,
    TotalAmount,
    TotalMoney,
    TotalPercent,

    /// <summary>A day, as <c>2025-03-31</c>.</summary>
    Day,

    /// <summary>A text even where it looks like a number: <c>0077</c> keeps its zeros.</summary>
    Literal,
}

/// <summary>
/// One cell. A text is always a text, whatever it begins with; only <see cref="Formula(string, decimal, CellStyle)"/> makes a formula,
/// and never from what somebody typed.
/// </summary>
public readonly record struct Cell
{
    private static readonly DateOnly DayZero = new(1899, 12, 30);

    public CellKind Kind { get; private init; }
    public CellStyle Style { get; private init; }

    /// <summary>The text, or the text that a formula gives.</summary>
    public string? Text { get; private init; }

    /// <summary>The number, or the number that a formula gives.</summary>
    public decimal Number { get; private init; }

    /// <summary>Without the equals sign, in the English spelling that files have.</summary>
    public string? FormulaText { get; private init; }

    public static Cell Empty(CellStyle style = CellStyle.Text) => new() { Style = style };

    public static Cell Of(string text, CellStyle style = CellStyle.Text) => new() { Kind = CellKind.Text, Text = text, Style = style };

    public static Cell Unique(string text, CellStyle style = CellStyle.Text) => new() { Kind = CellKind.UniqueText, Text = text, Style = style };

    public static Cell Of(decimal number, CellStyle style) => new() { Kind = CellKind.Number, Number = number, Style = style };

    /// <summary>Empty when there is no number: missing is not zero.</summary>
    public static Cell Of(decimal? number, CellStyle style) => number is { } value ? Of(value, style) : Empty(style);

    /// <summary>A day as spreadsheets count them: 1 is 31 December 1899, and 29 February 1900, which they wrongly know, is past.</summary>
    public static Cell Of(DateOnly day, CellStyle style) => Of((decimal)(day.DayNumber - DayZero.DayNumber), style);

    /// <summary>An instant in UTC, to the second.</summary>
    public static Cell Of(DateTimeOffset instant, CellStyle style)
    {
        var utc = instant.UtcDateTime;
        var seconds = Math.Floor((decimal)utc.TimeOfDay.TotalSeconds);
        return Of(DateOnly.FromDateTime(utc).DayNumber - DayZero.DayNumber + Math.Round(seconds / 86_400m, 10), style);
    }

    /// <param name="formula">Without the equals sign.</param>
    /// <param name="result">What it gives, for programs that show a file without recalculating.</param>
    public static Cell Formula(string formula, decimal result, CellStyle style) =>
        new() { Kind = CellKind.NumberFormula, FormulaText = formula, Number = result, Style = style };

    /// <inheritdoc cref="Formula(string, decimal, CellStyle)"/>
    public static Cell Formula(string formula, string result, CellStyle style) =>
        new() { Kind = CellKind.TextFormula, FormulaText = formula, Text = result, Style = style };
}
