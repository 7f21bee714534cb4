using System.Globalization;
using Microsoft.EntityFrameworkCore;
using OffGridFlow.Core.Imports;
using OffGridFlow.Core.Jobs;
using OffGridFlow.Infrastructure.Calculation;
using OffGridFlow.Infrastructure.Jobs;
using OffGridFlow.Infrastructure.Persistence;
using OffGridFlow.Infrastructure.Persistence.PostgreSql;

namespace OffGridFlow.Infrastructure.Imports.Sheets;

/// <summary>
/// Loads a sheet: entries, their versions, their results and the rejected rows in one transaction, so that a process killed at any instant leaves all or
/// nothing, and a cancelled load leaves nothing.
/// </summary>
internal sealed class SheetLoadJob(Database server, TenantDatabase database, SheetDesk desk, EntryLedger ledger) : IJobHandler
{
    public const string JobKind = "sheet-import";

    private const string Insert =
        """
        insert into activity_entries (id, tenant_id, site_id, activity_type, quantity, unit, period_start, period_end, gas, quality, quality_indicators, status, is_accrual, reference, note,
          external_id, category, vendor, account, confirmed, version, changed_by_id, changed_by, changed_at, import_id, document_id, source_sheet, source_line, source_column)
        select id, current_tenant(), site_id, activity_type, quantity, unit, period_start, period_end, gas, quality, '{}'::integer[], 'Submitted', is_accrual, reference, note, external_id, category, vendor, account,
          questions, 1,
          $1, $2, $3, $4, $5, $6, line, col
        from sheet_rows where mark is null order by ord
        """;

    private const string InsertVersions =
        """
        insert into activity_entry_versions (tenant_id, entry_id, version, action, content, reason, author_id, author, at)
        select current_tenant(), id, 1, 'created', case when cardinality(questions) = 0 then content::jsonb
          else content::jsonb || jsonb_build_object('confirmed', array_to_string(questions, ' ')) end, $1, $2, $3, $4
        from sheet_rows where mark is null order by ord
        """;

    /// <summary>The actual arrives: what stood in for it leaves the totals, and says why; also where one file brings both.</summary>
    private const string ExcludeAccruals =
        """
        with gone as (
          update activity_entries a set status = 'Excluded', version = a.version + 1
          from sheet_rows s
          where s.mark is null and not s.is_accrual and a.site_id = s.site_id and a.activity_type = s.activity_type and a.period_start = s.period_start and a.period_end = s.period_end
            and a.gas is not distinct from s.gas and a.is_accrual and a.status <> 'Excluded' and a.reverses_id is null
            and not exists (select from activity_entries r where r.reverses_id = a.id and r.status <> 'Excluded')
          returning a.id, a.version)
        insert into activity_entry_versions (tenant_id, entry_id, version, action, content, reason, author_id, author, at)
        select current_tenant(), g.id, g.version, 'excluded',
          (select v.content || '{"status": "Excluded"}' from activity_entry_versions v where v.entry_id = g.id order by v.version desc limit 1), $1, $2, $3, $4
        from gone g returning entry_id
        """;

    public string Kind => JobKind;

    /// <summary>Rows that stand against loading all or nothing.</summary>
    public static long HeldBack(SheetCounts counts) => counts.Rejected - counts.LeftOut + counts.Duplicate;

    public static string NotAllGood(SheetCounts counts) => string.Create(
        CultureInfo.InvariantCulture, $"{HeldBack(counts):N0} of {counts.RowsRead:N0} rows are not right yet, and nothing is loaded until all are. Answer their problems, leave them out, or load the good rows alone.");

    public async Task RunAsync(JobContext job, CancellationToken cancellationToken)
    {
        await PrepareAsync(job, cancellationToken);
        await using var unit = await database.OpenAsync(cancellationToken);
        var import = await unit.Context.Imports.AsNoTracking().SingleAsync(row => row.Id == job.SubjectId, cancellationToken);
        var order = SheetOrder.Read(import.Periods);
        var draft = await SheetDesk.FindAsync(unit, order.Draft, cancellationToken) ?? throw new JobFailedException("The file was discarded meanwhile. Upload it again.");
        if (draft.Draft.Version != order.Version)
        {
            throw new JobFailedException("The mapping of the file was changed after this load was asked for. Load it again from the import wizard.");
        }

        try
        {
            await LoadAsync(job, unit, import, order, draft, cancellationToken);
        }
        catch (UnreadableFileException exception)
        {
            throw new JobFailedException($"{exception.Reason} {exception.Fix}");
        }

        // What a load has filled the planner would take for empty: whoever looks for an entry then would read all of them.
        await using var connection = await server.App.OpenConnectionAsync(CancellationToken.None);
        await connection.ExecuteAsync("select analyze_ledger()", CancellationToken.None);
    }

    public async Task EndAsync(JobContext job, TenantUnit unit, JobState outcome, string? error, CancellationToken cancellationToken)
    {
        await unit.Context.Imports.Where(import => import.Id == job.SubjectId).ExecuteUpdateAsync(
            set => set.SetProperty(import => import.Status, outcome == JobState.Cancelled ? ImportStatus.Cancelled : ImportStatus.Failed)
                .SetProperty(import => import.Error, error)
                .SetProperty(import => import.FinishedAt, desk.Now),
            cancellationToken);
        if (outcome == JobState.Failed)
        {
            var import = await unit.Context.Imports.SingleAsync(import => import.Id == job.SubjectId, cancellationToken);
            unit.Audit("import.failed", $"import/{import.Id}", new { import.FileName, error, @for = import.CreatedBy });
        }
    }

    public async Task<string?> ReopenAsync(JobContext job, TenantUnit unit, CancellationToken cancellationToken)
    {
        var import = await unit.Context.Imports.AsNoTracking().SingleAsync(row => row.Id == job.SubjectId, cancellationToken);
        var order = SheetOrder.Read(import.Periods);
        if (await SheetDesk.FindAsync(unit, order.Draft, cancellationToken) is not { } draft || draft.Draft.ImportId != import.Id || draft.Draft.Version != order.Version)
        {
            return "The file was changed or discarded since. Load it from the import wizard.";
        }

        await unit.Context.Imports.Where(row => row.Id == import.Id).ExecuteUpdateAsync(
            set => set.SetProperty(row => row.Status, ImportStatus.Queued).SetProperty(row => row.Error, (string?)null).SetProperty(row => row.FinishedAt, (DateTimeOffset?)null), cancellationToken);
        return null;
    }

    private async Task PrepareAsync(JobContext job, CancellationToken cancellationToken)
    {
        await using var unit = await database.OpenAsync(cancellationToken);
        await job.HoldClaimAsync(unit, cancellationToken);
        await unit.Context.Imports.Where(import => import.Id == job.SubjectId).ExecuteUpdateAsync(set => set.SetProperty(import => import.Status, ImportStatus.Running), cancellationToken);
        await unit.CommitAsync(cancellationToken);
    }

    private async Task LoadAsync(JobContext job, TenantUnit unit, Import import, SheetOrder order, DraftOnDesk draft, CancellationToken cancellationToken)
    {
        var words = await desk.WordsAsync(unit, cancellationToken);
        using var open = desk.OpenFile(unit.Actor.TenantId, draft);
        var interpreter = await desk.InterpreterAsync(unit, draft.Plan, words, open.File.Is1904, cancellationToken);
        var now = desk.Now;
        var pass = new SheetPass(unit, open.File, draft.Plan, words, interpreter, draft.Draft.DocumentId, now);
        // The sites are locked as whoever saves entries does, once the file has been read: nobody enters the same days from here on.
        var found = await pass.RunAsync(
            draft.NameOf, rows => job.Report(rows, null),
            () => ExecuteAsync(unit, "select from sites where id in (select site_id from sheet_rows) order by id for no key update", cancellationToken), cancellationToken);
        if (order.Mode == SheetLoadMode.All && HeldBack(found.Counts) > 0)
        {
            throw new JobFailedException(NotAllGood(found.Counts));
        }

        var reason = $"Imported from {import.FileName}";
        var (authorId, author) = (Sql.Uuid(import.CreatedById), import.CreatedBy);
        await ExecuteAsync(unit, Insert, cancellationToken, authorId, author, now, import.Id, import.DocumentId, Sql.Text(pass.SheetName));
        await ExecuteAsync(unit, InsertVersions, cancellationToken, reason, Sql.Uuid(import.CreatedById), author, now);
        var accruals = await unit.Connection.ListAsync(
            ExcludeAccruals, row => row.GetGuid(0), cancellationToken, SheetUndo.ArrivedWith(import.FileName), Sql.Uuid(import.CreatedById), author, now);
        if (found.Counts.Rejected > 0)
        {
            await new SheetRejects(unit, open.File, draft, interpreter, pass.SheetName).StoreAsync(import.Id, cancellationToken);
        }

        var touched = await unit.Connection.ListAsync("select id from sheet_rows where mark is null", row => row.GetGuid(0), cancellationToken);
        await ledger.ApplyAsync(unit, [.. touched, .. accruals], cancellationToken);
        await PublishAsync(job, unit, import, found.Counts, accruals, cancellationToken);
    }

    private async Task PublishAsync(JobContext job, TenantUnit unit, Import import, SheetCounts counts, List<Guid> accruals, CancellationToken cancellationToken)
    {
        await unit.Context.Imports.Where(row => row.Id == import.Id).ExecuteUpdateAsync(
            set => set
                .SetProperty(row => row.Status, counts.Rejected > counts.LeftOut || counts.Duplicate > 0 ? ImportStatus.CompletedWithErrors : ImportStatus.Succeeded)
                .SetProperty(row => row.RowsRead, counts.RowsRead)
                .SetProperty(row => row.Loaded, counts.Load)
                .SetProperty(row => row.Unchanged, counts.Unchanged)
                .SetProperty(row => row.Duplicate, counts.Duplicate)
                .SetProperty(row => row.Rejected, counts.Rejected)
                .SetProperty(row => row.FinishedAt, desk.Now),
            cancellationToken);
        // What was checked before says again what is loaded now.
        await unit.Context.SheetDrafts.Where(row => row.ImportId == import.Id).ExecuteUpdateAsync(set => set.SetProperty(row => row.CheckedVersion, (int?)null), cancellationToken);
        unit.Audit("import.published", $"import/{import.Id}", new
        {
            rowsRead = counts.RowsRead, loaded = counts.Load, unchanged = counts.Unchanged, duplicate = counts.Duplicate, rejected = counts.Rejected, accruals, @for = import.CreatedBy,
        });
        job.Report(counts.RowsRead, counts.RowsRead);
        job.Result = new Dictionary<string, long>
        {
            ["read"] = counts.RowsRead, ["loaded"] = counts.Load, ["unchanged"] = counts.Unchanged, ["duplicate"] = counts.Duplicate, ["rejected"] = counts.Rejected,
            ["fixed"] = counts.Fixed, ["leftOut"] = counts.LeftOut, ["hidden"] = counts.HiddenRows,
        };
        job.WithErrors = counts.Rejected > counts.LeftOut || counts.Duplicate > 0;
        await job.CompleteAsync(unit, JobState.Succeeded, null, cancellationToken);
        await unit.CommitAsync(cancellationToken);
    }

    private static async Task ExecuteAsync(TenantUnit unit, string statement, CancellationToken cancellationToken, params object?[] parameters)
    {
        await using var command = unit.Connection.Command(statement, parameters);
        command.CommandTimeout = 0;
        await command.ExecuteNonQueryAsync(cancellationToken);
    }
}
