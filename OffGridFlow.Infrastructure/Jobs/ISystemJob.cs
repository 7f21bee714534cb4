using OffGridFlow.Core.Jobs;

namespace OffGridFlow.Infrastructure.Jobs;

/// <summary>
/// One of the installation's own jobs, which belong to no tenant. It may be started again from the beginning at any time. What it
/// reports is shown to administrators of every tenant: counts over the whole installation, never a tenant's names or figures.
/// </summary>
internal interface ISystemJob
{
    string Kind { get; }

    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    Task<SystemJobOutcome> RunAsync(SystemJobContext job, CancellationToken cancellationToken);
}

/// <param name="Failure">What is wrong and what to do; null when nothing is.</param>
internal sealed record SystemJobOutcome(IReadOnlyDictionary<string, long> Result, string? Failure = null);

/// <summary>One attempt at a system job.</summary>
internal sealed class SystemJobContext(SystemJobRun run)
{
    private long _done;
    private long _total = -1;

    public SystemJobRun Run => run;

    public long Done => Interlocked.Read(ref _done);

    public long? Total => Interlocked.Read(ref _total) is >= 0 and var total ? total : null;

    /// <summary>Tells how far the work is; saved with the next heartbeat.</summary>
    public void Report(long done, long total)
    {
        Interlocked.Exchange(ref _done, done);
        Interlocked.Exchange(ref _total, total);
    }
}
