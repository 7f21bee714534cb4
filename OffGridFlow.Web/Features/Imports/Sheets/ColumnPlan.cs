using System.Globalization;
using OffGridFlow.Core.Imports.Sheets;
using OffGridFlow.Infrastructure.Imports.Sheets;

namespace OffGridFlow.Web.Features.Imports.Sheets;

/// <summary>What a choice about columns makes of a plan.</summary>
internal static class ColumnPlan
{
    /// <summary>What the heading of a quantity column can say of its values.</summary>
    public static readonly IReadOnlyList<SheetField> OfQuantity = [SheetField.Unit, SheetField.ActivityType, SheetField.Period, SheetField.Site];

    /// <summary>What a file can say once; a first and a last day of one's own are a period.</summary>
    private static readonly SheetField[] Whole =
    [
        SheetField.Site, SheetField.ActivityType, SheetField.Unit, SheetField.Period, SheetField.Gas, SheetField.Quality, SheetField.Accrual, SheetField.Category, SheetField.Vendor, SheetField.Account,
    ];

    public static SheetColumnUse? UseOf(SheetPlan plan, int column) => plan.Columns.FirstOrDefault(use => use.Column == column);

    /// <summary>True where no column holds the field.</summary>
    public static bool Free(SheetPlan plan, SheetField field) => field == SheetField.Quantity || plan.Columns.All(use => use.Field != field);

    /// <summary>One of the registers of a meter, such as its high tariff.</summary>
    public static bool IsRegister(SheetColumnUse use) => use.Field == SheetField.Quantity && use.With?.GetValueOrDefault(SheetField.Quantity) == SheetPlan.Register;

    /// <summary>Several columns of quantities: each value is an entry.</summary>
    public static bool IsWide(SheetPlan plan) => plan.Columns.Count(use => use.Field == SheetField.Quantity) > 1;

    /// <summary>Fields that are said for the whole file, because no column says them.</summary>
    public static IEnumerable<SheetField> OfFile(SheetPlan plan)
    {
        var quantities = plan.Columns.Where(use => use.Field == SheetField.Quantity).ToList();
        return Whole.Where(field => Free(plan, field)
            && (field != SheetField.Period || Free(plan, SheetField.From))
            // What every quantity column says of itself needs no saying twice.
            && !(quantities.Count > 0 && quantities.TrueForAll(use => use.With?.ContainsKey(field) == true)));
    }

    /// <summary>Takes the field from the column that had it: only quantities stand in several.</summary>
    public static SheetPlan Use(SheetPlan plan, SheetHeading heading, SheetField? field)
    {
        var others = plan.Columns.Where(use => use.Column != heading.Index && (field is null or SheetField.Quantity || use.Field != field));
        if (field is not { } chosen)
        {
            return plan with { Columns = [.. others] };
        }

        var with = (chosen, heading) switch
        {
            (SheetField.Quantity, { Unit: { } unit }) => new Dictionary<SheetField, string> { [SheetField.Unit] = unit },
            (SheetField.Period, { FirstDays: SheetFirstDays.Months }) => new() { [SheetField.Period] = SheetPlan.WholeMonths },
            _ => null,
        };
        return plan with
        {
            Columns = [.. others.Append(new SheetColumnUse(heading.Index, chosen, with)).OrderBy(use => use.Column)],
            Fixed = plan.Fixed.Where(pair => pair.Key != chosen).ToDictionary(pair => pair.Key, pair => pair.Value),
        };
    }

    /// <summary>Whether the first days of months in the column stand for the months.</summary>
    public static bool IsMonthly(SheetColumnUse use) => use.Field == SheetField.Period && use.With?.GetValueOrDefault(SheetField.Period) == SheetPlan.WholeMonths;

    /// <param name="text">Empty: the heading says nothing of it.</param>
    public static SheetPlan With(SheetPlan plan, int column, SheetField field, string? text) => plan with
    {
        Columns = [.. plan.Columns.Select(use => use.Column == column ? use with { With = Set(use.With, field, text) } : use)],
    };

    /// <param name="first">The month that the twelve begin with, yyyy-MM with or without the day; else nothing is said.</param>
    public static SheetPlan Months(SheetPlan plan, string? first) => plan with
    {
        MonthsFrom = first is { Length: >= 7 } && DateOnly.TryParseExact(first[..7], "yyyy-MM", CultureInfo.InvariantCulture, DateTimeStyles.None, out var month) ? month : null,
    };

    /// <param name="text">Empty: nothing is said for the whole file.</param>
    public static SheetPlan Fix(SheetPlan plan, SheetField field, string? text) => plan with { Fixed = Set(plan.Fixed, field, text) };

    private static Dictionary<SheetField, string> Set(IReadOnlyDictionary<SheetField, string>? values, SheetField field, string? text)
    {
        var set = values?.ToDictionary(pair => pair.Key, pair => pair.Value) ?? [];
        if (string.IsNullOrWhiteSpace(text))
        {
            set.Remove(field);
        }
        else
        {
            set[field] = text.Trim();
        }

        return set;
    }
}
