using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using OffGridFlow.Core.Identity;

namespace OffGridFlow.Tests.Identity;

/// <summary>Tokens of the HTTP API.</summary>
public sealed class BearerTests(SharedApp shared) : IClassFixture<SharedApp>
{
    private readonly TestApp _app = shared.App;

    [Fact]
    public async Task Logout_EndsTheSession_SoThatBothTokensAreDeadAtOnce()
    {
        var tokens = await LoginAsync();
        (await MeAsync(tokens)).ShouldBe(HttpStatusCode.OK);

        using var client = ClientOf(tokens);
        (await client.PostAsync("/api/v1/auth/logout", null, TestContext.Current.CancellationToken)).StatusCode.ShouldBe(HttpStatusCode.NoContent);

        (await MeAsync(tokens)).ShouldBe(HttpStatusCode.Unauthorized);
        (await RefreshAsync(tokens.Refresh)).ShouldBeNull();
    }

    [Fact]
    public async Task Refresh_SwapsBothTokens()
    {
        var first = await LoginAsync();

        var second = (await RefreshAsync(first.Refresh)).ShouldNotBeNull();

        (await MeAsync(first)).ShouldBe(HttpStatusCode.Unauthorized);
        (await MeAsync(second)).ShouldBe(HttpStatusCode.OK);
        (await RefreshAsync(second.Refresh)).ShouldNotBeNull();
    }

    [Fact]
    public async Task Refresh_UsedTwice_EndsTheSession()
    {
        var first = await LoginAsync();
        var second = (await RefreshAsync(first.Refresh)).ShouldNotBeNull();

        (await RefreshAsync(first.Refresh)).ShouldBeNull();

        (await MeAsync(second)).ShouldBe(HttpStatusCode.Unauthorized);
        (await RefreshAsync(second.Refresh)).ShouldBeNull();
    }

    [Fact]
    public async Task Refresh_WithATokenOfLongAgo_EndsTheSession()
    {
        // A thief who swaps twice before the owner comes back must not be safe from the owner's token.
        var first = await LoginAsync();
        var second = (await RefreshAsync(first.Refresh)).ShouldNotBeNull();
        var third = (await RefreshAsync(second.Refresh)).ShouldNotBeNull();

        (await RefreshAsync(first.Refresh)).ShouldBeNull();

        (await MeAsync(third)).ShouldBe(HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task Refresh_ThatEndsTheSessionByReuse_IsAuditedOnce_WithTheAddress()
    {
        var (email, first) = await PersonAsync();
        var second = (await RefreshAsync(first.Refresh)).ShouldNotBeNull();
        (await ReusesAsync(email)).ShouldBeNull();

        (await RefreshAsync(first.Refresh)).ShouldBeNull();
        // The session is over: whoever comes after finds nothing to end.
        (await RefreshAsync(first.Refresh)).ShouldBeNull();
        (await RefreshAsync(second.Refresh)).ShouldBeNull();

        var person = await _app.OwnerAsync<Guid>("select id from users where email = $1", email);
        (await ReusesAsync(email)).ShouldBe($"Person|{person}|{email}|127.0.0.1|user/{person}");
    }

    [Fact]
    public async Task Refresh_ExpiredOrSignedOut_IsNoReuse()
    {
        var (email, tokens) = await PersonAsync();
        await _app.OwnerAsync<object>("update sessions set refresh_expires_at = now() where user_id = (select id from users where email = $1)", email);

        (await RefreshAsync(tokens.Refresh)).ShouldBeNull();

        (await ReusesAsync(email)).ShouldBeNull();
    }

    private Task<string?> ReusesAsync(string email) => _app.OwnerAsync<string>(
        """
        select string_agg(concat_ws('|', actor_kind, actor_id, actor_name, address, subject), E'\n') from audit_entries
        where action = 'session.refresh-reused' and actor_id = (select id from users where email = $1)
        """, email);

    [Fact]
    public async Task Refresh_ByTwoAtOnce_WorksForOneAtMost()
    {
        var tokens = await LoginAsync();

        var answers = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => RefreshAsync(tokens.Refresh)));

        answers.Count(answer => answer is not null).ShouldBeLessThanOrEqualTo(1);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("nonsense")]
    [InlineData("a.b.c")]
    [InlineData("\0")]
    public async Task Refresh_Unknown_IsRefused(string? token) => (await RefreshAsync(token)).ShouldBeNull();

    [Fact]
    public async Task AccessToken_IsNoRefreshToken_AndTheOtherWayRound()
    {
        var tokens = await LoginAsync();

        (await MeAsync(tokens with { Access = tokens.Refresh })).ShouldBe(HttpStatusCode.Unauthorized);
        (await RefreshAsync(tokens.Access)).ShouldBeNull();
    }

    [Fact]
    public async Task Expired_AccessIsRefused_AndRefreshStillWorks()
    {
        var (email, tokens) = await PersonAsync();
        await _app.OwnerAsync<object>("update sessions set expires_at = now() where user_id = (select id from users where email = $1)", email);

        (await MeAsync(tokens)).ShouldBe(HttpStatusCode.Unauthorized);

        (await MeAsync((await RefreshAsync(tokens.Refresh)).ShouldNotBeNull())).ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Expired_RefreshIsRefused()
    {
        var (email, tokens) = await PersonAsync();
        await _app.OwnerAsync<object>("update sessions set refresh_expires_at = now() where user_id = (select id from users where email = $1)", email);

        (await RefreshAsync(tokens.Refresh)).ShouldBeNull();
    }

    [Fact]
    public async Task MembershipRemoved_TokenIsDead()
    {
        var (email, tokens) = await PersonAsync();
        await _app.OwnerAsync<object>("delete from memberships where user_id = (select id from users where email = $1)", email);

        (await MeAsync(tokens)).ShouldBe(HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task RoleChange_IsInForceAtTheNextRequest()
    {
        var (email, tokens) = await PersonAsync();
        using var client = ClientOf(tokens);
        (await client.GetAsync("/api/v1/imports", TestContext.Current.CancellationToken)).StatusCode.ShouldBe(HttpStatusCode.OK);

        await _app.SetRoleAsync(email, TenantRole.Viewer);

        (await client.GetAsync("/api/v1/imports", TestContext.Current.CancellationToken)).StatusCode.ShouldBe(HttpStatusCode.Forbidden);
    }

    [Fact]
    public async Task Api_IgnoresCookies()
    {
        using var browser = await Browser.SignedInAsync(_app);

        (await browser.GetAsync("/api/v1/auth/me")).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        (await browser.GetAsync("/api/v1/imports")).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task Pages_IgnoreBearerTokens()
    {
        using var client = ClientOf(await LoginAsync());

        foreach (var path in new[] { "/", "/imports", "/emissions" })
        {
            (await client.GetAsync(path, TestContext.Current.CancellationToken)).StatusCode.ShouldBe(HttpStatusCode.Redirect, path);
        }
    }

    [Fact]
    public async Task CookieKey_IsNoBearerToken()
    {
        var keyOfBearer = await LoginAsync();
        using var browser = new Browser(_app);
        browser.UseSessionCookie(keyOfBearer.Access);

        (await browser.GetAsync("/")).StatusCode.ShouldBe(HttpStatusCode.Redirect);
    }

    private async Task<(string Email, Tokens Tokens)> PersonAsync()
    {
        var email = $"person-{Guid.NewGuid():N}@bearer.example";
        await _app.AddTenantAsync("A company", email);
        return (email, await LoginAsync(email));
    }

    private async Task<Tokens> LoginAsync(string email = TestApp.AdminEmail)
    {
        using var client = _app.CreateClient();
        using var answer = await client.PostAsJsonAsync("/api/v1/auth/login", new { email, password = TestApp.AdminPassword }, TestContext.Current.CancellationToken);
        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        return await ReadAsync(answer);
    }

    private async Task<Tokens?> RefreshAsync(string? refreshToken)
    {
        using var client = _app.CreateClient();
        using var answer = await client.PostAsJsonAsync("/api/v1/auth/refresh", new { refreshToken }, TestContext.Current.CancellationToken);
        if (answer.IsSuccessStatusCode)
        {
            return await ReadAsync(answer);
        }

        answer.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        return null;
    }

    private async Task<HttpStatusCode> MeAsync(Tokens tokens)
    {
        using var client = ClientOf(tokens);
        using var answer = await client.GetAsync("/api/v1/auth/me", TestContext.Current.CancellationToken);
        return answer.StatusCode;
    }

    private HttpClient ClientOf(Tokens tokens)
    {
        var client = _app.CreateClient();
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", tokens.Access);
        return client;
    }

    private static async Task<Tokens> ReadAsync(HttpResponseMessage answer)
    {
        var json = await answer.Content.ReadFromJsonAsync<JsonElement>(TestContext.Current.CancellationToken);
        return new Tokens(json.GetProperty("accessToken").GetString()!, json.GetProperty("refreshToken").GetString()!);
    }

    private sealed record Tokens(string Access, string Refresh);
}
