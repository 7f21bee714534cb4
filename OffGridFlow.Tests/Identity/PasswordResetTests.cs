using System.Net;
using OffGridFlow.Core.Identity;

namespace OffGridFlow.Tests.Identity;

/// <summary>Links by which people choose another password.</summary>
public sealed class PasswordResetTests(SharedApp shared) : IClassFixture<SharedApp>
{
    private const string Chosen = "another sentence by far";
    private readonly TestApp _app = shared.App;

    [Fact]
    public async Task Link_SetsThePasswordOnce_AndEndsEverySession()
    {
        var company = await Company.NewAsync(_app);
        var (email, id) = await company.AddAsync(TenantRole.Analyst);
        using var signedIn = await Browser.SignedInAsync(_app, email);
        var link = await MakeAsync(company, id);
        using var browser = new Browser(_app);
        using var page = await browser.GetAsync(link);
        page.Headers.GetValues("Referrer-Policy").ShouldBe(["no-referrer"]);
        (await TextAsync(page)).ShouldContain("Choose a new password");

        (await TextAsync(await UseAsync(browser, link, "short"))).ShouldContain("at least 8");
        (await TextAsync(await UseAsync(browser, link, Chosen))).ShouldContain("Your password is set");

        (await signedIn.GetAsync("/")).StatusCode.ShouldBe(HttpStatusCode.Redirect);
        (await TextAsync(await UseAsync(browser, link, "a third one that is long"))).ShouldContain("leads nowhere any more");
        (await Browser.SignedInAsync(_app, email, Chosen)).Dispose();
        (await company.AuditAsync($"user/{id}")).ShouldBe("sign-in.succeeded password.reset-link-created password.reset sign-in.succeeded");
    }

    [Fact]
    public async Task Link_ThatWasReplaced_OrIsADayOld_OrOfADisabledPerson_ChangesNothing()
    {
        var company = await Company.NewAsync(_app);
        var (email, id) = await company.AddAsync(TenantRole.Analyst);
        using var browser = new Browser(_app);
        var replaced = await MakeAsync(company, id);
        var old = await MakeAsync(company, id);
        await _app.OwnerAsync<object>("update password_resets set expires_at = now() where user_id = $1", id);
        (await TextAsync(await browser.GetAsync(old))).ShouldContain("This link has expired");
        var shut = await MakeAsync(company, id);
        (await _app.OwnerAsync<bool>("select expires_at between now() + interval '23 hours' and now() + interval '24 hours' from password_resets where user_id = $1 and revoked_at is null", id)).ShouldBeTrue();
        (await Company.ChangeAsync(company.Admin, id, 1, "analyst", "disabled")).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await Company.ChangeAsync(company.Admin, id, 2, "analyst")).StatusCode.ShouldBe(HttpStatusCode.OK);

        foreach (var link in new[] { replaced, old, shut, "/account/reset/" + new string('x', 43) })
        {
            (await TextAsync(await UseAsync(browser, link, Chosen))).ShouldContain("Your password was not changed", customMessage: link);
        }

        (await Browser.SignedInAsync(_app, email)).Dispose();
    }

    /// <summary>The administrators of one organization must not get into another by the account of somebody who is in both.</summary>
    [Fact]
    public async Task PersonOfTwoOrganizations_GetsNoLink_AndAnEarlierOneIsDead()
    {
        var company = await Company.NewAsync(_app);
        var other = await Company.NewAsync(_app);
        var (email, id) = await company.AddAsync(TenantRole.Analyst);
        var early = await MakeAsync(company, id);
        await other.AddAsync(email, TenantRole.Viewer);

        using var refused = await company.Admin.PostAsync($"/api/v1/users/{id}/password-reset", null, TestContext.Current.CancellationToken);
        using var browser = new Browser(_app);
        var used = await TextAsync(await UseAsync(browser, early, Chosen));

        refused.StatusCode.ShouldBe(HttpStatusCode.Conflict);
        (await refused.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)).ShouldContain("also belongs to another organization");
        used.ShouldContain("Your password was not changed");
        (await Browser.SignedInAsync(_app, email)).Dispose();
    }

    private static async Task<string> MakeAsync(Company company, Guid person)
    {
        using var answer = await company.Admin.PostAsync($"/api/v1/users/{person}/password-reset", null, TestContext.Current.CancellationToken);
        answer.StatusCode.ShouldBe(HttpStatusCode.Created);
        return new Uri((await Company.JsonAsync(answer)).GetProperty("link").GetString()!).AbsolutePath;
    }

    private static Task<HttpResponseMessage> UseAsync(Browser browser, string link, string password) =>
        browser.SubmitAsync(link, new() { ["_handler"] = "reset", ["Input.Password"] = password });

    private static async Task<string> TextAsync(HttpResponseMessage answer) =>
        WebUtility.HtmlDecode(await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
}
