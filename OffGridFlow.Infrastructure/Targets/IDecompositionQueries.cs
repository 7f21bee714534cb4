using OffGridFlow.Core.Calculation;
using OffGridFlow.Core.Organizations;
using OffGridFlow.Core.Targets;

namespace OffGridFlow.Infrastructure.Targets;

/// <summary>An entity whose share is another in the later period.</summary>
/// <param name="ShareBefore">Mean over the months, 0 to 1.</param>
public sealed record ShareMove(string Entity, decimal ShareBefore, decimal ShareAfter);

/// <summary>Why a period's emissions are others than those of another.</summary>
/// <param name="MissingBefore">Results of the earlier period that have no figure and are in no number here.</param>
public sealed record DecompositionReport(
    ReportingPeriod Before, ReportingPeriod After, ConsolidationApproach Approach, Scope2Method View, Decomposition Causes, long MissingBefore, long MissingAfter,
    IReadOnlyList<ShareMove> ShareMoves);

/// <summary>A reporting period beside others. kg CO2e that count, Scope 2 location-based in totals.</summary>
/// <param name="Previous">The period before it; null where there is none.</param>
/// <param name="PreviousKg">Null where the ledger holds nothing of it.</param>
/// <param name="BasePeriod">Null where no policy is in force, or the period is the base year itself.</param>
/// <param name="PathByScope">What absolute targets allow in the year, by scope; 0: of all scopes.</param>
/// <param name="Months">Those of the period that the base year has data for.</param>
public sealed record YearComparison(
    ReportingPeriod Period, ScopeKilograms Kg, ReportingPeriod? Previous, ScopeKilograms? PreviousKg, ReportingPeriod? BasePeriod, ScopeKilograms? BaseKg,
    IReadOnlyDictionary<int, decimal> PathByScope, IReadOnlyList<MonthComparison> Months);

/// <param name="PathKg">Null without a target on all scopes.</param>
public sealed record MonthComparison(DateOnly Month, decimal BaseKg, decimal? PathKg);

/// <summary>Tells why emissions changed from one reporting period to another (docs/methods/decomposition.md).</summary>
public interface IDecompositionQueries
{
    /// <summary>Null where one of the periods is not there.</summary>
    /// <param name="approach">Null: that of the base year's policy, else operational control.</param>
    Task<DecompositionReport?> FindAsync(Guid before, Guid after, ConsolidationApproach? approach, Scope2Method view, CancellationToken cancellationToken);

    /// <summary>Null where no reporting period has exactly these months.</summary>
    /// <param name="firstMonth">First day of a month; the same of <paramref name="lastMonth"/>.</param>
    Task<YearComparison?> CompareAsync(DateOnly firstMonth, DateOnly lastMonth, CancellationToken cancellationToken);
}
