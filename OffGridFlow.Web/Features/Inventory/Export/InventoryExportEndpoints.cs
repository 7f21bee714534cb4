using OffGridFlow.Core.Identity;
using OffGridFlow.Infrastructure.Inventory;
using OffGridFlow.Infrastructure.Reports.Excel;
using OffGridFlow.Web.Features.Identity;
using OffGridFlow.Web.Shared;

namespace OffGridFlow.Web.Features.Inventory.Export;

/// <summary>The inventory as a workbook: to the API by token, to the page by cookie.</summary>
internal static class InventoryExportEndpoints
{
    private static readonly string[] Names = ["period", "from", "to", "approach", "scope2Method", "scope", "category", "organizationId", "site"];

    public static void MapInventoryExport(this RouteGroupBuilder api) =>
        api.MapGet("/inventory.xlsx", SendAsync).RequireApiPermission(Permissions.DashboardsRead).WithTags("Inventory")
            .WithSummary("The inventory as an Excel workbook: both views of Scope 2, every breakdown, the approaches side by side and what is left out")
            .Produces<Stream>(StatusCodes.Status200OK, ExcelWriter.MediaType).ProducesProblem(StatusCodes.Status404NotFound).ProducesProblem(StatusCodes.Status422UnprocessableEntity);

    public static void MapInventoryExportPage(this WebApplication app) =>
        app.MapGet("/app/inventory.xlsx", SendAsync).RequireAuthorization(Permissions.DashboardsRead).ExcludeFromDescription();

    private static async Task<IResult> SendAsync(
        [AsParameters] InventoryQuery query, HttpContext context, InventoryReports reports, InventoryExports exports, CurrentUser user, TimeProvider time,
        ILogger<InventoryWorkbook> logger, CancellationToken cancellationToken)
    {
        var (found, problem) = await query.FindPeriodAsync(reports, cancellationToken);
        if (problem is not null)
        {
            return problem;
        }

        // A filter that is overlooked would export more than was asked for, and nobody would see it in the file.
        if (context.Request.Query.Keys.FirstOrDefault(name => !Names.Contains(name, StringComparer.OrdinalIgnoreCase)) is { } unknown)
        {
            return InventoryQuery.Problem($"“{unknown}” is not known here: the workbook holds both views of Scope 2 and every breakdown. Use: {string.Join(", ", Names)}.");
        }

        if (query.ToFilter(found, out var filter) is { } fault)
        {
            return fault;
        }

        var download = await exports.ReadAsync(found, filter!, cancellationToken);
        var workbook = new InventoryWorkbook(download, user.Actor.DisplayName, time.GetUtcNow());
        await exports.RecordAsync(download, workbook.FileName, cancellationToken);
        return await FileDownload.SendAsync(context, workbook.Build(), workbook.FileName, "an inventory", logger, cancellationToken);
    }
}
