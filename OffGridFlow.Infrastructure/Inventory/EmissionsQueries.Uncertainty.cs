using OffGridFlow.Core.Identity;
using OffGridFlow.Infrastructure.Persistence.PostgreSql;

namespace OffGridFlow.Infrastructure.Inventory;

internal sealed partial class EmissionsQueries
{
    public async Task<TotalUncertainty> FindUncertaintyAsync(EmissionsFilter filter, CancellationToken cancellationToken)
    {
        user.Require(Permissions.DashboardsRead);
        await using var unit = await database.OpenAsync(cancellationToken);
        return await cache.GetAsync(unit, ("uncertainty", filter with { Order = null }), ReadAsync, _ => 1, cancellationToken);

        async Task<TotalUncertainty> ReadAsync()
        {
            var parameters = new List<object?>();
            var where = Where(filter, "a", parameters);
            return (await unit.Connection.ListAsync(
                UncertaintyStatement(where), row => new TotalUncertainty(row.GetDecimal(0), row.GetDecimal(1)), cancellationToken, [.. parameters]))[0];
        }
    }

    /// <summary>
    /// <see cref="Core.Calculation.Uncertainty.OfSum"/> in one statement: the squares of what each entry (with its reversal, which errs as it does) and each factor err, by the factor and the entry as they
    /// stand with the result. Percentages are of the figure, so that a hundredth part is squared; 6 decimals of the squares are more than 12
    /// significant digits of any total above a gram.
    /// </summary>
    private static string UncertaintyStatement(string where) =>
        $"""
        with stated as materialized (
          select coalesce(n.reverses_id, n.id) as quantity_id, e.factor_set_id, e.factor_set_checksum, e.factor_id, coalesce(e.kg_co2e, 0) as kg,
            coalesce(n.uncertainty_percent, 0) / 100 as quantity_error, coalesce(f.uncertainty_percent, 0) / 100 as factor_error
          from emission_intervals i
          join emission_records e on e.activity_id = i.activity_id and e.proposal_id is not distinct from i.proposal_id
          join activity_records a on a.id = e.activity_id
          join activity_entries n on n.id = a.entry_id
          left join factor_sets s on s.id = e.factor_set_id and s.checksum = e.factor_set_checksum
          left join emission_factors f on f.set_key = s.key and f.id = e.factor_id
          where i.to_sequence is null and (n.uncertainty_percent is not null or f.uncertainty_percent is not null) and {where}),
        squares as (
          select power(sum(kg) * max(quantity_error), 2) as square from stated group by quantity_id
          union all select power(sum(kg) * max(factor_error), 2) from stated group by factor_set_id, factor_set_checksum, factor_id)
        select round(sqrt(coalesce((select sum(square) from squares), 0)), 12), coalesce((select sum(kg) from stated), 0)
        """;
}
