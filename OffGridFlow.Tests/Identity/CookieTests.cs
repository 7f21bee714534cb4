using System.Net;
using OffGridFlow.Core.Identity;

namespace OffGridFlow.Tests.Identity;

/// <summary>Browser sessions, through the real forms.</summary>
public sealed class CookieTests(SharedApp shared) : IClassFixture<SharedApp>
{
    private readonly TestApp _app = shared.App;

    [Fact]
    public async Task SignIn_ThroughTheForm_SetsACookieForThisSiteOnly()
    {
        using var browser = new Browser(_app);

        using var answer = await browser.SignInAsync(TestApp.AdminEmail, TestApp.AdminPassword);

        var cookie = answer.Headers.GetValues("Set-Cookie").Single(header => header.StartsWith("offgridflow=", StringComparison.Ordinal)).ToLowerInvariant();
        cookie.ShouldContain("httponly");
        cookie.ShouldContain("samesite=lax");
        cookie.ShouldContain("path=/");
        cookie.ShouldNotContain("domain=");
        using var page = await browser.GetAsync("/");
        page.StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task SignIn_WithoutAntiforgeryToken_IsRefused()
    {
        using var browser = new Browser(_app);

        using var answer = await browser.PostAsync("/account/sign-in", new()
        {
            ["_handler"] = "sign-in", ["Input.Email"] = TestApp.AdminEmail, ["Input.Password"] = TestApp.AdminPassword,
        });

        answer.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        browser.SessionCookie.ShouldBeNull();
    }

    [Fact]
    public async Task SignIn_WrongPassword_SetsNoCookie_AndSaysTheSameForAnybody()
    {
        using var browser = new Browser(_app);

        using var wrong = await browser.SignInAsync(await PersonAsync(), "wrong");
        using var unknown = await browser.SignInAsync("nobody@nowhere.example", "wrong");

        wrong.StatusCode.ShouldBe(HttpStatusCode.OK);
        browser.SessionCookie.ShouldBeNull();
        const string Words = "E-mail and password do not belong together";
        (await wrong.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)).ShouldContain(Words);
        (await unknown.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)).ShouldContain(Words);
    }

    [Fact]
    public async Task SignOut_KillsTheSession_ForEveryCopyOfTheCookie()
    {
        using var browser = await Browser.SignedInAsync(_app);
        using var copy = new Browser(_app);
        copy.UseSessionCookie(browser.SessionCookie!);
        (await copy.GetAsync("/")).StatusCode.ShouldBe(HttpStatusCode.OK);

        using var answer = await browser.SignOutAsync();

        answer.StatusCode.ShouldBe(HttpStatusCode.Redirect);
        answer.Headers.Location!.ToString().ShouldBe("/account/sign-in");
        browser.SessionCookie.ShouldBeNull();
        await ShouldBeSentToSignInAsync(copy);
    }

    [Fact]
    public async Task SignOut_WithoutAntiforgeryToken_IsABadRequest_AndTheSessionLives()
    {
        using var browser = await Browser.SignedInAsync(_app);

        using var answer = await browser.PostAsync("/app/sign-out", []);

        answer.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await browser.GetAsync("/")).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task SignOut_AfterTheSessionEnded_LeadsToSignIn()
    {
        using var browser = new Browser(_app);

        using var answer = await browser.PostAsync("/app/sign-out", []);

        answer.StatusCode.ShouldBe(HttpStatusCode.Redirect);
        answer.Headers.Location!.ToString().ShouldBe("/account/sign-in");
    }

    [Fact]
    public async Task SignIn_AsAnotherPerson_EndsTheFormerSession_AndTakesANewKey()
    {
        var second = await PersonAsync();
        using var browser = await Browser.SignedInAsync(_app, await PersonAsync());
        using var former = new Browser(_app);
        former.UseSessionCookie(browser.SessionCookie!);

        (await browser.SignInAsync(second, TestApp.AdminPassword)).StatusCode.ShouldBe(HttpStatusCode.Redirect);

        (await (await browser.GetAsync("/")).Content.ReadAsStringAsync(TestContext.Current.CancellationToken)).ShouldContain(second);
        await ShouldBeSentToSignInAsync(former);
    }

    [Fact]
    public async Task RoleChange_IsInForceAtTheNextRequest()
    {
        var email = await PersonAsync();
        using var browser = await Browser.SignedInAsync(_app, email);
        (await browser.GetAsync("/imports")).StatusCode.ShouldBe(HttpStatusCode.OK);

        await _app.SetRoleAsync(email, TenantRole.Viewer);

        using var refused = await browser.GetAsync("/imports");
        refused.StatusCode.ShouldBe(HttpStatusCode.Redirect);
        refused.Headers.Location!.AbsolutePath.ShouldBe("/account/denied");
        (await browser.GetAsync("/")).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task MembershipRemoved_SignsOutAtTheNextRequest()
    {
        var email = await PersonAsync();
        using var browser = await Browser.SignedInAsync(_app, email);

        await _app.OwnerAsync<object>("delete from memberships where user_id = (select id from users where email = $1)", email);

        await ShouldBeSentToSignInAsync(browser);
    }

    [Fact]
    public async Task ExpiredSession_IsOver()
    {
        var email = await PersonAsync();
        using var browser = await Browser.SignedInAsync(_app, email);

        await _app.OwnerAsync<object>("update sessions set expires_at = now() where user_id = (select id from users where email = $1)", email);

        await ShouldBeSentToSignInAsync(browser);
    }

    [Fact]
    public async Task SessionInUse_IsExtended()
    {
        var email = await PersonAsync();
        using var browser = await Browser.SignedInAsync(_app, email);
        await _app.OwnerAsync<object>("update sessions set expires_at = now() + interval '1 hour' where user_id = (select id from users where email = $1)", email);

        (await browser.GetAsync("/")).StatusCode.ShouldBe(HttpStatusCode.OK);

        (await _app.OwnerAsync<bool>("select expires_at > now() + interval '11 hours' from sessions where user_id = (select id from users where email = $1)", email)).ShouldBeTrue();
    }

    [Theory]
    [InlineData("/imports", "/imports")]
    [InlineData("/emissions?from=2024-01-01", "/emissions?from=2024-01-01")]
    [InlineData("//evil.example", "/")]
    [InlineData("/\\evil.example", "/")]
    [InlineData("\\\\evil.example", "/")]
    [InlineData("https://evil.example/", "/")]
    [InlineData("javascript:alert(1)", "/")]
    [InlineData("/\t/evil.example", "/")]
    [InlineData("/\n/evil.example", "/")]
    [InlineData("evil.example", "/")]
    [InlineData("/app/sign-out", "/")]
    [InlineData("", "/")]
    public async Task ReturnUrl_LeadsOnlyToPagesOfThisServer(string returnUrl, string expected)
    {
        using var browser = new Browser(_app);

        using var answer = await browser.SignInAsync(TestApp.AdminEmail, TestApp.AdminPassword, "/account/sign-in?returnUrl=" + Uri.EscapeDataString(returnUrl));

        answer.StatusCode.ShouldBe(HttpStatusCode.Redirect);
        new Uri(_app.Address, answer.Headers.Location!).ShouldBe(new Uri(_app.Address, expected));
    }

    private async Task ShouldBeSentToSignInAsync(Browser browser)
    {
        using var answer = await browser.GetAsync("/");
        answer.StatusCode.ShouldBe(HttpStatusCode.Redirect);
        new Uri(_app.Address, answer.Headers.Location!).AbsolutePath.ShouldBe("/account/sign-in");
    }

    private async Task<string> PersonAsync()
    {
        var email = $"person-{Guid.NewGuid():N}@cookie.example";
        await _app.AddTenantAsync("A company", email);
        return email;
    }
}
