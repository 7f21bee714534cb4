using Microsoft.Playwright;
using OffGridFlow.E2E.Fixture;
using static Microsoft.Playwright.Assertions;

namespace OffGridFlow.E2E.Journeys;

/// <summary>Somebody who wants to know who did what, and whether the log still says the truth.</summary>
public sealed class AuditTests(AppFixture fixture) : PageTest(fixture)
{
    [Fact]
    public async Task Log_IsFiltered_Opened_Exported_Checked_AndNamesWhatTheDatabasesOwnerChanged()
    {
        var email = await SignInToEmptyTenantAsync("/account");
        await Page.GetByLabel("Name", new() { Exact = true }).FillAsync("Ada Lund");
        await Page.GetByRole(AriaRole.Button, new() { Name = "Save name" }).ClickAsync();
        await Expect(Page.GetByLabel("account menu of Ada Lund")).ToBeVisibleAsync();

        // What changed stands in the list, and whole in the open entry; the address keeps it.
        await Page.GotoAsync("/audit");
        await ExpectTitleAsync("Audit log");
        await Page.GetByRole(AriaRole.Combobox, new() { Name = "What" }).SelectOptionAsync("user.renamed");
        await Expect(Page.GetByRole(AriaRole.Heading, new() { Name = "One entry fits this choice" })).ToBeVisibleAsync();
        await Page.GetByRole(AriaRole.Button, new() { Name = "Person renamed" }).ClickAsync();
        await Expect(Page.GetByRole(AriaRole.Table, new() { Name = "What changed" })).ToContainTextAsync("Ada Person");
        await Expect(Page.Locator(".og-audit-detail")).ToContainTextAsync("from 127.0.0.1");
        await Page.ReloadAsync();
        await Expect(Page.Locator(".og-audit-detail")).ToContainTextAsync("Ada Lund");

        // It leaves as Excel with the filter, and that is written down too.
        var download = Page.WaitForDownloadAsync();
        await Page.GetByRole(AriaRole.Link, new() { Name = "Export Excel" }).ClickAsync();
        (await download).SuggestedFilename.ShouldEndWith(".xlsx");
        await Page.GetByRole(AriaRole.Link, new() { Name = "Clear filters" }).ClickAsync();
        await Expect(Page.GetByRole(AriaRole.Button, new() { Name = "Audit log exported" })).ToBeVisibleAsync();

        // Sealed, and found intact.
        await Expect(Page.GetByText("entries, all sealed")).ToBeVisibleAsync();
        await Page.GetByRole(AriaRole.Button, new() { Name = "Check the chain" }).ClickAsync();
        await Expect(Page.GetByText("Intact.")).ToBeVisibleAsync();
        await ScanAsync("audit log, intact");

        // The database's owner gets around the triggers; the chain tells which entry it was.
        await Fixture.App.ExecuteAsync(
            $$"""
            set session_replication_role = replica;
            update audit_entries set after = '{"name": "Somebody else"}'
            where action = 'user.renamed' and actor_id = (select id from users where normalized_email = upper('{{email}}'))
            """);
        await Page.GetByRole(AriaRole.Button, new() { Name = "Check the chain" }).ClickAsync();
        await Expect(Page.GetByRole(AriaRole.Alert)).ToContainTextAsync("(user.renamed of");
        await ScanAsync("audit log, broken");
        await Page.GetByRole(AriaRole.Link, new() { Name = "Open the entry" }).ClickAsync();
        await Expect(Page.GetByRole(AriaRole.Table, new() { Name = "What changed" })).ToContainTextAsync("Somebody else");
    }
}
