using System.Globalization;
using OffGridFlow.Core.Imports.Sheets;

namespace OffGridFlow.Infrastructure.Imports.Sheets.Interpreting;

/// <summary>Reads the cells of quantities: a number, and a unit that may stand behind it.</summary>
internal sealed class QuantityCells(SheetPlan plan, SheetCells cells, SheetWords words)
{
    private readonly SheetLocale? _locale = SheetLocale.Find(plan.Culture);

    public (decimal? Quantity, string Unit) QuantityOf(EntryReading reading)
    {
        if (reading.Use is not { } use)
        {
            if (!plan.Fixed.TryGetValue(SheetField.Quantity, out var constant))
            {
                return (null, "");
            }

            var known = SheetNumbers.Read(constant, SheetLocale.Find("iso"));
            return (known.Outcome == SheetReading.Read ? known.Value : null, known.Suffix);
        }

        var cell = cells.CellOf(reading, use.Column, SheetField.Quantity, out var isFixed);
        if (cell is { IsMerged: true, Kind: not SheetCellKind.Empty } && reading.Row.Line > 0)
        {
            // The first of the merged cells is not marked: a quantity of several rows is one quantity.
            cells.Add(reading, SheetField.Quantity, "merged-quantity", "The quantity stands in merged cells, so that it belongs to several rows at once. Unmerge the cells and write each row’s own quantity, or leave these rows out.");
            return (null, "");
        }

        switch (cell.Kind)
        {
            case SheetCellKind.Empty:
                cells.Add(reading, SheetField.Quantity, "quantity-missing", "The quantity is missing. Nothing used is 0; not known yet is a row to leave out.");
                return (null, "");
            case SheetCellKind.Number:
                if (!decimal.TryParse(cell.Text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number))
                {
                    cells.Add(reading, SheetField.Quantity, "quantity-too-large", "The figure has more digits than can be stored. Check the quantity and its unit.");
                    return (null, "");
                }

                return (number, "");
            case SheetCellKind.Day:
                cells.Add(reading, SheetField.Quantity, "quantity-is-a-day", $"The cell is formatted as a day, {SheetCells.Shown(cell.Text)}. Write the number into the sheet again as a number.");
                return (null, "");
            case SheetCellKind.Text:
                break;
            default:
                return (null, "");
        }

        // An answer is written with a decimal point, whatever the file's locale.
        var read = SheetNumbers.Read(cell.Text, isFixed ? SheetLocale.Find("iso") : _locale);
        switch (read.Outcome)
        {
            case SheetReading.Read:
                if (reading.IsShown && read.Value.ToString(CultureInfo.InvariantCulture) is var plain && plain != cell.Text.Trim())
                {
                    reading.Show(use.Column, plain, isFixed);
                }

                if (read.Suffix.Length > 0 && !words.IsUnit(read.Suffix))
                {
                    cells.Add(reading, SheetField.Quantity, "number-with-text", $"“{SheetCells.Shown(cell.Text)}” is a number with a text behind it that is no unit. Write the number alone.");
                    return (null, "");
                }

                return (read.Value, read.Suffix);
            case SheetReading.Empty:
                cells.Add(reading, SheetField.Quantity, "quantity-missing", "The quantity is missing. Nothing used is 0; not known yet is a row to leave out.");
                break;
            case SheetReading.Ambiguous:
                cells.Add(reading, SheetField.Quantity, "number-ambiguous", string.Create(CultureInfo.InvariantCulture,
                    $"“{SheetCells.Shown(cell.Text)}” is {read.Value:0.############} with a decimal point and {read.Other:0.############} with a decimal comma. Choose the locale of the file’s numbers."));
                break;
            case SheetReading.OtherLocale:
                cells.Add(reading, SheetField.Quantity, "number-of-another-locale", string.Create(CultureInfo.InvariantCulture,
                    $"“{SheetCells.Shown(cell.Text)}” is no number as {_locale!.Name} writes it; with a decimal {(read.DecimalMark == ',' ? "comma" : "point")} it would be {read.Value:0.############}. Choose another locale, or say what this text means."));
                break;
            case SheetReading.TooLarge:
                cells.Add(reading, SheetField.Quantity, "quantity-too-large", "The figure has more than 16 digits before the decimal point. Check the quantity and its unit.");
                break;
            default:
                cells.Add(reading, SheetField.Quantity, "not-a-number", $"“{SheetCells.Shown(cell.Text)}” is no number. Write digits, or say what this text means.");
                break;
        }

        return (null, "");
    }

    /// <summary>A unit behind the figure goes with the column of units, or it contradicts it.</summary>
    public string UnitBeside(string unit, string suffix, EntryReading reading)
    {
        if (unit.Length == 0 || !words.Vocabulary.Units.TryFind(unit, out var said) || !words.Vocabulary.Units.TryFind(suffix, out var beside) || said.Symbol == beside.Symbol
            || (said.Group.Name == beside.Group.Name && said.Factor == beside.Factor))
        {
            return unit.Length == 0 ? suffix : unit;
        }

        cells.Add(reading, SheetField.Quantity, "two-units", $"The cell says {SheetCells.Shown(suffix)}, but its column or row says {SheetCells.Shown(unit)}. Write one of them.");
        return unit;
    }
}
