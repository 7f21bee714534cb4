using OffGridFlow.Core.Organizations;
using OffGridFlow.Core.Quantities;

namespace OffGridFlow.Core.Inventory;

/// <summary>What an inventory is set in relation to.</summary>
public enum IntensityMeasure
{
    /// <summary>Net revenue.</summary>
    Revenue,

    /// <summary>Full-time equivalents.</summary>
    FullTimeEmployees,

    /// <summary>What was made.</summary>
    Output,

    /// <summary>Square meters.</summary>
    FloorArea,
}

/// <summary>An entity in the boundary.</summary>
/// <param name="Share">0 to 1: as much of its figures count as of its emissions.</param>
/// <param name="Figure">Its figures of the period; null: none were recorded.</param>
public sealed record IntensityEntity(string Name, decimal Share, BusinessFigure? Figure);

/// <summary>The inventory of a period per unit of something (docs/methods/inventory.md).</summary>
/// <param name="Unit">Currency, <c>FTE</c>, the tenant's own unit of output, <c>m2</c>; null where there is none in common.</param>
/// <param name="Denominator">Sum over the entities in the boundary; null where it cannot be had.</param>
/// <param name="LocationKgCo2e">kg CO2e of all scopes per unit, location-based, rounded to 12 decimals.</param>
/// <param name="MarketKgCo2e">The same, market-based.</param>
/// <param name="Missing">Entities in the boundary that have no figure for it.</param>
/// <param name="Units">All units in which figures were recorded: more than one are never added.</param>
public sealed record Intensity(
    IntensityMeasure Measure, string? Unit, decimal? Denominator, decimal? LocationKgCo2e, decimal? MarketKgCo2e, IReadOnlyList<string> Missing, IReadOnlyList<string> Units)
{
    /// <param name="locationKg">kg CO2e of the whole inventory, location-based.</param>
    /// <param name="marketKg">The same, market-based.</param>
    public static IReadOnlyList<Intensity> Of(IReadOnlyList<IntensityEntity> entities, decimal locationKg, decimal marketKg) =>
    [
        Of(IntensityMeasure.Revenue, entities, figure => (figure.Revenue, figure.Currency), locationKg, marketKg),
        Of(IntensityMeasure.FullTimeEmployees, entities, figure => (figure.FullTimeEmployees, "FTE"), locationKg, marketKg),
        Of(IntensityMeasure.Output, entities, figure => (figure.Output, figure.OutputUnit), locationKg, marketKg),
        Of(IntensityMeasure.FloorArea, entities, figure => (figure.FloorArea, "m2"), locationKg, marketKg),
    ];

    private static Intensity Of(
        IntensityMeasure measure, IReadOnlyList<IntensityEntity> entities, Func<BusinessFigure, (decimal? Value, string? Unit)> read, decimal locationKg, decimal marketKg)
    {
        var missing = new List<string>();
        var units = new SortedSet<string>(StringComparer.Ordinal);
        var total = 0m;
        foreach (var entity in entities)
        {
            if (entity.Figure is { } figure && read(figure) is { Value: { } value } known)
            {
                total += Exact.Product(value, entity.Share);
                units.Add(known.Unit ?? "");
            }
            else
            {
                missing.Add(entity.Name);
            }
        }

        var unit = units.Count == 1 ? units.Min : null;
        var sum = missing.Count == 0 && unit is not null ? total : (decimal?)null;
        return sum is > 0
            ? new Intensity(measure, unit, sum, Exact.Ratio(locationKg, 1m, sum.Value), Exact.Ratio(marketKg, 1m, sum.Value), missing, [.. units])
            : new Intensity(measure, unit, sum, null, null, missing, [.. units]);
    }
}
