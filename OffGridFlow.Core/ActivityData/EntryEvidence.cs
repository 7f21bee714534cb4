using OffGridFlow.Core.Tenancy;

namespace OffGridFlow.Core.ActivityData;

/// <summary>What somebody said about an entry. Append-only.</summary>
public sealed class EntryComment : ITenantOwned
{
    public const int TextLength = 2000;

    public required Guid Id { get; init; }
    public required Guid TenantId { get; init; }
    public required Guid EntryId { get; init; }
    public required string Text { get; init; }
    public required Guid? AuthorId { get; init; }
    public required string Author { get; init; }
    public required DateTimeOffset At { get; init; }
}

/// <summary>A document that supports an entry. The bytes stay when the link is taken away.</summary>
public sealed class EntryDocument : ITenantOwned
{
    public required Guid TenantId { get; init; }
    public required Guid EntryId { get; init; }
    public required Guid DocumentId { get; init; }

    /// <summary>As it was called when it was put here.</summary>
    public required string FileName { get; init; }
    public required Guid? AddedById { get; init; }
    public required string AddedBy { get; init; }
    public required DateTimeOffset AddedAt { get; init; }
}

/// <summary>How a tenant approves its entries; without a row it has not said.</summary>
public sealed class EntryPolicy : ITenantOwned
{
    public required Guid TenantId { get; init; }

    /// <summary>Whether nobody may approve what they have written themselves.</summary>
    public required bool AsksForSecondPerson { get; set; }
    public required string ChangedBy { get; set; }
    public required DateTimeOffset ChangedAt { get; set; }
}
