using System.Diagnostics.CodeAnalysis;

namespace OffGridFlow.Core.EmissionFactors;

/// <summary>From the narrowest to the widest.</summary>
public enum RegionKind
{
    /// <summary>A subregion of a grid: eGRID.</summary>
    GridRegion,

    /// <summary>A state or province for which a publisher gives factors.</summary>
    Province,
    Country,
    Continent,
    World,
}

/// <param name="Code"><c>US-CAMX</c>, <c>CA-ON</c>, <c>GB</c> (ISO 3166-1 alpha-2), <c>Europe</c>, <c>world</c>.</param>
/// <param name="Parent">Code of the next wider region; null for the world.</param>
public sealed record Region(string Code, string Name, RegionKind Kind, string? Parent);

/// <summary>Where factors hold and sites lie, from <c>reference-data/regions</c>.</summary>
public sealed class RegionTable
{
    private readonly Dictionary<string, Region> _byName = new(StringComparer.OrdinalIgnoreCase);

    public IReadOnlyList<Region> All { get; private init; } = [];

    /// <param name="read">Gives the text of <c>regions.csv</c>: <c>code,name,kind,parent,names</c>.</param>
    /// <exception cref="ReferenceTableException">A row cannot be used, or a parent is unknown.</exception>
    public static RegionTable Parse(Func<string, string> read)
    {
        var rows = ReferenceTable.Parse("regions.csv", read("regions.csv")).Rows.ToList();
        var regions = rows.Select(row => new Region(
            row.Text("code"), row.Text("name"), row.Enum<RegionKind>("kind"), row.Text("parent") is { Length: > 0 } parent ? parent : null)).ToList();
        var table = new RegionTable { All = regions };
        foreach (var (row, region) in rows.Zip(regions))
        {
            if (!table._byName.TryAdd(region.Code, region))
            {
                throw row.Fault($"'{region.Code}' is there twice");
            }
        }

        foreach (var (row, region) in rows.Zip(regions))
        {
            if (region.Parent is { } parent && !table._byName.ContainsKey(parent))
            {
                throw row.Fault($"the parent '{parent}' is no region");
            }

            foreach (var name in row.List("names").Prepend(region.Name))
            {
                table._byName.TryAdd(name, region);
            }
        }

        return table;
    }

    /// <summary>The region of a code or a name as people write it: <c>UK</c>, <c>GBR</c>, <c>Germany</c>.</summary>
    public bool TryFind(string? name, [NotNullWhen(true)] out Region? region) => _byName.TryGetValue((name ?? "").Trim(), out region);

    /// <summary>The region and what it lies in, narrowest first, the world last.</summary>
    public IReadOnlyList<Region> Path(Region region)
    {
        var path = new List<Region> { region };
        while (path[^1].Parent is { } parent)
        {
            path.Add(_byName[parent]);
        }

        return path;
    }
}
