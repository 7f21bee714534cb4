using System.Globalization;
using OffGridFlow.Core.ActivityData;
using OffGridFlow.Core.EmissionFactors;
using OffGridFlow.Core.Inventory;
using OffGridFlow.Core.Quantities;

namespace OffGridFlow.Infrastructure.ActivityData;

/// <summary>What the checks know of a site.</summary>
internal sealed record EntrySite(Guid Id, string Name, string Region, DateOnly? OpenedOn, DateOnly? ClosedOn);

/// <summary>Another entry of the same site and type that is not excluded, reversed or a reversal.</summary>
internal sealed record EntryNeighbor(Guid Id, decimal Quantity, string Unit, DateOnly From, DateOnly To, string? Gas, string? Reference, bool IsAccrual);

/// <summary>An input in the words of the tables, with what is wrong with it.</summary>
/// <param name="Input">With keys and symbols as they are kept; as it was given where it has errors.</param>
internal sealed record CheckedEntry(EntryInput Input, IReadOnlyList<EntryProblem> Problems)
{
    public bool HasErrors => Problems.Any(problem => problem.Severity == EntrySeverity.Error);
}

/// <summary>
/// What an entry has to satisfy. Errors block; questions are asked once and kept with the version; notices are shown. Each has a code and a sentence
/// that a data owner understands.
/// </summary>
internal sealed class EntryChecks(EntryVocabulary vocabulary)
{
    /// <summary>How far above the site's usual amount a quantity is asked about.</summary>
    private const decimal UnusualTimes = 50m;

    /// <summary>Fewer other periods than this say nothing about what is usual.</summary>
    private const int FewestNeighbors = 3;

    private const int LongestDays = 366;
    private const decimal MostStock = 1_000_000_000m;
    private const int DaysOfAMonth = 31;
    private const int LongestWorksheetText = 300;

    /// <summary>What no single site is likely to use or lose in a month: a thousand times the unit that was meant, more often than not.</summary>
    private static readonly (ActivityFamily? Family, string Unit, decimal Limit)[] Limits =
    [
        (ActivityFamily.Fugitive, "kg", 10_000m), (ActivityFamily.Mobile, "l", 10_000_000m), (null, "kWh", 1_000_000_000m), (null, "kg", 1_000_000_000m),
        (null, "l", 1_000_000_000m), (null, "km", 1_000_000_000m),
    ];

    /// <param name="site">Null where there is none of this id.</param>
    /// <param name="neighbors">Without the entry itself.</param>
    /// <param name="map">What the organization has said of the vendor and the account.</param>
    public CheckedEntry Check(EntryInput input, EntrySite? site, IReadOnlyList<EntryNeighbor> neighbors, DateOnly today, AccountMap? map = null)
    {
        var problems = new List<EntryProblem>();
        input = Tidy(input, problems);
        if (site is null)
        {
            Error(problems, "unknown-site", "siteId", "There is no such site in your organization. Choose one of the list, or add it on the page Organization.");
        }

        var choice = CheckType(input, problems);
        var unit = CheckUnit(input, choice, problems);
        CheckCategory(input, choice, problems);
        input = CheckQuantity(input.Worksheet is null ? input : Worked(input, unit, problems), problems);
        CheckDays(input, site, today, problems);
        input = CheckGas(input, choice, problems);
        CheckQuality(input, problems);
        if (problems.Any(problem => problem.Severity == EntrySeverity.Error))
        {
            return new CheckedEntry(input, problems);
        }

        input = input with { ActivityType = choice!.Key, Unit = unit!.Symbol };
        CheckSize(input, choice, unit, neighbors, problems);
        // Journeys, deliveries and purchases of the same days are many; meters are not.
        CheckNeighbors(input, neighbors, asksForDays: choice.Scope != 3 && input.Category is null, problems);
        if (map is { IsCountedPhysically: true } && unit.Group.Money is not null)
        {
            Notice(problems, "counted-physically", "account", $"Spending with this vendor or on this account is counted by its physical amount, so this entry is in no total: {map.Reason}");
        }

        return new CheckedEntry(input, problems);
    }

    private EntryInput Tidy(EntryInput input, List<EntryProblem> problems)
    {
        Fitting(input.Reference, 100, "reference", "reference", problems);
        Fitting(input.Note, 2000, "note", "note", problems);
        Fitting(input.ExternalId, 200, "externalId", "external id", problems);
        Fitting(input.FactorId, 200, "factorId", "factor", problems);
        Fitting(input.Vendor, AccountMapConfiguration.VendorLength, "vendor", "vendor", problems);
        Fitting(input.Account, AccountMapConfiguration.AccountLength, "account", "account", problems);
        return Counted(input with
        {
            ActivityType = Plain(input.ActivityType) ?? "", Unit = Plain(input.Unit) ?? "", Gas = Plain(input.Gas), Reference = Plain(input.Reference), Note = Plain(input.Note),
            ExternalId = Plain(input.ExternalId), FactorId = Plain(input.FactorId), Vendor = Plain(input.Vendor), Account = Plain(input.Account),
            Quantity = input.Balance is { } balance ? Released(balance, problems) : input.Quantity,
        }, problems);
    }

    /// <summary>With the quantity and the unit that follow from what was measured in another kind of unit.</summary>
    private EntryInput Counted(EntryInput input, List<EntryProblem> problems)
    {
        if (input.ConvertedFrom is not { } measured)
        {
            return input;
        }

        if (input.Worksheet is not null)
        {
            Error(problems, "worksheet-unit", "convertedFrom", "A quantity has one origin: a worksheet or what was measured in another unit. Leave one of them out.");
            return input;
        }

        Fitting(measured.Name, 100, "convertedFrom", "name of the conversion", problems);
        Fitting(measured.Source, 500, "convertedFrom", "source of the conversion", problems);
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
            Error(problems, "quantity-too-large", "convertedFrom", exception.Message);
        }

        return input;
    }

    /// <summary>What has leaked by the balance; zero, with an error, where its parts are no amounts.</summary>
    private static decimal Released(RefrigerantBalance balance, List<EntryProblem> problems)
    {
        decimal[] parts = [balance.StockAtStart, balance.Acquired, balance.Disposed, balance.StockAtEnd];
        if (parts.All(part => part is >= 0 and < MostStock) && Math.Abs(balance.CapacityGrowth) < MostStock)
        {
            return balance.Released;
        }

        Error(problems, "balance-parts", "balance", "Stocks, what was bought and what was sold are zero or more, and below a billion. Only the growth of the capacity can be negative.");
        return 0;
    }

    /// <summary>The quantity by the worksheet, whose amounts get the unit of the entry where they name none; zero, with errors, where it gives none.</summary>
    private EntryInput Worked(EntryInput input, Unit? unit, List<EntryProblem> problems)
    {
        if (unit is null)
        {
            return input with { Quantity = 0 };
        }

        if (WorksheetMethod.Find(input.Worksheet!.Method) is not { } method || input.Balance is not null)
        {
            Error(problems, "worksheet-method", "worksheet", input.Balance is not null
                ? "A quantity has one origin: the balance of a stock or a worksheet. Leave one of them out."
                : $"“{input.Worksheet.Method}” is no method of a worksheet. There are {string.Join(", ", WorksheetMethod.All.Select(known => known.Key))}.");
            return input with { Quantity = 0 };
        }

        var worksheet = method.InUnit(input.Worksheet, unit);
        if (worksheet.Inputs.Concat(worksheet.Lines.SelectMany(line => line.Inputs)).Select(value => value.Source).Concat(worksheet.Lines.Select(line => line.Name))
            .Concat(worksheet.Choices.Values).Any(text => text is { Length: > LongestWorksheetText } || text?.Contains('\0', StringComparison.Ordinal) == true))
        {
            Error(problems, "worksheet-text", "worksheet", string.Create(CultureInfo.InvariantCulture, $"Names and sources in a worksheet have at most {LongestWorksheetText} characters that can be printed. Shorten them."));
            return input with { Quantity = 0 };
        }

        var outcome = method.Compute(worksheet, unit, vocabulary.Units);
        problems.AddRange(outcome.Faults.Select(fault => new EntryProblem(fault.Code, fault.Field.Length == 0 ? "worksheet" : "worksheet." + fault.Field, fault.Message, EntrySeverity.Error)));
        if (input.Category is { } category && method.Categories.Count > 0 && !method.Categories.Contains(category))
        {
            Error(problems, "worksheet-category", "worksheet", $"{method.Name} is for category {string.Join(" or ", method.Categories)}. Choose that category or another method.");
        }

        return input with { Quantity = outcome.Quantity, Worksheet = worksheet };
    }

    private static void CheckCategory(EntryInput input, ActivityChoice? choice, List<EntryProblem> problems)
    {
        if (choice is null || input.Category is not { } category || choice.Allows(category))
        {
            return;
        }

        var allowed = choice.Categories;
        Error(problems, "category-not-allowed", "category", string.Create(CultureInfo.InvariantCulture, $"{choice.Name} cannot stand in category {category}.")
            + (allowed.Count == 0 ? " Leave the category out." : $" Choose one of {string.Join(", ", allowed)}, or leave it out."));
    }

    private static void Fitting(string? text, int longest, string field, string name, List<EntryProblem> problems)
    {
        if (text is not null && (text.Length > longest || text.Contains('\0', StringComparison.Ordinal)))
        {
            Error(problems, "text-too-long", field, string.Create(CultureInfo.InvariantCulture, $"The {name} has at most {longest} characters that can be printed. Shorten it."));
        }
    }

    private ActivityChoice? CheckType(EntryInput input, List<EntryProblem> problems)
    {
        if (vocabulary.TryFind(input.ActivityType, out var choice))
        {
            return choice;
        }

        Error(problems, "unknown-activity-type", "activityType", input.ActivityType.Length == 0
            ? "Say what was used: choose an activity type."
            : $"“{input.ActivityType}” is no activity type.{vocabulary.TypesNear(input.ActivityType)} Choose one of the list; it also finds every published factor by name.");
        return null;
    }

    private Unit? CheckUnit(EntryInput input, ActivityChoice? choice, List<EntryProblem> problems)
    {
        Unit unit;
        try
        {
            unit = vocabulary.Units.Find(input.Unit);
        }
        catch (UnknownUnitException exception)
        {
            Error(problems, "unknown-unit", "unit", input.Unit.Length == 0 ? "Say in which unit the quantity is counted." : exception.Message);
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
            Error(problems, "calorific-basis-missing", "unit",
                $"{unit.Symbol} of {choice.Name} can be gross or net calorific value, which differ by 5 to 10 percent. The bill says which: choose {unit.Symbol} (Gross CV) or {unit.Symbol} (Net CV).");
        }
        else
        {
            Error(problems, "unit-of-another-group", "unit",
                $"{unit.Symbol} measures {unit.Group}; {choice.Name} is counted in {string.Join(", ", offered.Select(known => known.Symbol).Distinct().Take(6))}. Choose one of these.");
        }

        return null;
    }

    private static EntryInput CheckQuantity(EntryInput input, List<EntryProblem> problems)
    {
        switch (input.Quantity)
        {
            case null:
                Error(problems, "quantity-missing", "quantity", "Type the quantity. Nothing used is 0; not known yet is a row that you leave out.");
                return input;
            case < 0 when input.Balance is not null:
                Error(problems, "negative-balance", "balance", string.Create(CultureInfo.InvariantCulture,
                    $"The balance gives {Text(input.Quantity.Value)}: more was left at the end than can have been there. Check the stock at the end, what was sold or returned, and the growth of the equipment’s capacity."));
                return input;
            case < 0:
                Error(problems, "negative-quantity", "quantity", "A quantity is zero or more. To take an entry back, open it and choose Reverse: that writes the negative amount beside it.");
                return input;
        }

        try
        {
            return input with { Quantity = Exact.Round(input.Quantity.Value) };
        }
        catch (QuantityOverflowException exception)
        {
            Error(problems, "quantity-too-large", "quantity", exception.Message);
            return input;
        }
    }

    private static void CheckDays(EntryInput input, EntrySite? site, DateOnly today, List<EntryProblem> problems)
    {
        if (input.From == default || input.To == default)
        {
            Error(problems, "days-missing", input.From == default ? "from" : "to", "Say the first and the last day of the period, both of which count.");
            return;
        }

        if (input.To < input.From)
        {
            Error(problems, "days-reversed", "to", $"The last day, {Day(input.To)}, is before the first, {Day(input.From)}. Exchange them or correct one.");
            return;
        }

        if (input.From.Year < 1990)
        {
            Error(problems, "too-early", "from", $"{Day(input.From)} is before 1990, the first year of greenhouse gas inventories. Check the year.");
        }

        if (input.To.DayNumber - input.From.DayNumber + 1 > LongestDays)
        {
            Error(problems, "longer-than-a-year", "to", $"{Day(input.From)} to {Day(input.To)} is longer than a year. Enter one row for each year, or better for each bill.");
        }

        // The site may be a day ahead of the server's calendar.
        if (input.To > today.AddDays(1))
        {
            Error(problems, "future-dates", "to", $"{Day(input.To)} lies ahead: what has not been used yet cannot be entered. Enter it when the period is over, or end the period today.");
        }

        if (site?.OpenedOn is { } opened && input.From < opened)
        {
            Error(problems, "before-site-opened", "from", $"{site.Name} opened on {Day(opened)}; the entry begins on {Day(input.From)}. Correct the day here, or the opening of the site on the page Organization.");
        }

        if (site?.ClosedOn is { } closed && input.To > closed)
        {
            Error(problems, "after-site-closed", "to", $"{site.Name} closed on {Day(closed)}; the entry ends on {Day(input.To)}. Correct the day here, or the closing of the site on the page Organization.");
        }
    }

    private EntryInput CheckGas(EntryInput input, ActivityChoice? choice, List<EntryProblem> problems)
    {
        if (input.Gas is null)
        {
            if (choice?.NeedsGas == true)
            {
                Error(problems, "missing-gas", "gas", $"{choice.Name} needs the name of the gas or refrigerant, for example R-410A or HFC-134a. It is on the plate of the equipment.");
            }

            return input;
        }

        if (vocabulary.FindGas(input.Gas) is { } gas)
        {
            return input with { Gas = gas };
        }

        Error(problems, "unknown-gas", "gas", $"“{input.Gas}” is no gas or refrigerant that OffGridFlow knows.{vocabulary.GasesNear(input.Gas)} Write it as on the plate of the equipment, for example R-410A.");
        return input;
    }

    private static void CheckQuality(EntryInput input, List<EntryProblem> problems)
    {
        if (input.Quality is not (DataQuality.Measured or DataQuality.Estimated or DataQuality.Defaulted))
        {
            Error(problems, "unknown-quality", "quality", "The quality of an entry is measured, estimated or defaulted.");
        }

        if (input.QualityIndicators.Count is not (0 or 5) || input.QualityIndicators.Any(rating => rating is < 1 or > 5))
        {
            Error(problems, "quality-indicators", "qualityIndicators", "Rate all five indicators from 1 (very good) to 5 (poor), or none.");
        }

        if (input.UncertaintyPercent is < 0 or > 1000)
        {
            Error(problems, "uncertainty", "uncertaintyPercent", "The uncertainty is between 0 and 1000 percent of the quantity.");
        }
    }

    private void CheckSize(EntryInput input, ActivityChoice choice, Unit unit, IReadOnlyList<EntryNeighbor> neighbors, List<EntryProblem> problems)
    {
        var perDay = PerDay(input.Quantity!.Value, unit, input.From, input.To);
        var usual = Median(neighbors.Where(other => other.Quantity > 0 && other.Gas == input.Gas)
            .Select(other => vocabulary.Units.TryFind(other.Unit, out var known) && known.Group == unit.Group ? PerDay(other.Quantity, known, other.From, other.To) : (decimal?)null)
            .OfType<decimal>().ToList());
        if (usual > 0 && perDay > UnusualTimes * usual)
        {
            var times = decimal.Round(perDay / usual.Value, 0);
            Ask(problems, "unusual-quantity", "quantity", string.Create(CultureInfo.InvariantCulture,
                $"{Text(input.Quantity.Value)} {unit.Symbol} is {times:N0} times what is usual here for {choice.Name}. Is the unit right, and the decimal point? Confirm it if it is."));
            return;
        }

        foreach (var (family, symbol, limit) in Limits)
        {
            if ((family is null || family == choice.Family) && vocabulary.Units.TryFind(symbol, out var known) && known.Group.Name == unit.Group.Name)
            {
                if (perDay * DaysOfAMonth > limit * known.Factor)
                {
                    Ask(problems, "unusual-quantity", "quantity", string.Create(CultureInfo.InvariantCulture,
                        $"{Text(input.Quantity.Value)} {unit.Symbol} is more than {limit:N0} {symbol} a month, more than a single site uses. Is the unit right, and the decimal point? Confirm it if it is."));
                }

                return;
            }
        }
    }

    private static void CheckNeighbors(EntryInput input, IReadOnlyList<EntryNeighbor> neighbors, bool asksForDays, List<EntryProblem> problems)
    {
        var same = neighbors.Where(other => other.Gas == input.Gas && other.Reference == input.Reference).ToList();
        // An actual takes the place of the accrual of its days: that is no overlap. An accrual behind its actual would count beside it.
        if (asksForDays && same.Find(other => other.From <= input.To && other.To >= input.From && (!other.IsAccrual || input.IsAccrual || other.From != input.From || other.To != input.To)) is { } overlap)
        {
            Ask(problems, "overlapping-period", "from",
                $"These days are entered already: {Text(overlap.Quantity)} {overlap.Unit} for {Day(overlap.From)} to {Day(overlap.To)}. Correct the days, or give each meter its own reference; confirm if both are right.");
        }

        if (input.Reference is not null && same.Find(other => other.IsAccrual == input.IsAccrual
            && ((other.Quantity == input.Quantity && other.Unit == input.Unit) || (other.From == input.From && other.To == input.To))) is { } duplicate)
        {
            Ask(problems, "duplicate-invoice", "reference",
                $"“{input.Reference}” is here already, with {Text(duplicate.Quantity)} {duplicate.Unit} for {Day(duplicate.From)} to {Day(duplicate.To)}: the same invoice twice counts twice. Confirm if they are two.");
        }

        var before = same.Where(other => other.To < input.From).OrderByDescending(other => other.To).FirstOrDefault();
        if (asksForDays && before is not null && input.From.DayNumber - before.To.DayNumber - 1 is > 0 and var gap)
        {
            Notice(problems, "gap-before", "from", string.Create(CultureInfo.InvariantCulture,
                $"Nothing is entered for {gap} {(gap == 1 ? "day" : "days")} before it: the entry before ends on {Day(before.To)}. If something was used in between, add it."));
        }
    }

    private static decimal PerDay(decimal quantity, Unit unit, DateOnly from, DateOnly to) => quantity * unit.Factor / (to.DayNumber - from.DayNumber + 1);

    /// <summary>The middle one; null of too few.</summary>
    private static decimal? Median(List<decimal> values)
    {
        if (values.Count < FewestNeighbors)
        {
            return null;
        }

        values.Sort();
        return (values[(values.Count - 1) / 2] + values[values.Count / 2]) / 2;
    }

    private static string? Plain(string? text) => text?.Trim() is { Length: > 0 } plain ? plain : null;

    private static string Day(DateOnly day) => day.ToString("d MMMM yyyy", CultureInfo.InvariantCulture);

    private static string Text(decimal value) => value.ToString("#,0.############", CultureInfo.InvariantCulture);

    private static void Error(List<EntryProblem> problems, string code, string field, string message) => problems.Add(new(code, field, message, EntrySeverity.Error));

    private static void Ask(List<EntryProblem> problems, string code, string field, string message) => problems.Add(new(code, field, message, EntrySeverity.Question));

    private static void Notice(List<EntryProblem> problems, string code, string field, string message) => problems.Add(new(code, field, message, EntrySeverity.Notice));
}
