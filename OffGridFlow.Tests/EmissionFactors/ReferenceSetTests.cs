using OffGridFlow.Core.EmissionFactors;
using OffGridFlow.Infrastructure.EmissionFactors;

namespace OffGridFlow.Tests.EmissionFactors;

/// <summary>Every set that is shipped: what its manifest says is so, and nothing lies beside it unsaid.</summary>
public sealed class ReferenceSetTests : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("offgridflow-reference-").FullName;

    public static TheoryData<string> Sets => [.. Directory.GetDirectories(ReferenceSet.DefaultRoot).Select(folder => Path.GetFileName(folder)!)];

    public void Dispose() => Directory.Delete(_root, recursive: true);

    [Theory]
    [MemberData(nameof(Sets))]
    public void Files_HaveTheChecksumAndRowsOfTheManifest(string name)
    {
        var set = ReferenceSet.Open(name);

        set.Manifest.Id.ShouldBe(name);
        foreach (var file in set.Manifest.Files)
        {
            var rows = ReferenceTable.Parse(file.Name, set.Read(file.Name)).Rows.Count();
            rows.ShouldBe(file.Rows ?? rows, file.Name);
        }

        Directory.GetFiles(Path.Combine(ReferenceSet.DefaultRoot, name)).Select(Path.GetFileName)
            .ShouldBe(set.Manifest.Files.Select(file => file.Name).Append("manifest.json"), ignoreOrder: true);
    }

    [Theory]
    [InlineData("{", "is not valid JSON")]
    [InlineData("{}", "lacks its id")]
    [InlineData("""{"id":"x","publisher":"y","files":[]}""", "its files")]
    public void Open_ManifestThatSaysTooLittle_IsRefused(string manifest, string fault)
    {
        File.WriteAllText(Path.Combine(Directory.CreateDirectory(Path.Combine(_root, "x")).FullName, "manifest.json"), manifest);

        Should.Throw<ReferenceDataException>(() => ReferenceSet.Open("x", _root)).Message.ShouldContain(fault);
    }

    [Fact]
    public void Open_WithoutManifest_NamesIt() => Should.Throw<ReferenceDataException>(() => ReferenceSet.Open("nothing", _root)).File.ShouldEndWith("manifest.json");

    [Fact]
    public void Read_FileBesideTheManifest_IsRefused() =>
        Should.Throw<ReferenceDataException>(() => ReferenceSet.Open("units").Read("../rounding-vectors.csv")).Message.ShouldContain("is not listed");
}
