using OffGridFlow.Core.Identity;
using OffGridFlow.Infrastructure.Persistence;
using OffGridFlow.Infrastructure.Persistence.PostgreSql;

namespace OffGridFlow.Infrastructure.Identity;

/// <summary>
/// New tokens for a refresh token, which works once. One that comes again ends the session, and the organization's audit log says so:
/// in the same transaction, because it is the only sign that somebody has a copy.
/// </summary>
public sealed class RefreshRotation(Database database, TenantDatabase tenants, CurrentUser user)
{
    /// <summary>Null when the token is unknown, used before (which ends the session) or expired.</summary>
    public async Task<BearerTokens?> RefreshAsync(string refreshToken, CancellationToken cancellationToken)
    {
        var family = SessionStore.FamilyOf(refreshToken);
        var (familyHash, refreshHash) = (SessionStore.Hash(family), SessionStore.Hash(refreshToken));
        if (await FindAsync(familyHash, cancellationToken) is not { } session)
        {
            return null;
        }

        var tokens = new BearerTokens(SessionStore.NewSecret(), SessionStore.NewRefreshToken(family), SessionStore.AccessLifetime);
        // Nobody is signed in at this endpoint. Who holds the token acts as its person here, and for this alone.
        user.Become(session.Actor);
        await using var unit = await tenants.OpenAsync(cancellationToken);
        var rotated = await unit.Connection.ScalarAsync<Guid?>(
            "select rotate_session($1, $2, $3, $4, $5, $6)", cancellationToken,
            familyHash, refreshHash, SessionStore.Hash(tokens.AccessToken), SessionStore.Hash(tokens.RefreshToken), SessionStore.AccessLifetime,
            SessionStore.RefreshLifetime);
        if (rotated is null && await unit.Connection.ScalarAsync<bool>("select ended_by_reuse($1, $2)", cancellationToken, familyHash, refreshHash))
        {
            unit.Audit("session.refresh-reused", $"user/{session.Actor.UserId}", new { session = session.Id });
        }

        await unit.CommitAsync(cancellationToken);
        return rotated is null ? null : tokens;
    }

    private async Task<(Guid Id, Actor Actor)?> FindAsync(byte[] familyHash, CancellationToken cancellationToken)
    {
        await using var connection = await database.App.OpenConnectionAsync(cancellationToken);
        var rows = await connection.ListAsync(
            "select session_id, user_id, tenant_id, display_name from find_session_of_refresh($1)",
            // Without a right of its own: the actor only names who is written down.
            row => (row.GetGuid(0), new Actor(row.GetGuid(2), row.GetGuid(1), row.GetString(3), TenantRole.Viewer) { Scopes = new HashSet<string>() }),
            cancellationToken, familyHash);
        return rows.Count == 0 ? null : rows[0];
    }
}
