using System.Text.Json;
using OffGridFlow.Core.Identity;
using OffGridFlow.Tests.ActivityData;
using OffGridFlow.Tests.Identity;
using OffGridFlow.Tests.Imports;

namespace OffGridFlow.Tests.Inventory;

/// <summary>Decisions on the 15 categories of Scope 3, through the API with the real database.</summary>
public sealed class BoundaryDecisionsTests(SharedApp shared) : IClassFixture<SharedApp>
{
    private readonly TestApp _app = shared.App;

    [Fact]
    public async Task Category_IsDecided_ApprovedByAnother_AndDecidedAgain()
    {
        var client = await EntryClient.NewAsync(_app);
        var period = await PeriodAsync(client);
        var colleague = await client.ColleagueAsync(TenantRole.ComplianceManager);

        var rows = (await ListAsync(client, period)).ToList();
        rows.Select(row => row.GetProperty("category").GetInt32()).ShouldBe(Enumerable.Range(1, 15));
        rows.ShouldAllBe(row => row.GetProperty("decision").ValueKind == JsonValueKind.Null && row.GetProperty("version").GetInt32() == 0);

        var (status, excluded) = await DecideAsync(client, period, 10, new { decision = "excluded", reason = "Sold parts are built in by 400 customers, none of whom answers", estimatedTonnes = 12.5m, reviewOn = "2027-01-31" });
        status.ShouldBe(200, excluded.ToString());
        (excluded.Text("decision"), excluded.GetProperty("estimatedTonnes").GetDecimal(), excluded.GetProperty("version").GetInt32()).ShouldBe(("excluded", 12.5m, 1));
        (await ApproveAsync(client, period, 10, 1)).Status.ShouldBe(409, "two people may write here, and nobody approves what they decided");
        (await ApproveAsync(client, period, 10, 0, colleague)).Status.ShouldBe(412);
        var approved = (await ApproveAsync(client, period, 10, 1, colleague)).Body;
        (approved.GetProperty("version").GetInt32(), approved.Text("approvedBy")).ShouldSatisfyAllConditions(both => both.Item1.ShouldBe(2), both => both.Item2.ShouldNotBeEmpty());
        (await ApproveAsync(client, period, 10, 2, colleague)).Status.ShouldBe(409);

        // Another decision has to be approved anew; what was decided before stays.
        var again = (await DecideAsync(client, period, 10, new { decision = "included", version = 2 })).Body;
        (again.Text("decision"), again.GetProperty("approvedAt").ValueKind, again.GetProperty("estimatedTonnes").ValueKind).ShouldBe(("included", JsonValueKind.Null, JsonValueKind.Null));
        (await client.Company.App.OwnerAsync<long>("select count(*) from boundary_decisions where period_id = $1 and category = 10", period)).ShouldBe(3);
    }

    [Fact]
    public async Task Category_WithEmissions_DoesApply_AndReasonsAreAsked()
    {
        var client = await EntryClient.NewAsync(_app);
        var stranger = await EntryClient.NewAsync(_app);
        var period = await PeriodAsync(client);
        // Gas brings its well-to-tank part to category 3.
        await client.DoAsync(await client.CreateAsync(client.Gas()), "submit");
        var third = (await ListAsync(client, period)).ElementAt(2);
        third.GetProperty("kgCo2e").GetDecimal().ShouldBeGreaterThan(0);

        foreach (var (category, field, body) in new (int, string, object)[]
        {
            (3, "choice", new { decision = "notApplicable", reason = "We burn nothing" }), (4, "reason", new { decision = "notApplicable" }),
            (4, "reason", new { decision = "excluded", estimatedTonnes = 1 }), (4, "estimatedTonnes", new { decision = "excluded", reason = "Small" }),
            (4, "estimatedTonnes", new { decision = "excluded", reason = "Small", estimatedTonnes = -1 }), (4, "choice", new { decision = "perhaps" }),
        })
        {
            var (status, problem) = await DecideAsync(client, period, category, body);
            status.ShouldBe(422, field);
            problem.GetProperty("errors").TryGetProperty(field, out _).ShouldBeTrue(FormattableString.Invariant($"{category} {field}: {problem}"));
        }

        (await DecideAsync(client, period, 16, new { decision = "included" })).Status.ShouldBe(422);
        (await DecideAsync(client, period, 3, new { decision = "included", version = 4 })).Status.ShouldBe(412);
        (await DecideAsync(stranger, period, 3, new { decision = "included" })).Status.ShouldBe(404);
        (await stranger.SendAsync(HttpMethod.Get, $"reporting-periods/{period}/categories")).Status.ShouldBe(404);

        await client.Company.App.OwnerAsync<int>("with held as (update reporting_periods set state = 'Locked' where id = $1 returning 1) select count(*)::int from held", period);
        (await DecideAsync(client, period, 3, new { decision = "included" })).Status.ShouldBe(409, "the period is locked");
    }

    private static async Task<Guid> PeriodAsync(EntryClient client)
    {
        var (status, body) = await client.SendAsync(HttpMethod.Post, "reporting-periods", new { name = "FY2025", firstDay = "2025-01-01", lastDay = "2025-12-31" });
        status.ShouldBe(201, body.ToString());
        return body.GetProperty("id").GetGuid();
    }

    private static async Task<JsonElement.ArrayEnumerator> ListAsync(EntryClient client, Guid period) =>
        (await client.SendAsync(HttpMethod.Get, $"reporting-periods/{period}/categories")).Body.GetProperty("items").EnumerateArray();

    private static Task<(int Status, JsonElement Body)> DecideAsync(EntryClient client, Guid period, int category, object body)
    {
        var fields = JsonSerializer.SerializeToNode(body)!.AsObject();
        fields["category"] = category;
        return client.SendAsync(HttpMethod.Put, $"reporting-periods/{period}/categories", fields);
    }

    private static Task<(int Status, JsonElement Body)> ApproveAsync(EntryClient client, Guid period, int category, int version, HttpClient? by = null) =>
        client.SendAsync(HttpMethod.Post, $"reporting-periods/{period}/categories/approve", new { category, version }, by: by);
}
