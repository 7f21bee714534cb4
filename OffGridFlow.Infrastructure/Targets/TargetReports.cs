using OffGridFlow.Core.Organizations;
using OffGridFlow.Core.Targets;

namespace OffGridFlow.Infrastructure.Targets;

/// <summary>Where a target stands in a year. Values are kg CO2e, or kg CO2e per unit of an intensity's denominator.</summary>
/// <param name="Period">The reporting period that ends in the year; null where there is none.</param>
/// <param name="Path">Null before the base year.</param>
/// <param name="Actual">Null where there is no period, nothing in the ledger, or no denominator.</param>
/// <param name="Missing">Results of the year without a figure: they are in no number here.</param>
/// <param name="Obstacle">Why there is no actual value, in words; null where there is one.</param>
public sealed record TargetYearPoint(int Year, string? Period, decimal? Path, decimal? Actual, long Missing, string? Obstacle)
{
    /// <summary>Above zero: more than the path allows.</summary>
    public decimal? Gap => Actual - Path;
}

/// <summary>A target's way from its base year to its end.</summary>
/// <param name="Unit">Of the denominator, e.g. <c>EUR</c>; null for an absolute target.</param>
/// <param name="BaseValue">What the path comes down from; null where the base year cannot be told.</param>
/// <param name="AsFirstSet">The base value before recalculations of the base year; null where there was none.</param>
/// <param name="RecalculatedBy">The decision that moved the path; null where there was none.</param>
/// <param name="Years">From the first year with a period to the target year.</param>
public sealed record TargetReport(
    Target Target, ReportingPeriod BasePeriod, string? Unit, decimal? BaseValue, decimal? AsFirstSet, BaseYearDecision? RecalculatedBy, IReadOnlyList<TargetYearPoint> Years)
{
    /// <summary>By how much the path is below the base year at its end, 0 to 1.</summary>
    public decimal Reduction => TargetPath.ReductionOf(Target.Path, BasePeriod.LastDay.Year, Target.TargetYear, Target.Reduction);

    /// <summary>The latest year with an actual value on the path; null where there is none.</summary>
    public TargetYearPoint? Latest => Years.LastOrDefault(year => year is { Actual: not null, Path: not null });
}

/// <summary>A scenario worked out.</summary>
/// <param name="StartPeriod">Whose emissions it begins with.</param>
/// <param name="Denominator">Of the start period, for an intensity; null for an absolute target, and where it is not known.</param>
/// <param name="TargetValue">kg CO2e that the target allows in its last year; null where that cannot be told.</param>
public sealed record ScenarioReport(
    Scenario Scenario, Target Target, ReportingPeriod StartPeriod, IReadOnlyList<ScenarioYear> Years, decimal? Denominator, decimal? TargetValue)
{
    /// <summary>The target year.</summary>
    public ScenarioYear Last => Years[^1];

    /// <summary>kg CO2e above the target in its last year; below zero: more is lowered than it asks for.</summary>
    public decimal? Gap => Last.WithKg - TargetValue;
}
