namespace OffGridFlow.Core.CloudUsage;

/// <summary>A row of a rule table. Rows are tried from the top; the first that fits decides.</summary>
internal interface IUsageRule
{
    string Id { get; }

    /// <summary>Product code the rule is for; empty for every service.</summary>
    string Service { get; }

    /// <summary>Groups (units or quantities) the rule is for; empty for every group.</summary>
    IReadOnlyList<string> Groups { get; }

    UsagePattern Usage { get; }

    /// <summary>The rule does not fit where this pattern does; null if there is no such pattern.</summary>
    UsagePattern? Unless { get; }
}

/// <summary>Reads a billed amount: which quantity the unit stands for, and how many class units one billed unit is.</summary>
/// <param name="Multiplier">Class units per unit = <paramref name="Multiplier"/> / <paramref name="Divisor"/>, times the days of the month if <paramref name="PerMonth"/>.</param>
internal sealed record UnitRule(
    string Id, string Service, IReadOnlyList<string> Groups, UsagePattern Usage,
    string Quantity, decimal Multiplier, decimal Divisor, bool PerMonth, EstimateFlag? Flag) : IUsageRule
{
    public UsagePattern? Unless => null;
}

internal enum UsageMeasure
{
    None,

    /// <summary>A server for some hours: vCPUs by instance type, memory above the ordinary share, GPUs, embodied part.</summary>
    Instance,

    /// <summary>As <see cref="Instance"/>, with the number of vCPUs given by the rule.</summary>
    Vcpus,

    /// <summary>Processor time only: the number of vCPUs given by the rule, no memory and no embodied part.</summary>
    ProcessorTime,
    Ssd,
    Hdd,
    Network,
}

/// <summary>Says what a row is and how it is measured.</summary>
/// <param name="Vcpus">vCPUs per hour for the measures that fix it.</param>
/// <param name="Processor">Overrides the processor of the instance type; null if it stands.</param>
/// <param name="ClassWithoutVcpus">The class of a row whose vCPUs cannot be found.</param>
internal sealed record ClassRule(
    string Id, string Service, IReadOnlyList<string> Groups, UsagePattern Usage, UsagePattern? Unless,
    UsageClass Class, UsageMeasure Measure, decimal? Vcpus, CcfProcessor? Processor, UsageClass ClassWithoutVcpus,
    IReadOnlyList<EstimateFlag> Flags) : IUsageRule
{
    /// <summary>The answer of a rule that measures nothing.</summary>
    public CloudUsageRate WithoutFigures { get; } = new() { Class = Class, Flags = Flags };
}

/// <summary>How many copies of the data the service keeps; multiplies storage, and in this method processors and memory too.</summary>
internal sealed record ReplicationRule(string Id, string Service, UsagePattern Usage, decimal Copies, string Meaning) : IUsageRule
{
    public IReadOnlyList<string> Groups => [];

    public UsagePattern? Unless => null;
}
