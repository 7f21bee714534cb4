using OffGridFlow.Core.Identity;
using OffGridFlow.Infrastructure.Persistence;
using OffGridFlow.Infrastructure.Persistence.PostgreSql;

namespace OffGridFlow.Infrastructure.Identity;

/// <summary>Ends and renews sessions where that is something to be written to the audit log, in one transaction with it.</summary>
public sealed class SessionService(SessionStore sessions, TenantDatabase tenantDatabase, CurrentUser currentUser)
{
    /// <summary>The current user signs out.</summary>
    /// <exception cref="NotSignedInException">Nobody is signed in.</exception>
    public async Task SignOutAsync(Guid sessionId, CancellationToken cancellationToken)
    {
        await using var unit = await tenantDatabase.OpenAsync(cancellationToken);
        await unit.Connection.ExecuteAsync("select end_session($1)", cancellationToken, sessionId);
        unit.Audit("sign-out.succeeded", $"user/{unit.Actor.UserId}");
        await unit.CommitAsync(cancellationToken);
    }

    /// <summary>
    /// New tokens for a refresh token, which works once; null when it is unknown, used before or expired. One that comes again ends the
    /// session, and the organization's audit log says so: it is the only sign that somebody has a copy.
    /// </summary>
    public async Task<BearerTokens?> RefreshAsync(string refreshToken, CancellationToken cancellationToken)
    {
        var family = SessionStore.FamilyOf(refreshToken);
        var (familyHash, refreshHash) = (LinkSecret.Hash(family), LinkSecret.Hash(refreshToken));
        if (await sessions.FindOfRefreshAsync(familyHash, cancellationToken) is not { } session)
        {
            return null;
        }

        var tokens = new BearerTokens(LinkSecret.New(), SessionStore.NewRefreshToken(family), SessionStore.AccessLifetime);
        // Nobody is signed in at this endpoint. Who holds the token acts as its person here, and for this alone.
        using var acting = currentUser.ActAs(session.Actor);
        await using var unit = await tenantDatabase.OpenAsync(cancellationToken);
        var rotated = await unit.Connection.ScalarAsync<Guid?>(
            "select rotate_session($1, $2, $3, $4, $5, $6)", cancellationToken,
            familyHash, refreshHash, LinkSecret.Hash(tokens.AccessToken), LinkSecret.Hash(tokens.RefreshToken), SessionStore.AccessLifetime,
            SessionStore.RefreshLifetime);
        if (rotated is null && await unit.Connection.ScalarAsync<bool>("select ended_by_reuse($1, $2)", cancellationToken, familyHash, refreshHash))
        {
            unit.Audit("session.refresh-reused", $"user/{session.Actor.UserId}", new { session = session.Id });
        }

        await unit.CommitAsync(cancellationToken);
        return rotated is null ? null : tokens;
    }
}
