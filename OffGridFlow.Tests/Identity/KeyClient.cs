using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using OffGridFlow.Core.Identity;

namespace OffGridFlow.Tests.Identity;

/// <summary>An organization of its own, with its administrator's client of the API, and the keys they make.</summary>
internal sealed class KeyClient : IDisposable
{
    private readonly TestApp _app;

    private KeyClient(TestApp app, Guid tenant, string email, HttpClient person) => (_app, Tenant, Email, Person) = (app, tenant, email, person);

    public Guid Tenant { get; }

    public string Email { get; }

    public HttpClient Person { get; }

    public static string InDays(int days) => TimeProvider.System.GetUtcNow().AddDays(days).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    public static async Task<KeyClient> NewTenantAsync(TestApp app, TenantRole role = TenantRole.Admin)
    {
        var email = $"keys-{Guid.NewGuid():N}@keys.example";
        var tenant = await app.AddTenantAsync("Key Company", email, role);
        return new KeyClient(app, tenant, email, await app.SignInAsync(email));
    }

    public Task<HttpResponseMessage> TryMakeAsync(object request) => Person.PostAsJsonAsync("/api/v1/api-keys", request, TestContext.Current.CancellationToken);

    public async Task<(Guid Id, string Key)> MakeAsync(params string[] scopes)
    {
        using var answer = await TryMakeAsync(new { name = "Nightly upload", scopes, expiresOn = InDays(30) });
        answer.StatusCode.ShouldBe(HttpStatusCode.Created, await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        var json = await ReadAsync(answer);
        return (json.GetProperty("id").GetGuid(), json.GetProperty("key").GetString()!);
    }

    public async Task RevokeAsync(Guid id)
    {
        using var answer = await Person.DeleteAsync($"/api/v1/api-keys/{id}", TestContext.Current.CancellationToken);
        answer.StatusCode.ShouldBe(HttpStatusCode.NoContent);
    }

    public HttpClient ClientOf(string key)
    {
        var client = _app.CreateClient();
        client.DefaultRequestHeaders.Add("X-Api-Key", key);
        return client;
    }

    public async Task<(HttpStatusCode Status, string Detail)> MeAsync(string key)
    {
        using var client = ClientOf(key);
        using var answer = await client.GetAsync("/api/v1/auth/me", TestContext.Current.CancellationToken);
        var json = await ReadAsync(answer);
        return (answer.StatusCode, json.TryGetProperty("detail", out var detail) ? detail.GetString()! : "");
    }

    /// <summary>The entries of one action in the organization's audit log, as text.</summary>
    public Task<string?> AuditAsync(string action) => _app.OwnerAsync<string>(
        "select string_agg(concat_ws('|', actor_kind, actor_id, actor_name, address, subject, details), E'\\n' order by id) from audit_entries where tenant_id = $1 and action = $2", Tenant, action);

    public static Task<JsonElement> ReadAsync(HttpResponseMessage answer) => answer.Content.ReadFromJsonAsync<JsonElement>(TestContext.Current.CancellationToken);

    public void Dispose() => Person.Dispose();
}
