using OffGridFlow.Core.Calculation;
using OffGridFlow.Core.Identity;
using OffGridFlow.Core.Inventory;
using OffGridFlow.Core.Organizations;
using OffGridFlow.Infrastructure.Inventory;
using OffGridFlow.Web.Features.Identity;

namespace OffGridFlow.Web.Features.Inventory;

/// <summary>The energy ledger over HTTP.</summary>
internal static class EnergyEndpoints
{
    public static void MapEnergy(this RouteGroupBuilder api) =>
        api.MapGet("/inventory/energy", ReadAsync).RequireApiPermission(Permissions.DashboardsRead).WithTags("Inventory")
            .WithSummary("Energy of own operations at net calorific value: fossil, nuclear, renewable, by line, with production, sales, contracts and gaps")
            .Produces<EnergyResponse>().ProducesProblem(404).ProducesProblem(422);

    private static async Task<IResult> ReadAsync([AsParameters] InventoryQuery query, InventoryReports reports, IEnergyQueries queries, CancellationToken cancellationToken)
    {
        var (period, problem) = await query.FindPeriodAsync(reports, cancellationToken);
        if (problem is not null)
        {
            return problem;
        }

        return query.ToFilter(period, out var filter) is { } fault ? fault : Results.Ok(EnergyResponse.Of(await queries.ReadAsync(filter!, cancellationToken)));
    }
}

/// <param name="ActivityType">Name; the results lie in <c>/api/v1/emissions?service=…</c> under it.</param>
public sealed record EnergyPartResponse(string ActivityType, decimal MegawattHours, long Results)
{
    internal static IReadOnlyList<EnergyPartResponse> Of(IReadOnlyList<EnergyPart> parts) =>
        [.. parts.Select(part => new EnergyPartResponse(part.ActivityType, EnergyWords.MegawattHours(part.KilowattHours), part.Results))];
}

/// <param name="ActivityTypes">They add up to the line.</param>
public sealed record EnergyLineResponse(EnergyLineKind Line, EnergySource Source, decimal MegawattHours, IReadOnlyList<EnergyPartResponse> ActivityTypes);

/// <param name="InstrumentId">Null for what no contract covers.</param>
/// <param name="StatesWhatGenerates">False where all of it is taken for fossil because nobody says what generates.</param>
public sealed record EnergyEvidenceResponse(
    Guid? InstrumentId, string? Name, InstrumentKind? Kind, bool StatesWhatGenerates, decimal MegawattHours, decimal Renewable, decimal Nuclear, decimal Fossil);

/// <param name="Code">Stable, e.g. <c>distance</c>, <c>no-calorific-value</c>.</param>
public sealed record EnergyGapResponse(string Code, string ActivityType, long Results, string Reason, string Mend);

/// <param name="Results">Months of entries; of purchased energy, the parts of them that one contract or none covers.</param>
/// <param name="Share">0 to 1; null where there is no result.</param>
public sealed record EnergyCoverageResponse(long Results, long ResultsWithoutFigure, decimal? Share);

/// <summary>MWh at net calorific value, exact. <c>fossil</c>, <c>nuclear</c> and <c>renewable</c> add up to <c>total</c>, and the lines to each.</summary>
/// <param name="From">First day of the first month.</param>
/// <param name="To">Last day of the last.</param>
/// <param name="Sold">Netted against nothing.</param>
public sealed record EnergyResponse(
    DateOnly From, DateOnly To, ConsolidationApproach Approach, long LedgerNumber, decimal Total, decimal Fossil, decimal Nuclear, decimal Renewable,
    IReadOnlyList<EnergyLineResponse> Lines, IReadOnlyList<EnergyPartResponse> ProducedNonRenewable, IReadOnlyList<EnergyPartResponse> ProducedRenewable,
    IReadOnlyList<EnergyPartResponse> Sold, IReadOnlyList<EnergyEvidenceResponse> Evidence, EnergyCoverageResponse Coverage, IReadOnlyList<EnergyGapResponse> Gaps)
{
    internal static EnergyResponse Of(EnergyStatement statement)
    {
        var (from, to) = (statement.Filter.From, statement.Filter.To);
        return new EnergyResponse(
            new DateOnly(from.Year, from.Month, 1), new DateOnly(to.Year, to.Month, DateTime.DaysInMonth(to.Year, to.Month)), statement.Filter.Approach, statement.LedgerNumber,
            EnergyWords.MegawattHours(statement.Total), EnergyWords.MegawattHours(statement.Fossil), EnergyWords.MegawattHours(statement.Nuclear),
            EnergyWords.MegawattHours(statement.Renewable),
            [.. statement.Lines.Select(line => new EnergyLineResponse(line.Kind, line.Source, EnergyWords.MegawattHours(line.KilowattHours), EnergyPartResponse.Of(line.Parts)))],
            EnergyPartResponse.Of(statement.ProducedNonRenewable), EnergyPartResponse.Of(statement.ProducedRenewable), EnergyPartResponse.Of(statement.Sold),
            [
                .. statement.Evidence.Select(evidence => new EnergyEvidenceResponse(
                    evidence.InstrumentId, evidence.Name, evidence.Kind, evidence.InstrumentId is not null && !evidence.IsUnstated,
                    EnergyWords.MegawattHours(evidence.KilowattHours), EnergyWords.MegawattHours(evidence.RenewableKilowattHours),
                    EnergyWords.MegawattHours(evidence.NuclearKilowattHours), EnergyWords.MegawattHours(evidence.FossilKilowattHours))),
            ],
            new EnergyCoverageResponse(statement.Results, statement.ResultsWithoutFigure, statement.Coverage),
            [.. statement.Gaps.Select(gap => new EnergyGapResponse(gap.Code, gap.ActivityType, gap.Results, EnergyWords.Reason(gap.Code), EnergyWords.Mend(gap.Code)))]);
    }
}
