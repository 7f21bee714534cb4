using OffGridFlow.Core.ActivityData;
using OffGridFlow.Core.Inventory;

namespace OffGridFlow.Infrastructure.ActivityData;

/// <summary>Which entries. What is null does not limit.</summary>
/// <param name="From">First day; an entry fits when one of its days does.</param>
/// <param name="To">Last day, inclusive.</param>
/// <param name="Text">In reference, note, gas, external id, or the name of the type.</param>
/// <param name="ToApprove">Submitted ones that the present person may approve.</param>
public sealed record EntryFilter(
    Guid? SiteId = null, string? ActivityType = null, EntryStatus? Status = null, DateOnly? From = null, DateOnly? To = null, string? Text = null, bool ToApprove = false);

/// <summary>What an entry has come to, kg CO2e.</summary>
/// <param name="EmissionId">A record of it, whose trail shows the way.</param>
/// <param name="KgCo2e">Scope 1, or scope 2 by location, or scope 3 where it is nothing else; null where the ledger has no figure.</param>
/// <param name="MarketKgCo2e">Scope 2 by contracts; null for all that is no purchased energy.</param>
/// <param name="ValueChainKgCo2e">What comes with it in scope 3, where it is in scope 1 or 2 itself.</param>
public sealed record EntryResult(Guid EmissionId, decimal? KgCo2e, decimal? MarketKgCo2e, decimal? ValueChainKgCo2e);

/// <summary>An entry as lists show it.</summary>
/// <param name="TypeName">For people; the key where the type is not known any more.</param>
/// <param name="IsReversed">Another entry takes it back.</param>
public sealed record EntryRow(
    Guid Id, Guid SiteId, string Site, string ActivityType, string TypeName, decimal Quantity, string Unit, DateOnly From, DateOnly To, string? Gas, string? FactorId,
    DataQuality Quality, IReadOnlyList<int> QualityIndicators, decimal? UncertaintyPercent, EntryStatus Status, bool IsAccrual, Guid? ReversesId, bool IsReversed, string? Reference,
    string? Note, string? ExternalId, RefrigerantBalance? Balance, IReadOnlyList<string> Confirmed, int Version, Guid? ChangedById, string ChangedBy, DateTimeOffset ChangedAt)
{
    /// <summary>The Scope 3 category that the entry names; null: where its type stands.</summary>
    public int? Category { get; init; }
    public Worksheet? Worksheet { get; init; }
    public string? Vendor { get; init; }
    public string? Account { get; init; }

    public EntryResult? Result { get; init; }

    /// <summary>Why it has no result although it counts; null otherwise.</summary>
    public string? Exception { get; init; }

    /// <summary>The entry that takes this one back; null while none does.</summary>
    public Guid? ReversedById { get; init; }

    /// <summary>What was measured, where the quantity follows from it.</summary>
    public ConvertedFrom? ConvertedFrom { get; init; }

    /// <summary>How the quantity was estimated for days without data; null: it was not.</summary>
    public GapMethod? GapMethod { get; init; }

    public int Documents { get; init; }

    public int Comments { get; init; }

    /// <summary>What it says, to be sent back with changes.</summary>
    public EntryInput ToInput() => new()
    {
        SiteId = SiteId, ActivityType = ActivityType, Quantity = Quantity, Unit = Unit, From = From, To = To, Gas = Gas, FactorId = FactorId, Quality = Quality,
        QualityIndicators = QualityIndicators, UncertaintyPercent = UncertaintyPercent, IsAccrual = IsAccrual, Reference = Reference, Note = Note, ExternalId = ExternalId,
        Balance = Balance, ConvertedFrom = ConvertedFrom, GapMethod = GapMethod, Confirmed = Confirmed, Category = Category, Worksheet = Worksheet, Vendor = Vendor, Account = Account,
    };
}

public sealed record EntryPage(IReadOnlyList<EntryRow> Rows, string? NextCursor);

/// <param name="Unit">Sums never cross units.</param>
public sealed record EntrySum(string ActivityType, string TypeName, string Unit, decimal Quantity, long Entries);

/// <summary>What a filter holds.</summary>
/// <param name="Sums">Of what is not excluded; at most <see cref="IActivityEntryQueries.MostSums"/>, the types with most entries first.</param>
/// <param name="ToApprove">Submitted entries of the filter that the present person may approve.</param>
/// <param name="Exceptions">Entries of the tenant that count and have no result.</param>
public sealed record EntryCounts(IReadOnlyDictionary<EntryStatus, long> ByStatus, IReadOnlyList<EntrySum> Sums, long ToApprove, long Exceptions)
{
    public long All => ByStatus.Values.Sum();
}

/// <summary>One change of an entry.</summary>
/// <param name="Action">See <see cref="ActivityEntryVersion.Action"/>.</param>
/// <param name="Changes">Fields that differ from the version before, with the names of sites instead of their ids.</param>
public sealed record EntryVersionRow(int Version, string Action, string Author, DateTimeOffset At, string? Reason, IReadOnlyList<EntryFieldChange> Changes);

/// <summary>A site as the pages of activity data offer it.</summary>
public sealed record SiteChoice(Guid Id, string Name, string Region);

/// <summary>An entry that counts and has no result.</summary>
public sealed record EntryExceptionRow(EntryRow Entry, string Code, string Message, string Mend, DateTimeOffset Since);

/// <param name="Code">Of all its rows.</param>
/// <param name="Mend">Of the first row.</param>
/// <param name="Total">How many there are; the rows are the oldest of them.</param>
public sealed record EntryExceptionGroup(string Code, string Mend, long Total, IReadOnlyList<EntryExceptionRow> Rows);

/// <summary>Reading activity data.</summary>
public interface IActivityEntryQueries
{
    const int MostSums = 12;

    /// <summary>By site, type, first day and id.</summary>
    /// <exception cref="Persistence.InvalidCursorException">The cursor is not one of ours.</exception>
    Task<EntryPage> ListAsync(EntryFilter filter, string? cursor, int limit, CancellationToken cancellationToken);

    Task<EntryRow?> FindAsync(Guid id, CancellationToken cancellationToken);

    Task<EntryCounts> CountAsync(EntryFilter filter, CancellationToken cancellationToken);

    /// <summary>Newest first; null for an entry that is not there.</summary>
    Task<IReadOnlyList<EntryVersionRow>?> ListVersionsAsync(Guid id, CancellationToken cancellationToken);

    /// <summary>By reason, the most frequent first.</summary>
    /// <param name="rowsOfEach">How many rows a group shows at most.</param>
    Task<IReadOnlyList<EntryExceptionGroup>> ListExceptionsAsync(int rowsOfEach, CancellationToken cancellationToken);

    /// <summary>By name.</summary>
    Task<IReadOnlyList<SiteChoice>> ListSitesAsync(CancellationToken cancellationToken);

    /// <summary>Types that entries have, for filters.</summary>
    Task<IReadOnlyList<ActivityChoice>> ListUsedTypesAsync(CancellationToken cancellationToken);

    /// <summary>The product's types, then published activities, that fit the text; without a text the product's types only.</summary>
    IReadOnlyList<ActivityChoice> SearchTypes(string? text, int limit);

    /// <summary>The type of a key or name; null when there is none.</summary>
    ActivityChoice? FindType(string name);

    /// <summary>Gases and blends that can be named.</summary>
    IReadOnlyList<string> ListGases();

    /// <summary>Symbols of the units of the same kind as this one.</summary>
    IReadOnlyList<string> ListUnitsLike(string unit);

    /// <summary>What an amount comes to in another unit, before anything is saved; null where it cannot be told.</summary>
    decimal? Convert(decimal quantity, string from, string to, EntryConversion? by);
}
