using System.Globalization;
using OffGridFlow.Core.Quantities;

namespace OffGridFlow.Infrastructure.ActivityData;

/// <summary>Whether the words of an entry are words that the product knows, and go together: activity type, unit, category, gas.</summary>
internal sealed class EntryTerms(EntryVocabulary vocabulary)
{
    public ActivityChoice? CheckType(EntryInput input, List<EntryProblem> problems)
    {
        if (vocabulary.TryFind(input.ActivityType, out var choice))
        {
            return choice;
        }

        problems.Error("unknown-activity-type", "activityType", input.ActivityType.Length == 0
            ? "Say what was used: choose an activity type."
            : $"“{input.ActivityType}” is no activity type.{vocabulary.TypesNear(input.ActivityType)} Choose one of the list; it also finds every published factor by name.");
        return null;
    }

    /// <returns>Null where it is none, or does not measure what the type counts.</returns>
    public Unit? CheckUnit(EntryInput input, ActivityChoice? choice, List<EntryProblem> problems)
    {
        Unit unit;
        try
        {
            unit = vocabulary.Units.Find(input.Unit);
        }
        catch (UnknownUnitException exception)
        {
            problems.Error("unknown-unit", "unit", input.Unit.Length == 0 ? "Say in which unit the quantity is counted." : exception.Message);
            return null;
        }

        if (choice is null)
        {
            return unit;
        }

        var offered = choice.Units.Select(symbol => vocabulary.Units.TryFind(symbol, out var known) ? known : null).OfType<Unit>().ToList();
        // Which rates and price years there are, the calculation says.
        if (offered.Exists(known => known.Group == unit.Group || (known.Group.Money is not null && unit.Group.Money is not null)))
        {
            return unit;
        }

        if (unit.Group is { Name: "energy", Basis: CalorificBasis.None } && offered.Exists(known => known.Group.Name == "energy"))
        {
            problems.Error("calorific-basis-missing", "unit",
                $"{unit.Symbol} of {choice.Name} can be gross or net calorific value, which differ by 5 to 10 percent. The bill says which: choose {unit.Symbol} (Gross CV) or {unit.Symbol} (Net CV).");
        }
        else
        {
            problems.Error("unit-of-another-group", "unit",
                $"{unit.Symbol} measures {unit.Group}; {choice.Name} is counted in {string.Join(", ", offered.Select(known => known.Symbol).Distinct().Take(6))}. Choose one of these.");
        }

        return null;
    }

    public static void CheckCategory(EntryInput input, ActivityChoice? choice, List<EntryProblem> problems)
    {
        if (choice is null || input.Category is not { } category || choice.Allows(category))
        {
            return;
        }

        var allowed = choice.Categories;
        problems.Error("category-not-allowed", "category", string.Create(CultureInfo.InvariantCulture, $"{choice.Name} cannot stand in category {category}.")
            + (allowed.Count == 0 ? " Leave the category out." : $" Choose one of {string.Join(", ", allowed)}, or leave it out."));
    }

    /// <returns>With the gas as the tables name it.</returns>
    public EntryInput CheckGas(EntryInput input, ActivityChoice? choice, List<EntryProblem> problems)
    {
        if (input.Gas is null)
        {
            if (choice?.NeedsGas == true)
            {
                problems.Error("missing-gas", "gas", $"{choice.Name} needs the name of the gas or refrigerant, for example R-410A or HFC-134a. It is on the plate of the equipment.");
            }

            return input;
        }

        if (vocabulary.FindGas(input.Gas) is { } gas)
        {
            return input with { Gas = gas };
        }

        problems.Error("unknown-gas", "gas", $"“{input.Gas}” is no gas or refrigerant that OffGridFlow knows.{vocabulary.GasesNear(input.Gas)} Write it as on the plate of the equipment, for example R-410A.");
        return input;
    }
}
