using OffGridFlow.Core.Calculation;
using OffGridFlow.Core.Targets;
using OffGridFlow.Infrastructure.Persistence;
using OffGridFlow.Infrastructure.Persistence.PostgreSql;

namespace OffGridFlow.Infrastructure.Targets;

/// <summary>What was reported of past periods: the totals of their first snapshots, which stay whatever is recalculated later.</summary>
internal static class ReportedFigures
{
    /// <summary>kg CO2e as reported, by the period's id; a period that was never locked is not in it.</summary>
    public static async Task<IReadOnlyDictionary<Guid, ScopeKilograms>> ListAsync(TenantUnit unit, CancellationToken cancellationToken)
    {
        var rows = await unit.Connection.ListAsync(
            """
            select s.period_id, (g ->> 'scope')::integer, initcap(v.name), (g ->> 'kgCo2e')::numeric
            from (select distinct on (period_id) period_id, content::jsonb as content from inventory_snapshots order by period_id, number) s
            cross join (values ('location'), ('market')) v(name)
            left join lateral jsonb_array_elements(s.content -> 'totals' -> v.name -> 'scope') g on v.name = 'location' or (g ->> 'scope')::integer = 2
            """,
            // Nothing at all was reported too, as nothing.
            row => (Period: row.GetGuid(0), Kg: row.IsDBNull(1) ? ScopeKilograms.Zero : ScopeKilograms.Of(row.GetInt32(1), Enum.Parse<Scope2Method>(row.GetString(2)), row.GetDecimal(3))), cancellationToken);
        return rows.GroupBy(row => row.Period).ToDictionary(period => period.Key, period => period.Aggregate(ScopeKilograms.Zero, (sum, row) => sum.Plus(row.Kg)));
    }
}
