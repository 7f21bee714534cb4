using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Http.Extensions;
using Microsoft.AspNetCore.WebUtilities;
using OffGridFlow.Core.Identity;
using OffGridFlow.Infrastructure.Inventory;
using OffGridFlow.Infrastructure.Reports.Excel;
using OffGridFlow.Web.Features.Identity;
using OffGridFlow.Web.Shared;

namespace OffGridFlow.Web.Features.Emissions.Export;

/// <summary>The workbook over HTTP: to the API by token, to the explorer by cookie with the query of its own address.</summary>
internal static class ExportEndpoints
{
    private static readonly string[] ApiNames = ["from", "to", "scope", "category", "site", "scope2Method", "service", "region", "account", "usageClass", "q", "groupBy"];

    private static readonly JsonSerializerOptions Details = new(JsonSerializerDefaults.Web)
    {
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase) },
    };

    public static void MapEmissionsExport(this RouteGroupBuilder api) =>
        api.MapGet("/emissions.xlsx", ApiAsync).RequireApiPermission(Permissions.DashboardsRead).WithTags("Emissions")
            .WithSummary("The emissions as an Excel workbook: summary by groupBy (service,region unless given), activities, notes")
            .Produces<Stream>(StatusCodes.Status200OK, ExcelWriter.MediaType).ProducesProblem(StatusCodes.Status422UnprocessableEntity);

    public static void MapEmissionsExportPage(this WebApplication app) =>
        app.MapGet("/app/emissions.xlsx", PageAsync).RequireAuthorization(Permissions.DashboardsRead).ExcludeFromDescription();

    private static async Task<IResult> ApiAsync(
        [AsParameters] EmissionsQuery query, string? groupBy, HttpContext context, Exporter exporter, CancellationToken cancellationToken)
    {
        // A misspelled filter would export more than was asked for, and nobody would see it in the file.
        if (context.Request.Query.Keys.FirstOrDefault(name => !ApiNames.Contains(name, StringComparer.OrdinalIgnoreCase)) is { } unknown)
        {
            return EmissionsQuery.Problem($"“{unknown}” is not known. Use: {string.Join(", ", ApiNames)}.");
        }

        if (query.ToFilter(out var filter) is { } problem)
        {
            return problem;
        }

        if (EmissionsQuery.ToDimensions(groupBy ?? "service,region", out var dimensions) is { } unknownDimension)
        {
            return unknownDimension;
        }

        return await exporter.SendAsync(context, filter, dimensions, cancellationToken);
    }

    private static async Task<IResult> PageAsync(HttpContext context, Exporter exporter, CancellationToken cancellationToken)
    {
        var address = EmissionsAddress.Parse(context.Request.GetEncodedUrl());
        if (EmissionsQuery.ToDimensions(context.Request.Query["groupBy"], out _) is { } unknownDimension)
        {
            return unknownDimension;
        }

        // The page overlooks what it does not understand and shows all; a file has to say so.
        var understood = QueryHelpers.ParseQuery(new Uri("http://page" + address.ToUrl()).Query).Keys.Concat(["groupBy", "trail"]).ToHashSet(StringComparer.OrdinalIgnoreCase);
        if (context.Request.Query.FirstOrDefault(pair => !understood.Contains(pair.Key) && !string.IsNullOrEmpty(pair.Value)) is { Key: { } unknown } pair)
        {
            return EmissionsQuery.Problem($"“{unknown}={pair.Value}” is not understood. Open the explorer again and export from there.");
        }

        if (address.From > address.To)
        {
            return EmissionsQuery.Problem("from lies after to. Exchange them.");
        }

        return await exporter.SendAsync(context, address.Filter, address.GroupBy.Levels, cancellationToken);
    }

    internal sealed class Exporter(EmissionsSnapshots snapshots, CurrentUser user, TimeProvider time, ILogger<Exporter> logger)
    {
        public async Task<IResult> SendAsync(
            HttpContext context, EmissionsFilter filter, IReadOnlyList<EmissionsDimension> groupBy, CancellationToken cancellationToken)
        {
            await using var snapshot = await snapshots.OpenAsync(filter, groupBy, cancellationToken);
            var site = new Uri(UriHelper.BuildAbsolute(context.Request.Scheme, context.Request.Host, context.Request.PathBase));
            var request = new ExportRequest(
                filter, groupBy, user.Actor.Allows(Permissions.TrailsRead) ? site : null, user.Actor.DisplayName, time.GetUtcNow());
            var fileName = ExportWords.FileName(filter, snapshot.Facts);
            var details = new { fileName, rows = snapshot.Summary.Total.Activities, kgCo2e = snapshot.Summary.Total.KgCo2e, filter, groupBy };
            await snapshots.RecordExportAsync(JsonSerializer.SerializeToElement(details, Details), cancellationToken);

            return await FileDownload.SendAsync(context, EmissionsExport.Build(snapshot, request), fileName, "emissions", logger, cancellationToken);
        }
    }
}
