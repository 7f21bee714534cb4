using Microsoft.Playwright;
using Npgsql;
using OffGridFlow.E2E.Fixture;
using static Microsoft.Playwright.Assertions;

namespace OffGridFlow.E2E.Journeys;

/// <summary>The Jobs page: what runs is seen, cancelled, found again and started anew.</summary>
[Collection(AppFixture.AllTotals)]
public sealed class JobsTests(AppFixture fixture) : PageTest(fixture)
{
    [Fact]
    public async Task Import_SeenCancelledAndRetried_IsLoadedOnce()
    {
        var email = await SignInToEmptyTenantAsync("/jobs");
        await Expect(Page.GetByRole(AriaRole.Heading, new() { Name = "Nothing is running, nothing waits" })).ToBeVisibleAsync();
        await ScanAsync("jobs, empty");
        await OpenAsync("Imports");
        await Expect(Page.GetByText("Nothing is here yet; that is not zero")).ToBeVisibleAsync();

        // The load stands still at its first kind of usage, so that there is time to look at it on any machine.
        await using var holder = new NpgsqlConnection(Fixture.App.ConnectionString);
        await holder.OpenAsync(TestContext.Current.CancellationToken);
        var hold = await holder.BeginTransactionAsync(TestContext.Current.CancellationToken);
        await using (var command = new NpgsqlCommand("lock table usage_kinds in share mode", holder, hold))
        {
            await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
        }

        await UploadAsync(Bills.Sample("large.csv.gz", new() { Rows = 60_000, Seed = 5, Months = 3 }, out var totals));
        await Expect(Page).ToHaveURLAsync(new System.Text.RegularExpressions.Regex("/imports/[0-9a-f-]{36}"));
        await OpenAsync("Jobs");
        var running = Page.GetByRole(AriaRole.Table, new() { Name = "Running and queued jobs" });
        await Expect(running.GetByRole(AriaRole.Progressbar, new() { Name = "Import, large.csv.gz" })).ToBeVisibleAsync();
        await Expect(running.GetByText("Running", new() { Exact = true })).ToBeVisibleAsync();
        await Expect(Page.GetByRole(AriaRole.Navigation, new() { Name = "Pages" }).GetByRole(AriaRole.Link, new() { Name = "Jobs 1 running" })).ToBeVisibleAsync();
        await ScanAsync("jobs, running");

        await running.GetByRole(AriaRole.Button, new() { Name = "Cancel Import, large.csv.gz" }).ClickAsync();
        var dialog = Page.GetByRole(AriaRole.Alertdialog);
        await Expect(dialog).ToContainTextAsync("Nothing of the file will be in the ledger");
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Cancel job" }).ClickAsync();
        var history = Page.GetByRole(AriaRole.Table, new() { Name = "Jobs that have ended, the last first" });
        await Expect(history.GetByText("Cancelled", new() { Exact = true })).ToBeVisibleAsync(new() { Timeout = 30_000 });
        await Expect(running).ToBeHiddenAsync();

        await hold.DisposeAsync();
        await history.GetByRole(AriaRole.Button, new() { Name = "Retry Import, large.csv.gz" }).ClickAsync();
        await Expect(history.GetByText("Completed", new() { Exact = true })).ToBeVisibleAsync(new() { Timeout = 60_000 });
        await Expect(history.GetByRole(AriaRole.Cell, new() { Name = "60,000 read, 60,000 loaded", Exact = true })).ToBeVisibleAsync();

        await Page.GetByRole(AriaRole.Button, new() { Name = "Run now: Monthly totals, proof against full scan" }).ClickAsync();
        await Expect(history.GetByRole(AriaRole.Cell, new() { Name = "No difference in" }).First).ToBeVisibleAsync(new() { Timeout = 30_000 });
        await ScanAsync("jobs, history");
        var summary = await Fixture.App.GetAsync("/api/v1/jobs", email, AppFixture.Password);
        summary.GetProperty("items").EnumerateArray().Count(job => job.GetProperty("kind").GetString() == "import").ShouldBe(1);
        totals.Rows.ShouldBe(60_000);
    }
}
