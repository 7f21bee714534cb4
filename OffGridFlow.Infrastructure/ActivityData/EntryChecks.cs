using System.Globalization;
using OffGridFlow.Core.ActivityData;
using OffGridFlow.Core.Inventory;
using OffGridFlow.Core.Quantities;
using static OffGridFlow.Infrastructure.ActivityData.EntryProblems;

namespace OffGridFlow.Infrastructure.ActivityData;

/// <summary>What the checks know of a site.</summary>
internal sealed record EntrySite(Guid Id, string Name, string Region, DateOnly? OpenedOn, DateOnly? ClosedOn);

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
    private readonly EntryTerms _terms = new(vocabulary);
    private readonly EntryOrigins _origins = new(vocabulary);
    private readonly EntryComparison _comparison = new(vocabulary);

    /// <param name="site">Null where there is none of this id.</param>
    /// <param name="neighbors">Without the entry itself.</param>
    /// <param name="map">What the organization has said of the vendor and the account.</param>
    public CheckedEntry Check(EntryInput input, EntrySite? site, IReadOnlyList<EntryNeighbor> neighbors, DateOnly today, AccountMap? map = null)
    {
        var problems = new List<EntryProblem>();
        input = Tidy(input, problems);
        if (site is null)
        {
            problems.Error("unknown-site", "siteId", "There is no such site in your organization. Choose one of the list, or add it on the page Organization.");
        }

        var choice = _terms.CheckType(input, problems);
        var unit = _terms.CheckUnit(input, choice, problems);
        EntryTerms.CheckCategory(input, choice, problems);
        input = CheckQuantity(input.Worksheet is null ? input : _origins.Worked(input, unit, problems), problems);
        EntryDays.Check(input, site, today, problems);
        input = _terms.CheckGas(input, choice, problems);
        CheckQuality(input, problems);
        if (problems.Any(problem => problem.Severity == EntrySeverity.Error))
        {
            return new CheckedEntry(input, problems);
        }

        input = input with { ActivityType = choice!.Key, Unit = unit!.Symbol };
        _comparison.CheckSize(input, choice, unit, neighbors, problems);
        EntryComparison.CheckDays(input, neighbors, EntryComparison.AsksForDays(choice, input.Category), problems);
        if (map is { IsCountedPhysically: true } && unit.Group.Money is not null)
        {
            problems.Notice("counted-physically", "account", $"Spending with this vendor or on this account is counted by its physical amount, so this entry is in no total: {map.Reason}");
        }

        return new CheckedEntry(input, problems);
    }

    private EntryInput Tidy(EntryInput input, List<EntryProblem> problems)
    {
        problems.Fitting(input.Reference, 100, "reference", "reference");
        problems.Fitting(input.Note, 2000, "note", "note");
        problems.Fitting(input.ExternalId, 200, "externalId", "external id");
        problems.Fitting(input.FactorId, 200, "factorId", "factor");
        problems.Fitting(input.Vendor, AccountMapConfiguration.VendorLength, "vendor", "vendor");
        problems.Fitting(input.Account, AccountMapConfiguration.AccountLength, "account", "account");
        return _origins.Counted(input with
        {
            ActivityType = Plain(input.ActivityType) ?? "", Unit = Plain(input.Unit) ?? "", Gas = Plain(input.Gas), Reference = Plain(input.Reference), Note = Plain(input.Note),
            ExternalId = Plain(input.ExternalId), FactorId = Plain(input.FactorId), Vendor = Plain(input.Vendor), Account = Plain(input.Account),
            Quantity = input.Balance is { } balance ? EntryOrigins.Released(balance, problems) : input.Quantity,
        }, problems);
    }

    private static EntryInput CheckQuantity(EntryInput input, List<EntryProblem> problems)
    {
        switch (input.Quantity)
        {
            case null:
                problems.Error("quantity-missing", "quantity", "Type the quantity. Nothing used is 0; not known yet is a row that you leave out.");
                return input;
            case < 0 when input.Balance is not null:
                problems.Error("negative-balance", "balance", string.Create(CultureInfo.InvariantCulture,
                    $"The balance gives {Text(input.Quantity.Value)}: more was left at the end than can have been there. Check the stock at the end, what was sold or returned, and the growth of the equipment’s capacity."));
                return input;
            case < 0:
                problems.Error("negative-quantity", "quantity", "A quantity is zero or more. To take an entry back, open it and choose Reverse: that writes the negative amount beside it.");
                return input;
        }

        try
        {
            return input with { Quantity = Exact.Round(input.Quantity.Value) };
        }
        catch (QuantityOverflowException exception)
        {
            problems.Error("quantity-too-large", "quantity", exception.Message);
            return input;
        }
    }

    private static void CheckQuality(EntryInput input, List<EntryProblem> problems)
    {
        if (input.Quality is not (DataQuality.Measured or DataQuality.Estimated or DataQuality.Defaulted))
        {
            problems.Error("unknown-quality", "quality", "The quality of an entry is measured, estimated or defaulted.");
        }

        if (input.QualityIndicators.Count is not (0 or 5) || input.QualityIndicators.Any(rating => rating is < 1 or > 5))
        {
            problems.Error("quality-indicators", "qualityIndicators", "Rate all five indicators from 1 (very good) to 5 (poor), or none.");
        }

        if (input.UncertaintyPercent is < 0 or > 1000)
        {
            problems.Error("uncertainty", "uncertaintyPercent", "The uncertainty is between 0 and 1000 percent of the quantity.");
        }
    }

    private static string? Plain(string? text) => text?.Trim() is { Length: > 0 } plain ? plain : null;
}
