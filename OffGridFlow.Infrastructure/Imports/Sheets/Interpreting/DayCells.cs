using System.Globalization;
using OffGridFlow.Core.Imports.Sheets;

namespace OffGridFlow.Infrastructure.Imports.Sheets.Interpreting;

/// <summary>Reads the cells that say when: days, months, quarters and years.</summary>
/// <param name="fiscalYear">First and last day of the organization's year of this number; null where it has none.</param>
internal sealed class DayCells(SheetPlan plan, SheetCells cells, bool is1904, Func<int, (DateOnly From, DateOnly To)?> fiscalYear)
{
    private readonly SheetLocale? _locale = SheetLocale.Find(plan.Culture);
    private readonly bool _monthly = plan.Columns.FirstOrDefault(use => use.Field == SheetField.Period)?.With?.GetValueOrDefault(SheetField.Period) == SheetPlan.WholeMonths;
    private readonly KnownTexts<DayReading> _days = new(text => SheetDays.Read(text, SheetLocale.Find(plan.Culture)?.Order));

    public (DateOnly From, DateOnly To) DaysOf(EntryReading reading)
    {
        var from = DayOf(reading, SheetField.From);
        var to = DayOf(reading, SheetField.To);
        var period = from is null || to is null ? DayOf(reading, SheetField.Period) : null;
        if (from is { } first)
        {
            // A month alone in the column of the first day is that month.
            return (first.From, to?.To ?? period?.To ?? (reading.Has(SheetField.To) ? default : first.To));
        }

        if (period is { } whole)
        {
            return (whole.From, to?.To ?? whole.To);
        }

        if (!reading.Has(SheetField.From) && !reading.Has(SheetField.Period) && !reading.Has(SheetField.To))
        {
            cells.Add(reading, cells.TryFindColumn(SheetField.From, out _) ? SheetField.From : SheetField.Period, "days-missing", "The row does not say when. Fill the cell with a day, a month, a quarter or a year.");
        }

        return (default, to?.To ?? default);
    }

    private DayReading? DayOf(EntryReading reading, SheetField field)
    {
        SheetCell cell;
        var (isFixed, isConstant, column) = (false, false, -1);
        if (cells.TryFindColumn(field, out column) && cells.CellOf(reading, column, field, out isFixed) is { Kind: not SheetCellKind.Empty } own)
        {
            cell = own;
        }
        else if (cells.Constant(reading, field) is { Length: > 0 } constant)
        {
            (cell, isConstant, column) = (SheetCell.Of(constant), true, -1);
        }
        else
        {
            return null;
        }

        DayReading read;
        switch (cell.Kind)
        {
            case SheetCellKind.Day when cell.Day is { } day:
                read = new DayReading(SheetReading.Read, day, day, SheetSpan.Day);
                break;
            case SheetCellKind.Day:
                cells.Add(reading, field, "no-such-day", $"The cell is formatted as a day, but {SheetCells.Shown(cell.Text)} is none (29 February 1900 does not exist, and days begin with 1 January 1900). Correct it in the sheet.");
                return null;
            case SheetCellKind.Number:
                read = decimal.TryParse(cell.Text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) ? SheetDays.FromNumber(number, is1904)
                    : default(DayReading) with { Outcome = SheetReading.Unreadable };
                break;
            case SheetCellKind.Text when plan.MonthsFrom is { } first && SheetDays.MonthAlone(cell.Text) is { } month:
                read = SheetDays.MonthAmong(month, first);
                break;
            case SheetCellKind.Text:
                read = isFixed || isConstant ? SheetDays.Read(cell.Text, DateOrder.YearMonthDay) : _days.Find(cell.Text);
                break;
            default:
                return null;
        }

        switch (read.Outcome)
        {
            case SheetReading.Read:
                if (read.Span == SheetSpan.FiscalYear && fiscalYear(read.From.Year) is { } year)
                {
                    read = read with { From = year.From, To = year.To };
                }

                if (_monthly && field == SheetField.Period && column >= 0 && read is { Span: SheetSpan.Day, From.Day: 1 })
                {
                    read = read with { To = read.From.AddMonths(1).AddDays(-1), Span = SheetSpan.Month };
                }

                if (reading.IsShown && column >= 0 && Plain(read) is var plain && plain != cell.Text.Trim())
                {
                    reading.Show(column, plain, isFixed);
                }

                return read;
            case SheetReading.Ambiguous:
                cells.Add(reading, field, "date-ambiguous", string.Create(CultureInfo.InvariantCulture,
                    $"“{SheetCells.Shown(cell.Text)}” is {read.From:d MMMM yyyy} with the day first and {read.Other:d MMMM yyyy} with the month first. Choose the locale of the file’s dates."));
                return null;
            case SheetReading.OtherLocale:
                cells.Add(reading, field, "date-of-another-locale", string.Create(CultureInfo.InvariantCulture,
                    $"“{SheetCells.Shown(cell.Text)}” is no day as {_locale!.Name} writes it; with the {(read.Order == DateOrder.MonthDayYear ? "month" : "day")} first it would be {read.From:d MMMM yyyy}. Choose another locale, or say what this text means."));
                return null;
            default:
                if (cell.Kind == SheetCellKind.Text && decimal.TryParse(cell.Text, NumberStyles.None, CultureInfo.InvariantCulture, out var serial) && serial is >= 31000 and < 73500
                    && SheetDays.FromSerial(serial, is1904: false) is { } guess)
                {
                    cells.Add(reading, field, "serial-number", string.Create(CultureInfo.InvariantCulture,
                        $"“{SheetCells.Shown(cell.Text)}” looks like the number by which a spreadsheet keeps a day; by Excel’s usual count it is {guess:d MMMM yyyy}. Say what it means, or format the column as days and export it again."));
                    return null;
                }

                if (cell.Kind == SheetCellKind.Text && SheetDays.MonthAlone(cell.Text) is not null)
                {
                    cells.Add(reading, field, "month-without-year", $"“{SheetCells.Shown(cell.Text)}” names no year. Say in the step Columns with which month the twelve months begin, or say what this text means.");
                    return null;
                }

                cells.Add(reading, field, "not-a-date", $"“{SheetCells.Shown(cell.Text)}” is no day, month, quarter or year. Write it as 2025-03-31, 2025-03 or Q1 2025, or say what this text means.");
                return null;
        }
    }

    private static string Plain(DayReading read) => read.From == read.To
        ? read.From.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)
        : string.Create(CultureInfo.InvariantCulture, $"{read.From:yyyy-MM-dd} to {read.To:yyyy-MM-dd}");
}
