using OffGridFlow.Core.EmissionFactors;
using OffGridFlow.Infrastructure.EmissionFactors;

namespace OffGridFlow.Infrastructure.Imports.AwsCur;

/// <summary>Finds the region of a line of an AWS bill. Data: <c>reference-data/cloud-aws-regions</c>.</summary>
internal sealed class AwsRegionTable
{
    private const string DefaultRegion = "us-east-1";
    private const string Global = "global";

    private static readonly Lazy<AwsRegionTable> LazyShared =
        new(() => ReferenceSet.Open("cloud-aws-regions").Parse(Load));

    private readonly HashSet<string> _regions = [];
    private readonly Dictionary<string, string> _byPrefix = [];
    private readonly Dictionary<string, string> _byLocation = [];
    private readonly string[] _unprefixed;

    /// <param name="regions">Per region its id, the prefixes of usage types that mean it, and its location names.</param>
    /// <param name="unprefixed">Beginnings of usage types that are billed by region.</param>
    public AwsRegionTable(IEnumerable<AwsRegion> regions, IEnumerable<string> unprefixed)
    {
        foreach (var region in regions)
        {
            _regions.Add(region.Id);
            foreach (var prefix in region.Prefixes)
                _byPrefix.Add(prefix, region.Id);
            foreach (var location in region.Locations)
                _byLocation.Add(location, region.Id);
        }

        _unprefixed = [.. unprefixed];
    }

    /// <summary>The table that comes with the program.</summary>
    public static AwsRegionTable Shared => LazyShared.Value;

    private static AwsRegionTable Load(Func<string, string> read) => new(
        ReferenceTable.Parse("regions.csv", read("regions.csv")).Rows.Select(row => new AwsRegion(row.Text("region"), row.List("prefixes"), row.List("locations"))),
        ReferenceTable.Parse("unprefixed-usage.csv", read("unprefixed-usage.csv")).Rows.Select(row => row.Text("starts_with")));

    /// <summary>Whether a region column alone settles the matter.</summary>
    public static bool Settles(ReadOnlySpan<byte> region) => !BillValues.IsNull(region) && !region.SequenceEqual("global"u8);

    /// <summary>
    /// In this order: the region column, the region code, the availability zone without its letter, the prefix of the usage
    /// type, the name of the location, and us-east-1 for usage types that AWS bills by region but that carry no prefix.
    /// <c>global</c> is kept when nothing names a region; empty means that the bill does not say.
    /// </summary>
    public string Find(string service, string usageType, string region, string regionCode, string zone, string location)
    {
        if (region.Length > 0 && region != Global)
            return region;
        if (regionCode.Length > 0 && regionCode != Global)
            return regionCode;
        if (ZoneRegion(zone) is { } ofZone)
            return ofZone;

        // CloudFront's prefixes (EU, US, JP, …) are groups of edge locations, and one of them looks like eu-west-1's.
        var edge = service == "AmazonCloudFront";
        if (!edge && PrefixRegion(usageType) is { } ofPrefix)
            return ofPrefix;
        if (_byLocation.TryGetValue(location, out var ofLocation))
            return ofLocation;
        if (region == Global || regionCode == Global)
            return Global;
        return !edge && _unprefixed.Any(start => usageType.StartsWith(start, StringComparison.Ordinal)) ? DefaultRegion : "";
    }

    /// <summary><c>eu-west-1a</c> is in eu-west-1, <c>us-west-2-lax-1a</c> in us-west-2-lax-1; some lines give the region itself.</summary>
    private string? ZoneRegion(string zone)
    {
        if (_regions.Contains(zone))
            return zone;
        return zone.Length > 2 && char.IsAsciiLetterLower(zone[^1]) && char.IsAsciiDigit(zone[^2]) && zone.Contains('-', StringComparison.Ordinal)
            ? zone[..^1]
            : null;
    }

    private string? PrefixRegion(string usageType)
    {
        var dash = usageType.IndexOf('-', StringComparison.Ordinal);
        if (dash <= 0)
            return null;
        if (_byPrefix.TryGetValue(usageType[..dash], out var region))
            return region;

        // Some services write the region's id instead: us-east-2-KMS-Requests.
        for (var next = dash; next > 0; next = usageType.IndexOf('-', next + 1))
        {
            if (_regions.Contains(usageType[..next]))
                return usageType[..next];
        }

        return null;
    }

}

/// <param name="Id">E.g. <c>eu-west-1</c>.</param>
/// <param name="Prefixes">E.g. <c>EU</c>, <c>EUW1</c>; may be empty.</param>
/// <param name="Locations">Names in product/location, e.g. <c>EU (Ireland)</c>.</param>
internal sealed record AwsRegion(string Id, IReadOnlyList<string> Prefixes, IReadOnlyList<string> Locations);
