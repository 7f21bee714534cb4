using System.Net;
using System.Text;
using System.Text.Json;
using OffGridFlow.Tests.Imports;

namespace OffGridFlow.Tests.Calculation;

/// <summary><c>POST /calculations</c> with the shipped factors: the agreed shape, what is shared out, what is refused.</summary>
public sealed class CalculationsApiTests(AppFixture apps) : IClassFixture<AppFixture>
{
    [Fact]
    public async Task Calculate_OneActivity_HasTheAgreedShape()
    {
        using var client = await apps.NewTenantAsync();

        var result = (await AskAsync(client, """{"activityType":"Natural gas","quantity":1000,"unit":"kWh (Gross CV)","region":"UK","date":"2025-03-01"}""")).Results.ShouldHaveSingleItem();

        result.EnumerateObject().Select(property => property.Name).ShouldBe(
        [
            "kgCo2e", "gases", "gasesKgCo2e", "biogenicKgCo2", "nonKyotoKgCo2e", "scope", "category", "scope2Method", "factor", "step", "gwpBasis", "quality", "flags", "error", "lines",
        ]);
        result.Decimal("kgCo2e").ShouldBe(182.96m, "DESNZ 2025, Fuels, Natural gas: 0.18296 kg CO2e per kWh (Gross CV)");
        result.GetProperty("gases").EnumerateObject().Select(gas => gas.Name).ShouldBe(["CH4", "CO2", "N2O"]);
        (result.GetProperty("scope").GetInt32(), result.Text("step"), result.GetProperty("factor").Text("set")).ShouldBe((1, "country", "desnz-2025"));
        result.GetProperty("category").ValueKind.ShouldBe(JsonValueKind.Null);
        result.GetProperty("lines").EnumerateArray().Select(line => line.Text("part")).ShouldBe(["direct", "upstream"]);
    }

    [Fact]
    public async Task Calculate_WithAnInstrument_CoversItsShareOfTheMarketBasedViewOnly()
    {
        using var client = await apps.NewTenantAsync();

        var results = (await AskAsync(client, """
            {"activities":[
              {"activityType":"electricity","quantity":100,"unit":"MWh","region":"GB","date":"2025","scope2Method":"market"},
              {"activityType":"electricity","quantity":100,"unit":"MWh","region":"GB","date":"2025"}],
             "instruments":[{"kind":"certificate","megawattHours":50,"from":"2025-01-01","to":"2025-12-31","kgCo2ePerKwh":0}]}
            """)).Results;

        results[1].Decimal("kgCo2e").ShouldBe(17_700m, "100,000 kWh × 0.177");
        results[0].Decimal("kgCo2e").ShouldBe(13_275m, 0.000001m, "a quarter of the energy of both is covered");
        results[0].Text("scope2Method").ShouldBe("market");
    }

    [Fact]
    public async Task Calculate_StatedUncertainties_CombineInTheTotal()
    {
        using var client = await apps.NewTenantAsync();
        const string Gas = """{"activityType":"natural-gas","quantity":1000,"unit":"kWh (Gross CV)","region":"GB","date":"2025-03-01" """;

        var total = (await AskAsync(client, $$"""[{{Gas}},"uncertaintyPercent":3},{{Gas}},"uncertaintyPercent":4},{{Gas}}}]""")).Total;

        total.Decimal("kgCo2e").ShouldBe(3 * 182.96m);
        total.Decimal("statedKgCo2e").ShouldBe(2 * 182.96m);
        total.Decimal("uncertaintyKgCo2e").ShouldBe(9.148m, "√(3² + 4²) % of 182.96");
    }

    [Fact]
    public async Task Calculate_WhatCannotBe_IsAnErrorOfItsOwnBesideTheOthers()
    {
        using var client = await apps.NewTenantAsync();

        var results = (await AskAsync(client, """
            [{"activityType":"natural-gas","quantity":1,"unit":"kWh","region":"GB","date":"2025-03-01"},
             {"activityType":"natural-gas","quantity":1,"unit":"kwhh","region":"GB","date":"2025-03-01"},
             {"activityType":"natural-gas","quantity":1,"unit":"kWh (Gross CV)","region":"GB","date":"2023-03-01"},
             {"activityType":"natural-gas","unit":"kWh (Gross CV)","region":"GB","date":"2025-03-01"},
             {"activityType":"natural-gas","quantity":-1,"unit":"kWh (Gross CV)","region":"GB","date":"2025-03-01"},
             {"activityType":"natural-gas","quantity":1,"unit":"kWh (Gross CV)","region":"GB","date":"soon"},
             null,
             {"activityType":"electricity","quantity":1,"unit":"kWh","region":"GB","date":"2025-03-01","factorId":"egrid2023_CAMX_nonbaseload"},
             {"factorId":"desnz2025_1_100_1000_15","quantity":1,"unit":"t","region":"GB","date":"2025-03-01"}]
            """)).Results;

        results.Take(8).Select(result => result.GetProperty("error").Text("code")).ShouldBe(
        [
            "choose-calorific-basis", "unknown-unit", "no-factor-for-year", "quantity-missing", "negative-quantity", "date-missing", "activity-type-missing", "not-for-inventory",
        ]);
        results.Take(8).ShouldAllBe(result => result.GetProperty("kgCo2e").ValueKind == JsonValueKind.Null && result.GetProperty("error").Text("mend").Length > 10);
        results[8].Decimal("kgCo2e").ShouldBe(3033.38067m, "a factor that is named needs no activity type");
    }

    [Theory]
    [InlineData("5", HttpStatusCode.UnprocessableEntity)]
    [InlineData("""[{"activityType":7}]""", HttpStatusCode.UnprocessableEntity)]
    [InlineData("""{"activities":[],"instruments":[{"kind":"wish"}]}""", HttpStatusCode.UnprocessableEntity)]
    [InlineData("{", HttpStatusCode.BadRequest)]
    public async Task Calculate_ABodyThatIsNone_IsRefusedWithWords(string body, HttpStatusCode status)
    {
        using var client = await apps.NewTenantAsync();

        using var answer = await PostAsync(client, body);

        (await ImportClient.ProblemAsync(answer, status)).Text("title").ShouldNotBeNullOrWhiteSpace();
    }

    private static async Task<(List<JsonElement> Results, JsonElement Total)> AskAsync(ImportClient client, string body)
    {
        using var answer = await PostAsync(client, body);
        var text = await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        answer.StatusCode.ShouldBe(HttpStatusCode.OK, text);
        var response = ImportClient.Parse(text);
        return ([.. response.GetProperty("results").EnumerateArray()], response.GetProperty("total"));
    }

    private static Task<HttpResponseMessage> PostAsync(ImportClient client, string body) =>
        client.Http.PostAsync("/api/v1/calculations", new StringContent(body, Encoding.UTF8, "application/json"), TestContext.Current.CancellationToken);
}
