using System.Text.Json;

namespace OffGridFlow.Tests.Inventory;

/// <summary>The inventory over HTTP, of the group of docs/methods/inventory.md.</summary>
public sealed class InventoryApiTests(AppFixture apps) : IClassFixture<AppFixture>
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("equityShare", "equity share")]
    [InlineData("financialControl", "financial control")]
    [InlineData("operationalControl", "operational control")]
    public async Task Inventory_OfAPeriod_HasTheNumbersOfThePage(string approach, string row)
    {
        await using var world = await InventoryWorld.CreateAsync(apps);
        var printed = InventoryWorld.Printed(row);
        var period = await world.AddPeriodAsync();

        var answer = await world.GetAsync($"/api/v1/inventory?period={period}&approach={approach}&groupBy=scope,category");

        answer.GetProperty("total").GetProperty("kgCo2e").GetDecimal().ShouldBe(printed["total"]);
        answer.GetProperty("outside").EnumerateArray().Sum(entity => entity.GetProperty("kgCo2e").GetDecimal()).ShouldBe(printed["outside"]);
        answer.GetProperty("groups").EnumerateArray().Where(group => group.GetProperty("keys").GetProperty("category").GetString() == "8")
            .Sum(group => group.GetProperty("figures").GetProperty("kgCo2e").GetDecimal()).ShouldBe(printed["category 8"]);
        var total = answer.GetProperty("total");
        total.GetProperty("gases").EnumerateObject().Sum(gas => gas.Value.GetDecimal()).ShouldBe(printed["total"]);
        (total.GetProperty("measuredKgCo2e").GetDecimal() + total.GetProperty("estimatedKgCo2e").GetDecimal() + total.GetProperty("defaultedKgCo2e").GetDecimal()).ShouldBe(printed["total"]);
        // The same days without a period.
        var days = await world.GetAsync($"/api/v1/inventory?from=2025-01-01&to=2025-12-31&approach={approach}&scope2Method=location");
        days.GetProperty("total").GetProperty("kgCo2e").GetDecimal().ShouldBe(printed["total"]);
    }

    [Fact]
    public async Task Approach_IsThatOfThePeriod_UnlessAnotherIsAskedFor_AndStandsWhenThePeriodIsLocked()
    {
        await using var world = await InventoryWorld.CreateAsync(apps);
        var period = await world.AddPeriodAsync("equityShare");

        (await world.GetAsync($"/api/v1/inventory?period={period}")).GetProperty("approach").GetString().ShouldBe("equityShare");
        (await world.GetAsync($"/api/v1/inventory?period={period}&approach=financialControl")).GetProperty("approach").GetString().ShouldBe("financialControl");

        // A change that does not name the approach leaves it.
        using (var renamed = await world.ChangePeriodAsync(period, 1, new { name = "Year 2025", firstDay = "2025-01-01", lastDay = "2025-12-31", state = "open" }))
        {
            ((int)renamed.StatusCode).ShouldBe(200);
        }

        (await world.GetAsync($"/api/v1/inventory?period={period}")).GetProperty("approach").GetString().ShouldBe("equityShare");
        await world.Client.Ledger.ExecuteAsync("update reporting_periods set state = 'Locked' where tenant_id = $1");
        using var refused = await world.ChangePeriodAsync(period, 2, new { name = "Year 2025", firstDay = "2025-01-01", lastDay = "2025-12-31", state = "locked", approach = "operationalControl" });
        ((int)refused.StatusCode).ShouldBe(422);
        (await refused.Content.ReadAsStringAsync(Stop)).ShouldContain("its name, days and consolidation approach stand. Reopen it first");
    }

    [Theory]
    [InlineData("", 422, "period with the id of a reporting period")]
    [InlineData("?from=2025-01-01&to=2025-12-31&groupBy=gas", 422, "Use one or more of: month, scope, category, organization, site, activityType, method")]
    [InlineData("?from=2025-01-01&to=2025-12-31&approach=control", 422, "Use one of: equityShare, financialControl, operationalControl")]
    [InlineData("?from=2025-12-31&to=2025-01-01", 422, "Exchange them")]
    [InlineData("?from=2025-01-01&to=2025-12-31&scope2Method=both", 422, "Use location or market")]
    [InlineData("?period=0199a7c2-0000-7000-8000-000000000000&approach=control", 404, "GET /api/v1/reporting-periods lists them")]
    [InlineData("/intensities?from=2025-01-01&to=2025-12-31", 422, "say which by period")]
    public async Task Query_ThatCannotBeAnswered_SaysWhyAndHowToMend(string query, int status, string words)
    {
        await using var world = await InventoryWorld.CreateAsync(apps);

        using var answer = await world.Client.Http.GetAsync("/api/v1/inventory" + query, Stop);

        ((int)answer.StatusCode).ShouldBe(status);
        JsonDocument.Parse(await answer.Content.ReadAsStringAsync(Stop)).RootElement.GetProperty("detail").GetString().ShouldNotBeNull().ShouldContain(words);
    }

    [Fact]
    public async Task Intensities_TakeTheEntitiesInTheBoundary_AndNameWhoHasNoFigure()
    {
        await using var world = await InventoryWorld.CreateAsync(apps);
        var period = await world.AddPeriodAsync("equityShare");
        await world.AddFigureAsync(period, world.Parent, revenue: 1_000_000, currency: "GBP", employees: 10);
        await world.AddFigureAsync(period, world.Works, revenue: 500_000, currency: "GBP", employees: 20);
        await world.AddFigureAsync(period, world.Venture, revenue: 250_000, currency: "EUR", employees: 5);

        var equity = await IntensitiesAsync(world, period, "equityShare");
        var control = await IntensitiesAsync(world, period, "operationalControl");

        // 10 + 20 × 0.6 + 5 × 0.4 = 24; 4,459.40 ÷ 24. Pounds and euros are never added.
        equity["fullTimeEmployees"].GetProperty("denominator").GetDecimal().ShouldBe(24);
        equity["fullTimeEmployees"].GetProperty("locationKgCo2e").GetDecimal().ShouldBe(185.808333333333m);
        equity["fullTimeEmployees"].GetProperty("marketKgCo2e").GetDecimal().ShouldBe(178.433333333333m);
        equity["revenue"].GetProperty("locationKgCo2e").ValueKind.ShouldBe(JsonValueKind.Null);
        equity["revenue"].GetProperty("units").EnumerateArray().Select(unit => unit.GetString()).ShouldBe(["EUR", "GBP"]);
        equity["floorArea"].GetProperty("missing").EnumerateArray().Select(name => name.GetString()).ShouldBe(["Parent", "Venture", "Works"]);
        // Venture is outside: 4,515.40 ÷ 1,500,000.
        control["revenue"].GetProperty("locationKgCo2e").GetDecimal().ShouldBe(0.003010266667m);
        control["fullTimeEmployees"].GetProperty("denominator").GetDecimal().ShouldBe(30);
    }

    private static async Task<Dictionary<string, JsonElement>> IntensitiesAsync(InventoryWorld world, Guid period, string approach) =>
        (await world.GetAsync($"/api/v1/inventory/intensities?period={period}&approach={approach}")).GetProperty("items").EnumerateArray()
            .ToDictionary(item => item.GetProperty("measure").GetString()!);
}
