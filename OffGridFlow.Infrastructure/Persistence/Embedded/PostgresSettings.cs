using System.Globalization;
using System.Text;

namespace OffGridFlow.Infrastructure.Persistence.Embedded;

/// <summary>
/// The server's configuration, written at each start to a file that <c>postgresql.conf</c> includes, so that a new release brings its settings
/// to an old cluster. What an administrator sets with <c>ALTER SYSTEM</c> is read after it and wins.
/// </summary>
internal static class PostgresSettings
{
    private const long Mebibyte = 1024 * 1024;

    /// <param name="memoryBytes">Memory of the machine or of the container, which the server shares with the app.</param>
    internal static string Render(EmbeddedPostgresOptions options, int port, long memoryBytes)
    {
        var settings = new SortedDictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (var (name, value) in Durable(memoryBytes)) settings[name] = value;
        if (options.FastUnsafe)
        {
            foreach (var (name, value) in FastUnsafe) settings[name] = value;
        }
        foreach (var (name, value) in options.Settings) settings[name] = value;
        // Not to be overridden: the password in our file guards a server that only this machine can reach.
        settings["listen_addresses"] = "127.0.0.1";
        settings["port"] = port.ToString(CultureInfo.InvariantCulture);
        if (!OperatingSystem.IsWindows()) settings["unix_socket_directories"] = "";

        var text = new StringBuilder("# Written by OffGridFlow at each start. Change EmbeddedPostgres:Settings instead.\n");
        foreach (var (name, value) in settings) text.Append(CultureInfo.InvariantCulture, $"{name} = '{Quoted(value)}'\n");
        return text.ToString();
    }

    private static Dictionary<string, string> Durable(long memoryBytes)
    {
        var memory = memoryBytes / Mebibyte;
        return new Dictionary<string, string>
        {
            // A commit is on disk before it is acknowledged, and a torn page is repaired: the ledger's first promise.
            ["fsync"] = "on",
            ["synchronous_commit"] = "on",
            ["full_page_writes"] = "on",

            // An eighth of the memory: the hot indexes of an import fit, and app and file cache keep the rest.
            ["shared_buffers"] = Megabytes(Math.Clamp(memory / 8, 128, 1024)),
            ["effective_cache_size"] = Megabytes(Math.Max(memory / 2, 256)),
            ["work_mem"] = "32MB",
            // Indexes of a freshly loaded partition are sorted in memory.
            ["maintenance_work_mem"] = Megabytes(Math.Clamp(memory / 16, 64, 512)),

            // A bill of ten million lines writes some gigabytes of log: checkpoints follow the clock, not the import.
            ["max_wal_size"] = "4GB",
            // Recycled segments are cheaper than new ones.
            ["min_wal_size"] = "512MB",
            ["checkpoint_timeout"] = "15min",
            ["wal_buffers"] = "32MB",
            // Pages are written before a statement needs their room: the approval of a large run came upon those of its results, and wrote them for a quarter of its time.
            ["bgwriter_delay"] = "100ms",
            ["bgwriter_lru_maxpages"] = "1000",
            // Page images of the ledger are ids for the most part: compressed, a tenth to a quarter of the log is saved, and a million intervals end and begin in half as much time again.
            ["wal_compression"] = "off",
            // Nothing replicates this server. A table filled in the transaction that made it then skips the log and is synced at commit.
            ["wal_level"] = "minimal",
            ["max_wal_senders"] = "0",

            ["max_connections"] = "100",
            // Compiling a query costs more than the short queries of a page.
            ["jit"] = "off",
            // On two cores a query may take one helper, not leave the pages without any.
            ["max_parallel_workers_per_gather"] = "1",
            ["max_parallel_maintenance_workers"] = "1",
            // Solid-state disks: an index is worth using.
            ["random_page_cost"] = "1.1",

            ["timezone"] = "UTC",
            ["log_timezone"] = "UTC",
            ["datestyle"] = "iso, ymd",
            ["password_encryption"] = "scram-sha-256",

            // One file a weekday, each overwritten after a week: the log never fills the disk.
            ["logging_collector"] = "on",
            ["log_directory"] = "../log",
            ["log_filename"] = "server-%a.log",
            ["log_truncate_on_rotation"] = "on",
            ["log_rotation_age"] = "1d",
            ["log_rotation_size"] = "0",
            ["log_checkpoints"] = "off",
            // Statements carry tenants' data, which has no place in a log.
            ["log_min_error_statement"] = "panic",
            ["log_error_verbosity"] = "terse",
        };
    }

    private static readonly Dictionary<string, string> FastUnsafe = new()
    {
        ["fsync"] = "off",
        ["synchronous_commit"] = "off",
        ["full_page_writes"] = "off",
        ["shared_buffers"] = "128MB",
        ["max_wal_size"] = "1GB",
        ["min_wal_size"] = "80MB",
        ["checkpoint_timeout"] = "1h",
    };

    private static string Quoted(string value) => value.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("'", "''", StringComparison.Ordinal);

    private static string Megabytes(long value) => value.ToString(CultureInfo.InvariantCulture) + "MB";
}
