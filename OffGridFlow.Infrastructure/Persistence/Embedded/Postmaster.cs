using System.Diagnostics;
using System.Globalization;

namespace OffGridFlow.Infrastructure.Persistence.Embedded;

/// <summary>What <c>postmaster.pid</c> says of the server in a cluster. Lines: pid, data folder, start (Unix seconds), port, …</summary>
internal sealed record Postmaster(int ProcessId, long StartedAt, int Port, string Text)
{
    internal static Postmaster? Read(string path)
    {
        if (ReadText(path) is not { } text) return null;
        var lines = text.Split('\n');
        // The server writes the file in steps; before the port is there it cannot be spoken to.
        return lines.Length > 3
            && int.TryParse(lines[0], CultureInfo.InvariantCulture, out var pid)
            && long.TryParse(lines[2], CultureInfo.InvariantCulture, out var started)
            && int.TryParse(lines[3], CultureInfo.InvariantCulture, out var port)
                ? new Postmaster(pid, started, port, text)
                : null;
    }

    /// <summary>Whether a process of that id runs; one that has ended but was not yet collected by its parent counts as gone.</summary>
    internal static bool IsAlive(int processId)
    {
        if (OperatingSystem.IsLinux())
        {
            // "pid (name) state …": the name may hold spaces and brackets, so the state is looked for from the end of it.
            var stat = ReadText(FormattableString.Invariant($"/proc/{processId}/stat"));
            return stat is not null && stat.LastIndexOf(')') is var end and > 0 && stat.Length > end + 2 && stat[end + 2] is not ('Z' or 'X');
        }
        try
        {
            using var process = Process.GetProcessById(processId);
            return !process.HasExited;
        }
        catch (ArgumentException)
        {
            return false;
        }
    }

    /// <summary>Whether the process is the server of this very cluster and not a later program that was given the same id.</summary>
    internal bool IsRunning()
    {
        if (!IsAlive(ProcessId)) return false;
        // A server's working directory is its cluster: seen through it, the file must read the same.
        if (OperatingSystem.IsLinux() && ReadText(FormattableString.Invariant($"/proc/{ProcessId}/cwd/postmaster.pid")) is { } seen) return seen == Text;
        // Where that cannot be seen (other systems; root in a container without SYS_PTRACE) name and time of start must do.
        try
        {
            using var process = Process.GetProcessById(ProcessId);
            var started = new DateTimeOffset(process.StartTime).ToUnixTimeSeconds();
            return process.ProcessName.StartsWith("postgres", StringComparison.OrdinalIgnoreCase) && Math.Abs(started - StartedAt) < 60;
        }
        catch (Exception error) when (error is ArgumentException or InvalidOperationException or System.ComponentModel.Win32Exception)
        {
            return false;
        }
    }

    /// <summary>
    /// For a stale file: if its id belongs to another program by now, or to a killed server that nobody has collected yet, PostgreSQL takes
    /// that for a running server and refuses to start.
    /// Only the id is replaced, by one that no process can have. Deleting the file would lose the shared memory key, by which PostgreSQL
    /// notices backends that outlived a killed server and still write to the cluster.
    /// </summary>
    internal void Disown(string path) => File.WriteAllText(path, int.MaxValue.ToString(CultureInfo.InvariantCulture) + Text[Text.IndexOf('\n')..]);

    private static string? ReadText(string path)
    {
        try
        {
            return File.ReadAllText(path);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
