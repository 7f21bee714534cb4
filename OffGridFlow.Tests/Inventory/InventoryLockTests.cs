using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using OffGridFlow.Core.Identity;
using OffGridFlow.Tests.ActivityData;
using OffGridFlow.Tests.Identity;
using OffGridFlow.Tests.Imports;

namespace OffGridFlow.Tests.Inventory;

/// <summary>The way to a locked inventory, from it, and to it again, through the API with the real database.</summary>
public sealed class InventoryLockTests(SharedApp shared) : IClassFixture<SharedApp>
{
    private readonly TestApp _app = shared.App;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Lock_TellsAllThatIsMissingAtOnce_AndAsksForASecondPerson()
    {
        var client = await EntryClient.NewAsync(_app);
        var period = await LockSteps.PeriodAsync(client.Http);
        var colleague = await client.ColleagueAsync(TenantRole.ComplianceManager);
        var draft = await client.CreateAsync(client.Gas());
        var submitted = await client.CreateAsync(client.Gas("2025-02-01", "2025-02-28"));
        await client.DoAsync(submitted, "submit");
        (await client.SendAsync(HttpMethod.Post, "collection-plan", new { siteId = client.Site, activityType = "diesel", firstDay = "2025-12-01", lastDay = "2025-12-31" })).Status.ShouldBe(201);

        var state = (await client.SendAsync(HttpMethod.Get, $"reporting-periods/{period}/lock")).Body;
        (state.Text("state"), state.GetProperty("ready").GetBoolean(), state.GetProperty("asksForSecondPerson").GetBoolean()).ShouldBe(("open", false, true));
        state.GetProperty("conditions").EnumerateArray().Where(condition => !condition.GetProperty("met").GetBoolean())
            .Select(condition => (condition.Text("code"), condition.Long("count"), condition.GetProperty("warning").GetBoolean()))
            .ShouldBe([("entries-in-draft", 1, false), ("entries-not-approved", 1, false), ("categories-not-decided", 15, false), ("collection-missing", 1, true)]);

        var (status, problem) = await client.SendAsync(HttpMethod.Post, $"reporting-periods/{period}/lock", new { reason = "Done" });
        status.ShouldBe(422);
        problem.GetProperty("errors").EnumerateObject().Select(error => error.Name)
            .ShouldBe(["entries-in-draft", "entries-not-approved", "categories-not-decided", "missingReason"]);

        // The old way says where the new one is.
        var (put, refusal) = await client.SendAsync(
            HttpMethod.Put, $"reporting-periods/{period}", new { name = "FY2025", firstDay = "2025-01-01", lastDay = "2025-12-31", state = "locked" }, version: 1);
        put.ShouldBe(422);
        refusal.Text("detail").ShouldContain($"/inventory/lock/{period}");

        await client.DoAsync(draft, "submit");
        await client.DoAsync(draft, "approve", by: colleague);
        await client.DoAsync(submitted, "approve", by: colleague);
        await LockSteps.DecideAsync(client.Http, period, colleague);
        (await client.SendAsync(HttpMethod.Post, $"reporting-periods/{period}/lock", new { missingReason = "A bus was sold in November" })).Body.GetProperty("errors").TryGetProperty("reason", out _).ShouldBeTrue();

        (status, state) = await client.SendAsync(HttpMethod.Post, $"reporting-periods/{period}/lock", new { reason = "Reviewed for the annual report", missingReason = "A bus was sold in November" });
        status.ShouldBe(200, state.ToString());
        (state.Text("state"), state.GetProperty("asked").Text("action")).ShouldBe(("open", "lockAsked"));
        (await client.SendAsync(HttpMethod.Post, $"reporting-periods/{period}/lock")).Status.ShouldBe(409, "nobody agrees with themselves");
        (status, state) = await client.SendAsync(HttpMethod.Post, $"reporting-periods/{period}/lock", by: colleague);
        status.ShouldBe(200, state.ToString());
        (state.Text("state"), state.GetProperty("snapshots")[0].Text("reason")).ShouldBe(("locked", "Reviewed for the annual report"));
        (await client.SendAsync(HttpMethod.Post, $"reporting-periods/{period}/lock", by: colleague)).Status.ShouldBe(409);

        // Anybody can compute the hash.
        using var document = await client.Http.GetAsync($"/api/v1/reporting-periods/{period}/snapshots/1", Stop);
        var bytes = await document.Content.ReadAsByteArrayAsync(Stop);
        var hash = Convert.ToHexStringLower(SHA256.HashData(bytes));
        state.GetProperty("snapshots")[0].Text("sha256").ShouldBe(hash);
        document.Headers.ETag!.Tag.ShouldBe($"\"{hash}\"");
        var content = JsonDocument.Parse(bytes).RootElement;
        (content.Text("approach"), content.GetProperty("snapshot").Text("missingReason"), content.GetProperty("collection").Long("missing"), content.Text("excludedTonnes"))
            .ShouldBe(("operationalControl", "A bus was sold in November", 1, "12.5"));
        content.GetProperty("categories").GetArrayLength().ShouldBe(15);
        // 2,000 kWh of gas, both approved: what the summary of the ledger says, digit for digit.
        var summary = (await client.SendAsync(HttpMethod.Get, "emissions/summary?from=2025-01-01&to=2025-12-31")).Body;
        decimal.Parse(content.GetProperty("totals").GetProperty("location").GetProperty("total").Text("kgCo2e"), CultureInfo.InvariantCulture)
            .ShouldBe(summary.GetProperty("total").Decimal("kgCo2e"));
        // The base year's comparatives tell it as reported.
        var comparative = (await client.SendAsync(HttpMethod.Get, "base-year")).Body.GetProperty("comparatives").EnumerateArray().Single();
        var reported = comparative.GetProperty("reportedKg");
        (reported.Decimal("scope1") + reported.Decimal("scope2Location") + reported.Decimal("scope3")).ShouldBe(summary.GetProperty("total").Decimal("kgCo2e"));
        (await client.Company.App.OwnerAsync<long>("select count(*) from audit_entries where action in ('inventory.lock-asked', 'inventory.locked') and subject = $1", $"reporting-period/{period}")).ShouldBe(2);
    }

    [Fact]
    public async Task Reopened_TheSnapshotStays_AndTheNextOneIsComparedWithIt()
    {
        var client = await EntryClient.NewAsync(_app);
        var colleague = await client.ColleagueAsync(TenantRole.ComplianceManager);
        var stranger = await EntryClient.NewAsync(_app);
        var entry = await ApprovedAsync(client, client.Gas(), colleague);
        var period = await LockSteps.PeriodAsync(client.Http);
        await LockSteps.DecideAsync(client.Http, period, colleague);
        await TwiceAsync(client, colleague, $"reporting-periods/{period}/lock");
        var first = await TextAsync(client, period, 1);

        // Frozen: the entry, a new one, what is decided.
        var changed = client.Gas(other: ("quantity", 2000m));
        changed["reason"] = "Meter read again";
        var (status, problem) = await client.SendAsync(HttpMethod.Put, $"activities/{entry}", changed, version: 3);
        (status, EntryClient.CodesOf(problem)).ShouldSatisfyAllConditions(both => both.Item1.ShouldBe(422), both => both.Item2.ShouldBe(["period-locked"]));
        problem.ToString().ShouldContain("FY2025 is locked");
        (await client.SendAsync(HttpMethod.Post, "activities", client.Gas("2025-03-01", "2025-03-31"))).Status.ShouldBe(422);
        (await client.SendAsync(HttpMethod.Post, "activities", client.Gas("2025-12-20", "2026-01-10"))).Status.ShouldBe(422, "an entry that touches a locked month is frozen as a whole");
        (await client.ActAsync(entry, "exclude", "It was wrong")).Status.ShouldBe(409);
        (await client.SendAsync(HttpMethod.Post, "activities", client.Gas("2026-01-01", "2026-01-31"))).Status.ShouldBe(201, "the next year is open");

        (await client.SendAsync(HttpMethod.Post, $"reporting-periods/{period}/reopen")).Status.ShouldBe(422, "a reason is asked for");
        await TwiceAsync(client, colleague, $"reporting-periods/{period}/reopen");
        (await client.SendAsync(HttpMethod.Put, $"activities/{entry}", changed, version: 3)).Status.ShouldBe(200);
        await client.DoAsync(entry, "approve", by: colleague);

        var now = (await client.SendAsync(HttpMethod.Get, $"reporting-periods/{period}/snapshots/1/difference")).Body;
        now.GetProperty("to").ValueKind.ShouldBe(JsonValueKind.Null);
        var (reported, restated) = Total(now);
        restated.ShouldBe(2 * reported);
        now.GetProperty("months").EnumerateArray().Select(month => month.GetString()).ShouldBe(["2025-01"]);

        await TwiceAsync(client, colleague, $"reporting-periods/{period}/lock");
        (await client.SendAsync(HttpMethod.Get, $"reporting-periods/{period}/snapshots")).Body.GetProperty("items").EnumerateArray().Select(snapshot => snapshot.Long("number")).ShouldBe([2, 1]);
        (await TextAsync(client, period, 1)).ShouldBe(first, "a snapshot never changes");
        Total((await client.SendAsync(HttpMethod.Get, $"reporting-periods/{period}/snapshots/1/difference?to=2")).Body).ShouldBe((reported, restated));
        (await client.SendAsync(HttpMethod.Get, $"reporting-periods/{period}/snapshots/2/difference")).Body.GetProperty("isEmpty").GetBoolean().ShouldBeTrue();

        foreach (var path in new[] { "lock", "snapshots", "snapshots/1", "snapshots/1/difference" })
        {
            (await stranger.SendAsync(HttpMethod.Get, $"reporting-periods/{period}/{path}")).Status.ShouldBe(404, path);
        }

        (await client.SendAsync(HttpMethod.Get, $"reporting-periods/{period}/snapshots/3")).Status.ShouldBe(404);
        (await stranger.SendAsync(HttpMethod.Post, $"reporting-periods/{period}/lock", new { })).Status.ShouldBe(404, "before what is missing is told");
    }

    [Fact]
    public async Task Request_IsWithdrawn_AndNothingIsLocked()
    {
        var client = await EntryClient.NewAsync(_app);
        var colleague = await client.ColleagueAsync(TenantRole.ComplianceManager);
        var period = await LockSteps.PeriodAsync(client.Http);
        await LockSteps.DecideAsync(client.Http, period, colleague);
        (await client.SendAsync(HttpMethod.Post, $"reporting-periods/{period}/lock", new { reason = "Early" })).Status.ShouldBe(200);

        (await client.SendAsync(HttpMethod.Delete, $"reporting-periods/{period}/lock?reason=Too%20early", by: colleague)).Body.GetProperty("asked").ValueKind.ShouldBe(JsonValueKind.Null);
        (await client.SendAsync(HttpMethod.Delete, $"reporting-periods/{period}/lock")).Status.ShouldBe(409);
        (await client.SendAsync(HttpMethod.Post, $"reporting-periods/{period}/lock", new { reason = "Again" }, by: colleague)).Body.Text("state").ShouldBe("open", "the colleague asks anew");
    }

    private static async Task<Guid> ApprovedAsync(EntryClient client, object fields, HttpClient colleague)
    {
        var entry = await client.CreateAsync(fields);
        await client.DoAsync(entry, "submit");
        await client.DoAsync(entry, "approve", by: colleague);
        return entry;
    }

    /// <summary>Asked for by one, decided by the other.</summary>
    private static async Task TwiceAsync(EntryClient client, HttpClient colleague, string path)
    {
        (await client.SendAsync(HttpMethod.Post, path, new { reason = "Reviewed" })).Status.ShouldBe(200);
        (await client.SendAsync(HttpMethod.Post, path, by: colleague)).Status.ShouldBe(200);
    }

    private static async Task<string> TextAsync(EntryClient client, Guid period, int number) =>
        Encoding.UTF8.GetString(await client.Http.GetByteArrayAsync(FormattableString.Invariant($"/api/v1/reporting-periods/{period}/snapshots/{number}"), Stop));

    private static (decimal Reported, decimal Restated) Total(JsonElement difference)
    {
        var total = difference.GetProperty("rows").EnumerateArray().First(row => row.Text("by") == "total" && row.Text("scope2Method") == "location");
        return (total.Decimal("reportedKgCo2e"), total.Decimal("restatedKgCo2e"));
    }
}
