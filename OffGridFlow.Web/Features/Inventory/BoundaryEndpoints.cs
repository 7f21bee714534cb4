using OffGridFlow.Core.Identity;
using OffGridFlow.Core.Inventory;
using OffGridFlow.Infrastructure.Inventory;
using OffGridFlow.Infrastructure.Organizations;
using OffGridFlow.Web.Features.Identity;
using OffGridFlow.Web.Features.Organizations;

namespace OffGridFlow.Web.Features.Inventory;

/// <summary>A category of Scope 3 in a period; without a decision, <c>version</c> is 0 and <c>decision</c> null.</summary>
public sealed record BoundaryDecisionResponse(
    int Category, decimal KgCo2e, long Results, BoundaryChoice? Decision, string? Reason, decimal? EstimatedTonnes, DateOnly? ReviewOn, string? Author, DateTimeOffset? At,
    string? ApprovedBy, DateTimeOffset? ApprovedAt, int Version);

public sealed record BoundaryDecisionListResponse(IReadOnlyList<BoundaryDecisionResponse> Items);

/// <param name="Category">1 to 15.</param>
/// <param name="Decision"><c>included</c>, <c>excluded</c> or <c>notApplicable</c>.</param>
/// <param name="Version">The one that was seen; 0 where there was none.</param>
public sealed record BoundaryDecisionRequest(int? Category, string? Decision, string? Reason, decimal? EstimatedTonnes, DateOnly? ReviewOn, int? Version);

public sealed record BoundaryApprovalRequest(int? Category, int? Version);

internal static class BoundaryEndpoints
{
    private const string Path = "reporting-periods";

    public static void MapBoundaryDecisions(this RouteGroupBuilder api)
    {
        var group = api.MapGroup("/" + Path + "/{id:guid}/categories").WithTags("Inventory");
        group.MapGet("/", async (Guid id, BoundaryDecisions service, CancellationToken cancellationToken) =>
                await service.ListAsync(id, cancellationToken) is { } rows ? Results.Ok(new BoundaryDecisionListResponse([.. rows.Select(ToResponse)])) : EditAnswers.NotFound(Path, id))
            .RequireApiPermission(Permissions.ActivityDataRead).WithSummary("The 15 categories of Scope 3 in the period: what the ledger holds, and what was decided")
            .Produces<BoundaryDecisionListResponse>().ProducesProblem(404);
        group.MapPut("/", async (Guid id, BoundaryDecisionRequest request, BoundaryDecisions service, CancellationToken cancellationToken) =>
            {
                if (await service.ListAsync(id, cancellationToken) is null)
                {
                    return EditAnswers.NotFound(Path, id);
                }

                var (category, faults) = (request.Category ?? 0, new List<FieldFault>());
                if (category is < BoundaryDecision.FirstCategory or > BoundaryDecision.LastCategory)
                {
                    faults.Add(new FieldFault("category", "Say which of the 15 categories, 1 to 15."));
                }

                var input = new BoundaryDecisionInput
                {
                    Choice = EditAnswers.Word(request.Decision, "choice", BoundaryChoice.Included, faults, isRequired: true), Reason = request.Reason,
                    EstimatedTonnes = request.EstimatedTonnes, ReviewOn = request.ReviewOn,
                };
                return await AnswerAsync(
                    id, category, faults.Count > 0 ? new Edit<BoundaryDecision>.Refused(faults) : await service.DecideAsync(id, category, request.Version ?? 0, input, cancellationToken),
                    service, cancellationToken);
            })
            .RequireApiPermission(Permissions.CalculationsPropose).WithSummary("Decide on a category; the former decision stays in the history")
            .Produces<BoundaryDecisionResponse>().ProducesProblem(404).ProducesProblem(409).ProducesProblem(412).ProducesProblem(422);
        group.MapPost("/approve", async (Guid id, BoundaryApprovalRequest request, BoundaryDecisions service, CancellationToken cancellationToken) =>
                await AnswerAsync(id, request.Category ?? 0, await service.ApproveAsync(id, request.Category ?? 0, request.Version ?? 0, cancellationToken), service, cancellationToken))
            .RequireApiPermission(Permissions.CalculationsApprove).WithSummary("Agree with a decision; where the organization asks for a second person, not with one's own")
            .Produces<BoundaryDecisionResponse>().ProducesProblem(404).ProducesProblem(409).ProducesProblem(412);
    }

    private static async Task<IResult> AnswerAsync(Guid id, int category, Edit<BoundaryDecision> edit, BoundaryDecisions service, CancellationToken cancellationToken) =>
        edit is Edit<BoundaryDecision>.Done && await service.ListAsync(id, cancellationToken) is { } rows
            ? Results.Ok(ToResponse(rows[category - 1])) : EditAnswers.Refused($"{Path}/{{id}}/categories", id, edit);

    private static BoundaryDecisionResponse ToResponse(CategoryScreening row) => new(
        row.Category, row.KgCo2e, row.Activities, row.Decision?.Choice, row.Decision?.Reason, row.Decision?.EstimatedTonnes, row.Decision?.ReviewOn, row.Decision?.Author, row.Decision?.At,
        row.Decision?.ApprovedBy, row.Decision?.ApprovedAt, row.Decision?.Version ?? 0);
}
