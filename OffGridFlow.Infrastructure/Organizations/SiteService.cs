using Microsoft.EntityFrameworkCore;
using OffGridFlow.Core.Identity;
using OffGridFlow.Core.Organizations;
using OffGridFlow.Infrastructure.Calculation;
using OffGridFlow.Infrastructure.Inventory;
using OffGridFlow.Infrastructure.Persistence;
using OffGridFlow.Infrastructure.Persistence.PostgreSql;

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
internal sealed class SiteService(TenantDatabase database, CurrentUser user, SiteRegions regions, EntryLedger ledger)
{
    private const decimal LargestArea = 100_000_000m;
    private const decimal LargestHeadcount = 10_000_000m;

    /// <summary>By name.</summary>
    public async Task<IReadOnlyList<Site>> ListAsync(CancellationToken cancellationToken)
    {
        user.Require(Permissions.ActivityDataRead);
        await using var unit = await database.OpenAsync(cancellationToken);
        return await unit.Context.Sites.OrderBy(site => site.Name).ThenBy(site => site.Id).ToListAsync(cancellationToken);
    }

    /// <summary>In the order in which they were made.</summary>
    public async Task<ListPage<Site>> PageAsync(string? cursor, int limit, CancellationToken cancellationToken)
    {
        user.Require(Permissions.ActivityDataRead);
        await using var unit = await database.OpenAsync(cancellationToken);
        return await Editing.PageAsync(unit.Context.Sites, cursor, limit, cancellationToken);
    }

    public async Task<Site?> FindAsync(Guid id, CancellationToken cancellationToken)
    {
        user.Require(Permissions.ActivityDataRead);
        await using var unit = await database.OpenAsync(cancellationToken);
        return await Editing.FindAsync<Site>(unit, id, cancellationToken);
    }

    public Task<Edit<Site>> CreateAsync(SiteInput input, CancellationToken cancellationToken) => SaveAsync(null, 0, input, cancellationToken);

    /// <param name="version">The one that was seen.</param>
    public Task<Edit<Site>> ChangeAsync(Guid id, int version, SiteInput input, CancellationToken cancellationToken) => SaveAsync(id, version, input, cancellationToken);

    /// <summary>Removes a site that nothing refers to.</summary>
    public async Task<Edit<Site>> RemoveAsync(Guid id, int version, CancellationToken cancellationToken)
    {
        user.Require(Permissions.OrganizationsWrite);
        await using var unit = await database.OpenAsync(cancellationToken);
        return await Editing.RemoveAsync<Site>(
            unit, id, version,
            async site => await ReferringAsync(unit, id, cancellationToken) is { Length: > 0 } referring
                ? $"{site.Name} was not removed: it is referred to by {referring}. Give it a last day in use instead: what was entered stays."
                : null,
            site =>
            {
                unit.Audit("site.removed", $"site/{id}", SiteInput.Of(site));
                return Task.CompletedTask;
            },
            cancellationToken);
    }

    private async Task<Edit<Site>> SaveAsync(Guid? id, int version, SiteInput input, CancellationToken cancellationToken)
    {
        var actor = user.Require(Permissions.OrganizationsWrite);
        await using var unit = await database.OpenAsync(cancellationToken);
        return await Editing.SaveAsync<Site>(
            unit, id, version, _ => FaultsAsync(unit, id, input, cancellationToken), (key, next) => Make(key, actor.TenantId, input, next),
            async (former, site) =>
            {
                unit.AuditEdit(former is null ? "site.created" : "site.changed", former, site, SiteInput.Of, new { site.Name });
                if (former is not null && (site.Name, site.Country, site.Region, site.OrganizationId) != (former.Name, former.Country, former.Region, former.OrganizationId))
                {
                    // The ledger reads the site as it is now.
                    await unit.Context.SaveChangesAsync(cancellationToken);
                    await ledger.ApplySitesAsync(unit, [site.Id], cancellationToken);
                }
            },
            cancellationToken);
    }

    /// <summary>E.g. <c>2 entries of activity data and 1 lease</c>; empty where nothing does.</summary>
    private static async Task<string> ReferringAsync(TenantUnit unit, Guid id, CancellationToken cancellationToken)
    {
        var context = unit.Context;
        return Words.Counted(
            (await context.ActivityEntries.CountAsync(entry => entry.SiteId == id, cancellationToken), "entry of activity data", "entries of activity data"),
            (await context.ContractualInstruments.CountAsync(instrument => instrument.SiteIds.Contains(id), cancellationToken), "contract", "contracts"),
            (await context.Leases.CountAsync(lease => lease.SiteId == id, cancellationToken), "lease", "leases"),
            (await context.PlannedSources.CountAsync(source => source.SiteId == id, cancellationToken), "source of the collection plan", "sources of the collection plan"));
    }

    private static Site Make(Guid id, Guid tenant, SiteInput input, int version) => new()
    {
        Id = id, TenantId = tenant, OrganizationId = input.OrganizationId!.Value, Name = input.Name!.Trim(), Country = input.Country!, Region = input.Region!,
        Address = Faults.Clean(input.Address), FloorArea = input.FloorArea, Headcount = input.Headcount, OpenedOn = input.OpenedOn, ClosedOn = input.ClosedOn,
        Version = version,
    };

    /// <summary>Looks at the values and puts codes in the place of names of countries and regions.</summary>
    private async Task<Faults> FaultsAsync(TenantUnit unit, Guid? id, SiteInput input, CancellationToken cancellationToken)
    {
        var faults = new Faults();
        if (input.OrganizationId is not { } organization || await Editing.FindAsync<Organization>(unit, organization, cancellationToken) is null)
        {
            faults.Add("organizationId", Words.NoEntity(input.OrganizationId));
        }

        faults.Required("name", input.Name, OrganizationService.NameLength, "Give the site a name by which those who enter its meters know it");
        if (!string.IsNullOrWhiteSpace(input.Name) && await unit.Connection.ScalarAsync<bool>(
            "select exists (select from sites where lower(name) = lower($1) and id <> $2)", cancellationToken, input.Name.Trim(), id ?? Guid.Empty))
        {
            faults.Add("name", $"There is a site “{input.Name.Trim()}” already. Open that one, or add what tells the two apart, such as the street.");
        }

        input.Country = Words.CountryOf(regions, input.Country, faults);
        PlaceRegion(input, faults);
        faults.Optional("address", input.Address, 500);
        faults.Amount("floorArea", input.FloorArea, "A floor area", LargestArea);
        faults.Amount("headcount", input.Headcount, "A headcount", LargestHeadcount);
        if (new DayRange(input.OpenedOn, input.ClosedOn).IsReversed)
        {
            faults.Add("closedOn", FormattableString.Invariant(
                $"The site would close on {input.ClosedOn:yyyy-MM-dd}, before it opens on {input.OpenedOn:yyyy-MM-dd}. Change one of the two days."));
        }
        else if (id is not null)
        {
            await CheckEntriesAsync(unit, id.Value, input, faults, cancellationToken);
            await CheckLockedAsync(unit, id.Value, input, faults, cancellationToken);
        }

        return faults;
    }

    private void PlaceRegion(SiteInput input, Faults faults)
    {
        if (regions.FindCountry(input.Country) is not { } country)
        {
            return;
        }

        var text = Faults.Clean(input.Region);
        if (text is null)
        {
            input.Region = country.Code;
        }
        else if (regions.FindWithin(country, text) is { } region)
        {
            input.Region = region.Code;
        }
        else
        {
            faults.Add("region", country.Parts.Count == 0
                ? $"“{text}” is no region of {country.Name} with factors of its own. Leave it empty: the country is enough."
                : $"“{text}” is no region of {country.Name}. Choose one of the list, e.g. {country.Parts[0].Code} ({country.Parts[0].Name}), or leave it empty for the country as a whole.");
        }
    }

    /// <summary>Whose a site is, and what it is called, stands while a locked period has results of it.</summary>
    private static async Task CheckLockedAsync(TenantUnit unit, Guid id, SiteInput input, Faults faults, CancellationToken cancellationToken)
    {
        if (await Editing.FindAsync<Site>(unit, id, cancellationToken) is not { } site
            || (site.OrganizationId == input.OrganizationId && site.Name == input.Name?.Trim()))
        {
            return;
        }

        var frozen = await FrozenMonths.ReadAsync(unit, cancellationToken);
        var days = frozen.All.Count == 0 ? [] : await unit.Connection.ListAsync(
            $"select e.period_start, e.period_end from activity_entries e where e.site_id = $1 and e.status in ('Submitted', 'Approved') and {FrozenMonths.Entry} limit 1",
            row => (From: row.GetFieldValue<DateOnly>(0), To: row.GetFieldValue<DateOnly>(1)), cancellationToken, id);
        if (days is [var (from, to)])
        {
            faults.Add(site.OrganizationId == input.OrganizationId ? "name" : "organizationId", $"{site.Name} has results there. {frozen.Refusal(from, to)} Or add the site anew, for what happens from now on.");
        }
    }

    /// <summary>What is entered for the site lies on days on which it is in use.</summary>
    private static async Task CheckEntriesAsync(TenantUnit unit, Guid id, SiteInput input, Faults faults, CancellationToken cancellationToken)
    {
        var entries = unit.Context.ActivityEntries.Where(entry => entry.SiteId == id && entry.Status != Core.ActivityData.EntryStatus.Excluded);
        if (input.ClosedOn is { } closed && await entries.MaxAsync(entry => (DateOnly?)entry.PeriodEnd, cancellationToken) is { } last && last > closed)
        {
            faults.Add("closedOn", FormattableString.Invariant($"Activity data of this site reach to {last:yyyy-MM-dd}. Close it on that day or later, or correct those entries first."));
        }

        if (input.OpenedOn is { } opened && await entries.MinAsync(entry => (DateOnly?)entry.PeriodStart, cancellationToken) is { } first && first < opened)
        {
            faults.Add("openedOn", FormattableString.Invariant($"Activity data of this site begin on {first:yyyy-MM-dd}. Open it on that day or earlier, or correct those entries first."));
        }
    }
}
