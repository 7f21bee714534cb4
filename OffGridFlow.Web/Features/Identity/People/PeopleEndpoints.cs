using System.Globalization;
using OffGridFlow.Core.Identity;
using OffGridFlow.Infrastructure.Identity;

namespace OffGridFlow.Web.Features.Identity.People;

/// <summary>A person as the API shows it. <c>state</c> is <c>active</c>, <c>disabled</c> or <c>removed</c>; <c>lastSeenAt</c> is true to the hour.</summary>
public sealed record PersonResponse(
    Guid Id, string Name, string Email, string Role, MembershipState State, DateTimeOffset Since, DateTimeOffset? LastSeenAt, int Version);

public sealed record PersonListResponse(IReadOnlyList<PersonResponse> Items);

public sealed record PersonRequest(string? Role, string? State);

public sealed record InvitationResponse(Guid Id, string Email, string Role, string CreatedBy, DateTimeOffset CreatedAt, DateTimeOffset ExpiresAt);

public sealed record InvitationListResponse(IReadOnlyList<InvitationResponse> Items);

public sealed record InvitationRequest(string? Email, string? Role);

/// <param name="Link">Shown now and never again: whoever has it can use it.</param>
public sealed record InvitationLinkResponse(Guid Id, string Email, string Role, DateTimeOffset ExpiresAt, string Link);

public sealed record ResetLinkResponse(string Link, DateTimeOffset ExpiresAt);

internal static class PeopleEndpoints
{
    private const string Roles = "viewer, auditor, analyst, complianceManager, admin";

    public static void MapPeople(this RouteGroupBuilder api)
    {
        var users = api.MapGroup("/users").WithTags("Users").RequireApiPermission(Permissions.AdministrationWrite);
        users.MapGet("/", async (PeopleService people, CancellationToken cancellationToken) =>
                Results.Ok(new PersonListResponse((await people.ListAsync(cancellationToken)).Select(ToResponse).ToList())))
            .WithSummary("People of the organization, those who were removed included").Produces<PersonListResponse>();
        users.MapGet("/{id:guid}", async (Guid id, PeopleService people, HttpResponse response, CancellationToken cancellationToken) =>
                await people.FindAsync(id, cancellationToken) is { } person ? Found(response, person) : NotFound(id))
            .WithSummary("One person; the ETag is what a change sends back as If-Match").Produces<PersonResponse>().ProducesProblem(404);
        users.MapPut("/{id:guid}", ChangeAsync).WithSummary("Change role and state (active or disabled)")
            .Produces<PersonResponse>().ProducesProblem(404).ProducesProblem(409).ProducesProblem(412).ProducesProblem(422).ProducesProblem(428);
        users.MapDelete("/{id:guid}", RemoveAsync).WithSummary("Remove a person; what they did stays under their name")
            .Produces(204).ProducesProblem(404).ProducesProblem(409).ProducesProblem(412).ProducesProblem(428);
        users.MapPost("/{id:guid}/password-reset", ResetAsync).WithSummary("A link by which the person chooses a new password, within 24 hours")
            .Produces<ResetLinkResponse>(201).ProducesProblem(404).ProducesProblem(409);

        var invitations = api.MapGroup("/invitations").WithTags("Users").RequireApiPermission(Permissions.AdministrationWrite);
        invitations.MapGet("/", async (InvitationService service, CancellationToken cancellationToken) =>
                Results.Ok(new InvitationListResponse((await service.ListAsync(cancellationToken)).Select(ToResponse).ToList())))
            .WithSummary("Invitations that nobody has accepted yet").Produces<InvitationListResponse>();
        invitations.MapPost("/", InviteAsync).WithSummary("Invite somebody; gives the link, which is shown once")
            .Produces<InvitationLinkResponse>(201).ProducesProblem(409).ProducesProblem(422);
        invitations.MapPost("/{id:guid}/link", async (Guid id, InvitationService service, HttpContext context, CancellationToken cancellationToken) =>
                await service.RenewAsync(id, cancellationToken) is { } outcome ? Answer(outcome, context) : NoInvitation(id))
            .WithSummary("A new link in place of the old one, which dies").Produces<InvitationLinkResponse>(201).ProducesProblem(404).ProducesProblem(409);
        invitations.MapDelete("/{id:guid}", async (Guid id, InvitationService service, CancellationToken cancellationToken) =>
                await service.RevokeAsync(id, cancellationToken) ? Results.NoContent() : NoInvitation(id))
            .WithSummary("Withdraw an invitation").Produces(204).ProducesProblem(404);
    }

    /// <summary>The address of a link as the person who asks reaches this server.</summary>
    private static string LinkOf(HttpContext context, string path) => $"{context.Request.Scheme}://{context.Request.Host}{path}";

    private static async Task<IResult> ChangeAsync(
        Guid id, PersonRequest request, PeopleService people, HttpContext context, CancellationToken cancellationToken)
    {
        if (RoleOf(request.Role) is not { } role)
        {
            return UnknownRole(request.Role);
        }

        if (!Enum.TryParse<MembershipState>(request.State, ignoreCase: true, out var state) || state is not (MembershipState.Active or MembershipState.Disabled))
        {
            return Results.Problem(
                statusCode: 422, title: "No such state", detail: $"“{request.State}” is no state to give. Use active or disabled; DELETE removes a person.");
        }

        return VersionOf(context.Request) is { } version
            ? Answer(id, await people.ChangeAsync(id, version, role, state, cancellationToken), person => Found(context.Response, person))
            : NoVersion();
    }

    private static async Task<IResult> RemoveAsync(Guid id, PeopleService people, HttpContext context, CancellationToken cancellationToken)
    {
        if (await people.FindAsync(id, cancellationToken) is null)
        {
            return NotFound(id);
        }

        return VersionOf(context.Request) is { } version
            ? Answer(id, await people.RemoveAsync(id, version, cancellationToken), _ => Results.NoContent())
            : NoVersion();
    }

    private static async Task<IResult> ResetAsync(Guid id, PasswordResetService resets, HttpContext context, CancellationToken cancellationToken) =>
        await resets.CreateAsync(id, cancellationToken) switch
        {
            ResetLinkOutcome.Made made => Results.Json(
                new ResetLinkResponse(LinkOf(context, PeopleLinks.Reset(made.Token)), made.ExpiresAt), statusCode: StatusCodes.Status201Created),
            ResetLinkOutcome.BelongsElsewhere => Results.Problem(statusCode: 409, title: "No link was made", detail: ResetLinkOutcome.BelongsElsewhere.Reason),
            _ => NotFound(id),
        };

    private static async Task<IResult> InviteAsync(InvitationRequest request, InvitationService invitations, HttpContext context, CancellationToken cancellationToken) =>
        RoleOf(request.Role) is { } role
            ? Answer(await invitations.InviteAsync(request.Email ?? "", role, cancellationToken), context)
            : UnknownRole(request.Role);

    private static IResult Answer(InviteOutcome outcome, HttpContext context) => outcome switch
    {
        InviteOutcome.Invited invited => Results.Json(
            new InvitationLinkResponse(
                invited.Invitation.Id, invited.Invitation.Email, invited.Invitation.Role.ToString(), invited.Invitation.ExpiresAt,
                LinkOf(context, PeopleLinks.Invitation(invited.Token))),
            statusCode: StatusCodes.Status201Created),
        InviteOutcome.IsMember member => Results.Problem(statusCode: 409, title: "Nobody was invited", detail: member.Reason),
        _ => Results.Problem(statusCode: 422, title: "No e-mail address", detail: "Send email as name@company.example, with at most 254 characters."),
    };

    private static IResult Answer(Guid id, PersonChange change, Func<PersonRow, IResult> done) => change switch
    {
        PersonChange.Changed changed => done(changed.Person),
        PersonChange.LastAdministrator => Results.Problem(statusCode: 409, title: "Nothing was changed", detail: PersonChange.LastAdministrator.Reason),
        PersonChange.Stale => Results.Problem(
            statusCode: 412, title: "Somebody else was quicker", detail: "The person was changed since you read it. Nothing was changed now. Read it again, then decide."),
        _ => NotFound(id),
    };

    private static IResult Found(HttpResponse response, PersonRow person)
    {
        response.Headers.ETag = string.Create(CultureInfo.InvariantCulture, $"\"{person.Version}\"");
        return Results.Ok(ToResponse(person));
    }

    private static int? VersionOf(HttpRequest request) =>
        int.TryParse(request.Headers.IfMatch.ToString().Trim('"'), NumberStyles.None, CultureInfo.InvariantCulture, out var version) ? version : null;

    private static TenantRole? RoleOf(string? role) =>
        role is not null && !char.IsDigit(role.FirstOrDefault()) && Enum.TryParse<TenantRole>(role, ignoreCase: true, out var known) && Enum.IsDefined(known) ? known : null;

    private static IResult NotFound(Guid id) => Results.Problem(
        statusCode: 404, title: "No such person", detail: $"Nobody {id} belongs to your organization. GET /api/v1/users lists who does.");

    private static IResult NoInvitation(Guid id) => Results.Problem(
        statusCode: 404, title: "No such invitation", detail: $"There is no open invitation {id}. GET /api/v1/invitations lists those there are.");

    private static IResult UnknownRole(string? role) =>
        Results.Problem(statusCode: 422, title: "No such role", detail: $"“{role}” is no role. Use one of: {Roles}.");

    private static IResult NoVersion() => Results.Problem(
        statusCode: 428, title: "Say which version you saw", detail: "Send the ETag of GET /api/v1/users/{id}, its version in quotes, as If-Match, so that no change is overwritten unseen.");

    private static PersonResponse ToResponse(PersonRow person) => new(
        person.Id, person.Name, person.Email, person.Role.ToString(), person.State, person.Since, person.LastSeenAt, person.Version);

    private static InvitationResponse ToResponse(InvitationRow row) => new(row.Id, row.Email, row.Role.ToString(), row.CreatedBy, row.CreatedAt, row.ExpiresAt);
}
