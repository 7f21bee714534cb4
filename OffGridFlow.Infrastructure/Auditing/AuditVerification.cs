namespace OffGridFlow.Infrastructure.Auditing;

/// <summary>In what way an audit log was tampered with.</summary>
public enum AuditBreakKind
{
    /// <summary>An entry's content is not what was sealed.</summary>
    Edited,

    /// <summary>A place in the chain is empty.</summary>
    Missing,

    /// <summary>Two entries have exchanged places.</summary>
    Reordered,

    /// <summary>Entries at the end that a signed head names are not there.</summary>
    Truncated,

    /// <summary>The chain fits together, and is another one than a signed head names.</summary>
    Rewritten,

    /// <summary>A line of the signed heads is not signed with the installation's key.</summary>
    HeadForged,

    /// <summary>A line of the signed heads was taken out.</summary>
    HeadMissing,

    /// <summary>An entry has stood without a seal for longer than the sealer needs.</summary>
    Unsealed,
}

/// <summary>The first thing that is wrong with an audit log.</summary>
/// <param name="Sentence">What, where, and since when it held, for people.</param>
/// <param name="Sequence">The place that is broken, or the first that is missing; null when no place can be named.</param>
/// <param name="LastSequence">The last that is missing; null unless there are such.</param>
/// <param name="EntryId">The broken entry; null when it is not there.</param>
/// <param name="HeldSince">The last signed head before it that still fits: up to there the log is as it was then. Null when there is none.</param>
public sealed record AuditBreak(
    AuditBreakKind Kind, string Sentence, long? Sequence = null, long? LastSequence = null, Guid? EntryId = null, DateTimeOffset? At = null, string? Action = null,
    AuditHead? HeldSince = null);

/// <summary>What a check of one organization's audit log found.</summary>
/// <param name="Entries">With a seal.</param>
/// <param name="HeadSequence">The last place in the chain; 0 when it is empty.</param>
/// <param name="HeadHash">64 small hexadecimal digits; null when the chain is empty.</param>
/// <param name="HeadsChecked">Signed heads that were compared and fit.</param>
/// <param name="EntriesAfterLastHead">Sealed entries that no signed head covers yet.</param>
/// <param name="Unsealed">Entries that wait for their seal.</param>
/// <param name="Break">Null when everything is as it was sealed.</param>
public sealed record AuditVerification(
    Guid TenantId, long Entries, long HeadSequence, string? HeadHash, int HeadsChecked, long EntriesAfterLastHead, long Unsealed, TimeSpan Duration, AuditBreak? Break)
{
    public bool Intact => Break is null;
}

/// <param name="Checked">Entries so far.</param>
/// <param name="Total">Entries with a seal.</param>
public sealed record AuditProgress(long Checked, long Total);

/// <summary>Checks the audit log of the current user's organization; asks for the permission to read it.</summary>
public interface IAuditVerifier
{
    /// <summary>Reads every entry, computes its hash anew and compares with the seals and the signed heads. Stops at the first that is broken.</summary>
    /// <param name="progress">Told every some thousand entries.</param>
    Task<AuditVerification> VerifyAsync(IProgress<AuditProgress>? progress, CancellationToken cancellationToken);
}
