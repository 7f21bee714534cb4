using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Options;
using OffGridFlow.Core.Identity;
using OffGridFlow.Infrastructure.Identity;

namespace OffGridFlow.Web.Features.Identity;

/// <summary>Opaque bearer tokens of the HTTP API, looked up at each request. Nothing in a token can be read or made up by its holder.</summary>
internal sealed class BearerAuthentication(
    IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory logger, UrlEncoder encoder, SessionStore sessions)
    : AuthenticationHandler<AuthenticationSchemeOptions>(options, logger, encoder)
{
    public const string Scheme_ = "Bearer";
    private const string Prefix = "Bearer ";

    protected override async Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        var header = Request.Headers.Authorization.ToString();
        if (!header.StartsWith(Prefix, StringComparison.OrdinalIgnoreCase))
        {
            return AuthenticateResult.NoResult();
        }

        var session = await sessions.FindAsync(header[Prefix.Length..].Trim(), SessionKind.Bearer, Context.RequestAborted);
        return session is null
            ? AuthenticateResult.Fail("The access token is unknown, expired or signed out.")
            : AuthenticateResult.Success(new AuthenticationTicket(session.ToPrincipal(Scheme.Name), Scheme.Name));
    }

    protected override async Task HandleChallengeAsync(AuthenticationProperties properties)
    {
        Response.Headers.WWWAuthenticate = Scheme_;
        await Results.Problem(
            statusCode: StatusCodes.Status401Unauthorized, title: "Sign in first",
            detail: "Send an access token as “Authorization: Bearer …”. POST /api/v1/auth/login gives one; POST /api/v1/auth/refresh renews it. A machine sends a key as “X-Api-Key: ogf_…”.").ExecuteAsync(Context);
    }

    protected override async Task HandleForbiddenAsync(AuthenticationProperties properties) => await Results.Problem(
        statusCode: StatusCodes.Status403Forbidden, title: "Not allowed",
        detail: "Your role does not carry the permission that this needs. An administrator of your organization can change roles.").ExecuteAsync(Context);
}
