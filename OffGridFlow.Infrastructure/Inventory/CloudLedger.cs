using OffGridFlow.Infrastructure.Persistence;
using OffGridFlow.Infrastructure.Persistence.PostgreSql;

namespace OffGridFlow.Infrastructure.Inventory;

/// <summary>An account and usage month whose activities may have changed.</summary>
internal readonly record struct AffectedMonth(string Provider, string Account, DateOnly Month);

/// <summary>
/// Turns usage summaries into activities, results and monthly totals. Works on summaries and only for the months a change touches,
/// inside the transaction that makes the change. Cloud usage is Scope 3, category 1 (GHG Protocol Scope 3 Standard, ch. 5.4).
/// </summary>
internal static class CloudLedger
{
    /// <summary>Takes the tenant's next ledger number. Other publishers of the tenant wait here until this transaction ends.</summary>
    public static async Task<long> NextSequenceAsync(TenantUnit unit, CancellationToken cancellationToken) =>
        await unit.Connection.ScalarAsync<long>("update ledger_sequences set value = value + 1 where tenant_id = current_tenant() returning value", cancellationToken);

    public static Task<List<AffectedMonth>> AffectedAsync(TenantUnit unit, long[] batchNumbers, CancellationToken cancellationToken) =>
        unit.Connection.ListAsync(
            """
            select distinct k.provider, k.account, s.usage_month from usage_summaries s join usage_kinds k on k.id = s.kind_id
            where s.batch_number = any($1) and s.charge = 'Usage'
            """,
            row => new AffectedMonth(row.GetString(0), row.GetString(1), row.GetFieldValue<DateOnly>(2)), cancellationToken, batchNumbers);

    /// <exception cref="Core.Inventory.PeriodLockedException">A result of a locked month would change.</exception>
    public static async Task RecomputeAsync(
        TenantUnit unit, IReadOnlyCollection<AffectedMonth> affected, long sequence, CancellationToken cancellationToken)
    {
        if (affected.Count == 0)
        {
            return;
        }

        await unit.Connection.ExecuteAsync(
            """
            create temp table affected on commit drop as
            select distinct provider, account, month from unnest($1::text[], $2::text[], $3::date[]) as a (provider, account, month)
            """,
            cancellationToken, affected.Select(month => month.Provider).ToArray(), affected.Select(month => month.Account).ToArray(), affected.Select(month => month.Month).ToArray());
        foreach (var statement in Statements)
        {
            if (statement == EndFormer)
            {
                await FrozenMonths.CheckAsync(unit, Moved, cancellationToken);
            }

            await using var command = unit.Connection.Command(statement);
            if (statement.Contains("$1", StringComparison.Ordinal))
            {
                command.Parameters.Add(new Npgsql.NpgsqlParameter { Value = sequence });
            }

            command.CommandTimeout = 0;
            await command.ExecuteNonQueryAsync(cancellationToken);
        }
    }

    /// <summary>Months in which a result ends or begins.</summary>
    private const string Moved =
        """
        select usage_month as month from changed
        union all select s.month from standing s left join fresh f on f.key = s.key where f.key is null
        """;

    private const string EndFormer =
        """
        update emission_intervals i set to_sequence = $1
        from standing s left join fresh f on f.key = s.key left join changed c on c.key = s.key
        where i.activity_id = s.activity_id and i.to_sequence is null and (f.key is null or c.key is not null)
        """;

    private static readonly string[] Statements =
    [
        "analyze affected",

        // What the current batches say now.
        """
        create temp table fresh on commit drop as
        with summaries as (
          select k.provider, k.account, k.service, k.region, k.currency, s.*
          from affected a
          join usage_kinds k on k.provider = a.provider and k.account = a.account
          join usage_summaries s on s.kind_id = k.id and s.usage_month = a.month and s.charge = 'Usage'
          join import_batches b on b.number = s.batch_number and b.state = 'Current'),
        flags as (
          select provider, account, service, region, usage_class, usage_month, currency, array_agg(distinct flag order by flag) as flags
          from summaries, unnest(summaries.flags) as flag
          group by provider, account, service, region, usage_class, usage_month, currency),
        sums as (
          select provider, account, service, region, usage_class, usage_month, currency,
            sum(class_quantity) as quantity, max(class_unit) as unit, sum(line_count) as line_count, sum(cost) as cost,
            sum(kilowatt_hours) as kilowatt_hours, sum(operational_kg_co2e) as operational, sum(embodied_kg_co2e) as embodied,
            coalesce(sum(operational_kg_co2e + embodied_kg_co2e) filter (where defaulted), 0) as defaulted_kg,
            bool_and(defaulted) as all_defaulted, max(grid_factor_id) as grid_factor_id,
            string_agg(distinct method, ', ' order by method) as method,
            string_agg(distinct method_version, ', ' order by method_version) as method_version, bool_or(comparison_only) as comparison_only
          from summaries
          group by provider, account, service, region, usage_class, usage_month, currency)
        select s.*, coalesce(f.flags, '{}') as flags,
          concat_ws('/', 'cloud', s.provider, s.account, s.service, s.region, s.usage_class, to_char(s.usage_month, 'YYYY-MM'), s.currency) as key,
          case when s.usage_class = 'Excluded' then 'Excluded' when s.kilowatt_hours is null then 'Missing'
            when s.all_defaulted then 'Defaulted' else 'Estimated' end as quality
        from sums s
        left join flags f using (provider, account, service, region, usage_class, usage_month, currency)
        """,

        // What the ledger says now.
        """
        create temp table standing on commit drop as
        select a.id as activity_id, a.key, a.quantity, a.unit, a.line_count, a.cost, e.kilowatt_hours, e.operational_kg_co2e as operational,
          e.embodied_kg_co2e as embodied, e.defaulted_kg_co2e as defaulted_kg, e.method, e.method_version, e.flags, e.quality, e.grid_factor_id, e.month
        from affected x
        join activity_records a on a.provider = x.provider and a.account = x.account and a.period_start = x.month
        join emission_records e on e.activity_id = a.id
        join emission_intervals i on i.activity_id = e.activity_id and i.proposal_id is not distinct from e.proposal_id and i.to_sequence is null
        """,

        // What differs gets a new version; the rest is left as it stands.
        """
        create temp table changed on commit drop as
        select f.*, new_id() as activity_id, new_id() as emission_id
        from fresh f left join standing s on s.key = f.key
        where s.key is null
          or (f.quantity, f.unit, f.line_count, f.cost, f.kilowatt_hours, f.operational, f.embodied, f.defaulted_kg, f.method, f.method_version,
              f.flags, f.quality, f.grid_factor_id)
            is distinct from
             (s.quantity, s.unit, s.line_count, s.cost, s.kilowatt_hours, s.operational, s.embodied, s.defaulted_kg, s.method, s.method_version,
              s.flags, s.quality, s.grid_factor_id)
        """,

        EndFormer,

        """
        insert into activity_records (id, tenant_id, key, version, provider, account, service, region, usage_class, period_start, period_end,
          quantity, unit, line_count, cost, currency, recorded_at)
        select activity_id, current_tenant(), key, coalesce(former.version, 0) + 1,
          provider, account, service, region, usage_class, usage_month, (usage_month + interval '1 month' - interval '1 day')::date,
          quantity, unit, line_count, cost, currency, now()
        from changed
        left join (
          select a.key, max(a.version) as version
          from affected x join activity_records a on a.provider = x.provider and a.account = x.account and a.period_start = x.month
          group by a.key) as former using (key)
        """,

        """
        insert into emission_records (id, tenant_id, activity_id, scope, category, month, method, method_version, comparison_only, kilowatt_hours,
          operational_kg_co2e, embodied_kg_co2e, kg_co2e, defaulted_kg_co2e, quality, grid_factor_id, flags, calculation_method)
        select emission_id, current_tenant(), activity_id, 3, 1, usage_month, method, method_version, comparison_only, kilowatt_hours, operational, embodied,
          operational + embodied, defaulted_kg, quality, grid_factor_id, flags, 'AverageData'
        from changed
        """,

        "insert into emission_intervals (tenant_id, activity_id, from_sequence) select current_tenant(), activity_id, $1 from changed",

        """
        delete from monthly_totals t using affected a where t.provider = a.provider and t.account = a.account and t.month = a.month
        """,

        """
        insert into monthly_totals (tenant_id, month, scope, category, scope2_method, provider, account, service, region, usage_class, method, calculation_method, comparison_only,
          currency, activities, activities_without_result, kilowatt_hours, operational_kg_co2e, embodied_kg_co2e, kg_co2e, measured_kg_co2e,
          defaulted_kg_co2e, biogenic_kg_co2, submitted_kg_co2e, cost, unmapped_cost)
        select current_tenant(), a.period_start, e.scope, coalesce(e.category, 0), '', a.provider, a.account, a.service, a.region, a.usage_class,
          e.method, coalesce(e.calculation_method, ''), bool_or(e.comparison_only), a.currency, count(*), count(*) filter (where e.quality = 'Missing'), coalesce(sum(e.kilowatt_hours), 0),
          coalesce(sum(e.operational_kg_co2e), 0), coalesce(sum(e.embodied_kg_co2e), 0), coalesce(sum(e.kg_co2e), 0), 0, sum(e.defaulted_kg_co2e), 0, 0,
          sum(a.cost),
          coalesce(sum(a.cost) filter (where e.quality = 'Missing'), 0)
        from affected x
        join activity_records a on a.provider = x.provider and a.account = x.account and a.period_start = x.month
        join emission_records e on e.activity_id = a.id
        join emission_intervals i on i.activity_id = e.activity_id and i.proposal_id is not distinct from e.proposal_id and i.to_sequence is null
        group by a.period_start, e.scope, e.category, a.provider, a.account, a.service, a.region, a.usage_class, e.method, e.calculation_method, a.currency
        """,
    ];
}
