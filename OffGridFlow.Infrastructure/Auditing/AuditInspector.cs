using System.Runtime.CompilerServices;
using Microsoft.Extensions.DependencyInjection;
using OffGridFlow.Core.Identity;
using OffGridFlow.Infrastructure.Persistence;
using OffGridFlow.Infrastructure.Persistence.PostgreSql;

namespace OffGridFlow.Infrastructure.Auditing;

/// <param name="Name">Null for an organization that only entries or signed heads know.</param>
public sealed record AuditInspection(Guid TenantId, string? Name, AuditVerification Found);

/// <summary>For the operator: checks the audit logs of all organizations of the installation, one after the other.</summary>
public sealed class AuditInspector
{
    private readonly Database _database;
    private readonly AuditHeadFiles _heads;
    private readonly IServiceScopeFactory _scopes;

    internal AuditInspector(Database database, AuditHeadFiles heads, IServiceScopeFactory scopes) => (_database, _heads, _scopes) = (database, heads, scopes);

    /// <param name="only">One organization; null for all.</param>
    public async IAsyncEnumerable<AuditInspection> InspectAsync(Guid? only, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        foreach (var (tenant, name) in await ListAsync(cancellationToken))
        {
            if (only is null || only == tenant)
            {
                await using var scope = _scopes.CreateAsyncScope();
                scope.ServiceProvider.GetRequiredService<CurrentUser>().Become(new Actor(tenant, null, "OffGridFlow", TenantRole.Auditor));
                yield return new AuditInspection(tenant, name, await scope.ServiceProvider.GetRequiredService<IAuditVerifier>().VerifyAsync(null, cancellationToken));
            }
        }
    }

    /// <summary>Those of the table, and those that would be overlooked if somebody had taken them out of it.</summary>
    private async Task<SortedDictionary<Guid, string?>> ListAsync(CancellationToken cancellationToken)
    {
        await using var connection = await _database.Owner.OpenConnectionAsync(cancellationToken);
        var found = await connection.ListAsync(
            """
            with recursive named (id) as (
              (select tenant_id from audit_entries order by tenant_id limit 1)
              union all
              select (select e.tenant_id from audit_entries e where e.tenant_id > named.id order by e.tenant_id limit 1) from named where named.id is not null)
            select id, t.name from (select id from named where id is not null union select id from tenants) as known left join tenants t using (id)
            """,
            row => KeyValuePair.Create(row.GetGuid(0), row.OptionalText(1)), cancellationToken);
        var tenants = new SortedDictionary<Guid, string?>(found.ToDictionary());
        foreach (var signed in _heads.ReadTenants())
        {
            tenants.TryAdd(signed, null);
        }

        return tenants;
    }
}
