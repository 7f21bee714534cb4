using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.StaticAssets;
using OffGridFlow.Core.Identity;
using OffGridFlow.Infrastructure.Identity;

namespace OffGridFlow.Web.Features.Identity;

/// <summary>
/// Keeps the cookie down to a key of a session in the database. Ending the session there ends it for every copy of the cookie, and
/// a change of role or name is seen at the next request.
/// </summary>
internal sealed class SessionTicketStore(SessionStore sessions, TimeProvider time) : ITicketStore
{
    public Task<string> StoreAsync(AuthenticationTicket ticket) => CreateAsync(ticket, null, CancellationToken.None);

    public Task<string> StoreAsync(AuthenticationTicket ticket, HttpContext httpContext, CancellationToken cancellationToken) =>
        CreateAsync(ticket, httpContext.Connection.RemoteIpAddress?.ToString(), cancellationToken);

    public async Task RenewAsync(string key, AuthenticationTicket ticket)
    {
        if (ticket.Principal.ToSessionId() is { } id)
        {
            await sessions.ExtendCookieAsync(id, CancellationToken.None);
        }
    }

    /// <summary>
    /// The error page and what it is made of come without the database, which may be what failed: style sheets and scripts are for
    /// everybody, and the error page keeps the person that the failed request knew.
    /// </summary>
    public Task<AuthenticationTicket?> RetrieveAsync(string key, HttpContext httpContext, CancellationToken cancellationToken) =>
        httpContext.Features.Get<IExceptionHandlerFeature>() is not null || httpContext.GetEndpoint()?.Metadata.GetMetadata<StaticAssetDescriptor>() is not null
            ? Task.FromResult<AuthenticationTicket?>(null)
            : RetrieveAsync(key);

    public async Task<AuthenticationTicket?> RetrieveAsync(string key)
    {
        var session = await sessions.FindAsync(key, SessionKind.Cookie, CancellationToken.None);
        if (session is null)
        {
            return null;
        }

        if (session.ExpiresAt - time.GetUtcNow() < SessionStore.CookieLifetime - TimeSpan.FromHours(1))
        {
            await sessions.ExtendCookieAsync(session.SessionId, CancellationToken.None);
        }

        return new AuthenticationTicket(
            session.ToPrincipal(CookieAuthenticationDefaults.AuthenticationScheme), CookieAuthenticationDefaults.AuthenticationScheme);
    }

    public async Task RemoveAsync(string key)
    {
        if (await sessions.FindAsync(key, SessionKind.Cookie, CancellationToken.None) is { } session)
        {
            await sessions.EndAsync(session.SessionId, CancellationToken.None);
        }
    }

    private async Task<string> CreateAsync(AuthenticationTicket ticket, string? address, CancellationToken cancellationToken)
    {
        var actor = ticket.Principal.ToActor() ?? throw new InvalidOperationException("A session needs a person and a tenant.");
        return await sessions.CreateCookieAsync(actor.UserId!.Value, actor.TenantId, address, cancellationToken);
    }
}
