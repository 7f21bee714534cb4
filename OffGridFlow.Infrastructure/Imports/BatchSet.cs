using OffGridFlow.Core.Imports;
using OffGridFlow.Infrastructure.Jobs;
using OffGridFlow.Infrastructure.Persistence;
using OffGridFlow.Infrastructure.Persistence.PostgreSql;

namespace OffGridFlow.Infrastructure.Imports;

/// <summary>A batch being filled.</summary>
internal sealed class LoadingBatch(long number, BillPeriod period)
{
    public long Number { get; } = number;

    public BillPeriod Period { get; } = period;

    public long Rows { get; set; }

    public Dictionary<string, decimal> Cost { get; } = [];

    /// <summary>Numbers of the batches that it adds to; only when appending.</summary>
    public HashSet<long> AppendedTo { get; } = [];

    /// <summary>Line ids that are there already, in those batches.</summary>
    public HashSet<long> KnownLineIds { get; } = [];
}

/// <summary>The batches of one import, made as their account and billing month turn up, each with its partition.</summary>
internal sealed class BatchSet(TenantDatabase database, Import import, string provider, JobContext job)
{
    private readonly Dictionary<BillPeriod, LoadingBatch> _batches = [];

    public IReadOnlyCollection<LoadingBatch> All => _batches.Values;

    public LoadingBatch Get(BillPeriod period, CancellationToken cancellationToken) =>
        _batches.TryGetValue(period, out var batch) ? batch : _batches[period] = CreateAsync(period, cancellationToken).GetAwaiter().GetResult();

    private async Task<LoadingBatch> CreateAsync(BillPeriod period, CancellationToken cancellationToken)
    {
        await using var unit = await database.OpenAsync(cancellationToken);
        await job.HoldClaimAsync(unit, cancellationToken);
        await unit.Connection.ExecuteAsync("select create_usage_partition($1)", cancellationToken, period.BillingMonth);
        var number = await unit.Connection.ScalarAsync<long>(
            """
            insert into import_batches (tenant_id, import_id, document_id, provider, account, billing_month, state, rows, cost)
            values ($1, $2, $3, $4, $5, $6, 'Loading', 0, '{}') returning number
            """,
            cancellationToken, import.TenantId, import.Id, import.DocumentId, provider, period.Account, period.BillingMonth);
        var batch = new LoadingBatch(number, period);
        if (import.Mode == ImportMode.Append)
        {
            var current = await CurrentBatches.FindAsync(unit, provider, [period], cancellationToken);
            batch.AppendedTo.UnionWith(current.Select(row => row.Number));
            batch.KnownLineIds.UnionWith(await unit.Connection.ListAsync(
                "select line_id from usage_lines where billing_month = $1 and batch_number = any($2) and line_id is not null",
                row => row.GetInt64(0), cancellationToken, period.BillingMonth, batch.AppendedTo.ToArray()));
        }

        await unit.CommitAsync(cancellationToken);
        return batch;
    }
}
