using Quartz;

namespace OffGridFlow.Infrastructure.Jobs;

/// <summary>A job of the installation that runs every night.</summary>
/// <param name="At">UTC.</param>
internal sealed record NightlyJob(string Kind, TimeOnly At)
{
    /// <summary>The next time after <paramref name="now"/>.</summary>
    public DateTimeOffset NextAfter(DateTimeOffset now)
    {
        var today = new DateTimeOffset(DateOnly.FromDateTime(now.UtcDateTime), At, TimeSpan.Zero);
        return today > now ? today : today.AddDays(1);
    }
}

internal static class SystemSchedules
{
    public const string MonthlyTotalsProof = "monthly-totals-proof";
    public const string UnfinishedUploads = "unfinished-uploads";
    public const string AuditChainCheck = "audit-chain-check";

    public static readonly IReadOnlyList<NightlyJob> All =
        [new(MonthlyTotalsProof, new TimeOnly(2, 0)), new(UnfinishedUploads, new TimeOnly(2, 20)), new(AuditChainCheck, new TimeOnly(2, 40))];

    public static JobKey KeyOf(string kind) => new(kind, "system");
}

/// <summary>What Quartz triggers at the time of a recurring job: it only queues it, and wakes the worker of its process.</summary>
internal sealed class SystemJobDue(SystemJobRunner jobs, JobWorker worker) : IJob
{
    public async ValueTask Execute(IJobExecutionContext context, CancellationToken cancellationToken = default)
    {
        await jobs.StartScheduledAsync(context.JobDetail.Key.Name, cancellationToken);
        worker.Wake();
    }
}
