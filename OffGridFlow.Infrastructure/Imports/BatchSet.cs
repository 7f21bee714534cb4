using OffGridFlow.Core.Imports;
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

    /// <summary>Line ids that are there already; only when appending.</summary>
    public HashSet<long> KnownLineIds { get; } = [];
}

/// <summary>The batches of one import, made as their account and billing month turn up, each with its partition.</summary>
internal sealed class BatchSet(TenantDatabase database, Import import, string provider)
{
    private readonly Dictionary<BillPeriod, LoadingBatch> _batches = [];

    public IReadOnlyCollection<LoadingBatch> All => _batches.Values;

    public LoadingBatch Get(BillPeriod period, CancellationToken cancellationToken) =>
        _batches.TryGetValue(period, out var batch) ? batch : _batches[period] = CreateAsync(period, cancellationToken).GetAwaiter().GetResult();

    private async Task<LoadingBatch> CreateAsync(BillPeriod period, CancellationToken cancellationToken)
    {
        await using var unit = await database.OpenAsync(cancellationToken);
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
            var known = await unit.Connection.ListAsync(
                """
                select l.line_id from usage_lines l
                where l.billing_month = $1 and l.line_id is not null and l.batch_number in (
                  select number from import_batches where provider = $2 and account = $3 and billing_month = $1 and state = 'Current')
                """,
                row => row.GetInt64(0), cancellationToken, period.BillingMonth, provider, period.Account);
            batch.KnownLineIds.UnionWith(known);
        }

        await unit.CommitAsync(cancellationToken);
        return batch;
    }
}
