using OffGridFlow.Core.Jobs;

namespace OffGridFlow.Infrastructure.Jobs;

/// <summary>Why a queued job does not run yet.</summary>
public abstract record JobWait
{
    /// <summary>The pause after an attempt that failed.</summary>
    public sealed record Pause(DateTimeOffset Until, int NextAttempt) : JobWait;

    /// <summary>A job that came first works on the same.</summary>
    public sealed record Behind(Guid JobId, string Kind, string? SubjectName) : JobWait;

    /// <summary>All workers are busy.</summary>
    /// <param name="Slots">Jobs that run at a time.</param>
    public sealed record FreeWorker(int Slots) : JobWait;

    /// <summary>No worker has given a sign of life.</summary>
    public sealed record AnyWorker : JobWait;
}

/// <summary>A job as pages and the API show it.</summary>
public sealed record JobRow
{
    public required Guid Id { get; init; }
    public required string Kind { get; init; }

    /// <summary>True for the installation's own work, which belongs to no tenant.</summary>
    public bool IsSystem { get; init; }

    /// <summary>The import's id; for system work the job's own.</summary>
    public Guid SubjectId { get; init; }
    public string? SubjectName { get; init; }
    public required JobState State { get; init; }
    public bool WithErrors { get; init; }
    public int Attempts { get; init; }
    public string? Worker { get; init; }
    public required DateTimeOffset QueuedAt { get; init; }
    public DateTimeOffset? NotBefore { get; init; }
    public DateTimeOffset? StartedAt { get; init; }
    public DateTimeOffset? FinishedAt { get; init; }
    public long Done { get; init; }
    public long? Total { get; init; }
    public bool CancelRequested { get; init; }
    public string? Error { get; init; }
    public bool FailureIsFinal { get; init; }
    public Guid? CreatedById { get; init; }

    /// <summary>A person's name, <c>OffGridFlow</c>, or for system work <c>Schedule</c> or <c>Administrator</c>.</summary>
    public required string CreatedBy { get; init; }

    /// <summary>Counts that the job wrote at its end, by name.</summary>
    public IReadOnlyDictionary<string, long> Result { get; init; } = new Dictionary<string, long>();

    /// <summary>While it runs: units of <see cref="Done"/> per second over the last seconds. Null until that can be told.</summary>
    public double? PerSecond { get; init; }

    /// <summary>While it is queued: what it waits for.</summary>
    public JobWait? Wait { get; init; }

    /// <summary>While it is queued: 1 for the first of the organization's queue.</summary>
    public int? Place { get; init; }

    /// <summary>Whether the person who looks may cancel it or start it again.</summary>
    public bool MayControl { get; init; }

    public bool IsOpen => State is JobState.Queued or JobState.Running;

    /// <summary>Recurring work of the installation is run anew instead.</summary>
    public bool CanRetry => MayControl && !IsSystem && (State == JobState.Cancelled || (State == JobState.Failed && !FailureIsFinal));

    /// <summary>0 to 1; 1 for a job that succeeded.</summary>
    public double Progress => State == JobState.Succeeded ? 1 : Total is > 0 and var total ? Math.Min(1, (double)Done / total) : 0;
}

/// <summary>What is under way, as the person who looks may see it.</summary>
/// <param name="At">When it was read, by the database's clock.</param>
/// <param name="Jobs">Running ones first, then the queue in its order.</param>
/// <param name="Workers">Processes that run jobs and are alive.</param>
/// <param name="SeenAgo">Since the latest sign of life of the one that has been silent the longest; null without workers.</param>
/// <param name="LastEnd">When a job last ended that the person may see, or another of the organization: another value than before means that the history may have grown.</param>
public sealed record LiveJobs(DateTimeOffset At, IReadOnlyList<JobRow> Jobs, int Workers, TimeSpan? SeenAgo, DateTimeOffset? LastEnd)
{
    public IEnumerable<JobRow> Running => Jobs.Where(job => job.State == JobState.Running);

    public IEnumerable<JobRow> Queued => Jobs.Where(job => job.State == JobState.Queued);
}

/// <param name="State">Null for all.</param>
/// <param name="WithErrors">Only those that succeeded in part.</param>
/// <param name="Ended">Only those that have ended, the last ended first; else all, the last queued first.</param>
/// <param name="CreatedBy">A name as <see cref="JobRow.CreatedBy"/>.</param>
/// <param name="Since">Ended (or queued) not before.</param>
public sealed record JobFilter(
    JobState? State = null, bool WithErrors = false, string? Kind = null, bool Ended = false, string? CreatedBy = null, DateTimeOffset? Since = null);

public sealed record JobPage(IReadOnlyList<JobRow> Rows, string? NextCursor);

/// <summary>What the history holds under a filter, whatever its state.</summary>
/// <param name="Kinds">Kinds that occur at all.</param>
/// <param name="People">Names that occur at all.</param>
public sealed record JobHistoryCounts(long All, long Failed, long WithErrors, IReadOnlyList<string> Kinds, IReadOnlyList<string> People);

/// <param name="Runs">The last runs that ended, the oldest first; at most 14.</param>
public sealed record ScheduleRow(string Kind, TimeOnly At, DateTimeOffset? NextRun, bool Paused, bool UnderWay, IReadOnlyList<JobRow> Runs);

/// <summary>What became of a request to change a job.</summary>
public abstract record JobChange
{
    /// <summary>It is done, or will be at the job's next sign of life.</summary>
    public sealed record Done : JobChange;

    /// <summary>There is no such job, or none that this person may control.</summary>
    public sealed record NotFound : JobChange;

    /// <summary>It cannot be done; the reason is for people.</summary>
    public sealed record Refused(string Reason) : JobChange;
}

/// <summary>
/// Jobs as the signed-in person may see them: administrators all of their organization's and the installation's own, others those that
/// they started.
/// </summary>
public interface IJobConsole
{
    /// <summary>What is under way now; null until the first look after <see cref="Watch"/>.</summary>
    LiveJobs? Live { get; }

    /// <summary>Calls back after each look at what is under way, about once a second, on a thread of the feed; until it is disposed of.</summary>
    IDisposable Watch(Action looked);

    /// <param name="limit">1 to 200.</param>
    Task<JobPage> ListAsync(JobFilter filter, string? cursor, int limit, CancellationToken cancellationToken);

    Task<JobHistoryCounts> CountAsync(JobFilter filter, CancellationToken cancellationToken);

    /// <summary>Any job of the organization, and for administrators the installation's own: whoever reads imports sees their jobs.</summary>
    Task<JobRow?> FindAsync(Guid id, CancellationToken cancellationToken);

    Task<JobChange> CancelAsync(Guid id, CancellationToken cancellationToken);

    Task<JobChange> RetryAsync(Guid id, CancellationToken cancellationToken);

    /// <summary>The installation's recurring jobs; for administrators.</summary>
    Task<IReadOnlyList<ScheduleRow>> ListSchedulesAsync(CancellationToken cancellationToken);

    Task<JobChange> RunNowAsync(string kind, CancellationToken cancellationToken);

    Task<JobChange> PauseAsync(string kind, bool paused, CancellationToken cancellationToken);
}
