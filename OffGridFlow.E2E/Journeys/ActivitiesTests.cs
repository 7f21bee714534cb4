using Microsoft.Playwright;
using OffGridFlow.E2E.Fixture;
using static Microsoft.Playwright.Assertions;

namespace OffGridFlow.E2E.Journeys;

/// <summary>A year of gas typed by keyboard, submitted, and approved by a colleague.</summary>
public sealed class ActivitiesTests(AppFixture fixture) : PageTest(fixture)
{
    [Fact]
    public async Task YearOfGas_TypedByKeyboard_IsSubmittedAndApprovedByAnother()
    {
        var email = await SignInToEmptyTenantAsync("/activities");
        await Expect(Page.GetByRole(AriaRole.Heading, new() { Name = "There is no site yet" })).ToBeVisibleAsync();
        await ScanAsync("activities, no site");
        await Fixture.App.ExecuteAsync(
            """
            with owner as (select m.tenant_id from memberships m join users u on u.id = m.user_id where u.normalized_email = upper($1)),
            entity as (insert into organizations (id, tenant_id, name, country, version) select new_id(), tenant_id, 'Company', 'GB', 1 from owner returning id, tenant_id)
            insert into sites (id, tenant_id, organization_id, name, country, region, version) select new_id(), tenant_id, id, 'Leeds office', 'GB', 'GB', 1 from entity
            """, email);
        await Page.ReloadAsync();
        await Expect(Page.GetByRole(AriaRole.Heading, new() { Name = "Nothing is entered yet, which is not zero" })).ToBeVisibleAsync();

        await Page.GetByRole(AriaRole.Button, new() { Name = "Add entries" }).First.ClickAsync();
        await Page.GetByLabel("Activity type").FillAsync("Natural gas");
        await Page.GetByLabel("Year").FillAsync("2025");
        await Page.Keyboard.PressAsync("Tab");
        await Page.GetByRole(AriaRole.Button, new() { Name = "Add the months of 2025" }).ClickAsync();
        for (var month = 0; month < 12; month++)
        {
            await Expect(Page.Locator(FormattableString.Invariant($"#new-quantity-{month}"))).ToBeFocusedAsync();
            await Page.Keyboard.TypeAsync(FormattableString.Invariant($"{1000 + month}"));
            await Page.Keyboard.PressAsync("Enter");
        }

        await Expect(Page.GetByText("Draft saved")).ToHaveCountAsync(12);
        await ScanAsync("activities, rows typed");
        await Page.GetByRole(AriaRole.Button, new() { Name = "Done" }).ClickAsync();
        await Page.GetByLabel("Select all entries shown").CheckAsync();
        var selected = Page.GetByRole(AriaRole.Region, new() { Name = "Selected entries" });
        await selected.GetByRole(AriaRole.Combobox, new() { Name = "Unit" }).SelectOptionAsync("kWh (Net CV)");
        await Expect(selected.GetByRole(AriaRole.Button, new() { Name = "Convert the numbers" })).ToBeVisibleAsync();
        await ScanAsync("activities, several selected");
        await selected.GetByRole(AriaRole.Button, new() { Name = "Submit" }).ClickAsync();
        await ExpectTitleAsync("12 entries wait for approval");
        await Page.GetByRole(AriaRole.Button, new() { Name = "Open Natural gas, Leeds office, Jan 2025" }).ClickAsync();
        await Expect(Page.GetByRole(AriaRole.Heading, new() { Name = "Natural gas, Jan 2025" })).ToBeVisibleAsync();
        await Expect(Page.GetByRole(AriaRole.Heading, new() { Name = "History" })).ToBeVisibleAsync();
        await Page.GetByRole(AriaRole.Button, new() { Name = "Choose a factor" }).ClickAsync();
        await Expect(Page.GetByText("Hold for these days and this place")).ToBeVisibleAsync();
        await Page.GetByRole(AriaRole.Button, new() { Name = "Count in another unit" }).ClickAsync();
        await Page.GetByLabel("New unit").SelectOptionAsync("m3");
        await Expect(Page.GetByLabel("Source")).ToBeVisibleAsync();
        await ScanAsync("activities, entry open");

        await Page.GotoAsync("/exceptions");
        await Expect(Page.GetByRole(AriaRole.Heading, new() { Name = "All is calculated" })).ToBeVisibleAsync();
        await ScanAsync("exceptions, none");

        // What is expected is planned from what is there; a month of the next year that lacks is filled from this one.
        await Page.GotoAsync("/collection?year=2025");
        await Expect(Page.GetByRole(AriaRole.Heading, new() { Name = "Say what you expect, and gaps show by themselves" })).ToBeVisibleAsync();
        await ScanAsync("data collection, nothing planned");
        await Page.GetByRole(AriaRole.Button, new() { Name = "Plan what is entered already" }).ClickAsync();
        await ExpectTitleAsync("Nothing is missing: 12 months of 1 source");
        await Page.GetByLabel("Year").SelectOptionAsync("2026");
        await ExpectTitleAsync("of 12 months are missing");
        await Page.GetByRole(AriaRole.Button, new() { Name = "Natural gas, Leeds office, January 2026: missing" }).ClickAsync();
        await ScanAsync("data collection, a missing month open");
        await Page.GetByRole(AriaRole.Button, new() { Name = "Fill with same days of the year before" }).ClickAsync();
        await Expect(Page.GetByRole(AriaRole.Button, new() { Name = "January 2026: waiting for approval" })).ToBeVisibleAsync();
    }
}
