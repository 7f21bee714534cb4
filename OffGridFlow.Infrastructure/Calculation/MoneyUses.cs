using OffGridFlow.Core.Identity;
using OffGridFlow.Infrastructure.Persistence;
using OffGridFlow.Infrastructure.Persistence.PostgreSql;

namespace OffGridFlow.Infrastructure.Calculation;

/// <summary>How many entries rest on a rate, an index or an account map, as the ledger stands.</summary>
/// <param name="Rates">By the unit of the rate, such as <c>USD per EUR</c>, and the month, <c>yyyy-MM</c>.</param>
/// <param name="Indices">By currency and the period of the index, <c>yyyy</c> or <c>yyyy-MM</c>.</param>
/// <param name="Maps">Entries that fit a map, whatever it says of them.</param>
public sealed record MoneyUse(
    IReadOnlyDictionary<(string Unit, string Month), long> Rates, IReadOnlyDictionary<(string Currency, string Period), long> Indices, IReadOnlyDictionary<Guid, long> Maps);

/// <summary>Looks up what rests on the tables of money. Reads the trails of spending alone, by the unit of its entries.</summary>
internal sealed class MoneyUses(TenantDatabase database, CurrentUser user)
{
    private const int TimeoutSeconds = 60;

    public async Task<MoneyUse> CountAsync(CancellationToken cancellationToken)
    {
        user.Require(Permissions.CalculationsRead);
        await using var unit = await database.OpenAsync(cancellationToken);
        // Money is written as three capital letters, with or without a price year; no other unit is.
        var operands = await ReadAsync(
            unit,
            """
            select o ->> 'name', o ->> 'unit', s ->> 'name', left(s ->> 'unit', 3), count(distinct a.entry_id)
            from activity_records a
            join emission_records e on e.activity_id = a.id
            join emission_intervals i on i.activity_id = e.activity_id and i.proposal_id is not distinct from e.proposal_id and i.to_sequence is null
            cross join lateral json_array_elements(e.derivation -> 'money') s
            cross join lateral json_array_elements(s -> 'operands') o
            where a.entry_id is not null and a.unit ~ '^[A-Z]{3}( [0-9]{4})?$' and e.derivation -> 'money' is not null and (o ->> 'name' = 'Rate of exchange' or o ->> 'name' like 'Price index of %')
            group by 1, 2, 3, 4
            """,
            cancellationToken);
        var (rates, indices) = (new Dictionary<(string, string), long>(), new Dictionary<(string, string), long>());
        foreach (var (name, of, step, currency, count) in operands)
        {
            var (table, key) = name == "Rate of exchange" ? (rates, (of, step[^7..])) : (indices, (currency, name["Price index of ".Length..]));
            table[key] = table.GetValueOrDefault(key) + count;
        }

        var maps = await unit.Connection.ListAsync(
            """
            select m.id, count(*) from account_maps m join activity_entries n
              on (m.vendor is null or upper(n.vendor) = upper(m.vendor)) and (m.account is null or upper(n.account) = upper(m.account))
              and (m.valid_from is null or n.period_end >= m.valid_from) and (m.valid_to is null or n.period_start <= m.valid_to)
            group by m.id
            """,
            row => (Id: row.GetGuid(0), Count: row.GetInt64(1)), cancellationToken);
        return new MoneyUse(rates, indices, maps.ToDictionary(row => row.Id, row => row.Count));
    }

    private static async Task<List<(string Name, string Unit, string Step, string Currency, long Count)>> ReadAsync(TenantUnit unit, string statement, CancellationToken cancellationToken)
    {
        await using var command = unit.Connection.Command(statement);
        command.CommandTimeout = TimeoutSeconds;
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var rows = new List<(string, string, string, string, long)>();
        while (await reader.ReadAsync(cancellationToken))
        {
            rows.Add((reader.GetString(0), reader.GetString(1), reader.GetString(2), reader.GetString(3), reader.GetInt64(4)));
        }

        return rows;
    }
}
