using System.Net;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using OffGridFlow.Core.ActivityData;
using OffGridFlow.Tests.Imports;

namespace OffGridFlow.Tests.Calculation;

public sealed class EntryLedgerTests(AppFixture apps) : IClassFixture<AppFixture>
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Apply_AYear_EveryEntryIsCalculatedOrAnException_AndTotalsEqualTheScan()
    {
        await using var world = await EntryWorld.CreateAsync(apps);
        var year = world.AYear();

        await world.SaveAsync(year);

        (await world.DifferencesAsync()).ShouldBeEmpty();
        var ledger = world.Client.Ledger;
        (await ledger.TextsAsync("select entry_id || ' ' || code from calculation_exceptions where tenant_id = $1")).ShouldBe([$"{year[7].Id} unit-of-another-group"]);
        var calculated = await ledger.TextsAsync(
            """
            select distinct a.entry_id::text from emission_records e
            join emission_intervals i on i.activity_id = e.activity_id and i.proposal_id is not distinct from e.proposal_id and i.to_sequence is null
            join activity_records a on a.id = e.activity_id where a.tenant_id = $1 and e.kg_co2e is not null order by 1
            """);
        calculated.ShouldBe(year.Take(7).Select(entry => entry.Id.ToString()), ignoreOrder: true);
        // Three months of gas, direct and well-to-tank; the parts of the quantity make the whole.
        var gas = await ledger.ListAsync(
            """
            select e.month, (whole_derivation(null, e.derivation) ->> 'quantity')::numeric from emission_records e join activity_records a on a.id = e.activity_id
            where a.tenant_id = $1 and a.entry_id = $2 and e.scope = 1 order by 1
            """,
            row => (row.GetFieldValue<DateOnly>(0), row.GetDecimal(1)), year[0].Id);
        gas.Select(part => part.Item1).ShouldBe([new(2025, 1, 1), new(2025, 2, 1), new(2025, 3, 1)]);
        gas.Sum(part => part.Item2).ShouldBe(12000.5m);
        // 12000.5 × 17 ÷ 59 days.
        gas[0].Item2.ShouldBe(3457.771186440678m);
        // What cannot be calculated is missing in both views, and zero in none.
        (await ledger.TextsAsync(
            "select scope || ' ' || scope2_method || ' ' || activities_without_result from monthly_totals where tenant_id = $1 and activities_without_result > 0 order by 1"))
            .ShouldBe(["2 Location 1", "2 Market 1"]);
    }

    [Fact]
    public async Task Apply_TheSameAgain_WritesNothing()
    {
        await using var world = await EntryWorld.CreateAsync(apps);
        var year = world.AYear();
        await world.AddInstrumentAsync(30, 0, "2025-03-10", "2025-09-20", world.Leeds);
        await world.SaveAsync(year);
        var before = await world.AllAsync();

        await world.ChangeAsync((unit, ledger) => ledger.ApplyAsync(unit, [.. year.Concat(year).Select(entry => entry.Id), Guid.CreateVersion7()], Stop));
        await world.ChangeAsync((unit, ledger) => ledger.ApplySitesAsync(unit, [world.Leeds, world.Gdansk], Stop));

        (await world.AllAsync()).ShouldBe(before);
    }

    [Fact]
    public async Task Apply_WithoutCommit_LeavesNothing()
    {
        await using var world = await EntryWorld.CreateAsync(apps);
        var year = world.AYear();
        await world.SaveAsync(year);
        var before = await world.AllAsync();

        await world.ChangeAsync(
            async (unit, ledger) =>
            {
                var entry = await unit.Context.ActivityEntries.AsTracking().SingleAsync(known => known.Id == year[0].Id, Stop);
                entry.Quantity = 1;
                await ledger.ApplyAsync(unit, [entry.Id], Stop);
            },
            commit: false);

        (await world.AllAsync()).ShouldBe(before);
    }

    [Fact]
    public async Task Apply_ChangesOfAllKinds_TotalsAlwaysEqualTheScan_AndTheOrderDoesNotMatter()
    {
        await using var world = await EntryWorld.CreateAsync(apps);
        var year = world.AYear().ToList();
        await world.AddInstrumentAsync(40, 0, "2025-01-01", "2025-12-31", world.Leeds, world.Gdansk);
        await world.SaveAsync(year);
        var random = new Random(20251122);

        for (var step = 0; step < 12; step++)
        {
            var entry = year[random.Next(year.Count)];
            switch (random.Next(4))
            {
                case 0: entry.Quantity = random.Next(1, 100_000) / 7m; break;
                case 1: entry.Status = (EntryStatus)random.Next(4); break;
                case 2: entry.PeriodEnd = entry.PeriodStart.AddDays(random.Next(0, 100)); break;
                default: entry.SiteId = random.Next(2) == 0 ? world.Leeds : world.Gdansk; break;
            }

            entry.Quantity = decimal.Round(entry.Quantity, 6);
            await world.SaveAsync(entry);
            (await world.DifferencesAsync()).ShouldBeEmpty(FormattableString.Invariant($"step {step}"));
        }

        // The same entries in a ledger that never knew other ones give the same digits.
        await using var fresh = await EntryWorld.CreateAsync(apps);
        await fresh.AddInstrumentAsync(40, 0, "2025-01-01", "2025-12-31", fresh.Leeds, fresh.Gdansk);
        Guid There(Guid site) => site == world.Leeds ? fresh.Leeds : site == world.Gdansk ? fresh.Gdansk : fresh.Oakland;
        await fresh.SaveAsync([
            .. Enumerable.Reverse(year).Select(entry => fresh.Entry(
                There(entry.SiteId), entry.ActivityType, entry.Quantity, entry.Unit, Day(entry.PeriodStart), Day(entry.PeriodEnd), entry.Status, entry.Gas,
                entry.Quality, entry.UncertaintyPercent)),
        ]);
        (await SumsAsync(fresh)).ShouldBe(await SumsAsync(world));
    }

    [Fact]
    public async Task Apply_AnInstrumentOfTwoSites_IsSharedOutAnew_WhenOneOfThemUsesMore()
    {
        await using var world = await EntryWorld.CreateAsync(apps);
        var leeds = world.Entry(world.Leeds, "electricity", 30_000, "kWh", "2025-05-01", "2025-05-31");
        var gdansk = world.Entry(world.Gdansk, "electricity", 10_000, "kWh", "2025-05-01", "2025-05-31");
        var oakland = world.Entry(world.Oakland, "electricity", 5_000, "kWh", "2025-05-01", "2025-05-31");
        await world.SaveAsync(leeds, gdansk, oakland);
        var untouched = await CoveredAsync(world, oakland.Id);

        var wind = await world.AddInstrumentAsync(20, 0.011m, "2025-01-01", "2025-12-31", world.Leeds, world.Gdansk);
        (await CoveredAsync(world, leeds.Id)).ShouldBe("15000");
        (await CoveredAsync(world, gdansk.Id)).ShouldBe("5000");

        leeds.Quantity = 90_000;
        await world.SaveAsync(leeds);
        (await CoveredAsync(world, leeds.Id)).ShouldBe("18000");
        (await CoveredAsync(world, gdansk.Id)).ShouldBe("2000");

        leeds.Status = EntryStatus.Excluded;
        await world.SaveAsync(leeds);
        (await CoveredAsync(world, leeds.Id)).ShouldBe("0");
        // Never more than was used.
        (await CoveredAsync(world, gdansk.Id)).ShouldBe("10000");
        (await CoveredAsync(world, oakland.Id)).ShouldBe(untouched);
        (await world.DifferencesAsync()).ShouldBeEmpty();

        await world.ChangeAsync(async (unit, ledger) =>
        {
            (await unit.Context.ContractualInstruments.AsTracking().SingleAsync(known => known.Id == wind.Id, Stop)).IsWithdrawn = true;
            await ledger.ApplySitesAsync(unit, wind.SiteIds, Stop);
        });
        (await CoveredAsync(world, gdansk.Id)).ShouldBe("0");
    }

    [Fact]
    public async Task Apply_ASiteThatIsRenamed_ItsFiguresStandUnderTheNewName()
    {
        await using var world = await EntryWorld.CreateAsync(apps);
        await world.SaveAsync(world.AYear());

        await world.ChangeAsync(async (unit, ledger) =>
        {
            (await unit.Context.Sites.AsTracking().SingleAsync(site => site.Id == world.Leeds, Stop)).Name = "Leeds North";
            await ledger.ApplySitesAsync(unit, [world.Leeds], Stop);
        });

        (await world.DifferencesAsync()).ShouldBeEmpty();
        (await world.Client.Ledger.TextsAsync("select distinct account from monthly_totals where tenant_id = $1 order by 1")).ShouldBe(["Gdańsk", "Leeds North", "Oakland"], ignoreOrder: true);
    }

    [Fact]
    public async Task Apply_EntriesByTheThousand_ComesOutAsOneByOne()
    {
        await using var world = await EntryWorld.CreateAsync(apps);
        var many = Enumerable.Range(0, 1_200).Select(number => world.Entry(
            number % 2 == 0 ? world.Leeds : world.Oakland, number % 3 == 0 ? "electricity" : "diesel", 100 + number, number % 3 == 0 ? "kWh" : "l", "2025-01-01", "2025-02-28")).ToList();

        await world.SaveAsync(many);

        (await world.DifferencesAsync()).ShouldBeEmpty();
        (await world.Client.Ledger.CountAsync("activity_records")).ShouldBe(1_200);
        (await world.Client.Ledger.ScalarAsync<long>("select value from ledger_sequences where tenant_id = $1")).ShouldBe(1);
    }

    [Fact]
    public async Task Summary_OfBothViews_NeverAddsThem_AndSaysWhatIsSubmittedAndBiogenic()
    {
        await using var world = await EntryWorld.CreateAsync(apps);
        await world.AddInstrumentAsync(60, 0, "2025-01-01", "2025-12-31", world.Leeds);
        await world.SaveAsync(world.AYear());
        using var client = world.Client;
        await client.ImportAsync(TestBill.File(TestBill.Line("a")));

        var location = await client.SummaryAsync("?groupBy=scope,site");
        var market = await client.SummaryAsync("?groupBy=scope,site&scope2Method=market");

        decimal Of(JsonElement summary, string scope, string site) => summary.GetProperty("groups").EnumerateArray()
            .Where(group => group.GetProperty("keys").Text("scope") == scope && group.GetProperty("keys").Text("site") == site).Sum(group => group.Decimal("kgCo2e"));
        Of(market, "2", "Leeds").ShouldBeLessThan(Of(location, "2", "Leeds"));
        Of(market, "1", "Leeds").ShouldBe(Of(location, "1", "Leeds"));
        Of(market, "3", "").ShouldBe(Of(location, "3", ""));
        Of(market, "3", "").ShouldBeGreaterThan(0);
        var sums = await client.Ledger.ListAsync(
            "select sum(kg_co2e) filter (where scope2_method <> 'Market'), sum(kg_co2e) filter (where scope2_method <> 'Location') from monthly_totals where tenant_id = $1",
            row => (row.GetDecimal(0), row.GetDecimal(1)));
        location.GetProperty("total").Decimal("kgCo2e").ShouldBe(sums[0].Item1);
        market.GetProperty("total").Decimal("kgCo2e").ShouldBe(sums[0].Item2);
        location.GetProperty("total").Decimal("submittedKgCo2e").ShouldBeGreaterThan(0);
        location.GetProperty("total").Decimal("biogenicKgCo2").ShouldBeGreaterThan(0);
        location.GetProperty("coverage").Decimal("measured").ShouldBeGreaterThan(0);
        location.GetProperty("missing").Long("activities").ShouldBe(1);
        var rows = await client.EmissionsAsync();
        rows.Where(row => row.Text("usageClass") == "none").ShouldAllBe(row => row.GetProperty("operationalKgCo2e").ValueKind == JsonValueKind.Null);
        rows.ShouldAllBe(row => row.GetProperty("scope2Method").ValueKind == JsonValueKind.Null || row.Text("scope2Method") == "location");
        (await client.GetAsync("/api/v1/emissions/summary?site=Leeds&scope=1")).GetProperty("total").Decimal("kgCo2e").ShouldBe(Of(location, "1", "Leeds"));
        await client.GetProblemAsync("/api/v1/emissions/summary?scope2Method=both", HttpStatusCode.UnprocessableEntity);
    }

    [Fact]
    public async Task Trail_OfEveryResult_IsReplayed_AndNamesEntryFactorAndSteps()
    {
        await using var world = await EntryWorld.CreateAsync(apps);
        await world.AddInstrumentAsync(30, 0.011m, "2025-03-10", "2025-09-20", world.Leeds);
        await world.AddInstrumentAsync(null, 0.4m, "2025-07-10", "2025-12-31", world.Gdansk);
        var year = world.AYear();
        await world.SaveAsync(year);
        var ids = await world.Client.Ledger.TextsAsync(
            "select e.id::text from emission_records e join emission_intervals i on i.activity_id = e.activity_id and i.proposal_id is not distinct from e.proposal_id and i.to_sequence is null where e.tenant_id = $1 and e.kg_co2e is not null");
        ids.Count.ShouldBeGreaterThan(60);

        foreach (var id in ids)
        {
            var trail = await world.Client.GetAsync($"/api/v1/emissions/{id}/trail");

            var entry = trail.GetProperty("entry");
            entry.GetProperty("replayed").GetBoolean().ShouldBeTrue(trail.ToString());
            entry.GetProperty("steps").GetArrayLength().ShouldBeGreaterThan(0);
            entry.GetProperty("derivation").Decimal("kgCo2e").ShouldBe(trail.GetProperty("emission").Decimal("kgCo2e"));
            entry.GetProperty("history")[0].Text("author").ShouldBe("Grace");
        }

        var missing = await world.Client.Ledger.TextsAsync("select e.id::text from emission_records e where e.tenant_id = $1 and e.quality = 'Missing'");
        var without = await world.Client.GetAsync($"/api/v1/emissions/{missing[0]}/trail");
        without.GetProperty("entry").Text("exception").ShouldContain("cannot be calculated from l");
        without.Text("formula").ShouldStartWith("No result: ");
    }

    [Fact]
    public async Task Trail_OfAResultWhoseDigitWasChanged_SaysSo()
    {
        await using var world = await EntryWorld.CreateAsync(apps);
        await world.SaveAsync(world.Entry(world.Leeds, "natural-gas", 100, "kWh (Gross CV)", "2025-01-01", "2025-01-31"));
        await world.Client.Ledger.ExecuteAsync("update derivations set content = jsonb_set(content, '{factor,co2e}', '0.99') where tenant_id = $1");
        var id = (await world.Client.Ledger.TextsAsync("select id::text from emission_records where tenant_id = $1 and scope = 1")).Single();

        (await world.Client.GetAsync($"/api/v1/emissions/{id}/trail")).GetProperty("entry").GetProperty("replayed").GetBoolean().ShouldBeFalse();
    }

    private static string Day(DateOnly day) => day.ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture);

    private static async Task<string> CoveredAsync(EntryWorld world, Guid entry) => (await world.Client.Ledger.TextsAsync(
        """
        select trim_scale(coalesce(sum((whole_derivation(null, e.derivation) ->> 'factorQuantity')::numeric), 0))::text from emission_records e
        join emission_intervals i on i.activity_id = e.activity_id and i.proposal_id is not distinct from e.proposal_id and i.to_sequence is null join activity_records a on a.id = e.activity_id
        where a.tenant_id = $1 and a.entry_id = $2 and e.instrument_id is not null
        """, entry)).Single();

    private static Task<List<string>> SumsAsync(EntryWorld world) => world.Client.Ledger.TextsAsync(
        """
        select concat_ws(' ', month, scope, category, scope2_method, account, service, activities, activities_without_result, kg_co2e, kilowatt_hours, measured_kg_co2e,
          defaulted_kg_co2e, biogenic_kg_co2, submitted_kg_co2e) from monthly_totals where tenant_id = $1 order by 1
        """);
}
