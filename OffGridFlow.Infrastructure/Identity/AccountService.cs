using Microsoft.AspNetCore.Identity;
using OffGridFlow.Core.Identity;
using OffGridFlow.Infrastructure.Persistence;
using OffGridFlow.Infrastructure.Persistence.PostgreSql;

namespace OffGridFlow.Infrastructure.Identity;

/// <summary>One of a person's own sessions.</summary>
/// <param name="Address">The network address that signed in; null when it is not known.</param>
public sealed record OwnSession(Guid Id, SessionKind Kind, string TenantName, DateTimeOffset Since, DateTimeOffset Until, string? Address);

/// <summary>What became of the wish for another password.</summary>
public abstract record PasswordOutcome
{
    /// <param name="SignedOut">How many other sessions were ended by it.</param>
    public sealed record Changed(int SignedOut) : PasswordOutcome;

    public sealed record WrongPassword : PasswordOutcome;

    public sealed record LockedOut : PasswordOutcome;

    public sealed record Refused(IReadOnlyList<string> Faults) : PasswordOutcome;
}

/// <summary>What a signed-in person does with their own account, whatever their role.</summary>
public sealed class AccountService(TenantDatabase database, UserManager<User> users, NewPassword passwords, PasswordVerifier verifier, CurrentUser user)
{
    /// <summary>False for a name that cannot be.</summary>
    public async Task<bool> RenameAsync(string name, CancellationToken cancellationToken)
    {
        var (actor, id) = Person();
        name = name.Trim();
        if (!InvitationService.IsName(name))
        {
            return false;
        }

        await using var unit = await database.OpenAsync(cancellationToken);
        await unit.Connection.ExecuteAsync("select rename_user($1, $2)", cancellationToken, id, name);
        unit.Audit("user.renamed", $"user/{id}", null, new { Name = actor.DisplayName }, new { Name = name });
        await unit.CommitAsync(cancellationToken);
        return true;
    }

    /// <summary>Needs the present password; wrong ones count as at sign-in. Ends the person's other sessions.</summary>
    /// <param name="kept">The session that asks.</param>
    public async Task<PasswordOutcome> ChangePasswordAsync(Guid? kept, string present, string chosen, CancellationToken cancellationToken)
    {
        var (_, id) = Person();
        if (await users.FindByIdAsync(id.ToString()) is not { } person)
        {
            // The account is gone: no password is right for it.
            return new PasswordOutcome.WrongPassword();
        }

        switch (await verifier.CheckAsync(person, present, cancellationToken))
        {
            case null:
                break;
            case PasswordVerdict.LockedOut:
                return new PasswordOutcome.LockedOut();
            default:
                return new PasswordOutcome.WrongPassword();
        }

        if (await passwords.FaultsAsync(person, chosen) is { Count: > 0 } faults)
        {
            return new PasswordOutcome.Refused(faults);
        }

        await using var unit = await database.OpenAsync(cancellationToken);
        await unit.Connection.ExecuteAsync(
            "select change_password($1, $2, $3)", cancellationToken, id, passwords.Hash(person, chosen), NewPassword.NewStamp());
        var ended = await EndOthersAsync(unit, id, kept, cancellationToken);
        unit.Audit("password.changed", $"user/{id}", new { otherSessionsEnded = ended });
        await unit.CommitAsync(cancellationToken);
        return new PasswordOutcome.Changed(ended);
    }

    /// <summary>The person's living sessions in all organizations, newest first.</summary>
    public async Task<IReadOnlyList<OwnSession>> ListSessionsAsync(CancellationToken cancellationToken)
    {
        var (_, id) = Person();
        await using var unit = await database.OpenAsync(cancellationToken);
        return await unit.Connection.ListAsync(
            "select id, kind, tenant_name, created_at, expires_at, address from sessions_of($1)",
            row => new OwnSession(
                row.GetGuid(0), Enum.Parse<SessionKind>(row.GetString(1)), row.GetString(2), row.GetFieldValue<DateTimeOffset>(3),
                row.GetFieldValue<DateTimeOffset>(4), row.OptionalText(5)),
            cancellationToken, id);
    }

    /// <summary>Ends the person's sessions but one.</summary>
    /// <returns>How many there were.</returns>
    public async Task<int> SignOutOthersAsync(Guid? kept, CancellationToken cancellationToken)
    {
        var (_, id) = Person();
        await using var unit = await database.OpenAsync(cancellationToken);
        var ended = await EndOthersAsync(unit, id, kept, cancellationToken);
        unit.Audit("sessions.ended", $"user/{id}", new { count = ended });
        await unit.CommitAsync(cancellationToken);
        return ended;
    }

    private static Task<int> EndOthersAsync(TenantUnit unit, Guid person, Guid? kept, CancellationToken cancellationToken) =>
        unit.Connection.ScalarAsync<int>("select end_other_sessions($1, $2)", cancellationToken, person, Sql.Uuid(kept));

    private (Actor Actor, Guid Id) Person() => user.Actor is { UserId: { } id } actor ? (actor, id) : throw new NotSignedInException();
}
