using System.Globalization;
using System.Net;
using System.Text;
using System.Text.RegularExpressions;
using Deque.AxeCore.Commons;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace OffGridFlow.E2E.Fixture;

/// <summary>
/// A test with a browser context of its own. At its end the browser's console must be clean: no error, no refused content. A failed
/// test leaves a picture of its page in artifacts/e2e.
/// </summary>
public abstract partial class PageTest(AppFixture fixture) : IAsyncLifetime
{
    private const int Wide = 1440;
    private const int Phone = 390;
    private const string SignInPath = "/account/sign-in";

    private static readonly Dictionary<int, int> Heights = new() { [Wide] = 900, [Phone] = 844 };

    /// <summary>In the order that leaves each size and each scheme once. The first is how a page is left.</summary>
    private static readonly (int Width, ColorScheme Scheme)[] Views =
        [(Wide, ColorScheme.Light), (Phone, ColorScheme.Light), (Phone, ColorScheme.Dark), (Wide, ColorScheme.Dark)];

    private static readonly string Axe = new BundledAxeScriptProvider().GetScript();

    /// <summary>
    /// What breaks a rule, in words. Dark differs from light in its colors alone; all other rules are held against light. From the root
    /// element: of a whole page axe also looks into its frames, and there are none.
    /// </summary>
    private const string Violations = """
        async rules => {
          const options = { reporter: 'no-passes', ...(rules && { runOnly: { type: 'rule', values: rules } }) };
          const result = await axe.run(document.documentElement, options);
          const words = node => [...node.any, ...node.all, ...node.none].map(check => check.message).join('; ');
          return result.violations.map(rule => `${rule.id}, ${rule.help}`
            + rule.nodes.slice(0, 4).map(node => `\n    ${node.html.replaceAll('\n', ' ')}\n      ${words(node)}`).join(''));
        }
        """;

    /// <summary>Whether the page came with parts that wait for a circuit, or have one.</summary>
    private const string IsDrawnTwice = """
        () => {
          const comments = document.createNodeIterator(document, NodeFilter.SHOW_COMMENT);
          for (let comment; (comment = comments.nextNode());) if (comment.data.startsWith('Blazor:{"type":"server"')) return true;
          return false;
        }
        """;

    private static readonly string[] ColorRules = ["color-contrast", "link-in-text-block"];
    private readonly List<string> _console = [];
    private readonly HashSet<int> _expectedStatuses = [];
    private bool _connectionMayBreak;

    protected AppFixture Fixture { get; } = fixture;

    protected IBrowserContext Context { get; private set; } = null!;

    protected IPage Page { get; private set; } = null!;

    /// <summary>Where addresses start; a test with an application of its own gives another one.</summary>
    protected virtual Uri Address => Fixture.App.Address;

    public virtual async ValueTask InitializeAsync()
    {
        Context = await NewContextAsync();
        Page = await Context.NewPageAsync();
    }

    public virtual async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        if (TestContext.Current.TestState?.Result == TestResult.Failed)
        {
            await TakePictureAsync();
        }

        await Context.DisposeAsync();
        var faults = _console.Where(text => !IsExpected(text)).ToList();
        faults.ShouldBeEmpty("The browser's console must be clean.");
    }

    /// <summary>Chromium writes a line for each answer of 400 and above; a test that asks for one says so.</summary>
    protected void ExpectStatus(int status) => _expectedStatuses.Add(status);

    /// <summary>The test cuts the line itself.</summary>
    protected void ExpectBrokenConnection() => _connectionMayBreak = true;

    protected async Task<IBrowserContext> NewContextAsync()
    {
        var context = await Fixture.Browser.NewContextAsync(new()
        {
            BaseURL = Address.ToString(),
            ViewportSize = new() { Width = Wide, Height = Heights[Wide] },
            ColorScheme = ColorScheme.Light,
            ReducedMotion = ReducedMotion.Reduce,
            Locale = "en-US",
            AcceptDownloads = true,
        });
        context.SetDefaultTimeout(15_000);
        SetDefaultExpectTimeout(15_000);
        context.Console += (_, message) =>
        {
            if (message.Type == "error")
            {
                lock (_console) _console.Add($"{message.Page?.Url}: {message.Text}");
            }
        };
        context.WebError += (_, error) =>
        {
            lock (_console) _console.Add($"{error.Page?.Url}: uncaught {error.Error}");
        };
        return context;
    }

    /// <summary>Signs in by the request that the form makes, without the page; SignInTests types into it.</summary>
    /// <param name="path">The page to open then; null opens none.</param>
    protected async Task SignInAsync(string email, string? path = "/")
    {
        var page = await Context.APIRequest.GetAsync(SignInPath);
        // There are other forms on it: that of the formats, for one.
        var fields = (await page.TextAsync()).Split("<form").Single(part => part.Contains("Input.Email", StringComparison.Ordinal));
        var form = Context.APIRequest.CreateFormData();
        foreach (Match field in HiddenInput().Matches(fields))
        {
            form.Set(field.Groups["name"].Value, WebUtility.HtmlDecode(field.Groups["value"].Value));
        }

        form.Set("Input.Email", email);
        form.Set("Input.Password", AppFixture.Password);
        var answer = await Context.APIRequest.PostAsync(SignInPath, new() { Form = form, MaxRedirects = 0 });
        answer.Status.ShouldBe((int)HttpStatusCode.Redirect);
        if (path is not null)
        {
            await Page.GotoAsync(path);
            await Expect(Page.GetByRole(AriaRole.Navigation, new() { Name = "Pages" })).ToBeVisibleAsync();
        }
    }

    /// <summary>Signs in as a person does.</summary>
    protected async Task TypeSignInAsync(string email, string returnUrl = "/")
    {
        await Page.GotoAsync($"{SignInPath}?returnUrl={Uri.EscapeDataString(returnUrl)}");
        await Page.GetByLabel("E-mail").FillAsync(email);
        await Page.GetByLabel("Password").FillAsync(AppFixture.Password);
        await Page.GetByRole(AriaRole.Button, new() { Name = "Sign in" }).ClickAsync();
        await Expect(Page.GetByRole(AriaRole.Navigation, new() { Name = "Pages" })).ToBeVisibleAsync();
    }

    /// <summary>Signs in to an empty tenant of this test's own.</summary>
    protected async Task<string> SignInToEmptyTenantAsync(string path = "/")
    {
        var email = await Fixture.AddTenantAsync();
        await SignInAsync(email, path);
        return email;
    }

    /// <summary>Signs in to the tenant that holds the demo bill, and fills it when this is the first time.</summary>
    protected async Task SignInToFullTenantAsync(string? path = "/")
    {
        await Fixture.FullTenantGate.WaitAsync(TestContext.Current.CancellationToken);
        try
        {
            if (Fixture.FullTenantEmail is null)
            {
                var email = await SignInToEmptyTenantAsync("/imports");
                await Page.GetByRole(AriaRole.Button, new() { Name = "Try a generated sample bill" }).ClickAsync();
                await ExpectCompletedAsync();
                Fixture.FullTenantEmail = email;
                if (path is not null)
                {
                    await Page.GotoAsync(path);
                }

                return;
            }
        }
        finally
        {
            Fixture.FullTenantGate.Release();
        }

        await SignInAsync(Fixture.FullTenantEmail, path);
    }

    protected async Task OpenAsync(string name)
    {
        await Page.GetByRole(AriaRole.Navigation, new() { Name = "Pages" }).GetByRole(AriaRole.Link, new() { Name = name }).ClickAsync();
        await Expect(Page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToBeVisibleAsync();
    }

    protected Task UploadAsync(string path) => UploadAsync(new FilePayload { Name = Path.GetFileName(path), MimeType = "application/octet-stream", Buffer = File.ReadAllBytes(path) });

    protected async Task UploadAsync(FilePayload file)
    {
        var choosing = Page.WaitForFileChooserAsync();
        await Page.GetByRole(AriaRole.Button, new() { Name = "Choose a file" }).ClickAsync();
        await (await choosing).SetFilesAsync(file);
    }

    /// <summary>Presses Tab until the element has the focus, as a person would.</summary>
    protected async Task TabToAsync(ILocator target)
    {
        for (var i = 0; i < 60; i++)
        {
            await Page.Keyboard.PressAsync("Tab");
            if (await target.EvaluateAsync<bool>("element => element === document.activeElement"))
            {
                return;
            }
        }

        Assert.Fail("The Tab key does not reach the element.");
    }

    protected Task ExpectTitleAsync(string text) =>
        Expect(Page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToContainTextAsync(text);

    protected async Task ExpectCompletedAsync(string words = "Completed")
    {
        await Expect(Page).ToHaveURLAsync(new Regex("/imports/[0-9a-f-]{36}"));
        await Expect(Page.GetByRole(AriaRole.Main).Locator("header").GetByText(words, new() { Exact = true })).ToBeVisibleAsync(new() { Timeout = 60_000 });
        await Expect(Page.GetByText("Counts reconcile")).ToBeVisibleAsync();
    }

    /// <summary>
    /// Holds what is on the page against the rules of accessibility, in light and dark, wide and on a phone; and sees that nothing
    /// scrolls sideways. The page is left wide and light.
    /// </summary>
    protected async Task ScanAsync(string state)
    {
        // When its circuit draws a page anew, its title is away for a moment.
        if (await Page.EvaluateAsync<bool>(IsDrawnTwice))
        {
            await Expect(Page.Locator("[data-circuit]")).ToBeAttachedAsync();
            await Expect(Page).ToHaveTitleAsync(Words());
        }

        var faults = new StringBuilder();
        if (!await Page.EvaluateAsync<bool>("'axe' in window"))
        {
            await Page.EvaluateAsync(Axe);
        }

        foreach (var view in Views)
        {
            var (width, scheme) = view;
            await ShowAsync(view);
            var violations = await Page.EvaluateAsync<string[]>(Violations, scheme == ColorScheme.Light ? null : ColorRules);
            if (violations.Any(violation => violation.StartsWith("document-title", StringComparison.Ordinal)))
            {
                // The circuit may draw the head after the page: the title that is away has to come back, or the scan ends here.
                await Expect(Page).ToHaveTitleAsync(Words());
                violations = await Page.EvaluateAsync<string[]>(Violations, scheme == ColorScheme.Light ? null : ColorRules);
            }

            foreach (var violation in violations)
            {
                faults.AppendLine(CultureInfo.InvariantCulture, $"{state}, {width}, {scheme}: {violation}");
            }

            var overhang = await Page.EvaluateAsync<int>("document.scrollingElement.scrollWidth - innerWidth");
            if (overhang > 0)
            {
                faults.AppendLine(CultureInfo.InvariantCulture, $"{state}, {width}, {scheme}: the page scrolls sideways by {overhang} px");
            }
        }

        await ShowAsync(Views[0]);
        faults.ToString().ShouldBeEmpty();
    }

    [GeneratedRegex("the server responded with a status of (\\d{3})")]
    private static partial Regex StatusLine();

    [GeneratedRegex("\\w")]
    private static partial Regex Words();

    [GeneratedRegex("<input[^>]*type=\"hidden\"[^>]*name=\"(?<name>[^\"]*)\"[^>]*value=\"(?<value>[^\"]*)\"")]
    private static partial Regex HiddenInput();

    private async Task ShowAsync((int Width, ColorScheme Scheme) view)
    {
        if (Page.ViewportSize?.Width != view.Width)
        {
            await Page.SetViewportSizeAsync(view.Width, Heights[view.Width]);
        }

        await Page.EmulateMediaAsync(new() { ColorScheme = view.Scheme });
    }

    private bool IsExpected(string text) =>
        (StatusLine().Match(text) is { Success: true } match && _expectedStatuses.Contains(int.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture)))
        || (_connectionMayBreak && (text.Contains("net::ERR_", StringComparison.Ordinal) || text.Contains("Connection disconnected", StringComparison.Ordinal)
            || text.Contains("WebSocket", StringComparison.Ordinal) || text.Contains("Failed to fetch", StringComparison.Ordinal)));

    private async Task TakePictureAsync()
    {
        var directory = new DirectoryInfo(AppContext.BaseDirectory);
        while (directory is not null && !File.Exists(Path.Combine(directory.FullName, "OffGridFlow.sln")))
        {
            directory = directory.Parent;
        }

        var name = string.Concat((TestContext.Current.Test?.TestDisplayName ?? "test").Select(c => char.IsLetterOrDigit(c) || c is '_' or '.' or '-' ? c : '-'));
        await Page.ScreenshotAsync(new() { Path = Path.Combine(directory?.FullName ?? ".", "artifacts", "e2e", name + ".png"), FullPage = true });
    }
}
