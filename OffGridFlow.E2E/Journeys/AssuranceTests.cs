using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.Playwright;
using OffGridFlow.E2E.Fixture;
using static Microsoft.Playwright.Assertions;

namespace OffGridFlow.E2E.Journeys;

/// <summary>From materiality to a sample, its items, a finding and its answer.</summary>
public sealed class AssuranceTests(AppFixture fixture) : PageTest(fixture)
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private ILocator Dialog => Page.GetByRole(AriaRole.Dialog);

    [Fact]
    public async Task Auditor_DrawsASample_FindsADifference_AndRecordsAFinding()
    {
        var ada = await Fixture.AddTenantAsync();
        await EnterAsync(ada);

        await SignInAsync(ada, "/assurance");
        await ExpectTitleAsync("Materiality is not set for FY2025");
        await Page.GetByRole(AriaRole.Button, new() { Name = "Set materiality" }).ClickAsync();
        await Dialog.GetByLabel("Reason").FillAsync("Lenders rely on the total");
        await Dialog.GetByRole(AriaRole.Button, new() { Name = "Set materiality" }).ClickAsync();
        await ExpectTitleAsync("Below materiality: no misstatement is left uncorrected");

        await Page.GetByRole(AriaRole.Button, new() { Name = "Draw a sample" }).ClickAsync();
        await Dialog.GetByLabel("Method").SelectOptionAsync("All");
        await Dialog.GetByLabel("Scope", new() { Exact = true }).SelectOptionAsync("1");
        await Page.GetByRole(AriaRole.Button, new() { Name = "Draw the sample" }).ClickAsync();
        await ExpectTitleAsync("2 of 2 items are not checked yet");
        await Page.GetByRole(AriaRole.Button, new() { Name = "Agree with item 1" }).ClickAsync();
        await ExpectTitleAsync("1 of 2 items is not checked yet");
        await Page.GetByRole(AriaRole.Button, new() { Name = "Write what was found of item 2" }).ClickAsync();
        await Dialog.GetByLabel("Ought to be").FillAsync("100");
        await Dialog.GetByLabel("Note").FillAsync("The meter was read twice");
        await Page.GetByRole(AriaRole.Button, new() { Name = "Save what was found" }).ClickAsync();
        await ExpectTitleAsync("1 of 2 items differ");
        await Page.GetByRole(AriaRole.Button, new() { Name = "Draw it again" }).ClickAsync();
        await Expect(Page.GetByText("The same population and the same items.")).ToBeVisibleAsync();
        await Page.GetByRole(AriaRole.Button, new() { Name = "open trail" }).First.ClickAsync();
        await Expect(Page.GetByRole(AriaRole.Heading, new() { Name = "Natural gas" })).ToBeVisibleAsync();
        await Page.GetByRole(AriaRole.Button, new() { Name = "Close the trail" }).ClickAsync();
        await ScanAsync("sample, checked");

        await OpenAsync("Assurance");
        await ExpectTitleAsync("Above materiality");
        await Page.GetByRole(AriaRole.Button, new() { Name = "Record a finding" }).ClickAsync();
        await Dialog.GetByLabel("Title").FillAsync("The meter was read twice");
        await Dialog.GetByLabel("Kind").SelectOptionAsync("Control");
        await Dialog.GetByLabel("What was seen").FillAsync("Two readings of one month are entered");
        await Page.GetByRole(AriaRole.Button, new() { Name = "Record the finding" }).ClickAsync();
        // Neither an effect nor a reason for none: the form says so and keeps what was typed.
        await Expect(Page.GetByRole(AriaRole.Alert).Filter(new() { HasText = "Give its effect in kg CO2e" })).ToBeVisibleAsync();
        await Dialog.GetByLabel("Why it is not quantified").FillAsync("It is a way of working");
        await Page.GetByRole(AriaRole.Button, new() { Name = "Record the finding" }).ClickAsync();
        await Expect(Page.GetByRole(AriaRole.Table, new() { Name = "Findings of the period" })).ToBeVisibleAsync();
        await ScanAsync("assurance");
        await Page.GetByRole(AriaRole.Link, new() { Name = "F-1: The meter was read twice" }).ClickAsync();
        await Page.GetByRole(AriaRole.Button, new() { Name = "Answer", Exact = true }).ClickAsync();
        await Dialog.GetByLabel("Answer").FillAsync("Readings are compared from now on");
        await Page.GetByRole(AriaRole.Button, new() { Name = "Send the answer" }).ClickAsync();
        await Expect(Page.GetByRole(AriaRole.Heading, new() { Name = "Answered" })).ToBeVisibleAsync();
        await ScanAsync("finding, answered");
    }

    /// <summary>Gas of two months, and the year.</summary>
    private async Task EnterAsync(string email)
    {
        using var http = new HttpClient { BaseAddress = Address };
        var signedIn = await PostAsync(http, "auth/login", new { email, password = AppFixture.Password });
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", signedIn.GetProperty("accessToken").GetString());
        var company = await PostAsync(http, "organizations", new { name = "Company", country = "GB" });
        var site = await PostAsync(http, "sites", new { organizationId = company.GetProperty("id").GetGuid(), name = "Leeds", country = "GB", region = "GB" });
        await PostAsync(http, "reporting-periods", new { name = "FY2025", firstDay = "2025-01-01", lastDay = "2025-12-31" });
        foreach (var (from, to) in new[] { ("2025-01-01", "2025-01-31"), ("2025-02-01", "2025-02-28") })
        {
            var entry = await PostAsync(http, "activities", new { siteId = site.GetProperty("id").GetGuid(), activityType = "natural-gas", quantity = 9000, unit = "kWh (Gross CV)", from, to });
            await PostAsync(http, $"activities/{entry.GetProperty("id").GetGuid()}/submit", new { });
        }
    }

    private static async Task<JsonElement> PostAsync(HttpClient http, string path, object body)
    {
        using var answer = await http.PostAsJsonAsync("/api/v1/" + path, body, Stop);
        var text = await answer.Content.ReadAsStringAsync(Stop);
        answer.IsSuccessStatusCode.ShouldBeTrue(path + ": " + text);
        return JsonSerializer.Deserialize<JsonElement>(text.Length == 0 ? "{}" : text);
    }
}
