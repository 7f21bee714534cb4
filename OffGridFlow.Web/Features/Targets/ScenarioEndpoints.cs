using OffGridFlow.Core.Identity;
using OffGridFlow.Core.Targets;
using OffGridFlow.Infrastructure.Organizations;
using OffGridFlow.Infrastructure.Targets;
using OffGridFlow.Web.Features.Identity;
using OffGridFlow.Web.Features.Organizations;

namespace OffGridFlow.Web.Features.Targets;

public sealed record ScenarioResponse(
    Guid Id, Guid TargetId, string Name, string? Note, Guid StartPeriodId, decimal GrowthPerYear, IReadOnlyList<Lever> Levers, int Version);

/// <param name="Kind"><c>activity</c>, <c>factor</c> or <c>replacement</c>.</param>
/// <param name="Change">Activity and factor: −1 to 10; replacement: the share that is replaced, 0 to 1.</param>
/// <param name="Substitute">Replacement: what the substitute emits, as a share of what it replaces.</param>
public sealed record LeverRequest(
    string? Name, string? Kind, int? Scope, int? Category, string? Site, string? ActivityType, decimal? Change, decimal? Substitute, int? FromYear, int? ToYear);

public sealed record ScenarioRequest(Guid? TargetId, string? Name, string? Note, Guid? StartPeriodId, decimal? GrowthPerYear, IReadOnlyList<LeverRequest>? Levers)
{
    /// <param name="faults">Takes the words that are none of the API's.</param>
    public ScenarioInput ToInput(List<FieldFault> faults) => new()
    {
        TargetId = TargetId, Name = Name, Note = Note, StartPeriodId = StartPeriodId, GrowthPerYear = GrowthPerYear ?? 0m,
        Levers = [.. (Levers ?? []).Select((lever, index) => new Lever
        {
            Name = lever.Name ?? "", Kind = EditAnswers.Word(lever.Kind, FormattableString.Invariant($"levers[{index}].kind"), LeverKind.Activity, faults, isRequired: true),
            Scope = lever.Scope, Category = lever.Category, Site = lever.Site, ActivityType = lever.ActivityType, Change = lever.Change ?? 0m, Substitute = lever.Substitute ?? 0m,
            FromYear = lever.FromYear ?? 0, ToYear = lever.ToYear ?? lever.FromYear ?? 0,
        })],
    };
}

/// <summary>kg CO2e. <c>loweredKg</c> has one figure for each lever, in their order; they add up to the difference to the last digit.</summary>
public sealed record ScenarioYearResponse(int Year, decimal WithoutKg, decimal WithKg, IReadOnlyList<decimal> LoweredKg);

/// <param name="TargetKg">What the target allows in its last year; null where that cannot be told.</param>
/// <param name="GapKg">Above it in its last year; below zero: more is lowered than it asks for.</param>
public sealed record ScenarioResultResponse(Guid ScenarioId, int StartYear, IReadOnlyList<string> Levers, IReadOnlyList<ScenarioYearResponse> Years, decimal? TargetKg, decimal? GapKg);

internal static class ScenarioEndpoints
{
    private const string Path = "scenarios";

    public static void MapScenarios(this RouteGroupBuilder api)
    {
        var group = api.MapGroup("/" + Path).WithTags("Targets");
        group.MapGet("/", (string? cursor, int? limit, ScenarioService service, CancellationToken cancellationToken) =>
                EditAnswers.PageAsync(limit, rows => service.PageAsync(cursor, rows, cancellationToken), ToResponse))
            .RequireApiPermission(Permissions.DashboardsRead).WithSummary("Scenarios, in the order in which they were made").Produces<ListPage<ScenarioResponse>>().ProducesProblem(422);
        group.MapGet("/{id:guid}", async (Guid id, ScenarioService service, HttpResponse response, CancellationToken cancellationToken) =>
                await service.FindAsync(id, cancellationToken) is { } row ? EditAnswers.Found(response, row, ToResponse(row)) : EditAnswers.NotFound(Path, id))
            .RequireApiPermission(Permissions.DashboardsRead).WithSummary("One scenario; the ETag is what a change sends back as If-Match").Produces<ScenarioResponse>().ProducesProblem(404);
        group.MapGet("/{id:guid}/result", async (Guid id, TargetQueries queries, CancellationToken cancellationToken) =>
                await queries.FindScenarioAsync(id, cancellationToken) is { } report ? Results.Ok(ToResponse(report)) : EditAnswers.NotFound(Path, id))
            .RequireApiPermission(Permissions.DashboardsRead).WithSummary("Emissions by year with and without the levers, and what each lever lowers").Produces<ScenarioResultResponse>().ProducesProblem(404);
        group.MapPost("/", (ScenarioRequest request, ScenarioService service, HttpResponse response, CancellationToken cancellationToken) =>
            {
                var faults = new List<FieldFault>();
                var input = request.ToInput(faults);
                return EditAnswers.CreatedAsync(response, Path, faults, () => service.CreateAsync(input, cancellationToken), ToResponse);
            })
            .RequireApiPermission(Permissions.CalculationsPropose).WithSummary("Add a scenario; it never changes the ledger").Produces<ScenarioResponse>(201).ProducesProblem(422);
        group.MapPut("/{id:guid}", (Guid id, ScenarioRequest request, ScenarioService service, HttpContext context, CancellationToken cancellationToken) =>
            {
                var faults = new List<FieldFault>();
                var input = request.ToInput(faults);
                return EditAnswers.ChangedAsync(context, Path, id, faults, version => service.ChangeAsync(id, version, input, cancellationToken), ToResponse);
            })
            .RequireApiPermission(Permissions.CalculationsPropose).WithSummary("Change a scenario; what is left out becomes empty")
            .Produces<ScenarioResponse>().ProducesProblem(404).ProducesProblem(412).ProducesProblem(422).ProducesProblem(428);
    }

    private static ScenarioResponse ToResponse(Scenario scenario) => new(
        scenario.Id, scenario.TargetId, scenario.Name, scenario.Note, scenario.StartPeriodId, scenario.GrowthPerYear, scenario.Levers, scenario.Version);

    private static ScenarioResultResponse ToResponse(ScenarioReport report) => new(
        report.Scenario.Id, report.StartPeriod.LastDay.Year, [.. report.Scenario.Levers.Select(lever => lever.Name)],
        [.. report.Years.Select(year => new ScenarioYearResponse(year.Year, year.WithoutKg, year.WithKg, year.LoweredKg))], report.TargetValue, report.Gap);
}
