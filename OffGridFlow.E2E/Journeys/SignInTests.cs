using System.Text.RegularExpressions;
using Microsoft.Playwright;
using OffGridFlow.Core.Identity;
using OffGridFlow.E2E.Fixture;
using static Microsoft.Playwright.Assertions;

namespace OffGridFlow.E2E.Journeys;

public sealed class SignInTests(AppFixture fixture) : PageTest(fixture)
{
    [Fact]
    public async Task WrongPassword_IsSaid_AndTheFifthLocks()
    {
        var email = await Fixture.AddTenantAsync();
        await Page.GotoAsync("/account/sign-in");
        await ScanAsync("sign-in");

        for (var i = 0; i < 5; i++)
        {
            await TryAsync(email, "not the password");
            await Expect(Page.GetByRole(AriaRole.Alert)).ToContainTextAsync("Not signed in.");
        }

        await ScanAsync("sign-in, with error");
        await TryAsync(email, AppFixture.Password);
        await Expect(Page.GetByRole(AriaRole.Alert)).ToContainTextAsync("There were too many wrong tries. Wait 15 minutes, then try again.");
    }

    [Fact]
    public async Task EmptyForm_NamesWhatIsMissing()
    {
        await Page.GotoAsync("/account/sign-in");

        await TryAsync("", "");

        await Expect(Page.GetByText("Enter the e-mail address of your account.")).ToBeVisibleAsync();
        await Expect(Page.GetByText("Enter your password.")).ToBeVisibleAsync();
        await ScanAsync("sign-in, empty");
    }

    [Fact]
    public async Task SignOut_EndsTheSession_SoThatGoingBackAsksToSignIn()
    {
        await SignInToEmptyTenantAsync();
        await ExpectTitleAsync("There are no emissions yet");

        await Page.GetByLabel("account menu of Ada Person").ClickAsync();
        await Page.GetByRole(AriaRole.Button, new() { Name = "Sign out" }).ClickAsync();
        await Expect(Page).ToHaveURLAsync(new Regex("/account/sign-in"));
        await Page.GoBackAsync();

        await ExpectTitleAsync("Sign in");
    }

    [Theory]
    [InlineData("/emissions?service=AmazonEC2", "/emissions?service=AmazonEC2")]
    [InlineData("https://elsewhere.example/", "/")]
    [InlineData("//elsewhere.example/", "/")]
    public async Task ReturnUrl_LeadsBack_ButNeverElsewhere(string returnUrl, string expected)
    {
        await TypeSignInAsync(await Fixture.AddTenantAsync(), returnUrl);

        await Expect(Page).ToHaveURLAsync(new Uri(Address, expected).ToString());
    }

    [Fact]
    public async Task PageWithoutSession_AsksToSignInAndComesBack()
    {
        var email = await Fixture.AddTenantAsync();
        await Page.GotoAsync("/emissions?groupBy=month");
        await ExpectTitleAsync("Sign in");

        await TryAsync(email, AppFixture.Password);

        await Expect(Page).ToHaveURLAsync(new Uri(Address, "/emissions?groupBy=month").ToString());
    }

    [Fact]
    public async Task Viewer_SeesFiguresButNeitherTrailsNorUpload()
    {
        var email = await SignInToEmptyTenantAsync("/imports");
        await Expect(Page.GetByText("Nothing is here yet; that is not zero")).ToBeVisibleAsync();
        await UploadAsync(Bills.Month("november.csv", "2023-11", 5));
        await ExpectCompletedAsync();
        await Fixture.SetRoleAsync(email, TenantRole.Viewer);

        await Page.GotoAsync("/emissions?groupBy=");
        await Expect(Page.GetByRole(AriaRole.Table, new() { Name = "Emissions grouped by" }).GetByRole(AriaRole.Row).Nth(2)).ToBeVisibleAsync();
        await Expect(Page.GetByRole(AriaRole.Button, new() { Name = "open trail" })).ToHaveCountAsync(0);
        await Expect(Page.GetByRole(AriaRole.Link, new() { Name = "Imports", Exact = true })).ToHaveCountAsync(0);

        await Page.GotoAsync("/imports");
        await ExpectTitleAsync("This page needs a permission that you do not have");
        await ScanAsync("denied");
    }

    [Fact]
    public async Task UnknownAddress_IsSaidToBeUnknown()
    {
        ExpectStatus(404);
        await SignInToEmptyTenantAsync();

        await Page.GotoAsync("/no/such/page");

        await ExpectTitleAsync("There is no page at this address");
        await ScanAsync("not found");
    }

    [Fact]
    public async Task SessionEndedOnTheServer_WhileACircuitIsOpen_AsksToSignInAtTheNextLoad()
    {
        var email = await SignInToEmptyTenantAsync();
        await ExpectTitleAsync("There are no emissions yet");

        await Fixture.App.ExecuteAsync("update sessions set ended_at = now() where user_id = (select id from users where normalized_email = upper($1))", email);
        await Page.ReloadAsync();

        await ExpectTitleAsync("Sign in");
    }

    private async Task TryAsync(string email, string password)
    {
        await Page.GetByLabel("E-mail").FillAsync(email);
        await Page.GetByLabel("Password").FillAsync(password);
        await Page.GetByRole(AriaRole.Button, new() { Name = "Sign in" }).ClickAsync();
    }
}
