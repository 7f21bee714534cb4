namespace OffGridFlow.Core.Jobs;

/// <summary>
/// Work of the installation itself. It belongs to no tenant and holds nothing of any: administrators of every tenant see it.
/// </summary>
public sealed class SystemJobRun
{
    /// <summary>Started by the schedule.</summary>
    public const string BySchedule = "Schedule";

    /// <summary>Started by an administrator; who, stands in the audit log of that administrator's tenant and nowhere else.</summary>
    public const string ByAdministrator = "Administrator";

    public required Guid Id { get; init; }

    /// <summary>Which job, e.g. <c>monthly-totals-proof</c>.</summary>
    public required string Kind { get; init; }
    public required JobState State { get; set; }
    public int Attempts { get; set; }

    /// <summary>Fencing token, as <see cref="JobRun.Fence"/>.</summary>
    public long Fence { get; set; }
    public string? Worker { get; set; }
    public DateTimeOffset? HeartbeatAt { get; set; }
    public required DateTimeOffset QueuedAt { get; set; }
    public DateTimeOffset? NotBefore { get; set; }
    public DateTimeOffset? StartedAt { get; set; }
    public DateTimeOffset? FinishedAt { get; set; }
    public long ProgressDone { get; set; }
    public long? ProgressTotal { get; set; }
    public bool CancelRequested { get; set; }
    public string? LastError { get; set; }

    /// <summary><see cref="BySchedule"/> or <see cref="ByAdministrator"/>.</summary>
    public required string Origin { get; init; }

    /// <summary>JSON object of counts over the whole installation.</summary>
    public string? Result { get; set; }
}

/// <summary>Whether a recurring job is switched off. A job without a row is on.</summary>
public sealed class SystemSchedule
{
    public required string Kind { get; init; }
    public bool Paused { get; set; }
}

/// <summary>A process that runs jobs, with its last sign of life.</summary>
public sealed class JobWorkerSign
{
    public required string Name { get; init; }

    /// <summary>How many jobs it runs at a time.</summary>
    public required int Slots { get; init; }
    public required DateTimeOffset SeenAt { get; set; }
}
