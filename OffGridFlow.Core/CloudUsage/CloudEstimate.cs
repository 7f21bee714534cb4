namespace OffGridFlow.Core.CloudUsage;

/// <summary>A fact about an estimate that a reader must see beside the figure.</summary>
/// <param name="Code">Stable lower-case code, e.g. <c>unlisted-region</c>.</param>
/// <param name="Text">The same in a sentence for people.</param>
public sealed record EstimateFlag(string Code, string Text);

/// <summary>One named step of an estimate: what is multiplied, with the numbers filled in.</summary>
/// <param name="Name">E.g. <c>Electricity</c>, <c>PUE</c>, <c>Grid factor</c>.</param>
/// <param name="Expression">The step with its numbers, for one unit of usage, e.g. <c>(0.64 + 0.5 × (3.97 − 0.64)) W × 2 vCPU × 1 h × 1.135 / 1000</c>.</param>
/// <param name="Value">The step's result per unit of usage.</param>
/// <param name="Unit">Unit of <paramref name="Value"/>, e.g. <c>kWh per Hrs</c>.</param>
/// <param name="Source">Publisher, edition and place of each coefficient used.</param>
public sealed record EstimateStep(string Name, string Expression, decimal Value, string Unit, string Source);

/// <summary>The grid factor an estimate used.</summary>
/// <param name="Id">Stable id within its set, e.g. <c>aws/us-east-1</c>.</param>
/// <param name="Set">Name of the factor set.</param>
/// <param name="Edition">Edition or date of the set.</param>
/// <param name="Region">The region it stands for; <c>Unknown</c> for the set's default.</param>
/// <param name="KgCo2ePerKwh">kg CO2e per kWh of electricity.</param>
/// <param name="Year">The data year if the source states one.</param>
/// <param name="Source">Publisher and place.</param>
public sealed record GridFactor(string Id, string Set, string Edition, string Region, decimal KgCo2ePerKwh, int? Year, string Source);

/// <summary>
/// What one unit of a usage kind causes in one month. Worked out once per kind and month and then multiplied by amounts.
/// Any figure may be null: the row then has no estimate, and <see cref="Flags"/> says why.
/// </summary>
public sealed record CloudUsageRate
{
    public required UsageClass Class { get; init; }

    /// <summary>Class units (see <see cref="UsageClass"/>) per unit of usage, e.g. 2 vCPU-hours per hour of m5.large; null if the class has no unit.</summary>
    public decimal? ClassUnitsPerUnit { get; init; }

    /// <summary><c>vCPU-hours</c>, <c>GB-hours</c>, <c>TB-hours</c>, <c>GB</c>, or null.</summary>
    public string? ClassUnit { get; init; }

    /// <summary>Electricity only, including PUE, in kWh per unit of usage.</summary>
    public decimal? KilowattHoursPerUnit { get; init; }

    /// <summary>kg CO2e of that electricity per unit of usage.</summary>
    public decimal? OperationalKgCo2ePerUnit { get; init; }

    /// <summary>kg CO2e of making the hardware, its share per unit of usage. Zero where the method counts none.</summary>
    public decimal? EmbodiedKgCo2ePerUnit { get; init; }

    public GridFactor? Grid { get; init; }

    /// <summary>True when a default stood in for a specific coefficient (unlisted region, unknown processor): quality "defaulted".</summary>
    public bool Defaulted { get; init; }

    public IReadOnlyList<EstimateFlag> Flags { get; init; } = [];

    /// <summary>The named steps that made the figures, in order, for one unit of usage. Empty when there is no estimate. Worked out when first read.</summary>
    public IReadOnlyList<EstimateStep> Steps
    {
        get => steps ??= StepSource?.Invoke() ?? [];
        init => steps = value;
    }

    internal Func<IReadOnlyList<EstimateStep>>? StepSource { get; init; }

    private IReadOnlyList<EstimateStep>? steps;

    /// <summary>The figures of an amount: each figure of the rate times the amount, null where the rate has none. Not rounded.</summary>
    /// <param name="amount">In the unit of the usage kind.</param>
    public CloudEstimate Apply(decimal amount) => new(
        ClassUnitsPerUnit * amount, KilowattHoursPerUnit * amount, OperationalKgCo2ePerUnit * amount, EmbodiedKgCo2ePerUnit * amount);
}

/// <summary>What an amount of cloud usage causes. Null: no figure, for the reasons in <see cref="CloudUsageRate.Flags"/>.</summary>
/// <param name="ClassUnits">vCPU-hours, GB-hours, TB-hours or GB (<see cref="CloudUsageRate.ClassUnit"/>).</param>
/// <param name="KilowattHours">Electricity only, in kWh.</param>
/// <param name="OperationalKgCo2e">kg CO2e of that electricity.</param>
/// <param name="EmbodiedKgCo2e">kg CO2e of making the hardware.</param>
public sealed record CloudEstimate(decimal? ClassUnits, decimal? KilowattHours, decimal? OperationalKgCo2e, decimal? EmbodiedKgCo2e)
{
    /// <summary>Decimal places the ledger stores.</summary>
    public const int LedgerDecimals = 12;

    /// <summary>Each figure rounded half to even to <see cref="LedgerDecimals"/>, as the ledger stores it. Figures given out elsewhere keep all digits.</summary>
    public CloudEstimate ForLedger() => new(Round(ClassUnits), Round(KilowattHours), Round(OperationalKgCo2e), Round(EmbodiedKgCo2e));

    private static decimal? Round(decimal? value) =>
        value is { } number ? decimal.Round(number, LedgerDecimals, MidpointRounding.ToEven) : null;
}

/// <summary>A method that turns kinds of cloud usage into electricity and emissions. Implementations are pure and thread-safe.</summary>
public interface ICloudEstimator
{
    /// <summary>Name of the method, e.g. <c>ccf</c>.</summary>
    string Method { get; }

    /// <summary>Version of method and coefficients together; stored with every result so that it can be replayed.</summary>
    string Version { get; }

    /// <summary>True when results are for comparison only and can be neither locked nor disclosed.</summary>
    bool ComparisonOnly { get; }

    /// <summary>The rate of one kind of usage in one month.</summary>
    /// <param name="kind">The usage.</param>
    /// <param name="month">First day of the month of usage; null stands for a month of 30.42 days.</param>
    CloudUsageRate RateFor(UsageKind kind, DateOnly? month);
}
