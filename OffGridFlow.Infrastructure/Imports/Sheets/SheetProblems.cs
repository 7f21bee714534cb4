using System.Text.RegularExpressions;
using OffGridFlow.Core.Imports.Sheets;
using OffGridFlow.Infrastructure.ActivityData;
using OffGridFlow.Infrastructure.Imports.Sheets.Interpreting;

namespace OffGridFlow.Infrastructure.Imports.Sheets;

/// <summary>Gathers what is wrong into groups of one code, column and text, with a bound on how many.</summary>
internal sealed partial class SheetProblems(SheetWords words, Func<int, string> nameOf)
{
    public const int MostGroups = 500;
    private const int MostKept = 5_000;
    private const int MostLines = 10;
    private const int MostSuggestions = 4;

    private static readonly Dictionary<string, string> Titles = new(StringComparer.Ordinal)
    {
        ["unknown-unit"] = "Unit not known", ["unit-of-another-group"] = "Unit does not fit", ["calorific-basis-missing"] = "Gross or net calorific value", ["unknown-site"] = "Site not known",
        ["site-missing"] = "Site missing", ["unknown-activity-type"] = "Activity type not known", ["activity-type-missing"] = "Activity type missing", ["quantity-missing"] = "Quantity missing",
        ["number-ambiguous"] = "Number is ambiguous", ["number-of-another-locale"] = "Number of another locale", ["not-a-number"] = "Not a number", ["number-with-text"] = "Text behind the number",
        ["two-units"] = "Two units", ["quantity-too-large"] = "Quantity too large", ["quantity-is-a-day"] = "Quantity is a day", ["merged-quantity"] = "Quantity in merged cells",
        ["negative-quantity"] = "Quantity is negative", ["date-ambiguous"] = "Date is ambiguous", ["date-of-another-locale"] = "Date of another locale", ["not-a-date"] = "Not a date", ["month-without-year"] = "Month without a year",
        ["no-such-day"] = "No such day", ["serial-number"] = "Serial number of a day", ["days-missing"] = "Period missing", ["days-reversed"] = "Ends before it begins",
        ["future-dates"] = "Date in the future", ["too-early"] = "Date before 1990", ["longer-than-a-year"] = "Longer than a year", ["before-site-opened"] = "Before the site opened",
        ["after-site-closed"] = "After the site closed", ["missing-gas"] = "Gas missing", ["unknown-gas"] = "Gas not known", ["unknown-quality"] = "Quality not known", ["unknown-accrual"] = "Neither yes nor no",
        ["unknown-category"] = "Category not known", ["category-not-allowed"] = "Category does not fit", ["error-cell"] = "Error in a cell",
        ["formula-not-calculated"] = "Formula not calculated", ["cell-too-long"] = "Cell too long", ["boolean-cell"] = "True or false", ["number-cut"] = "Number was cut", ["text-too-long"] = "Text too long",
        ["total-row"] = "Looks like a total", ["row-shape"] = "Row is damaged", ["unusual-quantity"] = "Unusually large", ["overlapping-period"] = "Days entered twice",
        ["duplicate-invoice"] = "Invoice entered twice", ["duplicate-row"] = "Duplicate", ["external-id-taken"] = "External id taken", ["external-id-twice"] = "External id twice",
        ["period-locked"] = "Period is locked",
    };

    /// <summary>Of problems that only the whole file or the ledger shows.</summary>
    private static readonly Dictionary<string, (SheetField Field, EntrySeverity Severity, string Message)> OfSets = new(StringComparer.Ordinal)
    {
        ["duplicate-row"] = (SheetField.Quantity, EntrySeverity.Question, "The same site, activity type, days, quantity and reference are in an earlier row or in the ledger already. Confirm if both are right; else they are not loaded."),
        ["overlapping-period"] = (SheetField.From, EntrySeverity.Question, "These days of the same site and activity type are in an earlier row, in another column of this row, or in the ledger already, with another quantity. Correct the days, give each meter its own reference, or confirm if both are right."),
        ["duplicate-invoice"] = (SheetField.Reference, EntrySeverity.Question, "This reference is in the ledger already, with the same quantity or the same days: the same invoice twice counts twice. Confirm if they are two."),
        ["unusual-quantity"] = (SheetField.Quantity, EntrySeverity.Question, "The quantity is more than 50 times what is usual at this site. Is the unit right, and the decimal point? Confirm it if it is."),
        ["external-id-taken"] = (SheetField.ExternalId, EntrySeverity.Error, "An entry with this external id is here already, with other values. Change that entry, or give the row another id."),
        ["external-id-twice"] = (SheetField.ExternalId, EntrySeverity.Error, "Another row of the file has the same external id. Each names one entry: correct one of them."),
        ["period-locked"] = (SheetField.From, EntrySeverity.Error, "The days lie in a reporting period whose inventory is locked. Leave the row out and enter the correction in an open period, or have the period reopened with a reason."),
    };

    /// <summary>Units in other languages, where they cannot stand for another unit.</summary>
    private static readonly Dictionary<string, string> OtherUnits = new(StringComparer.Ordinal)
    {
        ["to"] = "t", ["tonnen"] = "t", ["tonne metrique"] = "t", ["toneladas"] = "t", ["kilogramm"] = "kg", ["kilogrammes"] = "kg", ["kilogramos"] = "kg", ["litres"] = "l", ["litros"] = "l",
        ["kubikmeter"] = "m3", ["cbm"] = "m3", ["metros cubicos"] = "m3", ["personenkilometer"] = "passenger.km", ["tonnenkilometer"] = "t.km", ["ubernachtungen"] = "room night",
    };

    private static readonly string[] Bases = ["(Gross CV)", "(Net CV)"];

    private readonly Dictionary<SheetProblemKey, Group> _groups = [];
    private int _beyond;

    /// <summary>The fault of a row that only the whole file or the ledger shows.</summary>
    public static SheetFault OfSet(string code, SheetInterpreter interpreter, int quantityColumn)
    {
        var (field, severity, message) = OfSets[code];
        return new SheetFault(interpreter.ColumnOf(field, quantityColumn), field, code, severity, message);
    }

    public static string TitleOf(string code) => Titles.GetValueOrDefault(code, "Not right");

    /// <param name="text">Text of the cell that the fault points at.</param>
    public void Add(SheetFault fault, string? text, long line)
    {
        // Only where an answer can be given for the text: a long list of days that lie ahead is one problem.
        var value = text is not null && fault.Field is not null && ByValue(fault.Code) ? text : null;
        var key = new SheetProblemKey(fault.Code, fault.Column, value);
        if (!_groups.TryGetValue(key, out var group))
        {
            if (_groups.Count >= MostKept)
            {
                _beyond++;
                key = key with { Value = null };
                if (!_groups.TryGetValue(key, out group))
                {
                    _groups[key] = group = new Group(fault);
                }
            }
            else
            {
                _groups[key] = group = new Group(fault);
            }
        }

        group.Rows++;
        if (group.Lines.Count < MostLines && (group.Lines.Count == 0 || group.Lines[^1] != line))
        {
            group.Lines.Add(line);
        }
    }

    public void AddSet(string code, SheetInterpreter interpreter, int quantityColumn, long rows, IEnumerable<long> lines)
    {
        var fault = OfSet(code, interpreter, quantityColumn);
        var key = new SheetProblemKey(code, fault.Column, null);
        if (!_groups.TryGetValue(key, out var group))
        {
            _groups[key] = group = new Group(fault);
        }

        group.Rows += rows;
        group.Lines.AddRange(lines.Take(MostLines - group.Lines.Count));
    }

    /// <summary>Most rows first.</summary>
    public IReadOnlyList<SheetProblem> ToList(out int more)
    {
        more = Math.Max(0, _groups.Count - MostGroups) + _beyond;
        return [.. _groups.OrderByDescending(pair => pair.Value.Rows).ThenBy(pair => pair.Value.Lines.Count > 0 ? pair.Value.Lines[0] : 0).Take(MostGroups).Select(pair => new SheetProblem(
            pair.Key, pair.Value.Fault.Field, pair.Key.Column is { } column ? nameOf(column) : "", TitleOf(pair.Key.Code), pair.Value.Fault.Severity, pair.Value.Fault.Message,
            pair.Value.Rows, pair.Value.Lines, SuggestionsFor(pair.Key, pair.Value.Fault)))];
    }

    private static bool ByValue(string code) => code is "unknown-unit" or "unit-of-another-group" or "calorific-basis-missing" or "unknown-site" or "site-missing" or "unknown-activity-type"
        or "activity-type-missing" or "number-ambiguous" or "number-of-another-locale" or "not-a-number" or "number-with-text" or "date-ambiguous" or "date-of-another-locale" or "not-a-date" or "month-without-year"
        or "serial-number" or "unknown-gas" or "missing-gas" or "unknown-quality" or "unknown-accrual" or "unknown-category" or "category-not-allowed" or "error-cell" or "boolean-cell" or "total-row" or "no-such-day";

    private List<SheetSuggestion> SuggestionsFor(SheetProblemKey key, SheetFault fault)
    {
        var found = new List<SheetSuggestion>();
        var text = key.Value ?? "";
        SheetFix Replace(string to, string? code = null) => new(SheetFixKind.Replace, key.Column, key.Value, to, code);
        switch (key.Code)
        {
            case "unknown-site" or "site-missing":
                found.AddRange(words.SitesNear(text).Select(site => new SheetSuggestion($"Use {site.Name}", Replace(words.Sites.Count(other => other.Name == site.Name) == 1 ? site.Name : site.Id.ToString()))));
                break;
            case "unknown-activity-type":
                found.AddRange(words.TypesNear(text).Select(choice => new SheetSuggestion($"Use {choice.Name}", Replace(choice.Key))));
                break;
            case "unknown-unit":
                found.AddRange(UnitsNear(text).Select(unit => new SheetSuggestion($"Use {unit}", Replace(unit))));
                break;
            case "calorific-basis-missing":
                found.AddRange(Bases.Select(basis => $"{text} {basis}").Where(words.IsUnit).Select(unit => new SheetSuggestion($"Use {unit}", Replace(unit, key.Code))));
                break;
            case "unit-of-another-group":
                found.AddRange(UnitsOf(text).Select(unit => new SheetSuggestion($"Use {unit}", Replace(unit, key.Code))));
                break;
            case "unknown-category":
                found.AddRange(SheetCategory.Near(text).Select(category => new SheetSuggestion($"Use {SheetCategory.NameOf(category)}", Replace(SheetCategory.NameOf(category)))));
                break;
            case "category-not-allowed":
                // Of the rows that it does not fit alone: beside them the same number may be right.
                found.Add(new SheetSuggestion("As the activity type says", Replace("", key.Code)));
                break;
            case "number-ambiguous" or "number-of-another-locale":
                foreach (var mark in new[] { '.', ',' })
                {
                    if (SheetNumbers.Read(text, SheetLocale.All.First(locale => locale.DecimalMark == mark)) is { Outcome: SheetReading.Read } read)
                    {
                        var plain = read.Value.ToString(System.Globalization.CultureInfo.InvariantCulture);
                        found.Add(new SheetSuggestion($"Read as {plain}", Replace(plain)));
                    }
                }

                break;
            case "date-ambiguous" or "date-of-another-locale" or "serial-number":
                var days = key.Code == "serial-number" && decimal.TryParse(text, System.Globalization.CultureInfo.InvariantCulture, out var serial)
                    ? new[] { SheetDays.FromSerial(serial, is1904: false) }
                    : [DayOf(text, DateOrder.DayMonthYear), DayOf(text, DateOrder.MonthDayYear)];
                found.AddRange(days.OfType<DateOnly>().Distinct().Select(day => day.ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture))
                    .Select(day => new SheetSuggestion($"Read as {day}", Replace(day))));
                break;
        }

        if (fault.Severity == EntrySeverity.Question)
        {
            found.Add(new SheetSuggestion("Right as it is", new SheetFix(SheetFixKind.Confirm, key.Column, null, null, key.Code)));
        }

        if (key.Code != "row-shape")
        {
            found.Add(new SheetSuggestion("Leave out", new SheetFix(SheetFixKind.LeaveOut, key.Column, key.Value, null, key.Code)));
        }

        return [.. found.Take(MostSuggestions)];
    }

    private static DateOnly? DayOf(string text, DateOrder order) => SheetDays.Read(text, order) is { Outcome: SheetReading.Read, Span: SheetSpan.Day } read ? read.From : null;

    /// <summary>“km” of a journey or a freight stands for passengers, vehicles or tonnes carried over it: units that are something times this one.</summary>
    private IEnumerable<string> UnitsOf(string text) => !words.Vocabulary.Units.TryFind(text, out var one) ? []
        : words.Vocabulary.Units.All.Where(unit => unit.Symbol.EndsWith("." + one.Symbol, StringComparison.Ordinal) || (one.Symbol == "mi" && unit.Symbol.EndsWith("-mile", StringComparison.Ordinal)))
            .Select(unit => unit.Symbol);

    private IEnumerable<string> UnitsNear(string text)
    {
        if (OtherUnits.TryGetValue(SheetHeadingText.Plain(text), out var known))
        {
            return [known];
        }

        if (Basis().Match(text) is { Success: true } basis && words.Vocabulary.Units.TryFind(basis.Groups["u"].Value, out var energy))
        {
            var named = $"{energy.Symbol} ({(basis.Groups["net"].Success ? "Net" : "Gross")} CV)";
            return words.IsUnit(named) ? [named] : [];
        }

        // “MWH/h” means MWh more often than not: what is left of a slash, without its power of an hour, may be a unit.
        var near = new List<string>();
        foreach (var candidate in new[] { text.Split('/')[0], text.TrimEnd('.', 's'), text.Replace(" ", "", StringComparison.Ordinal) })
        {
            if (words.Vocabulary.Units.TryFind(candidate.Trim(), out var unit))
            {
                near.Add(unit.Symbol);
            }
        }

        near.AddRange(words.Vocabulary.Units.All.Where(unit => text.Length > 0 && unit.Symbol.StartsWith(text, StringComparison.OrdinalIgnoreCase)).Take(2).Select(unit => unit.Symbol));
        return near.Distinct().Take(2);
    }

    /// <summary>“MWh Hi”, “kWh PCS”, “kWh (LHV)”: energy by the lower or the higher heating value.</summary>
    [GeneratedRegex(@"^(?<u>\p{L}+)[\s(\[]+(?:(?<net>H[iu]|LHV|NCV|PCI)|H[so]|HHV|GCV|PCS)[.,)\]]*$", RegexOptions.ExplicitCapture | RegexOptions.IgnoreCase | RegexOptions.CultureInvariant, 1000)]
    private static partial Regex Basis();

    private sealed class Group(SheetFault fault)
    {
        public SheetFault Fault => fault;

        public long Rows { get; set; }

        public List<long> Lines { get; } = [];
    }
}
