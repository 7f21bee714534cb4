using System.Globalization;
using OffGridFlow.Core.Calculation;
using OffGridFlow.Core.Identity;
using OffGridFlow.Infrastructure.Calculation.Runs;
using OffGridFlow.Infrastructure.Persistence;
using OffGridFlow.Web.Features.Identity;

namespace OffGridFlow.Web.Features.Calculation;

internal static class RunEndpoints
{
    private const int DefaultRows = 50;
    private const int MostRows = 500;

    public static void MapCalculationRuns(this RouteGroupBuilder api)
    {
        var runs = api.MapGroup("/calculation-runs").WithTags("Calculation runs");
        runs.MapPost("/", ProposeAsync).RequireApiPermission(Permissions.CalculationsPropose)
            .WithSummary("Work out what other factors, potentials or editions would change; nothing moves").Produces<RunResponse>(202).ProducesProblem(422);
        runs.MapGet("/", ListAsync).RequireApiPermission(Permissions.CalculationsRead)
            .WithSummary("Runs, newest first, with what each moves or moved by year").Produces<RunListResponse>().ProducesProblem(422);
        runs.MapGet("/{id:guid}", async (Guid id, ICalculationRuns service, CancellationToken cancellationToken) =>
                await service.FindAsync(id, cancellationToken) is { } run ? Results.Ok(RunResponse.Of(run)) : NoRun(id))
            .RequireApiPermission(Permissions.CalculationsRead).WithSummary("One run").Produces<RunResponse>().ProducesProblem(404);
        runs.MapGet("/{id:guid}/difference", DifferenceAsync).RequireApiPermission(Permissions.CalculationsRead)
            .WithSummary("What changes, by scope, category, entity, site, year, type, factor or row, the largest difference first").Produces<RunDifferenceResponse>()
            .ProducesProblem(404).ProducesProblem(409).ProducesProblem(422);
        runs.MapPost("/{id:guid}/approve", (Guid id, RunDecisionRequest? decision, ICalculationRuns service, CancellationToken cancellationToken) =>
                DecideAsync(id, service.ApproveAsync(id, decision?.Reason, cancellationToken)))
            .RequireApiPermission(Permissions.CalculationsApprove).WithSummary("Let a proposed run count, by somebody else than who proposed it").Produces<RunResponse>()
            .ProducesProblem(404).ProducesProblem(409);
        runs.MapPost("/{id:guid}/reject", (Guid id, RunDecisionRequest? decision, ICalculationRuns service, CancellationToken cancellationToken) =>
                DecideAsync(id, service.RejectAsync(id, decision?.Reason, cancellationToken)))
            .RequireApiPermission(Permissions.CalculationsApprove).WithSummary("End a proposed run, with a reason").Produces<RunResponse>()
            .ProducesProblem(404).ProducesProblem(409).ProducesProblem(422);
        runs.MapPost("/{id:guid}/rollback", (Guid id, RunDecisionRequest? decision, ICalculationRuns service, CancellationToken cancellationToken) =>
                DecideAsync(id, service.RollBackAsync(id, decision?.Reason, cancellationToken)))
            .RequireApiPermission(Permissions.CalculationsApprove).WithSummary("Take an approved run back, with a reason; the answer is the inverse run").Produces<RunResponse>()
            .ProducesProblem(404).ProducesProblem(409).ProducesProblem(422);
        api.MapGet("/ledger", StateAsync).WithTags("Calculation runs").RequireApiPermission(Permissions.CalculationsRead)
            .WithSummary("Totals by year as they were at a ledger number (number) or an instant (at), or as they are; hash=true adds a hash of each year's results")
            .Produces<LedgerStateResponse>().ProducesProblem(422);
    }

    private static async Task<IResult> ProposeAsync(RunRequest request, ICalculationRuns service, CancellationToken cancellationToken)
    {
        if (request.ToInput(out var problem) is not { } input)
        {
            return Problem(problem!);
        }

        return await service.ProposeAsync(input, cancellationToken) switch
        {
            RunOutcomeOf.Done done => Results.Accepted($"/api/v1/calculation-runs/{done.Run.Id}", RunResponse.Of(done.Run)),
            RunOutcomeOf.Invalid invalid => Problem(invalid.Reason),
            var other => throw new InvalidOperationException($"No answer is written for {other.GetType().Name}."),
        };
    }

    private static async Task<IResult> ListAsync(string? cursor, int? limit, ICalculationRuns service, CancellationToken cancellationToken)
    {
        if (limit is < 1 or > MostRows)
        {
            return Limit();
        }

        try
        {
            var page = await service.ListAsync(cursor, limit ?? DefaultRows, cancellationToken);
            return Results.Ok(new RunListResponse([.. page.Rows.Select(RunResponse.Of)], page.NextCursor));
        }
        catch (InvalidCursorException invalid)
        {
            return Problem(invalid.Message);
        }
    }

    private static async Task<IResult> DifferenceAsync(
        Guid id, string? groupBy, string? scope2Method, string? cursor, int? limit, ICalculationRuns service, RunQueries queries, CancellationToken cancellationToken)
    {
        var isRows = string.Equals(groupBy, "row", StringComparison.OrdinalIgnoreCase);
        var grouping = RunGrouping.Scope;
        if (groupBy is not null && !isRows && (!Enum.TryParse(groupBy, ignoreCase: true, out grouping) || !Enum.IsDefined(grouping) || int.TryParse(groupBy, CultureInfo.InvariantCulture, out _)))
        {
            return Problem($"“{groupBy}” is nothing to group by. Use: {string.Join(", ", Enum.GetNames<RunGrouping>()).ToLowerInvariant()}, row.");
        }

        var view = Scope2Method.Location;
        if (scope2Method is not null && (!Enum.TryParse(scope2Method, ignoreCase: true, out view) || !Enum.IsDefined(view) || int.TryParse(scope2Method, CultureInfo.InvariantCulture, out _)))
        {
            return Problem($"“{scope2Method}” is no view of scope 2. Use location or market.");
        }

        if (limit is < 1 or > MostRows)
        {
            return Limit();
        }

        if (await service.FindAsync(id, cancellationToken) is not { } run)
        {
            return NoRun(id);
        }

        try
        {
            var words = (groupBy ?? "scope").ToLowerInvariant();
            var method = view.ToString().ToLowerInvariant();
            if (isRows)
            {
                return await queries.ListEntriesAsync(id, cursor, limit ?? DefaultRows, cancellationToken) is { } page
                    ? Results.Ok(new RunDifferenceResponse(RunResponse.Of(run), words, method, null, null, null, [], [.. page.Rows.Select(RunEntryResponse.Of)], page.NextCursor))
                    : NoDifference();
            }

            return await queries.DifferenceAsync(id, grouping, view, cancellationToken) is { } difference
                ? Results.Ok(new RunDifferenceResponse(
                    RunResponse.Of(run), words, method, RunGroupResponse.Of(difference.Total), difference.MeasuredBefore, difference.MeasuredAfter,
                    [.. difference.Groups.Select(RunGroupResponse.Of)], [], null))
                : NoDifference();
        }
        catch (InvalidCursorException invalid)
        {
            return Problem(invalid.Message);
        }
    }

    private static async Task<IResult> DecideAsync(Guid id, Task<RunOutcomeOf> decision) => await decision switch
    {
        RunOutcomeOf.Done done => Results.Ok(RunResponse.Of(done.Run)),
        RunOutcomeOf.Moved => Results.Problem(
            statusCode: 409, title: "The figures have moved",
            detail: "Entries, factors or preferences that this run rests on have changed since. Its difference is being worked out anew; look at it again, then decide."),
        RunOutcomeOf.Refused refused => Results.Problem(statusCode: 409, title: "This cannot be done now", detail: refused.Reason),
        RunOutcomeOf.Invalid invalid => Problem(invalid.Reason),
        _ => NoRun(id),
    };

    private static async Task<IResult> StateAsync(long? number, DateTimeOffset? at, bool? hash, RunQueries queries, CancellationToken cancellationToken) => number < 0
        ? Problem("A ledger number is zero or more.")
        : Results.Ok(LedgerStateResponse.Of(await queries.FindStateAsync(number, at?.ToUniversalTime(), hash == true, cancellationToken)));

    private static IResult Limit() => Problem(string.Create(CultureInfo.InvariantCulture, $"limit is from 1 to {MostRows}."));

    private static IResult Problem(string detail) => Results.Problem(statusCode: 422, title: "The request cannot be answered", detail: detail);

    internal static IResult NoDifference() => Results.Problem(
        statusCode: 409, title: "There is no difference yet", detail: "The run is still being worked out, or it ended before that. GET /api/v1/calculation-runs/{id} says which.");

    internal static IResult NoRun(Guid id) => Results.Problem(
        statusCode: 404, title: "No such run", detail: $"Your organization has no calculation run {id}. GET /api/v1/calculation-runs lists those there are.");
}
