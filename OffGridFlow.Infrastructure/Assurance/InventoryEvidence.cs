using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;
using OffGridFlow.Core.Inventory;
using OffGridFlow.Core.Organizations;
using OffGridFlow.Infrastructure.ActivityData;
using OffGridFlow.Infrastructure.Inventory;
using OffGridFlow.Infrastructure.Persistence;
using OffGridFlow.Infrastructure.Persistence.PostgreSql;
using static OffGridFlow.Infrastructure.Assurance.EvidenceZip;

namespace OffGridFlow.Infrastructure.Assurance;

/// <summary>What goes into an evidence export for a locked inventory (<c>docs/methods/evidence.md</c>): its document, and what leads from the results to it.</summary>
internal sealed class InventoryEvidence(TenantUnit unit, ReportingPeriod period, InventorySnapshot snapshot, CompletenessService completeness)
{
    private const int TimeoutSeconds = 300;

    private readonly FrozenPeriod _months = MonthsOf(period, snapshot);

    public InventorySnapshot Snapshot => snapshot;

    public DateOnly FirstMonth => _months.First;

    public DateOnly LastDay => _months.Last;

    public async Task WriteAsync(EvidenceZip zip, CancellationToken cancellationToken)
    {
        await zip.WriteAsync("inventory.json", Encoding.UTF8.GetBytes(snapshot.Content), cancellationToken);
        var previous = snapshot.Number > 1 ? await InventorySnapshots.FindAsync(unit, period.Id, snapshot.Number - 1, cancellationToken) : null;
        if (previous is not null)
        {
            await zip.WriteAsync("previous.json", Encoding.UTF8.GetBytes(previous.Content), cancellationToken);
        }

        await zip.WriteTableAsync(
            "difference.csv", "scope2_method,by,key,name,reported_kg_co2e,restated_kg_co2e,change_kg_co2e",
            (previous is null ? [] : SnapshotDifference.Of(previous.Number, previous.Content, snapshot.Number, snapshot.Content).Rows)
                .Select(row => new[] { row.View, row.By, row.Key, row.Name, Number(row.BeforeKg), Number(row.AfterKg), Number(row.ChangeKg) }).ToAsyncEnumerable(),
            cancellationToken);
        await zip.WriteTableAsync(
            "ledger.csv",
            "result_id,month,key,first_day,last_day,quantity,unit,scope,category,scope2_method,part,factor_id,factor_set_id,factor_set_checksum,instrument_id,method,method_version,kilowatt_hours,kg_co2e,biogenic_kg_co2,defaulted_kg_co2e,quality,flags,comparison_only,provider,account,service,region,usage_class,currency,calculation_method,status,co2,ch4,n2o,hfcs,pfcs,sf6,nf3,from,to",
            LedgerAsync(cancellationToken), cancellationToken);
        // Of a snapshot that keeps none its state is the present one: of others no evidence is given.
        var papers = await SnapshotPapers.FindAsync(unit, snapshot.Id, cancellationToken) ?? await SnapshotPapers.ReadAsync(unit, period, completeness, cancellationToken);
        await zip.WriteTableAsync(
            "boundary.csv", "of,provider,account,organization_id,organization,from,to,share,leased_category,invested", papers.Boundary.ToAsyncEnumerable(), cancellationToken);
        await zip.WriteTableAsync(
            "decisions.csv", "category,version,decision,reason,estimated_tonnes,review_on,author,at,approved_by,approved_at", papers.Decisions.ToAsyncEnumerable(), cancellationToken);
        await zip.WriteTableAsync("collection.csv", "site,activity_type,month,state,expected_days,missing_kg_co2e", papers.Collection.ToAsyncEnumerable(), cancellationToken);
    }

    /// <summary>Every result of the months, as the hash of its month takes it, with what the roll-up is divided by.</summary>
    private async IAsyncEnumerable<string?[]> LedgerAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await using var command = unit.Connection.Command(
            $"""
            select e.id, e.month, a.key, a.period_start, a.period_end, a.quantity, a.unit, e.scope, coalesce(e.category, 0), coalesce(e.scope2_method, ''), coalesce(e.part, ''),
              coalesce(e.factor_id, ''), coalesce(e.factor_set_id, ''), coalesce(e.factor_set_checksum, ''), e.instrument_id, e.method, e.method_version, e.kilowatt_hours, e.kg_co2e,
              e.biogenic_kg_co2, e.defaulted_kg_co2e, e.quality, e.flags, e.comparison_only, a.provider, a.account, a.service, a.region, a.usage_class, a.currency,
              coalesce(e.calculation_method, ''), coalesce(a.entry_status, ''), e.co2_kg_co2e, e.ch4_kg_co2e, e.n2o_kg_co2e, e.hfcs_kg_co2e, e.pfcs_kg_co2e, e.sf6_kg_co2e,
              e.nf3_kg_co2e, coalesce((e.derivation ->> 'from')::date, greatest(a.period_start, e.month)),
              coalesce((e.derivation ->> 'to')::date, least(a.period_end, (e.month + interval '1 month')::date - 1))
            from emission_history i join emission_records e on e.activity_id = i.activity_id and e.proposal_id is not distinct from i.proposal_id join activity_records a on a.id = e.activity_id
            where {EvidenceReader.CountsAt(snapshot.LedgerNumber)} and e.month between $1 and $2 order by e.month, a.key collate "C", e.id
            """,
            _months.First, _months.Last);
        command.CommandTimeout = TimeoutSeconds;
        await using var row = await command.ExecuteReaderAsync(cancellationToken);
        while (await row.ReadAsync(cancellationToken))
        {
            string? Sum(int column) => Number(row.Optional<decimal>(column));
            yield return
            [
                row.GetGuid(0).ToString(), Month(row.GetFieldValue<DateOnly>(1)), row.GetString(2), Day(row.GetFieldValue<DateOnly>(3)), Day(row.GetFieldValue<DateOnly>(4)), Sum(5),
                row.GetString(6), Count(row.GetInt32(7)), Count(row.GetInt32(8)), row.GetString(9), row.GetString(10), row.GetString(11), row.GetString(12), row.GetString(13),
                row.Optional<Guid>(14)?.ToString(), row.GetString(15), row.GetString(16), Sum(17), Sum(18), Sum(19), Sum(20), row.GetString(21),
                string.Join(',', row.GetFieldValue<string[]>(22)), row.GetBoolean(23) ? "yes" : "no", row.GetString(24), row.GetString(25), row.GetString(26), row.GetString(27),
                row.GetString(28), row.GetString(29), row.GetString(30), row.GetString(31), Sum(32), Sum(33), Sum(34), Sum(35), Sum(36), Sum(37), Sum(38),
                Day(row.GetFieldValue<DateOnly>(39)), Day(row.GetFieldValue<DateOnly>(40)),
            ];
        }
    }

    /// <summary>As the snapshot says: the days of a period that was reopened may be others now.</summary>
    private static FrozenPeriod MonthsOf(ReportingPeriod period, InventorySnapshot snapshot)
    {
        using var content = JsonDocument.Parse(snapshot.Content);
        DateOnly DayOf(string name) => DateOnly.ParseExact(content.RootElement.GetProperty("period").GetProperty(name).GetString()!, "yyyy-MM-dd", CultureInfo.InvariantCulture);
        return new FrozenPeriod(period.Name, IsFiled: false, DayOf("firstDay"), DayOf("lastDay"));
    }
}
