using OffGridFlow.Core.Assurance;
using OffGridFlow.Core.Calculation;
using OffGridFlow.Core.Identity;
using OffGridFlow.Infrastructure.Assurance;
using OffGridFlow.Infrastructure.Organizations;
using OffGridFlow.Infrastructure.Reports.Excel;
using OffGridFlow.Web.Features.Identity;
using OffGridFlow.Web.Features.Organizations;
using OffGridFlow.Web.Shared;

namespace OffGridFlow.Web.Features.Assurance;

/// <summary>An auditor's papers over HTTP: materiality, samples, findings, and what is not corrected.</summary>
internal static class AssuranceEndpoints
{
    private const string Samples = "assurance/samples", Findings = "assurance/findings", Periods = "reporting-periods";

    public static void MapAssurance(this RouteGroupBuilder api)
    {
        var group = api.MapGroup("/assurance").WithTags("Assurance");
        MapPeriods(group);
        MapSamples(group);
        MapFindings(group);
    }

    public static void MapAssurancePages(this WebApplication app)
    {
        app.MapGet("/app/assurance/papers", PapersAsync).RequireAuthorization(Permissions.AssuranceRead).ExcludeFromDescription();
        app.MapGet("/app/assurance/samples/{id:guid}/pack", PackAsync).RequireAuthorization(Permissions.AssuranceRead).ExcludeFromDescription();
        app.MapGet("/app/assurance/samples/{id:guid}/workbook", WorkbookAsync).RequireAuthorization(Permissions.AssuranceRead).ExcludeFromDescription();
    }

    private static void MapPeriods(RouteGroupBuilder group)
    {
        group.MapGet("/summary", async (Guid? period, string? view, AssuranceStanding standing, CancellationToken cancellationToken) =>
            {
                var faults = new List<FieldFault>();
                var seen = EditAnswers.Word(view, "view", Scope2Method.Location, faults);
                var state = await standing.SummarizeAsync(period ?? Guid.Empty, seen, cancellationToken);
                return state is null ? EditAnswers.NotFound(Periods, period ?? Guid.Empty) : faults.Count > 0 ? Refused<StandingState>(faults) : Results.Ok(MisstatementSummaryResponse.Of(state));
            })
            .RequireApiPermission(Permissions.AssuranceRead).WithSummary("What is not corrected in a period (period, view=location|market), against materiality; no opinion")
            .Produces<MisstatementSummaryResponse>().ProducesProblem(404).ProducesProblem(422);
        group.MapGet("/materiality", async (Guid? period, AssuranceStanding standing, CancellationToken cancellationToken) =>
                await standing.FindMaterialityAsync(period ?? Guid.Empty, Scope2Method.Location, cancellationToken) is { } state
                    ? Results.Ok(MaterialityResponse.Of(state.Period.Id, state.Current, state.TotalKg)) : EditAnswers.NotFound(Periods, period ?? Guid.Empty))
            .RequireApiPermission(Permissions.AssuranceRead).WithSummary("Materiality of a period (period), and its location-based total today").Produces<MaterialityResponse>().ProducesProblem(404);
        group.MapPut("/materiality", async (MaterialityRequest request, AssuranceStanding standing, CancellationToken cancellationToken) =>
            {
                var faults = new List<FieldFault>();
                var input = new MaterialityInput
                {
                    Basis = EditAnswers.Word(request.Basis, "basis", MaterialityBasis.Percent, faults), View = EditAnswers.Word(request.View, "view", Scope2Method.Location, faults),
                    Percent = request.Percent ?? AssuranceMateriality.UsualPercent, MaterialityKg = request.MaterialityKg,
                    PerformancePercent = request.PerformancePercent ?? AssuranceMateriality.UsualPerformancePercent, TrivialPercent = request.TrivialPercent ?? AssuranceMateriality.UsualTrivialPercent,
                    Reason = request.Reason,
                };
                var id = request.PeriodId ?? Guid.Empty;
                // Nothing has the version −1: a request that is not understood learns only whether the period is there.
                var edit = await standing.SetAsync(id, faults.Count > 0 ? -1 : request.Version ?? 0, input, cancellationToken);
                return Answer(Periods, id, edit, faults, set => MaterialityResponse.Of(id, set, set.BaseKg));
            })
            .RequireApiPermission(Permissions.AssuranceWrite).WithSummary("Set materiality, with a reason; what was set before stays in the history").Produces<MaterialityResponse>()
            .ProducesProblem(404).ProducesProblem(412).ProducesProblem(422);
        group.MapGet("/papers", PapersAsync).RequireApiPermission(Permissions.AssuranceRead).WithSummary("All papers of a period (period) as tables in a ZIP")
            .Produces<Stream>(200, FileDownload.Zip).ProducesProblem(404);
    }

    private static void MapSamples(RouteGroupBuilder group)
    {
        group.MapGet("/samples", async (Guid? period, AuditSamples samples, CancellationToken cancellationToken) =>
                await samples.ListAsync(period ?? Guid.Empty, cancellationToken) is { } rows
                    ? Results.Ok(new SampleListResponse([.. rows.Select(row => new SampleListItem(SampleResponse.Of(row.Sample), row.Checked, row.Differences))]))
                    : EditAnswers.NotFound(Periods, period ?? Guid.Empty))
            .RequireApiPermission(Permissions.AssuranceRead).WithSummary("Samples of a period (period), the latest first").Produces<SampleListResponse>().ProducesProblem(404);
        group.MapPost("/samples", async (SampleRequest request, AuditSamples samples, CancellationToken cancellationToken) =>
            {
                var faults = new List<FieldFault>();
                var input = new SampleInput
                {
                    Method = EditAnswers.Word(request.Method, "method", SampleMethod.MonetaryUnit, faults), View = EditAnswers.Word(request.View, "view", Scope2Method.Location, faults),
                    Seed = request.Seed, Scope = request.Scope, Category = request.Category, SiteId = request.SiteId, Activity = request.Activity, Count = request.Count,
                    ConfidencePercent = request.ConfidencePercent, TolerableKg = request.TolerableKg, ExpectedKg = request.ExpectedKg, Purpose = request.Purpose,
                    Misread = faults,
                };
                var id = request.PeriodId ?? Guid.Empty;
                var edit = await samples.DrawAsync(id, input, cancellationToken);
                return edit is Edit<AuditSample>.Done { Item: var drawn } ? Results.Created($"/api/v1/{Samples}/{drawn.Id}", SampleResponse.Of(drawn)) : EditAnswers.Refused(Periods, id, edit);
            })
            .RequireApiPermission(Permissions.AssuranceWrite).WithSummary("Draw results of a period from the ledger as it stands").Produces<SampleResponse>(201).ProducesProblem(404).ProducesProblem(422);
        group.MapGet("/samples/{id:guid}", async (Guid id, AuditSamples samples, CancellationToken cancellationToken) =>
                await samples.FindAsync(id, cancellationToken) is { } detail ? Results.Ok(SampleDetailResponse.Of(detail)) : EditAnswers.NotFound(Samples, id))
            .RequireApiPermission(Permissions.AssuranceRead).WithSummary("A sample with its items, what was found, and what it projects").Produces<SampleDetailResponse>().ProducesProblem(404);
        group.MapPut("/samples/{id:guid}/items", async (Guid id, ItemCheckRequest request, AuditSamples samples, CancellationToken cancellationToken) =>
            {
                var faults = new List<FieldFault>();
                var input = new ItemCheckInput
                {
                    Outcome = EditAnswers.Word(request.Outcome, "outcome", CheckOutcome.Agreed, faults, isRequired: true), AuditedKg = request.AuditedKg, Note = request.Note,
                    DocumentSeen = request.DocumentSeen,
                };
                var edit = await samples.CheckAsync(id, request.Number ?? 0, faults.Count > 0 ? -1 : request.Version ?? 0, input, cancellationToken);
                return Answer(Samples, id, edit, faults, ItemCheckResponse.Of);
            })
            .RequireApiPermission(Permissions.AssuranceWrite).WithSummary("Write what was found of an item; the former judgment stays in the history").Produces<ItemCheckResponse>()
            .ProducesProblem(404).ProducesProblem(409).ProducesProblem(412).ProducesProblem(422);
        group.MapPost("/samples/{id:guid}/set-aside", async (Guid id, SetAsideRequest? request, AuditSamples samples, CancellationToken cancellationToken) =>
                Answer(Samples, id, await samples.SetAsideAsync(id, request?.Reason, cancellationToken), [], SampleResponse.Of))
            .RequireApiPermission(Permissions.AssuranceWrite).WithSummary("Let a sample count no more, with a reason; it stays to be seen").Produces<SampleResponse>()
            .ProducesProblem(404).ProducesProblem(409).ProducesProblem(422);
        group.MapGet("/samples/{id:guid}/redraw", async (Guid id, AuditSamples samples, CancellationToken cancellationToken) => await samples.RedrawAsync(id, cancellationToken) is { } redraw
                ? Results.Ok(new RedrawResponse(
                    redraw.SamePopulation, redraw.SameItems, redraw.PopulationHash, redraw.Since.Sequence, redraw.Since.Ended, redraw.Since.EndedKg, redraw.Since.Begun, redraw.Since.BegunKg))
                : EditAnswers.NotFound(Samples, id))
            .RequireApiPermission(Permissions.AssuranceRead).WithSummary("Draw a sample again from the state of the ledger that it was drawn from, and say what has moved since")
            .Produces<RedrawResponse>().ProducesProblem(404);
        group.MapGet("/samples/{id:guid}/pack", PackAsync).RequireApiPermission(Permissions.AssuranceRead)
            .WithSummary("A sample with its whole population, and a script that draws it again without OffGridFlow, as a ZIP").Produces<Stream>(200, FileDownload.Zip).ProducesProblem(404);
        group.MapGet("/samples/{id:guid}/workbook", WorkbookAsync).RequireApiPermission(Permissions.AssuranceRead).WithSummary("A sample with what was found, as an Excel workbook")
            .Produces<Stream>(200, ExcelWriter.MediaType).ProducesProblem(404);
    }

    private static void MapFindings(RouteGroupBuilder group)
    {
        group.MapGet("/findings", async (Guid? period, AuditFindings findings, CancellationToken cancellationToken) =>
                await findings.ListAsync(period ?? Guid.Empty, cancellationToken) is { } rows
                    ? Results.Ok(new FindingListResponse([.. rows.Select(row => FindingResponse.Of(row.Finding, row.Latest))])) : EditAnswers.NotFound(Periods, period ?? Guid.Empty))
            .RequireApiPermission(Permissions.AssuranceRead).WithSummary("Findings of a period (period), by number").Produces<FindingListResponse>().ProducesProblem(404);
        group.MapPost("/findings", async (FindingRequest request, AuditFindings findings, CancellationToken cancellationToken) =>
            {
                var id = request.PeriodId ?? Guid.Empty;
                var edit = await findings.RecordAsync(id, ToInput(request), cancellationToken);
                return edit is Edit<FindingVersion>.Done { Item: var made } ? Results.Created($"/api/v1/{Findings}/{made.FindingId}", new FindingStepResponse(made.FindingId, made.Version, made.Status))
                    : EditAnswers.Refused(Periods, id, edit);
            })
            .RequireApiPermission(Permissions.AssuranceWrite).WithSummary("Record a finding").Produces<FindingStepResponse>(201).ProducesProblem(404).ProducesProblem(422);
        group.MapGet("/findings/{id:guid}", async (Guid id, AuditFindings findings, CancellationToken cancellationToken) => await findings.FindAsync(id, cancellationToken) is { } detail
                ? Results.Ok(new FindingDetailResponse(FindingResponse.Of(detail.Finding, detail.Latest), [.. detail.Versions.Select(version => FindingResponse.Of(detail.Finding, version))]))
                : EditAnswers.NotFound(Findings, id))
            .RequireApiPermission(Permissions.AssuranceRead).WithSummary("A finding with all its versions").Produces<FindingDetailResponse>().ProducesProblem(404);
        group.MapPut("/findings/{id:guid}", async (Guid id, FindingRequest request, AuditFindings findings, CancellationToken cancellationToken) =>
                Step(id, await findings.ChangeAsync(id, request.Version ?? 0, ToInput(request), cancellationToken), []))
            .RequireApiPermission(Permissions.AssuranceWrite).WithSummary("Change an open finding; what is left out becomes empty, and what it said stays in the history")
            .Produces<FindingStepResponse>().ProducesProblem(404).ProducesProblem(409).ProducesProblem(412).ProducesProblem(422);
        group.MapPost("/findings/{id:guid}/answer", async (Guid id, FindingAnswerRequest? request, AuditFindings findings, CancellationToken cancellationToken) =>
                Step(id, await findings.AnswerAsync(id, request?.Version ?? 0, request?.Answer, cancellationToken), []))
            .RequireApiPermission(Permissions.ActivityDataWrite).WithSummary("Answer a finding for the organization").Produces<FindingStepResponse>()
            .ProducesProblem(404).ProducesProblem(409).ProducesProblem(412).ProducesProblem(422);
        group.MapPost("/findings/{id:guid}/close", async (Guid id, FindingClosingRequest? request, AuditFindings findings, CancellationToken cancellationToken) =>
            {
                var faults = new List<FieldFault>();
                var closing = new FindingClosing
                {
                    Status = EditAnswers.Word(request?.Status, "status", FindingStatus.Corrected, faults, isRequired: true), CorrectedBy = request?.CorrectedBy, Note = request?.Note,
                };
                return Step(id, await findings.CloseAsync(id, faults.Count > 0 ? -1 : request?.Version ?? 0, closing, cancellationToken), faults);
            })
            .RequireApiPermission(Permissions.AssuranceWrite).WithSummary("Close a finding as corrected (by an entry’s version, a run or another reference), uncorrected or withdrawn; or open it again")
            .Produces<FindingStepResponse>().ProducesProblem(404).ProducesProblem(409).ProducesProblem(412).ProducesProblem(422);
        group.MapPost("/findings/{id:guid}/comments", async (Guid id, FindingCommentRequest? request, AuditFindings findings, CancellationToken cancellationToken) =>
                Step(id, await findings.CommentAsync(id, request?.Text, cancellationToken), []))
            .RequireApiPermission(Permissions.AssuranceRead).WithSummary("Comment on a finding").Produces<FindingStepResponse>().ProducesProblem(404).ProducesProblem(422);
    }

    private static async Task<IResult> PapersAsync(Guid? period, HttpContext context, AssuranceSender sender, CancellationToken cancellationToken) =>
        await sender.SendPapersAsync(context, period ?? Guid.Empty, cancellationToken) ?? EditAnswers.NotFound(Periods, period ?? Guid.Empty);

    private static async Task<IResult> PackAsync(Guid id, HttpContext context, AssuranceSender sender, CancellationToken cancellationToken) =>
        await sender.SendPackAsync(context, id, cancellationToken) ?? EditAnswers.NotFound(Samples, id);

    private static async Task<IResult> WorkbookAsync(Guid id, HttpContext context, AssuranceSender sender, CancellationToken cancellationToken) =>
        await sender.SendWorkbookAsync(context, id, cancellationToken) ?? EditAnswers.NotFound(Samples, id);

    private static FindingInput ToInput(FindingRequest request)
    {
        var faults = new List<FieldFault>();
        return new FindingInput
        {
            Kind = EditAnswers.Word(request.Kind, "kind", FindingKind.FactualMisstatement, faults, isRequired: true), Title = request.Title, Observation = request.Observation,
            Criterion = request.Criterion, Cause = request.Cause, EffectKg = request.EffectKg, NotQuantified = request.NotQuantified, Scope = request.Scope,
            View = string.IsNullOrEmpty(request.View) ? null : EditAnswers.Word(request.View, "view", Scope2Method.Location, faults), ResultId = request.ResultId, EntryId = request.EntryId,
            AssignedTo = request.AssignedTo, Misread = faults,
        };
    }

    private static IResult Step(Guid id, Edit<FindingVersion> edit, List<FieldFault> faults) =>
        Answer(Findings, id, edit, faults, version => new FindingStepResponse(id, version.Version, version.Status));

    /// <param name="faults">Words that were not understood: they are told once it is clear that the thing is there.</param>
    private static IResult Answer<T>(string path, Guid id, Edit<T> edit, List<FieldFault> faults, Func<T, object> body) => edit switch
    {
        Edit<T>.Done done => Results.Ok(body(done.Item)),
        not Edit<T>.Gone when faults.Count > 0 => Refused<T>(faults),
        _ => EditAnswers.Refused(path, id, edit),
    };

    private static IResult Refused<T>(List<FieldFault> faults) => EditAnswers.Refused("", Guid.Empty, new Edit<T>.Refused(faults));
}

/// <summary>A finding after a step.</summary>
public sealed record FindingStepResponse(Guid Id, int Version, FindingStatus Status);
