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

    /// <summary>Rows without gaps, from row 1 on, each holding its cells from column A on. A row may be used again for the next one: it holds until the next is asked for.</summary>
    public required IAsyncEnumerable<ReadOnlyMemory<Cell>> Rows { get; init; }
}

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
