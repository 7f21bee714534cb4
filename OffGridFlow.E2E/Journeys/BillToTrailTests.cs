using System.Globalization;
using System.IO.Compression;
using System.Text.RegularExpressions;
using Microsoft.Playwright;
using OffGridFlow.E2E.Fixture;
using OffGridFlow.Infrastructure.Imports.Samples;
using OffGridFlow.Web.Shared;
using static Microsoft.Playwright.Assertions;

namespace OffGridFlow.E2E.Journeys;

/// <summary>The main journey: from an empty ledger over a bill to the line behind a figure, and back to empty.</summary>
public sealed class BillToTrailTests(AppFixture fixture) : PageTest(fixture)
{
    private const string FileName = "nordwerk-2025.csv.gz";

    [Fact]
    public async Task Bill_ImportedTracedAndUndone_LeavesTheLedgerAsItWas()
    {
        var email = await SignInToEmptyTenantAsync();
        await ExpectTitleAsync("There are no emissions yet");
        await Expect(Page.GetByRole(AriaRole.Row, new() { Name = "Total" })).ToContainTextAsync("no data");
        await Expect(Page.GetByRole(AriaRole.Row, new() { Name = "Total" })).Not.ToContainTextAsync("0");
        await ScanAsync("overview, empty");

        await OpenAsync("Imports");
        await Expect(Page.GetByText("Nothing is here yet; that is not zero")).ToBeVisibleAsync();
        await ScanAsync("imports, empty");
        await UploadAsync(Bills.Sample(FileName, SampleBill.Demo, out var totals));
        await ExpectCompletedAsync();
        await ExpectImportAsync(totals);
        await ScanAsync("import, completed");
        var import = Page.Url;

        await ExpectOverviewTotalAsync(email);
        await ExpectTrailAsync(totals);

        await Page.GotoAsync(import);
        await Page.GetByRole(AriaRole.Button, new() { Name = "Undo import" }).ClickAsync();
        var dialog = Page.GetByRole(AriaRole.Alertdialog, new() { Name = "Undo this import?" });
        await Expect(dialog).ToContainTextAsync("leave the ledger. Nothing takes their place");
        await ScanAsync("import, undo asked");
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Undo import" }).ClickAsync();
        await Expect(Page.GetByRole(AriaRole.Main).GetByText("Undone", new() { Exact = true }).First).ToBeVisibleAsync();
        await ScanAsync("import, undone");
        await OpenAsync("Overview");
        await ExpectTitleAsync("There are no emissions yet");
    }

    [Fact]
    public async Task Bill_DroppedOnThePage_IsImported()
    {
        await SignInToEmptyTenantAsync("/imports");
        await Expect(Page.GetByText("Nothing is here yet; that is not zero")).ToBeVisibleAsync();
        var bill = Bills.Sample("dropped.csv.gz", SampleBill.Demo with { Rows = 500, Seed = 3 }, out var totals);
        var transfer = await Page.EvaluateHandleAsync(
            """
            ([name, base64]) => {
              const transfer = new DataTransfer();
              transfer.items.add(new File([Uint8Array.from(atob(base64), c => c.charCodeAt(0))], name));
              return transfer;
            }
            """,
            new[] { bill.Name, Convert.ToBase64String(bill.Buffer) });

        var zone = Page.GetByText("Drop a cloud bill or a spreadsheet here");
        await zone.DispatchEventAsync("dragover", new { dataTransfer = transfer });
        await zone.DispatchEventAsync("drop", new { dataTransfer = transfer });

        await ExpectTitleAsync("dropped.csv.gz");
        await ExpectCompletedAsync();
        await ExpectImportAsync(totals);
    }

    [Fact]
    public async Task SampleBill_FromTheEmptyOverview_IsImported()
    {
        await SignInToEmptyTenantAsync();

        await Page.GetByRole(AriaRole.Button, new() { Name = "Try a generated sample bill" }).ClickAsync();

        await ExpectTitleAsync("sample-bill-nordwerk.csv.gz");
        await ExpectCompletedAsync();
        await OpenAsync("Overview");
        await Expect(Page.GetByText("Comparison method, not for disclosure.")).ToBeVisibleAsync();
    }

    private async Task ExpectImportAsync(SampleBillTotals totals)
    {
        var rows = Page.GetByRole(AriaRole.Group, new() { Name = "What became of the rows" });
        await Expect(rows).ToContainTextAsync(Format.Count(totals.Rows));
        await Expect(rows).ToContainTextAsync($"{Format.Count(totals.UsageRows)} usage, {Format.Count(totals.Rows - totals.UsageRows)} cost only");
        await Expect(Page.GetByRole(AriaRole.Row, new() { Name = "USD" }).Filter(new() { HasText = Format.Digits(totals.Cost) + Format.NoBreakSpace + "USD" })).ToBeVisibleAsync();
    }

    private async Task ExpectOverviewTotalAsync(string email)
    {
        await OpenAsync("Overview");
        var summary = await Fixture.App.GetAsync("/api/v1/emissions/summary", email, AppFixture.Password);
        var kg = summary.GetProperty("total").GetProperty("kgCo2e").GetDecimal();
        kg.ShouldBeGreaterThan(0);
        var unit = Format.MassUnitFor(kg);

        await Expect(Page.GetByRole(AriaRole.Link, new() { Name = $"{Format.Mass(kg, unit, Format.OverviewDecimals(kg))} {Format.Spoken(unit)}, open in Emissions" })).ToBeVisibleAsync();
        await Expect(Page.GetByText("Comparison method, not for disclosure.")).ToBeVisibleAsync();
    }

    private async Task ExpectTrailAsync(SampleBillTotals totals)
    {
        await OpenAsync("Emissions");
        await Page.GetByRole(AriaRole.Combobox, new() { Name = "Service", Exact = true }).SelectOptionAsync(new SelectOptionValue { Label = "AmazonEC2" });
        await Expect(Page).ToHaveURLAsync(new Regex("service=AmazonEC2"));
        await ScanAsync("emissions, filtered");
        await ExpectWorkbookAsync();
        var grid = Page.GetByRole(AriaRole.Table, new() { Name = "Emissions grouped by" });
        await grid.GetByRole(AriaRole.Button, new() { Name = "AmazonEC2" }).ClickAsync();
        await grid.GetByRole(AriaRole.Button, new() { Name = "eu-" }).First.ClickAsync();
        var figures = grid.GetByRole(AriaRole.Button, new() { Name = ", open trail" });
        await figures.First.ClickAsync();

        var drawer = Page.GetByRole(AriaRole.Complementary, new() { Name = "AmazonEC2" });
        await Expect(drawer.GetByRole(AriaRole.Heading, new() { Name = "Source file" })).ToBeVisibleAsync();
        await Expect(drawer).ToContainTextAsync("Replayed, same digits");
        await Expect(drawer).ToContainTextAsync(FileName);
        await Expect(drawer).ToContainTextAsync("PUE");
        await Expect(drawer).ToContainTextAsync("kg CO2e per kWh");
        await Expect(drawer.GetByRole(AriaRole.Heading, new() { Name = "Formula" })).ToBeVisibleAsync();
        (await Fact(drawer, "Source").InnerTextAsync()).ShouldNotBeNullOrWhiteSpace();
        await ExpectLinesOfTheFileAsync(drawer);
        await ScanAsync("emissions, trail open");

        var first = Page.Url;
        await Page.Keyboard.PressAsync("ArrowDown");
        await Expect(Page).Not.ToHaveURLAsync(first);
        await Expect(drawer).ToContainTextAsync(FileName);
        await Page.Keyboard.PressAsync("ArrowUp");
        await Expect(Page).ToHaveURLAsync(first);
        await Page.Keyboard.PressAsync("Escape");
        await Expect(drawer).ToBeHiddenAsync();
        await Expect(figures.First).ToBeFocusedAsync();

        await Page.GotoAsync(first);
        await Expect(drawer.GetByRole(AriaRole.Heading, new() { Name = "Source file" })).ToBeVisibleAsync();
        await Expect(grid.Locator("[aria-current=true]")).ToBeVisibleAsync();
        totals.Rows.ShouldBe(6000);
    }

    private async Task ExpectWorkbookAsync()
    {
        var download = await Page.RunAndWaitForDownloadAsync(() => Page.GetByRole(AriaRole.Link, new() { Name = "Export Excel" }).ClickAsync());
        download.SuggestedFilename.ShouldMatch("^emissions-2025-[0-9]{2}-202[56]-[0-9]{2}\\.xlsx$");
        await using var file = File.OpenRead(await download.PathAsync());
        using var archive = new ZipArchive(file, ZipArchiveMode.Read);
        using var texts = new StreamReader(archive.GetEntry("xl/sharedStrings.xml")!.Open());
        (await texts.ReadToEndAsync(TestContext.Current.CancellationToken)).ShouldContain("Service is AmazonEC2");
    }

    /// <summary>Each line that the drawer shows is held against the physical line of the file, the headings being line 1.</summary>
    private static async Task ExpectLinesOfTheFileAsync(ILocator drawer)
    {
        var file = Bills.Lines(SampleBill.Demo);
        var headings = Fields(file[0]);
        var rows = await drawer.GetByRole(AriaRole.Group, new() { Name = "Lines of " + FileName }).GetByRole(AriaRole.Row).AllAsync();
        rows.Count.ShouldBeGreaterThan(1);
        foreach (var row in rows.Skip(1))
        {
            var number = int.Parse(await row.GetByRole(AriaRole.Rowheader).InnerTextAsync(), CultureInfo.InvariantCulture);
            var cells = await row.GetByRole(AriaRole.Cell).AllInnerTextsAsync();
            var line = Fields(file[number - 1]);

            cells[0].ShouldBe(line[headings.IndexOf("lineItem/UsageType")]);
            Number(cells[1]).ShouldBe(Number(line[headings.IndexOf("lineItem/UsageAmount")]));
            Number(cells[3].Replace("USD", "", StringComparison.Ordinal)).ShouldBe(Number(line[headings.IndexOf("lineItem/UnblendedCost")]));
        }
    }

    private static ILocator Fact(ILocator drawer, string term) =>
        drawer.GetByText(term, new() { Exact = true }).Locator("xpath=following-sibling::dd[1]");

    private static decimal Number(string text) => decimal.Parse(
        text.Trim().Replace("\u2212", "-", StringComparison.Ordinal), NumberStyles.Float | NumberStyles.AllowThousands, CultureInfo.InvariantCulture);

    private static List<string> Fields(string line) =>
        [.. Regex.Matches(line, "(?:^|,)(?:\"((?:[^\"]|\"\")*)\"|([^,]*))").Select(match => match.Groups[1].Success ? match.Groups[1].Value : match.Groups[2].Value)];
}
