using System.Globalization;
using System.Text.RegularExpressions;
using Microsoft.Playwright;
using OffGridFlow.E2E.Fixture;
using OffGridFlow.Web.Shared;
using static Microsoft.Playwright.Assertions;

namespace OffGridFlow.E2E.Journeys;

/// <summary>From a total to its lines and on to the file, without a mouse; and in another person's formats.</summary>
public sealed class KeyboardTests(AppFixture fixture) : PageTest(fixture)
{
    [Fact]
    public async Task Keyboard_Alone_LeadsFromOverviewToTheImport()
    {
        await SignInToFullTenantAsync();
        var total = Page.GetByRole(AriaRole.Link, new() { Name = ", open in Emissions" }).First;
        await Expect(total).ToBeVisibleAsync();
        await TabToAsync(total);
        await Page.Keyboard.PressAsync("Enter");
        var grid = Page.GetByRole(AriaRole.Table, new() { Name = "Emissions grouped by" });
        await Expect(grid).ToBeVisibleAsync();

        var search = Page.GetByRole(AriaRole.Searchbox, new() { Name = "Search service, region, account" });
        await TabToAsync(search);
        await Page.Keyboard.TypeAsync("AmazonEC2");
        await Page.Keyboard.PressAsync("Enter");
        await Expect(Page).ToHaveURLAsync(new Regex("q=AmazonEC2"));
        var groups = grid.GetByRole(AriaRole.Button, new() { Expanded = false });
        await Expect(groups).ToHaveCountAsync(1);
        await TabToAsync(groups.First);

        // Right opens a group and goes into it, twice; then the rows are there.
        await Page.Keyboard.PressAsync("ArrowRight");
        await Expect(grid.GetByRole(AriaRole.Button, new() { Expanded = true })).ToHaveCountAsync(1);
        await Page.Keyboard.PressAsync("ArrowRight");
        await Page.Keyboard.PressAsync("ArrowRight");
        await Expect(grid.GetByRole(AriaRole.Button, new() { Expanded = true })).ToHaveCountAsync(2);
        var figures = grid.GetByRole(AriaRole.Button, new() { Name = ", open trail" });
        await Expect(figures.First).ToBeVisibleAsync();
        await Page.Keyboard.PressAsync("ArrowRight");
        await Expect(figures.First).ToBeFocusedAsync();
        await Page.Keyboard.PressAsync("ArrowDown");
        await Expect(figures.Nth(1)).ToBeFocusedAsync();

        await Page.Keyboard.PressAsync("Enter");
        await Expect(Page.Locator("#trail-title")).ToBeFocusedAsync();
        var opened = Page.Url;
        await Page.Keyboard.PressAsync("ArrowUp");
        await Expect(Page).Not.ToHaveURLAsync(opened);
        await Page.Keyboard.PressAsync("Escape");
        await Expect(figures.First).ToBeFocusedAsync();
        await Page.Keyboard.PressAsync("ArrowLeft");
        await Page.Keyboard.PressAsync("ArrowLeft");
        await Expect(grid.GetByRole(AriaRole.Button, new() { Expanded = true })).ToHaveCountAsync(1);

        await Page.Keyboard.PressAsync("?");
        var keys = Page.GetByRole(AriaRole.Dialog, new() { Name = "Keyboard" });
        await Expect(keys).ToBeVisibleAsync();
        await Page.Keyboard.PressAsync("Escape");
        await Expect(keys).ToBeHiddenAsync();

        await Page.Keyboard.PressAsync("Control+k");
        await Page.Keyboard.TypeAsync("sample-bill");
        await Expect(Page.GetByRole(AriaRole.Option, new() { Name = "sample-bill-nordwerk.csv.gz" })).ToBeVisibleAsync();
        await Page.Keyboard.PressAsync("Enter");
        await Expect(Page).ToHaveURLAsync(new Regex("/imports/[0-9a-f-]{36}"));
        await ExpectTitleAsync("sample-bill-nordwerk.csv.gz");
        await Expect(Page.GetByRole(AriaRole.Dialog, new() { Name = "Search" })).ToBeHiddenAsync();
    }

    [Fact]
    public async Task Formats_ChosenInTheMenu_AreThoseOfTheCircuit_AndNotOfTheDrawing()
    {
        var email = await SignInToEmptyTenantAsync("/imports");
        await Expect(Page.GetByText("Nothing is here yet; that is not zero")).ToBeVisibleAsync();
        await UploadAsync(Bills.Month("november.csv", "2023-11", 400));
        await ExpectCompletedAsync();
        await OpenAsync("Overview");
        await Expect(Page.GetByText("Comparison method, not for disclosure.")).ToBeVisibleAsync();
        var bars = Page.Locator(".og-bars svg");
        var drawn = await bars.EvaluateAsync<string>("svg => [...svg.querySelectorAll('rect')].map(r => ['x', 'y', 'width', 'height'].map(a => r.getAttribute(a)).join(' ')).join()");

        await Page.GetByLabel("account menu of").ClickAsync();
        await Page.GetByRole(AriaRole.Button, new() { Name = "Deutsch" }).ClickAsync();
        await Expect(Page.Locator("[aria-pressed=true]").Filter(new() { HasText = "Deutsch" })).ToBeAttachedAsync();

        var kg = (await Fixture.App.GetAsync("/api/v1/emissions/summary", email, AppFixture.Password)).GetProperty("total").GetProperty("kgCo2e").GetDecimal();
        var unit = Format.MassUnitFor(kg);
        CultureInfo.CurrentCulture = CultureInfo.GetCultureInfo("de-DE");
        var total = Format.Mass(kg, unit, Format.OverviewDecimals(kg));
        await Expect(Page.GetByRole(AriaRole.Link, new() { Name = $"{total} {Format.Spoken(unit)}, open in Emissions" }).First).ToBeVisibleAsync();
        await Expect(Page.GetByText("0,0\u00a0% measured")).ToBeVisibleAsync();
        (await bars.EvaluateAsync<string>("svg => [...svg.querySelectorAll('rect')].map(r => ['x', 'y', 'width', 'height'].map(a => r.getAttribute(a)).join(' ')).join()")).ShouldBe(drawn);
        (await Page.Locator("html").GetAttributeAsync("lang")).ShouldBe("en-US");
    }
}
