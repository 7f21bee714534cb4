using Microsoft.Playwright;
using OffGridFlow.E2E.Fixture;
using static Microsoft.Playwright.Assertions;

namespace OffGridFlow.E2E.Journeys;

/// <summary>From nothing to an organization with sites in three countries and a contract, by the way that the pages lead.</summary>
public sealed class OrganizationTests(AppFixture fixture) : PageTest(fixture)
{
    [Fact]
    public async Task Organization_FromEmptyToThreeCountriesAndAWindContract()
    {
        await SignInToEmptyTenantAsync("/contracts");
        await Page.GetByRole(AriaRole.Link, new() { Name = "Set up the organization" }).ClickAsync();
        await ExpectTitleAsync("No legal entity is written down yet");
        await ButtonAsync("Add the entity");
        await Expect(Page.GetByLabel("Name of the entity")).ToBeFocusedAsync();
        await Expect(Page.GetByText("Choose the country")).ToBeVisibleAsync();
        await ScanAsync("organization, first step with faults");

        await Page.GetByLabel("Name of the entity").FillAsync("Nordwerk Components GmbH");
        await Page.GetByLabel("Country").SelectOptionAsync("DE");
        await ButtonAsync("Add the entity");
        // The country of the entity is proposed.
        await Page.GetByLabel("Name of the site").FillAsync("Hamburg works");
        await ButtonAsync("Add the site");
        await Expect(Page.GetByLabel("Name of the period")).Not.ToHaveValueAsync("");
        await ButtonAsync("Add the period");
        // What is below the steps moves up when they go: a click meanwhile would begin on a tab and end beside it.
        await Expect(Page.GetByRole(AriaRole.Button, new() { Name = "Add the period" })).ToBeHiddenAsync();
        await ExpectTitleAsync("Nordwerk Components GmbH works at 1 site in one country");

        await OpenTabAsync("Sites");
        await AddSiteAsync("Fresno plant", "US", "US-CAMX");
        await AddSiteAsync("Lyon office", "FR", null);
        await ExpectTitleAsync("works at 3 sites in 3 countries");
        await Expect(Page.GetByRole(AriaRole.Row).Filter(new() { HasText = "Fresno plant" })).ToContainTextAsync("CAMX");

        // Removed and taken back by the message at the edge.
        await Page.GetByRole(AriaRole.Button, new() { Name = "Remove Lyon office" }).ClickAsync();
        await ExpectTitleAsync("works at 2 sites");
        await Page.GetByText("Site removed").Locator("xpath=ancestor::*[.//button[text()='Undo']][1]").GetByRole(AriaRole.Button, new() { Name = "Undo" }).ClickAsync();
        await ExpectTitleAsync("works at 3 sites in 3 countries");

        await OpenAsync("Contracts");
        await ButtonAsync("Add contract");
        var dialog = Page.GetByRole(AriaRole.Dialog);
        await dialog.GetByLabel("Name", new() { Exact = true }).FillAsync("Wind PPA Nordsee");
        await dialog.GetByLabel("Amount, MWh").FillAsync("1200");
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Add contract" }).ClickAsync();
        await Expect(dialog.GetByText("Choose at least one site")).ToBeVisibleAsync();
        await ScanAsync("contract, form with a fault");
        await dialog.GetByLabel("Hamburg works").CheckAsync();
        foreach (var question in await dialog.GetByRole(AriaRole.Radiogroup).AllAsync())
        {
            await question.GetByLabel("Yes").CheckAsync();
        }

        await dialog.GetByRole(AriaRole.Button, new() { Name = "Add contract" }).ClickAsync();
        await Expect(dialog).ToBeHiddenAsync();
        var contract = Page.GetByRole(AriaRole.Row).Filter(new() { HasText = "Wind PPA Nordsee" });
        await Expect(contract).ToContainTextAsync("Covers nothing: no energy on its days and sites");
        await ScanAsync("contracts, one that covers nothing yet");

        await contract.GetByRole(AriaRole.Button, new() { Name = "Edit Wind PPA Nordsee" }).ClickAsync();
        await dialog.GetByRole(AriaRole.Radiogroup).First.GetByLabel("No", new() { Exact = true }).CheckAsync();
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Save changes" }).ClickAsync();
        await Expect(contract).ToContainTextAsync("Not used: 1 criterion is not met");

        await OpenAsync("Organization");
        foreach (var part in new[] { "Ownership", "Leases", "Cloud accounts", "Reporting periods", "Business figures", "Sites" })
        {
            await OpenTabAsync(part);
            await ScanAsync("organization, " + part);
        }
    }

    private Task ButtonAsync(string name) => Page.GetByRole(AriaRole.Button, new() { Name = name }).ClickAsync();

    private async Task OpenTabAsync(string name)
    {
        var tab = Page.GetByRole(AriaRole.Navigation, new() { Name = "Parts of the organization" }).GetByRole(AriaRole.Link, new() { Name = name });
        await tab.ClickAsync();
        await Expect(tab).ToHaveAttributeAsync("aria-current", "page");
    }

    private async Task AddSiteAsync(string name, string country, string? region)
    {
        await Page.GetByRole(AriaRole.Button, new() { Name = "Add site" }).ClickAsync();
        var dialog = Page.GetByRole(AriaRole.Dialog);
        await dialog.GetByLabel("Name of the site").FillAsync(name);
        await dialog.GetByLabel("Country").SelectOptionAsync(country);
        if (region is not null)
        {
            await dialog.GetByLabel("eGRID subregion").SelectOptionAsync(region);
        }

        await dialog.GetByRole(AriaRole.Button, new() { Name = "Add site" }).ClickAsync();
        await Expect(dialog).ToBeHiddenAsync();
        await Expect(Page.GetByRole(AriaRole.Row).Filter(new() { HasText = name })).ToBeVisibleAsync();
    }
}
