using OffGridFlow.Core.Tenancy;

namespace OffGridFlow.Core.Organizations;

public enum ReportingPeriodState
{
    /// <summary>Its days and figures can change.</summary>
    Open,

    /// <summary>Its days and figures stand until somebody reopens it.</summary>
    Locked,

    /// <summary>A report of it was filed: nothing of it changes any more.</summary>
    Filed,
}

/// <summary>A fiscal year. No two of a tenant share a day.</summary>
public sealed class ReportingPeriod : IVersioned
{
    public required Guid Id { get; init; }
    public required Guid TenantId { get; init; }

    /// <summary>E.g. <c>FY2025</c>.</summary>
    public required string Name { get; set; }

    /// <summary>Inclusive.</summary>
    public required DateOnly FirstDay { get; set; }

    /// <summary>Inclusive.</summary>
    public required DateOnly LastDay { get; set; }

    /// <summary>By which the group's entities count in this period's inventory.</summary>
    public ConsolidationApproach Approach { get; set; } = ConsolidationApproach.OperationalControl;
    public ReportingPeriodState State { get; set; } = ReportingPeriodState.Open;

    /// <summary>Counts the changes, for <c>If-Match</c>.</summary>
    public int Version { get; set; } = 1;
}

/// <summary>
/// What an entity did in a period, for intensities. Append-only: a correction is the next version, and the highest counts. What is null is not known,
/// which is not zero.
/// </summary>
public sealed class BusinessFigure : ITenantOwned
{
    public required Guid TenantId { get; init; }
    public required Guid OrganizationId { get; init; }
    public required Guid PeriodId { get; init; }

    /// <summary>From 1.</summary>
    public required int Version { get; init; }

    /// <summary>Net revenue of the period, in <see cref="Currency"/>.</summary>
    public decimal? Revenue { get; init; }

    /// <summary>ISO 4217; set with <see cref="Revenue"/>.</summary>
    public string? Currency { get; init; }

    /// <summary>Full-time equivalents, average over the period.</summary>
    public decimal? FullTimeEmployees { get; init; }

    /// <summary>What was made, in <see cref="OutputUnit"/>.</summary>
    public decimal? Output { get; init; }

    /// <summary>In the words of the tenant: <c>t of steel</c>, <c>vehicles</c>; set with <see cref="Output"/>.</summary>
    public string? OutputUnit { get; init; }

    /// <summary>Square meters.</summary>
    public decimal? FloorArea { get; init; }

    /// <summary>Why this version, in the words of its author.</summary>
    public string? Reason { get; init; }
    public required Guid? AuthorId { get; init; }
    public required string Author { get; init; }
    public required DateTimeOffset At { get; init; }
}
