using OffGridFlow.Core.EmissionFactors;

namespace OffGridFlow.Core.CloudUsage;

/// <summary>Power and memory of the processors an instance type may run on.</summary>
/// <param name="Label">The candidates, e.g. <c>Cascade Lake, Skylake</c>.</param>
/// <param name="MinWatts">W per vCPU (or per GPU) at rest.</param>
/// <param name="MaxWatts">W per vCPU (or per GPU) at full load.</param>
/// <param name="WattsAveraged">True if the average over all processors stands in.</param>
/// <param name="MemoryGbPerChip">Memory a server with this processor has anyway, in GB per chip.</param>
internal sealed record CcfProcessor(string Label, decimal MinWatts, decimal MaxWatts, bool WattsAveraged, decimal MemoryGbPerChip)
{
    /// <summary>min + load × (max − min), in W.</summary>
    public required decimal WattsAtLoad { get; init; }
}

/// <summary>
/// Turns lists of candidate processors into one figure: the mean, or the median if Sandy Bridge or Ivy Bridge is among them
/// (their power is far above the others'). One candidate without a figure makes the whole list unknown.
/// </summary>
internal sealed class CcfProcessors
{
    private readonly Dictionary<string, (decimal Min, decimal Max, decimal? Memory)> known;
    private readonly Dictionary<string, CcfProcessor> byList = [];
    private readonly CcfConstants constants;

    public CcfProcessors(ReferenceTable table, CcfConstants constants)
    {
        this.constants = constants;
        known = table.Rows.ToDictionary(
            r => r.Text("processor"),
            r => (r.Number("min_watts"), r.Number("max_watts"), r.OptionalNumber("memory_gb_per_chip")));
        Unknown = Make(["Unknown"]);
    }

    public CcfProcessor Unknown { get; }

    /// <summary>For use while tables are read; not thread-safe.</summary>
    /// <param name="list">Names separated by <c>;</c>, or empty.</param>
    public CcfProcessor For(string list)
    {
        if (list.Length == 0)
            return Unknown;
        if (!byList.TryGetValue(list, out var processor))
            byList[list] = processor = Make(list.Split(';'));
        return processor;
    }

    private CcfProcessor Make(string[] names)
    {
        var label = string.Join(", ", names);
        var memories = names.Select(n => known.TryGetValue(n, out var p) ? p.Memory : null).ToList();
        var memory = memories.Contains(null) ? constants.MemoryGbPerChipUnknown : memories.Average()!.Value;
        if (!Array.TrueForAll(names, known.ContainsKey))
            return WithLoad(new CcfProcessor(label, constants.MinWattsUnknown, constants.MaxWattsUnknown, true, memory) { WattsAtLoad = 0 });
        var median = names.Contains("Sandy Bridge") || names.Contains("Ivy Bridge");
        var min = names.Select(n => known[n].Min);
        var max = names.Select(n => known[n].Max);
        return WithLoad(new CcfProcessor(label, median ? Median(min) : min.Average(), median ? Median(max) : max.Average(), false, memory) { WattsAtLoad = 0 });
    }

    private CcfProcessor WithLoad(CcfProcessor processor) => processor with
    {
        WattsAtLoad = processor.MinWatts + constants.CpuUtilizationPercent * (processor.MaxWatts - processor.MinWatts) / 100,
    };

    private static decimal Median(IEnumerable<decimal> values)
    {
        var sorted = values.Order().ToArray();
        var middle = sorted.Length / 2;
        return sorted.Length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }
}
