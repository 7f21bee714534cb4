using OffGridFlow.Core.Tenancy;

namespace OffGridFlow.Core.Inventory;

/// <summary>Whether a Scope 3 category is in the inventory of a period.</summary>
public enum BoundaryChoice
{
    Included,

    /// <summary>It happens, and is left out: the reason and the estimated mass are printed with the inventory.</summary>
    Excluded,

    /// <summary>The organization has nothing of the kind.</summary>
    NotApplicable,
}

/// <summary>
/// What was decided on one of the 15 categories of Scope 3 for a period (GHG Protocol Scope 3 Standard, chapter 6: every category is accounted for, or its
/// exclusion disclosed and justified). Append-only: another decision, or the approval of one, is the next version, and the highest counts.
/// </summary>
public sealed class BoundaryDecision : ITenantOwned
{
    /// <summary>The first and the last category of the Scope 3 Standard.</summary>
    public const int FirstCategory = 1, LastCategory = 15;

    public required Guid TenantId { get; init; }
    public required Guid PeriodId { get; init; }

    /// <summary>1 to 15.</summary>
    public required int Category { get; init; }

    /// <summary>From 1.</summary>
    public required int Version { get; init; }
    public required BoundaryChoice Choice { get; init; }

    /// <summary>Why, in the words of the tenant; never empty for what is not included.</summary>
    public string? Reason { get; init; }

    /// <summary>t CO2e that an excluded category may come to.</summary>
    public decimal? EstimatedTonnes { get; init; }

    /// <summary>When the decision is to be looked at again.</summary>
    public DateOnly? ReviewOn { get; init; }

    /// <summary>Who decided, and when.</summary>
    public required Guid? AuthorId { get; init; }
    public required string Author { get; init; }
    public required DateTimeOffset At { get; init; }

    /// <summary>Who agreed, and when; null: nobody yet.</summary>
    public Guid? ApprovedById { get; init; }
    public string? ApprovedBy { get; init; }
    public DateTimeOffset? ApprovedAt { get; init; }
}
