using System.Globalization;
using OffGridFlow.Core.Imports.Sheets;
using OffGridFlow.Infrastructure.Imports.Sheets.Reading;

namespace OffGridFlow.Infrastructure.Imports.Sheets;

/// <summary>What a sheet suggests: where its headings are, what its columns hold, and what has to be asked.</summary>
/// <param name="fileName">May name the year of months that have none.</param>
internal sealed class SheetAnalysis(SheetFile file, SheetWords words, string fileName)
{
    /// <summary>Rows that are looked at for the headings.</summary>
    private const int HeadRows = 60;

    /// <summary>Rows that are looked at for the values of the columns.</summary>
    private const int SampleRows = 2_000;
    private const int SamplesShown = 5;
    private const int MostSheets = 10;
    private const int MostHeadingRows = 4;

    /// <summary>A plan for the sheet that looks most like activity data.</summary>
    public (SheetPlan Plan, SheetView View) Suggest()
    {
        var best = (Plan: new SheetPlan(), Score: -1.0);
        foreach (var sheet in file.Sheets.Where(sheet => !sheet.IsHidden).DefaultIfEmpty(file.Sheets[0]).Take(MostSheets))
        {
            var plan = SuggestFor(sheet.Index, out var score);
            if (score > best.Score)
            {
                best = (plan, score);
            }
        }

        return (best.Plan, Look(best.Plan));
    }

    /// <summary>A plan for this sheet; with the heading row that the plan names, if it names another than suggested.</summary>
    public SheetPlan SuggestFor(int sheet, out double score)
    {
        var head = Head(sheet);
        var (row, rows) = HeadingsOf(head);
        return SuggestFor(new SheetPlan { Sheet = sheet, HeadingRow = row, HeadingRows = rows }, out score);
    }

    /// <summary>Columns, constants and culture for a plan whose sheet and heading row stand.</summary>
    public SheetPlan SuggestFor(SheetPlan plan, out double score)
    {
        var columns = Columns(plan, out _);
        var uses = SheetMapping.Suggest(columns, words);
        score = uses.Sum(use => use.Confidence);
        var constants = new Dictionary<SheetField, string>();
        if (words.Sites.Count == 1 && !uses.Any(use => use.Use.Field == SheetField.Site))
        {
            constants[SheetField.Site] = words.Sites[0].Name;
        }

        plan = plan with { Columns = [.. uses.Select(use => use.Use).OrderBy(use => use.Column)], Fixed = constants, Culture = null };
        return plan with { Culture = CultureOf(plan, columns).Culture, MonthsFrom = MonthsWithoutYear.FirstOf(MonthsWithoutYear.In(plan, columns), Titles(plan)) };
    }

    /// <summary>Other columns may say otherwise how numbers and days are written: what nobody has chosen follows them.</summary>
    public SheetPlan Follow(SheetPlan before, SheetPlan plan)
    {
        var columns = Columns(plan, out _);
        var (was, now) = (CultureOf(before, columns), CultureOf(plan, columns));
        return plan with
        {
            Culture = plan.Culture == before.Culture && plan.Culture == was.Culture ? now.Culture : plan.Culture,
            MonthsFrom = plan.MonthsFrom ?? MonthsWithoutYear.FirstOf(MonthsWithoutYear.In(plan, columns), Titles(plan)),
        };
    }

    /// <summary>What the file shows under this plan.</summary>
    public SheetView Look(SheetPlan plan)
    {
        var columns = Columns(plan, out var shape);
        var suggested = SheetMapping.Suggest(columns, words).ToDictionary(use => use.Use.Column);
        var headings = columns.Select(column => new SheetHeading(
            column.Column, SheetColumns.LetterOf(column.Column), column.Heading.Text, column.Heading.Unit,
            [.. column.Values.Where(cell => !cell.IsBlank).Select(cell => cell.Text.Length <= 60 ? cell.Text : cell.Text[..59] + "…").Distinct().Take(SamplesShown)],
            shape.HiddenColumns.Contains(column.Column), suggested.GetValueOrDefault(column.Column)?.Use.Field, suggested.GetValueOrDefault(column.Column)?.Confidence ?? 0,
            SheetMapping.FirstDaysIn(column))).ToList();
        var culture = CultureOf(plan, columns);
        var tabs = file.Sheets.Select(sheet => sheet.Index == plan.Sheet ? shape : sheet)
            .Select(sheet => new SheetTab(sheet.Index, sheet.Name, sheet.Rows, sheet.IsHidden, sheet.HiddenRows, sheet.HiddenColumns)).ToList();
        return new SheetView(file.Format, file.FormatText, tabs, headings, QuestionsOf(plan, columns, culture), culture.IsCertain, shape, null,
            MonthsWithoutYear.In(plan, columns).Count > 0);
    }

    /// <summary>What may say of which year the months are: what stands above the headings, else the sheet's name, else the file's.</summary>
    private IEnumerable<IEnumerable<string>> Titles(SheetPlan plan) =>
    [
        plan.HeadingRow > 1 ? Head(plan.Sheet).Where(row => row.Line < plan.HeadingRow).SelectMany(row => row.Cells).Where(cell => cell.Kind is SheetCellKind.Text or SheetCellKind.Number).Select(cell => cell.Text) : [],
        file.Sheets.Where(sheet => sheet.Index == plan.Sheet).Select(sheet => sheet.Name),
        [fileName],
    ];

    private List<(long Line, List<SheetCell> Cells)> Head(int sheet)
    {
        using var reader = file.Open(sheet);
        var rows = new List<(long, List<SheetCell>)>();
        while (rows.Count < HeadRows && reader.Read())
        {
            rows.Add((reader.Line, [.. reader.Cells]));
        }

        return rows;
    }

    /// <summary>The row that reads most like headings, with the rows above and below that belong to it; 0 where there is none.</summary>
    private (int Row, int Rows) HeadingsOf(List<(long Line, List<SheetCell> Cells)> head)
    {
        var (best, bestScore) = (-1, 1.0);
        for (var i = 0; i < Math.Min(head.Count, HeadRows / 2); i++)
        {
            var score = ScoreOf(head[i].Cells) - (0.02 * i);
            if (score > bestScore)
            {
                (best, bestScore) = (i, score);
            }
        }

        if (best < 0)
        {
            return (0, 0);
        }

        var (first, last) = (best, best);
        // Above: headings over several columns. Below: a row of units, or the parts of a heading above.
        while (first > 0 && last - first < MostHeadingRows - 1 && head[first - 1].Line == head[first].Line - 1 && head[first - 1].Cells.Exists(cell => cell.IsMerged)
            && head[first - 1].Cells.Count(cell => !cell.IsBlank) > 1 && head[first - 1].Cells.Where(cell => !cell.IsBlank).Select(cell => cell.Text).Distinct().Count() > 1)
        {
            first--;
        }

        while (last + 1 < head.Count && last - first < MostHeadingRows - 1 && head[last + 1].Line == head[last].Line + 1 && IsBelow(head[last].Cells, head[last + 1].Cells))
        {
            last++;
        }

        return ((int)head[first].Line, last - first + 1);
    }

    private bool IsBelow(List<SheetCell> above, List<SheetCell> below)
    {
        var filled = below.Where(cell => !cell.IsBlank).ToList();
        if (filled.Count == 0 || filled.Exists(cell => cell.Kind != SheetCellKind.Text && !cell.IsMerged))
        {
            return false;
        }

        var units = filled.Count(cell => words.IsUnit(cell.Text.Trim('(', ')', '[', ']', ' ')));
        var parts = above.Exists(cell => cell.IsMerged) && filled.TrueForAll(cell => SheetNumbers.Read(cell.Text, null).Outcome == SheetReading.Unreadable);
        return (units > 0 && units == filled.Count(cell => !cell.IsMerged)) || parts;
    }

    private double ScoreOf(List<SheetCell> cells)
    {
        var score = 0.0;
        var seen = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        foreach (var cell in cells.Where(cell => !cell.IsBlank && !cell.IsMerged))
        {
            if (cell.Kind is SheetCellKind.Number or SheetCellKind.Error or SheetCellKind.Boolean or SheetCellKind.NotCalculated)
            {
                score -= 0.7;
                continue;
            }

            if (!seen.Add(cell.Text))
            {
                score -= 0.5;
                continue;
            }

            var heading = SheetHeadingText.Of([cell.Text], words.IsUnit);
            var named = SheetMapping.Suggest([new SheetColumnSample(0, heading, [])], words) is [var first, ..] ? first.Confidence : 0;
            var isNumber = SheetNumbers.Read(cell.Text, null) is { Outcome: SheetReading.Read or SheetReading.Ambiguous };
            var isDay = cell.Kind == SheetCellKind.Day || SheetDays.Read(cell.Text, null).Outcome is SheetReading.Read or SheetReading.Ambiguous;
            // What a cell below the headings would say is none: a site, a type or a unit alone.
            var isValue = words.IsSite(cell.Text) || words.IsUnit(cell.Text) || (heading.Unit is null && words.TypeOf(cell.Text) is not null);
            score += isValue ? -0.5 : named > 0.3 ? 1 + named : isDay ? 0.35 : isNumber ? -0.7 : cell.Text.Length > 60 ? -0.5 : 0.4;
        }

        return score;
    }

    private List<SheetColumnSample> Columns(SheetPlan plan, out SheetShape shape)
    {
        shape = file.ShapeOf(plan.Sheet);
        using var reader = file.Open(plan.Sheet);
        var (headings, values) = (new List<List<string>>(), new List<List<SheetCell>>());
        var (first, last) = (plan.HeadingRow, plan.HeadingRow + plan.HeadingRows - 1);
        for (var rows = 0; rows < SampleRows && reader.Read();)
        {
            if (plan.HeadingRow > 0 && reader.Line <= last)
            {
                if (reader.Line >= first)
                {
                    Put(headings, reader.Cells, (list, cell) => list.Add(cell.Kind == SheetCellKind.TooLong ? "" : cell.Text));
                }

                continue;
            }

            rows++;
            if (!reader.IsHidden || plan.ReadsHiddenRows)
            {
                Put(values, reader.Cells, (list, cell) => list.Add(cell));
            }
        }

        return [.. Enumerable.Range(0, Math.Max(headings.Count, values.Count)).Select(column => new SheetColumnSample(
            column, SheetHeadingText.Of(column < headings.Count ? headings[column] : [], words.IsUnit), column < values.Count ? values[column] : []))];
    }

    private static void Put<T>(List<List<T>> lists, List<SheetCell> cells, Action<List<T>, SheetCell> put)
    {
        while (lists.Count < cells.Count)
        {
            lists.Add([]);
        }

        for (var column = 0; column < cells.Count; column++)
        {
            put(lists[column], cells[column]);
        }
    }

    /// <summary>What the values themselves say of how numbers and days are written.</summary>
    private static Decided CultureOf(SheetPlan plan, List<SheetColumnSample> columns)
    {
        var (point, comma, dayFirst, monthFirst, number, day) = (0, 0, 0, 0, default(string), default(string));
        foreach (var use in plan.Columns.Where(use => use.Column < columns.Count))
        {
            foreach (var cell in columns[use.Column].Values.Where(cell => cell.Kind == SheetCellKind.Text))
            {
                if (use.Field == SheetField.Quantity)
                {
                    var read = SheetNumbers.Read(cell.Text, null);
                    point += read is { Outcome: SheetReading.Read, DecimalMark: '.' } ? 1 : 0;
                    comma += read is { Outcome: SheetReading.Read, DecimalMark: ',' } ? 1 : 0;
                    number ??= read.Outcome == SheetReading.Ambiguous ? cell.Text.Trim() : null;
                }
                else if (use.Field is SheetField.From or SheetField.To or SheetField.Period)
                {
                    var read = SheetDays.Read(cell.Text, null);
                    dayFirst += read is { Outcome: SheetReading.Read, Order: DateOrder.DayMonthYear } ? 1 : 0;
                    monthFirst += read is { Outcome: SheetReading.Read, Order: DateOrder.MonthDayYear } ? 1 : 0;
                    day ??= read.Outcome == SheetReading.Ambiguous ? cell.Text.Trim() : null;
                }
            }
        }

        var (mark, order) = (Only(point, comma, '.', ','), Only(dayFirst, monthFirst, DateOrder.DayMonthYear, DateOrder.MonthDayYear));
        // Both kinds in one column: nobody but a person can say which.
        var contradicts = (point > 0 && comma > 0) || (dayFirst > 0 && monthFirst > 0);
        var fits = SheetLocale.All.Where(locale => (mark is null || locale.DecimalMark == mark) && (order is null || locale.Order == order)).ToList();
        if (fits.Count == 0)
        {
            (fits, contradicts) = ([.. SheetLocale.All], true);
        }

        // Where one locale alone is left, as after a day like 01/31/2025, there is nothing to ask.
        var isCertain = !contradicts && (fits.Count == 1 || ((number is null || mark is not null) && (day is null || order is not null)));
        var says = mark is not null || order is not null;
        return new Decided(isCertain && says ? fits[0].Code : null, isCertain, fits, number, day);
    }

    private static T? Only<T>(int one, int other, T first, T second)
        where T : struct => (one > 0, other > 0) switch { (true, false) => first, (false, true) => second, _ => null };

    private List<SheetQuestion> QuestionsOf(SheetPlan plan, List<SheetColumnSample> columns, Decided culture)
    {
        var questions = new List<SheetQuestion>();
        if (plan.Culture is null && !culture.IsCertain)
        {
            var (number, day) = (culture.Number ?? "1,234", culture.Day);
            questions.Add(new SheetQuestion(
                "culture", "Numbers or dates of this file can be read in more than one way, and nothing in it decides. Say how they are written.", null,
                [.. culture.Fits.Select(locale => new SheetChoice(locale.Code, LabelOf(locale, culture.Number is null && day is not null ? null : number, day)))]));
        }

        if (plan.MonthsFrom is null && MonthsWithoutYear.In(plan, columns).Count > 0)
        {
            questions.Add(new SheetQuestion(
                "months-from", "The months of this file have no year, and no title says it. Say with which month the twelve begin.", null,
                [.. words.Years.Select(first => new SheetChoice(
                    first.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture), string.Create(CultureInfo.InvariantCulture, $"{first:MMMM yyyy} to {first.AddMonths(11):MMMM yyyy}")))]));
        }

        bool Says(SheetField field) => plan.Fixed.ContainsKey(field) || plan.Columns.Any(use => use.Field == field)
            || (plan.Columns.Any(use => use.Field == SheetField.Quantity) && plan.Columns.Where(use => use.Field == SheetField.Quantity).All(use => use.With?.ContainsKey(field) == true));
        if (!Says(SheetField.Quantity))
        {
            questions.Add(Missing(SheetField.Quantity, "Say which column holds the quantity."));
        }

        if (!Says(SheetField.Site))
        {
            questions.Add(Missing(SheetField.Site, "Say which column names the site, or that the whole file is of one site."));
        }

        if (!Says(SheetField.ActivityType) && !(words.Accounts.GiveTypes && (Says(SheetField.Vendor) || Says(SheetField.Account))))
        {
            questions.Add(Missing(SheetField.ActivityType, "Say which column tells what was used, or that the whole file is of one activity type."));
        }

        var beside = plan.Columns.Where(use => use.Field == SheetField.Quantity && use.Column < columns.Count)
            .Any(use => columns[use.Column].Values.Any(cell => cell.Kind == SheetCellKind.Text && words.IsUnit(SheetNumbers.Read(cell.Text, null).Suffix)));
        if (!Says(SheetField.Unit) && !beside)
        {
            questions.Add(Missing(SheetField.Unit, "Say which column holds the unit, or the unit of the whole file."));
        }

        if (!Says(SheetField.Period) && !Says(SheetField.From))
        {
            questions.Add(Missing(SheetField.Period, "Say which column holds the period, or the first and the last day, or that the whole file is of one period."));
        }

        return questions;
    }

    private static SheetQuestion Missing(SheetField field, string message) => new("missing-field", message, field, []);

    private static string LabelOf(SheetLocale locale, string? number, string? day)
    {
        var reads = new List<string>();
        if (number is not null && SheetNumbers.Read(number, locale) is { Outcome: SheetReading.Read } read)
        {
            reads.Add(string.Create(CultureInfo.InvariantCulture, $"{number} is {read.Value:0.############}"));
        }

        if (day is not null && SheetDays.Read(day, locale.Order) is { Outcome: SheetReading.Read } date)
        {
            reads.Add(string.Create(CultureInfo.InvariantCulture, $"{day} is {date.From:d MMMM yyyy}"));
        }

        return reads.Count == 0 ? locale.Name : $"{locale.Name}: {string.Join(", ", reads)}";
    }

    /// <param name="Culture">The first locale that fits, where the values say enough and something depends on it.</param>
    /// <param name="Number">A number that can be read in two ways.</param>
    /// <param name="Day">A day that can be read in two ways.</param>
    private sealed record Decided(string? Culture, bool IsCertain, List<SheetLocale> Fits, string? Number, string? Day);
}
