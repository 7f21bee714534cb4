using OffGridFlow.Core.Identity;
using OffGridFlow.Core.Tenancy;

namespace OffGridFlow.Core.Auditing;

/// <summary>One thing that happened, written in the same transaction as the thing itself. Append-only: only the seal is added later, once.</summary>
public sealed class AuditEntry : ITenantOwned
{
    /// <summary>The longest IPv6 address with a zone.</summary>
    public const int AddressLength = 100;

    public required Guid Id { get; init; }
    public required Guid TenantId { get; init; }
    public required DateTimeOffset At { get; init; }

    public required ActorKind ActorKind { get; init; }

    /// <summary>The person or the API key; null for the product's own jobs.</summary>
    public Guid? ActorId { get; init; }
    public required string ActorName { get; init; }

    /// <summary>The network address that it was asked from; null for the product's own jobs.</summary>
    public string? Address { get; init; }

    /// <summary>E.g. <c>import.published</c>.</summary>
    public required string Action { get; init; }

    /// <summary>What it was done to, e.g. <c>import/0198…</c>.</summary>
    public required string Subject { get; init; }

    /// <summary>A JSON object with the facts that matter.</summary>
    public required string Details { get; init; }

    /// <summary>A JSON object with what was changed, as it was; null where nothing was there, or nothing changed.</summary>
    public string? Before { get; init; }

    /// <summary>The same fields as they are now; null where nothing is left, or nothing changed.</summary>
    public string? After { get; init; }

    /// <summary>The place in the organization's chain, from 1 on without gaps; null until the sealer has come by.</summary>
    public long? Sequence { get; private set; }

    /// <summary>SHA-256 of this entry and of the hash before it, see <see cref="AuditChain"/>; null until the sealer has come by.</summary>
    public byte[]? Hash { get; private set; }

    /// <summary>When the entry took its place in the chain; null until then.</summary>
    public DateTimeOffset? SealedAt { get; private set; }
}
