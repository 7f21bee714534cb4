using Bunit;
using OffGridFlow.Core.Calculation;
using OffGridFlow.Core.Organizations;
using OffGridFlow.Core.Targets;
using OffGridFlow.Infrastructure.Targets;
using OffGridFlow.Web.Features.Overview;
using OffGridFlow.Web.Shared;

namespace OffGridFlow.Tests.Web;

/// <summary>What changed since the year before, in a picture whose numbers stand beside it.</summary>
public sealed class YearsOnOverviewTests : PageContext
{
    [Fact]
    public void Waterfall_LeadsFromYearToYear_AndItsTitleSaysWhy()
    {
        var page = Render(Report(-1402m, -538m, 216m, 488m));

        page.Find("h2").TextContent.ShouldBe("Lower activity explains the fall of 1,236\u00A0t CO₂e");
        page.FindAll("tbody tr").Select(row => row.TextContent.Trim().Replace("\n", "", StringComparison.Ordinal).Replace(" ", "", StringComparison.Ordinal))
            .ShouldBe(["FY202445,173", "Activity−1,402", "Emissionfactors−538", "Method+216", "Boundary+488", "FY202543,937"]);
        page.Markup.ShouldContain("The axis is cut at");
        page.Markup.ShouldContain("of Gdańsk coating line, 75\u00A0% counts on average instead of 0\u00A0%");
    }

    [Fact]
    public void Title_StatesNoChange_WhereSomethingIsMissing()
    {
        Render(Report(-1402m, -538m, 216m, 488m) with { MissingAfter = 2 }).Find("h2").TextContent.ShouldBe("Causes of the change");
        Render(Report(-600m, -636m, 0m, 0m)).Find("h2").TextContent.ShouldBe("Lower factors explain most of the fall of 1,236\u00A0t CO₂e");
        Render(Report(0m, 0m, 0m, 0m)).Find("h2").TextContent.ShouldBe("As much as in FY2024");
    }

    private IRenderedComponent<ChangeWaterfall> Render(DecompositionReport report) =>
        Render<ChangeWaterfall>(parameters => parameters.Add(page => page.Report, report).Add(page => page.Unit, MassUnit.Tonnes).Add(page => page.Decimals, 0));

    /// <summary>Tonnes.</summary>
    private static DecompositionReport Report(decimal activity, decimal factor, decimal method, decimal boundary)
    {
        const decimal before = 45_173_000m;
        var after = before + ((activity + factor + method + boundary) * 1000m);
        var change = new SourceChange(new EmissionSource("Nordwerk", "Bremen", "Steel", 3, 1, "mass"), before, after, activity * 1000m, factor * 1000m, method * 1000m, boundary * 1000m);
        return new DecompositionReport(
            Year(2024), Year(2025), ConsolidationApproach.OperationalControl, Scope2Method.Location, new Decomposition([change]), 0, 0, [new ShareMove("Gdańsk coating line", 0m, 0.75m)]);
    }

    private static ReportingPeriod Year(int year) => new()
    {
        Id = Guid.CreateVersion7(), TenantId = Guid.Empty, Name = FormattableString.Invariant($"FY{year}"), FirstDay = new DateOnly(year, 1, 1), LastDay = new DateOnly(year, 12, 31),
    };
}
