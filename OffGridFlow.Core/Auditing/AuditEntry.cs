using OffGridFlow.Core.Tenancy;

namespace OffGridFlow.Core.Auditing;

/// <summary>One thing that happened, written in the same transaction as the thing itself. Append-only.</summary>
public sealed class AuditEntry : ITenantOwned
{
    public required Guid Id { get; init; }
    public required Guid TenantId { get; init; }
    public required DateTimeOffset At { get; init; }

    /// <summary>The person, or null for the product's own jobs.</summary>
    public Guid? ActorId { get; init; }
    public required string ActorName { get; init; }

    /// <summary>E.g. <c>import.published</c>.</summary>
    public required string Action { get; init; }

    /// <summary>What it was done to, e.g. <c>import/0198…</c>.</summary>
    public required string Subject { get; init; }

    /// <summary>A JSON object with the facts that matter.</summary>
    public required string Details { get; init; }
}
