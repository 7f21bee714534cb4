using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using OffGridFlow.Core.ActivityData;
using OffGridFlow.Core.Quantities;

namespace OffGridFlow.Infrastructure.ActivityData;

/// <summary>
/// The same amount in another unit. Across kinds of units it takes a named figure with its source, which stays with the entry; it always starts from what was
/// measured, so that no conversion stands on another.
/// </summary>
internal static class EntryUnits
{
    /// <summary>What the history of the entries says.</summary>
    public static string Reason(string unit, EntryConversion? by) => by is null
        ? $"The same amount in {unit.Trim()}"
        : string.Create(CultureInfo.InvariantCulture, $"Converted to {unit.Trim()} by {by.Name.Trim()}: {by.Value:0.############} {unit.Trim()} per {by.From.Trim()}. Source: {by.Source.Trim()}");

    public static EntryConversion RateOf(ConvertedFrom measured) => new(measured.Name ?? "", measured.Value, measured.Per ?? "", measured.Source ?? "");

    /// <summary>The input in the other unit, its balance too; null with the problem where it cannot be told.</summary>
    public static EntryInput? Converted(EntryInput input, string unit, EntryConversion? by, UnitTable units, out EntryProblem? problem)
    {
        if (input.Worksheet is not null && by is not null)
        {
            problem = Fault("worksheet-unit", "unit", "A worksheet gives this quantity. Choose a method that gives the other unit, or enter the quantity without one; then convert it.");
            return null;
        }

        if (input.ConvertedFrom is { } measured)
        {
            if (by is null && units.TryFind(unit, out var wanted) && units.Find(measured.Unit).Group != wanted.Group)
            {
                problem = Fault(
                    "conversion-stands", "unit",
                    $"The entry is counted in {input.Unit} by {measured.Name} from {measured.Unit}. Count it in {measured.Unit} again first, or give the figure that leads from {measured.Unit} to {wanted.Symbol}.");
                return null;
            }

            input = input with { Quantity = measured.Quantity, Unit = measured.Unit, ConvertedFrom = null };
        }

        return Counted(input, unit, by, units, out problem);
    }

    /// <summary>The input, which says what was measured, counted in the unit; null with the problem where it cannot be told.</summary>
    public static EntryInput? Counted(EntryInput input, string unit, EntryConversion? by, UnitTable units, out EntryProblem? problem)
    {
        if (Convert(input.Quantity ?? 0, input.Unit, unit, by, units, out problem) is not { } quantity)
        {
            return null;
        }

        var (old, wanted) = (units.Find(input.Unit), units.Find(unit));
        if (old.Group != wanted.Group)
        {
            if (input.Balance is not null)
            {
                problem = Fault("conversion-of-balance", "unit", $"A balance of a stock is kept in one kind of unit. Enter its parts in {wanted.Symbol}.");
                return null;
            }

            return input with
            {
                Quantity = quantity, Unit = wanted.Symbol,
                ConvertedFrom = new ConvertedFrom(input.Quantity ?? 0, old.Symbol, by!.Name.Trim(), by.Value, wanted.Symbol, units.Find(by.From).Symbol, by.Source.Trim()),
            };
        }

        decimal Part(decimal part) => Convert(part, input.Unit, unit, null, units, out _) ?? throw new QuantityOverflowException();
        try
        {
            return input with
            {
                Quantity = quantity, Unit = unit, ConvertedFrom = null,
                Balance = input.Balance is { } balance
                    ? new RefrigerantBalance(Part(balance.StockAtStart), Part(balance.Acquired), Part(balance.Disposed), Part(balance.StockAtEnd), Part(balance.CapacityGrowth)) : null,
            };
        }
        catch (QuantityOverflowException exception)
        {
            problem = Fault("quantity-too-large", "quantity", exception.Message);
            return null;
        }
    }

    public static decimal? Convert(decimal quantity, string from, string to, EntryConversion? by, UnitTable units, out EntryProblem? problem)
    {
        try
        {
            var (old, wanted) = (units.Find(from), units.Find(to));
            problem = null;
            if (old.Group == wanted.Group)
            {
                return new Quantity(quantity, old).To(wanted).Value;
            }

            return Checked(by, old, wanted, units, out var rateUnit, out problem) ? new Quantity(quantity, old).Times(by!.Value, rateUnit) : null;
        }
        catch (UnknownUnitException exception)
        {
            problem = Fault("unknown-unit", "unit", exception.Message);
        }
        catch (QuantityOverflowException exception)
        {
            problem = Fault("quantity-too-large", "quantity", exception.Message);
        }

        return null;
    }

    private static bool Checked(EntryConversion? by, Unit old, Unit wanted, UnitTable units, [NotNullWhen(true)] out Unit? rateUnit, out EntryProblem? problem)
    {
        rateUnit = by is null ? null : units.Find(by.From);
        problem = by switch
        {
            null => Fault(
                "conversion-missing", "unit",
                $"{old.Symbol} measures {old.Group}, {wanted.Symbol} measures {wanted.Group}. Between them stands a figure with a source, such as a density or a calorific value: open the entry and count it in another unit there."),
            { Value: <= 0 } => Fault("conversion-value", "conversion", $"Say how many {wanted.Symbol} one {by.From} is: a figure above zero."),
            _ when string.IsNullOrWhiteSpace(by.Name) => Fault("conversion-name", "conversion", "Say what the figure is, for example a density or a net calorific value."),
            _ when string.IsNullOrWhiteSpace(by.Source) => Fault("conversion-source", "conversion", "Say where the figure is from: a delivery note, an analysis, a published table."),
            _ when rateUnit!.Group != old.Group => Fault("conversion-mismatch", "conversion", $"The figure is per {by.From}, and the quantity is in {old.Symbol}. Give it per {old.Symbol}."),
            _ => null,
        };
        return problem is null && rateUnit is not null;
    }

    private static EntryProblem Fault(string code, string field, string message) => new(code, field, message, EntrySeverity.Error);
}
