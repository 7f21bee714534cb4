using OffGridFlow.Core.Calculation;
using OffGridFlow.Core.Tenancy;

namespace OffGridFlow.Core.Assurance;

/// <summary>What an auditor found (ISA 450 A6 for misstatements).</summary>
public enum FindingKind
{
    /// <summary>There is no doubt about it.</summary>
    FactualMisstatement,

    /// <summary>The auditor judges otherwise than the organization.</summary>
    JudgmentalMisstatement,

    /// <summary>What items that were checked say of those that were not; where no sample of the product says it.</summary>
    ProjectedMisstatement,

    /// <summary>How the organization works.</summary>
    Control,

    /// <summary>What a report says of it.</summary>
    Presentation,
}

public enum FindingStatus
{
    Open,

    /// <summary>The organization has said what it thinks of it.</summary>
    Answered,

    /// <summary>The figures were changed.</summary>
    Corrected,

    /// <summary>It stays as it is.</summary>
    Uncorrected,

    /// <summary>It was none.</summary>
    Withdrawn,
}

/// <summary>What was done with a finding.</summary>
public enum FindingStep
{
    Recorded,
    Changed,
    Commented,
    Answered,
    Closed,
    Reopened,
}

/// <summary>A finding of an auditor. All that is said of it stands in its versions.</summary>
public sealed class Finding : ITenantOwned
{
    public required Guid Id { get; init; }
    public required Guid TenantId { get; init; }
    public required Guid PeriodId { get; init; }

    /// <summary>From 1 in its period.</summary>
    public required int Number { get; init; }
}

/// <summary>A finding as it stood after a step. Append-only: the highest version counts.</summary>
public sealed class FindingVersion : ITenantOwned
{
    public required Guid TenantId { get; init; }
    public required Guid FindingId { get; init; }

    /// <summary>From 1.</summary>
    public required int Version { get; init; }
    public required FindingStep Step { get; init; }
    public required FindingStatus Status { get; init; }
    public required FindingKind Kind { get; init; }
    public required string Title { get; init; }

    /// <summary>What was seen.</summary>
    public required string Observation { get; init; }

    /// <summary>What it is held against: the paragraph of a standard or of the organization's own rules.</summary>
    public string? Criterion { get; init; }
    public string? Cause { get; init; }

    /// <summary>kg CO2e; above zero: the ledger says too much. Null: not quantified.</summary>
    public decimal? EffectKg { get; init; }

    /// <summary>Why it is not quantified.</summary>
    public string? NotQuantified { get; init; }

    /// <summary>1 to 3; where it is quantified.</summary>
    public int? Scope { get; init; }

    /// <summary>The view that it is about; null: both, or no scope 2.</summary>
    public Scope2Method? View { get; init; }

    /// <summary>The result or the entry that it is about; null: the period.</summary>
    public Guid? ResultId { get; init; }
    public Guid? EntryId { get; init; }

    /// <summary>Who is to answer.</summary>
    public string? AssignedTo { get; init; }

    /// <summary>What the organization says, the latest.</summary>
    public string? Answer { get; init; }

    /// <summary>What corrected it: <c>entry/ID/VERSION</c>, <c>run/ID</c>, or another reference in words.</summary>
    public string? CorrectedBy { get; init; }

    /// <summary>What was said with this step.</summary>
    public string? Note { get; init; }
    public required Guid? AuthorId { get; init; }
    public required string Author { get; init; }
    public required DateTimeOffset At { get; init; }
}
