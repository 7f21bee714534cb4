using Microsoft.EntityFrameworkCore;
using OffGridFlow.Core.Identity;
using OffGridFlow.Core.Jobs;
using OffGridFlow.Infrastructure.Jobs;
using OffGridFlow.Infrastructure.Persistence;
using OffGridFlow.Infrastructure.Persistence.PostgreSql;

namespace OffGridFlow.Infrastructure.Imports.Sheets;

/// <summary>Checks a whole file: a small one while one waits, a large one by a job.</summary>
internal sealed class SheetChecks(TenantDatabase database, CurrentUser user, SheetDesk desk, JobQueue jobs)
{
    /// <summary>Bytes up to which a file is checked while one waits; a workbook is packed.</summary>
    private const long SmallText = 2 << 20;
    private const long SmallBook = 256 << 10;

    /// <inheritdoc cref="ISheetImports.CheckAsync" />
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
        var job = jobs.Add(unit, SheetCheckJob.JobKind, id, draft.Draft.FileName, draft.ExpectedRows, [draft.Lane]);
        await unit.Context.SaveChangesAsync(cancellationToken);
        await unit.Context.SheetDrafts.Where(row => row.Id == id).ExecuteUpdateAsync(
            set => set.SetProperty(row => row.CheckJobId, (Guid?)job.Id).SetProperty(row => row.CheckedVersion, (int?)null), cancellationToken);
        await unit.CommitAsync(cancellationToken);
        await jobs.WakeAsync();
        return new SheetCheck(SheetCheckState.Running, draft.Draft.Version, 0, null, [], 0, null);
    }
}
