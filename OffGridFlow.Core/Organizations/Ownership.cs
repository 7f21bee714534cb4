using OffGridFlow.Core.Tenancy;

namespace OffGridFlow.Core.Organizations;

/// <summary>What one entity holds of another, and what it decides there, over some days.</summary>
public sealed class Ownership : IVersioned
{
    public required Guid Id { get; init; }
    public required Guid TenantId { get; init; }

    /// <summary>The entity that holds.</summary>
    public required Guid ParentId { get; set; }

    /// <summary>The entity that is held.</summary>
    public required Guid ChildId { get; set; }

    /// <summary>0 to 1: the economic interest.</summary>
    public required decimal Share { get; set; }

    /// <summary>The parent directs the financial and operating policies to gain from them (GHG Protocol Corporate Standard, ch. 3).</summary>
    public required bool FinancialControl { get; set; }

    /// <summary>The parent has full authority to introduce and carry out its operating policies (GHG Protocol Corporate Standard, ch. 3).</summary>
    public required bool OperationalControl { get; set; }

    /// <summary>First day, inclusive; null: always.</summary>
    public DateOnly? ValidFrom { get; set; }

    /// <summary>Last day, inclusive; null: still.</summary>
    public DateOnly? ValidTo { get; set; }

    /// <summary>Counts the changes, for <c>If-Match</c>.</summary>
    public int Version { get; set; } = 1;
}
