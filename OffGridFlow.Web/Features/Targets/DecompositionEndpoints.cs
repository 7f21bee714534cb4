using OffGridFlow.Core.Calculation;
using OffGridFlow.Core.Identity;
using OffGridFlow.Core.Organizations;
using OffGridFlow.Infrastructure.Organizations;
using OffGridFlow.Infrastructure.Targets;
using OffGridFlow.Web.Features.Identity;
using OffGridFlow.Web.Features.Organizations;

namespace OffGridFlow.Web.Features.Targets;

/// <summary>kg CO2e. The four causes add up to the difference to the last digit.</summary>
/// <param name="UnsplitKg">Part of the activity that no quantity parts from its factor.</param>
public sealed record DecompositionSourceResponse(
    string Entity, string Place, string ActivityType, int Scope, int? Category, decimal BeforeKg, decimal AfterKg, decimal ActivityKg, decimal FactorKg, decimal MethodKg, decimal BoundaryKg,
    decimal UnsplitKg);

/// <summary>kg CO2e. Results without a figure are in no number.</summary>
/// <param name="Sources">The largest differences first, at most 200.</param>
public sealed record DecompositionResponse(
    Guid From, Guid To, ConsolidationApproach Approach, Scope2Method Scope2Method, decimal BeforeKg, decimal AfterKg, decimal ActivityKg, decimal FactorKg, decimal MethodKg,
    decimal BoundaryKg, decimal UnsplitKg, long ResultsWithoutFigureBefore, long ResultsWithoutFigureAfter, IReadOnlyList<ShareMove> ShareMoves,
    IReadOnlyList<DecompositionSourceResponse> Sources);

internal static class DecompositionEndpoints
{
    private const int MostSources = 200;

    public static void MapDecomposition(this RouteGroupBuilder api) =>
        api.MapGet("/inventory/decomposition", FindAsync).WithTags("Inventory").RequireApiPermission(Permissions.DashboardsRead)
            .WithSummary("Why emissions changed from one reporting period (from) to another (to), both by their ids: activity, factors, method, boundary").Produces<DecompositionResponse>()
            .ProducesProblem(404).ProducesProblem(422);

    private static async Task<IResult> FindAsync(Guid? from, Guid? to, string? approach, string? scope2Method, IDecompositionQueries queries, CancellationToken cancellationToken)
    {
        var faults = new List<FieldFault>();
        ConsolidationApproach? under = string.IsNullOrEmpty(approach) ? null : EditAnswers.Word(approach, "approach", ConsolidationApproach.OperationalControl, faults);
        var view = EditAnswers.Word(scope2Method, "scope2Method", Scope2Method.Location, faults);
        if (from is null || to is null || from == to)
        {
            faults.Add(new FieldFault("from", "Send from and to, the ids of two reporting periods. GET /api/v1/reporting-periods lists them."));
        }

        if (faults.Count > 0)
        {
            return EditAnswers.Refused<DecompositionReport>("inventory/decomposition", Guid.Empty, new Edit<DecompositionReport>.Refused(faults));
        }

        return await queries.FindAsync(from!.Value, to!.Value, under, view, cancellationToken) is { } report ? Results.Ok(ToResponse(report))
            : Results.Problem(statusCode: 404, title: "Not found", detail: "Your organization has no such reporting period. GET /api/v1/reporting-periods lists what there is.");
    }

    private static DecompositionResponse ToResponse(DecompositionReport report)
    {
        var causes = report.Causes;
        return new DecompositionResponse(
            report.Before.Id, report.After.Id, report.Approach, report.View, causes.BeforeKg, causes.AfterKg, causes.Activity, causes.Factor, causes.Method, causes.Boundary, causes.Unsplit,
            report.MissingBefore, report.MissingAfter, report.ShareMoves,
            [.. causes.Sources.Where(source => source.DifferenceKg != 0 || source.Activity != 0).OrderByDescending(source => Math.Abs(source.DifferenceKg)).Take(MostSources).Select(source => new DecompositionSourceResponse(
                source.Source.Entity, source.Source.Place, source.Source.ActivityType, source.Source.Scope, source.Source.Category == 0 ? null : source.Source.Category, source.BeforeKg,
                source.AfterKg, source.Activity, source.Factor, source.Method, source.Boundary, source.Unsplit))]);
    }
}
