using Microsoft.AspNetCore.Antiforgery;
using OffGridFlow.Core.Identity;
using OffGridFlow.Infrastructure.Identity;
using OffGridFlow.Infrastructure.Persistence;

namespace OffGridFlow.Web.Features.Identity;

/// <summary>
/// Leads a person from one of their organizations to another: by a new session, which the database makes for its active members only.
/// </summary>
internal sealed class TenantChange(SessionStore sessions, TenantDatabase database, CurrentUser user)
{
    /// <summary>The organization, if the person may come into it.</summary>
    public async Task<TenantChoice?> FindAsync(Guid person, Guid tenant, CancellationToken cancellationToken) =>
        (await sessions.TenantsOfAsync(person, cancellationToken)).SingleOrDefault(choice => choice.Id == tenant);

    /// <summary>Stands in the log of the organization that was entered. It does not say from where: that is nobody's business there.</summary>
    public async Task RecordAsync(TenantChoice entered, CancellationToken cancellationToken)
    {
        var actor = user.Actor;
        using var acting = user.ActAs(new Actor(entered.Id, actor.UserId, actor.DisplayName, entered.Role));
        await using var unit = await database.OpenAsync(cancellationToken);
        unit.Audit("tenant.switched", $"user/{actor.UserId}");
        await unit.CommitAsync(cancellationToken);
    }
}

internal static class TenantEndpoints
{
    /// <summary>The form of the menu behind the organization's name.</summary>
    public static void MapTenantChange(this WebApplication app) => app.MapPost("/app/tenant", ChangeAsync).RequireAuthorization().ExcludeFromDescription();

    private static async Task<IResult> ChangeAsync(
        HttpContext context, IAntiforgery antiforgery, TenantChange change, CookieSession session, CancellationToken cancellationToken)
    {
        if (!await antiforgery.IsRequestValidAsync(context))
        {
            return Results.Problem(statusCode: 400, title: "The page is out of date", detail: "Nothing was changed. Reload the page and choose again.");
        }

        var form = await context.Request.ReadFormAsync(cancellationToken);
        if (!Guid.TryParse(form["tenant"], out var tenant) || context.User.ToActor()?.UserId is not { } person
            || await change.FindAsync(person, tenant, cancellationToken) is not { } choice)
        {
            return NotFound();
        }

        try
        {
            await session.BeginAsync(person, tenant, cancellationToken);
        }
        catch (NotAMemberException)
        {
            // Removed between the two looks; the former session has ended by then.
            return NotFound();
        }

        await change.RecordAsync(choice, cancellationToken);
        return Results.LocalRedirect("/");
    }

    private static IResult NotFound() => Results.Problem(
        statusCode: 404, title: "No such organization", detail: "You do not belong to this organization, or not any more. Go back and load the page again.");
}
