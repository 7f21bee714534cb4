using System.Globalization;
using Microsoft.Net.Http.Headers;
using OffGridFlow.Core.Identity;
using OffGridFlow.Infrastructure.Assurance;
using OffGridFlow.Web.Features.Identity;
using OffGridFlow.Web.Shared;

namespace OffGridFlow.Web.Features.Assurance;

/// <summary>The evidence export over HTTP: to the API by token, to the page by cookie.</summary>
internal static partial class EvidencePackEndpoints
{
    private const string MediaType = "application/zip";
    private static readonly string[] Names = ["from", "to"];

    public static void MapEvidence(this RouteGroupBuilder api) =>
        api.MapGet("/evidence", SendAsync).RequireApiPermission(Permissions.AuditRead).WithTags("Assurance")
            .WithSummary("Everything needed to recompute the results of entered activities and all totals without OffGridFlow, as a ZIP. from and to: days, by whole months")
            .Produces<Stream>(StatusCodes.Status200OK, MediaType).ProducesProblem(StatusCodes.Status422UnprocessableEntity);

    public static void MapEvidencePage(this WebApplication app) =>
        app.MapGet("/app/evidence.zip", SendAsync).RequireAuthorization(Permissions.AuditRead).ExcludeFromDescription();

    private static async Task<IResult> SendAsync(string? from, string? to, HttpContext context, EvidenceSender sender, CancellationToken cancellationToken)
    {
        // A misspelled filter would give out more than was asked for, and nobody would see it.
        if (context.Request.Query.Keys.FirstOrDefault(name => !Names.Contains(name, StringComparer.OrdinalIgnoreCase)) is { } unknown)
        {
            return Problem($"“{unknown}” is not known. Use: {string.Join(", ", Names)}.");
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
    internal sealed partial class EvidenceSender(EvidencePacks packs, CurrentUser user, TimeProvider time, ILogger<EvidenceSender> logger)
    {
        public async Task<IResult> SendAsync(HttpContext context, DateOnly? from, DateOnly? to, CancellationToken cancellationToken)
        {
            user.Require(Permissions.AuditRead);
            await packs.RecordAsync(from, to, cancellationToken);
            context.Response.ContentType = MediaType;
            context.Response.Headers.ContentDisposition = new ContentDispositionHeaderValue("attachment") { FileName = FileName(from, to) }.ToString();
            context.Response.Headers.CacheControl = "private, no-store";
            await context.Response.StartAsync(cancellationToken);
            try
            {
                await packs.WriteAsync(from, to, context.Response.BodyWriter, cancellationToken);
            }
            catch (Exception exception)
            {
                context.Abort();
                if (exception is not OperationCanceledException && !context.RequestAborted.IsCancellationRequested)
                {
                    Log.Broken(logger, exception);
                }
            }

            return Results.Empty;
        }

        private string FileName(DateOnly? from, DateOnly? to)
        {
            var months = new[] { from, to }.OfType<DateOnly>().Select(Dates.Key).ToList();
            return "evidence-" + (months.Count > 0 ? string.Join('-', months) : time.GetUtcNow().ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)) + ".zip";
        }

        private static partial class Log
        {
            [LoggerMessage(EventId = 4371, Level = LogLevel.Error, Message = "An export of evidence broke off; the connection was ended so that its part does not pass for the whole")]
            public static partial void Broken(ILogger logger, Exception exception);
        }
    }
}
