using System.Globalization;
using Npgsql;
using OffGridFlow.Infrastructure.Persistence.Embedded;

namespace OffGridFlow.Benchmarks;

/// <summary>Finds the PostgreSQL that the application keeps in its data folder. The only place here that knows that folder's insides.</summary>
internal static class EmbeddedServer
{
    private const string Folder = "postgres";
    public const string ApplicationDatabase = EmbeddedPostgres.DatabaseName;
    private const string User = "postgres";
    private const string PidFileName = "postmaster.pid";

    /// <summary>The server's first process, or null when no server of ours runs there.</summary>
    public static int? ProcessId(string dataFolder) =>
        Files(dataFolder, PidFileName).FirstOrDefault() is { } path && Postmaster.Read(path) is { } server && server.IsRunning() ? server.ProcessId : null;

    /// <param name="database">The application's own is <see cref="ApplicationDatabase"/>.</param>
    public static string ConnectionString(string dataFolder, string database = "postgres")
    {
        var file = PidFile(dataFolder) ?? throw new InvalidOperationException($"No postmaster.pid below {Path.Combine(dataFolder, Folder)}: give --connection.");
        var password = Files(dataFolder, "*password*").FirstOrDefault()
            ?? throw new InvalidOperationException($"No password file below {Path.Combine(dataFolder, Folder)}: give --connection.");
        return new NpgsqlConnectionStringBuilder
        {
            // postmaster.pid, line by line: process, data folder, start, port, socket folder, address.
            Host = "127.0.0.1", Port = int.Parse(file[3], NumberStyles.None, CultureInfo.InvariantCulture),
            Username = User, Password = File.ReadAllText(password).Trim(), Database = database,
        }.ConnectionString;
    }

    private static string[]? PidFile(string dataFolder) => Files(dataFolder, PidFileName).FirstOrDefault() is { } path ? File.ReadAllLines(path) : null;

    private static IEnumerable<string> Files(string dataFolder, string pattern)
    {
        var folder = Path.Combine(dataFolder, Folder);
        return Directory.Exists(folder)
            ? Directory.EnumerateFiles(folder, pattern, new EnumerationOptions { RecurseSubdirectories = true, MaxRecursionDepth = 2 })
            : [];
    }
}
