using System.Globalization;
using System.Text.Json;
using OffGridFlow.Core.Calculation;
using OffGridFlow.Core.Identity;
using OffGridFlow.Core.Inventory;
using OffGridFlow.Core.Organizations;
using OffGridFlow.Infrastructure.Inventory;
using OffGridFlow.Web.Features.Identity;

namespace OffGridFlow.Web.Features.Inventory;

internal static class InventoryEndpoints
{
    public static void MapInventory(this RouteGroupBuilder api)
    {
        var inventory = api.MapGroup("/inventory").WithTags("Inventory");
        inventory.MapGet("/", SummarizeAsync).RequireApiPermission(Permissions.DashboardsRead)
            .WithSummary("What of the ledger is the group's under a consolidation approach, by month, scope, category, organization, site, activityType, method")
            .Produces<InventoryResponse>().ProducesProblem(404).ProducesProblem(422);
        inventory.MapGet("/intensities", IntensitiesAsync).RequireApiPermission(Permissions.DashboardsRead)
            .WithSummary("The inventory of a period per revenue, full-time equivalent, output and floor area").Produces<IntensityListResponse>().ProducesProblem(404).ProducesProblem(422);
    }

    private static async Task<IResult> SummarizeAsync(
        [AsParameters] InventoryQuery query, string? groupBy, InventoryReports reports, IInventoryQueries queries, CancellationToken cancellationToken)
    {
        var (period, problem) = await query.FindPeriodAsync(reports, cancellationToken);
        if (problem is not null)
        {
            return problem;
        }

        if (query.ToFilter(period, out var filter) is { } fault)
        {
            return fault;
        }

        return InventoryQuery.ToDimensions(groupBy, out var dimensions) is { } unknown
            ? unknown
            : Results.Ok(InventoryResponse.Of(await queries.SummarizeAsync(filter!, dimensions, cancellationToken), dimensions));
    }

    private static async Task<IResult> IntensitiesAsync(string? period, string? approach, InventoryReports reports, CancellationToken cancellationToken)
    {
        var query = new InventoryQuery { Period = period, Approach = approach };
        var (found, problem) = await query.FindPeriodAsync(reports, cancellationToken);
        if (problem is not null)
        {
            return problem;
        }

        if (found is null)
        {
            return InventoryQuery.Problem("Business figures are those of a reporting period: say which by period. GET /api/v1/reporting-periods lists them.");
        }

        return query.ToFilter(found, out var filter) is { } fault
            ? fault
            : Results.Ok(new IntensityListResponse(
                found.Id, filter!.Approach,
                [.. (await reports.IntensitiesAsync(found, filter.Approach, cancellationToken)).Select(intensity => new IntensityResponse(
                    intensity.Measure, intensity.Unit, intensity.Denominator, intensity.LocationKgCo2e, intensity.MarketKgCo2e, intensity.Missing, intensity.Units))]));
    }
}

/// <summary>Which inventory, as it stands in the address.</summary>
public sealed record InventoryQuery
{
    /// <summary>Id of a reporting period; else <see cref="From"/> and <see cref="To"/>.</summary>
    public string? Period { get; init; }

    /// <summary>First day, inclusive; its month counts whole.</summary>
    public string? From { get; init; }

    /// <summary>Last day, inclusive; its month counts whole.</summary>
    public string? To { get; init; }

    /// <summary><c>equityShare</c>, <c>financialControl</c> or <c>operationalControl</c>; that of the period where it is left out.</summary>
    public string? Approach { get; init; }
    public string? Scope2Method { get; init; }
    public int? Scope { get; init; }
    public int? Category { get; init; }
    public Guid? OrganizationId { get; init; }
    public string? Site { get; init; }

    internal async Task<(ReportingPeriod? Period, IResult? Problem)> FindPeriodAsync(InventoryReports reports, CancellationToken cancellationToken)
    {
        if (string.IsNullOrEmpty(Period))
        {
            return (null, null);
        }

        var found = Guid.TryParse(Period, out var id) ? await reports.FindPeriodAsync(id, cancellationToken) : null;
        return (found, found is null
            ? Results.Problem(statusCode: 404, title: "No such reporting period", detail: $"There is no reporting period “{Period}” in your organization. GET /api/v1/reporting-periods lists them with their ids.")
            : null);
    }

    internal IResult? ToFilter(ReportingPeriod? period, out InventoryFilter? filter)
    {
        filter = null;
        DateOnly? from = period?.FirstDay, to = period?.LastDay;
        if (period is null && (Day(From) is not { } first || Day(To) is not { } last))
        {
            return Problem("Say of which days: period with the id of a reporting period, or from and to, both inclusive, written yyyy-MM-dd. The months in which they lie count whole.");
        }

        if (period is not null && (!string.IsNullOrEmpty(From) || !string.IsNullOrEmpty(To)))
        {
            return Problem("period says the days already. Leave out from and to, or leave out period.");
        }

        (from, to) = (from ?? Day(From), to ?? Day(To));
        if (from > to)
        {
            return Problem("from lies after to. Exchange them.");
        }

        if (to!.Value.Year - from!.Value.Year > 50)
        {
            return Problem("An inventory has at most 50 years. Choose days that lie closer together.");
        }

        var approach = period?.Approach ?? ConsolidationApproach.OperationalControl;
        if (!string.IsNullOrEmpty(Approach) && !TryRead(Approach, out approach))
        {
            return Problem($"approach “{Approach}” is not known. Use one of: {Names<ConsolidationApproach>()}.");
        }

        if (Scope2Method is not (null or "" or "location" or "market"))
        {
            return Problem($"scope2Method “{Scope2Method}” is not known. Use location or market.");
        }

        if (Scope is < 1 or > 3 || Category is < 0 or > 15)
        {
            return Problem("scope is 1, 2 or 3; category is 1 to 15, or 0 for what has none.");
        }

        if (Site?.Contains('\0', StringComparison.Ordinal) == true)
        {
            return Problem("site is a text: it cannot hold the character NUL.");
        }

        filter = new InventoryFilter
        {
            From = from.Value, To = to.Value, Approach = approach, Scope = Scope, Category = Category, OrganizationId = OrganizationId, Site = Site,
            Scope2Method = Scope2Method == "market" ? Core.Calculation.Scope2Method.Market : Core.Calculation.Scope2Method.Location,
        };
        return null;
    }

    /// <summary>Dimensions in the order asked, each once.</summary>
    internal static IResult? ToDimensions(string? groupBy, out IReadOnlyList<InventoryDimension> dimensions)
    {
        var read = new List<InventoryDimension>();
        dimensions = read;
        foreach (var name in (groupBy ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            if (!TryRead<InventoryDimension>(name, out var dimension))
            {
                return Problem($"groupBy “{name}” is not known. Use one or more of: {Names<InventoryDimension>()}, parted by commas.");
            }

            if (!read.Contains(dimension))
            {
                read.Add(dimension);
            }
        }

        return null;
    }

    internal static IResult Problem(string detail) => Results.Problem(statusCode: 422, title: "The query cannot be answered", detail: detail);

    private static DateOnly? Day(string? text) =>
        DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) ? day : null;

    private static bool TryRead<TEnum>(string name, out TEnum value)
        where TEnum : struct, Enum
    {
        var known = Enum.GetNames<TEnum>().FirstOrDefault(one => one.Equals(name, StringComparison.OrdinalIgnoreCase));
        value = known is null ? default : Enum.Parse<TEnum>(known);
        return known is not null;
    }

    private static string Names<TEnum>()
        where TEnum : struct, Enum => string.Join(", ", Enum.GetNames<TEnum>().Select(JsonNamingPolicy.CamelCase.ConvertName));
}

/// <summary>kg CO2e by gas; the eight add up to the mass. <c>notSplit</c> was published as CO2e only.</summary>
public sealed record InventoryGases(decimal Co2, decimal Ch4, decimal N2o, decimal Hfcs, decimal Pfcs, decimal Sf6, decimal Nf3, decimal NotSplit);

/// <summary>Sums. <c>measured</c>, <c>estimated</c> and <c>defaulted</c> are kg CO2e and add up to <c>kgCo2e</c>.</summary>
/// <param name="SubmittedKgCo2e">The part that waits for approval by a second person.</param>
/// <param name="BiogenicKgCo2">CO2 from living matter: beside <c>kgCo2e</c>.</param>
public sealed record InventoryFiguresResponse(
    decimal KgCo2e, InventoryGases Gases, decimal BiogenicKgCo2, decimal KilowattHours, decimal MeasuredKgCo2e, decimal EstimatedKgCo2e, decimal DefaultedKgCo2e,
    decimal SubmittedKgCo2e, long Results, long ResultsWithoutFigure)
{
    internal static InventoryFiguresResponse Of(InventoryFigures of) => new(
        of.KgCo2e, new InventoryGases(of.Co2, of.Ch4, of.N2o, of.Hfcs, of.Pfcs, of.Sf6, of.Nf3, of.Unsplit), of.BiogenicKgCo2, of.KilowattHours, of.MeasuredKgCo2e,
        of.EstimatedKgCo2e, of.DefaultedKgCo2e, of.SubmittedKgCo2e, of.Results, of.ResultsWithoutFigure);
}

public sealed record InventoryGroupResponse(IReadOnlyDictionary<string, string> Keys, InventoryFiguresResponse Figures);

/// <summary>What of an entity the approach leaves out, and what of it stands in category 15.</summary>
public sealed record InventoryOutsideResponse(Guid OrganizationId, string Name, decimal KgCo2e, decimal InvestedKgCo2e, bool IsEntered);

/// <param name="From">First day of the first month.</param>
/// <param name="To">Last day of the last.</param>
/// <param name="Unassigned">Cloud accounts that are mapped to no entity on some day; they count whole.</param>
/// <param name="ComparisonOnlyKgCo2e">Of methods for comparison only: in no total.</param>
public sealed record InventoryResponse(
    DateOnly From, DateOnly To, ConsolidationApproach Approach, Scope2Method Scope2Method, long LedgerNumber, IReadOnlyList<InventoryGroupResponse> Groups,
    InventoryFiguresResponse Total, IReadOnlyList<InventoryOutsideResponse> Outside, IReadOnlyList<UnassignedAccount> Unassigned, decimal ComparisonOnlyKgCo2e)
{
    internal static InventoryResponse Of(InventorySummary summary, IReadOnlyList<InventoryDimension> dimensions)
    {
        var names = dimensions.Select(dimension => JsonNamingPolicy.CamelCase.ConvertName(dimension.ToString())).ToList();
        var (from, to) = (summary.Filter.From, summary.Filter.To);
        return new InventoryResponse(
            new DateOnly(from.Year, from.Month, 1), new DateOnly(to.Year, to.Month, DateTime.DaysInMonth(to.Year, to.Month)), summary.Filter.Approach, summary.Filter.Scope2Method,
            summary.LedgerNumber,
            [.. summary.Groups.Select(group => new InventoryGroupResponse(names.Zip(group.Keys).ToDictionary(key => key.First, key => key.Second), InventoryFiguresResponse.Of(group.Figures)))],
            InventoryFiguresResponse.Of(summary.Total),
            [.. summary.Outside.Select(entity => new InventoryOutsideResponse(entity.OrganizationId, summary.Organizations[entity.OrganizationId], entity.KgCo2e, entity.InvestedKgCo2e, entity.IsEntered))],
            summary.Unassigned, summary.ComparisonOnly.KgCo2e);
    }
}

/// <param name="Measure"><c>revenue</c>, <c>fullTimeEmployees</c>, <c>output</c> or <c>floorArea</c>.</param>
/// <param name="Denominator">Null where an entity has no figure, or where units differ.</param>
/// <param name="LocationKgCo2e">kg CO2e of all scopes per unit.</param>
/// <param name="Missing">Names of entities in the boundary without a figure.</param>
/// <param name="Units">Units in which figures were recorded; more than one are never added.</param>
public sealed record IntensityResponse(
    IntensityMeasure Measure, string? Unit, decimal? Denominator, decimal? LocationKgCo2e, decimal? MarketKgCo2e, IReadOnlyList<string> Missing, IReadOnlyList<string> Units);

public sealed record IntensityListResponse(Guid Period, ConsolidationApproach Approach, IReadOnlyList<IntensityResponse> Items);
