using OffGridFlow.Core.Identity;

namespace OffGridFlow.Web.Features.Search;

/// <param name="Permission">The policy of the page.</param>
/// <param name="Synonyms">What people may call it.</param>
public sealed record SearchPage(string Name, string Href, string Icon, string Permission, params string[] Synonyms)
{
    /// <summary>Every word of the text begins a word of the name or of a synonym.</summary>
    public bool Matches(string text) => text.Split(' ', StringSplitOptions.RemoveEmptyEntries)
        .All(part => Synonyms.Append(Name).SelectMany(name => name.Split(' ', '-')).Any(word => word.StartsWith(part, StringComparison.OrdinalIgnoreCase)));
}

/// <summary>The pages that can be gone to by name. A page in the menu stands here too: a test holds one against the other.</summary>
public static class SearchPages
{
    public static readonly IReadOnlyList<SearchPage> All =
    [
        new("Overview", "/", "layout-dashboard", Permissions.DashboardsRead, "Dashboard", "Home", "Start", "Statement", "Totals", "Trend", "Hot spots"),
        new("Emissions", "/emissions", "chart-column", Permissions.DashboardsRead, "Explorer", "Carbon", "CO2e", "Ledger", "Usage", "Footprint", "Trail"),
        new("Inventory", "/inventory", "scale", Permissions.DashboardsRead, "Consolidation", "Boundary", "Equity share", "Operational control", "Financial control", "Gases", "Intensity", "Scopes"),
        new("Targets & scenarios", "/targets", "target", Permissions.DashboardsRead, "Reduction", "Path", "SBTi", "Science-based", "Net zero", "Levers", "Intensity", "Plan"),
        new("Base year", "/base-year", "flag", Permissions.DashboardsRead, "Recalculation", "Threshold", "Significance", "Policy", "Restated", "Comparatives", "Structural changes"),
        new("Activity data", "/activities", "file-text", Permissions.ActivityDataRead, "Entries", "Fuel", "Gas", "Electricity", "Refrigerants", "Meter", "Invoice", "Submit", "Approve", "Quantities"),
        new("Data collection", "/collection", "list-checks", Permissions.ActivityDataRead, "Completeness", "Collection plan", "Gaps", "Missing data"),
        new("Exceptions", "/exceptions", "triangle-alert", Permissions.ActivityDataRead, "Missing", "No result", "Problems", "Mend", "Faults"),
        new("Imports", "/imports", "table-2", Permissions.ActivityDataRead, "Upload", "Bills", "Files", "Cost and Usage Report", "AWS", "CUR", "FOCUS", "Rejected rows"),
        new("Emission factors", "/factors", "book-open", Permissions.CalculationsRead, "Library", "DESNZ", "EPA", "eGRID", "Ember", "Supplier rates", "Residual mix", "GWP", "Potentials", "Preferences"),
        new("Calculation runs", "/runs", "refresh-ccw", Permissions.CalculationsRead, "Recalculate", "Difference", "Approve", "Roll back", "Editions", "GWP"),
        new("Rates and accounts", "/rates", "equal", Permissions.CalculationsRead, "Exchange rates", "Currency", "Price index", "Inflation", "Deflator", "Account maps", "Vendors", "Spend"),
        new("Organization", "/organization", "building-2", Permissions.ActivityDataRead, "Entities", "Companies", "Sites", "Ownership", "Leases", "Cloud accounts", "Periods", "Fiscal year", "Business figures", "Revenue"),
        new("Contracts", "/contracts", "file-check-2", Permissions.ActivityDataRead, "Instruments", "Certificates", "PPA", "Green tariff", "Guarantees of origin", "REC", "Renewable", "Scope 2", "Wind"),
        new("Scope 3 categories", "/screening", "list-checks", Permissions.ActivityDataRead, "Screening", "Boundary", "Exclusions", "15 categories", "Value chain"),
        new("Assurance", "/assurance", "shield-check", Permissions.AssuranceRead, "Auditor", "Samples", "Sampling", "Findings", "Materiality", "Misstatements", "ISAE 3410", "Verification"),
        new("Audit log", "/audit", "scroll-text", Permissions.AuditRead, "Trail", "Chain", "Seal", "Who", "History", "Log", "Sign-ins", "Events"),
        new("Jobs", "/jobs", "list-checks", Permissions.ActivityDataRead, "Queue", "Running", "Progress", "History", "Schedules", "Retry", "Cancel"),
        new("Users & roles", "/users", "users", Permissions.AdministrationWrite, "People", "Members", "Invite", "Invitations", "Permissions", "Administrators", "Disable", "Remove"),
        new("API keys", "/api-keys", "key-round", Permissions.AdministrationWrite, "Machines", "Tokens", "Secrets", "Access", "Scopes", "Revoke", "Integrations"),
    ];
}
