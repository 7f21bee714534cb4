using OffGridFlow.Core.Tenancy;

namespace OffGridFlow.Core.Jobs;

public enum JobState
{
    Queued,
    Running,
    Succeeded,
    Failed,
    Cancelled,
}

/// <summary>
/// The truth about one piece of background work. The scheduler only wakes workers; what is to be done, who does it and how far it
/// is stands here.
/// </summary>
public sealed class JobRun : ITenantOwned
{
    public required Guid Id { get; init; }
    public required Guid TenantId { get; init; }

    /// <summary>Which handler runs it, e.g. <c>import</c>.</summary>
    public required string Kind { get; init; }

    /// <summary>What it works on, e.g. the import's id.</summary>
    public required Guid SubjectId { get; init; }
    public required JobState State { get; set; }
    public int Attempts { get; set; }

    /// <summary>
    /// Fencing token: grows with each claim. A writer names the token it was given; a process that lost its claim (paused, cut off)
    /// writes nothing any more.
    /// </summary>
    public long Fence { get; set; }
    public string? Worker { get; set; }
    public DateTimeOffset? HeartbeatAt { get; set; }
    public required DateTimeOffset QueuedAt { get; init; }
    public DateTimeOffset? StartedAt { get; set; }
    public DateTimeOffset? FinishedAt { get; set; }
    public long ProgressDone { get; set; }
    public long? ProgressTotal { get; set; }
    public bool CancelRequested { get; set; }
    public string? LastError { get; set; }
}
