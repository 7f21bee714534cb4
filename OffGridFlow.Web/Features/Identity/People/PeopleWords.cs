using System.Globalization;
using OffGridFlow.Core.Identity;
using OffGridFlow.Infrastructure.Identity;
using OffGridFlow.Web.Shared;

namespace OffGridFlow.Web.Features.Identity.People;

/// <summary>The sentences of the people's page.</summary>
internal static class PeopleWords
{
    /// <summary>E.g. <c>5 people, 2 of them administrators; 1 invitation is open</c>.</summary>
    public static string Finding(IReadOnlyList<PersonRow> people, int openInvitations)
    {
        var active = people.Where(person => person.State == MembershipState.Active).ToList();
        var administrators = active.Count(person => person.Role == TenantRole.Admin);
        var disabled = people.Count(person => person.State == MembershipState.Disabled);
        return (active.Count == 1 ? "1 person, an administrator" : $"{Format.Count(active.Count)} people, {(administrators == 1 ? "1 of them an administrator" : $"{Format.Count(administrators)} of them administrators")}")
            + (disabled == 0 ? "" : $"; {Format.Count(disabled)} {(disabled == 1 ? "is" : "are")} disabled")
            + (openInvitations == 0 ? "" : $"; {Format.Count(openInvitations)} {(openInvitations == 1 ? "invitation is" : "invitations are")} open");
    }

    public static string State(MembershipState state) => state.ToString();

    /// <summary>What is as it should be stays quiet.</summary>
    public static string Tone(MembershipState state) => state == MembershipState.Active ? "ink" : "quiet";

    public static string Icon(MembershipState state) => state switch { MembershipState.Active => "circle-check", MembershipState.Disabled => "circle-pause", _ => "circle-slash" };

    public static string Day(DateTimeOffset at) => at.UtcDateTime.ToString("d MMM yyyy", CultureInfo.CurrentCulture);

    public static string LastSeen(PersonRow person, DateTimeOffset now) => person.LastSeenAt is { } at ? Dates.Recent(at, now) : "Not yet";

    public static string RemoveWords(PersonRow person) =>
        $"{person.Name} is signed out of this organization at once and cannot come back without a new invitation. What they imported, changed and approved stays, under their name. "
        + "Other organizations that they belong to are not affected.";

    public static string DisableSelfWords => "You are signed out at once, and another administrator has to enable you again. Your work stays.";

    public static string DemoteSelfWords(TenantRole role) =>
        $"As {RoleWords.Name(role).ToLowerInvariant()} you cannot open this page any more; another administrator can give the role back.";
}
