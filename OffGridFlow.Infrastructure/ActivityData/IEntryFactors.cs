namespace OffGridFlow.Infrastructure.ActivityData;

/// <summary>A factor that a person may choose for an entry.</summary>
/// <param name="Id">Kept with the entry.</param>
/// <param name="Set">Title of its set.</param>
/// <param name="Region">Name of the place that it holds for.</param>
/// <param name="Year">Of the edition or of the data.</param>
/// <param name="Unit">That one figure is for.</param>
/// <param name="KgCo2e">Per unit, with the potentials of the inventory; null where there is no figure.</param>
/// <param name="Fits">It holds for the first day and the place of the entry: the rules would take it, too, were there no better one.</param>
public sealed record EntryFactor(string Id, string Name, string Set, bool IsOwn, string Region, int Year, string Unit, decimal? KgCo2e, bool Fits);

/// <summary>The factors of an entry.</summary>
/// <param name="Chosen">The one that a person has chosen; null where nobody has, or where the library has it no more.</param>
/// <param name="Candidates">Of the entry's activity and kind of unit: those that fit first, own before published; at most <see cref="IEntryFactors.Most"/>.</param>
public sealed record EntryFactors(EntryFactor? Chosen, IReadOnlyList<EntryFactor> Candidates);

/// <summary>The library as an entry sees it: what it may be calculated with, and what of the tenant's own it may be entered as.</summary>
public interface IEntryFactors
{
    const int Most = 500;

    /// <summary>Null for an entry that is not there.</summary>
    Task<EntryFactors?> ListAsync(Guid entryId, CancellationToken cancellationToken);

    /// <summary>
    /// The tenant's own factors as something to enter, by name: the activity that each is for, with <see cref="ActivityChoice.Own"/>. Without retired ones
    /// and those that cover only a part of an activity.
    /// </summary>
    Task<IReadOnlyList<ActivityChoice>> ListOwnChoicesAsync(CancellationToken cancellationToken);
}
