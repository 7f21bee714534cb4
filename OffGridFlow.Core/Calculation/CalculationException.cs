using OffGridFlow.Core.Tenancy;

namespace OffGridFlow.Core.Calculation;

/// <summary>An entry that counts and has no result, with the reason and the way out. There is at most one for an entry; it goes when the entry is calculated.</summary>
public sealed class CalculationException : ITenantOwned
{
    public required Guid TenantId { get; init; }
    public required Guid EntryId { get; init; }
    public required string Code { get; init; }
    public required string Message { get; init; }
    public required string Mend { get; init; }
    public required DateTimeOffset Since { get; init; }
}
