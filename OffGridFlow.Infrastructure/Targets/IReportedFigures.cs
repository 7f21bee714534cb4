using OffGridFlow.Core.Targets;

namespace OffGridFlow.Infrastructure.Targets;

/// <summary>What was reported of past periods: the totals of their snapshots, which stay whatever is recalculated later.</summary>
public interface IReportedFigures
{
    /// <summary>kg CO2e as reported, by the period's id; a period of which nothing was locked or filed is not in it.</summary>
    Task<IReadOnlyDictionary<Guid, ScopeKilograms>> ListAsync(CancellationToken cancellationToken);
}

/// <summary>Where no snapshot was ever taken.</summary>
internal sealed class NothingReported : IReportedFigures
{
    private static readonly IReadOnlyDictionary<Guid, ScopeKilograms> None = new Dictionary<Guid, ScopeKilograms>();

    public Task<IReadOnlyDictionary<Guid, ScopeKilograms>> ListAsync(CancellationToken cancellationToken) => Task.FromResult(None);
}
