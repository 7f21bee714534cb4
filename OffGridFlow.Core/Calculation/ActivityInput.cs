using OffGridFlow.Core.EmissionFactors;
using OffGridFlow.Core.Inventory;
using OffGridFlow.Core.Quantities;

namespace OffGridFlow.Core.Calculation;

/// <summary>What connects units of two groups for one substance: 0.832 kg per l of diesel.</summary>
/// <param name="Name">E.g. <c>density</c>, <c>net calorific value</c>.</param>
/// <param name="Value">How many of <paramref name="To"/> one <paramref name="From"/> is, above zero.</param>
/// <param name="Source">Who says so; never empty.</param>
public sealed record QuantityConversion(string Name, decimal Value, Unit From, Unit To, string Source);

/// <summary>What is to be calculated: one activity over some days.</summary>
public sealed record ActivityInput
{
    /// <summary>The caller's own name for it; instruments and results refer to it.</summary>
    public required string Id { get; init; }

    /// <summary>Key or name of an <see cref="ActivityType"/>, or a publisher's <see cref="EmissionFactor.Activity"/>.</summary>
    public required string Type { get; init; }

    /// <summary>Zero or more; negative for a reversal only, which the caller allows by <see cref="IsReversal"/>.</summary>
    public required Quantity Quantity { get; init; }

    /// <summary>Leads to a unit of another group, where the factors need one: a density, a calorific value.</summary>
    public QuantityConversion? Conversion { get; init; }

    /// <summary>First day, inclusive, in the site's own calendar.</summary>
    public required DateOnly From { get; init; }

    /// <summary>Last day, inclusive.</summary>
    public required DateOnly To { get; init; }

    /// <summary>Code or name of the region where it happens; the narrowest that is known.</summary>
    public required string Region { get; init; }

    /// <summary>The gas or blend that leaks or is released, for types that ask for it.</summary>
    public string? Gas { get; init; }

    /// <summary>A factor that a person has chosen; else the rules choose.</summary>
    public string? FactorId { get; init; }

    /// <summary>The Scope 3 category in which it stands, where the type serves several or belongs to others; null: the type's own.</summary>
    public int? Category { get; init; }

    /// <summary>How the quantity came about, where a worksheet gives it: the last step gives <see cref="Quantity"/>. Kept with the results.</summary>
    public IReadOnlyList<NamedStep> Worksheet { get; init; } = [];

    public bool IsReversal { get; init; }

    /// <summary>How sure the quantity is. The result is never surer.</summary>
    public DataQuality Quality { get; init; } = DataQuality.Measured;

    /// <summary>Half of the 95 % interval of the quantity, in percent of it.</summary>
    public decimal? UncertaintyPercent { get; init; }

    /// <summary>Where the energy was used, by which contractual instruments find it; null: instruments of no site in particular only.</summary>
    public string? Site { get; init; }

    /// <summary>The quantity that meets the factors: after the conversion, where there is one.</summary>
    /// <exception cref="UnitMismatchException">The conversion is of another kind of unit than the quantity.</exception>
    /// <exception cref="QuantityOverflowException">The result does not fit.</exception>
    public Quantity Counted() => Conversion is { } by ? new Quantity(Quantity.Times(by.Value, by.From), by.To) : Quantity;
}

/// <summary>What a tenant has decided about calculating.</summary>
public sealed record CalculationPolicy
{
    public static readonly CalculationPolicy Default = new();

    public GwpSet Gwp { get; init; } = GwpSet.Ar5;

    /// <summary>Families of sets, the preferred first; those not named come after, in the order of the library.</summary>
    public IReadOnlyList<string> SetOrder { get; init; } = [];

    /// <summary>
    /// Whether a fuel, a vehicle or a material may take the factor of another country, flagged as a proxy. Purchased energy never does.
    /// </summary>
    public bool AllowsProxy { get; init; } = true;

    /// <summary>Editions that a person has fixed: by family and year of consumption the year of the edition.</summary>
    public IReadOnlyDictionary<(string Family, int Year), int> FixedEditions { get; init; } = new Dictionary<(string, int), int>();

    /// <summary>Rates of exchange and price indices, for spending.</summary>
    public MoneyTables Money { get; init; } = MoneyTables.Empty;
}
