using System.Net;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text;
using OffGridFlow.Core.Identity;

namespace OffGridFlow.Tests.Identity;

/// <summary>Links that let people in, through the API and the page that they open.</summary>
public sealed class InvitationTests(SharedApp shared) : IClassFixture<SharedApp>
{
    private const string Password = "a sentence for a password";
    private readonly TestApp _app = shared.App;

    [Fact]
    public async Task Accept_ByANewPerson_MakesAccountAndMember_AndSignsIn()
    {
        var company = await Company.NewAsync(_app);
        var email = Email();
        var link = await company.InviteAsync(email, "complianceManager");
        using var browser = new Browser(_app);
        (await TextAsync(await browser.GetAsync(link))).ShouldContain("invites you as compliance manager");

        using var answer = await AcceptAsync(browser, link, "Nils Berg");

        answer.StatusCode.ShouldBe(HttpStatusCode.Redirect, await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        (await TextAsync(await browser.GetAsync("/"))).ShouldContain("Compliance manager");
        (await MembershipAsync(company, email)).ShouldBe("ComplianceManager Active");
        var id = await company.IdOfAsync(email);
        (await company.AuditAsync($"user/{id}")).ShouldBe("invitation.accepted");
        (await _app.OwnerAsync<string>("select actor_name from audit_entries where tenant_id = $1 and action = 'invitation.accepted' and address is not null", company.Tenant)).ShouldBe("Nils Berg");
        (await InvitationsAsync(company)).ShouldBeEmpty();
        using var api = await _app.SignInAsync(email, Password);
    }

    [Fact]
    public async Task Link_IsKeptAsAHashOnly_AndTellsNoOtherSite()
    {
        var company = await Company.NewAsync(_app);
        var link = await company.InviteAsync(Email());
        var secret = link.Split('/')[^1];

        secret.Length.ShouldBe(43);
        (await _app.OwnerAsync<byte[]>("select token_hash from invitations where tenant_id = $1", company.Tenant)).ShouldBe(SHA256.HashData(Encoding.UTF8.GetBytes(secret)));
        (await _app.OwnerAsync<bool>("select exists (select from invitations i where i::text like '%' || $1 || '%') or exists (select from audit_entries a where a::text like '%' || $1 || '%')", secret))
            .ShouldBeFalse();
        using var browser = new Browser(_app);
        using var page = await browser.GetAsync(link);
        page.Headers.GetValues("Referrer-Policy").ShouldBe(["no-referrer"]);
        page.Headers.CacheControl!.NoStore.ShouldBeTrue();
    }

    [Fact]
    public async Task Link_ThatWasUsed_Replaced_WithdrawnOrIsMadeUp_LeadsNowhere_WithOneText()
    {
        var company = await Company.NewAsync(_app);
        var email = Email();
        var replaced = await company.InviteAsync(email);
        var used = await company.InviteAsync(email);
        using (var first = new Browser(_app))
        {
            (await AcceptAsync(first, used)).StatusCode.ShouldBe(HttpStatusCode.Redirect);
        }

        var withdrawn = await company.InviteAsync(Email());
        var open = (await InvitationsAsync(company)).Single();
        (await company.Admin.DeleteAsync($"/api/v1/invitations/{open}", TestContext.Current.CancellationToken)).StatusCode.ShouldBe(HttpStatusCode.NoContent);
        (await company.Admin.DeleteAsync($"/api/v1/invitations/{open}", TestContext.Current.CancellationToken)).StatusCode.ShouldBe(HttpStatusCode.NotFound);

        using var browser = new Browser(_app);
        foreach (var link in new[] { replaced, used, withdrawn, "/account/invitation/" + new string('x', 43), "/account/invitation/%E2%80%AE" })
        {
            (await TextAsync(await browser.GetAsync(link))).ShouldContain("This link leads nowhere any more", customMessage: link);
            using var posted = await browser.SubmitAsync(link, new() { ["_handler"] = "invitation", ["Input.DisplayName"] = "X", ["Input.Password"] = Password });
            posted.StatusCode.ShouldBe(HttpStatusCode.OK, link);
        }

        (await company.AuditAsync($"invitation/{open}")).ShouldBe("invitation.created invitation.revoked");
    }

    [Fact]
    public async Task Link_AfterSevenDays_HasExpired_AndANewOneTakesItsPlace()
    {
        var company = await Company.NewAsync(_app);
        var email = Email();
        var link = await company.InviteAsync(email);
        (await _app.OwnerAsync<bool>("select expires_at between now() + interval '6 days 23 hours' and now() + interval '7 days' from invitations where tenant_id = $1", company.Tenant)).ShouldBeTrue();
        await _app.OwnerAsync<object>("update invitations set expires_at = now() where tenant_id = $1", company.Tenant);
        using var browser = new Browser(_app);
        (await TextAsync(await browser.GetAsync(link))).ShouldContain("This invitation has expired");
        using var late = await browser.SubmitAsync(link, new() { ["Input.DisplayName"] = "X", ["Input.Password"] = Password });
        late.StatusCode.ShouldBe(HttpStatusCode.OK);

        using var renewed = await company.Admin.PostAsync($"/api/v1/invitations/{(await InvitationsAsync(company)).Single()}/link", null, TestContext.Current.CancellationToken);
        var fresh = new Uri((await Company.JsonAsync(renewed)).GetProperty("link").GetString()!).AbsolutePath;

        (await AcceptAsync(browser, fresh)).StatusCode.ShouldBe(HttpStatusCode.Redirect);
        (await MembershipAsync(company, email)).ShouldBe("Analyst Active");
    }

    [Fact]
    public async Task Accept_TwiceAtOnce_MakesOneMember()
    {
        for (var round = 0; round < 6; round++)
        {
            var company = await Company.NewAsync(_app);
            var email = Email();
            var link = await company.InviteAsync(email);
            using var one = new Browser(_app);
            using var two = new Browser(_app);

            var answers = await Task.WhenAll(AcceptAsync(one, link), AcceptAsync(two, link));

            answers.Count(answer => answer.StatusCode == HttpStatusCode.Redirect).ShouldBe(1);
            answers.Count(answer => answer.StatusCode == HttpStatusCode.OK).ShouldBe(1);
            (await _app.OwnerAsync<long>("select count(*) from users where normalized_email = upper($1)", email)).ShouldBe(1);
            (await _app.OwnerAsync<long>("select count(*) from memberships where tenant_id = $1", company.Tenant)).ShouldBe(2);
            (await _app.OwnerAsync<long>("select count(*) from audit_entries where tenant_id = $1 and action = 'invitation.accepted'", company.Tenant)).ShouldBe(1);
        }
    }

    [Fact]
    public async Task Accept_WithAnAccount_NeedsItsPassword_AndWrongOnesLockIt()
    {
        var elsewhere = await Company.NewAsync(_app);
        var company = await Company.NewAsync(_app);
        var (email, _) = await elsewhere.AddAsync(TenantRole.Viewer);
        var link = await company.InviteAsync(email);
        using var browser = new Browser(_app);
        for (var i = 0; i < 4; i++)
        {
            using var wrong = await browser.SubmitAsync(link, new() { ["Input.Password"] = "not this one" });
            (await TextAsync(wrong)).ShouldContain("This is not the password of the account");
        }

        using (var right = await browser.SubmitAsync(link, new() { ["Input.Password"] = TestApp.AdminPassword }))
        {
            right.StatusCode.ShouldBe(HttpStatusCode.Redirect);
        }

        (await MembershipAsync(company, email)).ShouldBe("Analyst Active");
        // The count began anew; five in a row lock the account for the right password too.
        var again = await (await Company.NewAsync(_app)).InviteAsync(email);
        using var other = new Browser(_app);
        for (var i = 0; i < 5; i++)
        {
            (await other.SubmitAsync(again, new() { ["Input.Password"] = "not this one" })).Dispose();
        }

        using var locked = await other.SubmitAsync(again, new() { ["Input.Password"] = TestApp.AdminPassword });
        (await TextAsync(locked)).ShouldContain("too many wrong tries");
    }

    [Fact]
    public async Task Accept_SignedIn_IsOneButton_AndLeadsIntoTheNewOrganization()
    {
        var elsewhere = await Company.NewAsync(_app);
        var company = await Company.NewAsync(_app);
        var (email, id) = await elsewhere.AddAsync(TenantRole.Viewer);
        var link = await company.InviteAsync(email, "auditor");
        using var browser = await Browser.SignedInAsync(_app, email);

        using var answer = await browser.SubmitAsync(link, new() { ["_handler"] = "invitation" });

        answer.StatusCode.ShouldBe(HttpStatusCode.Redirect, await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        (await TextAsync(await browser.GetAsync("/"))).ShouldContain("Auditor");
        (await _app.OwnerAsync<Guid>("select tenant_id from sessions where user_id = $1 and ended_at is null", id)).ShouldBe(company.Tenant);
    }

    [Fact]
    public async Task Accept_SignedInAsSomebodyElse_IsToldSo_AndChangesNothing()
    {
        var company = await Company.NewAsync(_app);
        var email = Email();
        var link = await company.InviteAsync(email);
        using var browser = await Browser.SignedInAsync(_app, company.AdminEmail);

        (await TextAsync(await browser.GetAsync(link))).ShouldContain("signed in as somebody else");
        using var posted = await browser.SubmitAsync(link, new() { ["_handler"] = "invitation", ["Input.DisplayName"] = "X", ["Input.Password"] = Password });

        posted.StatusCode.ShouldBe(HttpStatusCode.OK);
        (await _app.OwnerAsync<long>("select count(*) from memberships where tenant_id = $1", company.Tenant)).ShouldBe(1);
    }

    [Theory]
    [InlineData("short", "Nils", "at least 8")]
    [InlineData("a sentence for a password", "", "Enter your name")]
    public async Task Accept_WithABadPasswordOrName_SaysWhy(string password, string name, string words)
    {
        var company = await Company.NewAsync(_app);
        var email = Email();
        var link = await company.InviteAsync(email);
        using var browser = new Browser(_app);

        using var answer = await browser.SubmitAsync(link, new() { ["Input.DisplayName"] = name, ["Input.Password"] = password });

        (await TextAsync(answer)).ShouldContain(words);
        (await _app.OwnerAsync<long>("select count(*) from users where normalized_email = upper($1)", email)).ShouldBe(0);
    }

    [Fact]
    public async Task Invite_AMember_IsRefused_ButARemovedOneMayComeBack()
    {
        var company = await Company.NewAsync(_app);
        var (email, id) = await company.AddAsync(TenantRole.Viewer);
        await RefusedAsync("already");
        (await Company.ChangeAsync(company.Admin, id, 1, "viewer", "disabled")).StatusCode.ShouldBe(HttpStatusCode.OK);
        await RefusedAsync("Enable them");
        (await Company.RemoveAsync(company.Admin, id, 2)).StatusCode.ShouldBe(HttpStatusCode.NoContent);

        var link = await company.InviteAsync(email.ToUpperInvariant(), "auditor");
        using var browser = new Browser(_app);
        (await browser.SubmitAsync(link, new() { ["Input.Password"] = TestApp.AdminPassword })).StatusCode.ShouldBe(HttpStatusCode.Redirect);

        (await MembershipAsync(company, email)).ShouldBe("Auditor Active");

        async Task RefusedAsync(string words)
        {
            using var refused = await company.Admin.PostAsJsonAsync("/api/v1/invitations", new { email, role = "admin" }, TestContext.Current.CancellationToken);
            refused.StatusCode.ShouldBe(HttpStatusCode.Conflict);
            (await refused.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)).ShouldContain(words);
        }
    }

    [Theory]
    [InlineData("nobody", "viewer")]
    [InlineData("", "viewer")]
    [InlineData("Name <a@b.example>", "viewer")]
    [InlineData("a@b.example", "king")]
    [InlineData("a@b.example", null)]
    public async Task Invite_WithBadInput_SaysSo(string email, string? role)
    {
        var company = await Company.NewAsync(_app);

        using var answer = await company.Admin.PostAsJsonAsync("/api/v1/invitations", new { email, role }, TestContext.Current.CancellationToken);

        answer.StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
        (await InvitationsAsync(company)).ShouldBeEmpty();
    }

    [Fact]
    public async Task Invite_OneAddressManyTimesAtOnce_LeavesOneOpenLink()
    {
        var company = await Company.NewAsync(_app);
        var email = Email();

        await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => company.InviteAsync(email)));

        (await InvitationsAsync(company)).Count.ShouldBe(1);
    }

    [Fact]
    public async Task Invitations_OfAnotherTenant_AreNotFound()
    {
        var company = await Company.NewAsync(_app);
        var other = await Company.NewAsync(_app);
        await other.InviteAsync(Email());
        var id = (await InvitationsAsync(other)).Single();

        (await company.Admin.DeleteAsync($"/api/v1/invitations/{id}", TestContext.Current.CancellationToken)).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await company.Admin.PostAsync($"/api/v1/invitations/{id}/link", null, TestContext.Current.CancellationToken)).StatusCode.ShouldBe(HttpStatusCode.NotFound);

        (await InvitationsAsync(company)).ShouldBeEmpty();
        (await InvitationsAsync(other)).ShouldBe([id]);
    }

    private static string Email() => $"new-{Guid.NewGuid():N}@people.example";

    private static Task<HttpResponseMessage> AcceptAsync(Browser browser, string link, string name = "A new person") =>
        browser.SubmitAsync(link, new() { ["Input.DisplayName"] = name, ["Input.Password"] = Password });

    private static async Task<string> TextAsync(HttpResponseMessage answer) =>
        WebUtility.HtmlDecode(await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));

    private static async Task<List<Guid>> InvitationsAsync(Company company) =>
        [.. (await company.Admin.GetFromJsonAsync<System.Text.Json.JsonElement>("/api/v1/invitations", TestContext.Current.CancellationToken))
            .GetProperty("items").EnumerateArray().Select(item => item.GetProperty("id").GetGuid())];

    private Task<string?> MembershipAsync(Company company, string email) => _app.OwnerAsync<string>(
        "select m.role || ' ' || m.state from memberships m join users u on u.id = m.user_id where m.tenant_id = $1 and u.normalized_email = upper($2)", company.Tenant, email);
}
