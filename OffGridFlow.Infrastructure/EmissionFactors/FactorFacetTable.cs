using Npgsql;
using OffGridFlow.Infrastructure.Persistence;
using OffGridFlow.Infrastructure.Persistence.PostgreSql;

namespace OffGridFlow.Infrastructure.EmissionFactors;

/// <summary>What a factor is counted by in the menus of the library.</summary>
/// <param name="IsOwn">One of the tenant's own, which the menu of sets has under one heading.</param>
/// <param name="Topic">First heading of the publisher.</param>
/// <param name="Gases">What the figures hold.</param>
public sealed record FactorFacetRow(
    string SetId, bool IsOwn, string SetTitle, string Topic, string Region, string RegionName, int Year, string Unit, IReadOnlyList<string> Gases, string Part, string Activity);

/// <summary>
/// The shipped factors as the menus of the library count them, kept in memory: they are the same for every tenant and change at a start of the
/// program only, and to count seven menus over all of them is a thousand times quicker here than in the database.
/// </summary>
public sealed class FactorFacetTable
{
    internal const string Columns =
        """
        s.id, f.tenant_id is not null, s.title, f.topic, f.region, f.region_name, f.year, f.unit, f.gases, f.part, f.activity
        """;

    private volatile Shipped _shipped = new("", new Dictionary<Guid, FactorFacetRow>());

    /// <summary>All shipped factors that can be chosen today, by key.</summary>
    public async Task<IReadOnlyDictionary<Guid, FactorFacetRow>> ShippedAsync(TenantUnit unit, CancellationToken cancellationToken)
    {
        // Another node may have brought a newer library: its sets have other keys.
        var edition = await unit.Connection.ScalarAsync<string>(
            "select coalesce(string_agg(key::text, ' ' order by key), '') from factor_sets where tenant_id is null and superseded_at is null", cancellationToken) ?? "";
        if (_shipped is { } known && known.Edition == edition)
        {
            return known.Rows;
        }

        var rows = await unit.Connection.ListAsync(
            $"select f.key, {Columns} from emission_factors f join factor_sets s on s.key = f.set_key where f.tenant_id is null and f.retired_at is null",
            row => (Key: row.GetGuid(0), Facets: Read(row, 1)), cancellationToken);
        var shipped = new Shipped(edition, rows.ToDictionary(row => row.Key, row => row.Facets));
        _shipped = shipped;
        return shipped.Rows;
    }

    /// <summary>Reads <see cref="Columns"/>.</summary>
    internal static FactorFacetRow Read(NpgsqlDataReader row, int first) => new(
        row.GetString(first), row.GetBoolean(first + 1), row.GetString(first + 2), row.GetString(first + 3), row.GetString(first + 4), row.GetString(first + 5),
        row.GetInt32(first + 6), row.GetString(first + 7), row.GetFieldValue<string[]>(first + 8), row.GetString(first + 9), row.GetString(first + 10));

    /// <summary>How many factors there are by each value of each facet, under all conditions of the filter but the facet's own. The text is the caller's.</summary>
    /// <param name="most">Values of one facet that are given.</param>
    public static FactorFacets Count(IEnumerable<FactorFacetRow> rows, FactorFilter filter, int most)
    {
        var total = 0;
        Menu sets = new(), categories = new(), regions = new(), years = new(), units = new(), gases = new(), parts = new();
        foreach (var row in rows)
        {
            if (!MeetsActivity(row.Activity, filter.Activity))
            {
                continue;
            }

            var failed = (filter.Set is { } set && set != row.SetId && !(row.IsOwn && set == FactorFilter.OwnSets) ? Facet.Set : Facet.None)
                | (filter.Category is { } category && category != row.Topic ? Facet.Category : Facet.None)
                | (filter.Region is { } region && region != row.Region ? Facet.Region : Facet.None)
                | (filter.Year is { } year && year != row.Year ? Facet.Year : Facet.None)
                | (filter.Unit is { } unit && unit != row.Unit ? Facet.Unit : Facet.None)
                | (filter.Gas is { } gas && !row.Gases.Contains(gas) ? Facet.Gas : Facet.None)
                | (filter.Part is { } part && part.ToString() != row.Part ? Facet.Part : Facet.None);
            total += failed == Facet.None ? 1 : 0;
            // A menu counts what fails no condition but its own.
            AddTo(sets, Facet.Set, row.IsOwn ? FactorFilter.OwnSets : row.SetId, row.SetTitle);
            AddTo(categories, Facet.Category, row.Topic, row.Topic);
            AddTo(regions, Facet.Region, row.Region, row.RegionName);
            AddTo(years, Facet.Year, row.Year, null);
            AddTo(units, Facet.Unit, row.Unit, row.Unit);
            AddTo(parts, Facet.Part, row.Part, row.Part);
            foreach (var held in row.Gases)
            {
                AddTo(gases, Facet.Gas, held, held);
            }

            void AddTo(Menu menu, Facet own, object value, string? name)
            {
                if ((failed & ~own) == Facet.None)
                {
                    menu.Add(value, name);
                }
            }
        }

        return new FactorFacets(
            total, sets.Top(most), categories.Top(most), regions.Top(most), [.. years.Top(most).OrderByDescending(year => year.Value, StringComparer.Ordinal)],
            units.Top(most), gases.Top(most), parts.Top(most));
    }

    private static bool MeetsActivity(string activity, string? wanted) => string.IsNullOrEmpty(wanted)
        || (wanted[^1] == '/' ? activity.StartsWith(wanted, StringComparison.Ordinal) : activity == wanted);

    [Flags]
    private enum Facet
    {
        None = 0,
        Set = 1,
        Category = 2,
        Region = 4,
        Year = 8,
        Unit = 16,
        Gas = 32,
        Part = 64,
    }

    private sealed class Menu
    {
        private readonly Dictionary<object, (string Name, int Count)> _values = [];

        public void Add(object value, string? name)
        {
            ref var entry = ref System.Runtime.InteropServices.CollectionsMarshal.GetValueRefOrAddDefault(_values, value, out var isKnown);
            entry = isKnown ? (entry.Name, entry.Count + 1) : (name ?? FormattableString.Invariant($"{value}"), 1);
        }

        public IReadOnlyList<FactorFacet> Top(int most) =>
        [
            .. _values.Select(entry => new FactorFacet(FormattableString.Invariant($"{entry.Key}"), entry.Value.Name, entry.Value.Count))
                .OrderByDescending(facet => facet.Count).ThenBy(facet => facet.Value, StringComparer.Ordinal).Take(most),
        ];
    }

    private sealed record Shipped(string Edition, IReadOnlyDictionary<Guid, FactorFacetRow> Rows);
}
