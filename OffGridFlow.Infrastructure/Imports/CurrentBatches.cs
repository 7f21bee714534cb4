using OffGridFlow.Infrastructure.Persistence;
using OffGridFlow.Infrastructure.Persistence.PostgreSql;

namespace OffGridFlow.Infrastructure.Imports;

/// <summary>A batch that counts now.</summary>
internal sealed record CurrentBatch(long Number, BillPeriod Period, long Rows, string FileName, IReadOnlyDictionary<string, decimal> Cost);

internal static class CurrentBatches
{
    /// <summary>What is already there for these accounts and months.</summary>
    public static Task<List<CurrentBatch>> FindAsync(TenantUnit unit, IReadOnlyCollection<BillPeriod> periods, CancellationToken cancellationToken) =>
        unit.Connection.ListAsync(
            """
            select b.number, b.provider, b.account, b.billing_month, b.rows, i.file_name, b.cost
            from unnest($1::text[], $2::text[], $3::date[]) as asked (provider, account, billing_month)
            join import_batches b on b.provider = asked.provider and b.account = asked.account and b.billing_month = asked.billing_month
              and b.state = 'Current'
            join imports i on i.id = b.import_id
            order by b.billing_month, b.provider, b.account, b.number
            """,
            row => new CurrentBatch(
                row.GetInt64(0), new BillPeriod(row.GetString(1), row.GetString(2), row.GetFieldValue<DateOnly>(3)), row.GetInt64(4), row.GetString(5),
                ImportWithJob.CostOf(row.GetString(6))),
            cancellationToken, periods.Select(period => period.Provider).ToArray(), periods.Select(period => period.Account).ToArray(),
            periods.Select(period => period.BillingMonth).ToArray());
}
