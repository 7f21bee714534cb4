using Bunit;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.DependencyInjection;
using OffGridFlow.Core.Imports;
using OffGridFlow.Core.Imports.Sheets;
using OffGridFlow.Infrastructure.ActivityData;
using OffGridFlow.Infrastructure.Imports.Sheets;
using OffGridFlow.Web.Features.Imports;
using OffGridFlow.Web.Features.Imports.Sheets;
using Radzen;
using Radzen.Blazor;

namespace OffGridFlow.Tests.Web;

public sealed class SheetWizardTests : PageContext
{
    private static readonly string[] Steps = ["Upload", "Sheet", "Columns", "Check and fix", "Load", "Receipt"];

    [Fact]
    public void Start_OffersUploadTemplatesAndFilesThatAreNotLoaded()
    {
        With(new FakeSheets { Drafts = [SampleSheets.InList] });

        var page = Render<SheetStartPage>();

        page.Find("form.og-drop").GetAttribute("data-action").ShouldBe("/app/imports/activity");
        page.FindAll("a[download]").Select(link => link.GetAttribute("href")).ShouldBe(["/app/imports/template.xlsx", "/app/imports/template.csv"]);
        page.Find(".is-drafts h2").TextContent.ShouldBe("One file is not loaded yet");
        page.Find(".is-drafts tbody a").GetAttribute("href").ShouldBe("/imports/activity/" + SampleSheets.Draft.Id.ToString("D"));
        page.FindAll(".is-drafts tbody .og-num")[1].TextContent.ShouldBe("16");
        page.Find("[aria-current=step]").TextContent.ShouldContain("Upload");
    }

    [Fact]
    public async Task Start_DiscardingAFile_AsksFirst()
    {
        var sheets = With(new FakeSheets { Drafts = [SampleSheets.InList] });
        var dialogs = Render<RadzenDialog>();
        var page = Render<SheetStartPage>();

        var clicked = page.Find("[aria-label^='Discard']").ClickAsync(new());
        dialogs.WaitForAssertion(() => dialogs.Markup.ShouldContain("the file can be uploaded again"));
        sheets.Discarded.ShouldBeEmpty();
        await dialogs.FindAll("button").First(button => button.TextContent.Contains("Discard file", StringComparison.Ordinal)).ClickAsync(new());
        await clicked;

        sheets.Discarded.ShouldBe([SampleSheets.Draft.Id]);
        page.FindAll(".is-drafts").ShouldBeEmpty();
    }

    [Fact]
    public void Start_DraftsThatCannotBeListed_LeaveTheUpload()
    {
        With(new FakeSheets { Failure = new TimeoutException() });

        var page = Render<SheetStartPage>();

        page.Find(".og-message.is-error").TextContent.ShouldContain("OGF-");
        page.FindAll("form.og-drop").Count.ShouldBe(1);
    }

    [Fact]
    public void Wizard_UnknownFile_IsExplained()
    {
        With(new FakeSheets { Draft = null });

        Wizard().Find(".og-empty h2").TextContent.ShouldBe("There is no file with this id that waits to be loaded");
    }

    [Fact]
    public void Wizard_ThatFails_GivesAReference()
    {
        With(new FakeSheets { Failure = new TimeoutException() });

        var page = Wizard();

        page.Find(".og-error h1").TextContent.ShouldBe("The file could not be shown; nothing was changed");
        page.Markup.ShouldContain("OGF-");
    }

    [Theory]
    [InlineData(null, "Sheet")]
    [InlineData("columns", "Columns")]
    [InlineData("check", "Check and fix")]
    [InlineData("load", "Load")]
    [InlineData("receipt", "Sheet")]
    public void Wizard_AddressWithAStep_OpensIt(string? step, string name)
    {
        With(new FakeSheets());

        var page = Wizard(step);

        page.Find("[aria-current=step] span:last-of-type").TextContent.ShouldBe(name);
        page.FindAll(".og-wizard-steps li").Count.ShouldBe(Steps.Length);
    }

    [Fact]
    public void Wizard_RememberedColumns_OpensAtTheRows()
    {
        With(new FakeSheets { Draft = SampleSheets.Draft with { Memory = new SheetMemory("q3.xlsx", "P. Nowak", DateTimeOffset.UnixEpoch, 2) } });

        var page = Wizard();

        page.Find("[aria-current=step]").TextContent.ShouldContain("Check and fix");
        page.Find(".og-page-note").TextContent.ShouldContain("Columns remembered from q3.xlsx");
    }

    [Fact]
    public void Wizard_OpenQuestions_KeepTheRowsBack()
    {
        var sheets = With(new FakeSheets { Draft = SampleSheets.Asking });

        var page = Wizard("check");

        page.Find("[aria-current=step]").TextContent.ShouldContain("Columns");
        page.Find(".og-wizard-bar .is-primary").HasAttribute("disabled").ShouldBeTrue();
        page.Find(".og-wizard-bar .og-note").TextContent.ShouldBe("2 questions above are open.");
        page.FindAll(".og-wizard-question .og-button").Select(button => button.TextContent).ShouldBe(["1.250 is 1,250", "1.250 is 1.25"]);
        page.FindAll(".og-wizard-question .og-button")[0].Click();
        sheets.Plans.ShouldHaveSingleItem().Culture.ShouldBe("de-DE");
    }

    [Fact]
    public void Wizard_FileThatIsLoaded_LeadsToItsReceipt()
    {
        With(new FakeSheets { Draft = SampleSheets.Draft with { State = SheetDraftState.Loaded, ImportId = SampleSheets.ImportId } });

        Wizard();

        Navigation.Uri.ShouldEndWith("/imports/" + SampleSheets.ImportId.ToString("D"));
    }

    [Fact]
    public void Sheet_OtherSheetAndHeadingRow_ChangeThePlan()
    {
        var sheets = With(new FakeSheets());
        var page = Wizard("sheet");

        page.Find(".og-sheet-tabs").TextContent.ShouldContain("Hidden in the workbook");
        page.Find(".og-check input").Change(true);
        page.FindAll(".og-sheet-tabs input")[1].Change("on");
        page.Find("#heading-row").Change("3");
        page.Find("#heading-rows").Change("2");

        sheets.Plans.Select(plan => (plan.Sheet, plan.HeadingRow, plan.HeadingRows, plan.ReadsHiddenRows)).ShouldBe([(0, 1, 1, true), (1, 1, 1, true), (1, 3, 1, true), (1, 3, 2, true)]);
        sheets.Versions.ShouldBe([3, 4, 5, 6]);
    }

    [Fact]
    public void Sheet_ClickOnARow_SaysThatItsHeadingsAreThere()
    {
        var sheets = With(new FakeSheets());
        var page = Wizard("sheet");

        page.FindAll(".is-peek tbody tr.is-selected th").Select(row => row.TextContent).ShouldBe(["1"]);
        page.FindAll(".is-peek tbody th button")[1].Click();

        sheets.Plans.ShouldHaveSingleItem().HeadingRow.ShouldBe(2);
        page.FindAll(".is-peek tbody tr.is-selected th").Select(row => row.TextContent).ShouldBe(["2"]);
    }

    [Fact]
    public void Check_OfALoadedFile_LoadsAgainOnlyWhatWasMended()
    {
        var sheets = With(new FakeSheets { Draft = SampleSheets.Draft with { State = SheetDraftState.Loaded, ImportId = SampleSheets.ImportId } });
        var page = Wizard("check");

        page.Find(".og-message.is-info").TextContent.ShouldContain("This file is loaded.");
        page.Find(".og-wizard-bar .is-primary").HasAttribute("disabled").ShouldBeTrue();
        page.Find("[aria-label='Apply to 9 rows: Use MWh']").Click();

        sheets.Fixes.Count.ShouldBe(1);
        page.Find(".og-wizard-bar .is-primary").HasAttribute("disabled").ShouldBeFalse();
    }

    [Fact]
    public void Columns_ReadAsAnother_TakesItFromTheColumnThatHadIt()
    {
        var sheets = With(new FakeSheets());
        var page = Wizard("columns");

        page.FindAll(".is-mapping select").Count.ShouldBe(7);
        page.Markup.ShouldContain("a guess, please look");
        page.FindAll(".is-mapping select")[0].Change("Site");

        sheets.Plans.ShouldHaveSingleItem().Columns.Select(use => (use.Column, use.Field)).ShouldBe(
            [(0, SheetField.Site), (2, SheetField.From), (3, SheetField.Quantity), (4, SheetField.Unit), (5, SheetField.ActivityType)]);
    }

    [Theory]
    [InlineData(SheetFirstDays.None, null)]
    [InlineData(SheetFirstDays.Days, false)]
    [InlineData(SheetFirstDays.Months, true)]
    public void Columns_FirstDaysOfMonths_SayWhatTheyStandForAndAreSwitched(SheetFirstDays days, bool? monthly)
    {
        var headings = SampleSheets.Draft.Headings.Select(heading => heading.Index == 2 ? heading with { Heading = "Monat", FirstDays = days } : heading);
        var sheets = With(new FakeSheets { Draft = SampleSheets.Draft with { Headings = [.. headings] } });
        var page = Wizard("columns");

        page.FindAll(".is-mapping .og-check").ShouldBeEmpty("a first and a last day are days");
        page.FindAll(".is-mapping select")[2].Change("Period");

        page.FindAll(".is-mapping .og-check input").Select(box => (bool?)box.HasAttribute("checked")).FirstOrDefault().ShouldBe(monthly);
        if (monthly is { } on)
        {
            page.Find(".is-mapping .og-check").TextContent.Trim().ShouldBe("First days stand for whole months");
            page.Find(".is-mapping .og-check input").Change(!on);
            sheets.Plans.Select(plan => plan.Columns.Single(use => use.Field == SheetField.Period).With?.GetValueOrDefault(SheetField.Period) == SheetPlan.WholeMonths).ShouldBe([on, !on]);
            page.Find(".is-mapping .og-check + .og-note").TextContent.ShouldBe(on ? "Each is read as that day alone." : "Spreadsheets keep “Jan-25” as 1 January; read as 1 to 31 January.");
        }
    }

    [Fact]
    public void Columns_SuggestionForAFreeField_IsOneClick()
    {
        var sheets = With(new FakeSheets());
        var page = Wizard("columns");

        page.Find("button.og-suggested").Click();

        sheets.Plans.ShouldHaveSingleItem().Columns.ShouldContain(new SheetColumnUse(0, SheetField.Reference));
    }

    [Fact]
    public void Columns_WhatNoColumnSays_IsSaidForTheWholeFile()
    {
        var plan = new SheetPlan { Columns = [new SheetColumnUse(3, SheetField.Quantity)] };
        var sheets = With(new FakeSheets { Draft = SampleSheets.Draft with { Plan = plan } });
        var page = Wizard("columns");

        page.FindAll(".og-sheet-fixed label").Select(label => label.TextContent).ShouldBe(["Site", "Activity type", "Unit", "Period", "Gas", "Quality", "Accrual", "Category", "Vendor", "Ledger account"]);
        page.Find("#fixed-Site").Change("Leeds office");
        page.Find("#fixed-Unit").Change(" kWh ");
        page.Find("#fixed-Unit").Change("");
        page.FindAll("#fixed-Category option").Select(option => option.TextContent).Take(3).ShouldBe(["As the activity type says", "1 Purchased goods and services", "2 Capital goods"]);
        page.Find("#fixed-Category").Change("7 Employee commuting");

        sheets.Plans.Select(changed => string.Join(", ", changed.Fixed.Select(pair => $"{pair.Key}={pair.Value}"))).ShouldBe(["Site=Leeds office", "Site=Leeds office, Unit=kWh", "Site=Leeds office", "Site=Leeds office, Category=7 Employee commuting"]);
    }

    [Fact]
    public void Columns_MonthsWithoutAYear_SayWhichTwelveTheyAre()
    {
        var sheets = With(new FakeSheets { Draft = SampleSheets.Draft with { MonthsWithoutYear = true, Plan = SampleSheets.Draft.Plan with { MonthsFrom = new DateOnly(2024, 4, 1) } } });
        var page = Wizard("columns");

        page.Find("#months-from").GetAttribute("value").ShouldBe("2024-04");
        page.Markup.ShouldContain("April 2024 to March 2025");
        page.Find("#months-from").Change("2025-01");
        page.Find("#months-from").Change("");

        sheets.Plans.Select(plan => plan.MonthsFrom).ShouldBe([new DateOnly(2025, 1, 1), null]);
    }

    [Fact]
    public void Columns_MonthsOfNoKnownYear_OfferTheReportingPeriods()
    {
        var question = new SheetQuestion("months-from", "The months of this file have no year.", null, [new SheetChoice("2025-01-01", "January 2025 to December 2025")]);
        var sheets = With(new FakeSheets { Draft = SampleSheets.Draft with { MonthsWithoutYear = true, Questions = [question] } });
        var page = Wizard("columns");

        Button(page, "January 2025 to December 2025").Click();

        sheets.Plans.ShouldHaveSingleItem().MonthsFrom.ShouldBe(new DateOnly(2025, 1, 1));
    }

    [Fact]
    public void Check_TypeThatCanBeTwo_IsNotOneClickAway()
    {
        SheetSuggestion Use(string type) => new($"Use {type}", new SheetFix(SheetFixKind.Replace, 5, "Rail", type));
        var rail = new SheetProblem(
            new SheetProblemKey("unknown-activity-type", 5, "Rail"), SheetField.ActivityType, "F, Medium", "Activity type not known", EntrySeverity.Error, "“Rail” is no activity type.", 2, [3],
            [Use("Freight: train"), Use("Journey by train")]);
        With(new FakeSheets { Check = SampleSheets.Done with { Problems = [rail] } });

        var page = Wizard("check");

        page.FindAll("[aria-label^='Apply to']").ShouldBeEmpty();
        page.Find(".og-problem-open").Click();
        page.FindAll(".og-problem-answer .og-actions button").Select(button => button.TextContent.Trim()).Take(2).ShouldBe(["Use Freight: train", "Use Journey by train"]);
    }

    [Fact]
    public void Columns_OfferCategoryVendorAndAccount()
    {
        var sheets = With(new FakeSheets());
        var page = Wizard("columns");

        page.FindAll(".is-mapping select")[6].QuerySelectorAll("option").Select(option => option.TextContent).Skip(11).Take(3).ShouldBe(
            ["Category, of Scope 3, 1 to 15", "Vendor, whom money went to", "Ledger account, where it was booked"]);
        page.FindAll(".is-mapping select")[6].Change("Category");
        page.FindAll(".is-mapping select")[0].Change("Vendor");
        page.FindAll(".is-mapping select")[5].Change("Account");

        sheets.Plans[^1].Columns.Select(use => (use.Column, use.Field)).ShouldBe(
            [(0, SheetField.Vendor), (1, SheetField.Site), (2, SheetField.From), (3, SheetField.Quantity), (4, SheetField.Unit), (5, SheetField.Account), (6, SheetField.Category)]);
        page.FindAll(".og-sheet-fixed label").Select(label => label.TextContent).ShouldNotContain("Vendor");
    }

    [Fact]
    public void Check_CategoryThatDoesNotFit_IsAnsweredForItsRowsAlone()
    {
        var problem = new SheetProblem(
            new SheetProblemKey("category-not-allowed", 6, "8"), SheetField.Category, "G, Notiz", "Category does not fit", EntrySeverity.Error, "Ferry, on foot cannot stand in category 8. Choose one of 6, 7, or leave it out.", 12, [3],
            [new SheetSuggestion("As the activity type says", new SheetFix(SheetFixKind.Replace, 6, "8", "", "category-not-allowed"))]);
        var sheets = With(new FakeSheets { Check = SampleSheets.Done with { Problems = [problem] } });

        var page = Wizard("check");

        page.FindAll("[aria-label^='Apply to']").ShouldBeEmpty("no click may lose what the file says");
        page.Find(".og-problem-open").Click();
        page.FindAll(".og-problem-form datalist option").Count.ShouldBe(15);
        page.Find(".og-problem-form input").Input("7 Employee commuting");
        page.Find(".og-problem-form").Submit();

        sheets.Fixes.ShouldBe([new SheetFix(SheetFixKind.Replace, 6, "8", "7 Employee commuting", "category-not-allowed", IsRemembered: true)]);
    }

    [Fact]
    public void Preview_EntryInNoTotal_SaysWhy()
    {
        var rows = SampleSheets.Rows.Select(row => row.Line == 118 ? row with { Notice = "Spending with this vendor is counted by its physical amount." } : row);
        With(new FakeSheets { Rows = [.. rows] });

        var page = Wizard("check");
        page.FindAll(".is-told").ShouldBeEmpty();
        page.Find("[aria-label='Note on row 118']").Click();

        page.Find(".is-told").TextContent.ShouldBe("Spending with this vendor is counted by its physical amount.");
    }

    [Fact]
    public void Columns_SeveralQuantities_SayWhatEachHolds()
    {
        var plan = new SheetPlan
        {
            Columns =
            [
                new SheetColumnUse(3, SheetField.Quantity, new Dictionary<SheetField, string> { [SheetField.Period] = "2025-01" }),
                new SheetColumnUse(4, SheetField.Quantity, new Dictionary<SheetField, string> { [SheetField.Period] = "2025-02" }),
            ],
        };
        var sheets = With(new FakeSheets { Draft = SampleSheets.Draft with { Plan = plan } });
        var page = Wizard("columns");

        page.Find("#with-4-Period").GetAttribute("value").ShouldBe("2025-02");
        page.FindAll(".og-sheet-fixed label").Select(label => label.TextContent).ShouldNotContain("Period");
        page.Find("#with-4-Unit").Change("MWh");

        sheets.Plans.ShouldHaveSingleItem().Columns[1].With!.ShouldBe(new Dictionary<SheetField, string> { [SheetField.Period] = "2025-02", [SheetField.Unit] = "MWh" });
    }

    [Fact]
    public void Check_ShowsCountsReasonsAndMarkedCells()
    {
        With(new FakeSheets());

        var page = Wizard("check");

        page.FindAll(".og-equation b").Select(figure => figure.TextContent).ShouldBe(["4,812", "4,655", "96", "38", "23"]);
        page.Find(".og-equation").TextContent.ShouldContain("Counts reconcile");
        page.Find(".og-problem-panel h2").TextContent.ShouldBe("3 reasons, 54 rows");
        page.FindAll(".og-problem-groups strong").Select(title => title.TextContent).ShouldBe(["Unit not known", "Days are entered already", "Site not known"]);
        page.Find("td.is-bad").TextContent.Trim().ShouldBe("MWH/h");
        page.Find(".og-bad-cell").GetAttribute("aria-label").ShouldBe("Row 120, column E, MWH/h: “MWH/h” is a power unit. The field needs energy (kWh, MWh, GJ).");
        page.Find(".is-sheet del").TextContent.ShouldBe("MWH/h");
        page.Find(".is-sheet ins").TextContent.ShouldBe("MWh");
        page.FindAll(".is-sheet thead strong").Select(name => name.TextContent).ShouldBe(["Not imported", "Site", "First day", "Quantity", "Unit", "Activity type", "Not imported"]);
        page.Find(".og-wizard-bar .is-primary").TextContent.ShouldBe("Continue with 4,655 rows");
        page.Find(".og-wizard-bar .og-note").TextContent.ShouldStartWith("16 rows stay in the rejected list");
    }

    [Fact]
    public void Check_SuggestionOfAReason_MendsAllItsRowsAndIsRemembered()
    {
        var sheets = With(new FakeSheets());
        var page = Wizard("check");

        page.Find("[aria-label='Apply to 9 rows: Use MWh']").Click();

        sheets.Fixes.ShouldBe([new SheetFix(SheetFixKind.Replace, 4, "MWH/h", "MWh", IsRemembered: true)]);
        page.Find(".og-fixes li span").TextContent.ShouldBe("Column E: “MWH/h” is read as “MWh”");
        page.Find(".og-fixes .og-icon-button").Click();
        sheets.Unfixes.ShouldBe(sheets.Fixes);
    }

    [Fact]
    public void Check_ReasonWithoutSuggestion_IsAnsweredByChoice()
    {
        var sheets = With(new FakeSheets());
        var page = Wizard("check");

        page.Find("[aria-label^='Review Site not known']").Click();
        sheets.Windows[^1].Problem.ShouldBe(SampleSheets.UnknownSite.Key);
        page.Find(".og-problem-answer .og-check input").Change(false);
        page.Find(".og-problem-form select").Change("Leeds office");
        page.Find(".og-problem-form").Submit();

        sheets.Fixes.ShouldBe([new SheetFix(SheetFixKind.Replace, 1, "GDN-02", "Leeds office")]);
    }

    [Fact]
    public void Check_Question_IsConfirmedOrLeftOut()
    {
        var sheets = With(new FakeSheets());
        var page = Wizard("check");

        page.FindAll(".og-problem-open")[1].Click();
        Button(page, "Right as it is").Click();
        Button(page, "Leave these 4 rows out").Click();

        sheets.Fixes.Select(fix => (fix.Kind, fix.Code, fix.IsRemembered)).ShouldBe([(SheetFixKind.Confirm, "overlapping-period", false), (SheetFixKind.LeaveOut, "overlapping-period", false)]);
    }

    [Fact]
    public void Check_MarkedCell_ExplainsItselfAndIsEditedAlone()
    {
        var sheets = With(new FakeSheets());
        var page = Wizard("check");
        page.FindAll(".is-why").ShouldBeEmpty();

        page.Find(".og-bad-cell").Click();
        page.Find(".is-why").TextContent.ShouldContain("Row 120, column E, “Einheit”:");
        Button(page, "Edit cell").Click();
        page.Find(".is-why input").Input("GJ");
        page.Find(".is-why form").Submit();
        Button(page, "Leave row out").Click();

        sheets.Fixes.ShouldBe([new SheetFix(SheetFixKind.Replace, 4, "MWH/h", "GJ", Line: 120), new SheetFix(SheetFixKind.LeaveOut, null, null, Line: 120)]);
    }

    [Fact]
    public void Check_HeldBackRows_AreAPageOfTheirOwn()
    {
        var sheets = With(new FakeSheets());
        var page = Wizard("check");

        page.FindAll(".og-switch label").Select(label => label.TextContent.Trim()).ShouldBe(["All 4,812", "Held back 54"]);
        page.FindAll(".og-switch input")[1].Change("on");
        sheets.Windows[^1].Filter.ShouldBe(SheetRowFilter.Faulty);
        page.Find(".is-why").TextContent.ShouldContain("Row 120");
        Button(page, "Show the rows around it").Click();

        sheets.Windows[^1].ShouldBe(new SheetWindow(SheetRowFilter.All, 0, 50, AroundLine: 120));
        page.FindAll(".is-sheet tbody tr:not(.is-why)").Count.ShouldBe(3);
    }

    [Fact]
    public void Check_ManyRows_ArePagedAndNeverAllThere()
    {
        var sheets = With(new FakeSheets { Rows = [.. Enumerable.Range(2, 130).Select(line => SampleSheets.Rows[0] with { Line = line })] });
        var page = Wizard("check");

        page.FindAll(".is-sheet tbody tr").Count.ShouldBe(50);
        Button(page, "Next").Click();
        Button(page, "Next").Click();

        sheets.Windows.Select(window => (window.Skip, window.Take)).ShouldBe([(0, 50), (50, 50), (100, 50)]);
        page.FindAll(".is-sheet tbody tr").Count.ShouldBe(30);
        page.Find(".og-sheet-preview .og-label").TextContent.ShouldBe("Preview, 101 to 130 of 130 rows");
        Button(page, "Next").HasAttribute("disabled").ShouldBeTrue();
    }

    [Fact]
    public void Check_Running_TellsProgressAndLoadsNothing()
    {
        var sheets = With(new FakeSheets { Check = SampleSheets.Running });
        var page = Wizard("check");

        page.Find(".og-equation").TextContent.ShouldContain("Checking, 52\u00a0%");
        page.Find(".og-sheet-progress [aria-live]").TextContent.ShouldBe("50 percent checked");
        page.Find(".og-wizard-bar .is-primary").HasAttribute("disabled").ShouldBeTrue();
        sheets.Check = SampleSheets.Done;

        page.WaitForAssertion(() => page.Find(".og-equation").TextContent.ShouldContain("Counts reconcile"), TimeSpan.FromSeconds(5));
        page.WaitForAssertion(() => page.Find(".og-wizard-bar .is-primary").HasAttribute("disabled").ShouldBeFalse());
    }

    [Fact]
    public void Check_SomebodyElseWasQuicker_SaysSoAndShowsTheirs()
    {
        var sheets = With(new FakeSheets { Refusal = new SheetChange.Stale(9) });
        var page = Wizard("check");
        sheets.Draft = SampleSheets.Draft with { Version = 9 };

        page.Find("[aria-label='Apply to 9 rows: Use MWh']").Click();
        page.Find("[role=alert]").TextContent.ShouldContain("Somebody else has changed");
        page.Find("[aria-label='Apply to 9 rows: Use MWh']").Click();

        sheets.Versions.ShouldBe([3, 9]);
        page.FindAll("[role=alert]").ShouldBeEmpty();
    }

    [Fact]
    public void Load_WithRejectedRows_OffersTheGoodOnesOrNothing()
    {
        var sheets = With(new FakeSheets());
        var page = Wizard("load");

        page.Find(".og-load h2").TextContent.ShouldBe("4,655 rows go into the ledger");
        page.FindAll(".og-load tbody .og-num").Select(figure => figure.TextContent).ShouldBe(["4,655", "96", "38", "7", "16"]);
        page.FindAll(".og-load .og-button").Select(button => button.TextContent.Trim()).ShouldBe(["Load 4,655 good rows", "Load nothing until all are good"]);
        page.Find(".og-load .is-primary").Click();

        sheets.Loads.ShouldBe([SheetLoadMode.Good]);
        Navigation.Uri.ShouldEndWith("/imports/" + SampleSheets.ImportId.ToString("D"));
    }

    [Fact]
    public void Load_AllGood_LoadsAll()
    {
        var sheets = With(new FakeSheets { Check = SampleSheets.Clean });
        var page = Wizard("load");

        Button(page, "Load 40 rows").Click();

        sheets.Loads.ShouldBe([SheetLoadMode.All]);
    }

    [Fact]
    public void Load_Refused_SaysWhy()
    {
        With(new FakeSheets { Load = new SheetLoad.Refused("Another file of this organization is being loaded.") });
        var page = Wizard("load");

        page.Find(".og-load .is-primary").Click();

        page.Find("[role=alert]").TextContent.ShouldContain("Another file of this organization");
    }

    [Fact]
    public void Receipt_OfASpreadsheet_SaysWhatCameIn()
    {
        var import = SampleImports.Done with { Kind = "activity-data", Batches = [], Cost = new Dictionary<string, decimal>() };
        With(new FakeImports(import));
        With(new FakeSheets
        {
            Receipt = new SheetReceipt(
                import, SampleSheets.Draft.Id, "Q4", SampleSheets.Done.Counts!, new DateOnly(2025, 10, 1), new DateOnly(2025, 12, 31), 4, 1_234_567m, 4655, 2, CanUndo: true, ["Q3", "Notes"]),
        });

        var page = Render<ImportDetailPage>(parameters => parameters.Add(detail => detail.Id, import.Id));

        page.Find("[aria-current=step]").TextContent.ShouldContain("Receipt");
        page.Find(".og-receipt h2").TextContent.ShouldBe("4,655 entries are in the ledger");
        page.Find(".og-receipt").TextContent.ShouldContain("1,234.567\u00a0t CO₂e, location-based; 2 rows without a result");
        page.Find(".og-receipt .is-primary").GetAttribute("href").ShouldBe("/activities?from=2025-10-01&to=2025-12-31");
        page.Find(".og-receipt dl").TextContent.ShouldContain("Sheets not loadedQ3, Notes");
        page.Find(".og-receipt dl a[href$='step=sheet']").TextContent.ShouldBe("Read another sheet");
        page.Find(".og-receipt [download]").GetAttribute("href").ShouldBe($"/app/imports/activity/{SampleSheets.Draft.Id:D}/annotated");
        page.Find(".og-equation").TextContent.ShouldContain("new entries");
        page.Markup.ShouldNotContain("billing month");
        Button(page, "Undo import").HasAttribute("disabled").ShouldBeFalse();
    }

    [Fact]
    public void Receipt_Undone_SaysThatNothingIsInTheLedger()
    {
        var import = SampleImports.Done with { Kind = "activity-data", Batches = [], Status = ImportStatus.Undone };
        With(new FakeImports(import));
        With(new FakeSheets { Receipt = new SheetReceipt(import, SampleSheets.Draft.Id, "", SampleSheets.Done.Counts!, null, null, 0, null, 0, 0, CanUndo: false, []) });

        var page = Render<ImportDetailPage>(parameters => parameters.Add(detail => detail.Id, import.Id));

        page.Find(".og-receipt h2").TextContent.ShouldBe("This import was undone; nothing of it is in the ledger");
        page.Find(".og-receipt").TextContent.ShouldContain("no data");
    }

    [Fact]
    public void Imports_FilesThatAreNotLoaded_AreListedForThoseWhoWrite()
    {
        With(new FakeImports(SampleImports.Done));
        With(new FakeSheets { Drafts = [SampleSheets.InList] });

        Render<ImportsPage>().Find(".is-drafts h2").TextContent.ShouldBe("One file is not loaded yet");
    }

    [Fact]
    public async Task DropZone_Spreadsheet_LeadsToItsDraft()
    {
        With(new FakeSheets());
        var zone = Render<DropZone>();
        await zone.Instance.OnStart("meters.xlsx", 100);

        await zone.Instance.OnAnswer(201, $$"""{"draftId":"{{SampleSheets.Draft.Id:D}}"}""");

        Navigation.Uri.ShouldEndWith("/imports/activity/" + SampleSheets.Draft.Id.ToString("D"));
    }

    [Theory]
    [InlineData("meters.csv", true)]
    [InlineData("bill.csv.gz", false)]
    public async Task DropZone_TableRefusedAsABill_CanBeReadAsActivityData(string fileName, bool offered)
    {
        With(new FakeSheets());
        var zone = Render<DropZone>();
        await zone.Instance.OnStart(fileName, 100);

        await zone.Instance.OnAnswer(422, """{"reason":"The headings are those of no cost report.","fix":"Send a cost report."}""");

        zone.FindAll(".og-message .og-button").Count.ShouldBe(offered ? 1 : 0);
    }

    private FakeSheets With(FakeSheets sheets)
    {
        Services.AddSingleton<ISheetImports>(sheets);
        Services.AddSingleton<IActivityEntryQueries>(new FakeActivities { Sites = [new SiteChoice(Guid.Empty, "Leeds office", "GB")] });
        return sheets;
    }

    private IRenderedComponent<SheetWizardPage> Wizard(string? step = null)
    {
        var address = WizardAddress.Of(SampleSheets.Draft.Id) + (step is null ? "" : "?step=" + step);
        Navigation.NavigateTo(address);
        return Render<SheetWizardPage>(parameters => parameters.Add(page => page.Id, SampleSheets.Draft.Id));
    }

    private static AngleSharp.Dom.IElement Button<T>(IRenderedComponent<T> page, string text)
        where T : IComponent => page.FindAll("button").First(button => button.TextContent.Trim().StartsWith(text, StringComparison.Ordinal));
}
