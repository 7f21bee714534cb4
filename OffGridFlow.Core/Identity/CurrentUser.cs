namespace OffGridFlow.Core.Identity;

/// <summary>Who acts: a signed-in person in one tenant, or a job of the product itself (then <see cref="UserId"/> is null).</summary>
public sealed record Actor(Guid TenantId, Guid? UserId, string DisplayName, TenantRole Role);

/// <summary>
/// The actor of the present request, circuit or job. The only place the tenant comes from: it is set from the verified session
/// and from nothing the caller can write.
/// </summary>
public sealed class CurrentUser
{
    private Actor? _actor;

    public bool IsSignedIn => _actor is not null;

    /// <exception cref="NotSignedInException">Nobody is signed in.</exception>
    public Actor Actor => _actor ?? throw new NotSignedInException();

    public Guid TenantId => Actor.TenantId;

    public void Become(Actor? actor) => _actor = actor;

    /// <summary>Asserts a permission.</summary>
    /// <exception cref="NotSignedInException">Nobody is signed in.</exception>
    /// <exception cref="ForbiddenException">The role does not carry it.</exception>
    public Actor Require(string permission) =>
        Actor.Role.Allows(permission) ? Actor : throw new ForbiddenException(permission, Actor.Role);
}

/// <summary>A tenant's data was asked for without a session.</summary>
public sealed class NotSignedInException() : Exception("Sign in first.");

/// <summary>The signed-in person's role does not carry the permission.</summary>
public sealed class ForbiddenException(string permission, TenantRole role)
    : Exception($"The role {role} does not carry the permission {permission}. An administrator of your organization can change roles.")
{
    public string Permission { get; } = permission;
}
