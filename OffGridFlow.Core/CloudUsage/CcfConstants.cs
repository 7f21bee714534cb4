using OffGridFlow.Core.EmissionFactors;

namespace OffGridFlow.Core.CloudUsage;

/// <summary>The single numbers of the method, from <c>constants.csv</c>; units and meanings stand there.</summary>
internal sealed class CcfConstants
{
    private readonly Dictionary<string, decimal> values;
    private readonly string table;

    public CcfConstants(ReferenceTable table)
    {
        this.table = table.Name;
        values = table.Rows.ToDictionary(r => r.Text("key"), r => r.Number("value"));
        Pue = Value("pue");
        SsdWattHoursPerTerabyteHour = Value("ssd_watt_hours_per_terabyte_hour");
        HddWattHoursPerTerabyteHour = Value("hdd_watt_hours_per_terabyte_hour");
        NetworkKwhPerGigabyte = Value("network_kwh_per_gigabyte");
        MemoryKwhPerGigabyteHour = Value("memory_kwh_per_gigabyte_hour");
        CpuUtilizationPercent = Value("cpu_utilization_percent");
        ServerLifespanHours = Value("server_lifespan_hours");
        MinWattsUnknown = Value("min_watts_unknown_processor");
        MaxWattsUnknown = Value("max_watts_unknown_processor");
        MemoryGbPerChipUnknown = Value("memory_gb_per_chip_unknown_processor");
        DaysPerMonthWithoutDate = Value("days_per_month_without_date");
        VcpusPerChip = Value("vcpus_per_chip");
    }

    public decimal Pue { get; }

    public decimal SsdWattHoursPerTerabyteHour { get; }

    public decimal HddWattHoursPerTerabyteHour { get; }

    public decimal NetworkKwhPerGigabyte { get; }

    public decimal MemoryKwhPerGigabyteHour { get; }

    public decimal CpuUtilizationPercent { get; }

    public decimal ServerLifespanHours { get; }

    public decimal MinWattsUnknown { get; }

    public decimal MaxWattsUnknown { get; }

    public decimal MemoryGbPerChipUnknown { get; }

    public decimal DaysPerMonthWithoutDate { get; }

    public decimal VcpusPerChip { get; }

    /// <summary>Processor chips of the largest server of a family: its vCPUs / 96 rounded up, or the exception the table names.</summary>
    public decimal Chips(string family, decimal largestVcpus) =>
        values.TryGetValue("chips_" + family, out var chips) ? chips : Math.Ceiling(largestVcpus / VcpusPerChip);

    private decimal Value(string key) =>
        values.TryGetValue(key, out var value) ? value : throw new ReferenceTableException(table, 1, $"the row '{key}' is missing");
}
