using System.Globalization;
using OffGridFlow.Core.ActivityData;
using OffGridFlow.Core.Identity;
using OffGridFlow.Infrastructure.ActivityData;
using OffGridFlow.Web.Features.Identity;

namespace OffGridFlow.Web.Features.ActivityData;

internal static class ActivityEndpoints
{
    private const int MostExceptions = 200;

    public static void MapActivities(this RouteGroupBuilder api)
    {
        var activities = api.MapGroup("/activities").WithTags("Activities");
        activities.MapGet("/", ListAsync).RequireApiPermission(Permissions.ActivityDataRead)
            .WithSummary("Entries by site, type and first day; filters site, activityType, status, from, to, text, toApprove").Produces<ActivityListResponse>().ProducesProblem(422);
        activities.MapGet("/{id:guid}", async (Guid id, IActivityEntryQueries queries, HttpResponse response, CancellationToken cancellationToken) =>
                await queries.FindAsync(id, cancellationToken) is { } row ? Found(response, row) : NotFound(id))
            .RequireApiPermission(Permissions.ActivityDataRead).WithSummary("One entry; the ETag is what a change sends back as If-Match").Produces<ActivityResponse>().ProducesProblem(404);
        activities.MapPost("/", CreateAsync).RequireApiPermission(Permissions.ActivityDataWrite)
            .WithSummary("Create one entry, or many as rows: all or none unless mode is partial. The same externalId sent twice is one entry")
            .Produces<ActivitySaveResponse>(201).Produces<ActivityBatchResponse>().ProducesProblem(422);
        activities.MapPut("/{id:guid}", ChangeAsync).RequireApiPermission(Permissions.ActivityDataWrite)
            .WithSummary("Another version of an entry").Produces<ActivitySaveResponse>().ProducesProblem(404).ProducesProblem(412).ProducesProblem(422).ProducesProblem(428);
        activities.MapDelete("/{id:guid}", (Guid id, IActivityEntries service, HttpContext context, CancellationToken cancellationToken) =>
                ActAsync(id, EntryAction.Discard, null, service, context, cancellationToken))
            .RequireApiPermission(Permissions.ActivityDataWrite).WithSummary("Delete a draft that was never submitted").Produces(204).ProducesProblem(404).ProducesProblem(409).ProducesProblem(412);
        foreach (var (name, action, summary) in new[]
        {
            ("submit", EntryAction.Submit, "Let a draft count"), ("approve", EntryAction.Approve, "Approve; where the organization asks for a second person, not what one wrote oneself"),
            ("return", EntryAction.Return, "Back to its author as a draft, with a reason"), ("exclude", EntryAction.Exclude, "Out of the totals, with a reason"),
            ("restore", EntryAction.Restore, "Take back an exclusion, with a reason"), ("reverse", EntryAction.Reverse, "Write the negative amount beside it, with a reason"),
        })
        {
            activities.MapPost("/{id:guid}/" + name, (Guid id, ActivityActionRequest? request, IActivityEntries service, HttpContext context, CancellationToken cancellationToken) =>
                    ActAsync(id, action, request?.Reason, service, context, cancellationToken))
                .RequireApiPermission(Permissions.ActivityDataWrite).WithSummary(summary).Produces<ActivityActionResponse>().ProducesProblem(404).ProducesProblem(409).ProducesProblem(412);
        }

        activities.MapGet("/{id:guid}/versions", async (Guid id, IActivityEntryQueries queries, CancellationToken cancellationToken) =>
                await queries.ListVersionsAsync(id, cancellationToken) is { } versions
                    ? Results.Ok(new ActivityVersionListResponse([.. versions.Select(version => new ActivityVersionResponse(
                        version.Version, version.Action, version.Author, version.At, version.Reason, version.Changes))]))
                    : NotFound(id))
            .RequireApiPermission(Permissions.ActivityDataRead).WithSummary("Every version with its author, reason and differences, newest first").Produces<ActivityVersionListResponse>().ProducesProblem(404);
        activities.MapPost("/copy", CopyAsync).RequireApiPermission(Permissions.ActivityDataWrite)
            .WithSummary("Write the entries of a period again as drafts of the next month or year").Produces<ActivityCopyResponse>().ProducesProblem(422);
        activities.MapGet("/approval", async (IActivityEntries service, CancellationToken cancellationToken) => Results.Ok(ToResponse(await service.FindRuleAsync(cancellationToken))))
            .RequireApiPermission(Permissions.ActivityDataRead).WithSummary("Whether nobody may approve what they wrote themselves").Produces<ApprovalResponse>();
        activities.MapPut("/approval", SetRuleAsync).RequireApiPermission(Permissions.AdministrationWrite)
            .WithSummary("Ask for a second person, or not").Produces<ApprovalResponse>().ProducesProblem(422);

        api.MapGet("/exceptions", ListExceptionsAsync).WithTags("Activities").RequireApiPermission(Permissions.ActivityDataRead)
            .WithSummary("Entries that count and have no result, by reason").Produces<ExceptionListResponse>();
        api.MapGet("/activity-types", (string? query, int? limit, IActivityEntryQueries queries) => Results.Ok(new ActivityTypeListResponse(
                [.. queries.SearchTypes(query, Math.Clamp(limit ?? 500, 1, 1000)).Select(choice => new ActivityTypeResponse(
                    choice.Key, choice.Name, choice.Group, choice.Family.ToString(), choice.Scope, choice.Category, choice.Units, choice.NeedsGas, choice.IsPublished, choice.Hint,
                    choice.Categories))])))
            .WithTags("Activities").RequireApiPermission(Permissions.ActivityDataRead)
            .WithSummary("What can be entered: the product’s types; with query also published factors by name").Produces<ActivityTypeListResponse>();
    }

    private static async Task<IResult> ListAsync(
        Guid? site, string? activityType, string? status, DateOnly? from, DateOnly? to, string? text, bool? toApprove, string? cursor, int? limit, IActivityEntryQueries queries,
        CancellationToken cancellationToken)
    {
        EntryStatus? known = null;
        if (status is not null)
        {
            if (char.IsDigit(status.FirstOrDefault()) || !Enum.TryParse<EntryStatus>(status, ignoreCase: true, out var parsed))
            {
                return Results.Problem(statusCode: 422, title: "No such status", detail: $"“{status}” is no status. Use draft, submitted, approved or excluded.");
            }

            known = parsed;
        }

        var page = await queries.ListAsync(
            new EntryFilter(site, activityType, known, from, to, text, toApprove ?? false), cursor, Math.Clamp(limit ?? 50, 1, 200), cancellationToken);
        return Results.Ok(new ActivityListResponse([.. page.Rows.Select(ActivityResponse.Of)], page.NextCursor));
    }

    private static async Task<IResult> CreateAsync(ActivityRequest request, IActivityEntries service, CancellationToken cancellationToken)
    {
        if (request.Mode is not (null or "all" or "partial"))
        {
            return Results.Problem(statusCode: 422, title: "No such mode", detail: $"“{request.Mode}” is no mode. Use all, which saves every row or none, or partial.");
        }

        if (request.Rows?.Count > IActivityEntries.MostRows)
        {
            return Results.Problem(statusCode: 422, title: "Too many rows", detail: "At most 1,000 rows go in one request. Send the rest in another.");
        }

        if (request.Rows?.Contains(null!) == true)
        {
            return Results.Problem(statusCode: 422, title: "A row is null", detail: "Each row is an object with the fields of an entry. Nothing was saved.");
        }

        var rows = request.Rows ?? [request];
        var outcome = await service.SaveAsync([.. rows.Select(row => new EntryDraft(null, null, row.ToInput()))], request.Mode == "partial", request.Reason, cancellationToken);
        var results = outcome.Rows.Select(ToResponse).ToList();
        if (!outcome.Committed)
        {
            return NotSaved(results);
        }

        return request.Rows is not null ? Results.Ok(new ActivityBatchResponse(Committed: true, results))
            : results[0].Outcome == SavedAs.Created ? Results.Created($"/api/v1/activities/{results[0].Id}", results[0]) : Results.Ok(results[0]);
    }

    private static async Task<IResult> ChangeAsync(Guid id, ActivityRequest request, IActivityEntries service, HttpContext context, CancellationToken cancellationToken)
    {
        if (VersionOf(context.Request) is not { } version)
        {
            return Results.Problem(
                statusCode: 428, title: "Say which version you saw",
                detail: "Send the ETag of GET /api/v1/activities/{id}, its version in quotes, as If-Match, so that no change is overwritten unseen.");
        }

        var outcome = await service.SaveAsync([new EntryDraft(id, version, request.ToInput())], partial: false, request.Reason, cancellationToken);
        var row = outcome.Rows[0];
        switch (row.Outcome)
        {
            case SavedAs.Gone:
                return NotFound(id);
            case SavedAs.Stale:
                return Stale();
            case SavedAs.Refused:
                return NotSaved([ToResponse(row, 0)]);
            default:
                SetTag(context.Response, row.Version);
                return Results.Ok(ToResponse(row, 0));
        }
    }

    private static async Task<IResult> ActAsync(
        Guid id, EntryAction action, string? reason, IActivityEntries service, HttpContext context, CancellationToken cancellationToken)
    {
        var acted = (await service.ActAsync(action, [new EntryRef(id, VersionOf(context.Request))], reason, cancellationToken))[0];
        switch (acted.Outcome)
        {
            case SavedAs.Gone:
                return NotFound(id);
            case SavedAs.Stale:
                return Stale();
            case SavedAs.Refused:
                return Results.Problem(statusCode: 409, title: "Nothing was changed", detail: acted.Reason);
            default:
                SetTag(context.Response, acted.Version);
                return action == EntryAction.Discard ? Results.NoContent() : Results.Ok(new ActivityActionResponse(id, acted.Version, acted.OtherId));
        }
    }

    private static async Task<IResult> CopyAsync(ActivityCopyRequest request, IActivityEntries service, CancellationToken cancellationToken)
    {
        if (request is not { From: { } from, To: { } to, Step: { } step } || to < from || from.Year < 1900 || to.Year > 2200)
        {
            return Results.Problem(statusCode: 422, title: "Say which period to copy", detail: "Send from and to, the first and last day of the period, and step: month or year.");
        }

        var outcome = await service.CopyAsync(new EntryCopy(request.SiteId, request.ActivityType, from, to, step), cancellationToken);
        return Results.Ok(new ActivityCopyResponse(outcome.Made, outcome.AlreadyThere, outcome.NotFitting));
    }

    private static async Task<IResult> SetRuleAsync(ApprovalRequest request, IActivityEntries service, CancellationToken cancellationToken) => request.AsksForSecondPerson is { } asks
        ? Results.Ok(ToResponse(await service.SetRuleAsync(asks, cancellationToken)))
        : Results.Problem(statusCode: 422, title: "Say yes or no", detail: "Send asksForSecondPerson as true or false.");

    private static async Task<IResult> ListExceptionsAsync(IActivityEntryQueries queries, CancellationToken cancellationToken)
    {
        var groups = await queries.ListExceptionsAsync(MostExceptions, cancellationToken);
        return Results.Ok(new ExceptionListResponse(groups.Sum(group => group.Total), [.. groups.Select(group => new ExceptionGroupResponse(
            group.Code, group.Total, [.. group.Rows.Select(row => new ExceptionResponse(row.Code, row.Message, row.Mend, row.Since, ActivityResponse.Of(row.Entry)))]))]));
    }

    private static IResult Found(HttpResponse response, EntryRow row)
    {
        SetTag(response, row.Version);
        return Results.Ok(ActivityResponse.Of(row));
    }

    private static void SetTag(HttpResponse response, int? version)
    {
        if (version is not null)
        {
            response.Headers.ETag = string.Create(CultureInfo.InvariantCulture, $"\"{version}\"");
        }
    }

    private static int? VersionOf(HttpRequest request) =>
        int.TryParse(request.Headers.IfMatch.ToString().Trim('"'), NumberStyles.None, CultureInfo.InvariantCulture, out var version) ? version : null;

    private static ActivitySaveResponse ToResponse(SavedEntry row, int index) => new(
        index, row.Outcome, row.Id, row.Version, [.. row.Problems.Select(problem => new ActivityProblemResponse(problem.Code, problem.Field, problem.Message, problem.Severity))]);

    private static ApprovalResponse ToResponse(ApprovalRule rule) => new(rule.AsksForSecondPerson, rule.Chosen, rule.Writers);

    private static IResult NotSaved(List<ActivitySaveResponse> results)
    {
        var first = results.Find(row => row.Outcome == SavedAs.Refused);
        var asks = first?.Problems.All(problem => problem.Severity != EntrySeverity.Error) == true;
        return Results.Problem(
            statusCode: 422, title: "Nothing was saved",
            detail: (first?.Problems[0].Message ?? "") + (asks ? $" To confirm, send it again with “{first!.Problems[0].Code}” in confirmed." : ""),
            extensions: new Dictionary<string, object?> { ["committed"] = false, ["results"] = results });
    }

    internal static IResult NotFound(Guid id) => Results.Problem(
        statusCode: 404, title: "No such entry", detail: $"There is no entry {id} in your organization. GET /api/v1/activities lists what there is.");

    private static IResult Stale() => Results.Problem(
        statusCode: 412, title: "Somebody else was quicker", detail: "The entry was changed since you read it. Nothing was changed now. Read it again, then decide.");
}
