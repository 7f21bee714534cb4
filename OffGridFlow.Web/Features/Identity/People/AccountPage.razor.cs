using System.Security.Claims;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Authorization;
using OffGridFlow.Infrastructure.Identity;
using OffGridFlow.Web.Shared;
using Radzen;

namespace OffGridFlow.Web.Features.Identity.People;

public sealed partial class AccountPage
{
    private readonly NameInput _name = new();
    private PasswordInput _password = new();
    private IReadOnlyList<OwnSession>? _sessions;
    private string _email = "";
    private Guid? _own;
    private string? _passwordError;
    private bool _busy;

    [Inject] private AccountService Account { get; set; } = default!;
    [Inject] private LiveSessions Sessions { get; set; } = default!;
    [Inject] private NotificationService Notifications { get; set; } = default!;
    [Inject] private TimeProvider Clock { get; set; } = default!;
    [CascadingParameter] private Task<AuthenticationState> Authentication { get; set; } = default!;

    protected override string Asked => "Your account";

    protected override async Task OnInitializedAsync()
    {
        var person = (await Authentication).User;
        (_email, _own, _name.Name) = (person.FindFirstValue(ClaimTypes.Email) ?? "", person.ToSessionId(), person.FindFirstValue(ClaimTypes.Name) ?? "");
        await ReloadAsync();
    }

    protected override async Task LoadAsync(CancellationToken cancellationToken) => _sessions = await Account.ListSessionsAsync(cancellationToken);

    private Task RenameAsync() => AskAsync("Save name", async () =>
    {
        if (await Account.RenameAsync(_name.Name, Stopped))
        {
            Notifications.Tell(this, NotificationSeverity.Success, "Name saved", "Others read it from now on; what is written in logs and lists keeps the name of its time.");
        }
        else
        {
            Notifications.Tell(this, NotificationSeverity.Error, "The name was not saved", "A name has 1 to 200 characters, without line breaks.");
        }
    });

    private Task ChangePasswordAsync() => AskAsync("Change password", async () =>
    {
        _passwordError = null;
        switch (await Account.ChangePasswordAsync(_own, _password.Present, _password.Chosen, Stopped))
        {
            case PasswordOutcome.Changed changed:
                _password = new PasswordInput();
                Notifications.Tell(this, NotificationSeverity.Success, "Password changed", changed.SignedOut == 0 ? "You are signed in here only." : $"Other sessions that were signed out: {Format.Count(changed.SignedOut)}.");
                break;
            case PasswordOutcome.WrongPassword:
                _passwordError = "The present password is not right. Five wrong tries lock the account for 15 minutes.";
                break;
            case PasswordOutcome.LockedOut:
                _passwordError = "There were too many wrong tries. Wait 15 minutes, then try again.";
                break;
            case PasswordOutcome.Refused refused:
                _passwordError = string.Join(" ", refused.Faults);
                break;
        }
    });

    private Task SignOutOthersAsync() => AskAsync("Sign out the others", async () =>
        Notifications.Tell(this, NotificationSeverity.Success, "Signed out", $"Other sessions that were ended: {Format.Count(await Account.SignOutOthersAsync(_own, Stopped))}."));

    private async Task AskAsync(string asked, Func<Task> ask)
    {
        _busy = true;
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
        // Pages of this server that the change is about need not wait for the next look.
        await Sessions.LookAsync(Stopped);
        await ReloadAsync(quietly: true);
    }
}
