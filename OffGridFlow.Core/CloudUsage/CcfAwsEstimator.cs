namespace OffGridFlow.Core.CloudUsage;

/// <summary>
/// The method <c>ccf</c> for AWS: gives the figures of Cloud Carbon Footprint (edition of the tables), its known flaws included and
/// flagged. For comparison only. Formulas and sources: <c>docs/methods/cloud-usage-ccf.md</c>.
/// </summary>
/// <remarks>
/// Differs from the peer's printout where that hides something: electricity and embodied emissions are two figures, rows the peer
/// guesses from other rows or drops have no figure, and nothing is "not a number". Pure and thread-safe.
/// </remarks>
public sealed class CcfAwsEstimator : ICloudEstimator
{
    /// <summary>Raised by hand with every change that can move a figure.</summary>
    private const int CodeVersion = 1;

    private readonly CcfAwsTables tables;
    private readonly CcfServers servers;
    private readonly CloudUsageRate noEstimator;
    private readonly EstimateFlag vcpusUnknown;
    private readonly EstimateFlag unlistedRegion;

    public CcfAwsEstimator(CcfAwsTables tables)
    {
        ArgumentNullException.ThrowIfNull(tables);
        this.tables = tables;
        servers = new CcfServers(tables);
        noEstimator = new CloudUsageRate { Class = UsageClass.Unknown, Flags = [tables.Flag("no-estimator")] };
        vcpusUnknown = tables.Flag("vcpus-unknown");
        unlistedRegion = tables.Flag("unlisted-region");
        Version = FormattableString.Invariant($"ccf-aws {tables.Edition.Edition} code {CodeVersion} tables {tables.Edition.Checksum}");
    }

    public string Method => "ccf";

    public string Version { get; }

    public bool ComparisonOnly => true;

    public CloudUsageRate RateFor(UsageKind kind, DateOnly? month)
    {
        ArgumentNullException.ThrowIfNull(kind);
        if (kind.Provider != "aws")
            return noEstimator;

        var usageType = CcfInstanceName.Lengthen(kind.UsageType);
        var unit = tables.Units.Find(kind.Service, kind.Unit, usageType);
        var rule = tables.Classes.Find(kind.Service, unit?.Quantity ?? "other", usageType);
        if (rule is null)
            return new CloudUsageRate { Class = UsageClass.Unknown, Flags = [tables.Flag("no-rule")] };
        if (rule.Measure is UsageMeasure.None || unit is null)
            return rule.WithoutFigures;

        var flags = new List<EstimateFlag>(rule.Flags);
        if (unit.Flag is not null)
            flags.Add(unit.Flag);
        var copies = tables.Replication.Find(kind.Service, "", usageType);
        var region = tables.Grid(kind.Region);
        var work = new CcfWork(tables, kind, rule, unit, copies, region ?? tables.UnknownGrid, Days(month));
        if (region is null || region == tables.UnknownGrid)
            flags.Add(unlistedRegion);

        if (rule.Measure is UsageMeasure.Instance or UsageMeasure.Vcpus or UsageMeasure.ProcessorTime)
        {
            work.Server = servers.Find(kind, usageType, rule, work.Copies, flags);
            if (work.Server is null)
                return new CloudUsageRate { Class = rule.ClassWithoutVcpus, Flags = [vcpusUnknown, .. flags] };
        }
        return work.Rate(flags, defaulted: region is null || region == tables.UnknownGrid);
    }

    private static decimal? Days(DateOnly? month) =>
        month is { } date ? DateTime.DaysInMonth(date.Year, date.Month) : null;
}
