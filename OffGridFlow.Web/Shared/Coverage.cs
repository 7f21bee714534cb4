using OffGridFlow.Core.Inventory;
using OffGridFlow.Infrastructure.Inventory;

namespace OffGridFlow.Web.Shared;

/// <summary>
/// How sure a total is. Measured, estimated and defaulted are shares of its mass. Missing is a share of cost, because usage
/// without a result has no mass: the largest share among the currencies, which are never summed.
/// </summary>
public sealed record Coverage(decimal Measured, decimal Estimated, decimal Defaulted, decimal Missing)
{
    /// <summary>Of what <see cref="Missing"/> is a share, with its verb.</summary>
    public string MissingOf { get; init; } = "of the cost has";

    /// <summary>Of an inventory, whose missing part is a share of the results: entries cost nothing.</summary>
    public static Coverage Of(InventoryFigures figures)
    {
        var missing = figures.Results == 0 ? 0 : (decimal)figures.ResultsWithoutFigure / figures.Results;
        var total = figures.KgCo2e;
        return (total == 0 ? new Coverage(0, 0, 0, missing) : new Coverage(figures.MeasuredKgCo2e / total, figures.EstimatedKgCo2e / total, figures.DefaultedKgCo2e / total, missing))
            with { MissingOf = "of the results have" };
    }

    public static Coverage Of(EmissionsFigures figures)
    {
        var total = figures.MeasuredKgCo2e + figures.EstimatedKgCo2e + figures.DefaultedKgCo2e;
        return total == 0
            ? new Coverage(0, 0, 0, MissingShare(figures))
            : new Coverage(figures.MeasuredKgCo2e / total, figures.EstimatedKgCo2e / total, figures.DefaultedKgCo2e / total, MissingShare(figures));
    }

    public string InWords
    {
        get
        {
            if (Measured + Estimated + Defaulted == 0)
                return Missing > 0 ? $"no figure; {Format.Percent(Missing)} {MissingOf} none" : "no figure";
            var mass = $"{Format.Percent(Measured)} measured, {Format.Percent(Estimated)} estimated, {Format.Percent(Defaulted)} defaulted";
            return $"{mass}; {Format.Percent(Missing)} {MissingOf} no figure";
        }
    }

    /// <summary>The largest share of cost without a result; activities are counted where nothing costs anything.</summary>
    public static decimal MissingShare(EmissionsFigures figures)
    {
        if (figures.ActivitiesWithoutResult == 0) return 0;
        var shares = figures.UnmappedCost.Where(c => c.Value > 0).Select(c => ShareOfCost(figures, c.Key)).ToList();
        if (shares.Count > 0) return shares.Max();
        return figures.Activities > 0 && figures.Cost.Values.All(c => c <= 0) ? (decimal)figures.ActivitiesWithoutResult / figures.Activities : 0;
    }

    public static decimal ShareOfCost(EmissionsFigures figures, string currency)
    {
        var unmapped = figures.UnmappedCost.GetValueOrDefault(currency);
        var cost = figures.Cost.GetValueOrDefault(currency);
        return cost > 0 ? Math.Clamp(unmapped / cost, 0, 1) : unmapped > 0 ? 1 : 0;
    }
}
