using OffGridFlow.Infrastructure.Inventory;
using OffGridFlow.Infrastructure.Persistence;
using OffGridFlow.Infrastructure.Persistence.PostgreSql;

namespace OffGridFlow.Infrastructure.Calculation.Runs;

/// <summary>
/// Lets what a run proposes count, or takes it back: intervals end and begin, and the months that are touched are added up anew. Works inside a transaction
/// that has locked the tenant's ledger number.
/// </summary>
internal static class RunLedger
{
    /// <summary>As <see cref="EntryLedgerWrite"/> adds them up, for the cells of changed entries alone; found from the activities' side.</summary>
    private static readonly string[] Totals =
    [
        """
        create temp table run_cells on commit drop as
        select distinct a.account, a.service, e.month
        from run_changes c join activity_records a on a.id = coalesce(c.activity_id, c.activity_before) join emission_records e on e.activity_id = a.id
        """,
        "analyze pg_temp.run_cells",
        """
        delete from monthly_totals t using run_cells c
        where t.provider = 'entry' and t.account = c.account and t.service = c.service and t.month = c.month
        """,
        """
        insert into monthly_totals (tenant_id, month, scope, category, scope2_method, provider, account, service, region, usage_class, method, calculation_method, comparison_only,
          currency, activities, activities_without_result, kilowatt_hours, operational_kg_co2e, embodied_kg_co2e, kg_co2e, measured_kg_co2e,
          defaulted_kg_co2e, biogenic_kg_co2, submitted_kg_co2e, cost, unmapped_cost,
          co2_kg_co2e, ch4_kg_co2e, n2o_kg_co2e, hfcs_kg_co2e, pfcs_kg_co2e, sf6_kg_co2e, nf3_kg_co2e)
        select current_tenant(), e.month, e.scope, coalesce(e.category, 0), coalesce(e.scope2_method, ''), a.provider, a.account, a.service, a.region, a.usage_class,
          e.method, coalesce(e.calculation_method, ''), bool_or(e.comparison_only), a.currency, count(*), count(*) filter (where e.quality = 'Missing'), coalesce(sum(e.kilowatt_hours), 0),
          0, 0, coalesce(sum(e.kg_co2e), 0), coalesce(sum(e.kg_co2e) filter (where e.quality = 'Measured'), 0), sum(e.defaulted_kg_co2e),
          coalesce(sum(e.biogenic_kg_co2), 0), coalesce(sum(e.kg_co2e) filter (where a.entry_status = 'Submitted'), 0), 0, 0,
          coalesce(sum(e.co2_kg_co2e), 0), coalesce(sum(e.ch4_kg_co2e), 0), coalesce(sum(e.n2o_kg_co2e), 0), coalesce(sum(e.hfcs_kg_co2e), 0),
          coalesce(sum(e.pfcs_kg_co2e), 0), coalesce(sum(e.sf6_kg_co2e), 0), coalesce(sum(e.nf3_kg_co2e), 0)
        from (select account, service, min(month) as first, (max(month) + interval '1 month')::date as after_last from run_cells group by account, service) x
        join activity_records a on a.tenant_id = current_tenant() and a.account = x.account and a.service = x.service and a.entry_id is not null
          and a.period_start < x.after_last and a.period_end >= x.first
        join emission_records e on e.activity_id = a.id
        join emission_intervals i on i.emission_id = e.id and i.to_sequence is null
        join run_cells c on c.account = a.account and c.service = a.service and c.month = e.month
        group by e.month, e.scope, e.category, e.scope2_method, a.provider, a.account, a.service, a.region, a.usage_class, e.method, e.calculation_method,
          a.currency
        """,
    ];

    /// <returns>The ledger number from which on it counts.</returns>
    public static async Task<long> ApproveAsync(TenantUnit unit, Guid proposal, CancellationToken cancellationToken)
    {
        var sequence = await CloudLedger.NextSequenceAsync(unit, cancellationToken);
        await ExecuteAsync(
            unit,
            """
            create temp table run_changes on commit drop as
            select entry_id, activity_id, activity_before, fingerprint_after as fingerprint, fault_after as fault from calculation_run_changes where proposal_id = $1
            """,
            cancellationToken, proposal);
        await ExecuteAsync(unit, "analyze pg_temp.run_changes", cancellationToken);
        await ExecuteAsync(
            unit,
            """
            update emission_intervals i set to_sequence = $1
            from run_changes c join emission_records e on e.activity_id = c.activity_before
            where i.emission_id = e.id and i.to_sequence is null
            """,
            cancellationToken, sequence);
        await ExecuteAsync(
            unit, "insert into emission_intervals (tenant_id, emission_id, from_sequence) select current_tenant(), id, $1 from emission_records where proposal_id = $2",
            cancellationToken, sequence, proposal);
        await ExecuteAsync(
            unit, "update entry_results p set activity_id = c.activity_id, fingerprint = c.fingerprint, sequence = $1 from run_changes c where p.entry_id = c.entry_id",
            cancellationToken, sequence);
        await FinishAsync(unit, cancellationToken);
        return sequence;
    }

    /// <summary>
    /// Puts back what stood before, of the entries whose results are still those of the run. What was entered or changed since is for the caller to
    /// calculate anew.
    /// </summary>
    /// <returns>The ledger number from which on the former results count again.</returns>
    public static async Task<long> RollBackAsync(TenantUnit unit, Guid proposal, long approved, CancellationToken cancellationToken)
    {
        var sequence = await CloudLedger.NextSequenceAsync(unit, cancellationToken);
        await ExecuteAsync(
            unit,
            """
            create temp table run_changes on commit drop as
            select c.entry_id, c.activity_id, c.activity_before, c.fingerprint_before as fingerprint, c.fault_before as fault
            from calculation_run_changes c join entry_results p on p.entry_id = c.entry_id
            where c.proposal_id = $1 and p.fingerprint = c.fingerprint_after and p.activity_id is not distinct from c.activity_id
            """,
            cancellationToken, proposal);
        await ExecuteAsync(unit, "analyze pg_temp.run_changes", cancellationToken);
        await ExecuteAsync(
            unit,
            """
            update emission_intervals i set to_sequence = $1
            from run_changes c join emission_records e on e.activity_id = c.activity_id and e.proposal_id = $2
            where i.emission_id = e.id and i.to_sequence is null
            """,
            cancellationToken, sequence, proposal);
        await ExecuteAsync(
            unit,
            """
            insert into emission_intervals (tenant_id, emission_id, from_sequence)
            select current_tenant(), e.id, $1
            from run_changes c join emission_records e on e.activity_id = c.activity_before
            where exists (select from emission_intervals i where i.emission_id = e.id and i.to_sequence = $2)
            """,
            cancellationToken, sequence, approved);
        await ExecuteAsync(
            unit, "update entry_results p set activity_id = c.activity_before, fingerprint = c.fingerprint, sequence = $1 from run_changes c where p.entry_id = c.entry_id",
            cancellationToken, sequence);
        await FinishAsync(unit, cancellationToken);
        return sequence;
    }

    private static async Task FinishAsync(TenantUnit unit, CancellationToken cancellationToken)
    {
        await ExecuteAsync(unit, "delete from calculation_exceptions x using run_changes c where x.entry_id = c.entry_id and c.fault is null", cancellationToken);
        await ExecuteAsync(
            unit,
            """
            insert into calculation_exceptions as x (tenant_id, entry_id, code, message, mend, since)
            select current_tenant(), entry_id, fault ->> 'code', fault ->> 'message', fault ->> 'mend', coalesce((fault ->> 'since')::timestamptz, now())
            from run_changes where fault is not null
            on conflict (entry_id) do update set code = excluded.code, message = excluded.message, mend = excluded.mend,
              since = case when x.code = excluded.code then x.since else excluded.since end
            """,
            cancellationToken);
        foreach (var statement in Totals)
        {
            await ExecuteAsync(unit, statement, cancellationToken);
        }
    }

    private static Task<int> ExecuteAsync(TenantUnit unit, string statement, CancellationToken cancellationToken, params object?[] parameters) =>
        unit.Connection.ExecuteLongAsync(statement, cancellationToken, parameters);
}
