using System.Security.Claims;
using Microsoft.AspNetCore.Components.Authorization;
using Microsoft.AspNetCore.Components.Server;
using Microsoft.AspNetCore.Components.Server.Circuits;
using OffGridFlow.Core.Identity;
using OffGridFlow.Infrastructure.Identity;
using OffGridFlow.Infrastructure.Persistence;

namespace OffGridFlow.Web.Features.Identity;

/// <summary>Gives a circuit its current user, and takes it away when the session ends.</summary>
internal sealed class CircuitUser(AuthenticationStateProvider authentication, CurrentUser currentUser) : CircuitHandler, IDisposable
{
    public override async Task OnCircuitOpenedAsync(Circuit circuit, CancellationToken cancellationToken)
    {
        authentication.AuthenticationStateChanged += OnChanged;
        var person = (await authentication.GetAuthenticationStateAsync()).User;
        currentUser.ComeFrom(person.FindFirstValue(SessionClaims.Address));
        currentUser.Become(person.ToActor());
    }

    public void Dispose() => authentication.AuthenticationStateChanged -= OnChanged;

    private void OnChanged(Task<AuthenticationState> state) =>
        _ = state.ContinueWith(done => currentUser.Become(done.Result.User.ToActor()), CancellationToken.None, TaskContinuationOptions.OnlyOnRanToCompletion, TaskScheduler.Default);
}

/// <summary>Looks every minute whether the session behind a circuit still stands: a circuit outlives many requests.</summary>
internal sealed class SessionRevalidation(ILoggerFactory loggerFactory, SessionStore sessions) : RevalidatingServerAuthenticationStateProvider(loggerFactory)
{
    protected override TimeSpan RevalidationInterval => TimeSpan.FromMinutes(1);

    protected override Task<bool> ValidateAuthenticationStateAsync(AuthenticationState authenticationState, CancellationToken cancellationToken) =>
        StandsAsync(authenticationState.User, cancellationToken);

    internal async Task<bool> StandsAsync(ClaimsPrincipal user, CancellationToken cancellationToken)
    {
        try
        {
            return user.ToSessionId() is { } id && await sessions.FindAsync(id, cancellationToken) is { } session && session.Role == user.ToActor()?.Role;
        }
        catch (Exception exception) when (DatabaseOutage.Is(exception))
        {
            // An exception would end the session on every open page. Without the database nobody reads anything, and the next look decides.
            return true;
        }
    }
}
