using Bunit;
using Microsoft.Extensions.DependencyInjection;
using OffGridFlow.Core.Identity;
using OffGridFlow.Core.Imports;
using OffGridFlow.Infrastructure.Imports;
using OffGridFlow.Web.Features.Imports;
using Radzen;
using Radzen.Blazor;

namespace OffGridFlow.Tests.Web;

public sealed class ImportPagesTests : PageContext
{
    [Fact]
    public void Imports_NoneYet_OffersTheSampleBillAndGoesToIt()
    {
        With(new FakeImports { Answer = new ImportStart.Accepted(SampleImports.Done.Id) });

        var page = Render<ImportsPage>();
        page.FindAll(".og-empty button").Single(b => b.TextContent.Contains("sample bill", StringComparison.Ordinal)).Click();

        Navigation.Uri.ShouldEndWith("/imports/" + SampleImports.Done.Id.ToString("D"));
    }

    [Fact]
    public void Imports_ServiceFails_ShowsAReferenceAndKeepsTheDropZone()
    {
        With(new FakeImports { Failure = new InvalidOperationException("planted") });

        var page = Render<ImportsPage>();

        page.Find(".og-error code").TextContent.ShouldStartWith("OGF-");
        page.FindAll(".og-drop").Count.ShouldBe(1);
    }

    [Fact]
    public void Imports_Full_ListsStatesInWords()
    {
        With(new FakeImports(SampleImports.Running, SampleImports.Done, SampleImports.Failed));

        var page = Render<ImportsPage>();

        page.FindAll("tbody .og-state").Select(s => s.TextContent.Trim()).ShouldBe(["Running, 64\u00a0%", "Completed with errors", "Failed"]);
        page.Find("tbody [role=progressbar]").GetAttribute("aria-valuenow").ShouldBe("64");
    }

    [Fact]
    public void Imports_ReaderWithoutWriting_SeesNoDropZone()
    {
        Allow(Permissions.ActivityDataRead);
        With(new FakeImports(SampleImports.Done));

        Render<ImportsPage>().FindAll(".og-drop").ShouldBeEmpty();
    }

    [Fact]
    public void Imports_NothingRunning_LooksOnce()
    {
        var imports = With(new FakeImports(SampleImports.Done));

        Render<ImportsPage>();

        imports.Looks.ShouldBe(1);
    }

    [Fact]
    public void Imports_Running_LooksAgainUntilItEnds()
    {
        var imports = With(new FakeImports(SampleImports.Running));
        var page = Render<ImportsPage>();
        imports.Rows[0] = SampleImports.Running with { Status = ImportStatus.Succeeded };

        page.WaitForAssertion(() => page.Find("tbody .og-state").TextContent.Trim().ShouldBe("Completed"), TimeSpan.FromSeconds(5));
    }

    [Fact]
    public void Detail_Done_ShowsTheEquationAndThatItReconciles()
    {
        With(new FakeImports(SampleImports.Done));

        var page = Render<ImportDetailPage>(p => p.Add(d => d.Id, SampleImports.Done.Id));

        page.FindAll(".og-equation b").Select(b => b.TextContent).ShouldBe(["4,812", "4,655", "96", "38", "23"]);
        page.Find(".og-equation").TextContent.ShouldContain("Counts reconcile");
        page.FindAll(".og-reason h3").Count.ShouldBe(2);
        page.Find("[download]").GetAttribute("href").ShouldBe($"/app/imports/{SampleImports.Done.Id:D}/rejected");
        page.Markup.ShouldContain("12,804.1182309\u00a0USD");
    }

    [Fact]
    public void Detail_CountsThatDoNotAdd_SaySo()
    {
        With(new FakeImports(SampleImports.Done with { Loaded = 1 }));

        var page = Render<ImportDetailPage>(p => p.Add(d => d.Id, SampleImports.Done.Id));

        page.Find(".og-equation").TextContent.ShouldContain("Counts do not reconcile");
    }

    [Fact]
    public void Detail_Running_AnnouncesQuartersAndOffersCancel()
    {
        With(new FakeImports(SampleImports.Running));

        var page = Render<ImportDetailPage>(p => p.Add(d => d.Id, SampleImports.Running.Id));

        page.Find("[aria-live=polite]").TextContent.ShouldBe("50 percent imported");
        page.Find("[role=progressbar]").GetAttribute("aria-valuenow").ShouldBe("64");
        page.Markup.ShouldContain("Cancel import");
        page.Markup.ShouldNotContain("Undo import");
    }

    [Fact]
    public void Detail_Failed_SaysThatNothingWasLoadedAndHowToMendIt()
    {
        With(new FakeImports(SampleImports.Failed));

        var page = Render<ImportDetailPage>(p => p.Add(d => d.Id, SampleImports.Failed.Id));

        page.Find(".og-message.is-error").TextContent.ShouldContain("Nothing of this file was loaded.");
        page.Find(".og-message.is-error").TextContent.ShouldContain("Download the file from S3 again");
    }

    [Fact]
    public void Detail_UnknownId_IsExplained()
    {
        With(new FakeImports());

        var page = Render<ImportDetailPage>(p => p.Add(d => d.Id, Guid.NewGuid()));

        page.Find(".og-empty h2").TextContent.ShouldBe("There is no import with this id");
    }

    [Fact]
    public void Detail_Undo_AsksFirstAndSaysWhatComesBack()
    {
        var imports = With(new FakeImports(SampleImports.Done));
        var dialogs = Render<RadzenDialog>();
        var page = Render<ImportDetailPage>(p => p.Add(d => d.Id, SampleImports.Done.Id));

        page.FindAll("button").Single(b => b.TextContent.Contains("Undo import", StringComparison.Ordinal)).Click();

        imports.Undone.ShouldBeEmpty();
        dialogs.WaitForElement(".rz-dialog").TextContent.ShouldContain("700 rows (1,804.00\u00A0USD) of older-cur-2023-11.csv count again. Emissions in the ledger go from 1.250 to 0.900");
        dialogs.FindAll(".rz-dialog button").Single(b => b.TextContent.Contains("Undo import", StringComparison.Ordinal)).Click();
        page.WaitForAssertion(() => imports.Undone.ShouldBe([SampleImports.Done.Id]));
    }

    [Fact]
    public void Detail_FileNameWithMarkup_StaysText()
    {
        const string name = "<img src=x onerror=alert(1)>.csv";
        With(new FakeImports(SampleImports.Done with
        {
            FileName = name,
            Batches = [SampleImports.Done.Batches[0] with { ReplacesFileName = name }],
        }));
        var dialogs = Render<RadzenDialog>();
        var toasts = Render<RadzenNotification>();
        var page = Render<ImportDetailPage>(p => p.Add(d => d.Id, SampleImports.Done.Id));

        page.FindAll("button").Single(b => b.TextContent.Contains("Undo import", StringComparison.Ordinal)).Click();
        dialogs.WaitForElement(".rz-dialog");
        dialogs.FindAll("img").ShouldBeEmpty();
        dialogs.FindAll(".rz-dialog button").Single(b => b.TextContent.Contains("Undo import", StringComparison.Ordinal)).Click();

        toasts.WaitForAssertion(() => toasts.Markup.ShouldContain("Import undone"));
        toasts.FindAll("img").ShouldBeEmpty();
        page.FindAll("img").ShouldBeEmpty();
    }

    [Theory]
    [InlineData(202, """{"id":"00000000-0000-7000-8000-0000000000d1"}""", "/imports/00000000-0000-7000-8000-0000000000d1")]
    [InlineData(200, """{"id":"00000000-0000-7000-8000-0000000000d1"}""", "/imports/00000000-0000-7000-8000-0000000000d1?same=true")]
    public async Task Upload_AcceptedOrThere_GoesToTheImport(int status, string body, string expected)
    {
        var zone = Render<DropZone>();

        await zone.Instance.OnStart("bill.csv", 10);
        await zone.Instance.OnAnswer(status, body);

        Navigation.Uri.ShouldEndWith(expected);
    }

    [Fact]
    public async Task Upload_Refused_NamesReasonLineAndFix()
    {
        var zone = Render<DropZone>();

        await zone.Instance.OnAnswer(422, """{"reason":"A column is missing.","fix":"Upload it as AWS writes it.","line":1}""");

        zone.Find("[role=alert]").TextContent.ShouldContain("A column is missing. Line 1.");
        zone.Find("[role=alert]").TextContent.ShouldContain("Upload it as AWS writes it.");
    }

    [Theory]
    [InlineData(401, """{"detail":"Your session has ended."}""", "Your session has ended.", true)]
    [InlineData(503, """{"title":"The database does not answer","detail":"Try again in a moment."}""", "The database does not answer.", false)]
    [InlineData(507, """{"title":"The disk is full","detail":"Ask the operator to make room."}""", "The disk is full.", false)]
    [InlineData(0, "", "The connection broke", false)]
    public async Task Upload_ThatMayGoBetterNextTime_KeepsTheFileAndOffersToSendItAgain(int status, string body, string reason, bool signIn)
    {
        var zone = Render<DropZone>();

        await zone.Instance.OnStart("bill.csv", 10);
        await zone.Instance.OnAnswer(status, body);

        zone.Find("[role=alert]").TextContent.ShouldContain(reason);
        zone.FindAll("a[href='/account/sign-in'][target=_blank]").Count.ShouldBe(signIn ? 1 : 0);
        zone.Find("[role=alert] button").TextContent.Trim().ShouldBe("Upload bill.csv again");
        zone.Find("[role=alert] button").Click();
        JSInterop.Invocations["OffGridFlow.upload.again"].Count.ShouldBe(1);
        await zone.Instance.OnStart("bill.csv", 10);
        zone.FindAll("[role=alert]").ShouldBeEmpty();
    }

    [Fact]
    public async Task Upload_Conflict_OffersReplaceAppendAndLeave()
    {
        var dialogs = Render<RadzenDialog>();
        var zone = Render<DropZone>();

        var answer = zone.Instance.OnAnswer(409, """{"detail":"November is there.","periods":[{"account":"1","billingMonth":"2023-11-01","rows":3,"fileName":"first.csv"}]}""");

        dialogs.WaitForElement(".og-dialog").TextContent.ShouldContain("November is there.");
        dialogs.Find(".og-dialog td:last-child").TextContent.ShouldBe("first.csv");
        dialogs.FindAll(".og-dialog button").Select(b => b.TextContent).ShouldBe(["Leave as it is", "Append", "Replace"]);
        dialogs.FindAll(".og-dialog button")[2].Click();
        await answer;
        JSInterop.Invocations["OffGridFlow.upload.send"].Single().Arguments[1].ShouldBe("replace");
    }

    [Fact]
    public void Answer_FromAProxy_StillSaysThatNothingWasLoaded() =>
        UploadAnswer.Read(502, "<html>Bad gateway</html>").ShouldBeOfType<ImportStart.Refused>().Fix.ShouldContain("Nothing was loaded");

    [Fact]
    public void Answer_BrokenConnection_IsNoAnswer() => UploadAnswer.Read(0, "").ShouldBeNull();
}
