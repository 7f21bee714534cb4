using Microsoft.EntityFrameworkCore;
using OffGridFlow.Core.Inventory;
using OffGridFlow.Core.Organizations;
using OffGridFlow.Core.Targets;
using OffGridFlow.Infrastructure.Persistence;
using OffGridFlow.Infrastructure.Persistence.PostgreSql;

namespace OffGridFlow.Infrastructure.Inventory;

/// <summary>A site or an account over some days of whole months, or over some days of one month, and how it counts.</summary>
internal sealed record BoundaryRow(string Provider, string Account, DateOnly From, DateOnly To, Treatment Treatment)
{
    /// <summary>The provider of what was entered, whose account is the name of its site.</summary>
    public const string Entry = "entry";

    /// <summary>True where it has whole months only.</summary>
    public bool IsWhole => From.Day == 1 && To == InventoryBoundary.MonthEnd(To);
}

/// <summary>Whose everything is and how it counts, in the rows that the roll-up is joined with.</summary>
internal sealed class InventoryBoundary
{
    /// <summary>Months that are treated alike from the first to the last day, and parts of months of cloud accounts.</summary>
    public required IReadOnlyList<BoundaryRow> Months { get; init; }

    /// <summary>Months of sites in which something changes, part by part: of these the results themselves are read, which know their days.</summary>
    public required IReadOnlyList<BoundaryRow> Parts { get; init; }

    public required IReadOnlyList<UnassignedAccount> Unassigned { get; init; }

    /// <summary>What it follows from.</summary>
    public required GroupStructure Structure { get; init; }

    /// <summary>Names by id.</summary>
    public IReadOnlyDictionary<Guid, string> Organizations => Structure.Entities;

    /// <summary>Entities that count on some day, with their share on the last of those.</summary>
    public required IReadOnlyDictionary<Guid, decimal> Shares { get; init; }

    /// <summary>Entities whose interest is entered in category 15.</summary>
    public IReadOnlySet<Guid> Entered => Structure.Entered;

    /// <summary>Changes with whatever the boundary is made of: an answer holds as long as it.</summary>
    public static async Task<string> StampAsync(TenantUnit unit, CancellationToken cancellationToken) => await unit.Connection.ScalarAsync<string>(
        """
        select md5(coalesce(string_agg(id::text || version, '' order by id), '')) from (
          select id, version from organizations union all select id, version from sites union all select id, version from ownerships
          union all select id, version from leases union all select id, version from account_mappings) as all_of_it
        """,
        cancellationToken) ?? "";

    /// <param name="from">First day of a month.</param>
    /// <param name="to">Last day of a month.</param>
    public static async Task<InventoryBoundary> ReadAsync(TenantUnit unit, DateOnly from, DateOnly to, ConsolidationApproach approach, CancellationToken cancellationToken)
    {
        var context = unit.Context;
        var organizations = await context.Organizations.ToDictionaryAsync(organization => organization.Id, organization => organization.Name, cancellationToken);
        var sites = await context.Sites.Select(site => new { site.Id, site.Name, site.OrganizationId }).ToListAsync(cancellationToken);
        var ownerships = await context.Ownerships.ToListAsync(cancellationToken);
        var leases = await context.Leases.ToListAsync(cancellationToken);
        var mappings = await context.AccountMappings.ToListAsync(cancellationToken);
        var places = await PlacesAsync(unit, from, to, cancellationToken);

        Consolidation Under(IReadOnlySet<Guid> entered) => new(from, to, approach, organizations.Keys, ownerships, leases, mappings, entered);
        var consolidation = Under(new HashSet<Guid>());
        var entered = await EnteredAsync(unit, from, to, consolidation.Investees, organizations, cancellationToken);
        consolidation = entered.Count == 0 ? consolidation : Under(entered);

        var (months, parts) = (new List<BoundaryRow>(), new List<BoundaryRow>());
        foreach (var site in sites)
        {
            AddMonths(BoundaryRow.Entry, site.Name, consolidation.OfSite(site.Id, site.OrganizationId), months, parts);
        }

        // Results of a site that is not there by its name any more are nobody's, and count whole.
        var known = sites.Select(site => site.Name).ToHashSet(StringComparer.Ordinal);
        months.AddRange(places.Where(place => place.Provider == BoundaryRow.Entry && !known.Contains(place.Account))
            .Select(place => new BoundaryRow(place.Provider, place.Account, from, to, Treatment.Unassigned)));
        var unassigned = new List<UnassignedAccount>();
        foreach (var account in places.Where(place => place.Provider != BoundaryRow.Entry))
        {
            var days = consolidation.OfAccount(account.Provider, account.Account);
            // Usage of a month has no days of its own: it counts over the month evenly.
            AddMonths(account.Provider, account.Account, days, months, months);
            if (days.Any(some => some.Treatment.OrganizationId is null))
            {
                unassigned.Add(account);
            }
        }

        return new InventoryBoundary
        {
            Months = months,
            Parts = parts,
            Unassigned = [.. unassigned.OrderBy(account => account.Provider, StringComparer.Ordinal).ThenBy(account => account.Account, StringComparer.Ordinal)],
            Structure = new GroupStructure(organizations, sites.ToDictionary(site => site.Id, site => site.OrganizationId), ownerships, leases, mappings, entered),
            Shares = organizations.Keys.Select(id => (id, Last: consolidation.OfEntity(id).LastOrDefault(days => days.Treatment.Share > 0))).Where(entity => entity.Last is not null)
                .ToDictionary(entity => entity.id, entity => entity.Last!.Treatment.Share),
        };
    }

    /// <summary>Whatever the roll-up has in these months.</summary>
    private static Task<List<UnassignedAccount>> PlacesAsync(TenantUnit unit, DateOnly from, DateOnly to, CancellationToken cancellationToken) => unit.Connection.ListAsync(
        """
        select p.provider, p.account
        from (
          select distinct account, provider from monthly_totals_marks
          where year between extract(year from $1::date)::integer and extract(year from $2::date)::integer) p
        where exists (select from monthly_totals t where t.account = p.account and t.provider = p.provider and t.month between $1 and $2)
        """,
        row => new UnassignedAccount(row.GetString(0), row.GetString(1)), cancellationToken, from, to);

    /// <summary>Cuts days where a month begins in which they are not alone.</summary>
    private static void AddMonths(string provider, string account, IReadOnlyList<TreatedDays> days, List<BoundaryRow> whole, List<BoundaryRow> parts)
    {
        foreach (var (first, last, treatment) in days)
        {
            var from = first;
            if (from.Day > 1)
            {
                var end = Earlier(MonthEnd(from), last);
                parts.Add(new BoundaryRow(provider, account, from, end, treatment));
                from = end.AddDays(1);
            }

            var to = last == MonthEnd(last) ? last : new DateOnly(last.Year, last.Month, 1).AddDays(-1);
            if (from <= to)
            {
                whole.Add(new BoundaryRow(provider, account, from, to, treatment));
                from = to.AddDays(1);
            }

            if (from <= last)
            {
                parts.Add(new BoundaryRow(provider, account, from, last, treatment));
            }
        }
    }

    /// <summary>Those of them that an entry of category 15 names as whom money went to.</summary>
    private static async Task<IReadOnlySet<Guid>> EnteredAsync(
        TenantUnit unit, DateOnly from, DateOnly to, IReadOnlySet<Guid> investees, Dictionary<Guid, string> organizations, CancellationToken cancellationToken)
    {
        // Entries are looked at only where there is something to compare, so that an inventory reads the roll-up alone.
        if (investees.Count == 0 || !await unit.Connection.ScalarAsync<bool>(
            "select exists (select from monthly_totals where category = 15 and provider = 'entry' and month between $1 and $2)", cancellationToken, from, to))
        {
            return new HashSet<Guid>();
        }

        var named = await unit.Connection.ListAsync(
            """
            select distinct lower(btrim(n.vendor))
            from (select distinct account, service from monthly_totals where category = 15 and provider = 'entry' and month between $1 and $2) t
            join activity_records a on a.tenant_id = current_tenant() and a.account = t.account and a.service = t.service and a.entry_id is not null
              and a.period_start <= $2 and a.period_end >= $1
            join activity_entries n on n.id = a.entry_id and n.vendor is not null and n.status in ('Submitted', 'Approved') and coalesce(n.category, 15) = 15
            """,
            row => row.GetString(0), cancellationToken, from, to);
        return named.Count == 0 ? new HashSet<Guid>()
            : investees.Where(id => named.Contains(organizations[id].Trim(), StringComparer.OrdinalIgnoreCase)).ToHashSet();
    }

    internal static DateOnly MonthEnd(DateOnly day) => new DateOnly(day.Year, day.Month, 1).AddMonths(1).AddDays(-1);

    private static DateOnly Earlier(DateOnly one, DateOnly other) => one < other ? one : other;
}
