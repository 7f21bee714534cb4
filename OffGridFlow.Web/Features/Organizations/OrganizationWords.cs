using OffGridFlow.Core.Organizations;
using OffGridFlow.Infrastructure.Organizations;
using OffGridFlow.Web.Shared;

namespace OffGridFlow.Web.Features.Organizations;

/// <summary>How entities, sites and periods are spoken of.</summary>
internal static class OrganizationWords
{
    public static readonly IReadOnlyList<Choice<ConsolidationApproach>> Approaches =
        [.. new[] { ConsolidationApproach.OperationalControl, ConsolidationApproach.FinancialControl, ConsolidationApproach.EquityShare }.Select(approach => new Choice<ConsolidationApproach>(approach, Name(approach)))];

    public static string Name(ConsolidationApproach approach) => approach switch
    {
        ConsolidationApproach.EquityShare => "Equity share",
        ConsolidationApproach.FinancialControl => "Financial control",
        _ => "Operational control",
    };

    public static string Means(ConsolidationApproach approach) => approach switch
    {
        ConsolidationApproach.EquityShare => "Each entity counts to the group’s economic interest",
        ConsolidationApproach.FinancialControl => "Entities whose financial policies the group directs count whole",
        _ => "Entities whose operating policies the group sets count whole",
    };

    public static string Scope(LeaseScope scope, LeaseRole role) => scope == LeaseScope.Scope1And2
        ? "Scopes 1 and 2"
        : role == LeaseRole.Lessee ? "Scope 3, category 8" : "Scope 3, category 13";

    /// <summary>E.g. <c>since Jan 1, 2024</c>; <c>always</c> for days without ends.</summary>
    public static string Days(DateOnly? from, DateOnly? to) => (from, to) switch
    {
        (null, null) => "always",
        (null, { } last) => $"until {Dates.Day(last)}",
        ({ } first, null) => $"since {Dates.Day(first)}",
        ({ } first, { } last) => $"{Dates.Day(first)} to {Dates.Day(last)}",
    };

    public static string Provider(string provider) => provider switch { "aws" => "AWS", "azure" => "Azure", "gcp" => "Google Cloud", _ => provider };

    public static (string Tone, string Icon, string Words) State(ReportingPeriodState state) => state switch
    {
        ReportingPeriodState.Locked => ("ink", "lock", "Locked"),
        ReportingPeriodState.Filed => ("ink", "lock", "Filed"),
        _ => ("quiet", "pencil", "Open"),
    };

    /// <summary>E.g. <c>2 entities work at 3 sites in 3 countries</c>.</summary>
    public static string Finding(IReadOnlyList<Organization> entities, IReadOnlyList<Site> sites)
    {
        if (entities.Count == 0) return "No legal entity is written down yet";
        var who = entities.Count == 1 ? $"{entities[0].Name} works" : $"{Format.Count(entities.Count)} entities work";
        if (sites.Count == 0) return entities.Count == 1 ? $"{entities[0].Name} has no site yet" : $"{Format.Count(entities.Count)} entities have no site yet";
        var countries = sites.Select(site => site.Country).Distinct().Count();
        return $"{who} at {Format.Count(sites.Count)} {(sites.Count == 1 ? "site" : "sites")} in {(countries == 1 ? "one country" : $"{Format.Count(countries)} countries")}";
    }

    /// <summary>The region as a reader knows it: nothing where it is the country.</summary>
    public static string? Region(SiteRegions regions, Site site) => site.Region == site.Country ? null : regions.NameOf(site.Region);
}
