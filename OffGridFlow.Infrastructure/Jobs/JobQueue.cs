using Microsoft.Extensions.Logging;
using OffGridFlow.Core.Jobs;
using OffGridFlow.Infrastructure.Persistence;
using Quartz;

namespace OffGridFlow.Infrastructure.Jobs;

/// <summary>Puts work in the queue. The row is the queue; waking a worker only makes it quick.</summary>
public sealed partial class JobQueue(ISchedulerFactory schedulers, TimeProvider time, ILogger<JobQueue> logger)
{
    /// <summary>Adds the job to the caller's transaction.</summary>
    /// <param name="subjectName">What it works on, for people.</param>
    /// <param name="lanes">See <see cref="JobRun.Lanes"/>.</param>
    public JobRun Add(TenantUnit unit, string kind, Guid subjectId, string subjectName, long? total, IReadOnlyCollection<string> lanes)
    {
        var job = new JobRun
        {
            Id = Guid.CreateVersion7(time.GetUtcNow()),
            TenantId = unit.Actor.TenantId,
            Kind = kind,
            SubjectId = subjectId,
            State = JobState.Queued,
            QueuedAt = time.GetUtcNow(),
            ProgressTotal = total,
            SubjectName = subjectName,
            Lanes = [.. lanes],
            CreatedById = unit.Actor.Id,
            CreatedBy = unit.Actor.DisplayName,
        };
        unit.Context.JobRuns.Add(job);
        return job;
    }

    /// <summary>To be called after the commit. Failing to wake is no failure: the sweep finds the row.</summary>
    public async Task WakeAsync()
    {
        try
        {
            var scheduler = await schedulers.GetScheduler(CancellationToken.None);
            await scheduler.TriggerJob(JobSweep.Key, cancellationToken: CancellationToken.None);
        }
        catch (SchedulerException exception)
        {
            Log.NotWoken(logger, exception);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(EventId = 2001, Level = LogLevel.Warning, Message = "The scheduler could not wake a worker; the sweep will")]
        public static partial void NotWoken(ILogger logger, Exception exception);
    }
}

/// <summary>What Quartz triggers, on a schedule and on demand: it only wakes the worker of the process it runs in.</summary>
internal sealed class JobSweep(JobWorker worker) : IJob
{
    public static readonly JobKey Key = new("sweep");

    public ValueTask Execute(IJobExecutionContext context, CancellationToken cancellationToken = default)
    {
        worker.Wake();
        return ValueTask.CompletedTask;
    }
}
