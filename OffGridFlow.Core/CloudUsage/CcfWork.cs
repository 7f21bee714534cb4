namespace OffGridFlow.Core.CloudUsage;

/// <summary>The coefficients chosen for one row, and the arithmetic on them. Multiplies first and divides last, so that tiny results keep their digits.</summary>
internal sealed class CcfWork(
    CcfAwsTables tables, UsageKind kind, ClassRule rule, UnitRule unit, ReplicationRule? replication, GridFactor grid, decimal? daysOfMonth)
{
    public CcfAwsTables Tables { get; } = tables;

    public UsageKind Kind { get; } = kind;

    public ClassRule Rule { get; } = rule;

    public UnitRule Unit { get; } = unit;

    public GridFactor Grid { get; } = grid;

    public ReplicationRule? Replication { get; } = replication;

    public decimal Copies { get; } = replication?.Copies ?? 1;

    /// <summary>Days of the month of usage; 30.42 if it is not known.</summary>
    public decimal Days { get; } = daysOfMonth ?? tables.Constants.DaysPerMonthWithoutDate;

    public bool DaysKnown { get; } = daysOfMonth is not null;

    /// <summary>Set for the measures of servers.</summary>
    public CcfServer? Server { get; set; }

    /// <summary>Class units per billed unit × <see cref="UnitRule.Divisor"/>.</summary>
    private decimal Multiplier => Unit.PerMonth ? Unit.Multiplier * Days : Unit.Multiplier;

    public decimal ClassUnits => Server is null
        ? Multiplier / Unit.Divisor
        : Over(Server.Vcpus * Multiplier, Unit.Divisor * Server.VcpuDivisor);

    /// <summary>GPU-hours per billed unit. The peer does not turn seconds into hours here.</summary>
    public decimal GpuHours => Server is null or { Gpus: 0 } ? 0
        : Rule.Measure is UsageMeasure.ProcessorTime ? Server.Gpus
        : Over(Server.Gpus * Multiplier, Unit.Divisor);

    /// <summary>GB-hours of memory above the ordinary share per billed unit.</summary>
    public decimal MemoryGbHours => Server is null or { MemoryGb: 0 } ? 0 : Over(Server.MemoryGb * Multiplier, Unit.Divisor);

    // Electricity of processors and GPUs, Wh before PUE and copies.
    public decimal ProcessorWattHours => Over(Server!.Processor.WattsAtLoad * Server.Vcpus * Multiplier, Unit.Divisor * Server.VcpuDivisor);

    public decimal GpuWattHours => Server!.GpuProcessor.WattsAtLoad * GpuHours;

    public decimal MemoryKilowattHours => MemoryGbHours * Tables.Constants.MemoryKwhPerGigabyteHour;

    public decimal StorageWattHoursPerTerabyteHour =>
        Rule.Measure is UsageMeasure.Ssd ? Tables.Constants.SsdWattHoursPerTerabyteHour : Tables.Constants.HddWattHoursPerTerabyteHour;

    public decimal EmbodiedKg => Server?.Embodied?.EmbodiedKgPerHour is { } perHour ? Over(perHour * Multiplier, Unit.Divisor) : 0;

    public CloudUsageRate Rate(IReadOnlyList<EstimateFlag> flags, bool defaulted)
    {
        var (kilowattHours, kilograms) = Electricity();
        return new CloudUsageRate
        {
            Class = Rule.Class,
            ClassUnitsPerUnit = ClassUnits,
            ClassUnit = Rule.Measure switch
            {
                UsageMeasure.Ssd or UsageMeasure.Hdd => "TB-hours",
                UsageMeasure.Network => "GB",
                _ => "vCPU-hours",
            },
            KilowattHoursPerUnit = kilowattHours,
            OperationalKgCo2ePerUnit = kilograms,
            EmbodiedKgCo2ePerUnit = EmbodiedKg,
            Grid = Grid,
            Defaulted = defaulted || Server is { Processor.WattsAveraged: true } or { Gpus: > 0, GpuProcessor.WattsAveraged: true },
            Flags = flags,
            StepSource = () => CcfSteps.For(this, kilowattHours, kilograms),
        };
    }

    private (decimal KilowattHours, decimal Kilograms) Electricity()
    {
        var constants = Tables.Constants;
        if (Rule.Measure is UsageMeasure.Network)
        {
            // kWh = GB × kWh per GB × PUE
            var kilowattHours = Over(Multiplier * constants.NetworkKwhPerGigabyte * constants.Pue, Unit.Divisor);
            return (kilowattHours, kilowattHours * Grid.KgCo2ePerKwh);
        }
        if (Server is null)
        {
            // kWh = TB-hours × Wh per TB-hour × PUE × copies / 1000
            var numerator = Multiplier * StorageWattHoursPerTerabyteHour * constants.Pue * Copies;
            var divisor = Unit.Divisor * 1000;
            return (numerator / divisor, numerator * Grid.KgCo2ePerKwh / divisor);
        }
        // kWh = (processors + GPUs, Wh) × PUE × copies / 1000 + memory GB-hours × kWh per GB-hour × PUE × copies
        var wattHours = ProcessorWattHours;
        if (Server.Gpus > 0)
            wattHours += GpuWattHours;
        var total = (wattHours * 0.001m + MemoryKilowattHours) * constants.Pue * Copies;
        return (total, total * Grid.KgCo2ePerKwh);
    }

    private static decimal Over(decimal numerator, decimal divisor) => divisor == 1 ? numerator : numerator / divisor;
}
