using Microsoft.AspNetCore.Http.Extensions;
using OffGridFlow.Core.Calculation;
using OffGridFlow.Core.Identity;
using OffGridFlow.Infrastructure.Calculation.Runs;
using OffGridFlow.Infrastructure.Reports.Excel;
using OffGridFlow.Web.Features.Identity;
using OffGridFlow.Web.Shared;

namespace OffGridFlow.Web.Features.Calculation;

/// <summary>The difference of a run as a workbook: to the API by token, to the page by cookie.</summary>
internal static class RunExportEndpoints
{
    private static readonly (RunGrouping Grouping, Scope2Method View)[] Sums =
    [
        (RunGrouping.Scope, Scope2Method.Location), (RunGrouping.Scope, Scope2Method.Market), (RunGrouping.Category, Scope2Method.Location), (RunGrouping.Entity, Scope2Method.Location),
        (RunGrouping.Site, Scope2Method.Location), (RunGrouping.Year, Scope2Method.Location), (RunGrouping.Type, Scope2Method.Location), (RunGrouping.Factor, Scope2Method.Location),
    ];

    public static void MapRunExport(this RouteGroupBuilder api) =>
        api.MapGet("/calculation-runs/{id:guid}/difference.xlsx", SendAsync).RequireApiPermission(Permissions.CalculationsRead).WithTags("Calculation runs")
            .WithSummary("The difference as an Excel workbook: sums, factors and every changed entry").Produces<Stream>(StatusCodes.Status200OK, ExcelWriter.MediaType)
            .ProducesProblem(StatusCodes.Status404NotFound).ProducesProblem(StatusCodes.Status409Conflict);

    public static void MapRunExportPage(this WebApplication app) =>
        app.MapGet("/app/runs/{id:guid}/difference.xlsx", SendAsync).RequireAuthorization(Permissions.CalculationsRead).ExcludeFromDescription();

    private static async Task<IResult> SendAsync(
        Guid id, HttpContext context, ICalculationRuns runs, RunQueries queries, CurrentUser user, TimeProvider time, ILogger<RunExport> logger, CancellationToken cancellationToken)
    {
        if (await runs.FindAsync(id, cancellationToken) is not { } run)
        {
            return RunEndpoints.NoRun(id);
        }

        var sums = new List<(RunGrouping Grouping, Scope2Method View, RunDifference Difference)>();
        foreach (var (grouping, view) in Sums)
        {
            if (await queries.DifferenceAsync(id, grouping, view, cancellationToken) is not { } difference)
            {
                return RunEndpoints.NoDifference();
            }

            sums.Add((grouping, view, difference));
        }

        var company = await queries.RecordExportAsync(run, cancellationToken);
        var site = user.Actor.Allows(Permissions.ActivityDataRead) ? new Uri(UriHelper.BuildAbsolute(context.Request.Scheme, context.Request.Host, context.Request.PathBase)) : null;
        var export = new RunExport(run, company, sums, queries, site, user.Actor.DisplayName, time.GetUtcNow());
        return await FileDownload.SendAsync(context, export.Build(), export.FileName, "a calculation run", logger, cancellationToken);
    }
}
