namespace OffGridFlow.Infrastructure.Persistence.Embedded;

/// <summary>The PostgreSQL server that OffGridFlow starts for itself when no connection string is configured.</summary>
public sealed class EmbeddedPostgresOptions
{
    public const string Section = "EmbeddedPostgres";

    /// <summary>Holds the cluster, its password, its log and the owner's lock; created when missing.</summary>
    public string DataDirectory { get; set; } = "";

    /// <summary>Folder of <c>initdb</c>, <c>pg_ctl</c> and <c>postgres</c>; null looks for them (see <see cref="PostgresBinaries"/>).</summary>
    public string? BinariesPath { get; set; }

    /// <summary>0 takes any free port at each start.</summary>
    public int Port { get; set; }

    /// <summary>For tests only: a power cut may corrupt the cluster.</summary>
    public bool FastUnsafe { get; set; }

    /// <summary>Any server setting by its PostgreSQL name; wins over ours.</summary>
    public Dictionary<string, string> Settings { get; } = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>How long a start may take, crash recovery included.</summary>
    public TimeSpan StartTimeout { get; set; } = TimeSpan.FromMinutes(10);

    /// <summary>How long a stop may take before the server is stopped without a checkpoint (its next start then recovers from the log).</summary>
    public TimeSpan StopTimeout { get; set; } = TimeSpan.FromSeconds(30);
}
