using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using OffGridFlow.Core.EmissionFactors;
using OffGridFlow.Infrastructure.Calculation;
using OffGridFlow.Tests.Imports;

namespace OffGridFlow.Tests.Calculation;

/// <summary>
/// Every row of the published tables, asked over HTTP for one unit in its year, comes out as it is published. Rows that a set corrects or leaves out
/// are listed with their reason in its <c>corrections.csv</c>, and only those.
/// </summary>
public sealed class PublishedRowsTests(AppFixture apps) : IClassFixture<AppFixture>
{
    private const int AtOnce = 1000;
    private const decimal KilogramsPerPound = 0.45359237m;

    private static readonly CalculationReference Reference = new();

    [Theory]
    [InlineData("desnz_2024.csv", "desnz-2024", 2024)]
    [InlineData("desnz_2025.csv", "desnz-2025", 2025)]
    [InlineData("desnz_2026.csv", "desnz-2026", 2026)]
    [InlineData("epa_ghg_hub_2024.csv", "epa-hub-2024", 2024)]
    [InlineData("epa_ghg_hub_2025.csv", "epa-hub-2025", 2025)]
    public async Task EveryRow_OfAFactorTable_CalculatesAsPublished(string file, string set, int year)
    {
        var rows = ReferenceTable.Parse(file, await File.ReadAllTextAsync(SharedFiles.Require("factors/" + file), TestContext.Current.CancellationToken)).Rows.ToList();
        var shipped = Reference.Sets.Single(candidate => candidate.Set.Id == set);
        var corrected = shipped.Corrections.Where(correction => correction.Column is not ("scopes" or "data_from" or "co2")).Select(correction => correction.Id).ToHashSet();
        var beside = shipped.Corrections.Where(correction => correction is { Column: "scopes", Used: "memo" }).Select(correction => correction.Id).ToHashSet();
        var factors = shipped.Factors.ToDictionary(factor => factor.Id);

        rows.Where(row => !factors.ContainsKey(row.Text("id"))).Select(row => row.Text("id")).ShouldBeSubsetOf(corrected, "A row that is not shipped has its reason.");
        var asked = rows.Where(row => factors.ContainsKey(row.Text("id")) && !corrected.Contains(row.Text("id"))).ToList();
        asked.Count.ShouldBeGreaterThan(rows.Count * 7 / 10);
        // Parts that share an activity, as generation and losses of electricity do, are asked for by the row's own name.
        var shared = shipped.Factors.GroupBy(factor => factor.Activity).Where(group => group.DistinctBy(factor => factor.Part).Count() > 1).Select(group => group.Key).ToHashSet();
        var answers = await AskAsync(asked.Select(row => factors[row.Text("id")]).Zip(asked, (factor, row) => new Question(
            factor.Activity, row.Text("unit"), factor.Region, shared.Contains(factor.Activity) ? factor.Id : null)), year);

        foreach (var (row, answer) in asked.Zip(answers))
        {
            answer.GetProperty("error").ValueKind.ShouldBe(JsonValueKind.Null, $"{row.Text("id")}: {answer}");
            answer.GetProperty("factor").Text("id").ShouldBe(row.Text("id"));
            if (beside.Contains(row.Text("id")))
            {
                answer.Decimal("nonKyotoKgCo2e").ShouldBe(row.Number("co2e"), row.Text("id"));
                answer.Decimal("kgCo2e").ShouldBe(0m, row.Text("id"));
            }
            else
            {
                Compare(row, answer);
            }
        }
    }

    [Theory]
    [InlineData("egrid_2022_subregion.csv", 2022)]
    [InlineData("egrid_2023_subregion.csv", 2023)]
    public async Task EverySubregion_OfEgrid_CalculatesAsPublished(string file, int year)
    {
        var rows = ReferenceTable.Parse(file, await File.ReadAllTextAsync(SharedFiles.Require("factors/" + file), TestContext.Current.CancellationToken)).Rows.ToList();
        var answers = await AskAsync(rows.Select(row => new Question("electricity", "MWh", row.Text("subregion") is "US" or "US Average" ? "US" : "US-" + row.Text("subregion"), null)), year);

        foreach (var (row, answer) in rows.Zip(answers))
        {
            answer.GetProperty("error").ValueKind.ShouldBe(JsonValueKind.Null, $"{row.Text("subregion")}: {answer}");
            var gases = answer.GetProperty("gases");
            foreach (var (gas, column) in new[] { ("CO2", "co2"), ("CH4", "ch4"), ("N2O", "n2o") })
            {
                gases.Decimal(gas).ShouldBe(row.Number($"total_output_{column}_lb_per_mwh") * KilogramsPerPound, $"{row.Text("subregion")} {gas}");
            }

            // Published beside the rates as a ready sum in kg per kWh, rounded to eight decimals.
            (answer.Decimal("kgCo2e") / 1000m).ShouldBe(row.Number("co2e_kg_per_kwh_ar5"), 0.000000006m);
        }
    }

    private static void Compare(ReferenceRow row, JsonElement answer)
    {
        var id = row.Text("id");
        if (row.Text("scope_hint") == "memo")
        {
            answer.Decimal("biogenicKgCo2").ShouldBe(row.Number("co2"), id);
            answer.Decimal("kgCo2e").ShouldBe(0m, id);
        }
        else if (row.OptionalNumber("co2e") is { } co2e)
        {
            answer.Decimal("kgCo2e").ShouldBe(decimal.Round(co2e, 12, MidpointRounding.ToEven), id);
        }
        else
        {
            var masses = new[] { ("CO2", "co2", 1m), ("CH4", "ch4", 28m), ("N2O", "n2o", 265m) }.Where(gas => row.OptionalNumber(gas.Item2) is not null).ToList();
            masses.ShouldNotBeEmpty(id);
            // CO2 of living matter, which the table has in the column of CO2, stands beside the total.
            var biogenic = answer.Decimal("biogenicKgCo2");
            foreach (var (gas, column, _) in masses.Where(gas => gas.Item1 != "CO2" || biogenic == 0))
            {
                answer.GetProperty("gases").Decimal(gas).ShouldBe(row.Number(column), $"{id} {gas}");
            }

            biogenic.ShouldBeOneOf(0m, row.OptionalNumber("co2") ?? 0m);
            answer.Decimal("kgCo2e").ShouldBe(masses.Where(gas => gas.Item1 != "CO2" || biogenic == 0).Sum(gas => row.Number(gas.Item2) * gas.Item3), id);
        }
    }

    private async Task<List<JsonElement>> AskAsync(IEnumerable<Question> rows, int year)
    {
        using var client = await apps.NewTenantAsync();
        var results = new List<JsonElement>();
        foreach (var some in rows.Chunk(AtOnce))
        {
            using var answer = await client.Http.PostAsJsonAsync(
                "/api/v1/calculations",
                some.Select(row => new { activityType = row.Activity, quantity = 1, unit = row.Unit, region = row.Region, factorId = row.FactorId, date = string.Create(CultureInfo.InvariantCulture, $"{year}-06-30") }),
                TestContext.Current.CancellationToken);
            answer.StatusCode.ShouldBe(HttpStatusCode.OK);
            var body = await answer.Content.ReadFromJsonAsync<JsonElement>(TestContext.Current.CancellationToken);
            results.AddRange(body.GetProperty("results").EnumerateArray());
        }

        return results;
    }

    private sealed record Question(string Activity, string Unit, string Region, string? FactorId);
}
