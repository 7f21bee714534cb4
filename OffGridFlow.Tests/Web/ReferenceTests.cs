using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using OffGridFlow.Tests.Identity;
using OffGridFlow.Tests.Persistence;

namespace OffGridFlow.Tests.Web;

/// <summary>The reference that a person or a caller is given is in the log of the whole program.</summary>
public sealed partial class ReferenceTests(PostgresFixture postgres) : IAsyncLifetime
{
    private readonly LogLines _log = new();
    private TestApp _app = null!;

    public async ValueTask InitializeAsync()
    {
        _app = await TestApp.StartAsync(postgres, "--Logging:LogLevel:OffGridFlow=Information");
        _app.App.Services.GetRequiredService<ILoggerFactory>().AddProvider(_log);
    }

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        _log.Dispose();
    }

    [Fact]
    public async Task Page_ThatFails_ShowsTheReferenceOfItsLogLine()
    {
        using var browser = new Browser(_app);
        await _app.OwnerAsync<object>("alter function set_up_state() rename to set_up_state_away");
        using var answer = await browser.GetAsync("/account/first-run");

        answer.StatusCode.ShouldBe(HttpStatusCode.InternalServerError);
        var html = await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        var line = _log.Lines.Single(text => text.Contains(Shown(html), StringComparison.Ordinal));
        line.ShouldStartWith("Error");
        line.ShouldContain("set_up_state");
        html.ShouldContain("UTC");
        html.ShouldContain("href=\"/account/first-run\"");
    }

    [Fact]
    public async Task Page_ThatIsNotThere_OrNotAllowed_ShowsTheReferenceOfItsLogLine()
    {
        using var browser = await Browser.SignedInAsync(_app);
        using var missing = await browser.GetAsync("/no/such/page");
        using var denied = await browser.GetAsync("/account/denied?returnUrl=%2Fimports%3Fx%3D1");

        missing.StatusCode.ShouldBe(HttpStatusCode.NotFound);
        foreach (var (answer, asked) in new[] { (missing, "/no/such/page"), (denied, "/imports") })
        {
            var html = await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
            _log.Lines.Single(text => text.Contains(Shown(html), StringComparison.Ordinal)).ShouldContain(asked);
        }
    }

    [Fact]
    public async Task SignIn_AfterASessionEnded_SaysSoWithAReference()
    {
        using var browser = await Browser.SignedInAsync(_app);
        await _app.OwnerAsync<object>("update sessions set ended_at = now()");

        using var answer = await browser.GetAsync("/imports");
        using var page = await browser.GetAsync(answer.Headers.Location!.PathAndQuery);

        var html = await page.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        html.ShouldContain("Your session has ended.");
        _log.Lines.Single(text => text.Contains(Shown(html), StringComparison.Ordinal)).ShouldContain("/imports");
    }

    [Fact]
    public async Task SignIn_ForTheFirstTime_SpeaksOfNoSession()
    {
        using var browser = new Browser(_app);
        using var answer = await browser.GetAsync("/imports");

        answer.Headers.Location!.Query.ShouldNotContain("ended");
    }

    [Fact]
    public async Task Problem_OfTheApi_CarriesTheTraceOfItsLogLine()
    {
        using var client = await _app.SignInAsync();
        using var refused = await client.GetAsync("/api/v1/emissions/summary?from=yesterday", TestContext.Current.CancellationToken);
        using var missing = await client.GetAsync("/api/v1/nothing", TestContext.Current.CancellationToken);
        await _app.OwnerAsync<object>("alter function find_user_by_email(text) rename to find_user_by_nothing");
        using var fault = await client.PostAsync(
            "/api/v1/auth/login", new StringContent("""{"email":"a@b.example","password":"x"}""", Encoding.UTF8, "application/json"), TestContext.Current.CancellationToken);

        fault.StatusCode.ShouldBe(HttpStatusCode.InternalServerError);
        foreach (var (answer, word) in new[] { (refused, "422"), (missing, "404"), (fault, "find_user_by_email") })
        {
            var problem = (await answer.Content.ReadFromJsonAsync<JsonObject>(TestContext.Current.CancellationToken))!;
            var trace = problem["traceId"]!.GetValue<string>();
            trace.ShouldMatch("^[0-9a-f]{32}$");
            var line = _log.Lines.Single(text => text.Contains(trace, StringComparison.Ordinal));
            line.ShouldContain(problem["reference"]!.GetValue<string>());
            line.ShouldContain(word);
        }
    }

    private static string Shown(string html) => Reference().Match(html) is { Success: true } match ? match.Value : throw new ShouldAssertException("No reference is shown.");

    [GeneratedRegex("OGF-[2-9A-Z]{4}-[2-9A-Z]{4}", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Reference();
}
