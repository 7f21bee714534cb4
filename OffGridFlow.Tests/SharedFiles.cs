namespace OffGridFlow.Tests;

/// <summary>Files of others that stand beside the repository in a folder <c>shared</c>, on machines that have them.</summary>
internal static class SharedFiles
{
    /// <summary>The full path of a shared file or folder, or null when this machine does not have it.</summary>
    public static string? Find(string relative)
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            var path = Path.Combine(folder.FullName, "shared", relative);
            if (Path.Exists(path))
                return path;
        }

        return null;
    }

    /// <summary>The same; skips the test when absent.</summary>
    public static string Require(string relative)
    {
        var path = Find(relative);
        Assert.SkipWhen(path is null, $"The shared file {relative} is not on this machine.");
        return path!;
    }
}
