using System.Data;
using Npgsql;
using NpgsqlTypes;
using OffGridFlow.Core.Calculation;
using OffGridFlow.Core.EmissionFactors;
using OffGridFlow.Core.Identity;
using OffGridFlow.Core.Inventory;
using OffGridFlow.Infrastructure.Persistence;
using OffGridFlow.Infrastructure.Persistence.PostgreSql;

namespace OffGridFlow.Infrastructure.Inventory;

/// <inheritdoc cref="IEnergyQueries"/>
internal sealed class EnergyQueries(TenantDatabase database, CurrentUser user, LedgerCache cache) : IEnergyQueries
{
    /// <summary>From the roll-up: sites over whole months that are treated alike, by index. <c>$5</c>: a scope, or null.</summary>
    private const string OfMonths =
        """
        select c.carrier, c.service, c.instrument_id, c.is_unstated, c.gap, sum(c.results)::bigint, sum(round(c.kilowatt_hours * c.share, 12)),
          sum(round(c.renewable_kilowatt_hours * c.share, 12)), sum(round(c.nuclear_kilowatt_hours * c.share, 12))
        from (
          select w.share, t.*
          from unnest($1::text[], $2::date[], $3::date[], $4::numeric[]) as w (account, first_day, last_day, share)
          cross join lateral (
            select * from monthly_energy
            where tenant_id = (select current_tenant()) and account = w.account and month between w.first_day and w.last_day and scope = coalesce($5, scope) offset 0) t) c
        group by c.carrier, c.service, c.instrument_id, c.is_unstated, c.gap
        """;

    /// <summary>
    /// From the results of sites' months in which something changes: each counts by its own days in each row that has some of them, as <see cref="InventoryCells"/>
    /// divides its emission, and is one result however many have.
    /// </summary>
    private static readonly string OfParts =
        $"""
        with p as (
          select account, date_trunc('month', first_day)::date as first_month, (date_trunc('month', first_day) + interval '1 month')::date as after_last,
            array_agg(first_day) as first_days, array_agg(last_day) as last_days, array_agg(share) as shares
          from unnest($1::text[], $2::date[], $3::date[], $4::numeric[]) as w (account, first_day, last_day, share)
          group by 1, 2, 3),
        r as (
          select p.first_days, p.last_days, p.shares, e.id, e.energy_carrier as carrier, a.service, e.instrument_id, {EnergyRollUp.IsUnstated} as is_unstated, {EnergyRollUp.Gap} as gap,
            coalesce(e.energy_kwh, 0) as kilowatt_hours, coalesce(e.energy_renewable_kwh, 0) as renewable_kilowatt_hours, coalesce(e.energy_nuclear_kwh, 0) as nuclear_kilowatt_hours,
            d.first_day, d.last_day, d.last_day - d.first_day + 1 as days
          {PlaceTotals.StandingResults}
          where {EnergyRollUp.Counts} and e.scope = coalesce($5, e.scope) offset 0),
        c as (
          select r.*, w.share, least(greatest(w.first_day - r.first_day, 0), r.days) as before, least(greatest(w.last_day - r.first_day + 1, 0), r.days) as through
          from r cross join lateral unnest(r.first_days, r.last_days, r.shares) as w (first_day, last_day, share)
          where w.first_day <= r.last_day and w.last_day >= r.first_day)
        select c.carrier, c.service, c.instrument_id, c.is_unstated, c.gap, count(distinct c.id), {Share("kilowatt_hours")}, {Share("renewable_kilowatt_hours")},
          {Share("nuclear_kilowatt_hours")}
        from c
        group by c.carrier, c.service, c.instrument_id, c.is_unstated, c.gap
        """;

    /// <summary>The part of a figure on the row's days, and the group's share of it.</summary>
    private static string Share(string measure) =>
        $"""
        sum(round((case when c.before = 0 and c.through = c.days then c.{measure}
          else round(c.{measure} * c.through / c.days, 12) - round(c.{measure} * c.before / c.days, 12) end) * c.share, 12))
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
        var boundary = await InventoryBoundary.ReadAsync(unit, from, InventoryBoundary.MonthEnd(filter.To), filter.Approach, cancellationToken);
        var sums = new List<EnergySum>();
        await AddAsync(OfMonths, boundary.Months);
        await AddAsync(OfParts, boundary.Parts);
        // A sum may have come by both ways.
        sums =
        [
            .. sums.GroupBy(sum => (sum.Carrier, sum.ActivityType, sum.InstrumentId, sum.IsUnstated, sum.Gap)).Select(group => group.Aggregate((one, other) => one with
            {
                KilowattHours = one.KilowattHours + other.KilowattHours, RenewableKilowattHours = one.RenewableKilowattHours + other.RenewableKilowattHours,
                NuclearKilowattHours = one.NuclearKilowattHours + other.NuclearKilowattHours, Results = one.Results + other.Results,
            })),
        ];
        var used = sums.Select(sum => sum.InstrumentId).OfType<Guid>().Distinct().ToArray();
        var names = used.Length == 0 ? [] : (await unit.Connection.ListAsync(
            "select id, name, kind from contractual_instruments where id = any($1)",
            row => (Id: row.GetGuid(0), Name: row.GetString(1), Kind: Enum.Parse<InstrumentKind>(row.GetString(2))), cancellationToken, used))
            .ToDictionary(row => row.Id, row => (row.Name, row.Kind));
        return EnergyStatement.Of(filter, number, sums, names);

        async Task AddAsync(string statement, IReadOnlyList<BoundaryRow> boundaryRows)
        {
            var rows = boundaryRows.Where(row => Counts(row, filter)).ToList();
            if (rows.Count == 0)
            {
                return;
            }

            sums.AddRange(await unit.Connection.ListAsync(
                statement,
                row => new EnergySum(
                    row.OptionalText(0) is { } carrier ? Enum.Parse<EnergyCarrier>(carrier) : null, row.GetString(1), row.Optional<Guid>(2), row.GetBoolean(3), row.OptionalText(4),
                    row.GetDecimal(6), row.GetDecimal(7), row.GetDecimal(8), row.GetInt64(5)),
                cancellationToken, rows.Select(row => row.Account).ToArray(), rows.Select(row => row.From).ToArray(), rows.Select(row => row.To).ToArray(),
                rows.Select(row => row.Treatment.Share).ToArray(), new NpgsqlParameter { Value = (object?)filter.Scope ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Integer }));
        }
    }

    /// <summary>Own operations: nothing that has a category of scope 3 or that a lease puts there, no investment, no cloud usage.</summary>
    private static bool Counts(BoundaryRow row, InventoryFilter filter) =>
        row.Provider == BoundaryRow.Entry && row.Treatment is { Share: > 0, LeasedCategory: null } && filter.Category is null or 0 && filter.Scope != 3
        && (filter.OrganizationId is null || row.Treatment.OrganizationId == filter.OrganizationId) && (filter.Site is null || row.Account == filter.Site);
}
