using OffGridFlow.Core.Imports;
using OffGridFlow.Core.Tenancy;

namespace OffGridFlow.Core.CloudUsage;

/// <summary>A <see cref="UsageKind"/> of a tenant with its number.</summary>
public sealed class StoredUsageKind : ITenantOwned
{
    public int Id { get; init; }
    public required Guid TenantId { get; init; }
    public required string Provider { get; init; }
    public required string Account { get; init; }
    public required string Service { get; init; }
    public required string Region { get; init; }
    public required string UsageType { get; init; }
    public required string Unit { get; init; }
    public required string InstanceType { get; init; }
    public decimal? Vcpus { get; init; }
    public required string Currency { get; init; }

    public UsageKind ToKind() => new(Provider, Account, Service, Region, UsageType, Unit, InstanceType, Vcpus, Currency);
}

/// <summary>
/// All lines of one kind in one batch and usage month, summed, with their estimate. Trails and replay work here:
/// an activity is the sum of its summaries, a summary is the sum of its lines times one rate.
/// </summary>
public sealed class UsageSummary : ITenantOwned
{
    public required Guid TenantId { get; init; }
    public required long BatchNumber { get; init; }
    public required int KindId { get; init; }

    /// <summary>First day of the UTC month of the usage.</summary>
    public required DateOnly UsageMonth { get; init; }
    public required ChargeKind Charge { get; init; }

    /// <summary>In the kind's unit.</summary>
    public required decimal Amount { get; init; }

    /// <summary>In the kind's currency.</summary>
    public required decimal Cost { get; init; }
    public required long LineCount { get; init; }

    /// <summary>The span of lines that holds them all; makes finding them again cheap.</summary>
    public required long FirstLine { get; init; }
    public required long LastLine { get; init; }

    /// <summary>The class in the ledger: usage whose size is not known stands under <see cref="UsageClass.Unknown"/>.</summary>
    public required UsageClass UsageClass { get; init; }
    public decimal? ClassQuantity { get; init; }
    public string? ClassUnit { get; init; }
    public decimal? KilowattHours { get; init; }
    public decimal? OperationalKgCo2e { get; init; }
    public decimal? EmbodiedKgCo2e { get; init; }

    /// <summary>A default stood in for a specific coefficient.</summary>
    public bool Defaulted { get; init; }
    public string? GridFactorId { get; init; }
    public required string Method { get; init; }
    public required string MethodVersion { get; init; }
    public required bool ComparisonOnly { get; init; }

    /// <summary>Codes of the estimate's flags.</summary>
    public required string[] Flags { get; init; }
}
