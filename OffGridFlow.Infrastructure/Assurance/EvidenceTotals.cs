using OffGridFlow.Infrastructure.Persistence.PostgreSql;
using static OffGridFlow.Infrastructure.Assurance.EvidenceZip;

namespace OffGridFlow.Infrastructure.Assurance;

/// <summary>What is added up: the totals of the months, and the figures of cloud usage, which no entry explains (<c>totals.csv</c>, <c>cloud.csv</c>).</summary>
internal static class EvidenceTotals
{
    public const string CloudHeads =
        "result_id,month,scope,category,provider,account,service,region,usage_class,currency,kilowatt_hours,operational_kg_co2e,embodied_kg_co2e,kg_co2e,quality,method,method_version,comparison_only";

    public const string Heads = "month,scope,category,scope2_method,source,results,kg_co2e,kilowatt_hours,biogenic_kg_co2,submitted_kg_co2e";

    public static IAsyncEnumerable<string?[]> CloudAsync(EvidenceReader reader, EvidenceScope scope, CancellationToken cancellationToken) => reader.ReadAsync<string?[]>(
        $"""
        select e.id, e.month, e.scope, e.category, a.provider, a.account, a.service, a.region, a.usage_class, a.currency, e.kilowatt_hours, e.operational_kg_co2e,
          e.embodied_kg_co2e, e.kg_co2e, e.quality, e.method, e.method_version, e.comparison_only
        from {reader.Intervals} i
        join emission_records e on e.activity_id = i.activity_id and e.proposal_id is not distinct from i.proposal_id
        join activity_records a on a.id = e.activity_id
        where {reader.Counts} and a.entry_id is null and e.month between $1 and $2
        order by e.month, e.id
        """,
        row =>
        [
            row.GetGuid(0).ToString(), Month(row.GetFieldValue<DateOnly>(1)), Count(row.GetInt32(2)), row.Optional<int>(3) is { } category ? Count(category) : null, row.GetString(4),
            row.GetString(5), row.GetString(6), row.GetString(7), row.GetString(8), row.GetString(9), Number(row.Optional<decimal>(10)), Number(row.Optional<decimal>(11)),
            Number(row.Optional<decimal>(12)), Number(row.Optional<decimal>(13)), Lower(row.GetString(14)), row.GetString(15), row.GetString(16), YesNo(row.GetBoolean(17)),
        ],
        cancellationToken, scope.FirstMonth, scope.LastMonth);

    /// <summary>From the roll-up, which holds what counts now; of a snapshot from the results that counted.</summary>
    public static IAsyncEnumerable<string?[]> TotalsAsync(EvidenceReader reader, EvidenceScope scope, CancellationToken cancellationToken) => reader.ReadAsync<string?[]>(
        reader.AsOf is null
            ? """
              select month, scope, category, lower(scope2_method), case when provider = 'entry' then 'entry' else 'cloud' end, sum(activities)::bigint, sum(kg_co2e), sum(kilowatt_hours),
                sum(biogenic_kg_co2), sum(submitted_kg_co2e)
              from monthly_totals where month between $1 and $2 group by 1, 2, 3, 4, 5 order by 1, 2, 3, 4, 5
              """
            : $"""
              select e.month, e.scope, coalesce(e.category, 0), lower(coalesce(e.scope2_method, '')), case when a.entry_id is null then 'cloud' else 'entry' end, count(*),
                coalesce(sum(e.kg_co2e), 0), coalesce(sum(e.kilowatt_hours), 0), coalesce(sum(e.biogenic_kg_co2), 0),
                coalesce(sum(e.kg_co2e) filter (where a.entry_status = 'Submitted'), 0)
              from {reader.Intervals} i join emission_records e on e.activity_id = i.activity_id and e.proposal_id is not distinct from i.proposal_id join activity_records a on a.id = e.activity_id
              where {reader.Counts} and e.month between $1 and $2 group by 1, 2, 3, 4, 5 order by 1, 2, 3, 4, 5
              """,
        row =>
        [
            Month(row.GetFieldValue<DateOnly>(0)), Count(row.GetInt32(1)), row.GetInt32(2) is not 0 and var category ? Count(category) : null, row.GetString(3), row.GetString(4),
            Count(row.GetInt64(5)), Number(row.GetDecimal(6)), Number(row.GetDecimal(7)), Number(row.GetDecimal(8)), Number(row.GetDecimal(9)),
        ],
        cancellationToken, scope.FirstMonth, scope.LastMonth);
}
