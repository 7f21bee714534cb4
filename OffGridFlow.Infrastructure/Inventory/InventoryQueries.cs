using System.Data;
using Npgsql;
using OffGridFlow.Core.Calculation;
using OffGridFlow.Core.Identity;
using OffGridFlow.Core.Inventory;
using OffGridFlow.Infrastructure.Persistence;
using OffGridFlow.Infrastructure.Persistence.PostgreSql;

namespace OffGridFlow.Infrastructure.Inventory;

/// <inheritdoc cref="IInventoryQueries"/>
internal sealed class InventoryQueries(TenantDatabase database, CurrentUser user, LedgerCache cache) : IInventoryQueries
{
    /// <summary>How cloud usage is called where activity types are asked for.</summary>
    internal const string CloudUsage = "Cloud usage";

    /// <summary>The figures of a cell of the roll-up, of which a share counts. The first is the mass.</summary>
    private static readonly string[] Measures =
    [
        "kg_co2e", "co2_kg_co2e", "ch4_kg_co2e", "n2o_kg_co2e", "hfcs_kg_co2e", "pfcs_kg_co2e", "sf6_kg_co2e", "nf3_kg_co2e", "biogenic_kg_co2", "kilowatt_hours",
        "measured_kg_co2e", "defaulted_kg_co2e", "submitted_kg_co2e",
    ];

    /// <summary>
    /// The treatment of sites and accounts. A row of an investment stands beside the one that leaves the entity out, and puts its share of scope 1 and 2 into
    /// category 15. Days before and through the row, of all days of what it is about.
    /// </summary>
    private const string Boundary =
        """
        unnest($4::text[], $5::text[], $6::uuid[], $7::date[], $8::date[], $9::date[], $10::numeric[], $11::integer[], $12::boolean[], $13::integer[], $14::integer[],
            $15::integer[])
          as w (provider, account, organization_id, first_month, first_day, last_day, share, leased, invested, before, through, days)
        """;

    /// <summary>From the roll-up: all that is treated alike over whole months, and cloud usage, which has no days.</summary>
    private const string FromTotals =
        $"""
        select t.month, t.scope, t.category, t.provider, t.account, t.service, t.calculation_method, t.comparison_only, t.activities, t.activities_without_result,
          t.kg_co2e, t.co2_kg_co2e, t.ch4_kg_co2e, t.n2o_kg_co2e, t.hfcs_kg_co2e, t.pfcs_kg_co2e, t.sf6_kg_co2e, t.nf3_kg_co2e, t.biogenic_kg_co2, t.kilowatt_hours,
          t.measured_kg_co2e, t.defaulted_kg_co2e, t.submitted_kg_co2e,
          w.organization_id, coalesce(w.share, 1) as share, w.leased, coalesce(w.invested, false) as invested, coalesce(w.before, 0) as before,
          coalesce(w.through, 1) as through, coalesce(w.days, 1) as days, w.share is null or (w.share = 1 and w.before = 0 and w.through = w.days) as plain
        from monthly_totals t
        left join {Boundary}
          on w.provider = t.provider and w.account = t.account and w.first_month <= t.month and w.last_day >= t.month
        where t.month between $1 and $2 and t.scope2_method in ('', $3) and (w.invested is not true or t.scope < 3) and w.days is distinct from 0
        """;

    /// <summary>From the results of the months in which something changes at a site: each counts by its own days.</summary>
    private const string FromResults =
        $"""
        select e.month, e.scope, coalesce(e.category, 0) as category, a.provider, a.account, a.service, coalesce(e.calculation_method, '') as calculation_method,
          e.comparison_only, 1 as activities, case when e.quality = 'Missing' then 1 else 0 end as activities_without_result,
          coalesce(e.kg_co2e, 0) as kg_co2e, coalesce(e.co2_kg_co2e, 0) as co2_kg_co2e, coalesce(e.ch4_kg_co2e, 0) as ch4_kg_co2e, coalesce(e.n2o_kg_co2e, 0) as n2o_kg_co2e,
          coalesce(e.hfcs_kg_co2e, 0) as hfcs_kg_co2e, coalesce(e.pfcs_kg_co2e, 0) as pfcs_kg_co2e, coalesce(e.sf6_kg_co2e, 0) as sf6_kg_co2e,
          coalesce(e.nf3_kg_co2e, 0) as nf3_kg_co2e, coalesce(e.biogenic_kg_co2, 0) as biogenic_kg_co2, coalesce(e.kilowatt_hours, 0) as kilowatt_hours,
          case when e.quality = 'Measured' then coalesce(e.kg_co2e, 0) else 0 end as measured_kg_co2e, e.defaulted_kg_co2e,
          case when a.entry_status = 'Submitted' then coalesce(e.kg_co2e, 0) else 0 end as submitted_kg_co2e,
          w.organization_id, w.share, w.leased, w.invested, least(greatest(w.first_day - d.first_day, 0), d.days) as before,
          least(greatest(w.last_day - d.first_day + 1, 0), d.days) as through, d.days,
          w.share = 1 and w.first_day <= d.first_day and w.last_day >= d.first_day + d.days - 1 as plain
        from {Boundary}
        join activity_records a on a.tenant_id = current_tenant() and a.account = w.account and a.entry_id is not null
          and a.period_start < (date_trunc('month', w.first_day) + interval '1 month')::date and a.period_end >= date_trunc('month', w.first_day)::date
        join emission_records e on e.activity_id = a.id and e.month = date_trunc('month', w.first_day)::date
        join emission_intervals i on i.activity_id = e.activity_id and i.proposal_id is not distinct from e.proposal_id and i.to_sequence is null
        cross join lateral (
          select coalesce((e.derivation ->> 'from')::date, greatest(a.period_start, e.month)) as first_day,
            coalesce((e.derivation ->> 'to')::date, least(a.period_end, (e.month + interval '1 month')::date - 1)) as last_day offset 0) r
        cross join lateral (select r.first_day, r.last_day - r.first_day + 1 as days) d
        where e.month between $1 and $2 and (e.scope2_method is null or e.scope2_method = $3) and (not w.invested or e.scope < 3)
          and w.first_day <= r.last_day and w.last_day >= r.first_day
        """;

    public async Task<InventorySummary> SummarizeAsync(InventoryFilter filter, IReadOnlyList<InventoryDimension> groupBy, CancellationToken cancellationToken)
    {
        user.Require(Permissions.DashboardsRead);
        await using var unit = await database.OpenAsync(IsolationLevel.RepeatableRead, cancellationToken);
        var stamp = await InventoryBoundary.StampAsync(unit, cancellationToken);
        return await cache.GetAsync(
            unit, ("inventory", filter, string.Join(',', groupBy), stamp), () => SummarizeAsync(unit, filter, groupBy, cancellationToken), summary => summary.Groups.Count,
            cancellationToken);
    }

    /// <summary>For who reads it in a transaction of their own, such as the lock of a period.</summary>
    internal static async Task<InventorySummary> SummarizeAsync(
        TenantUnit unit, InventoryFilter filter, IReadOnlyList<InventoryDimension> groupBy, CancellationToken cancellationToken)
    {
        var number = await unit.Connection.ScalarAsync<long>("select value from ledger_sequences where tenant_id = current_tenant()", cancellationToken);
        var from = new DateOnly(filter.From.Year, filter.From.Month, 1);
        var to = InventoryBoundary.MonthEnd(filter.To);
        var boundary = await InventoryBoundary.ReadAsync(unit, from, to, filter.Approach, cancellationToken);
        var sums = await SumAsync(unit, FromTotals, boundary.Months, filter, groupBy, from, to, cancellationToken);
        if (boundary.Parts.Count > 0)
        {
            sums.AddRange(await SumAsync(unit, FromResults, boundary.Parts, filter, groupBy, from, to, cancellationToken));
        }

        var counted = sums.Where(sum => !sum.IsComparison).ToList();
        var groups = counted.GroupBy(sum => string.Join('\u001f', sum.Keys))
            .Select(group => new InventoryGroup(group.First().Keys, Add(group)))
            .Where(group => group.Figures != InventoryFigures.Zero);
        var ordered = groupBy is [InventoryDimension.Month]
            ? groups.OrderBy(group => group.Keys[0], StringComparer.Ordinal)
            : groups.OrderByDescending(group => group.Figures.KgCo2e).ThenBy(group => string.Join('\u001f', group.Keys), StringComparer.Ordinal);
        return new InventorySummary
        {
            Filter = filter,
            LedgerNumber = number,
            Groups = [.. ordered],
            Total = Add(counted),
            ComparisonOnly = Add(sums.Where(sum => sum.IsComparison)),
            Outside =
            [
                .. counted.Where(sum => sum.OrganizationId is not null).GroupBy(sum => sum.OrganizationId!.Value)
                    .Select(some => new InventoryOutside(some.Key, some.Sum(sum => sum.OutsideKgCo2e), some.Sum(sum => sum.InvestedKgCo2e), boundary.Entered.Contains(some.Key)))
                    .Where(some => some.KgCo2e != 0 || some.InvestedKgCo2e != 0)
                    .OrderByDescending(some => some.KgCo2e).ThenBy(some => some.OrganizationId),
            ],
            Unassigned = boundary.Unassigned,
            Organizations = boundary.Organizations,
            Shares = boundary.Shares,
        };
    }

    private static InventoryFigures Add(IEnumerable<Sum> sums) => sums.Aggregate(InventoryFigures.Zero, (total, sum) => total + sum.Figures);

    private static async Task<List<Sum>> SumAsync(
        TenantUnit unit, string source, IReadOnlyList<BoundaryRow> rows, InventoryFilter filter, IReadOnlyList<InventoryDimension> groupBy, DateOnly from, DateOnly to,
        CancellationToken cancellationToken)
    {
        var parameters = new List<object?> { from, to, filter.Scope2Method.ToString() };
        AddBoundary(parameters, rows);
        var where = Where(filter, parameters);
        var keys = groupBy.Select(dimension => ColumnOf(dimension, filter.Scope2Method)).ToList();
        var columns = string.Concat(keys.Select(key => key + ", "));
        var places = string.Join(", ", Enumerable.Range(1, keys.Count + 2));
        var sums = string.Join(", ", Measures.Select(measure => $"sum({Counted(measure)})"));
        await using var command = unit.Connection.Command(
            $"""
            select {columns}c.organization_id, c.comparison_only,
              coalesce(sum(c.activities) filter (where c.share > 0 and not c.invested), 0)::bigint,
              coalesce(sum(c.activities_without_result) filter (where c.share > 0 and not c.invested), 0)::bigint, {sums},
              sum(case when c.plain or c.share = 1 then 0 when c.invested then -({Counted("kg_co2e")}) else {Part("kg_co2e")} - {Counted("kg_co2e")} end),
              coalesce(sum({Counted("kg_co2e")}) filter (where c.invested), 0)
            from ({source}) c
            where {where}
            group by {places}
            """,
            [.. parameters]);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var read = new List<Sum>();
        while (await reader.ReadAsync(cancellationToken))
        {
            read.Add(ReadSum(reader, groupBy));
        }

        return read;
    }

    /// <summary>What falls on the days of the row; parts of a cell or result add up to it.</summary>
    private static string Part(string measure) =>
        $"(case when c.before = 0 and c.through = c.days then c.{measure} else round(c.{measure} * c.through / c.days, 12) - round(c.{measure} * c.before / c.days, 12) end)";

    /// <summary>The group's share of it. What counts whole on all days is taken as it is: that is most, and one test for each figure is what the time goes by.</summary>
    private static string Counted(string measure) => $"(case when c.plain then c.{measure} when c.share = 0 then 0 else round({Part(measure)} * c.share, 12) end)";

    private const string ScopeColumn = "(case when c.scope < 3 and (c.invested or c.leased is not null) then 3 else c.scope end)";
    private const string CategoryColumn = "(case when c.scope < 3 and c.invested then 15 when c.scope < 3 and c.leased is not null then c.leased else c.category end)";

    private static string ColumnOf(InventoryDimension dimension, Scope2Method view) => dimension switch
    {
        InventoryDimension.Month => "to_char(c.month, 'YYYY-MM')",
        InventoryDimension.Scope => ScopeColumn + "::text",
        InventoryDimension.Category => CategoryColumn + "::text",
        InventoryDimension.Organization => "coalesce(c.organization_id::text, '')",
        InventoryDimension.Site => "case when c.provider = 'entry' then c.account else '' end",
        InventoryDimension.ActivityType => $"case when c.provider = 'entry' then c.service else '{CloudUsage}' end",
        InventoryDimension.Method =>
            $"""
            case when c.scope < 3 and c.invested then '{nameof(CalculationMethod.InvestmentSpecific)}'
              when c.scope < 3 and c.leased is not null then '{nameof(CalculationMethod.AssetSpecific)}'
              when c.scope = 2 then '{view}Based' else c.calculation_method end
            """,
        _ => throw new ArgumentOutOfRangeException(nameof(dimension)),
    };

    private static string Where(InventoryFilter filter, List<object?> parameters)
    {
        var conditions = new List<string> { "true" };
        void Add(string condition, object? value)
        {
            if (value is not null)
            {
                parameters.Add(value);
                conditions.Add(FormattableString.Invariant($"{condition} = ${parameters.Count}"));
            }
        }

        Add(ScopeColumn, filter.Scope);
        Add(CategoryColumn, filter.Category);
        Add("c.organization_id", filter.OrganizationId);
        Add("(case when c.provider = 'entry' then c.account else '' end)", filter.Site);
        return string.Join(" and ", conditions);
    }

    /// <summary>An investment is a row of its own.</summary>
    private static void AddBoundary(List<object?> parameters, IReadOnlyList<BoundaryRow> boundary)
    {
        var rows = boundary.Select(row => (Of: row, IsInvested: false)).Concat(boundary.Where(row => row.Treatment.Invested > 0).Select(row => (Of: row, IsInvested: true))).ToList();
        parameters.Add(rows.Select(row => row.Of.Provider).ToArray());
        parameters.Add(rows.Select(row => row.Of.Account).ToArray());
        parameters.Add(rows.Select(row => row.Of.Treatment.OrganizationId).ToArray());
        parameters.Add(rows.Select(row => new DateOnly(row.Of.From.Year, row.Of.From.Month, 1)).ToArray());
        parameters.Add(rows.Select(row => row.Of.From).ToArray());
        parameters.Add(rows.Select(row => row.Of.To).ToArray());
        parameters.Add(rows.Select(row => row.IsInvested ? row.Of.Treatment.Invested : row.Of.Treatment.Share).ToArray());
        parameters.Add(rows.Select(row => row.Of.Treatment.LeasedCategory).ToArray());
        parameters.Add(rows.Select(row => row.IsInvested).ToArray());
        parameters.Add(rows.Select(row => row.Of.IsWhole ? 0 : row.Of.From.Day - 1).ToArray());
        parameters.Add(rows.Select(row => row.Of.IsWhole ? 1 : row.Of.To.Day).ToArray());
        parameters.Add(rows.Select(row => row.Of.IsElsewhere ? 0 : row.Of.IsWhole ? 1 : DateTime.DaysInMonth(row.Of.To.Year, row.Of.To.Month)).ToArray());
    }

    private sealed record Sum(
        IReadOnlyList<string> Keys, Guid? OrganizationId, bool IsComparison, InventoryFigures Figures, decimal OutsideKgCo2e, decimal InvestedKgCo2e);

    private static Sum ReadSum(NpgsqlDataReader row, IReadOnlyList<InventoryDimension> groupBy)
    {
        var keys = groupBy.Select((dimension, i) => dimension == InventoryDimension.Method ? Hyphenated(row.GetString(i)) : row.GetString(i)).ToList();
        var at = keys.Count;
        decimal Measure(int index) => row.GetDecimal(at + 4 + index);
        return new Sum(
            keys, row.Optional<Guid>(at), row.GetBoolean(at + 1),
            new InventoryFigures
            {
                Results = row.GetInt64(at + 2),
                ResultsWithoutFigure = row.GetInt64(at + 3),
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
            Measure(13), Measure(14));
    }

    /// <summary><c>SpendBased</c> as <c>spend-based</c>.</summary>
    internal static string Hyphenated(string name) =>
        string.Concat(name.Select((letter, i) => i > 0 && char.IsUpper(letter) ? "-" + char.ToLowerInvariant(letter) : char.ToLowerInvariant(letter).ToString()));
}
