using System.Net;
using System.Text.RegularExpressions;

namespace OffGridFlow.Benchmarks;

/// <summary>A person's browser without its script: cookie, sign-in form, and pages as the server first sends them, with their data.</summary>
internal sealed partial class PageClient : IDisposable
{
    private readonly HttpClientHandler handler = new() { CookieContainer = new CookieContainer() };
    private readonly HttpClient client;

    private PageClient(ChildApplication application) => client = new(handler) { BaseAddress = application.Address };

    public static async Task<PageClient> SignInAsync(ChildApplication application, CancellationToken cancellationToken)
    {
        const string path = "/account/sign-in";
        var signedIn = new PageClient(application);
        // The page has more forms than this one: that of the formats, for one.
        var page = await signedIn.GetAsync(path, cancellationToken);
        var form = page.Split("<form").Single(part => part.Contains("Input.Email", StringComparison.Ordinal));
        var fields = HiddenInput().Matches(form).ToDictionary(input => input.Groups["name"].Value, input => WebUtility.HtmlDecode(input.Groups["value"].Value));
        fields["Input.Email"] = ChildApplication.Email;
        fields["Input.Password"] = ChildApplication.Password;
        using var filled = new FormUrlEncodedContent(fields);
        using var answer = await signedIn.client.PostAsync(new Uri(path, UriKind.Relative), filled, cancellationToken);
        if (signedIn.handler.CookieContainer.Count < 2)
            throw new InvalidOperationException($"Signing in on the page answered {answer.StatusCode} without a session.");
        return signedIn;
    }

    /// <summary>The whole page; errors throw.</summary>
    public async Task<string> GetAsync(string path, CancellationToken cancellationToken)
    {
        using var answer = await client.GetAsync(new Uri(path, UriKind.Relative), cancellationToken);
        answer.EnsureSuccessStatusCode();
        return await answer.Content.ReadAsStringAsync(cancellationToken);
    }

    public void Dispose()
    {
        client.Dispose();
        handler.Dispose();
    }

    [GeneratedRegex("<input[^>]*type=\"hidden\"[^>]*name=\"(?<name>[^\"]*)\"[^>]*value=\"(?<value>[^\"]*)\"", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex HiddenInput();
}
