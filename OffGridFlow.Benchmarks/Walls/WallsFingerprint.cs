using OffGridFlow.Infrastructure.Persistence.PostgreSql;

namespace OffGridFlow.Benchmarks.Walls;

/// <summary>What an organization has, table by table, as one number each: equal fingerprints are equal data.</summary>
internal static class WallsFingerprint
{
    /// <summary>Read by the owner, past every wall.</summary>
    /// <param name="before">Entries of the audit log up to here; looking at things adds some of one's own.</param>
    public static async Task<SortedDictionary<string, string>> OfAsync(WallsServer server, Guid tenant, DateTimeOffset before, CancellationToken cancellationToken)
    {
        await using var owner = await server.Database.Owner.OpenConnectionAsync(cancellationToken);
        var tables = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var table in await WallsWorld.TenantTablesAsync(owner, cancellationToken))
        {
            // A session is extended while it is used, people and keys are seen, and the log is sealed in the background: what they are must stay, not every column.
            var (row, condition) = table switch
            {
                "memberships" => ("concat_ws(' ', user_id, role, state)", "true"),
                "api_keys" => ("concat_ws(' ', id, name, scopes, expires_at, revoked_at)", "true"),
                "sessions" => ("concat_ws(' ', id, user_id, kind, ended_at)", "true"),
                "audit_entries" => ("concat_ws(' ', id, at, actor_id, actor_name, action, subject, details)", "at <= $2"),
                _ when table.StartsWith("audit_", StringComparison.Ordinal) => ("''", "false"),
                _ => ("t::text", "true"),
            };
            tables[table] = await owner.ScalarAsync<string>(
                $"select count(*) || ' rows, ' || coalesce(md5(string_agg(md5({row}), '' order by md5({row}))), 'none') from {table} t where tenant_id = $1 and {condition} and $2::timestamptz is not null",
                cancellationToken, tenant, before) ?? "";
        }

        // Nobody else has written into its log either.
        tables["strangers in the log"] = await owner.ScalarAsync<string>(
            "select count(*)::text from audit_entries e where tenant_id = $1 and actor_id is not null and not exists (select from memberships m where m.user_id = e.actor_id and m.tenant_id = $1) and not exists (select from api_keys k where k.id = e.actor_id and k.tenant_id = $1)",
            cancellationToken, tenant) ?? "";
        return tables;
    }
}
