using System.Text;
using Microsoft.Playwright;
using OffGridFlow.E2E.Fixture;
using static Microsoft.Playwright.Assertions;

namespace OffGridFlow.E2E.Journeys;

/// <summary>Spreadsheets as companies have them, from the upload through mending to the totals, and back out again.</summary>
public sealed class SheetImportTests(AppFixture fixture) : PageTest(fixture)
{
    private static readonly DateOnly March = new(2025, 3, 1);

    [Fact]
    public async Task MessyWorkbook_IsMendedLoadedAndUndone()
    {
        var email = await SignInWithSitesAsync("/activities");
        await Page.GetByRole(AriaRole.Link, new() { Name = "Import a spreadsheet" }).ClickAsync();
        await ExpectTitleAsync("Import a spreadsheet");
        await ScanAsync("spreadsheet, upload");
        object?[] Row(string place, string what, int month, object? amount, string unit, string meter) =>
            [place, what, new DateOnly(2025, month, 1), new DateOnly(2025, month, DateTime.DaysInMonth(2025, month)), amount, unit, meter];
        await UploadAsync(Workbooks.File(
            "meters 2025.xlsx",
            [
                ("Cover", [["Meters of the first quarter"], ["Made by facilities"]]),
                ("Readings",
                [
                    ["Meter readings, first quarter of 2025"], [null],
                    ["Place", null, "Period", null, "Consumption", null, "Meter"],
                    ["Site", "Activity type", "From", "To", "Quantity", "Unit", "Reference"],
                    Row("Leeds office", "Natural gas", 1, 12_000m, "kWh (Gross CV)", "G-1"), Row("Leeds office", "Natural gas", 2, 11_000m, "kWh (Gross CV)", "G-1"),
                    Row("Leeds ofice", "Natural gas", 3, 10_000m, "kWh (Gross CV)", "G-1"), Row("Leeds ofice", "Electricity", 1, 5_000m, "kWh", "E-1"),
                    Row("Leeds office", "Electricity", 2, "not read", "kWh", "E-1"), Row("Leeds office", "Electricity", 3, 5_200m, "kWh", "E-1"),
                ]),
            ],
            "A3:B3", "C3:D3", "E3:F3"));
        await ExpectTitleAsync("meters 2025.xlsx");

        await Page.GetByRole(AriaRole.Radio, new() { Name = "Readings" }).CheckAsync();
        await Page.GetByRole(AriaRole.Button, new() { Name = "4, headings are in this row" }).ClickAsync();
        await Expect(Page.GetByLabel("Row of the headings")).ToHaveValueAsync("4");
        await Expect(Page.GetByRole(AriaRole.Heading, new() { Name = "7 columns" })).ToBeVisibleAsync();
        await ScanAsync("spreadsheet, sheet");
        await Page.GetByRole(AriaRole.Link, new() { Name = "Continue to columns" }).ClickAsync();
        await Expect(Page.GetByLabel("Column A, Site, read as")).ToHaveValueAsync("Site");
        await Expect(Page.GetByLabel("Column E, Quantity, read as")).ToHaveValueAsync("Quantity");
        await ScanAsync("spreadsheet, columns");
        await Page.GetByRole(AriaRole.Button, new() { Name = "Check all rows" }).ClickAsync();

        await Expect(Page.GetByText("Counts reconcile")).ToBeVisibleAsync();
        await ExpectCountsAsync("6", "3", "0", "0", "3");
        await ScanAsync("spreadsheet, check");
        await Page.GetByRole(AriaRole.Listitem).Filter(new() { HasText = "Leeds ofice" }).GetByRole(AriaRole.Button, new() { Expanded = false }).First.ClickAsync();
        await Page.GetByLabel("Read “Leeds ofice” as").SelectOptionAsync("Leeds office");
        await Page.GetByRole(AriaRole.Button, new() { Name = "Use in 2 rows" }).ClickAsync();
        await ExpectCountsAsync("6", "5", "0", "0", "1");
        await ScanAsync("spreadsheet, check, mended");

        // What was said is kept: one may leave and come back.
        await Page.GotoAsync("/imports");
        await Page.GetByRole(AriaRole.Link, new() { Name = "meters 2025.xlsx" }).ClickAsync();
        await Page.GetByRole(AriaRole.Link, new() { Name = "Check and fix" }).ClickAsync();
        await ExpectCountsAsync("6", "5", "0", "0", "1");
        await Page.GetByRole(AriaRole.Button, new() { Name = "Continue with 5 rows" }).ClickAsync();
        await ScanAsync("spreadsheet, load");
        await Page.GetByRole(AriaRole.Button, new() { Name = "Load 5 good rows" }).ClickAsync();

        await ExpectCompletedAsync("Completed with errors");
        await Expect(Page.GetByRole(AriaRole.Heading, new() { Name = "5 entries are in the ledger" })).ToBeVisibleAsync();
        await ScanAsync("spreadsheet, receipt");
        var receipt = Page.Url;
        (await TotalAsync(email)).ShouldBeGreaterThan(0);
        await OpenAsync("Overview");
        await Expect(Page.GetByRole(AriaRole.Link, new() { Name = "open in Emissions" }).First).ToBeVisibleAsync();
        await Page.GotoAsync(receipt);
        var downloading = Page.WaitForDownloadAsync();
        await Page.GetByRole(AriaRole.Link, new() { Name = "Annotated file" }).ClickAsync();
        (await downloading).SuggestedFilename.ShouldEndWith(".xlsx");

        await Page.GetByRole(AriaRole.Button, new() { Name = "Undo import" }).ClickAsync();
        await Page.GetByRole(AriaRole.Alertdialog).GetByRole(AriaRole.Button, new() { Name = "Undo import" }).ClickAsync();
        await Expect(Page.GetByRole(AriaRole.Heading, new() { Name = "This import was undone" })).ToBeVisibleAsync();
        (await TotalAsync(email)).ShouldBe(0);
    }

    [Fact]
    public async Task GermanCsv_WhereBillsAreTakenToo_IsReadAsActivityData()
    {
        ExpectStatus(422);
        var email = await SignInWithSitesAsync("/imports");
        var lines = new[]
        {
            "Standort;Aktivität;Von;Bis;Menge;Einheit", "Werk Süd;Natural gas;01.03.2025;31.03.2025;1.234,5;kWh (Gross CV)", "Werk Süd;Electricity;01.03.2025;31.03.2025;98.765,25;kWh",
        };
        await UploadAsync(Bills.File("zähler.csv", Encoding.Latin1.GetBytes(string.Join("\r\n", lines) + "\r\n")));
        await ExpectTitleAsync("zähler.csv");
        await Expect(Page.GetByLabel("Column A, Standort, read as")).ToHaveValueAsync("Site");
        await Expect(Page.GetByLabel("Format", new() { Exact = true })).ToHaveValueAsync("de-DE");
        await Page.GetByRole(AriaRole.Button, new() { Name = "Check all rows" }).ClickAsync();
        await ExpectCountsAsync("2", "2", "0", "0", "0");
        await Page.GetByRole(AriaRole.Button, new() { Name = "Continue with 2 rows" }).ClickAsync();
        await Page.GetByRole(AriaRole.Button, new() { Name = "Load 2 rows" }).ClickAsync();

        await ExpectCompletedAsync();
        var quantities = (await Fixture.App.GetAsync("/api/v1/activities", email, AppFixture.Password)).GetProperty("items").EnumerateArray()
            .Select(entry => (entry.GetProperty("quantity").GetDecimal(), entry.GetProperty("from").GetString())).Order().ToList();
        quantities.ShouldBe([(1234.5m, March.ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture)), (98_765.25m, "2025-03-01")]);
    }

    private async Task<decimal> TotalAsync(string email) =>
        (await Fixture.App.GetAsync("/api/v1/emissions/summary", email, AppFixture.Password)).GetProperty("total").GetProperty("kgCo2e").GetDecimal();

    private async Task ExpectCountsAsync(params string[] counts) =>
        await Expect(Page.GetByRole(AriaRole.Group, new() { Name = "What becomes of the rows" }).Locator("b")).ToHaveTextAsync(counts);

    private async Task<string> SignInWithSitesAsync(string page)
    {
        var email = await SignInToEmptyTenantAsync("/imports");
        await Expect(Page.GetByText("Nothing is here yet; that is not zero")).ToBeVisibleAsync();
        await Fixture.App.ExecuteAsync(
            """
            with owner as (select m.tenant_id from memberships m join users u on u.id = m.user_id where u.normalized_email = upper($1)),
            entity as (insert into organizations (id, tenant_id, name, country, version) select new_id(), tenant_id, 'Company', 'GB', 1 from owner returning id, tenant_id)
            insert into sites (id, tenant_id, organization_id, name, country, region, version)
            select new_id(), tenant_id, id, place.name, place.country, place.country, 1 from entity, (values ('Leeds office', 'GB'), ('Werk Süd', 'DE')) place(name, country)
            """, email);
        await Page.GotoAsync(page);
        return email;
    }
}
