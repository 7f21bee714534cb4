using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using OffGridFlow.Core.Identity;
using OffGridFlow.Tests.Identity;
using OffGridFlow.Tests.Persistence;

namespace OffGridFlow.Tests.Operations;

/// <summary>Limits of the API, each on an application of its own with small figures.</summary>
public sealed class RateLimitTests(PostgresFixture postgres)
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private Task<TestApp> StartAsync(int caller = 0, int tenant = 0, int address = 0) => TestApp.StartAsync(
        postgres,
        string.Create(CultureInfo.InvariantCulture, $"--OFFGRIDFLOW_RATE_PER_CALLER={caller}"),
        string.Create(CultureInfo.InvariantCulture, $"--OFFGRIDFLOW_RATE_PER_TENANT={tenant}"),
        string.Create(CultureInfo.InvariantCulture, $"--OFFGRIDFLOW_RATE_PER_ADDRESS={address}"),
        // Several addresses, as a proxy would tell them.
        "--OFFGRIDFLOW_TRUSTED_PROXIES=127.0.0.1");

    [Fact]
    public async Task Caller_BeyondTheBurst_IsRefused_AndAfterTheTimeThatItWasToldGetsIn()
    {
        await using var app = await StartAsync(caller: 30);
        using var client = await app.SignInAsync();

        using var first = await client.GetAsync("/api/v1/auth/me", Stop);
        first.Headers.GetValues("RateLimit-Limit").ShouldBe(["30"]);
        first.Headers.GetValues("RateLimit-Remaining").ShouldBe(["29"]);
        first.Headers.GetValues("RateLimit-Reset").ShouldBe(["2"]);
        var wait = await UntilRefusedAsync(client, atLeast: 28, atMost: 40);

        wait.ShouldBe(TimeSpan.FromSeconds(3));
        await Task.Delay(wait, Stop);
        (await StatusAsync(client)).ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Caller_OverTheLimit_IsToldInWords_AndOthersOfTheOrganizationGoOn()
    {
        await using var app = await StartAsync(caller: 3);
        using var company = await KeyClient.NewTenantAsync(app);
        var (_, key) = await company.MakeAsync(Permissions.DashboardsRead);
        using var machine = company.ClientOf(key);
        await UntilRefusedAsync(machine, atLeast: 3, atMost: 5);

        using var answer = await machine.GetAsync("/api/v1/auth/me", Stop);

        answer.StatusCode.ShouldBe(HttpStatusCode.TooManyRequests);
        answer.Headers.GetValues("RateLimit-Remaining").ShouldBe(["0"]);
        answer.Content.Headers.ContentType!.MediaType.ShouldBe("application/problem+json");
        var problem = await KeyClient.ReadAsync(answer);
        problem.GetProperty("detail").GetString().ShouldBe("This session or key may send 3 requests a minute. Nothing was done. Wait 21 seconds, then send it again.");
        problem.GetProperty("reference").GetString().ShouldNotBeNull().ShouldStartWith("OGF-");
        (await StatusAsync(company.Person)).ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Caller_OverTheLimit_IsRefusedWithoutTheDatabase()
    {
        await using var app = await StartAsync(caller: 3);
        using var client = await app.SignInAsync();
        await UntilRefusedAsync(client, atLeast: 3, atMost: 5);
        await app.OwnerAsync<object>("alter function find_session(bytea, text) rename to find_session_away");

        (await StatusAsync(client)).ShouldBe(HttpStatusCode.TooManyRequests);
    }

    [Fact]
    public async Task Tenant_BeyondItsLimit_IsRefused_WhileAnotherGoesOn()
    {
        await using var app = await StartAsync(tenant: 12);
        using var company = await KeyClient.NewTenantAsync(app);
        using var other = await KeyClient.NewTenantAsync(app);
        // Two of the twelve are used for making them.
        using var one = company.ClientOf((await company.MakeAsync(Permissions.DashboardsRead)).Key);
        using var two = company.ClientOf((await company.MakeAsync(Permissions.DashboardsRead)).Key);
        for (var i = 0; i < 5; i++)
        {
            (await StatusAsync(one)).ShouldBe(HttpStatusCode.OK);
            (await StatusAsync(two)).ShouldBe(HttpStatusCode.OK);
        }

        await UntilRefusedAsync(one, atLeast: 0, atMost: 2);
        (await StatusAsync(two)).ShouldBe(HttpStatusCode.TooManyRequests);
        (await StatusAsync(other.Person)).ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Address_ThatGuessesPasswords_IsRefused_AndAnotherIsNot()
    {
        await using var app = await StartAsync(address: 4);

        (await LoginAsync(app, "198.51.100.7", 8)).ShouldBe(
            [.. Enumerable.Repeat(HttpStatusCode.Unauthorized, 4), .. Enumerable.Repeat(HttpStatusCode.TooManyRequests, 4)]);
        (await LoginAsync(app, "198.51.100.8", 1)).ShouldBe([HttpStatusCode.Unauthorized]);
    }

    [Fact]
    public async Task Address_OfOneIpV6Network_IsOne()
    {
        await using var app = await StartAsync(address: 2);

        (await LoginAsync(app, "2001:db8:1:2::1", 1)).ShouldBe([HttpStatusCode.Unauthorized]);
        (await LoginAsync(app, "2001:db8:1:2:ffff::2", 1)).ShouldBe([HttpStatusCode.Unauthorized]);
        (await LoginAsync(app, "2001:db8:1:2::3", 1)).ShouldBe([HttpStatusCode.TooManyRequests]);
        (await LoginAsync(app, "2001:db8:1:3::1", 1)).ShouldBe([HttpStatusCode.Unauthorized]);
    }

    [Theory]
    [InlineData("X-Api-Key", "ogf_aaaaaaaa_0000000000000000000000000000000000000000000000000000000000000000")]
    [InlineData("Authorization", "Bearer nonsense")]
    public async Task Address_ThatTriesKeysOrTokens_IsRefused_WhileTheCallersThatWereKnownThereGoOn(string header, string value)
    {
        await using var app = await StartAsync(address: 6);
        using var person = await app.SignInAsync();
        (await StatusAsync(person)).ShouldBe(HttpStatusCode.OK);
        using var guesser = app.CreateClient();
        guesser.DefaultRequestHeaders.TryAddWithoutValidation(header, value);

        var answers = new List<HttpStatusCode>();
        for (var i = 0; i < 10; i++)
        {
            answers.Add(await StatusAsync(guesser));
        }

        // Two of the six went to the sign-in, and to the token when it was new.
        answers.ShouldBe([.. Enumerable.Repeat(HttpStatusCode.Unauthorized, 4), .. Enumerable.Repeat(HttpStatusCode.TooManyRequests, 6)]);
        (await StatusAsync(person)).ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Address_ThatTriesKeysAllAtOnceAndGoesOn_GetsNoMoreAnswersThanItsShare()
    {
        await using var app = await StartAsync(address: 30);
        using var guesser = app.CreateClient();
        guesser.DefaultRequestHeaders.Add("X-Api-Key", "ogf_aaaaaaaa_0000000000000000000000000000000000000000000000000000000000000000");
        var watch = System.Diagnostics.Stopwatch.StartNew();

        var answered = 0;
        for (var wave = 0; wave < 5 || watch.Elapsed < TimeSpan.FromSeconds(3); wave++)
        {
            answered += (await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => StatusAsync(guesser)))).Count(status => status == HttpStatusCode.Unauthorized);
        }

        // What came at once, and one for each two seconds.
        ((double)answered).ShouldBeInRange(30, 31 + (watch.Elapsed.TotalSeconds / 2));
    }

    [Fact]
    public async Task Flood_WritesOneLine_NotOneForEach()
    {
        await using var app = await TestApp.StartAsync(
            postgres, "--OFFGRIDFLOW_RATE_PER_ADDRESS=1", "--OFFGRIDFLOW_TRUSTED_PROXIES=127.0.0.1", "--Logging:LogLevel:Default=Information");
        var log = new LogLines();
        app.App.Services.GetRequiredService<ILoggerFactory>().AddProvider(log);

        var answers = await LoginAsync(app, "198.51.100.7", 50);

        answers.Count(status => status == HttpStatusCode.TooManyRequests).ShouldBeGreaterThan(45);
        log.Lines.Where(line => line.Contains("refused by rate limits", StringComparison.Ordinal)).ShouldHaveSingleItem().ShouldContain("198.51.100.7");
        log.Lines.ShouldNotContain(line => line.Contains("too many requests", StringComparison.OrdinalIgnoreCase));
    }

    [Fact]
    public async Task Revoked_AtOnce_KnownCallerIsRefusedWith401()
    {
        await using var app = await StartAsync(caller: 100, tenant: 100, address: 100);
        using var company = await KeyClient.NewTenantAsync(app);
        var (id, key) = await company.MakeAsync(Permissions.DashboardsRead);
        using var machine = company.ClientOf(key);
        (await StatusAsync(machine)).ShouldBe(HttpStatusCode.OK);
        (await StatusAsync(machine)).ShouldBe(HttpStatusCode.OK);

        await company.RevokeAsync(id);

        (await StatusAsync(machine)).ShouldBe(HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task Address_OverTheLimit_IsRefusedBeforeTheDatabaseAndTheBody()
    {
        await using var app = await StartAsync(address: 1);
        await LoginAsync(app, "198.51.100.7", 1);
        await app.OwnerAsync<object>("alter function find_user_by_email(text) rename to find_user_by_email_away");

        (await LoginAsync(app, "198.51.100.7", 1)).ShouldBe([HttpStatusCode.TooManyRequests]);
    }

    [Fact]
    public async Task Valid_Callers_DoNotCountAgainstTheirAddress()
    {
        await using var app = await StartAsync(address: 3);
        using var client = await app.SignInAsync();

        for (var i = 0; i < 20; i++)
        {
            (await StatusAsync(client)).ShouldBe(HttpStatusCode.OK);
        }
    }

    [Fact]
    public async Task SignInForm_BeyondTheLimit_ShowsTheFormWithWords_AndDoesNotSignIn()
    {
        await using var app = await StartAsync(address: 2);
        using var browser = new Browser(app);
        for (var i = 0; i < 2; i++)
        {
            using var wrong = await browser.SignInAsync(TestApp.AdminEmail, "not the password");
            wrong.StatusCode.ShouldBe(HttpStatusCode.OK);
        }

        using var refused = await browser.SignInAsync(TestApp.AdminEmail, TestApp.AdminPassword);

        refused.StatusCode.ShouldBe(HttpStatusCode.TooManyRequests);
        refused.Headers.RetryAfter.ShouldNotBeNull();
        (await refused.Content.ReadAsStringAsync(Stop)).ShouldContain("There were too many tries from your network.");
        browser.SessionCookie.ShouldBeNull();
    }

    [Fact]
    public async Task PagesAndHealth_AreNotLimited()
    {
        await using var app = await StartAsync(caller: 2, tenant: 2, address: 2);
        using var browser = await Browser.SignedInAsync(app);
        using var anybody = app.CreateClient();

        for (var i = 0; i < 10; i++)
        {
            (await browser.GetAsync("/imports")).StatusCode.ShouldBe(HttpStatusCode.OK);
            (await anybody.GetAsync("/health", Stop)).StatusCode.ShouldBe(HttpStatusCode.OK);
        }
    }

    [Fact]
    public async Task Lockout_SaysWhenToTryAgain()
    {
        await using var app = await StartAsync();

        var answers = await LoginAsync(app, "198.51.100.7", 5, TestApp.AdminEmail);
        using var client = app.CreateClient();
        using var locked = await client.PostAsJsonAsync("/api/v1/auth/login", new { email = TestApp.AdminEmail, password = TestApp.AdminPassword }, Stop);

        answers[0].ShouldBe(HttpStatusCode.Unauthorized);
        locked.StatusCode.ShouldBe(HttpStatusCode.TooManyRequests);
        locked.Headers.RetryAfter!.Delta!.Value.TotalMinutes.ShouldBeInRange(14, 15);
    }

    [Theory]
    [InlineData("--OFFGRIDFLOW_RATE_PER_CALLER=-1", "OFFGRIDFLOW_RATE_PER_CALLER")]
    [InlineData("--OFFGRIDFLOW_RATE_PER_TENANT=many", "OFFGRIDFLOW_RATE_PER_TENANT")]
    [InlineData("--OFFGRIDFLOW_TRUSTED_PROXIES=10.0.0.0/33", "OFFGRIDFLOW_TRUSTED_PROXIES")]
    public async Task Setting_ThatIsNone_StopsTheStartWithItsName(string setting, string name) =>
        (await Should.ThrowAsync<InvalidOperationException>(() => TestApp.StartAsync(postgres, setting))).Message.ShouldStartWith(name);

    private static async Task<HttpStatusCode> StatusAsync(HttpClient client)
    {
        using var answer = await client.GetAsync("/api/v1/auth/me", Stop);
        return answer.StatusCode;
    }

    private static async Task<TimeSpan> UntilRefusedAsync(HttpClient client, int atLeast, int atMost)
    {
        for (var let = 0; ; let++)
        {
            using var answer = await client.GetAsync("/api/v1/auth/me", Stop);
            if (answer.StatusCode == HttpStatusCode.TooManyRequests)
            {
                let.ShouldBeInRange(atLeast, atMost);
                return answer.Headers.RetryAfter!.Delta!.Value;
            }

            answer.StatusCode.ShouldBe(HttpStatusCode.OK);
            let.ShouldBeLessThan(atMost);
        }
    }

    private static async Task<List<HttpStatusCode>> LoginAsync(TestApp app, string address, int times, string email = "nobody@example.com")
    {
        using var client = app.CreateClient();
        client.DefaultRequestHeaders.Add("X-Forwarded-For", address);
        var answers = new List<HttpStatusCode>();
        for (var i = 0; i < times; i++)
        {
            using var answer = await client.PostAsJsonAsync("/api/v1/auth/login", new { email, password = "wrong" }, Stop);
            answers.Add(answer.StatusCode);
        }

        return answers;
    }
}
