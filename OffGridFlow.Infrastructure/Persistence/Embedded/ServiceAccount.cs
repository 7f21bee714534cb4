using System.Globalization;

namespace OffGridFlow.Infrastructure.Persistence.Embedded;

/// <summary>
/// Whom the server runs as. PostgreSQL refuses root, so a root OffGridFlow (a container, <c>sudo</c>) starts it through
/// <c>setpriv</c> as the owner of the cluster, else as <c>postgres</c>, else as <c>nobody</c>. Everyone else runs it as himself.
/// </summary>
internal sealed class ServiceAccount
{
    private readonly (int User, int Group)? ids;
    private readonly string workingDirectory;
    private string? capability;

    private ServiceAccount((int User, int Group)? ids, string workingDirectory) => (this.ids, this.workingDirectory) = (ids, workingDirectory);

    /// <summary>True when the server runs as somebody else than this process.</summary>
    internal bool IsOther => ids is not null;

    /// <summary>The capability lent to the server because a parent folder is closed to it; null in the ordinary case.</summary>
    internal string? LentCapability => capability;

    internal static async Task<ServiceAccount> ChooseAsync(PostgresFolder folder, CancellationToken cancellationToken)
    {
        if (OperatingSystem.IsWindows() || !Environment.IsPrivilegedProcess) return new ServiceAccount(null, folder.Root);
        // A cluster keeps its owner, so that one start as root does not lock out the user who made it.
        if (folder.HasCluster && await OwnerAsync(folder.Cluster, cancellationToken) is { User: not 0 } owner) return new ServiceAccount(owner, folder.Root);
        var chosen = Lookup("postgres") ?? Lookup("nobody") ?? throw new EmbeddedPostgresException(EmbeddedPostgresFault.NoAccess,
            "PostgreSQL refuses to run as root and this machine has neither a user 'postgres' nor 'nobody'. Run OffGridFlow as an ordinary user.");
        return new ServiceAccount(chosen, folder.Root);
    }

    /// <summary>Hands files or folders (with all they hold) to the account.</summary>
    internal async Task TakeOverAsync(IEnumerable<string> paths, CancellationToken cancellationToken)
    {
        if (ids is not var (user, group)) return;
        var result = await ChildProcess.RunAsync(["chown", "-hR", FormattableString.Invariant($"{user}:{group}"), .. paths], workingDirectory, NoEnvironment, cancellationToken);
        if (result.ExitCode != 0)
            throw new EmbeddedPostgresException(EmbeddedPostgresFault.NoAccess, $"The data folder could not be handed to the account PostgreSQL runs as: {result.Output}");
    }

    /// <summary>
    /// Sees to it that the account reaches a folder. Where a parent is closed to it (a checkout under /root) the server is lent the one
    /// capability that opens folders: folders we did not make are not ours to open to everybody.
    /// </summary>
    internal async Task<bool> ReachesAsync(string folder, CancellationToken cancellationToken)
    {
        if (ids is null) return true;
        if (await StatAsync(folder, cancellationToken)) return true;
        // Reading is enough; a container's default set lacks that capability but has the wider one.
        foreach (var candidate in new[] { "dac_read_search", "dac_override" })
        {
            capability = candidate;
            if (await StatAsync(folder, cancellationToken)) return true;
        }
        capability = null;
        return false;
    }

    /// <summary>Why <see cref="ReachesAsync"/> said no: the first folder on the way that is closed.</summary>
    internal async Task<string> FirstClosedAsync(string folder, CancellationToken cancellationToken)
    {
        var parents = new Stack<string>();
        for (var at = new DirectoryInfo(folder); at is not null; at = at.Parent) parents.Push(at.FullName);
        foreach (var parent in parents)
        {
            if (!await StatAsync(parent, cancellationToken)) return parent;
        }
        return folder;
    }

    internal async Task<ChildResult> RunAsync(IReadOnlyList<string> command, IReadOnlyDictionary<string, string> environment, CancellationToken cancellationToken)
    {
        if (ids is not var (user, group)) return await ChildProcess.RunAsync(command, workingDirectory, environment, cancellationToken);
        List<string> full = ["setpriv", FormattableString.Invariant($"--reuid={user}"), FormattableString.Invariant($"--regid={group}"), "--clear-groups"];
        if (capability is not null) full.AddRange([$"--inh-caps=+{capability}", $"--ambient-caps=+{capability}"]);
        full.Add("--");
        full.AddRange(command);
        var result = await ChildProcess.RunAsync(full, workingDirectory, environment, cancellationToken);
        return result.ExitCode == -1
            ? throw new EmbeddedPostgresException(EmbeddedPostgresFault.NoAccess,
                "PostgreSQL refuses to run as root, and 'setpriv' (package util-linux), which would start it as another user, is missing. Install it or run OffGridFlow as an ordinary user.")
            : result;
    }

    private static Dictionary<string, string> NoEnvironment { get; } = [];

    // stat needs the right to enter the folder and every parent. (test -x asks access(2), which ignores lent capabilities.)
    private async Task<bool> StatAsync(string folder, CancellationToken cancellationToken)
        => (await RunAsync(["stat", Path.Combine(folder, ".")], NoEnvironment, cancellationToken)).ExitCode == 0;

    private static async Task<(int User, int Group)?> OwnerAsync(string path, CancellationToken cancellationToken)
    {
        var result = await ChildProcess.RunAsync(["stat", "-c", "%u %g", path], "/", NoEnvironment, cancellationToken);
        var parts = result.Output.Split(' ');
        return result.ExitCode == 0 && parts.Length == 2
            ? (int.Parse(parts[0], CultureInfo.InvariantCulture), int.Parse(parts[1], CultureInfo.InvariantCulture))
            : null;
    }

    private static (int User, int Group)? Lookup(string name) => !File.Exists("/etc/passwd") ? null : File.ReadLines("/etc/passwd")
        .Select(line => line.Split(':'))
        .Where(fields => fields.Length > 3 && fields[0] == name)
        .Select(fields => ((int, int)?)(int.Parse(fields[2], CultureInfo.InvariantCulture), int.Parse(fields[3], CultureInfo.InvariantCulture)))
        .FirstOrDefault();
}
