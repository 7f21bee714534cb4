using Microsoft.EntityFrameworkCore;
using OffGridFlow.Core.Organizations;
using OffGridFlow.Core.Targets;
using OffGridFlow.Infrastructure.Persistence;
using OffGridFlow.Infrastructure.Persistence.PostgreSql;

namespace OffGridFlow.Infrastructure.Targets;

/// <summary>The policy that is in force and the figures that stand.</summary>
internal static class BaseYears
{
    public static Task<long> SequenceAsync(TenantUnit unit, CancellationToken cancellationToken) =>
        unit.Connection.ScalarAsync<long>("select value from ledger_sequences where tenant_id = current_tenant()", cancellationToken);

    /// <summary>Nothing of the ledger moves from here to the end of the transaction, so that what is written down is what was looked at.</summary>
    public static Task<long> HoldAsync(TenantUnit unit, CancellationToken cancellationToken) =>
        unit.Connection.ScalarAsync<long>("select value from ledger_sequences where tenant_id = current_tenant() for update", cancellationToken);

    /// <summary>The latest that is approved; null where none is.</summary>
    public static Task<BaseYearPolicy?> PolicyAsync(TenantUnit unit, CancellationToken cancellationToken) =>
        unit.Context.BaseYearPolicies.Where(policy => policy.ApprovedAt != null).OrderByDescending(policy => policy.Version).FirstOrDefaultAsync(cancellationToken);

    /// <summary>The consolidation approach that years are compared under.</summary>
    public static async Task<ConsolidationApproach> ApproachAsync(TenantUnit unit, CancellationToken cancellationToken) =>
        (await PolicyAsync(unit, cancellationToken))?.Approach ?? ConsolidationApproach.OperationalControl;

    /// <summary>The decision whose figures are the base year's; null where none is approved.</summary>
    public static Task<BaseYearDecision?> StandingAsync(TenantUnit unit, CancellationToken cancellationToken) =>
        unit.Context.BaseYearDecisions.Where(decision => decision.ApprovedAt != null && decision.Choice != BaseYearChoice.Kept)
            .OrderByDescending(decision => decision.Number).FirstOrDefaultAsync(cancellationToken);
}
