using System.Globalization;
using System.Net;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using OffGridFlow.Core.Identity;
using OffGridFlow.Infrastructure.Imports.Samples;
using OffGridFlow.Infrastructure.Inventory;
using OffGridFlow.Tests.Identity;
using OffGridFlow.Tests.Imports;
using OffGridFlow.Tests.Reports;
using OffGridFlow.Web.Features.Emissions.Export;

namespace OffGridFlow.Tests.Inventory;

public sealed class EmissionsExportTests(AppFixture apps) : IClassFixture<AppFixture>
{
    private const int FirstRow = 3;
    private static readonly SampleBillOptions Bill = new() { Rows = 1200, Seed = 33, Accounts = 3, Months = 4 };

    // The columns of the sheet “Activities” that tests look at.
    private const string Month = "A", Service = "D", Total = "N", Quality = "P", Reason = "Q", Currency = "W", Id = "Z", Trail = "AA";

    [Fact]
    public async Task Export_OfABill_HasTheLedgersRowsAndTotals()
    {
        using var client = await apps.NewTenantAsync();
        await client.ImportAsync(TestBill.Generate(Bill).File);
        var total = (await client.SummaryAsync()).GetProperty("total");

        var export = await ExportAsync(client);

        export.SheetNames.ShouldBe(["Summary", "Activities", "Notes"]);
        var rows = Activities(export);
        (await client.EmissionsAsync()).Select(emission => emission.Text("id")).ShouldBe(rows.Select(row => row.At(Id)!.Text));
        rows.Sum(row => row.At(Total)?.Number ?? 0).ShouldBe(total.Decimal("kgCo2e"));
        export.Cell("Activities", "N1").Number.ShouldBe(total.Decimal("kgCo2e"));
        export.Cell("Activities", "K1").Number.ShouldBe(total.Decimal("kilowattHours"));
        Fact(export, "Total (kg CO2e)").Number.ShouldBe(total.Decimal("kgCo2e"));
        Fact(export, "Activities").Number.ShouldBe(rows.Count);
        export.AllCells.ShouldContain(pair => pair.Cell.Text.Contains("not for disclosure", StringComparison.Ordinal) && pair.Sheet == "Summary");
        Fact(export, "Months").Text.ShouldBe("2023-01 to 2023-04");
    }

    [Fact]
    public async Task Export_Groups_AreThoseOfTheSummary()
    {
        using var client = await apps.NewTenantAsync();
        await client.ImportAsync(TestBill.Generate(Bill).File);
        var groups = (await client.SummaryAsync("?groupBy=month,service")).GetProperty("groups").EnumerateArray()
            .OrderBy(group => group.GetProperty("keys").Text("month"), StringComparer.Ordinal).ThenByDescending(group => group.Decimal("kgCo2e"))
            .ThenBy(group => group.GetProperty("keys").Text("service"), StringComparer.Ordinal).ToList();

        var export = await ExportAsync(client, "?groupBy=month,service");

        // Month, Service, Activities, outside, kWh, operational, embodied, total, share, USD, line.
        var lines = export["Summary"].Where(row => row.At("C")?.Formula?.StartsWith("COUNTIFS", StringComparison.Ordinal) == true && row.At("K") is not null).ToList();
        lines.Select(line => line.At("B")!.Text).ShouldBe(groups.Select(group => group.GetProperty("keys").Text("service")));
        lines.Select(line => line.At("H")!.Type == "n" ? line.At("H")!.Number : 0).ShouldBe(groups.Select(group => group.Decimal("kgCo2e")));
        // Each activity names its line.
        var ofLine = Activities(export).ToLookup(row => (int)row.At("Y")!.Number);
        foreach (var (line, index) in lines.Select((line, index) => (line, index)))
        {
            ofLine[index + 1].Select(row => row.At(Service)!.Text).Distinct().ShouldBe([line.At("B")!.Text]);
            ofLine[index + 1].Select(row => row.At(Month)!.Text).Distinct().ShouldBe([line.At("A")!.Text]);
            ofLine[index + 1].Count().ShouldBe((int)line.At("C")!.Number);
        }
    }

    [Fact]
    public async Task Export_Recalculated_EqualsTheLedger()
    {
        using var client = await apps.NewTenantAsync();
        await client.ImportAsync(TestBill.Generate(Bill).File);
        await client.ImportAsync(TestBill.File(
            TestBill.Line("a", "5", account: "0077", month: "2024-02", more: [("lineItem/ProductCode", "=1+1"), ("lineItem/UsageType", "Mystery"), ("pricing/unit", "Things")]),
            TestBill.Line("b", "7", account: "77", month: "2024-02", more: [("lineItem/CurrencyCode", "EUR"), ("lineItem/ProductCode", "Amazon*")]),
            TestBill.Line("c", "8", account: "077", month: "2024-02", more: [("lineItem/ProductCode", "AmazonEC2")])));
        var total = (await client.SummaryAsync()).GetProperty("total");
        var file = await ExportAsync(client, "?groupBy=account,service");

        var recalculated = await LibreOffice.RecalculateAsync(file.Bytes);

        recalculated.Errors().ShouldBeEmpty();
        ShouldBeTheSame(Fact(recalculated, "Total (kg CO2e)").Number, total.Decimal("kgCo2e"));
        ShouldBeTheSame(Fact(recalculated, "Electricity (kWh)").Number, total.Decimal("kilowattHours"));
        // Every formula gives what was stored with it, row by row and group by group.
        var formulas = file.AllCells.Where(pair => pair.Cell.Formula is not null).ToList();
        formulas.Count.ShouldBeGreaterThan(200);
        foreach (var (sheet, cell) in formulas)
        {
            var other = recalculated.Cell(sheet, cell.Address);
            if (cell.Type == "n") ShouldBeTheSame(other.Number, cell.Number, $"{sheet}!{cell.Address} {cell.Formula}");
            else other.Text.ShouldBe(cell.Text);
        }

        Activities(recalculated).ShouldAllBe(row => row.At(Trail)!.Text == "Open trail");
        Activities(recalculated).Single(row => row.At(Service)!.Text == "=1+1").At(Service)!.IsText.ShouldBeTrue();
    }

    [Fact]
    public async Task Export_MoreThanASheetHolds_GoesOnAndIsAddedOverAll()
    {
        using var client = await apps.NewTenantAsync();
        await client.ImportAsync(TestBill.Generate(Bill).File);
        var total = (await client.SummaryAsync()).GetProperty("total");
        await using var scope = apps.App.App.Services.CreateAsyncScope();
        scope.ServiceProvider.GetRequiredService<CurrentUser>().Become(new Actor(client.Ledger.Tenant, null, "A test", TenantRole.Viewer));
        await using var snapshot = await scope.ServiceProvider.GetRequiredService<EmissionsSnapshots>().OpenAsync(
            EmissionsFilter.All, [EmissionsDimension.Service], TestContext.Current.CancellationToken);
        var request = new ExportRequest(EmissionsFilter.All, [EmissionsDimension.Service], null, "A test", new DateTimeOffset(2026, 3, 4, 5, 6, 7, TimeSpan.Zero));

        var file = await Xlsx.WriteAsync(EmissionsExport.Build(snapshot, request, sheetRows: 62, mostLines: 3));
        var export = Xlsx.Read(file);

        export.SheetNames.Count.ShouldBeGreaterThan(4);
        export.SheetNames.Take(3).ShouldBe(["Summary", "Activities", "Activities 2"]);
        export["Activities 2"].Count.ShouldBe(62);
        export["Summary"].ShouldContain(row => row.At("A") != null && row.At("A")!.Text.EndsWith("smaller groups", StringComparison.Ordinal));
        var recalculated = await LibreOffice.RecalculateAsync(file);
        recalculated.Errors().ShouldBeEmpty();
        ShouldBeTheSame(Fact(recalculated, "Total (kg CO2e)").Number, total.Decimal("kgCo2e"));
        ShouldBeTheSame(recalculated.Cell("Activities 2", "N1").Number, total.Decimal("kgCo2e"));
    }

    [Fact]
    public async Task Export_WithFilters_HoldsOnlyWhatTheyAdmit()
    {
        using var client = await apps.NewTenantAsync();
        await client.ImportAsync(TestBill.Generate(Bill).File);
        foreach (var query in new[] { "?from=2023-02-01&to=2023-03-31", "?service=AmazonEC2", "?usageClass=compute&scope=3", "?q=eu-", "?region=eu-west-1&account=none" })
        {
            var expected = await client.SummaryAsync(query);
            var count = (await client.SummaryAsync(query + "&groupBy=usageClass")).GetProperty("groups").GetArrayLength();

            var export = await ExportAsync(client, query);

            Activities(export).Sum(row => row.At(Total)?.Number ?? 0).ShouldBe(expected.GetProperty("total").Decimal("kgCo2e"), query);
            Activities(export).Select(row => row.At("F")!.Text).Distinct().Count().ShouldBe(count, query);
        }

        Fact(await ExportAsync(client, "?from=2023-02-01&to=2023-03-31&service=AmazonEC2&region="), "Filter").Text.ShouldBe("Service is AmazonEC2; Region is not named in the bill");
    }

    [Fact]
    public async Task Export_UsageWithoutAResult_StandsThereEmptyAndWithTheReason()
    {
        using var client = await apps.NewTenantAsync();
        await client.ImportAsync(TestBill.File(
            TestBill.Line("a"), TestBill.Line("b", "5", more: [("lineItem/ProductCode", "AmazonNoSuchThing"), ("lineItem/UsageType", "Mystery"), ("pricing/unit", "Things")])));

        var export = await ExportAsync(client);

        var missing = Activities(export).Single(row => row.At(Service)!.Text == "AmazonNoSuchThing");
        missing.At(Total).ShouldBeNull();
        missing.At(Quality)!.Text.ShouldBe("missing");
        missing.At(Reason)!.Text.ShouldBe("No rule knows this usage");
        Fact(export, "of which outside the total").Number.ShouldBe(1);
        export["Summary"].Single(row => row.At("A")?.Text == "AmazonNoSuchThing").At("H")!.Text.ShouldBe("no data");
        export["Summary"].Single(row => row.At("A")?.Text == "USD").At("C")!.Number.ShouldBe(5);
    }

    [Fact]
    public async Task Export_OfAnotherTenantsLedger_IsEmptyAndStillAWorkbook()
    {
        using var owner = await apps.NewTenantAsync();
        using var other = await apps.NewTenantAsync();
        await owner.ImportAsync(TestBill.File(TestBill.Line("a")));

        var export = await ExportAsync(other);

        Activities(export).ShouldBeEmpty();
        Fact(export, "Total (kg CO2e)").Text.ShouldBe("no data");
        Fact(export, "Months").Text.ShouldBe("–");
        (await LibreOffice.RecalculateAsync(export.Bytes)).Errors().ShouldBeEmpty();
    }

    [Fact]
    public async Task Export_TrailLinks_LeadToThisServerAndAreLeftOutForThoseWhoMayNot()
    {
        using var client = await apps.NewTenantAsync(TenantRole.Analyst);
        await client.ImportAsync(TestBill.File(TestBill.Line("a")));
        var id = (await client.EmissionsAsync()).Single().Text("id");

        var link = Activities(await ExportAsync(client)).Single().At(Trail)!;

        link.Formula.ShouldBe($"HYPERLINK(\"{apps.App.Address.AbsoluteUri}emissions?trail={id}\",\"Open trail\")");
        var email = await client.Ledger.ScalarAsync<string>("select u.email from users u join memberships m on m.user_id = u.id where m.tenant_id = $1");
        await apps.App.SetRoleAsync(email, TenantRole.Viewer);
        Activities(await ExportAsync(client)).Single().At(Trail).ShouldBeNull();
    }

    [Fact]
    public async Task Export_Answer_NamesTheFileAndIsWrittenToTheAuditLog()
    {
        using var client = await apps.NewTenantAsync();
        await client.ImportAsync(TestBill.File(TestBill.Line("a", month: "2023-11"), TestBill.Line("b", month: "2023-12")));

        using var answer = await client.Http.GetAsync("/api/v1/emissions.xlsx?service=AmazonEC2", TestContext.Current.CancellationToken);

        answer.Content.Headers.ContentType!.MediaType.ShouldBe("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet");
        answer.Content.Headers.ContentDisposition!.FileName.ShouldBe("emissions-2023-11-2023-12.xlsx");
        var details = JsonDocument.Parse((await client.Ledger.TextsAsync("select details::text from audit_entries where tenant_id = $1 and action = 'emissions.exported'")).Single()).RootElement;
        details.Long("rows").ShouldBe(2);
        details.GetProperty("filter").Text("service").ShouldBe("AmazonEC2");
    }

    [Fact]
    public async Task Export_OfTheFictionalCompany_SaysSo()
    {
        using var client = await apps.NewTenantAsync();
        (await ExportAsync(client)).AllCells.ShouldNotContain(pair => pair.Cell.Text.StartsWith("Demo data", StringComparison.Ordinal));
        await client.Ledger.ExecuteAsync("update tenants set is_demo = true where id = $1");

        var export = await ExportAsync(client);

        export.Cell("Summary", "A2").Text.ShouldBe("Demo data: this organization is fictional.");
    }

    [Theory]
    [InlineData("?servce=AmazonEC2", "“servce” is not known")]
    [InlineData("?usageClass=fuel", "usageClass “fuel”")]
    [InlineData("?groupBy=colour", "groupBy “colour”")]
    [InlineData("?from=2023-12-01&to=2023-11-01", "Exchange them")]
    [InlineData("?from=11/2023", "yyyy-MM-dd")]
    [InlineData("?service=%00", "NUL")]
    public async Task Export_QueryThatCannotBeAnswered_SaysWhy(string query, string words)
    {
        using var client = await apps.NewTenantAsync();

        var problem = await client.GetProblemAsync("/api/v1/emissions.xlsx" + query, HttpStatusCode.UnprocessableEntity);

        problem.Text("detail").ShouldContain(words);
    }

    [Fact]
    public async Task Export_FromThePage_TakesThePagesAddress()
    {
        var email = $"pages-{Guid.NewGuid():N}@tests.example";
        var tenant = await apps.App.AddTenantAsync("=Pages", email);
        using var client = new ImportClient(await apps.App.SignInAsync(email), new Ledger(apps.App.ConnectionString, tenant));
        await client.ImportAsync(TestBill.File(TestBill.Line("a", month: "2023-10"), TestBill.Line("b", month: "2023-11"), TestBill.Line("c", month: "2023-12")));
        using var browser = await Browser.SignedInAsync(apps.App, email);

        using var answer = await browser.GetAsync("/app/emissions.xlsx?from=2023-10&to=2023-11&usageClass=compute&groupBy=month");

        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        answer.Content.Headers.ContentDisposition!.FileName.ShouldBe("emissions-2023-10-2023-11.xlsx");
        var export = Xlsx.Read(await answer.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken));
        Activities(export).Select(row => row.At(Month)!.Number).ShouldBe([45231, 45200]);
        Fact(export, "Organization").ShouldSatisfyAllConditions(cell => cell.Text.ShouldBe("=Pages"), cell => cell.IsText.ShouldBeTrue(), cell => cell.Quoted.ShouldBeTrue());
        foreach (var wrong in new[] { "?servce=x", "?usageClass=fuel", "?from=soon", "?from=2023-12&to=2023-11", "?groupBy=colour" })
        {
            using var refused = await browser.GetAsync("/app/emissions.xlsx" + wrong);
            await ImportClient.ProblemAsync(refused, HttpStatusCode.UnprocessableEntity);
        }
    }

    [Fact]
    public async Task Export_RowsThatDoNotMakeTheTotals_BreaksOff()
    {
        using var client = await apps.NewTenantAsync();
        await client.ImportAsync(TestBill.File(TestBill.Line("a")));
        await client.Ledger.ExecuteAsync("update monthly_totals set operational_kg_co2e = operational_kg_co2e + 1, kg_co2e = kg_co2e + 1 where tenant_id = $1");

        var failure = await Should.ThrowAsync<Exception>(() => client.Http.GetByteArrayAsync("/api/v1/emissions.xlsx", TestContext.Current.CancellationToken));

        failure.ShouldBeAssignableTo<HttpRequestException>();
    }

    [Fact]
    public async Task Snapshot_WhileABillIsPublished_KeepsItsStateAndLetsGoHalfWay()
    {
        using var client = await apps.NewTenantAsync();
        await client.ImportAsync(TestBill.Generate(Bill).File);
        await using var scope = apps.App.App.Services.CreateAsyncScope();
        scope.ServiceProvider.GetRequiredService<CurrentUser>().Become(new Actor(client.Ledger.Tenant, null, "A test", TenantRole.Viewer));
        await using var snapshot = await scope.ServiceProvider.GetRequiredService<EmissionsSnapshots>().OpenAsync(EmissionsFilter.All, [], TestContext.Current.CancellationToken);
        await client.ImportAsync(TestBill.File(TestBill.Line("x", account: "9", month: "2024-05")));

        (await snapshot.ReadRowsAsync(TestContext.Current.CancellationToken).CountAsync(TestContext.Current.CancellationToken)).ShouldBe((int)snapshot.Summary.Total.Activities);
        await foreach (var row in snapshot.ReadRowsAsync(TestContext.Current.CancellationToken))
        {
            row.Emission.Account.ShouldNotBe("9");
            break;
        }
    }

    [Fact]
    public void Filter_EveryMember_IsPutIntoWords()
    {
        var everything = new EmissionsFilter
        {
            From = new DateOnly(2024, 1, 2), To = new DateOnly(2024, 3, 4), Scope = 3, Category = 3, Site = "a site", Service = "a service", Region = "a region", Account = "an account",
            UsageClass = Core.CloudUsage.UsageClass.Compute, Quality = "estimated", Search = "a text",
        };

        ExportWords.Filter(everything).ShouldBe(
            "from 2024-01-02, by whole months; until 2024-03-04, by whole months; Scope is 3; Category is 3 Fuel- and energy-related activities; Site is a site; Service is a service; Region is a region; Account is an account; Usage class is Compute; Quality is Estimated; Service, region or account contains “a text”");
        typeof(EmissionsFilter).GetProperties().Where(property => !property.GetMethod!.IsStatic && property.Name != nameof(EmissionsFilter.Order))
            .ShouldAllBe(property => property.GetValue(everything) != null, "A new filter needs words in ExportWords.Filter, and a value here.");
    }

    private static async Task<Xlsx> ExportAsync(ImportClient client, string query = "")
    {
        using var answer = await client.Http.GetAsync("/api/v1/emissions.xlsx" + query, TestContext.Current.CancellationToken);
        answer.StatusCode.ShouldBe(HttpStatusCode.OK, query);
        return Xlsx.Read(await answer.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken));
    }

    private static List<XlsxRow> Activities(Xlsx export) => export["Activities"].Where(row => row.Number >= FirstRow).ToList();

    /// <summary>The cell beside a label of the summary.</summary>
    private static XlsxCell Fact(Xlsx export, string label) => export["Summary"].First(row => row.At("A")?.Text == label).At("B")!;

    /// <summary>A cell holds 15 significant digits; the 16th, and what adding made of it, is not asked for.</summary>
    private static void ShouldBeTheSame(decimal actual, decimal expected, string what = "") =>
        Math.Abs(actual - expected).ShouldBeLessThanOrEqualTo(Math.Abs(expected) * 1e-14m, string.Create(CultureInfo.InvariantCulture, $"{what}: {actual} for {expected}"));
}
