namespace OffGridFlow.Infrastructure.Imports.Samples;

/// <param name="Id">E.g. <c>eu-central-1</c>.</param>
/// <param name="Prefix">What AWS writes before usage types; the two oldest regions differ by service, see <see cref="SampleRegions.UsageType"/>.</param>
/// <param name="Location">AWS's name in words.</param>
/// <param name="Weight">How often it is an account's main region.</param>
internal sealed record SampleRegion(string Id, string Prefix, string Location, int Weight);

/// <summary>How a service names its usage types.</summary>
internal enum UsagePrefix
{
    /// <summary>The old way: none in us-east-1, <c>EU-</c> in eu-west-1, else the code.</summary>
    Old,

    /// <summary>The code everywhere, us-east-1 included.</summary>
    Always,

    /// <summary>The region's id, as KMS does.</summary>
    RegionId,

    /// <summary>Nothing anywhere.</summary>
    None,
}

internal static class SampleRegions
{
    public static readonly SampleRegion[] All =
    [
        new("eu-central-1", "EUC1", "EU (Frankfurt)", 30),
        new("eu-west-1", "EU", "EU (Ireland)", 22),
        new("us-east-1", "USE1", "US East (N. Virginia)", 16),
        new("eu-north-1", "EUN1", "EU (Stockholm)", 9),
        new("us-west-2", "USW2", "US West (Oregon)", 6),
        new("eu-west-2", "EUW2", "EU (London)", 4),
        new("us-east-2", "USE2", "US East (Ohio)", 3),
        new("eu-west-3", "EUW3", "EU (Paris)", 2),
        new("ap-southeast-1", "APS1", "Asia Pacific (Singapore)", 2),
        new("ap-northeast-1", "APN1", "Asia Pacific (Tokyo)", 2),
        new("eu-south-1", "EUS1", "EU (Milan)", 1),
        new("eu-central-2", "EUC2", "Europe (Zurich)", 1),
        new("ca-central-1", "CAN1", "Canada (Central)", 1),
        new("us-west-1", "USW1", "US West (N. California)", 1),
        new("ap-south-1", "APS3", "Asia Pacific (Mumbai)", 1),
        new("ap-southeast-2", "APS2", "Asia Pacific (Sydney)", 1),
        new("sa-east-1", "SAE1", "South America (Sao Paulo)", 1),
        new("me-central-1", "MEC1", "Middle East (UAE)", 1),
        new("af-south-1", "AFS1", "Africa (Cape Town)", 1),
    ];

    /// <summary>Stands for services without a region.</summary>
    public static readonly SampleRegion Global = new("global", "", "Global", 0);

    public static string UsageType(SampleRegion region, UsagePrefix style, string name) => style switch
    {
        _ when region == Global => name,
        UsagePrefix.Old => region.Id == "us-east-1" ? name : $"{region.Prefix}-{name}",
        UsagePrefix.Always => $"{region.Prefix}-{name}",
        UsagePrefix.RegionId => $"{region.Id}-{name}",
        _ => name,
    };
}
