using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using OffGridFlow.Core.Identity;
using OffGridFlow.Infrastructure.Identity;

namespace OffGridFlow.Web.Features.Identity;

/// <summary>Gives a browser a session: by a password at sign-in, by a link, or in exchange for one in another organization.</summary>
internal sealed class CookieSession(SessionStore sessions, IHttpContextAccessor http, IServiceScopeFactory scopes)
{
    /// <summary>Ends the session that the browser had, and puts the cookie of a new one on the current response.</summary>
    /// <exception cref="NotAMemberException">The person is no active member of the tenant; they are signed out.</exception>
    public async Task BeginAsync(Guid userId, Guid tenantId, CancellationToken cancellationToken)
    {
        var context = http.HttpContext ?? throw new InvalidOperationException("A cookie needs a response to stand on.");
        // Only person and tenant matter here: the session store writes those, and reads all else anew at each request.
        var identity = new SessionIdentity(Guid.Empty, userId, tenantId, TenantRole.Viewer, "", "", "", false, default);
        await EndFormerSessionAsync(context, cancellationToken);
        await using var scope = scopes.CreateAsyncScope();
        await scope.ServiceProvider.GetRequiredService<IAuthenticationService>().SignInAsync(
            context, CookieAuthenticationDefaults.AuthenticationScheme, identity.ToPrincipal(CookieAuthenticationDefaults.AuthenticationScheme),
            new AuthenticationProperties { IsPersistent = true });
    }

    /// <summary>
    /// Who signs in over another session must not go on in it: the request's own cookie handler would renew the key that it has read.
    /// With the session gone, a handler of a new scope finds none and makes a new key.
    /// </summary>
    private async Task EndFormerSessionAsync(HttpContext context, CancellationToken cancellationToken)
    {
        if (context.User.ToSessionId() is { } former)
        {
            await sessions.EndAsync(former, cancellationToken);
        }
    }
}

/// <summary>Signs a browser in: a verified password becomes a session, and the session a cookie on the current response.</summary>
internal sealed class CookieSignIn(PasswordVerifier passwords, CookieSession session) : ISignInService
{
    public async Task<SignInOutcome> SignInAsync(string email, string password, CancellationToken cancellationToken)
    {
        switch (await passwords.VerifyAsync(email, password, cancellationToken))
        {
            case PasswordVerdict.SignedIn person:
                await session.BeginAsync(person.UserId, person.TenantId, cancellationToken);
                return SignInOutcome.SignedIn;
            case PasswordVerdict.LockedOut:
                return SignInOutcome.LockedOut;
            case PasswordVerdict.NoMembership:
                return SignInOutcome.NoOrganization;
            default:
                return SignInOutcome.WrongEmailOrPassword;
        }
    }
}

/// <summary>The first-run page's side of <see cref="SetUpService"/>: sets up, then signs the new administrator in.</summary>
internal sealed class FirstRun(SetUpService setUp, ISignInService signIn) : IFirstRunService
{
    public Task<bool> IsNeededAsync(CancellationToken cancellationToken) => setUp.IsNeededAsync(cancellationToken);

    public async Task<FirstRunOutcome> CreateAsync(FirstRunInput input, CancellationToken cancellationToken)
    {
        if (!setUp.IsToken(input.Token))
        {
            return new FirstRunOutcome.WrongToken();
        }

        var outcome = await setUp.CreateAsync(
            new FirstAdministrator(input.OrganizationName, input.DisplayName, input.Email, input.Password), cancellationToken);
        if (!outcome.Done)
        {
            return new FirstRunOutcome.Refused(new Dictionary<string, IReadOnlyList<string>> { [""] = outcome.Problems });
        }

        await signIn.SignInAsync(input.Email, input.Password, cancellationToken);
        return new FirstRunOutcome.Created();
    }
}

/// <summary>Sends people to the first-run page for as long as nobody can sign in.</summary>
internal sealed class FirstRunRedirect(SetUpService setUp)
{
    private volatile bool _done;

    public async Task<bool> IsNeededAsync(CancellationToken cancellationToken)
    {
        if (!_done)
        {
            _done = !await setUp.IsEmptyAsync(cancellationToken);
        }

        return !_done;
    }
}
