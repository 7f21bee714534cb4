using Bunit;
using OffGridFlow.Core.Identity;
using OffGridFlow.Web.Features.Emissions;

namespace OffGridFlow.Tests.Web;

public sealed class EmissionsExplorerPageTests : PageContext
{
    [Fact]
    public void Explorer_EmptyLedger_LeadsToImports()
    {
        With(new FakeEmissions(SampleRows.None));

        var page = Render<EmissionsExplorerPage>();

        page.Find(".og-empty h2").TextContent.ShouldBe("The ledger holds no activities yet");
        page.Find(".og-empty a").GetAttribute("href").ShouldBe("/imports");
    }

    [Fact]
    public void Explorer_NothingMatches_SaysSoAndOffersEverything()
    {
        With(new FakeEmissions(SampleRows.Months()));
        Navigation.NavigateTo("/emissions?service=Nothing");

        var page = Render<EmissionsExplorerPage>();

        page.Find(".og-empty h2").TextContent.ShouldBe("Nothing matches these filters");
    }

    [Fact]
    public void Explorer_QueryFails_ShowsAReference()
    {
        With(new FakeEmissions(SampleRows.Months()) { Failure = new InvalidOperationException("planted") });

        var page = Render<EmissionsExplorerPage>();

        page.Find("[role=alert] code").TextContent.ShouldStartWith("OGF-");
    }

    [Fact]
    public void Explorer_Full_GroupsByServiceAndShowsWhatHasNoFigure()
    {
        With(new FakeEmissions(SampleRows.Months()));

        var page = Render<EmissionsExplorerPage>();

        page.FindAll(".og-toggle").Select(t => t.TextContent.Trim()).First().ShouldBe("AmazonEC2");
        page.FindAll(".og-toggle").ShouldAllBe(t => t.GetAttribute("aria-expanded") == "false");
        page.Find("#outside h2").TextContent.ShouldBe("10 activities have no figure, and the total says so");
        page.Find(".is-tree tfoot").TextContent.ShouldContain("71.0");
    }

    [Fact]
    public void Export_OfWhatIsOnScreen_TakesTheAddressWithoutTheTrail()
    {
        With(new FakeEmissions(SampleRows.Months()));
        Navigation.NavigateTo("/emissions?from=2023-11&service=AmazonEC2&groupBy=month&trail=" + SampleRows.Months()[0].Id);

        var page = Render<EmissionsExplorerPage>();

        var link = page.FindAll(".og-page-actions a").Single();
        link.GetAttribute("href").ShouldBe("/app/emissions.xlsx?from=2023-11&service=AmazonEC2&groupBy=month");
        link.HasAttribute("download").ShouldBeTrue();
        link.TextContent.Trim().ShouldBe("Export Excel");
    }

    [Theory]
    [InlineData("/emissions", 0)]
    [InlineData("/emissions?service=Nothing", 1)]
    public void Export_OfNothing_IsOffWithItsReason(string address, int months)
    {
        With(new FakeEmissions(months == 0 ? SampleRows.None : SampleRows.Months(months)));
        Navigation.NavigateTo(address);

        var page = Render<EmissionsExplorerPage>();

        page.FindAll(".og-page-actions a").ShouldBeEmpty();
        page.Find(".og-page-actions button[disabled]").GetAttribute("title").ShouldBe("There are no activities to export");
    }

    [Fact]
    public void Explorer_NothingHasAFigure_ShowsNoFalseZero()
    {
        With(new FakeEmissions(SampleRows.Months()));
        Navigation.NavigateTo("/emissions?usageClass=unknown");

        var page = Render<EmissionsExplorerPage>();

        page.Find(".is-tree tfoot").TextContent.ShouldContain("no data");
        page.Find(".is-tree tfoot").TextContent.ShouldNotContain("0.0");
        page.Find(".og-page-note").TextContent.Trim().ShouldBe("None of these 5 activities has a figure; nothing of them is in the total.");
    }

    [Fact]
    public void Explorer_MassBelowTheLedgersDigits_IsLessThanATenth_NotZero()
    {
        var tiny = SampleRows.Row(900, new DateOnly(2023, 11, 1), "AmazonECR", "eu-west-1", "1", OffGridFlow.Core.CloudUsage.UsageClass.Storage, 0m) with { KilowattHours = 0.000000000001m };
        With(new FakeEmissions([.. SampleRows.Months(), tiny]));
        Navigation.NavigateTo("/emissions?groupBy=service&q=AmazonE");

        var page = Render<EmissionsExplorerPage>();
        page.FindAll(".og-toggle").Single(t => t.TextContent.Trim() == "AmazonECR").Click();

        page.FindAll("tr").Where(r => r.TextContent.Contains("AmazonECR", StringComparison.Ordinal)).ShouldHaveSingleItem().QuerySelector("strong")!.TextContent.ShouldBe("<\u00a00.1");
        page.Find(".is-leaf ~ td button").TextContent.ShouldBe("<\u00a00.1");
    }

    [Fact]
    public void Explorer_OpenTwoLevels_ShowsRowsWithTheirTrailNumbers()
    {
        With(new FakeEmissions(SampleRows.Months()));
        var page = Render<EmissionsExplorerPage>();

        page.FindAll(".og-toggle")[0].Click();
        page.FindAll(".og-toggle")[1].Click();

        page.FindAll(".og-toggle")[0].GetAttribute("aria-expanded").ShouldBe("true");
        var number = page.Find(".is-leaf ~ td button");
        number.GetAttribute("aria-label").ShouldBe("3.8 tonnes CO2e, open trail");
        number.Click();
        Navigation.Uri.ShouldContain("trail=");
    }

    [Fact]
    public void Explorer_WithoutTheRightToTrails_ShowsPlainNumbersAndNoDrawer()
    {
        Allow(Permissions.DashboardsRead);
        With(new FakeEmissions(SampleRows.Months(1)));
        Navigation.NavigateTo("/emissions?groupBy=&trail=" + SampleRows.Months(1)[0].Id);

        var page = Render<EmissionsExplorerPage>();

        page.FindAll(".is-leaf").Count.ShouldBe(21);
        page.FindAll(".og-trail-number").ShouldBeEmpty();
        page.FindAll(".og-drawer").ShouldBeEmpty();
    }

    [Fact]
    public void Explorer_ChoosingAService_GoesIntoTheAddress()
    {
        With(new FakeEmissions(SampleRows.Months()));
        var page = Render<EmissionsExplorerPage>();

        page.FindAll(".og-picker").First(picker => picker.TextContent.Contains("Service", StringComparison.Ordinal)).QuerySelector("select")!.Change("=AmazonS3");

        Navigation.Uri.ShouldEndWith("/emissions?service=AmazonS3");
    }

    [Fact]
    public void Explorer_RegionTheBillDoesNotName_IsAFilterOfItsOwn()
    {
        var emissions = With(new FakeEmissions(SampleRows.Months()));
        Navigation.NavigateTo("/emissions?region=");

        Render<EmissionsExplorerPage>();

        emissions.Asked.ShouldAllBe(f => f.Region == "");
    }

    [Fact]
    public void Explorer_MoreRowsThanAPage_ShowsMoreOnRequest()
    {
        With(new FakeEmissions(SampleRows.Months(6)));
        Navigation.NavigateTo("/emissions?groupBy=");
        var page = Render<EmissionsExplorerPage>();
        page.FindAll(".is-leaf").Count.ShouldBe(100);

        page.Find(".og-more button").Click();

        page.FindAll(".is-leaf").Count.ShouldBe(126);
        page.FindAll(".og-more").ShouldBeEmpty();
    }

    [Fact]
    public void Trail_InTheAddress_OpensTheDrawerAndTheGroupsThatLeadToIt()
    {
        var row = SampleRows.Months()[0];
        With(new FakeEmissions(SampleRows.Months()));
        Navigation.NavigateTo("/emissions?trail=" + row.Id);

        var page = Render<EmissionsExplorerPage>();

        page.FindAll(".og-station h3").Select(h => h.TextContent).ShouldBe(["Result", "Activity", "Source file", "Emission factor", "Formula", "Asked for by"]);
        page.Find(".og-drawer").TextContent.ShouldContain("Replayed, same digits");
        page.WaitForElement("tr.is-selected").TextContent.ShouldContain("November 2023");
        page.FindAll(".og-drawer-tools button").Select(b => b.GetAttribute("aria-label")).ShouldBe(
            ["Previous number", "Next number", "Copy the link to this trail", "Close the trail"]);
    }

    [Fact]
    public void Trail_ReadBeforeTheTree_IsStillRevealed()
    {
        var emissions = With(new FakeEmissions(SampleRows.Months()) { Gate = new TaskCompletionSource(), GateTrails = false });
        Navigation.NavigateTo("/emissions?trail=" + SampleRows.Months()[0].Id);
        var page = Render<EmissionsExplorerPage>();
        page.WaitForElement(".og-stations");

        emissions.Gate!.SetResult();

        page.WaitForElement("tr.is-selected");
    }

    [Fact]
    public void Trail_Close_LeavesTheRestOfTheAddress()
    {
        With(new FakeEmissions(SampleRows.Months()));
        Navigation.NavigateTo("/emissions?service=AmazonEC2&trail=" + SampleRows.Months()[0].Id);
        var page = Render<EmissionsExplorerPage>();

        page.Find("[aria-label='Close the trail']").Click();

        Navigation.Uri.ShouldEndWith("/emissions?service=AmazonEC2");
    }

    [Fact]
    public void Trail_ReplayDiffers_SaysSo()
    {
        With(new FakeEmissions(SampleRows.Months()) { Replayed = false });
        Navigation.NavigateTo("/emissions?trail=" + SampleRows.Months()[0].Id);

        var page = Render<EmissionsExplorerPage>();

        page.Find(".og-drawer").TextContent.ShouldContain("Replay gives other digits");
    }

    [Fact]
    public void Trail_MoreLines_AreAddedToTheOnesThere()
    {
        With(new FakeEmissions(SampleRows.Months()));
        Navigation.NavigateTo("/emissions?trail=" + SampleRows.Months()[0].Id);
        var page = Render<EmissionsExplorerPage>();

        page.FindAll(".og-document .og-link").Single(b => b.TextContent == "Show more lines").Click();

        page.FindAll(".og-source tbody tr").Count.ShouldBe(38);
    }

    [Fact]
    public void Trail_UnknownId_IsExplained()
    {
        With(new FakeEmissions(SampleRows.Months()));
        Navigation.NavigateTo("/emissions?trail=" + Guid.Empty);

        var page = Render<EmissionsExplorerPage>();

        page.Find(".og-drawer").TextContent.ShouldContain("There is no current figure at this address.");
    }
}
