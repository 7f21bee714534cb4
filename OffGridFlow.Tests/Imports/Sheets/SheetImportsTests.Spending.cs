using System.IO.Compression;
using System.Text.Json;
using OffGridFlow.Core.Imports;
using OffGridFlow.Core.Imports.Sheets;
using OffGridFlow.Infrastructure.Imports.Sheets;
using OffGridFlow.Tests.Identity;

namespace OffGridFlow.Tests.Imports.Sheets;

/// <summary>Categories of Scope 3, vendors and ledger accounts in files.</summary>
public sealed partial class SheetImportsTests
{
    private const string SurveyHead = "Site,Activity type,Quantity,Unit,Month,Category\n";
    private const string SpendHead = "Site,Activity type,Amount,Currency,Month,Supplier,GL account\n";

    [Fact]
    public async Task Survey_WithACategory_StandsInIt_AsATypedInEntry()
    {
        await using var desk = await Desk.NewAsync(_app);
        var draft = await desk.OpenAsync(SurveyHead + Ferry("2025-01", 100, "Cat. 7") + Ferry("2025-02", 50, ""), "survey.csv");
        draft.Plan.Columns.Single(use => use.Column == 5).Field.ShouldBe(SheetField.Category);
        (await desk.Sheets.ReadAsync(draft.Id, new SheetWindow(SheetRowFilter.All, 0, 2), Stop))!.Rows[0].Cells[5].ReadAs.ShouldBe("7 Employee commuting");

        (await desk.EndedAsync(await desk.LoadAsync(draft, SheetLoadMode.All))).Status.ShouldBe(ImportStatus.Succeeded);

        var typed = await desk.Client.CreateAsync(desk.Client.Gas("2025-01-01", "2025-01-31", ("activityType", "ferry-foot"), ("unit", "passenger.km"), ("quantity", 100m), ("category", 7), ("reference", "by hand")));
        await desk.Client.DoAsync(typed, "submit");
        var results = (await desk.Client.SendAsync(HttpMethod.Get, "emissions?from=2025-01-01&to=2025-02-28")).Body.GetProperty("items").EnumerateArray().ToList();
        results.Select(result => (result.GetProperty("month").GetString()![..7], result.GetProperty("category").GetInt32())).Distinct().ShouldBe([("2025-01", 7), ("2025-02", 6)], ignoreOrder: true);
        var imported = await desk.Client.FindAsync(await EntryAsync(desk, 2));
        (imported.GetProperty("category").GetInt32(), imported.GetProperty("result").GetProperty("kgCo2e").GetDecimal())
            .ShouldBe((7, (await desk.Client.FindAsync(typed)).GetProperty("result").GetProperty("kgCo2e").GetDecimal()));
        (await _app.OwnerAsync<string>("select string_agg(v.content ->> 'category', ',') from activity_entry_versions v where tenant_id = $1", desk.Client.Company.Tenant)).ShouldBe("7,7,7");
    }

    [Fact]
    public async Task Category_ThatTheTypeMayNotHave_IsAnsweredOnceForItsRowsAlone_AndRemembered()
    {
        await using var desk = await Desk.NewAsync(_app);
        // Downstream leased assets may have electricity and no ferries.
        var draft = await desk.OpenAsync(
            SurveyHead + Ferry("2025-01", 1, "13") + Ferry("2025-02", 2, "13") + Ferry("2025-03", 3, "7") + "Leeds office,Electricity,4,kWh,2025-01,13\n" + Ferry("2025-04", 5, "16"), "survey.csv");
        var check = (await desk.Sheets.CheckAsync(draft.Id, Stop))!;
        check.Problems.Select(problem => (problem.Key, problem.Title, problem.Rows)).ShouldBe(
            [(new SheetProblemKey("category-not-allowed", 5, "13"), "Category does not fit", 2), (new SheetProblemKey("unknown-category", 5, "16"), "Category not known", 1)]);
        check.Problems[0].Message.ShouldBe("Ferry, on foot cannot stand in category 13. Choose one of 6, 7, or leave it out.");
        check.Problems[1].Message.ShouldStartWith("“16” names no category of Scope 3. Write its number from 1 to 15");
        var output = new MemoryStream();
        await desk.Sheets.WriteAnnotatedAsync(draft.Id, output, Stop);
        using (var zip = new ZipArchive(output, ZipArchiveMode.Read))
        {
            var parts = zip.Entries.Select(entry => new StreamReader(entry.Open()).ReadToEnd()).ToList();
            parts.ShouldContain(part => part.Contains("Category", StringComparison.Ordinal) && part.Contains("F: Ferry, on foot cannot stand in category 13.", StringComparison.Ordinal));
        }

        async Task<SheetDraft> FixAsync(SheetFix fix) => (await desk.Sheets.FixAsync(draft.Id, draft.Version, fix, Stop)).ShouldBeOfType<SheetChange.Changed>().Draft;
        draft = await FixAsync(new SheetFix(SheetFixKind.Replace, 5, "13", "Category 7", "category-not-allowed", IsRemembered: true));
        draft = await FixAsync(new SheetFix(SheetFixKind.Replace, 5, "16", "", IsRemembered: true));
        (await desk.Sheets.CheckAsync(draft.Id, Stop))!.Counts.ShouldBe(new SheetCounts(5, 5, 0, 0, 0, 3, 0, 0));
        await desk.EndedAsync(await desk.LoadAsync(draft, SheetLoadMode.All));

        (await CategoriesAsync(desk)).ShouldBe("1 7,2 7,3 7,4 13,5 -");
        var next = await desk.OpenAsync(SurveyHead + Ferry("2025-05", 6, "13"), "next.csv");
        (next.Memory!.FromFile, next.Plan.Fixes.Count).ShouldBe(("survey.csv", 2));
        await desk.EndedAsync(await desk.LoadAsync(next, SheetLoadMode.All));
        (await CategoriesAsync(desk)).ShouldEndWith(",6 7");
    }

    [Fact]
    public async Task Category_ForTheWholeFile_HoldsForRowsWithoutTheirOwn()
    {
        await using var desk = await Desk.NewAsync(_app);
        var draft = await desk.OpenAsync("Site,Activity type,Quantity,Unit,Month\nLeeds office,\"Ferry, on foot\",1,passenger.km,2025-01\n");

        draft = (await desk.Sheets.ChangeAsync(draft.Id, draft.Version, draft.Plan with { Fixed = new Dictionary<SheetField, string> { [SheetField.Category] = "7 Employee commuting" } }, Stop))
            .ShouldBeOfType<SheetChange.Changed>().Draft;
        await desk.EndedAsync(await desk.LoadAsync(draft, SheetLoadMode.All));

        (await CategoriesAsync(desk)).ShouldBe("1 7");
    }

    [Fact]
    public async Task Spending_OfAVendorCountedPhysically_StandsExcludedWithoutAFigure_AsATypedInEntry()
    {
        await using var desk = await Desk.NewAsync(_app);
        await desk.Client.SendAsync(HttpMethod.Post, "account-maps", new { vendor = "City Power", isCountedPhysically = true, reason = "Electricity in kWh, by meter" });
        await desk.Client.SendAsync(HttpMethod.Post, "account-maps", new { account = "4711", activityType = "spend-legal" });
        // In dollars of 2022, which need neither rates nor price indices.
        var draft = await desk.OpenAsync(SpendHead + "Leeds office,Spend: legal services,1000,USD 2022,2025-01,CITY POWER,6520\nLeeds office,,200,USD 2022,2025-03,Sharp & Co,4711\n", "ledger.csv");
        draft.Plan.Columns.Where(use => use.Column > 4).Select(use => use.Field).ShouldBe([SheetField.Vendor, SheetField.Account]);
        var rows = (await desk.Sheets.ReadAsync(draft.Id, new SheetWindow(SheetRowFilter.All, 0, 2), Stop))!.Rows;
        rows.Select(row => row.Faults.Count).ShouldBe([0, 0]);
        rows[0].Notice!.ShouldEndWith("so this entry is in no total: Electricity in kWh, by meter");
        rows[1].Notice.ShouldBeNull();

        (await desk.EndedAsync(await desk.LoadAsync(draft, SheetLoadMode.All))).Loaded.ShouldBe(2);

        var typed = await desk.Client.CreateAsync(desk.Client.Gas("2025-02-01", "2025-02-28", ("activityType", "spend-legal"), ("unit", "USD 2022"), ("quantity", 1000m), ("vendor", "City Power"), ("account", "6520")));
        await desk.Client.DoAsync(typed, "submit");
        async Task<string> StandsAsync(Guid id)
        {
            var entry = await desk.Client.FindAsync(id);
            var result = entry.GetProperty("result");
            return $"{entry.GetProperty("activityType")} {entry.GetProperty("vendor")} {entry.GetProperty("account")} {result.GetProperty("kgCo2e").ValueKind} {entry.GetProperty("exception").ValueKind}";
        }

        (await StandsAsync(await EntryAsync(desk, 2))).ShouldBe("spend-legal CITY POWER 6520 Null Null");
        (await StandsAsync(typed)).ShouldBe("spend-legal City Power 6520 Null Null");
        (await StandsAsync(await EntryAsync(desk, 3))).ShouldBe("spend-legal Sharp & Co 4711 Number Null");
        (await desk.Client.SendAsync(HttpMethod.Get, "emissions/summary?from=2025-02-01&to=2025-02-28")).Body.GetProperty("total").GetProperty("kgCo2e").GetDecimal().ShouldBe(0m);
    }

    [Fact]
    public async Task Spending_OfTheSameAmount_IsADuplicateOfTheSameVendorAlone()
    {
        await using var desk = await Desk.NewAsync(_app);
        static string Spend(string vendor, string account) => $"Leeds office,Spend: legal services,100,USD 2022,2025-01,{vendor},{account}\n";
        var draft = await desk.OpenAsync(SpendHead + Spend("A", "1") + Spend("B", "1") + Spend("B", "2") + Spend("A", "1"), "ledger.csv");
        (await desk.Sheets.CheckAsync(draft.Id, Stop))!.Problems.Where(problem => problem.Key.Code == "duplicate-row").Select(problem => (problem.Rows, problem.FirstLines[0])).ShouldBe([(1, 5)]);
        (await desk.EndedAsync(await desk.LoadAsync(draft))).Loaded.ShouldBe(3);

        var next = await desk.OpenAsync(SpendHead + Spend("B", "2") + Spend("C", "2"), "next.csv");

        (await desk.Sheets.CheckAsync(next.Id, Stop))!.Problems.Where(problem => problem.Key.Code == "duplicate-row").Select(problem => (problem.Rows, problem.FirstLines[0])).ShouldBe([(1, 2)]);
    }

    [Fact]
    public async Task ExternalId_OfTheSameEntryWithAnotherVendorOrCategory_IsTaken()
    {
        await using var desk = await Desk.NewAsync(_app);
        const string head = "Site,Activity type,Amount,Currency,Month,Vendor,Category,External id\n";
        static string Spend(string vendor, string category) => $"Leeds office,Spend: legal services,100,USD 2022,2025-01,{vendor},{category},X-1\n";
        (await desk.EndedAsync(await desk.LoadAsync(await desk.OpenAsync(head + Spend("A", "1"), "a.csv")))).Loaded.ShouldBe(1);

        var counts = new List<string>();
        foreach (var (row, name) in new[] { (Spend("A", "1") + "\n", "b.csv"), (Spend("B", "1"), "c.csv"), (Spend("A", "4"), "d.csv") })
        {
            var found = (await desk.Sheets.CheckAsync((await desk.OpenAsync(head + row, name)).Id, Stop))!;
            counts.Add(found.Counts!.Unchanged == 1 ? "unchanged" : found.Problems.Single().Key.Code);
        }

        counts.ShouldBe(["unchanged", "external-id-taken", "external-id-taken"]);
    }

    [Fact]
    public async Task Api_MappingWithCategoryVendorAndAccount_IsTaken()
    {
        var desk = await Desk.NewAsync(_app);
        await using var _ = desk;
        var mapping = JsonSerializer.Serialize(new
        {
            headingRow = 1, headingRows = 1,
            columns = new object[]
            {
                new { column = 0, field = "Site" }, new { column = 1, field = "ActivityType" }, new { column = 2, field = "Quantity" }, new { column = 3, field = "Unit" }, new { column = 4, field = "Period" },
                new { column = 5, field = "Vendor" }, new { column = 6, field = "Account" },
            },
            @fixed = new { Category = "4" },
        });

        using var answer = await UploadAsync(desk.Client.Http, System.Text.Encoding.UTF8.GetBytes("a,b,c,d,e,f,g\nLeeds office,Spend: legal services,100,USD 2022,2025-01,Hauler,6000\n"), ("mapping", mapping));
        answer.StatusCode.ShouldBe(System.Net.HttpStatusCode.Accepted, await answer.Content.ReadAsStringAsync(Stop));
        (await desk.EndedAsync(await ImportClient.IdAsync(answer))).Loaded.ShouldBe(1);

        (await _app.OwnerAsync<string>("select category || ' ' || vendor || ' ' || account from activity_entries where tenant_id = $1", desk.Client.Company.Tenant)).ShouldBe("4 Hauler 6000");
    }

    [Theory]
    [InlineData("electricity", "kWh", "", true)]
    [InlineData("electricity", "kWh", "13", false)]
    [InlineData("ferry-foot", "passenger.km", "", false)]
    [InlineData("ferry-foot", "passenger.km", "7", false)]
    [InlineData("spend-legal", "USD 2022", "", false)]
    public async Task DaysEnteredTwice_AreAskedAboutInFiles_AsInTheForm(string type, string unit, string category, bool asked)
    {
        await using var desk = await Desk.NewAsync(_app);
        Dictionary<string, object?> Entry(decimal quantity) => desk.Client.Gas(
            "2025-01-01", "2025-01-31", ("activityType", type), ("unit", unit), ("quantity", quantity), ("category", category.Length == 0 ? null : int.Parse(category, System.Globalization.CultureInfo.InvariantCulture)));
        await desk.Client.CreateAsync(Entry(10));
        var form = await desk.Client.SendAsync(HttpMethod.Post, "activities", Entry(20));
        (form.Status == 422).ShouldBe(asked, form.Body.ToString());

        // Days that the ledger has; days that two rows have.
        var draft = await desk.OpenAsync(SurveyHead + string.Concat(new[] { ("2025-01", 30), ("2025-02", 40), ("2025-02", 50) }.Select(row => FormattableString.Invariant($"Leeds office,{type},{row.Item2},{unit},{row.Item1},{category}\n"))));

        var problems = (await desk.Sheets.CheckAsync(draft.Id, Stop))!.Problems;
        problems.Select(problem => (problem.Key.Code, problem.Rows)).ShouldBe(asked ? [("overlapping-period", 2L)] : []);
    }

    private async Task<Guid> EntryAsync(Desk desk, int line) => await _app.OwnerAsync<Guid>("select id from activity_entries where tenant_id = $1 and source_line = $2", desk.Client.Company.Tenant, line);

    private static string Ferry(string month, int quantity, string category) => FormattableString.Invariant($"Leeds office,\"Ferry, on foot\",{quantity},passenger.km,{month},{category}\n");

    /// <summary>Quantity and category, by quantity.</summary>
    private Task<string?> CategoriesAsync(Desk desk) => _app.OwnerAsync<string>(
        "select string_agg(trim_scale(quantity) || ' ' || coalesce(category::text, '-'), ',' order by quantity) from activity_entries where tenant_id = $1", desk.Client.Company.Tenant);
}
