using OffGridFlow.Core.Calculation;
using OffGridFlow.Core.Identity;
using OffGridFlow.Core.Organizations;
using OffGridFlow.Core.Targets;
using OffGridFlow.Infrastructure.Organizations;
using OffGridFlow.Infrastructure.Targets;
using OffGridFlow.Web.Features.Identity;
using OffGridFlow.Web.Features.Organizations;

namespace OffGridFlow.Web.Features.Targets;

public sealed record BaseYearPolicyResponse(
    int Version, Guid PeriodId, ConsolidationApproach Approach, decimal Threshold, SignificanceGrouping Grouping, bool OnStructural, bool OnMethod, bool OnError, string? Reason, string Author,
    DateTimeOffset At, string? ApprovedBy, DateTimeOffset? ApprovedAt);

/// <summary>kg CO2e that count, by scope, category and view of Scope 2 (null for all but Scope 2).</summary>
public sealed record BaseYearFigureResponse(int Scope, int? Category, Scope2Method? Scope2Method, decimal KgCo2e);

public sealed record BaseYearDecisionResponse(
    int Number, BaseYearChoice Choice, string? Reason, long Sequence, DateOnly StructureDay, IReadOnlyList<BaseYearChange> Changes, ScopeKilograms FiguresKg, string Author,
    DateTimeOffset At, string? ApprovedBy, DateTimeOffset? ApprovedAt);

/// <summary>kg CO2e by scope: as reported (null where nothing was locked or filed), as the ledger stands, and with the group as it is now.</summary>
public sealed record ComparativeResponse(
    Guid PeriodId, string Period, DateOnly FirstDay, DateOnly LastDay, ScopeKilograms? ReportedKg, ScopeKilograms RestatedKg, ScopeKilograms ProFormaKg, long ResultsWithoutFigure);

/// <param name="Policy">What was written last, approved or not; null: nothing yet.</param>
/// <param name="InForce">The latest that is approved; null: none.</param>
/// <param name="Figures">The base year's figures that stand; null without a policy in force.</param>
public sealed record BaseYearResponse(
    BaseYearPolicyResponse? Policy, BaseYearPolicyResponse? InForce, IReadOnlyList<BaseYearFigureResponse>? Figures, IReadOnlyList<BaseYearDecisionResponse> Decisions,
    IReadOnlyList<ComparativeResponse> Comparatives);

/// <param name="Changes">They lead from the standing figures to <paramref name="RecalculatedKg"/> to the last digit.</param>
/// <param name="Sequence">Send it back with a decision.</param>
/// <param name="NoBaseYearData">Entities that joined and have no data of the base year.</param>
public sealed record BaseYearEffectsResponse(
    int PolicyVersion, long Sequence, DateOnly StructureDay, ScopeKilograms StandingKg, ScopeKilograms RecalculatedKg, IReadOnlyList<BaseYearChange> Changes, BaseYearChange? Proposed,
    IReadOnlyList<SignificanceGroup> Groups, bool IsSignificant, bool NeedsDecision, IReadOnlyList<SignificanceGroup>? GroupsWithProposed, IReadOnlyList<string> NoBaseYearData);

/// <param name="Version">The one that was seen; 0 where there was none.</param>
public sealed record BaseYearPolicyRequest(
    Guid? PeriodId, string? Approach, decimal? Threshold, string? Grouping, bool? OnStructural, bool? OnMethod, bool? OnError, string? Reason, int? Version)
{
    /// <param name="faults">Takes the words that are none of the API's.</param>
    public BaseYearPolicyInput ToInput(List<FieldFault> faults) => new()
    {
        PeriodId = PeriodId, Approach = EditAnswers.Word(Approach, "approach", ConsolidationApproach.OperationalControl, faults), Threshold = Threshold ?? BaseYearPolicy.DefaultThreshold,
        Grouping = EditAnswers.Word(Grouping, "grouping", SignificanceGrouping.Total, faults), OnStructural = OnStructural ?? true, OnMethod = OnMethod ?? true, OnError = OnError ?? true,
        Reason = Reason,
    };
}

public sealed record BaseYearApprovalRequest(int? Version);

/// <param name="Choice"><c>recalculated</c> or <c>kept</c>.</param>
/// <param name="Sequence">Of the effects that were seen.</param>
public sealed record BaseYearDecisionRequest(string? Choice, string? Reason, long? Sequence);

public sealed record BaseYearDecisionApprovalRequest(int? Number);

internal static class BaseYearEndpoints
{
    private const string Path = "base-year";

    public static void MapBaseYear(this RouteGroupBuilder api)
    {
        var group = api.MapGroup("/" + Path).WithTags("Targets");
        group.MapGet("/", async (BaseYearService service, CancellationToken cancellationToken) => Results.Ok(ToResponse(await service.ReadAsync(cancellationToken))))
            .RequireApiPermission(Permissions.DashboardsRead).WithSummary("Base-year policy, the figures that stand, decisions, and past periods as reported and as restated").Produces<BaseYearResponse>();
        group.MapPut("/", async (BaseYearPolicyRequest request, BaseYearService service, CancellationToken cancellationToken) =>
            {
                var faults = new List<FieldFault>();
                var input = request.ToInput(faults);
                return faults.Count > 0 ? EditAnswers.Refused<BaseYearPolicy>(Path, Guid.Empty, new Edit<BaseYearPolicy>.Refused(faults))
                    : Answer(await service.SaveAsync(request.Version ?? 0, input, cancellationToken));
            })
            .RequireApiPermission(Permissions.CalculationsPropose).WithSummary("Write another version of the policy; it is in force once it is approved").Produces<BaseYearPolicyResponse>()
            .ProducesProblem(412).ProducesProblem(422);
        group.MapPost("/approve", async (BaseYearApprovalRequest request, BaseYearService service, CancellationToken cancellationToken) =>
                Answer(await service.ApproveAsync(request.Version ?? 0, cancellationToken)))
            .RequireApiPermission(Permissions.CalculationsApprove).WithSummary("Agree with the policy; where the organization asks for a second person, not with one's own")
            .Produces<BaseYearPolicyResponse>().ProducesProblem(409).ProducesProblem(412);
        group.MapGet("/effects", EffectsAsync).RequireApiPermission(Permissions.DashboardsRead)
            .WithSummary("What has changed for the base year since its figures were set, by kind, against the threshold; runId adds a proposed run").Produces<BaseYearEffectsResponse>()
            .ProducesProblem(404).ProducesProblem(409);
        group.MapPost("/decisions", async (BaseYearDecisionRequest request, BaseYearService service, CancellationToken cancellationToken) =>
            {
                var faults = new List<FieldFault>();
                var choice = EditAnswers.Word(request.Choice, "choice", BaseYearChoice.Set, faults, isRequired: true);
                return faults.Count > 0 ? EditAnswers.Refused<BaseYearDecision>(Path, Guid.Empty, new Edit<BaseYearDecision>.Refused(faults))
                    : Answer(await service.DecideAsync(request.Sequence ?? -1, choice, request.Reason, cancellationToken));
            })
            .RequireApiPermission(Permissions.CalculationsPropose).WithSummary("Decide whether the base year is recalculated or kept; it counts once it is approved")
            .Produces<BaseYearDecisionResponse>().ProducesProblem(409).ProducesProblem(412).ProducesProblem(422);
        group.MapPost("/decisions/approve", async (BaseYearDecisionApprovalRequest request, BaseYearService service, CancellationToken cancellationToken) =>
                Answer(await service.ApproveDecisionAsync(request.Number ?? 0, cancellationToken)))
            .RequireApiPermission(Permissions.CalculationsApprove).WithSummary("Agree with a decision; where the organization asks for a second person, not with one's own")
            .Produces<BaseYearDecisionResponse>().ProducesProblem(404).ProducesProblem(409);
    }

    private static async Task<IResult> EffectsAsync(Guid? runId, BaseYearService service, CancellationToken cancellationToken)
    {
        var effects = await service.FindEffectsAsync(runId, cancellationToken);
        if (effects is null)
        {
            return Results.Problem(statusCode: 409, title: "No base year", detail: "No base-year policy is approved yet. Write one with PUT /api/v1/base-year, and let a second person approve it.");
        }

        return runId is { } run && effects.Proposed is null
            ? Results.Problem(statusCode: 404, title: "Not found", detail: $"Your organization has no proposed run {run}. GET /api/v1/calculation-runs lists what there is.")
            : Results.Ok(ToResponse(effects));
    }

    private static IResult Answer(Edit<BaseYearPolicy> edit) =>
        edit is Edit<BaseYearPolicy>.Done done ? Results.Ok(ToResponse(done.Item)) : EditAnswers.Refused(Path, Guid.Empty, edit);

    private static IResult Answer(Edit<BaseYearDecision> edit) => edit switch
    {
        Edit<BaseYearDecision>.Done done => Results.Ok(ToResponse(done.Item)),
        Edit<BaseYearDecision>.Gone => Results.Problem(statusCode: 404, title: "Not found", detail: "Your organization has no decision of this number. GET /api/v1/base-year lists them."),
        _ => EditAnswers.Refused(Path, Guid.Empty, edit),
    };

    private static BaseYearResponse ToResponse(BaseYearView view) => new(
        view.Policy is { } latest ? ToResponse(latest) : null, view.Effects is { } effects ? ToResponse(effects.Policy) : null,
        view.Effects is null ? null : [.. Together(view.Effects.Standing.Figures)],
        [.. view.Decisions.GroupBy(decision => decision.Number).Select(versions => ToResponse(versions.First()))],
        [.. view.Comparatives.Select(row => new ComparativeResponse(
            row.Period.Id, row.Period.Name, row.Period.FirstDay, row.Period.LastDay, row.Reported, row.Restated, row.ProForma, row.Missing))]);

    private static IEnumerable<BaseYearFigureResponse> Together(IEnumerable<BaseYearFigure> figures) => figures
        .GroupBy(figure => (figure.Scope, figure.Category, figure.Method)).OrderBy(group => group.Key.Scope).ThenBy(group => group.Key.Category).ThenBy(group => group.Key.Method)
        .Select(group => new BaseYearFigureResponse(group.Key.Scope, group.Key.Category == 0 ? null : group.Key.Category, group.Key.Method, group.Sum(figure => figure.KgCo2e)));

    private static BaseYearPolicyResponse ToResponse(BaseYearPolicy policy) => new(
        policy.Version, policy.PeriodId, policy.Approach, policy.Threshold, policy.Grouping, policy.OnStructural, policy.OnMethod, policy.OnError, policy.Reason, policy.Author, policy.At,
        policy.ApprovedBy, policy.ApprovedAt);

    private static BaseYearDecisionResponse ToResponse(BaseYearDecision decision) => new(
        decision.Number, decision.Choice, decision.Reason, decision.Sequence, decision.StructureDay, decision.Changes, ScopeKilograms.Of(decision.Figures), decision.Author, decision.At,
        decision.ApprovedBy, decision.ApprovedAt);

    private static BaseYearEffectsResponse ToResponse(BaseYearEffects effects) => new(
        effects.Policy.Version, effects.Sequence, effects.StructureDay, ScopeKilograms.Of(effects.Standing.Figures), ScopeKilograms.Of(effects.Figures), effects.Changes, effects.Proposed,
        effects.Significance.Groups, effects.Significance.IsSignificant, effects.NeedsDecision, effects.Proposed is null ? null : effects.SignificanceWith.Groups, effects.Unknown);
}
