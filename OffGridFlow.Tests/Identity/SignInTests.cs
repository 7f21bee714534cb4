using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using OffGridFlow.Tests.Persistence;

namespace OffGridFlow.Tests.Identity;

public sealed class SignInTests(PostgresFixture postgres) : IAsyncLifetime
{
    private TestApp _app = null!;

    public async ValueTask InitializeAsync() => _app = await TestApp.StartAsync(postgres);

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    [Fact]
    public async Task Logout_EndsTheSession_SoThatTheTokenIsDeadAtOnce()
    {
        using var client = await _app.SignInAsync();
        (await client.GetAsync("/api/v1/auth/me", TestContext.Current.CancellationToken)).StatusCode.ShouldBe(HttpStatusCode.OK);

        (await client.PostAsync("/api/v1/auth/logout", null, TestContext.Current.CancellationToken)).StatusCode.ShouldBe(HttpStatusCode.NoContent);

        (await client.GetAsync("/api/v1/auth/me", TestContext.Current.CancellationToken)).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task Refresh_UsedTwice_EndsTheSession()
    {
        using var client = _app.CreateClient();
        var login = await (await client.PostAsJsonAsync(
            "/api/v1/auth/login", new { email = TestApp.AdminEmail, password = TestApp.AdminPassword }, TestContext.Current.CancellationToken))
            .Content.ReadFromJsonAsync<JsonElement>(TestContext.Current.CancellationToken);
        var refreshToken = login.GetProperty("refreshToken").GetString();

        var first = await client.PostAsJsonAsync("/api/v1/auth/refresh", new { refreshToken }, TestContext.Current.CancellationToken);
        var second = await client.PostAsJsonAsync("/api/v1/auth/refresh", new { refreshToken }, TestContext.Current.CancellationToken);

        first.StatusCode.ShouldBe(HttpStatusCode.OK);
        second.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        var rotated = (await first.Content.ReadFromJsonAsync<JsonElement>(TestContext.Current.CancellationToken)).GetProperty("accessToken").GetString();
        client.DefaultRequestHeaders.Authorization = new("Bearer", rotated);
        (await client.GetAsync("/api/v1/auth/me", TestContext.Current.CancellationToken)).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
    }
}
