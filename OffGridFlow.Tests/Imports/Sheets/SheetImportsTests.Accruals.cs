using System.IO.Compression;
using OffGridFlow.Core.Imports;
using OffGridFlow.Core.Imports.Sheets;
using OffGridFlow.Infrastructure.Imports.Sheets;
using OffGridFlow.Tests.Identity;
using OffGridFlow.Tests.Imports.Sheets.Corpus;

namespace OffGridFlow.Tests.Imports.Sheets;

public sealed partial class SheetImportsTests
{
    private const string AccrualHead = "Site,Activity type,Quantity,Unit,Month,Accrual\n";

    [Fact]
    public async Task Accruals_OfAFile_LeaveWithTheActualsOfAnother()
    {
        await using var desk = await Desk.NewAsync(_app);
        var first = await desk.OpenAsync(AccrualHead + Month("2025-01", 1000, "Yes") + Month("2025-02", 900, "x") + Month("2025-03", 800, "no") + Month("2025-04", 700, ""), "accruals.csv");
        first.Plan.Columns.Single(use => use.Column == 5).Field.ShouldBe(SheetField.Accrual);
        (await desk.Sheets.ReadAsync(first.Id, new SheetWindow(SheetRowFilter.All, 0, 3), Stop))!.Rows.Select(row => row.Cells[5].ReadAs).ShouldBe([null, "Yes", "No"]);
        (await desk.EndedAsync(await desk.LoadAsync(first))).Status.ShouldBe(ImportStatus.Succeeded);
        (await AccrualsAsync(desk)).ShouldBe("2025-01 1000 Submitted true,2025-02 900 Submitted true,2025-03 800 Submitted false,2025-04 700 Submitted false");
        var all = await desk.KgAsync();

        var actual = await desk.EndedAsync(await desk.LoadAsync(await desk.OpenAsync(AccrualHead + Month("2025-01", 1200, "no"), "bill.csv")));

        actual.Status.ShouldBe(ImportStatus.Succeeded);
        (await AccrualsAsync(desk)).ShouldBe(
            "2025-01 1000 Excluded true,2025-01 1200 Submitted false,2025-02 900 Submitted true,2025-03 800 Submitted false,2025-04 700 Submitted false");
        // 3,400 kWh became 3,600.
        Math.Round(await desk.KgAsync() / all, 12).ShouldBe(Math.Round(3600m / 3400m, 12));
        (await _app.OwnerAsync<string>(
            "select reason || ' ' || (content ->> 'isAccrual') from activity_entry_versions where tenant_id = $1 and action = 'excluded'", desk.Client.Company.Tenant))
            .ShouldBe("The actual has arrived with bill.csv. true");
    }

    [Fact]
    public async Task Undo_OfTheActuals_BringsTheAccrualsBackAsTheyStood()
    {
        await using var desk = await Desk.NewAsync(_app);
        var accruals = await desk.LoadAsync(await desk.OpenAsync(AccrualHead + Month("2025-01", 1000, "yes") + Month("2025-02", 900, "yes") + Month("2025-03", 800, "yes") + Month("2025-04", 700, "yes"), "accruals.csv"));
        await desk.EndedAsync(accruals);
        // One is approved, and one a person takes out for a reason of their own: that stays.
        var approved = await AccrualAsync(desk, 1);
        await desk.Client.DoAsync(approved, "approve", by: await desk.Client.ColleagueAsync());
        var before = await desk.KgAsync();
        var bill = await desk.LoadAsync(await desk.OpenAsync(AccrualHead + Month("2025-01", 1200, "no") + Month("2025-02", 950, "no") + Month("2025-03", 850, "no"), "bill.csv"));
        await desk.EndedAsync(bill);
        (await AccrualsAsync(desk)).ShouldBe(
            "2025-01 1000 Excluded true,2025-01 1200 Submitted false,2025-02 900 Excluded true,2025-02 950 Submitted false,2025-03 800 Excluded true,2025-03 850 Submitted false,2025-04 700 Submitted true");
        // Of March somebody else has entered the actual, too: the accrual would count beside it.
        var third = await desk.Client.CreateAsync(desk.Client.Gas("2025-03-01", "2025-03-31", ("activityType", "electricity"), ("unit", "kWh"), ("quantity", 860m), ("reference", "E-3")));
        await desk.Client.DoAsync(third, "submit");

        var account = (await desk.Imports.PreviewUndoAsync(bill, Stop))!;
        (account.RowsOut, account.RowsBack).ShouldBe((3, 2));
        (await desk.Imports.UndoAsync(bill, Stop)).ShouldBeTrue();

        (await AccrualsAsync(desk)).ShouldBe(
            "2025-01 1000 Approved true,2025-01 1200 Excluded false,2025-02 900 Submitted true,2025-02 950 Excluded false,2025-03 800 Excluded true,2025-03 850 Excluded false,2025-03 860 Submitted false,2025-04 700 Submitted true");
        Math.Round(await desk.KgAsync() / before, 12).ShouldBe(Math.Round(3460m / 3400m, 12));
        (await desk.KgAsync()).ShouldBe(account.KgAfter);
        (await desk.Client.ActionsAsync(approved)).ShouldBe(["created", "approved", "excluded", "restored"]);
        (await _app.OwnerAsync<bool>(
            "select a.content = b.content from activity_entry_versions a join activity_entry_versions b on b.entry_id = a.entry_id where a.entry_id = $1 and a.version = 2 and b.version = 4", approved)).ShouldBeTrue();
        // The bill once more takes them out once more, and an accrual whose own import is gone stays gone.
        bill = await desk.LoadAsync(await desk.OpenAsync(AccrualHead + Month("2025-01", 1250, "no"), "bill2.csv"));
        await desk.EndedAsync(bill);
        (await desk.Imports.UndoAsync(accruals, Stop)).ShouldBeTrue();
        (await desk.Imports.UndoAsync(bill, Stop)).ShouldBeTrue();
        (await AccrualsAsync(desk))!.Split(',').Where(entry => entry.EndsWith("true", StringComparison.Ordinal)).ShouldAllBe(entry => entry.Contains("Excluded", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Accrual_BesideItsActualInOneFile_LeavesAsItComes()
    {
        await using var desk = await Desk.NewAsync(_app);
        var draft = await desk.OpenAsync(AccrualHead + Month("2025-01", 1200, "no") + Month("2025-01", 1200, "yes") + Month("2025-02", 900, "yes"));
        (await desk.Sheets.CheckAsync(draft.Id, Stop))!.Problems.ShouldBeEmpty();

        (await desk.EndedAsync(await desk.LoadAsync(draft, SheetLoadMode.All))).Loaded.ShouldBe(3);

        (await AccrualsAsync(desk)).ShouldBe("2025-01 1200 Submitted false,2025-01 1200 Excluded true,2025-02 900 Submitted true");
        (await desk.Sheets.FindAsync(draft.Id, Stop))!.State.ShouldBe(SheetDraftState.Loaded);
    }

    [Theory]
    [InlineData("2025-01-01,2025-01-31,no", "2025-01-01,2025-01-31,yes", "")]
    [InlineData("2025-01-01,2025-01-31,yes", "2025-01-01,2025-01-31,no", "")]
    [InlineData("2025-01-01,2025-01-31,yes", "2025-01-01,2025-01-31,yes", "overlapping-period 3")]
    [InlineData("2025-01-01,2025-01-31,yes", "2025-01-15,2025-02-14,no", "overlapping-period 3")]
    [InlineData("2025-01-15,2025-02-14,no", "2025-01-01,2025-01-31,yes", "overlapping-period 2")]
    [InlineData("2025-01-01,2025-01-31,yes", "2025-01-01,2025-01-15,no", "overlapping-period 2")]
    [InlineData("2025-01-01,2025-01-31,no", "2025-02-01,2025-02-28,yes", "")]
    public async Task Accrual_AndActualOfAFile_AreAskedAboutOnlyWhereTheirDaysDiffer(string first, string second, string expected)
    {
        await using var desk = await Desk.NewAsync(_app);
        var draft = await desk.OpenAsync($"Site,Activity type,Quantity,Unit,From,To,Accrual\nLeeds office,Electricity,100,kWh,{first}\nLeeds office,Electricity,90,kWh,{second}\n");

        string.Join(',', (await desk.Sheets.CheckAsync(draft.Id, Stop))!.Problems.Select(problem => FormattableString.Invariant($"{problem.Key.Code} {problem.FirstLines[0]}"))).ShouldBe(expected);
    }

    [Fact]
    public async Task Accrual_WhoseActualIsInTheLedger_IsAskedAbout()
    {
        await using var desk = await Desk.NewAsync(_app);
        await desk.EndedAsync(await desk.LoadAsync(await desk.OpenAsync(AccrualHead + Month("2025-01", 1000, ""))));

        var draft = await desk.OpenAsync(AccrualHead + Month("2025-01", 1000, "yes"), "late.csv");

        (await desk.Sheets.CheckAsync(draft.Id, Stop))!.Problems.Select(problem => problem.Key.Code).ShouldBe(["overlapping-period"]);
    }

    [Fact]
    public async Task Accrual_CellThatSaysNeither_IsRejectedUntilOneAnswerSaysWhatItMeans()
    {
        await using var desk = await Desk.NewAsync(_app);
        var draft = await desk.OpenAsync(AccrualHead + Month("2025-01", 1, "yes") + Month("2025-02", 2, "est.") + Month("2025-03", 3, "est."));
        var problem = (await desk.Sheets.CheckAsync(draft.Id, Stop))!.Problems.ShouldHaveSingleItem();
        (problem.Key, problem.Title, problem.Rows).ShouldBe((new SheetProblemKey("unknown-accrual", 5, "est."), "Neither yes nor no", 2));
        problem.Message.ShouldStartWith("“est.” says neither yes nor no.");
        var output = new MemoryStream();
        await desk.Sheets.WriteAnnotatedAsync(draft.Id, output, Stop);
        using var zip = new ZipArchive(output, ZipArchiveMode.Read);
        zip.Entries.Select(entry => new StreamReader(entry.Open()).ReadToEnd()).ShouldContain(part => part.Contains("F: “est.” says neither yes nor no.", StringComparison.Ordinal));

        var mended = (await desk.Sheets.FixAsync(draft.Id, draft.Version, new SheetFix(SheetFixKind.Replace, 5, "est.", "Yes"), Stop)).ShouldBeOfType<SheetChange.Changed>().Draft;

        await desk.EndedAsync(await desk.LoadAsync(mended, SheetLoadMode.All));
        (await AccrualsAsync(desk)).ShouldBe("2025-01 1 Submitted true,2025-02 2 Submitted true,2025-03 3 Submitted true");
    }

    [Fact]
    public async Task Accruals_OfAWorkbook_AreTrueOrFalseOrSaidForTheWholeFile()
    {
        await using var desk = await Desk.NewAsync(_app);
        var truth = new Xml("<c r=\"@\" t=\"b\"><v>1</v></c>");
        var book = new BookBuilder().Sheet("A", BookBuilder.Rows(
            ["Site", "Activity type", "Quantity", "Unit", "Month", "Abgrenzung"], ["Leeds office", "Electricity", 10, "kWh", "2025-01", truth],
            ["Leeds office", "Electricity", 20, "kWh", "2025-02", new Xml("<c r=\"@\" t=\"b\"><v>0</v></c>")], ["Leeds office", "Electricity", 30, "kWh", "2025-03", 1])).ToBytes();
        await desk.EndedAsync(await desk.LoadAsync(await desk.OpenAsync(book, "truths.xlsx"), SheetLoadMode.All));
        (await AccrualsAsync(desk)).ShouldBe("2025-01 10 Submitted true,2025-02 20 Submitted false,2025-03 30 Submitted true");

        var whole = await desk.OpenAsync("Site,Activity type,Quantity,Unit,Month\nLeeds office,Electricity,40,kWh,2025-04\n");
        var said = (await desk.Sheets.ChangeAsync(whole.Id, whole.Version, whole.Plan with { Fixed = new Dictionary<SheetField, string> { [SheetField.Accrual] = "Yes" } }, Stop))
            .ShouldBeOfType<SheetChange.Changed>().Draft;
        await desk.EndedAsync(await desk.LoadAsync(said, SheetLoadMode.All));

        (await AccrualsAsync(desk)).ShouldEndWith("2025-04 40 Submitted true");
    }

    [Fact]
    public async Task Accruals_UnderAHeadingThatSaysNothing_AreNotSuggested()
    {
        await using var desk = await Desk.NewAsync(_app);

        var draft = await desk.OpenAsync("Site,Activity type,Quantity,Unit,Month,Checked\nLeeds office,Electricity,40,kWh,2025-04,yes\n");

        draft.Plan.Columns.ShouldNotContain(use => use.Field == SheetField.Accrual);
    }

    private async Task<Guid> AccrualAsync(Desk desk, int month) => await _app.OwnerAsync<Guid>(
        "select id from activity_entries where tenant_id = $1 and is_accrual and extract(month from period_start) = $2", desk.Client.Company.Tenant, month);

    private static string Month(string month, int quantity, string accrual) => FormattableString.Invariant($"Leeds office,Electricity,{quantity},kWh,{month},{accrual}\n");

    /// <summary>Month, quantity, status and whether it is an accrual, in the order of months and lines.</summary>
    private Task<string?> AccrualsAsync(Desk desk) => _app.OwnerAsync<string>(
        """
        select string_agg(to_char(period_start, 'YYYY-MM') || ' ' || trim_scale(quantity) || ' ' || status || ' ' || is_accrual, ',' order by period_start, import_id nulls last, source_line)
        from activity_entries where tenant_id = $1
        """,
        desk.Client.Company.Tenant);
}
