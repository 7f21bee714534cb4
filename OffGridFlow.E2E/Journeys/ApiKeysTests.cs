using System.Net;
using System.Text.Json;
using Microsoft.Playwright;
using OffGridFlow.E2E.Fixture;
using static Microsoft.Playwright.Assertions;

namespace OffGridFlow.E2E.Journeys;

/// <summary>A key from its making to its end, as an administrator and a program live through it.</summary>
public sealed class ApiKeysTests(AppFixture fixture) : PageTest(fixture)
{
    [Fact]
    public async Task Key_MadeUsedSeenAndRevoked()
    {
        await SignInToEmptyTenantAsync("/api-keys");
        await ExpectTitleAsync("No key is in use");
        await ScanAsync("api keys, empty");

        await Page.GetByRole(AriaRole.Button, new() { Name = "New key" }).ClickAsync();
        await Expect(Page.GetByLabel("Name", new() { Exact = true })).ToBeFocusedAsync();
        await Page.GetByRole(AriaRole.Button, new() { Name = "Make the key" }).ClickAsync();
        await Expect(Page.GetByText("Choose at least one scope")).ToBeVisibleAsync();
        await ScanAsync("api keys, form with faults");
        await Page.GetByLabel("Name", new() { Exact = true }).FillAsync("Totals for the board");
        await Page.GetByRole(AriaRole.Button, new() { Name = "Read totals" }).ClickAsync();
        await Page.GetByRole(AriaRole.Radio, new() { Name = "In 30 days" }).CheckAsync();
        await Page.GetByRole(AriaRole.Button, new() { Name = "Make the key" }).ClickAsync();
        var shown = Page.GetByTestId("key");
        await Expect(shown).ToHaveTextAsync(new System.Text.RegularExpressions.Regex("^ogf_[0-9a-z]{8}_[0-9a-f]{64}$"));
        await ExpectTitleAsync("1 key is in use");
        await ScanAsync("api keys, key shown");

        await Context.GrantPermissionsAsync(["clipboard-read", "clipboard-write"]);
        await Page.GetByRole(AriaRole.Button, new() { Name = "Copy key" }).ClickAsync();
        await Expect(Page.GetByRole(AriaRole.Button, new() { Name = "Copied" })).ToBeVisibleAsync();
        var key = await Page.EvaluateAsync<string>("navigator.clipboard.readText()");
        key.ShouldBe(await shown.InnerTextAsync());

        using var program = new HttpClient { BaseAddress = Fixture.App.Address };
        program.DefaultRequestHeaders.Add("X-Api-Key", key);
        using (var answer = await program.GetAsync("/api/v1/emissions/summary?groupBy=month", TestContext.Current.CancellationToken))
        {
            answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        }

        // Written down beside the request: the page shows it when it is asked for again.
        var row = Page.GetByRole(AriaRole.Row).Filter(new() { HasText = "Totals for the board" });
        await UntilAsync(async () =>
        {
            await Page.ReloadAsync();
            await Expect(row).ToContainTextAsync("from 127.0.0.1", new() { Timeout = 2000 });
        });
        await Expect(shown).ToBeHiddenAsync();

        await row.GetByRole(AriaRole.Button, new() { Name = "Revoke Totals for the board" }).ClickAsync();
        var dialog = Page.GetByRole(AriaRole.Alertdialog);
        await Expect(dialog).ToContainTextAsync("cannot be brought back");
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Revoke key" }).ClickAsync();
        await ExpectTitleAsync("No key is in use");
        await Expect(row.GetByText("Revoked", new() { Exact = true })).ToBeVisibleAsync();
        await ScanAsync("api keys, revoked");

        using var refused = await program.GetAsync("/api/v1/emissions/summary?groupBy=month", TestContext.Current.CancellationToken);
        refused.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        JsonDocument.Parse(await refused.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)).RootElement.GetProperty("detail").GetString()
            .ShouldNotBeNull().ShouldStartWith("The key “Totals for the board” was revoked on ");
    }

    private static async Task UntilAsync(Func<Task> attempt)
    {
        for (var left = 5; ; left--)
        {
            try
            {
                await attempt();
                return;
            }
            catch (PlaywrightException) when (left > 0)
            {
                // Not yet: the attempt itself has waited.
            }
        }
    }
}
