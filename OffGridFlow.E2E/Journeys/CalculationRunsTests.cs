using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.Playwright;
using OffGridFlow.E2E.Fixture;
using static Microsoft.Playwright.Assertions;

namespace OffGridFlow.E2E.Journeys;

/// <summary>From other preferences to a difference, to the approval of a second person, and back.</summary>
public sealed class CalculationRunsTests(AppFixture fixture) : PageTest(fixture)
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Run_SeenAsADifference_ApprovedByASecondPerson_AndRolledBack()
    {
        var (ada, grace) = (await Fixture.AddTenantAsync(), await Fixture.AddTenantAsync());
        await Fixture.App.ExecuteAsync(
            """
            update memberships m set tenant_id = (select o.tenant_id from memberships o join users u on u.id = o.user_id where u.normalized_email = upper($1))
            where m.user_id = (select id from users where normalized_email = upper($2))
            """,
            ada, grace);
        await EnterAsync(ada);

        await SignInAsync(ada, "/factors?view=preferences");
        await Page.GetByLabel("100-year global warming potentials").SelectOptionAsync("Ar6");
        await Page.GetByRole(AriaRole.Button, new() { Name = "See the difference" }).ClickAsync();
        await ExpectTitleAsync("Run 1 would raise the total by");
        await Expect(Page.GetByText("You proposed this run.")).ToBeVisibleAsync();
        await Expect(Page.GetByRole(AriaRole.Button, new() { Name = "Approve run 1" })).ToBeDisabledAsync();
        await ScanAsync("calculation run, proposed");
        var address = new Uri(Page.Url).AbsolutePath;

        await Context.ClearCookiesAsync();
        await SignInAsync(grace, address);
        await Page.GetByLabel("Note for the audit log").FillAsync("The group moves to AR6");
        await Page.GetByRole(AriaRole.Button, new() { Name = "Approve run 1" }).ClickAsync();
        await ExpectTitleAsync("Run 1 raised the total by");
        await Page.GetByLabel("Why it is taken back").FillAsync("Not before next year");
        await Page.GetByRole(AriaRole.Button, new() { Name = "Roll back" }).ClickAsync();
        await ExpectTitleAsync("Run 2 lowered the total by");

        await OpenAsync("Calculation runs");
        var runs = Page.GetByRole(AriaRole.Table, new() { Name = "Calculation runs, newest first" });
        await Expect(runs.GetByRole(AriaRole.Row).Nth(2)).ToContainTextAsync("Rolled back");
        await Page.GetByRole(AriaRole.Button, new() { Name = "New run" }).ClickAsync();
        await ScanAsync("calculation runs, new one");
    }

    /// <summary>A leak of a refrigerant, whose weight in CO2e changes with the potentials.</summary>
    private async Task EnterAsync(string email)
    {
        using var http = new HttpClient { BaseAddress = Address };
        var signedIn = await PostAsync(http, "auth/login", new { email, password = AppFixture.Password });
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", signedIn.GetProperty("accessToken").GetString());
        var company = await PostAsync(http, "organizations", new { name = "Company", country = "GB" });
        var site = await PostAsync(http, "sites", new { organizationId = company.GetProperty("id").GetGuid(), name = "Leeds", country = "GB", region = "GB" });
        var entry = await PostAsync(http, "activities", new
        {
            siteId = site.GetProperty("id").GetGuid(), activityType = "refrigerant-leak", quantity = 3.2m, unit = "kg", gas = "R-410A", from = "2025-06-03", to = "2025-06-03",
        });
        await PostAsync(http, $"activities/{entry.GetProperty("id").GetGuid()}/submit", new { });
    }

    private static async Task<JsonElement> PostAsync(HttpClient http, string path, object body)
    {
        using var answer = await http.PostAsJsonAsync("/api/v1/" + path, body, Stop);
        var text = await answer.Content.ReadAsStringAsync(Stop);
        answer.IsSuccessStatusCode.ShouldBeTrue(path + ": " + text);
        return JsonSerializer.Deserialize<JsonElement>(text.Length == 0 ? "{}" : text);
    }
}
