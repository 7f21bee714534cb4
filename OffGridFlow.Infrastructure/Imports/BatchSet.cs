using System.Text.Json;
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

    /// <summary>Line ids that are there already; only when appending.</summary>
    public HashSet<long> KnownLineIds { get; } = [];
}

/// <summary>
/// The batches of one import: one for each account and billing month that the first pass found, made with their partitions before
/// the load, because a running <c>COPY</c> does not see a partition made after its start.
/// </summary>
internal sealed class BatchSet
{
    private readonly Dictionary<BillPeriod, LoadingBatch> _batches = [];
    private readonly HashSet<long> _appendedTo = [];

    public IReadOnlyCollection<BillPeriod> Periods => _batches.Keys;

    /// <summary>Numbers of the batches whose lines this import's were held against; only when appending.</summary>
    public IReadOnlySet<long> AppendedTo => _appendedTo;

    /// <summary>Those that got rows.</summary>
    public IEnumerable<LoadingBatch> Filled => _batches.Values.Where(batch => batch.Rows > 0);

    public IReadOnlyCollection<string> Accounts => _batches.Keys.Select(period => period.Account).Distinct().ToList();

    public LoadingBatch Get(BillPeriod period) => _batches[period];

    public async Task CreateAsync(TenantDatabase database, Import import, string provider, JobContext job, CancellationToken cancellationToken)
    {
        var periods = JsonSerializer.Deserialize<List<BillPeriod>>(import.Periods) ?? [];
        await using var unit = await database.OpenAsync(cancellationToken);
        await job.HoldClaimAsync(unit, cancellationToken);
        await unit.Connection.ExecuteAsync(
            "select create_usage_partition(month) from (select distinct month from unnest($1::date[]) as m (month) order by 1) as months", cancellationToken,
            periods.Select(period => period.BillingMonth).ToArray());
        var batches = await unit.Connection.ListAsync(
            """
            insert into import_batches (tenant_id, import_id, document_id, provider, account, billing_month, state, rows, cost)
            select current_tenant(), $1, $2, $3, account, billing_month, 'Loading', 0, '{}'
            from unnest($4::text[], $5::date[]) as period (account, billing_month)
            returning number, account, billing_month
            """,
            row => new LoadingBatch(row.GetInt64(0), new BillPeriod(row.GetString(1), row.GetFieldValue<DateOnly>(2))), cancellationToken,
            import.Id, import.DocumentId, provider, periods.Select(period => period.Account).ToArray(), periods.Select(period => period.BillingMonth).ToArray());
        foreach (var batch in batches)
        {
            _batches.Add(batch.Period, batch);
            if (import.Mode == ImportMode.Append)
            {
                await ListKnownAsync(unit, provider, batch, cancellationToken);
            }
        }

        await unit.CommitAsync(cancellationToken);
    }

    private async Task ListKnownAsync(TenantUnit unit, string provider, LoadingBatch batch, CancellationToken cancellationToken)
    {
        var current = (await CurrentBatches.FindAsync(unit, provider, [batch.Period], cancellationToken)).Select(row => row.Number).ToArray();
        _appendedTo.UnionWith(current);
        batch.KnownLineIds.UnionWith(await unit.Connection.ListAsync(
            "select line_id from usage_lines where billing_month = $1 and batch_number = any($2) and line_id is not null",
            row => row.GetInt64(0), cancellationToken, batch.Period.BillingMonth, current));
    }
}
