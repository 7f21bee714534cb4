using OffGridFlow.Core.EmissionFactors;
using OffGridFlow.Core.Inventory;
using OffGridFlow.Core.Quantities;

namespace OffGridFlow.Core.Calculation;

/// <summary>The two views of purchased energy: always both, never added (GHG Protocol Scope 2 Guidance, ch. 1.5).</summary>
public enum Scope2Method
{
    Location,
    Market,
}

/// <summary>Why a factor was taken: the step of the ranking that decided. Written in lower case with hyphens.</summary>
public enum SelectionStep
{
    /// <summary>A contractual instrument: a certificate, a contract, a supplier's rate.</summary>
    Instrument,

    /// <summary>A person named the factor.</summary>
    Chosen,

    /// <summary>The tenant's own factor.</summary>
    Own,

    GridRegion,
    Province,
    Country,
    Continent,
    World,

    /// <summary>Another country's factor, for what burns or moves alike everywhere.</summary>
    Proxy,

    /// <summary>The potential of a gas alone.</summary>
    Gwp,

    /// <summary>No factor: the emission itself was reported.</summary>
    Reported,

    /// <summary>Nothing is emitted by nature: own generation without fuel, energy sold. Kept for the energy ledger.</summary>
    NoEmission,
}

/// <summary>One gas of a result.</summary>
/// <param name="Gas">Name in <see cref="GwpTable"/>.</param>
/// <param name="Kg">Mass; null where the publisher gives CO2e of a gas without a known potential.</param>
/// <param name="KgCo2e">kg CO2e.</param>
/// <param name="Potential">kg CO2e per kg that connects the two.</param>
public sealed record GasAmount(string Gas, decimal? Kg, decimal KgCo2e, decimal? Potential);

/// <summary>A factor that passed or failed and did not win.</summary>
/// <param name="Reason">Stable code, e.g. <c>year</c>, <c>region</c>, <c>wider-region</c>, <c>set-order</c>, <c>older-data</c>, <c>unit</c>.</param>
public sealed record LosingFactor(string FactorId, string SetId, string Reason);

/// <summary>A fact about a result that a reader must see beside the figure.</summary>
/// <param name="Code">Stable, e.g. <c>data-lag</c>.</param>
/// <param name="Text">The same in a sentence.</param>
public sealed record CalculationFlag(string Code, string Text);

/// <summary>
/// One figure of an activity: a part of its days (never across the end of a month), one scope, one method, one factor. Each number is a named step of
/// <c>docs/methods/calculation.md</c>, rounded once, so that the whole can be recomputed from the members.
/// </summary>
public sealed record CalculatedEmission
{
    public required int Scope { get; init; }

    /// <summary>Scope 3 category.</summary>
    public int? Category { get; init; }

    /// <summary>Set for scope 2 and for nothing else.</summary>
    public Scope2Method? Scope2Method { get; init; }
    public required FactorPart Part { get; init; }

    /// <summary>First day of the part, inclusive.</summary>
    public required DateOnly From { get; init; }

    /// <summary>Last day of the part, inclusive; in the month of <see cref="From"/>.</summary>
    public required DateOnly To { get; init; }

    /// <summary>The activity's quantity on these days, in its own unit.</summary>
    public required decimal Quantity { get; init; }

    /// <summary>The same in the factor's unit; for losses, what is lost.</summary>
    public required decimal FactorQuantity { get; init; }

    /// <summary>Null where a contractual instrument gives the rate, or the gas its potential alone.</summary>
    public EmissionFactor? Factor { get; init; }

    /// <summary>Id of the contractual instrument that covers it.</summary>
    public string? Instrument { get; init; }

    /// <summary>kg CO2e per unit, of the factor or the instrument, as far as one figure says it.</summary>
    public decimal? KgCo2ePerUnit { get; init; }
    public required decimal KgCo2e { get; init; }
    public required IReadOnlyList<GasAmount> Gases { get; init; }

    /// <summary>kg of CO2 from living matter: a memo, not in <see cref="KgCo2e"/>.</summary>
    public decimal BiogenicKgCo2 { get; init; }

    /// <summary>kg CO2e of gases outside the Kyoto Protocol: a memo, not in <see cref="KgCo2e"/>.</summary>
    public decimal NonKyotoKgCo2e { get; init; }

    /// <summary>Purchased energy in kWh, where it is energy.</summary>
    public decimal? KilowattHours { get; init; }

    /// <summary>For the energy ledger; null for what is no energy of the organization's own operations.</summary>
    public EnergyFigure? Energy { get; init; }

    /// <summary>From <see cref="Quantity"/> to <see cref="FactorQuantity"/> where that takes rates of exchange and price indices.</summary>
    public IReadOnlyList<NamedStep> Money { get; init; } = [];

    public required SelectionStep Step { get; init; }
    public IReadOnlyList<LosingFactor> Losers { get; init; } = [];
    public IReadOnlyList<CalculationFlag> Flags { get; init; } = [];

    /// <summary>The weaker of the activity's and the factor's.</summary>
    public required DataQuality Quality { get; init; }

    /// <summary>The set of potentials that made the CO2e: the inventory's, or the publisher's own.</summary>
    public required string GwpBasis { get; init; }
}

/// <summary>Why something cannot be calculated, for whoever entered it.</summary>
/// <param name="Code">Stable, e.g. <c>unknown-unit</c>, <c>no-factor-for-year</c>.</param>
/// <param name="Message">What is wrong and where.</param>
/// <param name="Mend">What to do about it.</param>
public sealed record CalculationFault(string Code, string Message, string Mend);

/// <param name="Emissions">Empty when <paramref name="Fault"/> is set: an activity is calculated as a whole or not at all.</param>
public sealed record CalculationOutcome(IReadOnlyList<CalculatedEmission> Emissions, CalculationFault? Fault);
