using AngleSharp.Dom;
using Bunit;
using Microsoft.Extensions.DependencyInjection;
using OffGridFlow.Infrastructure.ActivityData;
using OffGridFlow.Web.Features.ActivityData;

namespace OffGridFlow.Tests.Web;

/// <summary>The parts of the activity data page with which entries are made and changed.</summary>
public sealed class EntryPartsTests : PageContext
{
    private readonly FakeActivities _activities = new();

    public EntryPartsTests()
    {
        Services.AddSingleton<IActivityEntries>(_activities);
        Services.AddSingleton<IActivityEntryQueries>(_activities);
        Services.AddSingleton<IEntryFactors>(_activities);
        Services.AddSingleton<IEntryEvidence>(_activities);
        Services.AddSingleton<TimeProvider>(new Clock());
    }

    [Fact]
    public void Picker_OffersOwnFactors_AndTheChosenOneIsKeptWithTheEntry()
    {
        var rows = NewRows();
        rows.FindAll("datalist option").Select(option => option.GetAttribute("value")).ShouldBe(["Fleet card 7 [own-fleet-2]", "Refrigerant leak", "Diesel in vehicles"]);

        rows.Find("#new-type").Input("fleet");
        rows.FindAll("datalist option").ShouldHaveSingleItem().TextContent.ShouldBe("Own factor for Diesel in vehicles, GB, Fleet 2025");
        rows.Find("#new-type").Input("Fleet card 7 [own-fleet-2]");
        rows.Markup.ShouldContain("own factor for Diesel in vehicles in GB, Jan 1, 2025 to Dec 31, 2025");
        Type(rows, "2025-03-01", "2025-03-31");

        var saved = _activities.Saved.ShouldHaveSingleItem();
        (saved.ActivityType, saved.FactorId, saved.Unit, saved.Quantity).ShouldBe(("diesel", "own-fleet-2", "l", 500m));
    }

    [Fact]
    public void OwnFactor_OnOtherDays_IsAskedAboutOnce()
    {
        var rows = NewRows();
        rows.Find("#new-type").Input("Fleet card 7 [own-fleet-2]");

        Type(rows, "2024-03-01", "2024-03-31");

        _activities.Saved.ShouldBeEmpty();
        rows.Find(".og-problems").TextContent.ShouldContain("Fleet card 7 holds Jan 1, 2025 to Dec 31, 2025, and these days are others.");
        Button(rows, "It is right, save it").Click();
        _activities.Saved.ShouldHaveSingleItem().FactorId.ShouldBe("own-fleet-2");
    }

    [Fact]
    public void Type_WithoutAnOwnFactor_LeavesTheFactorToTheRules()
    {
        var rows = NewRows();
        rows.Find("#new-type").Input("Diesel in vehicles");

        Type(rows, "2025-03-01", "2025-03-31");

        _activities.Saved.ShouldHaveSingleItem().FactorId.ShouldBeNull();
    }

    [Fact]
    public void Balance_OnceSaved_LeavesTheFormForTheNext()
    {
        var rows = NewRows();
        rows.Find("#new-type").Input("Refrigerant leak");
        rows.Find("#new-gas").Input("R-410A");
        rows.FindAll(".og-switch input")[1].Change(true);

        Fill("10", "5.5", "2", "9", "1.25");
        rows.Find(".og-message").TextContent.ShouldContain("Refrigerant leak, R-410A, 2025: 3.25");
        rows.Find("#stock-0").GetAttribute("value").ShouldBeNullOrEmpty();
        Fill("4", "0", "0", "1", "0");

        _activities.Saved.Select(input => input.Balance!.Released).ShouldBe([3.25m, 3m]);

        void Fill(params string[] parts)
        {
            for (var i = 0; i < parts.Length; i++)
            {
                rows.Find(FormattableString.Invariant($"#stock-{i}")).Input(parts[i]);
            }

            Button(rows, "Add the balance").Click();
        }
    }

    [Fact]
    public void Factor_WithoutAResult_IsOfferedAtOnceAndChosen()
    {
        string? chosen = "nothing";
        var section = Factor(FakeActivities.Row(exception: "Two factors fit equally well"), id => chosen = id);

        section.FindAll(".og-factor-group").Select(group => group.TextContent).ShouldBe(["Hold for these days and this place", "For other days or places, as a stand-in"]);
        section.Find("input[type=search]").Input("desnz 2025");
        section.FindAll(".og-factor-choices button").ShouldHaveSingleItem().Click();

        chosen.ShouldBe("d25");
    }

    [Fact]
    public void Factor_ChosenByAPerson_IsNamedAndCanBeGivenBack()
    {
        string? chosen = "nothing";
        var section = Factor(FakeActivities.Row(factorId: "own-fleet-2"), id => chosen = id);

        section.Markup.ShouldContain("Fleet card 7");
        section.Markup.ShouldContain("own: Fleet 2025, United Kingdom, 2025");
        section.FindAll(".og-factor-choices").ShouldBeEmpty("the list is opened on demand");
        Button(section, "Let the rules choose").Click();

        chosen.ShouldBeNull();
    }

    [Fact]
    public void Factor_ForWhoMayOnlyRead_OffersNothing()
    {
        var section = Render<EntryFactorSection>(parameters => parameters.Add(part => part.Row, FakeActivities.Row(factorId: "own-fleet-2")));

        section.FindAll("button").ShouldBeEmpty();
    }

    [Fact]
    public void Conversion_ToAnotherKind_NeedsNameFigureAndSource()
    {
        EntryRecount? asked = null;
        var section = Conversion(recount => asked = recount);
        section.Find("select").Change("kg");
        IElement Submit() => section.Find("button[type=submit]");

        Submit().HasAttribute("disabled").ShouldBeTrue();
        section.FindAll("form input")[0].Input("density");
        section.FindAll("form input")[1].Input("0.832");
        Submit().HasAttribute("disabled").ShouldBeTrue("the source is missing");
        section.FindAll("form input")[2].Input("Delivery note 12");
        section.Find(".og-formula").TextContent.ShouldContain("0.832 kg per l = 416");
        section.Find("form").Submit();

        asked.ShouldBe(new EntryRecount("kg", new EntryConversion("density", 0.832m, "l", "Delivery note 12")));
    }

    [Fact]
    public void Conversion_InsideAKind_NeedsNothingMore()
    {
        EntryRecount? asked = null;
        var section = Conversion(recount => asked = recount);

        section.Find("select").Change("m3");
        section.FindAll("form input").ShouldBeEmpty();
        section.Find("form").Submit();

        asked.ShouldBe(new EntryRecount("m3", null));
    }

    [Fact]
    public void BulkUnit_SaysWhetherTheNumbersStay()
    {
        var asked = new List<BulkUnit>();
        var bar = Render<BulkBar>(parameters => parameters.Add(part => part.Rows, [FakeActivities.Row()]).Add(part => part.Units, ["l", "m3", "kg"]).Add(part => part.OnUnit, asked.Add));

        bar.FindAll("select")[1].Change("kg");
        asked.ShouldBeEmpty("choosing a unit alone changes nothing");
        Button(bar, "The numbers stay").Click();
        bar.FindAll("select")[1].Change("m3");
        Button(bar, "Convert the numbers").Click();

        asked.ShouldBe([new BulkUnit("kg", KeepsNumber: true), new BulkUnit("m3", KeepsNumber: false)]);
    }

    [Fact]
    public void Drawer_ChoosesAFactorAndConverts_AndSaysWhatWasRefused()
    {
        _activities.Shown = FakeActivities.Row(exception: "Two factors fit equally well");
        var drawer = Drawer();

        drawer.Find("[aria-label^='Choose Diesel (average), DESNZ 2025']").Click();
        _activities.Saved.ShouldHaveSingleItem().FactorId.ShouldBe("d25");
        _activities.Reasons.ShouldBe(["Factor chosen"]);
        Button(drawer, "Count in another unit").Click();
        drawer.Find(".og-conversion select").Change("m3");
        _activities.Refusal = new EntryProblem("excluded", "status", "The entry is excluded.", EntrySeverity.Error);
        drawer.Find(".og-conversion").Submit();

        _activities.Conversions.ShouldBe([("m3", null)]);
        drawer.Find(".og-message.is-error").TextContent.ShouldContain("The entry is excluded.");
    }

    [Fact]
    public void Drawer_NamesAccrualsAndWhatTakesAnEntryBack()
    {
        var reversal = Guid.CreateVersion7();
        _activities.Shown = FakeActivities.Row() with { IsAccrual = true, IsReversed = true, ReversedById = reversal };

        var facts = Drawer().Find(".og-facts");

        facts.TextContent.ShouldContain("Stands in until the actual of the same days is submitted");
        facts.QuerySelector("a")!.GetAttribute("href")!.ShouldContain(reversal.ToString());
    }

    [Fact]
    public void Grid_SaysInWordsWhatIsKept_AndShowsAMissingResultOnAPhone()
    {
        var rows = new[] { FakeActivities.Row(exception: "No factor") with { Documents = 3, Comments = 1, Reference = "M-1" } };

        var row = Render<ActivityGrid>(parameters => parameters.Add(grid => grid.Rows, rows).Add(grid => grid.Selected, new HashSet<Guid>())).Find("tr[data-depth]");

        row.TextContent.ShouldContain("3 documents, 1 comment");
        row.QuerySelector("td:last-child .og-phone-line")!.TextContent.ShouldContain("No result");
    }

    [Fact]
    public void Quality_IsSavedByItsError_WithOrWithoutTheFiveIndicators()
    {
        var drawer = Drawer();
        Button(drawer, "Save the rating").HasAttribute("disabled").ShouldBeTrue("nothing was changed");

        drawer.Find(".og-indicators input").Change("about five");
        Button(drawer, "Save the rating").Click();
        drawer.Markup.ShouldContain("“about five” is not a percentage. Write a number, for example 5, or leave the field empty.");
        _activities.Saved.ShouldBeEmpty();

        drawer.Find(".og-indicators input").Change("7.5");
        Button(drawer, "Save the rating").Click();
        var saved = _activities.Saved.ShouldHaveSingleItem();
        (saved.UncertaintyPercent, saved.QualityIndicators.Count, saved.Quantity).ShouldBe((7.5m, 0, 500m));

        drawer.FindAll(".og-indicators select")[0].Change("2");
        Button(drawer, "Save the rating").HasAttribute("disabled").ShouldBeTrue("all five are rated, or none");
    }

    [Fact]
    public void ValueChain_CategoryAndWorksheet_AreSavedAsTheyAreTyped()
    {
        var drawer = Drawer();
        Button(drawer, "Change category or worksheet").Click();

        drawer.Find("select[id$=-category]").Change("8");
        drawer.Find("select[id$=-method]").Change("leased-asset");
        Button(drawer, "Add a line").Click();
        foreach (var (field, value) in new[] { ("amount", "900"), ("area", "10"), ("totalArea", "x") })
        {
            drawer.Find($"input[id$=line-0-{field}]").Change(value);
        }

        Button(drawer, "Save category and worksheet").Closest("form")!.Submit();
        _activities.Saved.ShouldBeEmpty();
        drawer.Find("[role=alert]").TextContent.ShouldContain("“x” is no number as it is written here (total area)");
        drawer.Find("input[id$=line-0-totalArea]").Change("100");
        Button(drawer, "Save category and worksheet").Closest("form")!.Submit();

        var saved = _activities.Saved.ShouldHaveSingleItem();
        saved.Category.ShouldBe(8);
        saved.Worksheet!.ToText().ShouldBe("leased-asset; [Line 1]; amount 900; area 10; totalArea 100", "a line that is empty is left out");
    }

    [Fact]
    public void ValueChain_WorksheetThatIsKept_IsShownAndCanBeTakenAway()
    {
        _activities.Shown = FakeActivities.Row() with
        {
            Category = 4, Vendor = "Hauler", Worksheet = new("supplier-product", [], [new("Pallets", [new("units", 4), new("footprint", 2.5m, "kg CO2e", "EPD 7")])]),
        };
        var drawer = Drawer();

        drawer.Markup.ShouldContain("4 Upstream transport and distribution");
        drawer.Markup.ShouldContain("Pallets: Units bought 4; Footprint of one unit 2.5 kg CO2e (EPD 7)");
        Button(drawer, "Change category or worksheet").Click();
        drawer.Find("input[id$=line-0-footprint-source]").GetAttribute("value").ShouldBe("EPD 7");
        drawer.Find("select[id$=-method]").Change("");
        Button(drawer, "Save category and worksheet").Closest("form")!.Submit();

        var saved = _activities.Saved.ShouldHaveSingleItem();
        (saved.Category, saved.Vendor, saved.Worksheet).ShouldBe((4, "Hauler", null));
    }

    private IRenderedComponent<EntryDrawer> Drawer() => Render<EntryDrawer>(parameters => parameters.Add(drawer => drawer.Id, _activities.Shown.Id).Add(drawer => drawer.MayWrite, true));

    private IRenderedComponent<NewRows> NewRows() =>
        Render<NewRows>(parameters => parameters.Add(part => part.Sites, [new SiteChoice(Guid.CreateVersion7(), "Leeds office", "GB")]));

    private IRenderedComponent<EntryFactorSection> Factor(EntryRow row, Action<string?> choose) =>
        Render<EntryFactorSection>(parameters => parameters.Add(part => part.Row, row).Add(part => part.CanChange, true).Add(part => part.OnChoose, choose));

    private IRenderedComponent<EntryConversionSection> Conversion(Action<EntryRecount> convert)
    {
        var section = Render<EntryConversionSection>(parameters => parameters.Add(part => part.Row, FakeActivities.Row()).Add(part => part.OnConvert, convert));
        Button(section, "Count in another unit").Click();
        return section;
    }

    private static void Type(IRenderedComponent<NewRows> rows, string from, string to)
    {
        Button(rows, "Add one row").Click();
        rows.Find("[aria-label='First day of row 1']").Change(from);
        rows.Find("[aria-label='Last day of row 1']").Change(to);
        rows.Find("#new-quantity-0").Input("500");
        Button(rows, "Save").Click();
    }

    private static IElement Button<T>(IRenderedComponent<T> part, string text)
        where T : Microsoft.AspNetCore.Components.IComponent => part.FindAll("button").Single(button => button.TextContent.Trim() == text);

    private sealed class Clock : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => new(2026, 3, 1, 9, 40, 0, TimeSpan.Zero);
    }
}
