using OffGridFlow.Core.Tenancy;

namespace OffGridFlow.Core.Organizations;

/// <summary>Whose a cloud account is, over some days: at most one entity on any day.</summary>
public sealed class AccountMapping : IVersioned
{
    public required Guid Id { get; init; }
    public required Guid TenantId { get; init; }

    /// <summary>As in the bills, in lower case: <c>aws</c>, <c>azure</c>, <c>gcp</c>.</summary>
    public required string Provider { get; set; }

    /// <summary>The account, subscription or project as the provider writes it.</summary>
    public required string Account { get; set; }
    public required Guid OrganizationId { get; set; }

    /// <summary>First day, inclusive; null: always.</summary>
    public DateOnly? ValidFrom { get; set; }

    /// <summary>Last day, inclusive; null: still.</summary>
    public DateOnly? ValidTo { get; set; }

    /// <summary>Counts the changes, for <c>If-Match</c>.</summary>
    public int Version { get; set; } = 1;
}
