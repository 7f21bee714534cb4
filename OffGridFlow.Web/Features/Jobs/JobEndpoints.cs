using Microsoft.EntityFrameworkCore;
using OffGridFlow.Core.Identity;
using OffGridFlow.Core.Jobs;
using OffGridFlow.Infrastructure.Persistence;
using OffGridFlow.Web.Features.Identity;

namespace OffGridFlow.Web.Features.Jobs;

public sealed record JobResponse(
    Guid Id, string Kind, Guid SubjectId, JobState Status, int Attempts, double Progress, DateTimeOffset QueuedAt, DateTimeOffset? StartedAt,
    DateTimeOffset? FinishedAt, string? Error);

internal static class JobEndpoints
{
    public static void MapJobs(this RouteGroupBuilder api) => api.MapGet("/jobs/{id:guid}", FindAsync).WithTags("Jobs")
        .RequireApiPermission(Permissions.ActivityDataRead).WithSummary("One job with its state and progress").Produces<JobResponse>().ProducesProblem(404);

    private static async Task<IResult> FindAsync(Guid id, TenantDatabase database, CancellationToken cancellationToken)
    {
        await using var unit = await database.OpenAsync(cancellationToken);
        var job = await unit.Context.JobRuns.SingleOrDefaultAsync(job => job.Id == id, cancellationToken);
        return job is null
            ? Results.Problem(statusCode: 404, title: "No such job", detail: $"There is no job {id} in your organization.")
            : Results.Ok(new JobResponse(
                job.Id, job.Kind, job.SubjectId, job.State, job.Attempts,
                job.State == JobState.Succeeded ? 1 : job.ProgressTotal is > 0 and var total ? Math.Min(1, (double)job.ProgressDone / total) : 0,
                job.QueuedAt, job.StartedAt, job.FinishedAt, job.LastError));
    }
}
