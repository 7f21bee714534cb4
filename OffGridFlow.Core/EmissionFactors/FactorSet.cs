namespace OffGridFlow.Core.EmissionFactors;

/// <summary>For which year of consumption an edition of a set may be used (invariant 4 of the design).</summary>
public enum Vintage
{
    /// <summary>The edition of the year of consumption and no other: DESNZ, EPA Hub.</summary>
    EditionYear,

    /// <summary>The data of the year of consumption, else of the latest earlier year, at most three back, the lag shown; never of a later one: eGRID, EEA, Ember.</summary>
    DataYear,

    /// <summary>Physical constants and the tenant's own factors that name their days: <see cref="EmissionFactor.DataFrom"/> and <see cref="EmissionFactor.DataTo"/> decide.</summary>
    Days,
}

/// <summary>One edition of a publisher's factors.</summary>
public sealed record FactorSet
{
    /// <summary>E.g. <c>desnz-2025</c>, <c>epa-hub-2025</c>, <c>egrid-2023</c>; of a tenant's own <c>own-…</c>.</summary>
    public required string Id { get; init; }

    /// <summary>What all editions share, e.g. <c>desnz</c>.</summary>
    public required string Family { get; init; }

    /// <summary>As the publisher names it, e.g. <c>2025 v1</c>.</summary>
    public required string Edition { get; init; }

    public required string Publisher { get; init; }
    public required string Title { get; init; }
    public required Vintage Vintage { get; init; }

    /// <summary>Which set of global warming potentials a published CO2e was made with, e.g. <c>AR5</c>; null where the gases stand apart.</summary>
    public string? GwpBasis { get; init; }

    /// <summary>What the figures contain and what not, in a sentence; null where nobody said it.</summary>
    public string? Boundary { get; init; }

    public required string License { get; init; }

    /// <summary>Title and address or table of the publication.</summary>
    public required string Source { get; init; }

    /// <summary>SHA-256 of the set's manifest, hexadecimal: with the id it names the digits.</summary>
    public required string Checksum { get; init; }

    /// <summary>What a reader must know before using the set.</summary>
    public IReadOnlyList<string> Cautions { get; init; } = [];

    /// <summary>True for the sets of one tenant.</summary>
    public bool IsOwn { get; init; }
}
