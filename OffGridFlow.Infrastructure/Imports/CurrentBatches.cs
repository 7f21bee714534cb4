using OffGridFlow.Infrastructure.Persistence;
using OffGridFlow.Infrastructure.Persistence.PostgreSql;

namespace OffGridFlow.Infrastructure.Imports;

/// <summary>A batch that counts now.</summary>
internal sealed record CurrentBatch(long Number, string Account, DateOnly BillingMonth, long Rows, string FileName);

internal static class CurrentBatches
{
    /// <summary>What is already there for these accounts and months.</summary>
    public static Task<List<CurrentBatch>> FindAsync(
        TenantUnit unit, string provider, IReadOnlyCollection<BillPeriod> periods, CancellationToken cancellationToken) =>
        unit.Connection.ListAsync(
            """
            select b.number, b.account, b.billing_month, b.rows, i.file_name
            from unnest($2::text[], $3::date[]) as asked (account, billing_month)
            join import_batches b on b.provider = $1 and b.account = asked.account and b.billing_month = asked.billing_month and b.state = 'Current'
            join imports i on i.id = b.import_id
            order by b.billing_month, b.account
            """,
            row => new CurrentBatch(row.GetInt64(0), row.GetString(1), row.GetFieldValue<DateOnly>(2), row.GetInt64(3), row.GetString(4)),
            cancellationToken, provider, periods.Select(period => period.Account).ToArray(), periods.Select(period => period.BillingMonth).ToArray());
}
