using OffGridFlow.Core.ActivityData;
using OffGridFlow.Core.EmissionFactors;
using OffGridFlow.Infrastructure.ActivityData;
using OffGridFlow.Web.Shared;

namespace OffGridFlow.Web.Features.ActivityData;

/// <summary>Words and shapes of entries, in one place for all parts of the pages.</summary>
internal static class ActivityWords
{
    public static readonly IReadOnlyList<string> Indicators = ["Technology", "Time", "Place", "Completeness", "Reliability"];

    public static string Status(EntryStatus status) => status.ToString();

    public static string Tone(EntryStatus status) => status switch
    {
        EntryStatus.Submitted => "info",
        EntryStatus.Approved => "good",
        _ => "quiet",
    };

    public static string Icon(EntryStatus status) => status switch
    {
        EntryStatus.Draft => "pencil",
        EntryStatus.Submitted => "clock",
        EntryStatus.Approved => "circle-check",
        _ => "circle-slash",
    };

    /// <summary>A whole month by its name, other days from first to last.</summary>
    public static string Period(DateOnly from, DateOnly to) => (from.Day == 1 && to == Dates.LastDay(from)) ? Dates.ShortMonth(from)
        : (from.Day == 1 && from.Month == 1 && to == new DateOnly(from.Year, 12, 31)) ? from.Year.ToString(System.Globalization.CultureInfo.InvariantCulture)
        : from == to ? Dates.Day(from) : Dates.Day(from) + " – " + Dates.Day(to);

    public static string Quantity(decimal quantity, string unit) => Format.Digits(quantity) + Format.NoBreakSpace + unit;

    public static string Finding(EntryCounts counts)
    {
        var (submitted, drafts) = (counts.ByStatus.GetValueOrDefault(EntryStatus.Submitted), counts.ByStatus.GetValueOrDefault(EntryStatus.Draft));
        if (counts.All == 0) return "Activity data";
        if (submitted > 0) return $"{Entries(submitted)} {(submitted == 1 ? "waits" : "wait")} for approval{(drafts > 0 ? $", and {Entries(drafts)} still {(drafts == 1 ? "is a draft" : "are drafts")}" : "")}";
        return drafts > 0 ? $"{Entries(drafts)} still {(drafts == 1 ? "is a draft and counts" : "are drafts and count")} in no total" : $"All {Entries(counts.All)} are approved or excluded";
    }

    public static string Entries(long count) => Format.Count(count) + (count == 1 ? " entry" : " entries");

    /// <summary>What stands beside an entry, e.g. <c>2 documents, 1 comment</c>; empty where there is nothing.</summary>
    public static string Kept(EntryRow row) => string.Join(", ", new[]
    {
        row.Documents == 0 ? "" : Format.Count(row.Documents) + (row.Documents == 1 ? " document" : " documents"),
        row.Comments == 0 ? "" : Format.Count(row.Comments) + (row.Comments == 1 ? " comment" : " comments"),
    }.Where(part => part.Length > 0));

    public static string Action(string action) => action switch
    {
        "created" => "Entered",
        "changed" => "Changed",
        "submitted" => "Submitted",
        "approved" => "Approved",
        "returned" => "Returned",
        "excluded" => "Excluded",
        "restored" => "Restored",
        "reversed" => "Reversed",
        _ => action,
    };

    public static string Field(string field) => field switch
    {
        "site" => "Site",
        "activityType" => "Activity type",
        "periodStart" => "First day",
        "periodEnd" => "Last day",
        "factorId" => "Chosen factor",
        "qualityIndicators" => "Quality indicators",
        "uncertaintyPercent" => "Uncertainty, %",
        "isAccrual" => "Accrual",
        "reversesId" => "Takes back",
        "externalId" => "External id",
        "confirmed" => "Confirmed questions",
        "convertedFrom" => "Measured",
        _ => char.ToUpperInvariant(field[0]) + field[1..],
    };

    public static string Done(EntryAction action) => action switch
    {
        EntryAction.Submit => "Submitted",
        EntryAction.Approve => "Approved",
        EntryAction.Return => "Returned as a draft",
        EntryAction.Exclude => "Excluded",
        EntryAction.Restore => "Restored",
        EntryAction.Reverse => "Reversed",
        _ => "Deleted",
    };

    /// <summary>What a group of exceptions is about.</summary>
    public static string Exception(string code) => code switch
    {
        "choose-calorific-basis" => "Gross or net calorific value is not said",
        "unit-of-another-group" or "conversion-mismatch" => "The unit does not fit the activity",
        "unknown-activity-type" or "ambiguous-activity-type" => "The activity type is not known",
        "no-factor" => "No factor set has the activity",
        "no-factor-for-year" => "No edition of a factor is for the year",
        "no-factor-for-region" => "No factor holds in the region",
        "unknown-region" => "The region of the site is not known",
        "not-for-inventory" => "A marginal rate is not for inventories",
        "energy-only" => "The chosen row is for energy, not for emissions",
        "no-figure" => "The publisher gives no figure for the unit",
        "tie" => "Two factors fit equally well",
        "unknown-factor" or "factor-does-not-fit" => "The chosen factor cannot be used",
        "gas-missing" or "unknown-gas" => "The gas is missing or not known",
        "no-potential" => "The gas has no potential in the chosen set",
        "negative-quantity" => "The quantity is below zero",
        "no-exchange-rate" => "A rate of exchange is missing",
        "no-price-index" => "A price index is missing",
        "category-not-allowed" => "The activity does not belong in the category",
        "account-map-changes" => "What the account stands for changes within the days",
        _ => "It cannot be calculated",
    };

    /// <summary>What mends entries of a reason.</summary>
    public static Mend MendOf(string code) => code switch
    {
        "choose-calorific-basis" or "unit-of-another-group" or "conversion-mismatch" => Mend.Unit,
        "unknown-activity-type" or "ambiguous-activity-type" or "no-factor" or "not-for-inventory" or "energy-only" or "no-figure" => Mend.Type,
        "gas-missing" or "unknown-gas" => Mend.Gas,
        "unknown-factor" or "factor-does-not-fit" => Mend.Factor,
        "no-factor-for-year" or "tie" or "no-potential" => Mend.Policy,
        "no-factor-for-region" or "unknown-region" => Mend.Region,
        "no-exchange-rate" or "no-price-index" => Mend.Money,
        _ => Mend.Entry,
    };

    /// <summary>Families whose types may be entered as the balance of a stock.</summary>
    public static bool HasStock(ActivityChoice choice) => choice is { Family: ActivityFamily.Fugitive, NeedsGas: true };
}

/// <summary>The ways out of an exception.</summary>
internal enum Mend
{
    /// <summary>Another unit, or its calorific basis.</summary>
    Unit,
    Type,
    Gas,

    /// <summary>Let the rules choose the factor.</summary>
    Factor,

    /// <summary>The order and the editions of sets, on the page of factors.</summary>
    Policy,

    /// <summary>The site's region.</summary>
    Region,

    /// <summary>A rate or an index, or an account map that takes the spending out.</summary>
    Money,

    /// <summary>Open the entry.</summary>
    Entry,
}
