using OffGridFlow.Core.Organizations;

namespace OffGridFlow.Infrastructure.Organizations;

/// <summary>A site as people write it. Members as <see cref="Site"/>.</summary>
public sealed record SiteInput
{
    public Guid? OrganizationId { get; set; }
    public string? Name { get; set; }

    /// <summary>ISO 3166-1 alpha-2, or the country's name.</summary>
    public string? Country { get; set; }

    /// <summary>Code or name of a part of the country for which there are factors; empty for the country as a whole.</summary>
    public string? Region { get; set; }
    public string? Address { get; set; }
    public decimal? FloorArea { get; set; }
    public decimal? Headcount { get; set; }
    public DateOnly? OpenedOn { get; set; }
    public DateOnly? ClosedOn { get; set; }

    public static SiteInput Of(Site site) => new()
    {
        OrganizationId = site.OrganizationId, Name = site.Name, Country = site.Country, Region = site.Region, Address = site.Address, FloorArea = site.FloorArea,
        Headcount = site.Headcount, OpenedOn = site.OpenedOn, ClosedOn = site.ClosedOn,
    };
}

/// <summary>The sites of the present tenant. A change of what the factor depends on calculates their entries anew, in the same transaction.</summary>
public interface ISiteService
{
    /// <summary>By name.</summary>
    Task<IReadOnlyList<Site>> ListAsync(CancellationToken cancellationToken);

    /// <summary>In the order in which they were made.</summary>
    Task<ListPage<Site>> PageAsync(string? cursor, int limit, CancellationToken cancellationToken);

    Task<Site?> FindAsync(Guid id, CancellationToken cancellationToken);

    Task<Edit<Site>> CreateAsync(SiteInput input, CancellationToken cancellationToken);

    /// <param name="version">The one that was seen.</param>
    Task<Edit<Site>> ChangeAsync(Guid id, int version, SiteInput input, CancellationToken cancellationToken);

    /// <summary>Removes a site that nothing refers to.</summary>
    Task<Edit<Site>> RemoveAsync(Guid id, int version, CancellationToken cancellationToken);
}
