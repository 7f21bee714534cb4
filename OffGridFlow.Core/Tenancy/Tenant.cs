namespace OffGridFlow.Core.Tenancy;

/// <summary>A row that belongs to one tenant. Query filter, write guard and row-level security all hang on this.</summary>
public interface ITenantOwned
{
    Guid TenantId { get; }
}

/// <summary>A row that people change: whoever changes it says which version they saw, and a change of an older one is refused.</summary>
public interface IVersioned : ITenantOwned
{
    Guid Id { get; }

    /// <summary>Counts the changes, from 1.</summary>
    int Version { get; }
}

/// <summary>A customer account: everything a company keeps here belongs to one.</summary>
public sealed class Tenant
{
    public const int NameLength = 200;

    public required Guid Id { get; init; }
    public required string Name { get; set; }

    /// <summary>True for the fictional company that is there to look around; marked on every page.</summary>
    public bool IsDemo { get; init; }
    public required DateTimeOffset CreatedAt { get; init; }
}

/// <summary>The per-tenant order of ledger changes. Taking the next number also makes publishers of one tenant wait for each other.</summary>
public sealed class LedgerSequence : ITenantOwned
{
    public required Guid TenantId { get; init; }
    public long Value { get; set; }
}
