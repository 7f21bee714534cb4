using OffGridFlow.Core.Identity;

namespace OffGridFlow.Web.Features.Identity;

/// <summary>What a role is called, and what it may do in one line: the table of the design, section 7.</summary>
internal static class RoleWords
{
    /// <summary>From the one that may least to the one that may most.</summary>
    public static readonly IReadOnlyList<TenantRole> All =
        [TenantRole.Viewer, TenantRole.Auditor, TenantRole.Analyst, TenantRole.ComplianceManager, TenantRole.Admin];

    public static string Name(TenantRole role) => role switch
    {
        TenantRole.ComplianceManager => "Compliance manager",
        TenantRole.Admin => "Administrator",
        _ => role.ToString(),
    };

    public static string May(TenantRole role) => role switch
    {
        TenantRole.Viewer => "Sees totals, dashboards and reports.",
        TenantRole.Auditor => "Sees everything down to the source line, and the audit log; draws samples and records findings, changes no figure.",
        TenantRole.Analyst => "Imports and corrects data, and follows figures to their source.",
        TenantRole.ComplianceManager => "As an analyst; decides on factors, calculation runs and disclosures.",
        TenantRole.Admin => "Everything, also people, roles, keys and settings.",
        _ => throw new ArgumentOutOfRangeException(nameof(role), role, null),
    };
}
