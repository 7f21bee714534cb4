using OffGridFlow.Core.Tenancy;

namespace OffGridFlow.Core.Organizations;

/// <summary>A legal entity of the tenant's group.</summary>
public sealed class Organization : IVersioned
{
    public required Guid Id { get; init; }
    public required Guid TenantId { get; init; }
    public required string Name { get; set; }

    /// <summary>ISO 3166-1 alpha-2.</summary>
    public required string Country { get; set; }

    /// <summary>Sector in the words of the tenant or a NACE or NAICS code; null: not said.</summary>
    public string? Sector { get; set; }

    /// <summary>Legal entity identifier, 20 characters of ISO 17442 with its check digits.</summary>
    public string? Lei { get; set; }

    /// <summary>Counts the changes, for <c>If-Match</c>.</summary>
    public int Version { get; set; } = 1;
}

/// <summary>A place where the group works: what is bought and burned there is entered for it.</summary>
public sealed class Site : IVersioned
{
    public required Guid Id { get; init; }
    public required Guid TenantId { get; init; }
    public required Guid OrganizationId { get; set; }
    public required string Name { get; set; }

    /// <summary>ISO 3166-1 alpha-2.</summary>
    public required string Country { get; set; }

    /// <summary>Code of the narrowest known region of factors, e.g. <c>US-CAMX</c>; the country where nothing narrower is known.</summary>
    public required string Region { get; set; }
    public string? Address { get; set; }

    /// <summary>Square meters.</summary>
    public decimal? FloorArea { get; set; }

    /// <summary>Full-time equivalents.</summary>
    public decimal? Headcount { get; set; }

    /// <summary>First day in use, inclusive; null: always.</summary>
    public DateOnly? OpenedOn { get; set; }

    /// <summary>Last day in use, inclusive; null: still in use.</summary>
    public DateOnly? ClosedOn { get; set; }

    /// <summary>Counts the changes, for <c>If-Match</c>.</summary>
    public int Version { get; set; } = 1;
}
