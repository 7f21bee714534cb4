using OffGridFlow.Core.Tenancy;

namespace OffGridFlow.Core.Organizations;

public enum LeaseKind
{
    /// <summary>Risks and rewards of ownership stay with the lessor.</summary>
    Operating,

    /// <summary>Finance or capital lease: the lessee carries the risks and rewards of ownership.</summary>
    Finance,
}

public enum LeaseRole
{
    /// <summary>The entity rents.</summary>
    Lessee,

    /// <summary>The entity lets.</summary>
    Lessor,
}

/// <summary>Where the emissions of what is leased belong under one way of consolidating.</summary>
public enum LeaseScope
{
    /// <summary>What is burned there is scope 1, what energy is bought there scope 2.</summary>
    Scope1And2,

    /// <summary>Scope 3: category 8 for the lessee, category 13 for the lessor.</summary>
    Scope3,
}

/// <summary>A site, vehicles or machines that an entity rents or lets, over some days.</summary>
public sealed class Lease : IVersioned
{
    public required Guid Id { get; init; }
    public required Guid TenantId { get; init; }

    /// <summary>The entity of the group that is the lessee or the lessor.</summary>
    public required Guid OrganizationId { get; set; }

    /// <summary>The site that is leased; null where it is something else.</summary>
    public Guid? SiteId { get; set; }

    /// <summary>What is leased, in the words of the tenant.</summary>
    public required string Asset { get; set; }
    public required LeaseKind Kind { get; set; }
    public required LeaseRole Role { get; set; }

    /// <summary>Where it belongs under the equity share.</summary>
    public required LeaseScope EquityShare { get; set; }

    /// <summary>Where it belongs under financial control.</summary>
    public required LeaseScope FinancialControl { get; set; }

    /// <summary>Where it belongs under operational control.</summary>
    public required LeaseScope OperationalControl { get; set; }

    /// <summary>First day, inclusive; null: always.</summary>
    public DateOnly? ValidFrom { get; set; }

    /// <summary>Last day, inclusive; null: still.</summary>
    public DateOnly? ValidTo { get; set; }

    /// <summary>Counts the changes, for <c>If-Match</c>.</summary>
    public int Version { get; set; } = 1;

    /// <summary>
    /// Where a lease belongs if nobody says otherwise (GHG Protocol, Categorizing GHG Emissions Associated with Leased Assets, appendix F to the
    /// Corporate Standard, tables 1 and 2). A finance lease is the lessee's own under every approach; an operating lease is the lessor's under equity
    /// share and financial control, and the lessee's under operational control.
    /// </summary>
    public static LeaseScope DefaultScope(LeaseKind kind, LeaseRole role, ConsolidationApproach approach)
    {
        var isLessees = kind == LeaseKind.Finance || approach == ConsolidationApproach.OperationalControl;
        return isLessees == (role == LeaseRole.Lessee) ? LeaseScope.Scope1And2 : LeaseScope.Scope3;
    }
}
