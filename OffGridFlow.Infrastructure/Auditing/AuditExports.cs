using OffGridFlow.Core.Identity;
using OffGridFlow.Infrastructure.Persistence;
using OffGridFlow.Infrastructure.Persistence.PostgreSql;

namespace OffGridFlow.Infrastructure.Auditing;

/// <summary>What an export of the audit log needs beside its entries.</summary>
internal sealed class AuditExports(TenantDatabase database, CurrentUser user)
{
    private const int TimeoutSeconds = 300;

    /// <summary>How many entries the filter lets through now.</summary>
    public async Task<long> CountAsync(AuditFilter filter, CancellationToken cancellationToken)
    {
        user.Require(Permissions.AuditRead);
        var parameters = new List<object?>();
        var where = AuditQueries.Where(filter, parameters);
        await using var unit = await database.OpenAsync(cancellationToken);
        await using var command = unit.Connection.Command($"select count(*) from audit_entries where {where}", [.. parameters]);
        command.CommandTimeout = TimeoutSeconds;
        return (long)(await command.ExecuteScalarAsync(cancellationToken))!;
    }

    /// <summary>Writes down, before anything leaves, who takes which entries.</summary>
    public async Task RecordAsync(string format, AuditFilter filter, CancellationToken cancellationToken)
    {
        user.Require(Permissions.AuditRead);
        await using var unit = await database.OpenAsync(cancellationToken);
        unit.Audit("audit.exported", "audit", new { format, filter });
        await unit.CommitAsync(cancellationToken);
    }
}
