using OffGridFlow.E2E.Fixture;
using static Microsoft.Playwright.Assertions;

namespace OffGridFlow.E2E;

/// <summary>What a page says when the database fails it. The database is everybody's: nothing else runs meanwhile.</summary>
[Collection(nameof(FailingDatabaseTests))]
[CollectionDefinition(nameof(FailingDatabaseTests), DisableParallelization = true)]
public sealed class FailingDatabaseTests(AppFixture fixture) : PageTest(fixture)
{
    /// <summary>The database does not answer one question: whether set-up is needed, or who is signed in.</summary>
    [Theory]
    [InlineData("set_up_state", "", "/account/first-run")]
    [InlineData("find_session", "bytea, text", "/")]
    public async Task PageThatFailsBeforeItsCircuit_GivesAReferenceAndHasNoViolations(string function, string arguments, string path)
    {
        ExpectStatus(500);
        ExpectBrokenConnection();
        await SignInToEmptyTenantAsync();
        // The first page's circuit is up: what fails from here on is the page that is asked for, and nothing else.
        await ExpectTitleAsync("There are no emissions yet");
        await Fixture.App.ExecuteAsync($"alter function {function}({arguments}) rename to {function}_away");
        try
        {
            await Page.GotoAsync(path);
        }
        finally
        {
            await Fixture.App.ExecuteAsync($"alter function {function}_away({arguments}) rename to {function}");
        }

        await Expect(Page.GetByText("OGF-").First).ToBeVisibleAsync();
        Fixture.App.Log.ShouldContain(await Page.Locator(".og-error code").First.InnerTextAsync());
        await ScanAsync("error, " + function);
    }
}
