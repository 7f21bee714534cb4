using Microsoft.AspNetCore.Components.Authorization;
using Microsoft.AspNetCore.Components.Server;
using Microsoft.AspNetCore.Components.Server.Circuits;
using OffGridFlow.Core.Identity;
using OffGridFlow.Infrastructure.Identity;

namespace OffGridFlow.Web.Features.Identity;

/// <summary>Gives a circuit its current user, and takes it away when the session ends.</summary>
internal sealed class CircuitUser(AuthenticationStateProvider authentication, CurrentUser currentUser) : CircuitHandler, IDisposable
{
    public override async Task OnCircuitOpenedAsync(Circuit circuit, CancellationToken cancellationToken)
    {
        authentication.AuthenticationStateChanged += OnChanged;
        currentUser.Become((await authentication.GetAuthenticationStateAsync()).User.ToActor());
    }

    public void Dispose() => authentication.AuthenticationStateChanged -= OnChanged;

    private void OnChanged(Task<AuthenticationState> state) =>
        _ = state.ContinueWith(done => currentUser.Become(done.Result.User.ToActor()), CancellationToken.None, TaskContinuationOptions.OnlyOnRanToCompletion, TaskScheduler.Default);
}

/// <summary>Looks every minute whether the session behind a circuit still stands: a circuit outlives many requests.</summary>
internal sealed class SessionRevalidation(ILoggerFactory loggerFactory, SessionStore sessions) : RevalidatingServerAuthenticationStateProvider(loggerFactory)
{
    protected override TimeSpan RevalidationInterval => TimeSpan.FromMinutes(1);

    protected override async Task<bool> ValidateAuthenticationStateAsync(AuthenticationState authenticationState, CancellationToken cancellationToken)
    {
        var actor = authenticationState.User.ToActor();
        return authenticationState.User.ToSessionId() is { } id
            && await sessions.FindAsync(id, cancellationToken) is { } session
            && session.Role == actor?.Role;
    }
}
