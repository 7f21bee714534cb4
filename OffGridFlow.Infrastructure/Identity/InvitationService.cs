using System.Net.Mail;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using OffGridFlow.Core.Identity;
using OffGridFlow.Infrastructure.Persistence;
using OffGridFlow.Infrastructure.Persistence.PostgreSql;

namespace OffGridFlow.Infrastructure.Identity;

/// <summary>An invitation that nobody has accepted yet.</summary>
public sealed record InvitationRow(Guid Id, string Email, TenantRole Role, string CreatedBy, DateTimeOffset CreatedAt, DateTimeOffset ExpiresAt);

/// <summary>What became of the wish to invite somebody.</summary>
public abstract record InviteOutcome
{
    /// <param name="Token">The link's secret; told now and never again.</param>
    public sealed record Invited(InvitationRow Invitation, string Token) : InviteOutcome;

    public sealed record BadEmail : InviteOutcome;

    /// <summary>The address belongs to somebody who is in already.</summary>
    public sealed record IsMember(string Name, MembershipState State) : InviteOutcome
    {
        public string Reason => State == MembershipState.Disabled
            ? $"{Name} belongs to this organization and is disabled. Enable them in the list instead of inviting them."
            : $"{Name} belongs to this organization already. Change the role in the list instead of inviting them.";
    }
}

/// <summary>Where a link leads.</summary>
public sealed record InvitationOffer(Guid TenantId, string TenantName, string Email, TenantRole Role, string InvitedBy, LinkState State, Guid? AccountId);

public enum LinkState
{
    Open,
    Expired,

    /// <summary>Unknown, used, withdrawn or replaced: never said which.</summary>
    Gone,
}

/// <summary>What became of a try to accept.</summary>
public abstract record AcceptOutcome
{
    public sealed record Accepted(Guid UserId, Guid TenantId, string DisplayName) : AcceptOutcome;

    public sealed record Gone : AcceptOutcome;

    /// <summary>Somebody has an account with the address since the page was opened: its password is asked for.</summary>
    public sealed record HasAccount : AcceptOutcome;

    public sealed record WrongPassword : AcceptOutcome;

    public sealed record LockedOut : AcceptOutcome;

    /// <summary>What is wrong with the name or password that was chosen, in sentences.</summary>
    public sealed record Refused(IReadOnlyList<string> Faults) : AcceptOutcome;
}

/// <summary>Links that let people into an organization.</summary>
public sealed class InvitationService(
    TenantDatabase tenantDatabase, Database database, UserManager<User> users, NewPassword passwords, PasswordVerifier verifier, CurrentUser user, TimeProvider time)
{
    /// <summary>Those that can be accepted or have expired; newest first.</summary>
    public async Task<IReadOnlyList<InvitationRow>> ListAsync(CancellationToken cancellationToken)
    {
        user.Require(Permissions.AdministrationWrite);
        await using var unit = await tenantDatabase.OpenAsync(cancellationToken);
        return await unit.Context.Invitations.Where(invitation => invitation.AcceptedAt == null && invitation.RevokedAt == null)
            .OrderByDescending(invitation => invitation.CreatedAt)
            .Select(invitation => new InvitationRow(
                invitation.Id, invitation.Email, invitation.Role, invitation.CreatedBy, invitation.CreatedAt, invitation.ExpiresAt))
            .ToListAsync(cancellationToken);
    }

    /// <summary>Makes a link for an address. One that is open for the address already dies: the newest link is the one that counts.</summary>
    public async Task<InviteOutcome> InviteAsync(string email, TenantRole role, CancellationToken cancellationToken)
    {
        var actor = user.Require(Permissions.AdministrationWrite);
        email = email.Trim();
        if (!IsEmail(email))
        {
            return new InviteOutcome.BadEmail();
        }

        var account = await users.FindByEmailAsync(email);
        var normalized = users.NormalizeEmail(email)!;
        await using var unit = await tenantDatabase.OpenAsync(cancellationToken);
        // Two links for one address at the same moment: the second replaces the first.
        await unit.Connection.ExecuteAsync(
            "select pg_advisory_xact_lock(hashtextextended('offgridflow.invitation ' || $1 || ' ' || $2, 0))", cancellationToken,
            actor.TenantId.ToString(), normalized);
        if (account is not null)
        {
            var state = await unit.Context.Memberships.Where(membership => membership.UserId == account.Id)
                .Select(membership => (MembershipState?)membership.State).SingleOrDefaultAsync(cancellationToken);
            if (state is MembershipState.Active or MembershipState.Disabled)
            {
                return new InviteOutcome.IsMember(account.DisplayName, state.Value);
            }
        }

        var now = time.GetUtcNow();
        var replaced = await Open(unit).Where(invitation => invitation.NormalizedEmail == normalized)
            .ExecuteUpdateAsync(set => set.SetProperty(invitation => invitation.RevokedAt, now), cancellationToken);
        var token = LinkSecret.New();
        var made = new Invitation
        {
            Id = Guid.CreateVersion7(now), TenantId = actor.TenantId, Email = email, NormalizedEmail = normalized, Role = role,
            TokenHash = LinkSecret.Hash(token), CreatedById = actor.UserId, CreatedBy = actor.DisplayName, CreatedAt = now, ExpiresAt = now + Invitation.Lifetime,
        };
        unit.Context.Invitations.Add(made);
        unit.Audit("invitation.created", $"invitation/{made.Id}", new { made.Email, made.Role, made.ExpiresAt, replacesOlderLink = replaced > 0 });
        await unit.CommitAsync(cancellationToken);
        return new InviteOutcome.Invited(new InvitationRow(made.Id, made.Email, made.Role, made.CreatedBy, made.CreatedAt, made.ExpiresAt), token);
    }

    /// <summary>A new link in place of one that was lost or has expired, for the same address and role. Null when there is none.</summary>
    public async Task<InviteOutcome?> RenewAsync(Guid id, CancellationToken cancellationToken)
    {
        user.Require(Permissions.AdministrationWrite);
        var former = (await ListAsync(cancellationToken)).SingleOrDefault(invitation => invitation.Id == id);
        return former is null ? null : await InviteAsync(former.Email, former.Role, cancellationToken);
    }

    /// <summary>False when there is no such open invitation.</summary>
    public async Task<bool> RevokeAsync(Guid id, CancellationToken cancellationToken)
    {
        user.Require(Permissions.AdministrationWrite);
        await using var unit = await tenantDatabase.OpenAsync(cancellationToken);
        var now = time.GetUtcNow();
        var email = await Open(unit).Where(invitation => invitation.Id == id).Select(invitation => invitation.Email).SingleOrDefaultAsync(cancellationToken);
        if (await Open(unit).Where(invitation => invitation.Id == id)
            .ExecuteUpdateAsync(set => set.SetProperty(invitation => invitation.RevokedAt, now), cancellationToken) == 0)
        {
            return false;
        }

        unit.Audit("invitation.revoked", $"invitation/{id}", new { Email = email });
        await unit.CommitAsync(cancellationToken);
        return true;
    }

    /// <summary>Where a link leads; null for a secret that is none. Asks for no sign-in: the secret is the proof.</summary>
    public async Task<InvitationOffer?> FindAsync(string token, CancellationToken cancellationToken)
    {
        await using var connection = await database.App.OpenConnectionAsync(cancellationToken);
        return (await connection.ListAsync(
            "select tenant_id, tenant_name, email, role, invited_by, state, account from find_invitation($1)",
            row => new InvitationOffer(
                row.GetGuid(0), row.GetString(1), row.GetString(2), Enum.Parse<TenantRole>(row.GetString(3)), row.GetString(4),
                Enum.Parse<LinkState>(row.GetString(5)), row.Optional<Guid>(6)),
            cancellationToken, LinkSecret.Hash(token))).SingleOrDefault();
    }

    /// <summary>For somebody who has no account: makes it.</summary>
    public async Task<AcceptOutcome> AcceptAsNewAsync(string token, string displayName, string password, CancellationToken cancellationToken)
    {
        if (await FindAsync(token, cancellationToken) is not { State: LinkState.Open } offer)
        {
            return new AcceptOutcome.Gone();
        }

        if (offer.AccountId is not null)
        {
            return new AcceptOutcome.HasAccount();
        }

        var person = new User
        {
            Id = Guid.CreateVersion7(time.GetUtcNow()), Email = offer.Email, NormalizedEmail = users.NormalizeEmail(offer.Email)!,
            DisplayName = displayName.Trim(), CreatedAt = time.GetUtcNow(),
        };
        var faults = await passwords.FaultsAsync(person, password);
        if (!IsName(person.DisplayName))
        {
            faults = ["Enter your name: 1 to 200 characters.", .. faults];
        }

        return faults.Count > 0
            ? new AcceptOutcome.Refused(faults)
            : await AcceptAsync(token, offer, person, passwords.Hash(person, password), cancellationToken);
    }

    /// <summary>For somebody who has an account: its password proves it, and a wrong one counts as at sign-in.</summary>
    public async Task<AcceptOutcome> AcceptWithPasswordAsync(string token, string password, CancellationToken cancellationToken)
    {
        if (await FindAsync(token, cancellationToken) is not { State: LinkState.Open } offer || await users.FindByEmailAsync(offer.Email) is not { } person)
        {
            return new AcceptOutcome.Gone();
        }

        return await verifier.CheckAsync(person, password, cancellationToken) switch
        {
            null => await AcceptAsync(token, offer, person, null, cancellationToken),
            PasswordVerdict.LockedOut => new AcceptOutcome.LockedOut(),
            _ => new AcceptOutcome.WrongPassword(),
        };
    }

    /// <summary>For the person of the present session.</summary>
    public async Task<AcceptOutcome> AcceptAsSignedInAsync(string token, CancellationToken cancellationToken)
    {
        var present = user.Actor.UserId;
        return await FindAsync(token, cancellationToken) is { State: LinkState.Open } offer && offer.AccountId == present
            && await users.FindByEmailAsync(offer.Email) is { } person
            ? await AcceptAsync(token, offer, person, null, cancellationToken)
            : new AcceptOutcome.Gone();
    }

    /// <summary>Whether a name may stand in lists and in the audit log.</summary>
    internal static bool IsName(string name) => name.Trim().Length is > 0 and <= User.DisplayNameLength && !name.Any(char.IsControl);

    private async Task<AcceptOutcome> AcceptAsync(string token, InvitationOffer offer, User person, string? newPasswordHash, CancellationToken cancellationToken)
    {
        // The secret has named the organization, as a password does at sign-in.
        using var acting = user.ActAs(new Actor(offer.TenantId, person.Id, person.DisplayName, offer.Role));
        await using var unit = await tenantDatabase.OpenAsync(cancellationToken);
        var outcome = await unit.Connection.ScalarAsync<string>(
            "select accept_invitation($1, $2, $3, $4, $5)", cancellationToken,
            LinkSecret.Hash(token), person.Id, person.DisplayName, Sql.Text(newPasswordHash), NewPassword.NewStamp());
        switch (outcome)
        {
            case "Accepted":
                unit.Audit(
                    "invitation.accepted", $"user/{person.Id}", new { person.Email, offer.Role, offer.InvitedBy, newAccount = newPasswordHash is not null });
                await unit.CommitAsync(cancellationToken);
                return new AcceptOutcome.Accepted(person.Id, offer.TenantId, person.DisplayName);
            case "HasAccount":
                return new AcceptOutcome.HasAccount();
            default:
                return new AcceptOutcome.Gone();
        }
    }

    private static IQueryable<Invitation> Open(TenantUnit unit) =>
        unit.Context.Invitations.Where(invitation => invitation.AcceptedAt == null && invitation.RevokedAt == null);

    private static bool IsEmail(string email) =>
        email.Length <= User.EmailLength && !email.Any(char.IsControl) && MailAddress.TryCreate(email, out var parsed) && parsed.Address == email;
}
