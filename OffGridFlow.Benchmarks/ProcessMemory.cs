using System.Globalization;

namespace OffGridFlow.Benchmarks;

/// <summary>Memory as Linux counts it, in bytes.</summary>
internal static class ProcessMemory
{
    /// <summary>Highest resident memory of one process, shared pages included (VmHWM).</summary>
    public static long Peak(int processId) => Field(Entry(processId, "status"), "VmHWM:") ?? 0;

    /// <summary>Begins <see cref="Peak"/> of this process anew, where the system lets it.</summary>
    /// <returns>The resident memory from which it goes on.</returns>
    public static long ResetPeak()
    {
        try
        {
            File.WriteAllText("/proc/self/clear_refs", "5");
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // The peak then is that of the whole process, which is no less.
        }

        return Field(Entry(Environment.ProcessId, "status"), "VmRSS:") ?? 0;
    }

    /// <summary>
    /// Proportional memory of a process and all below it: a page shared by n processes counts 1/n in each,
    /// so PostgreSQL's shared buffers count once.
    /// </summary>
    public static long ProportionalTree(int processId)
    {
        var children = new Dictionary<int, List<int>>();
        foreach (var folder in Directory.EnumerateDirectories("/proc"))
        {
            if (int.TryParse(Path.GetFileName(folder), NumberStyles.None, CultureInfo.InvariantCulture, out var id) && ParentOf(id) is { } parent)
                (children.TryGetValue(parent, out var list) ? list : children[parent] = []).Add(id);
        }

        var total = 0L;
        var open = new Queue<int>([processId]);
        while (open.TryDequeue(out var id))
        {
            total += Field(Entry(id, "smaps_rollup"), "Pss:") ?? 0;
            foreach (var child in children.GetValueOrDefault(id, []))
                open.Enqueue(child);
        }

        return total;
    }

    private static string Entry(int processId, string name) => Path.Combine("/proc", processId.ToString(CultureInfo.InvariantCulture), name);

    private static int? ParentOf(int processId) => Lines(Entry(processId, "status"))
        .Where(line => line.StartsWith("PPid:", StringComparison.Ordinal))
        .Select(line => (int?)int.Parse(line.AsSpan(5), NumberStyles.AllowLeadingWhite, CultureInfo.InvariantCulture)).FirstOrDefault();

    private static long? Field(string path, string name) => Lines(path)
        .Where(line => line.StartsWith(name, StringComparison.Ordinal))
        .Select(line => (long?)(long.Parse(line.AsSpan(name.Length).Trim()[..^" kB".Length], NumberStyles.None, CultureInfo.InvariantCulture) * 1024)).FirstOrDefault();

    private static string[] Lines(string path)
    {
        try
        {
            return File.ReadAllLines(path);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // Ended between listing and reading, or another user's and we are not root.
            return [];
        }
    }
}
