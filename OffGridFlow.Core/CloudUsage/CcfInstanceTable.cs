using OffGridFlow.Core.EmissionFactors;
using System.Collections.Frozen;

namespace OffGridFlow.Core.CloudUsage;

/// <summary>What the tables say about one server type.</summary>
/// <param name="Family">Name before the point, e.g. <c>m5</c>.</param>
/// <param name="BaselinePercent">Load that a burstable type earns without credits; null for other types.</param>
internal sealed record CcfInstance(
    string Name, string Family, decimal Vcpus, decimal? MemoryGb, decimal? ServerEmbodiedTonnes, decimal? LargestVcpus, decimal? LargestMemoryGb,
    CcfProcessor Processor, decimal Gpus, CcfProcessor GpuProcessor, decimal? BaselinePercent, EstimateFlag? Flag)
{
    /// <summary>Embodied kg CO2e per instance-hour; null where the table has no server figure. See <see cref="CcfInstanceTable"/>.</summary>
    public decimal? EmbodiedKgPerHour { get; init; }

    /// <summary>t CO2e of the whole server as the peer takes it.</summary>
    public decimal? EmbodiedServerTonnes { get; init; }
}

/// <summary>Memory of one server type above the share its processor would have anyway.</summary>
internal sealed record CcfMemory(decimal InstanceGb, decimal LargestGb, decimal Chips, CcfProcessor Processor, CcfProcessor Unknown)
{
    private readonly decimal known = Extra(InstanceGb, LargestGb, Chips, Processor);
    private readonly decimal average = Extra(InstanceGb, LargestGb, Chips, Unknown);

    public decimal ExtraGb(bool processorKnown) => processorKnown ? known : average;

    // extra = (largest / chips − memory per chip) × instance / largest; nothing if negative
    private static decimal Extra(decimal instance, decimal largest, decimal chips, CcfProcessor processor) =>
        Math.Max(0, (largest / chips - processor.MemoryGbPerChip) * instance / largest);
}

/// <summary>
/// The instance tables, read as the peer reads them. Embodied emissions of an hour are server t × 1000 / (lifespan × largest vCPU of the
/// family): the peer divides by the vCPUs of the instance and multiplies by them again, so they cancel out.
/// </summary>
internal sealed class CcfInstanceTable
{
    private readonly FrozenDictionary<string, CcfInstance>.AlternateLookup<ReadOnlySpan<char>> ec2;
    private readonly FrozenDictionary<string, CcfInstance>.AlternateLookup<ReadOnlySpan<char>> redshift;
    private readonly FrozenDictionary<string, CcfInstance>.AlternateLookup<ReadOnlySpan<char>> kafka;
    private readonly FrozenDictionary<string, CcfInstance>.AlternateLookup<ReadOnlySpan<char>> servers;
    private readonly FrozenDictionary<string, CcfMemory>.AlternateLookup<ReadOnlySpan<char>> memory;

    public CcfInstanceTable(ReferenceTable table, CcfConstants constants, CcfProcessors processors, Func<string, ReferenceRow, EstimateFlag?> flag)
    {
        var rows = table.Rows.Select(r => (Table: r.Text("table"), Instance: Read(r))).ToList();
        var ec2Rows = Of("ec2");
        var redshiftRows = Of("redshift");
        ec2 = ec2Rows.GetAlternateLookup<ReadOnlySpan<char>>();
        redshift = redshiftRows.GetAlternateLookup<ReadOnlySpan<char>>();
        kafka = Of("msk").GetAlternateLookup<ReadOnlySpan<char>>();
        servers = ec2Rows.Values.Concat(Of("high-memory").Values).ToFrozenDictionary(i => i.Name).GetAlternateLookup<ReadOnlySpan<char>>();

        // A cluster node whose family EC2 also lists is measured against EC2's largest, as in the peer.
        var largestByFamily = redshiftRows.Values.Concat(ec2Rows.Values).Where(i => i.LargestMemoryGb > 0)
            .GroupBy(i => i.Family).ToDictionary(g => g.Key, g => g.Last());
        memory = redshiftRows.Values.Concat(ec2Rows.Values).Where(i => i.MemoryGb > 0 && largestByFamily.ContainsKey(i.Family))
            .GroupBy(i => i.Name).ToFrozenDictionary(g => g.Key, g => Memory(g.Last(), largestByFamily[g.Last().Family]))
            .GetAlternateLookup<ReadOnlySpan<char>>();

        CcfMemory Memory(CcfInstance instance, CcfInstance largest) => new(
            instance.MemoryGb!.Value, largest.LargestMemoryGb!.Value, constants.Chips(instance.Family, largest.LargestVcpus!.Value),
            instance.Processor, processors.Unknown);

        FrozenDictionary<string, CcfInstance> Of(string name) =>
            rows.Where(r => r.Table == name).Select(r => r.Instance).ToFrozenDictionary(i => i.Name);

        CcfInstance Read(ReferenceRow row)
        {
            // The peer's list of u- types has vCPUs, memory, server tonnes; it takes the second for the third.
            var highMemory = row.Text("table") == "high-memory";
            var tonnes = row.OptionalNumber(highMemory ? "memory_gb" : "server_embodied_tonnes");
            var largest = row.OptionalNumber("largest_vcpus");
            return new CcfInstance(
                row.Text("instance_type"), row.Text("family"), row.Number("vcpus"), row.OptionalNumber("memory_gb"),
                row.OptionalNumber("server_embodied_tonnes"), largest, row.OptionalNumber("largest_memory_gb"),
                processors.For(row.Text("processors")), row.OptionalNumber("gpus") ?? 0, processors.For(row.Text("gpu_processors")),
                row.OptionalNumber("baseline_percent"), flag("flag", row))
            {
                EmbodiedServerTonnes = tonnes,
                EmbodiedKgPerHour = tonnes * 1000 / (constants.ServerLifespanHours * largest),
            };
        }
    }

    public CcfInstance? Ec2(ReadOnlySpan<char> name) => ec2.TryGetValue(name, out var instance) ? instance : null;

    public CcfInstance? Redshift(ReadOnlySpan<char> name) => redshift.TryGetValue(name, out var instance) ? instance : null;

    public CcfInstance? Kafka(ReadOnlySpan<char> name) => kafka.TryGetValue(name, out var instance) ? instance : null;

    /// <summary>EC2 and high-memory types: those with processors and an embodied figure.</summary>
    public CcfInstance? Server(ReadOnlySpan<char> name) => servers.TryGetValue(name, out var instance) ? instance : null;

    public CcfMemory? Memory(ReadOnlySpan<char> name) => memory.TryGetValue(name, out var found) ? found : null;
}
