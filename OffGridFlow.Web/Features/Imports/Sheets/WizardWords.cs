using OffGridFlow.Core.Imports.Sheets;
using OffGridFlow.Infrastructure.Imports.Sheets;
using OffGridFlow.Web.Shared;

namespace OffGridFlow.Web.Features.Imports.Sheets;

internal static class WizardWords
{
    /// <summary>In the order in which they are offered.</summary>
    public static readonly IReadOnlyList<SheetField> Fields =
    [
        SheetField.Site, SheetField.ActivityType, SheetField.Quantity, SheetField.Unit, SheetField.From, SheetField.To, SheetField.Period, SheetField.Gas, SheetField.Quality,
        SheetField.Accrual, SheetField.Category, SheetField.Vendor, SheetField.Account, SheetField.Reference, SheetField.Note, SheetField.ExternalId,
    ];

    public static string Name(SheetField field) => field switch
    {
        SheetField.ActivityType => "Activity type",
        SheetField.From => "First day",
        SheetField.To => "Last day",
        SheetField.Account => "Ledger account",
        SheetField.ExternalId => "External id",
        _ => field.ToString(),
    };

    public static string Hint(SheetField field) => field switch
    {
        SheetField.Site => "where it was used",
        SheetField.ActivityType => "what was used",
        SheetField.Quantity => "how much",
        SheetField.Unit => "kWh, l, kg …",
        SheetField.From => "period starts",
        SheetField.To => "period ends",
        SheetField.Period => "month, quarter or year in one cell",
        SheetField.Gas => "of a leak",
        SheetField.Quality => "measured, estimated or defaulted",
        SheetField.Accrual => "yes or no",
        SheetField.Category => "of Scope 3, 1 to 15",
        SheetField.Vendor => "whom money went to",
        SheetField.Account => "where it was booked",
        SheetField.Reference => "bill or meter number",
        SheetField.Note => "kept with the entry",
        _ => "id in the system it comes from",
    };

    public static string Rows(long count) => count == 1 ? "1 row" : $"{Format.Count(count)} rows";

    public static string Outcome(SheetRowOutcome outcome) => outcome switch
    {
        SheetRowOutcome.Load => "Load",
        SheetRowOutcome.Fixed => "Fixed, load",
        SheetRowOutcome.LeftOut => "Left out",
        SheetRowOutcome.Unknown => "Checking",
        _ => outcome.ToString(),
    };

    public static string Icon(SheetRowOutcome outcome) => outcome switch
    {
        SheetRowOutcome.Load => "circle-plus",
        SheetRowOutcome.Fixed => "circle-check",
        SheetRowOutcome.Unchanged => "equal",
        SheetRowOutcome.Duplicate => "copy",
        SheetRowOutcome.Rejected => "circle-alert",
        SheetRowOutcome.LeftOut => "circle-minus",
        _ => "clock",
    };

    public static string Tone(SheetRowOutcome outcome) => outcome switch
    {
        SheetRowOutcome.Fixed => "good",
        SheetRowOutcome.Rejected => "error",
        SheetRowOutcome.Load => "ink",
        _ => "quiet",
    };

    /// <summary>How a locale writes a number and a day, e.g. <c>1.234,5 and 31.12.2025</c>.</summary>
    public static string Example(SheetLocale locale)
    {
        var group = locale.GroupMarks is [',' or '.' or '\'', ..] ? locale.GroupMarks[0].ToString() : "\u00A0";
        var day = locale.Order switch
        {
            DateOrder.MonthDayYear => "12/31/2025",
            DateOrder.YearMonthDay => "2025-12-31",
            _ => locale.Code.StartsWith("de", StringComparison.Ordinal) || locale.Code.StartsWith("pl", StringComparison.Ordinal) ? "31.12.2025" : "31/12/2025",
        };
        return $"1{group}234{locale.DecimalMark}5 and {day}";
    }

    /// <summary>Beyond this the suggestion is as good as said.</summary>
    public static bool IsSure(SheetHeading heading) => heading.Confidence >= 0.8;

    /// <summary>E.g. <c>41d7…e0b2</c>.</summary>
    public static string ShortHash(string sha256) => sha256.Length > 12 ? $"{sha256[..4]}…{sha256[^4..]}" : sha256;
}
