using OffGridFlow.Core.Identity;
using OffGridFlow.Core.Inventory;
using OffGridFlow.Infrastructure.Inventory;
using OffGridFlow.Infrastructure.Organizations;
using OffGridFlow.Web.Features.Identity;
using OffGridFlow.Web.Features.Organizations;

namespace OffGridFlow.Web.Features.Inventory;

/// <summary>A category of Scope 3 in a period; without a decision, <c>version</c> is 0 and <c>decision</c> null. What the ledger holds is told by the list alone.</summary>
public sealed record BoundaryDecisionResponse(
    int Category, decimal? KgCo2e, long? Results, BoundaryChoice? Decision, string? Reason, decimal? EstimatedTonnes, DateOnly? ReviewOn, string? Author, DateTimeOffset? At,
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
                await service.ListAsync(id, cancellationToken) is { } rows ? Results.Ok(new BoundaryDecisionListResponse([.. rows.Select(row => ToResponse(row.Category, row.KgCo2e, row.Activities, row.Decision))])) : EditAnswers.NotFound(Path, id))
            .RequireApiPermission(Permissions.ActivityDataRead).WithSummary("The 15 categories of Scope 3 in the period: what the ledger holds, and what was decided")
            .Produces<BoundaryDecisionListResponse>().ProducesProblem(404);
        group.MapPut("/", async (Guid id, BoundaryDecisionRequest request, BoundaryDecisions service, CancellationToken cancellationToken) =>
            {
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
                // No decision has the version −1: a request that is not understood learns only whether the period is there.
                var edit = await service.DecideAsync(id, faults.Count > 0 ? BoundaryDecision.FirstCategory : category, faults.Count > 0 ? -1 : request.Version ?? 0, input, cancellationToken);
                return Answer(id, faults.Count > 0 && edit is not Edit<BoundaryDecision>.Gone ? new Edit<BoundaryDecision>.Refused(faults) : edit);
            })
            .RequireApiPermission(Permissions.CalculationsPropose).WithSummary("Decide on a category; the former decision stays in the history")
            .Produces<BoundaryDecisionResponse>().ProducesProblem(404).ProducesProblem(409).ProducesProblem(412).ProducesProblem(422);
        group.MapPost("/approve", async (Guid id, BoundaryApprovalRequest request, BoundaryDecisions service, CancellationToken cancellationToken) =>
                Answer(id, await service.ApproveAsync(id, request.Category ?? 0, request.Version ?? 0, cancellationToken)))
            .RequireApiPermission(Permissions.CalculationsApprove).WithSummary("Agree with a decision; where the organization asks for a second person, not with one's own")
            .Produces<BoundaryDecisionResponse>().ProducesProblem(404).ProducesProblem(409).ProducesProblem(412);
    }

    private static IResult Answer(Guid id, Edit<BoundaryDecision> edit) =>
        edit is Edit<BoundaryDecision>.Done done ? Results.Ok(ToResponse(done.Item.Category, null, null, done.Item)) : EditAnswers.Refused(Path, id, edit);

    private static BoundaryDecisionResponse ToResponse(int category, decimal? kg, long? results, BoundaryDecision? decision) => new(
        category, kg, results, decision?.Choice, decision?.Reason, decision?.EstimatedTonnes, decision?.ReviewOn, decision?.Author, decision?.At, decision?.ApprovedBy,
        decision?.ApprovedAt, decision?.Version ?? 0);
}
