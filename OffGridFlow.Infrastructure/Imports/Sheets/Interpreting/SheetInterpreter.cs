using OffGridFlow.Core.ActivityData;
using OffGridFlow.Core.Imports.Sheets;
using OffGridFlow.Infrastructure.ActivityData;
using OffGridFlow.Infrastructure.Imports.Sheets.Reading;

namespace OffGridFlow.Infrastructure.Imports.Sheets.Interpreting;

/// <summary>Reads the rows of a sheet as entries, by a plan, and says what is wrong with them. Knows nothing of other rows or of the ledger.</summary>
internal sealed class SheetInterpreter
{
    public const int LongestShown = 200;

    private static readonly HashSet<string> TotalWords = new(StringComparer.Ordinal)
    {
        "total", "totals", "sum", "subtotal", "grand total", "summe", "gesamt", "gesamtsumme", "zwischensumme", "insgesamt", "somme", "sous total", "total general", "suma", "totale", "totaal",
    };

    /// <summary>Where a row says of itself that it is a sum.</summary>
    private static readonly SheetField[] Naming = [SheetField.Site, SheetField.ActivityType, SheetField.Period, SheetField.From];

    private static readonly EntrySite AnySite = new(Guid.Empty, "", "", null, null);

    private readonly EntryChecks _checks;
    private readonly AccountMaps _accounts;
    private readonly DateOnly _today;
    private readonly List<SheetColumnUse> _quantities;
    private readonly SheetAnswers _answers;
    private readonly SheetCells _cells;
    private readonly NameCells _names;
    private readonly QuantityCells _amounts;
    private readonly DayCells _days;

    /// <param name="fiscalYear">First and last day of the organization's year of this number; null where it has none.</param>
    public SheetInterpreter(SheetPlan plan, SheetWords words, DateOnly today, bool is1904, Func<int, (DateOnly, DateOnly)?> fiscalYear)
    {
        (_checks, _accounts, _today, _answers) = (new EntryChecks(words.Vocabulary), words.Accounts, today, new SheetAnswers(plan));
        _cells = new SheetCells(plan, _answers);
        (_names, _amounts, _days) = (new NameCells(_cells, words), new QuantityCells(plan, _cells, words), new DayCells(plan, _cells, is1904, fiscalYear));
        _quantities = [.. plan.Columns.Where(use => use.Field == SheetField.Quantity).OrderBy(use => use.Column)];
    }

    /// <inheritdoc cref="SheetCells.ColumnOf" />
    public int? ColumnOf(SheetField? field, int quantityColumn) => _cells.ColumnOf(field, quantityColumn);

    /// <summary>The entries of a row: one, or in the wide form one for each column that has a value.</summary>
    /// <param name="readAs">Where given, gets what cells are taken for, by column, where that is another text.</param>
    public void Read(SheetReader row, List<SheetReadEntry> entries, Dictionary<int, (string Text, bool IsFixed)>? readAs = null)
    {
        entries.Clear();
        if (row.Fault is { } fault)
        {
            var faults = new List<SheetFault> { new(null, null, "row-shape", EntrySeverity.Error, $"{fault.Reason} {fault.Fix}") };
            entries.Add(new SheetReadEntry(row.Line, -1, null, faults, [], [], IsFixed: false, _answers.IsOut(row, faults)));
            return;
        }

        if (_quantities.Count <= 1)
        {
            entries.Add(Entry(row, _quantities.Count == 0 ? null : _quantities[0], readAs));
            return;
        }

        foreach (var use in _quantities)
        {
            if (!row[use.Column].IsBlank || _answers.IsEdited(row, use.Column))
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
        var reading = new EntryReading(row, use, readAs);
        var draft = Draft(reading);
        var faults = reading.Faults;
        IReadOnlyList<string> questions = [];
        EntryInput? input = null;
        string? notice = null;
        if (!reading.IsTotal && faults.Count == 0 && reading.Site is { } site)
        {
            // What is only told is for whoever looks.
            var map = reading.IsShown ? _accounts.Find(draft.Vendor, draft.Account, draft.From, draft.To).Map : null;
            var found = _checks.Check(draft, site, [], _today, map);
            if (found.HasErrors && Mended(draft, found, reading) is { } mended)
            {
                reading.IsFixed = true;
                found = _checks.Check(mended, site, [], _today, map);
            }

            foreach (var problem in found.Problems.Where(problem => problem.Severity == EntrySeverity.Error))
            {
                _cells.Add(reading, FieldOf(problem.Field), problem.Code, problem.Message);
            }

            questions = [.. found.Problems.Where(problem => problem.Severity == EntrySeverity.Question).Select(problem => problem.Code).Distinct()];
            input = found.HasErrors ? null : found.Input;
            notice = found.Problems.Where(problem => problem.Severity == EntrySeverity.Notice).Select(problem => problem.Message).FirstOrDefault();
            var asked = found.Problems.Where(problem => problem.Severity == EntrySeverity.Question);
            foreach (var problem in asked.Where(problem => !_answers.IsConfirmed(problem.Code, row)))
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

        var isOut = _answers.IsOut(row, faults);
        return new SheetReadEntry(
            row.Line, reading.Column, isOut ? null : input, faults, questions, _answers.ConfirmedFor(row),
            reading.IsFixed || (questions.Count > 0 && faults.Count == 0), isOut, notice);
    }

    private void CheckRest(EntryInput draft, EntryReading reading)
    {
        var faulty = reading.Faults.Select(fault => fault.Field).ToHashSet();
        var whole = faulty.Contains(SheetField.Period) || faulty.Contains(SheetField.From) || faulty.Contains(SheetField.To);
        foreach (var problem in _checks.Check(draft, reading.Site ?? AnySite, [], _today).Problems.Where(problem => problem.Severity == EntrySeverity.Error))
        {
            var field = FieldOf(problem.Field);
            if (field != SheetField.Site && !faulty.Contains(field) && !(whole && field is SheetField.From or SheetField.To) && !(faulty.Contains(SheetField.ActivityType) && field is SheetField.Unit or SheetField.Gas))
            {
                _cells.Add(reading, field, problem.Code, problem.Message);
            }
        }
    }

    private EntryInput Draft(EntryReading reading)
    {
        foreach (var field in Naming)
        {
            if (_cells.Written(reading, field) is { Length: > 0 } name && TotalWords.Contains(SheetHeadingText.Plain(name)))
            {
                reading.IsTotal = true;
                _cells.Add(reading, field, "total-row", $"“{SheetCells.Shown(name)}” looks like a sum of other rows: loaded, it would count them twice. Leave it out, or say what it means.");
                return EntryWork.Nothing;
            }
        }

        var site = _cells.Text(reading, SheetField.Site);

        reading.Site = _names.SiteOf(site, reading);
        var (vendor, account) = (Optional(_cells.Named(reading, SheetField.Vendor)), Optional(_cells.Named(reading, SheetField.Account)));
        var named = _cells.Text(reading, SheetField.ActivityType);
        // Of spending the account map may say what it is; on which days it holds, the days say.
        var asksMap = named.Length == 0 && (vendor ?? account) is not null && !reading.Has(SheetField.ActivityType);
        var type = asksMap ? "" : _names.TypeOf(named, reading);
        var (quantity, suffix) = _amounts.QuantityOf(reading);
        var unit = _cells.Text(reading, SheetField.Unit);
        if (suffix.Length > 0)
        {
            unit = _amounts.UnitBeside(unit, suffix, reading);
        }

        var (from, to) = _days.DaysOf(reading);
        if (asksMap)
        {
            var map = from == default || to == default ? _accounts.Find(vendor, account, _today, _today).Map : _accounts.Find(vendor, account, from, to).Map;
            type = map?.ActivityType ?? _names.TypeOf(named, reading);
        }

        return new EntryInput
        {
            SiteId = reading.Site?.Id ?? Guid.Empty, ActivityType = type, Quantity = quantity, Unit = unit, From = from, To = to, Gas = Optional(_cells.Text(reading, SheetField.Gas)),
            Quality = _names.QualityOf(reading), IsAccrual = _names.IsAccrual(reading), Reference = Optional(_cells.Named(reading, SheetField.Reference)), Note = Optional(_cells.Text(reading, SheetField.Note)),
            ExternalId = Optional(_cells.Named(reading, SheetField.ExternalId)), Category = _names.CategoryOf(reading), Vendor = vendor, Account = account,
        };
    }

    /// <summary>Applies answers that were given to the problems of the checks, such as “kWh of gas means gross calorific value”.</summary>
    private EntryInput? Mended(EntryInput draft, CheckedEntry found, EntryReading reading)
    {
        var any = false;
        foreach (var problem in found.Problems.Where(problem => problem.Severity == EntrySeverity.Error))
        {
            var field = FieldOf(problem.Field);
            if (field is { } named && _answers.ToMend(problem.Code, reading.Row, _cells.ColumnOf(named, reading.Column) is null ? _cells.Constant(reading, named) : null) is { } fix)
            {
                any = true;
                if (ColumnOf(field, reading.Column) is { } column)
                {
                    reading.Show(column, fix.To!, isFixed: true);
                }

                draft = field switch
                {
                    SheetField.Unit => draft with { Unit = fix.To! },
                    SheetField.ActivityType => draft with { ActivityType = fix.To! },
                    SheetField.Gas => draft with { Gas = fix.To },
                    SheetField.Category when fix.To!.Length == 0 || SheetCategory.Find(fix.To) is not null => draft with { Category = SheetCategory.Find(fix.To) },
                    SheetField.Quantity when SheetNumbers.Read(fix.To!, SheetLocale.Find("iso")) is { Outcome: SheetReading.Read } number => draft with { Quantity = number.Value },
                    SheetField.From when SheetDays.Read(fix.To!, DateOrder.YearMonthDay) is { Outcome: SheetReading.Read } day => draft with { From = day.From },
                    SheetField.To when SheetDays.Read(fix.To!, DateOrder.YearMonthDay) is { Outcome: SheetReading.Read } day => draft with { To = day.To },
                    _ => draft,
                };
            }
        }

        return any ? draft : null;
    }

    /// <inheritdoc cref="SheetAnswers.LeftOutFor" />
    public string[] LeftOutFor(SheetReader row) => _answers.LeftOutFor(row);

    /// <summary>The field that a check speaks of, by the name that the API gives it.</summary>
    public static SheetField? FieldOf(string field) => field switch
    {
        "siteId" => SheetField.Site, "activityType" => SheetField.ActivityType, "quantity" => SheetField.Quantity, "unit" => SheetField.Unit, "from" => SheetField.From, "to" => SheetField.To,
        "gas" => SheetField.Gas, "quality" => SheetField.Quality, "reference" => SheetField.Reference, "note" => SheetField.Note, "externalId" => SheetField.ExternalId,
        "isAccrual" => SheetField.Accrual, "category" => SheetField.Category, "vendor" => SheetField.Vendor, "account" => SheetField.Account, _ => null,
    };

    private static string? Optional(string text) => text.Length == 0 ? null : text;
}
