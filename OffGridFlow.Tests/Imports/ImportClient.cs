using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;

namespace OffGridFlow.Tests.Imports;

/// <summary>A person's way to the API, as a program outside would take it.</summary>
internal sealed class ImportClient(HttpClient http, Ledger ledger) : IDisposable
{
    public HttpClient Http => http;

    public Ledger Ledger => ledger;

    /// <summary>Fields before the file, and the mode among them unless <paramref name="query"/> says it.</summary>
    public Task<HttpResponseMessage> UploadAsync(
        byte[] file, string name = "bill.csv", string? mode = null, string? kind = "aws-cur", bool kindFirst = true, string query = "")
    {
        var form = new MultipartFormDataContent();
        void AddFields()
        {
            if (kind is not null) form.Add(new StringContent(kind), "kind");
            if (mode is not null) form.Add(new StringContent(mode), "mode");
        }

        if (kindFirst) AddFields();
        form.Add(new ByteArrayContent(file), "file", name);
        if (!kindFirst) AddFields();
        return http.PostAsync("/api/v1/imports" + query, form, TestContext.Current.CancellationToken);
    }

    /// <summary>Uploads, expects acceptance, and waits for the end.</summary>
    public async Task<JsonElement> ImportAsync(byte[] file, string name = "bill.csv", string? mode = null)
    {
        using var answer = await UploadAsync(file, name, mode);
        answer.StatusCode.ShouldBe(HttpStatusCode.Accepted, await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        var import = await EndedAsync(await IdAsync(answer));
        import.Text("status").ShouldNotBe("failed", import.ToString());
        return import;
    }

    /// <summary>The import once it is neither queued nor running. Every row of it has then gone somewhere.</summary>
    public async Task<JsonElement> EndedAsync(Guid id, int seconds = 60)
    {
        var import = await Eventually.GetAsync(
            async () => await GetAsync($"/api/v1/imports/{id}") is var now && now.Text("status") is not ("queued" or "running") ? now : (JsonElement?)null,
            $"the end of import {id}", seconds);
        import.Long("rowsRead").ShouldBe(import.Long("loaded") + import.Long("unchanged") + import.Long("duplicate") + import.Long("rejected"), import.ToString());
        import.Long("loaded").ShouldBe(import.Long("usageRows") + import.Long("costOnlyRows"), import.ToString());
        return import;
    }

    public async Task<JsonElement> GetAsync(string path)
    {
        using var answer = await http.GetAsync(path, TestContext.Current.CancellationToken);
        var text = await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        answer.StatusCode.ShouldBe(HttpStatusCode.OK, $"{path}: {text}");
        return Parse(text);
    }

    /// <summary>An error: its status, its media type, and the problem itself.</summary>
    public static async Task<JsonElement> ProblemAsync(HttpResponseMessage answer, HttpStatusCode status)
    {
        var text = await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        answer.StatusCode.ShouldBe(status, text);
        answer.Content.Headers.ContentType?.MediaType.ShouldBe("application/problem+json", text);
        var problem = Parse(text);
        problem.GetProperty("status").GetInt32().ShouldBe((int)status);
        problem.GetProperty("title").GetString().ShouldNotBeNullOrWhiteSpace();
        return problem;
    }

    public async Task<JsonElement> GetProblemAsync(string path, HttpStatusCode status)
    {
        using var answer = await http.GetAsync(path, TestContext.Current.CancellationToken);
        return await ProblemAsync(answer, status);
    }

    public async Task<HttpStatusCode> DeleteAsync(Guid id)
    {
        using var answer = await http.DeleteAsync($"/api/v1/imports/{id}", TestContext.Current.CancellationToken);
        return answer.StatusCode;
    }

    public Task<JsonElement> SummaryAsync(string query = "") => GetAsync("/api/v1/emissions/summary" + query);

    /// <summary>All emissions, page by page.</summary>
    public async Task<List<JsonElement>> EmissionsAsync(int limit = 500, Func<Task>? betweenPages = null)
    {
        var all = new List<JsonElement>();
        string? cursor = null;
        do
        {
            var page = await GetAsync(FormattableString.Invariant($"/api/v1/emissions?limit={limit}&cursor={cursor}"));
            all.AddRange(page.GetProperty("items").EnumerateArray());
            cursor = page.GetProperty("nextCursor").GetString();
            if (betweenPages is not null) await betweenPages();
        }
        while (cursor is not null);
        return all;
    }

    public static async Task<Guid> IdAsync(HttpResponseMessage answer) =>
        (await answer.Content.ReadFromJsonAsync<JsonElement>(TestContext.Current.CancellationToken)).GetProperty("id").GetGuid();

    public static JsonElement Parse(string json) => JsonDocument.Parse(Encoding.UTF8.GetBytes(json)).RootElement;

    public void Dispose() => http.Dispose();
}

internal static class JsonElementReading
{
    public static string Text(this JsonElement element, string name) => element.GetProperty(name).GetString()!;

    public static long Long(this JsonElement element, string name) => element.GetProperty(name).GetInt64();

    public static decimal Decimal(this JsonElement element, string name) => element.GetProperty(name).GetDecimal();

    public static decimal? Number(this JsonElement element, string name) =>
        element.GetProperty(name) is { ValueKind: JsonValueKind.Number } value ? value.GetDecimal() : null;

    public static decimal Usd(this JsonElement import) => import.GetProperty("cost").GetProperty("USD").GetDecimal();
}
