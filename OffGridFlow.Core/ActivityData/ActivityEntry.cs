using OffGridFlow.Core.Inventory;
using OffGridFlow.Core.Tenancy;

namespace OffGridFlow.Core.ActivityData;

/// <summary>Where an entry stands on its way into the totals.</summary>
public enum EntryStatus
{
    /// <summary>Being written: in no total.</summary>
    Draft,

    /// <summary>In the totals, shown apart until a second person has approved it.</summary>
    Submitted,

    /// <summary>Approved by a second person, or by its author where the tenant asks for none.</summary>
    Approved,

    /// <summary>Kept, and in no total; the reason is in its history.</summary>
    Excluded,
}

/// <summary>
/// Activity data of a site that a person or a file entered: a quantity over some days. The row is as it stands now; every change is kept as an
/// <see cref="ActivityEntryVersion"/>.
/// </summary>
public sealed class ActivityEntry : ITenantOwned
{
    public required Guid Id { get; init; }
    public required Guid TenantId { get; init; }
    public required Guid SiteId { get; set; }

    /// <summary>Key of an activity type, or a publisher's activity.</summary>
    public required string ActivityType { get; set; }

    /// <summary>In <see cref="Unit"/>. Negative in a reversal only.</summary>
    public required decimal Quantity { get; set; }

    /// <summary>Symbol in the table of units.</summary>
    public required string Unit { get; set; }

    /// <summary>First day, inclusive, in the site's own calendar.</summary>
    public required DateOnly PeriodStart { get; set; }

    /// <summary>Last day, inclusive.</summary>
    public required DateOnly PeriodEnd { get; set; }

    /// <summary>The gas or blend, for leaks and process gases.</summary>
    public string? Gas { get; set; }

    /// <summary>A factor that a person has chosen; else the rules choose.</summary>
    public string? FactorId { get; set; }

    /// <summary>Measured, estimated or defaulted.</summary>
    public required DataQuality Quality { get; set; }

    /// <summary>The five indicators of the GHG Protocol, 1 (very good) to 5, in their order: technology, time, place, completeness, reliability; empty: not rated.</summary>
    public int[] QualityIndicators { get; set; } = [];

    /// <summary>Half of the 95 % interval of the quantity, percent.</summary>
    public decimal? UncertaintyPercent { get; set; }
    public required EntryStatus Status { get; set; }

    /// <summary>True for an amount that stands in until the actual one arrives.</summary>
    public bool IsAccrual { get; set; }

    /// <summary>The entry that this one takes back.</summary>
    public Guid? ReversesId { get; set; }

    /// <summary>Number of the invoice, meter or report; finds duplicates.</summary>
    public string? Reference { get; set; }
    public string? Note { get; set; }

    /// <summary>The name that another system gave it, unique in the tenant: the same sent twice is one entry.</summary>
    public string? ExternalId { get; set; }

    /// <summary>The import that brought it, of an entry that came in a spreadsheet; null for all else.</summary>
    public Guid? ImportId { get; init; }

    /// <summary>The file that it was read from.</summary>
    public Guid? DocumentId { get; init; }

    /// <summary>Name of the sheet; null where the file has none.</summary>
    public string? SourceSheet { get; init; }

    /// <summary>1-based row of the sheet, physical line of a text file.</summary>
    public long? SourceLine { get; init; }

    /// <summary>0-based column of the quantity: where months or types are columns, one row makes several entries.</summary>
    public int? SourceColumn { get; init; }

    /// <summary>How the quantity of a refrigerant came about, where it is the balance of a stock.</summary>
    public RefrigerantBalance? Balance { get; set; }

    /// <summary>Codes of the questions that its author has answered with yes for the values that stand.</summary>
    public string[] Confirmed { get; set; } = [];

    /// <summary>Counts the changes, for <c>If-Match</c>.</summary>
    public int Version { get; set; } = 1;

    /// <summary>Who wrote the version that stands; a second person approves it.</summary>
    public required Guid? ChangedById { get; set; }
    public required string ChangedBy { get; set; }
    public required DateTimeOffset ChangedAt { get; set; }
}

/// <summary>An entry as it was from one change to the next. Append-only.</summary>
public sealed class ActivityEntryVersion : ITenantOwned
{
    public required Guid TenantId { get; init; }
    public required Guid EntryId { get; init; }
    public required int Version { get; init; }

    /// <summary>What was done: <c>created</c>, <c>changed</c>, <c>submitted</c>, <c>approved</c>, <c>returned</c>, <c>excluded</c>, <c>restored</c>, <c>reversed</c>.</summary>
    public required string Action { get; init; }

    /// <summary>The whole entry as JSON.</summary>
    public required string Content { get; init; }

    /// <summary>Why, in the words of the person who did it.</summary>
    public string? Reason { get; init; }
    public required Guid? AuthorId { get; init; }
    public required string Author { get; init; }
    public required DateTimeOffset At { get; init; }
}
