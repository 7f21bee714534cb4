using OffGridFlow.Core.EmissionFactors;
using OffGridFlow.Infrastructure.Persistence;
using OffGridFlow.Infrastructure.Persistence.PostgreSql;

namespace OffGridFlow.Infrastructure.EmissionFactors;

/// <summary>Gives those who calculate the tenant's own factors, to be added to the shipped library in memory.</summary>
public sealed class TenantFactors(FactorReference reference)
{
    /// <summary>Those that are not retired; empty for most tenants.</summary>
    public async Task<IReadOnlyList<EmissionFactor>> ListAsync(TenantUnit unit, CancellationToken cancellationToken) => await unit.Connection.ListAsync(
        $"""
        select {FactorReader.Columns} from emission_factors f join factor_sets s on s.key = f.set_key
        where f.tenant_id = current_tenant() and f.retired_at is null order by s.id, f.id
        """,
        row => FactorReader.Read(row, reference.Units).Factor, cancellationToken);
}
