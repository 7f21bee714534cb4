using System.Text.Json;
using OffGridFlow.Core.Identity;
using OffGridFlow.Core.Quantities;
using OffGridFlow.Tests.ActivityData;
using OffGridFlow.Tests.Identity;
using OffGridFlow.Tests.Imports;

namespace OffGridFlow.Tests.Targets;

/// <summary>The example of docs/methods/base-year.md, targets and scenarios, through the API with the real database.</summary>
public sealed class BaseYearApiTests(SharedApp shared) : IClassFixture<SharedApp>
{
    private readonly TestApp _app = shared.App;

    [Fact]
    public async Task BaseYear_IsSet_Changes_AndIsRecalculatedByTwo()
    {
        var client = await EntryClient.NewAsync(_app);
        var colleague = await client.ColleagueAsync(TenantRole.ComplianceManager);
        var (period, _) = (await PeriodAsync(client, 2024), await PeriodAsync(client, 2025));
        var (polish, holding) = await HoldAsync(client, "Gdańsk works", "Nordwerk Polska");
        await ReportAsync(client, client.Site, 1000m, 2024, colleague);
        await ReportAsync(client, polish, 200m, 2024, colleague);
        (await client.SendAsync(HttpMethod.Get, "base-year/effects")).Status.ShouldBe(409, "there is no policy");

        (await client.SendAsync(HttpMethod.Put, "base-year", new { periodId = period, reason = "The first year with all meters" })).Status.ShouldBe(200);
        (await client.SendAsync(HttpMethod.Post, "base-year/approve", new { version = 1 })).Status.ShouldBe(409, "nobody approves what they wrote");
        (await client.SendAsync(HttpMethod.Post, "base-year/approve", new { version = 1 }, by: colleague)).Status.ShouldBe(200);
        var effects = await EffectsAsync(client);
        (Kg(effects, "standingKg", "scope3"), effects.GetProperty("changes").GetArrayLength(), effects.GetProperty("isSignificant").GetBoolean()).ShouldBe((1_000_000m, 0, false));

        // An invoice that was missing: 0.5 %.
        await ReportAsync(client, client.Site, 5m, 2024, colleague);
        // Growth of its own changes nothing: another year, and a site that did not exist.
        await ReportAsync(client, await EntryClient.AddSiteAsync(_app, client.Company.Tenant, "New hall", opened: "2025-01-01"), 900m, 2025, colleague);
        effects = await EffectsAsync(client);
        var change = effects.GetProperty("changes").EnumerateArray().Single();
        (change.Text("kind"), Kg(change, "kg", "scope3"), effects.GetProperty("needsDecision").GetBoolean()).ShouldBe(("error", 5000m, false));

        // Control since 1 May 2026: all of its base year, not 245 of 365 days.
        await _app.OwnerAsync<int>("with held as (update ownerships set operational_control = true, valid_from = '2026-05-01' where id = $1 returning 1) select count(*)::int from held", holding);
        effects = await EffectsAsync(client);
        effects.GetProperty("changes").EnumerateArray().Select(row => (row.Text("kind"), Kg(row, "kg", "scope3"))).ShouldBe([("error", 5000m), ("structural", 200_000m)]);
        (Kg(effects, "recalculatedKg", "scope3"), effects.GetProperty("needsDecision").GetBoolean()).ShouldBe((1_205_000m, true));
        var group = effects.GetProperty("groups")[0];
        (group.GetProperty("share").GetDecimal(), group.GetProperty("isSignificant").GetBoolean()).ShouldBe((0.205m, true));

        var sequence = effects.GetProperty("sequence").GetInt64();
        (await DecideAsync(client, "recalculated", null, sequence)).Status.ShouldBe(422);
        (await DecideAsync(client, "set", "Why", sequence)).Status.ShouldBe(422);
        (await DecideAsync(client, "recalculated", "Bought", sequence - 1)).Status.ShouldBe(412);
        (await client.SendAsync(HttpMethod.Post, "base-year/decisions/approve", new { number = 7 }, by: colleague)).Status.ShouldBe(404);

        // Kept: the decision is known, what was found goes on adding up.
        (await DecideAsync(client, "kept", "The purchase is not final", sequence)).Status.ShouldBe(200);
        (await ApproveAsync(client, 2, colleague)).Status.ShouldBe(200);
        effects = await EffectsAsync(client);
        (effects.GetProperty("isSignificant").GetBoolean(), effects.GetProperty("needsDecision").GetBoolean(), Kg(effects, "standingKg", "scope3")).ShouldBe((true, false, 1_000_000m));

        (await DecideAsync(client, "recalculated", "Bought on 1 May 2026", sequence)).Status.ShouldBe(200);
        (await ApproveAsync(client, 3)).Status.ShouldBe(409, "nobody approves what they decided");
        await ReportAsync(client, client.Site, 1m, 2024, colleague);
        (await ApproveAsync(client, 3, colleague)).Status.ShouldBe(409, "the figures have moved since");
        sequence = (await EffectsAsync(client)).GetProperty("sequence").GetInt64();
        (await DecideAsync(client, "recalculated", "Bought on 1 May 2026", sequence)).Status.ShouldBe(200);
        (await ApproveAsync(client, 4, colleague)).Status.ShouldBe(200);
        effects = await EffectsAsync(client);
        (Kg(effects, "standingKg", "scope3"), effects.GetProperty("changes").GetArrayLength()).ShouldBe((1_206_000m, 0));

        // After it, only what is new counts, whole.
        await ReportAsync(client, polish, 3m, 2024, colleague);
        (await EffectsAsync(client)).GetProperty("changes").EnumerateArray().Select(row => (row.Text("kind"), Kg(row, "kg", "scope3"))).ShouldBe([("error", 3000m)]);

        var view = (await client.SendAsync(HttpMethod.Get, "base-year")).Body;
        view.GetProperty("decisions").EnumerateArray().Select(row => row.Text("choice")).ShouldBe(["recalculated", "recalculated", "kept", "set"]);
        var year = view.GetProperty("comparatives").EnumerateArray().Single(row => row.Text("period") == "FY2024");
        (year.GetProperty("reportedKg").ValueKind, Kg(year, "restatedKg", "scope3"), Kg(year, "proFormaKg", "scope3")).ShouldBe((JsonValueKind.Null, 1_006_000m, 1_209_000m));
        (await _app.OwnerAsync<long>("select count(*) from base_year_decisions where tenant_id = $1", client.Company.Tenant)).ShouldBe(6, "1 set, 1 kept and approved, 1 that was never approved, 1 recalculated and approved");

        // A target on the base year follows it, and says so.
        var (status, target) = await client.SendAsync(HttpMethod.Post, "targets", new { name = "All by 2030", scopes = new[] { 1, 2, 3 }, basePeriodId = period, targetYear = 2030, reduction = 0.42m });
        status.ShouldBe(201, target.ToString());
        var path = (await client.SendAsync(HttpMethod.Get, $"targets/{target.Text("id")}/path")).Body;
        (path.GetProperty("baseValue").GetDecimal(), path.GetProperty("recalculated").GetProperty("baseValueAsFirstSet").GetDecimal()).ShouldBe((1_206_000m, 1_000_000m));
        var points = path.GetProperty("years").EnumerateArray().ToDictionary(row => row.GetProperty("year").GetInt32());
        (points[2030].GetProperty("path").GetDecimal(), points[2025].GetProperty("actual").GetDecimal()).ShouldBe((1_206_000m * 0.58m, 900_000m));
        points[2025].GetProperty("gap").GetDecimal().ShouldBe(900_000m - (1_206_000m * 0.93m));
        points[2026].GetProperty("actual").ValueKind.ShouldBe(JsonValueKind.Null);
    }

    /// <summary>A company that joined on 16 May of the base year: what counts of its May are the days of its own entries, in every number.</summary>
    [Fact]
    public async Task BaseYear_InWhichAnEntityJoinedWithinAMonth_CountsTheDaysOfItsEntries()
    {
        var client = await EntryClient.NewAsync(_app);
        var colleague = await client.ColleagueAsync(TenantRole.ComplianceManager);
        var (period, next) = (await PeriodAsync(client, 2024), await PeriodAsync(client, 2025));
        var (polish, holding) = await HoldAsync(client, "Gdańsk works", "Nordwerk Polska");
        await _app.OwnerAsync<int>("with held as (update ownerships set operational_control = true, valid_from = '2024-05-16' where id = $1 returning 1) select count(*)::int from held", holding);
        await ReportAsync(client, client.Site, 1000m, 2024, colleague);
        // 20 days, of which the 10 from the 16th on count: 100 t. A month that lay evenly would count by 16 of 31 days.
        await ReportAsync(client, polish, 200m, "2024-05-06", "2024-05-25", colleague);
        (await client.SendAsync(HttpMethod.Put, "base-year", new { periodId = period, reason = "The first year with all meters" })).Status.ShouldBe(200);
        (await client.SendAsync(HttpMethod.Post, "base-year/approve", new { version = 1 }, by: colleague)).Status.ShouldBe(200);

        var effects = await EffectsAsync(client);
        Kg(effects, "standingKg", "scope3").ShouldBe(1_100_000m);
        // As the group is today all of the company's base year counts.
        effects.GetProperty("changes").EnumerateArray().Select(row => (row.Text("kind"), Kg(row, "kg", "scope3"))).ShouldBe([("structural", 100_000m)]);

        // A late invoice of days that count is an error by all of it; one of days before is none.
        await ReportAsync(client, polish, 10m, "2024-05-16", "2024-05-25", colleague);
        await ReportAsync(client, polish, 30m, "2024-05-01", "2024-05-10", colleague);
        effects = await EffectsAsync(client);
        effects.GetProperty("changes").EnumerateArray().Select(row => (row.Text("kind"), Kg(row, "kg", "scope3"))).ShouldBe([("error", 10_000m), ("structural", 130_000m)]);
        Kg(effects, "recalculatedKg", "scope3").ShouldBe(1_240_000m);
        var year = (await client.SendAsync(HttpMethod.Get, "base-year")).Body.GetProperty("comparatives").EnumerateArray().Single(row => row.Text("period") == "FY2024");
        (Kg(year, "restatedKg", "scope3"), Kg(year, "proFormaKg", "scope3")).ShouldBe((1_110_000m, 1_240_000m));

        // Causes of a change and the sources of a scenario count the same.
        var causes = (await client.SendAsync(HttpMethod.Get, $"inventory/decomposition?from={period}&to={next}")).Body;
        (Number(causes, "beforeKg"), Number(causes, "afterKg")).ShouldBe((1_110_000m, 0m));
        var (_, target) = await client.SendAsync(HttpMethod.Post, "targets", new { name = "Suppliers", scopes = new[] { 3 }, basePeriodId = period, targetYear = 2030, reduction = 0.42m });
        var (_, scenario) = await client.SendAsync(HttpMethod.Post, "scenarios", new
        {
            targetId = target.Text("id"), name = "As it is", startPeriodId = period, growthPerYear = 0,
            levers = new[] { new { name = "None", kind = "activity", scope = 1, change = -0.1m, fromYear = 2025, toYear = 2026 } },
        });
        Number((await client.SendAsync(HttpMethod.Get, $"scenarios/{scenario.Text("id")}/result")).Body.GetProperty("years").EnumerateArray().First(), "withoutKg").ShouldBe(1_110_000m);
    }

    [Fact]
    public async Task Run_ThatReachesTheBaseYear_ShowsItsEffect_BeforeAndAfterItsApproval()
    {
        var client = await EntryClient.NewAsync(_app);
        var colleague = await client.ColleagueAsync(TenantRole.ComplianceManager);
        var period = await PeriodAsync(client, 2024);
        await EnterAsync(client, new { siteId = client.Site, activityType = "refrigerant-leak", quantity = 3.2m, unit = "kg", gas = "R-410A", from = "2024-06-01", to = "2024-06-30" }, colleague);
        await EnterAsync(client, new { siteId = client.Site, activityType = "refrigerant-leak", quantity = 1m, unit = "kg", gas = "R-410A", from = "2025-06-01", to = "2025-06-30" }, colleague);
        (await client.SendAsync(HttpMethod.Put, "base-year", new { periodId = period })).Status.ShouldBe(200);
        (await client.SendAsync(HttpMethod.Post, "base-year/approve", new { version = 1 }, by: colleague)).Status.ShouldBe(200);
        var standing = Kg(await EffectsAsync(client), "standingKg", "scope1");

        var (_, run) = await client.SendAsync(HttpMethod.Post, "calculation-runs", new { title = "AR6", policy = new { gwp = "AR6" } });
        var id = run.Text("id");
        await Eventually.BeAsync(async () => (await client.SendAsync(HttpMethod.Get, "calculation-runs/" + id)).Body.Text("state") == "proposed", "the difference of the run");
        var before = await EffectsAsync(client, id);
        before.GetProperty("changes").GetArrayLength().ShouldBe(0);
        var proposed = Kg(before.GetProperty("proposed"), "kg", "scope1");
        var years = (await client.SendAsync(HttpMethod.Get, $"calculation-runs/{id}/difference?groupBy=year")).Body.GetProperty("groups").EnumerateArray();
        // The whole of the calendar year 2024, and nothing of 2025.
        proposed.ShouldBe(years.Single(row => row.GetProperty("keys").Text("year") == "2024").GetProperty("differenceKgCo2e").GetDecimal());
        proposed.ShouldNotBe(0m);
        before.GetProperty("groupsWithProposed")[0].GetProperty("effectKg").GetDecimal().ShouldBe(proposed);
        (await client.SendAsync(HttpMethod.Get, $"base-year/effects?runId={Guid.NewGuid()}")).Status.ShouldBe(404);

        (await client.SendAsync(HttpMethod.Post, $"calculation-runs/{id}/approve", new { }, by: colleague)).Status.ShouldBe(200);
        var after = await EffectsAsync(client);
        var change = after.GetProperty("changes").EnumerateArray().Single();
        (change.Text("kind"), change.Text("runId"), Kg(change, "kg", "scope1"), Kg(after, "recalculatedKg", "scope1")).ShouldBe(("method", id, proposed, standing + proposed));
    }

    [Fact]
    public async Task Scenario_IsWorkedOut_AndTheLedgerStays()
    {
        var client = await EntryClient.NewAsync(_app);
        var stranger = await EntryClient.NewAsync(_app);
        var colleague = await client.ColleagueAsync(TenantRole.ComplianceManager);
        var (first, second) = (await PeriodAsync(client, 2024), await PeriodAsync(client, 2025));
        await EnterAsync(client, client.Gas("2024-01-01", "2024-12-31"), colleague);
        await EnterAsync(client, client.Gas("2025-01-01", "2025-12-31", ("quantity", 1200m)), colleague);
        var (hash, results) = await LedgerAsync(client);

        var (_, target) = await client.SendAsync(HttpMethod.Post, "targets", new { name = "Scope 1", scopes = new[] { 1 }, basePeriodId = first, targetYear = 2030, path = "absoluteContraction", reduction = 0.042m });
        var lever = new { name = "Insulation", kind = "activity", scope = 1, change = -0.5m, fromYear = 2026, toYear = 2027 };
        var (status, scenario) = await client.SendAsync(HttpMethod.Post, "scenarios", new { targetId = target.Text("id"), name = "Warm halls", startPeriodId = second, growthPerYear = 0, levers = new[] { lever } });
        status.ShouldBe(201, scenario.ToString());
        var result = (await client.SendAsync(HttpMethod.Get, $"scenarios/{scenario.Text("id")}/result")).Body;
        var causes = (await client.SendAsync(HttpMethod.Get, $"inventory/decomposition?from={first}&to={second}")).Body;

        var gas = causes.GetProperty("sources").EnumerateArray().Single(row => row.GetProperty("scope").GetInt32() == 1);
        var (e0, e1) = (Number(gas, "beforeKg"), Number(gas, "afterKg"));
        var last = result.GetProperty("years").EnumerateArray().Last();
        (last.GetProperty("year").GetInt32(), Number(last, "withoutKg"), Number(last, "withKg")).ShouldBe((2030, e1, e1 - Exact.Product(e1, 0.5m)));
        // 4.2 % of the base year in each of six years.
        var allowed = e0 - Exact.Product(e0, 0.252m);
        Number(result, "targetKg").ShouldBe(allowed);
        Number(result, "gapKg").ShouldBe(Number(last, "withKg") - allowed);

        // A year of 366 days and one of 365; the quantity of a year lies evenly over its days, and the whole year is read: 1,000 and 1,200.
        Math.Round(Number(gas, "activityKg"), 6).ShouldBe(Math.Round((e1 - e0 + (1.2m * e0) - (e1 / 1.2m)) / 2m, 6));
        (Number(causes, "activityKg") + Number(causes, "factorKg") + Number(causes, "methodKg") + Number(causes, "boundaryKg")).ShouldBe(Number(causes, "afterKg") - Number(causes, "beforeKg"));
        foreach (var (year, side) in new[] { (2024, "beforeKg"), (2025, "afterKg") })
        {
            var total = (await client.SendAsync(HttpMethod.Get, FormattableString.Invariant($"emissions/summary?from={year}-01-01&to={year}-12-31"))).Body.GetProperty("total").GetProperty("kgCo2e").GetDecimal();
            Number(causes, side).ShouldBe(total);
        }

        (await LedgerAsync(client)).ShouldBe((hash, results), "scenarios and targets are arithmetic on figures that were read");
        foreach (var path in new[] { $"targets/{target.Text("id")}", $"targets/{target.Text("id")}/path", $"scenarios/{scenario.Text("id")}", $"scenarios/{scenario.Text("id")}/result", $"inventory/decomposition?from={first}&to={second}" })
        {
            (await stranger.SendAsync(HttpMethod.Get, path)).Status.ShouldBe(404, path);
        }

        (await stranger.SendAsync(HttpMethod.Put, $"targets/{target.Text("id")}", new { name = "x" }, version: 1)).Status.ShouldBe(404);
        (await client.SendAsync(HttpMethod.Put, $"targets/{target.Text("id")}", new { name = "x" })).Status.ShouldBe(428);
        (await client.SendAsync(HttpMethod.Put, $"targets/{target.Text("id")}", new { name = "x", scopes = new[] { 4 } }, version: 1)).Status.ShouldBe(422);
        (await client.SendAsync(HttpMethod.Get, $"inventory/decomposition?from={first}")).Status.ShouldBe(422);
        (await client.SendAsync(HttpMethod.Post, "targets", new { name = "Scope 1", scopes = new[] { 1 }, basePeriodId = first, targetYear = 2024, reduction = 2 })).Body.GetProperty("errors")
            .EnumerateObject().Select(field => field.Name).Order(StringComparer.Ordinal).ShouldBe(["name", "reduction", "targetYear"]);
    }

    [Fact]
    public async Task Intensity_SaysWhatIsMissing_AndNeverAddsCurrencies()
    {
        var client = await EntryClient.NewAsync(_app);
        var colleague = await client.ColleagueAsync(TenantRole.ComplianceManager);
        var (first, second) = (await PeriodAsync(client, 2024), await PeriodAsync(client, 2025));
        await ReportAsync(client, client.Site, 1000m, 2024, colleague);
        await ReportAsync(client, client.Site, 900m, 2025, colleague);
        await RevenueAsync(client, first, 2_000_000m, "EUR");
        var (_, target) = await client.SendAsync(
            HttpMethod.Post, "targets",
            new { name = "Per euro", kind = "intensity", denominator = "revenue", scopes = new[] { 3 }, categories = new[] { 1 }, basePeriodId = first, targetYear = 2026, path = "yearOnYear", reduction = 0.07m });

        var path = (await client.SendAsync(HttpMethod.Get, $"targets/{target.Text("id")}/path")).Body;
        (path.Text("unit"), Number(path, "baseValue")).ShouldBe(("EUR", 0.5m));
        var years = path.GetProperty("years").EnumerateArray().ToList();
        (Number(years[1], "path"), years[1].GetProperty("actual").ValueKind).ShouldBe((0.465m, JsonValueKind.Null));
        years[1].Text("obstacle").ShouldContain("missing, not zero");

        await RevenueAsync(client, second, 3_000_000m, "USD");
        path = (await client.SendAsync(HttpMethod.Get, $"targets/{target.Text("id")}/path")).Body;
        path.GetProperty("baseValue").ValueKind.ShouldBe(JsonValueKind.Null);
        path.GetProperty("years")[1].Text("obstacle").ShouldContain("EUR, USD");
    }

    private static decimal Number(JsonElement element, string name) => element.GetProperty(name).GetDecimal();

    private static decimal Kg(JsonElement element, string name, string scope) => element.GetProperty(name).GetProperty(scope).GetDecimal();

    private static async Task<JsonElement> EffectsAsync(EntryClient client, string? run = null)
    {
        var (status, body) = await client.SendAsync(HttpMethod.Get, "base-year/effects" + (run is null ? "" : "?runId=" + run));
        status.ShouldBe(200, body.ToString());
        return body;
    }

    private static Task<(int Status, JsonElement Body)> DecideAsync(EntryClient client, string choice, string? reason, long sequence) =>
        client.SendAsync(HttpMethod.Post, "base-year/decisions", new { choice, reason, sequence });

    private static Task<(int Status, JsonElement Body)> ApproveAsync(EntryClient client, int number, HttpClient? by = null) =>
        client.SendAsync(HttpMethod.Post, "base-year/decisions/approve", new { number }, by: by);

    private static async Task<Guid> PeriodAsync(EntryClient client, int year)
    {
        var (status, body) = await client.SendAsync(
            HttpMethod.Post, "reporting-periods", new { name = FormattableString.Invariant($"FY{year}"), firstDay = FormattableString.Invariant($"{year}-01-01"), lastDay = FormattableString.Invariant($"{year}-12-31") });
        status.ShouldBe(201, body.ToString());
        return body.GetProperty("id").GetGuid();
    }

    /// <summary>Emissions that a supplier has reported: category 1, to the kilogram.</summary>
    private static Task ReportAsync(EntryClient client, Guid site, decimal tonnes, int year, HttpClient colleague) => EnterAsync(
        client,
        new
        {
            siteId = site, activityType = "reported-goods", quantity = tonnes, unit = "t CO2e", from = FormattableString.Invariant($"{year}-01-01"), to = FormattableString.Invariant($"{year}-12-31"),
            note = "Supplier", reference = Guid.NewGuid().ToString("N"), confirmed = new[] { "overlap", "duplicate", "outlier" },
        },
        colleague);

    private static Task ReportAsync(EntryClient client, Guid site, decimal tonnes, string from, string to, HttpClient colleague) => EnterAsync(
        client, new { siteId = site, activityType = "reported-goods", quantity = tonnes, unit = "t CO2e", from, to, note = "Supplier", reference = Guid.NewGuid().ToString("N") }, colleague);

    private static async Task EnterAsync(EntryClient client, object fields, HttpClient colleague)
    {
        var id = await client.CreateAsync(fields);
        await client.DoAsync(id, "submit");
        await client.DoAsync(id, "approve", by: colleague);
    }

    /// <summary>Half of another company, without control of it.</summary>
    private static async Task<(Guid Site, Guid Holding)> HoldAsync(EntryClient client, string site, string entity)
    {
        var key = await EntryClient.AddSiteAsync(client.Company.App, client.Company.Tenant, site);
        var holding = await client.Company.App.OwnerAsync<Guid>(
            """
            with named as (update organizations set name = $3 where name = $2 and tenant_id = $1 returning id)
            insert into ownerships (id, tenant_id, parent_id, child_id, share, financial_control, operational_control, version)
            select $4, $1, (select s.organization_id from sites s where s.id = $5), named.id, 0.5, false, false, 1 from named returning id
            """,
            client.Company.Tenant, site, entity, Guid.CreateVersion7(), client.Site);
        return (key, holding);
    }

    private static Task<int> RevenueAsync(EntryClient client, Guid period, decimal revenue, string currency) => client.Company.App.OwnerAsync<int>(
        """
        with written as (
          insert into business_figures (tenant_id, organization_id, period_id, version, revenue, currency, author, at)
          select $1, s.organization_id, $2, 1, $3, $4, 'Ada', now() from sites s where s.id = $5 returning 1)
        select count(*)::int from written
        """,
        client.Company.Tenant, period, revenue, currency, client.Site);

    private static async Task<(string Hash, long Results)> LedgerAsync(EntryClient client)
    {
        var state = (await client.SendAsync(HttpMethod.Get, "ledger?hash=true")).Body;
        var hashes = state.GetProperty("hashes").EnumerateArray().ToList();
        return (string.Join(' ', hashes.Select(row => row.Text("sha256"))), hashes.Sum(row => row.GetProperty("results").GetInt64()));
    }
}
