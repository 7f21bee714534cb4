namespace OffGridFlow.Infrastructure.Calculation.Runs;

/// <summary>
/// One hash for all results that count in a year (<c>docs/methods/calculation-runs.md</c>): what stands again after a rollback has it again. Ids of rows,
/// times and ledger numbers are left out; every figure is in it as the shortest text of its number.
/// </summary>
internal static class LedgerHash
{
    /// <param name="intervals">Those that stand, or <c>emission_history</c>.</param>
    /// <param name="ofMonths">A further condition on the months.</param>
    private static string Months(string intervals, string ofMonths) =>
        $"""
        with lines as (
          select e.month, concat_ws('|', a.key, a.period_start, a.period_end, trim_scale(a.quantity), a.unit, e.scope, coalesce(e.category, 0), coalesce(e.scope2_method, ''),
            coalesce(e.part, ''), coalesce(e.factor_id, ''), coalesce(e.factor_set_id, ''), coalesce(e.factor_set_checksum, ''), coalesce(e.instrument_id::text, ''),
            e.method, e.method_version, coalesce(trim_scale(e.kilowatt_hours)::text, ''), coalesce(trim_scale(e.kg_co2e)::text, ''),
            coalesce(trim_scale(e.biogenic_kg_co2)::text, ''), trim_scale(e.defaulted_kg_co2e), e.quality, array_to_string(e.flags, ',')) as line
          from {intervals} i
          join emission_records e on e.activity_id = i.activity_id and e.proposal_id is not distinct from i.proposal_id
          join activity_records a on a.id = e.activity_id
          where i.from_sequence <= $1 and (i.to_sequence is null or i.to_sequence > $1) {ofMonths}),
        months as (
          select month, encode(sha256(convert_to(string_agg(line, E'\n' order by line collate "C"), 'UTF8')), 'hex') as hash, count(*) as results from lines group by month)
        """;

    /// <summary><c>$1</c>: the ledger number. Year, hash in hexadecimal, number of results. Months are hashed first, so that no text grows with the year.</summary>
    /// <param name="intervals">Those that stand, where it is the present number, or <c>emission_history</c>.</param>
    public static string Statement(string intervals) =>
        Months(intervals, "") +
        """
         select extract(year from month)::integer,
          encode(sha256(convert_to(string_agg(to_char(month, 'YYYY-MM') || ' ' || hash, E'\n' order by month), 'UTF8')), 'hex'), sum(results)::bigint
        from months group by 1 order by 1
        """;

    /// <summary><c>$1</c>: the present ledger number; <c>$2</c>, <c>$3</c>: the first days of the first and the last month. Month, hash, number of results.</summary>
    public static readonly string ByMonth = Months("emission_intervals", "and e.month between $2 and $3") + " select month, hash, results from months order by month";
}
