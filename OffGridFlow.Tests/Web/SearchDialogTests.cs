using Bunit;
using Microsoft.Extensions.DependencyInjection;
using OffGridFlow.Core.Identity;
using OffGridFlow.Infrastructure.Search;
using OffGridFlow.Web.Features.Search;
using OffGridFlow.Web.Layout;

namespace OffGridFlow.Tests.Web;

public sealed class SearchDialogTests : PageContext
{
    private static readonly ImportHit Bill = new(new Guid("00000000-0000-7000-8000-0000000000aa"), "november-amazon.csv.gz", new DateTimeOffset(2023, 12, 2, 8, 0, 0, TimeSpan.Zero));

    [Fact]
    public void Search_ByAPartOfAName_ShowsGroupsAndPointsAtTheFirst()
    {
        var dialog = Open(new FakeSearch { Imports = [Bill] });

        Input(dialog).Input("amazon");

        dialog.FindAll("[role=group]").Select(g => g.GetAttribute("aria-label")).ShouldBe(["Services", "Imports"]);
        dialog.FindAll("[role=option]").Select(o => o.Children[1].TextContent).ShouldBe(["AmazonEC2", "AmazonS3", "november-amazon.csv.gz"]);
        dialog.FindAll("[aria-selected=true]").ShouldHaveSingleItem().Id.ShouldBe(Input(dialog).GetAttribute("aria-activedescendant"));
        Input(dialog).GetAttribute("aria-expanded").ShouldBe("true");
        dialog.Find("[role=listbox]").Id.ShouldBe(Input(dialog).GetAttribute("aria-controls"));
    }

    [Fact]
    public void Search_KeysMoveAndEnterOpens()
    {
        var dialog = Open(new FakeSearch { Imports = [Bill] });
        Input(dialog).Input("amazon");

        Input(dialog).KeyDown("ArrowUp");
        dialog.Find("[aria-selected=true]").TextContent.ShouldContain("november-amazon");
        Input(dialog).KeyDown("ArrowDown");
        dialog.Find("[aria-selected=true]").TextContent.ShouldContain("AmazonEC2");
        Input(dialog).KeyDown("Enter");

        Navigation.Uri.ShouldEndWith("/emissions?service=AmazonEC2");
        JSInterop.Invocations["OffGridFlow.dialogs.close"].ShouldHaveSingleItem();
        dialog.FindAll("[role=option]").ShouldBeEmpty();
    }

    [Fact]
    public void Search_AnAccountAndAnImport_OpenTheirPages()
    {
        var dialog = Open(new FakeSearch { Imports = [Bill] });

        Input(dialog).Input("6174");
        dialog.Find("[role=option]").Click();
        Navigation.Uri.ShouldEndWith("/emissions?account=617400283991");

        Input(dialog).Input("november");
        dialog.Find("[role=option]").Click();
        Navigation.Uri.ShouldEndWith("/imports/" + Bill.Id.ToString("D"));
    }

    [Fact]
    public void Search_BeforeALetter_ShowsPagesAndWhatWasChosenBefore()
    {
        var dialog = Open(new FakeSearch());
        Input(dialog).Input("");
        dialog.FindAll("[role=group]").Select(g => g.GetAttribute("aria-label")).ShouldBe(["Pages"]);

        Input(dialog).Input("s3");
        Input(dialog).KeyDown("Enter");
        Input(dialog).Input("");

        dialog.FindAll("[role=group]").Select(g => g.GetAttribute("aria-label")).ShouldBe(["Recent", "Pages"]);
        dialog.Find("[role=option]").TextContent.ShouldContain("AmazonS3");
    }

    [Fact]
    public void Search_NothingFound_SaysWhatIsSearched()
    {
        var dialog = Open(new FakeSearch());

        Input(dialog).Input("zzz");

        dialog.Find("[role=status]").TextContent.ShouldBe("Nothing matches “zzz”. Search knows pages by name, accounts and services of the ledger, and imports by file name or id.");
        dialog.FindAll("[role=listbox]").ShouldBeEmpty();
        Input(dialog).GetAttribute("aria-expanded").ShouldBe("false");
    }

    [Fact]
    public void Search_ANewLetter_TakesTheQuestionBeforeItBack()
    {
        var search = new FakeSearch { Gate = new TaskCompletionSource() };
        var dialog = Open(search);

        Input(dialog).Input("a");
        Input(dialog).Input("ec2");
        dialog.WaitForAssertion(() => search.Cancelled.ShouldBe(1));
        dialog.FindAll("[role=option]").ShouldBeEmpty();
        search.Gate!.SetResult();

        dialog.WaitForAssertion(() => dialog.FindAll("[role=option]").Select(o => o.Children[1].TextContent).ShouldBe(["AmazonEC2"]));
        search.Asked.ShouldBe(["a", "ec2"]);
    }

    [Fact]
    public void Search_EnterBeforeTheAnswer_OpensTheAnswer()
    {
        var search = new FakeSearch { Gate = new TaskCompletionSource() };
        var dialog = Open(search);
        Input(dialog).Input("ec2");

        Input(dialog).KeyDown("Enter");
        search.Gate!.SetResult();

        dialog.WaitForAssertion(() => Navigation.Uri.ShouldEndWith("/emissions?service=AmazonEC2"));
    }

    [Fact]
    public void Search_ThatFails_GivesAReferenceAndTriesAgain()
    {
        var search = new FakeSearch { Failure = new InvalidOperationException("planted") };
        var dialog = Open(search);
        Input(dialog).Input("ec2");
        dialog.Find("[role=alert] code").TextContent.ShouldStartWith("OGF-");

        search.Failure = null;
        dialog.Find("[role=alert] button").Click();

        dialog.FindAll("[role=alert]").ShouldBeEmpty();
        dialog.FindAll("[role=option]").Count.ShouldBe(1);
    }

    [Fact]
    public void Pages_ThatThePersonMayNotOpen_AreNotOffered()
    {
        Allow(Permissions.DashboardsRead);
        var dialog = Open(new FakeSearch());

        Input(dialog).Input("");

        dialog.FindAll("[role=option]").Select(o => o.Children[1].TextContent).ShouldBe(["Overview", "Emissions", "Inventory", "Targets & scenarios", "Base year"]);
    }

    [Theory]
    [InlineData("dash", "Overview")]
    [InlineData("UPLOAD", "Imports")]
    [InlineData("cost report", "Imports")]
    [InlineData("explo", "Emissions")]
    public void Pages_AreFoundBySynonyms(string text, string page) => SearchPages.All.Where(p => p.Matches(text)).Select(p => p.Name).ShouldBe([page]);

    [Fact]
    public void Pages_OfTheMenu_CanAllBeSearchedFor()
    {
        With(new FakeEmissions(SampleRows.None));
        Allow([.. Permissions.All]);
        var menu = Render<NavMenu>();

        menu.FindAll("a").Select(a => (a.TextContent.Trim(), a.GetAttribute("href")!)).ShouldBe(SearchPages.All.Select(p => (p.Name, p.Href)));
    }

    [Fact]
    public void Recent_KeepsTheLastFive_EachOnce()
    {
        var recent = new RecentChoices();
        foreach (var name in new[] { "a", "b", "c", "a", "d", "e", "f" }) recent.Add(new SearchItem(name, "", "/" + name, "x"));

        recent.Items.Select(i => i.Title).ShouldBe(["f", "e", "d", "a", "c"]);
    }

    private IRenderedComponent<SearchDialog> Open(FakeSearch search)
    {
        Services.AddSingleton<ISearchQueries>(search);
        return Render<SearchDialog>();
    }

    private static AngleSharp.Dom.IElement Input(IRenderedComponent<SearchDialog> dialog) => dialog.Find("input");
}
