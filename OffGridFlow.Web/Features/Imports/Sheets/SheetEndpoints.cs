using Microsoft.AspNetCore.Antiforgery;
using Microsoft.Net.Http.Headers;
using OffGridFlow.Core.Identity;
using OffGridFlow.Infrastructure.Imports.Sheets;

namespace OffGridFlow.Web.Features.Imports.Sheets;

/// <summary>What the pages of the import use over HTTP and not through the circuit: the file on its way in, and with remarks on its way out.</summary>
internal static class SheetEndpoints
{
    public static void MapSheetPages(this WebApplication app)
    {
        app.MapSheetTemplates();
        app.MapPost("/app/imports/activity", async (HttpContext context, IAntiforgery antiforgery, ISheetImports sheets, CancellationToken cancellationToken) =>
            // The token comes as a header: reading it from the form would hold the whole file in memory.
            context.Request.Headers.ContainsKey("RequestVerificationToken") && await antiforgery.IsRequestValidAsync(context)
                ? Answer(await WizardUpload.OpenAsync(context, sheets, cancellationToken))
                : Results.Problem(statusCode: 400, title: "The page is out of date", detail: "Nothing was stored. Reload the page and try again."))
            .RequireAuthorization(Permissions.ActivityDataWrite).DisableAntiforgery().ExcludeFromDescription();
        app.MapGet("/app/imports/activity/{id:guid}/annotated", SendAnnotatedAsync).RequireAuthorization(Permissions.ActivityDataRead).ExcludeFromDescription();
    }

    private static IResult Answer(SheetOpening opening) => opening switch
    {
        SheetOpening.Opened opened => Results.Json(new { opened.DraftId }, statusCode: StatusCodes.Status201Created),
        SheetOpening.ExistingDraft existing => Results.Ok(new { existing.DraftId }),
        SheetOpening.ExistingImport existing => Results.Ok(new { id = existing.ImportId }),
        SheetOpening.Refused refused => Results.Problem(
            statusCode: 422, title: "The file was refused", detail: $"{refused.Reason} {refused.Fix}",
            extensions: new Dictionary<string, object?> { ["reason"] = refused.Reason, ["fix"] = refused.Fix, ["line"] = refused.Line }),
        var other => throw new InvalidOperationException($"No answer is written for {other.GetType().Name}."),
    };

    private static async Task<IResult> SendAnnotatedAsync(Guid id, ISheetImports sheets, HttpContext context, CancellationToken cancellationToken)
    {
        if (await sheets.DescribeAnnotatedAsync(id, cancellationToken) is not { } file)
        {
            return Results.Problem(statusCode: 404, title: "No such file", detail: "The upload is not here any more, or it belongs to another organization.");
        }

        context.Response.ContentType = file.MediaType;
        var disposition = new ContentDispositionHeaderValue("attachment");
        disposition.SetHttpFileName(file.FileName);
        context.Response.Headers.ContentDisposition = disposition.ToString();
        context.Response.Headers.CacheControl = "private, no-store";
        context.Response.Headers.XContentTypeOptions = "nosniff";
        await context.Response.StartAsync(cancellationToken);
        try
        {
            await sheets.WriteAnnotatedAsync(id, context.Response.BodyWriter.AsStream(), cancellationToken);
        }
        catch
        {
            // So that no part passes for the whole.
            context.Abort();
            throw;
        }

        return Results.Empty;
    }
}
