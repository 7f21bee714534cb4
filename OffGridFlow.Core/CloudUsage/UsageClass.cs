namespace OffGridFlow.Core.CloudUsage;

/// <summary>What a line of a cloud bill bought, seen as a cause of emissions. Every row ends in exactly one class.</summary>
public enum UsageClass
{
    /// <summary>Virtual CPUs, with the memory above the server's ordinary share and the GPUs that come with them. Class unit: vCPU-hours.</summary>
    Compute,

    /// <summary>Memory that is billed on its own. Class unit: GB-hours.</summary>
    Memory,

    /// <summary>Solid-state or hard disks, backups and snapshots. Class unit: TB-hours.</summary>
    Storage,

    /// <summary>Data moved between regions or to the internet. Class unit: GB.</summary>
    Network,

    /// <summary>A managed service without a hardware quantity of its own.</summary>
    Managed,

    /// <summary>Left out by a named rule (support plans, incoming traffic, fees): listed, never silently dropped.</summary>
    Excluded,

    /// <summary>No rule fits. The row stays visible with its cost; it has no figure.</summary>
    Unknown,

    /// <summary>No usage of a cloud: an activity that was entered. Never the class of a line of a bill.</summary>
    None,
}
