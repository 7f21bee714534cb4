using OffGridFlow.Core.Jobs;
using OffGridFlow.Infrastructure.Persistence;
using OffGridFlow.Infrastructure.Persistence.PostgreSql;

namespace OffGridFlow.Infrastructure.Jobs;

/// <summary>
/// The work of one kind of job. It may be started again from the beginning at any time (the process was killed), so it first clears
/// what an earlier attempt left. It publishes what it did and completes the job in one transaction.
/// </summary>
internal interface IJobHandler
{
    string Kind { get; }

    /// <exception cref="JobFailedException">Trying again would not help.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled: by a person or by the end of the process.</exception>
    Task RunAsync(JobContext job, CancellationToken cancellationToken);

    /// <summary>Writes the failed or cancelled outcome to the job's subject, in the transaction that ends the job.</summary>
    Task EndAsync(JobContext job, TenantUnit unit, JobState outcome, string? error, CancellationToken cancellationToken);

    /// <summary>
    /// Somebody starts a failed or cancelled job again: sets its subject back, in the transaction that queues it. Or gives the reason
    /// why not, in words; then nothing is committed.
    /// </summary>
    Task<string?> ReopenAsync(JobContext job, TenantUnit unit, CancellationToken cancellationToken);
}

/// <summary>A job cannot succeed however often it is tried. The message is for people: what, why, how to mend.</summary>
/// <param name="isFinal">False when it may still succeed once a person starts it again: then the cause does not lie in what it works on.</param>
public sealed class JobFailedException(string message, bool isFinal = true) : Exception(message)
{
    public bool IsFinal { get; } = isFinal;
}

/// <summary>What the attempt was worked out from has changed meanwhile: it is done anew, which does not count as a failure.</summary>
internal sealed class JobOutdatedException() : Exception("What this job builds on has changed while it ran.");

/// <summary>Somebody was told that the job is cancelled, before its last step was done.</summary>
internal sealed class CancelRequestedException() : Exception("The job was cancelled while its last step ran.");

/// <summary>Another worker has taken the job over; this one must write nothing more.</summary>
internal sealed class LostClaimException() : Exception("Another worker has taken this job over.");

/// <summary>One attempt at a job, with the fencing token that this attempt was given.</summary>
internal sealed class JobContext(JobRun run)
{
    private long _done;
    private long _total = run.ProgressTotal ?? -1;

    public Guid JobId => run.Id;

    public Guid TenantId => run.TenantId;

    public Guid SubjectId => run.SubjectId;

    public string Kind => run.Kind;

    public int Attempt => run.Attempts;

    public long Fence => run.Fence;

    /// <summary>Set once the handler itself has ended the job.</summary>
    public bool Completed { get; private set; }

    /// <summary>Counts for the history, set before the job is completed.</summary>
    public IReadOnlyDictionary<string, long>? Result { get; set; }

    /// <summary>Part of it was held back.</summary>
    public bool WithErrors { get; set; }

    /// <summary>See <see cref="JobRun.FailureIsFinal"/>.</summary>
    public bool FailureIsFinal { get; set; }

    public long Done => Interlocked.Read(ref _done);

    public long? Total => Interlocked.Read(ref _total) is >= 0 and var total ? total : null;

    /// <summary>Tells how far the work is; saved with the next heartbeat.</summary>
    public void Report(long done, long? total)
    {
        Interlocked.Exchange(ref _done, done);
        if (total is not null)
        {
            Interlocked.Exchange(ref _total, total.Value);
        }
    }

    /// <summary>
    /// Makes sure that this attempt still has its claim, and that nobody takes it until the unit ends. For what is written before the
    /// job is completed: the attempt that comes after clears it away, so nothing may be added once that has begun.
    /// </summary>
    /// <exception cref="LostClaimException">The fence has moved on: nothing may be written any more.</exception>
    public async Task HoldClaimAsync(TenantUnit unit, CancellationToken cancellationToken)
    {
        if (await unit.Connection.ScalarAsync<Guid?>(
            "select id from job_runs where id = $1 and fence = $2 and state = 'Running' for share", cancellationToken, JobId, Fence) is null)
        {
            throw new LostClaimException();
        }
    }

    /// <summary>Ends the job inside the caller's transaction; the row stays locked until it commits, so no other worker can claim it meanwhile.</summary>
    /// <exception cref="LostClaimException">The fence has moved on: the transaction must not be committed.</exception>
    /// <exception cref="CancelRequestedException">
    /// It would succeed, but somebody was told that it is cancelled: the transaction must not be committed.
    /// </exception>
    public async Task CompleteAsync(TenantUnit unit, JobState outcome, string? error, CancellationToken cancellationToken)
    {
        var cancelRequested = await unit.Connection.ScalarAsync<bool?>(
            """
            update job_runs set state = $3, finished_at = now(), last_error = $4, heartbeat_at = null, progress_done = $5,
              progress_total = coalesce($6, progress_total), result = $7, with_errors = $8, failure_is_final = $9
            where id = $1 and fence = $2 and state = 'Running' returning cancel_requested
            """,
            cancellationToken, JobId, Fence, outcome.ToString(), Sql.Text(error), Done, Sql.Bigint(Total), Sql.Json(Result), WithErrors,
            outcome == JobState.Failed && FailureIsFinal);
        if (cancelRequested is null)
        {
            throw new LostClaimException();
        }

        if (cancelRequested.Value && outcome == JobState.Succeeded)
        {
            throw new CancelRequestedException();
        }

        Completed = true;
    }
}
