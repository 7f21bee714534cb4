namespace OffGridFlow.Tests.Rules;

/// <summary>One name per feature in every project: design, section 3.</summary>
public sealed class FolderTests
{
    private static readonly string[] Features =
    [
        "Tenancy", "Identity", "Organizations", "ActivityData", "Imports", "Connectors", "CloudUsage", "EmissionFactors", "Calculation", "Inventory", "Targets",
        "Disclosure", "Tagging", "Reports", "Assurance", "Auditing", "Jobs", "Mail", "Billing", "Operations",
    ];

    /// <summary>What is no feature, per project: layers, pages over several features, and the tools' own folders.</summary>
    private static readonly Dictionary<string, string[]> Others = new()
    {
        ["OffGridFlow.Core"] = ["Quantities"],
        ["OffGridFlow.Infrastructure"] = ["Persistence", "Search"],
        ["OffGridFlow.Web"] = ["Features", "Shared", "Layout", "Startup", "Properties", "wwwroot", "node_modules"],
        ["OffGridFlow.Web/Features"] = ["Overview", "Emissions", "Search"],
        ["OffGridFlow.Tests"] = ["Persistence", "Quantities", "Rules", "Search", "Shared", "Layout", "Startup", "Overview", "Emissions", "Web", "Pages", "Ui"],
    };

    [Fact]
    public void Folders_CarryTheNameOfTheirFeature()
    {
        foreach (var (project, others) in Others)
        {
            Strangers(Path.Combine(Repository.Root, project), [.. others, .. project == "OffGridFlow.Web" ? [] : Features]).ShouldBeEmpty(project);
        }
    }

    [Fact]
    public void Folders_OneThatIsNoFeature_IsFound()
    {
        var folder = Directory.CreateTempSubdirectory("offgridflow-rules-").FullName;
        Directory.CreateDirectory(Path.Combine(folder, "Imports"));
        Directory.CreateDirectory(Path.Combine(folder, "Helpers"));
        try
        {
            Strangers(folder, Features).ShouldBe(["Helpers"]);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static List<string> Strangers(string folder, string[] known) => Directory.GetDirectories(folder).Select(path => Path.GetFileName(path))
        .Where(name => name is not ("bin" or "obj") && !name.StartsWith('.') && !known.Contains(name)).ToList();
}
