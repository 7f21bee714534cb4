using System.Globalization;
using System.Security.Cryptography;

namespace OffGridFlow.Infrastructure.Persistence.Embedded;

/// <summary>
/// The data folder: <c>data/</c> (the cluster), <c>password</c> (0600), <c>owner.lock</c> and <c>owner.pid</c>, <c>log/</c>, <c>lib/</c> (links, if needed).
/// Open means locked: the lock is the operating system's, so it goes with the process however that ends.
/// </summary>
internal sealed class PostgresFolder : IDisposable
{
    private readonly FileStream? ownerLock;

    private PostgresFolder(string root, FileStream? ownerLock) => (Root, this.ownerLock) = (root, ownerLock);

    internal string Root { get; }
    internal string Cluster => Path.Combine(Root, "data");
    internal string NewCluster => Path.Combine(Root, "data.new");
    internal string PasswordFile => Path.Combine(Root, "password");
    internal string LogDirectory => Path.Combine(Root, "log");
    internal string StartLog => Path.Combine(LogDirectory, "start.log");
    internal string LibraryLinks => Path.Combine(Root, "lib");
    internal string PostmasterFile => Path.Combine(Cluster, "postmaster.pid");
    internal string SettingsFile => Path.Combine(Cluster, "offgridflow.conf");
    internal bool HasCluster => File.Exists(Path.Combine(Cluster, "PG_VERSION"));

    internal static PostgresFolder Open(string dataDirectory)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(dataDirectory);
        var root = Path.GetFullPath(dataDirectory);
        try
        {
            if (!Directory.Exists(root))
            {
                Directory.CreateDirectory(root);
                if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(root, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
            }
            return new PostgresFolder(root, TakeLock(root));
        }
        catch (UnauthorizedAccessException error)
        {
            throw new EmbeddedPostgresException(EmbeddedPostgresFault.NoAccess,
                $"The database folder {root} may not be used by user '{Environment.UserName}'. Run OffGridFlow as the user who made it, or choose another OFFGRIDFLOW_DATA_DIR.", error);
        }
    }

    /// <summary>For a look at the folder of a server that another process has started.</summary>
    internal static PostgresFolder Visit(string dataDirectory) => new(Path.GetFullPath(dataDirectory), null);

    /// <exception cref="EmbeddedPostgresException">The cluster is of another major version than the programs.</exception>
    internal void CheckVersion(PostgresBinaries binaries)
    {
        var found = File.ReadAllText(Path.Combine(Cluster, "PG_VERSION")).Trim();
        if (found == binaries.Version.Major.ToString(CultureInfo.InvariantCulture)) return;
        throw new EmbeddedPostgresException(EmbeddedPostgresFault.WrongVersion,
            $"The database folder {Cluster} was made by PostgreSQL {found}; the programs in {binaries.Directory} are PostgreSQL {binaries.Version}. "
            + $"PostgreSQL cannot open a folder of another major version. Set EmbeddedPostgres:BinariesPath to the programs of PostgreSQL {found}, "
            + "or dump the database with them and restore it into a new folder.");
    }

    internal string ReadPassword()
    {
        try
        {
            return File.ReadAllText(PasswordFile).Trim();
        }
        catch (Exception error) when (error is FileNotFoundException or UnauthorizedAccessException)
        {
            throw new EmbeddedPostgresException(EmbeddedPostgresFault.NoAccess,
                $"The password of the embedded database cannot be read from {PasswordFile}. Restore that file from a backup, or run OffGridFlow as the user who owns it.", error);
        }
    }

    /// <summary>For a cluster that is about to be made; what an interrupted attempt left is replaced.</summary>
    internal void WritePassword()
    {
        File.Delete(PasswordFile);
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        // From the first byte on, not by a later chmod.
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        using var file = new StreamWriter(PasswordFile, options);
        file.Write(Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(24)));
    }

    /// <summary>The end of what the server and pg_ctl last wrote, for error messages.</summary>
    internal string LogTail()
    {
        if (!Directory.Exists(LogDirectory)) return "";
        var newest = new DirectoryInfo(LogDirectory).GetFiles().OrderByDescending(file => file.LastWriteTimeUtc).Take(2).Reverse();
        return string.Join('\n', newest.SelectMany(file => ReadShared(file.FullName).TakeLast(10)));
    }

    public void Dispose() => ownerLock?.Dispose();

    private static FileStream TakeLock(string root)
    {
        // The owner's id is in a file of its own: nobody else can read a locked one.
        var owner = Path.Combine(root, "owner.pid");
        try
        {
            var file = new FileStream(Path.Combine(root, "owner.lock"), FileMode.OpenOrCreate, FileAccess.Write, FileShare.None);
            File.WriteAllText(owner, Environment.ProcessId.ToString(CultureInfo.InvariantCulture));
            return file;
        }
        catch (IOException error) when (error is not (DirectoryNotFoundException or PathTooLongException))
        {
            throw new EmbeddedPostgresException(EmbeddedPostgresFault.InUse,
                $"The database folder {root} is in use by another OffGridFlow (process {Owner(owner)}). Stop it, or start this one with another OFFGRIDFLOW_DATA_DIR.", error);
        }
    }

    private static string Owner(string path) => File.Exists(path) ? File.ReadAllText(path) : "unknown";

    private static List<string> ReadShared(string path)
    {
        using var reader = new StreamReader(new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete));
        var lines = new List<string>();
        while (reader.ReadLine() is { } line) lines.Add(line);
        return lines;
    }
}
