using System.Globalization;
using System.Security.Claims;
using OffGridFlow.Core.Identity;
using OffGridFlow.Infrastructure.Identity;

namespace OffGridFlow.Web.Features.Identity;

/// <summary>A session as claims and back. The claims are made afresh from the database at each request, never read from the caller.</summary>
public static class SessionClaims
{
    public const string SessionId = "session_id";
    /// <summary>The network address of the request; a circuit keeps the one of the request that opened it.</summary>
    public const string Address = "address";
    public const string TenantId = "tenant_id";
    public const string TenantName = "tenant_name";
    public const string TenantDemo = "tenant_demo";
    public const string ApiKeyId = "api_key_id";
    public const string ApiKeyPrefix = "api_key_prefix";
    public const string ApiKeyExpiresAt = "api_key_expires_at";
    public const string Scope = "scope";

    /// <summary>Whether the person could change to another organization.</summary>
    public const string OtherTenants = "other_tenants";

    public static ClaimsPrincipal ToPrincipal(this SessionIdentity session, string scheme) => new(new ClaimsIdentity(
        [
            new Claim(SessionId, session.SessionId.ToString()),
            new Claim(ClaimTypes.NameIdentifier, session.UserId.ToString()),
            new Claim(TenantId, session.TenantId.ToString()),
            new Claim(ClaimTypes.Name, session.DisplayName),
            new Claim(ClaimTypes.Email, session.Email),
            new Claim(ClaimTypes.Role, session.Role.ToString()),
            new Claim(TenantName, session.TenantName),
            new Claim(TenantDemo, session.TenantIsDemo.ToString(CultureInfo.InvariantCulture).ToLowerInvariant()),
            new Claim(OtherTenants, session.HasOtherTenants.ToString(CultureInfo.InvariantCulture).ToLowerInvariant()),
        ],
        scheme, ClaimTypes.Name, ClaimTypes.Role));

    /// <summary>A key is no person: it has neither a user's id nor a session.</summary>
    public static ClaimsPrincipal ToPrincipal(this ApiKeyIdentity key, string scheme) => new(new ClaimsIdentity(
        [
            new Claim(ApiKeyId, key.Id.ToString()),
            new Claim(ApiKeyPrefix, key.Prefix),
            new Claim(ApiKeyExpiresAt, key.ExpiresAt.ToString("O", CultureInfo.InvariantCulture)),
            new Claim(TenantId, key.TenantId.ToString()),
            new Claim(ClaimTypes.Name, key.Name),
            new Claim(ClaimTypes.Role, key.ToActor().Role.ToString()),
            new Claim(TenantName, key.TenantName),
            new Claim(TenantDemo, key.TenantIsDemo.ToString(CultureInfo.InvariantCulture).ToLowerInvariant()),
            .. key.Scopes.Select(scope => new Claim(Scope, scope)),
        ],
        scheme, ClaimTypes.Name, ClaimTypes.Role));

    /// <summary>The actor behind a principal, or null when nobody is signed in.</summary>
    public static Actor? ToActor(this ClaimsPrincipal principal) => principal.ToApiKeyId() is { } key ? KeyOf(principal, key) : PersonOf(principal);

    public static Guid? ToApiKeyId(this ClaimsPrincipal principal) =>
        principal.Identity is { IsAuthenticated: true } && Guid.TryParse(principal.FindFirstValue(ApiKeyId), out var id) ? id : null;

    private static Actor? KeyOf(ClaimsPrincipal principal, Guid key) =>
        Guid.TryParse(principal.FindFirstValue(TenantId), out var tenantId) && Enum.TryParse<TenantRole>(principal.FindFirstValue(ClaimTypes.Role), out var role)
            ? new Actor(tenantId, null, principal.FindFirstValue(ClaimTypes.Name) ?? "", role)
            {
                ApiKeyId = key, Scopes = principal.FindAll(Scope).Select(claim => claim.Value).ToHashSet(),
            }
            : null;

    private static Actor? PersonOf(ClaimsPrincipal principal) =>
        principal.Identity is { IsAuthenticated: true }
        && Guid.TryParse(principal.FindFirstValue(TenantId), out var tenantId)
        && Guid.TryParse(principal.FindFirstValue(ClaimTypes.NameIdentifier), out var userId)
        && Enum.TryParse<TenantRole>(principal.FindFirstValue(ClaimTypes.Role), out var role)
            ? new Actor(tenantId, userId, principal.FindFirstValue(ClaimTypes.Name) ?? "", role)
            : null;

    public static Guid? ToSessionId(this ClaimsPrincipal principal) =>
        Guid.TryParse(principal.FindFirstValue(SessionId), out var id) ? id : null;
}
