using System.Net;
using System.Text.RegularExpressions;

namespace OffGridFlow.Tests.Identity;

/// <summary>A browser without scripts: it keeps cookies, follows no redirect and fills in forms as the pages give them.</summary>
internal sealed partial class Browser : IDisposable
{
    private readonly HttpClientHandler _handler = new() { AllowAutoRedirect = false, UseCookies = true };
    private readonly HttpClient _client;

    public Browser(TestApp app)
    {
        _client = new HttpClient(_handler) { BaseAddress = app.Address };
        _client.DefaultRequestHeaders.Accept.ParseAdd("text/html");
    }

    /// <summary>The session cookie's value, or null.</summary>
    public string? SessionCookie => _handler.CookieContainer.GetCookies(_client.BaseAddress!)["offgridflow"]?.Value;

    public static async Task<Browser> SignedInAsync(TestApp app, string email = TestApp.AdminEmail, string password = TestApp.AdminPassword)
    {
        var browser = new Browser(app);
        using var answer = await browser.SignInAsync(email, password);
        answer.StatusCode.ShouldBe(HttpStatusCode.Redirect);
        return browser;
    }

    public void UseSessionCookie(string value) => _handler.CookieContainer.Add(_client.BaseAddress!, new Cookie("offgridflow", value));

    public Task<HttpResponseMessage> GetAsync(string path) => _client.GetAsync(path, TestContext.Current.CancellationToken);

    public Task<HttpResponseMessage> SendAsync(HttpRequestMessage request) => _client.SendAsync(request, TestContext.Current.CancellationToken);

    /// <summary>Fills in and sends the sign-in form.</summary>
    public Task<HttpResponseMessage> SignInAsync(string email, string password, string page = "/account/sign-in") =>
        SubmitAsync(page, new() { ["Input.Email"] = email, ["Input.Password"] = password });

    /// <summary>Signs out as the account menu does.</summary>
    public Task<HttpResponseMessage> SignOutAsync() => SubmitAsync("/", [], "/app/sign-out");

    /// <summary>Gets a page and posts its form, hidden fields and all.</summary>
    public async Task<HttpResponseMessage> SubmitAsync(string page, Dictionary<string, string> fields, string? action = null)
    {
        using var answer = await GetAsync(page);
        answer.StatusCode.ShouldBe(HttpStatusCode.OK, page);
        foreach (var (name, value) in HiddenFields(await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)))
        {
            fields.TryAdd(name, value);
        }

        fields.ShouldContainKey("__RequestVerificationToken");
        return await PostAsync(action ?? page, fields);
    }

    /// <summary>What a page's forms carry against forgery; scripts send it as a header.</summary>
    public async Task<string> AntiforgeryTokenAsync()
    {
        using var answer = await GetAsync("/");
        return HiddenFields(await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)).First(field => field.Key == "__RequestVerificationToken").Value;
    }

    public Task<HttpResponseMessage> PostAsync(string path, Dictionary<string, string> fields) =>
        _client.PostAsync(path, new FormUrlEncodedContent(fields), TestContext.Current.CancellationToken);

    public void Dispose()
    {
        _client.Dispose();
        _handler.Dispose();
    }

    private static IEnumerable<KeyValuePair<string, string>> HiddenFields(string html) => HiddenInput().Matches(html)
        .Select(match => new KeyValuePair<string, string>(Attribute("name", match.Value), WebUtility.HtmlDecode(Attribute("value", match.Value))));

    private static string Attribute(string name, string element) => Regex.Match(element, $"\\b{name}=\"([^\"]*)\"", RegexOptions.None, TimeSpan.FromSeconds(1)).Groups[1].Value;

    [GeneratedRegex("<input[^>]*type=\"hidden\"[^>]*>", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex HiddenInput();
}
