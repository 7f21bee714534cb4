using System.Globalization;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using OffGridFlow.Core.Imports;
using OffGridFlow.Infrastructure.Jobs;
using OffGridFlow.Infrastructure.Persistence;

namespace OffGridFlow.Infrastructure.Imports;

/// <summary>Whether an import that failed or was cancelled can be loaded after all, from the document that is stored.</summary>
internal static class ReopenImport
{
    /// <returns>What stands against it and what to do instead; null when nothing does.</returns>
    public static async Task<string?> FindObstacleAsync(
        TenantUnit unit, DocumentStore documents, JobContext job, CancellationToken cancellationToken)
    {
        var found = await unit.Context.Imports
            .Join(unit.Context.SourceDocuments, import => import.DocumentId, document => document.Id, (import, document) => new { import, document.Sha256 })
            .SingleOrDefaultAsync(row => row.import.Id == job.SubjectId, cancellationToken);
        if (found is null || !documents.Contains(job.TenantId, found.Sha256))
        {
            return "The stored file is not there any more. Upload it again.";
        }

        var import = found.import;
        var same = await unit.Context.Imports.Where(other => other.DocumentId == import.DocumentId && other.Kind == import.Kind && other.Id != import.Id
                && (other.Status == ImportStatus.Queued || other.Status == ImportStatus.Running
                    || other.Status == ImportStatus.Succeeded || other.Status == ImportStatus.CompletedWithErrors))
            .AnyAsync(cancellationToken);
        if (same)
        {
            return "The same file has been imported since, or is being imported now. Undo or cancel that import first.";
        }

        if (import.Mode != ImportMode.None)
        {
            return null;
        }

        // As for an upload that names no mode: what came meanwhile is neither replaced nor added to unasked.
        var periods = (JsonSerializer.Deserialize<List<PartPeriod>>(import.Periods) ?? []).Select(place => place.Period).Distinct().ToList();
        var present = await CurrentBatches.FindAsync(unit, periods, cancellationToken);
        if (present.Count > 0)
        {
            return Taken(present[0].Period, "has been imported since", present[0].FileName);
        }

        var underWay = await UnderWayImports.FindAsync(unit, periods, job.JobId, cancellationToken);
        return underWay.Count > 0 ? Taken(underWay[0].Period, "is being imported now", underWay[0].FileName) : null;
    }

    private static string Taken(BillPeriod period, string how, string fileName) => string.Create(
        CultureInfo.InvariantCulture,
        $"Account {period.Account}, {period.BillingMonth:MMMM yyyy}, {how}, from “{fileName}”. Upload this file again and choose whether it replaces the other or is added to it.");
}
