using System.Text;
using Microsoft.Net.Http.Headers;
using OffGridFlow.Core.Identity;
using OffGridFlow.Infrastructure.Imports.Sheets.Templates;
using OffGridFlow.Infrastructure.Reports.Excel;

namespace OffGridFlow.Web.Features.Imports.Sheets;

/// <summary>Files to fill in and to upload again.</summary>
internal static class SheetTemplateEndpoints
{
    private const string FileName = "activity-data-template";

    public static void MapSheetTemplates(this WebApplication app)
    {
        app.MapGet("/app/imports/template.xlsx", SendWorkbookAsync).RequireAuthorization(Permissions.ActivityDataRead).ExcludeFromDescription();
        // With a byte order mark, without which Excel takes the file for Windows-1252 when somebody has written into it.
        app.MapGet("/app/imports/template.csv", (ISheetTemplates templates) =>
                Results.File((byte[])[.. Encoding.UTF8.GetPreamble(), .. Encoding.UTF8.GetBytes(templates.BuildCsv())], "text/csv; charset=utf-8", FileName + ".csv"))
            .RequireAuthorization(Permissions.ActivityDataRead).ExcludeFromDescription();
    }

    /// <summary>All that it holds is read before the first byte: what fails after that is the connection.</summary>
    private static async Task<IResult> SendWorkbookAsync(ISheetTemplates templates, HttpContext context, CancellationToken cancellationToken)
    {
        var workbook = await templates.BuildWorkbookAsync(cancellationToken);
        context.Response.ContentType = ExcelWriter.MediaType;
        context.Response.Headers.ContentDisposition = new ContentDispositionHeaderValue("attachment") { FileName = FileName + ".xlsx" }.ToString();
        context.Response.Headers.CacheControl = "private, no-store";
        await ExcelWriter.WriteAsync(workbook, context.Response.BodyWriter, cancellationToken);
        return Results.Empty;
    }
}
