using OffGridFlow.Core.ActivityData;
using OffGridFlow.Core.Inventory;

namespace OffGridFlow.Infrastructure.ActivityData;

/// <summary>What somebody says about an entry. Names of types, units and gases may be written as people write them.</summary>
public sealed record EntryInput
{
    public required Guid SiteId { get; init; }
    public required string ActivityType { get; init; }

    /// <summary>In <see cref="Unit"/>; null is a fault. Ignored where <see cref="Balance"/>, <see cref="ConvertedFrom"/> or <see cref="Worksheet"/> gives it.</summary>
    public decimal? Quantity { get; init; }
    public required string Unit { get; init; }

    /// <summary>First and last day, both inclusive.</summary>
    public required DateOnly From { get; init; }
    public required DateOnly To { get; init; }
    public string? Gas { get; init; }
    public string? FactorId { get; init; }
    public DataQuality Quality { get; init; } = DataQuality.Measured;
    public IReadOnlyList<int> QualityIndicators { get; init; } = [];
    public decimal? UncertaintyPercent { get; init; }
    public bool IsAccrual { get; init; }

    /// <summary>How the quantity was estimated for days without data; gap filling alone sets it.</summary>
    public GapMethod? GapMethod { get; init; }
    public string? Reference { get; init; }
    public string? Note { get; init; }
    public string? ExternalId { get; init; }
    public RefrigerantBalance? Balance { get; init; }

    /// <summary>What was measured, where the quantity and its unit follow from it.</summary>
    public ConvertedFrom? ConvertedFrom { get; init; }

    /// <summary>The Scope 3 category, where the type serves several.</summary>
    public int? Category { get; init; }

    /// <summary>Gives the quantity, in place of <see cref="Quantity"/>.</summary>
    public Worksheet? Worksheet { get; init; }
    public string? Vendor { get; init; }
    public string? Account { get; init; }

    /// <summary>Codes of the questions that are answered with yes.</summary>
    public IReadOnlyList<string> Confirmed { get; init; } = [];
}

/// <summary>How much a problem weighs.</summary>
public enum EntrySeverity
{
    /// <summary>Nothing is saved.</summary>
    Error,

    /// <summary>Saved once somebody has said that it is right as it is.</summary>
    Question,

    /// <summary>Saved, and shown.</summary>
    Notice,
}

/// <summary>What is wrong with an entry, or may be.</summary>
/// <param name="Code">Stable, e.g. <c>unknown-unit</c>.</param>
/// <param name="Field">Name of the field in the API, e.g. <c>quantity</c>.</param>
/// <param name="Message">For whoever entered it: what and how to mend it.</param>
public sealed record EntryProblem(string Code, string Field, string Message, EntrySeverity Severity);

/// <summary>A row to save: a new entry, or another version of one.</summary>
/// <param name="Id">Null for a new one.</param>
/// <param name="Version">The one that was seen; of a change only.</param>
public sealed record EntryDraft(Guid? Id, int? Version, EntryInput Input);

/// <summary>An entry as it was seen.</summary>
/// <param name="Version">Null: whatever it is now.</param>
public sealed record EntryRef(Guid Id, int? Version);
