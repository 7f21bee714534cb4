using Microsoft.Extensions.Logging;
using OffGridFlow.Infrastructure.Persistence;
using OffGridFlow.Infrastructure.Persistence.PostgreSql;

namespace OffGridFlow.Infrastructure.Jobs;

/// <summary>What is under way in one organization and in the installation, at one moment.</summary>
/// <param name="Blockers">By queued job: the job it waits for, because both work on the same.</param>
internal sealed record FeedLook(
    DateTimeOffset At, IReadOnlyList<JobRow> Jobs, IReadOnlyList<JobRow> SystemJobs, IReadOnlyDictionary<Guid, Guid> Blockers, int Workers, int Slots,
    TimeSpan? SeenAgo, DateTimeOffset? LastEnd, DateTimeOffset? LastSystemEnd);

/// <summary>
/// The one poller of a process: as long as anybody looks at jobs it asks the database once a second, for all who look, and each is
/// handed what belongs to their organization.
/// </summary>
internal sealed partial class JobFeed(Database database, TimeProvider time, ILogger<JobFeed> logger) : IDisposable
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);
    private readonly Lock _gate = new();
    private readonly List<Watcher> _watchers = [];
    private readonly Dictionary<Guid, JobSpeed> _speeds = [];
    private volatile Dictionary<Guid, FeedLook> _looks = [];
    private CancellationTokenSource? _polling;

    /// <summary>Looks at the database so far.</summary>
    public long Looks { get; private set; }

    public bool IsPolling => _polling is not null;

    public FeedLook? Of(Guid tenant) => _looks.GetValueOrDefault(tenant);

    /// <summary>Looks begin with the first watcher and end with the last.</summary>
    public IDisposable Watch(Guid tenant, Action looked)
    {
        var watcher = new Watcher(this, tenant, looked);
        lock (_gate)
        {
            _watchers.Add(watcher);
            if (_polling is null)
            {
                _polling = new CancellationTokenSource();
                _ = PollAsync(_polling);
            }
        }

        return watcher;
    }

    public void Dispose()
    {
        lock (_gate)
        {
            _watchers.Clear();
            StopPolling();
        }
    }

    private void Leave(Watcher watcher)
    {
        lock (_gate)
        {
            if (_watchers.Remove(watcher) && _watchers.Count == 0)
            {
                StopPolling();
            }
        }
    }

    /// <summary>The poller disposes of its own token source when it ends.</summary>
    private void StopPolling()
    {
        _polling?.Cancel();
        _polling = null;
    }

    private async Task PollAsync(CancellationTokenSource polling)
    {
        // Whoever came first does not wait for the first answer.
        await Task.Yield();
        try
        {
            using var timer = new PeriodicTimer(Pause, time);
            do
            {
                try
                {
                    await LookAsync(polling.Token);
                }
                catch (Exception exception) when (exception is not OperationCanceledException)
                {
                    // Whatever it was: the last look stands, with its time, and pages see how old it is.
                    Log.NotRead(logger, exception);
                }

                Tell();
            }
            while (await timer.WaitForNextTickAsync(polling.Token));
        }
        catch (OperationCanceledException) when (polling.IsCancellationRequested)
        {
        }
        finally
        {
            polling.Dispose();
        }
    }

    private void Tell()
    {
        Watcher[] watchers;
        lock (_gate)
        {
            watchers = [.. _watchers];
        }

        foreach (var watcher in watchers)
        {
            try
            {
                watcher.Looked();
            }
            catch (Exception exception)
            {
                // One page that is going away must not keep the others from hearing.
                Log.NotTold(logger, exception);
            }
        }
    }

    private async Task LookAsync(CancellationToken cancellationToken)
    {
        Guid[] tenants;
        lock (_gate)
        {
            tenants = [.. _watchers.Select(watcher => watcher.Tenant).Distinct()];
        }

        await using var connection = await database.App.OpenConnectionAsync(cancellationToken);
        // The blocker is told by the same rule that claim_job goes by.
        var open = await connection.ListAsync(
            $"""
            with open as materialized (select * from open_jobs($1))
            select {JobRows.TenantColumns}, tenant_id, (
              select o.id from open o
              where j.state = 'Queued' and o.tenant_id = j.tenant_id and o.id <> j.id
                and (o.state = 'Running' or (o.queued_at, o.id) < (j.queued_at, j.id)) and lanes_meet(o.lanes, j.lanes)
              order by o.state = 'Running' desc, o.queued_at, o.id limit 1) as blocker
            from open j
            """,
            row => (Row: JobRows.Read(row), Tenant: row.GetGuid(JobRows.Count), Blocker: row.Optional<Guid>(JobRows.Count + 1)), cancellationToken, tenants);
        var system = await connection.ListAsync(
            $"select {JobRows.SystemColumns} from system_job_runs where state in ('Queued', 'Running') order by queued_at", JobRows.Read, cancellationToken);
        var signs = (await connection.ListAsync(
            """
            select count(*), coalesce(sum(slots), 0), max(now() - seen_at), clock_timestamp() from job_workers where seen_at > now() - $1
            """,
            row => (Workers: row.GetInt64(0), Slots: row.GetInt64(1), SeenAgo: row.Optional<TimeSpan>(2), Now: row.GetFieldValue<DateTimeOffset>(3)),
            cancellationToken, JobWorker.Gone))[0];
        var lastEnds = (await connection.ListAsync(
            "select tenant_id, ended_at from last_job_ends($1)", row => (Tenant: row.GetGuid(0), At: row.Optional<DateTimeOffset>(1)), cancellationToken, tenants))
            .ToDictionary(end => end.Tenant, end => end.At);
        var lastSystemEnd = (await connection.ListAsync(
            "select max(finished_at) from system_job_runs", row => row.Optional<DateTimeOffset>(0), cancellationToken))[0];
        Measure([.. open.Select(job => job.Row), .. system], signs.Now);
        var systemRows = system.Select(WithSpeed).ToList();
        var byTenant = open.ToLookup(job => job.Tenant);
        _looks = tenants.ToDictionary(tenant => tenant, tenant => new FeedLook(
            signs.Now, [.. byTenant[tenant].Select(job => WithSpeed(job.Row))], systemRows, byTenant[tenant].Where(job => job.Blocker is not null).ToDictionary(job => job.Row.Id, job => job.Blocker!.Value),
            (int)signs.Workers, (int)signs.Slots, signs.SeenAgo, lastEnds[tenant], lastSystemEnd));
        Looks++;
    }

    private JobRow WithSpeed(JobRow row) => row with { PerSecond = _speeds.GetValueOrDefault(row.Id)?.PerSecond };

    private void Measure(List<JobRow> rows, DateTimeOffset now)
    {
        foreach (var gone in _speeds.Keys.Except(rows.Select(row => row.Id)).ToList())
        {
            _speeds.Remove(gone);
        }

        foreach (var row in rows.Where(row => row.State == Core.Jobs.JobState.Running))
        {
            if (!_speeds.TryGetValue(row.Id, out var speed))
            {
                _speeds[row.Id] = speed = new JobSpeed();
            }

            speed.Add(now, row.Done);
        }
    }

    private sealed class Watcher(JobFeed feed, Guid tenant, Action looked) : IDisposable
    {
        public Guid Tenant => tenant;

        public void Looked() => looked();

        public void Dispose() => feed.Leave(this);
    }

    private static partial class Log
    {
        [LoggerMessage(EventId = 2301, Level = LogLevel.Warning, Message = "The database did not say what is under way; trying again")]
        public static partial void NotRead(ILogger logger, Exception exception);

        [LoggerMessage(EventId = 2302, Level = LogLevel.Warning, Message = "A page could not be told what is under way")]
        public static partial void NotTold(ILogger logger, Exception exception);
    }
}

/// <summary>How fast a job goes, from what it had done at moments of the last seconds: one slow or quick second does not show.</summary>
internal sealed class JobSpeed
{
    private static readonly TimeSpan Window = TimeSpan.FromSeconds(8);
    private readonly Queue<(DateTimeOffset At, long Done)> _moments = new();
    private (DateTimeOffset At, long Done)? _last;

    /// <summary>Null until two moments are far enough apart, and when nothing was done between them.</summary>
    public double? PerSecond => _last is { } last && _moments.TryPeek(out var first) && last.At - first.At >= TimeSpan.FromSeconds(0.9) && last.Done > first.Done
        ? (last.Done - first.Done) / (last.At - first.At).TotalSeconds
        : null;

    public void Add(DateTimeOffset at, long done)
    {
        if (_last is { } last && done < last.Done)
        {
            // A new attempt has begun at the beginning.
            _moments.Clear();
        }

        _moments.Enqueue((at, done));
        _last = (at, done);
        while (_moments.Count > 2 && at - _moments.Peek().At > Window)
        {
            _moments.Dequeue();
        }
    }
}
