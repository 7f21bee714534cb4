using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Microsoft.Playwright;
using OffGridFlow.E2E.Fixture;
using static Microsoft.Playwright.Assertions;

namespace OffGridFlow.E2E.Journeys;

/// <summary>From spending that cannot be calculated to its rate and index, and what of it is counted elsewhere.</summary>
public sealed class RatesTests(AppFixture fixture) : PageTest(fixture)
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Spending_IsMendedByARate_ATable_AndAnAccountMap()
    {
        var ada = await Fixture.AddTenantAsync();
        var entry = await EnterAsync(ada);

        await SignInAsync(ada, $"/activities?entry={entry}");
        await Expect(Page.GetByRole(AriaRole.Heading, new() { Name = "Category and worksheet" })).ToBeVisibleAsync();
        await Page.GetByRole(AriaRole.Button, new() { Name = "Change category or worksheet" }).ClickAsync();
        await Expect(Page.GetByLabel("Category of scope 3")).ToBeVisibleAsync();
        await ScanAsync("entry with a worksheet, open");

        await Page.GotoAsync("/exceptions");
        await Page.GetByRole(AriaRole.Link, new() { Name = "Add this rate" }).First.ClickAsync();
        await Expect(Page.GetByLabel("One of")).ToHaveValueAsync("EUR");
        await Expect(Page.GetByLabel("Month", new() { Exact = true })).ToHaveValueAsync("2025-03");
        await Page.GetByLabel("Rate, the mean of the month").FillAsync("1.08");
        await Page.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Button, new() { Name = "Add rate" }).ClickAsync();
        await Expect(Page.GetByRole(AriaRole.Alert).Filter(new() { HasText = "Say who publishes the figure" })).ToBeVisibleAsync();
        await Page.GetByLabel("Source and license").FillAsync("Central bank, monthly means");
        await Page.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Button, new() { Name = "Add rate" }).ClickAsync();
        await Expect(Page.GetByRole(AriaRole.Table, new() { Name = "Monthly rates of exchange" })).ToContainTextAsync("USD per EUR");
        await ScanAsync("rates");

        await Page.GetByRole(AriaRole.Link, new() { Name = "Price indices" }).ClickAsync();
        // Until then the form is that of the rates.
        await Expect(Page.GetByRole(AriaRole.Heading, new() { Name = "No price index is loaded" })).ToBeVisibleAsync();
        await LoadAsync("currency,year,month,value,source\nUSD,2022,,292.5,CPI\nUSD,twenty,,320,CPI\n", 422);
        await Expect(Page.GetByRole(AriaRole.Table, new() { Name = "Lines to mend" })).ToContainTextAsync("“twenty” is no year");
        await ScanAsync("price indices, refused");
        await LoadAsync("currency,year,month,value,source\nUSD,2022,,292.5,CPI\nUSD,2025,,320,CPI\n", 200);
        await Expect(Page.GetByText("2 added, 0 changed, 0 as before.")).ToBeVisibleAsync();

        await Page.GotoAsync("/rates?show=accounts&vendor=Power%20Ltd");
        await Page.GetByLabel("Where the physical amount is entered").FillAsync("By meter");
        await Page.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Button, new() { Name = "Add account map" }).ClickAsync();
        await Expect(Page.GetByRole(AriaRole.Table, new() { Name = "Account maps" })).ToContainTextAsync("Counted by its physical amount");
        await ScanAsync("account maps");
        await Page.GotoAsync("/exceptions");
        await Expect(Page.GetByText("All is calculated")).ToBeVisibleAsync();
    }

    private async Task LoadAsync(string table, int status)
    {
        if (status != 200)
        {
            ExpectStatus(status);
        }

        await Page.Locator("input[type=file]").SetInputFilesAsync(new FilePayload { Name = "indices.csv", MimeType = "text/csv", Buffer = Encoding.UTF8.GetBytes(table) });
    }

    /// <summary>Legal advice with value added tax, and a bill of a vendor who is counted by meter; the first.</summary>
    private async Task<Guid> EnterAsync(string email)
    {
        using var http = new HttpClient { BaseAddress = Address };
        var signedIn = await PostAsync(http, "auth/login", new { email, password = AppFixture.Password });
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", signedIn.GetProperty("accessToken").GetString());
        var company = await PostAsync(http, "organizations", new { name = "Company", country = "GB" });
        var site = (await PostAsync(http, "sites", new { organizationId = company.GetProperty("id").GetGuid(), name = "Leeds", country = "GB", region = "GB" })).GetProperty("id").GetGuid();
        var advice = await PostAsync(http, "activities", new
        {
            siteId = site, activityType = "spend-legal", unit = "EUR", from = "2025-03-01", to = "2025-03-31", vendor = "Weber",
            worksheet = new { method = "spend-gross", inputs = new object[] { new { name = "gross", value = 1190 }, new { name = "vat", value = 19 } } },
        });
        var power = await PostAsync(http, "activities", new { siteId = site, activityType = "spend-legal", quantity = 500, unit = "EUR", from = "2025-03-01", to = "2025-03-31", vendor = "Power Ltd", reference = "P-1" });
        foreach (var entry in new[] { advice, power })
        {
            await PostAsync(http, $"activities/{entry.GetProperty("id").GetGuid()}/submit", new { });
        }

        return advice.GetProperty("id").GetGuid();
    }

    private static async Task<JsonElement> PostAsync(HttpClient http, string path, object body)
    {
        using var answer = await http.PostAsJsonAsync("/api/v1/" + path, body, Stop);
        var text = await answer.Content.ReadAsStringAsync(Stop);
        answer.IsSuccessStatusCode.ShouldBeTrue(path + ": " + text);
        return JsonSerializer.Deserialize<JsonElement>(text.Length == 0 ? "{}" : text);
    }
}
