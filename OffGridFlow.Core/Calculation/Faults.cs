using System.Globalization;
using OffGridFlow.Core.EmissionFactors;
using OffGridFlow.Core.Quantities;

namespace OffGridFlow.Core.Calculation;

/// <summary>Why something cannot be calculated, in sentences for whoever entered it. Codes are stable.</summary>
internal static class Faults
{
    public static CalculationFault UnknownType(string name, IReadOnlyList<string> near) => new(
        "unknown-activity-type", $"“{name}” is no activity type.",
        near.Count == 0 ? "Choose one from the list of activity types, or a published factor from the library." : $"Did you mean {Or(near)}?");

    public static CalculationFault AmbiguousType(string name, IReadOnlyList<string> activities) => new(
        "ambiguous-activity-type", $"“{name}” is the name of several published activities.", $"Name one of them: {Or(activities)}.");

    public static CalculationFault PeriodReversed(DateOnly from, DateOnly to) => new(
        "period-reversed", $"The period ends on {Day(to)}, before it begins on {Day(from)}.", "Exchange the two days.");

    public static CalculationFault Negative(decimal quantity) => new(
        "negative-quantity", $"The quantity {Number(quantity)} is below zero.",
        "Enter what was used as a positive number. To take back an entry, reverse it: the reversal carries the negative quantity and names the entry.");

    public static CalculationFault UnknownRegion(string region) => new(
        "unknown-region", $"“{region}” is no country or grid region that OffGridFlow knows.", "Write a country code such as DE, or a grid region such as US-CAMX.");

    public static CalculationFault UnitOfAnotherGroup(ActivityType type, Unit unit, IReadOnlyList<string> units) => new(
        "unit-of-another-group", $"{type.Name} cannot be calculated from {unit}: no factor is per {unit.Group}.",
        units.Count == 0 ? "Choose another activity type." : $"Enter the quantity in {Or(units)}.");

    public static CalculationFault ChooseCalorificBasis(ActivityType type, Unit unit) => new(
        "choose-calorific-basis", $"{unit} of {type.Name} may mean the gross or the net calorific value, which differ by about a tenth.",
        $"Gas bills in the United Kingdom and the United States state gross, those in the rest of Europe often too. Choose {unit} (Gross CV) or {unit} (Net CV).");

    public static CalculationFault ConversionMismatch(QuantityConversion conversion, Unit unit) => new(
        "conversion-mismatch", $"The {conversion.Name} leads from {conversion.From} to {conversion.To}, and the quantity is in {unit}.",
        "Give the value for the unit of the quantity, above zero and with its source.");

    public static CalculationFault NoFactor(ActivityType type) => new(
        "no-factor", $"No factor set has {type.Name}.", "Add an own factor for it to the factor library.");

    public static CalculationFault NoFactorForRegion(ActivityType type, Region region) => new(
        "no-factor-for-region", $"No factor for {type.Name} holds in {region.Name}.",
        "Add an own factor, for electricity the rate of your supplier or the national grid's, to the factor library.");

    public static CalculationFault NoFactorForYear(ActivityType type, int year, IReadOnlyList<int> years) => new(
        "no-factor-for-year",
        string.Create(CultureInfo.InvariantCulture, $"No factor for {type.Name} is for {year}: the library has {string.Join(", ", years)}."),
        "Load the edition of that year, or fix under Emission factors which edition stands in for it.");

    public static CalculationFault NotForInventory(ActivityType type) => new(
        "not-for-inventory", $"{type.Name} is a marginal rate, which is for projects and never for an inventory.", "Use electricity with the grid region: the average of the grid is taken.");

    public static CalculationFault EnergyOnly(ActivityType type) => new(
        "energy-only", $"{type.Name} converts to kWh for energy reporting; it says nothing of emissions.", "Choose the row for emissions of the same activity.");

    public static CalculationFault NoFigure(EmissionFactor factor) => new(
        "no-figure", $"{factor.Set.Publisher} publishes no figure for {factor.Name} per {factor.Unit}.", "Choose another unit or another factor.");

    public static CalculationFault Tie(ActivityType type, EmissionFactor one, EmissionFactor other) => new(
        "tie", $"Two factors fit {type.Name} equally well: {Named(one, other)} and {Named(other, one)}.",
        "Choose one of them in the entry, or set the order of preference under Emission factors.");

    /// <summary>By its id only where nothing else tells it from the other.</summary>
    private static string Named(EmissionFactor factor, EmissionFactor other) => (factor.Name, factor.Set.Title) == (other.Name, other.Set.Title)
        ? $"“{factor.Name}” ({factor.Id}) of {factor.Set.Title}" : $"“{factor.Name}” of {factor.Set.Title}";

    public static CalculationFault UnknownFactor(string id) => new(
        "unknown-factor", $"The chosen factor “{id}” is not in the library.", "Choose another one, or none to let the rules choose.");

    public static CalculationFault FactorDoesNotFit(ActivityType type, EmissionFactor factor) => new(
        "factor-does-not-fit", $"The chosen factor {factor.Name} is not for {type.Name}.", "Choose a rate of purchased energy, or none to let the rules choose.");

    public static CalculationFault GasMissing(ActivityType type) => new(
        "gas-missing", $"{type.Name} needs the gas that was released.", "Choose the gas or the blend, for example HFC-134a or R-410A.");

    public static CalculationFault UnknownGas(string gas) => new(
        "unknown-gas", $"“{gas}” is no gas or blend that OffGridFlow knows.", "Write it as on the label, for example HFC-134a, R-410A or SF6.");

    public static CalculationFault NoPotential(string gas, GwpSet set) => new(
        "no-potential", $"{set.ToString().ToUpperInvariant()} gives no global warming potential for {gas}.", "Choose a later set of potentials under Emission factors.");

    public static CalculationFault NoExchangeRate(string from, string to, DateOnly month) => new(
        "no-exchange-rate", string.Create(CultureInfo.InvariantCulture, $"No rate of exchange from {from} to {to} is known for {month:yyyy-MM}."),
        "Load the monthly rates of your central bank under Rates and accounts. The entry is calculated as soon as they are there.");

    public static CalculationFault NoPriceIndex(string currency, int year) => new(
        "no-price-index", string.Create(CultureInfo.InvariantCulture, $"No price index of {currency} is known for {year}."),
        "Load the yearly index of one series, such as consumer prices, under Rates and accounts. The entry is calculated as soon as it is there.");

    public static CalculationFault CategoryNotAllowed(ActivityType type, int category) => new(
        "category-not-allowed", string.Create(CultureInfo.InvariantCulture, $"{type.Name} cannot stand in category {category}."),
        type.Category is null && type.OtherCategories.Count == 0 ? "Leave the category out." : $"Choose one of {Or([.. CategoriesOf(type).Select(one => one.ToString(CultureInfo.InvariantCulture))])}, or leave it out.");

    public static CalculationFault Overflow() => new(
        "overflow", "The result has more than 16 digits before the decimal point.", "Check the quantity and its unit.");

    private static IEnumerable<int> CategoriesOf(ActivityType type) => (type.Category is { } own ? type.OtherCategories.Prepend(own) : type.OtherCategories).Distinct().Order();

    private static string Or(IReadOnlyList<string> names) =>
        names.Count == 1 ? names[0] : string.Join(", ", names.Take(names.Count - 1)) + " or " + names[^1];

    private static string Day(DateOnly day) => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    private static string Number(decimal value) => value.ToString(CultureInfo.InvariantCulture);
}
