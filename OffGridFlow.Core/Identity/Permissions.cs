namespace OffGridFlow.Core.Identity;

/// <summary>What can be allowed. Pages, services and endpoints ask for the same constant.</summary>
public static class Permissions
{
    /// <summary>See dashboards, totals and reports.</summary>
    public const string DashboardsRead = "dashboards.read";

    /// <summary>Open the trail of a number, down to the source line.</summary>
    public const string TrailsRead = "trails.read";

    /// <summary>See imports, their rejected rows and activity data.</summary>
    public const string ActivityDataRead = "activity-data.read";

    /// <summary>Import, replace, undo and cancel; run connectors.</summary>
    public const string ActivityDataWrite = "activity-data.write";

    /// <summary>See the audit log and evidence packs.</summary>
    public const string AuditRead = "audit.read";

    /// <summary>See an auditor's materiality, samples and findings, and comment on them.</summary>
    public const string AssuranceRead = "assurance.read";

    /// <summary>An auditor's own papers: materiality, samples and what was found of them, findings and how they end. Moves no figure.</summary>
    public const string AssuranceWrite = "assurance.write";

    /// <summary>See factors and calculation runs.</summary>
    public const string CalculationsRead = "calculations.read";

    /// <summary>Own factors and the order of preference of sets: what changes how things are calculated.</summary>
    public const string CalculationsPropose = "calculations.propose";

    /// <summary>Let a proposed change of factors or methods count.</summary>
    public const string CalculationsApprove = "calculations.approve";

    /// <summary>Legal entities, sites, periods, leases, business figures and contractual instruments.</summary>
    public const string OrganizationsWrite = "organizations.write";

    /// <summary>Users, roles, secrets, jobs, settings.</summary>
    public const string AdministrationWrite = "administration.write";

    public static readonly IReadOnlyList<string> All =
        [DashboardsRead, TrailsRead, ActivityDataRead, ActivityDataWrite, AuditRead, AssuranceRead, AssuranceWrite, CalculationsRead, CalculationsPropose,
            CalculationsApprove, OrganizationsWrite, AdministrationWrite];

    private static readonly Dictionary<TenantRole, IReadOnlySet<string>> ByRole = new()
    {
        [TenantRole.Viewer] = Set(DashboardsRead),
        [TenantRole.Auditor] = Set(DashboardsRead, TrailsRead, ActivityDataRead, AuditRead, AssuranceRead, AssuranceWrite, CalculationsRead),
        [TenantRole.Analyst] = Set(
            DashboardsRead, TrailsRead, ActivityDataRead, ActivityDataWrite, AssuranceRead, CalculationsRead, CalculationsPropose, OrganizationsWrite),
        [TenantRole.ComplianceManager] = Set(
            DashboardsRead, TrailsRead, ActivityDataRead, ActivityDataWrite, AssuranceRead, CalculationsRead, CalculationsPropose, CalculationsApprove, OrganizationsWrite),
        [TenantRole.Admin] = Set([.. All]),
    };

    /// <summary>Whether a role carries a permission.</summary>
    public static bool Allows(this TenantRole role, string permission) => ByRole[role].Contains(permission);

    private static HashSet<string> Set(params string[] permissions) => [.. permissions];
}
