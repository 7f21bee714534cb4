namespace OffGridFlow.Benchmarks;

internal static class Repository
{
    /// <summary>The folder of the solution, from wherever the benchmark was started.</summary>
    public static string Root()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "OffGridFlow.sln")))
                return folder.FullName;
        }

        throw new UsageException("OffGridFlow.sln is in no folder above the benchmark.");
    }

    /// <summary>The application as built in release: a debug build would measure something else.</summary>
    public static string WebApplication()
    {
        var path = Path.Combine(Root(), "OffGridFlow.Web", "bin", "Release", "net10.0", "OffGridFlow.Web.dll");
        return File.Exists(path) ? path : throw new UsageException($"{path} is not there: build OffGridFlow.Web in Release, or name a published one with --app.");
    }
}
