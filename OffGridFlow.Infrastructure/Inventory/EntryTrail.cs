using OffGridFlow.Core.Calculation;
using OffGridFlow.Core.CloudUsage;
using OffGridFlow.Core.EmissionFactors;

namespace OffGridFlow.Infrastructure.Inventory;

/// <summary>One change of an entry.</summary>
public sealed record EntryEvent(int Version, string Action, string Author, string? Reason, DateTimeOffset At);

/// <summary>A document that supports an entry.</summary>
public sealed record EntryDocumentLink(Guid DocumentId, string FileName, string Sha256, long Length);

/// <summary>Another result of the same entry.</summary>
public sealed record SiblingEmission(Guid Id, DateOnly Month, int Scope, int? Category, string? Scope2Method, FactorPart? Part, decimal? KgCo2e, decimal? BiogenicKgCo2);

/// <summary>From a result back to the entry, with each step between.</summary>
public sealed record EntryTrail
{
    public required Guid Id { get; init; }

    /// <summary>The version that was calculated.</summary>
    public required int Version { get; init; }
    public required string ActivityType { get; init; }
    public required string Site { get; init; }
    public required string Status { get; init; }

    /// <summary>1 to 5 each, in the order of the GHG Protocol's five indicators; empty: not rated.</summary>
    public required IReadOnlyList<int> QualityIndicators { get; init; }

    /// <summary>Half of the 95 % interval of the quantity, percent.</summary>
    public decimal? UncertaintyPercent { get; init; }

    /// <summary>Half of the 95 % interval of the result, kg CO2e; null where neither quantity nor factor states one.</summary>
    public decimal? UncertaintyKgCo2e { get; init; }
    public required bool IsAccrual { get; init; }
    public Guid? ReversesId { get; init; }
    public string? Reference { get; init; }
    public string? Note { get; init; }

    /// <summary>All changes, the first one first.</summary>
    public required IReadOnlyList<EntryEvent> History { get; init; }
    public required IReadOnlyList<EntryDocumentLink> Documents { get; init; }

    /// <summary>Null when there is no result.</summary>
    public Derivation? Derivation { get; init; }
    public required IReadOnlyList<EstimateStep> Steps { get; init; }

    /// <summary>True when recomputing from the stored parts gave the stored digits, and the parts of the entry add up to it.</summary>
    public required bool Replayed { get; init; }

    /// <summary>All results of the entry, this one among them.</summary>
    public required IReadOnlyList<SiblingEmission> Results { get; init; }

    /// <summary>Why there is no result, and what to do about it.</summary>
    public string? Exception { get; init; }
    public string? Mend { get; init; }
}
