using System.Globalization;
using System.IO.Compression;
using System.Net;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using OffGridFlow.Core.Identity;
using OffGridFlow.Core.Imports;
using OffGridFlow.Core.Imports.Sheets;
using OffGridFlow.Core.Inventory;
using OffGridFlow.Infrastructure.Imports;
using OffGridFlow.Infrastructure.Imports.Sheets;
using OffGridFlow.Infrastructure.Imports.Sheets.Interpreting;
using OffGridFlow.Tests.ActivityData;
using OffGridFlow.Tests.Identity;
using OffGridFlow.Tests.Imports.Sheets.Corpus;

namespace OffGridFlow.Tests.Imports.Sheets;

/// <summary>The way of a spreadsheet from its upload to the totals and out of them again, on a real database.</summary>
public sealed partial class SheetImportsTests(SharedApp shared) : IClassFixture<SharedApp>
{
    private const string Head = "Site,Activity type,Quantity,Unit,From,To,Reference\n";
    private readonly TestApp _app = shared.App;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Load_OfGoodAndBadRows_ReconcilesAndReachesTheTrail()
    {
        await using var desk = await Desk.NewAsync(_app);
        var draft = await desk.OpenAsync(Head + Row("2025-01", 1000) + Row("2025-02", 900) + Row("2025-02", 900) + Row("2025-03", -5) + "Leads,Electricity,7,kWh,2025-04-01,2025-04-30,E-1\n");

        var check = (await desk.Sheets.CheckAsync(draft.Id, Stop))!;
        check.State.ShouldBe(SheetCheckState.Done);
        check.Counts.ShouldBe(new SheetCounts(5, 2, 0, 1, 2, 0, 0, 0));
        check.Problems.Select(problem => problem.Key.Code).ShouldBe(["duplicate-row", "negative-quantity", "unknown-site"], ignoreOrder: true);
        var id = await desk.LoadAsync(draft);

        var import = await desk.EndedAsync(id);
        (import.Status, import.RowsRead, import.Loaded, import.Unchanged, import.Duplicate, import.Rejected).ShouldBe((ImportStatus.CompletedWithErrors, 5, 2, 0, 1, 2));
        var rejected = await desk.Imports.ListRejectedAsync(id, 0, 10, Stop);
        rejected.Rows.Select(row => (row.Line, row.Column, row.Value)).ShouldBe([(5, "Quantity", "-5"), (6, "Site", "Leads")]);
        var receipt = (await desk.Sheets.FindReceiptAsync(id, Stop))!;
        (receipt.From, receipt.To, receipt.Sites, receipt.Submitted, receipt.CanUndo).ShouldBe((new DateOnly(2025, 1, 1), new DateOnly(2025, 2, 28), 1, 2, true));
        receipt.KgCo2e.GetValueOrDefault().ShouldBeGreaterThan(0);
        var emissions = (await desk.Client.SendAsync(HttpMethod.Get, "emissions?from=2025-01-01&to=2025-01-31")).Body.GetProperty("items");
        var trail = (await desk.Client.SendAsync(HttpMethod.Get, $"emissions/{emissions[0].GetProperty("id").GetGuid()}/trail")).Body;
        var document = trail.GetProperty("documents")[0];
        (document.Text("fileName"), document.Text("sha256"), document.GetProperty("lines")[0].Long("number")).ShouldBe(("meters.csv", draft.Sha256, 2));
    }

    [Fact]
    public async Task Undo_TakesTheEntriesOut_AndTheFileCanBeLoadedAgain()
    {
        await using var desk = await Desk.NewAsync(_app);
        var draft = await desk.OpenAsync("Site,Activity type,Quantity,Unit,From,To,External id\nLeeds office,Electricity,1000,kWh,2025-01-01,2025-01-31,X-1\n");
        var id = await desk.LoadAsync(draft);
        await desk.EndedAsync(id);
        (await desk.KgAsync()).ShouldBeGreaterThan(0);

        var account = (await desk.Imports.PreviewUndoAsync(id, Stop))!;
        (account.RowsOut, account.KgAfter).ShouldBe((1, 0m));
        (await desk.KgAsync()).ShouldBeGreaterThan(0, "a preview changes nothing");
        (await desk.Imports.UndoAsync(id, Stop)).ShouldBeTrue();

        (await desk.KgAsync()).ShouldBe(0);
        (await desk.Imports.UndoAsync(id, Stop)).ShouldBeFalse();
        (await desk.Imports.FindAsync(id, Stop))!.Status.ShouldBe(ImportStatus.Undone);
        var again = await desk.LoadAsync((await desk.Sheets.FindAsync(draft.Id, Stop))!);
        (await desk.EndedAsync(again)).Loaded.ShouldBe(1);
        (await desk.KgAsync()).ShouldBe(account.KgBefore);
    }

    [Fact]
    public async Task RowsOfALockedPeriod_AreBadRows_AndAnImportOfThemIsNotUndone()
    {
        await using var desk = await Desk.NewAsync(_app);
        var loaded = await desk.LoadAsync(await desk.OpenAsync(Head + Row("2025-01", 1000)));
        (await desk.EndedAsync(loaded)).Loaded.ShouldBe(1);
        await _app.OwnerAsync<int>(
            """
            with made as (insert into reporting_periods (id, tenant_id, name, first_day, last_day, state, version) values (new_id(), $1, 'FY2025', '2025-01-01', '2025-12-31', 'Locked', 1) returning 1)
            select count(*)::int from made
            """,
            desk.Client.Company.Tenant);

        var draft = await desk.OpenAsync(Head + Row("2025-01", 700) + Row("2025-02", 900) + Row("2026-01", 800));
        var check = (await desk.Sheets.CheckAsync(draft.Id, Stop))!;
        (check.Counts!.Load, check.Counts.Rejected).ShouldBe((1, 2));
        check.Problems.Select(problem => (problem.Key.Code, problem.Rows)).ShouldBe([("period-locked", 2)]);
        var import = await desk.EndedAsync(await desk.LoadAsync(draft));
        (import.Status, import.Loaded, import.Rejected).ShouldBe((ImportStatus.CompletedWithErrors, 1, 2));
        (await desk.Imports.ListRejectedAsync(import.Id, 0, 10, Stop)).Rows[0].Reason.ShouldContain("is locked");
        (await Should.ThrowAsync<PeriodLockedException>(() => desk.Imports.UndoAsync(loaded, Stop))).Message.ShouldStartWith("FY2025 is locked");
    }

    [Fact]
    public async Task Registers_OfAMeterSideBySide_AreOneMeterAndNotAskedAbout()
    {
        await using var desk = await Desk.NewAsync(_app);
        const string head = "Site,Activity type,Month,Meter,Day (kWh),Night (kWh)\n";
        var draft = await desk.OpenAsync(head + "Leeds office,Electricity,2025-01,M1,10,20\nLeeds office,Electricity,2025-02,M1,30,30\nLeeds office,Electricity,2025-03,M1,40,x\n");

        (await desk.Sheets.CheckAsync(draft.Id, Stop))!.Problems.Select(problem => problem.Key.Code).ShouldBe(["not-a-number"]);
        (await desk.EndedAsync(await desk.LoadAsync(draft))).Loaded.ShouldBe(5);
        // The other register of a row that was loaded in part is no second entry of its days; another file with these days is.
        var open = (await desk.Sheets.FindAsync(draft.Id, Stop))!;
        var mended = (await desk.Sheets.FixAsync(draft.Id, open.Version, new SheetFix(SheetFixKind.Replace, 5, "x", "50"), Stop)).ShouldBeOfType<SheetChange.Changed>().Draft;
        (await desk.Sheets.CheckAsync(draft.Id, Stop))!.Problems.ShouldBeEmpty();
        (await desk.EndedAsync(await desk.LoadAsync(mended))).Loaded.ShouldBe(1);
        var other = await desk.OpenAsync(head + "Leeds office,Electricity,2025-01,M1,11,21\nLeeds office,Electricity,2025-04,M1,1,2\nLeeds office,Electricity,2025-04,M1,3,4\n", "other.csv");

        (await desk.Sheets.CheckAsync(other.Id, Stop))!.Problems.Select(problem => (problem.Key.Code, problem.Rows)).ShouldBe([("overlapping-period", 4L)]);
    }

    [Fact]
    public async Task FirstDaysUnderMonths_AreMonthsUntilSomebodySaysThatTheyAreDays()
    {
        await using var desk = await Desk.NewAsync(_app);
        var draft = await desk.OpenAsync("Site,Activity type,Quantity,Unit,Month\nLeeds office,Electricity,10,kWh,2025-01-01\nLeeds office,Electricity,20,kWh,2025-02-01\n");
        draft.Headings[4].FirstDays.ShouldBe(SheetFirstDays.Months);
        async Task<IEnumerable<string?>> ReadAsAsync() => (await desk.Sheets.ReadAsync(draft.Id, new SheetWindow(SheetRowFilter.All, 0, 2), Stop))!.Rows.Select(row => row.Cells[4].ReadAs);
        (await ReadAsAsync()).ShouldBe(["2025-01-01 to 2025-01-31", "2025-02-01 to 2025-02-28"]);

        var days = draft.Plan with { Columns = [.. draft.Plan.Columns.Select(use => use.Field == SheetField.Period ? use with { With = null } : use)] };
        (await desk.Sheets.ChangeAsync(draft.Id, draft.Version, days, Stop)).ShouldBeOfType<SheetChange.Changed>().Draft.Headings[4].FirstDays.ShouldBe(SheetFirstDays.Months);

        (await ReadAsAsync()).ShouldBe([null, null]);
        (await desk.Sheets.CheckAsync(draft.Id, Stop))!.Counts!.Load.ShouldBe(2);
    }

    [Fact]
    public async Task Fix_ForManyRows_MendsThemAllAndIsRememberedForTheNextFile()
    {
        await using var desk = await Desk.NewAsync(_app);
        var draft = await desk.OpenAsync(Head + string.Concat(Enumerable.Range(1, 9).Select(month => Row(string.Create(CultureInfo.InvariantCulture, $"2025-0{month}"), 10 + month).Replace("Leeds office", "Werk 1", StringComparison.Ordinal))));
        var problem = (await desk.Sheets.CheckAsync(draft.Id, Stop))!.Problems.ShouldHaveSingleItem();
        (problem.Key, problem.Rows, problem.FirstLines[0]).ShouldBe((new SheetProblemKey("unknown-site", 0, "Werk 1"), 9, 2));

        var changed = (await desk.Sheets.FixAsync(draft.Id, draft.Version, new SheetFix(SheetFixKind.Replace, 0, "Werk 1", "Leeds office", IsRemembered: true), Stop))
            .ShouldBeOfType<SheetChange.Changed>().Draft;

        (await desk.Sheets.CheckAsync(draft.Id, Stop))!.Counts.ShouldBe(new SheetCounts(9, 9, 0, 0, 0, 9, 0, 0));
        (await desk.Sheets.FixAsync(draft.Id, draft.Version, new SheetFix(SheetFixKind.LeaveOut, 0, "Werk 1"), Stop)).ShouldBe(new SheetChange.Stale(changed.Version));
        var page = (await desk.Sheets.ReadAsync(draft.Id, new SheetWindow(SheetRowFilter.All, 0, 3), Stop))!;
        page.Rows[0].Cells[0].ShouldBe(new SheetCellView("Werk 1", "Leeds office", IsFixed: true));
        page.Rows[0].Outcome.ShouldBe(SheetRowOutcome.Fixed);
        await desk.EndedAsync(await desk.LoadAsync(changed));

        var next = await desk.OpenAsync(Head + Row("2025-10", 50).Replace("Leeds office", "Werk 1", StringComparison.Ordinal), "next.csv");
        (next.Memory!.FromFile, next.Plan.Fixes.Count).ShouldBe(("meters.csv", 1));
        (await desk.Sheets.CheckAsync(next.Id, Stop))!.Counts!.Load.ShouldBe(1);
    }

    [Fact]
    public async Task Questions_OfTheWholeFile_AreAnsweredOnceOrHoldBackTheirRows()
    {
        await using var desk = await Desk.NewAsync(_app);
        // Four usual months, one that is a hundred times as much, and one whose days overlap.
        var draft = await desk.OpenAsync(Head + Row("2025-01", 1000) + Row("2025-02", 900) + Row("2025-03", 1100) + Row("2025-04", 1000) + Row("2025-05", 100_000) + Row("2025-05", 7));
        var check = (await desk.Sheets.CheckAsync(draft.Id, Stop))!;
        check.Problems.Select(problem => (problem.Key.Code, problem.Rows)).ShouldBe([("unusual-quantity", 1), ("overlapping-period", 1)], ignoreOrder: true);
        (await desk.Sheets.LoadAsync(draft.Id, draft.Version, SheetLoadMode.All, Stop)).ShouldBeOfType<SheetLoad.Refused>().Reason.ShouldStartWith("2 of 6 rows are not right yet");

        foreach (var code in new[] { "unusual-quantity", "overlapping-period" })
        {
            draft = (await desk.Sheets.FixAsync(draft.Id, draft.Version, new SheetFix(SheetFixKind.Confirm, null, null, null, code), Stop)).ShouldBeOfType<SheetChange.Changed>().Draft;
        }

        (await desk.Sheets.CheckAsync(draft.Id, Stop))!.Counts.ShouldBe(new SheetCounts(6, 6, 0, 0, 0, 2, 0, 0));
        var id = await desk.LoadAsync(draft, SheetLoadMode.All);
        (await desk.EndedAsync(id)).Status.ShouldBe(ImportStatus.Succeeded);
        var confirmed = await _app.OwnerAsync<string>("select string_agg(v.content ->> 'confirmed', ',' order by e.source_line) from activity_entries e join activity_entry_versions v on v.entry_id = e.id where e.import_id = $1 and cardinality(e.confirmed) > 0", id);
        confirmed.ShouldBe("unusual-quantity,overlapping-period");
    }

    [Fact]
    public async Task Load_AfterTheRestWasMended_LeavesWhatIsThereUnchanged()
    {
        await using var desk = await Desk.NewAsync(_app);
        var draft = await desk.OpenAsync(Head + Row("2025-01", 1000) + Row("2025-02", 900).Replace("kWh", "kHw", StringComparison.Ordinal));
        (await desk.EndedAsync(await desk.LoadAsync(draft))).Rejected.ShouldBe(1);
        var again = (await desk.Sheets.OpenAsync(new MemoryStream(desk.Last), "meters.csv", Stop)).ShouldBeOfType<SheetOpening.ExistingImport>();
        again.DraftId.ShouldBe(draft.Id);

        var open = (await desk.Sheets.FindAsync(draft.Id, Stop))!;
        open.State.ShouldBe(SheetDraftState.Loaded);
        var mended = (await desk.Sheets.FixAsync(draft.Id, open.Version, new SheetFix(SheetFixKind.Replace, 3, "kHw", "kWh"), Stop)).ShouldBeOfType<SheetChange.Changed>().Draft;
        mended.State.ShouldBe(SheetDraftState.Open);
        var second = await desk.EndedAsync(await desk.LoadAsync(mended));

        (second.RowsRead, second.Loaded, second.Unchanged, second.Rejected).ShouldBe((2, 1, 1, 0));
    }

    [Fact]
    public async Task Load_OfTextsThatNoDatabaseHolds_RejectsTheirRowsAlone()
    {
        await using var desk = await Desk.NewAsync(_app);
        var cut = new string('x', SheetInterpreter.LongestShown - 1) + "\U0001F600";
        var book = new BookBuilder().Sheet("A", BookBuilder.Rows(
            ["Site", "Activity type", "Quantity", "Unit", "Month"], ["Leeds office", "Electricity", 10, "kWh", "2025-01"], [cut, "Electricity", 11, "kWh", "2025-01"],
            [new Xml("<c r=\"@\" t=\"str\"><v>_x0000__xD83D_</v></c>"), "Electricity", 12, "kWh", "2025-01"])).ToBytes();
        var draft = await desk.OpenAsync(book, "hostile.xlsx");
        (await desk.Sheets.CheckAsync(draft.Id, Stop))!.Counts!.Rejected.ShouldBe(2);

        var import = await desk.EndedAsync(await desk.LoadAsync(draft));

        import.Loaded.ShouldBe(1);
        (await desk.Imports.ListRejectedAsync(import.Id, 0, 10, Stop)).Rows.Select(row => row.Value).ShouldBe([cut[..^2], "\uFFFD\uFFFD"]);
    }

    [Fact]
    public async Task LargeFile_IsCheckedByAJob_AndACancelledLoadLeavesNothing()
    {
        await using var desk = await Desk.NewAsync(_app);
        var text = new StringBuilder(Head);
        for (var row = 0; row < 32_000; row++)
        {
            text.Append(Row(string.Create(CultureInfo.InvariantCulture, $"2024-{(row % 12) + 1:D2}"), row % 500).Replace("R-", string.Create(CultureInfo.InvariantCulture, $"METER-{row / 12:D6}"), StringComparison.Ordinal));
        }

        var draft = await desk.OpenAsync(text.ToString());
        (await desk.Sheets.CheckAsync(draft.Id, Stop))!.State.ShouldBe(SheetCheckState.Running);
        await Eventually.BeAsync(async () => (await desk.Sheets.CheckAsync(draft.Id, Stop))!.State == SheetCheckState.Done, "the end of the check", 60);
        (await desk.Sheets.CheckAsync(draft.Id, Stop))!.Counts.ShouldBe(new SheetCounts(32_000, 32_000, 0, 0, 0, 0, 0, 0));

        var id = await desk.LoadAsync(draft);
        (await desk.Sheets.LoadAsync(draft.Id, draft.Version, SheetLoadMode.Good, Stop)).ShouldBe(new SheetLoad.Accepted(id));
        (await desk.Imports.CancelAsync(id, Stop)).ShouldBeTrue();

        await Eventually.BeAsync(async () => (await desk.Imports.FindAsync(id, Stop))!.Status == ImportStatus.Cancelled, "the end of the load", 60);
        (await _app.OwnerAsync<long>("select count(*) from activity_entries where import_id = $1", id)).ShouldBe(0);
        (await desk.Sheets.FindAsync(draft.Id, Stop))!.State.ShouldBe(SheetDraftState.Open);
    }

    [Fact]
    public async Task Peek_AndWindow_ShowRowsAsTheyStandAroundALine()
    {
        await using var desk = await Desk.NewAsync(_app);
        var draft = await desk.OpenAsync(Head + string.Concat(Enumerable.Range(1, 60).Select(i => Row("2025-01", i).Replace("R-", string.Create(CultureInfo.InvariantCulture, $"R{i}-"), StringComparison.Ordinal))) + Row("2025-02", -1));

        (await desk.Sheets.PeekAsync(draft.Id, 0, Stop))![0].Cells.Take(2).ShouldBe(["Site", "Activity type"]);
        var around = (await desk.Sheets.ReadAsync(draft.Id, new SheetWindow(SheetRowFilter.All, 0, 10, AroundLine: 40), Stop))!;
        around.Rows.Select(row => row.Line).ShouldBe([35, 36, 37, 38, 39, 40, 41, 42, 43, 44]);
        (around.Skip, around.HasMore).ShouldBe((33, true));
        var faulty = (await desk.Sheets.ReadAsync(draft.Id, new SheetWindow(SheetRowFilter.Faulty, 0, 10), Stop))!;
        var row = faulty.Rows.ShouldHaveSingleItem();
        (row.Line, row.Outcome, row.Faults[0].Code, row.Faults[0].Column).ShouldBe((62, SheetRowOutcome.Rejected, "negative-quantity", 2));
    }

    [Fact]
    public async Task Annotated_OfAFileWithFormulas_KeepsThemAsText()
    {
        await using var desk = await Desk.NewAsync(_app);
        var draft = await desk.OpenAsync("Site,Activity type,Quantity,Unit,From,To,Note\nLeeds office,Electricity,5-,kWh,2025-01-01,2025-01-31,=cmd|' /C calc'!A0\n");
        await desk.Sheets.CheckAsync(draft.Id, Stop);
        var output = new MemoryStream();

        await desk.Sheets.WriteAnnotatedAsync(draft.Id, output, Stop);

        using var zip = new ZipArchive(output, ZipArchiveMode.Read);
        var parts = zip.Entries.Where(entry => entry.FullName.EndsWith(".xml", StringComparison.Ordinal)).ToDictionary(entry => entry.FullName, entry => new StreamReader(entry.Open()).ReadToEnd());
        parts.Values.ShouldContain(part => part.Contains("=cmd|", StringComparison.Ordinal));
        parts.Values.ShouldContain(part => part.Contains("A quantity is zero or more", StringComparison.Ordinal));
        parts.Where(part => part.Key.Contains("worksheets", StringComparison.Ordinal)).ShouldAllBe(part => !part.Value.Contains("<f>", StringComparison.Ordinal) && !part.Value.Contains("<x:f>", StringComparison.Ordinal));
        (await desk.Sheets.DescribeAnnotatedAsync(draft.Id, Stop))!.FileName.ShouldBe("meters-annotated.xlsx");
    }

    [Fact]
    public async Task Change_ToAnotherSheetAndBack_SuggestsItsColumns()
    {
        await using var desk = await Desk.NewAsync(_app);
        var book = new BookBuilder()
            .Sheet("Power", BookBuilder.Rows(["Site", "Activity type", "Quantity", "Unit", "Month"], ["Leeds office", "Electricity", 10, "kWh", "2025-01"]))
            .Sheet("Wide", BookBuilder.Rows(["Site", "Activity type", "Unit", "Jan 2025", "Feb 2025"], ["Leeds office", "Electricity", "kWh", 1, 2])).ToBytes();
        var draft = await desk.OpenAsync(book, "book.xlsx");
        draft.Sheets.Select(sheet => sheet.Name).ShouldBe(["Power", "Wide"]);

        var other = (await desk.Sheets.ChangeAsync(draft.Id, draft.Version, draft.Plan with { Sheet = 1 }, Stop)).ShouldBeOfType<SheetChange.Changed>().Draft;

        other.Plan.Columns.Count(use => use.Field == SheetField.Quantity).ShouldBe(2);
        (await desk.Sheets.CheckAsync(draft.Id, Stop))!.Counts!.Load.ShouldBe(2);
        (await desk.Sheets.ChangeAsync(draft.Id, other.Version, other.Plan with { Culture = "xx" }, Stop)).ShouldBeOfType<SheetChange.Refused>();
        var import = await desk.EndedAsync(await desk.LoadAsync(other));
        import.Loaded.ShouldBe(2);
        (await _app.OwnerAsync<string>("select string_agg(source_sheet || ' ' || source_line || ' ' || source_column, ',' order by source_column) from activity_entries where import_id = $1", import.Id))
            .ShouldBe("Wide 2 3,Wide 2 4");
    }

    [Fact]
    public async Task Open_HeadingsInTwoRows_NameTheTypeAboveTheUnit()
    {
        await using var desk = await Desk.NewAsync(_app);
        var book = new BookBuilder().Sheet(
            "Readings", BookBuilder.Rows(["Site", "Month", "Natural gas", ""], ["", "", "Volume (m3)", "Meter"], ["Leeds office", "2025-01", 1200, "G-1"], ["Leeds office", "2025-02", 1100, "G-1"]),
            """<mergeCells count="3"><mergeCell ref="A1:A2"/><mergeCell ref="B1:B2"/><mergeCell ref="C1:D1"/></mergeCells>""").ToBytes();

        var draft = await desk.OpenAsync(book, "gas.xlsx");

        draft.Questions.ShouldBeEmpty();
        var quantity = draft.Plan.Columns.Single(use => use.Field == SheetField.Quantity);
        (quantity.Column, quantity.With![SheetField.ActivityType], quantity.With[SheetField.Unit]).ShouldBe((2, "natural-gas", "m3"));
        (await desk.Sheets.CheckAsync(draft.Id, Stop))!.Counts!.Load.ShouldBe(2);
    }

    [Fact]
    public async Task Load_FirstDaysUnderMonth_StandForTheirMonths()
    {
        await using var desk = await Desk.NewAsync(_app);
        var draft = await desk.OpenAsync(
            "Site,Activity type,Quantity,Unit,Month\nLeeds office,Electricity,10,kWh,2025-01-01\nLeeds office,Electricity,20,kWh,2025-02-01\n");

        var import = await desk.EndedAsync(await desk.LoadAsync(draft));

        (await _app.OwnerAsync<string>("select string_agg(period_start || ' ' || period_end, ',' order by period_start) from activity_entries where import_id = $1", import.Id))
            .ShouldBe("2025-01-01 2025-01-31,2025-02-01 2025-02-28");
    }

    [Fact]
    public async Task Window_OfAWideRow_SaysOnceWhatEachOfItsValuesFinds()
    {
        await using var desk = await Desk.NewAsync(_app);
        var draft = await desk.OpenAsync("Site,Activity type,Unit,Jan 2025,Feb 2025\nLeeds office,Electricity,kWh,10,20\nTotal,,,10,20\n");
        (await desk.Sheets.CheckAsync(draft.Id, Stop))!.Counts.ShouldBe(new SheetCounts(4, 2, 0, 0, 2, 0, 0, 0));

        var page = (await desk.Sheets.ReadAsync(draft.Id, new SheetWindow(SheetRowFilter.Faulty, 0, 10), Stop))!;

        page.Rows.ShouldHaveSingleItem().Faults.ShouldHaveSingleItem().Code.ShouldBe("total-row");
    }

    [Fact]
    public async Task Fix_OfAUnitThatAHeadingSays_HoldsForThatUnitAlone()
    {
        await using var desk = await Desk.NewAsync(_app);
        var draft = await desk.OpenAsync(
            "Site,Activity type,Distance (km),From,To\nLeeds office,\"Short-haul flight, economy\",714,2025-01-14,2025-01-14\nLeeds office,\"Journey by average car, petrol\",30,2025-01-15,2025-01-15\n");
        var problem = (await desk.Sheets.CheckAsync(draft.Id, Stop))!.Problems.ShouldHaveSingleItem();
        (problem.Key, problem.Rows).ShouldBe((new SheetProblemKey("unit-of-another-group", null, "km"), 1));
        (await desk.Sheets.ReadAsync(draft.Id, new SheetWindow(SheetRowFilter.Faulty, 0, 10, Problem: problem.Key), Stop))!.Rows.ShouldHaveSingleItem().Line.ShouldBe(2);
        var use = problem.Suggestions.Single(suggestion => suggestion.Label == "Use passenger.km").Fix;

        draft = (await desk.Sheets.FixAsync(draft.Id, draft.Version, use with { Value = "mi" }, Stop)).ShouldBeOfType<SheetChange.Changed>().Draft;
        (await desk.Sheets.CheckAsync(draft.Id, Stop))!.Counts!.Load.ShouldBe(1, "an answer about miles says nothing of kilometers");
        draft = (await desk.Sheets.FixAsync(draft.Id, draft.Version, use, Stop)).ShouldBeOfType<SheetChange.Changed>().Draft;

        (await desk.Sheets.CheckAsync(draft.Id, Stop))!.Counts.ShouldBe(new SheetCounts(2, 2, 0, 0, 0, 1, 0, 0));
        var import = await desk.EndedAsync(await desk.LoadAsync(draft));
        (await _app.OwnerAsync<string>("select string_agg(quantity::float8 || ' ' || unit, ',' order by source_line) from activity_entries where import_id = $1", import.Id)).ShouldBe("714 passenger.km,30 km");
    }

    [Theory]
    [InlineData("Natural gas", "MWh Hi", "MWh (Net CV)")]
    [InlineData("Natural gas", "kWh (Ho)", "kWh (Gross CV)")]
    [InlineData("Waste: scrap metal, recycled in a closed loop", "to", "t")]
    [InlineData("Waste: scrap metal, recycled in a closed loop", "Tonnen", "t")]
    public async Task Check_UnitAsTradesWriteIt_OffersWhatItMeans(string type, string unit, string offered)
    {
        await using var desk = await Desk.NewAsync(_app);
        var draft = await desk.OpenAsync($"Site,Activity type,Quantity,Unit,From,To\nLeeds office,\"{type}\",10,{unit},2025-01-01,2025-01-31\n");

        var problem = (await desk.Sheets.CheckAsync(draft.Id, Stop))!.Problems.ShouldHaveSingleItem();

        string.Join(',', problem.Suggestions.Where(suggestion => suggestion.Fix.Kind == SheetFixKind.Replace).Select(suggestion => suggestion.Fix.To)).ShouldBe(offered);
    }

    [Fact]
    public async Task MonthsWithoutAYear_AskForTheYear_AndOfferTheReportingPeriods()
    {
        await using var desk = await Desk.NewAsync(_app);
        await _app.OwnerAsync<int>(
            "with made as (insert into reporting_periods (id, tenant_id, name, first_day, last_day, state, version) values (new_id(), $1, 'FY2025', '2024-04-01', '2025-03-31', 'Open', 1) returning 1) select count(*)::int from made",
            desk.Client.Company.Tenant);
        var opened = (await desk.Sheets.OpenAsync(new MemoryStream(Encoding.UTF8.GetBytes("Site,Activity type,Unit,Apr,May,Jan\nLeeds office,Electricity,kWh,1,2,3\n")), "a.csv", Stop)).ShouldBeOfType<SheetOpening.Opened>();
        var draft = (await desk.Sheets.FindAsync(opened.DraftId, Stop))!;
        var question = draft.Questions.ShouldHaveSingleItem();
        (question.Code, question.Choices.ShouldHaveSingleItem()).ShouldBe(("months-from", new SheetChoice("2024-04-01", "April 2024 to March 2025")));

        (await desk.Sheets.ChangeAsync(draft.Id, draft.Version, draft.Plan with { MonthsFrom = new DateOnly(2024, 4, 15) }, Stop)).ShouldBeOfType<SheetChange.Refused>();
        draft = (await desk.Sheets.ChangeAsync(draft.Id, draft.Version, draft.Plan with { MonthsFrom = new DateOnly(2024, 4, 1) }, Stop)).ShouldBeOfType<SheetChange.Changed>().Draft;

        draft.Questions.ShouldBeEmpty();
        var import = await desk.EndedAsync(await desk.LoadAsync(draft));
        (await _app.OwnerAsync<string>("select string_agg(period_start || ' ' || quantity::int, ',' order by period_start) from activity_entries where import_id = $1", import.Id))
            .ShouldBe("2024-04-01 1,2024-05-01 2,2025-01-01 3");
    }

    [Fact]
    public async Task Receipt_OfOneSheet_NamesTheOthersUntilTheyAreLoadedToo()
    {
        await using var desk = await Desk.NewAsync(_app);
        object?[] heads = ["Site", "Activity type", "Quantity", "Unit", "Month"];
        var draft = await desk.OpenAsync(
            new BookBuilder().Sheet("Power", BookBuilder.Rows(heads, ["Leeds office", "Electricity", 10, "kWh", "2025-01"]))
                .Sheet("Heat", BookBuilder.Rows(heads, ["Leeds office", "District heat", 10, "kWh", "2025-01"])).ToBytes(), "book.xlsx");
        var first = (await desk.EndedAsync(await desk.LoadAsync(draft))).Id;
        var receipt = (await desk.Sheets.FindReceiptAsync(first, Stop))!;
        (receipt.SheetName, string.Join(',', receipt.OtherSheets)).ShouldBe(("Power", "Heat"));

        draft = (await desk.Sheets.FindAsync(draft.Id, Stop))!;
        draft = (await desk.Sheets.ChangeAsync(draft.Id, draft.Version, draft.Plan with { Sheet = 1 }, Stop)).ShouldBeOfType<SheetChange.Changed>().Draft;
        var second = (await desk.EndedAsync(await desk.LoadAsync(draft))).Id;

        var (before, after) = ((await desk.Sheets.FindReceiptAsync(first, Stop))!, (await desk.Sheets.FindReceiptAsync(second, Stop))!);
        (before.SheetName, before.OtherSheets.Count, after.SheetName, after.OtherSheets.Count).ShouldBe(("Power", 0, "Heat", 0));
    }

    [Fact]
    public async Task Change_OfTheColumns_LetsTheNumbersDecideAnewHowTheyAreWritten()
    {
        await using var desk = await Desk.NewAsync(_app);
        var draft = await desk.OpenAsync("Site;Activity type;Date;Quantity;Unit;Net\nLeeds office;Electricity;31.01.2025;5;kWh;1.200,50\n");
        draft.Plan.Columns.Single(use => use.Field == SheetField.Quantity).Column.ShouldBe(3);
        draft.Plan.Culture.ShouldNotBe("de-DE", "the days alone decide nothing about numbers");

        var columns = draft.Plan.Columns.Select(use => use.Field == SheetField.Quantity ? new SheetColumnUse(5, SheetField.Quantity) : use).ToList();
        draft = (await desk.Sheets.ChangeAsync(draft.Id, draft.Version, draft.Plan with { Columns = columns }, Stop)).ShouldBeOfType<SheetChange.Changed>().Draft;

        draft.Plan.Culture.ShouldBe("de-DE");
        await desk.EndedAsync(await desk.LoadAsync(draft));
        (await _app.OwnerAsync<decimal>("select quantity from activity_entries where document_id = (select document_id from sheet_drafts where id = $1)", draft.Id)).ShouldBe(1200.5m);
    }

    [Theory]
    [InlineData("Flight, long-haul, economy", "long-haul", "economy")]
    [InlineData("Rail, national", "train", "")]
    public async Task Check_TypeThatNobodyKnows_IsOfferedWhatItsWordsLeadTo(string text, string word, string other)
    {
        await using var desk = await Desk.NewAsync(_app);
        var draft = await desk.OpenAsync(Head + Row("2025-01", 1) + Row("2025-02", 1).Replace("Electricity", "\"" + text + "\"", StringComparison.Ordinal));

        var problem = (await desk.Sheets.CheckAsync(draft.Id, Stop))!.Problems.ShouldHaveSingleItem();

        problem.Suggestions.ShouldContain(choice => choice.Label.Contains(word, StringComparison.OrdinalIgnoreCase) && choice.Label.Contains(other, StringComparison.OrdinalIgnoreCase));
    }

    [Fact]
    public async Task Open_DaysThatOneLocaleAloneWrites_DecideForTheNumbersToo()
    {
        await using var desk = await Desk.NewAsync(_app);

        var draft = await desk.OpenAsync("Site,Activity type,From,To,Quantity,Unit\nLeeds office,Electricity,01/01/2025,01/31/2025,\"12,111\",kWh\n");

        (draft.Questions.Count, draft.Plan.Culture).ShouldBe((0, "en-US"));
    }

    [Fact]
    public async Task Discard_OfADraft_ForgetsItAndAnotherTenantSeesNone()
    {
        await using var desk = await Desk.NewAsync(_app);
        await using var other = await Desk.NewAsync(_app);
        var draft = await desk.OpenAsync(Head + Row("2025-01", 1));
        (await desk.Sheets.ListAsync(Stop)).ShouldHaveSingleItem().Id.ShouldBe(draft.Id);

        (await other.Sheets.FindAsync(draft.Id, Stop)).ShouldBeNull();
        (await other.Sheets.DiscardAsync(draft.Id, Stop)).ShouldBeFalse();
        (await desk.Sheets.DiscardAsync(draft.Id, Stop)).ShouldBeTrue();
        (await desk.Sheets.FindAsync(draft.Id, Stop)).ShouldBeNull();
    }

    [Fact]
    public async Task Api_UploadOfAGoodFile_LoadsItAndOfTheSameBytesAnswersTheSame()
    {
        var client = await EntryClient.NewAsync(_app);
        var file = Encoding.UTF8.GetBytes(Head + Row("2025-01", 1000));

        using var first = await UploadAsync(client.Http, file);
        first.StatusCode.ShouldBe(HttpStatusCode.Accepted, await first.Content.ReadAsStringAsync(Stop));
        var id = await ImportClient.IdAsync(first);
        var import = await Eventually.GetAsync(
            async () => (await client.SendAsync(HttpMethod.Get, $"imports/{id}")).Body is var now && now.Text("status") is not ("queued" or "running") ? now : (JsonElement?)null, "the end of the import", 60);
        (import.Text("status"), import.Text("kind"), import.Long("loaded")).ShouldBe(("succeeded", "activity-data", 1L));

        using var second = await UploadAsync(client.Http, file);
        (second.StatusCode, await ImportClient.IdAsync(second)).ShouldBe((HttpStatusCode.OK, id));
        (await client.SendAsync(HttpMethod.Delete, $"imports/{id}")).Status.ShouldBe(204);
    }

    [Fact]
    public async Task Api_UploadOfAnAmbiguousFile_AsksAndTakesTheAnswer()
    {
        var client = await EntryClient.NewAsync(_app);
        var file = Encoding.UTF8.GetBytes(Head + Row("2025-01", 1).Replace(",1,", ",\"1,234\",", StringComparison.Ordinal));

        using var asked = await UploadAsync(client.Http, file);
        var problem = await ImportClient.ProblemAsync(asked, HttpStatusCode.UnprocessableEntity);
        problem.GetProperty("questions")[0].Text("code").ShouldBe("culture");
        problem.GetProperty("mapping").GetProperty("columns").GetArrayLength().ShouldBe(7);
        using var wrong = await UploadAsync(client.Http, file, ("mode", "replace"));
        await ImportClient.ProblemAsync(wrong, HttpStatusCode.UnprocessableEntity);
        using var answered = await UploadAsync(client.Http, file, ("culture", "en-US"), ("mode", "all"));

        answered.StatusCode.ShouldBe(HttpStatusCode.Accepted, await answered.Content.ReadAsStringAsync(Stop));
    }

    private static async Task<HttpResponseMessage> UploadAsync(HttpClient http, byte[] file, params (string Name, string Value)[] fields)
    {
        using var form = new MultipartFormDataContent { { new StringContent("activity-data"), "kind" } };
        foreach (var (name, value) in fields)
        {
            form.Add(new StringContent(value), name);
        }

        form.Add(new ByteArrayContent(file), "file", "meters.csv");
        return await http.PostAsync("/api/v1/imports", form, Stop);
    }

    private static string Row(string month, int quantity)
    {
        var first = DateOnly.ParseExact(month + "-01", "yyyy-MM-dd", CultureInfo.InvariantCulture);
        return string.Create(CultureInfo.InvariantCulture, $"Leeds office,Electricity,{quantity},kWh,{first:yyyy-MM-dd},{first.AddMonths(1).AddDays(-1):yyyy-MM-dd},R-\n");
    }

    /// <summary>A company with a site, and the services as its pages have them.</summary>
    private sealed record Desk(EntryClient Client, AsyncServiceScope Scope) : IAsyncDisposable
    {
        public ISheetImports Sheets => Scope.ServiceProvider.GetRequiredService<ISheetImports>();

        public IImportService Imports => Scope.ServiceProvider.GetRequiredService<IImportService>();

        public byte[] Last { get; private set; } = [];

        public static async Task<Desk> NewAsync(TestApp app)
        {
            var client = await EntryClient.NewAsync(app);
            var scope = app.App.Services.CreateAsyncScope();
            scope.ServiceProvider.GetRequiredService<CurrentUser>().Become(new Actor(client.Company.Tenant, Guid.CreateVersion7(), "Tester", TenantRole.Admin));
            return new Desk(client, scope);
        }

        public Task<SheetDraft> OpenAsync(string text, string name = "meters.csv") => OpenAsync(Encoding.UTF8.GetBytes(text), name);

        public async Task<SheetDraft> OpenAsync(byte[] bytes, string name)
        {
            Last = bytes;
            var opened = (await Sheets.OpenAsync(new MemoryStream(bytes), name, Stop)).ShouldBeOfType<SheetOpening.Opened>();
            var draft = (await Sheets.FindAsync(opened.DraftId, Stop))!;
            draft.Questions.ShouldBeEmpty();
            return draft;
        }

        public async Task<Guid> LoadAsync(SheetDraft draft, SheetLoadMode mode = SheetLoadMode.Good) =>
            (await Sheets.LoadAsync(draft.Id, draft.Version, mode, Stop)).ShouldBeOfType<SheetLoad.Accepted>().ImportId;

        public async Task<ImportRow> EndedAsync(Guid id)
        {
            await Eventually.BeAsync(async () => (await Imports.FindAsync(id, Stop))!.Status is not (ImportStatus.Queued or ImportStatus.Running), $"the end of import {id}", 60);
            var import = (await Imports.FindAsync(id, Stop))!;
            import.RowsRead.ShouldBe(import.Loaded + import.Unchanged + import.Duplicate + import.Rejected, import.Error);
            import.Status.ShouldNotBe(ImportStatus.Failed, import.Error);
            return import;
        }

        public async Task<decimal> KgAsync() => (await Client.SendAsync(HttpMethod.Get, "emissions/summary?from=2025-01-01&to=2025-12-31")).Body.GetProperty("total").GetProperty("kgCo2e").GetDecimal();

        public ValueTask DisposeAsync() => Scope.DisposeAsync();
    }
}
