using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using OffGridFlow.Core.Identity;
using OffGridFlow.Tests.Identity;

namespace OffGridFlow.Tests.ActivityData;

/// <summary>A company with a site, and the entries that a test makes there.</summary>
internal sealed record EntryClient(Company Company, Guid Site)
{
    public HttpClient Http => Company.Admin;

    public static async Task<EntryClient> NewAsync(TestApp app)
    {
        var company = await Company.NewAsync(app);
        return new EntryClient(company, await AddSiteAsync(app, company.Tenant, "Leeds office"));
    }

    /// <summary>A site in the United Kingdom, made by the owner of the database.</summary>
    public static async Task<Guid> AddSiteAsync(TestApp app, Guid tenant, string name, string? opened = null, string? closed = null) => await app.OwnerAsync<Guid>(
        """
        with entity as (
          insert into organizations (id, tenant_id, name, country, version) values ($1, $2, $3, 'GB', 1) on conflict (tenant_id, name) do update set country = 'GB' returning id)
        insert into sites (id, tenant_id, organization_id, name, country, region, opened_on, closed_on, version)
        select $4, $2, id, $3, 'GB', 'GB', $5::text::date, $6::text::date, 1 from entity returning id
        """,
        Guid.CreateVersion7(), tenant, name, Guid.CreateVersion7(), opened ?? (object)DBNull.Value, closed ?? (object)DBNull.Value);

    public static async Task<HttpResponseMessage> AttachAsync(HttpClient http, Guid entry, string name, byte[] bytes)
    {
        using var form = new MultipartFormDataContent { { new ByteArrayContent(bytes), "file", name } };
        return await http.PostAsync($"/api/v1/activities/{entry}/documents", form, TestContext.Current.CancellationToken);
    }

    /// <summary>Another person here, signed in.</summary>
    public async Task<HttpClient> ColleagueAsync(TenantRole role = TenantRole.Analyst) => await Company.App.SignInAsync((await Company.AddAsync(role)).Email);

    /// <summary>An entry of natural gas, with what a test changes of it.</summary>
    public Dictionary<string, object?> Gas(string from = "2025-01-01", string to = "2025-01-31", params (string Name, object? Value)[] other)
    {
        var fields = new Dictionary<string, object?>
        {
            ["siteId"] = Site, ["activityType"] = "natural-gas", ["quantity"] = 1000m, ["unit"] = "kWh (Gross CV)", ["from"] = from, ["to"] = to,
        };
        foreach (var (name, value) in other)
        {
            fields[name] = value;
        }

        return fields;
    }

    public async Task<(int Status, JsonElement Body)> SendAsync(HttpMethod method, string path, object? body = null, int? version = null, HttpClient? by = null)
    {
        using var request = new HttpRequestMessage(method, "/api/v1/" + path) { Content = body is null ? null : JsonContent.Create(body) };
        if (version is not null)
        {
            request.Headers.IfMatch.Add(new EntityTagHeaderValue(FormattableString.Invariant($"\"{version}\"")));
        }

        using var answer = await (by ?? Http).SendAsync(request, TestContext.Current.CancellationToken);
        var text = await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        return ((int)answer.StatusCode, text.Length == 0 ? default : JsonDocument.Parse(text).RootElement);
    }

    public async Task<Guid> CreateAsync(object fields, HttpClient? by = null)
    {
        var (status, body) = await SendAsync(HttpMethod.Post, "activities", fields, by: by);
        status.ShouldBe(201, body.ToString());
        return body.GetProperty("id").GetGuid();
    }

    public Task<(int Status, JsonElement Body)> ActAsync(Guid id, string action, string? reason = null, HttpClient? by = null) =>
        SendAsync(HttpMethod.Post, $"activities/{id}/{action}", new { reason }, by: by);

    /// <summary>Which must go well.</summary>
    public async Task<JsonElement> DoAsync(Guid id, string action, string? reason = null, HttpClient? by = null)
    {
        var (status, body) = await ActAsync(id, action, reason, by);
        status.ShouldBe(200, body.ToString());
        return body;
    }

    public async Task<JsonElement> FindAsync(Guid id) => (await SendAsync(HttpMethod.Get, $"activities/{id}")).Body;

    public async Task<string> StatusAsync(Guid id) => (await FindAsync(id)).GetProperty("status").GetString()!;

    public async Task<List<string>> ActionsAsync(Guid id) =>
        [.. (await SendAsync(HttpMethod.Get, $"activities/{id}/versions")).Body.GetProperty("items").EnumerateArray().Select(version => version.GetProperty("action").GetString()!).Reverse()];

    /// <summary>Codes of a refusal of one row.</summary>
    public static List<string> CodesOf(JsonElement body) =>
        [.. body.GetProperty("results")[0].GetProperty("problems").EnumerateArray().Select(problem => problem.GetProperty("code").GetString()!)];
}
