namespace OffGridFlow.Core.CloudUsage;

/// <summary>What one hour of a server row uses.</summary>
/// <param name="Vcpus">vCPUs, already times the baseline of a burstable type; to be divided by <paramref name="VcpuDivisor"/>.</param>
/// <param name="VcpuDivisor">3,600 for cluster nodes sized from the table, else 1.</param>
/// <param name="VcpuSource">Where the number of vCPUs comes from, in words.</param>
/// <param name="BaselinePercent">Baseline load of a burstable type that <paramref name="Vcpus"/> has been multiplied by, else null.</param>
/// <param name="Memory">Memory above the ordinary share, or null where the method counts none.</param>
/// <param name="Embodied">The type that carries the embodied part, or null.</param>
internal sealed record CcfServer(
    decimal Vcpus, decimal VcpuDivisor, string VcpuSource, decimal? BaselinePercent,
    CcfProcessor Processor, decimal Gpus, CcfProcessor GpuProcessor,
    CcfMemory? Memory, decimal MemoryGb, CcfInstance? Embodied);

/// <summary>Finds the server behind a row in hours or seconds.</summary>
internal sealed class CcfServers(CcfAwsTables tables)
{
    private const decimal SecondsPerHour = 3600;
    private readonly CcfInstanceTable instances = tables.Instances;
    private readonly EstimateFlag unknownProcessor = tables.Flag("unknown-processor");
    private readonly EstimateFlag replicationOnCompute = tables.Flag("replication-on-compute");
    private readonly EstimateFlag embodiedNotScaled = tables.Flag("embodied-not-scaled");
    private readonly EstimateFlag redshiftPerSecond = tables.Flag("redshift-per-second");
    private readonly EstimateFlag gpuAsCpu = tables.Flag("gpu-as-cpu");
    private readonly EstimateFlag instanceNotListed = tables.Flag("instance-not-listed");

    private readonly record struct Sizing(decimal Vcpus, decimal Divisor, string Source, decimal? BaselinePercent = null);

    /// <returns>The server, or null if its vCPUs cannot be found.</returns>
    /// <param name="usageType">The lengthened usage type.</param>
    /// <param name="flags">Receives what a reader must know about the choice.</param>
    public CcfServer? Find(UsageKind kind, string usageType, ClassRule rule, decimal copies, List<EstimateFlag> flags)
    {
        var sizing = rule.Vcpus is { } vcpus
            ? new Sizing(vcpus, 1, "fixed by the rule")
            : SizeOf(kind);
        if (sizing is not { } size)
            return null;

        var name = CcfInstanceName.ForHardware(usageType);
        var hardware = instances.Server(name);
        var processor = rule.Processor ?? hardware?.Processor ?? tables.Processors.Unknown;
        var gpus = instances.Ec2(CcfInstanceName.ForSizing(kind.UsageType))?.Gpus ?? 0;
        var gpuProcessor = (rule.Processor is null ? hardware?.GpuProcessor : null) ?? tables.Processors.Unknown;
        var memory = rule.Measure is UsageMeasure.ProcessorTime || hardware?.BaselinePercent is not null
            ? null
            : instances.Memory(CcfInstanceName.FirstTwoParts(name));
        var embodied = rule.Measure is UsageMeasure.ProcessorTime ? null : instances.Server(CcfInstanceName.LastTwoParts(name));
        if (embodied?.EmbodiedKgPerHour is null)
            embodied = null;

        AddFlags();
        var memoryGb = memory?.ExtraGb(hardware is not null) ?? 0;
        return new CcfServer(size.Vcpus, size.Divisor, size.Source, size.BaselinePercent, processor, gpus, gpuProcessor, memory, memoryGb, embodied);

        void AddFlags()
        {
            if (processor.WattsAveraged)
                flags.Add(unknownProcessor);
            if (copies != 1)
                flags.Add(replicationOnCompute);
            if (size.Divisor != 1)
                flags.Add(redshiftPerSecond);
            if (gpus > 0 && gpuProcessor.WattsAveraged)
                flags.Add(gpuAsCpu);
            if ((embodied ?? hardware)?.Flag is { } flag && !flags.Contains(flag))
                flags.Add(flag);
            if (embodied is { Vcpus: > 1, Flag: null })
                flags.Add(embodiedNotScaled);
            if (rule.Measure is UsageMeasure.Instance && memory is null && embodied is null && hardware is null)
                flags.Add(instanceNotListed);
        }
    }

    /// <summary>
    /// vCPUs by the first source that knows: a burstable type's own entry times its baseline load over the assumed load; the bill; the table.
    /// </summary>
    private Sizing? SizeOf(UsageKind kind)
    {
        var name = CcfInstanceName.ForSizing(kind.UsageType);
        if (NamesBurstable(kind.UsageType))
        {
            var twoParts = CcfInstanceName.FirstTwoParts(name);
            return instances.Ec2(twoParts)?.BaselinePercent is { } baseline && FromTable(kind, twoParts) is { } full
                ? full with { Vcpus = full.Vcpus * baseline / tables.Constants.CpuUtilizationPercent, BaselinePercent = baseline }
                : null;
        }
        return kind.Vcpus is { } reported and not 0 ? new Sizing(reported, 1, "vCPU column of the bill") : FromTable(kind, name);
    }

    private Sizing? FromTable(UsageKind kind, ReadOnlySpan<char> name)
    {
        var broker = kind.UsageType.LastIndexOf("Kafka", StringComparison.Ordinal);
        if (broker >= 0)
            return Sized(instances.Kafka(kind.UsageType.AsSpan(broker)), 1);
        var twoParts = CcfInstanceName.FirstTwoParts(name);
        return kind.Service == "AmazonRedshift" ? Sized(instances.Redshift(twoParts), SecondsPerHour) : Sized(instances.Ec2(twoParts), 1);

        static Sizing? Sized(CcfInstance? instance, decimal divisor) =>
            instance is null ? null : new Sizing(instance.Vcpus, divisor, "instance table");
    }

    private bool NamesBurstable(ReadOnlySpan<char> usageType)
    {
        for (var point = 0; point < usageType.Length; point++)
        {
            var next = usageType[point..].IndexOf('.');
            if (next < 0)
                return false;
            point += next;
            if (instances.Ec2(CcfInstanceName.AroundPoint(usageType, point))?.BaselinePercent is not null)
                return true;
        }
        return false;
    }
}
