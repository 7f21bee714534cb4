using OffGridFlow.Core.EmissionFactors;

namespace OffGridFlow.Infrastructure.Organizations;

/// <param name="Code">ISO 3166-1 alpha-2.</param>
/// <param name="Asks">What a site of this country is asked for beside the country, e.g. <c>eGRID subregion</c>; null where the country is enough.</param>
/// <param name="Parts">What can be answered; empty where the country is enough.</param>
public sealed record SiteCountry(string Code, string Name, string? Asks, IReadOnlyList<Region> Parts);

/// <summary>Where sites can lie, and in which countries the factor depends on the part of it.</summary>
public sealed class SiteRegions
{
    private readonly RegionTable _regions;
    private readonly Dictionary<string, SiteCountry> _byCode;

    public SiteRegions(RegionTable regions)
    {
        ArgumentNullException.ThrowIfNull(regions);
        _regions = regions;
        var parts = regions.All.Where(region => region is { Kind: RegionKind.GridRegion or RegionKind.Province, Parent: not null }).ToLookup(region => region.Parent!);
        Countries = [.. regions.All.Where(region => region.Kind == RegionKind.Country && region.Code.Length == 2)
            .Select(country => new SiteCountry(country.Code, country.Name, AskedOf(country.Code, parts[country.Code].Any()), [.. parts[country.Code].OrderBy(part => part.Name, StringComparer.Ordinal)]))
            .OrderBy(country => country.Name, StringComparer.Ordinal)];
        _byCode = Countries.ToDictionary(country => country.Code);
    }

    /// <summary>By name.</summary>
    public IReadOnlyList<SiteCountry> Countries { get; }

    public SiteCountry? FindCountry(string? code) => code is not null && _byCode.TryGetValue(code, out var country) ? country : null;

    /// <summary>The country of a code, a name or a region in it as people write them; null where none is meant.</summary>
    public SiteCountry? Recognize(string? text) =>
        _regions.TryFind(text, out var region) ? _regions.Path(region).Select(wider => FindCountry(wider.Code)).FirstOrDefault(country => country is not null) : null;

    /// <summary>The region of a code or a name, when it is the country or a part of it.</summary>
    public Region? FindWithin(SiteCountry country, string? text) =>
        _regions.TryFind(text, out var region) && (region.Code == country.Code || region.Parent == country.Code) ? region : null;

    /// <summary>The name of a region, or the code as it is.</summary>
    public string NameOf(string code) => _regions.TryFind(code, out var region) ? region.Name : code;

    private static string? AskedOf(string country, bool hasParts) => !hasParts ? null : country switch
    {
        "US" => "eGRID subregion",
        "CA" => "Province",
        "AU" => "State",
        _ => "Region",
    };
}
