using System.Globalization;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using OffGridFlow.Core.Identity;
using OffGridFlow.Core.Imports;
using OffGridFlow.Core.Jobs;
using OffGridFlow.Infrastructure.Inventory;
using OffGridFlow.Infrastructure.Jobs;
using OffGridFlow.Infrastructure.Persistence;
using OffGridFlow.Infrastructure.Persistence.PostgreSql;

namespace OffGridFlow.Infrastructure.Imports;

/// <inheritdoc cref="IImportService"/>
internal sealed class ImportService(
    TenantDatabase database, CurrentUser user, DocumentStore documents, IEnumerable<IBillFormat> formats, JobQueue jobs,
    TimeProvider time) : IImportService
{
    private const int FileNameLength = 400;

    public async Task<ImportStart> StartAsync(Stream content, string fileName, string kind, ImportMode mode, CancellationToken cancellationToken)
    {
        var actor = user.Require(Permissions.ActivityDataWrite);
        var format = formats.SingleOrDefault(format => format.Kind == kind);
        if (format is null)
        {
            return new ImportStart.Refused(
                $"The kind “{kind}” cannot be imported.", $"Use one of: {string.Join(", ", formats.Select(known => known.Kind))}.", null);
        }

        using var received = await documents.ReceiveAsync(actor.TenantId, content, cancellationToken);
        BillInspection inspection;
        try
        {
            await using var file = received.OpenRead();
            inspection = await Task.Run(() => format.Inspect(file, cancellationToken), cancellationToken);
        }
        catch (UnreadableFileException exception)
        {
            return new ImportStart.Refused(exception.Reason, exception.Fix, exception.Line);
        }

        return await QueueAsync(actor, format, received, NameOf(fileName), inspection, mode, cancellationToken);
    }

    public async Task<ImportPage> ListAsync(string? cursor, int limit, CancellationToken cancellationToken)
    {
        user.Require(Permissions.ActivityDataRead);
        await using var unit = await database.OpenAsync(cancellationToken);
        var imports = unit.Context.Imports.AsQueryable();
        if (Cursor.TryParse(cursor, out var at, out var before))
        {
            imports = imports.Where(import => import.CreatedAt < at || (import.CreatedAt == at && import.Id.CompareTo(before) < 0));
        }

        var rows = await Rows(unit, imports.OrderByDescending(import => import.CreatedAt).ThenByDescending(import => import.Id).Take(limit + 1))
            .ToListAsync(cancellationToken);
        var page = rows.Take(limit).Select(row => row.ToRow([])).ToList();
        return new ImportPage(page, rows.Count > limit ? Cursor.Of(page[^1].CreatedAt, page[^1].Id) : null);
    }

    public async Task<ImportRow?> FindAsync(Guid id, CancellationToken cancellationToken)
    {
        user.Require(Permissions.ActivityDataRead);
        await using var unit = await database.OpenAsync(cancellationToken);
        var row = await Rows(unit, unit.Context.Imports.Where(import => import.Id == id)).SingleOrDefaultAsync(cancellationToken);
        return row?.ToRow(await ListBatchesAsync(unit, id, cancellationToken));
    }

    public async Task<RejectedPage> ListRejectedAsync(Guid id, int skip, int take, CancellationToken cancellationToken)
    {
        user.Require(Permissions.ActivityDataRead);
        await using var unit = await database.OpenAsync(cancellationToken);
        var rows = unit.Context.RejectedRows.Where(row => row.ImportId == id);
        return new RejectedPage(
            await rows.Where(row => row.Number > skip).OrderBy(row => row.Number).Take(take)
                .Select(row => new RejectedRowView(row.Number, row.Line, row.Column, row.Value, row.Reason, row.Fix, row.Raw))
                .ToListAsync(cancellationToken),
            await rows.LongCountAsync(cancellationToken));
    }

    public async Task<bool> CancelAsync(Guid id, CancellationToken cancellationToken)
    {
        user.Require(Permissions.ActivityDataWrite);
        await using var unit = await database.OpenAsync(cancellationToken);
        var import = await unit.Context.Imports.SingleOrDefaultAsync(import => import.Id == id, cancellationToken);
        if (import is null)
        {
            return false;
        }

        // A job that nobody has claimed ends here; a running one hears of it at its next heartbeat.
        var state = await unit.Connection.ScalarAsync<string>(
            """
            update job_runs set cancel_requested = true,
              state = case when state = 'Queued' then 'Cancelled' else state end,
              finished_at = case when state = 'Queued' then now() end
            where id = $1 and state in ('Queued', 'Running') returning state
            """,
            cancellationToken, import.JobRunId);
        if (state is null)
        {
            return false;
        }

        if (state == nameof(JobState.Cancelled))
        {
            // An attempt that was broken off and queued again may have left some.
            await unit.Connection.ExecuteAsync("select discard_loading_batches($1)", cancellationToken, id);
            await unit.Context.Imports.Where(row => row.Id == id).ExecuteUpdateAsync(
                set => set.SetProperty(row => row.Status, ImportStatus.Cancelled).SetProperty(row => row.FinishedAt, time.GetUtcNow()), cancellationToken);
        }

        unit.Audit("import.cancelled", $"import/{id}");
        await unit.CommitAsync(cancellationToken);
        return true;
    }

    public async Task<bool> UndoAsync(Guid id, CancellationToken cancellationToken)
    {
        user.Require(Permissions.ActivityDataWrite);
        await using var unit = await database.OpenAsync(cancellationToken);
        var sequence = await CloudLedger.NextSequenceAsync(unit, cancellationToken);
        var undone = await unit.Context.Imports
            .Where(import => import.Id == id && (import.Status == ImportStatus.Succeeded || import.Status == ImportStatus.CompletedWithErrors))
            .ExecuteUpdateAsync(set => set.SetProperty(import => import.Status, ImportStatus.Undone), cancellationToken);
        if (undone == 0)
        {
            return false;
        }

        // Batches that a still later import superseded go too, and what they had replaced then belongs to that later import's undo.
        var taken = await unit.Connection.ListAsync(
            "update import_batches set state = 'Undone' where import_id = $1 and state in ('Current', 'Superseded') returning number, provider",
            row => (Number: row.GetInt64(0), Provider: row.GetString(1)), cancellationToken, id);
        var restored = await unit.Connection.ListAsync(
            """
            update import_batches b set
              superseded_by_import_id = later.superseded_by_import_id,
              state = case when later.superseded_by_import_id is null then 'Current' else 'Superseded' end
            from import_batches later
            where b.superseded_by_import_id = $1 and b.state = 'Superseded'
              and later.import_id = $1 and later.provider = b.provider and later.account = b.account and later.billing_month = b.billing_month
            returning b.number
            """,
            row => row.GetInt64(0), cancellationToken, id);
        if (taken.Count > 0)
        {
            var affected = await CloudLedger.AffectedAsync(unit, taken.Select(batch => batch.Number).Concat(restored).ToArray(), cancellationToken);
            await CloudLedger.RecomputeAsync(unit, taken[0].Provider, affected, sequence, cancellationToken);
        }

        unit.Audit("import.undone", $"import/{id}", JsonSerializer.Serialize(new { taken = taken.Select(batch => batch.Number), restored, sequence }));
        await unit.CommitAsync(cancellationToken);
        return true;
    }

    private async Task<ImportStart> QueueAsync(
        Actor actor, IBillFormat format, ReceivedDocument received, string fileName, BillInspection inspection, ImportMode mode, CancellationToken cancellationToken)
    {
        await using var unit = await database.OpenAsync(cancellationToken);
        // Two uploads of one file at the same moment: the second waits here and then finds the first.
        await unit.Connection.ExecuteAsync("select from ledger_sequences where tenant_id = current_tenant() for update", cancellationToken);
        var document = await unit.Context.SourceDocuments.SingleOrDefaultAsync(row => row.Sha256 == received.Sha256, cancellationToken);
        if (document is not null)
        {
            if (await FindExistingAsync(unit, document.Id, format.Kind, mode, cancellationToken) is { } existing)
            {
                return new ImportStart.Existing(existing);
            }
        }

        if (mode == ImportMode.None)
        {
            var present = await CurrentBatches.FindAsync(unit, format.Provider, inspection.Periods.Keys.ToList(), cancellationToken);
            if (present.Count > 0)
            {
                return new ImportStart.Conflict(Describe(present), present.Select(ToRow).ToList());
            }

            var underWay = await UnderWayImports.FindAsync(unit, format.Provider, inspection.Periods.Keys.ToList(), null, cancellationToken);
            if (underWay.Count > 0)
            {
                return new ImportStart.Conflict(UnderWayImports.Describe(underWay), underWay.Select(period => period.ToRow()).ToList());
            }
        }

        var now = time.GetUtcNow();
        if (document is null)
        {
            document = new SourceDocument
            {
                Id = Guid.CreateVersion7(now), TenantId = actor.TenantId, Sha256 = received.Sha256, Length = received.Length, FileName = fileName,
                MediaType = fileName.EndsWith(".gz", StringComparison.OrdinalIgnoreCase) ? "application/gzip" : "text/csv", CreatedAt = now,
            };
            unit.Context.SourceDocuments.Add(document);
            await unit.Context.SaveChangesAsync(cancellationToken);
        }

        var importId = Guid.CreateVersion7(now);
        var job = jobs.Add(
            unit, ImportJob.JobKind, importId, fileName, inspection.Rows, UnderWayImports.LanesOf(format.Provider, inspection.Periods.Keys));
        unit.Context.Imports.Add(new Import
        {
            Id = importId, TenantId = actor.TenantId, DocumentId = document.Id, JobRunId = job.Id, Kind = format.Kind, FileName = fileName, Mode = mode,
            Status = ImportStatus.Queued, RowsTotal = inspection.Rows,
            Periods = JsonSerializer.Serialize(inspection.Periods.Keys), CreatedAt = now, CreatedById = actor.UserId, CreatedBy = actor.DisplayName,
        });
        received.Keep();
        unit.Audit("import.queued", $"import/{importId}", JsonSerializer.Serialize(new { fileName, received.Sha256, received.Length, mode = mode.ToString() }));
        await unit.CommitAsync(cancellationToken);
        await jobs.WakeAsync();
        return new ImportStart.Accepted(importId);
    }

    /// <summary>
    /// The import of the same bytes that is under way or published. One that others have replaced altogether does not stop the caller
    /// who says that these bytes shall count again.
    /// </summary>
    private static async Task<Guid?> FindExistingAsync(TenantUnit unit, Guid documentId, string kind, ImportMode mode, CancellationToken cancellationToken)
    {
        var found = unit.Context.Imports.Where(import => import.DocumentId == documentId && import.Kind == kind
            && (import.Status == ImportStatus.Queued || import.Status == ImportStatus.Running
                || import.Status == ImportStatus.Succeeded || import.Status == ImportStatus.CompletedWithErrors));
        if (mode == ImportMode.Replace)
        {
            found = found.Where(import => !unit.Context.ImportBatches.Any(batch => batch.ImportId == import.Id && batch.State == BatchState.Superseded)
                || unit.Context.ImportBatches.Any(batch => batch.ImportId == import.Id && batch.State == BatchState.Current));
        }

        return await found.OrderBy(import => import.CreatedAt).Select(import => (Guid?)import.Id).FirstOrDefaultAsync(cancellationToken);
    }

    private static IQueryable<ImportWithJob> Rows(TenantUnit unit, IQueryable<Import> imports) =>
        from import in imports
        join document in unit.Context.SourceDocuments on import.DocumentId equals document.Id
        join job in unit.Context.JobRuns on import.JobRunId equals job.Id
        select new ImportWithJob(import, document.Sha256, document.Length, job);

    private static async Task<List<ImportBatchRow>> ListBatchesAsync(TenantUnit unit, Guid importId, CancellationToken cancellationToken) =>
        await unit.Connection.ListAsync(
            """
            select b.account, b.billing_month, b.state, b.rows, b.cost,
              (select i.file_name from import_batches p join imports i on i.id = p.import_id
               where p.superseded_by_import_id = b.import_id and p.provider = b.provider and p.account = b.account and p.billing_month = b.billing_month
               order by p.number desc limit 1)
            from import_batches b where b.import_id = $1 order by b.billing_month, b.account
            """,
            row => new ImportBatchRow(
                row.GetString(0), row.GetFieldValue<DateOnly>(1), row.GetString(2).ToLowerInvariant(), row.GetInt64(3), ImportWithJob.CostOf(row.GetString(4)),
                row.OptionalText(5)),
            cancellationToken, importId);

    private static ImportBatchRow ToRow(CurrentBatch batch) =>
        new(batch.Account, batch.BillingMonth, "current", batch.Rows, new Dictionary<string, decimal>(), batch.FileName);

    private static string Describe(List<CurrentBatch> present)
    {
        var first = present[0];
        var others = present.Count == 1 ? "" : string.Create(CultureInfo.InvariantCulture, $" and {present.Count - 1} more");
        return string.Create(
            CultureInfo.InvariantCulture,
            $"Account {first.Account}, {first.BillingMonth:MMMM yyyy}{others} is already there, from “{first.FileName}”. Nothing was changed. Send the file again with mode=replace to take its place, or with mode=append to add to it.");
    }

    private static string NameOf(string fileName)
    {
        var name = new string(Path.GetFileName(fileName.Replace('\\', '/')).Where(character => !char.IsControl(character)).ToArray());
        return name.Length == 0 ? "unnamed" : name.Length <= FileNameLength ? name : name[..FileNameLength];
    }
}
