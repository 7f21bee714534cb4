namespace OffGridFlow.Web.Features.Identity;

public enum SignInOutcome
{
    /// <summary>The session cookie is set on the response.</summary>
    SignedIn,
    WrongEmailOrPassword,

    /// <summary>Too many wrong tries; opens again by itself.</summary>
    LockedOut,

    /// <summary>The password is right, but the person belongs to no organization any more.</summary>
    NoOrganization,
}

/// <summary>Checks a password and sets the session cookie on the current response.</summary>
public interface ISignInService
{
    Task<SignInOutcome> SignInAsync(string email, string password, CancellationToken cancellationToken);
}
