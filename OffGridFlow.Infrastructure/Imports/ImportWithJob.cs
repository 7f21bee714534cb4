using System.Text.Json;
using OffGridFlow.Core.Imports;
using OffGridFlow.Core.Jobs;

namespace OffGridFlow.Infrastructure.Imports;

/// <summary>An import with the job that loads it: while that runs, its progress is the import's.</summary>
internal sealed record ImportWithJob(Import Import, string Sha256, long Length, JobRun Job)
{
    public ImportRow ToRow(IReadOnlyList<ImportBatchRow> batches)
    {
        var underway = Import.Status is ImportStatus.Queued or ImportStatus.Running;
        var total = Job.ProgressTotal ?? Import.RowsTotal;
        return new ImportRow
        {
            Id = Import.Id,
            Kind = Import.Kind,
            FileName = Import.FileName,
            Sha256 = Sha256,
            Length = Length,
            Mode = Import.Mode,
            Status = Import.Status == ImportStatus.Queued && Job.State == JobState.Running ? ImportStatus.Running : Import.Status,
            Progress = !underway ? 1 : total == 0 ? 0 : Math.Min(1, (double)Job.ProgressDone / total),
            RowsTotal = Import.RowsTotal,
            RowsRead = underway ? Job.ProgressDone : Import.RowsRead,
            Loaded = Import.Loaded,
            Unchanged = Import.Unchanged,
            Duplicate = Import.Duplicate,
            Rejected = Import.Rejected,
            UsageRows = Import.UsageRows,
            CostOnlyRows = Import.CostOnlyRows,
            Cost = CostOf(Import.Cost),
            Error = Import.Error,
            CreatedAt = Import.CreatedAt,
            CreatedBy = Import.CreatedBy,
            StartedAt = Job.StartedAt,
            FinishedAt = Import.FinishedAt,
            JobId = Job.Id,
            Attempts = Job.Attempts,
            Batches = batches,
        };
    }

    public static Dictionary<string, decimal> CostOf(string json) => JsonSerializer.Deserialize<Dictionary<string, decimal>>(json) ?? [];
}
