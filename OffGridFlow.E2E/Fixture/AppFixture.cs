using Microsoft.AspNetCore.Identity;
using Microsoft.Playwright;
using OffGridFlow.Core.Identity;
using OffGridFlow.E2E.Fixture;

[assembly: AssemblyFixture(typeof(AppFixture))]
// The machine that builds has two cores. One test leaves a third of them idle, waiting for the next frame or answer.
[assembly: CollectionBehavior(MaxParallelThreads = 2)]

namespace OffGridFlow.E2E.Fixture;

/// <summary>One application and one browser for the whole run. Each test has a browser context, and a tenant where it needs an empty one.</summary>
public sealed class AppFixture : IAsyncLifetime
{
    /// <summary>Of tests that write totals without results, or prove the totals of all organizations: one after the other.</summary>
    public const string AllTotals = "totals of all organizations";

    public const string Password = "correct horse battery";
    public const string AdminEmail = "admin@first.example";

    /// <summary>As eng/tools.sh looks for them.</summary>
    private static readonly string[] Browsers = ["/usr/bin/chromium-headless-shell", "/usr/bin/chromium"];

    private static readonly string PasswordHash = new PasswordHasher<User>().HashPassword(null!, Password);
    private IPlaywright? _playwright;
    private int _tenants;

    public AppProcess App { get; private set; } = null!;

    public IBrowser Browser { get; private set; } = null!;

    /// <summary>A tenant that holds the demo bill; read only by its tests. Filled by the first test that asks, while the others wait at <see cref="FullTenantGate"/>.</summary>
    public string? FullTenantEmail { get; set; }

    public SemaphoreSlim FullTenantGate { get; } = new(1, 1);

    public async ValueTask InitializeAsync()
    {
        App = await AppProcess.StartAsync(
            ("OFFGRIDFLOW_DEMO", "empty"), ("OFFGRIDFLOW_ADMIN_EMAIL", AdminEmail), ("OFFGRIDFLOW_ADMIN_PASSWORD", Password), ("OFFGRIDFLOW_ADMIN_ORGANIZATION", "First Company"));
        _playwright = await Playwright.CreateAsync();
        Browser = await _playwright.Chromium.LaunchAsync(new()
        {
            ExecutablePath = Environment.GetEnvironmentVariable("CHROMIUM") is { Length: > 0 } path ? path : Browsers.FirstOrDefault(File.Exists) ?? Browsers[^1],
            Args = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"],
        });
    }

    /// <summary>An empty tenant with one person, whose password is <see cref="Password"/>.</summary>
    /// <returns>The person's e-mail address.</returns>
    public async Task<string> AddTenantAsync(TenantRole role = TenantRole.Admin)
    {
        var number = Interlocked.Increment(ref _tenants).ToString(System.Globalization.CultureInfo.InvariantCulture);
        var email = $"person{number}@company.example";
        await App.ExecuteAsync(
            "select create_tenant($1, $2, false, $3, $4, upper($4), 'Ada Person', $5, 'stamp')",
            Guid.CreateVersion7(), $"Company {number}", Guid.CreateVersion7(), email, PasswordHash);
        await SetRoleAsync(email, role);
        return email;
    }

    public Task SetRoleAsync(string email, TenantRole role) => App.ExecuteAsync(
        "update memberships set role = $2 where user_id = (select id from users where normalized_email = upper($1))", email, role.ToString());

    public async ValueTask DisposeAsync()
    {
        if (Browser is not null)
        {
            await Browser.DisposeAsync();
        }

        _playwright?.Dispose();
        FullTenantGate.Dispose();
        if (App is not null)
        {
            await App.DisposeAsync();
        }
    }
}
