using Microsoft.AspNetCore.Identity;
using OffGridFlow.Core.Identity;
using OffGridFlow.Infrastructure.Persistence;
using OffGridFlow.Infrastructure.Persistence.PostgreSql;

namespace OffGridFlow.Infrastructure.Identity;

/// <summary>What became of a try to sign in.</summary>
public abstract record PasswordVerdict
{
    public sealed record SignedIn(Guid UserId, Guid TenantId, string DisplayName) : PasswordVerdict;

    /// <summary>Unknown e-mail or wrong password: never said which.</summary>
    public sealed record Wrong : PasswordVerdict;

    public sealed record LockedOut(DateTimeOffset Until) : PasswordVerdict;

    /// <summary>The person belongs to no organization any more.</summary>
    public sealed record NoMembership : PasswordVerdict;
}

/// <summary>Checks a password. Five wrong ones lock the account for 15 minutes.</summary>
public sealed class PasswordVerifier(UserManager<User> users, Database database, TenantDatabase tenantDatabase, CurrentUser currentUser, TimeProvider time)
{
    public const int WrongPasswordsBeforeLockout = 5;
    public static readonly TimeSpan Lockout = TimeSpan.FromMinutes(15);

    private static readonly User Nobody = new()
    {
        Id = Guid.Empty, Email = "", NormalizedEmail = "", DisplayName = "", CreatedAt = DateTimeOffset.UnixEpoch,
        PasswordHash = new PasswordHasher<User>().HashPassword(null!, Guid.NewGuid().ToString()),
    };

    public async Task<PasswordVerdict> VerifyAsync(string email, string password, CancellationToken cancellationToken)
    {
        // No text of the database holds a NUL.
        var user = email.Contains('\0', StringComparison.Ordinal) ? null : await users.FindByEmailAsync(email.Trim());
        if (user is null)
        {
            // As slow as for a person who exists, so that the answer's time tells nothing.
            await users.CheckPasswordAsync(Nobody, password);
            return new PasswordVerdict.Wrong();
        }

        await using var connection = await database.App.OpenConnectionAsync(cancellationToken);
        var membership = (await connection.ListAsync(
            "select tenant_id, role from memberships_of($1) limit 1", row => (Tenant: row.GetGuid(0), Role: Enum.Parse<TenantRole>(row.GetString(1))),
            cancellationToken, user.Id)).FirstOrDefault();
        var actor = membership == default ? null : new Actor(membership.Tenant, user.Id, user.DisplayName, membership.Role);

        if (user.LockoutEnd > time.GetUtcNow())
        {
            await AuditAsync(actor, "sign-in.refused", user, new { reason = "locked" }, cancellationToken);
            return new PasswordVerdict.LockedOut(user.LockoutEnd.Value);
        }

        if (!await users.CheckPasswordAsync(user, password))
        {
            var lockedUntil = await connection.ScalarAsync<DateTime?>(
                "select count_failed_sign_in($1, $2, $3)", cancellationToken, user.Id, WrongPasswordsBeforeLockout, Lockout);
            await AuditAsync(actor, "sign-in.refused", user, new { reason = "password" }, cancellationToken);
            return lockedUntil is { } until && until > time.GetUtcNow().UtcDateTime
                ? new PasswordVerdict.LockedOut(new DateTimeOffset(until, TimeSpan.Zero))
                : new PasswordVerdict.Wrong();
        }

        if (!await connection.ScalarAsync<bool>("select clear_failed_sign_ins($1)", cancellationToken, user.Id))
        {
            return new PasswordVerdict.LockedOut(time.GetUtcNow() + Lockout);
        }

        if (actor is null)
        {
            return new PasswordVerdict.NoMembership();
        }

        await AuditAsync(actor, "sign-in.succeeded", user, null, cancellationToken);
        return new PasswordVerdict.SignedIn(user.Id, actor.TenantId, user.DisplayName);
    }

    private async Task AuditAsync(Actor? actor, string action, User user, object? details, CancellationToken cancellationToken)
    {
        if (actor is null)
        {
            return;
        }

        // The entry stands under the person's name; the request is not theirs, the less so after a wrong password.
        var present = currentUser.IsSignedIn ? currentUser.Actor : null;
        currentUser.Become(actor);
        try
        {
            await using var unit = await tenantDatabase.OpenAsync(cancellationToken);
            unit.Audit(action, $"user/{user.Id}", details);
            await unit.CommitAsync(cancellationToken);
        }
        finally
        {
            currentUser.Become(present);
        }
    }
}
