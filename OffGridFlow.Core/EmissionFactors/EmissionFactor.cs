using OffGridFlow.Core.Quantities;

namespace OffGridFlow.Core.EmissionFactors;

/// <summary>What the figures of a factor are. The three are never mixed up.</summary>
public enum GasBasis
{
    /// <summary>kg of each gas per unit; CO2e follows with the inventory's set of global warming potentials.</summary>
    Mass,

    /// <summary>kg CO2e of each gas per unit and in sum, with the publisher's potentials, which are not applied again.</summary>
    Co2e,

    /// <summary>No emission: kWh per unit, for energy reporting.</summary>
    Energy,
}

/// <summary>Which part of what an activity causes a factor covers.</summary>
public enum FactorPart
{
    /// <summary>At the point of use or release; of electricity, heat, steam and cooling: their generation.</summary>
    Direct,

    /// <summary>Before the point of use: well-to-tank of a fuel; fuels of generation.</summary>
    Upstream,

    /// <summary>Generation of what is lost in transmission and distribution, per unit consumed.</summary>
    Losses,

    /// <summary>Upstream of what is lost in transmission and distribution, per unit consumed.</summary>
    LossesUpstream,

    /// <summary>Direct and upstream in one figure that cannot be split: Ember, materials, waste, freight with WTT. Nothing is added to it.</summary>
    LifeCycle,

    /// <summary>Biogenic CO2 and what else stands beside the scopes: a memo line, never in a total.</summary>
    OutsideScopes,
}

/// <summary>What a factor of purchased electricity, heat, steam or cooling may be used for (GHG Protocol Scope 2 Guidance, ch. 6).</summary>
public enum SupplyKind
{
    /// <summary>Not purchased energy.</summary>
    None,

    /// <summary>Average of a grid or of a heat network: location-based, and the last resort of market-based.</summary>
    GridAverage,

    /// <summary>What remains when all claimed attributes are taken out: market-based only.</summary>
    ResidualMix,

    /// <summary>A supplier's or a contract's own rate: market-based only.</summary>
    Supplier,

    /// <summary>Non-baseload output, build or operating margins: for projects, never for an inventory.</summary>
    Marginal,
}

/// <summary>
/// What one unit of an activity causes. All masses in kg per one <see cref="Unit"/>; how to read them says <see cref="Basis"/>.
/// A figure that the publisher does not give is null, which is not zero.
/// </summary>
public sealed record EmissionFactor
{
    /// <summary>Stable over versions of the product, unique within the set; the publisher's own where there is one.</summary>
    public required string Id { get; init; }

    public required FactorSet Set { get; init; }

    /// <summary>
    /// The publisher's place of the row in lower case, with the family in front: <c>desnz/fuels/gaseous-fuels/natural-gas</c>. With unit, region, part and
    /// supply it names one row of an edition.
    /// </summary>
    public required string Activity { get; init; }

    /// <summary>As the publisher writes it, e.g. <c>Natural gas</c>.</summary>
    public required string Name { get; init; }

    /// <summary>The publisher's headings, e.g. <c>Fuels &gt; Gaseous fuels</c>.</summary>
    public required string Category { get; init; }

    public required Unit Unit { get; init; }
    public required GasBasis Basis { get; init; }
    public decimal? Co2 { get; init; }
    public decimal? Ch4 { get; init; }
    public decimal? N2o { get; init; }

    /// <summary>The published sum, kg CO2e per unit, or kWh per unit where <see cref="Basis"/> is energy.</summary>
    public decimal? Co2e { get; init; }

    /// <summary>kg of CO2 from living matter per unit: outside the scopes.</summary>
    public decimal? BiogenicCo2 { get; init; }

    /// <summary>True where the methane comes from living matter, whose potential differs in AR6.</summary>
    public bool BiogenicMethane { get; init; }

    /// <summary>Other gases by their name in <see cref="GwpTable"/>, kg per unit.</summary>
    public IReadOnlyDictionary<string, decimal> OtherGases { get; init; } = new Dictionary<string, decimal>();

    /// <summary>Code of a <see cref="Region"/>, e.g. <c>GB</c>, <c>US-CAMX</c>, <c>CA-ON</c>, <c>world</c>.</summary>
    public required string Region { get; init; }

    /// <summary>Year of the edition or of the data, by the set's <see cref="Vintage"/>.</summary>
    public required int Year { get; init; }

    /// <summary>First day of what the data describe; shown, and decisive only where <see cref="Vintage.Days"/> says so.</summary>
    public DateOnly? DataFrom { get; init; }
    public DateOnly? DataTo { get; init; }
    public required FactorPart Part { get; init; }
    public SupplyKind Supply { get; init; }

    /// <summary>GHG Protocol scopes and categories the publisher means it for: <c>1</c>, <c>2</c>, <c>3.3</c>; several divided by <c>;</c>; <c>memo</c> is outside.</summary>
    public required string Scopes { get; init; }

    /// <summary>Share of generation lost before it arrives, 0 to below 1; of grid averages only.</summary>
    public decimal? LossShare { get; init; }

    /// <summary>Half of the 95 % interval in percent of the figure, where the publisher states it.</summary>
    public decimal? UncertaintyPercent { get; init; }

    /// <summary>Table, sheet or page of the publication.</summary>
    public string? SourceTable { get; init; }
    public string? Note { get; init; }

    /// <summary>Why a reader should look twice.</summary>
    public string? Caution { get; init; }
}
