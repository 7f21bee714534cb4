using Microsoft.EntityFrameworkCore;
using OffGridFlow.Core.ActivityData;
using OffGridFlow.Core.Identity;
using OffGridFlow.Core.Organizations;
using OffGridFlow.Infrastructure.Inventory;
using OffGridFlow.Infrastructure.Organizations;
using OffGridFlow.Infrastructure.Persistence;
using OffGridFlow.Infrastructure.Persistence.PostgreSql;

namespace OffGridFlow.Infrastructure.ActivityData;

/// <summary>A source of the collection plan as people write it. Members as <see cref="PlannedSource"/>.</summary>
public sealed record PlannedSourceInput
{
    public Guid? SiteId { get; set; }
    public string? ActivityType { get; set; }
    public CollectionFrequency Frequency { get; set; }
    public IReadOnlyList<int> Months { get; set; } = [];
    public DateOnly? FirstDay { get; set; }
    public DateOnly? LastDay { get; set; }

    /// <summary>Null: <see cref="CollectionPlan.UsualDueDays"/>.</summary>
    public int? DueDays { get; set; }
    public string? Owner { get; set; }
    public string? Note { get; set; }

    public static PlannedSourceInput Of(PlannedSource source) => new()
    {
        SiteId = source.SiteId, ActivityType = source.ActivityType, Frequency = source.Frequency, Months = source.Months, FirstDay = source.FirstDay, LastDay = source.LastDay,
        DueDays = source.DueDays, Owner = source.Owner, Note = source.Note,
    };
}

/// <summary>Which data the tenant expects, from where, how often and from whom.</summary>
public sealed class CollectionPlan(TenantDatabase database, CurrentUser user, IActivityEntryQueries entries)
{
    public const int UsualDueDays = 15;

    private const int MostDueDays = 366;

    /// <summary>Of a bill for a quarter, which may be read some days early; and of one for a year.</summary>
    private const int LeastDaysOfAQuarter = 85;
    private const int LeastDaysOfAYear = 355;

    /// <summary>By site and type, in the order in which the sources begin.</summary>
    public async Task<IReadOnlyList<PlannedSource>> ListAsync(CancellationToken cancellationToken)
    {
        user.Require(Permissions.ActivityDataRead);
        await using var unit = await database.OpenAsync(cancellationToken);
        return await unit.Context.PlannedSources.OrderBy(source => source.SiteId).ThenBy(source => source.ActivityType).ThenBy(source => source.FirstDay).ToListAsync(cancellationToken);
    }

    public async Task<PlannedSource?> FindAsync(Guid id, CancellationToken cancellationToken)
    {
        user.Require(Permissions.ActivityDataRead);
        await using var unit = await database.OpenAsync(cancellationToken);
        return await Editing.FindAsync<PlannedSource>(unit, id, cancellationToken);
    }

    public Task<Edit<PlannedSource>> CreateAsync(PlannedSourceInput input, CancellationToken cancellationToken) => SaveAsync(null, 0, input, cancellationToken);

    /// <param name="version">The one that was seen.</param>
    public Task<Edit<PlannedSource>> ChangeAsync(Guid id, int version, PlannedSourceInput input, CancellationToken cancellationToken) => SaveAsync(id, version, input, cancellationToken);

    /// <param name="version">The one that was seen.</param>
    public async Task<Edit<PlannedSource>> RemoveAsync(Guid id, int version, CancellationToken cancellationToken)
    {
        user.Require(Permissions.ActivityDataWrite);
        await using var unit = await database.OpenAsync(cancellationToken);
        return await Editing.RemoveAsync<PlannedSource>(
            unit, id, version, async source => (await FrozenMonths.ReadAsync(unit, cancellationToken)).Refusal(source.FirstDay, source.LastDay),
            source =>
            {
                unit.Audit("planned-source.removed", $"planned-source/{id}", PlannedSourceInput.Of(source));
                return Task.CompletedTask;
            },
            cancellationToken);
    }

    /// <summary>
    /// Plans every site and type that counting entries name and the plan does not, from the first day of the year of the first entry: as often as
    /// its entries come: by months, quarters or years. Types that ask for a gas, and what is entered by single days as trips, fillings and postings are, are planned for when
    /// something happens.
    /// </summary>
    /// <returns>How many were added.</returns>
    public async Task<int> PlanWhatIsEnteredAsync(CancellationToken cancellationToken)
    {
        var actor = user.Require(Permissions.ActivityDataWrite);
        await using var unit = await database.OpenAsync(cancellationToken);
        await Editing.LockAsync(unit, cancellationToken);
        var found = await unit.Connection.ListAsync(
            """
            select n.site_id, n.activity_type, min(n.period_start), min(n.period_end - n.period_start + 1), max(n.period_end - n.period_start + 1) from activity_entries n
            where n.status in ('Submitted', 'Approved') and n.reverses_id is null
              and not exists (select from planned_sources p where p.site_id = n.site_id and p.activity_type = n.activity_type)
            group by n.site_id, n.activity_type order by n.site_id, n.activity_type
            """,
            row => (Site: row.GetGuid(0), Type: row.GetString(1), First: row.GetFieldValue<DateOnly>(2), Shortest: row.GetInt32(3), Longest: row.GetInt32(4)), cancellationToken);
        var frozen = await FrozenMonths.ReadAsync(unit, cancellationToken);
        foreach (var (site, type, first, shortest, longest) in found)
        {
            // What a locked period was expected to have stands: the plan begins after it.
            var year = new DateOnly(first.Year, 1, 1);
            var begin = frozen.All.Where(period => period.Last >= year).Select(period => period.Last.AddDays(1)).Append(year).Max();
            var source = new PlannedSource
            {
                Id = Guid.CreateVersion7(), TenantId = actor.TenantId, SiteId = site, ActivityType = type, FirstDay = begin, DueDays = UsualDueDays,
                Frequency = entries.FindType(type)?.NeedsGas == true || longest == 1 ? CollectionFrequency.WhenItHappens
                    : shortest >= LeastDaysOfAYear ? CollectionFrequency.Yearly : shortest >= LeastDaysOfAQuarter ? CollectionFrequency.Quarterly : CollectionFrequency.Monthly,
            };
            unit.Context.Add(source);
            unit.Audit("planned-source.created", $"planned-source/{source.Id}", PlannedSourceInput.Of(source));
        }

        await unit.CommitAsync(cancellationToken);
        return found.Count;
    }

    private async Task<Edit<PlannedSource>> SaveAsync(Guid? id, int version, PlannedSourceInput input, CancellationToken cancellationToken)
    {
        var actor = user.Require(Permissions.ActivityDataWrite);
        await using var unit = await database.OpenAsync(cancellationToken);
        return await Editing.SaveAsync<PlannedSource>(
            unit, id, version, former => FaultsAsync(unit, id, former, input, cancellationToken), (key, next) => Make(key, actor.TenantId, input, next),
            (former, source) =>
            {
                unit.AuditEdit(former is null ? "planned-source.created" : "planned-source.changed", former, source, PlannedSourceInput.Of, new { source.ActivityType });
                return Task.CompletedTask;
            },
            cancellationToken);
    }

    private PlannedSource Make(Guid id, Guid tenant, PlannedSourceInput input, int version) => new()
    {
        Id = id, TenantId = tenant, SiteId = input.SiteId!.Value, ActivityType = entries.FindType(input.ActivityType!)!.Key, Frequency = input.Frequency,
        Months = input.Months.Count == 12 ? [] : [.. input.Months.Distinct().Order()], FirstDay = input.FirstDay!.Value, LastDay = input.LastDay,
        DueDays = input.DueDays ?? UsualDueDays, Owner = Faults.Clean(input.Owner), Note = Faults.Clean(input.Note), Version = version,
    };

    private async Task<Faults> FaultsAsync(TenantUnit unit, Guid? id, PlannedSource? former, PlannedSourceInput input, CancellationToken cancellationToken)
    {
        var faults = new Faults();
        if (input.SiteId is not { } site || await Editing.FindAsync<Site>(unit, site, cancellationToken) is null)
        {
            faults.Add("siteId", input.SiteId is null ? "Choose the site whose data are expected." : "There is no such site in your organization. Choose one of the list.");
        }

        var type = input.ActivityType is { } name ? entries.FindType(name) : null;
        if (type is null)
        {
            faults.Add("activityType", string.IsNullOrWhiteSpace(input.ActivityType) ? "Choose what is expected: natural gas, electricity, waste." : $"“{input.ActivityType}” is no activity type that OffGridFlow knows. Choose one of the list.");
        }

        if (input.FirstDay is null)
        {
            faults.Add("firstDay", "Say from which day on data are expected; the first day of the year, if nothing else is known.");
        }

        faults.Days("lastDay", input.FirstDay, input.LastDay);
        if (input.Months.Any(month => month is < 1 or > 12))
        {
            faults.Add("months", "Months are numbers from 1 to 12.");
        }

        if (input.DueDays is < 0 or > MostDueDays)
        {
            faults.Add("dueDays", FormattableString.Invariant($"Data are due 0 to {MostDueDays} days after the period. {UsualDueDays} is usual."));
        }

        faults.Optional("owner", input.Owner, 200);
        faults.Optional("note", input.Note, 2000);
        if (faults.Count == 0)
        {
            var others = await unit.Context.PlannedSources.Where(other => other.SiteId == input.SiteId && other.ActivityType == type!.Key && other.Id != id).ToListAsync(cancellationToken);
            if (others.Find(other => new DayRange(other.FirstDay, other.LastDay).Overlaps(new DayRange(input.FirstDay, input.LastDay))) is { } same)
            {
                faults.Add("firstDay", $"{type!.Name} of this site is planned already {Words.Days(same.FirstDay, same.LastDay)}. Change that line, or give it a last day.");
            }
            else
            {
                var after = Make(id ?? Guid.Empty, unit.Actor.TenantId, input, 1);
                faults.Held("firstDay", (await FrozenMonths.ReadAsync(unit, cancellationToken)).RefusalOfChange(
                    former is null ? null : new DayRange(former.FirstDay, former.LastDay), new DayRange(after.FirstDay, after.LastDay),
                    former is not null && (former.SiteId, former.ActivityType, former.Frequency) == (after.SiteId, after.ActivityType, after.Frequency) && former.Months.SequenceEqual(after.Months)));
            }
        }

        return faults;
    }
}
