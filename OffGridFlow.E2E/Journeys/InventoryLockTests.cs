using Microsoft.Playwright;
using OffGridFlow.E2E.Fixture;
using static Microsoft.Playwright.Assertions;

namespace OffGridFlow.E2E.Journeys;

/// <summary>From the list of periods to a locked inventory, and back with a reason.</summary>
public sealed class InventoryLockTests(AppFixture fixture) : PageTest(fixture)
{
    [Fact]
    public async Task Period_IsLocked_AndReopenedWithAReason()
    {
        var email = await SignInToEmptyTenantAsync("/");
        await Fixture.App.ExecuteAsync(
            """
            with entity as (
              insert into organizations (id, tenant_id, name, country, version)
              select new_id(), m.tenant_id, 'Nordwerk', 'DE', 1 from memberships m join users u on u.id = m.user_id where u.email = $1 returning id, tenant_id)
            insert into sites (id, tenant_id, organization_id, name, country, region, version) select new_id(), tenant_id, id, 'Hamburg', 'DE', 'DE', 1 from entity
            """,
            email);
        await Fixture.App.ExecuteAsync(
            """
            insert into reporting_periods (id, tenant_id, name, first_day, last_day, state, version)
            select new_id(), m.tenant_id, 'FY2025', '2025-01-01', '2025-12-31', 'Open', 1 from memberships m join users u on u.id = m.user_id where u.email = $1
            """,
            email);
        await Page.GotoAsync("/organization?show=periods");
        await Page.GetByRole(AriaRole.Link, new() { Name = "FY2025" }).ClickAsync();
        await ExpectTitleAsync("FY2025 is open: 1 of 6 conditions is not met");
        await Expect(Page.GetByText("15 categories are not decided")).ToBeVisibleAsync();
        await Expect(Page.GetByRole(AriaRole.Button, new() { Name = "Lock the inventory" })).ToBeDisabledAsync();
        await ScanAsync("lock, what is missing");

        await Fixture.App.ExecuteAsync(
            """
            insert into boundary_decisions (period_id, category, version, tenant_id, choice, author, at, approved_by, approved_at)
            select p.id, c, 1, p.tenant_id, 'Included', 'Ada', now(), 'Grace', now() from reporting_periods p join memberships m on m.tenant_id = p.tenant_id join users u on u.id = m.user_id, generate_series(1, 15) c
            where u.email = $1
            """,
            email);
        await Page.ReloadAsync();
        await ExpectTitleAsync("FY2025 is ready to be locked");
        await Page.GetByLabel("Reason").FillAsync("Reviewed for the annual report");
        await Page.GetByRole(AriaRole.Button, new() { Name = "Lock the inventory" }).ClickAsync();
        await ExpectTitleAsync("FY2025 is locked as snapshot 1");
        await Expect(Page.GetByRole(AriaRole.Link, new() { Name = "Evidence" })).ToBeVisibleAsync();
        await ScanAsync("lock, locked");

        await Page.GetByRole(AriaRole.Button, new() { Name = "Reopen the inventory" }).ClickAsync();
        await Expect(Page.GetByRole(AriaRole.Alert)).ToContainTextAsync("Say why it is reopened");
        await Page.GetByLabel("Reason").FillAsync("An invoice was found");
        await Page.GetByRole(AriaRole.Button, new() { Name = "Reopen the inventory" }).ClickAsync();
        await ExpectTitleAsync("FY2025 is ready to be locked");
        await Expect(Page.GetByText("Nothing differs")).ToBeVisibleAsync();
        await ScanAsync("lock, reopened with a difference");
    }
}
