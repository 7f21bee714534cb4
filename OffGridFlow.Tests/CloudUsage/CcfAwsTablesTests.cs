using System.Security.Cryptography;
using Microsoft.Extensions.DependencyInjection;
using OffGridFlow.Core.CloudUsage;
using OffGridFlow.Infrastructure.CloudUsage;
using OffGridFlow.Infrastructure.EmissionFactors;

namespace OffGridFlow.Tests.CloudUsage;

/// <summary>The rule tables make sense, and an altered file is noticed.</summary>
public sealed class CcfAwsTablesTests : IDisposable
{
    private readonly string root = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());

    public void Dispose()
    {
        if (Directory.Exists(root))
            Directory.Delete(root, recursive: true);
    }

    [Fact]
    public void UsageRules_EachRule_CanBeReached() => EachCanBeReached(CcfAws.Tables.Classes);

    [Fact]
    public void UnitRules_EachRule_CanBeReached() => EachCanBeReached(CcfAws.Tables.Units);

    [Fact]
    public void ReplicationRules_EachRule_CanBeReached() => EachCanBeReached(CcfAws.Tables.Replication);

    [Fact]
    public void UsageRules_EveryQuantityOfTheUnitTable_HasALastRule()
    {
        foreach (var quantity in CcfAws.Tables.Units.Rules.Select(r => r.Quantity).Append("other"))
            CcfAws.Tables.Classes.Find("NoService", quantity, "no-such-usage").ShouldNotBeNull(quantity);
    }

    [Fact]
    public void MethodPage_NamesEveryFlag()
    {
        var page = File.ReadAllText(FromRepository("docs/methods/cloud-usage-ccf.md"));

        foreach (var flag in CcfAws.Tables.AllFlags)
            page.ShouldContain($"`{flag.Code}`");
    }

    [Fact]
    public void LoadAwsCcf_FileChanged_NamesTheFileAndTheRemedy()
    {
        var folder = CopyOfSet();
        File.AppendAllText(Path.Combine(folder, "grid_factors.csv"), "eu-south-2,0.0001,\n");

        var fault = Should.Throw<ReferenceDataException>(() => CloudReferenceData.LoadAwsCcf(root));

        fault.File.ShouldEndWith("grid_factors.csv");
        fault.Message.ShouldContain("sha256");
        fault.Message.ShouldContain("Restore the folder");
    }

    [Fact]
    public void LoadAwsCcf_FileMissing_NamesTheFile()
    {
        File.Delete(Path.Combine(CopyOfSet(), "processors.csv"));

        Should.Throw<ReferenceDataException>(() => CloudReferenceData.LoadAwsCcf(root)).File.ShouldEndWith("processors.csv");
    }

    [Fact]
    public void LoadAwsCcf_RuleNamesAnUnknownFlag_NamesFileAndLine()
    {
        var folder = CopyOfSet();
        var path = Path.Combine(folder, "unit_rules.csv");
        var manifest = Path.Combine(folder, "manifest.json");
        var old = Sha256(path);
        File.WriteAllText(path, File.ReadAllText(path).Replace(",fargate-memory-as-disk,", ",no-such-flag,", StringComparison.Ordinal));
        File.WriteAllText(manifest, File.ReadAllText(manifest).Replace(old, Sha256(path), StringComparison.Ordinal));

        var fault = Should.Throw<ReferenceDataException>(() => CloudReferenceData.LoadAwsCcf(root));

        fault.File.ShouldEndWith("unit_rules.csv");
        fault.Message.ShouldContain("line 2");
        fault.Message.ShouldContain("no-such-flag");
    }

    [Fact]
    public void Version_OtherTables_IsAnother()
    {
        var folder = CopyOfSet();
        File.AppendAllText(Path.Combine(folder, "manifest.json"), "\n");

        new CcfAwsEstimator(CloudReferenceData.LoadAwsCcf(root)).Version.ShouldNotBe(CcfAws.Estimator.Version);
        CcfAws.Estimator.Version.ShouldStartWith("ccf-aws b7a049c (2024-03-25) code 1 tables ");
    }

    [Fact]
    public void AddCloudUsage_GivesOneComparisonEstimator()
    {
        using var services = new ServiceCollection().AddCloudUsage().BuildServiceProvider();

        var estimator = services.GetRequiredService<ICloudEstimator>();

        estimator.Method.ShouldBe("ccf");
        estimator.ComparisonOnly.ShouldBeTrue();
        services.GetRequiredService<ICloudEstimator>().ShouldBeSameAs(estimator);
    }

    private static void EachCanBeReached<TRule>(UsageRuleIndex<TRule> index) where TRule : class, IUsageRule
    {
        index.Rules.Select(r => r.Id).ShouldBeUnique();
        foreach (var rule in index.Rules)
        {
            var service = rule.Service.Length > 0 ? rule.Service : "NoService";
            var groups = rule.Groups.Count > 0 ? rule.Groups : ["hours"];
            foreach (var group in groups)
                index.Find(service, group, "EUW1-" + rule.Usage.Text)?.Id.ShouldBe(rule.Id, group);
        }
    }

    private string CopyOfSet()
    {
        var folder = Directory.CreateDirectory(Path.Combine(root, "cloud-aws-ccf")).FullName;
        foreach (var file in Directory.GetFiles(Path.Combine(ReferenceSet.DefaultRoot, "cloud-aws-ccf")))
            File.Copy(file, Path.Combine(folder, Path.GetFileName(file)));
        return folder;
    }

    private static string Sha256(string path) => Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(path)));

    private static string FromRepository(string relativePath)
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
            if (Path.Combine(folder.FullName, relativePath) is var path && File.Exists(path))
                return path;
        throw new FileNotFoundException("Not found above the test program.", relativePath);
    }
}
