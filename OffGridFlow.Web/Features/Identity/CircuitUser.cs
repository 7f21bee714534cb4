using System.Security.Claims;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Components.Authorization;
using Microsoft.AspNetCore.Components.Server;
using Microsoft.AspNetCore.Components.Server.Circuits;
using OffGridFlow.Core.Identity;
using OffGridFlow.Infrastructure.Identity;

namespace OffGridFlow.Web.Features.Identity;

/// <summary>
/// Gives a circuit its current user and keeps it to what is true of the session, which a circuit outlives: another role, name or
/// organization's name is in force in the open page, and with the end of the session the page is led to sign-in.
/// </summary>
internal sealed class CircuitUser(AuthenticationStateProvider authentication, LiveSessions sessions, CurrentUser currentUser, HeldWork work, TimeProvider time)
    : CircuitHandler, IDisposable
{
    /// <summary>For a page that holds something when its session ends: time to sign in beside it. With the pause between two looks less than a minute.</summary>
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(45);

    private readonly CancellationTokenSource _closed = new();
    private readonly ServerAuthenticationStateProvider _authentication = (ServerAuthenticationStateProvider)authentication;
    private ClaimsPrincipal _person = new();
    private IDisposable? _watch;

    public override async Task OnCircuitOpenedAsync(Circuit circuit, CancellationToken cancellationToken)
    {
        _person = (await _authentication.GetAuthenticationStateAsync()).User;
        currentUser.ComeFrom(_person.FindFirstValue(SessionClaims.Address));
        currentUser.Become(_person.ToActor());
        if (_person.ToSessionId() is { } id)
        {
            _watch = sessions.Watch(id, Look);
        }
    }

    public override Task OnCircuitClosedAsync(Circuit circuit, CancellationToken cancellationToken)
    {
        Leave();
        return Task.CompletedTask;
    }

    public void Dispose()
    {
        Leave();
        _closed.Dispose();
    }

    /// <summary>Services refuse from here on; pages follow when they are rendered.</summary>
    private void Look(SessionIdentity? session)
    {
        var person = session is null ? new ClaimsPrincipal(new ClaimsIdentity()) : ToPrincipal(session);
        if (Facts(person) == Facts(_person))
        {
            return;
        }

        _person = person;
        currentUser.Become(person.ToActor());
        work.SessionHasEnded = session is null;
        _ = ShowAsync(person, session is null && work.IsHeld ? Grace : TimeSpan.Zero);
    }

    private async Task ShowAsync(ClaimsPrincipal person, TimeSpan pause)
    {
        try
        {
            if (pause > TimeSpan.Zero)
            {
                await Task.Delay(pause, time, _closed.Token);
            }

            _authentication.SetAuthenticationState(Task.FromResult(new AuthenticationState(person)));
        }
        catch (OperationCanceledException) when (_closed.IsCancellationRequested)
        {
            // The page was left meanwhile.
        }
    }

    private void Leave()
    {
        _watch?.Dispose();
        if (!_closed.IsCancellationRequested)
        {
            _closed.Cancel();
        }
    }

    private ClaimsPrincipal ToPrincipal(SessionIdentity session)
    {
        var person = session.ToPrincipal(CookieAuthenticationDefaults.AuthenticationScheme);
        if (_person.FindFirst(SessionClaims.Address) is { } address)
        {
            ((ClaimsIdentity)person.Identity!).AddClaim(new Claim(SessionClaims.Address, address.Value));
        }

        return person;
    }

    private static string Facts(ClaimsPrincipal person) =>
        string.Join('\n', person.Claims.Select(claim => $"{claim.Type} {claim.Value}").Order(StringComparer.Ordinal));
}
