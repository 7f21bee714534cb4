using Npgsql;
using OffGridFlow.Core.Calculation;
using OffGridFlow.Core.Organizations;
using OffGridFlow.Core.Targets;
using OffGridFlow.Infrastructure.Inventory;
using OffGridFlow.Infrastructure.Persistence;
using OffGridFlow.Infrastructure.Persistence.PostgreSql;

namespace OffGridFlow.Infrastructure.Targets;

/// <summary>What the ledger holds of a place, kind, scope and month, whole: no share is applied yet.</summary>
/// <param name="ActivityType">Of an entry its activity type, of cloud usage the service.</param>
/// <param name="Category">0 for scopes 1 and 2.</param>
/// <param name="Missing">Results without a figure.</param>
/// <param name="Days">Of one result, where something changes for its site within the month; null: all results of the month.</param>
internal sealed record LedgerCell(
    Place Place, string ActivityType, DateOnly Month, int Scope, int Category, Scope2Method? Method, decimal Kg, long Missing, MonthDays? Days = null);

/// <summary>By how much a change of the ledger moved a place, scope and month.</summary>
/// <param name="Sequence">The ledger number of the change; null for what is proposed.</param>
/// <param name="Days">As <see cref="LedgerCell"/>.</param>
internal sealed record LedgerMove(long? Sequence, Place Place, DateOnly Month, int Scope, int Category, Scope2Method? Method, decimal Kg, MonthDays? Days = null);

/// <summary>A source of the ledger in a month, with its quantity.</summary>
/// <param name="Quantity">In <paramref name="Unit"/>, the days of the month alone; null where none is kept.</param>
/// <param name="Days">As <see cref="LedgerCell"/>.</param>
internal sealed record LedgerSource(
    Place Place, string ActivityType, string Unit, int Scope, int Category, DateOnly Month, decimal Kg, long Missing, decimal? Quantity, MonthDays? Days = null);

/// <summary>Reads whole months of the ledger. Results for comparison only are never read.</summary>
internal static class PeriodLedger
{
    /// <summary>Sites and months whose results are told apart, each with its days; parameters of their number and the next.</summary>
    private static string Divided(int number) => FormattableString.Invariant(
        $"divided as materialized (select * from unnest(${number}::uuid[], ${number + 1}::date[]) as d(site_id, month))");

    /// <summary>First and last day of a result <c>e</c> of <c>a</c> in its month, where <c>divided d</c> names its site; else null.</summary>
    private const string DaysOfResult =
        """
        case when d.month is not null then coalesce((e.derivation ->> 'from')::date, greatest(a.period_start, e.month)) end,
          case when d.month is not null then coalesce((e.derivation ->> 'to')::date, least(a.period_end, (e.month + interval '1 month')::date - 1)) end
        """;

    public static DateOnly FirstMonth(DateOnly day) => new(day.Year, day.Month, 1);

    /// <param name="first">First day that is asked for.</param>
    public static async Task<GroupStructure> StructureAsync(TenantUnit unit, ConsolidationApproach approach, DateOnly first, DateOnly last, CancellationToken cancellationToken) =>
        (await InventoryBoundary.ReadAsync(unit, FirstMonth(first), InventoryBoundary.MonthEnd(last), approach, cancellationToken)).Structure;

    /// <summary>From the roll-up, and from the results of sites and months in which something changes for them.</summary>
    /// <param name="withTypes">Whether activity types are told apart; else each cell has an empty one.</param>
    /// <param name="divided">The sites and months; see <see cref="GroupBoundary.Divided"/>.</param>
    public static Task<List<LedgerCell>> CellsAsync(
        TenantUnit unit, DateOnly first, DateOnly last, bool withTypes, IReadOnlyList<(Guid Site, DateOnly Month)> divided, CancellationToken cancellationToken) => unit.Connection.ListAsync(
        $"""
        with {Divided(3)}
        select s.id, t.provider, t.account, {(withTypes ? "t.service" : "''")}, t.month, t.scope, t.category, t.scope2_method, sum(t.kg_co2e), sum(t.activities_without_result)::bigint,
          null::date, null::date
        from monthly_totals t left join sites s on t.provider = 'entry' and s.name = t.account left join divided d on d.site_id = s.id and d.month = t.month
        where not t.comparison_only and t.month between $1 and $2 and d.month is null
        group by 1, 2, 3, 4, 5, 6, 7, 8
        union all
        select d.site_id, 'entry', d.name, {(withTypes ? "a.service" : "''")}, e.month, e.scope, coalesce(e.category, 0), coalesce(e.scope2_method, ''), coalesce(e.kg_co2e, 0),
          case when e.quality = 'Missing' then 1 else 0 end, {DaysOfResult}
        from (select d.site_id, d.month, s.name, (d.month + interval '1 month')::date as after_last from divided d join sites s on s.id = d.site_id) d
        cross join lateral (
          select id, service, period_start, period_end from activity_records
          where tenant_id = (select current_tenant()) and account = d.name and entry_id is not null and period_start < d.after_last and period_end >= d.month offset 0) a
        join emission_records e on e.activity_id = a.id and e.month = d.month
        join emission_intervals i on i.activity_id = e.activity_id and i.proposal_id is not distinct from e.proposal_id and i.to_sequence is null
        where not e.comparison_only
        """,
        row => new LedgerCell(
            PlaceOf(row), row.GetString(3), row.GetFieldValue<DateOnly>(4), row.GetInt32(5), row.GetInt32(6), MethodOf(row.GetString(7)), row.GetDecimal(8), row.GetInt64(9), DaysOf(row, 10)),
        cancellationToken, FirstMonth(first), last, SitesOf(divided), MonthsOf(divided));

    /// <summary>What changed since a ledger number, by change: results that began to count, less those that ceased to.</summary>
    /// <param name="divided">As of <see cref="CellsAsync"/>.</param>
    public static Task<List<LedgerMove>> MovesAsync(
        TenantUnit unit, long since, DateOnly first, DateOnly last, IReadOnlyList<(Guid Site, DateOnly Month)> divided, CancellationToken cancellationToken) => unit.Connection.ListAsync(
        $"""
        with {Divided(4)}, m as (
          select activity_id, proposal_id, from_sequence as sequence, 1 as sign from emission_history where from_sequence > $1
          union all
          select activity_id, proposal_id, to_sequence, -1 from emission_history where to_sequence > $1)
        select a.site_id, a.provider, a.account, e.month, e.scope, coalesce(e.category, 0), coalesce(e.scope2_method, ''), m.sequence, sum(m.sign * e.kg_co2e), {DaysOfResult}
        from m join emission_records e on e.activity_id = m.activity_id and e.proposal_id is not distinct from m.proposal_id join activity_records a on a.id = e.activity_id
        left join divided d on d.site_id = a.site_id and d.month = e.month
        where not e.comparison_only and e.kg_co2e is not null and e.month between $2 and $3
        group by 1, 2, 3, 4, 5, 6, 7, 8, 10, 11, case when d.month is not null then e.id end having sum(m.sign * e.kg_co2e) <> 0
        """,
        row => new LedgerMove(
            row.GetInt64(7), PlaceOf(row), row.GetFieldValue<DateOnly>(3), row.GetInt32(4), row.GetInt32(5), MethodOf(row.GetString(6)), row.GetDecimal(8), DaysOf(row, 9)),
        cancellationToken, since, FirstMonth(first), last, SitesOf(divided), MonthsOf(divided));

    /// <summary>What a proposed run would change: its results, less those of the same entries that count now.</summary>
    /// <param name="divided">As of <see cref="CellsAsync"/>.</param>
    public static Task<List<LedgerMove>> ProposedAsync(
        TenantUnit unit, Guid proposal, DateOnly first, DateOnly last, IReadOnlyList<(Guid Site, DateOnly Month)> divided, CancellationToken cancellationToken) => unit.Connection.ListAsync(
        $"""
        with {Divided(4)}, m as (
          select e.id as emission_id, 1 as sign from calculation_run_changes c
          join emission_records e on e.activity_id = c.activity_id and e.proposal_id = c.proposal_id
          where c.proposal_id = $1
          union all
          select e.id, -1 from calculation_run_changes c
          join emission_records e on e.activity_id = c.activity_before
          join emission_intervals i on i.activity_id = e.activity_id and i.proposal_id is not distinct from e.proposal_id and i.to_sequence is null
          where c.proposal_id = $1)
        select a.site_id, a.provider, a.account, e.month, e.scope, coalesce(e.category, 0), coalesce(e.scope2_method, ''), sum(m.sign * e.kg_co2e), {DaysOfResult}
        from m join emission_records e on e.id = m.emission_id join activity_records a on a.id = e.activity_id left join divided d on d.site_id = a.site_id and d.month = e.month
        where e.kg_co2e is not null and e.month between $2 and $3
        group by 1, 2, 3, 4, 5, 6, 7, 9, 10, case when d.month is not null then e.id end having sum(m.sign * e.kg_co2e) <> 0
        """,
        row => new LedgerMove(
            null, PlaceOf(row), row.GetFieldValue<DateOnly>(3), row.GetInt32(4), row.GetInt32(5), MethodOf(row.GetString(6)), row.GetDecimal(7), DaysOf(row, 8)),
        cancellationToken, proposal, FirstMonth(first), last, SitesOf(divided), MonthsOf(divided));

    /// <summary>
    /// With quantities: an activity's quantity lies evenly over its days, and counts once in each scope and category that it has results in. Entries and
    /// bills of other months are never read.
    /// </summary>
    /// <param name="divided">As of <see cref="CellsAsync"/>.</param>
    public static async Task<List<LedgerSource>> SourcesAsync(
        TenantUnit unit, DateOnly first, DateOnly last, Scope2Method view, IReadOnlyList<(Guid Site, DateOnly Month)> divided, CancellationToken cancellationToken)
    {
        await using var command = unit.Connection.Command(
            $"""
            with {Divided(4)}, apart as materialized (
              select a.id, d.month, a.period_start, a.period_end
              from divided d join sites s on s.id = d.site_id
              join activity_records a on a.tenant_id = (select current_tenant()) and a.account = s.name and a.entry_id is not null
                and a.period_start < (d.month + interval '1 month')::date and a.period_end >= d.month),
            r as (
              select e.activity_id, e.month, e.scope, coalesce(e.category, 0) as category, coalesce(sum(e.kg_co2e), 0) as kg, count(*) filter (where e.kg_co2e is null) as missing,
                case when p.id is not null then coalesce((e.derivation ->> 'from')::date, greatest(p.period_start, e.month)) end as first_day,
                case when p.id is not null then coalesce((e.derivation ->> 'to')::date, least(p.period_end, (e.month + interval '1 month')::date - 1)) end as last_day
              from emission_intervals i join emission_records e on e.activity_id = i.activity_id and e.proposal_id is not distinct from i.proposal_id
              left join apart p on p.id = e.activity_id and p.month = e.month
              where i.to_sequence is null and not e.comparison_only and e.month between $1 and $2 and (e.scope2_method is null or e.scope2_method = $3)
              group by 1, 2, 3, 4, 7, 8)
            select a.site_id, a.provider, a.account, case when a.entry_id is null then a.service || ', ' || a.usage_class else a.service end, coalesce(a.unit, ''), r.scope, r.category,
              r.month, sum(r.kg), sum(r.missing)::bigint,
              case when bool_or(a.quantity is null) then null else round(sum(a.quantity
                * (coalesce(r.last_day, least(a.period_end, (r.month + interval '1 month')::date - 1)) - coalesce(r.first_day, greatest(a.period_start, r.month)) + 1)
                / (a.period_end - a.period_start + 1)), 12) end,
              r.first_day, r.last_day
            from r join activity_records a on a.id = r.activity_id
            group by 1, 2, 3, 4, 5, 6, 7, 8, 12, 13
            """,
            FirstMonth(first), last, view.ToString(), SitesOf(divided), MonthsOf(divided));
        command.CommandTimeout = 0;
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var rows = new List<LedgerSource>();
        while (await reader.ReadAsync(cancellationToken))
        {
            rows.Add(new LedgerSource(
                PlaceOf(reader), reader.GetString(3), reader.GetString(4), reader.GetInt32(5), reader.GetInt32(6), reader.GetFieldValue<DateOnly>(7), reader.GetDecimal(8),
                reader.GetInt64(9), reader.Optional<decimal>(10), DaysOf(reader, 11)));
        }

        return rows;
    }

    private static Place PlaceOf(NpgsqlDataReader row)
    {
        // Of an entry the site says it all; its name may have been another.
        var site = row.Optional<Guid>(0);
        return new Place(site, row.GetString(1), site is null ? row.GetString(2) : "");
    }

    /// <param name="column">Of the first day; the last one follows it.</param>
    private static MonthDays? DaysOf(NpgsqlDataReader row, int column) =>
        row.Optional<DateOnly>(column) is { } first && row.Optional<DateOnly>(column + 1) is { } last ? new MonthDays(first, last) : null;

    private static Guid[] SitesOf(IReadOnlyList<(Guid Site, DateOnly Month)> divided) => [.. divided.Select(place => place.Site)];

    private static DateOnly[] MonthsOf(IReadOnlyList<(Guid Site, DateOnly Month)> divided) => [.. divided.Select(place => place.Month)];

    private static Scope2Method? MethodOf(string text) => text.Length == 0 ? null : Enum.Parse<Scope2Method>(text);
}
