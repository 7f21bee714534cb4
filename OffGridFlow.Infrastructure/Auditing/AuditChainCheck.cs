using System.Globalization;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using OffGridFlow.Core.Identity;
using OffGridFlow.Infrastructure.Jobs;
using OffGridFlow.Infrastructure.Persistence;
using OffGridFlow.Infrastructure.Persistence.PostgreSql;

namespace OffGridFlow.Infrastructure.Auditing;

/// <summary>
/// Checks the audit log of every organization each night, so that a break is found by the product and not first by an auditor. The
/// outcome holds counts only; which organization's log is broken, and where, goes to the log of whoever runs the installation.
/// </summary>
internal sealed partial class AuditChainCheck(Database database, IServiceScopeFactory scopes, ILogger<AuditChainCheck> logger) : ISystemJob
{
    public string Kind => SystemSchedules.AuditChainCheck;

    public async Task<SystemJobOutcome> RunAsync(SystemJobContext job, CancellationToken cancellationToken)
    {
        List<Guid> tenants;
        await using (var connection = await database.App.OpenConnectionAsync(cancellationToken))
        {
            tenants = await connection.ListAsync("select tenant_ids()", row => row.GetGuid(0), cancellationToken);
        }

        long entries = 0, broken = 0;
        for (var i = 0; i < tenants.Count; i++)
        {
            await using var scope = scopes.CreateAsyncScope();
            scope.ServiceProvider.GetRequiredService<CurrentUser>().Become(new Actor(tenants[i], null, "OffGridFlow", TenantRole.Admin));
            var found = await scope.ServiceProvider.GetRequiredService<IAuditVerifier>().VerifyAsync(null, cancellationToken);
            entries += found.Entries;
            if (found.Break is { } fault)
            {
                broken++;
                Log.Broken(logger, tenants[i], fault.Kind, fault.Sentence);
            }

            job.Report(i + 1, tenants.Count);
        }

        var result = new Dictionary<string, long> { ["entries"] = entries, ["broken"] = broken };
        return new SystemJobOutcome(result, broken == 0
            ? null
            : string.Create(
                CultureInfo.InvariantCulture,
                $"The audit logs of {broken} of {tenants.Count} organizations are not as they were sealed. Nothing was changed. The log of this time names each and its first broken entry, as does the page Audit log; keep a copy of the database and of the folder audit-heads before anything else is done."));
    }

    private static partial class Log
    {
        [LoggerMessage(EventId = 3301, Level = LogLevel.Error, Message = "The audit log of tenant {TenantId} is broken ({Kind}): {Sentence}")]
        public static partial void Broken(ILogger logger, Guid tenantId, AuditBreakKind kind, string sentence);
    }
}
