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
public sealed class PasswordVerifier(
    UserManager<User> users, Database database, TenantDatabase tenantDatabase, SessionStore sessions, CurrentUser currentUser, TimeProvider time)
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

        if (await CheckAsync(user, password, cancellationToken) is { } refusal)
        {
            return refusal;
        }

        // The one that the person was in last.
        if (await sessions.TenantsOfAsync(user.Id, cancellationToken) is not [var tenant, ..])
        {
            return new PasswordVerdict.NoMembership();
        }

        await AuditAsync(tenant, "sign-in.succeeded", user, null, cancellationToken);
        return new PasswordVerdict.SignedIn(user.Id, tenant.Id, user.DisplayName);
    }

    /// <summary>
    /// Counts a wrong password of a known person as one at sign-in. It stands in the log of every organization that the person belongs
    /// to: each of them relies on this password.
    /// </summary>
    /// <returns>Null for the right one.</returns>
    internal async Task<PasswordVerdict?> CheckAsync(User user, string password, CancellationToken cancellationToken)
    {
        if (user.LockoutEnd > time.GetUtcNow())
        {
            await AuditRefusalAsync(user, "locked", cancellationToken);
            return new PasswordVerdict.LockedOut(user.LockoutEnd.Value);
        }

        await using var connection = await database.App.OpenConnectionAsync(cancellationToken);
        if (!await users.CheckPasswordAsync(user, password))
        {
            var lockedUntil = await connection.ScalarAsync<DateTime?>(
                "select count_failed_sign_in($1, $2, $3)", cancellationToken, user.Id, WrongPasswordsBeforeLockout, Lockout);
            await AuditRefusalAsync(user, "password", cancellationToken);

            return lockedUntil is { } until && until > time.GetUtcNow().UtcDateTime
                ? new PasswordVerdict.LockedOut(new DateTimeOffset(until, TimeSpan.Zero))
                : new PasswordVerdict.Wrong();
        }

        return await connection.ScalarAsync<bool>("select clear_failed_sign_ins($1)", cancellationToken, user.Id)
            ? null
            : new PasswordVerdict.LockedOut(time.GetUtcNow() + Lockout);
    }

    private async Task AuditRefusalAsync(User user, string reason, CancellationToken cancellationToken)
    {
        foreach (var tenant in await sessions.TenantsOfAsync(user.Id, cancellationToken))
        {
            await AuditAsync(tenant, "sign-in.refused", user, new { reason }, cancellationToken);
        }
    }

    private async Task AuditAsync(TenantChoice tenant, string action, User user, object? details, CancellationToken cancellationToken)
    {
        // The entry stands under the person's name; the request is not theirs, the less so after a wrong password.
        using var acting = currentUser.ActAs(new Actor(tenant.Id, user.Id, user.DisplayName, tenant.Role));
        await using var unit = await tenantDatabase.OpenAsync(cancellationToken);
        unit.Audit(action, $"user/{user.Id}", details);
        await unit.CommitAsync(cancellationToken);
    }
}
