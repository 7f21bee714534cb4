using System.Globalization;
using Microsoft.AspNetCore.Antiforgery;
using OffGridFlow.Core.Identity;
using OffGridFlow.Core.Imports;
using OffGridFlow.Core.Imports.Sheets;
using OffGridFlow.Infrastructure.Imports;
using OffGridFlow.Web.Features.Identity;

namespace OffGridFlow.Web.Features.Imports;

/// <summary>An import as the API shows it. rowsRead = loaded + unchanged + duplicate + rejected once it has ended.</summary>
public sealed record ImportResponse(
    Guid Id, string Kind, string FileName, string Sha256, ImportStatus Status, double Progress, long RowsRead, long Loaded, long Unchanged, long Duplicate,
    long Rejected, long UsageRows, long CostOnlyRows, IReadOnlyDictionary<string, decimal> Cost, string? Error, ImportMode Mode, DateTimeOffset CreatedAt,
    string CreatedBy, DateTimeOffset? FinishedAt, Guid JobId);

public sealed record ImportId(Guid Id);

/// <summary>An import of a spreadsheet, with the mapping that it is read by.</summary>
/// <param name="Draft">The file in the import wizard.</param>
public sealed record SheetImportId(Guid Id, Guid Draft, SheetPlan Mapping);

public sealed record ImportListResponse(IReadOnlyList<ImportResponse> Items, string? NextCursor);

internal static class ImportEndpoints
{
    /// <summary>The answer goes on through the circuit, which takes 32 KB at a time: a large bill has some thousand accounts and months.</summary>
    private const int PeriodsOnPage = 20;

    public static void MapImports(this RouteGroupBuilder api)
    {
        var imports = api.MapGroup("/imports").WithTags("Imports");
        imports.MapPost("/", (HttpContext context, IImportService service, CancellationToken cancellationToken) => UploadAsync(context, service, int.MaxValue, cancellationToken))
            .RequireApiPermission(Permissions.ActivityDataWrite)
            .WithSummary("Import a file: multipart fields kind, mode (replace, append or none; of kind=activity-data good or all) and file; of kind=activity-data also mapping, culture and sheet")
            .Produces<ImportId>(202).Produces<ImportId>().ProducesProblem(409).ProducesProblem(422);
        imports.MapGet("/", ListAsync).RequireApiPermission(Permissions.ActivityDataRead).WithSummary("Imports, newest first").Produces<ImportListResponse>();
        imports.MapGet("/{id:guid}", FindAsync).RequireApiPermission(Permissions.ActivityDataRead).WithSummary("One import with its progress and counts")
            .Produces<ImportResponse>().ProducesProblem(404);
        imports.MapGet("/{id:guid}/rejected", RejectedAsync).RequireApiPermission(Permissions.ActivityDataRead)
            .WithSummary("Its rejected rows as CSV: line, column, value, reason, fix and archive entry, then the row under the file's own headings").ProducesProblem(404);
        imports.MapDelete("/{id:guid}", EndAsync).RequireApiPermission(Permissions.ActivityDataWrite)
            .WithSummary("Undo a published import, or cancel one that is under way").Produces(204).ProducesProblem(404).ProducesProblem(409);
    }

    /// <summary>What the pages use: cookie and antiforgery instead of a token, streamed over HTTP and not through the circuit.</summary>
    public static void MapImportPages(this WebApplication app)
    {
        app.MapPost("/app/imports", async (HttpContext context, IAntiforgery antiforgery, IImportService service, CancellationToken cancellationToken) =>
            // The token comes as a header: reading it from the form would hold the whole file in memory.
            context.Request.Headers.ContainsKey("RequestVerificationToken") && await antiforgery.IsRequestValidAsync(context)
                ? await UploadAsync(context, service, PeriodsOnPage, cancellationToken)
                : Results.Problem(statusCode: 400, title: "The page is out of date", detail: "Nothing was stored. Reload the page and try again."))
            .RequireAuthorization(Permissions.ActivityDataWrite).DisableAntiforgery().ExcludeFromDescription();
        app.MapGet("/app/imports/{id:guid}/rejected", RejectedAsync).RequireAuthorization(Permissions.ActivityDataRead).ExcludeFromDescription();
    }

    private static async Task<IResult> UploadAsync(HttpContext context, IImportService service, int mostPeriods, CancellationToken cancellationToken) =>
        await UploadReader.StartAsync(context, service, cancellationToken) switch
        {
            ImportStart.Accepted accepted => Results.Accepted($"/api/v1/imports/{accepted.Id}", new ImportId(accepted.Id)),
            SheetApiUpload.Queued queued => Results.Accepted($"/api/v1/imports/{queued.Id}", new SheetImportId(queued.Id, queued.Draft, queued.Mapping)),
            SheetApiUpload.Asks asks => Results.Problem(
                statusCode: 422, title: "Say how to read the file", detail: asks.Draft.Questions[0].Message, extensions: new Dictionary<string, object?>
                {
                    ["draft"] = asks.Draft.Id, ["mapping"] = asks.Draft.Plan, ["headings"] = asks.Draft.Headings, ["questions"] = asks.Draft.Questions,
                }),
            ImportStart.Existing existing => Results.Ok(new ImportId(existing.Id)),
            ImportStart.Conflict conflict => Results.Problem(
                statusCode: 409, title: "Already there", detail: conflict.Detail, extensions: new Dictionary<string, object?>
                {
                    ["total"] = conflict.Total,
                    ["periods"] = conflict.Periods.Take(mostPeriods).Select(period => new
                    {
                        period.Provider, period.Account, billingMonth = period.BillingMonth, state = period.UnderWay ? "loading" : "current", period.Rows, period.Cost,
                        period.FileName, period.NewRows,
                    }),
                }),
            ImportStart.Refused refused => Results.Problem(
                statusCode: 422, title: "The file was refused", detail: $"{refused.Reason} {refused.Fix}",
                extensions: new Dictionary<string, object?> { ["reason"] = refused.Reason, ["fix"] = refused.Fix, ["line"] = refused.Line, ["mayBeTable"] = refused.MayBeTable }),
            var other => throw new InvalidOperationException($"No answer is written for {other.GetType().Name}."),
        };

    private static async Task<IResult> ListAsync(IImportService service, string? cursor, int? limit, CancellationToken cancellationToken)
    {
        var page = await service.ListAsync(cursor, Math.Clamp(limit ?? 50, 1, 200), cancellationToken);
        return Results.Ok(new ImportListResponse(page.Rows.Select(ToResponse).ToList(), page.NextCursor));
    }

    private static async Task<IResult> FindAsync(Guid id, IImportService service, CancellationToken cancellationToken) =>
        await service.FindAsync(id, cancellationToken) is { } import ? Results.Ok(ToResponse(import)) : NotFound(id);

    private static async Task<IResult> EndAsync(Guid id, IImportService service, CurrentUser user, CancellationToken cancellationToken)
    {
        // The third question is for an import that was published between the first and the second.
        if (await service.UndoAsync(id, cancellationToken) || await service.CancelAsync(id, cancellationToken) || await service.UndoAsync(id, cancellationToken))
        {
            return Results.NoContent();
        }

        if (!user.Actor.Allows(Permissions.ActivityDataRead))
        {
            // A key that may write and not read is not told how the import stands.
            return NotFound(id);
        }

        return await service.FindAsync(id, cancellationToken) is { } import
            ? Results.Problem(
                statusCode: 409, title: "Nothing to undo",
                detail: $"This import is {import.Status.ToString().ToLowerInvariant()}: only one that is published or under way can be taken back.")
            : NotFound(id);
    }

    private static async Task<IResult> RejectedAsync(Guid id, IImportService service, HttpContext context, CancellationToken cancellationToken)
    {
        if (await service.FindAsync(id, cancellationToken) is not { } import)
        {
            return NotFound(id);
        }

        context.Response.ContentType = "text/csv; charset=utf-8";
        context.Response.Headers.ContentDisposition = string.Create(CultureInfo.InvariantCulture, $"attachment; filename=\"rejected-{import.Id}.csv\"");
        await service.WriteRejectedAsync(id, context.Response.BodyWriter.AsStream(), cancellationToken);
        return Results.Empty;
    }

    private static IResult NotFound(Guid id) => Results.Problem(
        statusCode: 404, title: "No such import", detail: $"There is no import {id} in your organization. GET /api/v1/imports lists what there is.");

    private static ImportResponse ToResponse(ImportRow row) => new(
        row.Id, row.Kind, row.FileName, row.Sha256, row.Status, row.Progress, row.RowsRead, row.Loaded, row.Unchanged, row.Duplicate, row.Rejected,
        row.UsageRows, row.CostOnlyRows, row.Cost, row.Error, row.Mode, row.CreatedAt, row.CreatedBy, row.FinishedAt, row.JobId);
}
