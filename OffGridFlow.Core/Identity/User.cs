using OffGridFlow.Core.Tenancy;

namespace OffGridFlow.Core.Identity;

/// <summary>A person who can sign in. Belongs to tenants through <see cref="Membership"/>.</summary>
public sealed class User
{
    public const int EmailLength = 254;
    public const int DisplayNameLength = 200;

    public required Guid Id { get; init; }
    public required string Email { get; set; }
    public required string NormalizedEmail { get; set; }
    public required string DisplayName { get; set; }
    public string? PasswordHash { get; set; }
    public string SecurityStamp { get; set; } = "";
    public int AccessFailedCount { get; set; }
    public DateTimeOffset? LockoutEnd { get; set; }
    public required DateTimeOffset CreatedAt { get; init; }
}

/// <summary>What a person may do inside one tenant.</summary>
public enum TenantRole
{
    Viewer,
    Auditor,
    Analyst,
    ComplianceManager,
    Admin,
}

/// <summary>Whether a member may come in.</summary>
public enum MembershipState
{
    Active,

    /// <summary>Shut out for now; may be let in again as they were.</summary>
    Disabled,

    /// <summary>No member any more. The row stays, so that what the person did keeps its name; only a new invitation leads back.</summary>
    Removed,
}

/// <summary>A person's role in a tenant. Changed by the function <c>change_membership</c> alone, which knows the last administrator.</summary>
public sealed class Membership : ITenantOwned
{
    public required Guid TenantId { get; init; }
    public required Guid UserId { get; init; }
    public required TenantRole Role { get; init; }
    public MembershipState State { get; init; }

    /// <summary>When the person joined; of one who came back, when they did.</summary>
    public DateTimeOffset CreatedAt { get; init; }

    /// <summary>When the person last signed in here or had a session here extended, which happens once an hour. Null before the first time.</summary>
    public DateTimeOffset? LastSeenAt { get; init; }

    /// <summary>Counts the changes of role and state, so that nobody overwrites a change they have not seen.</summary>
    public int Version { get; init; }
}

public enum SessionKind
{
    /// <summary>A browser: the cookie holds a random key.</summary>
    Cookie,

    /// <summary>The HTTP API: an opaque access token with a refresh token.</summary>
    Bearer,
}

/// <summary>One sign-in. Checked at each request, so that ending it takes effect at once. Keys are kept as SHA-256 only.</summary>
public sealed class Session : ITenantOwned
{
    public required Guid Id { get; init; }
    public required Guid UserId { get; init; }
    public required Guid TenantId { get; init; }
    public required SessionKind Kind { get; init; }
    public required byte[] KeyHash { get; set; }
    public required DateTimeOffset CreatedAt { get; init; }
    public required DateTimeOffset ExpiresAt { get; set; }
    public byte[]? RefreshHash { get; set; }

    /// <summary>What all refresh tokens of the session begin with: a token of the family that was swapped before shows that one was stolen, and ends the session.</summary>
    public byte[]? RefreshFamilyHash { get; init; }
    public DateTimeOffset? RefreshExpiresAt { get; set; }
    public DateTimeOffset? EndedAt { get; set; }

    /// <summary>The network address that signed in; null when it is not known.</summary>
    public string? Address { get; init; }
}
