using System.Globalization;
using System.Security.Claims;
using Microsoft.AspNetCore.Http.HttpResults;
using OffGridFlow.Core.Identity;
using OffGridFlow.Infrastructure.Identity;

namespace OffGridFlow.Web.Features.Identity;

/// <param name="TwoFactorCode">Accepted for accounts that have a second factor.</param>
public sealed record LoginRequest(string? Email, string? Password, string? TwoFactorCode);

public sealed record RefreshRequest(string? RefreshToken);

/// <param name="ExpiresIn">Seconds until the access token expires.</param>
public sealed record TokenResponse(string AccessToken, string RefreshToken, int ExpiresIn);

/// <param name="Kind">Always <c>person</c>; a key is answered by <see cref="ApiKeyMeResponse"/>.</param>
public sealed record MeResponse(
    string Kind, Guid UserId, string Email, string Name, string Role, Guid TenantId, string TenantName, IReadOnlyList<string> Permissions,
    IReadOnlyList<MeTenant> Tenants);

/// <summary>An organization that the person could change to, the present one included.</summary>
public sealed record MeTenant(Guid Id, string Name, string Role);

/// <param name="Kind">Always <c>apiKey</c>.</param>
public sealed record ApiKeyMeResponse(
    string Kind, Guid ApiKeyId, string Name, string Prefix, DateTimeOffset ExpiresAt, Guid TenantId, string TenantName, IReadOnlyList<string> Permissions);

public sealed record TenantRequest(Guid? TenantId);

internal static class AuthEndpoints
{
    public static void MapAuth(this RouteGroupBuilder api)
    {
        var auth = api.MapGroup("/auth").WithTags("Sign-in");
        auth.MapPost("/login", LoginAsync).AllowAnonymous().WithSummary("Sign in; gives an access and a refresh token");
        auth.MapPost("/refresh", RefreshAsync).AllowAnonymous().WithSummary("New tokens for a refresh token, which works once");
        auth.MapPost("/logout", LogoutAsync).RequireApiSignIn().ProducesProblem(403).WithSummary("End the session on the server");
        auth.MapGet("/me", MeAsync).RequireApiSignIn().WithSummary("Who is signed in, where, and where else they could be");
        auth.MapPost("/tenant", ChangeTenantAsync).RequireApiSignIn().ProducesProblem(403).ProducesProblem(404)
            .WithSummary("Change to another organization: ends this session and gives the tokens of a new one");
    }

    private static async Task<Results<Ok<TokenResponse>, ProblemHttpResult, ValidationProblem>> LoginAsync(
        LoginRequest request, PasswordVerifier signIn, SessionStore sessions, CurrentUser user, TimeProvider time, HttpContext context,
        CancellationToken cancellationToken)
    {
        if (string.IsNullOrWhiteSpace(request.Email) || string.IsNullOrEmpty(request.Password))
        {
            return TypedResults.Problem(statusCode: 422, title: "Something is missing", detail: "Send email and password.");
        }

        switch (await signIn.VerifyAsync(request.Email, request.Password, cancellationToken))
        {
            case PasswordVerdict.SignedIn signedIn:
                return TypedResults.Ok(Response(await sessions.CreateBearerAsync(signedIn.UserId, signedIn.TenantId, user.Address, cancellationToken)));
            case PasswordVerdict.LockedOut locked:
                context.Response.Headers.RetryAfter = Math.Max(1, (long)Math.Ceiling((locked.Until - time.GetUtcNow()).TotalSeconds)).ToString(CultureInfo.InvariantCulture);
                return TypedResults.Problem(
                    statusCode: 429, title: "Too many wrong passwords", detail: $"The account is locked until {locked.Until:u}. Try again then.");
            case PasswordVerdict.NoMembership:
                return TypedResults.Problem(
                    statusCode: 403, title: "No organization", detail: "This account belongs to no organization. Ask an administrator for an invitation.");
            default:
                return TypedResults.Problem(statusCode: 401, title: "Not signed in", detail: "E-mail or password is wrong. Five wrong tries lock the account for 15 minutes.");
        }
    }

    private static async Task<Results<Ok<TokenResponse>, ProblemHttpResult>> RefreshAsync(
        RefreshRequest request, SessionService sessions, CancellationToken cancellationToken) =>
        !string.IsNullOrEmpty(request.RefreshToken) && await sessions.RefreshAsync(request.RefreshToken, cancellationToken) is { } tokens
            ? TypedResults.Ok(Response(tokens))
            : TypedResults.Problem(
                statusCode: 401, title: "Sign in again", detail: "The refresh token is unknown, expired, signed out or was used before. Sign in with e-mail and password.");

    private static async Task<Results<NoContent, ProblemHttpResult>> LogoutAsync(ClaimsPrincipal user, SessionService sessions, CancellationToken cancellationToken)
    {
        if (user.ToApiKeyId() is not null)
        {
            return TypedResults.Problem(
                statusCode: 403, title: "A key does not sign out", detail: "It works until it expires. To end it sooner, an administrator revokes it on the page API keys.");
        }

        if (user.ToSessionId() is { } id)
        {
            await sessions.SignOutAsync(id, cancellationToken);
        }

        return TypedResults.NoContent();
    }

    private static async Task<Results<Ok<MeResponse>, Ok<ApiKeyMeResponse>>> MeAsync(ClaimsPrincipal user, SessionStore sessions, CancellationToken cancellationToken)
    {
        var actor = user.ToActor()!;
        var permissions = Permissions.All.Where(permission => actor.Allows(permission)).ToList();
        var tenantName = user.FindFirstValue(SessionClaims.TenantName) ?? "";
        if (actor.ApiKeyId is { } key)
        {
            return TypedResults.Ok(new ApiKeyMeResponse(
                "apiKey", key, actor.DisplayName, user.FindFirstValue(SessionClaims.ApiKeyPrefix) ?? "",
                DateTimeOffset.Parse(user.FindFirstValue(SessionClaims.ApiKeyExpiresAt)!, CultureInfo.InvariantCulture), actor.TenantId, tenantName, permissions));
        }

        var tenants = await sessions.TenantsOfAsync(actor.UserId!.Value, cancellationToken);
        return TypedResults.Ok(new MeResponse(
            "person", actor.UserId!.Value, user.FindFirstValue(ClaimTypes.Email) ?? "", actor.DisplayName, actor.Role.ToString(), actor.TenantId, tenantName,
            permissions, tenants.Select(tenant => new MeTenant(tenant.Id, tenant.Name, tenant.Role.ToString())).ToList()));
    }

    private static async Task<Results<Ok<TokenResponse>, ProblemHttpResult>> ChangeTenantAsync(
        TenantRequest request, ClaimsPrincipal user, TenantChange change, SessionStore sessions, CurrentUser current, CancellationToken cancellationToken)
    {
        if (user.ToApiKeyId() is not null)
        {
            return TypedResults.Problem(
                statusCode: 403, title: "A key stays in its organization", detail: "It was made for one organization. The other one's administrator can make another key.");
        }

        if (request.TenantId is not { } tenant)
        {
            return TypedResults.Problem(statusCode: 422, title: "Something is missing", detail: "Send tenantId. GET /api/v1/auth/me lists yours.");
        }

        if (user.ToActor()?.UserId is not { } person || await change.FindAsync(person, tenant, cancellationToken) is not { } choice)
        {
            return NoSuchTenant();
        }

        BearerTokens tokens;
        try
        {
            tokens = await sessions.CreateBearerAsync(person, tenant, current.Address, cancellationToken);
        }
        catch (NotAMemberException)
        {
            return NoSuchTenant();
        }

        if (user.ToSessionId() is { } former)
        {
            await sessions.EndAsync(former, cancellationToken);
        }

        await change.RecordAsync(choice, cancellationToken);
        return TypedResults.Ok(Response(tokens));
    }

    private static ProblemHttpResult NoSuchTenant() => TypedResults.Problem(
        statusCode: 404, title: "No such organization", detail: "You belong to no organization of this id. Nothing was changed. GET /api/v1/auth/me lists yours.");

    private static TokenResponse Response(BearerTokens tokens) => new(tokens.AccessToken, tokens.RefreshToken, (int)tokens.Lifetime.TotalSeconds);
}
