using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using OffGridFlow.Infrastructure.Imports.Samples;
using OffGridFlow.Tests.Persistence;

namespace OffGridFlow.Tests.Rules;

/// <summary>The culture is the process's: nothing else runs meanwhile.</summary>
[CollectionDefinition(nameof(CultureTests), DisableParallelization = true)]
public sealed class CultureCollection;

/// <summary>Files, wire and database do not depend on where the server stands: decimal comma, dotless i, Persian digits, Hijri calendar.</summary>
[Collection(nameof(CultureTests))]
public sealed class CultureTests(PostgresFixture postgres)
{
    [Fact]
    public async Task ImportAndSummary_UnderAnyCulture_GiveTheSameBytes()
    {
        var before = CultureInfo.DefaultThreadCurrentCulture;
        var own = CultureInfo.CurrentCulture;
        var expected = await AnswersAsync(CultureInfo.InvariantCulture);
        expected.ShouldContain("kgCo2e");
        try
        {
            foreach (var culture in new[] { "de-DE", "tr-TR", "fa-IR", "ar-SA" })
            {
                (await AnswersAsync(CultureInfo.GetCultureInfo(culture))).ShouldBe(expected, culture);
            }
        }
        finally
        {
            (CultureInfo.DefaultThreadCurrentCulture, CultureInfo.CurrentCulture) = (before, own);
        }
    }

    private async Task<string> AnswersAsync(CultureInfo culture)
    {
        (CultureInfo.DefaultThreadCurrentCulture, CultureInfo.CurrentCulture) = (culture, culture);
        await using var app = await TestApp.StartAsync(postgres);
        (await CultureOfOtherThreadsAsync()).ShouldBe(culture);
        using var client = await app.SignInAsync();
        using var bill = new MemoryStream();
        SampleBill.WriteCsv(bill, new SampleBillOptions { Rows = 300, Seed = 7, Accounts = 2, Months = 2, Daily = true }, TestContext.Current.CancellationToken);
        using var form = new MultipartFormDataContent { { new StringContent("aws-cur"), "kind" }, { new ByteArrayContent(bill.ToArray()), "file", "bill.csv" } };
        using var accepted = await client.PostAsync("/api/v1/imports", form, TestContext.Current.CancellationToken);
        accepted.StatusCode.ShouldBe(HttpStatusCode.Accepted);
        var id = (await accepted.Content.ReadFromJsonAsync<JsonObject>(TestContext.Current.CancellationToken))!["id"]!.GetValue<string>();

        var import = await EndOfAsync(client, id);
        foreach (var changing in new[] { "id", "jobId", "createdAt", "finishedAt" })
        {
            import.Remove(changing);
        }

        // The same file once more, by another mode, so that an answer with a month in words is among them.
        using var again = new MultipartFormDataContent { { new StringContent("aws-cur"), "kind" }, { new ByteArrayContent([.. bill.ToArray(), (byte)'\n']), "file", "bill.csv" } };
        using var conflict = await client.PostAsync("/api/v1/imports", again, TestContext.Current.CancellationToken);
        var refusal = (await conflict.Content.ReadFromJsonAsync<JsonObject>(TestContext.Current.CancellationToken))!;
        conflict.StatusCode.ShouldBe(HttpStatusCode.Conflict);
        var texts = new List<string> { import.ToJsonString(), refusal["detail"]!.ToJsonString(), refusal["periods"]!.ToJsonString() };
        foreach (var path in new[]
        {
            "/api/v1/emissions/summary?groupBy=month,service,account,usageClass", "/api/v1/emissions/summary?from=2023-01-01&to=2023-01-31&groupBy=region",
            "/api/v1/emissions/summary?groupBy=nonsense",
        })
        {
            texts.Add(await StableAsync(client, path));
        }

        using var estimate = await client.PostAsync(
            "/api/v1/estimates/cloud",
            new StringContent(
                """{"method":"ccf","rows":[{"provider":"AWS","service":"AmazonEC2","region":"us-east-1","usageType":"BoxUsage:t3.micro","unit":"Hrs","amount":1.5,"date":"2023-11-05"}]}""",
                System.Text.Encoding.UTF8, "application/json"),
            TestContext.Current.CancellationToken);
        texts.Add(await estimate.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        return string.Join('\n', texts);
    }

    /// <summary>The server's threads know nothing of this test's own context.</summary>
    private static Task<CultureInfo> CultureOfOtherThreadsAsync()
    {
        using (ExecutionContext.SuppressFlow())
        {
            return Task.Run(() => CultureInfo.CurrentCulture);
        }
    }

    private static async Task<string> StableAsync(HttpClient client, string path)
    {
        var json = JsonNode.Parse(await client.GetStringOfAnyStatusAsync(path))!.AsObject();
        json.Remove("reference");
        json.Remove("traceId");
        return json.ToJsonString();
    }

    /// <summary>Waits for the job that the upload queued; it tells when it is over, no test can make it end.</summary>
    private static async Task<JsonObject> EndOfAsync(HttpClient client, string id)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        patience.CancelAfter(TimeSpan.FromSeconds(30));
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        while (await timer.WaitForNextTickAsync(patience.Token))
        {
            var import = (await client.GetFromJsonAsync<JsonObject>($"/api/v1/imports/{id}", patience.Token))!;
            if (import["status"]!.GetValue<string>() is not ("queued" or "running"))
            {
                import["status"]!.GetValue<string>().ShouldBeOneOf("succeeded", "completedWithErrors");
                return import;
            }
        }

        throw new InvalidOperationException("The timer ended.");
    }
}

internal static class CultureTestsHttp
{
    public static async Task<string> GetStringOfAnyStatusAsync(this HttpClient client, string path)
    {
        using var answer = await client.GetAsync(path, TestContext.Current.CancellationToken);
        return await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
    }
}
