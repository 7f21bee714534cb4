using OffGridFlow.Core.Jobs;
using OffGridFlow.Infrastructure.Jobs;

namespace OffGridFlow.Tests.Web;

internal sealed class FakeJobs(params JobRow[] rows) : IJobConsole
{
    private readonly List<Action> _watchers = [];

    public List<JobRow> Rows { get; } = [.. rows];
    public List<ScheduleRow> Schedules { get; } = [];
    public Exception? Failure { get; set; }
    public JobChange Answer { get; set; } = new JobChange.Done();
    public List<string> Asked { get; } = [];
    public JobFilter? LastFilter { get; private set; }
    public int Workers { get; set; } = 1;
    public int Watchers => _watchers.Count;
    public DateTimeOffset? LastEnd { get; set; }
    public DateTimeOffset Now { get; set; } = SampleJobs.Now;

    public LiveJobs? Live { get; private set; }

    /// <summary>As the feed does after each look.</summary>
    public void Look()
    {
        Live = new LiveJobs(Now, [.. Rows.Where(row => row.IsOpen)], Workers, TimeSpan.FromSeconds(2), LastEnd);
        foreach (var watcher in _watchers.ToList()) watcher();
    }

    public IDisposable Watch(Action looked)
    {
        _watchers.Add(looked);
        Look();
        return new Watcher(() => _watchers.Remove(looked));
    }

    public Task<JobPage> ListAsync(JobFilter filter, string? cursor, int limit, CancellationToken cancellationToken)
    {
        LastFilter = filter;
        if (Failure is not null) return Task.FromException<JobPage>(Failure);
        var ended = Rows.Where(row => !row.IsOpen && (filter.State is null || row.State == filter.State) && (!filter.WithErrors || row.WithErrors)).ToList();
        var skip = cursor is null ? 0 : int.Parse(cursor, System.Globalization.CultureInfo.InvariantCulture);
        return Task.FromResult(new JobPage(
            [.. ended.Skip(skip).Take(limit)], ended.Count > skip + limit ? (skip + limit).ToString(System.Globalization.CultureInfo.InvariantCulture) : null));
    }

    public Task<JobHistoryCounts> CountAsync(JobFilter filter, CancellationToken cancellationToken)
    {
        var ended = Rows.Where(row => !row.IsOpen).ToList();
        return Task.FromResult(new JobHistoryCounts(
            ended.Count, ended.Count(row => row.State == JobState.Failed), ended.Count(row => row.WithErrors), [.. ended.Select(row => row.Kind).Distinct()],
            [.. ended.Select(row => row.CreatedBy).Distinct()]));
    }

    public Task<JobRow?> FindAsync(Guid id, CancellationToken cancellationToken) => Task.FromResult(Rows.Find(row => row.Id == id));

    public Task<JobChange> CancelAsync(Guid id, CancellationToken cancellationToken) => AskAsync($"cancel {id:D}");

    public Task<JobChange> RetryAsync(Guid id, CancellationToken cancellationToken) => AskAsync($"retry {id:D}");

    public Task<IReadOnlyList<ScheduleRow>> ListSchedulesAsync(CancellationToken cancellationToken) => Task.FromResult<IReadOnlyList<ScheduleRow>>(Schedules);

    public Task<JobChange> RunNowAsync(string kind, CancellationToken cancellationToken) => AskAsync($"run {kind}");

    public Task<JobChange> PauseAsync(string kind, bool paused, CancellationToken cancellationToken)
    {
        var i = Schedules.FindIndex(schedule => schedule.Kind == kind);
        Schedules[i] = Schedules[i] with { Paused = paused };
        return AskAsync($"{(paused ? "pause" : "resume")} {kind}");
    }

    private Task<JobChange> AskAsync(string what)
    {
        Asked.Add(what);
        return Task.FromResult(Answer);
    }

    private sealed class Watcher(Action leave) : IDisposable
    {
        public void Dispose() => leave();
    }
}

internal static class SampleJobs
{
    public static readonly DateTimeOffset Now = new(2025, 11, 20, 9, 41, 7, TimeSpan.Zero);

    public static readonly JobRow Running = new()
    {
        Id = new Guid("00000000-0000-7000-8000-0000000000e1"), Kind = "import", SubjectId = new Guid("00000000-0000-7000-8000-0000000000f1"),
        SubjectName = "march.csv.gz", State = JobState.Running, Attempts = 1, Worker = "worker-2", QueuedAt = Now.AddMinutes(-1), StartedAt = Now.AddMinutes(-1),
        Done = 58_735, Total = 91_774, PerSecond = 5120, CreatedBy = "Mara Okafor", MayControl = true,
    };

    public static readonly JobRow Queued = Running with
    {
        Id = new Guid("00000000-0000-7000-8000-0000000000e2"), SubjectName = "march-again.csv", State = JobState.Queued, Attempts = 0, Worker = null, StartedAt = null,
        Done = 0, PerSecond = null, Place = 1, Wait = new JobWait.Behind(Running.Id, "import", "march.csv.gz"),
    };

    public static readonly JobRow Done = Running with
    {
        Id = new Guid("00000000-0000-7000-8000-0000000000e3"), SubjectName = "february.csv", State = JobState.Succeeded, FinishedAt = Now.AddHours(-5),
        StartedAt = Now.AddHours(-5).AddSeconds(-168), WithErrors = true,
        Result = new Dictionary<string, long> { ["read"] = 13_380, ["loaded"] = 13_377, ["rejected"] = 3, ["duplicate"] = 0 },
    };

    public static readonly JobRow Failed = Done with
    {
        Id = new Guid("00000000-0000-7000-8000-0000000000e4"), SubjectName = "january.csv", State = JobState.Failed, WithErrors = false, Attempts = 5,
        Error = "The process ended 5 times while it ran this job.", Result = new Dictionary<string, long>(),
    };

    public static readonly JobRow Hopeless = Failed with
    {
        Id = new Guid("00000000-0000-7000-8000-0000000000e5"), SubjectName = "cut-off.csv", FailureIsFinal = true, Error = "The gzip stream ends too early.",
    };

    public static readonly JobRow Cancelled = Done with
    {
        Id = new Guid("00000000-0000-7000-8000-0000000000e6"), SubjectName = "december.csv", State = JobState.Cancelled, WithErrors = false, Done = 212_044,
        Result = new Dictionary<string, long>(),
    };

    public static readonly JobRow Proof = Done with
    {
        Id = new Guid("00000000-0000-7000-8000-0000000000e7"), Kind = "monthly-totals-proof", IsSystem = true, SubjectName = null, WithErrors = false,
        CreatedBy = SystemJobRun.BySchedule, Result = new Dictionary<string, long> { ["cells"] = 2304, ["differing"] = 0 },
    };

    public static readonly ScheduleRow Schedule = new("monthly-totals-proof", new TimeOnly(2, 0), Now.AddHours(16), Paused: false, UnderWay: false, [Proof, Proof with { State = JobState.Failed }]);
}
