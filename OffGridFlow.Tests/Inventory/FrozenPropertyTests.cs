using System.Net;
using OffGridFlow.Tests.Calculation;
using OffGridFlow.Tests.Imports;

namespace OffGridFlow.Tests.Inventory;

/// <summary>Whatever is done to an organization with a locked year, in any order, its snapshot, entries, results and totals stay as they are.</summary>
public sealed class FrozenPropertyTests(AppFixture apps) : IClassFixture<AppFixture>
{
    private const int Steps = 60;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task AnySequence_OfEditsImportsAndRuns_ChangesNothingOfALockedYear(int seed)
    {
        await using var world = await EntryWorld.CreateAsync(apps);
        var http = world.Client.Http;
        await world.AddInstrumentAsync(20, 0.011m, "2025-03-10", "2026-12-31", world.Leeds);
        await world.SaveAsync(
            world.Entry(world.Leeds, "natural-gas", 12000.5m, "kWh (Gross CV)", "2025-01-15", "2025-03-14"), world.Entry(world.Leeds, "electricity", 120.5m, "MWh", "2025-01-01", "2025-12-31"),
            world.Entry(world.Gdansk, "electricity", 31248, "kWh", "2025-07-01", "2025-07-31"), world.Entry(world.Leeds, "refrigerant-leak", 3.2m, "kg", "2025-06-03", "2025-06-03", gas: "R-410A"),
            world.Entry(world.Oakland, "electricity", 1000, "kWh", "2025-12-20", "2026-01-10"), world.Entry(world.Gdansk, "diesel", 10, "l", "2026-01-02", "2026-01-03"));
        await world.Client.ImportAsync(TestBill.File(TestBill.Line("a", month: "2025-03"), TestBill.Line("b", month: "2025-04")), "spring.csv");
        var period = await LockSteps.LockedAsync(http);
        var frozen = await LockSteps.FrozenAsync(world.Client.Ledger, period);
        frozen.Count.ShouldBeGreaterThan(20);
        var random = new Random(seed);
        var done = new Dictionary<string, (int Made, int Refused)>();

        for (var step = 0; step < Steps; step++)
        {
            var (what, status) = await DoAsync(world, random, step);
            // Refused with a sentence, or done: nothing falls.
            status.ShouldBeOneOf([200, 201, 202, 204, 404, 409, 412, 422]);
            var (made, refused) = done.GetValueOrDefault(what);
            done[what] = status < 300 ? (made + 1, refused) : (made, refused + 1);
            if (step % 10 == 9)
            {
                (await LockSteps.FrozenAsync(world.Client.Ledger, period)).ShouldBe(frozen, FormattableString.Invariant($"seed {seed}, step {step}, {what}"));
            }
        }

        (await world.DifferencesAsync()).ShouldBeEmpty();
        (await LockSteps.SendAsync(http, HttpMethod.Get, $"reporting-periods/{period}/snapshots/1/difference")).Body.GetProperty("isEmpty").GetBoolean().ShouldBeTrue();
        // Else nothing was tried: most kinds of change were made somewhere and refused somewhere.
        done.Values.Count(count => count.Made > 0).ShouldBeGreaterThan(4, string.Join(", ", done));
        done.Values.Count(count => count.Refused > 0).ShouldBeGreaterThan(3, string.Join(", ", done));
    }

    private static async Task<(string What, int Status)> DoAsync(EntryWorld world, Random random, int step)
    {
        var http = world.Client.Http;
        var site = new[] { world.Leeds, world.Gdansk, world.Oakland }[random.Next(3)];
        var from = new[] { new DateOnly(2024, 10, 1), new DateOnly(2025, 6, 1), new DateOnly(2026, 2, 1) }[random.Next(3)].AddDays(random.Next(60));
        var isFuel = random.Next(2) == 0;
        var to = from.AddDays(random.Next(20));
        switch (random.Next(10))
        {
            case 0 or 1:
                var (created, _) = await LockSteps.SendAsync(http, HttpMethod.Post, "activities", new
                {
                    siteId = site, activityType = isFuel ? "diesel" : "electricity", quantity = random.Next(1, 100), unit = isFuel ? "l" : "kWh", from, to,
                    confirmed = new[] { "overlapping-period", "unusual-quantity", "duplicate-row" },
                });
                return ("enter", created);
            case 2:
                var entry = await AnyAsync(world, random, "select id::text || ' ' || version from activity_entries where tenant_id = $1 order by id");
                var action = new[] { "submit", "approve", "return", "exclude", "restore", "reverse" }[random.Next(6)];
                return ("act", (await LockSteps.SendAsync(http, HttpMethod.Post, $"activities/{entry.Split(' ')[0]}/{action}", new { reason = "To see" })).Status);
            case 3:
                using (var upload = await world.Client.UploadAsync(TestBill.File(TestBill.Line(FormattableString.Invariant($"l{step}"), month: random.Next(2) == 0 ? "2025-05" : "2026-01")), FormattableString.Invariant($"bill{step}.csv"), mode: "append"))
                {
                    if (upload.StatusCode != HttpStatusCode.Accepted) return ("import", (int)upload.StatusCode);
                    return ("import", (await world.Client.EndedAsync(await ImportClient.IdAsync(upload))).Text("status") == "failed" ? 409 : 200);
                }

            case 4:
                var import = await AnyAsync(world, random, "select id::text from imports where tenant_id = $1 order by id");
                return ("undo", (await LockSteps.SendAsync(http, HttpMethod.Delete, "imports/" + import)).Status);
            case 5:
                return ("contract", (await LockSteps.SendAsync(http, HttpMethod.Post, "instruments", new
                {
                    kind = "greenTariff", name = FormattableString.Invariant($"Tariff {step}"), firstDay = random.Next(2) == 0 ? "2025-11-01" : "2026-01-01", lastDay = "2026-12-31", siteIds = new[] { site },
                    kgCo2ePerKwh = 0.01m, criteriaMet = new[] { "conveysRate", "soleClaim", "retired", "vintage", "sameMarket", "deliveredMix", "residualMixKnown" },
                })).Status);
            case 6:
                return ("site", random.Next(2) == 0
                    ? await ChangeSiteAsync(http, site, "GB", FormattableString.Invariant($"Renamed {step}")) : await ChangeSiteAsync(http, site, random.Next(2) == 0 ? "DE" : "FR", null));
            case 7:
                return ("rate", await LoadRatesAsync(http, step));
            case 8:
                var proposed = await LockSteps.SendAsync(http, HttpMethod.Post, "calculation-runs", new { title = "What if", policy = new { gwp = random.Next(2) == 0 ? "ar6" : "ar5" } });
                var id = proposed.Body.GetProperty("id").GetGuid();
                await Eventually.BeAsync(async () => (await LockSteps.SendAsync(http, HttpMethod.Get, $"calculation-runs/{id}")).Body.Text("state") != "calculating", "a run");
                return ("run", (await LockSteps.SendAsync(http, HttpMethod.Post, $"calculation-runs/{id}/approve", new { })).Status);
            default:
                return ("account map", (await LockSteps.SendAsync(http, HttpMethod.Post, "account-maps", new
                {
                    vendor = FormattableString.Invariant($"Vendor {step}"), isCountedPhysically = true, reason = "By meter", validFrom = random.Next(2) == 0 ? "2025-06-01" : "2026-01-01",
                })).Status);
        }
    }

    private static async Task<int> ChangeSiteAsync(HttpClient http, Guid site, string country, string? name)
    {
        var was = (await LockSteps.SendAsync(http, HttpMethod.Get, $"sites/{site}")).Body;
        using var request = new HttpRequestMessage(HttpMethod.Put, $"/api/v1/sites/{site}")
        {
            Content = System.Net.Http.Json.JsonContent.Create(new { organizationId = was.Text("organizationId"), name = name ?? was.Text("name"), country }),
        };
        request.Headers.IfMatch.ParseAdd(FormattableString.Invariant($"\"{was.Long("version")}\""));
        using var answer = await http.SendAsync(request, Stop);
        return (int)answer.StatusCode;
    }

    private static async Task<int> LoadRatesAsync(HttpClient http, int step)
    {
        using var content = new StringContent(FormattableString.Invariant($"from,to,month,value,source\nEUR,USD,2025-06,1.{step + 10},Central bank\n"), System.Text.Encoding.UTF8, "text/csv");
        using var answer = await http.PostAsync("/api/v1/exchange-rates?replace=true", content, Stop);
        return (int)answer.StatusCode;
    }

    private static async Task<string> AnyAsync(EntryWorld world, Random random, string sql)
    {
        var all = await world.Client.Ledger.TextsAsync(sql);
        return all[random.Next(all.Count)];
    }
}
