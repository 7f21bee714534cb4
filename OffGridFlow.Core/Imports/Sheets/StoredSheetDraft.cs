using OffGridFlow.Core.Tenancy;

namespace OffGridFlow.Core.Imports.Sheets;

/// <summary>A spreadsheet with all that was said about how to read it.</summary>
public sealed class StoredSheetDraft : ITenantOwned
{
    public required Guid Id { get; init; }
    public required Guid TenantId { get; init; }
    public required Guid DocumentId { get; init; }

    /// <summary>As it was called when it was uploaded.</summary>
    public required string FileName { get; init; }

    /// <summary><c>Open</c>, <c>Loading</c> or <c>Loaded</c>.</summary>
    public required string State { get; set; }

    /// <summary>Counts the changes of the plan.</summary>
    public required int Version { get; set; }

    /// <summary>JSON of the <see cref="SheetPlan"/>.</summary>
    public required string Plan { get; set; }

    /// <summary>JSON of what the file shows under this plan: sheets, headings, what has to be asked.</summary>
    public required string View { get; set; }

    /// <summary>JSON of the last check of the whole file; null before the first.</summary>
    public string? Check { get; set; }

    /// <summary>The version that <see cref="Check"/> is for.</summary>
    public int? CheckedVersion { get; set; }

    /// <summary>The job that checks a large file.</summary>
    public Guid? CheckJobId { get; set; }

    /// <summary>The last import that loads or loaded it.</summary>
    public Guid? ImportId { get; set; }
    public required Guid? CreatedById { get; init; }
    public required string CreatedBy { get; init; }
    public required DateTimeOffset CreatedAt { get; init; }
    public required DateTimeOffset ChangedAt { get; set; }
}

/// <summary>How files with these headings were read the last time that one was loaded.</summary>
public sealed class StoredSheetMemory : ITenantOwned
{
    public required Guid TenantId { get; init; }

    /// <summary>SHA-256 of the set of headings, lower-case hexadecimal.</summary>
    public required string Headings { get; init; }

    /// <summary>The file that it was last used for.</summary>
    public required string FileName { get; set; }

    /// <summary>JSON of the <see cref="SheetPlan"/>, its columns by heading, with the answers that shall be remembered.</summary>
    public required string Plan { get; set; }
    public required string ChangedBy { get; set; }
    public required DateTimeOffset ChangedAt { get; set; }
}
