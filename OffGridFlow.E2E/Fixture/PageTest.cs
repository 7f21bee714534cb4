using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Deque.AxeCore.Commons;
using Deque.AxeCore.Playwright;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace OffGridFlow.E2E.Fixture;

/// <summary>
/// A test with a browser context of its own. At its end the browser's console must be clean: no error, no refused content. A failed
/// test leaves a picture of its page in artifacts/e2e.
/// </summary>
public abstract partial class PageTest(AppFixture fixture) : IAsyncLifetime
{
    private static readonly (int Width, int Height)[] Sizes = [(1440, 900), (390, 844)];

    /// <summary>Dark differs from light in its colors alone; all other rules are held against light.</summary>
    /// <summary>All rules; what passes is not listed with its nodes.</summary>
    private static readonly AxeRunOptions AllRules = new() { ResultTypes = [ResultType.Violations] };

    private static readonly AxeRunOptions ColorRules = new() { ResultTypes = [ResultType.Violations], RunOnly = RunOnlyOptions.Rules("color-contrast", "link-in-text-block") };
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
            ViewportSize = new() { Width = Sizes[0].Width, Height = Sizes[0].Height },
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

    protected async Task SignInAsync(string email, string returnUrl = "/")
    {
        await Page.GotoAsync("/account/sign-in?returnUrl=" + Uri.EscapeDataString(returnUrl));
        await Page.GetByLabel("E-mail").FillAsync(email);
        await Page.GetByLabel("Password").FillAsync(AppFixture.Password);
        await Page.GetByRole(AriaRole.Button, new() { Name = "Sign in" }).ClickAsync();
        await Expect(Page.GetByRole(AriaRole.Navigation, new() { Name = "Pages" })).ToBeVisibleAsync();
    }

    /// <summary>Signs in to an empty tenant of this test's own.</summary>
    protected async Task<string> SignInToEmptyTenantAsync(string returnUrl = "/")
    {
        var email = await Fixture.AddTenantAsync();
        await SignInAsync(email, returnUrl);
        return email;
    }

    /// <summary>Signs in to the tenant that holds the demo bill, and fills it when this is the first time.</summary>
    protected async Task SignInToFullTenantAsync(string returnUrl = "/")
    {
        if (Fixture.FullTenantEmail is null)
        {
            var email = await SignInToEmptyTenantAsync("/imports");
            await Page.GetByRole(AriaRole.Button, new() { Name = "Try a generated sample bill" }).ClickAsync();
            await ExpectCompletedAsync();
            Fixture.FullTenantEmail = email;
            await Page.GotoAsync(returnUrl);
            return;
        }

        await SignInAsync(Fixture.FullTenantEmail, returnUrl);
    }

    protected async Task OpenAsync(string name)
    {
        await Page.GetByRole(AriaRole.Navigation, new() { Name = "Pages" }).GetByRole(AriaRole.Link, new() { Name = name }).ClickAsync();
        await Expect(Page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToBeVisibleAsync();
    }

    protected Task UploadAsync(string path) => UploadAsync(new FilePayload { Name = Path.GetFileName(path), MimeType = "application/octet-stream", Buffer = File.ReadAllBytes(path) });

    protected async Task UploadAsync(FilePayload file)
    {
        // The button is there once the drop zone listens.
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
        var faults = new StringBuilder();
        foreach (var (width, height) in Sizes)
        {
            await Page.SetViewportSizeAsync(width, height);
            foreach (var scheme in new[] { ColorScheme.Light, ColorScheme.Dark })
            {
                await Page.EmulateMediaAsync(new() { ColorScheme = scheme });
                // On the root element: of a whole page axe makes the report in a tab of its own, which takes longer than the scan.
                var result = await Page.Locator("html").RunAxe(scheme == ColorScheme.Light ? AllRules : ColorRules);
                foreach (var violation in result.Violations)
                {
                    faults.AppendLine(CultureInfo.InvariantCulture, $"{state}, {width}, {scheme}: {violation.Id}, {violation.Help}");
                    foreach (var node in violation.Nodes.Take(4))
                    {
                        faults.AppendLine(CultureInfo.InvariantCulture, $"    {node.Html.ReplaceLineEndings(" ")}\n      {string.Join("; ", node.Any.Concat(node.All).Concat(node.None).Select(check => check.Message))}");
                    }
                }
            }

            var overhang = await Page.EvaluateAsync<int>("document.scrollingElement.scrollWidth - innerWidth");
            if (overhang > 0)
            {
                faults.AppendLine(CultureInfo.InvariantCulture, $"{state}, {width}: the page scrolls sideways by {overhang} px");
            }
        }

        await Page.EmulateMediaAsync(new() { ColorScheme = ColorScheme.Light });
        await Page.SetViewportSizeAsync(Sizes[0].Width, Sizes[0].Height);
        faults.ToString().ShouldBeEmpty();
    }

    [GeneratedRegex("the server responded with a status of (\\d{3})")]
    private static partial Regex StatusLine();

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
