namespace OffGridFlow.Core.Identity;

/// <summary>Who acts: a signed-in person in one tenant, a key of the HTTP API, or a job of the product itself.</summary>
/// <param name="UserId">Null for a key and for a job.</param>
public sealed record Actor(Guid TenantId, Guid? UserId, string DisplayName, TenantRole Role)
{
    /// <summary>The key that acts; null for persons and jobs.</summary>
    public Guid? ApiKeyId { get; init; }

    /// <summary>The permissions that a key was given; null for whom the role alone decides.</summary>
    public IReadOnlySet<string>? Scopes { get; init; }

    /// <summary>The person or the key; null for a job.</summary>
    public Guid? Id => ApiKeyId ?? UserId;

    public ActorKind Kind => ApiKeyId is not null ? ActorKind.ApiKey : UserId is not null ? ActorKind.Person : ActorKind.Product;

    /// <summary>Whether the actor may do what the permission stands for. The one question that pages, endpoints and services ask.</summary>
    public bool Allows(string permission) => Role.Allows(permission) && Scopes?.Contains(permission) != false;
}

/// <summary>What kind of actor did something.</summary>
public enum ActorKind
{
    Person,
    ApiKey,

    /// <summary>A job or a schedule of the product itself.</summary>
    Product,
}

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

    /// <summary>The network address that the request or circuit came from; null for a job.</summary>
    public string? Address { get; private set; }

    public void Become(Actor? actor) => _actor = actor;

    /// <summary>For work that is not the signed-in person's but stands under a name, as a sign-in does: until disposed of.</summary>
    public IDisposable ActAs(Actor actor)
    {
        var acting = new Acting(this, _actor);
        _actor = actor;
        return acting;
    }

    public void ComeFrom(string? address) => Address = address;

    /// <summary>Asserts a permission.</summary>
    /// <exception cref="NotSignedInException">Nobody is signed in.</exception>
    /// <exception cref="ForbiddenException">The role does not carry it.</exception>
    public Actor Require(string permission) =>
        Actor.Allows(permission) ? Actor : throw (Actor.Kind == ActorKind.ApiKey ? ForbiddenException.OfKey(permission) : new ForbiddenException(permission, Actor.Role));

    private sealed class Acting(CurrentUser user, Actor? former) : IDisposable
    {
        public void Dispose() => user._actor = former;
    }
}

/// <summary>A tenant's data was asked for without a session.</summary>
public sealed class NotSignedInException() : Exception("Sign in first.");

/// <summary>The signed-in person's role, or the key, does not carry the permission.</summary>
public sealed class ForbiddenException : Exception
{
    public ForbiddenException(string permission, TenantRole role)
        : this(permission, $"The role {role} does not carry the permission {permission}. An administrator of your organization can change roles.")
    {
    }

    private ForbiddenException(string permission, string message)
        : base(message) => Permission = permission;

    public string Permission { get; }

    public static ForbiddenException OfKey(string permission) => new(
        permission, $"This key was not given the scope {permission}. Scopes of a key do not change: an administrator of your organization can make another key.");
}
