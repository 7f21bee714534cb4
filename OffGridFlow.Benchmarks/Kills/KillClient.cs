using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;

namespace OffGridFlow.Benchmarks.Kills;

/// <param name="Status">Null when the connection broke before an answer was read.</param>
/// <param name="Id">Of the import, in 200 and 202.</param>
internal sealed record KillAnswer(HttpStatusCode? Status, Guid? Id, string Text)
{
    /// <summary>Neither done nor refused as far as the caller knows. 503 says that the database did not answer, which may be after it had committed.</summary>
    public bool Unknown => Status is null or HttpStatusCode.ServiceUnavailable;
}

internal sealed record KillImport(Guid Id, string FileName, string Status);

/// <param name="UsageCost">Zero when the ledger is empty.</param>
internal sealed record KillSummary(decimal UsageCost, decimal KgCo2e, decimal KilowattHours);

/// <summary>The few calls of the public API that the campaign makes.</summary>
internal sealed class KillClient(ChildApplication application) : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);

    private readonly HttpClient http = new() { Timeout = Patience };

    public async Task SignInAsync(CancellationToken cancellationToken)
    {
        var answer = await UntilAnsweredAsync(
            async () => await http.PostAsJsonAsync(
                Address("/api/v1/auth/login"), new { email = ChildApplication.Email, password = ChildApplication.Password }, cancellationToken),
            cancellationToken);
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", answer.GetProperty("accessToken").GetString());
    }

    public async Task<KillAnswer> UploadAsync(KillBill bill, string mode, string fileName, PacedUpload pace, CancellationToken cancellationToken)
    {
        using var content = pace.Of(bill.Bytes);
        using var kind = new StringContent("aws-cur");
        using var how = new StringContent(mode);
        using var form = new MultipartFormDataContent { { kind, "kind" }, { how, "mode" }, { content, "file", fileName } };
        return await AnswerAsync(() => http.PostAsync(Address("/api/v1/imports"), form, cancellationToken), cancellationToken);
    }

    public Task<KillAnswer> DeleteAsync(Guid id, CancellationToken cancellationToken) =>
        AnswerAsync(() => http.DeleteAsync(Address($"/api/v1/imports/{id}"), cancellationToken), cancellationToken);

    /// <summary>The newest two hundred.</summary>
    public async Task<List<KillImport>> ListAsync(CancellationToken cancellationToken)
    {
        var page = await UntilAnsweredAsync(() => http.GetAsync(Address("/api/v1/imports?limit=200"), cancellationToken), cancellationToken);
        return [.. page.GetProperty("items").EnumerateArray().Select(item => new KillImport(
            item.GetProperty("id").GetGuid(), item.GetProperty("fileName").GetString()!, item.GetProperty("status").GetString()!))];
    }

    /// <summary>Once no import is queued or running.</summary>
    public async Task<List<KillImport>> ListEndedAsync(CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(Patience);
        while (true)
        {
            var imports = await ListAsync(cancellationToken);
            if (!imports.Exists(import => import.Status is "queued" or "running") || limit.IsCancellationRequested)
                return imports;
            await Task.Delay(Pause, cancellationToken);
        }
    }

    /// <summary>Asked once: null when nobody answers or the database is away.</summary>
    /// <exception cref="KillViolationException">Any other answer than 200 and 503.</exception>
    public async Task<KillSummary?> SummaryAsync(CancellationToken cancellationToken)
    {
        var answer = await AnswerAsync(() => http.GetAsync(Address("/api/v1/emissions/summary"), cancellationToken), cancellationToken);
        if (answer.Unknown)
            return null;
        if (answer.Status != HttpStatusCode.OK)
            throw new KillViolationException($"GET /emissions/summary answered {answer.Status}: {answer.Text}");
        using var body = JsonDocument.Parse(answer.Text);
        var total = body.RootElement.GetProperty("total");
        var cost = body.RootElement.GetProperty("cost").EnumerateObject().Sum(currency => currency.Value.GetDecimal());
        return new KillSummary(cost, total.GetProperty("kgCo2e").GetDecimal(), total.GetProperty("kilowattHours").GetDecimal());
    }

    public async Task<bool> IsReadyAsync(CancellationToken cancellationToken) =>
        (await AnswerAsync(() => http.GetAsync(Address("/health/ready"), cancellationToken), cancellationToken)).Status == HttpStatusCode.OK;

    public void Dispose() => http.Dispose();

    private Uri Address(string path) => new(application.Address, path);

    private static async Task<KillAnswer> AnswerAsync(Func<Task<HttpResponseMessage>> send, CancellationToken cancellationToken)
    {
        try
        {
            using var answer = await send();
            var text = await answer.Content.ReadAsStringAsync(cancellationToken);
            if (answer.StatusCode == HttpStatusCode.ServiceUnavailable && answer.RequestMessage!.RequestUri!.AbsolutePath.StartsWith("/api", StringComparison.Ordinal)
                && answer.Headers.RetryAfter is null)
                throw new KillViolationException($"503 without Retry-After from {answer.RequestMessage.RequestUri}: {text}");
            if (answer.StatusCode is not (HttpStatusCode.OK or HttpStatusCode.Accepted))
                return new KillAnswer(answer.StatusCode, null, text);
            using var body = JsonDocument.Parse(Encoding.UTF8.GetBytes(text));
            return new KillAnswer(answer.StatusCode, body.RootElement.TryGetProperty("id", out var id) ? id.GetGuid() : null, text);
        }
        catch (Exception exception) when (exception is HttpRequestException or IOException or TaskCanceledException && !cancellationToken.IsCancellationRequested)
        {
            return new KillAnswer(null, null, exception.Message);
        }
    }

    /// <summary>As a client should: an answer of 503 or a broken connection is asked again, for some seconds.</summary>
    private static async Task<JsonElement> UntilAnsweredAsync(Func<Task<HttpResponseMessage>> send, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(TimeSpan.FromSeconds(10));
        while (true)
        {
            var answer = await AnswerAsync(send, cancellationToken);
            if (answer.Status == HttpStatusCode.OK)
                return JsonDocument.Parse(answer.Text).RootElement;
            if (!answer.Unknown || limit.IsCancellationRequested)
                throw new KillViolationException($"After the kill the application answered {answer.Status?.ToString() ?? "nothing"}: {answer.Text}");
            await Task.Delay(Pause, cancellationToken);
        }
    }
}

/// <summary>Lets the campaign act between two parts of an upload, and tells it when the last byte has been sent.</summary>
/// <param name="pauseAt">Share of the file after which the upload waits for <see cref="Continue"/>; 1 does not wait.</param>
internal sealed class PacedUpload(double pauseAt = 1)
{
    private readonly TaskCompletionSource reached = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource goOn = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource sent = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Task Reached => reached.Task;

    public Task Sent => sent.Task;

    public void Continue() => goOn.TrySetResult();

    public HttpContent Of(byte[] bytes) => new Content(this, bytes, (int)(bytes.Length * pauseAt));

    private sealed class Content(PacedUpload pace, byte[] bytes, int pauseAt) : HttpContent
    {
        protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
        {
            await stream.WriteAsync(bytes.AsMemory(0, pauseAt));
            await stream.FlushAsync();
            pace.reached.TrySetResult();
            if (pauseAt < bytes.Length)
            {
                await pace.goOn.Task;
                await stream.WriteAsync(bytes.AsMemory(pauseAt));
                await stream.FlushAsync();
            }

            pace.sent.TrySetResult();
        }

        protected override bool TryComputeLength(out long length)
        {
            length = bytes.Length;
            return true;
        }
    }
}

/// <summary>A promise that was not kept.</summary>
internal sealed class KillViolationException(string message) : Exception(message);
