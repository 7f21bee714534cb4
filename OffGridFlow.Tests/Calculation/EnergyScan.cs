using OffGridFlow.Tests.Imports;

namespace OffGridFlow.Tests.Calculation;

/// <summary>The roll-up of energy against what the results that count say, worked out without it, and what stands in a result's columns against what made it.</summary>
internal static class EnergyScan
{
    private const string Scan =
        """
        select e.tenant_id, a.account, e.month, e.scope, a.service, e.energy_carrier as carrier, e.instrument_id, e.energy_unstated is true as is_unstated,
          case when e.quality = 'Missing' then 'no-result' else coalesce(e.energy_gap, case when e.energy_carrier is null then 'not-worked-out' end) end as gap,
          count(*) as results, sum(coalesce(e.energy_kwh, 0)) as kilowatt_hours, sum(coalesce(e.energy_renewable_kwh, 0)) as renewable_kilowatt_hours,
          sum(coalesce(e.energy_nuclear_kwh, 0)) as nuclear_kilowatt_hours
        from activity_records a
        join emission_intervals i on i.activity_id = a.id and i.to_sequence is null
        join emission_records e on e.activity_id = a.id and e.proposal_id is not distinct from i.proposal_id
        where e.tenant_id = $1 and e.scope in (1, 2) and e.calculation_method = any (array['Fuel', 'Distance', 'PurchasedEnergy', 'OwnEnergy'])
          and e.scope2_method is distinct from 'Location' and coalesce(e.part, 'Direct') = any (array['Direct', 'LifeCycle']) and e.quality <> 'Excluded'
          and (e.energy_gap is null or e.energy_gap <> 'not-energy')
        group by 1, 2, 3, 4, 5, 6, 7, 8, 9
        """;

    /// <summary>Empty where they agree.</summary>
    public static Task<List<string>> DifferencesAsync(Ledger ledger) => ledger.TextsAsync(
        $"""
        with scan as ({Scan})
        select 'energy scan ' || d::text from (select * from scan except all select * from monthly_energy where tenant_id = $1) d
        union all select 'energy kept ' || d::text from (select * from monthly_energy where tenant_id = $1 except all select * from scan) d
        union all
        select 'energy columns ' || e.id from emission_records e join derivations d on d.tenant_id = e.tenant_id and d.id = e.derivation_id
        cross join lateral (select whole_derivation(d.content, e.derivation) -> 'energy' as energy) w
        where e.tenant_id = $1 and (e.energy_carrier, e.energy_gap, e.energy_kwh, e.energy_renewable_kwh, e.energy_nuclear_kwh, e.energy_unstated)
          is distinct from (energy ->> 'carrier', energy ->> 'gap', (energy ->> 'kilowattHours')::numeric, (energy ->> 'renewableKilowattHours')::numeric,
            (energy ->> 'nuclearKilowattHours')::numeric, (energy ->> 'isUnstated')::boolean)
        """);

    /// <summary>For a test that has changed results behind the program's back.</summary>
    public static async Task RebuildAsync(Ledger ledger)
    {
        await ledger.ExecuteAsync("delete from monthly_energy where tenant_id = $1");
        await ledger.ExecuteAsync($"insert into monthly_energy {Scan}");
    }
}
