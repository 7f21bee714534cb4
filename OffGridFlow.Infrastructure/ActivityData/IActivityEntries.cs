using OffGridFlow.Core.Inventory;

namespace OffGridFlow.Infrastructure.ActivityData;

/// <summary>What became of a row that was to be saved.</summary>
public enum SavedAs
{
    Created,
    Changed,

    /// <summary>It says what was there already.</summary>
    Unchanged,

    /// <summary>Its problems say why.</summary>
    Refused,

    /// <summary>Somebody else changed it first.</summary>
    Stale,

    /// <summary>There is no such entry.</summary>
    Gone,
}

/// <param name="Id">Null where nothing was created.</param>
/// <param name="Version">The one that stands now; null where there is none.</param>
/// <param name="Problems">Errors and open questions of what was refused; notices and confirmed questions of what was saved.</param>
public sealed record SavedEntry(SavedAs Outcome, Guid? Id, int? Version, IReadOnlyList<EntryProblem> Problems)
{
    /// <summary>Whether it stands as it was sent.</summary>
    public bool IsSaved => Outcome is SavedAs.Created or SavedAs.Changed or SavedAs.Unchanged;
}

/// <param name="Committed">False: nothing was saved, also not the rows that say they could be.</param>
/// <param name="Rows">In the order of what was sent.</param>
public sealed record SaveOutcome(bool Committed, IReadOnlyList<SavedEntry> Rows);

/// <summary>What can be done to an entry beside changing it.</summary>
public enum EntryAction
{
    /// <summary>Let it count.</summary>
    Submit,
    Approve,

    /// <summary>Back to its author, as a draft, with a reason.</summary>
    Return,

    /// <summary>Keep it out of the totals, with a reason.</summary>
    Exclude,

    /// <summary>Take back an exclusion, with a reason.</summary>
    Restore,

    /// <summary>Write the negative amount beside it, with a reason.</summary>
    Reverse,

    /// <summary>Delete a draft that was never submitted.</summary>
    Discard,
}

/// <param name="Outcome"><see cref="SavedAs.Changed"/>, <see cref="SavedAs.Refused"/>, <see cref="SavedAs.Stale"/> or <see cref="SavedAs.Gone"/>.</param>
/// <param name="Reason">Why it was refused, as a sentence; empty otherwise.</param>
/// <param name="OtherId">The reversal that was written; the actual's accruals are not told.</param>
public sealed record ActedEntry(Guid Id, SavedAs Outcome, int? Version, string Reason, Guid? OtherId = null);

/// <summary>The same change of many entries. What is null stays.</summary>
/// <param name="ClearsFactor">Lets the rules choose the factor again.</param>
/// <param name="Unit">The numbers stay as they are and are read in this unit: the unit was wrong. See <see cref="IActivityEntries.ConvertAsync"/> for the other meaning.</param>
/// <param name="FactorId">The factor that a person chooses.</param>
public sealed record EntryPatch(
    string? ActivityType = null, string? Unit = null, string? Gas = null, DataQuality? Quality = null,
    bool ClearsFactor = false, string? FactorId = null);

/// <summary>What leads from the unit of an entry to one of another kind: a density, a calorific value.</summary>
/// <param name="Name">E.g. <c>density</c>; never empty.</param>
/// <param name="Value">How many of the new unit one <paramref name="From"/> is, above zero.</param>
/// <param name="From">Symbol of a unit of the entry's kind.</param>
/// <param name="Source">Who says so; never empty.</param>
public sealed record EntryConversion(string Name, decimal Value, string From, string Source);

/// <summary>How far a copy is moved.</summary>
public enum CopyStep
{
    Month,
    Year,
}

/// <summary>Entries whose days lie in a period, to be written again as drafts of the next one.</summary>
/// <param name="SiteId">Null: all sites.</param>
/// <param name="ActivityType">Null: all types.</param>
/// <param name="From">First day of the period that is copied, inclusive.</param>
/// <param name="To">Its last day, inclusive.</param>
public sealed record EntryCopy(Guid? SiteId, string? ActivityType, DateOnly From, DateOnly To, CopyStep Step);

/// <param name="Made">Ids of the drafts.</param>
/// <param name="AlreadyThere">Entries that were left out because the site has the type for these days.</param>
/// <param name="NotFitting">Entries that were left out because the new days lie ahead, or the copy would have to be asked about.</param>
public sealed record CopyOutcome(IReadOnlyList<Guid> Made, int AlreadyThere, int NotFitting);

/// <summary>Whether nobody may approve what they have written themselves.</summary>
/// <param name="Chosen">What the tenant has said; null: nothing, so that it follows from the number of people who may write.</param>
/// <param name="Writers">Active members who may write activity data.</param>
public sealed record ApprovalRule(bool AsksForSecondPerson, bool? Chosen, int Writers);

/// <summary>
/// Writing activity data: each change is a version with author, reason and time, an entry of the audit log, and an update of the ledger, in one
/// transaction.
/// </summary>
public interface IActivityEntries
{
    /// <summary>Rows that one call takes.</summary>
    const int MostRows = 1000;

    /// <summary>Creates and changes. Without <paramref name="partial"/> all rows are saved or none.</summary>
    /// <param name="reason">Why; needed where an approved entry is changed.</param>
    /// <exception cref="ArgumentException">More than <see cref="MostRows"/>.</exception>
    Task<SaveOutcome> SaveAsync(IReadOnlyList<EntryDraft> drafts, bool partial, string? reason, CancellationToken cancellationToken);

    /// <summary>The same change of many, all or none.</summary>
    /// <exception cref="ArgumentException">More than <see cref="MostRows"/>.</exception>
    Task<SaveOutcome> ChangeManyAsync(IReadOnlyList<EntryRef> entries, EntryPatch patch, IReadOnlyList<string> confirmed, string? reason, CancellationToken cancellationToken);

    /// <summary>
    /// The same amounts in another unit, all or none. Between units of one kind the table of units converts; to another kind it takes
    /// <paramref name="by"/>, which stays in the history with its source.
    /// </summary>
    /// <exception cref="ArgumentException">More than <see cref="MostRows"/>.</exception>
    Task<SaveOutcome> ConvertAsync(IReadOnlyList<EntryRef> entries, string unit, EntryConversion? by, CancellationToken cancellationToken);

    /// <summary>Does what can be done and says of the rest why not.</summary>
    /// <exception cref="ArgumentException">More than <see cref="MostRows"/>.</exception>
    Task<IReadOnlyList<ActedEntry>> ActAsync(EntryAction action, IReadOnlyList<EntryRef> entries, string? reason, CancellationToken cancellationToken);

    /// <summary>What a row would be told if it were saved; nothing is.</summary>
    Task<IReadOnlyList<EntryProblem>> CheckAsync(EntryDraft draft, CancellationToken cancellationToken);

    /// <summary>
    /// Calculates again what counts and has no result, after its factor was loaded, its edition fixed or a supplier's rate added. Entries that have a
    /// result keep theirs, but for purchased energy that shares a contract with one of them.
    /// </summary>
    /// <returns>How many have a result now, and how many still have none.</returns>
    Task<(int Calculated, int Left)> CalculateAgainAsync(CancellationToken cancellationToken);

    Task<CopyOutcome> CopyAsync(EntryCopy copy, CancellationToken cancellationToken);

    Task<ApprovalRule> FindRuleAsync(CancellationToken cancellationToken);

    /// <summary>For administrators.</summary>
    Task<ApprovalRule> SetRuleAsync(bool asksForSecondPerson, CancellationToken cancellationToken);
}
