using NpgsqlTypes;
using OffGridFlow.Core.CloudUsage;
using OffGridFlow.Infrastructure.Persistence;
using OffGridFlow.Infrastructure.Persistence.PostgreSql;

namespace OffGridFlow.Infrastructure.CloudUsage;

/// <summary>Gives the kinds of a reader their numbers in the database, those that are new as they turn up.</summary>
internal sealed class KindNumbers(TenantDatabase database)
{
    private readonly List<int> _numbers = [];

    /// <summary>The database's number of the reader's kind.</summary>
    public int this[int kind] => _numbers[kind];

    /// <summary>Numbers every kind that has none yet.</summary>
    public void CatchUp(IReadOnlyList<UsageKind> kinds, CancellationToken cancellationToken)
    {
        if (_numbers.Count < kinds.Count)
        {
            NumberAsync(kinds.Skip(_numbers.Count).ToList(), cancellationToken).GetAwaiter().GetResult();
        }
    }

    private async Task NumberAsync(List<UsageKind> kinds, CancellationToken cancellationToken)
    {
        const string Input =
            """
            from unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::numeric[], $9::text[])
              with ordinality as input (provider, account, service, region, usage_type, unit, instance_type, vcpus, currency, place)
            """;
        await using var unit = await database.OpenAsync(cancellationToken);
        object[] parameters =
        [
            kinds.Select(kind => kind.Provider).ToArray(), kinds.Select(kind => kind.Account).ToArray(), kinds.Select(kind => kind.Service).ToArray(),
            kinds.Select(kind => kind.Region).ToArray(), kinds.Select(kind => kind.UsageType).ToArray(), kinds.Select(kind => kind.Unit).ToArray(),
            kinds.Select(kind => kind.InstanceType).ToArray(),
            new Npgsql.NpgsqlParameter { Value = kinds.Select(kind => kind.Vcpus).ToArray(), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Numeric },
            kinds.Select(kind => kind.Currency).ToArray(),
        ];
        await unit.Connection.ExecuteAsync(
            $"""
            insert into usage_kinds (tenant_id, provider, account, service, region, usage_type, unit, instance_type, vcpus, currency)
            select distinct current_tenant(), provider, account, service, region, usage_type, unit, instance_type, vcpus, currency {Input}
            on conflict do nothing
            """,
            cancellationToken, parameters);
        var numbers = await unit.Connection.ListAsync(
            $"""
            select k.id {Input}
            join usage_kinds k on k.provider = input.provider and k.account = input.account and k.service = input.service and k.region = input.region
              and k.usage_type = input.usage_type and k.unit = input.unit and k.instance_type = input.instance_type
              and k.vcpus is not distinct from input.vcpus and k.currency = input.currency
            order by input.place
            """,
            row => row.GetInt32(0), cancellationToken, parameters.Select(Copy).ToArray());
        await unit.CommitAsync(cancellationToken);
        if (numbers.Count != kinds.Count)
        {
            throw new InvalidOperationException($"{kinds.Count} kinds of usage got {numbers.Count} numbers.");
        }

        _numbers.AddRange(numbers);
    }

    /// <summary>A parameter belongs to one command.</summary>
    private static object Copy(object parameter) => parameter is Npgsql.NpgsqlParameter typed ? typed.Clone() : parameter;
}
