using System.Reflection;
using System.Xml.Linq;
using Microsoft.Extensions.Logging;
using OffGridFlow.Core.Tenancy;
using OffGridFlow.Infrastructure.Persistence;
using OffGridFlow.Web.Startup;

namespace OffGridFlow.Tests.Rules;

/// <summary>Direction, clock, logging: the house rules that a compiler does not know. Each bites a planted violation.</summary>
public sealed partial class AssemblyRuleTests
{
    private static readonly Assembly Core = typeof(ITenantOwned).Assembly;
    private static readonly Assembly Infrastructure = typeof(OffGridFlowDbContext).Assembly;
    private static readonly Assembly Web = typeof(HostRole).Assembly;
    private static readonly Assembly Tests = typeof(AssemblyRuleTests).Assembly;
    private static readonly Assembly[] Product = [Core, Infrastructure, Web];

    [Fact]
    public void Core_RefersToTheFrameworkOnly() => AssemblyRules.ReferencesOutsideTheFramework(Core).ShouldBeEmpty();

    [Fact]
    public void ReferencesOutsideTheFramework_AreFound() =>
        AssemblyRules.ReferencesOutsideTheFramework(Infrastructure).Intersect(["Npgsql", "Microsoft.EntityFrameworkCore", "OffGridFlow.Core"]).Count().ShouldBe(3);

    [Fact]
    public void Core_ReachesNoFileNoProcessAndNoNetwork() => AssemblyRules.WaysOutside(Core).ShouldBeEmpty();

    [Fact]
    public void WaysOutside_AreFound() => AssemblyRules.WaysOutside(Infrastructure).Intersect(["System.IO.File", "System.Diagnostics.Process"]).Count().ShouldBe(2);

    [Fact]
    public void Infrastructure_KnowsNothingOfTheWeb() =>
        Infrastructure.GetReferencedAssemblies().Select(name => name.Name).ShouldNotContain(Web.GetName().Name);

    [Fact]
    public void NoMethod_IsAsyncVoid() =>
        Product.Append(Tests).SelectMany(AssemblyRules.AsyncVoids).Where(name => !name.Contains(nameof(Planted), StringComparison.Ordinal)).ShouldBeEmpty();

    [Fact]
    public void AsyncVoid_IsFound() => AssemblyRules.AsyncVoids(Tests).ShouldContain(name => name.EndsWith(nameof(Planted.FireAndForgetAsync), StringComparison.Ordinal));

    [Fact]
    public void EventIds_AreUnique() => AssemblyRules.SharedEventIds(Product).ShouldBeEmpty();

    [Fact]
    public void EventIds_UsedTwice_AreFound() => AssemblyRules.SharedEventIds([Tests]).ShouldHaveSingleItem().ShouldStartWith("999999");

    [Fact]
    public void NoCode_ReadsTheClockPastTimeProvider() => Product.SelectMany(AssemblyRules.ClockReads).ShouldBeEmpty();

    [Fact]
    public void ClockReads_AreFound() => AssemblyRules.ClockReads(Tests).ShouldContain("System.DateTime.get_UtcNow");

    [Fact]
    public void BannedSymbols_AreWiredIntoEveryBuild()
    {
        var properties = XDocument.Load(Path.Combine(Repository.Root, "Directory.Build.props"));

        properties.Descendants("AdditionalFiles").Select(element => element.Attribute("Include")!.Value).ShouldContain(path => path.EndsWith("eng/BannedSymbols.txt", StringComparison.Ordinal));
        properties.Descendants("PackageReference").Select(element => element.Attribute("Include")!.Value).ShouldContain("Microsoft.CodeAnalysis.BannedApiAnalyzers");
        File.ReadLines(Path.Combine(Repository.Root, "eng", "BannedSymbols.txt")).Count(line => line.StartsWith("P:System.DateTime", StringComparison.Ordinal)).ShouldBeGreaterThanOrEqualTo(5);
    }

    /// <summary>Violations on purpose; never called.</summary>
    private static partial class Planted
    {
#pragma warning disable RS0030, MA0155, VSTHRD100, S3168, CA1822, MA0132
        public static async void FireAndForgetAsync() => await Task.Yield();

        public static DateTime Clock() => DateTime.UtcNow;
#pragma warning restore RS0030, MA0155, VSTHRD100, S3168, CA1822, MA0132

#pragma warning disable SYSLIB1006 // the same event id twice
        [LoggerMessage(EventId = 999999, Level = LogLevel.None, Message = "One")]
        public static partial void One(ILogger logger);

        [LoggerMessage(EventId = 999999, Level = LogLevel.None, Message = "Two")]
        public static partial void Two(ILogger logger);
#pragma warning restore SYSLIB1006
    }
}
