using Microsoft.EntityFrameworkCore;
using OffGridFlow.Core.Identity;
using OffGridFlow.Infrastructure.Persistence;
using OffGridFlow.Infrastructure.Persistence.PostgreSql;

namespace OffGridFlow.Infrastructure.Identity;

/// <summary>What became of the wish for a reset link.</summary>
public abstract record ResetLinkOutcome
{
    /// <param name="Token">The link's secret; told now and never again.</param>
    public sealed record Made(string Token, DateTimeOffset ExpiresAt) : ResetLinkOutcome;

    /// <summary>No active member of this organization.</summary>
    public sealed record Gone : ResetLinkOutcome;

    /// <summary>The account opens another organization too, which this one's administrators must not get into.</summary>
    public sealed record BelongsElsewhere : ResetLinkOutcome
    {
        public const string Reason =
            "This person also belongs to another organization, and a new password would open that one too. They can change the password themselves under “Your account”, or ask the operator of the server.";
    }
}

/// <summary>Where a reset link leads.</summary>
public sealed record ResetOffer(Guid TenantId, string TenantName, Guid UserId, string Email, string DisplayName, TenantRole Role, LinkState State);

/// <summary>What became of a try to set a password by a link.</summary>
public abstract record ResetOutcome
{
    public sealed record Done : ResetOutcome;

    public sealed record Gone : ResetOutcome;

    public sealed record Refused(IReadOnlyList<string> Faults) : ResetOutcome;
}

/// <summary>Links by which people who forgot their password choose another.</summary>
public sealed class PasswordResetService(TenantDatabase tenantDatabase, Database database, NewPassword passwords, CurrentUser user, TimeProvider time)
{
    /// <summary>Makes a link for an active member; an older one that was not used dies.</summary>
    public async Task<ResetLinkOutcome> CreateAsync(Guid userId, CancellationToken cancellationToken)
    {
        var actor = user.Require(Permissions.AdministrationWrite);
        await using var unit = await tenantDatabase.OpenAsync(cancellationToken);
        if (!await unit.Context.Memberships.AnyAsync(membership => membership.UserId == userId && membership.State == MembershipState.Active, cancellationToken))
        {
            return new ResetLinkOutcome.Gone();
        }

        if (await unit.Connection.ScalarAsync<bool>("select belongs_elsewhere($1)", cancellationToken, userId))
        {
            return new ResetLinkOutcome.BelongsElsewhere();
        }

        var now = time.GetUtcNow();
        await unit.Context.PasswordResets.Where(reset => reset.UserId == userId && reset.UsedAt == null && reset.RevokedAt == null)
            .ExecuteUpdateAsync(set => set.SetProperty(reset => reset.RevokedAt, now), cancellationToken);
        var token = LinkSecret.New();
        var made = new PasswordReset
        {
            Id = Guid.CreateVersion7(now), TenantId = actor.TenantId, UserId = userId, TokenHash = LinkSecret.Hash(token), CreatedById = actor.UserId,
            CreatedBy = actor.DisplayName, CreatedAt = now, ExpiresAt = now + PasswordReset.Lifetime,
        };
        unit.Context.PasswordResets.Add(made);
        unit.Audit("password.reset-link-created", $"user/{userId}", new { made.ExpiresAt });
        await unit.CommitAsync(cancellationToken);
        return new ResetLinkOutcome.Made(token, made.ExpiresAt);
    }

    /// <summary>Where a link leads; null for a secret that is none. Asks for no sign-in: the secret is the proof.</summary>
    public async Task<ResetOffer?> FindAsync(string token, CancellationToken cancellationToken)
    {
        await using var connection = await database.App.OpenConnectionAsync(cancellationToken);
        return (await connection.ListAsync(
            "select tenant_id, tenant_name, user_id, email, display_name, role, state from find_password_reset($1)",
            row => new ResetOffer(
                row.GetGuid(0), row.GetString(1), row.GetGuid(2), row.GetString(3), row.GetString(4), Enum.Parse<TenantRole>(row.GetString(5)),
                Enum.Parse<LinkState>(row.GetString(6))),
            cancellationToken, LinkSecret.Hash(token))).SingleOrDefault();
    }

    /// <summary>Sets the password and ends all sessions of the person.</summary>
    public async Task<ResetOutcome> UseAsync(string token, string password, CancellationToken cancellationToken)
    {
        if (await FindAsync(token, cancellationToken) is not { State: LinkState.Open } offer)
        {
            return new ResetOutcome.Gone();
        }

        var person = new User
        {
            Id = offer.UserId, Email = offer.Email, NormalizedEmail = offer.Email, DisplayName = offer.DisplayName, CreatedAt = time.GetUtcNow(),
        };
        if (await passwords.FaultsAsync(person, password) is { Count: > 0 } faults)
        {
            return new ResetOutcome.Refused(faults);
        }

        // The secret has named the organization, as a password does at sign-in.
        using var acting = user.ActAs(new Actor(offer.TenantId, offer.UserId, offer.DisplayName, offer.Role));
        await using var unit = await tenantDatabase.OpenAsync(cancellationToken);
        var outcome = await unit.Connection.ScalarAsync<string>(
            "select use_password_reset($1, $2, $3)", cancellationToken, LinkSecret.Hash(token), passwords.Hash(person, password), NewPassword.NewStamp());
        if (outcome != "Done")
        {
            return new ResetOutcome.Gone();
        }

        unit.Audit("password.reset", $"user/{offer.UserId}");
        await unit.CommitAsync(cancellationToken);
        return new ResetOutcome.Done();
    }
}
