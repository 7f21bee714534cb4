using OffGridFlow.Core.Assurance;
using OffGridFlow.Core.Calculation;
using OffGridFlow.Infrastructure.Assurance;
using OffGridFlow.Web.Shared;

namespace OffGridFlow.Web.Features.Assurance;

/// <summary>Masses in kg CO2e, percent of a hundred. Without materiality <c>version</c> is 0 and the figures are null.</summary>
public sealed record MaterialityResponse(
    Guid PeriodId, MaterialityBasis? Basis, decimal? Percent, Scope2Method? View, decimal? BaseKg, decimal TotalKg, decimal? MaterialityKg, decimal? PerformancePercent, decimal? PerformanceKg,
    decimal? TrivialPercent, decimal? TrivialKg, long? Ledger, string? Reason, string? Author, DateTimeOffset? At, int Version)
{
    internal static MaterialityResponse Of(Guid periodId, AssuranceMateriality? set, decimal totalKg) => new(
        periodId, set?.Basis, set?.Percent, set?.View, set?.BaseKg, totalKg, set?.MaterialityKg, set?.PerformancePercent, set?.PerformanceKg, set?.TrivialPercent, set?.TrivialKg,
        set?.LedgerSequence, set?.Reason, set?.Author, set?.At, set?.Version ?? 0);
}

/// <param name="Basis"><c>percent</c> or <c>mass</c>.</param>
/// <param name="Version">The one that was seen; 0 where there was none.</param>
public sealed record MaterialityRequest(
    Guid? PeriodId, string? Basis, decimal? Percent, string? View, decimal? MaterialityKg, decimal? PerformancePercent, decimal? TrivialPercent, string? Reason, int? Version);

public sealed record SampleResponse(
    Guid Id, Guid PeriodId, int Number, SampleMethod Method, string Seed, long Ledger, string FirstMonth, string LastMonth, Scope2Method View, int? Scope, int? Category, Guid? SiteId,
    string? Activity, int? Count, int? ConfidencePercent, decimal? TolerableKg, decimal? ExpectedKg, decimal? IntervalKg, long Population, decimal PopulationKg, long ZeroOrLess, decimal ZeroOrLessKg,
    long WithoutFigure, string PopulationSha256, int Items, string? Purpose, string Author, DateTimeOffset At, DateTimeOffset? SetAsideAt, string? SetAsideBy, string? SetAsideReason)
{
    internal static SampleResponse Of(AuditSample sample) => new(
        sample.Id, sample.PeriodId, sample.Number, sample.Method, sample.Seed, sample.LedgerSequence, Dates.Key(sample.FirstMonth), Dates.Key(sample.LastMonth), sample.View, sample.Scope,
        sample.Category, sample.SiteId, sample.Activity, sample.AskedCount, sample.ConfidencePercent, sample.TolerableKg, sample.ExpectedKg, sample.IntervalKg, sample.PopulationCount,
        sample.PopulationKg, sample.OutsideCount, sample.OutsideKg, sample.MissingCount, sample.PopulationHash, sample.ItemCount, sample.Purpose, sample.Author, sample.At, sample.SetAsideAt,
        sample.SetAsideBy, sample.SetAsideReason);
}

public sealed record SampleListResponse(IReadOnlyList<SampleListItem> Items);

/// <param name="Checked">Items with a judgment.</param>
public sealed record SampleListItem(SampleResponse Sample, int Checked, int Differences);

/// <param name="Method"><c>monetaryUnit</c>, <c>random</c> or <c>all</c>.</param>
/// <param name="View"><c>location</c> or <c>market</c>: the view of scope 2 in the population.</param>
public sealed record SampleRequest(
    Guid? PeriodId, string? Method, string? Seed, string? View, int? Scope, int? Category, Guid? SiteId, string? Activity, int? Count, int? ConfidencePercent, decimal? TolerableKg,
    decimal? ExpectedKg, string? Purpose);

/// <param name="EndedLedger">The state of the ledger from which on the result counts no more.</param>
/// <param name="DifferenceKg">Above zero: the ledger says too much.</param>
public sealed record SampleItemResponse(
    int Number, Guid ResultId, SampleStratum Stratum, decimal Kg, int Scope, int? Category, Scope2Method? View, string Month, string Account, string Activity, Guid? EntryId, int? EntryVersion,
    long? EndedLedger, ItemCheckResponse? Check, decimal? DifferenceKg)
{
    internal static SampleItemResponse Of(SampleItemRow row) => new(
        row.Item.Number, row.Item.ResultId, row.Item.Stratum, row.Item.Kg, row.Scope, row.Category == 0 ? null : row.Category, row.View, Dates.Key(row.Month), row.Account, row.Activity,
        row.EntryId, row.EntryVersion, row.EndedSequence, row.Check is { } check ? ItemCheckResponse.Of(check) : null, row.Check is null ? null : row.ToChecked().FoundKg);
}

public sealed record ItemCheckResponse(int Number, int Version, CheckOutcome Outcome, decimal? AuditedKg, string? Note, string? DocumentSeen, string Author, DateTimeOffset At)
{
    internal static ItemCheckResponse Of(ItemCheck check) => new(check.Number, check.Version, check.Outcome, check.AuditedKg, check.Note, check.DocumentSeen, check.Author, check.At);
}

/// <param name="Number">Of the item, from 1.</param>
/// <param name="Outcome"><c>agreed</c> or <c>difference</c>.</param>
/// <param name="Version">The one that was seen; 0 where there was none.</param>
public sealed record ItemCheckRequest(int? Number, string? Outcome, decimal? AuditedKg, string? Note, string? DocumentSeen, int? Version);

/// <summary>kg CO2e, above zero: the ledger says too much. Null before every item is checked.</summary>
public sealed record ProjectionResponse(int Items, int Checked, int Differences, decimal FoundKg, decimal? ProjectedKg, decimal? BasicPrecisionKg, decimal? IncrementalKg, decimal? UpperLimitKg);

public sealed record SampleDetailResponse(SampleResponse Sample, ProjectionResponse Projection, IReadOnlyList<SampleItemResponse> Items)
{
    internal static SampleDetailResponse Of(SampleDetail detail) => new(
        SampleResponse.Of(detail.Sample),
        new ProjectionResponse(
            detail.Projection.Items, detail.Projection.Checked, detail.Projection.Differences, detail.Projection.FoundKg, detail.Projection.ProjectedKg, detail.Projection.BasicPrecisionKg,
            detail.Projection.IncrementalKg, detail.Projection.UpperLimitKg),
        [.. detail.Items.Select(SampleItemResponse.Of)]);
}

public sealed record RedrawResponse(bool SamePopulation, bool SameItems, string PopulationSha256, long Ledger, long Ended, decimal EndedKg, long Begun, decimal BegunKg);

public sealed record SetAsideRequest(string? Reason);

public sealed record FindingResponse(
    Guid Id, Guid PeriodId, string Number, FindingStatus Status, FindingKind Kind, string Title, string Observation, string? Criterion, string? Cause, decimal? EffectKg, string? NotQuantified,
    int? Scope, Scope2Method? View, Guid? ResultId, Guid? EntryId, string? AssignedTo, string? Answer, string? CorrectedBy, string? Note, FindingStep Step, string Author, DateTimeOffset At,
    int Version)
{
    internal static FindingResponse Of(Finding finding, FindingVersion version) => new(
        finding.Id, finding.PeriodId, FormattableString.Invariant($"F-{finding.Number}"), version.Status, version.Kind, version.Title, version.Observation, version.Criterion, version.Cause,
        version.EffectKg, version.NotQuantified, version.Scope, version.View, version.ResultId, version.EntryId, version.AssignedTo, version.Answer, version.CorrectedBy, version.Note, version.Step,
        version.Author, version.At, version.Version);
}

public sealed record FindingListResponse(IReadOnlyList<FindingResponse> Items);

/// <param name="Versions">The latest first.</param>
public sealed record FindingDetailResponse(FindingResponse Finding, IReadOnlyList<FindingResponse> Versions);

/// <param name="Kind"><c>factualMisstatement</c>, <c>judgmentalMisstatement</c>, <c>projectedMisstatement</c>, <c>control</c> or <c>presentation</c>.</param>
/// <param name="EffectKg">Above zero: the ledger says too much. Null: not quantified, with a reason.</param>
/// <param name="Version">The one that was seen, for a change.</param>
public sealed record FindingRequest(
    Guid? PeriodId, string? Kind, string? Title, string? Observation, string? Criterion, string? Cause, decimal? EffectKg, string? NotQuantified, int? Scope, string? View, Guid? ResultId,
    Guid? EntryId, string? AssignedTo, int? Version);

public sealed record FindingAnswerRequest(string? Answer, int? Version);

/// <param name="Status"><c>corrected</c>, <c>uncorrected</c>, <c>withdrawn</c>, or <c>open</c> to open it again.</param>
public sealed record FindingClosingRequest(string? Status, string? CorrectedBy, string? Note, int? Version);

public sealed record FindingCommentRequest(string? Text);

public sealed record MisstatementResponse(string Name, string Title, FindingKind Kind, int Scope, decimal Kg);

/// <param name="Scope">Null for all.</param>
public sealed record MisstatementSumResponse(int? Scope, decimal OverKg, decimal UnderKg, decimal NetKg, decimal GrossKg)
{
    internal static MisstatementSumResponse Of(MisstatementSum sum) => new(sum.Scope == 0 ? null : sum.Scope, sum.OverKg, sum.UnderKg, sum.NetKg, sum.GrossKg);
}

public sealed record UnfinishedSampleResponse(int Number, int Checked, int Items);

/// <param name="Standing"><c>notSet</c>, <c>below</c>, <c>abovePerformance</c> or <c>above</c>: gross, against materiality. No opinion.</param>
public sealed record MisstatementSummaryResponse(
    Scope2Method View, MisstatementStanding Standing, MaterialityResponse Materiality, MisstatementSumResponse Total, IReadOnlyList<MisstatementSumResponse> ByScope,
    IReadOnlyList<MisstatementResponse> Counted, IReadOnlyList<MisstatementResponse> Trivial, IReadOnlyList<FindingResponse> NotQuantified, IReadOnlyList<UnfinishedSampleResponse> UnfinishedSamples)
{
    internal static MisstatementSummaryResponse Of(StandingState state) => new(
        state.View, state.Summary.Standing, MaterialityResponse.Of(state.Materiality.Period.Id, state.Materiality.Current, state.Materiality.TotalKg), MisstatementSumResponse.Of(state.Summary.Total),
        [.. state.Summary.ByScope.Select(MisstatementSumResponse.Of)], [.. state.Summary.Counted.Select(Row)], [.. state.Summary.Trivial.Select(Row)],
        [.. state.NotQuantified.Select(row => FindingResponse.Of(row.Finding, row.Latest))], [.. state.Unfinished.Select(sample => new UnfinishedSampleResponse(sample.Number, sample.Checked, sample.Items))]);

    private static MisstatementResponse Row(Misstatement row) => new(row.Name, row.Title, row.Kind, row.Scope, row.Kg);
}
