using System.Globalization;

namespace OffGridFlow.Benchmarks;

/// <summary>Processor time as Linux counts it.</summary>
internal static class ProcessTime
{
    /// <summary>Ticks a second in <c>/proc/…/stat</c>: the same on every Linux that .NET runs on.</summary>
    private const double Ticks = 100;

    /// <summary>Of a server that has a process for each connection: its own, its children's, and of those that have ended; null where there is no <c>/proc</c>.</summary>
    public static TimeSpan? OfServer(int processId)
    {
        if (!Directory.Exists("/proc"))
        {
            return null;
        }

        var ticks = 0L;
        foreach (var folder in Directory.EnumerateDirectories("/proc"))
        {
            if (int.TryParse(Path.GetFileName(folder), NumberStyles.None, CultureInfo.InvariantCulture, out var id) && Stat(folder) is { } stat)
            {
                // After the name in brackets: state, parent, …; 11 to 14 are user and system time, then both of the children that have ended.
                var parent = int.Parse(stat[1], CultureInfo.InvariantCulture);
                ticks += id == processId ? Sum(stat, 11, 4) : parent == processId ? Sum(stat, 11, 2) : 0;
            }
        }

        return TimeSpan.FromSeconds(ticks / Ticks);
    }

    private static long Sum(string[] stat, int from, int count) => stat.Skip(from).Take(count).Sum(text => long.Parse(text, CultureInfo.InvariantCulture));

    private static string[]? Stat(string folder)
    {
        try
        {
            var line = File.ReadAllText(Path.Combine(folder, "stat"));
            return line[(line.LastIndexOf(')') + 2)..].Split(' ');
        }
        catch (IOException)
        {
            // Ended between listing and reading.
            return null;
        }
    }
}
