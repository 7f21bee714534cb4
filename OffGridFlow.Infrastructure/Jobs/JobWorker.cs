using System.Collections.Concurrent;
using System.Globalization;
using System.Threading.Channels;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;
using OffGridFlow.Core.Identity;
using OffGridFlow.Core.Jobs;
using OffGridFlow.Infrastructure.Persistence;
using OffGridFlow.Infrastructure.Persistence.PostgreSql;

namespace OffGridFlow.Infrastructure.Jobs;

/// <summary>Claims open jobs and runs them. At the end of the process running jobs go back to the queue.</summary>
internal sealed partial class JobWorker(
    Database database, SystemJobRunner systemJobs, IServiceScopeFactory scopes, ILogger<JobWorker> logger) : BackgroundService
{
    /// <summary>A job whose worker has been silent for this long is taken over. Recovery after a kill takes this plus one sweep.</summary>
    public static readonly TimeSpan Lease = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Heartbeat = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Sweep = TimeSpan.FromSeconds(2);
    private const int Slots = 2;
    public const int MostAttempts = 5;

    /// <summary>Pauses after the first, second, … attempt that failed for a cause that may pass; the job keeps its place meanwhile.</summary>
    private static readonly TimeSpan[] Pauses = [TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(20), TimeSpan.FromSeconds(60)];

    /// <summary>A worker that gave no sign of life for this long is taken for gone. It gives one at each look for work.</summary>
    public static readonly TimeSpan Gone = TimeSpan.FromSeconds(10);

    private readonly Channel<bool> _wakes = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    /// <summary>By claim: a job that this process lost (it was asleep) and claimed again runs twice for a moment.</summary>
    private readonly ConcurrentDictionary<(Guid Job, long Fence), Task> _running = new();
    private readonly string _name = string.Create(CultureInfo.InvariantCulture, $"{Environment.MachineName}/{Environment.ProcessId}");

    public void Wake() => _wakes.Writer.TryWrite(true);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        Wake();
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await SignAsync(stoppingToken);
                while (_running.Count < Slots && await ClaimAsync(stoppingToken) is { } run)
                {
                    _running[(run.Id, run.Fence)] = Task.Run(() => RunAsync(run, stoppingToken), CancellationToken.None);
                }

                while (_running.Count < Slots && await systemJobs.ClaimAsync(_name, Lease, stoppingToken) is { } run)
                {
                    _running[(run.Id, run.Fence)] = Task.Run(() => RunSystemAsync(run, stoppingToken), CancellationToken.None);
                }

                await WaitForWakeAsync(stoppingToken);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                break;
            }
            catch (Exception exception) when (exception is NpgsqlException or TimeoutException)
            {
                // The database is away for a moment (restart): go on sweeping.
                Log.SweepFailed(logger, exception);
                await Task.Delay(Heartbeat, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }

        await Task.WhenAll(_running.Values);
        await SignOffAsync();
    }

    /// <summary>Says that this worker is there, working or not.</summary>
    private async Task SignAsync(CancellationToken cancellationToken)
    {
        await using var connection = await database.App.OpenConnectionAsync(cancellationToken);
        await connection.ExecuteAsync(
            """
            insert into job_workers (name, slots, seen_at) values ($1, $2, now())
            on conflict (name) do update set slots = excluded.slots, seen_at = excluded.seen_at
            """,
            cancellationToken, _name, Slots);
        await connection.ExecuteAsync("delete from job_workers where seen_at < now() - interval '1 minute'", cancellationToken);
    }

    private async Task SignOffAsync()
    {
        try
        {
            await using var connection = await database.App.OpenConnectionAsync(CancellationToken.None);
            await connection.ExecuteAsync("delete from job_workers where name = $1", CancellationToken.None, _name);
        }
        catch (Exception exception) when (exception is NpgsqlException or TimeoutException)
        {
            // The database went first; the sign grows old by itself.
            Log.SweepFailed(logger, exception);
        }
    }

    private async Task RunSystemAsync(SystemJobRun run, CancellationToken stoppingToken)
    {
        try
        {
            await systemJobs.RunAsync(run, stoppingToken);
        }
        finally
        {
            _running.TryRemove((run.Id, run.Fence), out _);
            Wake();
        }
    }

    /// <summary>Quartz wakes the worker; the time limit is for the case that its trigger is still held by a process that was killed.</summary>
    private async Task WaitForWakeAsync(CancellationToken stoppingToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken);
        limit.CancelAfter(Sweep);
        try
        {
            await _wakes.Reader.ReadAsync(limit.Token);
        }
        catch (OperationCanceledException) when (!stoppingToken.IsCancellationRequested)
        {
        }
    }

    private async Task<JobRun?> ClaimAsync(CancellationToken cancellationToken)
    {
        await using var connection = await database.App.OpenConnectionAsync(cancellationToken);
        var claimed = await connection.ListAsync(
            "select id, tenant_id, kind, subject_id, attempts, fence, queued_at, progress_total from claim_job($1, $2)",
            row => new JobRun
            {
                Id = row.GetGuid(0),
                TenantId = row.GetGuid(1),
                Kind = row.GetString(2),
                SubjectId = row.GetGuid(3),
                State = JobState.Running,
                Attempts = row.GetInt32(4),
                Fence = row.GetInt64(5),
                QueuedAt = row.GetFieldValue<DateTimeOffset>(6),
                ProgressTotal = row.Optional<long>(7),
            },
            cancellationToken, _name, Lease);
        return claimed.SingleOrDefault();
    }

    private async Task RunAsync(JobRun run, CancellationToken stoppingToken)
    {
        var job = new JobContext(run);
        using var logScope = logger.BeginScope(new Dictionary<string, object> { ["JobId"] = run.Id, ["TenantId"] = run.TenantId });
        using var cancelled = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken);
        using var heartbeatEnds = new CancellationTokenSource();
        var heartbeat = BeatAsync(job, cancelled, heartbeatEnds.Token);
        try
        {
            await using var scope = scopes.CreateAsyncScope();
            scope.ServiceProvider.GetRequiredService<CurrentUser>().Become(new Actor(run.TenantId, null, "OffGridFlow", TenantRole.Admin));
            var handler = scope.ServiceProvider.GetServices<IJobHandler>().Single(handler => handler.Kind == run.Kind);
            var tenantDatabase = scope.ServiceProvider.GetRequiredService<TenantDatabase>();
            Log.Started(logger, run.Kind, run.Attempts);
            try
            {
                if (run.Attempts > MostAttempts)
                {
                    throw new JobFailedException(
                        $"The process ended {MostAttempts} times while it ran this job, so it is not tried again. Look at the log of that time, then start it anew.",
                        isFinal: false);
                }

                await handler.RunAsync(job, cancelled.Token);
                if (!job.Completed)
                {
                    await EndAsync(handler, job, tenantDatabase, JobState.Succeeded, null);
                }
            }
            catch (JobOutdatedException)
            {
                await RequeueAsync(job, null);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                await RequeueAsync(job, null);
            }
            catch (Exception exception) when (exception is CancelRequestedException || (exception is OperationCanceledException && cancelled.IsCancellationRequested))
            {
                await EndAsync(handler, job, tenantDatabase, JobState.Cancelled, null);
            }
            catch (JobFailedException exception)
            {
                job.FailureIsFinal = exception.IsFinal;
                await EndAsync(handler, job, tenantDatabase, JobState.Failed, exception.Message);
            }
            catch (Exception exception) when (exception is not LostClaimException)
            {
                Log.AttemptFailed(logger, run.Kind, run.Attempts, exception);
                if (run.Attempts < MostAttempts && MayPass(exception))
                {
                    await RequeueAsync(job, PauseAfter(run.Attempts));
                }
                else
                {
                    await EndAsync(handler, job, tenantDatabase, JobState.Failed, WordsFor(exception, run.Id));
                }
            }
        }
        catch (LostClaimException)
        {
            Log.LostClaim(logger, run.Kind);
        }
        catch (Exception exception)
        {
            // The outcome could not be written (database away). The lease runs out, and the job is tried again.
            Log.OutcomeNotWritten(logger, run.Kind, exception);
        }
        finally
        {
            await heartbeatEnds.CancelAsync();
            await heartbeat;
            _running.TryRemove((run.Id, run.Fence), out _);
            Wake();
        }
    }

    /// <summary>Network, database and disk may be well again in a moment.</summary>
    public static bool MayPass(Exception exception) =>
        DatabaseOutage.Is(exception) || DatabaseOutage.IsDiskFull(exception) || exception is IOException || (exception.InnerException is { } cause && MayPass(cause));

    private static string WordsFor(Exception exception, Guid jobId) => DatabaseOutage.IsDiskFull(exception)
        ? "The volume of the database is full. Nothing of this file was loaded. Ask your administrator to make room there, then import the file again."
        : $"Something went wrong that the program did not foresee ({exception.GetType().Name}). Nothing of this file was loaded. The log holds the details under job {jobId}; try again, and if it fails again, send them to your administrator.";

    /// <param name="attempt">1 for the first.</param>
    public static TimeSpan PauseAfter(int attempt) => Pauses[Math.Clamp(attempt, 1, Pauses.Length) - 1];

    private async Task EndAsync(IJobHandler handler, JobContext job, TenantDatabase tenantDatabase, JobState outcome, string? error)
    {
        await using var unit = await tenantDatabase.OpenAsync(CancellationToken.None);
        await job.CompleteAsync(unit, outcome, error, CancellationToken.None);
        await handler.EndAsync(job, unit, outcome, error, CancellationToken.None);
        var createdBy = await unit.Connection.ScalarAsync<string>("select created_by from job_runs where id = $1", CancellationToken.None, job.JobId);
        unit.Audit(
            outcome == JobState.Succeeded ? "job.succeeded" : outcome == JobState.Cancelled ? "job.cancelled" : "job.failed", $"job/{job.JobId}",
            new { job.Kind, job.SubjectId, error, @for = createdBy });
        await unit.CommitAsync(CancellationToken.None);
        Log.Ended(logger, job.Kind, outcome);
    }

    /// <param name="pause">How long to wait before the next attempt; null when this one does not count.</param>
    private async Task RequeueAsync(JobContext job, TimeSpan? pause)
    {
        await using var connection = await database.App.OpenConnectionAsync(CancellationToken.None);
        await using var transaction = await connection.BeginTransactionAsync(CancellationToken.None);
        await connection.ExecuteAsync("select set_config('offgridflow.tenant_id', $1, true)", CancellationToken.None, job.TenantId.ToString());
        await connection.ExecuteAsync(
            """
            update job_runs set state = 'Queued', heartbeat_at = null, worker = null, attempts = attempts - $3, not_before = now() + $4
            where id = $1 and fence = $2 and state = 'Running'
            """,
            CancellationToken.None, job.JobId, job.Fence, pause is null ? 1 : 0, Sql.Interval(pause));
        await transaction.CommitAsync(CancellationToken.None);
    }

    /// <summary>Says every second that the worker lives and how far it is; hears of cancellation and of a lost claim.</summary>
    private async Task BeatAsync(JobContext job, CancellationTokenSource cancelled, CancellationToken ends)
    {
        using var timer = new PeriodicTimer(Heartbeat);
        try
        {
            while (await timer.WaitForNextTickAsync(ends))
            {
                try
                {
                    await using var connection = await database.App.OpenConnectionAsync(ends);
                    await using var transaction = await connection.BeginTransactionAsync(ends);
                    await connection.ExecuteAsync("select set_config('offgridflow.tenant_id', $1, true)", ends, job.TenantId.ToString());
                    var cancelRequested = await connection.ScalarAsync<bool?>(
                        """
                        update job_runs set heartbeat_at = now(), progress_done = $3, progress_total = coalesce($4, progress_total)
                        where id = $1 and fence = $2 and state = 'Running' returning cancel_requested
                        """,
                        ends, job.JobId, job.Fence, job.Done, Sql.Bigint(job.Total));
                    await transaction.CommitAsync(ends);
                    if (cancelRequested is not false && !job.Completed)
                    {
                        await cancelled.CancelAsync();
                    }
                }
                catch (Exception exception) when (exception is NpgsqlException or TimeoutException)
                {
                    Log.SweepFailed(logger, exception);
                }
            }
        }
        catch (OperationCanceledException) when (ends.IsCancellationRequested)
        {
        }
    }

    private static partial class Log
    {
        [LoggerMessage(EventId = 2101, Level = LogLevel.Information, Message = "Job {Kind} started, attempt {Attempt}")]
        public static partial void Started(ILogger logger, string kind, int attempt);

        [LoggerMessage(EventId = 2102, Level = LogLevel.Information, Message = "Job {Kind} ended: {Outcome}")]
        public static partial void Ended(ILogger logger, string kind, JobState outcome);

        [LoggerMessage(EventId = 2103, Level = LogLevel.Warning, Message = "Job {Kind} was taken over by another worker; this one wrote nothing more")]
        public static partial void LostClaim(ILogger logger, string kind);

        [LoggerMessage(EventId = 2104, Level = LogLevel.Error, Message = "Job {Kind} failed in attempt {Attempt}")]
        public static partial void AttemptFailed(ILogger logger, string kind, int attempt, Exception exception);

        [LoggerMessage(EventId = 2105, Level = LogLevel.Error, Message = "The outcome of job {Kind} could not be written; it will be tried again")]
        public static partial void OutcomeNotWritten(ILogger logger, string kind, Exception exception);

        [LoggerMessage(EventId = 2106, Level = LogLevel.Warning, Message = "The database did not answer the job worker; trying again")]
        public static partial void SweepFailed(ILogger logger, Exception exception);
    }
}
