using Npgsql;
using OffGridFlow.Core.Calculation;
using OffGridFlow.Core.Inventory;
using OffGridFlow.Infrastructure.Persistence;
using OffGridFlow.Infrastructure.Persistence.PostgreSql;

namespace OffGridFlow.Infrastructure.Inventory;

/// <summary>What cells of the ledger are told apart by, as it is written there: an answer is grouped by no more than it needs.</summary>
[Flags]
internal enum CellKeys
{
    None = 0,
    Month = 1,
    Scope = 2,
    Category = 4,
    Service = 8,
    Method = 16,
    View = 32,
}

/// <summary>Sums of the ledger at one place over days that count alike. A key that was not asked for is empty.</summary>
/// <param name="Row">The place, its days and how they count.</param>
/// <param name="IsInvested">True of the part that stands in category 15 for it, which is beside its own.</param>
/// <param name="Scope">As entered; 0 where it was not asked for.</param>
/// <param name="Counted">What of it is the group's.</param>
/// <param name="WholeKgCo2e">All of it, of these days.</param>
internal sealed record InventoryCell(
    BoundaryRow Row, bool IsInvested, DateOnly Month, int Scope, int Category, string Service, string CalculationMethod, string View, bool IsComparison, InventoryFigures Counted,
    decimal WholeKgCo2e)
{
    /// <summary>The scope it counts in, after leases and holdings.</summary>
    public int CountedScope => Moves ? 3 : Scope;

    public int CountedCategory => !Moves ? Category : IsInvested ? 15 : Row.Treatment.LeasedCategory!.Value;

    /// <summary>True of what a lease or an investment takes out of scopes 1 and 2.</summary>
    public bool Moves => Scope < 3 && (IsInvested || Row.Treatment.LeasedCategory is not null);

    /// <summary>What the approach leaves out; below zero for what stands in category 15, which its own row holds to be outside.</summary>
    public decimal OutsideKgCo2e => IsInvested ? -Counted.KgCo2e : Row.Treatment.Share == 1 ? 0 : WholeKgCo2e - Counted.KgCo2e;
}

/// <summary>
/// Reads what counts, place by place: the cells of a site or an account lie together in an index, have one share, and are added up before the next place is
/// looked at. Adding up all places at once costs twice the time for the same sums.
/// </summary>
internal static class InventoryCells
{
    /// <summary>The figures of a cell of the roll-up, of which a share counts. The first is the mass.</summary>
    private static readonly string[] Measures =
    [
        "kg_co2e", "co2_kg_co2e", "ch4_kg_co2e", "n2o_kg_co2e", "hfcs_kg_co2e", "pfcs_kg_co2e", "sf6_kg_co2e", "nf3_kg_co2e", "biogenic_kg_co2", "kilowatt_hours",
        "measured_kg_co2e", "defaulted_kg_co2e", "submitted_kg_co2e",
    ];

    private static readonly (CellKeys Key, string Column)[] Columns =
    [
        (CellKeys.Month, "month"), (CellKeys.Scope, "scope"), (CellKeys.Category, "category"), (CellKeys.Service, "service"), (CellKeys.Method, "calculation_method"),
        (CellKeys.View, "scope2_method"),
    ];

    /// <summary>How a row counts (<c>kind</c>): whole, not at all, by its share, or by its days and its share.</summary>
    private const int Whole = 0, Nothing = 1, ByShare = 2, ByDays = 3;

    /// <summary>
    /// The treatment of sites and accounts, an investment beside the row that leaves its entity out. Days before and through the row, of all days of what it is
    /// about.
    /// </summary>
    private const string Boundary =
        """
        with w as materialized (
          select * from unnest($2::text[], $3::text[], $4::date[], $5::date[], $6::date[], $7::numeric[], $8::boolean[], $9::integer[], $10::integer[], $11::integer[], $12::integer[])
            with ordinality as w (provider, account, first_month, first_day, last_day, share, invested, kind, before, through, days, number))
        """;

    /// <summary>From the roll-up: all that is treated alike over whole months, and cloud usage, which has no days.</summary>
    private const string FromTotals =
        """
        select t.month, t.scope, t.category, case when w.provider = 'entry' then t.service else '' end as service, t.calculation_method, t.scope2_method, t.comparison_only,
          t.activities, t.activities_without_result, t.kg_co2e, t.co2_kg_co2e, t.ch4_kg_co2e, t.n2o_kg_co2e, t.hfcs_kg_co2e, t.pfcs_kg_co2e, t.sf6_kg_co2e, t.nf3_kg_co2e,
          t.biogenic_kg_co2, t.kilowatt_hours, t.measured_kg_co2e, t.defaulted_kg_co2e, t.submitted_kg_co2e, w.share, w.kind, w.before, w.through, w.days
        from monthly_totals t
        where t.tenant_id = (select current_tenant()) and t.account = w.account and t.provider = w.provider and t.month between w.first_month and w.last_day
          and t.scope2_method = any($1) and (not w.invested or t.scope < 3)
        """;

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

    /// <summary>The places and months of the boundary, each with its rows: a join would hold every result against the rows of all places.</summary>
    private const string Places =
        """
        p as (
          select account, first_month, (first_month + interval '1 month')::date as after_last, array_agg(number) as numbers, array_agg(first_day) as first_days,
            array_agg(last_day) as last_days, array_agg(share) as shares, array_agg(invested) as are_invested, array_agg(kind) as kinds
          from w group by account, first_month)
        """;

    /// <summary>From the results of the months in which something changes at a site: each is read once, and counts by its own days in each row that has some of them.</summary>
    private static readonly string FromResults =
        $"""
        select w.number, r.*, w.share, case when w.first_day > r.first_day or w.last_day < r.last_day then {ByDays} else w.kind end as kind,
          least(greatest(w.first_day - r.first_day, 0), r.days) as before, least(greatest(w.last_day - r.first_day + 1, 0), r.days) as through
        from (
          select p.numbers, p.first_days, p.last_days, p.shares, p.are_invested, p.kinds, e.month, e.scope, coalesce(e.category, 0) as category, a.service,
            coalesce(e.calculation_method, '') as calculation_method, coalesce(e.scope2_method, '') as scope2_method, e.comparison_only, 1 as activities,
            case when e.quality = 'Missing' then 1 else 0 end as activities_without_result,
            coalesce(e.kg_co2e, 0) as kg_co2e, coalesce(e.co2_kg_co2e, 0) as co2_kg_co2e, coalesce(e.ch4_kg_co2e, 0) as ch4_kg_co2e, coalesce(e.n2o_kg_co2e, 0) as n2o_kg_co2e,
            coalesce(e.hfcs_kg_co2e, 0) as hfcs_kg_co2e, coalesce(e.pfcs_kg_co2e, 0) as pfcs_kg_co2e, coalesce(e.sf6_kg_co2e, 0) as sf6_kg_co2e,
            coalesce(e.nf3_kg_co2e, 0) as nf3_kg_co2e, coalesce(e.biogenic_kg_co2, 0) as biogenic_kg_co2, coalesce(e.kilowatt_hours, 0) as kilowatt_hours,
            e.defaulted_kg_co2e, e.quality = 'Measured' as is_measured, coalesce(a.entry_status = 'Submitted', false) as is_submitted, d.first_day, d.last_day,
            d.last_day - d.first_day + 1 as days
          {StandingResults}
          where e.scope2_method is null or e.scope2_method = any($1) offset 0) r
        cross join lateral unnest(r.numbers, r.first_days, r.last_days, r.shares, r.are_invested, r.kinds) as w (number, first_day, last_day, share, invested, kind)
        where w.first_day <= r.last_day and w.last_day >= r.first_day and (not w.invested or r.scope < 3)
        """;

    /// <param name="months">Those that are asked for, of the boundary.</param>
    /// <param name="parts">The same.</param>
    /// <param name="views">Of Scope 2; with several, <see cref="CellKeys.View"/> is to be among the keys.</param>
    public static async Task<List<InventoryCell>> ReadAsync(
        TenantUnit unit, IEnumerable<BoundaryRow> months, IEnumerable<BoundaryRow> parts, IReadOnlyList<Scope2Method> views, CellKeys keys, CancellationToken cancellationToken)
    {
        string[] methods = ["", .. views.Select(view => view.ToString())];
        var cells = new List<InventoryCell>();
        var columns = string.Concat(Columns.Where(column => keys.HasFlag(column.Key)).Select(column => $"c.{column.Column}, "));
        await AddAsync(
            $"""
            {Boundary}
            select w.number::integer, s.*
            from w cross join lateral (select {columns}c.comparison_only, {Sums(Counted, Part("kg_co2e"))} from ({FromTotals}) c group by {columns}c.comparison_only) s
            """,
            months);
        // The mass of a result is divided once, and is what is measured or submitted of it as well.
        await AddAsync(
            $"""
            {Boundary},
            {Places}
            select c.number::integer, {columns}c.comparison_only, {Sums(CountedOfResult, "c.part_kg")}
            from (
              select c.*, {Counted("kg_co2e", "c.part_kg")} as counted_kg from (select c.*, {Part("kg_co2e")} as part_kg from ({FromResults}) c offset 0) c offset 0) c
            group by c.number, {columns}c.comparison_only
            """,
            parts);
        return cells;

        async Task AddAsync(string statement, IEnumerable<BoundaryRow> boundary)
        {
            var rows = boundary.SelectMany(row => row.Treatment.Invested > 0 ? new[] { (Of: row, IsInvested: false), (Of: row, IsInvested: true) } : [(Of: row, IsInvested: false)]).ToList();
            if (rows.Count == 0)
            {
                return;
            }

            await using var command = unit.Connection.Command(statement, [methods, .. Parameters(rows)]);
            await using var reader = await command.ExecuteReaderAsync(cancellationToken);
            while (await reader.ReadAsync(cancellationToken))
            {
                var (row, isInvested) = rows[reader.GetInt32(0) - 1];
                cells.Add(Read(reader, row, isInvested, keys));
            }
        }
    }

    /// <summary>What falls on the days of the row; parts of a cell or result add up to it. Of two parts each is divided once, and nothing is not divided.</summary>
    private static string Part(string measure)
    {
        string Through(string days) => $"round(c.{measure} * c.{days} / c.days, 12)";
        return FormattableString.Invariant(
            $"""
            case when c.kind <> {ByDays} or c.{measure} = 0 then c.{measure} when c.before = 0 then {Through("through")}
              when c.through = c.days then c.{measure} - {Through("before")} else {Through("through")} - {Through("before")} end
            """);
    }

    /// <summary>The group's share of it. Nothing is not multiplied: most gases of most cells are.</summary>
    private static string Counted(string measure) => Counted(measure, Part(measure));

    private static string Counted(string measure, string part) => FormattableString.Invariant(
        $"""
        case c.kind when {Whole} then c.{measure} when {ByShare} then round(nullif(c.{measure}, 0) * c.share, 12)
          when {ByDays} then case when c.share <> 0 then round(({part}) * c.share, 12) end end
        """);

    private static string CountedOfResult(string measure) => measure switch
    {
        "kg_co2e" => "c.counted_kg",
        "measured_kg_co2e" => "case when c.is_measured then c.counted_kg else 0 end",
        "submitted_kg_co2e" => "case when c.is_submitted then c.counted_kg else 0 end",
        _ => Counted(measure),
    };

    /// <param name="counted">What of a measure is the group's.</param>
    /// <param name="whole">All of the mass on the row's days.</param>
    private static string Sums(Func<string, string> counted, string whole) =>
        $"sum(c.activities)::bigint, sum(c.activities_without_result)::bigint, {string.Join(", ", Measures.Select(measure => $"coalesce(sum({counted(measure)}), 0)"))}, sum({whole})";

    private static object[] Parameters(List<(BoundaryRow Of, bool IsInvested)> rows) =>
    [
        rows.Select(row => row.Of.Provider).ToArray(),
        rows.Select(row => row.Of.Account).ToArray(),
        rows.Select(row => new DateOnly(row.Of.From.Year, row.Of.From.Month, 1)).ToArray(),
        rows.Select(row => row.Of.From).ToArray(),
        rows.Select(row => row.Of.To).ToArray(),
        rows.Select(ShareOf).ToArray(),
        rows.Select(row => row.IsInvested).ToArray(),
        // Of a site's month that is read from its results: those that do not go beyond the row.
        rows.Select(row => row.Of is { IsWhole: false, Provider: not BoundaryRow.Entry } ? ByDays : ShareOf(row) switch { 1m => Whole, 0m => Nothing, _ => ByShare }).ToArray(),
        rows.Select(row => row.Of.IsWhole ? 0 : row.Of.From.Day - 1).ToArray(),
        rows.Select(row => row.Of.IsWhole ? 1 : row.Of.To.Day).ToArray(),
        rows.Select(row => row.Of.IsWhole ? 1 : DateTime.DaysInMonth(row.Of.To.Year, row.Of.To.Month)).ToArray(),
    ];

    private static decimal ShareOf((BoundaryRow Of, bool IsInvested) row) => row.IsInvested ? row.Of.Treatment.Invested : row.Of.Treatment.Share;

    private static InventoryCell Read(NpgsqlDataReader reader, BoundaryRow row, bool isInvested, CellKeys keys)
    {
        var at = 1;
        var month = keys.HasFlag(CellKeys.Month) ? reader.GetFieldValue<DateOnly>(at++) : default;
        var scope = keys.HasFlag(CellKeys.Scope) ? reader.GetInt32(at++) : 0;
        var category = keys.HasFlag(CellKeys.Category) ? reader.GetInt32(at++) : 0;
        var service = keys.HasFlag(CellKeys.Service) ? reader.GetString(at++) : "";
        var method = keys.HasFlag(CellKeys.Method) ? reader.GetString(at++) : "";
        var view = keys.HasFlag(CellKeys.View) ? reader.GetString(at++) : "";
        var counts = !isInvested && row.Treatment.Share > 0;
        decimal Measure(int index) => reader.GetDecimal(at + 3 + index);
        return new InventoryCell(
            row, isInvested, month, scope, category, service, method, view, reader.GetBoolean(at),
            new InventoryFigures
            {
                Results = counts ? reader.GetInt64(at + 1) : 0,
                ResultsWithoutFigure = counts ? reader.GetInt64(at + 2) : 0,
                KgCo2e = Measure(0),
                Co2 = Measure(1),
                Ch4 = Measure(2),
                N2o = Measure(3),
                Hfcs = Measure(4),
                Pfcs = Measure(5),
                Sf6 = Measure(6),
                Nf3 = Measure(7),
                BiogenicKgCo2 = Measure(8),
                KilowattHours = Measure(9),
                MeasuredKgCo2e = Measure(10),
                DefaultedKgCo2e = Measure(11),
                SubmittedKgCo2e = Measure(12),
            },
            Measure(13));
    }
}
