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

/// <summary>Tells why emissions changed from one reporting period to another (docs/methods/decomposition.md).</summary>
public interface IDecompositionQueries
{
    /// <summary>Null where one of the periods is not there.</summary>
    /// <param name="approach">Null: that of the base year's policy, else operational control.</param>
    Task<DecompositionReport?> FindAsync(Guid before, Guid after, ConsolidationApproach? approach, Scope2Method view, CancellationToken cancellationToken);
}
