using System.Globalization;
using System.IO.Pipelines;
using OffGridFlow.Core.Identity;
using OffGridFlow.Infrastructure.Assurance;
using OffGridFlow.Web.Features.Identity;
using OffGridFlow.Web.Shared;

namespace OffGridFlow.Web.Features.Assurance;

/// <summary>The evidence export over HTTP: to the API by token, to the page by cookie.</summary>
internal static class EvidencePackEndpoints
{
    private static readonly string[] Names = ["from", "to", "period", "snapshot"];

    public static void MapEvidence(this RouteGroupBuilder api) =>
        api.MapGet("/evidence", SendAsync).RequireApiPermission(Permissions.AuditRead).WithTags("Assurance")
            .WithSummary("Everything needed to recompute the results of entered activities and all totals without OffGridFlow, as a ZIP. from and to: days, by whole months; or period and snapshot: of a locked inventory, with its document")
            .Produces<Stream>(StatusCodes.Status200OK, FileDownload.Zip).ProducesProblem(StatusCodes.Status404NotFound).ProducesProblem(StatusCodes.Status409Conflict).ProducesProblem(StatusCodes.Status422UnprocessableEntity);

    public static void MapEvidencePage(this WebApplication app) =>
        app.MapGet("/app/evidence.zip", SendAsync).RequireAuthorization(Permissions.AuditRead).ExcludeFromDescription();

    private static async Task<IResult> SendAsync(string? from, string? to, Guid? period, int? snapshot, HttpContext context, EvidenceSender sender, CancellationToken cancellationToken)
    {
        // A misspelled filter would give out more than was asked for, and nobody would see it.
        if (context.Request.Query.Keys.FirstOrDefault(name => !Names.Contains(name, StringComparer.OrdinalIgnoreCase)) is { } unknown)
        {
            return Problem($"“{unknown}” is not known. Use: {string.Join(", ", Names)}.");
        }

        if (period is not null || snapshot is not null)
        {
            return period is { } id && snapshot is { } number && from is null && to is null
                ? await sender.SendInventoryAsync(context, id, number, cancellationToken)
                : Problem("Evidence of a locked inventory is asked for by period and snapshot, both of them and nothing else.");
        }

        if (!TryRead(from, last: false, out var first) || !TryRead(to, last: true, out var last))
        {
            return Problem("from and to are days, both inclusive, written yyyy-MM-dd.");
        }

        return first > last ? Problem("from lies after to. Exchange them.") : await sender.SendAsync(context, first, last, cancellationToken);
    }

    private static bool TryRead(string? text, bool last, out DateOnly? day)
    {
        day = null;
        if (string.IsNullOrEmpty(text))
        {
            return true;
        }

        if (DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var parsed))
        {
            day = parsed;
        }
        else if (Dates.ParseMonth(text) is { } month)
        {
            day = last ? Dates.LastDay(month) : month;
        }

        return day is not null;
    }

    private static IResult Problem(string detail) => Results.Problem(statusCode: 422, title: "The export cannot be made", detail: detail);

    /// <summary>What fails later than the first byte breaks the connection off, so that no part passes for the whole.</summary>
    internal sealed class EvidenceSender(EvidencePacks packs, CurrentUser user, TimeProvider time, ILogger<EvidenceSender> logger)
    {
        public async Task<IResult> SendAsync(HttpContext context, DateOnly? from, DateOnly? to, CancellationToken cancellationToken)
        {
            user.Require(Permissions.AuditRead);
            await packs.RecordAsync(from, to, cancellationToken);
            return await SendAsync(context, FileName(from, to), output => packs.WriteAsync(from, to, output, cancellationToken), cancellationToken);
        }

        public async Task<IResult> SendInventoryAsync(HttpContext context, Guid period, int snapshot, CancellationToken cancellationToken)
        {
            user.Require(Permissions.AuditRead);
            return await packs.BeginInventoryAsync(period, snapshot, cancellationToken) switch
            {
                InventoryEvidenceStart.Ready ready => await SendAsync(
                    context, string.Create(CultureInfo.InvariantCulture, $"inventory-{new string([.. ready.Period.Where(char.IsAsciiLetterOrDigit)])}-{snapshot}.zip"),
                    output => packs.WriteInventoryAsync(period, snapshot, output, cancellationToken), cancellationToken),
                InventoryEvidenceStart.Refused refused => Results.Problem(statusCode: 409, title: "The evidence cannot be made", detail: refused.Reason),
                _ => Results.Problem(
                    statusCode: 404, title: "No such snapshot",
                    detail: "Your organization has no such snapshot of such a period. GET /api/v1/reporting-periods/{id}/snapshots lists those there are."),
            };
        }

        private Task<IResult> SendAsync(HttpContext context, string fileName, Func<PipeWriter, Task> write, CancellationToken cancellationToken) =>
            FileDownload.SendAsync(context, fileName, FileDownload.Zip, "evidence", write, logger, cancellationToken);

        private string FileName(DateOnly? from, DateOnly? to)
        {
            var months = new[] { from, to }.OfType<DateOnly>().Select(Dates.Key).ToList();
            return "evidence-" + (months.Count > 0 ? string.Join('-', months) : time.GetUtcNow().ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)) + ".zip";
        }
    }
}
