using System.Text;
using Microsoft.Playwright;
using OffGridFlow.E2E.Fixture;
using static Microsoft.Playwright.Assertions;

namespace OffGridFlow.E2E.Journeys;

/// <summary>From a search to a supplier's rate of one's own, with a mistake on the way.</summary>
public sealed class FactorsTests(AppFixture fixture) : PageTest(fixture)
{
    private const string Headings = "activity,name,unit,co2e,region,valid_from,valid_to,supply\n";

    [Fact]
    public async Task Factor_SearchedOpened_AndOwnOnesLoadedAfterMendingARow()
    {
        await SignInToEmptyTenantAsync("/factors");
        await Page.GetByRole(AriaRole.Searchbox, new() { Name = "Search factors" }).PressSequentiallyAsync("natural gas");
        await Expect(Page).ToHaveURLAsync(new System.Text.RegularExpressions.Regex("q=natural%20gas"));
        await Page.GetByRole(AriaRole.Combobox, new() { Name = "Set" }).SelectOptionAsync("desnz-2025");
        await Page.GetByRole(AriaRole.Combobox, new() { Name = "Part" }).SelectOptionAsync("Direct");
        await Page.GetByRole(AriaRole.Combobox, new() { Name = "Unit" }).SelectOptionAsync("kWh (Gross CV)");
        await Page.GetByRole(AriaRole.Button, new() { Name = "Natural gas: 0.18296 kg CO2e per kWh (Gross CV)" }).ClickAsync();
        var drawer = Page.GetByRole(AriaRole.Complementary, new() { Name = "Natural gas" });
        await Expect(drawer.GetByText("Open Government Licence v3.0")).ToBeVisibleAsync();
        await Expect(drawer.GetByRole(AriaRole.Table, new() { Name = "The same factor in other editions" })).ToContainTextAsync("desnz-2026");
        await ScanAsync("factors, details");
        await Page.Keyboard.PressAsync("Escape");
        await Expect(drawer).ToBeHiddenAsync();

        await Page.GetByRole(AriaRole.Radio, new() { Name = "Own factors" }).CheckAsync();
        await Page.GetByLabel("Title").FillAsync("Supplier rates 2025");
        await Page.GetByLabel("Publisher").FillAsync("Stadtwerke");
        await Page.GetByLabel("Source", new() { Exact = true }).FillAsync("Invoice of January, page 2");
        await Page.GetByLabel("License or permission").FillAsync("Stated by contract");
        ExpectStatus(422);
        await ChooseAsync("electricity,Green tariff,kWh,0;021,DE,2025-01-01,2025-12-31,Supplier\n");
        var faults = Page.GetByRole(AriaRole.Table, new() { Name = "Values to look at" });
        await Expect(faults.GetByRole(AriaRole.Row).Nth(1)).ToContainTextAsync("This is not a number.");
        await ScanAsync("factors, faults of a template");
        await ChooseAsync("electricity,Green tariff,kWh,0.121,DE,2025-01-01,2025-12-31,Supplier\n");
        await Expect(Page.GetByText("One factor of “Supplier rates 2025” can be used now.")).ToBeVisibleAsync();
        await Page.GetByRole(AriaRole.Button, new() { Name = "Show the factors of Supplier rates 2025" }).ClickAsync();

        await ExpectTitleAsync("One factor of one set fits this search");
        await Expect(Page.GetByRole(AriaRole.Button, new() { Name = "Green tariff: 0.121 kg CO2e per kWh" })).ToBeVisibleAsync();
    }

    private async Task ChooseAsync(string rows) => await Page.GetByLabel("Filled template").SetInputFilesAsync(
        new FilePayload { Name = "own.csv", MimeType = "text/csv", Buffer = Encoding.UTF8.GetBytes(Headings + rows) });
}
