using OffGridFlow.Core.Tenancy;

namespace OffGridFlow.Core.Identity;

/// <summary>Asks somebody into a tenant. Whoever has the link's secret can accept, once; of the secret only the SHA-256 is kept.</summary>
public sealed class Invitation : ITenantOwned
{
    public static readonly TimeSpan Lifetime = TimeSpan.FromDays(7);

    public required Guid Id { get; init; }
    public required Guid TenantId { get; init; }
    public required string Email { get; init; }
    public required string NormalizedEmail { get; init; }
    public required TenantRole Role { get; init; }
    public required byte[] TokenHash { get; init; }
    public Guid? CreatedById { get; init; }
    public required string CreatedBy { get; init; }
    public required DateTimeOffset CreatedAt { get; init; }
    public required DateTimeOffset ExpiresAt { get; init; }
    public DateTimeOffset? AcceptedAt { get; init; }
    public Guid? AcceptedById { get; init; }

    /// <summary>Withdrawn by an administrator, or replaced by a newer link.</summary>
    public DateTimeOffset? RevokedAt { get; init; }
}

/// <summary>Lets a member choose a new password, once; of the link's secret only the SHA-256 is kept.</summary>
public sealed class PasswordReset : ITenantOwned
{
    public static readonly TimeSpan Lifetime = TimeSpan.FromHours(24);

    public required Guid Id { get; init; }
    public required Guid TenantId { get; init; }
    public required Guid UserId { get; init; }
    public required byte[] TokenHash { get; init; }
    public Guid? CreatedById { get; init; }
    public required string CreatedBy { get; init; }
    public required DateTimeOffset CreatedAt { get; init; }
    public required DateTimeOffset ExpiresAt { get; init; }
    public DateTimeOffset? UsedAt { get; init; }

    /// <summary>Replaced by a newer link, or the person may not come in any more.</summary>
    public DateTimeOffset? RevokedAt { get; init; }
}
