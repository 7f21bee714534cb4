using OffGridFlow.Core.ActivityData;
using OffGridFlow.Core.Identity;
using OffGridFlow.Infrastructure.ActivityData;
using OffGridFlow.Infrastructure.Organizations;
using OffGridFlow.Web.Features.Identity;
using OffGridFlow.Web.Features.Organizations;

namespace OffGridFlow.Web.Features.ActivityData;

/// <summary>A source of the collection plan; both days count, months are numbers from 1, empty for all of the year.</summary>
public sealed record PlannedSourceResponse(
    Guid Id, Guid SiteId, string ActivityType, CollectionFrequency Frequency, IReadOnlyList<int> Months, DateOnly FirstDay, DateOnly? LastDay, int DueDays, string? Owner, string? Note,
    int Version);

public sealed record PlannedSourceListResponse(IReadOnlyList<PlannedSourceResponse> Items);

/// <param name="Frequency"><c>monthly</c> when it is left out.</param>
public sealed record PlannedSourceRequest(
    Guid? SiteId, string? ActivityType, string? Frequency, IReadOnlyList<int>? Months, DateOnly? FirstDay, DateOnly? LastDay, int? DueDays, string? Owner, string? Note)
{
    /// <param name="faults">Takes the words that are none of the API's.</param>
    public PlannedSourceInput ToInput(List<FieldFault> faults) => new()
    {
        SiteId = SiteId, ActivityType = ActivityType, Frequency = EditAnswers.Word(Frequency, "frequency", CollectionFrequency.Monthly, faults), Months = Months ?? [],
        FirstDay = FirstDay, LastDay = LastDay, DueDays = DueDays, Owner = Owner, Note = Note,
    };
}

public sealed record GapResponse(DateOnly From, DateOnly To);

/// <summary><c>missingKgCo2e</c>: what the gaps may come to at the last comparable days; null where nothing is missing or nothing can be compared.</summary>
public sealed record CompletenessMonthResponse(string Month, CompletenessState State, int ExpectedDays, int CoveredDays, DateOnly? Due, IReadOnlyList<GapResponse> Gaps, decimal? MissingKgCo2e);

public sealed record CompletenessSourceResponse(Guid SourceId, Guid SiteId, string Site, string ActivityType, string ActivityTypeName, IReadOnlyList<CompletenessMonthResponse> Months);

/// <summary><c>missingKgCo2e</c> is in no total; <c>missingWithoutValue</c> counts the missing months to which nothing can be compared.</summary>
public sealed record CompletenessResponse(int Expected, int Missing, int MissingWithoutValue, decimal MissingKgCo2e, IReadOnlyList<CompletenessSourceResponse> Sources);

/// <summary>A way to estimate: <c>quantity</c> = <c>basisQuantity</c> × days ÷ <c>basisDays</c>.</summary>
public sealed record GapProposalResponse(GapMethod Method, decimal Quantity, int Days, decimal BasisQuantity, int BasisDays, DateOnly BasisFrom, DateOnly BasisTo);

public sealed record GapEstimatesResponse(string Unit, IReadOnlyList<GapProposalResponse> Proposals);

/// <param name="Method"><c>sameDaysLastYear</c>, <c>neighbors</c> or <c>lastTwelveMonths</c>.</param>
public sealed record GapFillRequest(DateOnly? From, DateOnly? To, string? Method);

public sealed record GapFillResponse(Guid ActivityId, decimal Quantity, string Unit);

internal static class CompletenessEndpoints
{
    private const string Path = "collection-plan";

    public static void MapCompleteness(this RouteGroupBuilder api)
    {
        var plan = api.MapGroup("/" + Path).WithTags("Data collection");
        plan.MapGet("/", async (CollectionPlan service, CancellationToken cancellationToken) =>
                new PlannedSourceListResponse([.. (await service.ListAsync(cancellationToken)).Select(ToResponse)]))
            .RequireApiPermission(Permissions.ActivityDataRead).WithSummary("Sources of activity data that are expected");
        plan.MapGet("/{id:guid}", async (Guid id, CollectionPlan service, HttpResponse response, CancellationToken cancellationToken) =>
                await service.FindAsync(id, cancellationToken) is { } row ? EditAnswers.Found(response, row, ToResponse(row)) : EditAnswers.NotFound(Path, id))
            .RequireApiPermission(Permissions.ActivityDataRead).WithSummary("One source; the ETag is what a change sends back as If-Match").Produces<PlannedSourceResponse>().ProducesProblem(404);
        plan.MapPost("/", async (PlannedSourceRequest request, CollectionPlan service, HttpResponse response, CancellationToken cancellationToken) =>
            {
                var faults = new List<FieldFault>();
                var input = request.ToInput(faults);
                return EditAnswers.Created(response, Path, faults.Count > 0 ? new Edit<PlannedSource>.Refused(faults) : await service.CreateAsync(input, cancellationToken), ToResponse);
            })
            .RequireApiPermission(Permissions.ActivityDataWrite).WithSummary("Expect a source").Produces<PlannedSourceResponse>(201).ProducesProblem(422);
        plan.MapPut("/{id:guid}", async (Guid id, PlannedSourceRequest request, CollectionPlan service, HttpContext context, CancellationToken cancellationToken) =>
            {
                var faults = new List<FieldFault>();
                var input = request.ToInput(faults);
                return await service.FindAsync(id, cancellationToken) is null ? EditAnswers.NotFound(Path, id)
                    : EditAnswers.VersionOf(context.Request) is { } version
                        ? EditAnswers.Changed(
                            context.Response, Path, id, faults.Count > 0 ? new Edit<PlannedSource>.Refused(faults) : await service.ChangeAsync(id, version, input, cancellationToken), ToResponse)
                        : EditAnswers.NoVersion(Path);
            })
            .RequireApiPermission(Permissions.ActivityDataWrite).WithSummary("Change what is expected of a source; what is left out becomes empty")
            .Produces<PlannedSourceResponse>().ProducesProblem(404).ProducesProblem(412).ProducesProblem(422).ProducesProblem(428);
        plan.MapDelete("/{id:guid}", (Guid id, CollectionPlan service, HttpContext context, CancellationToken cancellationToken) =>
                EditAnswers.RemovedAsync(context.Request, Path, id, version => service.RemoveAsync(id, version, cancellationToken)))
            .RequireApiPermission(Permissions.ActivityDataWrite).WithSummary("Expect a source no longer").Produces(204).ProducesProblem(404).ProducesProblem(412).ProducesProblem(428);

        var completeness = api.MapGroup("/completeness").WithTags("Data collection");
        completeness.MapGet("/", LoadAsync).RequireApiPermission(Permissions.ActivityDataRead)
            .WithSummary("What the collection plan expects and what is there, by source and month; from and to are days").Produces<CompletenessResponse>().ProducesProblem(422);
        completeness.MapGet("/{id:guid}/estimates", async (Guid id, DateOnly? from, DateOnly? to, CollectionPlan sources, CompletenessService service, CancellationToken cancellationToken) =>
                await sources.FindAsync(id, cancellationToken) is null ? EditAnswers.NotFound(Path, id)
                : from is not { } first || to is not { } last || last < first || last.DayNumber - first.DayNumber > 365 ? NoDays()
                : await service.EstimateAsync(id, new Gap(first, last), cancellationToken) is { } estimates
                    ? Results.Ok(new GapEstimatesResponse(estimates.Unit, [.. estimates.Proposals.Select(row => new GapProposalResponse(
                        row.Method, row.Quantity, row.Days, row.BasisQuantity, row.BasisDays, row.BasisFrom, row.BasisTo))]))
                    : EditAnswers.NotFound(Path, id))
            .RequireApiPermission(Permissions.ActivityDataRead).WithSummary("What days without data may come to").Produces<GapEstimatesResponse>().ProducesProblem(404).ProducesProblem(422);
        completeness.MapPost("/{id:guid}/fill", FillAsync).RequireApiPermission(Permissions.ActivityDataWrite)
            .WithSummary("Fill days without data with an estimate, which is an entry of its own").Produces<GapFillResponse>(201).ProducesProblem(404).ProducesProblem(409).ProducesProblem(422);
    }

    private static async Task<IResult> LoadAsync(DateOnly? from, DateOnly? to, CompletenessService service, CancellationToken cancellationToken)
    {
        if (from is not { } first || to is not { } last || last < first || first.AddMonths(36) <= last)
        {
            return Results.Problem(statusCode: 422, title: "No such period", detail: "Send from and to as days, yyyy-MM-dd, of at most 36 months.");
        }

        var table = await service.LoadAsync(first, last, cancellationToken);
        return Results.Ok(new CompletenessResponse(table.Expected, table.Missing, table.MissingWithoutValue, table.MissingKgCo2e, [.. table.Rows.Select(row => new CompletenessSourceResponse(
            row.Source.Id, row.Source.SiteId, row.Site, row.Source.ActivityType, row.TypeName, [.. row.Cells.Select(cell => new CompletenessMonthResponse(
                cell.Month.Month.ToString("yyyy-MM", System.Globalization.CultureInfo.InvariantCulture), cell.Month.State, cell.Month.Expected, cell.Month.Covered, cell.Month.Due,
                [.. cell.Month.Gaps.Select(gap => new GapResponse(gap.From, gap.To))], cell.MissingKgCo2e))]))]));
    }

    private static async Task<IResult> FillAsync(Guid id, GapFillRequest request, CompletenessService service, CancellationToken cancellationToken)
    {
        if (!await service.IsPlannedAsync(id, cancellationToken))
        {
            return EditAnswers.NotFound(Path, id);
        }

        var faults = new List<FieldFault>();
        var method = EditAnswers.Word(request.Method, "method", GapMethod.SameDaysLastYear, faults, isRequired: true);
        if (faults.Count > 0)
        {
            return Results.Problem(statusCode: 422, title: "Nothing was changed", detail: faults[0].Message);
        }

        if (request is not { From: { } from, To: { } to } || to < from || to.DayNumber - from.DayNumber > 365)
        {
            return NoDays();
        }

        return await service.FillAsync(id, new Gap(from, to), method, cancellationToken) switch
        {
            GapFilled.Done done => Results.Created($"/api/v1/activities/{done.EntryId}", new GapFillResponse(done.EntryId, done.Quantity, done.Unit)),
            GapFilled.Refused refused => Results.Problem(statusCode: 409, title: "Nothing was changed", detail: refused.Reason),
            _ => EditAnswers.NotFound(Path, id),
        };
    }

    private static IResult NoDays() =>
        Results.Problem(statusCode: 422, title: "No such days", detail: "Send from and to as days, yyyy-MM-dd: the first and the last day without data, at most a year.");

    private static PlannedSourceResponse ToResponse(PlannedSource row) => new(
        row.Id, row.SiteId, row.ActivityType, row.Frequency, row.Months, row.FirstDay, row.LastDay, row.DueDays, row.Owner, row.Note, row.Version);
}
