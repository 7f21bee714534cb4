using System.Net;
using System.Net.Http.Headers;
using System.Text;

namespace OffGridFlow.Tests.Identity;

public sealed class SecurityHeadersTests(SharedApp shared) : IClassFixture<SharedApp>
{
    private readonly TestApp _app = shared.App;

    [Theory]
    [InlineData("/account/sign-in", 200)]
    [InlineData("/", 302)]
    [InlineData("/nothing/here", 404)]
    [InlineData("/og.css", 200)]
    [InlineData("/favicon.svg", 200)]
    [InlineData("/_framework/blazor.web.js", 200)]
    [InlineData("/missing.css", 404)]
    [InlineData("/health", 200)]
    [InlineData("/openapi/v1.json", 200)]
    [InlineData("/api/v1/auth/me", 401)]
    [InlineData("/api/v1/nothing", 404)]
    [InlineData("/app/imports/0198c0de-0000-7000-8000-000000000000/rejected", 401)]
    public async Task Answer_OfAnyKind_CarriesThem(string path, int status)
    {
        using var client = _app.CreateClient();

        using var answer = await client.GetAsync(path, TestContext.Current.CancellationToken);

        ((int)answer.StatusCode).ShouldBe(status);
        ShouldCarryThem(answer);
    }

    [Fact]
    public async Task Answer_NotModified_CarriesThem()
    {
        using var client = _app.CreateClient();
        client.DefaultRequestHeaders.IfNoneMatch.Add(EntityTagHeaderValue.Any);

        using var answer = await client.GetAsync("/og.css", TestContext.Current.CancellationToken);

        answer.StatusCode.ShouldBe(HttpStatusCode.NotModified);
        ShouldCarryThem(answer);
    }

    [Fact]
    public async Task Answer_ToAMethodThatIsNone_CarriesThem()
    {
        using var client = _app.CreateClient();

        using var answer = await client.DeleteAsync("/api/v1/auth/login", TestContext.Current.CancellationToken);

        answer.StatusCode.ShouldBe(HttpStatusCode.MethodNotAllowed);
        ShouldCarryThem(answer);
    }

    [Fact]
    public async Task Api_InvalidCursor_IsAProblemOfItsOwn_NotAFault()
    {
        using var client = await _app.SignInAsync();

        using var answer = await client.GetAsync("/api/v1/imports?cursor=nonsense", TestContext.Current.CancellationToken);

        answer.StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
        answer.Content.Headers.ContentType!.MediaType.ShouldBe("application/problem+json");
    }

    [Fact]
    public async Task Api_NulInAFilter_IsAProblemOfItsOwn_NotAFault()
    {
        using var client = await _app.SignInAsync();

        using var answer = await client.GetAsync("/api/v1/emissions?service=%00", TestContext.Current.CancellationToken);

        answer.StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
        ShouldCarryThem(answer);
    }

    [Fact]
    public async Task Answer_ToASignedInPage_AllowsNoOtherFrame()
    {
        using var browser = await Browser.SignedInAsync(_app);

        using var answer = await browser.GetAsync("/");

        ShouldCarryThem(answer);
        answer.Headers.GetValues("Content-Security-Policy").ShouldHaveSingleItem().ShouldContain("frame-ancestors 'none'");
    }

    [Fact]
    public async Task Api_UnreadableJson_IsABadRequestWithThem()
    {
        using var client = _app.CreateClient();

        using var answer = await client.PostAsync("/api/v1/auth/login", new StringContent("{", Encoding.UTF8, "application/json"), TestContext.Current.CancellationToken);

        answer.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        answer.Content.Headers.ContentType!.MediaType.ShouldBe("application/problem+json");
        ShouldCarryThem(answer);
    }

    [Fact]
    public async Task Fault_InAPageOrTheApi_IsAnsweredWithAReference_AndNothingOfItsText()
    {
        using var browser = new Browser(_app);
        using var page = await browser.GetAsync("/account/sign-in");
        await _app.OwnerAsync<object>("alter function find_user_by_email(text) rename to find_user_by_nothing");
        try
        {
            using var api = _app.CreateClient();
            using var fault = await api.PostAsync(
                "/api/v1/auth/login", new StringContent("""{"email":"a@b.example","password":"x"}""", Encoding.UTF8, "application/json"), TestContext.Current.CancellationToken);
            using var faultOfPage = await browser.SignInAsync("a@b.example", "x");

            fault.StatusCode.ShouldBe(HttpStatusCode.InternalServerError);
            faultOfPage.StatusCode.ShouldBe(HttpStatusCode.InternalServerError);
            fault.Content.Headers.ContentType!.MediaType.ShouldBe("application/problem+json");
            (await faultOfPage.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)).ShouldContain("This page could not be loaded");
            foreach (var answer in new[] { fault, faultOfPage })
            {
                ShouldCarryThem(answer);
                (await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)).ShouldNotContain("find_user_by");
            }
        }
        finally
        {
            await _app.OwnerAsync<object>("alter function find_user_by_nothing(text) rename to find_user_by_email");
        }
    }

    [Theory]
    [InlineData("https://evil.example", HttpStatusCode.Forbidden)]
    [InlineData("null", HttpStatusCode.Forbidden)]
    [InlineData("http://127.0.0.1:1", HttpStatusCode.Forbidden)]
    [InlineData(null, HttpStatusCode.OK)]
    [InlineData("own", HttpStatusCode.OK)]
    public async Task Hub_TakesConnectionsOfThisServersPagesOnly(string? origin, HttpStatusCode status)
    {
        using var client = _app.CreateClient();
        using var request = new HttpRequestMessage(HttpMethod.Post, "/_blazor/negotiate?negotiateVersion=1");
        if (origin is not null)
        {
            request.Headers.Add("Origin", origin == "own" ? _app.Address.GetLeftPart(UriPartial.Authority) : origin);
        }

        using var answer = await client.SendAsync(request, TestContext.Current.CancellationToken);

        answer.StatusCode.ShouldBe(status);
        ShouldCarryThem(answer);
    }

    [Fact]
    public async Task Answer_DoesNotNameTheServer()
    {
        using var client = _app.CreateClient();
        using var answer = await client.GetAsync("/health", TestContext.Current.CancellationToken);

        answer.Headers.Server.ShouldBeEmpty();
    }

    private static void ShouldCarryThem(HttpResponseMessage answer)
    {
        var policy = Header(answer.Headers, "Content-Security-Policy");
        policy.ShouldNotContain("unsafe-eval");
        policy.ShouldContain("script-src 'self';");
        policy.ShouldContain("default-src 'self'");
        policy.ShouldContain("object-src 'none'");
        policy.ShouldContain("form-action 'self'");
        policy.ShouldContain("base-uri 'self'");
        Header(answer.Headers, "X-Content-Type-Options").ShouldBe("nosniff");
        Header(answer.Headers, "X-Frame-Options").ShouldBe("DENY");
        Header(answer.Headers, "Referrer-Policy").ShouldBe("same-origin");
        Header(answer.Headers, "Cross-Origin-Opener-Policy").ShouldBe("same-origin");
    }

    private static string Header(HttpResponseHeaders headers, string name) =>
        headers.TryGetValues(name, out var values) ? values.ShouldHaveSingleItem() : throw new ShouldAssertException($"{name} is missing.");
}
