using OffGridFlow.Core.Tenancy;

namespace OffGridFlow.Core.Imports;

/// <summary>The stored bytes of a file. Never changes; two uploads of the same bytes share one.</summary>
public sealed class SourceDocument : ITenantOwned
{
    public required Guid Id { get; init; }
    public required Guid TenantId { get; init; }

    /// <summary>Lower-case hexadecimal SHA-256 of the bytes.</summary>
    public required string Sha256 { get; init; }
    public required long Length { get; init; }
    public required string FileName { get; init; }
    public required string MediaType { get; init; }
    public required DateTimeOffset CreatedAt { get; init; }
}

/// <summary>One file brought in: its counts, its cost, its outcome. rows read = loaded + unchanged + duplicate + rejected.</summary>
public sealed class Import : ITenantOwned
{
    public required Guid Id { get; init; }
    public required Guid TenantId { get; init; }
    public required Guid DocumentId { get; init; }
    public required Guid JobRunId { get; init; }

    /// <summary>Format, e.g. <c>aws-cur</c>.</summary>
    public required string Kind { get; init; }
    public required string FileName { get; init; }
    public required ImportMode Mode { get; init; }
    public required ImportStatus Status { get; set; }

    /// <summary>Data rows that the first pass over the file counted.</summary>
    public required long RowsTotal { get; init; }

    /// <summary>JSON array of the parts, providers, accounts and billing months that the first pass found.</summary>
    public required string Periods { get; init; }
    public long RowsRead { get; set; }
    public long Loaded { get; set; }
    public long Unchanged { get; set; }
    public long Duplicate { get; set; }
    public long Rejected { get; set; }
    public long UsageRows { get; set; }
    public long CostOnlyRows { get; set; }

    /// <summary>JSON object: cost of the loaded rows by currency, exact.</summary>
    public string Cost { get; set; } = "{}";
    public string? Error { get; set; }
    public required DateTimeOffset CreatedAt { get; init; }
    public Guid? CreatedById { get; init; }
    public required string CreatedBy { get; init; }
    public DateTimeOffset? FinishedAt { get; set; }
}

public enum BatchState
{
    /// <summary>Being filled; invisible to every total.</summary>
    Loading,

    /// <summary>Counted.</summary>
    Current,

    /// <summary>Replaced by a later batch; kept, and current again if that one is undone.</summary>
    Superseded,

    /// <summary>Taken back.</summary>
    Undone,
}

/// <summary>
/// The lines of one part of an import for one account and billing month. All batches of a provider, account and month are published,
/// replaced and undone together.
/// </summary>
public sealed class ImportBatch : ITenantOwned
{
    /// <summary>Unique over all tenants; part of the key of every usage line.</summary>
    public long Number { get; init; }
    public required Guid TenantId { get; init; }
    public required Guid ImportId { get; init; }
    public required Guid DocumentId { get; init; }

    /// <summary>The archive entry that the lines stand in; null when the document is no archive.</summary>
    public string? Entry { get; init; }

    /// <summary><c>aws</c>, …</summary>
    public required string Provider { get; init; }
    public required string Account { get; init; }

    /// <summary>First day of the billing month.</summary>
    public required DateOnly BillingMonth { get; init; }
    public required BatchState State { get; set; }

    /// <summary>The import that replaced this batch.</summary>
    public Guid? SupersededByImportId { get; set; }
    public long Rows { get; set; }
    public string Cost { get; set; } = "{}";
}

/// <summary>A row of an import that was not loaded.</summary>
public sealed class StoredRejectedRow : ITenantOwned
{
    public required Guid TenantId { get; init; }
    public required Guid ImportId { get; init; }

    /// <summary>1-based order within the import.</summary>
    public required int Number { get; init; }

    /// <summary>The archive entry that the row stands in; null when the document is no archive.</summary>
    public string? Entry { get; init; }
    public required long Line { get; init; }
    public string? Column { get; init; }
    public string? Value { get; init; }
    public required string Reason { get; init; }
    public required string Fix { get; init; }
    public required string Raw { get; init; }
}
