using System.Text.Json;
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

/// <summary>
/// The batches of one import: one for each account and billing month that the first pass found, made with their partitions before
/// the load, because a running <c>COPY</c> does not see a partition made after its start.
/// </summary>
internal sealed class BatchSet
{
    private readonly Dictionary<BillPeriod, LoadingBatch> _batches = [];

    /// <summary>Those that got rows.</summary>
    public IEnumerable<LoadingBatch> Filled => _batches.Values.Where(batch => batch.Rows > 0);

    public LoadingBatch Get(BillPeriod period) => _batches[period];

    public async Task CreateAsync(TenantDatabase database, Import import, string provider, CancellationToken cancellationToken)
    {
        var periods = JsonSerializer.Deserialize<List<BillPeriod>>(import.Periods) ?? [];
        await using var unit = await database.OpenAsync(cancellationToken);
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
                batch.KnownLineIds.UnionWith(await ListKnownAsync(unit, provider, batch.Period, cancellationToken));
            }
        }

        await unit.CommitAsync(cancellationToken);
    }

    private static Task<List<long>> ListKnownAsync(TenantUnit unit, string provider, BillPeriod period, CancellationToken cancellationToken) =>
        unit.Connection.ListAsync(
            """
            select l.line_id from usage_lines l
            where l.billing_month = $1 and l.line_id is not null and l.batch_number in (
              select number from import_batches where provider = $2 and account = $3 and billing_month = $1 and state = 'Current')
            """,
            row => row.GetInt64(0), cancellationToken, period.BillingMonth, provider, period.Account);
}
