using Microsoft.EntityFrameworkCore;
using OffGridFlow.Core.Identity;
using OffGridFlow.Core.Jobs;
using OffGridFlow.Infrastructure.Persistence;
using OffGridFlow.Infrastructure.Persistence.PostgreSql;

namespace OffGridFlow.Infrastructure.Jobs;

/// <inheritdoc cref="IJobConsole"/>
internal sealed class JobConsole(
    TenantDatabase database, CurrentUser user, JobFeed feed, JobQueue queue, SystemJobRunner systemJobs, IEnumerable<IJobHandler> handlers, TimeProvider time)
    : IJobConsole
{
    private const int ShownRuns = 14;

    public LiveJobs? Live => user.IsSignedIn && feed.Of(user.TenantId) is { } look ? JobQueueView.Of(look, user.Require(Permissions.ActivityDataRead)) : null;

    public IDisposable Watch(Action looked) => feed.Watch(user.Require(Permissions.ActivityDataRead).TenantId, looked);

    public async Task<JobPage> ListAsync(JobFilter filter, string? cursor, int limit, CancellationToken cancellationToken)
    {
        var actor = user.Require(Permissions.ActivityDataRead);
        var after = Cursor.TryParse(cursor, out var at, out var id);
        await using var unit = await database.OpenAsync(cancellationToken);
        var key = filter.Ended ? "finished_at" : "queued_at";
        var rows = await unit.Connection.ListAsync(
            $"""
            select * from (
              select {JobRows.TenantColumns}, {key} as key from job_runs where $1::uuid is null or created_by_id = $1
              union all select {JobRows.SystemColumns}, {key} from system_job_runs where $2) as jobs
            where ($3::text is null or kind = $3) and ($4::text is null or created_by = $4) and ($5::timestamptz is null or key >= $5)
              and ($6::text is null or state = $6) and (not $7 or (state = 'Succeeded' and with_errors))
              and (not $8 or state in ('Succeeded', 'Failed', 'Cancelled'))
              and ($9::timestamptz is null or (key, id) < ($9, $10))
            order by key desc, id desc limit $11
            """,
            row => (Row: JobRows.Read(row), Key: row.GetFieldValue<DateTimeOffset>(JobRows.Count)), cancellationToken,
            Sql.Uuid(OwnOnly(actor)), IsAdministrator(actor), Sql.Text(filter.Kind), Sql.Text(filter.CreatedBy), Sql.Instant(filter.Since),
            Sql.Text(filter.State?.ToString()), filter.WithErrors, filter.Ended, Sql.Instant(after ? at : null), id, limit + 1);
        var page = rows.Take(limit).ToList();
        return new JobPage(
            page.ConvertAll(row => JobQueueView.For(row.Row, actor)), rows.Count > limit ? Cursor.Of(page[^1].Key, page[^1].Row.Id) : null);
    }

    public async Task<JobHistoryCounts> CountAsync(JobFilter filter, CancellationToken cancellationToken)
    {
        var actor = user.Require(Permissions.ActivityDataRead);
        await using var unit = await database.OpenAsync(cancellationToken);
        var groups = await unit.Connection.ListAsync(
            $"""
            select kind, created_by, state, with_errors, count(*),
              count(*) filter (where ($3::text is null or kind = $3) and ($4::text is null or created_by = $4) and ($5::timestamptz is null or finished_at >= $5))
            from (
              select kind, created_by, state, with_errors, finished_at from job_runs where $1::uuid is null or created_by_id = $1
              union all select kind, origin, state, false, finished_at from system_job_runs where $2) as jobs
            where state in ('Succeeded', 'Failed', 'Cancelled')
            group by kind, created_by, state, with_errors
            """,
            row => (Kind: row.GetString(0), By: row.GetString(1), State: row.GetString(2), WithErrors: row.GetBoolean(3), Count: row.GetInt64(5)),
            cancellationToken, Sql.Uuid(OwnOnly(actor)), IsAdministrator(actor), Sql.Text(filter.Kind), Sql.Text(filter.CreatedBy), Sql.Instant(filter.Since));
        return new JobHistoryCounts(
            groups.Sum(group => group.Count), groups.Where(group => group.State == nameof(JobState.Failed)).Sum(group => group.Count),
            groups.Where(group => group.State == nameof(JobState.Succeeded) && group.WithErrors).Sum(group => group.Count),
            [.. groups.Select(group => group.Kind).Distinct().Order(StringComparer.Ordinal)], [.. groups.Select(group => group.By).Distinct().Order(StringComparer.Ordinal)]);
    }

    public async Task<JobRow?> FindAsync(Guid id, CancellationToken cancellationToken)
    {
        var actor = user.Require(Permissions.ActivityDataRead);
        await using var unit = await database.OpenAsync(cancellationToken);
        var rows = await unit.Connection.ListAsync(
            $"""
            select {JobRows.TenantColumns} from job_runs where id = $1
            union all select {JobRows.SystemColumns} from system_job_runs where id = $1 and $2
            """,
            JobRows.Read, cancellationToken, id, IsAdministrator(actor));
        return rows.Count == 0 ? null : JobQueueView.For(rows[0], actor);
    }

    public async Task<JobChange> CancelAsync(Guid id, CancellationToken cancellationToken)
    {
        var actor = user.Require(Permissions.ActivityDataWrite);
        await using var unit = await database.OpenAsync(cancellationToken);
        var job = await FindOwnAsync(unit, actor, id, cancellationToken);
        if (job is null && (!IsAdministrator(actor) || await StateOfSystemAsync(unit, id, cancellationToken) is null))
        {
            return new JobChange.NotFound();
        }

        // A job that nobody has claimed ends here; a running one hears of it at its next heartbeat.
        var state = await unit.Connection.ScalarAsync<string>(
            $"""
            update {(job is null ? "system_job_runs" : "job_runs")} set cancel_requested = true,
              state = case when state = 'Queued' then 'Cancelled' else state end,
              finished_at = case when state = 'Queued' then now() end
            where id = $1 and state in ('Queued', 'Running') returning state
            """,
            cancellationToken, id);
        if (state is null)
        {
            return new JobChange.Refused("It has already ended, so there is nothing to cancel.");
        }

        if (state == nameof(JobState.Cancelled) && job is not null)
        {
            await HandlerOf(job).EndAsync(new JobContext(job), unit, JobState.Cancelled, null, cancellationToken);
        }

        unit.Audit(
            state == nameof(JobState.Cancelled) ? "job.cancelled" : "job.cancel-requested", $"job/{id}",
            new { job?.Kind, job?.SubjectName, @for = job?.CreatedBy }, new { State = job?.State.ToString() }, new { State = state, CancelRequested = true });
        await unit.CommitAsync(cancellationToken);
        await queue.WakeAsync();
        return new JobChange.Done();
    }

    public async Task<JobChange> RetryAsync(Guid id, CancellationToken cancellationToken)
    {
        var actor = user.Require(Permissions.ActivityDataWrite);
        await using var unit = await database.OpenAsync(cancellationToken);
        var job = await FindOwnAsync(unit, actor, id, cancellationToken);
        if (job is null)
        {
            return IsAdministrator(actor) && await StateOfSystemAsync(unit, id, cancellationToken) is not null
                ? new JobChange.Refused("A recurring job of the installation is not started again: run it now, from its schedule.")
                : new JobChange.NotFound();
        }

        if (job.State is JobState.Queued or JobState.Running)
        {
            return new JobChange.Refused("It has not ended yet, so it cannot be started again.");
        }

        if (job.State == JobState.Succeeded)
        {
            return new JobChange.Refused("It has succeeded: only a job that failed or was cancelled can be started again.");
        }

        if (job.FailureIsFinal)
        {
            return new JobChange.Refused($"Trying again would not help: {job.LastError}");
        }

        if (await HandlerOf(job).ReopenAsync(new JobContext(job), unit, cancellationToken) is { } obstacle)
        {
            return new JobChange.Refused(obstacle);
        }

        if (!await QueueAgainAsync(unit, id, cancellationToken))
        {
            return new JobChange.Refused("It has been started already.");
        }

        unit.Audit(
            "job.retried", $"job/{id}", new { job.Kind, job.SubjectName, @for = job.CreatedBy }, new { job.State, job.LastError }, new { State = JobState.Queued, LastError = (string?)null });
        await unit.CommitAsync(cancellationToken);
        await queue.WakeAsync();
        return new JobChange.Done();
    }

    public async Task<IReadOnlyList<ScheduleRow>> ListSchedulesAsync(CancellationToken cancellationToken)
    {
        var actor = user.Require(Permissions.AdministrationWrite);
        await using var unit = await database.OpenAsync(cancellationToken);
        var paused = await unit.Context.SystemSchedules.Where(schedule => schedule.Paused).Select(schedule => schedule.Kind).ToListAsync(cancellationToken);
        var runs = await unit.Connection.ListAsync(
            $"""
            select * from (
              select {JobRows.SystemColumns}, row_number() over (partition by kind, finished_at is null order by finished_at desc) as place from system_job_runs) as runs
            where place <= $1 order by finished_at
            """,
            row => JobQueueView.For(JobRows.Read(row), actor), cancellationToken, ShownRuns);
        return SystemSchedules.All.Select(nightly => new ScheduleRow(
            nightly.Kind, nightly.At, paused.Contains(nightly.Kind) ? null : nightly.NextAfter(time.GetUtcNow()), paused.Contains(nightly.Kind),
            runs.Exists(run => run.Kind == nightly.Kind && run.IsOpen), runs.FindAll(run => run.Kind == nightly.Kind && !run.IsOpen))).ToList();
    }

    public Task<JobChange> RunNowAsync(string kind, CancellationToken cancellationToken) => ChangeScheduleAsync(
        kind,
        async unit =>
        {
            var job = await systemJobs.AddAsync(kind, SystemJobRun.ByAdministrator, cancellationToken);
            unit.Audit("schedule.run", $"schedule/{kind}", new { job });
        },
        cancellationToken);

    public Task<JobChange> PauseAsync(string kind, bool paused, CancellationToken cancellationToken) => ChangeScheduleAsync(
        kind,
        async unit =>
        {
            var before = await unit.Connection.ScalarAsync<bool>("select paused from system_schedules where kind = $1", cancellationToken, kind);
            await unit.Connection.ExecuteAsync(
                "insert into system_schedules (kind, paused) values ($1, $2) on conflict (kind) do update set paused = excluded.paused", cancellationToken, kind, paused);
            unit.Audit(paused ? "schedule.paused" : "schedule.resumed", $"schedule/{kind}", null, new { paused = before }, new { paused });
        },
        cancellationToken);

    /// <summary>Null for everybody's jobs. Whoever is neither an administrator nor a person nor a key started none.</summary>
    private static Guid? OwnOnly(Actor actor) => IsAdministrator(actor) ? null : actor.Id ?? Guid.Empty;

    private static bool IsAdministrator(Actor actor) => actor.Allows(Permissions.AdministrationWrite);

    private IJobHandler HandlerOf(JobRun job) => handlers.Single(handler => handler.Kind == job.Kind);

    private async Task<JobChange> ChangeScheduleAsync(string kind, Func<TenantUnit, Task> change, CancellationToken cancellationToken)
    {
        user.Require(Permissions.AdministrationWrite);
        if (SystemSchedules.All.All(nightly => nightly.Kind != kind))
        {
            return new JobChange.NotFound();
        }

        await using var unit = await database.OpenAsync(cancellationToken);
        await change(unit);
        await unit.CommitAsync(cancellationToken);
        await queue.WakeAsync();
        return new JobChange.Done();
    }

    /// <summary>For a person who is no administrator another person's job does not exist here.</summary>
    private static Task<JobRun?> FindOwnAsync(TenantUnit unit, Actor actor, Guid id, CancellationToken cancellationToken)
    {
        var own = OwnOnly(actor);
        return unit.Context.JobRuns.SingleOrDefaultAsync(job => job.Id == id && (own == null || job.CreatedById == own), cancellationToken);
    }

    private static Task<JobState?> StateOfSystemAsync(TenantUnit unit, Guid id, CancellationToken cancellationToken) =>
        unit.Context.SystemJobRuns.Where(job => job.Id == id).Select(job => (JobState?)job.State).SingleOrDefaultAsync(cancellationToken);

    /// <summary>The same job at the end of the queue, as if it had never run. False when somebody was quicker.</summary>
    private static async Task<bool> QueueAgainAsync(TenantUnit unit, Guid id, CancellationToken cancellationToken) =>
        await unit.Connection.ExecuteAsync(
            """
            update job_runs set state = 'Queued', attempts = 0, queued_at = now(), not_before = null, started_at = null, finished_at = null, worker = null,
              heartbeat_at = null, progress_done = 0, cancel_requested = false, last_error = null, failure_is_final = false, result = null, with_errors = false
            where id = $1 and state in ('Failed', 'Cancelled')
            """,
            cancellationToken, id) == 1;
}
