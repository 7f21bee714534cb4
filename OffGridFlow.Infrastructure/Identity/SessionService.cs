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

    /// <summary>New tokens for a refresh token; null when it is unknown, used before (which ends the session) or expired.</summary>
    public async Task<BearerTokens?> RefreshAsync(string refreshToken, CancellationToken cancellationToken)
    {
        if (await sessions.FindPersonAsync(refreshToken, cancellationToken) is not { } person)
        {
            return await sessions.RefreshAsync(refreshToken, cancellationToken);
        }

        // The entry stands under the person's name; the request is nobody's.
        var present = currentUser.IsSignedIn ? currentUser.Actor : null;
        currentUser.Become(person);
        try
        {
            await using var unit = await tenantDatabase.OpenAsync(cancellationToken);
            var tokens = await SessionStore.RefreshAsync(unit.Connection, refreshToken, cancellationToken);
            if (tokens is null)
            {
                // The session lived a moment ago, so it was not its present token: somebody has a copy.
                unit.Audit("refresh-token.reused", $"user/{person.UserId}", new { session = "ended" });
            }

            await unit.CommitAsync(cancellationToken);
            return tokens;
        }
        finally
        {
            currentUser.Become(present);
        }
    }
}
