using System.Globalization;
using System.Text.Json;
using Npgsql;
using OffGridFlow.Core.Calculation;
using OffGridFlow.Core.EmissionFactors;
using OffGridFlow.Infrastructure.Persistence;
using OffGridFlow.Infrastructure.Persistence.PostgreSql;

namespace OffGridFlow.Infrastructure.Calculation;

/// <summary>What a tenant has decided about calculating, for whoever calculates inside a unit of its own.</summary>
public interface ICalculationPolicies
{
    /// <summary>The policy of the unit's tenant; <see cref="CalculationPolicy.Default"/> where it has decided nothing.</summary>
    Task<CalculationPolicy> GetAsync(TenantUnit unit, CancellationToken cancellationToken);
}

/// <inheritdoc cref="ICalculationPolicies"/>
internal sealed class CalculationPolicies : ICalculationPolicies
{
    public async Task<CalculationPolicy> GetAsync(TenantUnit unit, CancellationToken cancellationToken) =>
        (await FindAsync(unit, cancellationToken)).Policy;

    internal static async Task<StoredPolicy> FindAsync(TenantUnit unit, CancellationToken cancellationToken) => (await unit.Connection.ListAsync(
        "select gwp, set_order, allows_proxy, fixed_editions::text, version, changed_by, changed_at, editions_confirmed_at from calculation_policies where tenant_id = current_tenant()",
        Read, cancellationToken)).SingleOrDefault() ?? new StoredPolicy(CalculationPolicy.Default, 0, null, null, null);

    /// <summary>By family and year of consumption, as one JSON object of objects: <c>{"desnz":{"2024":2025}}</c>.</summary>
    internal static string Write(IReadOnlyDictionary<(string Family, int Year), int> editions) => JsonSerializer.Serialize(editions
        .GroupBy(edition => edition.Key.Family, StringComparer.Ordinal).OrderBy(family => family.Key, StringComparer.Ordinal)
        .ToDictionary(family => family.Key, family => family.OrderBy(edition => edition.Key.Year)
            .ToDictionary(edition => edition.Key.Year.ToString(CultureInfo.InvariantCulture), edition => edition.Value)));

    internal static Dictionary<(string Family, int Year), int> ReadEditions(string json) =>
        (JsonSerializer.Deserialize<Dictionary<string, Dictionary<string, int>>>(json) ?? [])
            .SelectMany(family => family.Value.Select(year => (family.Key, Year: int.Parse(year.Key, CultureInfo.InvariantCulture), Edition: year.Value)))
            .ToDictionary(edition => (edition.Key, edition.Year), edition => edition.Edition);

    private static StoredPolicy Read(NpgsqlDataReader row)
    {
        var policy = new CalculationPolicy
        {
            Gwp = Enum.Parse<GwpSet>(row.GetString(0)), SetOrder = row.GetFieldValue<string[]>(1), AllowsProxy = row.GetBoolean(2),
            FixedEditions = ReadEditions(row.GetString(3)),
        };
        return new StoredPolicy(policy, row.GetInt32(4), row.GetString(5), row.GetFieldValue<DateTimeOffset>(6), row.Optional<DateTimeOffset>(7));
    }
}

/// <param name="Version">0 where nothing has been decided yet.</param>
/// <param name="ConfirmedAt">When the tenant last confirmed that it has seen the new editions.</param>
internal sealed record StoredPolicy(CalculationPolicy Policy, int Version, string? ChangedBy, DateTimeOffset? ChangedAt, DateTimeOffset? ConfirmedAt);
