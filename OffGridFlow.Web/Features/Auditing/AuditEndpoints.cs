using System.Text.Json;
using OffGridFlow.Core.Identity;
using OffGridFlow.Infrastructure.Auditing;
using OffGridFlow.Web.Features.Identity;

namespace OffGridFlow.Web.Features.Auditing;

/// <summary>An entry of the audit log as the API lists it. <c>before</c> and <c>after</c> hold the changed fields only.</summary>
/// <param name="Sequence">Its place in the chain; null, as <c>hash</c> and <c>sealedAt</c>, in the second before it gets one.</param>
public sealed record AuditEntryResponse(
    Guid Id, DateTimeOffset At, ActorKind ActorKind, Guid? ActorId, string ActorName, string? Address, string Action, string Subject, JsonElement Details,
    JsonElement? Before, JsonElement? After, long? Sequence, string? Hash, DateTimeOffset? SealedAt);

public sealed record AuditListResponse(IReadOnlyList<AuditEntryResponse> Items, string? NextCursor);

/// <param name="Break">The first thing that is wrong; null when the log is intact.</param>
public sealed record AuditVerifyResponse(
    bool Intact, long Entries, long HeadSequence, string? HeadHash, int HeadsChecked, long EntriesAfterLastHead, long Unsealed, double Seconds, AuditBreak? Break);

internal static class AuditEndpoints
{
    public static void MapAudit(this RouteGroupBuilder api)
    {
        var audit = api.MapGroup("/audit").WithTags("Audit log");
        audit.MapGet("/", ListAsync).RequireApiPermission(Permissions.AuditRead)
            .WithSummary("The audit log, newest first. from and to: days or instants; action: one, or a group such as “import.”; actor: an id, or product; subject: one, or a kind such as “import/”; q: free text; take: 1 to 500")
            .Produces<AuditListResponse>().ProducesProblem(422);
        audit.MapGet("/verify", VerifyAsync).RequireApiPermission(Permissions.AuditRead)
            .WithSummary("Computes the chain of all entries anew, compares it with the seals and the signed heads, and names the first entry that is broken")
            .Produces<AuditVerifyResponse>();
        audit.MapGet("/export", ExportAsync).RequireApiPermission(Permissions.AuditRead)
            .WithSummary("All entries as JSON Lines, with everything needed to check the chain offline (docs/methods/verify_audit.py)")
            .Produces<Stream>(StatusCodes.Status200OK, AuditExporter.JsonLines).ProducesProblem(422);
    }

    /// <summary>The downloads of the page, by cookie, with its filter.</summary>
    public static void MapAuditPages(this WebApplication app)
    {
        app.MapGet("/app/audit.jsonl", ([AsParameters] AuditQuery query, HttpContext context, AuditExporter exporter, CancellationToken cancellationToken) =>
                PageAsync(query, context, filter => exporter.SendJsonLinesAsync(context, filter, cancellationToken)))
            .RequireAuthorization(Permissions.AuditRead).ExcludeFromDescription();
        app.MapGet("/app/audit.xlsx", ([AsParameters] AuditQuery query, HttpContext context, AuditExporter exporter, CancellationToken cancellationToken) =>
                PageAsync(query, context, filter => exporter.SendWorkbookAsync(context, filter, cancellationToken)))
            .RequireAuthorization(Permissions.AuditRead).ExcludeFromDescription();
    }

    private static async Task<IResult> ListAsync(
        [AsParameters] AuditQuery query, string? cursor, string? take, HttpContext context, IAuditQueries log, CancellationToken cancellationToken)
    {
        if (FindUnknown(context, [.. AuditQuery.Names, "cursor", "take"]) is { } unknown)
        {
            return unknown;
        }

        if (query.ToFilter(out var filter) is { } problem)
        {
            return Problem(problem);
        }

        var count = 100;
        if (!string.IsNullOrEmpty(take) && (!int.TryParse(take, System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out count) || count is < 1 or > 500))
        {
            return Problem($"take “{take}” is not a whole number from 1 to 500.");
        }

        var page = await log.ListAsync(filter, cursor, count, cancellationToken);
        return Results.Ok(new AuditListResponse([.. page.Rows.Select(ToResponse)], page.NextCursor));
    }

    private static async Task<IResult> VerifyAsync(IAuditVerifier verifier, CancellationToken cancellationToken)
    {
        var found = await verifier.VerifyAsync(null, cancellationToken);
        return Results.Ok(new AuditVerifyResponse(
            found.Intact, found.Entries, found.HeadSequence, found.HeadHash, found.HeadsChecked, found.EntriesAfterLastHead, found.Unsealed,
            Math.Round(found.Duration.TotalSeconds, 3), found.Break));
    }

    private static async Task<IResult> ExportAsync(HttpContext context, AuditExporter exporter, CancellationToken cancellationToken) =>
        // A filtered export could not be checked: the chain goes through all entries.
        FindUnknown(context, []) ?? await exporter.SendJsonLinesAsync(context, AuditFilter.All, cancellationToken);

    private static async Task<IResult> PageAsync(AuditQuery query, HttpContext context, Func<AuditFilter, Task<IResult>> send) =>
        FindUnknown(context, AuditQuery.Names) ?? (query.ToFilter(out var filter) is { } problem ? Problem(problem) : await send(filter));

    /// <summary>A misspelled filter would give out more than was asked for, and nobody would see it.</summary>
    private static IResult? FindUnknown(HttpContext context, string[] names) =>
        context.Request.Query.Keys.FirstOrDefault(name => !names.Contains(name, StringComparer.OrdinalIgnoreCase)) is { } unknown
            ? Problem(names.Length == 0 ? $"“{unknown}” is not known: the export takes no filter." : $"“{unknown}” is not known. Use: {string.Join(", ", names)}.")
            : null;

    internal static IResult Problem(string detail) => Results.Problem(statusCode: 422, title: "The query cannot be answered", detail: detail);

    private static AuditEntryResponse ToResponse(AuditRow row) => new(
        row.Id, row.At, row.ActorKind, row.ActorId, row.ActorName, row.Address, row.Action, row.Subject, JsonSerializer.Deserialize<JsonElement>(row.Details),
        row.Before is null ? null : JsonSerializer.Deserialize<JsonElement>(row.Before), row.After is null ? null : JsonSerializer.Deserialize<JsonElement>(row.After),
        row.Sequence, row.Hash, row.SealedAt);
}
