using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Authorization;
using OffGridFlow.Core.Identity;
using OffGridFlow.Infrastructure.Identity;
using OffGridFlow.Web.Shared;
using Radzen;

namespace OffGridFlow.Web.Features.Identity.People;

public sealed partial class UsersPage
{
    private const string ShowRemoved = "removed";

    /// <summary>Texts whose address is under way: each comes back once, and by then more may have been typed.</summary>
    private readonly Queue<string> _sent = new();
    private IReadOnlyList<PersonRow>? _people;
    private IReadOnlyList<InvitationRow> _invitations = [];
    private ShownLink? _link;
    private Guid? _self;
    private string? _inviteEmail;
    private string? _refusal;
    private string _typed = "";
    private bool _inviting;
    private bool _outdated;
    private bool _busy;
    private int _formKey;
    private int _attempt;

    [Inject] private PeopleService People { get; set; } = default!;
    [Inject] private InvitationService Invitations { get; set; } = default!;
    [Inject] private PasswordResetService Resets { get; set; } = default!;
    [Inject] private LiveSessions Sessions { get; set; } = default!;
    [Inject] private DialogService Dialogs { get; set; } = default!;
    [Inject] private NotificationService Notifications { get; set; } = default!;
    [Inject] private NavigationManager Navigation { get; set; } = default!;
    [Inject] private TimeProvider Clock { get; set; } = default!;
    [CascadingParameter] private Task<AuthenticationState>? Authentication { get; set; }

    [SupplyParameterFromQuery(Name = "search")] public string? Search { get; set; }
    [SupplyParameterFromQuery] public string? Show { get; set; }

    protected override string Asked => "Users & roles";

    private int Removed => _people?.Count(person => person.State == MembershipState.Removed) ?? 0;

    private string Title => Show == ShowRemoved ? "Who was removed; their work keeps their names" : "Who may come in, and as what";

    private IReadOnlyList<PersonRow> Shown => _people!
        .Where(person => person.State == MembershipState.Removed == (Show == ShowRemoved))
        .Where(person => string.IsNullOrWhiteSpace(_typed)
            || person.Name.Contains(_typed.Trim(), StringComparison.CurrentCultureIgnoreCase) || person.Email.Contains(_typed.Trim(), StringComparison.OrdinalIgnoreCase))
        .ToList();

    private IReadOnlyList<SwitchChoice<string>> Choices => [new("", "Members", "users"), new(ShowRemoved, "Removed " + Format.Count(Removed), "circle-slash")];

    /// <summary>The address changes with each letter of the search; only the first time there is something to load.</summary>
    protected override Task OnParametersSetAsync()
    {
        var text = Search ?? "";
        if (_sent.TryPeek(out var sent) && sent == text) _sent.Dequeue();
        else if (_sent.Count == 0) _typed = text;
        return _people is null ? ReloadAsync() : Task.CompletedTask;
    }

    protected override async Task LoadAsync(CancellationToken cancellationToken)
    {
        _self = Authentication is null ? null : (await Authentication).User.ToActor()?.UserId;
        var people = await People.ListAsync(cancellationToken);
        _invitations = await Invitations.ListAsync(cancellationToken);
        _people = people;
    }

    private void Go(string? show)
    {
        var text = string.IsNullOrWhiteSpace(_typed) ? null : _typed;
        _sent.Enqueue(text ?? "");
        Navigation.NavigateTo(
            Navigation.GetUriWithQueryParameters(new Dictionary<string, object?> { ["search"] = text, ["show"] = string.IsNullOrEmpty(show) ? null : show }), replace: true);
    }

    private void OpenInvite(string? email)
    {
        (_inviting, _inviteEmail, _refusal, _link) = (true, email, null, null);
        _formKey++;
    }

    private Task InviteAsync(InviteInput input) => AskAsync("Invite a person", async () =>
    {
        _refusal = null;
        switch (await Invitations.InviteAsync(input.Email, input.Role, Stopped))
        {
            case InviteOutcome.Invited invited:
                _inviting = false;
                ShowLink(invited);
                break;
            case InviteOutcome.IsMember member:
                _refusal = member.Reason;
                break;
            default:
                _refusal = "An e-mail address has the form name@company.example.";
                break;
        }
    });

    private Task RenewAsync(InvitationRow invitation) => AskAsync("New link", async () =>
    {
        switch (await Invitations.RenewAsync(invitation.Id, Stopped))
        {
            case InviteOutcome.Invited invited:
                ShowLink(invited);
                break;
            case InviteOutcome.IsMember member:
                Notifications.Tell(this, NotificationSeverity.Error, "No link was made", member.Reason);
                break;
            default:
                Notifications.Tell(this, NotificationSeverity.Info, "The invitation is not open any more", invitation.Email);
                break;
        }
    });

    private Task RevokeAsync(InvitationRow invitation) => AskAsync("Withdraw an invitation", async () =>
    {
        if (await Invitations.RevokeAsync(invitation.Id, Stopped))
        {
            Notifications.Tell(this, NotificationSeverity.Success, "Invitation withdrawn", $"The link for {invitation.Email} does not work any more.");
        }
        else
        {
            Notifications.Tell(this, NotificationSeverity.Info, "The invitation is not open any more", invitation.Email);
        }
    });

    private async Task ChangeRoleAsync(RoleChoice choice)
    {
        var (person, role) = choice;
        if (person.Id == _self && role != TenantRole.Admin
            && !await ConfirmAsync(PeopleWords.DemoteSelfWords(role), "Give up administration?", "Give it up", "Stay administrator"))
        {
            _attempt++;
            return;
        }

        await ChangeAsync(person, role, person.State, "Role changed", $"{person.Name} is {RoleWords.Name(role).ToLowerInvariant()} now.");
    }

    private async Task ChangeStateAsync(PersonRow person)
    {
        var disabling = person.State == MembershipState.Active;
        if (disabling && person.Id == _self && !await ConfirmAsync(PeopleWords.DisableSelfWords, "Disable yourself?", "Disable me", "Keep me in"))
        {
            return;
        }

        await ChangeAsync(
            person, person.Role, disabling ? MembershipState.Disabled : MembershipState.Active, disabling ? "Person disabled" : "Person enabled",
            disabling ? $"{person.Name} is signed out of this organization." : $"{person.Name} can sign in again.");
    }

    private Task ChangeAsync(PersonRow person, TenantRole role, MembershipState state, string done, string detail, bool undoable = true) => AskAsync(done, async () =>
        Answer(
            await People.ChangeAsync(person.Id, person.Version, role, state, Stopped), done, detail,
            // Oneself: whoever gave it up may not take it back.
            changed => person.Id == _self || !undoable
                ? null
                : () => ChangeAsync(changed, person.Role, person.State, "Change undone", $"{person.Name} is {RoleWords.Name(person.Role).ToLowerInvariant()}, as before.", undoable: false)));

    private async Task RemoveAsync(PersonRow person)
    {
        if (await ConfirmAsync(PeopleWords.RemoveWords(person), $"Remove {person.Name}?", "Remove", "Keep"))
        {
            await AskAsync("Remove a person", async () => Answer(
                await People.RemoveAsync(person.Id, person.Version, Stopped), "Person removed", $"{person.Name} is signed out; their work stays.", _ => null));
        }
    }

    private Task ResetAsync(PersonRow person) => AskAsync("Password reset link", async () =>
    {
        switch (await Resets.CreateAsync(person.Id, Stopped))
        {
            case ResetLinkOutcome.Made made:
                _link = new ShownLink(
                    $"Password reset link for {person.Name}", Absolute(PeopleLinks.Reset(made.Token)), made.ExpiresAt,
                    "It opens a page where they choose a new password. Using it signs them out everywhere.");
                break;
            case ResetLinkOutcome.BelongsElsewhere:
                Notifications.Tell(this, NotificationSeverity.Error, "No link was made", ResetLinkOutcome.BelongsElsewhere.Reason);
                break;
            default:
                Notifications.Tell(this, NotificationSeverity.Info, "The person is not active any more", person.Name);
                break;
        }
    });

    private void ShowLink(InviteOutcome.Invited invited) => _link = new ShownLink(
        $"Invitation for {invited.Invitation.Email}", Absolute(PeopleLinks.Invitation(invited.Token)), invited.Invitation.ExpiresAt,
        $"It makes whoever opens it {RoleWords.Name(invited.Invitation.Role).ToLowerInvariant()} of this organization, once.");

    private string Absolute(string path) => Navigation.BaseUri.TrimEnd('/') + path;

    private void Answer(PersonChange change, string done, string detail, Func<PersonRow, Func<Task>?> undo)
    {
        switch (change)
        {
            case PersonChange.Changed changed: Notifications.Tell(this, NotificationSeverity.Success, done, detail, undo(changed.Person)); break;
            case PersonChange.LastAdministrator: Notifications.Tell(this, NotificationSeverity.Error, "Nothing was changed", PersonChange.LastAdministrator.Reason); break;
            default: _outdated = true; break;
        }
    }

    /// <summary>Asks the service, tells what failed, and shows what is true afterwards.</summary>
    private async Task AskAsync(string asked, Func<Task> ask)
    {
        (_busy, _outdated) = (true, false);
        try
        {
            await ask();
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            var failure = Failures.Report(exception, asked);
            Notifications.Tell(this, NotificationSeverity.Error, "Nothing was changed", $"Reference {failure.Reference}");
        }

        _busy = false;
        // A select that shows what was refused is made anew.
        _attempt++;
        // Pages of this server that the change is about need not wait for the next look, this one included.
        await Sessions.LookAsync(Stopped);
        if (People.MayAdminister)
        {
            await ReloadAsync(quietly: true);
            StateHasChanged();
        }
    }

    private async Task<bool> ConfirmAsync(string words, string title, string yes, string no)
    {
        var options = new ConfirmOptions { OkButtonText = yes, CancelButtonText = no, Width = "min(520px, 94vw)", CloseDialogOnEsc = true };
        // As fragments: Radzen takes a string for markup, and the words hold names.
        return await Dialogs.Confirm(builder => builder.AddContent(0, words), title, options) == true;
    }
}

/// <summary>A link that is shown once.</summary>
/// <param name="Purpose">What it does, as a sentence.</param>
public sealed record ShownLink(string Title, string Href, DateTimeOffset ExpiresAt, string Purpose);

/// <summary>The role that was chosen for a person.</summary>
public sealed record RoleChoice(PersonRow Person, TenantRole Role);
