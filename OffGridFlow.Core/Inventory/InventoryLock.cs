using System.Security.Cryptography;
using System.Text;

namespace OffGridFlow.Core.Inventory;

/// <summary>A step on the way to a locked inventory, or from it. The last of a period says where it stands.</summary>
public enum LockAction
{
    /// <summary>Somebody asks that a second person locks it.</summary>
    LockAsked,
    Locked,

    /// <summary>Somebody asks that a second person reopens it.</summary>
    ReopenAsked,
    Reopened,

    /// <summary>What was asked for is asked for no more.</summary>
    Withdrawn,
}

/// <param name="Number">From 1, in each period.</param>
/// <param name="MissingReason">Why it may be locked although the collection plan misses data.</param>
public sealed record LockStep(int Number, LockAction Action, string Reason, string? MissingReason, Guid? AuthorId, string Author, DateTimeOffset At)
{
    /// <summary>Whether it waits for a second person.</summary>
    public bool IsAsked => Action is LockAction.LockAsked or LockAction.ReopenAsked;
}

/// <summary>What has to be so before an inventory is locked.</summary>
/// <param name="Code">Of the API, e.g. <c>entries-not-approved</c>.</param>
/// <param name="Count">How many stand in the way; 0: it is so.</param>
/// <param name="IsWarning">It may be locked all the same, with a reason.</param>
/// <param name="Sentence">What is missing and how to mend it; else that it is so.</param>
/// <param name="Link">Where it is mended.</param>
public sealed record LockCondition(string Code, string Title, long Count, bool IsWarning, string Sentence, string Link)
{
    public bool IsMet => Count == 0;

    /// <summary>Whether nothing can be locked because of it.</summary>
    public bool Stops => Count > 0 && !IsWarning;
}

/// <summary>An inventory as it was locked. Never changed, never deleted; a later one stands beside it.</summary>
/// <param name="Number">From 1, in each period.</param>
/// <param name="LedgerNumber">The state of the ledger it was made of.</param>
/// <param name="Sha256">Of <paramref name="Content"/> in UTF-8, small hexadecimal digits.</param>
/// <param name="Content">Canonical JSON, as docs/methods/inventory-snapshot.md says.</param>
/// <param name="KeepsPapers">Whether shares, decisions and the collection plan are kept with it, so that evidence of it can be made however these change.</param>
public sealed record InventorySnapshot(
    Guid Id, Guid PeriodId, int Number, string Approach, long LedgerNumber, string Sha256, string Content, string Reason, string AskedBy, DateTimeOffset AskedAt, string Author,
    DateTimeOffset At, bool KeepsPapers)
{
    public static string HashOf(string content) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(content)));
}
