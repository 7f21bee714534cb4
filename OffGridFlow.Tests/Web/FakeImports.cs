using OffGridFlow.Core.Imports;
using OffGridFlow.Infrastructure.Imports;
using OffGridFlow.Web.Features.Imports;

namespace OffGridFlow.Tests.Web;

internal sealed class FakeImports(params ImportRow[] rows) : IImportService, ISampleBillOffer
{
    public List<ImportRow> Rows { get; } = [.. rows];
    public Exception? Failure { get; set; }
    public List<Guid> Undone { get; } = [];
    public List<Guid> Cancelled { get; } = [];
    public int Looks { get; private set; }
    public ImportStart Answer { get; set; } = new ImportStart.Accepted(SampleImports.Done.Id);

    public Task<ImportStart> StartAsync(Stream content, string fileName, string kind, ImportMode mode, CancellationToken cancellationToken) => Task.FromResult(Answer);

    public Task<ImportStart> ImportSampleAsync(CancellationToken cancellationToken) => Task.FromResult(Answer);

    public Task<ImportPage> ListAsync(string? cursor, int limit, CancellationToken cancellationToken)
    {
        Looks++;
        return Failure is null ? Task.FromResult(new ImportPage([.. Rows], null)) : Task.FromException<ImportPage>(Failure);
    }

    public Task<ImportRow?> FindAsync(Guid id, CancellationToken cancellationToken)
    {
        Looks++;
        return Failure is null ? Task.FromResult(Rows.Find(r => r.Id == id)) : Task.FromException<ImportRow?>(Failure);
    }

    public Task<RejectedPage> ListRejectedAsync(Guid id, int skip, int take, CancellationToken cancellationToken)
    {
        var total = Rows.Find(r => r.Id == id)?.Rejected ?? 0;
        var count = (int)Math.Clamp(total - skip, 0, take);
        return Task.FromResult(new RejectedPage([.. Enumerable.Range(skip + 1, count).Select(SampleImports.Rejected)], total));
    }

    public Task<bool> CancelAsync(Guid id, CancellationToken cancellationToken)
    {
        Cancelled.Add(id);
        return Task.FromResult(true);
    }

    public Task WriteRejectedAsync(Guid id, Stream output, CancellationToken cancellationToken) => Task.CompletedTask;

    public Task<UndoAccount?> PreviewUndoAsync(Guid id, CancellationToken cancellationToken) => Task.FromResult<UndoAccount?>(new(
        4655, new Dictionary<string, decimal> { ["USD"] = 12804.1182309m }, 700, new Dictionary<string, decimal> { ["USD"] = 1804m }, 1_250m, 900m));

    public Task<bool> UndoAsync(Guid id, CancellationToken cancellationToken)
    {
        Undone.Add(id);
        return Task.FromResult(true);
    }
}

internal static class SampleImports
{
    private static readonly DateTimeOffset At = new(2024, 4, 2, 9, 2, 0, TimeSpan.Zero);

    public static readonly ImportRow Done = new()
    {
        Id = new Guid("00000000-0000-7000-8000-0000000000d1"),
        Kind = "aws-cur",
        FileName = "company-cur-2023-11.csv.gz",
        Sha256 = "41d7c0de5f8091a2b3c4d5e6f708192a3b4c5d6e7f8091a2b3c4d5e6f7e0b2aa",
        Length = 31_204_118,
        Mode = ImportMode.None,
        Status = ImportStatus.CompletedWithErrors,
        Progress = 1,
        RowsTotal = 4812,
        RowsRead = 4812,
        Loaded = 4655,
        Unchanged = 96,
        Duplicate = 38,
        Rejected = 23,
        UsageRows = 4401,
        CostOnlyRows = 254,
        Cost = new Dictionary<string, decimal> { ["USD"] = 12804.1182309m },
        CreatedAt = At,
        CreatedBy = "P. Nowak",
        StartedAt = At.AddSeconds(1),
        FinishedAt = At.AddSeconds(9),
        Attempts = 1,
        Batches =
        [
            new ImportBatchRow("aws", "004417982210", new DateOnly(2023, 11, 1), "current", 3900, new Dictionary<string, decimal> { ["USD"] = 11000.1182309m }, null),
            new ImportBatchRow("aws", "617400283991", new DateOnly(2023, 11, 1), "current", 755, new Dictionary<string, decimal> { ["USD"] = 1804m }, "older-cur-2023-11.csv"),
        ],
    };

    public static readonly ImportRow Running = Done with
    {
        Id = new Guid("00000000-0000-7000-8000-0000000000d2"),
        FileName = "company-cur-2023-12.csv.gz",
        Status = ImportStatus.Running,
        Progress = 0.64,
        RowsTotal = 1_000_000,
        RowsRead = 640_000,
        Loaded = 640_000,
        Unchanged = 0,
        Duplicate = 0,
        Rejected = 0,
        FinishedAt = null,
        Batches = [],
        Cost = new Dictionary<string, decimal>(),
    };

    public static readonly ImportRow Failed = Done with
    {
        Id = new Guid("00000000-0000-7000-8000-0000000000d3"),
        FileName = "cut-off.csv.gz",
        Status = ImportStatus.Failed,
        Progress = 0.3,
        RowsRead = 0,
        Loaded = 0,
        Unchanged = 0,
        Duplicate = 0,
        Rejected = 0,
        Batches = [],
        Cost = new Dictionary<string, decimal>(),
        Error = "The gzip stream ends before its last block at line 118,204. Download the file from S3 again and upload it once more.",
    };

    public static RejectedRowView Rejected(int number) => number % 5 == 0
        ? new RejectedRowView(number, null, 100 + number, "lineItem/UsageStartDate", "31.12.2024", "The date is not ISO 8601.", "Export the report again; a spreadsheet has rewritten its dates.", "id-x,31.12.2024,EUC1-BoxUsage:m5.large,1.25")
        : new RejectedRowView(number, null, 100 + number, "lineItem/UsageAmount", "1.250,0", "The amount is not a number in the report's format.", "Use a point for decimals and no grouping: 1250.0.", "id-x,2023-11-04T00:00:00Z,EUC1-BoxUsage:m5.large,\"1.250,0\"");
}
