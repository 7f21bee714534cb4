using OffGridFlow.Core.Identity;
using OffGridFlow.Core.Organizations;
using OffGridFlow.Infrastructure.Organizations;
using OffGridFlow.Web.Features.Identity;

namespace OffGridFlow.Web.Features.Organizations;

/// <summary>What one entity holds of another. <c>share</c> is 0 to 1; both days count, null: always, and still.</summary>
public sealed record OwnershipResponse(
    Guid Id, Guid ParentId, Guid ChildId, decimal Share, bool FinancialControl, bool OperationalControl, DateOnly? ValidFrom, DateOnly? ValidTo, int Version);

/// <summary>Holdings of the group. They decide what of each entity an inventory takes, on which days.</summary>
internal static class OwnershipEndpoints
{
    private const string Path = "ownerships";

    public static void MapOwnerships(this RouteGroupBuilder api)
    {
        var group = api.MapGroup("/" + Path).WithTags("Organization");
        group.MapGet("/", (string? cursor, int? limit, OwnershipService service, CancellationToken cancellationToken) =>
                EditAnswers.PageAsync(limit, rows => service.PageAsync(cursor, rows, cancellationToken), ToResponse))
            .RequireApiPermission(Permissions.ActivityDataRead).WithSummary("Holdings between legal entities, in the order in which they were made").Produces<ListPage<OwnershipResponse>>().ProducesProblem(422);
        group.MapGet("/{id:guid}", async (Guid id, OwnershipService service, HttpResponse response, CancellationToken cancellationToken) =>
                await service.FindAsync(id, cancellationToken) is { } row ? EditAnswers.Found(response, row, ToResponse(row)) : EditAnswers.NotFound(Path, id))
            .RequireApiPermission(Permissions.ActivityDataRead).WithSummary("One holding; the ETag is what a change sends back as If-Match").Produces<OwnershipResponse>().ProducesProblem(404);
        group.MapPost("/", async (OwnershipInput input, OwnershipService service, HttpResponse response, CancellationToken cancellationToken) =>
                EditAnswers.Created(response, Path, await service.CreateAsync(input, cancellationToken), ToResponse))
            .RequireApiPermission(Permissions.OrganizationsWrite).WithSummary("Add a holding").Produces<OwnershipResponse>(201).ProducesProblem(422);
        group.MapPut("/{id:guid}", (Guid id, OwnershipInput input, OwnershipService service, HttpContext context, CancellationToken cancellationToken) =>
                EditAnswers.ChangedAsync(context, Path, id, [], version => service.ChangeAsync(id, version, input, cancellationToken), ToResponse))
            .RequireApiPermission(Permissions.OrganizationsWrite).WithSummary("Change a holding; what is left out becomes empty")
            .Produces<OwnershipResponse>().ProducesProblem(404).ProducesProblem(412).ProducesProblem(422).ProducesProblem(428);
        group.MapPost("/{id:guid}/end", (Guid id, OwnershipEnd end, OwnershipService service, HttpContext context, CancellationToken cancellationToken) =>
                EditAnswers.ChangedAsync(context, Path, id, [], version => service.EndAsync(id, version, end.LastDay, cancellationToken), ToResponse))
            .RequireApiPermission(Permissions.OrganizationsWrite).WithSummary("End a holding with a last day, all else as it is")
            .Produces<OwnershipResponse>().ProducesProblem(404).ProducesProblem(412).ProducesProblem(422).ProducesProblem(428);
        group.MapDelete("/{id:guid}", (Guid id, OwnershipService service, HttpRequest request, CancellationToken cancellationToken) =>
                EditAnswers.RemovedAsync(request, Path, id, version => service.RemoveAsync(id, version, cancellationToken)))
            .RequireApiPermission(Permissions.OrganizationsWrite).WithSummary("Remove a holding that never was; one that is over is ended with its last day")
            .Produces(204).ProducesProblem(404).ProducesProblem(409).ProducesProblem(412).ProducesProblem(428);
    }

    private static OwnershipResponse ToResponse(Ownership row) => new(
        row.Id, row.ParentId, row.ChildId, row.Share, row.FinancialControl, row.OperationalControl, row.ValidFrom, row.ValidTo, row.Version);
}

/// <param name="LastDay">The last day on which it is held, inclusive.</param>
public sealed record OwnershipEnd(DateOnly? LastDay);
