using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using OffGridFlow.Tests.Reports;

namespace OffGridFlow.Tests.Inventory;

/// <summary>The inventory as a workbook, of the group of docs/methods/inventory.md.</summary>
public sealed class InventoryExportTests(AppFixture apps) : IClassFixture<AppFixture>
{
    /// <summary>A cell holds 15 significant digits; the figures here have at most four before the point.</summary>
    private const decimal CellError = 0.000_000_001m;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("equityShare", "equity share")]
    [InlineData("financialControl", "financial control")]
    [InlineData("operationalControl", "operational control")]
    public async Task Workbook_OfAPeriod_HoldsTheStatementOfBothViews(string approach, string row)
    {
        await using var world = await InventoryWorld.CreateAsync(apps);
        var printed = InventoryWorld.Printed(row);
        var period = await world.AddPeriodAsync();

        var (workbook, fileName) = await DownloadAsync(world, $"?period={period}&approach={approach}");

        fileName.ShouldBe($"inventory-2025-01-2025-12-{row.Replace(' ', '-')}.xlsx");
        workbook.SheetNames.ShouldBe(["Inventory", "Gases", "Entities", "Sites", "Activity types", "Methods", "Approaches", "Left out", "Intensities", "Energy", "Notes"]);
        workbook.Errors().ShouldBeEmpty();
        foreach (var (view, column) in new[] { ("location", "C"), ("market", "D") })
        {
            var answer = await world.GetAsync($"/api/v1/inventory?period={period}&approach={approach}&scope2Method={view}&groupBy=scope,category");
            var groups = answer.GetProperty("groups").EnumerateArray().ToList();
            foreach (var scope in new[] { "1", "2", "3" })
            {
                Kg(Line(workbook, "A", "Scope " + scope), column).ShouldBe(Sum(groups, "scope", scope), CellError, $"{view}, scope {scope}");
            }

            var categories = groups.Select(group => group.GetProperty("keys").GetProperty("category").GetString()!).Where(category => category != "0").Distinct().ToList();
            categories.ShouldNotBeEmpty();
            foreach (var category in categories)
            {
                Kg(Line(workbook, "B", category + " "), column).ShouldBe(Sum(groups, "category", category), CellError, $"{view}, category {category}");
            }

            Kg(Line(workbook, "A", "Total"), column).ShouldBe(answer.GetProperty("total").GetProperty("kgCo2e").GetDecimal(), CellError, view);
            foreach (var sheet in new[] { "Gases", "Entities", "Sites", "Activity types", "Methods" })
            {
                // The columns of the masses come after those of the keys: one, or two.
                var its = sheet is "Gases" or "Activity types" ? (view == "location" ? "B" : "C") : (view == "location" ? "C" : "D");
                Kg(Line(workbook, "A", "Total", sheet), its).ShouldBe(answer.GetProperty("total").GetProperty("kgCo2e").GetDecimal(), CellError, $"{view}, {sheet}");
                workbook[sheet].Where(one => one.Number > 1 && one.At("A")?.Text != "Total" && one.At(its) is not null).Sum(one => one.At(its)!.Number)
                    .ShouldBe(answer.GetProperty("total").GetProperty("kgCo2e").GetDecimal(), CellError, $"rows of {sheet}, {view}");
            }
        }

        // As printed in the example.
        Kg(Line(workbook, "A", "Total"), "C").ShouldBe(printed["total"], CellError);
        Kg(Line(workbook, "A", "Total", "Left out"), "B").ShouldBe(printed["outside"], CellError);
        foreach (var (name, line) in new[] { ("Equity share", "equity share"), ("Financial control", "financial control"), ("Operational control", "operational control") })
        {
            Kg(Line(workbook, "A", name, "Approaches"), "B").ShouldBe(InventoryWorld.Printed(line)["total"], CellError, line);
            Kg(Line(workbook, "A", name, "Approaches"), "D").ShouldBe(InventoryWorld.Printed(line)["outside"], CellError, line);
        }
    }

    [Theory]
    [InlineData("scope=1", "Scope 1")]
    [InlineData("category=3", "3 Fuel- and energy-related activities")]
    [InlineData("site=Mill", "site Mill")]
    [InlineData("scope=2&site=", "Scope 2, what belongs to no site")]
    [InlineData("scope2Method=market&organizationId=", "Works")]
    public async Task Workbook_WithAFilter_HoldsWhatTheInventorySaysOfIt_AndSaysThatItIsAPart(string filter, string part)
    {
        await using var world = await InventoryWorld.CreateAsync(apps);
        var period = await world.AddPeriodAsync();
        var query = $"?period={period}&approach=operationalControl&{filter}{(filter.EndsWith("organizationId=", StringComparison.Ordinal) ? world.Works : "")}";

        var (workbook, fileName) = await DownloadAsync(world, query);

        fileName.ShouldBe("inventory-2025-01-2025-12-operational-control-part.xlsx");
        workbook.Errors().ShouldBeEmpty();
        workbook["Inventory"].ShouldContain(row => row.At("A") != null && row.At("A")!.Text == $"A part of the inventory alone: {part}.");
        workbook["Intensities"].ShouldContain(row => row.At("A") != null && row.At("A")!.Text == "None: an intensity is of a whole inventory, and this one was narrowed.");
        foreach (var (view, column) in new[] { ("location", "C"), ("market", "D") })
        {
            var answer = await world.GetAsync($"/api/v1/inventory{query.Replace("scope2Method=market&", "", StringComparison.Ordinal)}&scope2Method={view}");
            Kg(Line(workbook, "A", "Total"), column).ShouldBe(answer.GetProperty("total").GetProperty("kgCo2e").GetDecimal(), CellError, view);
        }
    }

    [Fact]
    public async Task Totals_AreFormulasOverTheirRows_AndNamesAreTexts()
    {
        await using var world = await InventoryWorld.CreateAsync(apps);
        await world.Client.Ledger.ExecuteAsync("update organizations set name = '=Works' where tenant_id = $1 and name = 'Works'");
        var period = await world.AddPeriodAsync();

        var (workbook, _) = await DownloadAsync(world, $"?period={period}&approach=operationalControl");

        var (first, third, total) = (Line(workbook, "A", "Scope 1").Number, Line(workbook, "A", "Scope 3"), Line(workbook, "A", "Total"));
        // Operational control has categories 3 and 15 below its Scope 3; between them no row is missed.
        total.Number.ShouldBe(third.Number + 3);
        foreach (var column in new[] { "C", "D", "F", "G", "H", "L", "M", "N", "O" })
        {
            third.At(column)!.Formula.ShouldBe(Adds(column, third.Number + 1, third.Number + 2));
            total.At(column)!.Formula.ShouldBe(Adds(column, first, third.Number));
        }

        total.At("I")!.Formula.ShouldBe(string.Create(CultureInfo.InvariantCulture, $"F{total.Number}/C{total.Number}"));
        (total.At("I")!.Number + total.At("J")!.Number + total.At("K")!.Number).ShouldBe(1, CellError);
        var entities = workbook["Entities"];
        Line(workbook, "A", "Total", "Entities").At("C")!.Formula.ShouldBe(Adds("C", 2, entities.Count - 1));
        var works = Line(workbook, "A", "=Works", "Entities");
        works.At("A")!.IsText.ShouldBeTrue();
        works.At("A")!.Formula.ShouldBeNull();
        (works.At("B")!.Number, works.At("C")!.Number).ShouldBe((1m, 190m));
        // A method of one view has no figure in the other: empty, not zero.
        (Row("Location-based").At("C")!.Number, Row("Location-based").At("D")).ShouldBe((177m, null));
        (Row("Market-based").At("C"), Row("Market-based").At("D")!.Number).ShouldBe((null, 0m));

        XlsxRow Row(string method) => Line(workbook, "B", method, "Methods");
    }

    [Fact]
    public async Task Workbook_OfAPeriod_HoldsWhatIsLeftOut_AndIntensitiesAsFormulas()
    {
        await using var world = await InventoryWorld.CreateAsync(apps);
        var period = await world.AddPeriodAsync("equityShare");
        await world.AddFigureAsync(period, world.Parent, employees: 10);
        await world.AddFigureAsync(period, world.Works, employees: 20);
        await world.AddFigureAsync(period, world.Venture, employees: 5);
        using (var decided = await world.Client.Http.PutAsJsonAsync(
            $"/api/v1/reporting-periods/{period}/categories", new { category = 7, decision = "excluded", reason = "=Few people travel", estimatedTonnes = 12.5m, version = 0 }, Stop))
        {
            decided.StatusCode.ShouldBe(HttpStatusCode.OK, await decided.Content.ReadAsStringAsync(Stop));
        }

        var (workbook, _) = await DownloadAsync(world, $"?period={period}");

        workbook.Errors().ShouldBeEmpty();
        var category = Line(workbook, "A", "7 ", "Left out");
        (category.At("B")!.Number, category.At("C")!.Text, category.At("E")!.Text).ShouldBe((12.5m, "not yet", "=Few people travel"));
        Kg(Line(workbook, "A", "Total of the estimates", "Left out"), "B").ShouldBe(12.5m);
        // 4,459.40 kg ÷ (10 + 20 × 0.6 + 5 × 0.4), in tonnes.
        var people = Line(workbook, "A", "Full-time equivalents", "Intensities");
        people.At("B")!.Number.ShouldBe(24);
        people.At("D")!.Number.ShouldBe(0.185808333333333m, CellError);
        people.At("D")!.Formula.ShouldBe(string.Create(CultureInfo.InvariantCulture, $"'Inventory'!$C${Line(workbook, "A", "Total").Number}*0.001/B{people.Number}"));
        Line(workbook, "A", "Net revenue", "Intensities").At("G")!.Text.ShouldContain("No figure: Parent");
        // Who took it, before it left.
        (await world.Client.Ledger.TextsAsync("select subject from audit_entries where tenant_id = $1 and action = 'inventory.exported'")).ShouldBe([$"reporting-period/{period}"]);
    }

    [Fact]
    public async Task Workbook_OfDays_HasNoDecisionsAndSaysSo()
    {
        await using var world = await InventoryWorld.CreateAsync(apps);

        var (workbook, fileName) = await DownloadAsync(world, "?from=2025-05-10&to=2025-06-01");
        var (empty, _) = await DownloadAsync(world, "?from=2020-01-01&to=2020-12-31");

        fileName.ShouldBe("inventory-2025-05-2025-06-operational-control.xlsx");
        (await world.GetAsync("/api/v1/inventory?from=2025-05-10&to=2025-06-01")).GetProperty("total").GetProperty("kgCo2e").GetDecimal()
            .ShouldBe(Kg(Line(workbook, "A", "Total"), "C"), CellError);
        workbook["Intensities"].ShouldContain(row => row.At("A") != null && row.At("A")!.Text.Contains("reporting period", StringComparison.Ordinal));
        // Nothing there is no zero, and no formula divides by it.
        empty.Errors().ShouldBeEmpty();
        Line(empty, "A", "Total").At("C")!.Text.ShouldBe("no data");
        Line(empty, "A", "Total", "Sites").At("C")!.Text.ShouldBe("no data");
        Line(empty, "A", "HFCs", "Gases").At("B")!.Text.ShouldBe("no data");
    }

    [Theory]
    [InlineData("", 422, "period with the id of a reporting period")]
    [InlineData("?from=2025-12-31&to=2025-01-01", 422, "Exchange them")]
    [InlineData("?from=2025-01-01&to=soon", 422, "written yyyy-MM-dd")]
    [InlineData("?from=2025-01-01&to=2025-12-31&approach=control", 422, "Use one of: equityShare, financialControl, operationalControl")]
    [InlineData("?from=2025-01-01&to=2025-12-31&groupBy=scope", 422, "“groupBy” is not known here")]
    [InlineData("?from=2025-01-01&to=2025-12-31&scope=4", 422, "scope is 1, 2 or 3")]
    [InlineData("?period=0199a7c2-0000-7000-8000-000000000000&approach=control&scope=1", 404, "GET /api/v1/reporting-periods lists them")]
    [InlineData("?period=last", 404, "GET /api/v1/reporting-periods lists them")]
    public async Task Query_ThatCannotBeAnswered_SaysWhyAndHowToMend(string query, int status, string words)
    {
        using var client = await apps.NewTenantAsync();

        using var answer = await client.Http.GetAsync("/api/v1/inventory.xlsx" + query, Stop);

        ((int)answer.StatusCode).ShouldBe(status);
        JsonDocument.Parse(await answer.Content.ReadAsStringAsync(Stop)).RootElement.GetProperty("detail").GetString().ShouldNotBeNull().ShouldContain(words);
    }

    [Fact]
    public async Task Period_OfAnotherOrganization_IsNotFound()
    {
        await using var world = await InventoryWorld.CreateAsync(apps);
        var period = await world.AddPeriodAsync();
        using var other = await apps.NewTenantAsync();

        using var answer = await other.Http.GetAsync($"/api/v1/inventory.xlsx?period={period}", Stop);

        answer.StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    private static async Task<(Xlsx Workbook, string? FileName)> DownloadAsync(InventoryWorld world, string query)
    {
        using var answer = await world.Client.Http.GetAsync("/api/v1/inventory.xlsx" + query, Stop);
        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        return (Xlsx.Read(await answer.Content.ReadAsByteArrayAsync(Stop)), answer.Content.Headers.ContentDisposition!.FileName);
    }

    /// <summary>The first row whose cell reads so; with a blank at its end: begins so.</summary>
    private static XlsxRow Line(Xlsx workbook, string column, string text, string sheet = "Inventory") =>
        workbook[sheet].First(row => row.At(column) is { } cell && (text.EndsWith(' ') ? cell.Text.StartsWith(text, StringComparison.Ordinal) : cell.Text == text));

    /// <summary>What stands there; nothing where a row has no data.</summary>
    private static decimal Kg(XlsxRow row, string column) => row.At(column) is { Text: not "no data" } cell ? cell.Number : 0;

    private static decimal Sum(List<JsonElement> groups, string key, string value) =>
        groups.Where(group => group.GetProperty("keys").GetProperty(key).GetString() == value).Sum(group => group.GetProperty("figures").GetProperty("kgCo2e").GetDecimal());

    private static string Adds(string column, int first, int last) => string.Create(CultureInfo.InvariantCulture, $"SUM({column}{first}:{column}{last})");
}
