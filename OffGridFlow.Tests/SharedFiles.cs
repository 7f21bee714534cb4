using System.Diagnostics.CodeAnalysis;

namespace OffGridFlow.Tests;

/// <summary>
/// Reference cases that are kept beside the repository, in a folder <c>shared</c>, and not in it. Tests that need them are skipped
/// where they are absent.
/// </summary>
internal static class SharedFiles
{
    /// <summary>Finds <c>shared/&lt;relativePath&gt;</c> next to any folder above the test program.</summary>
    public static bool TryFind(string relativePath, [NotNullWhen(true)] out string? path)
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            var candidate = Path.Combine(folder.FullName, "shared", relativePath);
            if (File.Exists(candidate) || Directory.Exists(candidate))
            {
                path = candidate;
                return true;
            }
        }
        path = null;
        return false;
    }

    /// <summary>The path, or the running test is skipped.</summary>
    public static string FindOrSkip(string relativePath)
    {
        var found = TryFind(relativePath, out var path);
        Assert.SkipUnless(found, $"shared/{relativePath} is not beside the repository");
        return path!;
    }
}
