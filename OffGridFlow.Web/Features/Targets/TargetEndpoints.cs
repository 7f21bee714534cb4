using OffGridFlow.Core.Calculation;
using OffGridFlow.Core.Identity;
using OffGridFlow.Core.Targets;
using OffGridFlow.Infrastructure.Organizations;
using OffGridFlow.Infrastructure.Targets;
using OffGridFlow.Web.Features.Identity;
using OffGridFlow.Web.Features.Organizations;

namespace OffGridFlow.Web.Features.Targets;

/// <summary>Reduction: by the target year for a linear path, else of each year; 0 to 1.</summary>
public sealed record TargetResponse(
    Guid Id, string Name, TargetKind Kind, TargetDenominator? Denominator, IReadOnlyList<int> Scopes, IReadOnlyList<int> Categories, Scope2Method Scope2Method, Guid BasePeriodId,
    int TargetYear, TargetPathKind Path, decimal Reduction, string? Note, int Version);

/// <param name="Kind"><c>absolute</c> (if left out) or <c>intensity</c>.</param>
/// <param name="Denominator"><c>revenue</c>, <c>fullTimeEmployees</c>, <c>output</c> or <c>floorArea</c>.</param>
/// <param name="Path"><c>linear</c> (if left out), <c>absoluteContraction</c> or <c>yearOnYear</c>.</param>
public sealed record TargetRequest(
    string? Name, string? Kind, string? Denominator, IReadOnlyList<int>? Scopes, IReadOnlyList<int>? Categories, string? Scope2Method, Guid? BasePeriodId, int? TargetYear, string? Path,
    decimal? Reduction, string? Note)
{
    /// <param name="faults">Takes the words that are none of the API's.</param>
    public TargetInput ToInput(List<FieldFault> faults) => new()
    {
        Name = Name, Kind = EditAnswers.Word(Kind, "kind", TargetKind.Absolute, faults),
        Denominator = string.IsNullOrEmpty(Denominator) ? null : EditAnswers.Word(Denominator, "denominator", TargetDenominator.Revenue, faults), Scopes = Scopes ?? [],
        Categories = Categories ?? [], Scope2Method = EditAnswers.Word(Scope2Method, "scope2Method", Core.Calculation.Scope2Method.Location, faults), BasePeriodId = BasePeriodId,
        TargetYear = TargetYear, Path = EditAnswers.Word(Path, "path", TargetPathKind.Linear, faults), Reduction = Reduction, Note = Note,
    };
}

/// <summary>Path, actual and gap are kg CO2e, or kg CO2e per <c>unit</c>. Null where there is none; then <c>obstacle</c> says why.</summary>
public sealed record TargetYearResponse(int Year, string? Period, decimal? Path, decimal? Actual, decimal? Gap, long ResultsWithoutFigure, string? Obstacle);

/// <summary>What moved the base value from how it was first set.</summary>
public sealed record TargetRecalculation(int Decision, string? ApprovedBy, DateTimeOffset? ApprovedAt, decimal? BaseValueAsFirstSet);

public sealed record TargetPathResponse(
    Guid TargetId, string? Unit, int BaseYear, decimal? BaseValue, TargetRecalculation? Recalculated, int TargetYear, decimal Reduction, IReadOnlyList<TargetYearResponse> Years);

internal static class TargetEndpoints
{
    private const string Path = "targets";

    public static void MapTargets(this RouteGroupBuilder api)
    {
        var group = api.MapGroup("/" + Path).WithTags("Targets");
        group.MapGet("/", (string? cursor, int? limit, TargetService service, CancellationToken cancellationToken) =>
                EditAnswers.PageAsync(limit, rows => service.PageAsync(cursor, rows, cancellationToken), ToResponse))
            .RequireApiPermission(Permissions.DashboardsRead).WithSummary("Reduction targets, in the order in which they were made").Produces<ListPage<TargetResponse>>().ProducesProblem(422);
        group.MapGet("/{id:guid}", async (Guid id, TargetService service, HttpResponse response, CancellationToken cancellationToken) =>
                await service.FindAsync(id, cancellationToken) is { } row ? EditAnswers.Found(response, row, ToResponse(row)) : EditAnswers.NotFound(Path, id))
            .RequireApiPermission(Permissions.DashboardsRead).WithSummary("One target; the ETag is what a change sends back as If-Match").Produces<TargetResponse>().ProducesProblem(404);
        group.MapGet("/{id:guid}/path", async (Guid id, TargetQueries queries, CancellationToken cancellationToken) =>
                await queries.FindAsync(id, cancellationToken) is { } report ? Results.Ok(ToResponse(report)) : EditAnswers.NotFound(Path, id))
            .RequireApiPermission(Permissions.DashboardsRead).WithSummary("The yearly path of a target, and where the inventory stands against it").Produces<TargetPathResponse>().ProducesProblem(404);
        group.MapPost("/", (TargetRequest request, TargetService service, HttpResponse response, CancellationToken cancellationToken) =>
            {
                var faults = new List<FieldFault>();
                var input = request.ToInput(faults);
                return EditAnswers.CreatedAsync(response, Path, faults, () => service.CreateAsync(input, cancellationToken), ToResponse);
            })
            .RequireApiPermission(Permissions.CalculationsPropose).WithSummary("Add a target; it never changes the ledger").Produces<TargetResponse>(201).ProducesProblem(422);
        group.MapPut("/{id:guid}", (Guid id, TargetRequest request, TargetService service, HttpContext context, CancellationToken cancellationToken) =>
            {
                var faults = new List<FieldFault>();
                var input = request.ToInput(faults);
                return EditAnswers.ChangedAsync(context, Path, id, faults, version => service.ChangeAsync(id, version, input, cancellationToken), ToResponse);
            })
            .RequireApiPermission(Permissions.CalculationsPropose).WithSummary("Change a target; what is left out becomes empty")
            .Produces<TargetResponse>().ProducesProblem(404).ProducesProblem(412).ProducesProblem(422).ProducesProblem(428);
    }

    private static TargetResponse ToResponse(Target target) => new(
        target.Id, target.Name, target.Kind, target.Denominator, target.Scopes, target.Categories, target.Scope2Method, target.BasePeriodId, target.TargetYear, target.Path, target.Reduction,
        target.Note, target.Version);

    private static TargetPathResponse ToResponse(TargetReport report) => new(
        report.Target.Id, report.Unit, report.BasePeriod.LastDay.Year, report.BaseValue,
        report.RecalculatedBy is { } decision ? new TargetRecalculation(decision.Number, decision.ApprovedBy, decision.ApprovedAt, report.AsFirstSet) : null, report.Target.TargetYear,
        report.Reduction,
        [.. report.Years.Select(year => new TargetYearResponse(year.Year, year.Period, year.Path, year.Actual, year.Gap, year.Missing, year.Obstacle))]);
}
