using OffGridFlow.Core.Quantities;

namespace OffGridFlow.Core.Targets;

/// <summary>How a target comes down from its base year.</summary>
public enum TargetPathKind
{
    /// <summary>In equal steps to a reduction by the target year.</summary>
    Linear,

    /// <summary>By the same share of the base year in every year (absolute contraction).</summary>
    AbsoluteContraction,

    /// <summary>By a share of the year before in every year (economic or physical intensity).</summary>
    YearOnYear,
}

/// <summary>Where a target stands in a year: kg CO2e, or kg CO2e per unit of its denominator.</summary>
public sealed record PathPoint(int Year, decimal Value);

/// <summary>The yearly path of a target (docs/methods/targets.md). Every value is a named step, rounded once to 12 decimals.</summary>
public static class TargetPath
{
    /// <summary>1.5 °C, scopes 1 and 2, cross-sector: 4.2 % of the base year in each year.</summary>
    public const decimal OnePointFiveDegrees = 0.042m;

    /// <summary>Well below 2 °C, scope 3: 2.5 % of the base year in each year.</summary>
    public const decimal WellBelowTwoDegrees = 0.025m;

    /// <summary>Intensity of scope 3, economic or physical: 7 % of the year before in each year.</summary>
    public const decimal IntensityContraction = 0.07m;

    /// <summary>Base year to target year, both with.</summary>
    /// <param name="share">Linear: the reduction by the target year; else the reduction of each year; 0 to 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">The target year does not lie after the base year, or the share is not from 0 to 1.</exception>
    public static IReadOnlyList<PathPoint> Of(TargetPathKind kind, decimal baseValue, int baseYear, int targetYear, decimal share)
    {
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(targetYear, baseYear);
        ArgumentOutOfRangeException.ThrowIfNegative(share);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(share, 1m);
        var points = new List<PathPoint> { new(baseYear, baseValue) };
        for (var year = baseYear + 1; year <= targetYear; year++)
        {
            points.Add(new PathPoint(year, kind switch
            {
                TargetPathKind.Linear => baseValue - Exact.Quotient([baseValue, share, year - baseYear], [targetYear - baseYear]),
                TargetPathKind.AbsoluteContraction => Math.Sign(baseValue) * Math.Max(0m, Math.Abs(baseValue) - Exact.Product(Math.Abs(baseValue), share * (year - baseYear))),
                _ => Exact.Product(points[^1].Value, 1m - share),
            }));
        }

        return points;
    }

    /// <summary>By how much the path is below the base year in the target year, 0 to 1.</summary>
    public static decimal ReductionOf(TargetPathKind kind, int baseYear, int targetYear, decimal share) => 1m - Of(kind, 1m, baseYear, targetYear, share)[^1].Value;
}
