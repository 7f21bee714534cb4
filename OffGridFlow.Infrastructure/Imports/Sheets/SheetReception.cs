using Microsoft.EntityFrameworkCore;
using OffGridFlow.Core.Identity;
using OffGridFlow.Core.Imports;
using OffGridFlow.Core.Imports.Sheets;
using OffGridFlow.Infrastructure.Imports.Sheets.Reading;
using OffGridFlow.Infrastructure.Persistence;
using OffGridFlow.Infrastructure.Persistence.PostgreSql;

namespace OffGridFlow.Infrastructure.Imports.Sheets;

/// <summary>Takes a file in: kept once, looked through, and put on the desk as a draft.</summary>
internal sealed class SheetReception(TenantDatabase database, CurrentUser user, DocumentStore documents, SheetDesk desk)
{
    private const int FileNameLength = 400;

    /// <inheritdoc cref="ISheetImports.OpenAsync" />
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
            (plan, view) = await Task.Run(() => new SheetAnalysis(file, words, fileName).Suggest(), cancellationToken);
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
        var (recalled, memory) = await SheetMemories.RecallAsync(unit, plan, view, cancellationToken);
        if (memory is null)
        {
            return (plan, view);
        }

        await using var stream = received.OpenRead();
        using var file = SheetFile.Open(stream, fileName, desk.Limits);
        return (recalled, new SheetAnalysis(file, words, fileName).Look(recalled) with { Memory = memory });
    }

    private static string NameOf(string fileName)
    {
        var name = Path.GetFileName(fileName.Replace('\\', '/')).Replace("\0", "", StringComparison.Ordinal).Trim();
        return name.Length == 0 ? "Table" : name.Length <= FileNameLength ? name : name[^FileNameLength..];
    }
}
