using Microsoft.EntityFrameworkCore;
using OffGridFlow.Core.Identity;
using OffGridFlow.Core.Organizations;
using OffGridFlow.Infrastructure.Inventory;
using OffGridFlow.Infrastructure.Persistence;

namespace OffGridFlow.Infrastructure.Organizations;

/// <summary>A lease as people write it. Members as <see cref="Lease"/>; a scope that is not given is the standard's.</summary>
public sealed record LeaseInput
{
    public Guid? OrganizationId { get; set; }
    public Guid? SiteId { get; set; }
    public string? Asset { get; set; }
    public LeaseKind Kind { get; set; }
    public LeaseRole Role { get; set; }
    public LeaseScope? EquityShare { get; set; }
    public LeaseScope? FinancialControl { get; set; }
    public LeaseScope? OperationalControl { get; set; }
    public DateOnly? ValidFrom { get; set; }
    public DateOnly? ValidTo { get; set; }

    public static LeaseInput Of(Lease lease) => new()
    {
        OrganizationId = lease.OrganizationId, SiteId = lease.SiteId, Asset = lease.Asset, Kind = lease.Kind, Role = lease.Role, EquityShare = lease.EquityShare,
        FinancialControl = lease.FinancialControl, OperationalControl = lease.OperationalControl, ValidFrom = lease.ValidFrom, ValidTo = lease.ValidTo,
    };
}

/// <summary>What the present tenant's entities rent and let.</summary>
public sealed class LeaseService(TenantDatabase database, CurrentUser user)
{
    /// <summary>By name of the asset.</summary>
    public async Task<IReadOnlyList<Lease>> ListAsync(CancellationToken cancellationToken)
    {
        user.Require(Permissions.ActivityDataRead);
        await using var unit = await database.OpenAsync(cancellationToken);
        return await unit.Context.Leases.OrderBy(lease => lease.Asset).ThenBy(lease => lease.ValidFrom).ThenBy(lease => lease.Id).ToListAsync(cancellationToken);
    }

    public Task<Edit<Lease>> CreateAsync(LeaseInput input, CancellationToken cancellationToken) => SaveAsync(null, 0, input, cancellationToken);

    /// <param name="version">The one that was seen.</param>
    public Task<Edit<Lease>> ChangeAsync(Guid id, int version, LeaseInput input, CancellationToken cancellationToken) => SaveAsync(id, version, input, cancellationToken);

    public async Task<Edit<Lease>> RemoveAsync(Guid id, int version, CancellationToken cancellationToken)
    {
        user.Require(Permissions.OrganizationsWrite);
        await using var unit = await database.OpenAsync(cancellationToken);
        return await Editing.RemoveAsync<Lease>(
            unit, id, version, async lease => (await FrozenMonths.ReadAsync(unit, cancellationToken)).Refusal(lease.ValidFrom, lease.ValidTo),
            lease =>
            {
                unit.Audit("lease.removed", $"lease/{id}", LeaseInput.Of(lease));
                return Task.CompletedTask;
            },
            cancellationToken);
    }

    private async Task<Edit<Lease>> SaveAsync(Guid? id, int version, LeaseInput input, CancellationToken cancellationToken)
    {
        var actor = user.Require(Permissions.OrganizationsWrite);
        await using var unit = await database.OpenAsync(cancellationToken);
        return await Editing.SaveAsync<Lease>(
            unit, id, version, former => FaultsAsync(unit, id, former, input, cancellationToken), (key, next) => Make(key, actor.TenantId, input, next),
            (former, lease) =>
            {
                unit.AuditEdit(former is null ? "lease.created" : "lease.changed", former, lease, LeaseInput.Of, new { lease.Asset });
                return Task.CompletedTask;
            },
            cancellationToken);
    }

    private static Lease Make(Guid id, Guid tenant, LeaseInput input, int version) => new()
    {
        Id = id, TenantId = tenant, OrganizationId = input.OrganizationId!.Value, SiteId = input.SiteId, Asset = input.Asset!.Trim(), Kind = input.Kind, Role = input.Role,
        EquityShare = input.EquityShare ?? Lease.DefaultScope(input.Kind, input.Role, ConsolidationApproach.EquityShare),
        FinancialControl = input.FinancialControl ?? Lease.DefaultScope(input.Kind, input.Role, ConsolidationApproach.FinancialControl),
        OperationalControl = input.OperationalControl ?? Lease.DefaultScope(input.Kind, input.Role, ConsolidationApproach.OperationalControl),
        ValidFrom = input.ValidFrom, ValidTo = input.ValidTo, Version = version,
    };

    private static async Task<Faults> FaultsAsync(TenantUnit unit, Guid? id, Lease? former, LeaseInput input, CancellationToken cancellationToken)
    {
        var faults = new Faults();
        if (input.OrganizationId is not { } organization || await Editing.FindAsync<Organization>(unit, organization, cancellationToken) is null)
        {
            faults.Add("organizationId", Words.NoEntity(input.OrganizationId));
        }

        if (input.SiteId == Guid.Empty)
        {
            input.SiteId = null;
        }

        if (input.SiteId is { } site && await Editing.FindAsync<Site>(unit, site, cancellationToken) is null)
        {
            faults.Add("siteId", "There is no such site any more. Load the page again and choose another, or none.");
        }

        faults.Required("asset", input.Asset, 200, "Say what is leased: an office floor, 12 vans, a server hall");
        faults.Days("validTo", input.ValidFrom, input.ValidTo);
        if (faults.Count == 0 && input.SiteId is not null)
        {
            var others = await unit.Context.Leases.Where(other => other.SiteId == input.SiteId && other.Role == input.Role && other.OrganizationId == input.OrganizationId && other.Id != id)
                .ToListAsync(cancellationToken);
            var asset = input.Asset!.Trim();
            if (others.Find(other => string.Equals(other.Asset, asset, StringComparison.OrdinalIgnoreCase)
                && new DayRange(other.ValidFrom, other.ValidTo).Overlaps(new DayRange(input.ValidFrom, input.ValidTo))) is { } same)
            {
                faults.Add("validFrom", $"“{same.Asset}” at this site is leased already {Words.Days(same.ValidFrom, same.ValidTo)}. Give that lease a last day, or begin this one later.");
            }
        }

        if (faults.Count == 0)
        {
            var after = Make(id ?? Guid.Empty, unit.Actor.TenantId, input, 1);
            faults.Held(
                "validFrom", (await FrozenMonths.ReadAsync(unit, cancellationToken)).RefusalOfChange(
                    former is null ? null : new DayRange(former.ValidFrom, former.ValidTo), new DayRange(input.ValidFrom, input.ValidTo), former is not null && Says(former) == Says(after)));
        }

        return faults;
    }

    /// <summary>What figures depend on.</summary>
    private static (Guid, Guid?, LeaseRole, LeaseScope, LeaseScope, LeaseScope) Says(Lease lease) =>
        (lease.OrganizationId, lease.SiteId, lease.Role, lease.EquityShare, lease.FinancialControl, lease.OperationalControl);
}
