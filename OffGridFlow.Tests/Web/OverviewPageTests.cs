using System.Globalization;
using Bunit;
using Microsoft.Extensions.DependencyInjection;
using OffGridFlow.Core.CloudUsage;
using OffGridFlow.Core.Identity;
using OffGridFlow.Core.Organizations;
using OffGridFlow.Core.Targets;
using OffGridFlow.Infrastructure.Inventory;
using OffGridFlow.Infrastructure.Targets;
using OffGridFlow.Web.Features.Overview;

namespace OffGridFlow.Tests.Web;

public sealed class OverviewPageTests : PageContext
{
    [Fact]
    public void Overview_BeforeTheAnswer_ShowsSkeletonRowsNotASpinner()
    {
        With(new FakeEmissions(SampleRows.Months()) { Gate = new TaskCompletionSource() });

        var page = Render<OverviewPage>();

        page.Find(".og-skeleton").GetAttribute("role").ShouldBe("status");
        page.FindAll("table").ShouldBeEmpty();
    }

    [Fact]
    public void Overview_EmptyLedger_SaysThatEmptyIsNotZeroAndOffersTheNextStep()
    {
        Allow(Permissions.DashboardsRead, Permissions.ActivityDataRead, Permissions.ActivityDataWrite, Permissions.OrganizationsWrite);
        With(new FakeEmissions(SampleRows.None));
        With(new FakeImports());

        var page = Render<OverviewPage>();

        page.Find("h1").TextContent.ShouldBe("There are no emissions yet");
        page.FindAll(".og-steps a").Select(link => link.GetAttribute("href")).ShouldBe(["/organization", "/imports/activity", "/imports"]);
        page.FindAll("tfoot td")[0].TextContent.ShouldBe("no data");
        page.Markup.ShouldContain("Try a generated sample bill");
    }

    [Fact]
    public void Overview_EmptyLedgerWithSites_TicksTheFirstStepAndLeadsToTheSecond()
    {
        Allow(Permissions.DashboardsRead, Permissions.ActivityDataRead, Permissions.ActivityDataWrite, Permissions.OrganizationsWrite);
        With(new FakeEmissions(SampleRows.None));
        With(new FakeImports());
        Services.AddSingleton<IOverviewWork>(new FakeOverviewWork { HasSites = true });

        var page = Render<OverviewPage>();

        page.FindAll(".og-steps li")[0].TextContent.Trim().ShouldStartWith("Done: ");
        page.Find(".og-steps [aria-current=step]").TextContent.ShouldContain("Bring in data");
        page.Find(".og-steps a.is-primary").GetAttribute("href").ShouldBe("/imports/activity");
    }

    [Theory]
    [InlineData("/", "2024-01-01", "2024-12-31", "2024", "2024-01-01")]
    [InlineData("/?months=all", "2024-01-01", "2024-12-31", "All months", null)]
    [InlineData("/?from=2023-11&to=2023-12", "2024-01-01", "2024-12-31", "November to December 2023", "2023-11-01")]
    // Nothing of the period is there yet.
    [InlineData("/", "2026-01-01", "2026-12-31", "All months", null)]
    [InlineData("/", null, null, "All months", null)]
    public void Overview_OpensOnTheLatestReportingPeriodThatHasFigures(string address, string? first, string? last, string chosen, string? from)
    {
        var emissions = With(new FakeEmissions(SampleRows.Months()));
        (DateOnly, DateOnly)? period = first is null ? null : (DateOnly.Parse(first, CultureInfo.InvariantCulture), DateOnly.Parse(last!, CultureInfo.InvariantCulture));
        Services.AddSingleton<IOverviewWork>(new FakeOverviewWork { Period = period });
        Navigation.NavigateTo(address);

        var page = Render<OverviewPage>();

        page.Find(".og-picker option[selected]").TextContent.ShouldBe(chosen);
        emissions.Asked.Single(filter => filter.Scope == 2).From.ShouldBe(from is null ? null : DateOnly.Parse(from, CultureInfo.InvariantCulture));
    }

    [Fact]
    public void Overview_EmptyLedgerForAReader_OffersNoImport()
    {
        Allow(Permissions.DashboardsRead);
        With(new FakeEmissions(SampleRows.None));
        With(new FakeImports());

        var page = Render<OverviewPage>();

        page.FindAll("a.is-primary").ShouldBeEmpty();
        page.Markup.ShouldContain("An analyst can do this");
    }

    [Fact]
    public void Overview_QueryFails_ShowsAReferenceAndTriesAgain()
    {
        var emissions = With(new FakeEmissions(SampleRows.Months()) { Failure = new InvalidOperationException("secret of the database") });

        var page = Render<OverviewPage>();

        page.Find("[role=alert] h1").TextContent.ShouldContain("nothing was changed");
        page.Find("code").TextContent.ShouldMatch("^OGF-[2-9A-Z]{4}-[2-9A-Z]{4}$");
        page.Markup.ShouldNotContain("secret");

        emissions.Failure = null;
        page.Find("button.is-primary").Click();

        page.WaitForElement(".is-statement");
    }

    [Fact]
    public void Overview_Full_StatesTheTotalInHeadingAndStatement()
    {
        With(new FakeEmissions(SampleRows.Months()));

        var page = Render<OverviewPage>();

        page.Find("h1").TextContent.ShouldBe("November 2023 to March 2024 stand at 71.0\u00a0t\u00a0CO2e from cloud usage");
        page.Find(".is-statement tfoot a").GetAttribute("aria-label").ShouldBe("71.0 tonnes CO2e, open in Emissions");
        page.Markup.ShouldContain("Comparison method, not for disclosure.");
        page.Find(".og-page-note").TextContent.ShouldContain("2,124.00\u00a0USD");
        page.FindAll(".is-statement thead th").ShouldAllBe(th => th.GetAttribute("scope") == "col");
    }

    [Fact]
    public void Overview_WithStatedErrors_SaysHowFarTheTotalMayBeOff()
    {
        With(new FakeEmissions(SampleRows.Months()) { Uncertainty = new TotalUncertainty(1_775m, 35_500m) });
        var spread = Render<OverviewPage>().Find(".og-spread");
        string.Join(' ', spread.Children.Select(part => part.TextContent)).Replace('\u00a0', ' ').ShouldBe(
            "± 5.0 % at 95 % confidence, for the 50.0 % of the mass whose quantity or factor states its error. What neither states is not in it.");
    }

    [Fact]
    public void Overview_WithoutStatedErrors_SaysThatNoSpreadCanBeGiven()
    {
        With(new FakeEmissions(SampleRows.Months()));
        Render<OverviewPage>().Find(".og-spread").TextContent.ShouldContain("No spread can be given");
    }

    [Fact]
    public void Overview_Full_ChartPointsToItsTableTwin()
    {
        With(new FakeEmissions(SampleRows.Months()));

        var page = Render<OverviewPage>();

        var twin = page.Find("svg[role=img]").GetAttribute("aria-describedby");
        page.Find("#" + twin).QuerySelectorAll("tbody tr").Length.ShouldBe(5);
        page.Find("#" + twin).ClassList.ShouldContain("og-hidden");
        page.FindAll(".og-switch input")[1].Change(true);
        page.Find("#" + twin).ClassList.ShouldNotContain("og-hidden");
    }

    [Fact]
    public void Overview_SmallTenant_UsesOneUnitPerTable()
    {
        With(new FakeEmissions(SampleRows.Months(2, 0.000001m)));

        var page = Render<OverviewPage>();

        page.Find(".is-statement thead").TextContent.ShouldContain("g\u00a0CO2e");
        page.Find(".is-statement tfoot").TextContent.ShouldContain("24.8");
    }

    [Fact]
    public void Overview_MoreMissingThanKnown_AnnouncesNoTotal()
    {
        With(new FakeEmissions(SampleRows.Months(2, 0.000001m)));

        var page = Render<OverviewPage>();

        page.Find("h1").TextContent.Trim().ShouldBe("Emissions from cloud usage, November to December 2023");
        page.Markup.ShouldContain("No change is larger than what is missing");
    }

    [Fact]
    public async Task Movement_ChangeSmallerThanWhatIsMissing_IsNotStated()
    {
        var (november, december) = (new DateOnly(2023, 11, 1), new DateOnly(2023, 12, 1));
        var emissions = new FakeEmissions(
        [
            SampleRows.Row(1, november, "AmazonEC2", "eu-west-1", "1", UsageClass.Compute, 100m, cost: 90m),
            SampleRows.Row(2, december, "AmazonEC2", "eu-west-1", "1", UsageClass.Compute, 115m, cost: 90m),
            SampleRows.Row(3, december, "AmazonS3", "eu-west-1", "1", UsageClass.Storage, 50m, cost: 90m),
            SampleRows.Row(4, december, "Odd", "eu-west-1", "1", UsageClass.Unknown, null, cost: 30m),
        ]);

        var model = await new OverviewService(emissions, new FakeYears(), TimeProvider.System).LoadAsync(null, null, CancellationToken.None);

        // December: 30 of 210 USD have no figure, so 165 kg × 30 / 180 = 27.5 kg may be missing.
        model!.Movement!.SmallestStatedKg.ShouldBe(27.5m, 0.000001m);
        model.Movement.Movers.Single().Service.ShouldBe("AmazonS3");
    }

    [Theory]
    [InlineData(100, true, false)]
    // Of a holding of 80 %, or beside an estimate for comparison.
    [InlineData(80, false, true)]
    // Nothing of it counts.
    [InlineData(0, false, false)]
    public async Task OtherYears_StandBesideATotalThatIsTheInventory_ElseThatIsSaid(int kg, bool hasYears, bool isSaid)
    {
        var month = new DateOnly(2023, 11, 1);
        var emissions = new FakeEmissions([SampleRows.Row(1, month, "AmazonEC2", "eu-west-1", "1", UsageClass.Compute, 100m)]);
        var period = new ReportingPeriod { Id = Guid.CreateVersion7(), TenantId = Guid.CreateVersion7(), Name = "November", FirstDay = month, LastDay = new DateOnly(2023, 11, 30) };
        var years = new FakeYears(new YearComparison(
            period, new ScopeKilograms(0m, 0m, 0m, kg), null, null, period, new ScopeKilograms(0m, 0m, 0m, 120m), new Dictionary<int, decimal>(), []));

        var model = await new OverviewService(emissions, years, TimeProvider.System).LoadAsync(period.FirstDay, period.LastDay, CancellationToken.None);

        (model!.Years is not null).ShouldBe(hasYears);
        (model.Inventory?.KgCo2e == kg).ShouldBe(isSaid);
        With(emissions);
        Services.AddSingleton<IDecompositionQueries>(years);
        Navigation.NavigateTo("/?from=2023-11&to=2023-11");
        Render<OverviewPage>().FindAll(".og-message").Any(message => message.TextContent.Contains("The inventory of November stands at 80", StringComparison.Ordinal)).ShouldBe(isSaid);
    }

    [Fact]
    public async Task Movement_MonthNotOver_IsNotCompared()
    {
        var emissions = new FakeEmissions(SampleRows.Months(2));

        var model = await new OverviewService(emissions, new FakeYears(), new FixedTime(new DateTimeOffset(2023, 12, 20, 0, 0, 0, TimeSpan.Zero))).LoadAsync(null, null, CancellationToken.None);

        model!.Movement.ShouldBeNull();
    }

    private sealed class FixedTime(DateTimeOffset now) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => now;
    }
}
