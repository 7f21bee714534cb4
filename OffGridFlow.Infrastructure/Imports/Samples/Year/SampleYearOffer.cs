using Microsoft.EntityFrameworkCore;
using OffGridFlow.Core.Identity;
using OffGridFlow.Infrastructure.Jobs;
using OffGridFlow.Infrastructure.Organizations;
using OffGridFlow.Infrastructure.Persistence;

namespace OffGridFlow.Infrastructure.Imports.Samples.Year;

/// <summary>Queues the sample year for an organization that nobody has begun to fill.</summary>
internal sealed class SampleYearOffer(TenantDatabase database, CurrentUser user, JobQueue jobs)
{
    private const string Lane = "sample-year";

    /// <param name="preparerId">The administrator in whose name it is entered.</param>
    /// <returns>False where there are entities or imports already, or the job was queued before, however it ended.</returns>
    public async Task<bool> QueueAsync(Guid preparerId, CancellationToken cancellationToken)
    {
        user.Require(Permissions.AdministrationWrite);
        await using var unit = await database.OpenAsync(cancellationToken);
        // Web and worker may start at the same moment.
        await Editing.LockAsync(unit, cancellationToken);
        if (await unit.Context.JobRuns.AnyAsync(job => job.Kind == SampleYearJob.JobKind, cancellationToken)
            || await unit.Context.Organizations.AnyAsync(cancellationToken) || await unit.Context.Imports.AnyAsync(cancellationToken))
        {
            return false;
        }

        jobs.Add(unit, SampleYearJob.JobKind, preparerId, SampleYear.PeriodName(SampleYear.First) + " and " + SampleYear.PeriodName(SampleYear.Second), SampleYearJob.Steps, [Lane]);
        await unit.CommitAsync(cancellationToken);
        await jobs.WakeAsync();
        return true;
    }
}
