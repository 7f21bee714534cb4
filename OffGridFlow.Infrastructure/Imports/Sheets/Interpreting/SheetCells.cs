using System.Text.RegularExpressions;
using OffGridFlow.Core.Imports.Sheets;
using OffGridFlow.Infrastructure.ActivityData;

namespace OffGridFlow.Infrastructure.Imports.Sheets.Interpreting;

/// <summary>What the cells of an entry say, by field: the column, what an answer puts in its place, or what the plan says once for all rows.</summary>
internal sealed partial class SheetCells(SheetPlan plan, SheetAnswers answers)
{
    private readonly Dictionary<SheetField, int> _columns =
        plan.Columns.Where(use => use.Field != SheetField.Quantity).GroupBy(use => use.Field).ToDictionary(same => same.Key, same => same.First().Column);

    public bool TryFindColumn(SheetField field, out int column) => _columns.TryGetValue(field, out column);

    /// <summary>The column whose cell says this of the entry; null where none does.</summary>
    public int? ColumnOf(SheetField? field, int quantityColumn) => field switch
    {
        null => null,
        SheetField.Quantity => quantityColumn < 0 ? null : quantityColumn,
        // Where one cell says both days, it is the one to mend.
        SheetField.From or SheetField.To when !_columns.ContainsKey(field.Value) && _columns.TryGetValue(SheetField.Period, out var period) => period,
        SheetField.To when !_columns.ContainsKey(SheetField.To) && _columns.TryGetValue(SheetField.From, out var from) => from,
        _ => _columns.TryGetValue(field.Value, out var column) ? column : null,
    };

    /// <summary>A name of digits that a spreadsheet program has rounded is another name.</summary>
    public string Named(EntryReading reading, SheetField field)
    {
        var text = Text(reading, field);
        if (text.Length > 5 && Scientific().IsMatch(text))
        {
            Add(reading, field, "number-cut", $"“{Shown(text)}” is a long number that a spreadsheet program has cut: its last digits are lost. Format the column as text in the source and export it again, or leave the column out.");
        }

        return text;
    }

    /// <summary>What the cell, the heading or the plan says; empty where none does. A cell that cannot be used is a fault.</summary>
    public string Text(EntryReading reading, SheetField field)
    {
        if (_columns.TryGetValue(field, out var column))
        {
            var cell = CellOf(reading, column, field, out _);
            if (cell.Kind is SheetCellKind.Text or SheetCellKind.Number or SheetCellKind.Day or SheetCellKind.Boolean && cell.Text.Trim() is { Length: > 0 } text)
            {
                return text;
            }
        }

        return Constant(reading, field) ?? "";
    }

    /// <summary>The text of the field's own cell, or what an answer puts in its place, without a word on whether it can be used; empty where there is none.</summary>
    public string Written(EntryReading reading, SheetField field) => !_columns.TryGetValue(field, out var column) || reading.Row[column] is not { Kind: SheetCellKind.Text, Text: var text } ? ""
        : answers.TryReplace(reading.Row, column, text, out var to) ? to!.Trim() : text.Trim();

    public string? Constant(EntryReading reading, SheetField field) =>
        reading.Use?.With is { } with && with.TryGetValue(field, out var said) ? said : plan.Fixed.GetValueOrDefault(field);

    /// <summary>The cell, or what an answer says in its place; empty, with a fault, where it holds an error.</summary>
    public SheetCell CellOf(EntryReading reading, int column, SheetField field, out bool isFixed)
    {
        var cell = reading.Row[column];
        isFixed = answers.TryReplace(reading.Row, column, cell.Text, out var to);
        if (isFixed)
        {
            reading.IsFixed = true;
            reading.Show(column, to!, isFixed: true);
            return SheetCell.Of(to!.Trim());
        }

        switch (cell.Kind)
        {
            case SheetCellKind.Error:
                Add(reading, field, "error-cell", $"The cell holds the error {Shown(cell.Text)}. Mend the formula in the sheet, or say what the cell means.");
                return SheetCell.Nothing with { Kind = SheetCellKind.Error };
            case SheetCellKind.NotCalculated:
                Add(reading, field, "formula-not-calculated", "The cell holds a formula whose result was not saved with the file. Open the file in your spreadsheet program, save it, and upload it again.");
                return SheetCell.Nothing with { Kind = SheetCellKind.NotCalculated };
            case SheetCellKind.TooLong:
                Add(reading, field, "cell-too-long", "The cell holds more than 32,767 characters, which no spreadsheet program writes. Check for a quote that is not closed.");
                return SheetCell.Nothing with { Kind = SheetCellKind.TooLong };
            case SheetCellKind.Boolean when field is not (SheetField.Note or SheetField.Reference or SheetField.ExternalId or SheetField.Accrual or SheetField.Vendor or SheetField.Account):
                Add(reading, field, "boolean-cell", $"The cell says {cell.Text}, which is neither a number nor a name. Correct it in the sheet, or say what it means.");
                return SheetCell.Nothing with { Kind = SheetCellKind.Boolean };
            case SheetCellKind.Text when string.IsNullOrWhiteSpace(cell.Text):
                return SheetCell.Nothing;
            default:
                return cell;
        }
    }

    public void Add(EntryReading reading, SheetField? field, string code, string message)
    {
        var column = ColumnOf(field, reading.Column);
        reading.Faults.Add(new SheetFault(column, field, code, EntrySeverity.Error, message, column is null && field is { } said ? Constant(reading, said) : null));
    }

    public static string Shown(string text) => text.Length <= SheetInterpreter.LongestShown ? text : text[..(SheetInterpreter.LongestShown - 1)] + "…";

    [GeneratedRegex(@"^\d([.,]\d+)?E\+?\d+$", RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant, 1000)]
    private static partial Regex Scientific();
}
