using System.Net.Http.Json;
using OffGridFlow.Tests.ActivityData;
using OffGridFlow.Tests.Identity;

namespace OffGridFlow.Tests.Inventory;

/// <summary>The spread of a stored total is the one that the page of the method works out (docs/methods/uncertainty.md, worked example).</summary>
public sealed class TotalUncertaintyTests(SharedApp shared) : IClassFixture<SharedApp>
{
    [Fact]
    public async Task Summary_OfTheWorkedExample_GivesItsSpread_ForThePartThatStatesOne()
    {
        var client = await EntryClient.NewAsync(shared.App);
        var stop = TestContext.Current.CancellationToken;
        using (var loaded = await client.Http.PostAsJsonAsync(
            "/api/v1/factor-sets",
            new
            {
                title = "Rates", publisher = "A laboratory", source = "Report 7", license = "Own", confirm = true,
                factors = new object[]
                {
                    new { activity = "natural-gas", unit = "kWh (Gross CV)", co2e = 0.2m, region = "GB", validFrom = "2025-01-01", validTo = "2025-12-31", uncertaintyPercent = 10m },
                    new { activity = "diesel-stationary", unit = "l", co2e = 2m, region = "GB", validFrom = "2025-01-01", validTo = "2025-12-31", uncertaintyPercent = 7m },
                },
            },
            stop))
        {
            loaded.StatusCode.ShouldBe(System.Net.HttpStatusCode.Created, await loaded.Content.ReadAsStringAsync(stop));
        }

        var other = await EntryClient.AddSiteAsync(shared.App, client.Company.Tenant, "Second site");
        foreach (var fields in new[]
        {
            client.Gas(other: [("quantity", 500_000m), ("uncertaintyPercent", 5m)]),
            client.Gas(other: [("siteId", other), ("quantity", 250_000m), ("uncertaintyPercent", 3m)]),
            client.Gas(other: [("activityType", "diesel-stationary"), ("quantity", 40_000m), ("unit", "l"), ("uncertaintyPercent", 2m)]),
            // Of petrol neither the entry nor the publisher says how sure it is.
            client.Gas(other: [("activityType", "petrol-stationary"), ("quantity", 1_000m), ("unit", "l")]),
        })
        {
            await client.DoAsync(await client.CreateAsync(fields), "submit");
        }

        // A reversal errs as what it takes back: together they are nothing, surely.
        var mistaken = await client.CreateAsync(client.Gas("2025-03-01", "2025-03-31", ("quantity", 90_000m), ("uncertaintyPercent", 50m)));
        await client.DoAsync(mistaken, "submit");
        await client.DoAsync(mistaken, "reverse", "Another meter");

        var (_, summary) = await client.SendAsync(HttpMethod.Get, "emissions/summary?scope=1");

        summary.GetProperty("total").GetProperty("kgCo2e").GetDecimal().ShouldBeGreaterThan(230_000m);
        var uncertainty = summary.GetProperty("uncertainty");
        uncertainty.GetProperty("statedKgCo2e").GetDecimal().ShouldBe(230_000m);
        uncertainty.GetProperty("kgCo2e").GetDecimal().ShouldBe(16_916.559933981850m);
        var nothing = (await client.SendAsync(HttpMethod.Get, "emissions/summary?scope=1&from=2024-01-01&to=2024-12-31")).Body.GetProperty("uncertainty");
        (nothing.GetProperty("statedKgCo2e").GetDecimal(), nothing.GetProperty("kgCo2e").GetDecimal()).ShouldBe((0m, 0m));
    }
}
