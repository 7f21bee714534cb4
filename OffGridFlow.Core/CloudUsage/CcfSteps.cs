using System.Globalization;

namespace OffGridFlow.Core.CloudUsage;

/// <summary>Writes down how an estimate came about, for someone who checks it with a calculator. Figures in expressions are shown to ten digits; values keep all.</summary>
internal sealed class CcfSteps
{
    private readonly List<EstimateStep> steps = [];
    private readonly CcfWork work;
    private readonly string perUnit;

    private CcfSteps(CcfWork work)
    {
        this.work = work;
        perUnit = " per " + Billed;
    }

    public static IReadOnlyList<EstimateStep> For(CcfWork work, decimal kilowattHours, decimal operationalKg)
    {
        var writer = new CcfSteps(work);
        if (work.Rule.Measure is UsageMeasure.Network)
            writer.Network();
        else if (work.Server is { } server)
            writer.Compute(server);
        else
            writer.Storage();
        writer.Totals(kilowattHours, operationalKg);
        return writer.steps;
    }

    private string Billed => work.Kind.Unit.Length == 0 ? "unit" : work.Kind.Unit;

    private CcfConstants Constants => work.Tables.Constants;

    private void Network()
    {
        Add("Data moved", $"1 {Billed}", work.ClassUnits, "GB" + perUnit, Rule());
        Add("Electricity of the network", $"{Show(work.ClassUnits)} GB × {Show(Constants.NetworkKwhPerGigabyte)} kWh per GB",
            work.ClassUnits * Constants.NetworkKwhPerGigabyte, "kWh" + perUnit, Constant("network_kwh_per_gigabyte"));
    }

    private void Storage()
    {
        var medium = work.Rule.Measure is UsageMeasure.Ssd ? "solid-state" : "hard-disk";
        var month = work.DaysKnown ? $"{Show(work.Days)} days" : $"{Show(work.Days)} days (month not known)";
        var hours = work.Unit.PerMonth ? $"{Show(work.Unit.Multiplier)} h × {month}" : Show(work.Unit.Multiplier);
        Add("Storage used", $"1 {Billed} × {hours}{Over(work.Unit.Divisor)}",
            work.ClassUnits, "TB-hours" + perUnit, work.Tables.Source("unit_rules.csv", work.Unit.Id));
        Add($"Electricity of {medium} storage", $"{Show(work.ClassUnits)} TB-hours × {Show(work.StorageWattHoursPerTerabyteHour)} Wh per TB-hour ÷ 1000",
            work.ClassUnits * work.StorageWattHoursPerTerabyteHour / 1000, "kWh" + perUnit,
            Constant(work.Rule.Measure is UsageMeasure.Ssd ? "ssd_watt_hours_per_terabyte_hour" : "hdd_watt_hours_per_terabyte_hour") + "; " + Rule());
        Copies();
    }

    private void Compute(CcfServer server)
    {
        var vcpus = server.BaselinePercent is { } baseline
            ? $"{Show(server.Vcpus * Constants.CpuUtilizationPercent / baseline)} vCPU × {Show(baseline)} % baseline ÷ {Show(Constants.CpuUtilizationPercent)} % load"
            : $"{Show(server.Vcpus)} vCPU";
        Add("vCPU-hours", $"{vcpus} × 1 {Billed}{Over(work.Unit.Divisor * server.VcpuDivisor)}", work.ClassUnits, "vCPU-hours" + perUnit,
            $"{server.VcpuSource}; {Rule()}");
        Power("Processor power", server.Processor, "W per vCPU");
        Add("Processor electricity", $"{Show(server.Processor.WattsAtLoad)} W × {Show(work.ClassUnits)} vCPU-hours ÷ 1000",
            work.ProcessorWattHours / 1000, "kWh" + perUnit, "");
        if (work.GpuHours != 0)
        {
            Power("GPU power", server.GpuProcessor, "W per GPU");
            Add("GPU electricity", $"{Show(server.GpuProcessor.WattsAtLoad)} W × {Show(work.GpuHours)} GPU-hours ÷ 1000",
                work.GpuWattHours / 1000, "kWh" + perUnit, work.Tables.Source("instance_types.csv", "gpus"));
        }
        if (work.MemoryGbHours != 0 && server.Memory is { } memory)
            Memory(server, memory);
        Copies();
    }

    private void Power(string name, CcfProcessor processor, string unit) => Add(
        name, $"{Show(processor.MinWatts)} W + {Show(Constants.CpuUtilizationPercent)} % × ({Show(processor.MaxWatts)} − {Show(processor.MinWatts)}) W",
        processor.WattsAtLoad, unit,
        processor.WattsAveraged ? Constant("min_watts_unknown_processor, max_watts_unknown_processor") : work.Tables.Source("processors.csv", processor.Label));

    private void Memory(CcfServer server, CcfMemory memory)
    {
        var processor = server.MemoryGb == memory.ExtraGb(processorKnown: true) ? memory.Processor : memory.Unknown;
        Add("Memory above the ordinary share",
            $"({Show(memory.LargestGb)} GB ÷ {Show(memory.Chips)} {(memory.Chips == 1 ? "chip" : "chips")} − {Show(processor.MemoryGbPerChip)} GB) × {Show(memory.InstanceGb)} GB ÷ {Show(memory.LargestGb)} GB",
            server.MemoryGb, "GB", work.Tables.Source("instance_types.csv", "memory") + "; " + work.Tables.Source("processors.csv", processor.Label));
        Add("Memory electricity", $"{Show(work.MemoryGbHours)} GB-hours × {Show(Constants.MemoryKwhPerGigabyteHour)} kWh per GB-hour",
            work.MemoryKilowattHours, "kWh" + perUnit, Constant("memory_kwh_per_gigabyte_hour"));
    }

    private void Copies()
    {
        if (work.Copies != 1)
            Add("Copies kept by the service", $"× {Show(work.Copies)}", work.Copies, "copies", work.Tables.Source("replication_rules.csv", work.Replication!.Id));
    }

    private void Totals(decimal kilowattHours, decimal operationalKg)
    {
        var copies = work.Copies == 1 || work.Rule.Measure is UsageMeasure.Network ? "" : $" × {Show(work.Copies)} copies";
        var parts = steps.Where(s => s.Unit.StartsWith("kWh", StringComparison.Ordinal)).Select(s => Show(s.Value)).ToList();
        var sum = parts.Count == 1 ? parts[0] : $"({string.Join(" + ", parts)})";
        Add("Electricity with data-center overhead (PUE)", $"{sum} kWh × {Show(Constants.Pue)}{copies}", kilowattHours, "kWh" + perUnit, Constant("pue"));
        Add("Grid factor", work.Grid.Region == "Unknown" ? $"average of all AWS regions, for '{work.Kind.Region}'" : work.Grid.Region,
            work.Grid.KgCo2ePerKwh, "kg CO2e per kWh", work.Grid.Source);
        Add("Operational emissions", $"{Show(kilowattHours)} kWh × {Show(work.Grid.KgCo2ePerKwh)} kg CO2e per kWh", operationalKg, "kg CO2e" + perUnit, "");
        if (work.Server?.Embodied is { } type)
            Add("Embodied emissions",
                $"{Show(type.EmbodiedServerTonnes!.Value * 1000)} kg CO2e ÷ ({Show(Constants.ServerLifespanHours)} h × {Show(type.LargestVcpus!.Value)} vCPU) × 1 vCPU{Over(work.Unit.Divisor)}",
                work.EmbodiedKg, "kg CO2e" + perUnit, work.Tables.Source("instance_types.csv", type.Name) + "; " + Constant("server_lifespan_hours"));
    }

    private void Add(string name, string expression, decimal value, string unit, string source) =>
        steps.Add(new EstimateStep(name, expression, value, unit, source.Length == 0 ? "Steps above" : source));

    private static string Over(decimal divisor) => divisor == 1 ? "" : $" ÷ {Show(divisor)}";

    private string Rule() => work.Tables.Source("usage_rules.csv", work.Rule.Id);

    private string Constant(string key) => work.Tables.Source("constants.csv", key);

    /// <summary>The number to ten significant digits, with a point in every culture and never in powers of ten.</summary>
    private static string Show(decimal value)
    {
        var decimals = 10;
        for (var size = Math.Abs(value); size is > 0 and < 0.1m && decimals < 28; size *= 10)
            decimals++;
        return decimal.Round(value, decimals).ToString("0.############################", CultureInfo.InvariantCulture);
    }
}
