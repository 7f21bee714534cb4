using System.Globalization;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using OffGridFlow.Core.Identity;
using OffGridFlow.Infrastructure.Jobs;
using OffGridFlow.Infrastructure.Persistence;
using OffGridFlow.Infrastructure.Persistence.PostgreSql;

namespace OffGridFlow.Infrastructure.Inventory;

/// <summary>
/// Holds every monthly total and every monthly sum of energy of every organization against a scan of all results that count, each organization under its own
/// row-level security. Which organization differs and by how much goes to the log, for whoever runs the installation; the outcome holds counts only.
/// </summary>
internal sealed partial class MonthlyTotalsProof(Database database, IServiceScopeFactory scopes, ILogger<MonthlyTotalsProof> logger) : ISystemJob
{
    /// <summary>
    /// One statement, so that totals and results are those of one moment. A cell that only one side has differs by all that it holds.
    /// </summary>
    private const string Compare =
        """
        with scan as (
          select e.month, e.scope, coalesce(e.category, 0) as category, coalesce(e.scope2_method, '') as scope2_method, a.provider, a.account, a.service,
            a.region, a.usage_class, e.method, coalesce(e.calculation_method, '') as calculation_method, a.currency, count(*) as activities, count(*) filter (where e.quality = 'Missing') as without_result,
            coalesce(sum(e.kilowatt_hours), 0) as kwh, coalesce(sum(e.operational_kg_co2e), 0) as operational, coalesce(sum(e.embodied_kg_co2e), 0) as embodied,
            coalesce(sum(e.kg_co2e), 0) as kg, coalesce(sum(e.kg_co2e) filter (where e.quality = 'Measured'), 0) as measured,
            sum(e.defaulted_kg_co2e) as defaulted, coalesce(sum(e.biogenic_kg_co2), 0) as biogenic,
            coalesce(sum(e.kg_co2e) filter (where a.entry_status = 'Submitted'), 0) as submitted,
            coalesce(sum(e.co2_kg_co2e), 0) as co2, coalesce(sum(e.ch4_kg_co2e), 0) as ch4, coalesce(sum(e.n2o_kg_co2e), 0) as n2o,
            coalesce(sum(e.hfcs_kg_co2e), 0) as hfcs, coalesce(sum(e.pfcs_kg_co2e), 0) as pfcs, coalesce(sum(e.sf6_kg_co2e), 0) as sf6,
            coalesce(sum(e.nf3_kg_co2e), 0) as nf3, sum(a.cost) as cost, coalesce(sum(a.cost) filter (where e.quality = 'Missing'), 0) as unmapped
          from emission_records e
          join emission_intervals i on i.activity_id = e.activity_id and i.proposal_id is not distinct from e.proposal_id and i.to_sequence is null
          join activity_records a on a.id = e.activity_id
          group by 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12),
        cells as (
          select t.month is null or s.month is null
              or (t.activities, t.activities_without_result) is distinct from (s.activities, s.without_result)
              or (t.kilowatt_hours, t.operational_kg_co2e, t.embodied_kg_co2e, t.kg_co2e, t.measured_kg_co2e, t.defaulted_kg_co2e, t.biogenic_kg_co2,
                  t.submitted_kg_co2e, t.co2_kg_co2e, t.ch4_kg_co2e, t.n2o_kg_co2e, t.hfcs_kg_co2e, t.pfcs_kg_co2e, t.sf6_kg_co2e, t.nf3_kg_co2e,
                  t.cost, t.unmapped_cost)
                is distinct from (s.kwh, s.operational, s.embodied, s.kg, s.measured, s.defaulted, s.biogenic, s.submitted,
                  s.co2, s.ch4, s.n2o, s.hfcs, s.pfcs, s.sf6, s.nf3, s.cost, s.unmapped) as differs,
            abs(coalesce(t.kg_co2e, 0) - coalesce(s.kg, 0)) as kg_co2e
          from monthly_totals t
          full join scan s on (t.month, t.scope, t.category, t.scope2_method, t.provider, t.account, t.service, t.region, t.usage_class, t.method, t.calculation_method, t.currency)
            = (s.month, s.scope, s.category, s.scope2_method, s.provider, s.account, s.service, s.region, s.usage_class, s.method, s.calculation_method, s.currency))
        select count(*), count(*) filter (where differs), coalesce(max(kg_co2e), 0) from cells
        """;

    /// <summary>The same of the roll-up of energy. Keys may be null, which no equality of rows finds.</summary>
    private static readonly string CompareEnergy =
        $"""
        with scan as (
          select {EnergyRollUp.KeyOf("a")}, {EnergyRollUp.SumOf()}
          from emission_records e
          join emission_intervals i on i.activity_id = e.activity_id and i.proposal_id is not distinct from e.proposal_id and i.to_sequence is null
          join activity_records a on a.id = e.activity_id
          where {EnergyRollUp.Counts}
          group by {EnergyRollUp.KeyOf("a")}),
        both_sides as (
          select 1 as side, {EnergyRollUp.Key}, {EnergyRollUp.Figures} from monthly_energy
          union all
          select -1, s.* from scan as s ({EnergyRollUp.Key}, {EnergyRollUp.Figures})),
        cells as (
          select count(*) = 2 and (sum(side * results), sum(side * kilowatt_hours), sum(side * renewable_kilowatt_hours), sum(side * nuclear_kilowatt_hours)) = (0, 0, 0, 0) as agrees,
            abs(sum(side * kilowatt_hours)) as kilowatt_hours
          from both_sides group by {EnergyRollUp.Key})
        select count(*), count(*) filter (where not agrees), coalesce(max(kilowatt_hours), 0) from cells
        """;

    public string Kind => SystemSchedules.MonthlyTotalsProof;

    public async Task<SystemJobOutcome> RunAsync(SystemJobContext job, CancellationToken cancellationToken)
    {
        List<Guid> tenants;
        await using (var connection = await database.App.OpenConnectionAsync(cancellationToken))
        {
            tenants = await connection.ListAsync("select tenant_ids()", row => row.GetGuid(0), cancellationToken);
        }

        long cells = 0, differing = 0, organizations = 0;
        for (var i = 0; i < tenants.Count; i++)
        {
            var (totals, energy) = await CompareAsync(tenants[i], cancellationToken);
            cells += totals.Cells + energy.Cells;
            differing += totals.Differing + energy.Differing;
            organizations += totals.Differing + energy.Differing > 0 ? 1 : 0;
            if (totals.Differing > 0)
            {
                Log.Differs(logger, tenants[i], totals.Differing, totals.Cells, totals.Largest);
            }

            if (energy.Differing > 0)
            {
                Log.EnergyDiffers(logger, tenants[i], energy.Differing, energy.Cells, energy.Largest);
            }

            job.Report(i + 1, tenants.Count);
        }

        var result = new Dictionary<string, long> { ["cells"] = cells, ["differing"] = differing };
        return new SystemJobOutcome(result, differing == 0
            ? null
            : string.Create(
                CultureInfo.InvariantCulture,
                $"{differing} of {cells} monthly totals and sums of energy, of {organizations} of {tenants.Count} organizations, differ from a full scan of the results. Nothing was changed. The log of this time names the organizations and the largest difference; do not report from them until it is explained."));
    }

    private async Task<(Found Totals, Found Energy)> CompareAsync(Guid tenant, CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        scope.ServiceProvider.GetRequiredService<CurrentUser>().Become(new Actor(tenant, null, "OffGridFlow", TenantRole.Admin));
        await using var unit = await scope.ServiceProvider.GetRequiredService<TenantDatabase>().OpenAsync(cancellationToken);
        return (await CompareAsync(unit, Compare, cancellationToken), await CompareAsync(unit, CompareEnergy, cancellationToken));
    }

    private static async Task<Found> CompareAsync(TenantUnit unit, string compare, CancellationToken cancellationToken)
    {
        await using var command = unit.Connection.Command(compare);
        command.CommandTimeout = 0;
        await using var row = await command.ExecuteReaderAsync(cancellationToken);
        await row.ReadAsync(cancellationToken);
        return new Found(row.GetInt64(0), row.GetInt64(1), row.GetDecimal(2));
    }

    /// <param name="Largest">Difference: kg CO2e of totals, kWh of energy.</param>
    private sealed record Found(long Cells, long Differing, decimal Largest);

    private static partial class Log
    {
        [LoggerMessage(
            EventId = 3201, Level = LogLevel.Error,
            Message = "Monthly totals of tenant {TenantId} differ from a full scan in {Differing} of {Cells} cells, by at most {LargestKgCo2e} kg CO2e")]
        public static partial void Differs(ILogger logger, Guid tenantId, long differing, long cells, decimal largestKgCo2e);

        [LoggerMessage(
            EventId = 3202, Level = LogLevel.Error,
            Message = "Monthly sums of energy of tenant {TenantId} differ from a full scan in {Differing} of {Cells} cells, by at most {LargestKilowattHours} kWh")]
        public static partial void EnergyDiffers(ILogger logger, Guid tenantId, long differing, long cells, decimal largestKilowattHours);
    }
}
