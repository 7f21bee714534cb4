using OffGridFlow.Core.Calculation;
using OffGridFlow.Core.Organizations;
using OffGridFlow.Infrastructure.Targets;

namespace OffGridFlow.Tests.Web;

/// <summary>Other years beside a period, as a test gives them; none unless it does.</summary>
internal sealed class FakeYears(YearComparison? comparison = null, DecompositionReport? causes = null) : IDecompositionQueries
{
    public Task<DecompositionReport?> FindAsync(Guid before, Guid after, ConsolidationApproach? approach, Scope2Method view, CancellationToken cancellationToken) => Task.FromResult(causes);

    public Task<YearComparison?> CompareAsync(DateOnly firstMonth, DateOnly lastMonth, CancellationToken cancellationToken) => Task.FromResult(comparison);
}
