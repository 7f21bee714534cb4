using OffGridFlow.Core.ActivityData;
using OffGridFlow.Core.EmissionFactors;
using OffGridFlow.Core.Inventory;
using OffGridFlow.Infrastructure.ActivityData;

namespace OffGridFlow.Tests.Web;

/// <summary>Two activity types, an own factor and two published ones; keeps what was asked to be saved.</summary>
internal sealed class FakeActivities : IActivityEntries, IActivityEntryQueries, IEntryFactors, IEntryEvidence
{
    public static readonly ActivityChoice Leak = new("refrigerant-leak", "Refrigerant leak", "Leaks", ActivityFamily.Fugitive, 1, null, ["kg", "g"], true, false, "Name the refrigerant.");
    public static readonly ActivityChoice Diesel = new("diesel", "Diesel in vehicles", "Mobile", ActivityFamily.Mobile, 1, null, ["l", "kg"], false, false, "")
    {
        Categories = [4, 8, 9],
    };

    public static readonly ActivityChoice OwnDiesel = Diesel with
    {
        Name = "Fleet card 7", Units = ["l"], Own = new OwnFactorChoice("own-fleet-2", "Diesel in vehicles", "Fleet 2025", "GB", new DateOnly(2025, 1, 1), new DateOnly(2025, 12, 31)),
    };

    public List<EntryInput> Saved { get; } = [];

    /// <summary>Reasons of what was saved.</summary>
    public List<string?> Reasons { get; } = [];

    /// <summary>Units and figures that something was converted with.</summary>
    public List<(string Unit, EntryConversion? By)> Conversions { get; } = [];

    /// <summary>What a conversion is told; null: it is done.</summary>
    public EntryProblem? Refusal { get; set; }

    /// <summary>The entry that a drawer shows.</summary>
    public EntryRow Shown { get; set; } = Row();

    public List<EntryFactor> Candidates { get; } =
    [
        new("own-fleet-2", "Fleet card 7", "Fleet 2025", true, "United Kingdom", 2025, "l", 2.4m, true), new("d25", "Diesel (average)", "DESNZ 2025", false, "United Kingdom", 2025, "l", 2.57082m, true),
        new("d24", "Diesel (average)", "DESNZ 2024", false, "United Kingdom", 2024, "l", 2.51279m, false),
    ];

    public static EntryRow Row(string? factorId = null, string? exception = null, int version = 1, decimal quantity = 500m, string unit = "l") => new(
        Guid.Parse("0190a000-0000-7000-8000-000000000001"), Guid.Empty, "Leeds office", "diesel", "Diesel in vehicles", quantity, unit, new DateOnly(2025, 1, 1), new DateOnly(2025, 1, 31), null, factorId,
        DataQuality.Measured, [], null, EntryStatus.Submitted, false, null, false, null, null, null, null, [], version, null, "Ada", DateTimeOffset.UnixEpoch)
    {
        Exception = exception,
    };

    public Task<SaveOutcome> SaveAsync(IReadOnlyList<EntryDraft> drafts, bool partial, string? reason, CancellationToken cancellationToken)
    {
        Saved.AddRange(drafts.Select(draft => draft.Input));
        Reasons.Add(reason);
        return Task.FromResult(new SaveOutcome(true, [.. drafts.Select(_ => new SavedEntry(SavedAs.Created, Guid.CreateVersion7(), 1, []))]));
    }

    public Task<EntryFactors?> ListAsync(Guid entryId, CancellationToken cancellationToken) => Task.FromResult<EntryFactors?>(new EntryFactors(Candidates[0], Candidates));

    public Task<IReadOnlyList<ActivityChoice>> ListOwnChoicesAsync(CancellationToken cancellationToken) => Task.FromResult<IReadOnlyList<ActivityChoice>>([OwnDiesel]);

    public IReadOnlyList<ActivityChoice> SearchTypes(string? text, int limit) =>
        [.. new[] { Leak, Diesel }.Where(choice => choice.Name.Contains(text ?? "", StringComparison.OrdinalIgnoreCase))];

    public ActivityChoice? FindType(string name) => new[] { Leak, Diesel }.FirstOrDefault(choice => string.Equals(choice.Name, name, StringComparison.OrdinalIgnoreCase) || choice.Key == name);

    public IReadOnlyList<string> ListGases() => ["R-410A"];

    public IReadOnlyList<string> ListUnitsLike(string unit) => unit == "l" ? ["l", "m3"] : [unit];

    public decimal? Convert(decimal quantity, string from, string to, EntryConversion? by) => (from, to, by) switch
    {
        ("l", "m3", _) => quantity / 1000,
        (_, _, { } figure) => quantity * figure.Value,
        _ => null,
    };

    public Task<SaveOutcome> ChangeManyAsync(IReadOnlyList<EntryRef> entries, EntryPatch patch, IReadOnlyList<string> confirmed, string? reason, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<SaveOutcome> ConvertAsync(IReadOnlyList<EntryRef> entries, string unit, EntryConversion? by, CancellationToken cancellationToken)
    {
        Conversions.Add((unit, by));
        return Task.FromResult(Refusal is { } problem
            ? new SaveOutcome(false, [new SavedEntry(SavedAs.Refused, entries[0].Id, 1, [problem])]) : new SaveOutcome(true, [new SavedEntry(SavedAs.Changed, entries[0].Id, 2, [])]));
    }

    public Task<EntryRow?> FindAsync(Guid id, CancellationToken cancellationToken) => Task.FromResult<EntryRow?>(Shown);

    public Task<IReadOnlyList<EntryVersionRow>?> ListVersionsAsync(Guid id, CancellationToken cancellationToken) => Task.FromResult<IReadOnlyList<EntryVersionRow>?>([]);

    public Task<IReadOnlyList<EntryCommentRow>> ListCommentsAsync(Guid entryId, CancellationToken cancellationToken) => Task.FromResult<IReadOnlyList<EntryCommentRow>>([]);

    public Task<IReadOnlyList<EntryDocumentRow>> ListDocumentsAsync(Guid entryId, CancellationToken cancellationToken) => Task.FromResult<IReadOnlyList<EntryDocumentRow>>([]);

    public Task<bool> MayAttachAsync(Guid entryId, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<EntryCommentRow?> CommentAsync(Guid entryId, string text, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<AttachOutcome> AttachAsync(Guid entryId, Stream content, string fileName, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<bool> DetachAsync(Guid entryId, Guid documentId, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<OpenedDocument?> OpenAsync(Guid entryId, Guid documentId, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<IReadOnlyList<ActedEntry>> ActAsync(EntryAction action, IReadOnlyList<EntryRef> entries, string? reason, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<IReadOnlyList<EntryProblem>> CheckAsync(EntryDraft draft, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<(int Calculated, int Left)> CalculateAgainAsync(CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<CopyOutcome> CopyAsync(EntryCopy copy, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<ApprovalRule> FindRuleAsync(CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<ApprovalRule> SetRuleAsync(bool asksForSecondPerson, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<EntryPage> ListAsync(EntryFilter filter, string? cursor, int limit, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<EntryCounts> CountAsync(EntryFilter filter, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<IReadOnlyList<EntryExceptionGroup>> ListExceptionsAsync(int rowsOfEach, CancellationToken cancellationToken) => throw new NotSupportedException();

    public IReadOnlyList<SiteChoice> Sites { get; init; } = [];

    public Task<IReadOnlyList<SiteChoice>> ListSitesAsync(CancellationToken cancellationToken) => Task.FromResult(Sites);

    public Task<IReadOnlyList<ActivityChoice>> ListUsedTypesAsync(CancellationToken cancellationToken) => throw new NotSupportedException();
}
