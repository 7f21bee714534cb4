using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using OffGridFlow.Core.Identity;
using OffGridFlow.Infrastructure.Identity;

namespace OffGridFlow.Tests.Identity;

/// <summary>People of several organizations.</summary>
public sealed class TenantChangeTests(SharedApp shared) : IClassFixture<SharedApp>
{
    private readonly TestApp _app = shared.App;

    [Fact]
    public async Task Browser_ChangesByANewSession_AndTheOldOneEnds()
    {
        var (first, second, email, id) = await InTwoAsync();
        using var browser = await Browser.SignedInAsync(_app, email);
        using var copy = new Browser(_app);
        copy.UseSessionCookie(browser.SessionCookie!);
        var (present, other) = await PresentAsync(id) == first.Tenant ? (first, second) : (second, first);

        using var answer = await browser.SubmitAsync("/", new() { ["tenant"] = other.Tenant.ToString() }, "/app/tenant");

        answer.StatusCode.ShouldBe(HttpStatusCode.Redirect);
        answer.Headers.Location!.ToString().ShouldBe("/");
        (await PresentAsync(id)).ShouldBe(other.Tenant);
        (await copy.GetAsync("/")).StatusCode.ShouldBe(HttpStatusCode.Redirect);
        (await other.AuditAsync($"user/{id}")).ShouldContain("tenant.switched");
        (await present.AuditAsync($"user/{id}")).ShouldNotContain("tenant.switched");
        // Back again, and where one was last one comes in next time.
        await _app.OwnerAsync<object>("update memberships set last_seen_at = now() - interval '1 day' where tenant_id = $1", present.Tenant);
        (await Browser.SignedInAsync(_app, email)).Dispose();
        (await _app.OwnerAsync<Guid>("select tenant_id from sessions where user_id = $1 order by created_at desc limit 1", id)).ShouldBe(other.Tenant);
    }

    [Fact]
    public async Task Browser_NamingAForeignTenant_IsNotFound_AndStaysWhereItWas()
    {
        var company = await Company.NewAsync(_app);
        var foreign = await Company.NewAsync(_app);
        using var browser = await Browser.SignedInAsync(_app, company.AdminEmail);

        foreach (var tenant in new[] { foreign.Tenant.ToString(), Guid.CreateVersion7().ToString(), "x", "" })
        {
            using var answer = await browser.SubmitAsync("/", new() { ["tenant"] = tenant }, "/app/tenant");
            answer.StatusCode.ShouldBe(HttpStatusCode.NotFound, tenant);
        }

        (await browser.GetAsync("/")).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await PresentAsync(await company.IdOfAsync(company.AdminEmail))).ShouldBe(company.Tenant);
    }

    [Fact]
    public async Task Browser_WithoutAntiforgeryToken_IsABadRequest()
    {
        var (first, _, email, _) = await InTwoAsync();
        using var browser = await Browser.SignedInAsync(_app, email);

        using var answer = await browser.PostAsync("/app/tenant", new() { ["tenant"] = first.Tenant.ToString() });

        answer.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task Api_ListsTenants_AndSwapsTheSession()
    {
        var (first, second, email, _) = await InTwoAsync();
        using var client = await _app.SignInAsync(email);
        var me = await client.GetFromJsonAsync<JsonElement>("/api/v1/auth/me", TestContext.Current.CancellationToken);
        me.GetProperty("tenants").EnumerateArray().Select(tenant => tenant.GetProperty("id").GetGuid()).ShouldBe([first.Tenant, second.Tenant], ignoreOrder: true);
        var other = me.GetProperty("tenantId").GetGuid() == first.Tenant ? second : first;

        using var answer = await client.PostAsJsonAsync("/api/v1/auth/tenant", new { tenantId = other.Tenant }, TestContext.Current.CancellationToken);

        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        (await client.GetAsync("/api/v1/auth/me", TestContext.Current.CancellationToken)).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", (await Company.JsonAsync(answer)).GetProperty("accessToken").GetString());
        (await client.GetFromJsonAsync<JsonElement>("/api/v1/auth/me", TestContext.Current.CancellationToken)).GetProperty("tenantId").GetGuid().ShouldBe(other.Tenant);
    }

    [Fact]
    public async Task Api_NamingATenantThatIsNotOnes_IsNotFound_AndTheSessionGoesOn()
    {
        var foreign = await Company.NewAsync(_app);
        var (first, second, email, id) = await InTwoAsync();
        using var client = await _app.SignInAsync(email);
        var here = await PresentAsync(id);
        var left = here == first.Tenant ? second : first;
        (await Company.RemoveAsync(left.Admin, id, 1)).StatusCode.ShouldBe(HttpStatusCode.NoContent);

        foreach (var tenant in new[] { foreign.Tenant, left.Tenant })
        {
            using var answer = await client.PostAsJsonAsync("/api/v1/auth/tenant", new { tenantId = tenant }, TestContext.Current.CancellationToken);
            answer.StatusCode.ShouldBe(HttpStatusCode.NotFound);
        }

        var me = await client.GetFromJsonAsync<JsonElement>("/api/v1/auth/me", TestContext.Current.CancellationToken);
        me.GetProperty("tenantId").GetGuid().ShouldBe(here);
        me.GetProperty("tenants").GetArrayLength().ShouldBe(1);
    }

    [Fact]
    public async Task RefusedSignIn_StandsInTheLogOfEachOrganization_AndSuccessInTheOneThatWasEntered()
    {
        var (first, second, email, id) = await InTwoAsync();
        using (var browser = new Browser(_app))
        {
            (await browser.SignInAsync(email, "not it")).Dispose();
        }

        using var signedIn = await Browser.SignedInAsync(_app, email);

        var logs = new[] { await first.AuditAsync($"user/{id}"), await second.AuditAsync($"user/{id}") };
        logs.ShouldBe(["sign-in.refused sign-in.succeeded", "sign-in.refused"], ignoreOrder: true);
    }

    /// <summary>What the layout goes by, and what an open page is told.</summary>
    [Fact]
    public async Task LiveSessions_TellEachPageItsOwn_AndTheEnd()
    {
        var (first, _, _, id) = await InTwoAsync();
        var sessions = _app.App.Services.GetRequiredService<SessionStore>();
        var live = _app.App.Services.GetRequiredService<OffGridFlow.Web.Features.Identity.LiveSessions>();
        var session = (await sessions.FindAsync((await sessions.CreateBearerAsync(id, first.Tenant, CancellationToken.None)).AccessToken, SessionKind.Bearer, CancellationToken.None))!;
        var admin = (await sessions.FindAsync(
            (await sessions.CreateBearerAsync(await first.IdOfAsync(first.AdminEmail), first.Tenant, CancellationToken.None)).AccessToken, SessionKind.Bearer, CancellationToken.None))!;
        var (told, toldAdmin) = (new List<SessionIdentity?>(), new List<SessionIdentity?>());
        using var watch = live.Watch(session.SessionId, look => { lock (told) told.Add(look); });
        using var watchAdmin = live.Watch(admin.SessionId, look => { lock (toldAdmin) toldAdmin.Add(look); });

        (await Company.ChangeAsync(first.Admin, id, 1, "auditor")).StatusCode.ShouldBe(HttpStatusCode.OK);
        await live.LookAsync(CancellationToken.None);
        told[^1]!.Role.ShouldBe(TenantRole.Auditor);
        told[^1]!.HasOtherTenants.ShouldBeTrue();
        (await Company.RemoveAsync(first.Admin, id, 2)).StatusCode.ShouldBe(HttpStatusCode.NoContent);
        await live.LookAsync(CancellationToken.None);

        told[^1].ShouldBeNull();
        toldAdmin.ShouldAllBe(look => look!.SessionId == admin.SessionId && look.Role == TenantRole.Admin && !look.HasOtherTenants);
    }

    private async Task<(Company First, Company Second, string Email, Guid Id)> InTwoAsync()
    {
        var (first, second) = (await Company.NewAsync(_app), await Company.NewAsync(_app));
        var (email, id) = await first.AddAsync(TenantRole.Analyst);
        await second.AddAsync(email, TenantRole.Viewer);
        return (first, second, email, id);
    }

    private Task<Guid> PresentAsync(Guid person) =>
        _app.OwnerAsync<Guid>("select tenant_id from sessions where user_id = $1 and ended_at is null", person);
}
