using Microsoft.EntityFrameworkCore;
using OffGridFlow.Core.Jobs;
using OffGridFlow.Infrastructure.Jobs;
using OffGridFlow.Infrastructure.Persistence;

namespace OffGridFlow.Infrastructure.Imports.Sheets;

/// <summary>Checks a large file as a whole, by the plan that stands when it begins. Writes nothing but what it found.</summary>
internal sealed class SheetCheckJob(TenantDatabase database, SheetDesk desk) : IJobHandler
{
    public const string JobKind = "sheet-check";

    public string Kind => JobKind;

    /// <exception cref="UnreadableFileException">The file cannot be read to its end.</exception>
    public static async Task<SheetPassResult> RunAsync(TenantUnit unit, SheetDesk desk, DraftOnDesk draft, Action<long> report, CancellationToken cancellationToken)
    {
        var words = await desk.WordsAsync(unit, cancellationToken);
        using var open = desk.OpenFile(unit.Actor.TenantId, draft);
        var interpreter = await desk.InterpreterAsync(unit, draft.Plan, words, open.File.Is1904, cancellationToken);
        return await new SheetPass(unit, open.File, draft.Plan, words, interpreter, draft.Draft.DocumentId, desk.Now).RunAsync(draft.NameOf, report, null, cancellationToken);
    }

    /// <summary>Unless the plan has changed meanwhile.</summary>
    public static Task<int> KeepAsync(TenantUnit unit, DraftOnDesk draft, SheetPassResult found, CancellationToken cancellationToken)
    {
        var json = SheetStoredCheck.Of(found).ToJson();
        return unit.Context.SheetDrafts.Where(row => row.Id == draft.Draft.Id && row.Version == draft.Draft.Version)
            .ExecuteUpdateAsync(set => set.SetProperty(row => row.Check, json).SetProperty(row => row.CheckedVersion, (int?)draft.Draft.Version), cancellationToken);
    }

    public async Task RunAsync(JobContext job, CancellationToken cancellationToken)
    {
        await using var unit = await database.OpenAsync(cancellationToken);
        if (await SheetDesk.FindAsync(unit, job.SubjectId, cancellationToken) is { Check: null, View.Questions.Count: 0 } draft)
        {
            try
            {
                var found = await RunAsync(unit, desk, draft, rows => job.Report(rows, null), cancellationToken);
                await KeepAsync(unit, draft, found, cancellationToken);
                job.Report(found.Counts.RowsRead, found.Counts.RowsRead);
                job.Result = new Dictionary<string, long> { ["read"] = found.Counts.RowsRead, ["rejected"] = found.Counts.Rejected };
            }
            catch (UnreadableFileException exception)
            {
                throw new JobFailedException($"{exception.Reason} {exception.Fix}");
            }
        }

        await job.CompleteAsync(unit, JobState.Succeeded, null, cancellationToken);
        await unit.CommitAsync(cancellationToken);
    }

    /// <summary>The plan that could not be checked is not tried again and again.</summary>
    public Task EndAsync(JobContext job, TenantUnit unit, JobState outcome, string? error, CancellationToken cancellationToken) => outcome == JobState.Failed
        ? unit.Context.SheetDrafts.Where(row => row.Id == job.SubjectId).ExecuteUpdateAsync(
            set => set.SetProperty(row => row.CheckedVersion, row => (int?)row.Version).SetProperty(row => row.Check, (string?)null), cancellationToken)
        : Task.CompletedTask;

    public async Task<string?> ReopenAsync(JobContext job, TenantUnit unit, CancellationToken cancellationToken) =>
        await unit.Context.SheetDrafts.AnyAsync(row => row.Id == job.SubjectId, cancellationToken) ? null : "The file was discarded. Upload it again.";
}
