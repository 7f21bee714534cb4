using Bunit;
using OffGridFlow.Core.Identity;
using OffGridFlow.Infrastructure.Identity;
using OffGridFlow.Infrastructure.Inventory;
using OffGridFlow.Web.Features.Emissions;

namespace OffGridFlow.Tests.Web;

/// <summary>Columns, order and saved views of the explorer.</summary>
public sealed class ExplorerChoicesTests : PageContext
{
    private bool _registered;

    [Fact]
    public void Columns_Ordinary_AreThoseOfTheDesign() =>
        Heads(Explorer()).ShouldBe(["Service, region", "Activities", "MWh", "t CO2e", "Share", "Cost", "Coverage"]);

    [Fact]
    public void Columns_Chosen_GoIntoTheAddressAndAreRemembered()
    {
        var page = Explorer();

        page.FindAll(".og-columns-menu input")[0].Change(false);
        page.FindAll(".og-columns-menu input")[3].Change(true);

        Navigation.Uri.ShouldEndWith("/emissions?columns=electricity,embodied,share,cost,coverage");
        Heads(page).ShouldBe(["Service, region", "MWh", "t CO2e", "Embodied, t CO2e", "Share", "Cost", "Coverage"]);
        Personal.Values[PersonalSetting.EmissionsColumns].ShouldBe("electricity,embodied,share,cost,coverage");
        page.FindAll(".is-tree tbody tr").ShouldAllBe(row => row.Children.Length == 7);
        page.Find(".is-tree tfoot tr").Children.Length.ShouldBe(7);
    }

    [Fact]
    public void Columns_OfTheAddress_CountMoreThanTheRememberedOnes()
    {
        Personal.Values[PersonalSetting.EmissionsColumns] = "cost";

        Heads(Explorer()).ShouldBe(["Service, region", "t CO2e", "Cost"]);
        Heads(Explorer("/emissions?columns=share,nonsense,7")).ShouldBe(["Service, region", "t CO2e", "Share"]);
        Heads(Explorer("/emissions?columns=")).ShouldBe(["Service, region", "t CO2e"]);
    }

    [Fact]
    public void Columns_NotKept_AreShownAllTheSameAndSaidWithAReference()
    {
        var page = Explorer();
        Personal.Failure = new InvalidOperationException("planted");

        page.FindAll(".og-columns-menu input")[0].Change(false);

        Heads(page).ShouldNotContain("Activities");
        page.Find("[role=alert] code").TextContent.ShouldStartWith("OGF-");
    }

    [Fact]
    public void Sort_ByName_TurnsRoundAndStandsInTheAddress()
    {
        var page = Explorer();
        page.Find("th[aria-sort]").TextContent.ShouldContain("CO2e");
        page.Find("th[aria-sort]").GetAttribute("aria-sort").ShouldBe("descending");

        page.FindAll(".og-sort")[0].Click();
        Groups(page)[0].ShouldBe("AmazonEC2");
        Groups(page)[^1].ShouldBe("AWSNewService");
        page.FindAll(".og-sort")[0].Click();

        Navigation.Uri.ShouldEndWith("/emissions?sort=-name");
        Groups(page)[0].ShouldBe("AWSNewService");
        page.Find("th[aria-sort]").GetAttribute("aria-sort").ShouldBe("descending");
    }

    [Fact]
    public void Sort_SmallestFirst_LeavesWhatHasNoFigureLast()
    {
        var page = Explorer("/emissions?sort=mass");

        Groups(page)[0].ShouldBe("AWSDataTransfer");
        Groups(page).TakeLast(2).ShouldBe(["AmazonQuickSight", "AWSNewService"], ignoreOrder: true);
    }

    [Fact]
    public void Sort_OfRows_AsksForThatOrder()
    {
        var emissions = With(new FakeEmissions(SampleRows.Months()));
        Navigation.NavigateTo("/emissions?groupBy=&sort=electricity");

        Render<EmissionsExplorerPage>();

        emissions.Asked.ShouldAllBe(f => f.Order == new EmissionsOrder(EmissionsMeasure.KilowattHours, true));
    }

    [Theory]
    [InlineData("nonsense")]
    [InlineData("-")]
    [InlineData("7")]
    [InlineData("")]
    public void Sort_ThatIsNotKnown_IsTheOrdinaryOne(string text) => ExplorerSort.Parse(text).ShouldBeNull();

    [Fact]
    public void View_Saved_HoldsFiltersGroupsOrderAndColumns()
    {
        Personal.Values[PersonalSetting.EmissionsColumns] = "cost";
        var page = Explorer("/emissions?service=AmazonEC2&groupBy=account&sort=name");

        Save(page, "  EC2 by account ");

        var view = Personal.Views.ShouldHaveSingleItem();
        view.Name.ShouldBe("EC2 by account");
        Uri.UnescapeDataString(view.Query).ShouldBe("service=AmazonEC2&groupBy=account&sort=name&columns=cost");
        page.Find(".og-views summary strong").TextContent.ShouldBe("EC2 by account");
        page.Find(".og-views [aria-current=true]").TextContent.ShouldBe("EC2 by account");
        page.FindAll(".og-views a")[0].GetAttribute("href").ShouldBe("/emissions");
    }

    [Fact]
    public void View_OfATakenName_AsksBeforeItReplaces()
    {
        Personal.Views.Add(new SavedViewRow(Guid.NewGuid(), "Mine", "service=AmazonS3"));
        var page = Explorer("/emissions?service=AmazonEC2");

        Save(page, "MINE");
        page.Find(".og-view-question").TextContent.ShouldContain("“Mine” is there already.");
        Personal.Views[0].Query.ShouldBe("service=AmazonS3");
        page.Find(".og-view-question .is-primary").Click();

        Personal.Views.ShouldHaveSingleItem().Query.ShouldStartWith("service=AmazonEC2");
        page.FindAll(".og-view-question").ShouldBeEmpty();
    }

    [Fact]
    public void View_WithoutAName_IsNotSaved()
    {
        var page = Explorer();

        Save(page, "   ");

        Personal.Views.ShouldBeEmpty();
        page.Find(".og-views .validation-message").TextContent.ShouldStartWith("Enter a name");
    }

    [Fact]
    public void View_Deleted_ComesBackByUndo()
    {
        Personal.Views.Add(new SavedViewRow(Guid.NewGuid(), "Mine", "service=AmazonS3"));
        var page = Explorer();

        page.Find(".og-views [aria-label='Delete Mine']").Click();
        Personal.Views.ShouldBeEmpty();
        page.FindAll(".og-views .og-link").Single(b => b.TextContent == "Undo").Click();

        Personal.Views.ShouldHaveSingleItem().Query.ShouldBe("service=AmazonS3");
        page.Find(".og-views").TextContent.ShouldContain("“Mine” is back.");
    }

    [Fact]
    public void View_BroughtBackByTheToast_AfterThePageWasLeft_IsThereAgain()
    {
        Personal.Views.Add(new SavedViewRow(Guid.NewGuid(), "Mine", "service=AmazonS3"));
        var page = Explorer();
        var toasts = Render<Radzen.Blazor.RadzenNotification>();
        page.Find(".og-views [aria-label='Delete Mine']").Click();
        var undo = toasts.FindAll("button").Single(b => b.TextContent == "Undo");

        page.Instance.Dispose();
        page.FindComponent<SavedViewsMenu>().Instance.Dispose();
        undo.Click();

        Personal.Views.ShouldHaveSingleItem().Query.ShouldBe("service=AmazonS3");
    }

    [Fact]
    public void View_Renamed_KeepsWhatItHolds_AndATakenNameIsRefused()
    {
        Personal.Views.Add(new SavedViewRow(Guid.NewGuid(), "Mine", "service=AmazonS3"));
        Personal.Views.Add(new SavedViewRow(Guid.NewGuid(), "Other", ""));
        var page = Explorer();

        Rename("Other");
        page.Find(".og-views .validation-message").TextContent.ShouldContain("“Other” is there already.");
        page.FindAll(".og-views li .og-view-form input")[0].Input("Storage");
        page.Find(".og-views li .og-view-form").Submit();

        Personal.Views.Single(v => v.Name == "Storage").Query.ShouldBe("service=AmazonS3");

        void Rename(string name)
        {
            page.Find(".og-views [aria-label='Rename Mine']").Click();
            page.Find(".og-views li .og-view-form input").Input(name);
            page.Find(".og-views li .og-view-form").Submit();
        }
    }

    [Fact]
    public void Views_ThatCannotBeRead_LeaveTheFiguresOnScreen()
    {
        Personal.Failure = new InvalidOperationException("planted");

        var page = Explorer();

        page.Find(".og-views [role=alert] code").TextContent.ShouldStartWith("OGF-");
        page.FindAll(".is-tree").ShouldHaveSingleItem();
    }

    [Fact]
    public void Quality_AsAFilter_ReachesTheQuestion()
    {
        var emissions = With(new FakeEmissions(SampleRows.Months()));
        Navigation.NavigateTo("/emissions?quality=defaulted");

        var page = Render<EmissionsExplorerPage>();

        emissions.Asked.ShouldAllBe(f => f.Quality == "defaulted");
        Groups(page).ShouldBe(["AmazonRDS"]);
    }

    private IRenderedComponent<EmissionsExplorerPage> Explorer(string address = "/emissions")
    {
        if (!_registered) With(new FakeEmissions(SampleRows.Months()));
        _registered = true;
        Navigation.NavigateTo(address);
        return Render<EmissionsExplorerPage>();
    }

    private static void Save(IRenderedComponent<EmissionsExplorerPage> page, string name)
    {
        page.Find(".og-views > div > .og-view-form input").Input(name);
        page.Find(".og-views > div > .og-view-form").Submit();
    }

    private static List<string> Heads(IRenderedComponent<EmissionsExplorerPage> page) => [.. page.FindAll(".is-tree thead th").Select(h => h.TextContent.Trim().Replace('\u00a0', ' '))];

    private static List<string> Groups(IRenderedComponent<EmissionsExplorerPage> page) => [.. page.FindAll(".og-toggle").Select(t => t.TextContent.Trim())];
}
