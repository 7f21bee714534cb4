using OffGridFlow.Core.Organizations;
using OffGridFlow.Infrastructure.Organizations;

namespace OffGridFlow.Web.Features.Organizations;

/// <summary>What the page of the organization shows.</summary>
public sealed record OrganizationModel(
    IReadOnlyList<Organization> Entities, IReadOnlyList<Site> Sites, IReadOnlyList<Ownership> Ownerships, IReadOnlyList<Lease> Leases,
    IReadOnlyList<AccountMapping> Accounts, IReadOnlyList<SeenAccount> Seen, IReadOnlyList<ReportingPeriod> Periods, IReadOnlyList<BusinessFigure> Figures,
    SiteRegions Regions, DateOnly Today)
{
    /// <summary>What the group has of each entity today.</summary>
    public IReadOnlyDictionary<Guid, Standing> Standings { get; } = OwnershipShare.On(Today, Entities.Select(entity => entity.Id), Ownerships);

    public string NameOf(Guid entity) => Entities.FirstOrDefault(known => known.Id == entity)?.Name ?? "an entity that is gone";

    public string? SiteName(Guid? site) => Sites.FirstOrDefault(known => known.Id == site)?.Name;

    public string CountryName(string code) => Regions.FindCountry(code)?.Name ?? code;

    /// <summary>Accounts that bills have brought in and that belong to no entity on any day.</summary>
    public IEnumerable<SeenAccount> Unmapped => Seen.Where(seen => !Accounts.Any(mapping => mapping.Provider == seen.Provider && mapping.Account == seen.Account));
}
