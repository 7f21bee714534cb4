using Microsoft.Playwright;
using OffGridFlow.E2E.Fixture;
using static Microsoft.Playwright.Assertions;

namespace OffGridFlow.E2E.Journeys;

/// <summary>A base year, a target and a scenario, from nothing, by keyboard and form.</summary>
public sealed class TargetsTests(AppFixture fixture) : PageTest(fixture)
{
    [Fact]
    public async Task BaseYear_Target_AndScenario_AreSetUp()
    {
        var email = await SignInToEmptyTenantAsync("/targets");
        await Expect(Page.GetByText("A target starts from a reporting period, and there is none yet")).ToBeVisibleAsync();
        await Fixture.App.ExecuteAsync(
            """
            insert into reporting_periods (id, tenant_id, name, first_day, last_day, state, version)
            select gen_random_uuid(), m.tenant_id, 'FY' || year, make_date(year, 1, 1), make_date(year, 12, 31), 'Open', 1
            from memberships m join users u on u.id = m.user_id, generate_series(2024, 2025) year where u.normalized_email = upper($1)
            """,
            email);

        await OpenAsync("Base year");
        await Expect(Page.GetByText("No base year is chosen")).ToBeVisibleAsync();
        await ScanAsync("base year, none");
        await Page.GetByRole(AriaRole.Button, new() { Name = "Write the policy" }).ClickAsync();
        var dialog = Page.GetByRole(AriaRole.Dialog);
        await Page.GetByLabel("Threshold, %").FillAsync("0");
        await Page.GetByRole(AriaRole.Button, new() { Name = "Save the policy" }).ClickAsync();
        await Expect(Page.GetByText("The threshold is above 0 and up to 1")).ToBeVisibleAsync();
        await Page.GetByLabel("Threshold, %").FillAsync("5");
        await Page.GetByRole(AriaRole.Button, new() { Name = "Save the policy" }).ClickAsync();
        await ExpectTitleAsync("The base-year policy waits for approval");
        await Page.GetByRole(AriaRole.Button, new() { Name = "Approve the policy" }).ClickAsync();
        await ExpectTitleAsync("Nothing has changed for FY2024 since its figures were set");
        await ScanAsync("base year");

        await OpenAsync("Targets & scenarios");
        await Expect(Page.GetByText("No target is set")).ToBeVisibleAsync();
        await Page.GetByRole(AriaRole.Button, new() { Name = "Add a target" }).ClickAsync();
        await dialog.GetByLabel("Name", new() { Exact = true }).FillAsync("Scopes 1 and 2 by 2030");
        await Page.GetByLabel("Target year").FillAsync("2030");
        await ScanAsync("target, form");
        await Page.GetByRole(AriaRole.Button, new() { Name = "Add target", Exact = true }).ClickAsync();
        await Expect(dialog).ToBeHiddenAsync();
        await ExpectTitleAsync("Scopes 1 and 2 by 2030");
        await Page.GetByRole(AriaRole.Button, new() { Name = "Add a scenario" }).ClickAsync();
        await dialog.GetByLabel("Name", new() { Exact = true }).FillAsync("Renewable contracts");
        await Page.GetByRole(AriaRole.Button, new() { Name = "Add a lever" }).ClickAsync();
        await Page.GetByRole(AriaRole.Group, new() { Name = "Lever 1" }).GetByLabel("Name", new() { Exact = true }).FillAsync("Contract");
        await ScanAsync("scenario, form");
        await Page.GetByRole(AriaRole.Button, new() { Name = "Add scenario", Exact = true }).ClickAsync();
        await Expect(Page.GetByRole(AriaRole.Table, new() { Name = "Scenarios compared" })).ToBeVisibleAsync();
        await ScanAsync("targets");
    }
}
