using OffGridFlow.Core.Identity;
using OffGridFlow.Infrastructure.Identity;

namespace OffGridFlow.Infrastructure.Imports.Samples.Year;

/// <summary>Who enters the sample year and who approves it.</summary>
internal sealed record SampleYearCrew(Actor Preparer, Actor Reviewer);

/// <summary>What the second person of the sample organization signs in with.</summary>
/// <param name="Password">Asked for when the person is made.</param>
public sealed record SampleYearOptions(Func<string> Password);

/// <summary>The people of the sample year. The second joins by an invitation, as anybody does.</summary>
internal sealed class SampleYearPeople(CurrentUser user, PeopleService people, InvitationService invitations, SampleYearOptions options)
{
    public const string ReviewerEmail = "jonas.lindqvist@nordwerk.example";
    public const string ReviewerName = "Jonas Lindqvist";

    /// <param name="preparerId">An administrator of the organization.</param>
    public async Task<SampleYearCrew> GatherAsync(Guid preparerId, CancellationToken cancellationToken)
    {
        var tenant = user.TenantId;
        var preparer = await people.FindAsync(preparerId, cancellationToken) is { State: MembershipState.Active } person && person.Role.Allows(Permissions.AdministrationWrite)
            ? ActorOf(tenant, person)
            : throw SampleYear.Stopped("the person who was to enter the sample year does not administer this organization any more");
        if (await ReviewerAsync(cancellationToken) is null)
        {
            using var acting = user.ActAs(preparer);
            var link = SampleYear.Of<InviteOutcome.Invited>(await invitations.InviteAsync(ReviewerEmail, TenantRole.ComplianceManager, cancellationToken), $"{ReviewerName} was not invited").Token;
            var accepted = await invitations.AcceptAsNewAsync(link, ReviewerName, options.Password(), cancellationToken);
            if (accepted is AcceptOutcome.HasAccount)
            {
                // The account is there from another organization of this installation.
                accepted = await invitations.AcceptWithPasswordAsync(link, options.Password(), cancellationToken);
            }

            SampleYear.Of<AcceptOutcome.Accepted>(accepted, $"{ReviewerName} could not accept the invitation");
        }

        return new SampleYearCrew(preparer, ActorOf(tenant, (await ReviewerAsync(cancellationToken))!));
    }

    private async Task<PersonRow?> ReviewerAsync(CancellationToken cancellationToken) =>
        (await people.ListAsync(cancellationToken)).FirstOrDefault(person => person.Email == ReviewerEmail && person.State == MembershipState.Active);

    private static Actor ActorOf(Guid tenant, PersonRow person) => new(tenant, person.Id, person.Name, person.Role);
}
