using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using OffGridFlow.Core.Identity;
using OffGridFlow.Infrastructure.ActivityData;
using OffGridFlow.Tests.Identity;
using OffGridFlow.Tests.Imports;

namespace OffGridFlow.Tests.ActivityData;

/// <summary>The collection plan, completeness and gap filling through the API, with the real database.</summary>
public sealed class CollectionPlanTests(SharedApp shared) : IClassFixture<SharedApp>
{
    private const string Year = "completeness?from=2025-01-01&to=2025-12-31";

    private readonly TestApp _app = shared.App;

    /// <summary>100 kWh a day in February 2024 and January 2025, 200 a day in March 2025; nothing in February 2025.</summary>
    [Fact]
    public async Task Gap_IsValued_Filled_TakenBack_AndReplacedByTheActual()
    {
        var client = await EntryClient.NewAsync(_app);
        var source = await PlanAsync(client);
        foreach (var (from, to, quantity) in new[] { ("2024-02-01", "2024-02-29", 2900m), ("2025-01-01", "2025-01-31", 3100m), ("2025-03-01", "2025-03-31", 6200m) })
        {
            await client.DoAsync(await client.CreateAsync(client.Gas(from, to, ("quantity", quantity))), "submit");
        }

        var (before, february) = (await GetAsync(client, Year), await MonthAsync(client, "2025-02"));
        (Number(before, "expected"), Number(before, "missing")).ShouldBe((12m, 10m));
        (february.Text("state"), february.GetProperty("coveredDays").GetInt32(), february.Text("due")).ShouldBe(("missing", 0, "2025-03-15"));
        var leap = (await GetAsync(client, "emissions/summary?from=2024-02-01&to=2024-02-29")).GetProperty("total").GetProperty("kgCo2e").GetDecimal();
        Number(february, "missingKgCo2e").ShouldBe(decimal.Round(leap * 28 / 29, 12), "28 days at the mass a day of February 2024");
        var total = (await GetAsync(client, "emissions/summary?from=2025-01-01&to=2025-12-31")).GetProperty("total").GetProperty("kgCo2e").GetDecimal();

        var estimates = await GetAsync(client, $"completeness/{source}/estimates?from=2025-02-01&to=2025-02-28");
        estimates.Text("unit").ShouldBe("kWh (Gross CV)");
        estimates.GetProperty("proposals").EnumerateArray().Select(row => (row.Text("method"), Number(row, "quantity"))).ShouldBe([("sameDaysLastYear", 2800m), ("neighbors", 4200m)]);
        var (status, filled) = await FillAsync(client, source, "neighbors");
        (status, Number(filled, "quantity")).ShouldBe((201, 4200m));
        var entry = await client.FindAsync(filled.GetProperty("activityId").GetGuid());
        (entry.Text("status"), entry.Text("quality"), entry.GetProperty("isAccrual").GetBoolean()).ShouldBe(("submitted", "estimated", true));
        entry.Text("note").ShouldBe("As much a day as in the month before and the month after: 9300 kWh (Gross CV) on 62 days from 2025-01-01 to 2025-03-31, × 28 ÷ 62.");
        (await MonthAsync(client, "2025-02")).Text("state").ShouldBe("waitingForApproval");
        (await FillAsync(client, source, "neighbors")).Status.ShouldBe(409, "the days have data now");

        await client.DoAsync(entry.GetProperty("id").GetGuid(), "exclude", "Taken back");
        (await MonthAsync(client, "2025-02")).Text("state").ShouldBe("missing");
        (await GetAsync(client, "emissions/summary?from=2025-01-01&to=2025-12-31")).GetProperty("total").GetProperty("kgCo2e").GetDecimal().ShouldBe(total);

        var again = (await FillAsync(client, source, "sameDaysLastYear")).Body.GetProperty("activityId").GetGuid();
        var actual = await client.CreateAsync(client.Gas("2025-02-01", "2025-02-28", ("quantity", 5000m)));
        await client.DoAsync(actual, "submit");
        (await client.StatusAsync(again)).ShouldBe("excluded", "the actual of the same days takes the place of what stood in");
        await client.DoAsync(actual, "approve");
        (await MonthAsync(client, "2025-02")).Text("state").ShouldBe("measured");
    }

    [Fact]
    public async Task Plan_RefusesWhatCannotBe_AndAnotherTenantSeesNothing()
    {
        var client = await EntryClient.NewAsync(_app);
        var stranger = await EntryClient.NewAsync(_app);
        var source = await PlanAsync(client);

        foreach (var (field, body) in new (string, object)[]
        {
            ("siteId", new { siteId = stranger.Site, activityType = "diesel", firstDay = "2025-01-01" }),
            ("activityType", new { siteId = client.Site, activityType = "moonlight", firstDay = "2025-01-01" }),
            ("firstDay", new { siteId = client.Site, activityType = "natural-gas", firstDay = "2026-01-01" }),
            ("firstDay", new { siteId = client.Site, activityType = "diesel" }),
            ("months", new { siteId = client.Site, activityType = "diesel", firstDay = "2025-01-01", months = new[] { 13 } }),
            ("dueDays", new { siteId = client.Site, activityType = "diesel", firstDay = "2025-01-01", dueDays = -1 }),
            ("lastDay", new { siteId = client.Site, activityType = "diesel", firstDay = "2025-01-01", lastDay = "2024-01-01" }),
            ("frequency", new { siteId = client.Site, activityType = "diesel", firstDay = "2025-01-01", frequency = "hourly" }),
        })
        {
            var (status, problem) = await client.SendAsync(HttpMethod.Post, "collection-plan", body);
            status.ShouldBe(422, field);
            problem.GetProperty("errors").TryGetProperty(field, out _).ShouldBeTrue($"{field}: {problem}");
        }

        (await stranger.SendAsync(HttpMethod.Get, $"collection-plan/{source}")).Status.ShouldBe(404);
        (await FillAsync(stranger, source, "neighbors")).Status.ShouldBe(404);
        (await stranger.SendAsync(HttpMethod.Delete, $"collection-plan/{source}", version: 1)).Status.ShouldBe(404);
        (await GetAsync(stranger, Year)).GetProperty("sources").GetArrayLength().ShouldBe(0);
        foreach (var query in new[] { "", "?from=2025-01-01", "?from=2025-01-01&to=2024-01-01", "?from=2020-01-01&to=2025-01-01" })
        {
            (await client.SendAsync(HttpMethod.Get, "completeness" + query)).Status.ShouldBe(422, query);
        }

        (await FillAsync(client, source, "guess")).Status.ShouldBe(422);
        (await FillAsync(client, source, "neighbors")).Status.ShouldBe(409, "there is nothing to estimate from");
        (await client.SendAsync(HttpMethod.Delete, $"collection-plan/{source}", version: 7)).Status.ShouldBe(412);
        (await client.SendAsync(HttpMethod.Delete, $"collection-plan/{source}", version: 1)).Status.ShouldBe(204);
    }

    /// <summary>Twelve trips of a day each are no meter that is read too seldom.</summary>
    [Fact]
    public async Task PlanWhatIsEntered_ExpectsEachAsOftenAsItComes()
    {
        var client = await EntryClient.NewAsync(_app);
        foreach (var (type, unit, from, to) in new[]
        {
            ("electricity", "kWh", "2025-01-01", "2025-01-31"), ("heat", "kWh", "2025-01-01", "2025-03-31"), ("waste-scrap-metal-recycling", "t", "2025-01-01", "2025-12-31"),
            ("diesel", "l", "2025-01-09", "2025-01-09"), ("diesel", "l", "2025-02-03", "2025-02-03"), ("steam", "kWh", "2025-01-01", "2025-03-31"), ("steam", "kWh", "2025-04-01", "2025-04-30"),
        })
        {
            await client.DoAsync(await client.CreateAsync(client.Gas(from, to, ("activityType", type), ("unit", unit), ("quantity", 1m))), "submit");
        }

        await using var scope = _app.App.Services.CreateAsyncScope();
        scope.ServiceProvider.GetRequiredService<CurrentUser>().Become(new Actor(client.Company.Tenant, Guid.CreateVersion7(), "Tester", TenantRole.Admin));
        (await scope.ServiceProvider.GetRequiredService<CollectionPlan>().PlanWhatIsEnteredAsync(TestContext.Current.CancellationToken)).ShouldBe(5);

        var plan = (await GetAsync(client, "collection-plan")).GetProperty("items").EnumerateArray().Select(row => $"{row.Text("activityType")} {row.Text("frequency")}").Order(StringComparer.Ordinal).ToList();
        plan.ShouldBe(["diesel whenItHappens", "electricity monthly", "heat quarterly", "steam monthly", "waste-scrap-metal-recycling yearly"]);
    }

    private static async Task<Guid> PlanAsync(EntryClient client)
    {
        var (status, body) = await client.SendAsync(HttpMethod.Post, "collection-plan", new { siteId = client.Site, activityType = "Natural gas", firstDay = "2024-01-01" });
        status.ShouldBe(201, body.ToString());
        (body.Text("activityType"), body.Text("frequency"), body.GetProperty("dueDays").GetInt32()).ShouldBe(("natural-gas", "monthly", 15));
        return body.GetProperty("id").GetGuid();
    }

    private static async Task<JsonElement> GetAsync(EntryClient client, string path)
    {
        var (status, body) = await client.SendAsync(HttpMethod.Get, path);
        status.ShouldBe(200, body.ToString());
        return body;
    }

    private static async Task<JsonElement> MonthAsync(EntryClient client, string month) =>
        (await GetAsync(client, Year)).GetProperty("sources")[0].GetProperty("months").EnumerateArray().Single(row => row.Text("month") == month);

    private static Task<(int Status, JsonElement Body)> FillAsync(EntryClient client, Guid source, string method) =>
        client.SendAsync(HttpMethod.Post, $"completeness/{source}/fill", new { from = "2025-02-01", to = "2025-02-28", method });

    private static decimal Number(JsonElement row, string name) => row.GetProperty(name).GetDecimal();
}
