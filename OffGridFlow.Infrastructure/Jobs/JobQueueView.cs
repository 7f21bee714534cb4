using OffGridFlow.Core.Identity;
using OffGridFlow.Core.Jobs;

namespace OffGridFlow.Infrastructure.Jobs;

/// <summary>What one person may see of a look at the queue, with the reason why each queued job waits.</summary>
internal static class JobQueueView
{
    public static LiveJobs Of(FeedLook look, Actor actor)
    {
        var administrator = actor.Allows(Permissions.AdministrationWrite);
        var queue = look.Jobs.Where(job => job.State == JobState.Queued).ToList();
        var seen = look.Jobs.Where(job => administrator || job.CreatedById == actor.Id)
            .Select(job => job.State == JobState.Queued
                ? job with { Place = queue.FindIndex(queued => queued.Id == job.Id) + 1, Wait = WaitOf(job, look) }
                : job)
            .Concat(administrator ? look.SystemJobs.Select(job => job.State == JobState.Queued ? job with { Wait = WaitOf(job, look) } : job) : [])
            .Select(job => For(job, actor))
            .OrderBy(job => job.State == JobState.Running ? 0 : 1).ThenBy(job => job.State == JobState.Running ? job.StartedAt : job.QueuedAt)
            .ToList();
        var lastEnd = administrator && (look.LastEnd is null || look.LastSystemEnd > look.LastEnd) ? look.LastSystemEnd : look.LastEnd;
        return new LiveJobs(look.At, seen, look.Workers, look.SeenAgo, lastEnd);
    }

    /// <summary>The row with what this person may do with it. Where it runs is for administrators.</summary>
    public static JobRow For(JobRow job, Actor actor)
    {
        var administrator = actor.Allows(Permissions.AdministrationWrite);
        return job with
        {
            Worker = administrator ? job.Worker : null,
            MayControl = administrator || (!job.IsSystem && job.CreatedById == actor.Id && actor.Allows(Permissions.ActivityDataWrite)),
        };
    }

    private static JobWait WaitOf(JobRow job, FeedLook look)
    {
        if (job.NotBefore is { } until && until > look.At)
        {
            return new JobWait.Pause(until, job.Attempts + 1);
        }

        if (look.Blockers.TryGetValue(job.Id, out var blocker) && look.Jobs.FirstOrDefault(other => other.Id == blocker) is { } first)
        {
            return new JobWait.Behind(first.Id, first.Kind, first.SubjectName);
        }

        return look.Workers == 0 ? new JobWait.AnyWorker() : new JobWait.FreeWorker(look.Slots);
    }
}
