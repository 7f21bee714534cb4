using System.Runtime.InteropServices;

namespace OffGridFlow.Infrastructure.Identity;

/// <summary>Makes the files of secret keys: for their owner only, and whole or not at all.</summary>
internal static partial class KeyFile
{
    /// <summary>
    /// Makes the file unless it is there. Written aside and then given its name, so that of several processes that start at once all
    /// take the same, whole key.
    /// </summary>
    /// <param name="text">Makes the key; asked only where there is none.</param>
    public static void CreateUnlessThere(string path, Func<string> text)
    {
        if (File.Exists(path))
        {
            return;
        }

        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        var aside = $"{path}.{Guid.NewGuid():N}";
        using (var file = new StreamWriter(aside, options))
        {
            file.WriteLine(text());
        }

        try
        {
            GiveName(aside, path);
        }
        catch (IOException) when (File.Exists(path))
        {
        }

        File.Delete(aside);
    }

    /// <summary>
    /// On Unix .NET's move without overwriting looks first and renames then: between the two, another process's key would be
    /// overwritten after that process has read it. A hard link is refused by the file system itself where the name is taken.
    /// </summary>
    private static void GiveName(string aside, string path)
    {
        if (OperatingSystem.IsWindows() || (Link(aside, path) != 0 && !File.Exists(path)))
        {
            // Windows refuses by itself too; a file system without hard links has nothing better.
            File.Move(aside, path, overwrite: false);
        }
    }

    [LibraryImport("libc", EntryPoint = "link", StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Link(string existing, string added);
}
