using OffGridFlow.Core.Identity;
using OffGridFlow.Core.Jobs;
using OffGridFlow.Infrastructure.Jobs;
using OffGridFlow.Web.Features.Identity;

namespace OffGridFlow.Web.Features.Jobs;

/// <summary>A job as the API shows it. <c>result</c> holds the counts that the job wrote at its end, by name.</summary>
public sealed record JobResponse(
    Guid Id, string Kind, Guid SubjectId, string? SubjectName, JobState Status, bool CompletedWithErrors, int Attempts, double Progress, long Done, long? Total,
    DateTimeOffset QueuedAt, DateTimeOffset? StartedAt, DateTimeOffset? FinishedAt, string CreatedBy, bool System, bool CanRetry,
    IReadOnlyDictionary<string, long> Result, string? Error);

public sealed record JobListResponse(IReadOnlyList<JobResponse> Items, string? NextCursor);

internal static class JobEndpoints
{
    public static void MapJobs(this RouteGroupBuilder api)
    {
        var jobs = api.MapGroup("/jobs").WithTags("Jobs");
        jobs.MapGet("/", ListAsync).RequireApiPermission(Permissions.ActivityDataRead)
            .WithSummary("Jobs, newest first: an administrator's organization and the installation, anybody else's own")
            .Produces<JobListResponse>().ProducesProblem(422);
        jobs.MapGet("/{id:guid}", FindAsync).RequireApiPermission(Permissions.ActivityDataRead).WithSummary("One job with its state and progress")
            .Produces<JobResponse>().ProducesProblem(404);
        jobs.MapPost("/{id:guid}/retry", async (Guid id, IJobConsole console, CancellationToken cancellationToken) =>
                Answer(id, await console.RetryAsync(id, cancellationToken), Results.Accepted($"/api/v1/jobs/{id}"), "It cannot be started again"))
            .RequireApiPermission(Permissions.ActivityDataWrite).WithSummary("Queue a failed or cancelled job again")
            .Produces(202).ProducesProblem(404).ProducesProblem(409);
        jobs.MapPost("/{id:guid}/cancel", async (Guid id, IJobConsole console, CancellationToken cancellationToken) =>
                Answer(id, await console.CancelAsync(id, cancellationToken), Results.NoContent(), "It cannot be cancelled"))
            .RequireApiPermission(Permissions.ActivityDataWrite).WithSummary("Cancel a queued or running job")
            .Produces(204).ProducesProblem(404).ProducesProblem(409);
    }

    private static async Task<IResult> ListAsync(IJobConsole console, string? state, string? kind, string? cursor, int? limit, CancellationToken cancellationToken)
    {
        // As a text: a name is asked for as the answers write it, in lower case.
        JobState? asked = null;
        if (!string.IsNullOrEmpty(state))
        {
            var known = Enum.GetValues<JobState>().Where(value => string.Equals(value.ToString(), state, StringComparison.OrdinalIgnoreCase)).ToList();
            if (known.Count == 0)
            {
                return Results.Problem(
                    statusCode: 422, title: "No such state",
                    detail: $"“{state}” is no state of a job. Use one of: {string.Join(", ", Enum.GetNames<JobState>().Select(name => name.ToLowerInvariant()))}.");
            }

            asked = known[0];
        }

        var page = await console.ListAsync(new JobFilter(asked, Kind: kind), cursor, Math.Clamp(limit ?? 50, 1, 200), cancellationToken);
        return Results.Ok(new JobListResponse(page.Rows.Select(ToResponse).ToList(), page.NextCursor));
    }

    private static async Task<IResult> FindAsync(Guid id, IJobConsole console, CancellationToken cancellationToken) =>
        await console.FindAsync(id, cancellationToken) is { } job ? Results.Ok(ToResponse(job)) : NotFound(id);

    private static IResult Answer(Guid id, JobChange change, IResult done, string refusal) => change switch
    {
        JobChange.Done => done,
        JobChange.Refused refused => Results.Problem(statusCode: 409, title: refusal, detail: refused.Reason),
        _ => NotFound(id),
    };

    private static IResult NotFound(Guid id) => Results.Problem(
        statusCode: 404, title: "No such job", detail: $"There is no job {id} that you may see. GET /api/v1/jobs lists yours.");

    private static JobResponse ToResponse(JobRow job) => new(
        job.Id, job.Kind, job.SubjectId, job.SubjectName, job.State, job.WithErrors, job.Attempts, job.Progress, job.Done, job.Total, job.QueuedAt, job.StartedAt,
        job.FinishedAt, job.CreatedBy, job.IsSystem, job.CanRetry, job.Result, job.Error);
}
