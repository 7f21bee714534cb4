using System.Text.RegularExpressions;
using Microsoft.Playwright;
using OffGridFlow.E2E.Fixture;
using static Microsoft.Playwright.Assertions;

namespace OffGridFlow.E2E.Journeys;

/// <summary>An installation that nobody has set up: an application of its own with an empty data folder.</summary>
public sealed partial class FirstRunTests(AppFixture fixture) : PageTest(fixture)
{
    private AppProcess _app = null!;

    protected override Uri Address => _app.Address;

    public override async ValueTask InitializeAsync()
    {
        _app = await AppProcess.StartAsync(("OFFGRIDFLOW_DEMO", "false"));
        await base.InitializeAsync();
    }

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        await _app.DisposeAsync();
    }

    [Fact]
    public async Task EmptyInstallation_SetUpWithTheTokenOfTheLog_LandsOnOverview()
    {
        await Page.GotoAsync("/");
        await Expect(Page).ToHaveURLAsync(new Regex("/account/first-run$"));
        await ScanAsync("first-run");

        await FillAsync("not-the-token");
        await Expect(Page.GetByText("This is not the token in the log, or it was used already.")).ToBeVisibleAsync();
        await ScanAsync("first-run, with error");
        await FillAsync(Token().Match(_app.Log).Groups[1].Value);

        await ExpectTitleAsync("There are no emissions yet");
        await Expect(Page.GetByText("Nordlicht GmbH")).ToBeVisibleAsync();
    }

    [GeneratedRegex("one-time token (\\S+)")]
    private static partial Regex Token();

    private async Task FillAsync(string token)
    {
        await Page.GetByLabel("One-time token").FillAsync(token);
        await Page.GetByLabel("Organization").FillAsync("Nordlicht GmbH");
        await Page.GetByLabel("Your name").FillAsync("Ada Person");
        await Page.GetByLabel("E-mail").FillAsync("ada@nordlicht.example");
        await Page.GetByLabel("Password").FillAsync(AppFixture.Password);
        await Page.GetByRole(AriaRole.Button, new() { Name = "Set up the organization" }).ClickAsync();
    }
}
