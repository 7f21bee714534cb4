using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Npgsql;
using OffGridFlow.Core.Jobs;
using OffGridFlow.Infrastructure.Persistence;
using OffGridFlow.Infrastructure.Persistence.PostgreSql;

namespace OffGridFlow.Infrastructure.Jobs;

/// <summary>The queue of the installation's own jobs, and one attempt at one. The worker runs them beside the tenants' jobs, by the same rules.</summary>
internal sealed partial class SystemJobRunner(Database database, IServiceScopeFactory scopes, TimeProvider time, ILogger<SystemJobRunner> logger)
{
    private static readonly TimeSpan Heartbeat = TimeSpan.FromSeconds(1);

    /// <summary>Queues the job, unless one of its kind is queued or running: then that one answers for both.</summary>
    /// <returns>The job's id.</returns>
    public async Task<Guid> AddAsync(string kind, string origin, CancellationToken cancellationToken)
    {
        await using var connection = await database.App.OpenConnectionAsync(cancellationToken);
        while (true)
        {
            var id = await connection.ScalarAsync<Guid?>(
                """
                insert into system_job_runs (id, kind, state, attempts, fence, queued_at, progress_done, cancel_requested, origin)
                values ($1, $2, 'Queued', 0, 0, now(), 0, false, $3)
                on conflict (kind) where state in ('Queued', 'Running') do nothing returning id
                """,
                cancellationToken, Guid.CreateVersion7(time.GetUtcNow()), kind, origin)
                ?? await connection.ScalarAsync<Guid?>(
                    "select id from system_job_runs where kind = $1 and state in ('Queued', 'Running')", cancellationToken, kind);
            // Neither: the one that was there has ended between the two questions.
            if (id is not null)
            {
                return id.Value;
            }
        }
    }

    /// <summary>Queues the job because its time has come, unless it is paused. Several nodes that fire at once queue one.</summary>
    public async Task StartScheduledAsync(string kind, CancellationToken cancellationToken)
    {
        await using var connection = await database.App.OpenConnectionAsync(cancellationToken);
        if (await connection.ScalarAsync<bool?>("select paused from system_schedules where kind = $1", cancellationToken, kind) != true)
        {
            await AddAsync(kind, SystemJobRun.BySchedule, cancellationToken);
        }
    }

    public async Task<SystemJobRun?> ClaimAsync(string worker, TimeSpan lease, CancellationToken cancellationToken)
    {
        await using var connection = await database.App.OpenConnectionAsync(cancellationToken);
        var claimed = await connection.ListAsync(
            "select id, kind, attempts, fence, queued_at, origin from claim_system_job($1, $2)",
            row => new SystemJobRun
            {
                Id = row.GetGuid(0), Kind = row.GetString(1), State = JobState.Running, Attempts = row.GetInt32(2), Fence = row.GetInt64(3),
                QueuedAt = row.GetFieldValue<DateTimeOffset>(4), Origin = row.GetString(5),
            },
            cancellationToken, worker, lease);
        return claimed.SingleOrDefault();
    }

    public async Task RunAsync(SystemJobRun run, CancellationToken stoppingToken)
    {
        var job = new SystemJobContext(run);
        using var logScope = logger.BeginScope(new Dictionary<string, object> { ["JobId"] = run.Id });
        using var cancelled = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken);
        using var heartbeatEnds = new CancellationTokenSource();
        var heartbeat = BeatAsync(job, cancelled, heartbeatEnds.Token);
        try
        {
            await AttemptAsync(job, cancelled, stoppingToken);
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
        }
    }

    private async Task AttemptAsync(SystemJobContext job, CancellationTokenSource cancelled, CancellationToken stoppingToken)
    {
        var run = job.Run;
        try
        {
            if (run.Attempts > JobWorker.MostAttempts)
            {
                await EndAsync(job, JobState.Failed, $"The process ended {JobWorker.MostAttempts} times while it ran this job, so it is not tried again. Look at the log of that time.", null);
                return;
            }

            await using var scope = scopes.CreateAsyncScope();
            var work = scope.ServiceProvider.GetServices<ISystemJob>().Single(work => work.Kind == run.Kind);
            var outcome = await work.RunAsync(job, cancelled.Token);
            await EndAsync(job, outcome.Failure is null ? JobState.Succeeded : JobState.Failed, outcome.Failure, outcome.Result);
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            await RequeueAsync(job, null);
        }
        catch (OperationCanceledException) when (cancelled.IsCancellationRequested)
        {
            await EndAsync(job, JobState.Cancelled, null, null);
        }
        catch (Exception exception)
        {
            Log.AttemptFailed(logger, run.Kind, run.Attempts, exception);
            if (run.Attempts < JobWorker.MostAttempts && JobWorker.MayPass(exception))
            {
                await RequeueAsync(job, JobWorker.PauseAfter(run.Attempts));
            }
            else
            {
                await EndAsync(
                    job, JobState.Failed,
                    $"Something went wrong that the program did not foresee ({exception.GetType().Name}). Nothing was changed. The log holds the details under job {run.Id}.", null);
            }
        }
    }

    private async Task EndAsync(SystemJobContext job, JobState outcome, string? error, IReadOnlyDictionary<string, long>? result)
    {
        await using var connection = await database.App.OpenConnectionAsync(CancellationToken.None);
        var ended = await connection.ExecuteAsync(
            """
            update system_job_runs set state = $3, finished_at = now(), last_error = $4, result = $5, heartbeat_at = null, progress_done = $6,
              progress_total = coalesce($7, progress_total)
            where id = $1 and fence = $2 and state = 'Running'
            """,
            CancellationToken.None, job.Run.Id, job.Run.Fence, outcome.ToString(), Sql.Text(error), Sql.Json(result), job.Done, Sql.Bigint(job.Total));
        if (ended == 0)
        {
            Log.LostClaim(logger, job.Run.Kind);
        }
    }

    private async Task RequeueAsync(SystemJobContext job, TimeSpan? pause)
    {
        await using var connection = await database.App.OpenConnectionAsync(CancellationToken.None);
        await connection.ExecuteAsync(
            """
            update system_job_runs set state = 'Queued', heartbeat_at = null, worker = null, attempts = attempts - $3, not_before = now() + $4
            where id = $1 and fence = $2 and state = 'Running'
            """,
            CancellationToken.None, job.Run.Id, job.Run.Fence, pause is null ? 1 : 0, Sql.Interval(pause));
    }

    private async Task BeatAsync(SystemJobContext job, CancellationTokenSource cancelled, CancellationToken ends)
    {
        using var timer = new PeriodicTimer(Heartbeat);
        try
        {
            while (await timer.WaitForNextTickAsync(ends))
            {
                try
                {
                    await using var connection = await database.App.OpenConnectionAsync(ends);
                    var cancelRequested = await connection.ScalarAsync<bool?>(
                        """
                        update system_job_runs set heartbeat_at = now(), progress_done = $3, progress_total = coalesce($4, progress_total)
                        where id = $1 and fence = $2 and state = 'Running' returning cancel_requested
                        """,
                        ends, job.Run.Id, job.Run.Fence, job.Done, Sql.Bigint(job.Total));
                    if (cancelRequested is not false)
                    {
                        await cancelled.CancelAsync();
                    }
                }
                catch (Exception exception) when (exception is NpgsqlException or TimeoutException)
                {
                    Log.BeatFailed(logger, exception);
                }
            }
        }
        catch (OperationCanceledException) when (ends.IsCancellationRequested)
        {
        }
    }

    private static partial class Log
    {
        [LoggerMessage(EventId = 2201, Level = LogLevel.Error, Message = "System job {Kind} failed in attempt {Attempt}")]
        public static partial void AttemptFailed(ILogger logger, string kind, int attempt, Exception exception);

        [LoggerMessage(EventId = 2202, Level = LogLevel.Error, Message = "The outcome of system job {Kind} could not be written; it will be tried again")]
        public static partial void OutcomeNotWritten(ILogger logger, string kind, Exception exception);

        [LoggerMessage(EventId = 2203, Level = LogLevel.Warning, Message = "System job {Kind} was taken over by another worker; its outcome was not written")]
        public static partial void LostClaim(ILogger logger, string kind);

        [LoggerMessage(EventId = 2204, Level = LogLevel.Warning, Message = "The database did not answer a running system job; trying again")]
        public static partial void BeatFailed(ILogger logger, Exception exception);
    }
}
