using System.Globalization;
using System.Text.RegularExpressions;
using OffGridFlow.Core.Imports.Sheets;
using OffGridFlow.Core.Inventory;
using OffGridFlow.Infrastructure.ActivityData;
using OffGridFlow.Infrastructure.Imports.Sheets.Reading;

namespace OffGridFlow.Infrastructure.Imports.Sheets;

/// <summary>What one row, or in the wide form one value of it, says.</summary>
/// <param name="Column">0-based column of its quantity; -1 where there is none.</param>
/// <param name="Input">In the words of the tables; null where it has errors or is left out.</param>
/// <param name="Faults">Errors first, then questions that are not answered.</param>
/// <param name="Questions">Codes of all questions that its values raise by themselves, answered or not.</param>
/// <param name="Confirmed">Codes of the questions that are answered for it.</param>
/// <param name="IsFixed">An answer has changed how it is read.</param>
internal sealed record SheetReadEntry(
    long Line, int Column, EntryInput? Input, IReadOnlyList<SheetFault> Faults, IReadOnlyList<string> Questions, IReadOnlyList<string> Confirmed, bool IsFixed, bool IsLeftOut)
{
    public bool HasErrors => Faults.Any(fault => fault.Severity == EntrySeverity.Error);
}

/// <summary>Reads the rows of a sheet as entries, by a plan, and says what is wrong with them. Knows nothing of other rows or of the ledger.</summary>
internal sealed partial class SheetInterpreter
{
    public const int LongestShown = 200;
    private const int MostRemembered = 20_000;

    private static readonly HashSet<string> TotalWords = new(StringComparer.Ordinal)
    {
        "total", "totals", "sum", "subtotal", "grand total", "summe", "gesamt", "gesamtsumme", "zwischensumme", "insgesamt", "somme", "sous total", "total general", "suma", "totale", "totaal",
    };

    private readonly SheetPlan _plan;
    private readonly SheetWords _words;
    private readonly EntryChecks _checks;
    private readonly DateOnly _today;
    private readonly SheetLocale? _locale;
    private readonly bool _is1904;
    private readonly List<SheetColumnUse> _quantities;
    private readonly Dictionary<SheetField, int> _columns;
    private readonly bool _monthly;
    private readonly Dictionary<(int Column, string Value), string> _replaced = [];
    private readonly Dictionary<(long Line, int Column), string> _edited = [];
    private readonly List<SheetFix> _coded;
    private readonly List<SheetFix> _leftOut;
    private readonly List<SheetFix> _confirmed;
    private readonly Func<int, (DateOnly From, DateOnly To)?> _fiscalYear;
    private readonly Dictionary<string, EntrySite?> _sites = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string?> _types = new(StringComparer.Ordinal);
    private readonly Dictionary<string, DayReading> _days = new(StringComparer.Ordinal);

    /// <param name="fiscalYear">First and last day of the organization's year of this number; null where it has none.</param>
    public SheetInterpreter(SheetPlan plan, SheetWords words, DateOnly today, bool is1904, Func<int, (DateOnly, DateOnly)?> fiscalYear)
    {
        (_plan, _words, _today, _is1904, _fiscalYear) = (plan, words, today, is1904, fiscalYear);
        _checks = new EntryChecks(words.Vocabulary);
        _locale = SheetLocale.Find(plan.Culture);
        _quantities = [.. plan.Columns.Where(use => use.Field == SheetField.Quantity).OrderBy(use => use.Column)];
        _columns = plan.Columns.Where(use => use.Field != SheetField.Quantity).GroupBy(use => use.Field).ToDictionary(same => same.Key, same => same.First().Column);
        _monthly = plan.Columns.FirstOrDefault(use => use.Field == SheetField.Period)?.With?.GetValueOrDefault(SheetField.Period) == SheetPlan.WholeMonths;
        foreach (var fix in plan.Fixes.Where(fix => fix is { Kind: SheetFixKind.Replace, Code: null, Column: not null, To: not null }).Reverse())
        {
            if (fix.Line is { } line)
            {
                _edited[(line, fix.Column!.Value)] = fix.To!;
            }
            else if (fix.Value is { } value)
            {
                _replaced[(fix.Column!.Value, value.Trim())] = fix.To!;
            }
        }

        _coded = [.. plan.Fixes.Where(fix => fix is { Kind: SheetFixKind.Replace, Code: not null, To: not null })];
        _leftOut = [.. plan.Fixes.Where(fix => fix.Kind == SheetFixKind.LeaveOut)];
        _confirmed = [.. plan.Fixes.Where(fix => fix is { Kind: SheetFixKind.Confirm, Code: not null })];
    }

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

    /// <summary>The entries of a row: one, or in the wide form one for each column that has a value.</summary>
    /// <param name="readAs">Where given, gets what cells are taken for, by column, where that is another text.</param>
    public void Read(SheetReader row, List<SheetReadEntry> entries, Dictionary<int, (string Text, bool IsFixed)>? readAs = null)
    {
        entries.Clear();
        if (row.Fault is { } fault)
        {
            var faults = new List<SheetFault> { new(null, null, "row-shape", EntrySeverity.Error, $"{fault.Reason} {fault.Fix}") };
            entries.Add(new SheetReadEntry(row.Line, -1, null, faults, [], [], IsFixed: false, IsOut(row, faults)));
            return;
        }

        if (_quantities.Count <= 1)
        {
            entries.Add(Entry(row, _quantities.Count == 0 ? null : _quantities[0], readAs));
            return;
        }

        foreach (var use in _quantities)
        {
            if (!row[use.Column].IsBlank || _edited.ContainsKey((row.Line, use.Column)))
            {
                entries.Add(Entry(row, use, readAs));
            }
        }

        if (entries.Count == 0)
        {
            entries.Add(Entry(row, _quantities[0], readAs));
        }
    }

    private SheetReadEntry Entry(SheetReader row, SheetColumnUse? use, Dictionary<int, (string Text, bool IsFixed)>? readAs)
    {
        var reading = new Reading(row, use);
        var draft = Draft(reading, readAs);
        var faults = reading.Faults;
        IReadOnlyList<string> questions = [];
        EntryInput? input = null;
        if (!reading.IsTotal && faults.Count == 0 && reading.Site is { } site)
        {
            var found = _checks.Check(draft, site, [], _today);
            if (found.HasErrors && Mended(draft, found, reading, readAs) is { } mended)
            {
                reading.IsFixed = true;
                found = _checks.Check(mended, site, [], _today);
            }

            foreach (var problem in found.Problems.Where(problem => problem.Severity == EntrySeverity.Error))
            {
                Add(reading, FieldOf(problem.Field), problem.Code, problem.Message);
            }

            questions = [.. found.Problems.Where(problem => problem.Severity == EntrySeverity.Question).Select(problem => problem.Code).Distinct()];
            input = found.HasErrors ? null : found.Input;
            var asked = found.Problems.Where(problem => problem.Severity == EntrySeverity.Question);
            foreach (var problem in asked.Where(problem => !IsConfirmed(problem.Code, reading)))
            {
                var field = FieldOf(problem.Field);
                faults.Add(new SheetFault(ColumnOf(field, reading.Column), field, problem.Code, EntrySeverity.Question, problem.Message));
            }
        }
        else if (!reading.IsTotal)
        {
            // What can be said without what is missing is said now, so that nobody mends a row twice.
            CheckRest(draft, reading);
        }

        var isOut = IsOut(row, faults);
        return new SheetReadEntry(
            row.Line, reading.Column, isOut ? null : input, faults, questions, [.. _confirmed.Where(fix => Matches(fix, row)).Select(fix => fix.Code!).Distinct()],
            reading.IsFixed || (questions.Count > 0 && faults.Count == 0), isOut);
    }

    private void CheckRest(EntryInput draft, Reading reading)
    {
        var faulty = reading.Faults.Select(fault => fault.Field).ToHashSet();
        var whole = faulty.Contains(SheetField.Period) || faulty.Contains(SheetField.From) || faulty.Contains(SheetField.To);
        foreach (var problem in _checks.Check(draft, reading.Site ?? AnySite, [], _today).Problems.Where(problem => problem.Severity == EntrySeverity.Error))
        {
            var field = FieldOf(problem.Field);
            if (field != SheetField.Site && !faulty.Contains(field) && !(whole && field is SheetField.From or SheetField.To) && !(faulty.Contains(SheetField.ActivityType) && field is SheetField.Unit or SheetField.Gas))
            {
                Add(reading, field, problem.Code, problem.Message);
            }
        }
    }

    private static readonly EntrySite AnySite = new(Guid.Empty, "", "", null, null);

    private EntryInput Draft(Reading reading, Dictionary<int, (string Text, bool IsFixed)>? readAs)
    {
        var site = Text(reading, SheetField.Site, readAs);
        if (site.Length > 0 && TotalWords.Contains(SheetHeadingText.Plain(site)))
        {
            reading.IsTotal = true;
            Add(reading, SheetField.Site, "total-row", $"“{Shown(site)}” looks like a sum of other rows: loaded, it would count them twice. Leave it out, or write the name of a site there.");
            return EntryWork.Nothing;
        }

        reading.Site = SiteOf(site, reading, readAs);
        var type = TypeOf(Text(reading, SheetField.ActivityType, readAs), reading, readAs);
        var (quantity, suffix) = QuantityOf(reading, readAs);
        var unit = Text(reading, SheetField.Unit, readAs);
        if (suffix.Length > 0)
        {
            unit = UnitBeside(unit, suffix, reading);
        }

        var (from, to) = DaysOf(reading, readAs);
        return new EntryInput
        {
            SiteId = reading.Site?.Id ?? Guid.Empty, ActivityType = type, Quantity = quantity, Unit = unit, From = from, To = to, Gas = Optional(Text(reading, SheetField.Gas, readAs)),
            Quality = QualityOf(reading, readAs), Reference = Optional(Named(reading, SheetField.Reference, readAs)), Note = Optional(Text(reading, SheetField.Note, readAs)),
            ExternalId = Optional(Named(reading, SheetField.ExternalId, readAs)),
        };
    }

    /// <summary>Applies answers that were given to the problems of the checks, such as “kWh of gas means gross calorific value”.</summary>
    private EntryInput? Mended(EntryInput draft, CheckedEntry found, Reading reading, Dictionary<int, (string Text, bool IsFixed)>? readAs)
    {
        var any = false;
        foreach (var problem in found.Problems.Where(problem => problem.Severity == EntrySeverity.Error))
        {
            var field = FieldOf(problem.Field);
            if (_coded.Find(fix => fix.Code == problem.Code && Matches(fix, reading.Row)) is { } fix && field is not null)
            {
                any = true;
                if (ColumnOf(field, reading.Column) is { } column)
                {
                    Show(readAs, column, fix.To!, isFixed: true);
                }

                draft = field switch
                {
                    SheetField.Unit => draft with { Unit = fix.To! },
                    SheetField.ActivityType => draft with { ActivityType = fix.To! },
                    SheetField.Gas => draft with { Gas = fix.To },
                    SheetField.Quantity when SheetNumbers.Read(fix.To!, SheetLocale.Find("iso")) is { Outcome: SheetReading.Read } number => draft with { Quantity = number.Value },
                    SheetField.From when SheetDays.Read(fix.To!, DateOrder.YearMonthDay) is { Outcome: SheetReading.Read } day => draft with { From = day.From },
                    SheetField.To when SheetDays.Read(fix.To!, DateOrder.YearMonthDay) is { Outcome: SheetReading.Read } day => draft with { To = day.To },
                    _ => draft,
                };
            }
        }

        return any ? draft : null;
    }

    private EntrySite? SiteOf(string text, Reading reading, Dictionary<int, (string Text, bool IsFixed)>? readAs)
    {
        if (text.Length == 0)
        {
            if (!reading.Has(SheetField.Site))
            {
                Add(reading, SheetField.Site, "site-missing", "The row names no site. Fill the cell, or say which site an empty cell means.");
            }

            return null;
        }

        if (!_sites.TryGetValue(text, out var site))
        {
            _ = _words.TryFindSite(text, out site);
            Remember(_sites, text, site);
        }

        if (site is null)
        {
            Add(reading, SheetField.Site, "unknown-site", $"“{Shown(text)}” is no site of your organization. Say which site it means, or add it on the page Organization.");
        }
        else if (_columns.TryGetValue(SheetField.Site, out var column) && !string.Equals(site.Name, text, StringComparison.Ordinal))
        {
            Show(readAs, column, site.Name, isFixed: false);
        }

        return site;
    }

    private string TypeOf(string text, Reading reading, Dictionary<int, (string Text, bool IsFixed)>? readAs)
    {
        if (text.Length == 0)
        {
            if (!reading.Has(SheetField.ActivityType))
            {
                Add(reading, SheetField.ActivityType, "activity-type-missing", "The row does not say what was used. Fill the cell, or say which activity type an empty cell means.");
            }

            return "";
        }

        if (!_types.TryGetValue(text, out var key))
        {
            key = _words.TypeOf(text);
            Remember(_types, text, key);
        }

        if (key is null)
        {
            Add(reading, SheetField.ActivityType, "unknown-activity-type", $"“{Shown(text)}” is no activity type.{_words.Vocabulary.TypesNear(text)} Say which activity type it means.");
            return "";
        }

        if (readAs is not null && _columns.TryGetValue(SheetField.ActivityType, out var column) && _words.Vocabulary.TryFind(key, out var choice) && choice.Name != text)
        {
            Show(readAs, column, choice.Name, isFixed: false);
        }

        return key;
    }

    private (decimal? Quantity, string Unit) QuantityOf(Reading reading, Dictionary<int, (string Text, bool IsFixed)>? readAs)
    {
        if (reading.Use is not { } use)
        {
            if (!_plan.Fixed.TryGetValue(SheetField.Quantity, out var constant))
            {
                return (null, "");
            }

            var known = SheetNumbers.Read(constant, SheetLocale.Find("iso"));
            return (known.Outcome == SheetReading.Read ? known.Value : null, known.Suffix);
        }

        var cell = CellOf(reading, use.Column, SheetField.Quantity, readAs, out var isFixed);
        if (cell is { IsMerged: true, Kind: not SheetCellKind.Empty } && reading.Row.Line > 0)
        {
            // The first of the merged cells is not marked: a quantity of several rows is one quantity.
            Add(reading, SheetField.Quantity, "merged-quantity", "The quantity stands in merged cells, so that it belongs to several rows at once. Unmerge the cells and write each row’s own quantity, or leave these rows out.");
            return (null, "");
        }

        switch (cell.Kind)
        {
            case SheetCellKind.Empty:
                Add(reading, SheetField.Quantity, "quantity-missing", "The quantity is missing. Nothing used is 0; not known yet is a row to leave out.");
                return (null, "");
            case SheetCellKind.Number:
                if (!decimal.TryParse(cell.Text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number))
                {
                    Add(reading, SheetField.Quantity, "quantity-too-large", "The figure has more digits than can be stored. Check the quantity and its unit.");
                    return (null, "");
                }

                return (number, "");
            case SheetCellKind.Day:
                Add(reading, SheetField.Quantity, "quantity-is-a-day", $"The cell is formatted as a day, {Shown(cell.Text)}. Write the number into the sheet again as a number.");
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
                if (readAs is not null && read.Value.ToString(CultureInfo.InvariantCulture) is var plain && plain != cell.Text.Trim())
                {
                    Show(readAs, use.Column, plain, isFixed);
                }

                if (read.Suffix.Length > 0 && !_words.IsUnit(read.Suffix))
                {
                    Add(reading, SheetField.Quantity, "number-with-text", $"“{Shown(cell.Text)}” is a number with a text behind it that is no unit. Write the number alone.");
                    return (null, "");
                }

                return (read.Value, read.Suffix);
            case SheetReading.Empty:
                Add(reading, SheetField.Quantity, "quantity-missing", "The quantity is missing. Nothing used is 0; not known yet is a row to leave out.");
                break;
            case SheetReading.Ambiguous:
                Add(reading, SheetField.Quantity, "number-ambiguous", string.Create(CultureInfo.InvariantCulture,
                    $"“{Shown(cell.Text)}” is {read.Value:0.############} with a decimal point and {read.Other:0.############} with a decimal comma. Choose the locale of the file’s numbers."));
                break;
            case SheetReading.OtherLocale:
                Add(reading, SheetField.Quantity, "number-of-another-locale", string.Create(CultureInfo.InvariantCulture,
                    $"“{Shown(cell.Text)}” is no number as {_locale!.Name} writes it; with a decimal {(read.DecimalMark == ',' ? "comma" : "point")} it would be {read.Value:0.############}. Choose another locale, or say what this text means."));
                break;
            case SheetReading.TooLarge:
                Add(reading, SheetField.Quantity, "quantity-too-large", "The figure has more than 16 digits before the decimal point. Check the quantity and its unit.");
                break;
            default:
                Add(reading, SheetField.Quantity, "not-a-number", $"“{Shown(cell.Text)}” is no number. Write digits, or say what this text means.");
                break;
        }

        return (null, "");
    }

    /// <summary>A unit behind the figure goes with the column of units, or it contradicts it.</summary>
    private string UnitBeside(string unit, string suffix, Reading reading)
    {
        if (unit.Length == 0 || !_words.Vocabulary.Units.TryFind(unit, out var said) || !_words.Vocabulary.Units.TryFind(suffix, out var beside) || said.Symbol == beside.Symbol
            || (said.Group.Name == beside.Group.Name && said.Factor == beside.Factor))
        {
            return unit.Length == 0 ? suffix : unit;
        }

        Add(reading, SheetField.Quantity, "two-units", $"The cell says {Shown(suffix)}, but its column or row says {Shown(unit)}. Write one of them.");
        return unit;
    }

    private (DateOnly From, DateOnly To) DaysOf(Reading reading, Dictionary<int, (string Text, bool IsFixed)>? readAs)
    {
        var from = DayOf(reading, SheetField.From, readAs);
        var to = DayOf(reading, SheetField.To, readAs);
        var period = from is null || to is null ? DayOf(reading, SheetField.Period, readAs) : null;
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
            Add(reading, _columns.ContainsKey(SheetField.From) ? SheetField.From : SheetField.Period, "days-missing", "The row does not say when. Fill the cell with a day, a month, a quarter or a year.");
        }

        return (default, to?.To ?? default);
    }

    private DayReading? DayOf(Reading reading, SheetField field, Dictionary<int, (string Text, bool IsFixed)>? readAs)
    {
        SheetCell cell;
        var (isFixed, isConstant, column) = (false, false, -1);
        if (_columns.TryGetValue(field, out column) && CellOf(reading, column, field, readAs, out isFixed) is { Kind: not SheetCellKind.Empty } own)
        {
            cell = own;
        }
        else if (Constant(reading, field) is { Length: > 0 } constant)
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
                Add(reading, field, "no-such-day", $"The cell is formatted as a day, but {Shown(cell.Text)} is none (29 February 1900 does not exist, and days begin with 1 January 1900). Correct it in the sheet.");
                return null;
            case SheetCellKind.Number:
                read = decimal.TryParse(cell.Text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) ? SheetDays.FromNumber(number, _is1904)
                    : default(DayReading) with { Outcome = SheetReading.Unreadable };
                break;
            case SheetCellKind.Text:
                var order = isFixed || isConstant ? DateOrder.YearMonthDay : _locale?.Order;
                if (isFixed || isConstant || !_days.TryGetValue(cell.Text, out read))
                {
                    read = SheetDays.Read(cell.Text, order);
                    if (!isFixed && !isConstant)
                    {
                        Remember(_days, cell.Text, read);
                    }
                }

                break;
            default:
                return null;
        }

        switch (read.Outcome)
        {
            case SheetReading.Read:
                if (read.Span == SheetSpan.FiscalYear && _fiscalYear(read.From.Year) is { } year)
                {
                    read = read with { From = year.From, To = year.To };
                }

                if (_monthly && field == SheetField.Period && column >= 0 && read is { Span: SheetSpan.Day, From.Day: 1 })
                {
                    read = read with { To = read.From.AddMonths(1).AddDays(-1), Span = SheetSpan.Month };
                }

                if (readAs is not null && column >= 0 && Plain(read) is var plain && plain != cell.Text.Trim())
                {
                    Show(readAs, column, plain, isFixed);
                }

                return read;
            case SheetReading.Ambiguous:
                Add(reading, field, "date-ambiguous", string.Create(CultureInfo.InvariantCulture,
                    $"“{Shown(cell.Text)}” is {read.From:d MMMM yyyy} with the day first and {read.Other:d MMMM yyyy} with the month first. Choose the locale of the file’s dates."));
                return null;
            case SheetReading.OtherLocale:
                Add(reading, field, "date-of-another-locale", string.Create(CultureInfo.InvariantCulture,
                    $"“{Shown(cell.Text)}” is no day as {_locale!.Name} writes it; with the {(read.Order == DateOrder.MonthDayYear ? "month" : "day")} first it would be {read.From:d MMMM yyyy}. Choose another locale, or say what this text means."));
                return null;
            default:
                if (cell.Kind == SheetCellKind.Text && decimal.TryParse(cell.Text, NumberStyles.None, CultureInfo.InvariantCulture, out var serial) && serial is >= 31000 and < 73500
                    && SheetDays.FromSerial(serial, is1904: false) is { } guess)
                {
                    Add(reading, field, "serial-number", string.Create(CultureInfo.InvariantCulture,
                        $"“{Shown(cell.Text)}” looks like the number by which a spreadsheet keeps a day; by Excel’s usual count it is {guess:d MMMM yyyy}. Say what it means, or format the column as days and export it again."));
                    return null;
                }

                Add(reading, field, "not-a-date", $"“{Shown(cell.Text)}” is no day, month, quarter or year. Write it as 2025-03-31, 2025-03 or Q1 2025, or say what this text means.");
                return null;
        }
    }

    private DataQuality QualityOf(Reading reading, Dictionary<int, (string Text, bool IsFixed)>? readAs)
    {
        var text = Text(reading, SheetField.Quality, readAs);
        if (text.Length == 0)
        {
            return DataQuality.Measured;
        }

        if (SheetQuality.Find(text) is { } quality)
        {
            return quality;
        }

        Add(reading, SheetField.Quality, "unknown-quality", $"“{Shown(text)}” is no quality. Write measured, estimated or defaulted, or say which of them it means.");
        return DataQuality.Measured;
    }

    /// <summary>A name of digits that a spreadsheet program has rounded is another name.</summary>
    private string Named(Reading reading, SheetField field, Dictionary<int, (string Text, bool IsFixed)>? readAs)
    {
        var text = Text(reading, field, readAs);
        if (text.Length > 5 && Scientific().IsMatch(text))
        {
            Add(reading, field, "number-cut", $"“{Shown(text)}” is a long number that a spreadsheet program has cut: its last digits are lost. Format the column as text in the source and export it again, or leave the column out.");
        }

        return text;
    }

    /// <summary>What the cell, the heading or the plan says; empty where none does. A cell that cannot be used is a fault.</summary>
    private string Text(Reading reading, SheetField field, Dictionary<int, (string Text, bool IsFixed)>? readAs)
    {
        if (_columns.TryGetValue(field, out var column))
        {
            var cell = CellOf(reading, column, field, readAs, out _);
            if (cell.Kind is SheetCellKind.Text or SheetCellKind.Number or SheetCellKind.Day or SheetCellKind.Boolean && cell.Text.Trim() is { Length: > 0 } text)
            {
                return text;
            }
        }

        return Constant(reading, field) ?? "";
    }

    private string? Constant(Reading reading, SheetField field) =>
        reading.Use?.With is { } with && with.TryGetValue(field, out var said) ? said : _plan.Fixed.GetValueOrDefault(field);

    /// <summary>The cell, or what an answer says in its place; empty, with a fault, where it holds an error.</summary>
    private SheetCell CellOf(Reading reading, int column, SheetField field, Dictionary<int, (string Text, bool IsFixed)>? readAs, out bool isFixed)
    {
        var cell = reading.Row[column];
        isFixed = _edited.TryGetValue((reading.Row.Line, column), out var to) || (_replaced.Count > 0 && _replaced.TryGetValue((column, cell.Text.Trim()), out to));
        if (isFixed)
        {
            reading.IsFixed = true;
            Show(readAs, column, to!, isFixed: true);
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
            case SheetCellKind.Boolean when field is not (SheetField.Note or SheetField.Reference or SheetField.ExternalId):
                Add(reading, field, "boolean-cell", $"The cell says {cell.Text}, which is neither a number nor a name. Correct it in the sheet, or say what it means.");
                return SheetCell.Nothing with { Kind = SheetCellKind.Boolean };
            case SheetCellKind.Text when string.IsNullOrWhiteSpace(cell.Text):
                return SheetCell.Nothing;
            default:
                return cell;
        }
    }

    private bool IsOut(SheetReader row, List<SheetFault> faults) =>
        _leftOut.Count > 0 && _leftOut.Exists(fix => (fix.Code is null || faults.Exists(fault => fault.Code == fix.Code)) && Matches(fix, row));

    /// <summary>Codes of problems for which this row is not wanted; those that only the whole file or the ledger shows are looked for later.</summary>
    public string[] LeftOutFor(SheetReader row) => _leftOut.Count == 0 ? [] : [.. _leftOut.Where(fix => fix.Code is not null && Matches(fix, row)).Select(fix => fix.Code!).Distinct()];

    private bool IsConfirmed(string code, Reading reading) => _confirmed.Exists(fix => fix.Code == code && Matches(fix, reading.Row));

    private static bool Matches(SheetFix fix, SheetReader row) => (fix.Line is null || fix.Line == row.Line)
        && (fix.Value is null || fix.Column is not { } column || string.Equals(row[column].Text.Trim(), fix.Value.Trim(), StringComparison.Ordinal));

    private void Add(Reading reading, SheetField? field, string code, string message) =>
        reading.Faults.Add(new SheetFault(ColumnOf(field, reading.Column), field, code, EntrySeverity.Error, message));

    private static void Show(Dictionary<int, (string Text, bool IsFixed)>? readAs, int column, string text, bool isFixed)
    {
        if (readAs is not null)
        {
            readAs[column] = (Shown(text), isFixed || (readAs.TryGetValue(column, out var before) && before.IsFixed));
        }
    }

    private static void Remember<T>(Dictionary<string, T> known, string text, T value)
    {
        // A column of free texts must not fill the memory.
        if (known.Count < MostRemembered && text.Length <= LongestShown)
        {
            known[text] = value;
        }
    }

    /// <summary>The field that a check speaks of, by the name that the API gives it.</summary>
    public static SheetField? FieldOf(string field) => field switch
    {
        "siteId" => SheetField.Site, "activityType" => SheetField.ActivityType, "quantity" => SheetField.Quantity, "unit" => SheetField.Unit, "from" => SheetField.From, "to" => SheetField.To,
        "gas" => SheetField.Gas, "quality" => SheetField.Quality, "reference" => SheetField.Reference, "note" => SheetField.Note, "externalId" => SheetField.ExternalId, _ => null,
    };

    private static string Plain(DayReading read) => read.From == read.To
        ? read.From.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)
        : string.Create(CultureInfo.InvariantCulture, $"{read.From:yyyy-MM-dd} to {read.To:yyyy-MM-dd}");

    private static string? Optional(string text) => text.Length == 0 ? null : text;

    private static string Shown(string text) => text.Length <= LongestShown ? text : text[..(LongestShown - 1)] + "…";

    [GeneratedRegex(@"^\d([.,]\d+)?E\+?\d+$", RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant, 1000)]
    private static partial Regex Scientific();

    /// <summary>One entry while it is read.</summary>
    private sealed class Reading(SheetReader row, SheetColumnUse? use)
    {
        public SheetReader Row => row;

        public SheetColumnUse? Use => use;

        public int Column => use?.Column ?? -1;

        public List<SheetFault> Faults { get; } = [];

        public EntrySite? Site { get; set; }

        public bool IsFixed { get; set; }

        public bool IsTotal { get; set; }

        public bool Has(SheetField field) => Faults.Exists(fault => fault.Field == field);
    }
}
