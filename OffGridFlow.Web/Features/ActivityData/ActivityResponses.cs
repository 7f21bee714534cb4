using OffGridFlow.Core.ActivityData;
using OffGridFlow.Core.Inventory;
using OffGridFlow.Infrastructure.ActivityData;

namespace OffGridFlow.Web.Features.ActivityData;

/// <summary>An entry as the API takes it. Of many, <c>rows</c> holds them and the other fields are left out.</summary>
/// <param name="Confirmed">Codes of the questions that are answered with yes.</param>
/// <param name="Category">Of scope 3; where the type serves several, or energy and vehicles belong to others.</param>
/// <param name="Worksheet">Gives the quantity; <c>GET /worksheets</c> says which methods there are.</param>
/// <param name="Vendor">Of spending; the account map finds it by this and by the account.</param>
/// <param name="Reason">Why; needed where an approved entry is changed.</param>
/// <param name="Mode"><c>all</c> (nothing half done) or <c>partial</c>; of many only.</param>
public sealed record ActivityRequest(
    Guid? SiteId, string? ActivityType, decimal? Quantity, string? Unit, DateOnly? From, DateOnly? To, string? Gas, string? FactorId, DataQuality? Quality,
    IReadOnlyList<int>? QualityIndicators, decimal? UncertaintyPercent, bool? IsAccrual, string? Reference, string? Note, string? ExternalId, RefrigerantBalance? Balance,
    ConvertedFrom? ConvertedFrom, IReadOnlyList<string>? Confirmed, string? Reason, IReadOnlyList<ActivityRequest>? Rows, string? Mode, int? Category = null, Worksheet? Worksheet = null,
    string? Vendor = null, string? Account = null)
{
    internal EntryInput ToInput() => new()
    {
        SiteId = SiteId ?? Guid.Empty, ActivityType = ActivityType ?? "", Quantity = Quantity, Unit = Unit ?? "", From = From ?? default, To = To ?? default, Gas = Gas, FactorId = FactorId,
        Quality = Quality ?? DataQuality.Measured, QualityIndicators = QualityIndicators ?? [], UncertaintyPercent = UncertaintyPercent, IsAccrual = IsAccrual ?? false,
        Reference = Reference, Note = Note, ExternalId = ExternalId, Balance = Balance, ConvertedFrom = ConvertedFrom, Confirmed = Confirmed ?? [],
        Category = Category, Worksheet = Worksheet, Vendor = Vendor, Account = Account,
    };
}

/// <summary>kg CO2e of an entry: by location where it is purchased energy, with the figure by contracts beside it, and what comes with it in scope 3.</summary>
public sealed record ActivityResultResponse(Guid EmissionId, decimal? KgCo2e, decimal? MarketKgCo2e, decimal? ValueChainKgCo2e);

/// <summary>An entry as the API shows it; <c>exception</c> says why it has no result although it counts.</summary>
public sealed record ActivityResponse(
    Guid Id, Guid SiteId, string Site, string ActivityType, string ActivityTypeName, decimal Quantity, string Unit, DateOnly From, DateOnly To, string? Gas, string? FactorId,
    DataQuality Quality, IReadOnlyList<int> QualityIndicators, decimal? UncertaintyPercent, EntryStatus Status, bool IsAccrual, Guid? ReversesId, bool IsReversed, string? Reference,
    string? Note, string? ExternalId, RefrigerantBalance? Balance, ConvertedFrom? ConvertedFrom, IReadOnlyList<string> Confirmed, int Version, string ChangedBy, DateTimeOffset ChangedAt,
    ActivityResultResponse? Result, string? Exception, int? Category, Worksheet? Worksheet, string? Vendor, string? Account)
{
    internal static ActivityResponse Of(EntryRow row) => new(
        row.Id, row.SiteId, row.Site, row.ActivityType, row.TypeName, row.Quantity, row.Unit, row.From, row.To, row.Gas, row.FactorId, row.Quality, row.QualityIndicators,
        row.UncertaintyPercent, row.Status, row.IsAccrual, row.ReversesId, row.IsReversed, row.Reference, row.Note, row.ExternalId, row.Balance, row.ConvertedFrom, row.Confirmed, row.Version,
        row.ChangedBy, row.ChangedAt,
        row.Result is { } result ? new ActivityResultResponse(result.EmissionId, result.KgCo2e, result.MarketKgCo2e, result.ValueChainKgCo2e) : null, row.Exception,
        row.Category, row.Worksheet, row.Vendor, row.Account);
}

public sealed record ActivityListResponse(IReadOnlyList<ActivityResponse> Items, string? NextCursor);

public sealed record ActivityProblemResponse(string Code, string Field, string Message, EntrySeverity Severity);

/// <summary><c>outcome</c>: created, changed, unchanged, refused, stale or gone.</summary>
public sealed record ActivitySaveResponse(int Index, SavedAs Outcome, Guid? Id, int? Version, IReadOnlyList<ActivityProblemResponse> Problems);

/// <summary>Rows in the order in which they were sent; of what was not committed nothing was saved.</summary>
public sealed record ActivityBatchResponse(bool Committed, IReadOnlyList<ActivitySaveResponse> Results);

public sealed record ActivityActionRequest(string? Reason);

/// <summary><c>reversalId</c> is set by a reversal.</summary>
public sealed record ActivityActionResponse(Guid Id, int? Version, Guid? ReversalId);

public sealed record ActivityVersionResponse(int Version, string Action, string Author, DateTimeOffset At, string? Reason, IReadOnlyList<EntryFieldChange> Changes);

public sealed record ActivityVersionListResponse(IReadOnlyList<ActivityVersionResponse> Items);

public sealed record ActivityCommentRequest(string? Text);

public sealed record ActivityCommentListResponse(IReadOnlyList<EntryCommentRow> Items);

public sealed record ActivityDocumentListResponse(IReadOnlyList<EntryDocumentRow> Items);

/// <param name="Step"><c>month</c> or <c>year</c>.</param>
public sealed record ActivityCopyRequest(Guid? SiteId, string? ActivityType, DateOnly? From, DateOnly? To, CopyStep? Step);

public sealed record ActivityCopyResponse(IReadOnlyList<Guid> Made, int AlreadyThere, int NotFitting);

public sealed record ApprovalRequest(bool? AsksForSecondPerson);

/// <summary><c>chosen</c> is null as long as the organization has said nothing: then a second person is asked for as soon as two may write.</summary>
public sealed record ApprovalResponse(bool AsksForSecondPerson, bool? Chosen, int Writers);

public sealed record ExceptionResponse(string Code, string Message, string Mend, DateTimeOffset Since, ActivityResponse Activity);

public sealed record ExceptionGroupResponse(string Code, long Total, IReadOnlyList<ExceptionResponse> Items);

public sealed record ExceptionListResponse(long Total, IReadOnlyList<ExceptionGroupResponse> Groups);

public sealed record ActivityTypeResponse(
    string Key, string Name, string Group, string Family, int? Scope, int? Category, IReadOnlyList<string> Units, bool NeedsGas, bool IsPublished, string Hint,
    IReadOnlyList<int> Categories);

public sealed record ActivityTypeListResponse(IReadOnlyList<ActivityTypeResponse> Items);
