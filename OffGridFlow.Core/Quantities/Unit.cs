using System.Globalization;

namespace OffGridFlow.Core.Quantities;

/// <summary>Which heat of combustion an amount of energy of a fuel is measured by.</summary>
public enum CalorificBasis
{
    /// <summary>Electricity, heat, and whatever else is no fuel.</summary>
    None,

    /// <summary>Gross or higher: with the heat of the water vapor.</summary>
    Gross,

    /// <summary>Net or lower: without it.</summary>
    Net,
}

/// <summary>
/// What can be measured in units of one kind. Inside a group a conversion is a fixed ratio; from one group to another it takes a
/// factor with a name and a source (a density, a calorific value), never this table.
/// </summary>
/// <param name="Name">E.g. <c>energy</c>, <c>mass-distance</c>; of money <c>money</c>.</param>
/// <param name="Basis">Energy by gross and energy by net calorific value are two groups.</param>
/// <param name="Money">Currency and price year, e.g. <c>USD 2022</c>; null for all else. Two currencies, or two years, are two groups.</param>
public sealed record UnitGroup(string Name, CalorificBasis Basis = CalorificBasis.None, string? Money = null)
{
    /// <summary>In words: <c>energy (gross calorific value)</c>.</summary>
    public override string ToString() => Money is not null ? "money in " + Money : Basis switch
    {
        CalorificBasis.Gross => Name + " (gross calorific value)",
        CalorificBasis.Net => Name + " (net calorific value)",
        _ => Name,
    };
}

/// <summary>A unit of measurement.</summary>
/// <param name="Symbol">As it is written in the product, e.g. <c>kWh</c>, <c>kWh (Gross CV)</c>, <c>t.km</c>, <c>USD 2022</c>.</param>
/// <param name="Factor">How many of the group's reference unit make one, exactly: 3.6 for kWh, whose group counts in MJ.</param>
public sealed record Unit(string Symbol, UnitGroup Group, decimal Factor)
{
    /// <summary>A currency at the prices of a year; with the year 0 for what was paid in the year itself.</summary>
    /// <param name="currency">Three letters of ISO 4217.</param>
    public static Unit Money(string currency, int priceYear = 0)
    {
        var name = priceYear == 0 ? currency : string.Create(CultureInfo.InvariantCulture, $"{currency} {priceYear}");
        return new Unit(name, new UnitGroup("money", Money: name), 1m);
    }

    public override string ToString() => Symbol;
}

/// <summary>A number with its unit. There is no number without one, so that kg per MWh can never be taken for kg per kWh.</summary>
public readonly record struct Quantity(decimal Value, Unit Unit)
{
    /// <summary>The same amount in another unit of the group: value × from ÷ to, a named step.</summary>
    /// <exception cref="UnitMismatchException">The units measure different things.</exception>
    /// <exception cref="QuantityOverflowException">The result has more than 16 digits before the point.</exception>
    public Quantity To(Unit unit) => Unit.Group == unit.Group
        ? new Quantity(Unit.Factor == unit.Factor ? Exact.Round(Value) : Exact.Ratio(Value, Unit.Factor, unit.Factor), unit)
        : throw new UnitMismatchException(Unit, unit);

    /// <summary>The amount of something for a rate per unit: the quantity is first brought to the rate's unit, then multiplied; two named steps.</summary>
    /// <param name="perUnit">How much per one <paramref name="rateUnit"/>.</param>
    /// <exception cref="UnitMismatchException">The units measure different things.</exception>
    /// <exception cref="QuantityOverflowException">The result has more than 16 digits before the point.</exception>
    public decimal Times(decimal perUnit, Unit rateUnit) => Exact.Product(To(rateUnit).Value, perUnit);

    public override string ToString() => Value.ToString(CultureInfo.InvariantCulture) + " " + Unit;
}

/// <summary>A quantity was to be read in a unit that measures something else.</summary>
public sealed class UnitMismatchException(Unit from, Unit to) : Exception(
    $"{from} measures {from.Group}, {to} measures {to.Group}. Between them stands a factor with a source, such as a density or a calorific value.")
{
    public Unit From { get; } = from;

    public Unit To { get; } = to;
}
