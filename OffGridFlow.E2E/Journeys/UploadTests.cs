using System.Text;
using Microsoft.Playwright;
using OffGridFlow.E2E.Fixture;
using OffGridFlow.Infrastructure.Imports.Samples;
using static Microsoft.Playwright.Assertions;

namespace OffGridFlow.E2E.Journeys;

/// <summary>What the upload does with files that are already there, in conflict, broken or too many.</summary>
public sealed class UploadTests(AppFixture fixture) : PageTest(fixture)
{
    [Fact]
    public async Task SameBytes_UploadedAgain_LeadToTheImportThatIsThere()
    {
        await SignInToImportsAsync();
        var bill = Bills.Month("november.csv", "2023-11", 1, 2, 3);
        await UploadAsync(bill);
        await ExpectCompletedAsync();
        var first = Page.Url;

        await OpenAsync("Imports");
        await UploadAsync(Bills.File("another-name.csv", bill.Buffer));

        await Expect(Page.GetByText("The same file was already here.")).ToBeVisibleAsync();
        await Expect(Page).ToHaveURLAsync(first + "?same=true");
        await ExpectTitleAsync("november.csv");
    }

    [Theory]
    [InlineData("Replace", "corrected.csv", "10")]
    [InlineData("Append", "corrected.csv", "13")]
    [InlineData("Leave as it is", null, "3")]
    public async Task OtherFileOfTheSameMonth_AfterTheChoice_HasThatEffect(string choice, string? title, string hours)
    {
        ExpectStatus(409);
        var email = await SignInToImportsAsync();
        await UploadAsync(Bills.Month("first.csv", "2023-11", 3));
        await ExpectCompletedAsync();
        await OpenAsync("Imports");

        // Another line id, so that appending loads it beside the first.
        await UploadAsync(Bills.Text("corrected.csv", string.Join(',', Bills.Columns), Bills.Line("2023-11", 2, 10)));
        var dialog = Page.GetByRole(AriaRole.Dialog, new() { Name = "These months are already there" });
        await Expect(dialog).ToContainTextAsync("first.csv");
        await Expect(dialog.GetByRole(AriaRole.Row, new() { Name = "123456789012" })).ToContainTextAsync("November 2023");
        if (choice == "Replace")
        {
            await ScanAsync("imports, conflict dialog");
        }

        await dialog.GetByRole(AriaRole.Button, new() { Name = choice, Exact = true }).ClickAsync();

        if (title is null)
        {
            await Expect(Page.GetByText("corrected.csv was left out; the ledger is as it was.")).ToBeVisibleAsync();
        }
        else
        {
            await ExpectCompletedAsync();
            await ExpectTitleAsync(title);
        }

        var summary = await Fixture.App.GetAsync("/api/v1/emissions/summary", email, AppFixture.Password);
        summary.GetProperty("cost").GetProperty("USD").GetDecimal().ShouldBe(decimal.Parse(hours, System.Globalization.CultureInfo.InvariantCulture) * 0.107m);
    }

    [Fact]
    public async Task FilesThatAreNoBill_AreRefusedWithReasonAndFix()
    {
        ExpectStatus(422);
        await SignInToImportsAsync();
        var packed = Bills.Gzip(Encoding.UTF8.GetBytes(string.Join('\n', Bills.Lines(SampleBill.Demo with { Rows = 400 }))));
        (FilePayload File, string Reason)[] refused =
        [
            (Bills.File("page.csv", Encoding.UTF8.GetBytes("<!DOCTYPE html><html><body>Sign in</body></html>\n")), "HTML"),
            (Bills.File("part-0.parquet", [.. "PAR1"u8, .. new byte[200], .. "PAR1"u8]), "Parquet"),
            (Bills.File("cut.csv.gz", packed[..(packed.Length / 2)]), "gzip"),
        ];

        foreach (var (file, reason) in refused)
        {
            await UploadAsync(file);
            var alert = Page.GetByRole(AriaRole.Alert).Filter(new() { HasText = "Not loaded." });
            await Expect(alert).ToContainTextAsync(reason);
            await Expect(alert).ToContainTextAsync("What to do:");
        }

        await ScanAsync("imports, file refused");
        await Page.ReloadAsync();
        await Expect(Page.GetByText("Nothing is here yet; that is not zero")).ToBeVisibleAsync();
    }

    [Fact]
    public async Task RaggedRows_AreHeldBackAndCanBeDownloaded()
    {
        await SignInToImportsAsync();
        await UploadAsync(Bills.Text(
            "ragged.csv", string.Join(',', Bills.Columns), Bills.Line("2023-11", 1, 1), "too,few,fields", Bills.Line("2023-11", 3, 2), Bills.Line("2023-11", 4, 2).Replace("2023-11-05T01", "yesterday", StringComparison.Ordinal)));

        await ExpectCompletedAsync("Completed with errors");

        await Expect(Page.GetByRole(AriaRole.Heading, new() { Name = "2 rows were held back" })).ToBeVisibleAsync();
        await Expect(Page.GetByRole(AriaRole.Row, new() { Name = "too,few,fields" }).GetByRole(AriaRole.Rowheader)).ToHaveTextAsync("3");
        await ScanAsync("import, completed with errors");
        var downloading = Page.WaitForDownloadAsync();
        await Page.GetByRole(AriaRole.Link, new() { Name = "All as CSV" }).ClickAsync();
        var csv = await File.ReadAllLinesAsync((await (await downloading).PathAsync())!, TestContext.Current.CancellationToken);
        csv.Length.ShouldBe(3);
        csv[1].TrimStart('\uFEFF', '"').ShouldStartWith("3");
        csv[2].TrimStart('"').ShouldStartWith("5");
    }

    [Fact]
    public async Task SessionThatEnded_AfterSigningInInAnotherTab_TheFileIsStillThere()
    {
        ExpectStatus(401);
        var email = await SignInToImportsAsync();
        // While the file is on its way: a page that holds nothing would be led to sign-in.
        await Page.RouteAsync("**/app/imports**", async route =>
        {
            await Fixture.App.ExecuteAsync("update sessions set ended_at = now() where user_id = (select id from users where email = $1) and ended_at is null", email);
            await route.ContinueAsync();
        }, new() { Times = 1 });
        await UploadAsync(Bills.Month("november.csv", "2023-11", 1));
        await Expect(Page.GetByRole(AriaRole.Alert).Filter(new() { HasText = "Not loaded." })).ToContainTextAsync("Your session has ended.");
        await ScanAsync("imports, session ended");

        var tab = await Page.Context.RunAndWaitForPageAsync(() => Page.GetByRole(AriaRole.Link, new() { Name = "Sign in again" }).ClickAsync());
        await tab.GetByLabel("E-mail").FillAsync(email);
        await tab.GetByLabel("Password").FillAsync(AppFixture.Password);
        await tab.GetByRole(AriaRole.Button, new() { Name = "Sign in" }).ClickAsync();
        await Expect(tab.GetByRole(AriaRole.Navigation, new() { Name = "Pages" })).ToBeVisibleAsync();
        await Page.GetByRole(AriaRole.Button, new() { Name = "Upload november.csv again" }).ClickAsync();

        await ExpectCompletedAsync();
        await ExpectTitleAsync("november.csv");
    }

    [Fact]
    public async Task LargeImport_Cancelled_LeavesNothing()
    {
        var email = await SignInToImportsAsync();
        await UploadAsync(Bills.Sample("large.csv.gz", new() { Rows = 200_000, Seed = 5, Months = 12 }, out _));
        await Expect(Page.GetByRole(AriaRole.Progressbar, new() { Name = "Import of large.csv.gz" })).ToBeVisibleAsync(new() { Timeout = 60_000 });

        await Page.GetByRole(AriaRole.Button, new() { Name = "Cancel import" }).ClickAsync();
        await Page.GetByRole(AriaRole.Alertdialog).GetByRole(AriaRole.Button, new() { Name = "Cancel import" }).ClickAsync();

        await Expect(Page.GetByRole(AriaRole.Main).GetByText("Cancelled", new() { Exact = true }).First).ToBeVisibleAsync(new() { Timeout = 60_000 });
        await ScanAsync("import, cancelled");
        await OpenAsync("Overview");
        await ExpectTitleAsync("There are no emissions yet");
        var summary = await Fixture.App.GetAsync("/api/v1/emissions/summary", email, AppFixture.Password);
        summary.GetProperty("total").GetProperty("kgCo2e").GetDecimal().ShouldBe(0);
    }

    private async Task<string> SignInToImportsAsync()
    {
        var email = await SignInToEmptyTenantAsync("/imports");
        await Expect(Page.GetByText("Nothing is here yet; that is not zero")).ToBeVisibleAsync();
        return email;
    }
}
