using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using OffGridFlow.Core.Identity;
using OffGridFlow.Core.Imports;
using OffGridFlow.Core.Imports.Sheets;
using OffGridFlow.Infrastructure.Jobs;
using OffGridFlow.Infrastructure.Persistence;
using OffGridFlow.Infrastructure.Persistence.PostgreSql;

namespace OffGridFlow.Infrastructure.Imports.Sheets;

/// <inheritdoc cref="ISheetImports"/>
internal sealed class SheetImports(
    TenantDatabase database, CurrentUser user, SheetReception reception, SheetChanges changes, SheetChecks checks, SheetDesk desk, JobQueue jobs, IImportService imports) : ISheetImports
{
    private const int PeekRows = 20;
    private const int PeekColumns = 30;
    private const int PeekText = 80;
    private const int MostDrafts = 50;
    private const int AroundRows = 5;

    private static readonly TimeSpan ListedFor = TimeSpan.FromDays(90);

    public Task<SheetOpening> OpenAsync(Stream content, string fileName, CancellationToken cancellationToken) => reception.OpenAsync(content, fileName, cancellationToken);

    public async Task<IReadOnlyList<SheetDraftRow>> ListAsync(CancellationToken cancellationToken)
    {
        user.Require(Permissions.ActivityDataRead);
        await using var unit = await database.OpenAsync(cancellationToken);
        var since = desk.Now - ListedFor;
        var rows = await (
            from draft in unit.Context.SheetDrafts
            join document in unit.Context.SourceDocuments on draft.DocumentId equals document.Id
            join import in unit.Context.Imports on draft.ImportId equals (Guid?)import.Id into handed
            from import in handed.DefaultIfEmpty()
            where draft.ChangedAt > since && (draft.State == SheetDesk.Open || import == null
                || import.Status == ImportStatus.Failed || import.Status == ImportStatus.Cancelled || import.Status == ImportStatus.Undone)
            orderby draft.ChangedAt descending, draft.Id
            select new { draft.Id, draft.FileName, document.Length, draft.CreatedBy, draft.CreatedAt, draft.ChangedAt, draft.Version, draft.CheckedVersion, draft.Check }).Take(MostDrafts)
            .ToListAsync(cancellationToken);
        return [.. rows.Select(row => new SheetDraftRow(
            row.Id, row.FileName, row.Length, row.CreatedBy, row.CreatedAt, row.ChangedAt,
            row.Check is { } json && row.CheckedVersion == row.Version ? SheetStoredCheck.Read(json).Counts : null))];
    }

    public async Task<SheetDraft?> FindAsync(Guid id, CancellationToken cancellationToken)
    {
        user.Require(Permissions.ActivityDataRead);
        await using var unit = await database.OpenAsync(cancellationToken);
        return (await SheetDesk.FindAsync(unit, id, cancellationToken))?.ToDraft();
    }

    public async Task<IReadOnlyList<SheetRawRow>?> PeekAsync(Guid id, int sheet, CancellationToken cancellationToken)
    {
        var actor = user.Require(Permissions.ActivityDataRead);
        await using var unit = await database.OpenAsync(cancellationToken);
        if (await SheetDesk.FindAsync(unit, id, cancellationToken) is not { } draft || sheet < 0 || sheet >= draft.View.Tabs.Count)
        {
            return null;
        }

        return await Task.Run<IReadOnlyList<SheetRawRow>>(() =>
        {
            using var open = desk.OpenFile(actor.TenantId, draft);
            using var reader = open.File.Open(sheet);
            var rows = new List<SheetRawRow>();
            while (rows.Count < PeekRows && reader.Read())
            {
                rows.Add(new SheetRawRow(reader.Line, reader.IsHidden, [.. reader.Cells.Take(PeekColumns).Select(cell => cell.Text.Length <= PeekText ? cell.Text : cell.Text[..(PeekText - 1)] + "…")]));
            }

            return rows;
        }, cancellationToken);
    }

    public Task<SheetChange> ChangeAsync(Guid id, int version, SheetPlan plan, CancellationToken cancellationToken) => changes.ChangeAsync(id, version, plan, cancellationToken);

    public Task<SheetChange> FixAsync(Guid id, int version, SheetFix fix, CancellationToken cancellationToken) => changes.FixAsync(id, version, fix, cancellationToken);

    public Task<SheetChange> UnfixAsync(Guid id, int version, SheetFix fix, CancellationToken cancellationToken) => changes.UnfixAsync(id, version, fix, cancellationToken);

    public async Task<SheetPage?> ReadAsync(Guid id, SheetWindow window, CancellationToken cancellationToken)
    {
        var actor = user.Require(Permissions.ActivityDataRead);
        await using var unit = await database.OpenAsync(cancellationToken);
        if (await SheetDesk.FindAsync(unit, id, cancellationToken) is not { } draft)
        {
            return null;
        }

        var words = await desk.WordsAsync(unit, cancellationToken);
        using var open = desk.OpenFile(actor.TenantId, draft);
        var interpreter = await desk.InterpreterAsync(unit, draft.Plan, words, open.File.Is1904, cancellationToken);
        return await Task.Run(() => new SheetPages(draft, open.File, interpreter).Read(window with { Take = Math.Clamp(window.Take, 1, ISheetImports.MostRows) }, AroundRows, cancellationToken), cancellationToken);
    }

    public Task<SheetCheck?> CheckAsync(Guid id, CancellationToken cancellationToken) => checks.CheckAsync(id, cancellationToken);

    public async Task<SheetLoad> LoadAsync(Guid id, int version, SheetLoadMode mode, CancellationToken cancellationToken)
    {
        var actor = user.Require(Permissions.ActivityDataWrite);
        await using var unit = await database.OpenAsync(cancellationToken);
        await unit.Connection.ExecuteAsync("select from sheet_drafts where id = $1 for update", cancellationToken, id);
        if (await SheetDesk.FindAsync(unit, id, cancellationToken) is not { } draft)
        {
            return new SheetLoad.Gone();
        }

        if (draft.State == SheetDraftState.Loading)
        {
            return new SheetLoad.Accepted(draft.Draft.ImportId!.Value);
        }

        if (draft.Draft.Version != version)
        {
            return new SheetLoad.Stale(draft.Draft.Version);
        }

        if (draft.View.Questions.Count > 0)
        {
            return new SheetLoad.Refused(draft.View.Questions[0].Message);
        }

        var counts = draft.Check?.Counts;
        if (counts is { Load: 0 })
        {
            return new SheetLoad.Refused("No row of the file would be loaded. Answer its problems first.");
        }

        if (mode == SheetLoadMode.All && counts is not null && SheetLoadJob.HeldBack(counts) > 0)
        {
            return new SheetLoad.Refused(SheetLoadJob.NotAllGood(counts));
        }

        var now = desk.Now;
        var importId = Guid.CreateVersion7(now);
        var rows = counts?.RowsRead ?? draft.ExpectedRows;
        var job = jobs.Add(unit, SheetLoadJob.JobKind, importId, draft.Draft.FileName, rows, [draft.Lane]);
        unit.Context.Imports.Add(new Import
        {
            Id = importId, TenantId = actor.TenantId, DocumentId = draft.Draft.DocumentId, JobRunId = job.Id, Kind = SheetDesk.Kind, FileName = draft.Draft.FileName, Mode = ImportMode.None,
            Status = ImportStatus.Queued, RowsTotal = rows, Periods = JsonSerializer.Serialize(new[] { new SheetOrder(id, version, mode) }, SheetView.Json), CreatedAt = now,
            CreatedById = actor.Id, CreatedBy = actor.DisplayName,
        });
        await unit.Context.SaveChangesAsync(cancellationToken);
        await unit.Context.SheetDrafts.Where(row => row.Id == id).ExecuteUpdateAsync(
            set => set.SetProperty(row => row.State, SheetDesk.Handed).SetProperty(row => row.ImportId, (Guid?)importId).SetProperty(row => row.ChangedAt, now), cancellationToken);
        await SheetMemories.RememberAsync(unit, draft, now, cancellationToken);
        unit.Audit("import.queued", $"import/{importId}", new { draft.Draft.FileName, draft.Sha256, draft.Length, mode, sheet = id, plan = draft.Plan });
        await unit.CommitAsync(cancellationToken);
        await jobs.WakeAsync();
        return new SheetLoad.Accepted(importId);
    }

    public async Task<bool> DiscardAsync(Guid id, CancellationToken cancellationToken)
    {
        user.Require(Permissions.ActivityDataWrite);
        await using var unit = await database.OpenAsync(cancellationToken);
        await unit.Connection.ExecuteAsync("select from sheet_drafts where id = $1 for update", cancellationToken, id);
        if (await SheetDesk.FindAsync(unit, id, cancellationToken) is not { State: SheetDraftState.Open } draft)
        {
            return false;
        }

        await unit.Context.SheetDrafts.Where(row => row.Id == id).ExecuteDeleteAsync(cancellationToken);
        unit.Audit("sheet.discarded", $"sheet/{id}", new { draft.Draft.FileName });
        await unit.CommitAsync(cancellationToken);
        return true;
    }

    public async Task<SheetReceipt?> FindReceiptAsync(Guid importId, CancellationToken cancellationToken)
    {
        user.Require(Permissions.ActivityDataRead);
        if (await imports.FindAsync(importId, cancellationToken) is not { Kind: SheetDesk.Kind } import)
        {
            return null;
        }

        await using var unit = await database.OpenAsync(cancellationToken);
        var (periods, result) = (await unit.Connection.ListAsync(
            "select i.periods::text, j.result::text from imports i join job_runs j on j.id = i.job_run_id where i.id = $1", row => (row.GetString(0), row.OptionalText(1)), cancellationToken, importId))[0];
        var order = SheetOrder.Read(periods);
        var counts = result is null ? [] : JsonSerializer.Deserialize<Dictionary<string, long>>(result) ?? [];
        var sums = (await unit.Connection.ListAsync(
            """
            select min(e.period_start), max(e.period_end), count(distinct e.site_id), count(*) filter (where e.status = 'Submitted'),
              count(x.entry_id), (select sum(r.kg_co2e) from activity_entries n join activity_records a on a.entry_id = n.id join emission_records r on r.activity_id = a.id
                join emission_intervals v on v.activity_id = r.activity_id and v.proposal_id is not distinct from r.proposal_id and v.to_sequence is null
                where n.import_id = $1 and (r.scope2_method is null or r.scope2_method = 'Location'))
            from activity_entries e left join calculation_exceptions x on x.entry_id = e.id where e.import_id = $1
            """,
            row => (From: row.Optional<DateOnly>(0), To: row.Optional<DateOnly>(1), Sites: (int)row.GetInt64(2), Submitted: row.GetInt64(3), Without: row.GetInt64(4), Kg: row.Optional<decimal>(5)),
            cancellationToken, importId))[0];
        var draft = await SheetDesk.FindAsync(unit, order.Draft, cancellationToken);
        var loaded = await unit.Connection.ListAsync(
            "select import_id, source_sheet from activity_entries where document_id = $1 and source_sheet is not null and status <> 'Excluded' group by 1, 2",
            row => (Import: row.GetGuid(0), Sheet: row.GetString(1)), cancellationToken, draft?.Draft.DocumentId ?? Guid.Empty);
        var planned = draft?.View.Tabs.FirstOrDefault(tab => tab.Index == draft.Plan.Sheet)?.Name;
        // The draft may be at another sheet by now.
        var own = loaded.Find(row => row.Import == importId).Sheet ?? planned ?? "";
        return new SheetReceipt(
            import, order.Draft, own,
            new SheetCounts(
                import.RowsRead, import.Loaded, import.Unchanged, import.Duplicate, import.Rejected, counts.GetValueOrDefault("fixed"), counts.GetValueOrDefault("leftOut"),
                counts.GetValueOrDefault("hidden")),
            sums.From, sums.To, sums.Sites, sums.Kg, sums.Submitted, sums.Without, import.Status is ImportStatus.Succeeded or ImportStatus.CompletedWithErrors,
            [.. draft?.View.Tabs.Where(tab => !tab.IsHidden && tab.Name != own && loaded.TrueForAll(row => row.Sheet != tab.Name)).Select(tab => tab.Name) ?? []]);
    }

    public async Task<SheetAnnotatedFile?> DescribeAnnotatedAsync(Guid id, CancellationToken cancellationToken)
    {
        user.Require(Permissions.ActivityDataRead);
        await using var unit = await database.OpenAsync(cancellationToken);
        return await SheetDesk.FindAsync(unit, id, cancellationToken) is { } draft ? SheetAnnotation.Describe(draft) : null;
    }

    public async Task WriteAnnotatedAsync(Guid id, Stream output, CancellationToken cancellationToken)
    {
        var actor = user.Require(Permissions.ActivityDataRead);
        // Before the first byte leaves.
        await using (var unit = await database.OpenAsync(cancellationToken))
        {
            unit.Audit("sheet.annotated", $"sheet/{id}");
            await unit.CommitAsync(cancellationToken);
        }

        await using var read = await database.OpenAsync(cancellationToken);
        var draft = await SheetDesk.FindAsync(read, id, cancellationToken) ?? throw new InvalidOperationException("There is no such draft.");
        if (draft is { Check: null, View.Questions.Count: 0 })
        {
            // Not kept: whoever may read the file need not be allowed to change what is said of it.
            (draft.Draft.Check, draft.Draft.CheckedVersion) = (
                SheetStoredCheck.Of(await SheetCheckJob.RunAsync(read, desk, draft, _ => { }, cancellationToken)).ToJson(), draft.Draft.Version);
        }

        var words = await desk.WordsAsync(read, cancellationToken);
        using var open = desk.OpenFile(actor.TenantId, draft);
        var interpreter = await desk.InterpreterAsync(read, draft.Plan, words, open.File.Is1904, cancellationToken);
        await new SheetAnnotation(draft, open.File, interpreter, actor.DisplayName, desk.Now).WriteAsync(output, cancellationToken);
    }
}

/// <summary>What an import of a sheet was asked to do; kept with it.</summary>
/// <param name="Version">Of the draft's plan.</param>
internal sealed record SheetOrder(Guid Draft, int Version, SheetLoadMode Mode)
{
    public static SheetOrder Read(string json) => JsonSerializer.Deserialize<SheetOrder[]>(json, SheetView.Json)![0];
}
