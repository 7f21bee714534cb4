using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;

namespace OffGridFlow.Benchmarks;

internal sealed record ImportOutcome(string Status, long Loaded, long Rejected);

/// <summary>The few calls of the public API that the measurements take.</summary>
internal sealed class ImportClient : IDisposable
{
    private readonly ChildApplication application;
    private readonly HttpClient client;

    private ImportClient(ChildApplication application)
    {
        this.application = application;
        // A large upload takes as long as it takes; the measurement is stopped by hand.
        client = new() { BaseAddress = application.Address, Timeout = Timeout.InfiniteTimeSpan };
    }

    public static async Task<ImportClient> SignInAsync(ChildApplication application, CancellationToken cancellationToken)
    {
        var signedIn = new ImportClient(application);
        using var answer = await signedIn.client.PostAsJsonAsync(
            new Uri("/api/v1/auth/login", UriKind.Relative), new { email = ChildApplication.Email, password = ChildApplication.Password }, cancellationToken);
        var body = await ReadAsync(answer, cancellationToken);
        signedIn.client.DefaultRequestHeaders.Authorization = new("Bearer", body.GetProperty("accessToken").GetString());
        return signedIn;
    }

    /// <summary>Streams the file from disk and gives the import's id.</summary>
    public async Task<string> UploadAsync(string path, CancellationToken cancellationToken, string mode = "none")
    {
        await using var file = File.OpenRead(path);
        using var content = new StreamContent(file);
        content.Headers.ContentType = new MediaTypeHeaderValue("application/gzip");
        using var kind = new StringContent("aws-cur");
        // The kind goes first, so that a server can read the form as a stream.
        using var how = new StringContent(mode);
        using var form = new MultipartFormDataContent { { kind, "kind" }, { how, "mode" }, { content, "file", Path.GetFileName(path) } };
        using var answer = await client.PostAsync(new Uri("/api/v1/imports", UriKind.Relative), form, cancellationToken);
        return (await ReadAsync(answer, cancellationToken)).GetProperty("id").GetString()!;
    }

    /// <summary>Streams a spreadsheet of activity data from disk and gives the import's id.</summary>
    public async Task<string> UploadSheetAsync(string path, CancellationToken cancellationToken)
    {
        await using var file = File.OpenRead(path);
        using var content = new StreamContent(file);
        using var kind = new StringContent("activity-data");
        using var form = new MultipartFormDataContent { { kind, "kind" }, { content, "file", Path.GetFileName(path) } };
        using var answer = await client.PostAsync(new Uri("/api/v1/imports", UriKind.Relative), form, cancellationToken);
        return (await ReadAsync(answer, cancellationToken)).GetProperty("id").GetString()!;
    }

    /// <summary>A site in Germany, under an entity of its own.</summary>
    public async Task AddSiteAsync(string name, CancellationToken cancellationToken)
    {
        using var entity = await client.PostAsJsonAsync(new Uri("/api/v1/organizations", UriKind.Relative), new { name = name + " GmbH", country = "DE" }, cancellationToken);
        var organizationId = (await ReadAsync(entity, cancellationToken)).GetProperty("id").GetString();
        using var site = await client.PostAsJsonAsync(new Uri("/api/v1/sites", UriKind.Relative), new { organizationId, name, country = "DE", region = "DE" }, cancellationToken);
        await ReadAsync(site, cancellationToken);
    }

    /// <summary>Asks until the import has ended; <paramref name="eachTime"/> runs with every question.</summary>
    public async Task<ImportOutcome> WaitAsync(string id, Action eachTime, CancellationToken cancellationToken)
    {
        while (true)
        {
            application.ThrowIfEnded();
            var import = await GetAsync($"/api/v1/imports/{id}", cancellationToken);
            var status = import.GetProperty("status").GetString()!;
            if (status is "succeeded" or "completedWithErrors")
                return new(status, import.GetProperty("loaded").GetInt64(), import.GetProperty("rejected").GetInt64());
            if (status is not ("queued" or "running"))
                throw new InvalidOperationException($"The import ended as {status}: {import}");
            eachTime();
            await Task.Delay(100, cancellationToken);
        }
    }

    public async Task<int> CountSummaryMonthsAsync(CancellationToken cancellationToken) =>
        (await GetAsync("/api/v1/emissions/summary?groupBy=month", cancellationToken)).GetProperty("groups").GetArrayLength();

    /// <summary>Reads an answer to its end, into the stream.</summary>
    public async Task DownloadAsync(string path, Stream into, CancellationToken cancellationToken)
    {
        using var answer = await client.GetAsync(new Uri(path, UriKind.Relative), HttpCompletionOption.ResponseHeadersRead, cancellationToken);
        if (!answer.IsSuccessStatusCode)
            throw new InvalidOperationException($"{path} answered {answer.StatusCode}: {await answer.Content.ReadAsStringAsync(cancellationToken)}");
        await answer.Content.CopyToAsync(into, cancellationToken);
    }

    public async Task<JsonElement> PostAsync(string path, object body, CancellationToken cancellationToken)
    {
        using var answer = await client.PostAsJsonAsync(new Uri(path, UriKind.Relative), body, cancellationToken);
        return await ReadAsync(answer, cancellationToken);
    }

    public async Task<JsonElement> GetAsync(string path, CancellationToken cancellationToken)
    {
        using var answer = await client.GetAsync(new Uri(path, UriKind.Relative), cancellationToken);
        return await ReadAsync(answer, cancellationToken);
    }

    public void Dispose() => client.Dispose();

    private static async Task<JsonElement> ReadAsync(HttpResponseMessage answer, CancellationToken cancellationToken)
    {
        if (!answer.IsSuccessStatusCode)
            throw new InvalidOperationException($"{answer.RequestMessage?.RequestUri} answered {answer.StatusCode}: {await answer.Content.ReadAsStringAsync(cancellationToken)}");
        return await answer.Content.ReadFromJsonAsync<JsonElement>(cancellationToken);
    }
}
