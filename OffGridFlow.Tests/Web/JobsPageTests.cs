using System.Security.Claims;
using Bunit;
using OffGridFlow.Core.Identity;
using OffGridFlow.Infrastructure.Jobs;
using OffGridFlow.Web.Features.Jobs;
using OffGridFlow.Web.Layout;
using Radzen;
using Radzen.Blazor;

namespace OffGridFlow.Tests.Web;

public sealed class JobsPageTests : PageContext
{
    private IRenderedComponent<JobsPage> Page(FakeJobs jobs)
    {
        With(jobs);
        return Render<JobsPage>();
    }

    [Fact]
    public void Nothing_Yet_SaysSoAndWhatToDo()
    {
        var page = Page(new FakeJobs());

        page.Find("h2").TextContent.ShouldBe("Nothing is running, nothing waits");
        page.Find(".og-none a").GetAttribute("href").ShouldBe("/imports");
        page.Markup.ShouldContain("No job has ended yet");
        page.FindAll("table").ShouldBeEmpty();
    }

    [Fact]
    public void ServiceFails_ShowsAReference()
    {
        var page = Page(new FakeJobs { Failure = new InvalidOperationException("planted") });

        page.Find(".og-error code").TextContent.ShouldStartWith("OGF-");
        page.Markup.ShouldNotContain("planted");
    }

    [Fact]
    public void Running_ShowsProgressSpeedTimeLeftAndWhere()
    {
        var page = Page(new FakeJobs(SampleJobs.Running));

        var row = page.Find(".is-jobs tbody tr").TextContent;
        row.ShouldContain("Import, march.csv.gz");
        row.ShouldContain("Mara Okafor, 09:40, attempt 1");
        row.ShouldContain("64\u00a0%");
        row.ShouldContain("58,735 of 91,774 rows");
        row.ShouldContain("5,120\u00a0rows/s");
        row.ShouldContain("about 6 s");
        row.ShouldContain("worker-2");
        page.Find(".is-jobs [role=progressbar]").GetAttribute("aria-valuenow").ShouldBe("63");
        page.Find(".og-page-note").TextContent.ShouldBe("One running; no failure in the last 24 hours");
        page.Find(".og-page-actions").TextContent.Trim().ShouldBe("One worker alive, seen 2 s ago");
    }

    [Fact]
    public void Queued_SaysWhatItWaitsForAndItsPlace()
    {
        var now = SampleJobs.Now;
        var jobs = new FakeJobs(
            SampleJobs.Running, SampleJobs.Queued,
            SampleJobs.Queued with { Id = Guid.NewGuid(), Place = 2, Wait = new JobWait.FreeWorker(2) },
            SampleJobs.Queued with { Id = Guid.NewGuid(), Place = 3, Wait = new JobWait.Pause(now.AddSeconds(20), 3) },
            SampleJobs.Queued with { Id = Guid.NewGuid(), Place = 4, Wait = new JobWait.AnyWorker() });

        var page = Page(jobs);

        page.FindAll(".is-jobs td[colspan]").Select(cell => cell.TextContent).ShouldBe(
        [
            "Waits for the import of march.csv.gz: the same account and month", "Waits for a free worker: two jobs run at a time", "Waits 20 s before attempt 3",
            "Waits for a worker: none is running. An administrator can start one",
        ]);
        page.FindAll(".og-job-where").Skip(1).Select(place => place.TextContent).ShouldBe(["1st in line", "2nd in line", "3rd in line", "4th in line"]);
        page.Find("h2").TextContent.ShouldBe("Four jobs wait; the next can start in about 6 s");
    }

    [Fact]
    public void NoWorker_IsAWarning()
    {
        var page = Page(new FakeJobs(SampleJobs.Queued) { Workers = 0 });

        page.Find(".og-page-actions .is-warning").TextContent.ShouldContain("No worker is alive: queued jobs wait");
    }

    [Fact]
    public void History_GivesOutcomeResultAttemptAndDuration()
    {
        var page = Page(new FakeJobs(SampleJobs.Done, SampleJobs.Failed, SampleJobs.Cancelled, SampleJobs.Proof));

        var rows = page.FindAll(".is-history tbody tr").Select(row => row.TextContent).ToList();
        rows[0].ShouldContain("Completed with errors");
        rows[0].ShouldContain("13,380 read, 13,377 loaded, 3 rejected");
        rows[0].ShouldContain("2 min 48 s");
        rows[1].ShouldContain("5 of 5");
        rows[2].ShouldContain("Stopped at 212,044 rows; nothing was loaded");
        rows[3].ShouldContain("No difference in 2,304 cells");
        page.Markup.ShouldContain("Four jobs have ended; one of them failed");
    }

    [Fact]
    public void History_OffersRetryOnlyWhereItMayHelp()
    {
        var page = Page(new FakeJobs(
            SampleJobs.Failed, SampleJobs.Cancelled, SampleJobs.Hopeless, SampleJobs.Failed with { Id = Guid.NewGuid(), MayControl = false }, SampleJobs.Proof, SampleJobs.Done));

        page.FindAll(".is-history tbody tr").Select(row => row.QuerySelector("td:last-child")!.TextContent.Trim())
            .ShouldBe(["Retry", "Retry", "Open", "Open", "", "See rows"]);
    }

    [Fact]
    public void Retry_AsksAndTellsWhatBecameOfIt()
    {
        var jobs = new FakeJobs(SampleJobs.Failed) { Answer = new JobChange.Refused("The stored file is not there any more. Upload it again.") };
        With(jobs);
        var toasts = Render<RadzenNotification>();
        var page = Render<JobsPage>();

        page.Find(".is-history button").Click();

        jobs.Asked.ShouldBe([$"retry {SampleJobs.Failed.Id:D}"]);
        toasts.WaitForAssertion(() => toasts.Markup.ShouldContain("The stored file is not there any more."));
    }

    [Fact]
    public void Cancel_AsksFirstAndSaysWhatIsLost_AndCanBeUndone()
    {
        const string name = "<img src=x onerror=alert(1)>.csv";
        var jobs = new FakeJobs(SampleJobs.Queued with { SubjectName = name });
        With(jobs);
        var dialogs = Render<RadzenDialog>();
        var toasts = Render<RadzenNotification>();
        var page = Render<JobsPage>();

        page.Find(".is-jobs button").Click();

        jobs.Asked.ShouldBeEmpty();
        dialogs.WaitForElement(".rz-dialog").TextContent.ShouldContain("Nothing of the file will be in the ledger");
        dialogs.FindAll("img").ShouldBeEmpty();
        dialogs.FindAll(".rz-dialog button").Single(button => button.TextContent.Contains("Cancel job", StringComparison.Ordinal)).Click();
        page.WaitForAssertion(() => jobs.Asked.ShouldBe([$"cancel {SampleJobs.Queued.Id:D}"]));
        toasts.WaitForElement(".og-toast-undo").Click();
        page.WaitForAssertion(() => jobs.Asked.ShouldBe([$"cancel {SampleJobs.Queued.Id:D}", $"retry {SampleJobs.Queued.Id:D}"]));
        toasts.FindAll("img").ShouldBeEmpty();
        page.FindAll("img").ShouldBeEmpty();
    }

    [Fact]
    public void Cancel_OfAJobOfOthers_IsNotOffered() =>
        Page(new FakeJobs(SampleJobs.Running with { MayControl = false })).FindAll(".is-jobs button").ShouldBeEmpty();

    [Fact]
    public void Quarters_AreToldOnceEach()
    {
        var jobs = new FakeJobs(SampleJobs.Running with { Done = 20_000 });
        var page = Page(jobs);
        page.Find("[role=status]").TextContent.ShouldBeEmpty();

        jobs.Rows[0] = SampleJobs.Running;
        jobs.Look();

        page.WaitForAssertion(() => page.Find("[role=status]").TextContent.ShouldBe("Import, march.csv.gz: 50 percent"));
    }

    [Fact]
    public void JobThatEnds_MovesToTheHistory()
    {
        var jobs = new FakeJobs(SampleJobs.Running);
        var page = Page(jobs);

        jobs.Rows[0] = SampleJobs.Done with { Id = SampleJobs.Running.Id };
        jobs.Look();

        page.WaitForAssertion(() => page.FindAll(".is-history tbody tr").Count.ShouldBe(1));
        page.FindAll(".is-jobs").ShouldBeEmpty();
    }

    [Fact]
    public void JobThatBeginsAndEndsBetweenTwoLooks_IsInTheHistory()
    {
        var jobs = new FakeJobs();
        var page = Page(jobs);

        jobs.Rows.Add(SampleJobs.Done);
        jobs.LastEnd = SampleJobs.Done.FinishedAt;
        jobs.Look();

        page.WaitForAssertion(() => page.FindAll(".is-history tbody tr").Count.ShouldBe(1));
    }

    [Fact]
    public void Filters_StandInTheAddress()
    {
        var jobs = new FakeJobs(SampleJobs.Done, SampleJobs.Failed);
        var page = Page(jobs);

        page.FindAll(".og-switch input")[1].Change(true);
        Navigation.Uri.ShouldEndWith("/jobs?show=failed");
        page.FindAll(".og-menu-body select")[1].Change("Mara Okafor");
        Navigation.Uri.ShouldContain("by=Mara%20Okafor");
    }

    [Fact]
    public void Address_OpensTheFilteredHistory()
    {
        var jobs = With(new FakeJobs(SampleJobs.Done, SampleJobs.Failed));
        Navigation.NavigateTo("/jobs?show=failed&kind=import&by=Mara%20Okafor&days=7");

        var page = Render<JobsPage>();

        page.FindAll(".is-history tbody tr").Count.ShouldBe(1);
        jobs.LastFilter!.Kind.ShouldBe("import");
        jobs.LastFilter.CreatedBy.ShouldBe("Mara Okafor");
        jobs.LastFilter.Since.ShouldNotBeNull();
    }

    [Fact]
    public void ShowMore_AddsTheNextPage()
    {
        var page = Page(new FakeJobs([.. Enumerable.Range(0, 25).Select(_ => SampleJobs.Done with { Id = Guid.NewGuid() })]));
        page.FindAll(".is-history tbody tr").Count.ShouldBe(20);

        page.Find(".og-more button").Click();

        page.FindAll(".is-history tbody tr").Count.ShouldBe(25);
        page.FindAll(".og-more").ShouldBeEmpty();
    }

    [Fact]
    public void Schedules_AreForAdministrators()
    {
        var jobs = new FakeJobs();
        jobs.Schedules.Add(SampleJobs.Schedule);

        Page(jobs).FindAll(".is-schedules").ShouldBeEmpty();
    }

    [Fact]
    public void Schedules_ShowTheirRunsAndCanBeRunAndPaused()
    {
        User.SetClaims(
            new Claim(ClaimTypes.NameIdentifier, Guid.NewGuid().ToString()), new Claim("tenant_id", Guid.NewGuid().ToString()), new Claim(ClaimTypes.Role, nameof(TenantRole.Admin)));
        var jobs = new FakeJobs();
        jobs.Schedules.Add(SampleJobs.Schedule);
        With(jobs);
        var toasts = Render<RadzenNotification>();
        var page = Render<JobsPage>();

        page.Find(".og-runs").GetAttribute("aria-label").ShouldBe("Last 2 runs: 1 completed, 1 failed");
        page.FindAll(".is-schedules .og-runs .og-run").Count.ShouldBe(14);
        page.FindAll(".is-schedules button")[0].Click();
        page.FindAll(".is-schedules button")[1].Click();

        jobs.Asked.ShouldBe(["run monthly-totals-proof", "pause monthly-totals-proof"]);
        page.WaitForAssertion(() => page.Find(".is-schedules").TextContent.ShouldContain("Paused"));
        toasts.WaitForElement(".og-toast-undo").Click();
        page.WaitForAssertion(() => jobs.Asked[^1].ShouldBe("resume monthly-totals-proof"));
    }

    [Fact]
    public async Task LeavingThePage_EndsTheWatch()
    {
        var jobs = new FakeJobs();
        Page(jobs);
        jobs.Watchers.ShouldBe(1);

        await DisposeComponentsAsync();

        jobs.Watchers.ShouldBe(0);
    }

    [Fact]
    public void Menu_ShowsHowManyRun()
    {
        With(new FakeJobs(SampleJobs.Running, SampleJobs.Queued));

        var layout = Render<MainLayout>();

        layout.WaitForAssertion(() => layout.Find(".og-sidebar .og-nav-count").TextContent.ShouldBe("1 running"));
    }
}
