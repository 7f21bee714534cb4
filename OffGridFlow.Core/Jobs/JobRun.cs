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

    /// <summary>Decides its place in the queue. A further attempt keeps it; a person who starts the job again gives it a new one.</summary>
    public required DateTimeOffset QueuedAt { get; set; }

    /// <summary>Not tried before: the pause after an attempt that failed.</summary>
    public DateTimeOffset? NotBefore { get; set; }
    public DateTimeOffset? StartedAt { get; set; }
    public DateTimeOffset? FinishedAt { get; set; }
    public long ProgressDone { get; set; }
    public long? ProgressTotal { get; set; }
    public bool CancelRequested { get; set; }
    public string? LastError { get; set; }

    /// <summary>It failed for a reason that lies in what it works on: trying again would give the same.</summary>
    public bool FailureIsFinal { get; set; }

    /// <summary>
    /// What it would collide on: two jobs of one tenant that share a lane run one after the other, in the order they were queued.
    /// An import's are its accounts and billing months, as <c>aws/123456789012/2024-03</c>.
    /// </summary>
    public string[] Lanes { get; init; } = [];

    /// <summary>The person or the key that started it; null when OffGridFlow itself did.</summary>
    public Guid? CreatedById { get; init; }
    public string CreatedBy { get; init; } = "OffGridFlow";

    /// <summary>What it works on, for people: the name of the file.</summary>
    public string? SubjectName { get; init; }

    /// <summary>JSON object of counts, as the handler wrote them at the end: <c>{"read":13380,"loaded":13377,"rejected":3}</c>.</summary>
    public string? Result { get; set; }

    /// <summary>It succeeded, and part of it was held back.</summary>
    public bool WithErrors { get; set; }
}
