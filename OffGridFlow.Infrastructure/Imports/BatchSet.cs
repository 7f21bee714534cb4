using System.Text.Json;
using OffGridFlow.Core.Imports;
using OffGridFlow.Infrastructure.Jobs;
using OffGridFlow.Infrastructure.Persistence;
using OffGridFlow.Infrastructure.Persistence.PostgreSql;

namespace OffGridFlow.Infrastructure.Imports;

/// <summary>A batch being filled.</summary>
internal sealed class LoadingBatch(long number, PartPeriod place)
{
    public long Number { get; } = number;

    public PartPeriod Place { get; } = place;

    public long Rows { get; set; }

    public Dictionary<string, decimal> Cost { get; } = [];

    /// <summary>Line ids that are there already; only when appending.</summary>
    public IReadOnlySet<long> KnownLineIds { get; set; } = new HashSet<long>();
}

/// <summary>
/// The batches of one import: one for each part, account and billing month that the first pass found, made with their partitions before
/// the load, because a running <c>COPY</c> does not see a partition made after its start.
/// </summary>
internal sealed class BatchSet
{
    private readonly Dictionary<PartPeriod, LoadingBatch> _batches = [];
    private readonly HashSet<long> _appendedTo = [];

    public IReadOnlyCollection<BillPeriod> Periods => [.. _batches.Keys.Select(place => place.Period).Distinct()];

    /// <summary>Numbers of the batches whose lines this import's were held against; only when appending.</summary>
    public IReadOnlySet<long> AppendedTo => _appendedTo;

    /// <summary>Those that got rows.</summary>
    public IEnumerable<LoadingBatch> Filled => _batches.Values.Where(batch => batch.Rows > 0);

    public IReadOnlyCollection<string> Accounts => _batches.Keys.Select(place => place.Period.Account).Distinct().ToList();

    public LoadingBatch Get(PartPeriod place) => _batches[place];

    public async Task CreateAsync(TenantDatabase database, Import import, JobContext job, CancellationToken cancellationToken)
    {
        var places = JsonSerializer.Deserialize<List<PartPeriod>>(import.Periods) ?? [];
        await using var unit = await database.OpenAsync(cancellationToken);
        await job.HoldClaimAsync(unit, cancellationToken);
        await unit.Connection.ExecuteAsync(
            "select create_usage_partition(month) from (select distinct month from unnest($1::date[]) as m (month) order by 1) as months", cancellationToken,
            places.Select(place => place.Period.BillingMonth).ToArray());
        var batches = await unit.Connection.ListAsync(
            """
            insert into import_batches (tenant_id, import_id, document_id, entry, provider, account, billing_month, state, rows, cost)
            select current_tenant(), $1, $2, entry, provider, account, billing_month, 'Loading', 0, '{}'
            from unnest($3::text[], $4::text[], $5::text[], $6::date[]) as place (entry, provider, account, billing_month)
            returning number, entry, provider, account, billing_month
            """,
            row => new LoadingBatch(
                row.GetInt64(0), new PartPeriod(row.OptionalText(1), new BillPeriod(row.GetString(2), row.GetString(3), row.GetFieldValue<DateOnly>(4)))),
            cancellationToken, import.Id, import.DocumentId, places.Select(place => place.Entry).ToArray(),
            places.Select(place => place.Period.Provider).ToArray(), places.Select(place => place.Period.Account).ToArray(),
            places.Select(place => place.Period.BillingMonth).ToArray());
        foreach (var batch in batches)
        {
            _batches.Add(batch.Place, batch);
        }

        if (import.Mode == ImportMode.Append)
        {
            foreach (var ofPeriod in batches.GroupBy(batch => batch.Place.Period))
            {
                await ListKnownAsync(unit, ofPeriod.Key, [.. ofPeriod], cancellationToken);
            }
        }

        await unit.CommitAsync(cancellationToken);
    }

    private async Task ListKnownAsync(TenantUnit unit, BillPeriod period, List<LoadingBatch> batches, CancellationToken cancellationToken)
    {
        var current = (await CurrentBatches.FindAsync(unit, [period], cancellationToken)).Select(row => row.Number).ToArray();
        _appendedTo.UnionWith(current);
        var known = (await unit.Connection.ListAsync(
            "select line_id from usage_lines where billing_month = $1 and batch_number = any($2) and line_id is not null",
            row => row.GetInt64(0), cancellationToken, period.BillingMonth, current)).ToHashSet();
        batches.ForEach(batch => batch.KnownLineIds = known);
    }
}
