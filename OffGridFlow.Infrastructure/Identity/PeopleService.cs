using Microsoft.EntityFrameworkCore;
using OffGridFlow.Core.Identity;
using OffGridFlow.Infrastructure.Persistence;
using OffGridFlow.Infrastructure.Persistence.PostgreSql;

namespace OffGridFlow.Infrastructure.Identity;

/// <summary>A member of the present organization, or somebody who was one.</summary>
/// <param name="Since">When the person joined.</param>
/// <param name="LastSeenAt">To the hour; null for somebody who has not been here yet.</param>
/// <param name="Version">To be given back with a change.</param>
public sealed record PersonRow(
    Guid Id, string Name, string Email, TenantRole Role, MembershipState State, DateTimeOffset Since, DateTimeOffset? LastSeenAt, int Version);

/// <summary>What became of a change to a person.</summary>
public abstract record PersonChange
{
    public sealed record Changed(PersonRow Person) : PersonChange;

    /// <summary>Nobody of this organization, or removed.</summary>
    public sealed record Gone : PersonChange;

    /// <summary>Somebody else changed the person first; nothing was changed now.</summary>
    public sealed record Stale : PersonChange;

    /// <summary>It would leave nobody who can administer.</summary>
    public sealed record LastAdministrator : PersonChange
    {
        public const string Reason =
            "This is the only active administrator: without one, nobody could invite people or change roles. Make somebody else an administrator first, then try again.";
    }
}

/// <summary>The people of the present organization, and what they may do. For administrators.</summary>
public sealed class PeopleService(TenantDatabase database, CurrentUser user)
{
    /// <summary>Whether the present person still may: a change may have been about themselves.</summary>
    public bool MayAdminister => user.IsSignedIn && user.Actor.Allows(Permissions.AdministrationWrite);

    /// <summary>By name; the removed last.</summary>
    public async Task<IReadOnlyList<PersonRow>> ListAsync(CancellationToken cancellationToken)
    {
        user.Require(Permissions.AdministrationWrite);
        await using var unit = await database.OpenAsync(cancellationToken);
        var people = await Rows(unit, unit.Context.Memberships).ToListAsync(cancellationToken);
        return [.. people.OrderBy(person => person.State == MembershipState.Removed).ThenBy(person => person.Name, StringComparer.CurrentCultureIgnoreCase).ThenBy(person => person.Id)];
    }

    public async Task<PersonRow?> FindAsync(Guid id, CancellationToken cancellationToken)
    {
        user.Require(Permissions.AdministrationWrite);
        await using var unit = await database.OpenAsync(cancellationToken);
        return await FindAsync(unit, id, cancellationToken);
    }

    /// <summary>Gives a member a role and a state. Who is disabled is signed out of this organization at once, and of no other.</summary>
    /// <param name="version">The one that was seen.</param>
    /// <param name="state">Not <see cref="MembershipState.Removed"/>: that is <see cref="RemoveAsync"/>.</param>
    public Task<PersonChange> ChangeAsync(Guid id, int version, TenantRole role, MembershipState state, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfEqual(state, MembershipState.Removed);
        return ChangeAsync(id, version, role, state, removing: false, cancellationToken);
    }

    /// <summary>Ends the membership. What the person did stays, under their name.</summary>
    public Task<PersonChange> RemoveAsync(Guid id, int version, CancellationToken cancellationToken) =>
        ChangeAsync(id, version, TenantRole.Viewer, MembershipState.Removed, removing: true, cancellationToken);

    private async Task<PersonChange> ChangeAsync(
        Guid id, int version, TenantRole role, MembershipState state, bool removing, CancellationToken cancellationToken)
    {
        var actor = user.Require(Permissions.AdministrationWrite);
        await using var unit = await database.OpenAsync(cancellationToken);
        if (removing)
        {
            // The role that they had stays readable beside the name.
            role = (await FindAsync(unit, id, cancellationToken))?.Role ?? role;
        }

        var (outcome, formerRole, formerState) = (await unit.Connection.ListAsync(
            "select outcome, former_role, former_state from change_membership($1, $2, $3, $4, $5)",
            row => (row.GetString(0), row.OptionalText(1), row.OptionalText(2)), cancellationToken,
            Sql.Uuid(actor.UserId), id, version, role.ToString(), state.ToString())).Single();
        switch (outcome)
        {
            case "Gone":
                return new PersonChange.Gone();
            case "Stale":
                return new PersonChange.Stale();
            case "LastAdministrator":
                return new PersonChange.LastAdministrator();
            case "Forbidden":
                // Another administrator was quicker: this one is none any more, which the session will say at its next look.
                throw new ForbiddenException(Permissions.AdministrationWrite, TenantRole.Viewer);
        }

        var person = (await FindAsync(unit, id, cancellationToken))!;
        Record(unit, person, Enum.Parse<TenantRole>(formerRole!), Enum.Parse<MembershipState>(formerState!));
        await unit.CommitAsync(cancellationToken);
        return new PersonChange.Changed(person);
    }

    private static void Record(TenantUnit unit, PersonRow person, TenantRole formerRole, MembershipState formerState)
    {
        var subject = $"user/{person.Id}";
        if (person.Role != formerRole)
        {
            unit.Audit("membership.role-changed", subject, new { person.Name, person.Email }, new { Role = formerRole }, new { person.Role });
        }

        if (person.State != formerState)
        {
            unit.Audit(
                person.State == MembershipState.Disabled ? "membership.disabled" : person.State == MembershipState.Removed ? "membership.removed" : "membership.enabled",
                subject, new { person.Name, person.Email }, new { State = formerState }, new { person.State });
        }
    }

    private static Task<PersonRow?> FindAsync(TenantUnit unit, Guid id, CancellationToken cancellationToken) =>
        Rows(unit, unit.Context.Memberships.Where(membership => membership.UserId == id)).SingleOrDefaultAsync(cancellationToken);

    private static IQueryable<PersonRow> Rows(TenantUnit unit, IQueryable<Membership> memberships) =>
        from membership in memberships
        join person in unit.Context.Users on membership.UserId equals person.Id
        select new PersonRow(
            person.Id, person.DisplayName, person.Email, membership.Role, membership.State, membership.CreatedAt, membership.LastSeenAt, membership.Version);
}
