using System.Net;
using System.Text.Json;
using OffGridFlow.Tests.Calculation;
using OffGridFlow.Tests.Reports;

namespace OffGridFlow.Tests.Inventory;

/// <summary>The energy ledger over HTTP and in the workbook.</summary>
public sealed class EnergyApiTests(AppFixture apps) : IClassFixture<AppFixture>
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Energy_OfAPeriod_HasTheNumbersOfThePage_InMegawattHours()
    {
        await using var world = await EnergyWorld.CreateAsync(apps);
        var period = await world.AddPeriodAsync();

        var answer = await world.GetAsync($"/api/v1/inventory/energy?period={period}");

        answer.GetProperty("total").GetDecimal().ShouldBe(EnergyPage.Lines["total"] / 1000m);
        (Of(answer, "fossil") + Of(answer, "nuclear") + Of(answer, "renewable")).ShouldBe(Of(answer, "total"));
        var lines = answer.GetProperty("lines").EnumerateArray().ToDictionary(line => line.GetProperty("line").GetString()!, line => Of(line, "megawattHours"));
        lines.Count.ShouldBe(9);
        (lines["naturalGas"], lines["purchasedFossil"], lines["purchasedNuclear"], lines["coal"]).ShouldBe((19.22285m, 40m, 20m, 0m));
        lines.Values.Sum().ShouldBe(Of(answer, "total"));
        answer.GetProperty("coverage").GetProperty("share").GetDecimal().ShouldBe(0.9m);
        var gap = answer.GetProperty("gaps").EnumerateArray().ShouldHaveSingleItem();
        gap.GetProperty("code").GetString().ShouldBe("distance");
        gap.GetProperty("mend").GetString().ShouldNotBeNull().ShouldContain("Enter the fuel");
        answer.GetProperty("evidence").EnumerateArray().Select(evidence => (evidence.GetProperty("name").GetString(), Of(evidence, "megawattHours")))
            .ShouldBe([("Wind power", 40m), ("Nuclear certificates", 20m), (null, 40m)]);
        // The trail of a line: the results under the type's name.
        var type = Uri.EscapeDataString("Diesel, burned on site");
        (await world.GetAsync($"/api/v1/emissions?from=2025-01-01&to=2025-12-31&scope=1&service={type}")).GetProperty("items").GetArrayLength().ShouldBeGreaterThan(0);
        // The same days without a period, and either view of Scope 2.
        (await world.GetAsync("/api/v1/inventory/energy?from=2025-01-01&to=2025-12-31&scope2Method=location")).GetProperty("total").GetDecimal().ShouldBe(Of(answer, "total"));
    }

    [Fact]
    public async Task Energy_OfNothing_IsEmpty_AndHasNoShare()
    {
        using var client = await apps.NewTenantAsync();

        var answer = await client.GetAsync("/api/v1/inventory/energy?from=2025-01-01&to=2025-12-31");

        answer.GetProperty("total").GetDecimal().ShouldBe(0);
        answer.GetProperty("coverage").GetProperty("share").ValueKind.ShouldBe(JsonValueKind.Null);
        answer.GetProperty("lines").GetArrayLength().ShouldBe(9);
    }

    [Theory]
    [InlineData("", 422, "period with the id of a reporting period")]
    [InlineData("?from=2025-01-01&to=2025-12-31&approach=control", 422, "Use one of: equityShare")]
    [InlineData("?period=0199a7c2-0000-7000-8000-000000000000&approach=control", 404, "GET /api/v1/reporting-periods lists them")]
    public async Task Query_ThatCannotBeAnswered_SaysWhyAndHowToMend(string query, int status, string words)
    {
        using var client = await apps.NewTenantAsync();

        using var answer = await client.Http.GetAsync("/api/v1/inventory/energy" + query, Stop);

        ((int)answer.StatusCode).ShouldBe(status);
        (await answer.Content.ReadAsStringAsync(Stop)).ShouldContain(words);
    }

    [Fact]
    public async Task Period_OfAnotherOrganization_IsNotFound()
    {
        await using var world = await EnergyWorld.CreateAsync(apps);
        var period = await world.AddPeriodAsync();
        using var other = await apps.NewTenantAsync();

        using var answer = await other.Http.GetAsync($"/api/v1/inventory/energy?period={period}", Stop);

        answer.StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task Workbook_HasASheet_WhoseFormulasAddUp()
    {
        await using var world = await EnergyWorld.CreateAsync(apps);
        using var answer = await world.Client.Http.GetAsync("/api/v1/inventory.xlsx?from=2025-01-01&to=2025-12-31", Stop);
        answer.StatusCode.ShouldBe(HttpStatusCode.OK);

        var workbook = Xlsx.Read(await answer.Content.ReadAsByteArrayAsync(Stop));

        workbook.Errors().ShouldBeEmpty();
        var sheet = workbook["Energy"];
        XlsxRow Line(string text) => sheet.First(row => row.At("A")?.Text == text);
        var sources = new[] { "Fossil", "Nuclear", "Renewable" }.Select(Line).ToList();
        sources.Sum(row => row.At("C")!.Number).ShouldBe(1325.809255m, 0.000_000_001m);
        sources.ShouldAllBe(row => row.At("C")!.Formula!.StartsWith("SUM(", StringComparison.Ordinal));
        Line("Total").At("C")!.Number.ShouldBe(1325.809255m, 0.000_000_001m);
        Line("Total").At("C")!.Formula.ShouldBe(string.Join('+', sources.Select(row => FormattableString.Invariant($"C{row.Number}"))));
        Line("Sold").At("C")!.Number.ShouldBe(5);
        Line("Wind power").At("D")!.Number.ShouldBe(40);
        Line("Average car, diesel").At("B")!.Text.ShouldContain("distance");
    }

    [Fact]
    public async Task Workbook_OfNothing_HasNoErrors()
    {
        using var client = await apps.NewTenantAsync();
        using var answer = await client.Http.GetAsync("/api/v1/inventory.xlsx?from=2020-01-01&to=2020-12-31", Stop);

        Xlsx.Read(await answer.Content.ReadAsByteArrayAsync(Stop)).Errors().ShouldBeEmpty();
    }

    private static decimal Of(JsonElement element, string name) => element.GetProperty(name).GetDecimal();
}
