using Npgsql;
using NpgsqlTypes;
using OffGridFlow.Core.CloudUsage;
using OffGridFlow.Infrastructure.Persistence;
using OffGridFlow.Infrastructure.Persistence.PostgreSql;

namespace OffGridFlow.Infrastructure.CloudUsage;

/// <summary>Gives the kinds of a reader their numbers in the database, those that are new as they turn up.</summary>
internal sealed class KindNumbers(TenantDatabase database)
{
    private const string Columns = "provider, account, service, region, usage_type, unit, instance_type, vcpus, currency";

    private readonly Dictionary<UsageKind, int> _known = [];
    private readonly List<int> _numbers = [];

    /// <summary>The database's number of the reader's kind.</summary>
    public int this[int kind] => _numbers[kind];

    /// <summary>Learns the kinds that these accounts have already, so that a bill like last month's asks for none again.</summary>
    public async Task LearnAsync(IReadOnlyCollection<string> accounts, CancellationToken cancellationToken)
    {
        await using var unit = await database.OpenAsync(cancellationToken);
        await LearnAsync(unit, accounts.ToArray(), cancellationToken);
    }

    /// <summary>Numbers every kind that has none yet.</summary>
    public void CatchUp(IReadOnlyList<UsageKind> kinds, CancellationToken cancellationToken)
    {
        var fresh = kinds.Skip(_numbers.Count).Where(kind => !_known.ContainsKey(kind)).Distinct().ToList();
        if (fresh.Count > 0)
        {
            AddAsync(fresh, cancellationToken).GetAwaiter().GetResult();
        }

        for (var i = _numbers.Count; i < kinds.Count; i++)
        {
            _numbers.Add(_known[kinds[i]]);
        }
    }

    private async Task AddAsync(List<UsageKind> kinds, CancellationToken cancellationToken)
    {
        await using var unit = await database.OpenAsync(cancellationToken);
        // The commit of the lines, which comes later, makes these durable with it: no need to wait for the disk at each handful of kinds.
        await unit.Connection.ExecuteAsync("set local synchronous_commit = off", cancellationToken);
        var added = await unit.Connection.ListAsync(
            $"""
            insert into usage_kinds (tenant_id, {Columns})
            select current_tenant(), {Columns}
            from unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::numeric[], $9::text[])
              as input ({Columns})
            on conflict do nothing
            returning id, {Columns}
            """,
            Read, cancellationToken, Text(kinds, kind => kind.Provider), Text(kinds, kind => kind.Account), Text(kinds, kind => kind.Service),
            Text(kinds, kind => kind.Region), Text(kinds, kind => kind.UsageType), Text(kinds, kind => kind.Unit), Text(kinds, kind => kind.InstanceType),
            new NpgsqlParameter { Value = kinds.Select(kind => kind.Vcpus).ToArray(), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Numeric },
            Text(kinds, kind => kind.Currency));
        Remember(added);
        if (added.Count < kinds.Count)
        {
            // Another import of the tenant was quicker with some of them.
            await LearnAsync(unit, Text(kinds, kind => kind.Account), cancellationToken);
        }

        await unit.CommitAsync(cancellationToken);
    }

    private async Task LearnAsync(TenantUnit unit, string[] accounts, CancellationToken cancellationToken) => Remember(
        await unit.Connection.ListAsync($"select id, {Columns} from usage_kinds where account = any($1)", Read, cancellationToken, [accounts]));

    private void Remember(List<(int Number, UsageKind Kind)> rows)
    {
        foreach (var (number, kind) in rows)
        {
            _known[kind] = number;
        }
    }

    /// <summary>Equal as the reader's kinds are: a decimal counts the same whatever zeros end it.</summary>
    private static (int Number, UsageKind Kind) Read(NpgsqlDataReader row) => (row.GetInt32(0), new UsageKind(
        row.GetString(1), row.GetString(2), row.GetString(3), row.GetString(4), row.GetString(5), row.GetString(6), row.GetString(7),
        row.Optional<decimal>(8), row.GetString(9)));

    private static string[] Text(List<UsageKind> kinds, Func<UsageKind, string> part) => kinds.Select(part).ToArray();
}
