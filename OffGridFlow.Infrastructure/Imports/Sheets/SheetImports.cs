using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using OffGridFlow.Core.Identity;
using OffGridFlow.Core.Imports;
using OffGridFlow.Core.Imports.Sheets;
using OffGridFlow.Core.Jobs;
using OffGridFlow.Infrastructure.Imports.Sheets.Reading;
using OffGridFlow.Infrastructure.Jobs;
using OffGridFlow.Infrastructure.Persistence;
using OffGridFlow.Infrastructure.Persistence.PostgreSql;

namespace OffGridFlow.Infrastructure.Imports.Sheets;

/// <inheritdoc cref="ISheetImports"/>
internal sealed class SheetImports(
    TenantDatabase database, CurrentUser user, DocumentStore documents, SheetDesk desk, JobQueue jobs, IImportService imports) : ISheetImports
{
    private const int FileNameLength = 400;
    private const int PeekRows = 20;
    private const int PeekColumns = 30;
    private const int PeekText = 80;
    private const int MostDrafts = 50;
    private const int MostFixes = 2_000;
    private const int AroundRows = 5;

    /// <summary>What changes a draft.</summary>
    private enum Act
    {
        Map,
        Fix,
        Unfix,
    }

    private static readonly TimeSpan ListedFor = TimeSpan.FromDays(90);

    /// <summary>Bytes up to which a file is checked while one waits; a workbook is packed.</summary>
    private const long SmallText = 2 << 20;
    private const long SmallBook = 256 << 10;

    /// <summary>What a row of a text file has at the least, for a progress that never passes its end.</summary>
    private const int BytesPerRow = 60;

    public async Task<SheetOpening> OpenAsync(Stream content, string fileName, CancellationToken cancellationToken)
    {
        var actor = user.Require(Permissions.ActivityDataWrite);
        fileName = NameOf(fileName);
        using var received = await documents.ReceiveAsync(actor.TenantId, content, cancellationToken);
        SheetWords words;
        await using (var look = await database.OpenAsync(cancellationToken))
        {
            words = await desk.WordsAsync(look, cancellationToken);
        }

        SheetPlan plan;
        SheetView view;
        try
        {
            await using var stream = received.OpenRead();
            using var file = SheetFile.Open(stream, fileName, desk.Limits);
            (plan, view) = await Task.Run(() => new SheetAnalysis(file, words).Suggest(), cancellationToken);
        }
        catch (UnreadableFileException exception)
        {
            return new SheetOpening.Refused(exception.Reason, exception.Fix, exception.Line);
        }

        await using var unit = await database.OpenAsync(cancellationToken);
        // Two uploads of one file at the same moment: the second waits here and then finds the first.
        await unit.Connection.ExecuteAsync("select from ledger_sequences where tenant_id = current_tenant() for update", cancellationToken);
        var now = desk.Now;
        var document = await unit.Context.SourceDocuments.SingleOrDefaultAsync(row => row.Sha256 == received.Sha256, cancellationToken);
        if (document is not null && await ExistingAsync(unit, document.Id, cancellationToken) is { } existing)
        {
            return existing;
        }

        if (document is null)
        {
            document = new SourceDocument
            {
                Id = Guid.CreateVersion7(now), TenantId = actor.TenantId, Sha256 = received.Sha256, Length = received.Length, FileName = fileName,
                MediaType = view.Format == "csv" ? "text/csv" : "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", CreatedAt = now,
            };
            unit.Context.SourceDocuments.Add(document);
            await unit.Context.SaveChangesAsync(cancellationToken);
        }

        (plan, view) = await RecallAsync(unit, plan, view, received, fileName, words, cancellationToken);
        var draft = new StoredSheetDraft
        {
            Id = Guid.CreateVersion7(now), TenantId = actor.TenantId, DocumentId = document.Id, FileName = fileName, State = SheetDesk.Open, Version = 1, Plan = SheetView.Write(plan),
            View = view.ToJson(), CreatedById = actor.Id, CreatedBy = actor.DisplayName, CreatedAt = now, ChangedAt = now,
        };
        unit.Context.SheetDrafts.Add(draft);
        received.Keep();
        unit.Audit("sheet.uploaded", $"sheet/{draft.Id}", new { fileName, received.Sha256, received.Length, remembered = view.Memory?.FromFile });
        await unit.CommitAsync(cancellationToken);
        return new SheetOpening.Opened(draft.Id);
    }

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

    public Task<SheetChange> ChangeAsync(Guid id, int version, SheetPlan plan, CancellationToken cancellationToken) => ChangeAsync(id, version, Act.Map, async (unit, draft) =>
    {
        if (plan.Sheet < 0 || plan.Sheet >= draft.View.Tabs.Count)
        {
            return (plan, draft.View, "There is no such sheet in the file.");
        }

        var words = await desk.WordsAsync(unit, cancellationToken);
        return await Task.Run(async () =>
        {
            using var open = desk.OpenFile(unit.Actor.TenantId, draft);
            var analysis = new SheetAnalysis(open.File, words);
            if (plan.Sheet != draft.Plan.Sheet)
            {
                plan = analysis.SuggestFor(plan.Sheet, out _) with { ReadsHiddenRows = plan.ReadsHiddenRows };
            }
            else if ((plan.HeadingRow, plan.HeadingRows) != (draft.Plan.HeadingRow, draft.Plan.HeadingRows))
            {
                plan = analysis.SuggestFor(plan with { HeadingRows = Math.Clamp(plan.HeadingRows, 0, 10), HeadingRow = Math.Max(0, plan.HeadingRow), Fixes = [] }, out _);
            }
            else if (ObstacleIn(plan) is { } obstacle)
            {
                return (plan, draft.View, obstacle);
            }
            else
            {
                return (plan, analysis.Look(plan) with { Memory = draft.View.Memory }, null);
            }

            var view = analysis.Look(plan);
            var (recalled, memory) = await RecallAsync(unit, plan, view, cancellationToken);
            return (recalled, memory is null ? view : analysis.Look(recalled) with { Memory = memory }, (string?)null);
        }, cancellationToken);
    }, cancellationToken);

    public Task<SheetChange> FixAsync(Guid id, int version, SheetFix fix, CancellationToken cancellationToken) => ChangeAsync(id, version, Act.Fix, (_, draft) =>
    {
        var others = draft.Plan.Fixes.Where(other => !IsSame(other, fix)).ToList();
        var obstacle = others.Count >= MostFixes ? "A file takes at most 2,000 answers. Correct the file itself and upload it again."
            : fix is { Kind: SheetFixKind.Replace, To: null } or { Kind: SheetFixKind.Replace, Column: null } ? "Say what the text means."
            : fix is { Kind: SheetFixKind.Confirm, Code: null } ? "Say what is confirmed."
            : fix is { Kind: SheetFixKind.LeaveOut, Code: null, Value: null, Line: null } ? "Say which rows are left out."
            : fix.To?.Length > 500 || fix.Value?.Length > 32_767 || fix.To?.Contains('\0', StringComparison.Ordinal) == true ? "The text is too long." : null;
        return Task.FromResult<(SheetPlan, SheetView, string?)>((draft.Plan with { Fixes = [fix, .. others] }, draft.View, obstacle));
    }, cancellationToken);

    public Task<SheetChange> UnfixAsync(Guid id, int version, SheetFix fix, CancellationToken cancellationToken) => ChangeAsync(id, version, Act.Unfix, (_, draft) =>
        Task.FromResult<(SheetPlan, SheetView, string?)>((draft.Plan with { Fixes = [.. draft.Plan.Fixes.Where(other => !IsSame(other, fix))] }, draft.View, null)), cancellationToken);

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

    public async Task<SheetCheck?> CheckAsync(Guid id, CancellationToken cancellationToken)
    {
        user.Require(Permissions.ActivityDataWrite);
        await using var unit = await database.OpenAsync(cancellationToken);
        if (await SheetDesk.FindAsync(unit, id, cancellationToken) is not { } draft)
        {
            return null;
        }

        if (draft.Check is { } stored)
        {
            return new SheetCheck(SheetCheckState.Done, draft.Draft.Version, 1, stored.Counts, stored.Problems, stored.MoreProblems, null);
        }

        if (draft.View.Questions.Count > 0)
        {
            return new SheetCheck(SheetCheckState.NotReady, draft.Draft.Version, 0, null, [], 0, null);
        }

        if (draft.Draft.CheckJobId is { } jobId && await unit.Context.JobRuns.AsNoTracking().SingleOrDefaultAsync(job => job.Id == jobId, cancellationToken) is { } job)
        {
            // The job that was begun for an earlier plan finds the plan that stands when it begins; else another one is begun.
            if (job.State is JobState.Queued or JobState.Running)
            {
                return new SheetCheck(SheetCheckState.Running, draft.Draft.Version, job.ProgressTotal is > 0 and var total ? Math.Min(1, (double)job.ProgressDone / total) : 0, null, [], 0, null);
            }

            if (job.State == JobState.Failed && draft.Draft.CheckedVersion == draft.Draft.Version)
            {
                return new SheetCheck(SheetCheckState.Failed, draft.Draft.Version, 0, null, [], 0, job.LastError);
            }
        }

        return draft.Length <= (draft.View.Format == "csv" ? SmallText : SmallBook) ? await CheckNowAsync(unit, draft, cancellationToken) : await BeginCheckAsync(unit, draft, cancellationToken);
    }

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
        var rows = counts?.RowsRead ?? draft.View.Shape.Rows ?? draft.Length / BytesPerRow;
        var job = jobs.Add(unit, SheetLoadJob.JobKind, importId, draft.Draft.FileName, rows, [LaneOf(draft.Draft.DocumentId)]);
        unit.Context.Imports.Add(new Import
        {
            Id = importId, TenantId = actor.TenantId, DocumentId = draft.Draft.DocumentId, JobRunId = job.Id, Kind = SheetDesk.Kind, FileName = draft.Draft.FileName, Mode = ImportMode.None,
            Status = ImportStatus.Queued, RowsTotal = rows, Periods = JsonSerializer.Serialize(new[] { new SheetOrder(id, version, mode) }, SheetView.Json), CreatedAt = now,
            CreatedById = actor.Id, CreatedBy = actor.DisplayName,
        });
        await unit.Context.SaveChangesAsync(cancellationToken);
        await unit.Context.SheetDrafts.Where(row => row.Id == id).ExecuteUpdateAsync(
            set => set.SetProperty(row => row.State, SheetDesk.Handed).SetProperty(row => row.ImportId, (Guid?)importId).SetProperty(row => row.ChangedAt, now), cancellationToken);
        await RememberAsync(unit, draft, cancellationToken);
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
        return new SheetReceipt(
            import, order.Draft, draft?.View.Tabs.FirstOrDefault(tab => tab.Index == draft.Plan.Sheet)?.Name ?? "",
            new SheetCounts(
                import.RowsRead, import.Loaded, import.Unchanged, import.Duplicate, import.Rejected, counts.GetValueOrDefault("fixed"), counts.GetValueOrDefault("leftOut"),
                counts.GetValueOrDefault("hidden")),
            sums.From, sums.To, sums.Sites, sums.Kg, sums.Submitted, sums.Without, import.Status is ImportStatus.Succeeded or ImportStatus.CompletedWithErrors);
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

    private async Task<SheetChange> ChangeAsync(
        Guid id, int version, Act act, Func<TenantUnit, DraftOnDesk, Task<(SheetPlan Plan, SheetView View, string? Obstacle)>> change, CancellationToken cancellationToken)
    {
        user.Require(Permissions.ActivityDataWrite);
        await using var unit = await database.OpenAsync(cancellationToken);
        await unit.Connection.ExecuteAsync("select from sheet_drafts where id = $1 for update", cancellationToken, id);
        if (await SheetDesk.FindAsync(unit, id, cancellationToken) is not { } draft)
        {
            return new SheetChange.Gone();
        }

        if (draft.Draft.Version != version)
        {
            return new SheetChange.Stale(draft.Draft.Version);
        }

        if (draft.State == SheetDraftState.Loading)
        {
            return new SheetChange.Refused("The file is being loaded. Wait for its end, or cancel the import.");
        }

        SheetPlan plan;
        SheetView view;
        string? obstacle;
        try
        {
            (plan, view, obstacle) = await change(unit, draft);
        }
        catch (UnreadableFileException exception)
        {
            return new SheetChange.Refused($"{exception.Reason} {exception.Fix}");
        }

        if (obstacle is not null)
        {
            return new SheetChange.Refused(obstacle);
        }

        var (planJson, viewJson, now) = (SheetView.Write(plan), view.ToJson(), desk.Now);
        await unit.Context.SheetDrafts.Where(row => row.Id == id).ExecuteUpdateAsync(
            set => set.SetProperty(row => row.Plan, planJson).SetProperty(row => row.View, viewJson).SetProperty(row => row.Version, version + 1)
                .SetProperty(row => row.State, SheetDesk.Open).SetProperty(row => row.ChangedAt, now),
            cancellationToken);
        var changed = (await SheetDesk.FindAsync(unit, id, cancellationToken))!.ToDraft();
        unit.Audit(act == Act.Map ? "sheet.mapped" : act == Act.Fix ? "sheet.fixed" : "sheet.unfixed", $"sheet/{id}", new { draft.Draft.FileName, version = version + 1, plan });
        await unit.CommitAsync(cancellationToken);
        return new SheetChange.Changed(changed);
    }

    private async Task<SheetCheck> CheckNowAsync(TenantUnit unit, DraftOnDesk draft, CancellationToken cancellationToken)
    {
        try
        {
            var found = await SheetCheckJob.RunAsync(unit, desk, draft, _ => { }, cancellationToken);
            await SheetCheckJob.KeepAsync(unit, draft, found, cancellationToken);
            await unit.CommitAsync(cancellationToken);
            return new SheetCheck(SheetCheckState.Done, draft.Draft.Version, 1, found.Counts, found.Problems, found.MoreProblems, null);
        }
        catch (UnreadableFileException exception)
        {
            return new SheetCheck(SheetCheckState.Failed, draft.Draft.Version, 0, null, [], 0, $"{exception.Reason} {exception.Fix}");
        }
    }

    private async Task<SheetCheck> BeginCheckAsync(TenantUnit unit, DraftOnDesk draft, CancellationToken cancellationToken)
    {
        var id = draft.Draft.Id;
        await unit.Connection.ExecuteAsync("select from sheet_drafts where id = $1 for update", cancellationToken, id);
        var job = jobs.Add(unit, SheetCheckJob.JobKind, id, draft.Draft.FileName, draft.View.Shape.Rows ?? draft.Length / BytesPerRow, [LaneOf(draft.Draft.DocumentId)]);
        await unit.Context.SaveChangesAsync(cancellationToken);
        await unit.Context.SheetDrafts.Where(row => row.Id == id).ExecuteUpdateAsync(
            set => set.SetProperty(row => row.CheckJobId, (Guid?)job.Id).SetProperty(row => row.CheckedVersion, (int?)null), cancellationToken);
        await unit.CommitAsync(cancellationToken);
        await jobs.WakeAsync();
        return new SheetCheck(SheetCheckState.Running, draft.Draft.Version, 0, null, [], 0, null);
    }

    private static async Task<SheetOpening?> ExistingAsync(TenantUnit unit, Guid documentId, CancellationToken cancellationToken)
    {
        var drafts = await (
            from draft in unit.Context.SheetDrafts
            join import in unit.Context.Imports on draft.ImportId equals (Guid?)import.Id into handed
            from import in handed.DefaultIfEmpty()
            where draft.DocumentId == documentId
            orderby draft.ChangedAt descending
            select new { draft.Id, draft.State, Import = import == null ? (Guid?)null : import.Id, Status = import == null ? (ImportStatus?)null : import.Status }).ToListAsync(cancellationToken);
        var loaded = drafts.Find(draft => draft.Status is ImportStatus.Queued or ImportStatus.Running or ImportStatus.Succeeded or ImportStatus.CompletedWithErrors);
        return loaded is not null ? new SheetOpening.ExistingImport(loaded.Import!.Value, loaded.Id) : drafts.Count > 0 ? new SheetOpening.ExistingDraft(drafts[0].Id) : null;
    }

    private async Task<(SheetPlan Plan, SheetView View)> RecallAsync(
        TenantUnit unit, SheetPlan plan, SheetView view, ReceivedDocument received, string fileName, SheetWords words, CancellationToken cancellationToken)
    {
        var (recalled, memory) = await RecallAsync(unit, plan, view, cancellationToken);
        if (memory is null)
        {
            return (plan, view);
        }

        await using var stream = received.OpenRead();
        using var file = SheetFile.Open(stream, fileName, desk.Limits);
        return (recalled, new SheetAnalysis(file, words).Look(recalled) with { Memory = memory });
    }

    /// <summary>The plan that was last used for these headings.</summary>
    private static async Task<(SheetPlan Plan, SheetMemory? Memory)> RecallAsync(TenantUnit unit, SheetPlan plan, SheetView view, CancellationToken cancellationToken)
    {
        if (SheetRemembered.KeyOf(view.Headings) is not { } key
            || await unit.Context.SheetMemories.AsNoTracking().SingleOrDefaultAsync(memory => memory.Headings == key, cancellationToken) is not { } stored)
        {
            return (plan, null);
        }

        var recalled = SheetRemembered.Read(stored.Plan).On(plan, view.Headings);
        return (recalled, new SheetMemory(stored.FileName, stored.ChangedBy, stored.ChangedAt, recalled.Fixes.Count));
    }

    private async Task RememberAsync(TenantUnit unit, DraftOnDesk draft, CancellationToken cancellationToken)
    {
        if (SheetRemembered.KeyOf(draft.View.Headings) is { } key)
        {
            await unit.Connection.ExecuteAsync(
                """
                insert into sheet_memories (tenant_id, headings, file_name, plan, changed_by, changed_at) values (current_tenant(), $1, $2, $3::jsonb, $4, $5)
                on conflict (tenant_id, headings) do update set file_name = excluded.file_name, plan = excluded.plan, changed_by = excluded.changed_by, changed_at = excluded.changed_at
                """,
                cancellationToken, key, draft.Draft.FileName, SheetRemembered.Of(draft.Plan, draft.View.Headings).ToJson(), unit.Actor.DisplayName, desk.Now);
        }
    }

    private static string? ObstacleIn(SheetPlan plan)
    {
        if (plan.Culture is not null && SheetLocale.Find(plan.Culture) is null)
        {
            return $"“{plan.Culture}” is no locale that is offered. Use one of: {string.Join(", ", SheetLocale.All.Select(locale => locale.Code))}.";
        }

        var twice = plan.Columns.Where(use => use.Field != SheetField.Quantity).GroupBy(use => use.Field).FirstOrDefault(same => same.Count() > 1);
        return twice is not null ? $"Two columns are read as {twice.Key}: {string.Join(" and ", twice.Select(use => SheetColumns.LetterOf(use.Column)))}. Choose one of them."
            : plan.Columns.GroupBy(use => use.Column).Any(same => same.Count() > 1) ? "One column is read as two things. Choose one of them."
            : plan.Columns.Any(use => use.Column < 0) || plan.Fixes.Count > MostFixes ? "The mapping cannot be read." : null;
    }

    private static bool IsSame(SheetFix one, SheetFix other) =>
        (one.Kind == other.Kind || (one.Kind != SheetFixKind.Confirm && other.Kind != SheetFixKind.Confirm)) && one.Column == other.Column && one.Value == other.Value && one.Line == other.Line
        && (one.Kind == other.Kind ? one.Code == other.Code : one.Code is null || other.Code is null || one.Code == other.Code);

    private static string LaneOf(Guid documentId) => $"sheet/{documentId}";

    private static string NameOf(string fileName)
    {
        var name = Path.GetFileName(fileName.Replace('\\', '/')).Replace("\0", "", StringComparison.Ordinal).Trim();
        return name.Length == 0 ? "Table" : name.Length <= FileNameLength ? name : name[^FileNameLength..];
    }
}

/// <summary>What an import of a sheet was asked to do; kept with it.</summary>
/// <param name="Version">Of the draft's plan.</param>
internal sealed record SheetOrder(Guid Draft, int Version, SheetLoadMode Mode)
{
    public static SheetOrder Read(string json) => JsonSerializer.Deserialize<SheetOrder[]>(json, SheetView.Json)![0];
}
