using System.Net.Http.Json;
using System.Text.Json;
using OffGridFlow.Core.Identity;

namespace OffGridFlow.Tests.Identity;

/// <summary>A company of its own for a test, with its first administrator signed in to the API.</summary>
internal sealed record Company(TestApp App, Guid Tenant, string AdminEmail, HttpClient Admin)
{
    public static async Task<Company> NewAsync(TestApp app)
    {
        var email = $"admin-{Guid.NewGuid():N}@people.example";
        var tenant = await app.AddTenantAsync("Company of " + email[..11], email);
        return new Company(app, tenant, email, await app.SignInAsync(email));
    }

    /// <summary>Another person here, with the usual password; an address that is known already gets a membership only.</summary>
    public async Task<Guid> AddAsync(string email, TenantRole role)
    {
        return await App.OwnerAsync<Guid>(
            """
            with made as (
              insert into users (id, email, normalized_email, display_name, password_hash, security_stamp, access_failed_count, created_at)
              values ($1, $2, upper($2), $2, $3, 'stamp', 0, now()) on conflict (normalized_email) do nothing returning id),
            person as (select id from made union all select id from users where normalized_email = upper($2) limit 1)
            insert into memberships (tenant_id, user_id, role) select $4, id, $5 from person returning user_id
            """,
            Guid.CreateVersion7(), email, TestApp.PasswordHash, Tenant, role.ToString());
    }

    public async Task<(string Email, Guid Id)> AddAsync(TenantRole role)
    {
        var email = $"person-{Guid.NewGuid():N}@people.example";
        return (email, await AddAsync(email, role));
    }

    public Task<Guid> IdOfAsync(string email) => App.OwnerAsync<Guid>("select id from users where normalized_email = upper($1)", email);

    /// <summary>Invites through the API and gives the path of the link.</summary>
    public async Task<string> InviteAsync(string email, string role = "analyst")
    {
        using var answer = await Admin.PostAsJsonAsync("/api/v1/invitations", new { email, role }, TestContext.Current.CancellationToken);
        answer.StatusCode.ShouldBe(System.Net.HttpStatusCode.Created, await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        return new Uri((await JsonAsync(answer)).GetProperty("link").GetString()!).AbsolutePath;
    }

    public static Task<HttpResponseMessage> ChangeAsync(HttpClient client, Guid person, int version, string role, string state = "active") =>
        SendAsync(client, HttpMethod.Put, $"/api/v1/users/{person}", version, new { role, state });

    public static Task<HttpResponseMessage> RemoveAsync(HttpClient client, Guid person, int version) =>
        SendAsync(client, HttpMethod.Delete, $"/api/v1/users/{person}", version, null);

    public static Task<JsonElement> JsonAsync(HttpResponseMessage answer) => answer.Content.ReadFromJsonAsync<JsonElement>(TestContext.Current.CancellationToken);

    /// <summary>What the log says was done to somebody or something, in order.</summary>
    public async Task<string> AuditAsync(string subject) => await App.OwnerAsync<string>(
        "select coalesce(string_agg(action, ' ' order by id), '') from audit_entries where tenant_id = $1 and subject = $2", Tenant, subject) ?? "";

    private static async Task<HttpResponseMessage> SendAsync(HttpClient client, HttpMethod method, string path, int version, object? body)
    {
        using var request = new HttpRequestMessage(method, path) { Content = body is null ? null : JsonContent.Create(body) };
        request.Headers.TryAddWithoutValidation("If-Match", FormattableString.Invariant($"\"{version}\""));
        return await client.SendAsync(request, TestContext.Current.CancellationToken);
    }
}
