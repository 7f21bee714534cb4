using Microsoft.Extensions.Caching.Memory;
using OffGridFlow.Infrastructure.Persistence;
using OffGridFlow.Infrastructure.Persistence.PostgreSql;

namespace OffGridFlow.Infrastructure.Inventory;

/// <summary>
/// Remembers what inventories are added up from: the cells of <c>monthly_totals</c> by place and year, and results by site and month where something changes within
/// it. Whatever changes a result writes its cell, and whatever writes a cell gives its place and year another mark in the same transaction (triggers of the table
/// do). So what is remembered holds wherever the mark is still that one, and an entry that is added has one place read anew. Nothing has to be thrown away by hand,
/// in this process or another.
/// </summary>
public sealed class MonthlyTotalsCache : IDisposable
{
    /// <summary>A million activities of 300 sites over three years take a third of it. What goes beyond is read again each time.</summary>
    private const long MostBytes = 64 << 20;

    private static readonly TimeSpan Idle = TimeSpan.FromMinutes(20);

    private readonly MemoryCache _read = new(new MemoryCacheOptions { SizeLimit = MostBytes });

    /// <summary>Cells of these years, and results of these months.</summary>
    /// <returns>Those that have some, or had.</returns>
    internal async Task<(IReadOnlyDictionary<PlaceYear, IReadOnlyList<TotalsCell>> Cells, IReadOnlyDictionary<SiteMonth, IReadOnlyList<TotalsCell>> Results)> ReadAsync(
        TenantUnit unit, IReadOnlySet<PlaceYear> years, IReadOnlySet<SiteMonth> months, CancellationToken cancellationToken)
    {
        var asked = years.Concat(months.Select(YearOf)).ToHashSet();
        var marks = new Dictionary<PlaceYear, Guid>();
        if (asked.Count > 0)
        {
            var marked = await unit.Connection.ListAsync(
                "select provider, account, year, mark from monthly_totals_marks where account = any($1) and year between $2 and $3",
                row => (Of: new PlaceYear(row.GetString(0), row.GetString(1), row.GetInt32(2)), Mark: row.GetGuid(3)), cancellationToken,
                asked.Select(year => year.Account).Distinct().ToArray(), asked.Min(year => year.Year), asked.Max(year => year.Year));
            marks = marked.Where(some => asked.Contains(some.Of)).ToDictionary(some => some.Of, some => some.Mark);
        }

        return (
            await ReadAsync(unit, years, year => year, marks, unknown => PlaceTotals.ReadAsync(unit, unknown, cancellationToken)),
            await ReadAsync(unit, months, YearOf, marks, unknown => PlaceTotals.ReadAsync(unit, unknown, cancellationToken)));
    }

    /// <summary>
    /// Reads anew what is remembered of the organization and changed, for a transaction that changes most of it: the first question after it would wait for all of that. Of a
    /// transaction that is taken back nothing is told to others, whose marks are those of before.
    /// </summary>
    internal Task RefreshAsync(TenantUnit unit, CancellationToken cancellationToken) =>
        ReadAsync(unit, Remembered<PlaceYear>(unit), Remembered<SiteMonth>(unit), cancellationToken);

    private HashSet<T> Remembered<T>(TenantUnit unit) => [.. _read.Keys.OfType<(Guid Tenant, T Of)>().Where(key => key.Tenant == unit.Actor.TenantId).Select(key => key.Of)];

    private async Task<IReadOnlyDictionary<T, IReadOnlyList<TotalsCell>>> ReadAsync<T>(
        TenantUnit unit, IReadOnlySet<T> asked, Func<T, PlaceYear> yearOf, Dictionary<PlaceYear, Guid> marks, Func<IReadOnlyList<T>, Task<IReadOnlyList<IReadOnlyList<TotalsCell>>>> read)
        where T : notnull
    {
        var known = new Dictionary<T, IReadOnlyList<TotalsCell>>();
        var unknown = new List<T>();
        foreach (var of in asked)
        {
            if (!marks.TryGetValue(yearOf(of), out var mark))
            {
                continue;
            }

            if (_read.TryGetValue((unit.Actor.TenantId, of), out Kept? kept) && kept!.Mark == mark)
            {
                known[of] = kept.Cells;
            }
            else
            {
                unknown.Add(of);
            }
        }

        foreach (var (of, cells) in unknown.Zip(await read(unknown)))
        {
            known[of] = cells;
            _read.Set(
                (unit.Actor.TenantId, of), new Kept(marks[yearOf(of)], cells), new MemoryCacheEntryOptions { Size = 200 + cells.Sum(cell => cell.Bytes), SlidingExpiration = Idle });
        }

        return known;
    }

    public void Dispose() => _read.Dispose();

    private static PlaceYear YearOf(SiteMonth month) => new(BoundaryRow.Entry, month.Site, month.Month.Year);

    private sealed record Kept(Guid Mark, IReadOnlyList<TotalsCell> Cells);
}
