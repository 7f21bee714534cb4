using OffGridFlow.Core.Calculation;
using OffGridFlow.Core.CloudUsage;
using OffGridFlow.Core.EmissionFactors;
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

    /// <summary>First day of the month in which it counts; an activity that crosses months has records in each.</summary>
    public required DateOnly Month { get; init; }

    /// <summary>The view of purchased energy; null for all but scope 2.</summary>
    public Scope2Method? Scope2Method { get; init; }

    /// <summary>Null for cloud usage.</summary>
    public FactorPart? Part { get; init; }

    /// <summary>The factor, its set and the set's checksum; null for cloud usage and where an instrument gives the rate.</summary>
    public string? FactorId { get; init; }
    public string? FactorSetId { get; init; }
    public string? FactorSetChecksum { get; init; }

    /// <summary>The contractual instrument that covers it.</summary>
    public Guid? InstrumentId { get; init; }

    /// <summary>kg of CO2 from living matter, beside the total.</summary>
    public decimal? BiogenicKgCo2 { get; init; }

    /// <summary>
    /// What is of this result alone of all that a replay needs, as <see cref="Calculation.Derivation"/> in JSON without what another key tells; results from before hold all of it.
    /// Null for cloud usage, whose summaries hold it.
    /// </summary>
    public string? Derivation { get; init; }
    public required string Method { get; init; }
    public required string MethodVersion { get; init; }
    public required bool ComparisonOnly { get; init; }
    public decimal? KilowattHours { get; init; }
    public decimal? OperationalKgCo2e { get; init; }
    public decimal? EmbodiedKgCo2e { get; init; }

    /// <summary>All of it: operational plus embodied for cloud usage.</summary>
    public decimal? KgCo2e { get; init; }

    /// <summary>The part of <see cref="KgCo2e"/> in which a default stood in for a specific coefficient.</summary>
    public required decimal DefaultedKgCo2e { get; init; }

    /// <summary>By what kind of data; null where it was not kept.</summary>
    public CalculationMethod? CalculationMethod { get; init; }

    /// <summary>The parts of <see cref="KgCo2e"/> by gas, kg CO2e, as <see cref="GasSplit"/>; null: none of it. The rest was published as CO2e only.</summary>
    public decimal? Co2KgCo2e { get; init; }
    public decimal? Ch4KgCo2e { get; init; }
    public decimal? N2oKgCo2e { get; init; }
    public decimal? HfcsKgCo2e { get; init; }
    public decimal? PfcsKgCo2e { get; init; }
    public decimal? Sf6KgCo2e { get; init; }
    public decimal? Nf3KgCo2e { get; init; }
    public required DataQuality Quality { get; init; }
    public string? GridFactorId { get; init; }
    public required string[] Flags { get; init; }
}

/// <summary>
/// When the results of an activity count, in the tenant's ledger order: from a change on, until the change that ends it. All results of an activity that were
/// written together begin and end together. One of an activity stands at most; a calculation run switches it to its own results, and its changes tell what it said before
/// (<c>emission_history</c>).
/// </summary>
public sealed class EmissionInterval : ITenantOwned
{
    public required Guid TenantId { get; init; }
    public required Guid ActivityId { get; init; }

    /// <summary>The attempt at a calculation run that wrote the results; null for those of an entry or a bill.</summary>
    public Guid? ProposalId { get; init; }
    public required long FromSequence { get; init; }

    /// <summary>Null while it counts.</summary>
    public long? ToSequence { get; set; }
}

/// <summary>
/// Roll-up of the current emission records, kept with the ledger: recomputed for the months a change touches in the change's own
/// transaction, or moved by the exact differences of a calculation run.
/// </summary>
public sealed class MonthlyTotal : ITenantOwned
{
    public required Guid TenantId { get; init; }
    public required DateOnly Month { get; init; }
    public required int Scope { get; init; }

    /// <summary>Scope 3 category; 0 for scopes 1 and 2.</summary>
    public required int Category { get; init; }

    /// <summary><c>Location</c> or <c>Market</c>; empty for all but scope 2.</summary>
    public required string Scope2Method { get; init; }
    public required string Provider { get; init; }
    public required string Account { get; init; }
    public required string Service { get; init; }
    public required string Region { get; init; }
    public required UsageClass UsageClass { get; init; }
    public required string Method { get; init; }

    /// <summary>Name of a <see cref="Inventory.CalculationMethod"/>; empty where it was not kept.</summary>
    public string CalculationMethod { get; init; } = "";
    public required bool ComparisonOnly { get; init; }
    public required string Currency { get; init; }
    public required long Activities { get; init; }
    public required long ActivitiesWithoutResult { get; init; }
    public required decimal KilowattHours { get; init; }
    public required decimal OperationalKgCo2e { get; init; }
    public required decimal EmbodiedKgCo2e { get; init; }

    /// <summary>All of it: operational plus embodied for cloud usage.</summary>
    public required decimal KgCo2e { get; init; }

    /// <summary>The part of <see cref="KgCo2e"/> from measured activities with a fitting factor.</summary>
    public required decimal MeasuredKgCo2e { get; init; }
    public required decimal DefaultedKgCo2e { get; init; }
    public required decimal BiogenicKgCo2 { get; init; }

    /// <summary>The part of <see cref="KgCo2e"/> that a second person has not approved yet.</summary>
    public required decimal SubmittedKgCo2e { get; init; }

    /// <summary>The parts of <see cref="KgCo2e"/> by gas, kg CO2e, as <see cref="GasSplit"/>. The rest was published as CO2e only.</summary>
    public decimal Co2KgCo2e { get; init; }
    public decimal Ch4KgCo2e { get; init; }
    public decimal N2oKgCo2e { get; init; }
    public decimal HfcsKgCo2e { get; init; }
    public decimal PfcsKgCo2e { get; init; }
    public decimal Sf6KgCo2e { get; init; }
    public decimal Nf3KgCo2e { get; init; }
    public required decimal Cost { get; init; }
    public required decimal UnmappedCost { get; init; }
}
