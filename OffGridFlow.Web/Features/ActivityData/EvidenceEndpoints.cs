using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Http.Features;
using OffGridFlow.Core.Identity;
using OffGridFlow.Infrastructure.ActivityData;
using OffGridFlow.Web.Features.Identity;

namespace OffGridFlow.Web.Features.ActivityData;

/// <summary>Comments and documents of entries, for the API and for the pages.</summary>
internal static class EvidenceEndpoints
{
    /// <summary>Besides the file: boundaries and headers of the parts.</summary>
    private const long FormOverhead = 64 * 1024;

    public static void MapEntryEvidence(this RouteGroupBuilder api)
    {
        var activities = api.MapGroup("/activities/{id:guid}").WithTags("Activities");
        activities.MapGet("/comments", async (Guid id, IEntryEvidence evidence, IActivityEntryQueries queries, CancellationToken cancellationToken) =>
                await queries.FindAsync(id, cancellationToken) is null
                    ? ActivityEndpoints.NotFound(id) : Results.Ok(new ActivityCommentListResponse(await evidence.ListCommentsAsync(id, cancellationToken))))
            .RequireApiPermission(Permissions.ActivityDataRead).WithSummary("What people said about the entry, oldest first").Produces<ActivityCommentListResponse>().ProducesProblem(404);
        activities.MapPost("/comments", CommentAsync).RequireApiPermission(Permissions.ActivityDataWrite)
            .WithSummary("Say something about the entry; it stays").Produces<EntryCommentRow>(201).ProducesProblem(404).ProducesProblem(422);
        activities.MapGet("/documents", async (Guid id, IEntryEvidence evidence, IActivityEntryQueries queries, CancellationToken cancellationToken) =>
                await queries.FindAsync(id, cancellationToken) is null
                    ? ActivityEndpoints.NotFound(id) : Results.Ok(new ActivityDocumentListResponse(await evidence.ListDocumentsAsync(id, cancellationToken))))
            .RequireApiPermission(Permissions.ActivityDataRead).WithSummary("Documents that support the entry").Produces<ActivityDocumentListResponse>().ProducesProblem(404);
        activities.MapPost("/documents", AttachAsync).RequireApiPermission(Permissions.ActivityDataWrite)
            .WithSummary("Put a document to the entry: multipart field file, at most 25 MB").Produces<EntryDocumentRow>(201).ProducesProblem(404).ProducesProblem(422);
        activities.MapGet("/documents/{documentId:guid}", DownloadAsync).RequireApiPermission(Permissions.ActivityDataRead)
            .WithSummary("The bytes of a document").Produces(200).ProducesProblem(404);
        activities.MapDelete("/documents/{documentId:guid}", async (Guid id, Guid documentId, IEntryEvidence evidence, CancellationToken cancellationToken) =>
                await evidence.DetachAsync(id, documentId, cancellationToken) ? Results.NoContent() : NoDocument())
            .RequireApiPermission(Permissions.ActivityDataWrite).WithSummary("Take a document from the entry; its bytes stay").Produces(204).ProducesProblem(404);
    }

    /// <summary>What the pages use: cookie and antiforgery instead of a token, over HTTP and not through the circuit.</summary>
    public static void MapEntryEvidencePages(this WebApplication app)
    {
        app.MapPost("/app/activities/{id:guid}/documents", async (Guid id, HttpContext context, IAntiforgery antiforgery, IEntryEvidence evidence, CancellationToken cancellationToken) =>
            !await evidence.MayAttachAsync(id, cancellationToken) ? ActivityEndpoints.NotFound(id)
            // The token comes as a header: reading it from the form would read the file before anybody was asked.
            : context.Request.Headers.ContainsKey("RequestVerificationToken") && await antiforgery.IsRequestValidAsync(context)
                ? await AttachAsync(id, context, evidence, cancellationToken)
                : Results.Problem(statusCode: 400, title: "The page is out of date", detail: "Nothing was stored. Reload the page and try again."))
            .RequireAuthorization(Permissions.ActivityDataWrite).DisableAntiforgery().ExcludeFromDescription();
        app.MapGet("/app/activities/{id:guid}/documents/{documentId:guid}", DownloadAsync).RequireAuthorization(Permissions.ActivityDataRead).ExcludeFromDescription();
    }

    private static async Task<IResult> CommentAsync(Guid id, ActivityCommentRequest request, IEntryEvidence evidence, CancellationToken cancellationToken)
    {
        if (!await evidence.MayAttachAsync(id, cancellationToken))
        {
            return ActivityEndpoints.NotFound(id);
        }

        if (request.Text?.Trim() is not { Length: > 0 and <= Core.ActivityData.EntryComment.TextLength } text)
        {
            return Results.Problem(statusCode: 422, title: "Nothing was saved", detail: "Send text with 1 to 2,000 characters.");
        }

        return await evidence.CommentAsync(id, text, cancellationToken) is { } comment
            ? Results.Json(comment, statusCode: StatusCodes.Status201Created) : ActivityEndpoints.NotFound(id);
    }

    private static async Task<IResult> AttachAsync(Guid id, HttpContext context, IEntryEvidence evidence, CancellationToken cancellationToken)
    {
        if (!await evidence.MayAttachAsync(id, cancellationToken))
        {
            return ActivityEndpoints.NotFound(id);
        }

        if (!context.Request.HasFormContentType)
        {
            return Refused("The request is not multipart/form-data.", "Send the document as the field “file” of multipart/form-data.");
        }

        IFormCollection form;
        try
        {
            form = await context.Request.ReadFormAsync(new FormOptions { MultipartBodyLengthLimit = IEntryEvidence.LargestDocument + FormOverhead }, cancellationToken);
        }
        catch (InvalidDataException)
        {
            return Refused("The file is larger than 25 MB, or the request is damaged.", "Send a smaller file.");
        }

        if (form.Files.GetFile("file") is not { } file)
        {
            return Refused("The request holds no file.", "Send the document as the field “file”.");
        }

        await using var content = file.OpenReadStream();
        return await evidence.AttachAsync(id, content, file.FileName, cancellationToken) switch
        {
            AttachOutcome.Attached attached => Results.Json(attached.Document, statusCode: StatusCodes.Status201Created),
            AttachOutcome.Refused refused => Refused(refused.Reason, refused.Fix),
            _ => ActivityEndpoints.NotFound(id),
        };
    }

    private static async Task<IResult> DownloadAsync(Guid id, Guid documentId, IEntryEvidence evidence, HttpContext context, CancellationToken cancellationToken)
    {
        if (await evidence.OpenAsync(id, documentId, cancellationToken) is not { } document)
        {
            return NoDocument();
        }

        // Saved, never shown: a document may hold markup of somebody else's.
        context.Response.Headers.XContentTypeOptions = "nosniff";
        return Results.File(document.Content, document.MediaType, document.FileName);
    }

    private static IResult Refused(string reason, string fix) => Results.Problem(
        statusCode: 422, title: "The document was refused", detail: $"{reason} {fix}", extensions: new Dictionary<string, object?> { ["reason"] = reason, ["fix"] = fix });

    private static IResult NoDocument() => Results.Problem(
        statusCode: 404, title: "No such document", detail: "The entry has no such document. GET /api/v1/activities/{id}/documents lists those it has.");
}
