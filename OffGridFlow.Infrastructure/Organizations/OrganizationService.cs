using Microsoft.EntityFrameworkCore;
using OffGridFlow.Core.Identity;
using OffGridFlow.Core.Organizations;
using OffGridFlow.Infrastructure.Persistence;
using OffGridFlow.Infrastructure.Persistence.PostgreSql;

namespace OffGridFlow.Infrastructure.Organizations;

/// <summary>A legal entity as people write it. Members as <see cref="Organization"/>.</summary>
public sealed record OrganizationInput
{
    public string? Name { get; set; }

    /// <summary>ISO 3166-1 alpha-2, or the country's name.</summary>
    public string? Country { get; set; }
    public string? Sector { get; set; }
    public string? Lei { get; set; }

    public static OrganizationInput Of(Organization organization) =>
        new() { Name = organization.Name, Country = organization.Country, Sector = organization.Sector, Lei = organization.Lei };
}

/// <summary>The legal entities of the present tenant.</summary>
public sealed class OrganizationService(TenantDatabase database, CurrentUser user, SiteRegions regions)
{
    public const int NameLength = 200;

    /// <summary>By name.</summary>
    public async Task<IReadOnlyList<Organization>> ListAsync(CancellationToken cancellationToken)
    {
        user.Require(Permissions.ActivityDataRead);
        await using var unit = await database.OpenAsync(cancellationToken);
        return await unit.Context.Organizations.OrderBy(organization => organization.Name).ThenBy(organization => organization.Id).ToListAsync(cancellationToken);
    }

    /// <summary>In the order in which they were made.</summary>
    public async Task<ListPage<Organization>> PageAsync(string? cursor, int limit, CancellationToken cancellationToken)
    {
        user.Require(Permissions.ActivityDataRead);
        await using var unit = await database.OpenAsync(cancellationToken);
        return await Editing.PageAsync(unit.Context.Organizations, cursor, limit, cancellationToken);
    }

    public async Task<Organization?> FindAsync(Guid id, CancellationToken cancellationToken)
    {
        user.Require(Permissions.ActivityDataRead);
        await using var unit = await database.OpenAsync(cancellationToken);
        return await Editing.FindAsync<Organization>(unit, id, cancellationToken);
    }

    public Task<Edit<Organization>> CreateAsync(OrganizationInput input, CancellationToken cancellationToken) => SaveAsync(null, 0, input, cancellationToken);

    /// <param name="version">The one that was seen.</param>
    public Task<Edit<Organization>> ChangeAsync(Guid id, int version, OrganizationInput input, CancellationToken cancellationToken) =>
        SaveAsync(id, version, input, cancellationToken);

    /// <summary>Removes an entity that nothing refers to.</summary>
    public async Task<Edit<Organization>> RemoveAsync(Guid id, int version, CancellationToken cancellationToken)
    {
        user.Require(Permissions.OrganizationsWrite);
        await using var unit = await database.OpenAsync(cancellationToken);
        return await Editing.RemoveAsync<Organization>(
            unit, id, version,
            async organization => await ReferringAsync(unit, id, cancellationToken) is { Length: > 0 } referring
                ? $"{organization.Name} was not removed: it is referred to by {referring}. Remove or move those first, or give its holding a last day: from then on the entity does not count."
                : null,
            organization =>
            {
                unit.Audit("organization.removed", $"organization/{id}", OrganizationInput.Of(organization));
                return Task.CompletedTask;
            },
            cancellationToken);
    }

    private async Task<Edit<Organization>> SaveAsync(Guid? id, int version, OrganizationInput input, CancellationToken cancellationToken)
    {
        var actor = user.Require(Permissions.OrganizationsWrite);
        await using var unit = await database.OpenAsync(cancellationToken);
        return await Editing.SaveAsync<Organization>(
            unit, id, version, _ => FaultsAsync(unit, id, input, cancellationToken), (key, next) => Make(key, actor.TenantId, input, next),
            (former, organization) =>
            {
                unit.AuditEdit(former is null ? "organization.created" : "organization.changed", former, organization, OrganizationInput.Of, new { organization.Name });
                return Task.CompletedTask;
            },
            cancellationToken);
    }

    private static Organization Make(Guid id, Guid tenant, OrganizationInput input, int version) => new()
    {
        Id = id, TenantId = tenant, Name = input.Name!.Trim(), Country = input.Country!, Sector = Faults.Clean(input.Sector), Lei = Faults.Clean(input.Lei), Version = version,
    };

    /// <summary>E.g. <c>2 sites and 1 lease</c>; empty where nothing does.</summary>
    private static async Task<string> ReferringAsync(TenantUnit unit, Guid id, CancellationToken cancellationToken)
    {
        var context = unit.Context;
        return Words.Counted(
            (await context.Sites.CountAsync(site => site.OrganizationId == id, cancellationToken), "site", "sites"),
            (await context.Ownerships.CountAsync(ownership => ownership.ParentId == id || ownership.ChildId == id, cancellationToken), "holding", "holdings"),
            (await context.Leases.CountAsync(lease => lease.OrganizationId == id, cancellationToken), "lease", "leases"),
            (await context.AccountMappings.CountAsync(mapping => mapping.OrganizationId == id, cancellationToken), "cloud account", "cloud accounts"),
            (await context.BusinessFigures.CountAsync(figure => figure.OrganizationId == id, cancellationToken), "version of business figures", "versions of business figures"));
    }

    /// <summary>Looks at the values and puts the country's code in the place of its name.</summary>
    private async Task<Faults> FaultsAsync(TenantUnit unit, Guid? id, OrganizationInput input, CancellationToken cancellationToken)
    {
        var faults = new Faults();
        faults.Required("name", input.Name, NameLength, "Give the entity its name, as in the company register");
        if (faults.Count == 0 && await unit.Connection.ScalarAsync<bool>(
            "select exists (select from organizations where lower(name) = lower($1) and id <> $2)", cancellationToken, input.Name!.Trim(), id ?? Guid.Empty))
        {
            faults.Add("name", $"There is an entity “{input.Name.Trim()}” already. Open that one, or add what tells the two apart, such as the city.");
        }

        input.Country = Words.CountryOf(regions, input.Country, faults);
        faults.Optional("sector", input.Sector, 200);
        input.Lei = Faults.Clean(input.Lei)?.ToUpperInvariant();
        if (input.Lei is { } lei && !Lei.IsValid(lei))
        {
            faults.Add("lei", lei.Length != Lei.Length
                ? FormattableString.Invariant($"An LEI has 20 characters, this has {lei.Length}. Copy it from the register at search.gleif.org, or leave it empty.")
                : "The check digits at the end do not fit the rest: a character is mistyped or two are swapped. Copy it from the register at search.gleif.org.");
        }

        return faults;
    }
}
