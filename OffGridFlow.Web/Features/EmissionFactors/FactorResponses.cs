using OffGridFlow.Core.EmissionFactors;
using OffGridFlow.Infrastructure.EmissionFactors;

namespace OffGridFlow.Web.Features.EmissionFactors;

/// <summary>A factor as lists of the API have it.</summary>
/// <param name="Id">For <c>GET /api/v1/factors/{id}</c>; the same in every installation for a shipped factor.</param>
/// <param name="FactorId">The name by which a calculation chooses it and its result cites it.</param>
/// <param name="KgCo2e">Per one unit, with your organization's potentials where the publisher gives masses.</param>
public sealed record FactorResponse(
    Guid Id, string FactorId, string Name, string Category, string Activity, string Unit, string Region, string RegionName, int Year, GasBasis Basis, FactorPart Part,
    SupplyKind Supply, decimal? KgCo2e, string Set, string Edition, string Publisher, bool IsOwn, string? Caution)
{
    internal static FactorResponse Of(FactorRow row) => new(
        row.Key, row.Factor.Id, row.Factor.Name, row.Factor.Category, row.Factor.Activity, row.Factor.Unit.Symbol, row.Factor.Region, row.Stored.RegionName, row.Factor.Year,
        row.Factor.Basis, row.Factor.Part, row.Factor.Supply, row.KgCo2e, row.Factor.Set.Id, row.Factor.Set.Edition, row.Factor.Set.Publisher, row.Factor.Set.IsOwn,
        row.Factor.Caution);
}

public sealed record FactorListResponse(IReadOnlyList<FactorResponse> Items, string? NextCursor);

/// <summary>The figures as the publisher gives them, per unit: kg of each gas, or kg CO2e where <c>basis</c> is <c>co2e</c>.</summary>
public sealed record FactorFiguresResponse(
    decimal? Co2, decimal? Ch4, decimal? N2o, decimal? Co2e, decimal? BiogenicCo2, bool BiogenicMethane, IReadOnlyDictionary<string, decimal> OtherGases);

public sealed record FactorSetResponse(
    string Id, string Family, string Edition, string Publisher, string Title, Vintage Vintage, string? GwpBasis, string License, string Source, string? Boundary,
    IReadOnlyList<string> Cautions, string Checksum, bool IsOwn, DateTimeOffset LoadedAt, DateTimeOffset? SupersededAt);

/// <param name="Id">Null where the edition lacks the factor.</param>
/// <param name="Change">Share by which its figure differs from this factor's.</param>
public sealed record FactorEditionResponse(string Set, string Edition, Guid? Id, int? Year, decimal? KgCo2e, decimal? Change);

public sealed record FactorUseResponse(Guid EmissionId, DateOnly Month, string Activity, string Place, decimal? KgCo2e);

/// <summary>Where a row is not used as it was published.</summary>
public sealed record FactorCorrectionResponse(string Column, string? Published, string? Used, string Reason, string Source);

/// <param name="ByGwp">kg CO2e per unit under each set of potentials, where masses are given.</param>
/// <param name="UseCount">Results that count now; <c>uses</c> has the latest of them.</param>
public sealed record FactorDetailResponse(
    FactorResponse Factor, FactorFiguresResponse Published, IReadOnlyDictionary<string, decimal> ByGwp, FactorSetResponse Set, string Scopes, decimal? LossShare,
    decimal? UncertaintyPercent, DateOnly? DataFrom, DateOnly? DataTo, string? SourceTable, string? Note, DateTimeOffset? RetiredAt,
    IReadOnlyList<FactorEditionResponse> Editions, long UseCount, IReadOnlyList<FactorUseResponse> Uses,
    IReadOnlyList<FactorCorrectionResponse> Corrections)
{
    internal static FactorDetailResponse Of(FactorDetail detail)
    {
        var (stored, factor) = (detail.Row.Stored, detail.Row.Factor);
        var set = factor.Set;
        return new FactorDetailResponse(
            FactorResponse.Of(detail.Row),
            new FactorFiguresResponse(factor.Co2, factor.Ch4, factor.N2o, factor.Co2e, factor.BiogenicCo2, factor.BiogenicMethane, factor.OtherGases),
            detail.ByGwp.ToDictionary(entry => entry.Key.ToString().ToUpperInvariant(), entry => entry.Value),
            new FactorSetResponse(
                set.Id, set.Family, set.Edition, set.Publisher, set.Title, set.Vintage, set.GwpBasis, set.License, set.Source, set.Boundary, set.Cautions, set.Checksum,
                set.IsOwn, stored.LoadedAt, stored.SupersededAt),
            factor.Scopes, factor.LossShare, factor.UncertaintyPercent, factor.DataFrom, factor.DataTo, factor.SourceTable, factor.Note, stored.RetiredAt,
            [.. detail.Editions.Select(edition => new FactorEditionResponse(
                edition.SetId, edition.Edition, edition.Stored?.Key, edition.Stored?.Factor.Year, edition.KgCo2e, edition.ChangeFromThis))],
            detail.UseCount, [.. detail.Uses.Select(use => new FactorUseResponse(use.EmissionId, use.Month, use.Service, use.Account, use.KgCo2e))],
            [.. detail.Corrections.Select(one => new FactorCorrectionResponse(one.Column, one.Published, one.Used, one.Reason, one.Source))]);
    }
}

/// <summary>A set that your organization has loaded.</summary>
/// <param name="Id">For <c>/api/v1/factor-sets/{id}</c>.</param>
/// <param name="SetId">The name that its factors and the results made with them carry.</param>
/// <param name="InUse">Factors of it that are not retired.</param>
/// <param name="Version">Also the <c>ETag</c>; sent back as <c>If-Match</c>.</param>
public sealed record OwnFactorSetResponse(
    Guid Id, string SetId, string Title, string Publisher, string Source, string License, string? Gwp, string Checksum, int Factors, int InUse, DateTimeOffset LoadedAt,
    string CreatedBy, DateTimeOffset? RetiredAt, int Version)
{
    internal static OwnFactorSetResponse Of(OwnFactorSetRow row) => new(
        row.Key, row.Id, row.Title, row.Publisher, row.Source, row.License, row.GwpBasis, row.Checksum, row.Factors, row.InUse, row.LoadedAt, row.CreatedBy, row.RetiredAt,
        row.Version);
}

public sealed record OwnFactorSetListResponse(IReadOnlyList<OwnFactorSetResponse> Items);

/// <summary>A set to load.</summary>
/// <param name="Gwp">Which potentials a stated CO2e was made with: sar, ar4, ar5, ar5Feedback or ar6; null where the source does not say.</param>
/// <param name="Confirm">Load also what lies more than a factor ten away from published figures.</param>
public sealed record NewFactorSetRequest(
    string? Title, string? Publisher, string? Source, string? License, string? Gwp, bool Confirm, IReadOnlyList<NewFactorRequest>? Factors);

/// <summary>One factor; the members are those of the template.</summary>
public sealed record NewFactorRequest(
    string? Activity, string? Name, string? Unit, decimal? Co2e, decimal? Co2, decimal? Ch4, decimal? N2o, decimal? BiogenicCo2, string? Region, string? ValidFrom,
    string? ValidTo, string? Part, string? Supply, decimal? UncertaintyPercent, string? Note);

/// <summary>What is said of a set. Its figures do not change.</summary>
/// <param name="Retired">True: its factors are no longer offered and chosen. There is no way back.</param>
public sealed record FactorSetRequest(string? Title, string? Source, string? License, bool Retired);
