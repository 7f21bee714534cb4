using OffGridFlow.Core.CloudUsage;
using OffGridFlow.Core.Tenancy;

namespace OffGridFlow.Core.Inventory;

/// <summary>How sure a figure is. Written in lower case.</summary>
public enum DataQuality
{
    Measured,
    Estimated,

    /// <summary>Every coefficient that mattered was a stand-in.</summary>
    Defaulted,

    /// <summary>Usage without a result: shown with its cost, never as zero.</summary>
    Missing,

    /// <summary>Left out by a named rule.</summary>
    Excluded,
}

/// <summary>The result of one version of an activity, with what made it. Append-only; <see cref="EmissionInterval"/> says when it counts.</summary>
public sealed class EmissionRecord : ITenantOwned
{
    public required Guid Id { get; init; }
    public required Guid TenantId { get; init; }
    public required Guid ActivityId { get; init; }

    /// <summary>GHG Protocol scope, 1 to 3.</summary>
    public required int Scope { get; init; }

    /// <summary>Scope 3 category, 1 to 15.</summary>
    public int? Category { get; init; }
    public required string Method { get; init; }
    public required string MethodVersion { get; init; }
    public required bool ComparisonOnly { get; init; }
    public decimal? KilowattHours { get; init; }
    public decimal? OperationalKgCo2e { get; init; }
    public decimal? EmbodiedKgCo2e { get; init; }

    /// <summary>Operational plus embodied.</summary>
    public decimal? KgCo2e { get; init; }

    /// <summary>The part of <see cref="KgCo2e"/> in which a default stood in for a specific coefficient.</summary>
    public required decimal DefaultedKgCo2e { get; init; }
    public required DataQuality Quality { get; init; }
    public string? GridFactorId { get; init; }
    public required string[] Flags { get; init; }
}

/// <summary>When a result counts, in the tenant's ledger order: from a change on, until the change that ends it.</summary>
public sealed class EmissionInterval : ITenantOwned
{
    public required Guid TenantId { get; init; }
    public required Guid EmissionId { get; init; }
    public required long FromSequence { get; init; }

    /// <summary>Null while it counts.</summary>
    public long? ToSequence { get; set; }
}

/// <summary>
/// Roll-up of the current emission records, kept with the ledger: recomputed for the months a change touches in the change's own
/// transaction, never added to.
/// </summary>
public sealed class MonthlyTotal : ITenantOwned
{
    public required Guid TenantId { get; init; }
    public required DateOnly Month { get; init; }
    public required int Scope { get; init; }

    /// <summary>Scope 3 category; 0 for scopes 1 and 2.</summary>
    public required int Category { get; init; }
    public required string Provider { get; init; }
    public required string Account { get; init; }
    public required string Service { get; init; }
    public required string Region { get; init; }
    public required UsageClass UsageClass { get; init; }
    public required string Method { get; init; }
    public required bool ComparisonOnly { get; init; }
    public required string Currency { get; init; }
    public required long Activities { get; init; }
    public required long ActivitiesWithoutResult { get; init; }
    public required decimal KilowattHours { get; init; }
    public required decimal OperationalKgCo2e { get; init; }
    public required decimal EmbodiedKgCo2e { get; init; }
    public required decimal DefaultedKgCo2e { get; init; }
    public required decimal Cost { get; init; }
    public required decimal UnmappedCost { get; init; }
}
