using System.Globalization;
using System.Text.Json;
using OffGridFlow.Core.CloudUsage;
using OffGridFlow.Core.Identity;
using OffGridFlow.Infrastructure.Inventory;
using OffGridFlow.Web.Features.Identity;

namespace OffGridFlow.Web.Features.Emissions;

internal static class EmissionsEndpoints
{
    public static void MapEmissions(this RouteGroupBuilder api)
    {
        var emissions = api.MapGroup("/emissions").WithTags("Emissions");
        emissions.MapGet("/summary", SummarizeAsync).RequireApiPermission(Permissions.DashboardsRead)
            .WithSummary("Totals by scope, category, month, site, service, region, account, usageClass").Produces<SummaryResponse>().ProducesProblem(422);
        emissions.MapGet("/", ListAsync).RequireApiPermission(Permissions.DashboardsRead).WithSummary("Emission records, newest month first")
            .Produces<EmissionListResponse>().ProducesProblem(422);
        emissions.MapGet("/{id:guid}/trail", TrailAsync).RequireApiPermission(Permissions.TrailsRead)
            .WithSummary("From a result to the lines of the bill or the entry: activity, factor, formula, documents").Produces<EmissionTrail>().ProducesProblem(404);
        emissions.MapGet("/{id:guid}/trail/{documentId:guid}/lines", LinesAsync).RequireApiPermission(Permissions.TrailsRead)
            .WithSummary("Further lines of one document behind an emission").Produces<TrailDocument>().ProducesProblem(404);
    }

    private static async Task<IResult> SummarizeAsync(
        [AsParameters] EmissionsQuery query, string? groupBy, IEmissionsQueries emissions, CancellationToken cancellationToken)
    {
        if (query.ToFilter(out var filter) is { } problem)
        {
            return problem;
        }

        if (EmissionsQuery.ToDimensions(groupBy, out var dimensions) is { } unknown)
        {
            return unknown;
        }

        var summary = await emissions.SummarizeAsync(filter, dimensions, cancellationToken);
        return Results.Ok(SummaryResponse.Of(summary, dimensions.Select(EmissionsQuery.Name).ToList(), await emissions.FindUncertaintyAsync(filter, cancellationToken)));
    }

    private static async Task<IResult> ListAsync(
        [AsParameters] EmissionsQuery query, string? cursor, int? limit, IEmissionsQueries emissions, CancellationToken cancellationToken)
    {
        if (query.ToFilter(out var filter) is { } problem)
        {
            return problem;
        }

        var page = await emissions.ListAsync(filter, cursor, Math.Clamp(limit ?? 100, 1, 500), cancellationToken);
        return Results.Ok(new EmissionListResponse(page.Rows, page.NextCursor));
    }

    private static async Task<IResult> TrailAsync(Guid id, IEmissionsQueries emissions, CancellationToken cancellationToken) =>
        await emissions.FindTrailAsync(id, cancellationToken) is { } trail ? Results.Ok(trail) : NotFound(id);

    private static async Task<IResult> LinesAsync(Guid id, Guid documentId, string? cursor, IEmissionsQueries emissions, CancellationToken cancellationToken) =>
        await emissions.ListSourceLinesAsync(id, documentId, cursor, cancellationToken) is { } document ? Results.Ok(document) : NotFound(id);

    private static IResult NotFound(Guid id) => Results.Problem(
        statusCode: 404, title: "No such emission", detail: $"There is no current emission {id} in your organization; a replaced import makes new ones. GET /api/v1/emissions lists them.");
}

/// <summary>Filters as they stand in the address.</summary>
public sealed record EmissionsQuery(
    string? From, string? To, int? Scope, string? Service, string? Region, string? Account, string? UsageClass, string? Q, string? Quality = null,
    int? Category = null, string? Site = null, string? Scope2Method = null)
{
    internal IResult? ToFilter(out EmissionsFilter filter)
    {
        filter = EmissionsFilter.All;
        if (!TryReadDay(From, out var from) || !TryReadDay(To, out var to))
        {
            return Problem("from and to are days, both inclusive, written yyyy-MM-dd.");
        }

        if (from > to)
        {
            return Problem("from lies after to. Exchange them.");
        }

        if (Scope2Method is not (null or "" or "location" or "market"))
        {
            return Problem($"scope2Method “{Scope2Method}” is not known. Use location or market.");
        }

        if (new[] { Service, Region, Account, Site, Q }.Any(text => text?.Contains('\0', StringComparison.Ordinal) == true))
        {
            return Problem("service, region, account, site and q are texts: they cannot hold the character NUL.");
        }

        UsageClass? usageClass = null;
        if (!string.IsNullOrEmpty(UsageClass))
        {
            if (!Enum.TryParse<UsageClass>(UsageClass, ignoreCase: true, out var parsed) || !Enum.IsDefined(parsed) || char.IsAsciiDigit(UsageClass[0]))
            {
                return Problem($"usageClass “{UsageClass}” is not known. Use one of: {string.Join(", ", Enum.GetNames<UsageClass>().Select(JsonNamingPolicy.CamelCase.ConvertName))}.");
            }

            usageClass = parsed;
        }

        if (!string.IsNullOrEmpty(Quality) && !EmissionsFilter.Qualities.Contains(Quality))
        {
            return Problem($"quality “{Quality}” is not known. Use one of: {string.Join(", ", EmissionsFilter.Qualities)}.");
        }

        filter = new EmissionsFilter
        {
            From = from, To = to, Scope = Scope, Category = Category, Site = Site, Service = Service, Region = Region, Account = Account, UsageClass = usageClass, Search = Q,
            Quality = string.IsNullOrEmpty(Quality) ? null : Quality,
            Scope2Method = Scope2Method == "market" ? Core.Calculation.Scope2Method.Market : Core.Calculation.Scope2Method.Location,
        };
        return null;
    }

    /// <summary>Dimensions in the order asked, each once.</summary>
    internal static IResult? ToDimensions(string? groupBy, out IReadOnlyList<EmissionsDimension> dimensions)
    {
        var read = new List<EmissionsDimension>();
        dimensions = read;
        foreach (var name in (groupBy ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            if (!Enum.TryParse<EmissionsDimension>(name, ignoreCase: true, out var dimension) || !Enum.IsDefined(dimension) || int.TryParse(name, CultureInfo.InvariantCulture, out _))
            {
                return Problem($"groupBy “{name}” is not known. Use one or more of: {string.Join(", ", Enum.GetValues<EmissionsDimension>().Select(Name))}, parted by commas.");
            }

            if (!read.Contains(dimension))
            {
                read.Add(dimension);
            }
        }

        return null;
    }

    internal static string Name(EmissionsDimension dimension) => JsonNamingPolicy.CamelCase.ConvertName(dimension.ToString());

    internal static IResult Problem(string detail) => Results.Problem(statusCode: 422, title: "The query cannot be answered", detail: detail);

    private static bool TryReadDay(string? text, out DateOnly? day)
    {
        day = null;
        if (string.IsNullOrEmpty(text))
        {
            return true;
        }

        var read = DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var parsed);
        day = parsed;
        return read;
    }
}

public sealed record EmissionListResponse(IReadOnlyList<EmissionRow> Items, string? NextCursor);

/// <summary>Sums. <c>operationalKgCo2e</c> and <c>embodiedKgCo2e</c> divide the cloud's part; entered activities have neither.</summary>
/// <param name="SubmittedKgCo2e">The part of <c>kgCo2e</c> that waits for approval by a second person.</param>
/// <param name="BiogenicKgCo2">CO2 from living matter: beside <c>kgCo2e</c>, not in it.</param>
public sealed record SummaryGroup(
    IReadOnlyDictionary<string, string> Keys, decimal KgCo2e, decimal KilowattHours, decimal OperationalKgCo2e, decimal EmbodiedKgCo2e, decimal SubmittedKgCo2e,
    decimal BiogenicKgCo2);

/// <inheritdoc cref="SummaryGroup"/>
public sealed record SummaryTotal(
    decimal KgCo2e, decimal KilowattHours, decimal OperationalKgCo2e, decimal EmbodiedKgCo2e, decimal SubmittedKgCo2e, decimal BiogenicKgCo2);

/// <summary>Shares of the total's kg CO2e; null when there is no mass to share.</summary>
public sealed record SummaryCoverage(decimal? Measured, decimal? Estimated, decimal? Defaulted);

/// <param name="CostShare">Share of the usage cost that has no result, by currency.</param>
public sealed record SummaryMissing(long Activities, IReadOnlyDictionary<string, decimal> CostShare);

/// <param name="Notice">Set while any method in the total is not for disclosure.</param>
public sealed record SummaryResponse(
    IReadOnlyList<SummaryGroup> Groups, SummaryTotal Total, SummaryCoverage Coverage, SummaryMissing Missing, IReadOnlyDictionary<string, decimal> Cost,
    IReadOnlyDictionary<string, decimal> UnmappedCost, IReadOnlyList<string> Methods, bool ComparisonOnly, string? Notice, TotalUncertainty Uncertainty)
{
    public const string ComparisonNotice = "Comparison method, not for disclosure.";

    internal static SummaryResponse Of(EmissionsSummary summary, IReadOnlyList<string> names, TotalUncertainty uncertainty)
    {
        var total = summary.Total;
        decimal? Share(decimal part) => total.KgCo2e == 0 ? null : Math.Round(part / total.KgCo2e, 12, MidpointRounding.ToEven);
        return new SummaryResponse(
            summary.Groups.Select(group => new SummaryGroup(
                names.Zip(group.Keys).ToDictionary(pair => pair.First, pair => pair.Second), group.Figures.KgCo2e, group.Figures.KilowattHours,
                group.Figures.OperationalKgCo2e, group.Figures.EmbodiedKgCo2e, group.Figures.SubmittedKgCo2e, group.Figures.BiogenicKgCo2)).ToList(),
            new SummaryTotal(total.KgCo2e, total.KilowattHours, total.OperationalKgCo2e, total.EmbodiedKgCo2e, total.SubmittedKgCo2e, total.BiogenicKgCo2),
            new SummaryCoverage(Share(total.MeasuredKgCo2e), Share(total.EstimatedKgCo2e), Share(total.DefaultedKgCo2e)),
            new SummaryMissing(
                total.ActivitiesWithoutResult,
                total.UnmappedCost.Where(pair => total.Cost.GetValueOrDefault(pair.Key) != 0).ToDictionary(
                    pair => pair.Key, pair => Math.Round(pair.Value / total.Cost[pair.Key], 12, MidpointRounding.ToEven))),
            total.Cost, total.UnmappedCost, summary.Methods, summary.ComparisonOnly, summary.ComparisonOnly ? ComparisonNotice : null, uncertainty);
    }
}
