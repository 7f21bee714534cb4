using System.Globalization;
using OffGridFlow.Core.ActivityData;
using OffGridFlow.Core.Quantities;

namespace OffGridFlow.Infrastructure.ActivityData;

/// <summary>How the quantity of an entry came about: it has one origin, that is typed, measured in another unit, the balance of a stock, or a worksheet.</summary>
internal sealed class EntryOrigins(EntryVocabulary vocabulary)
{
    private const decimal MostStock = 1_000_000_000m;
    private const int LongestWorksheetText = 300;

    /// <summary>With the quantity and the unit that follow from what was measured in another kind of unit.</summary>
    public EntryInput Counted(EntryInput input, List<EntryProblem> problems)
    {
        if (input.ConvertedFrom is not { } measured)
        {
            return input;
        }

        if (input.Worksheet is not null)
        {
            problems.Error("worksheet-unit", "convertedFrom", "A quantity has one origin: a worksheet or what was measured in another unit. Leave one of them out.");
            return input;
        }

        problems.Fitting(measured.Name, 100, "convertedFrom", "name of the conversion");
        problems.Fitting(measured.Source, 500, "convertedFrom", "source of the conversion");
        try
        {
            // What stands in JSON may lack any part.
            var entered = input with { Quantity = Exact.Round(measured.Quantity), Unit = measured.Unit ?? "", ConvertedFrom = null };
            if (EntryUnits.Counted(entered, measured.To ?? "", EntryUnits.RateOf(measured), vocabulary.Units, out var problem) is { } counted)
            {
                return counted;
            }

            problems.Add(problem! with { Field = "convertedFrom" });
        }
        catch (QuantityOverflowException exception)
        {
            problems.Error("quantity-too-large", "convertedFrom", exception.Message);
        }

        return input;
    }

    /// <summary>What has leaked by the balance; zero, with an error, where its parts are no amounts.</summary>
    public static decimal Released(RefrigerantBalance balance, List<EntryProblem> problems)
    {
        decimal[] parts = [balance.StockAtStart, balance.Acquired, balance.Disposed, balance.StockAtEnd];
        if (parts.All(part => part is >= 0 and < MostStock) && Math.Abs(balance.CapacityGrowth) < MostStock)
        {
            return balance.Released;
        }

        problems.Error("balance-parts", "balance", "Stocks, what was bought and what was sold are zero or more, and below a billion. Only the growth of the capacity can be negative.");
        return 0;
    }

    /// <summary>The quantity by the worksheet, whose amounts get the unit of the entry where they name none; zero, with errors, where it gives none.</summary>
    public EntryInput Worked(EntryInput input, Unit? unit, List<EntryProblem> problems)
    {
        if (unit is null)
        {
            return input with { Quantity = 0 };
        }

        if (WorksheetMethod.Find(input.Worksheet!.Method) is not { } method || input.Balance is not null)
        {
            problems.Error("worksheet-method", "worksheet", input.Balance is not null
                ? "A quantity has one origin: the balance of a stock or a worksheet. Leave one of them out."
                : $"“{input.Worksheet.Method}” is no method of a worksheet. There are {string.Join(", ", WorksheetMethod.All.Select(known => known.Key))}.");
            return input with { Quantity = 0 };
        }

        var worksheet = method.InUnit(input.Worksheet, unit);
        if (worksheet.Inputs.Concat(worksheet.Lines.SelectMany(line => line.Inputs)).Select(value => value.Source).Concat(worksheet.Lines.Select(line => line.Name))
            .Concat(worksheet.Choices.Values).Any(text => text is { Length: > LongestWorksheetText } || text?.Contains('\0', StringComparison.Ordinal) == true))
        {
            problems.Error("worksheet-text", "worksheet", string.Create(CultureInfo.InvariantCulture, $"Names and sources in a worksheet have at most {LongestWorksheetText} characters that can be printed. Shorten them."));
            return input with { Quantity = 0 };
        }

        var outcome = method.Compute(worksheet, unit, vocabulary.Units);
        problems.AddRange(outcome.Faults.Select(fault => new EntryProblem(fault.Code, fault.Field.Length == 0 ? "worksheet" : "worksheet." + fault.Field, fault.Message, EntrySeverity.Error)));
        if (input.Category is { } category && method.Categories.Count > 0 && !method.Categories.Contains(category))
        {
            problems.Error("worksheet-category", "worksheet", $"{method.Name} is for category {string.Join(" or ", method.Categories)}. Choose that category or another method.");
        }

        return input with { Quantity = outcome.Quantity, Worksheet = worksheet };
    }
}
