using System.Data;
using OffGridFlow.Core.Calculation;
using OffGridFlow.Core.EmissionFactors;
using OffGridFlow.Core.Identity;
using OffGridFlow.Core.Inventory;
using OffGridFlow.Infrastructure.Calculation;
using OffGridFlow.Infrastructure.Persistence;
using OffGridFlow.Infrastructure.Persistence.PostgreSql;

namespace OffGridFlow.Infrastructure.Inventory;

/// <inheritdoc cref="IEnergyQueries"/>
internal sealed class EnergyQueries(TenantDatabase database, CurrentUser user, LedgerCache cache) : IEnergyQueries
{
    /// <summary>
    /// Results of own operations that stand for energy, each with its own days, and how they count by the boundary: as <see cref="InventoryQueries"/> divides a result
    /// among the parts of a month, so that energy and emissions have the same shares. What a lease puts into scope 3, and what an investment does, is not own operations.
    /// </summary>
    private const string Counted =
        """
        with results as (
          select e.month, (e.month + interval '1 month')::date - 1 as month_end, e.scope, e.derivation, a.period_start, a.period_end, a.entry_id, a.account, a.service,
            e.instrument_id, e.energy_carrier, coalesce(e.energy_unstated, false) as is_unstated,
            case when e.quality = 'Missing' then 'no-result' when e.energy_carrier is null and e.energy_gap is null then 'not-worked-out' else e.energy_gap end as gap,
            coalesce(e.energy_kwh, 0) as kwh, coalesce(e.energy_renewable_kwh, 0) as renewable_kwh, coalesce(e.energy_nuclear_kwh, 0) as nuclear_kwh
          from emission_records e
          join emission_intervals i on i.activity_id = e.activity_id and i.proposal_id is not distinct from e.proposal_id and i.to_sequence is null
          join activity_records a on a.id = e.activity_id
          where e.scope < 3 and e.calculation_method in ('Fuel', 'Distance', 'PurchasedEnergy', 'OwnEnergy') and e.month between $1 and $2 and not e.comparison_only
            and (e.scope2_method is null or e.scope2_method = 'Market') and (e.part is null or e.part in ('Direct', 'LifeCycle')) and e.quality <> 'Excluded'
            and e.energy_gap is distinct from 'not-energy'),
        counted as (
          select c.*, w.organization_id, coalesce(w.share, 1) as share, d.days,
            case when w.is_whole is not false then 0 else least(greatest(w.first_day - r.first_day, 0), d.days) end as before,
            case when w.is_whole is not false then d.days else least(greatest(w.last_day - r.first_day + 1, 0), d.days) end as through
          from results c
          left join unnest($3::text[], $4::uuid[], $5::date[], $6::date[], $7::numeric[], $8::integer[], $9::boolean[])
            as w (account, organization_id, first_day, last_day, share, leased, is_whole)
            on w.account = c.account and w.first_day <= c.month_end and w.last_day >= c.month
          -- The days of a result matter only where something changes within the month.
          cross join lateral (
            select case when w.is_whole is not false then c.month else coalesce((c.derivation ->> 'from')::date, greatest(c.period_start, c.month)) end as first_day,
              case when w.is_whole is not false then c.month_end else coalesce((c.derivation ->> 'to')::date, least(c.period_end, c.month_end)) end as last_day offset 0) r
          cross join lateral (select r.last_day - r.first_day + 1 as days) d
          where coalesce(w.share, 1) > 0 and w.leased is null and (w.is_whole is not false or (w.first_day <= r.last_day and w.last_day >= r.first_day)))
        select c.energy_carrier, c.service, c.instrument_id, c.is_unstated, c.gap, count(*), count(distinct c.entry_id),
          count(distinct c.entry_id) filter (where c.gap is not null), grouping(c.service),
        """;

    /// <summary>The part of a figure on the row's days, and the group's share of it.</summary>
    private static string Share(string measure) =>
        $"""
        coalesce(sum(round((case when c.before = 0 and c.through = c.days then c.{measure}
            else round(c.{measure} * c.through / c.days, 12) - round(c.{measure} * c.before / c.days, 12) end) * c.share, 12)), 0)
        """;

    public async Task<EnergyStatement> ReadAsync(InventoryFilter filter, CancellationToken cancellationToken)
    {
        user.Require(Permissions.DashboardsRead);
        // The attributes go by contracts in both views.
        filter = filter with { Scope2Method = Scope2Method.Market };
        await using var unit = await database.OpenAsync(IsolationLevel.RepeatableRead, cancellationToken);
        var stamp = await InventoryBoundary.StampAsync(unit, cancellationToken);
        return await cache.GetAsync(
            unit, ("energy", filter, stamp), () => ReadAsync(unit, filter, cancellationToken), statement => statement.Lines.Count + statement.Evidence.Count, cancellationToken);
    }

    /// <summary>For who reads it in a transaction of their own, such as the workbook.</summary>
    internal static async Task<EnergyStatement> ReadAsync(TenantUnit unit, InventoryFilter filter, CancellationToken cancellationToken)
    {
        var number = await unit.Connection.ScalarAsync<long>("select value from ledger_sequences where tenant_id = current_tenant()", cancellationToken);
        var from = new DateOnly(filter.From.Year, filter.From.Month, 1);
        var to = InventoryBoundary.MonthEnd(filter.To);
        var boundary = await InventoryBoundary.ReadAsync(unit, from, to, filter.Approach, cancellationToken);
        // A month of a site in which something changes is told by its parts alone.
        var divided = boundary.Parts.Select(part => (part.Account, Month: new DateOnly(part.From.Year, part.From.Month, 1))).ToHashSet();
        var rows = boundary.Months.Where(row => row.Provider == EntryLedger.Provider && !divided.Contains((row.Account, row.From))).Concat(boundary.Parts).ToList();
        var parameters = new List<object?>
        {
            from, to, rows.Select(row => row.Account).ToArray(), rows.Select(row => row.Treatment.OrganizationId).ToArray(), rows.Select(row => row.From).ToArray(),
            rows.Select(row => row.To).ToArray(), rows.Select(row => row.Treatment.Share).ToArray(), rows.Select(row => row.Treatment.LeasedCategory).ToArray(),
            rows.Select(row => row.IsWhole).ToArray(),
        };
        var where = Where(filter, parameters);
        var read = await unit.Connection.ListAsync(
            $"""
            {Counted}
              {Share("kwh")}, {Share("renewable_kwh")}, {Share("nuclear_kwh")}
            from counted c
            where {where}
            group by grouping sets ((c.energy_carrier, c.service, c.instrument_id, c.is_unstated, c.gap), ())
            """,
            row => (
                IsTotal: row.GetInt32(8) == 1, EntriesWithoutFigure: row.GetInt64(7),
                Sum: new EnergySum(
                    row.OptionalText(0) is { } carrier ? Enum.Parse<EnergyCarrier>(carrier) : null, row.OptionalText(1) ?? "", row.Optional<Guid>(2),
                    !row.IsDBNull(3) && row.GetBoolean(3), row.OptionalText(4), row.GetDecimal(9), row.GetDecimal(10), row.GetDecimal(11), row.GetInt64(5), row.GetInt64(6))),
            cancellationToken, [.. parameters]);
        var sums = read.Where(row => !row.IsTotal).Select(row => row.Sum).ToList();
        var total = read.Single(row => row.IsTotal);
        var used = sums.Select(sum => sum.InstrumentId).OfType<Guid>().Distinct().ToArray();
        var names = used.Length == 0 ? [] : (await unit.Connection.ListAsync(
            "select id, name, kind from contractual_instruments where id = any($1)",
            row => (Id: row.GetGuid(0), Name: row.GetString(1), Kind: Enum.Parse<InstrumentKind>(row.GetString(2))), cancellationToken, used))
            .ToDictionary(row => row.Id, row => (row.Name, row.Kind));
        return EnergyStatement.Of(filter, number, sums, names, total.Sum.Entries, total.EntriesWithoutFigure);
    }

    private static string Where(InventoryFilter filter, List<object?> parameters)
    {
        // What has a category of scope 3 is no energy of own operations.
        var conditions = new List<string> { filter.Category > 0 || filter.Scope == 3 ? "false" : "true" };
        void Add(string column, object? value)
        {
            if (value is not null)
            {
                parameters.Add(value);
                conditions.Add(FormattableString.Invariant($"{column} = ${parameters.Count}"));
            }
        }

        Add("c.scope", filter.Scope);
        Add("c.organization_id", filter.OrganizationId);
        Add("c.account", filter.Site);
        return string.Join(" and ", conditions);
    }
}
