namespace OffGridFlow.Core.Imports;

/// <summary>Where an import stands. Written in the API in lower camel case.</summary>
public enum ImportStatus
{
    Queued,
    Running,
    Succeeded,

    /// <summary>Published; some rows were rejected and are listed.</summary>
    CompletedWithErrors,
    Failed,
    Cancelled,

    /// <summary>Was published and then taken back; what it had replaced is current again.</summary>
    Undone,
}

/// <summary>What to do with an account and billing month that is already there.</summary>
public enum ImportMode
{
    /// <summary>Refuse with a conflict.</summary>
    None,

    /// <summary>The new file takes the place of the old one.</summary>
    Replace,

    /// <summary>The new file is added; overlapping line ids are refused.</summary>
    Append,
}
