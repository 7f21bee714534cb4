using Microsoft.Playwright;
using OffGridFlow.E2E.Fixture;
using static Microsoft.Playwright.Assertions;

namespace OffGridFlow.E2E.Journeys;

/// <summary>Keyboard, theme and a connection that breaks.</summary>
public sealed class HandlingTests(AppFixture fixture) : PageTest(fixture)
{
    [Fact]
    public async Task Keyboard_Alone_OpensAndClosesATrail()
    {
        await SignInToFullTenantAsync("/emissions?groupBy=service");
        var grid = Page.GetByRole(AriaRole.Table, new() { Name = "Emissions grouped by" });
        await Expect(grid).ToBeVisibleAsync();

        await Page.GetByRole(AriaRole.Link, new() { Name = "Skip to content" }).FocusAsync();
        await Page.Keyboard.PressAsync("Enter");
        await Expect(Page.GetByRole(AriaRole.Main)).ToBeFocusedAsync();
        var group = grid.GetByRole(AriaRole.Button, new() { Expanded = false }).First;
        await TabToAsync(group);
        await Page.Keyboard.PressAsync("Enter");
        var figure = grid.GetByRole(AriaRole.Button, new() { Name = ", open trail" }).First;
        await Expect(figure).ToBeVisibleAsync();
        await TabToAsync(figure);
        await Page.Keyboard.PressAsync("Enter");
        await Expect(Page.GetByRole(AriaRole.Heading, new() { Name = "Source file" })).ToBeVisibleAsync();
        await Expect(Page.Locator("#trail-title")).ToBeFocusedAsync();
        await Page.Keyboard.PressAsync("Escape");

        await Expect(Page.GetByRole(AriaRole.Heading, new() { Name = "Source file" })).ToBeHiddenAsync();
        await Expect(figure).ToBeFocusedAsync();
    }

    [Fact]
    public async Task FirstStopOfTheTabKey_IsTheSkipLink()
    {
        await SignInToEmptyTenantAsync();
        await ExpectTitleAsync("There are no emissions yet");

        var first = await Page.EvaluateAsync<string>("document.querySelector('a[href], button, input, select, summary').textContent");

        first.ShouldBe("Skip to content");
    }

    [Fact]
    public async Task Theme_Chosen_StaysOverAReload()
    {
        await SignInToEmptyTenantAsync();
        await ExpectTitleAsync("There are no emissions yet");
        var light = await BackgroundAsync();

        await Page.GetByLabel("Theme", new() { Exact = true }).ClickAsync();
        await Page.GetByRole(AriaRole.Button, new() { Name = "Dark" }).ClickAsync();
        await Expect(Page.Locator("html")).ToHaveAttributeAsync("data-theme", "dark");
        await Page.ReloadAsync();

        await Expect(Page.Locator("html")).ToHaveAttributeAsync("data-theme", "dark");
        (await BackgroundAsync()).ShouldNotBe(light);
    }

    [Fact]
    public async Task BrokenConnection_IsSaid_AndTheMessageGoesWhenItIsBack()
    {
        ExpectBrokenConnection();
        var sockets = new List<IWebSocketRoute>();
        await Page.RouteWebSocketAsync(address => address.Contains("/_blazor", StringComparison.Ordinal), socket =>
        {
            sockets.Add(socket);
            socket.ConnectToServer();
        });
        await SignInToEmptyTenantAsync();
        await ExpectTitleAsync("There are no emissions yet");
        var message = Page.GetByText("The connection to the server was lost");
        await Expect(message).ToBeHiddenAsync();

        await Context.SetOfflineAsync(true);
        await sockets[^1].CloseAsync();
        await Expect(message).ToBeVisibleAsync();
        await ScanAsync("connection lost");
        await Context.SetOfflineAsync(false);

        await Expect(message).ToBeHiddenAsync(new() { Timeout = 30_000 });
        await OpenAsync("Imports");
        await ExpectTitleAsync("Imports");
    }

    private Task<string> BackgroundAsync() => Page.EvaluateAsync<string>("getComputedStyle(document.body).backgroundColor");
}
