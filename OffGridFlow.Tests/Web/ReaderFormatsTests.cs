using System.Net;
using System.Net.Http.Headers;
using System.Text.RegularExpressions;
using OffGridFlow.Tests.Identity;

namespace OffGridFlow.Tests.Web;

/// <summary>Whose choice counts: the person's, then the browser's, then what its languages say.</summary>
public sealed class ReaderFormatsTests(SharedApp shared) : IClassFixture<SharedApp>
{
    private readonly TestApp _app = shared.App;

    [Theory]
    [InlineData("de-CH,de;q=0.9", "de-DE")]
    [InlineData("fr", "fr-FR")]
    [InlineData("en-GB", "en-GB")]
    [InlineData("nl", "en-US")]
    public async Task Browser_WithoutAChoice_IsReadByItsLanguages(string languages, string expected)
    {
        using var browser = new Browser(_app);

        (await ChosenAsync(browser, "/account/sign-in", languages)).ShouldBe(expected);
    }

    [Fact]
    public async Task Browser_ItsChoice_IsKeptOverItsLanguages()
    {
        using var browser = new Browser(_app);
        using var answer = await browser.SubmitAsync("/account/sign-in", new() { ["formats"] = "fr-FR" }, "/app/formats");
        answer.StatusCode.ShouldBe(HttpStatusCode.Redirect);
        answer.Headers.Location!.ToString().ShouldBe("/account/sign-in");

        (await ChosenAsync(browser, "/account/sign-in", "de")).ShouldBe("fr-FR");
    }

    [Theory]
    [InlineData("xx-XX")]
    [InlineData("")]
    public async Task Choice_ThatIsNotOffered_ChangesNothing(string formats)
    {
        using var browser = new Browser(_app);
        using var answer = await browser.SubmitAsync("/account/sign-in", new() { ["formats"] = formats }, "/app/formats");

        (await ChosenAsync(browser, "/account/sign-in", "de")).ShouldBe("de-DE");
    }

    [Fact]
    public async Task Choice_WithoutThePagesToken_IsRefused()
    {
        using var browser = new Browser(_app);
        using var answer = await browser.PostAsync("/app/formats", new() { ["formats"] = "fr-FR" });

        answer.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task Choice_SendsNobodyElsewhere()
    {
        using var browser = new Browser(_app);
        using var answer = await browser.SubmitAsync("/account/sign-in", new() { ["formats"] = "fr-FR", ["returnUrl"] = "https://evil.example/" }, "/app/formats");

        answer.Headers.Location!.ToString().ShouldBe("/");
    }

    [Fact]
    public async Task Person_TheirChoice_CountsInEveryBrowser_AndForNobodyElse()
    {
        var (mine, others) = ($"a-{Guid.NewGuid():N}@formats.example", $"b-{Guid.NewGuid():N}@formats.example");
        await _app.AddTenantAsync("A company", mine);
        await _app.AddTenantAsync("Another company", others);
        await _app.OwnerAsync<object>(
            "insert into personal_settings select m.tenant_id, m.user_id, 'formats', 'de-DE' from memberships m join users u on u.id = m.user_id where u.email = $1", mine);
        using var browser = await Browser.SignedInAsync(_app, mine);
        using var other = await Browser.SignedInAsync(_app, others);
        using var chosen = await browser.SubmitAsync("/", new() { ["formats"] = "fr-FR" }, "/app/formats");

        (await ChosenAsync(browser, "/", "en-US")).ShouldBe("de-DE");
        (await ChosenAsync(other, "/", "en-US")).ShouldBe("en-US");
    }

    [Fact]
    public async Task Api_IsTheSameForEveryLanguage()
    {
        using var client = await _app.SignInAsync();
        var answers = new List<string>();
        foreach (var language in new[] { "en-US", "de-DE", "fr-FR" })
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, "/api/v1/estimates/cloud")
            {
                Content = new StringContent(
                    """{"method":"ccf","rows":[{"provider":"AWS","service":"AmazonEC2","region":"us-east-1","usageType":"BoxUsage:t3.micro","unit":"Hrs","amount":1234.5,"date":"2023-11-05"}]}""",
                    System.Text.Encoding.UTF8, "application/json"),
            };
            request.Headers.AcceptLanguage.Add(new StringWithQualityHeaderValue(language));
            using var answer = await client.SendAsync(request, TestContext.Current.CancellationToken);
            answer.StatusCode.ShouldBe(HttpStatusCode.OK);
            answers.Add(await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        }

        answers[0].ShouldContain("kilowattHours");
        answers.ShouldAllBe(answer => answer == answers[0]);
    }

    /// <summary>The format that the page marks as chosen: in its account menu, or in the sign-in page's picker.</summary>
    private static async Task<string> ChosenAsync(Browser browser, string path, string languages)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.AcceptLanguage.ParseAdd(languages);
        using var answer = await browser.SendAsync(request);
        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        var html = await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        var option = Regex.Match(html, "<option value=\"([^\"]+)\"[^>]*selected", RegexOptions.None, TimeSpan.FromSeconds(1));
        if (option.Success) return option.Groups[1].Value;
        var pressed = Regex.Match(html, "aria-pressed=\"true\"><span><span lang=\"(..)\">([^<]+)<", RegexOptions.None, TimeSpan.FromSeconds(1));
        pressed.Success.ShouldBeTrue(html);
        return OffGridFlow.Web.Shared.Formats.All.Single(choice => choice.Text == WebUtility.HtmlDecode(pressed.Groups[2].Value)).Name;
    }
}
