using Npgsql;
using OffGridFlow.Infrastructure.Persistence;
using OffGridFlow.Infrastructure.Persistence.PostgreSql;

namespace OffGridFlow.Infrastructure.Inventory;

/// <summary>A site or cloud account in a calendar year.</summary>
internal readonly record struct PlaceYear(string Provider, string Account, int Year);

/// <summary>A site in a month.</summary>
/// <param name="Month">Its first day.</param>
internal readonly record struct SiteMonth(string Site, DateOnly Month);

/// <summary>What an inventory can be asked by, as the ledger holds it.</summary>
/// <param name="Service">Empty of cloud usage, which inventories do not divide.</param>
/// <param name="View">Empty where both views of Scope 2 have it.</param>
internal sealed record TotalsKind(int Scope, int Category, string Service, string Method, string View, bool IsComparison);

/// <summary>A cell of the roll-up, or a result by itself.</summary>
/// <param name="Month">Its first day.</param>
/// <param name="Days">That it is about, first and last: of a cell the whole month, of a result its own.</param>
/// <param name="Held">A bit for each of <see cref="PlaceTotals.Measures"/>, by its place: those that are not nothing.</param>
/// <param name="Amounts">Of those that are held, in their order.</param>
internal readonly record struct TotalsCell(TotalsKind Kind, DateOnly Month, (DateOnly First, DateOnly Last) Days, int Results, int WithoutFigure, int Held, decimal[] Amounts)
{
    /// <summary>What it takes in memory, nearly.</summary>
    public long Bytes => 72 + (16 * Amounts.Length);
}

/// <summary>
/// Reads cells of places and years, and results of places and months: the same of each, so that they are added up alike. They stay apart as the ledger has them,
/// because a share is rounded cell by cell; one kind comes after the other.
/// </summary>
internal static class PlaceTotals
{
    /// <summary>Of which a share counts. The first is the mass.</summary>
    public static readonly IReadOnlyList<string> Measures =
    [
        "kg_co2e", "co2_kg_co2e", "ch4_kg_co2e", "n2o_kg_co2e", "hfcs_kg_co2e", "pfcs_kg_co2e", "sf6_kg_co2e", "nf3_kg_co2e", "biogenic_kg_co2", "kilowatt_hours",
        "measured_kg_co2e", "defaulted_kg_co2e", "submitted_kg_co2e",
    ];

    /// <summary>
    /// The results <c>e</c> that stand for the places and months of <c>p</c> (account, first_month, after_last), by index, with their activity <c>a</c> and the days
    /// <c>d</c> that they are about.
    /// </summary>
    internal const string StandingResults =
        """
        from p
        cross join lateral (
          select id, service, entry_status, period_start, period_end from activity_records
          where tenant_id = (select current_tenant()) and account = p.account and entry_id is not null and period_start < p.after_last and period_end >= p.first_month offset 0) a
        join emission_records e on e.activity_id = a.id and e.month = p.first_month
        join emission_intervals i on i.activity_id = e.activity_id and i.proposal_id is not distinct from e.proposal_id and i.to_sequence is null
        cross join lateral (
          select coalesce((e.derivation ->> 'from')::date, greatest(a.period_start, e.month)) as first_day,
            coalesce((e.derivation ->> 'to')::date, least(a.period_end, p.after_last - 1)) as last_day offset 0) d
        """;

    /// <summary>
    /// What is nothing, as most gases of most cells are, is not sent, nor what the month says. <c>$1</c>: accounts, of any provider: to join with both took a third of the
    /// time; <c>$2</c>: the first month of all; <c>$3</c>: the last.
    /// </summary>
    private static readonly string Cells =
        $"""
        select t.provider, t.account, t.month, null::date, null::date, t.scope, t.category, t.service, t.calculation_method, t.scope2_method, t.comparison_only,
          t.activities::integer, t.activities_without_result::integer, {Sent("t", Measures)}
        from monthly_totals t where t.tenant_id = (select current_tenant()) and t.account = any($1) and t.month between $2 and $3
        """;

    private static readonly string Results =
        $"""
        with p as (
          select account, first_month, (first_month + interval '1 month')::date as after_last
          from unnest($1::text[], $2::date[]) as p (account, first_month))
        select '{BoundaryRow.Entry}', p.account, e.month, d.first_day, d.last_day, e.scope, coalesce(e.category, 0), a.service, coalesce(e.calculation_method, ''),
          coalesce(e.scope2_method, ''), e.comparison_only, 1, case when e.quality = 'Missing' then 1 else 0 end, {Sent("e", Measures.Take(10))}, case when e.quality = 'Measured' then nullif(e.kg_co2e, 0) end,
          nullif(e.defaulted_kg_co2e, 0), case when a.entry_status = 'Submitted' then nullif(e.kg_co2e, 0) end
        {StandingResults}
        """;

    private static string Sent(string of, IEnumerable<string> measures) => string.Join(", ", measures.Select(measure => $"nullif({of}.{measure}, 0)"));

    /// <returns>In the order that was asked for.</returns>
    public static async Task<IReadOnlyList<IReadOnlyList<TotalsCell>>> ReadAsync(TenantUnit unit, IReadOnlyList<PlaceYear> years, CancellationToken cancellationToken)
    {
        if (years.Count == 0)
        {
            return [];
        }

        await using var command = unit.Connection.Command(
            Cells, years.Select(year => year.Account).Distinct().ToArray(), new DateOnly(years.Min(year => year.Year), 1, 1), new DateOnly(years.Max(year => year.Year), 12, 1));
        return await ReadAsync(command, years, (provider, account, month) => new PlaceYear(provider, account, month.Year), cancellationToken);
    }

    /// <returns>In the order that was asked for.</returns>
    public static async Task<IReadOnlyList<IReadOnlyList<TotalsCell>>> ReadAsync(TenantUnit unit, IReadOnlyList<SiteMonth> months, CancellationToken cancellationToken)
    {
        if (months.Count == 0)
        {
            return [];
        }

        await using var command = unit.Connection.Command(Results, months.Select(month => month.Site).ToArray(), months.Select(month => month.Month).ToArray());
        return await ReadAsync(command, months, (_, account, month) => new SiteMonth(account, month), cancellationToken);
    }

    /// <param name="keyOf">From the provider, the account and the month of a row, which may be one that nobody asked for: of one place one year, of another the next.</param>
    private static async Task<IReadOnlyList<IReadOnlyList<TotalsCell>>> ReadAsync<T>(
        NpgsqlCommand command, IReadOnlyList<T> asked, Func<string, string, DateOnly, T> keyOf, CancellationToken cancellationToken)
        where T : struct
    {
        var texts = new Dictionary<string, string>();
        var kinds = new Dictionary<TotalsKind, (TotalsKind Kind, int Number)>();
        var read = asked.ToDictionary(of => of, _ => new List<(int Kind, TotalsCell Cell)>());
        var amounts = new List<decimal>();
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            string Shared(int column)
            {
                var text = reader.GetString(column);
                return texts.TryGetValue(text, out var same) ? same : texts[text] = text;
            }

            var (provider, month) = (Shared(0), reader.GetFieldValue<DateOnly>(2));
            if (!read.TryGetValue(keyOf(provider, Shared(1), month), out var cells))
            {
                continue;
            }

            var kind = new TotalsKind(
                reader.GetInt32(5), reader.GetInt32(6), provider == BoundaryRow.Entry ? Shared(7) : "", Shared(8), Shared(9), reader.GetBoolean(10));
            if (!kinds.TryGetValue(kind, out var known))
            {
                kinds[kind] = known = (kind, kinds.Count);
            }

            amounts.Clear();
            var held = 0;
            for (var measure = 0; measure < Measures.Count; measure++)
            {
                if (!reader.IsDBNull(13 + measure))
                {
                    held |= 1 << measure;
                    amounts.Add(reader.GetDecimal(13 + measure));
                }
            }

            var days = reader.IsDBNull(3) ? (month, month.AddMonths(1).AddDays(-1)) : (reader.GetFieldValue<DateOnly>(3), reader.GetFieldValue<DateOnly>(4));
            cells.Add((known.Number, new TotalsCell(known.Kind, month, days, reader.GetInt32(11), reader.GetInt32(12), held, [.. amounts])));
        }

        return [.. asked.Select(of => read[of].OrderBy(cell => cell.Kind).Select(cell => cell.Cell).ToArray())];
    }
}
