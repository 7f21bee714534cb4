using Microsoft.EntityFrameworkCore;
using OffGridFlow.Core.Organizations;
using OffGridFlow.Infrastructure.Inventory;
using OffGridFlow.Infrastructure.Persistence;
using OffGridFlow.Infrastructure.Persistence.PostgreSql;

namespace OffGridFlow.Infrastructure.Organizations;

/// <summary>Whether holdings can change without another share of any entity on a day of a locked period: compared is what comes of them, not the lines.</summary>
internal static class FrozenShares
{
    /// <summary>Why not, and what can be done instead; null where they can.</summary>
    public static async Task<string?> RefusalAsync(TenantUnit unit, IReadOnlyList<Ownership> before, IReadOnlyList<Ownership> after, CancellationToken cancellationToken)
    {
        var frozen = await FrozenMonths.ReadAsync(unit, cancellationToken);
        if (frozen.All.Count == 0)
        {
            return null;
        }

        // Of others there is no figure in those months: an entity that came later never counted then, whatever its holdings say.
        var counting = (await unit.Connection.ListAsync(
            $"""
            select s.organization_id from sites s where exists (
              select from activity_entries e where e.site_id = s.id and e.status in ('Submitted', 'Approved') and {FrozenMonths.Entry})
            union select organization_id from account_mappings
            """,
            row => row.GetGuid(0), cancellationToken)).ToHashSet();
        var entities = await unit.Context.Organizations.Select(entity => entity.Id).ToListAsync(cancellationToken);
        // Between the days on which a line begins or has ended, nothing changes.
        var turns = before.Concat(after).SelectMany(line => new[] { line.ValidFrom, line.ValidTo is { } last && last < DateOnly.MaxValue ? last.AddDays(1) : null })
            .OfType<DateOnly>().ToList();
        foreach (var period in frozen.All)
        {
            foreach (var day in turns.Where(day => day > period.First && day <= period.Last).Append(period.First).Distinct())
            {
                var (was, now) = (OwnershipShare.On(day, entities, before), OwnershipShare.On(day, entities, after));
                if (counting.Any(entity => was[entity] != now[entity]))
                {
                    return period.Sentence;
                }
            }
        }

        return null;
    }
}
