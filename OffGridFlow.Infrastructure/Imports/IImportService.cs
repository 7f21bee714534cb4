using OffGridFlow.Core.Imports;

namespace OffGridFlow.Infrastructure.Imports;

/// <param name="Provider">E.g. <c>aws</c>.</param>
/// <param name="Account">Usage account.</param>
/// <param name="BillingMonth">First day of the billing month.</param>
/// <param name="State"><c>loading</c>, <c>current</c>, <c>superseded</c> or <c>undone</c>.</param>
public sealed record ImportBatchRow(
    string Provider, string Account, DateOnly BillingMonth, string State, long Rows, IReadOnlyDictionary<string, decimal> Cost, string? ReplacesFileName);

/// <summary>One import as pages and the API show it. rows read = loaded + unchanged + duplicate + rejected.</summary>
public sealed record ImportRow
{
    public required Guid Id { get; init; }

    /// <summary>E.g. <c>aws-cur</c>.</summary>
    public required string Kind { get; init; }
    public required string FileName { get; init; }
    public required string Sha256 { get; init; }
    public required long Length { get; init; }
    public required ImportMode Mode { get; init; }
    public required ImportStatus Status { get; init; }

    /// <summary>0 to 1.</summary>
    public required double Progress { get; init; }
    public long? RowsTotal { get; init; }
    public long RowsRead { get; init; }
    public long Loaded { get; init; }
    public long Unchanged { get; init; }
    public long Duplicate { get; init; }
    public long Rejected { get; init; }
    public long UsageRows { get; init; }
    public long CostOnlyRows { get; init; }

    /// <summary>Sum of the loaded lines' cost by currency, exact.</summary>
    public IReadOnlyDictionary<string, decimal> Cost { get; init; } = new Dictionary<string, decimal>();

    /// <summary>What went wrong and how to mend it; null when nothing did.</summary>
    public string? Error { get; init; }
    public required DateTimeOffset CreatedAt { get; init; }
    public required string CreatedBy { get; init; }
    public DateTimeOffset? StartedAt { get; init; }
    public DateTimeOffset? FinishedAt { get; init; }
    public Guid JobId { get; init; }
    public int Attempts { get; init; }
    public IReadOnlyList<ImportBatchRow> Batches { get; init; } = [];
}

public sealed record ImportPage(IReadOnlyList<ImportRow> Rows, string? NextCursor);

/// <param name="Number">1-based order within the import.</param>
/// <param name="Entry">The archive entry; null when the document is no archive.</param>
public sealed record RejectedRowView(long Number, string? Entry, long Line, string? Column, string? Value, string Reason, string Fix, string Raw);

public sealed record RejectedPage(IReadOnlyList<RejectedRowView> Rows, long Total);

/// <summary>An account and month of an upload that is there already, from another file: what would leave the ledger and what would come.</summary>
/// <param name="UnderWay">Whether the other file is still being imported; its rows and cost are then not known.</param>
/// <param name="Rows">Rows of the other file that count now.</param>
/// <param name="Cost">Their cost by currency.</param>
/// <param name="FileName">The other file's name.</param>
/// <param name="NewRows">Rows that the upload has for this account and month.</param>
public sealed record ConflictPeriod(
    string Provider, string Account, DateOnly BillingMonth, bool UnderWay, long Rows, IReadOnlyDictionary<string, decimal> Cost, string FileName, long NewRows);

/// <summary>What an upload would replace and bring, all periods together.</summary>
/// <param name="Periods">Accounts and months that are there already.</param>
/// <param name="Rows">Rows that count now.</param>
/// <param name="NewRows">Rows of the upload for these accounts and months.</param>
public sealed record ConflictTotal(int Periods, long Rows, IReadOnlyDictionary<string, decimal> Cost, long NewRows)
{
    public static ConflictTotal Of(IReadOnlyList<ConflictPeriod> periods)
    {
        // Two old files of one month each tell the new rows of that month.
        var months = periods.GroupBy(period => (period.Provider, period.Account, period.BillingMonth)).ToList();
        return new(months.Count, periods.Sum(period => period.Rows), CostSums.Of(periods.Select(period => period.Cost)), months.Sum(same => same.First().NewRows));
    }
}

/// <summary>What became of an upload.</summary>
public abstract record ImportStart
{
    /// <summary>Accepted; a job loads it.</summary>
    public sealed record Accepted(Guid Id) : ImportStart;

    /// <summary>The same bytes are already there.</summary>
    public sealed record Existing(Guid Id) : ImportStart;

    /// <summary>Accounts and months of this file are already there from another file.</summary>
    /// <param name="Total">Of all periods, also where <paramref name="Periods"/> are only the first of them.</param>
    public sealed record Conflict(string Detail, IReadOnlyList<ConflictPeriod> Periods, ConflictTotal Total) : ImportStart
    {
        public Conflict(string detail, IReadOnlyList<ConflictPeriod> periods) : this(detail, periods, ConflictTotal.Of(periods))
        {
        }
    }

    /// <summary>The file is refused as a whole.</summary>
    /// <param name="MayBeTable">Nothing of it says bill: it may be a table of activity data.</param>
    public sealed record Refused(string Reason, string Fix, long? Line, bool MayBeTable = false) : ImportStart;
}

/// <summary>What undoing an import changes in the ledger.</summary>
/// <param name="CostOut">By currency.</param>
/// <param name="RowsBack">Rows of what the import had replaced, that count again; of a spreadsheet, accruals that its actuals had taken out.</param>
/// <param name="KgBefore">kg CO2e of the whole ledger as it stands.</param>
/// <param name="KgAfter">kg CO2e of the whole ledger after the undo.</param>
public sealed record UndoAccount(
    long RowsOut, IReadOnlyDictionary<string, decimal> CostOut, long RowsBack, IReadOnlyDictionary<string, decimal> CostBack, decimal KgBefore, decimal KgAfter);

/// <summary>Imports of the signed-in tenant.</summary>
public interface IImportService
{
    /// <summary>Stores the bytes, looks at them once, and queues the load. Nothing is loaded unless the answer is Accepted.</summary>
    /// <param name="kind">E.g. <c>aws-cur</c>; empty to tell it by the headings.</param>
    Task<ImportStart> StartAsync(Stream content, string fileName, string kind, ImportMode mode, CancellationToken cancellationToken);

    /// <summary>Newest first; at most <paramref name="limit"/> (1 to 200).</summary>
    Task<ImportPage> ListAsync(string? cursor, int limit, CancellationToken cancellationToken);

    Task<ImportRow?> FindAsync(Guid id, CancellationToken cancellationToken);

    Task<RejectedPage> ListRejectedAsync(Guid id, int skip, int take, CancellationToken cancellationToken);

    /// <summary>Writes all rejected rows as CSV: what is wrong with each, then the row under the file's own headings.</summary>
    Task WriteRejectedAsync(Guid id, Stream output, CancellationToken cancellationToken);

    /// <summary>Stops a queued or running import; nothing of it stays visible. False when it had already ended or is not there.</summary>
    Task<bool> CancelAsync(Guid id, CancellationToken cancellationToken);

    /// <summary>What <see cref="UndoAsync"/> would change, without changing it. Null when the import is not published or not there.</summary>
    Task<UndoAccount?> PreviewUndoAsync(Guid id, CancellationToken cancellationToken);

    /// <summary>Takes a published import back; what it had replaced becomes current again. False when it is not published or not there.</summary>
    Task<bool> UndoAsync(Guid id, CancellationToken cancellationToken);
}
