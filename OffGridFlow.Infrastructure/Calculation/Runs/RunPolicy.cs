using System.Text.Json;
using System.Text.Json.Nodes;
using OffGridFlow.Core.Calculation;
using OffGridFlow.Core.EmissionFactors;
using OffGridFlow.Infrastructure.Persistence;
using OffGridFlow.Infrastructure.Persistence.PostgreSql;

namespace OffGridFlow.Infrastructure.Calculation.Runs;

/// <summary>A policy as a run keeps it, and how it becomes the tenant's.</summary>
internal static class RunPolicy
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);

    public static string Write(CalculationPolicy policy) => JsonSerializer.Serialize(
        new Stored(policy.Gwp.ToString(), [.. policy.SetOrder], policy.AllowsProxy, JsonNode.Parse(CalculationPolicies.Write(policy.FixedEditions))!), Json);

    public static CalculationPolicy Read(string json)
    {
        var stored = JsonSerializer.Deserialize<Stored>(json, Json)!;
        return new CalculationPolicy
        {
            Gwp = Enum.Parse<GwpSet>(stored.Gwp), SetOrder = stored.SetOrder, AllowsProxy = stored.AllowsProxy, FixedEditions = CalculationPolicies.ReadEditions(stored.FixedEditions.ToJsonString()),
        };
    }

    /// <summary>Makes it the tenant's, whatever stood before: whoever calls has compared versions under the ledger's lock.</summary>
    /// <returns>The version that it has now.</returns>
    public static async Task<int> SetAsync(TenantUnit unit, CalculationPolicy policy, DateTimeOffset at, CancellationToken cancellationToken) =>
        await unit.Connection.ScalarAsync<int>(
            """
            insert into calculation_policies as p (tenant_id, gwp, set_order, allows_proxy, fixed_editions, version, changed_by, changed_at)
            values (current_tenant(), $1, $2, $3, $4::jsonb, 1, $5, $6)
            on conflict (tenant_id) do update set gwp = excluded.gwp, set_order = excluded.set_order, allows_proxy = excluded.allows_proxy,
              fixed_editions = excluded.fixed_editions, version = p.version + 1, changed_by = excluded.changed_by, changed_at = excluded.changed_at
            returning version
            """,
            cancellationToken, policy.Gwp.ToString(), policy.SetOrder.ToArray(), policy.AllowsProxy, CalculationPolicies.Write(policy.FixedEditions), unit.Actor.DisplayName, at);

    public static bool Same(CalculationPolicy one, CalculationPolicy other) => Write(one) == Write(other);

    private sealed record Stored(string Gwp, string[] SetOrder, bool AllowsProxy, JsonNode FixedEditions);
}
