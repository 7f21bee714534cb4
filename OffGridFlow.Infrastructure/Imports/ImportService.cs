using System.Globalization;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using OffGridFlow.Core.Identity;
using OffGridFlow.Core.Imports;
using OffGridFlow.Core.Jobs;
using OffGridFlow.Infrastructure.Calculation;
using OffGridFlow.Infrastructure.Imports.Sheets;
using OffGridFlow.Infrastructure.Jobs;
using OffGridFlow.Infrastructure.Persistence;
using OffGridFlow.Infrastructure.Persistence.PostgreSql;

namespace OffGridFlow.Infrastructure.Imports;

/// <inheritdoc cref="IImportService"/>
internal sealed class ImportService(
    TenantDatabase database, CurrentUser user, DocumentStore documents, IEnumerable<IBillFormat> formats, BillFileLimits limits, JobQueue jobs,
    EntryLedger ledger, TimeProvider time) : IImportService
{
    private const int FileNameLength = 400;

    public async Task<ImportStart> StartAsync(Stream content, string fileName, string kind, ImportMode mode, CancellationToken cancellationToken)
    {
        var actor = user.Require(Permissions.ActivityDataWrite);
        if (kind.Length > 0 && formats.All(format => format.Kind != kind))
        {
            return UnknownKind($"The kind “{kind}” cannot be imported.");
        }

        using var received = await documents.ReceiveAsync(actor.TenantId, content, cancellationToken);
        try
        {
            await using var file = received.OpenRead();
            using var document = BillDocument.Open(file, limits);
            var wanted = kind.Length > 0 ? kind : document.RecognizeKind(limits);
            if (formats.SingleOrDefault(format => format.Kind == wanted) is not { } format)
            {
                return wanted is null
                    ? UnknownKind("The first line of the file has the headings of no kind of bill that is known.") with { MayBeTable = true }
                    : UnknownKind($"The file is of the kind {wanted}, which cannot be imported yet.");
            }

            var inspection = await Task.Run(() => document.Inspect(format, cancellationToken), cancellationToken);
            return await QueueAsync(actor, format, received, NameOf(fileName), inspection, mode, cancellationToken);
        }
        catch (UnreadableFileException exception)
        {
            return new ImportStart.Refused(exception.Reason, exception.Fix, exception.Line, exception.MayBeTable);
        }
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
                .Select(row => new RejectedRowView(row.Number, row.Entry, row.Line, row.Column, row.Value, row.Reason, row.Fix, row.Raw))
                .ToListAsync(cancellationToken),
            await rows.LongCountAsync(cancellationToken));
    }

    public async Task WriteRejectedAsync(Guid id, Stream output, CancellationToken cancellationToken)
    {
        user.Require(Permissions.ActivityDataRead);
        // Before the first byte leaves.
        string kind;
        await using (var unit = await database.OpenAsync(cancellationToken))
        {
            kind = await unit.Context.Imports.Where(import => import.Id == id).Select(import => import.Kind).SingleAsync(cancellationToken);
            unit.Audit("rejected-rows.downloaded", $"import/{id}");
            await unit.CommitAsync(cancellationToken);
        }

        if (kind == SheetDesk.Kind)
        {
            await new RejectedRowsWriter(database, documents, limits).WriteSheetAsync(id, output, cancellationToken);
            return;
        }

        await new RejectedRowsWriter(database, documents, limits).WriteAsync(id, output, cancellationToken);
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

        unit.Audit(
            "import.cancelled", $"import/{id}", new { import.FileName }, new { import.Status },
            new { Status = state == nameof(JobState.Cancelled) ? ImportStatus.Cancelled : import.Status, CancelRequested = true });
        await unit.CommitAsync(cancellationToken);
        return true;
    }

    public async Task<bool> UndoAsync(Guid id, CancellationToken cancellationToken)
    {
        user.Require(Permissions.ActivityDataWrite);
        await using var unit = await database.OpenAsync(cancellationToken);
        if (await IsSheetAsync(unit, id, cancellationToken))
        {
            if (await SheetUndo.RunAsync(unit, ledger, id, time.GetUtcNow(), cancellationToken) is not { } gone)
            {
                return false;
            }

            unit.Audit("import.undone", $"import/{id}", new { entries = gone.Left, accruals = gone.Back });
            await unit.CommitAsync(cancellationToken);
            return true;
        }

        if (await ImportUndo.RunAsync(unit, id, cancellationToken) is not { } undo)
        {
            return false;
        }

        unit.Audit("import.undone", $"import/{id}", new { undo.Taken, undo.Restored, undo.Sequence }, new { counting = undo.Taken }, new { counting = undo.Restored });
        await unit.CommitAsync(cancellationToken);
        return true;
    }

    public async Task<UndoAccount?> PreviewUndoAsync(Guid id, CancellationToken cancellationToken)
    {
        user.Require(Permissions.ActivityDataWrite);
        // Done and not committed: what it says is what it does.
        await using var unit = await database.OpenAsync(cancellationToken);
        if (await IsSheetAsync(unit, id, cancellationToken))
        {
            var was = await SheetUndo.LedgerKgAsync(unit, cancellationToken);
            return await SheetUndo.RunAsync(unit, ledger, id, time.GetUtcNow(), cancellationToken) is { } left
                ? new UndoAccount(left.Left, new Dictionary<string, decimal>(), left.Back.Count, new Dictionary<string, decimal>(), was, await SheetUndo.LedgerKgAsync(unit, cancellationToken)) : null;
        }

        var before = await ImportUndo.LedgerKgAsync(unit, cancellationToken);
        if (await ImportUndo.RunAsync(unit, id, cancellationToken) is not { } undo)
        {
            return null;
        }

        var (rowsOut, costOut) = await ImportUndo.SumAsync(unit, undo.Taken, cancellationToken);
        var (rowsBack, costBack) = await ImportUndo.SumAsync(unit, undo.Restored, cancellationToken);
        return new UndoAccount(rowsOut, costOut, rowsBack, costBack, before, await ImportUndo.LedgerKgAsync(unit, cancellationToken));
    }

    private static Task<bool> IsSheetAsync(TenantUnit unit, Guid id, CancellationToken cancellationToken) =>
        unit.Context.Imports.AnyAsync(import => import.Id == id && import.Kind == SheetDesk.Kind, cancellationToken);

    private async Task<ImportStart> QueueAsync(
        Actor actor, IBillFormat format, ReceivedDocument received, string fileName, IReadOnlyList<PartInspection> inspection, ImportMode mode,
        CancellationToken cancellationToken)
    {
        var places = inspection.SelectMany(part => part.Periods.Keys.Select(period => new PartPeriod(part.Entry, period))).ToList();
        var periods = inspection.SelectMany(part => part.Periods).GroupBy(period => period.Key)
            .ToDictionary(same => same.Key, same => same.Sum(period => period.Value));
        var rows = inspection.Sum(part => part.Rows);
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
            var present = await CurrentBatches.FindAsync(unit, periods.Keys, cancellationToken);
            if (present.Count > 0)
            {
                var there = present.GroupBy(batch => (batch.Period, batch.FileName)).Select(same => ToConflict(same, periods[same.Key.Period])).ToList();
                return new ImportStart.Conflict(Describe(there), there);
            }

            var underWay = await UnderWayImports.FindAsync(unit, periods.Keys, null, cancellationToken);
            if (underWay.Count > 0)
            {
                return new ImportStart.Conflict(
                    UnderWayImports.Describe(underWay), underWay.Select(import => import.ToConflict(periods[import.Period])).ToList());
            }
        }

        var now = time.GetUtcNow();
        if (document is null)
        {
            document = new SourceDocument
            {
                Id = Guid.CreateVersion7(now), TenantId = actor.TenantId, Sha256 = received.Sha256, Length = received.Length, FileName = fileName,
                MediaType = inspection[0].Entry is not null ? "application/zip"
                    : fileName.EndsWith(".gz", StringComparison.OrdinalIgnoreCase) ? "application/gzip" : "text/csv",
                CreatedAt = now,
            };
            unit.Context.SourceDocuments.Add(document);
            await unit.Context.SaveChangesAsync(cancellationToken);
        }

        var importId = Guid.CreateVersion7(now);
        var job = jobs.Add(unit, ImportJob.JobKind, importId, fileName, rows, UnderWayImports.LanesOf(periods.Keys));
        unit.Context.Imports.Add(new Import
        {
            Id = importId, TenantId = actor.TenantId, DocumentId = document.Id, JobRunId = job.Id, Kind = format.Kind, FileName = fileName, Mode = mode,
            Status = ImportStatus.Queued, RowsTotal = rows,
            Periods = JsonSerializer.Serialize(places), CreatedAt = now, CreatedById = actor.Id, CreatedBy = actor.DisplayName,
        });
        received.Keep();
        unit.Audit("import.queued", $"import/{importId}", new { fileName, received.Sha256, received.Length, mode });
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

    private static async Task<List<ImportBatchRow>> ListBatchesAsync(TenantUnit unit, Guid importId, CancellationToken cancellationToken)
    {
        var batches = await unit.Connection.ListAsync(
            """
            select b.provider, b.account, b.billing_month, b.state, b.rows, b.cost,
              (select i.file_name from import_batches p join imports i on i.id = p.import_id
               where p.superseded_by_import_id = b.import_id and p.provider = b.provider and p.account = b.account and p.billing_month = b.billing_month
               order by p.number desc limit 1)
            from import_batches b where b.import_id = $1 order by b.billing_month, b.provider, b.account, b.number
            """,
            row => new ImportBatchRow(
                row.GetString(0), row.GetString(1), row.GetFieldValue<DateOnly>(2), row.GetString(3).ToLowerInvariant(), row.GetInt64(4),
                ImportWithJob.CostOf(row.GetString(5)), row.OptionalText(6)),
            cancellationToken, importId);
        // The parts of an archive that hold the same account and month are one to their reader.
        return [.. batches.GroupBy(batch => (batch.Provider, batch.Account, batch.BillingMonth, batch.State)).Select(Sum)];
    }

    private static ImportBatchRow Sum(IEnumerable<ImportBatchRow> parts)
    {
        var all = parts.ToList();
        return all[0] with
        {
            Rows = all.Sum(part => part.Rows),
            Cost = CostSums.Of(all.Select(part => part.Cost)),
        };
    }

    private ImportStart.Refused UnknownKind(string reason) =>
        new(reason, $"Use one of: {string.Join(", ", formats.Select(known => known.Kind))}.", null);

    private static ConflictPeriod ToConflict(IEnumerable<CurrentBatch> parts, long newRows)
    {
        var all = parts.ToList();
        var (period, fileName) = (all[0].Period, all[0].FileName);
        return new ConflictPeriod(
            period.Provider, period.Account, period.BillingMonth, UnderWay: false, all.Sum(part => part.Rows), CostSums.Of(all.Select(part => part.Cost)), fileName, newRows);
    }

    private static string Describe(List<ConflictPeriod> present)
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
