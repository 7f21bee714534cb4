using OffGridFlow.Core.Calculation;
using OffGridFlow.Core.EmissionFactors;
using OffGridFlow.Infrastructure.EmissionFactors;
using OffGridFlow.Infrastructure.Persistence;
using OffGridFlow.Infrastructure.Persistence.PostgreSql;

namespace OffGridFlow.Tests.EmissionFactors;

public sealed class FactorQueriesTests(FactorWorld world) : IClassFixture<FactorWorld>
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Search_ByBeginningsOfWords_FindsThePublishedFactor()
    {
        var page = await world.Queries(world.First).ListAsync(new FactorFilter("natu gas", Set: "desnz-2025", Unit: "kWh (Gross CV)", Part: FactorPart.Direct), null, 50, Stop);

        var gas = page.Rows.Single(row => row.Factor.Activity == "desnz/fuels/gaseous-fuels/natural-gas");
        gas.KgCo2e.ShouldBe(0.18296m);
        page.Rows[0].ShouldBe(gas, "what begins with the text comes first");
    }

    [Fact]
    public async Task Search_ByPluralsRegionsAndPartsOfWords_Finds()
    {
        var queries = world.Queries(world.First);

        (await queries.ListAsync(new FactorFilter("lubricant united kingdom"), null, 10, Stop)).Rows.ShouldNotBeEmpty();
        (await queries.ListAsync(new FactorFilter("atural gas"), null, 10, Stop)).Rows.ShouldNotBeEmpty();
        (await queries.ListAsync(new FactorFilter("'\\:*&|!() nothing"), null, 10, Stop)).Rows.ShouldBeEmpty();
        (await queries.ListAsync(new FactorFilter("zzzz"), null, 10, Stop)).Rows.ShouldBeEmpty();
    }

    [Fact]
    public async Task List_PageByPage_GivesEachFactorOnceInOrder()
    {
        var queries = world.Queries(world.First);
        foreach (var filter in new[] { new FactorFilter(Set: "egrid-2023"), new FactorFilter("electricity", Set: "ember-2026") })
        {
            var whole = (await queries.ListAsync(filter, null, FactorQueries.MostRows, Stop)).Rows.Select(row => row.Key).ToList();
            List<Guid> paged = [];
            string? cursor = null;
            do
            {
                var page = await queries.ListAsync(filter, cursor, 7, Stop);
                paged.AddRange(page.Rows.Select(row => row.Key));
                cursor = page.NextCursor;
            }
            while (cursor is not null && paged.Count < 2000);

            whole.Count.ShouldBeGreaterThan(14);
            paged.ShouldBe(whole);
        }
    }

    [Fact]
    public async Task List_WithACursorOfNobody_IsRefused() =>
        await Should.ThrowAsync<InvalidCursorException>(() => world.Queries(world.First).ListAsync(FactorFilter.All, "bm9uc2Vuc2U", 5, Stop));

    [Fact]
    public async Task Facets_CountWhatTheListHolds_AndIgnoreTheirOwnCondition()
    {
        var queries = world.Queries(world.First);
        var filter = new FactorFilter("natural gas", Set: "desnz-2025", Part: FactorPart.Upstream);

        var facets = await queries.FacetsAsync(filter, Stop);

        var rows = (await queries.ListAsync(filter, null, 500, Stop)).Rows;
        facets.Total.ShouldBe(rows.Count);
        facets.Units.Sum(unit => unit.Count).ShouldBe(rows.Count);
        facets.Units.ToDictionary(unit => unit.Value, unit => unit.Count).ShouldBe(rows.GroupBy(row => row.Factor.Unit.Symbol).ToDictionary(unit => unit.Key, unit => unit.Count()), ignoreOrder: true);
        facets.Sets.Count.ShouldBeGreaterThan(1, "the other editions could be chosen");
        facets.Parts.Select(part => part.Value).ShouldContain(nameof(FactorPart.Direct));
    }

    [Fact]
    public async Task Detail_OfMasses_SumsThemUnderEachSetOfPotentials_AndComparesEditions()
    {
        var queries = world.Queries(world.First);
        var row = (await queries.ListAsync(new FactorFilter("natural gas", Set: "epa-hub-2025", Unit: "mmBtu (Gross CV)"), null, 50, Stop)).Rows
            .Single(found => found.Factor.Activity == "epa-hub/stationary-combustion/natural-gas/natural-gas");

        var detail = (await queries.FindAsync(row.Key, Stop)).ShouldNotBeNull();

        // EPA GHG Emission Factors Hub 2025, Table 1: 53.06 kg CO2, 1.0 g CH4, 0.10 g N2O; potentials of AR4: 25 and 298, of AR5: 28 (fossil 30 is not used) and 265.
        detail.ByGwp[GwpSet.Ar4].ShouldBe(53.06m + (0.001m * 25m) + (0.0001m * 298m));
        detail.ByGwp[GwpSet.Ar5].ShouldBe(row.KgCo2e!.Value);
        detail.Editions.Single(edition => edition.SetId == "epa-hub-2024").KgCo2e.ShouldNotBeNull();
        detail.UseCount.ShouldBe(0);
    }

    [Fact]
    public async Task Detail_OfANewCategory_SaysWhichEditionLacksIt()
    {
        var lacking = await world.OwnerAsync<Guid>(
            """
            select f.key from emission_factors f join factor_sets s on s.key = f.set_key where s.id = 'desnz-2025' and not exists (
              select from emission_factors o join factor_sets t on t.key = o.set_key where t.id = 'desnz-2024'
                and (o.activity, o.unit, o.region, o.part, o.supply) = (f.activity, f.unit, f.region, f.part, f.supply)) limit 1
            """);

        var detail = (await world.Queries(world.First).FindAsync(lacking, Stop)).ShouldNotBeNull();

        detail.Editions.Single(edition => edition.SetId == "desnz-2024").Stored.ShouldBeNull();
    }

    [Fact]
    public async Task Detail_CountsTheResultsThatCountNow()
    {
        var factor = await world.OwnerAsync<Guid>("select f.key from emission_factors f join factor_sets s on s.key = f.set_key where s.id = 'desnz-2026' order by f.id limit 1");
        await using (var owner = await world.Database.Owner.OpenConnectionAsync(Stop))
        {
            await owner.ExecuteAsync("set session_replication_role = replica", Stop);
            foreach (var (tenant, ended) in new[] { (world.First, false), (world.First, true), (world.Second, false) })
            {
                var (activity, emission) = (Guid.CreateVersion7(), Guid.CreateVersion7());
                await owner.ExecuteAsync(
                    """
                    insert into activity_records (id, tenant_id, key, version, provider, account, service, region, usage_class, period_start, period_end, line_count, cost, currency, recorded_at)
                    values ($1, $2, $1::text, 1, 'entry', 'Bremen', 'Natural gas', 'DE', 'Unknown', '2026-01-01', '2026-01-31', 0, 0, '', now())
                    """,
                    Stop, activity, tenant);
                await owner.ExecuteAsync(
                    """
                    insert into emission_records (id, tenant_id, activity_id, scope, month, method, method_version, comparison_only, kg_co2e, defaulted_kg_co2e, quality, flags, factor_id, factor_set_id)
                    select $1, $2, $3, 1, '2026-01-01', 'm', '1', false, 12.5, 0, 'Measured', '{}', f.id, 'desnz-2026' from emission_factors f where f.key = $4
                    """,
                    Stop, emission, tenant, activity, factor);
                await owner.ExecuteAsync(
                    "insert into emission_intervals (tenant_id, activity_id, from_sequence, to_sequence) values ($1, $2, 1, $3)", Stop, tenant, activity, Sql.Bigint(ended ? 2 : null));
            }
        }

        var detail = (await world.Queries(world.First).FindAsync(factor, Stop)).ShouldNotBeNull();

        detail.UseCount.ShouldBe(1);
        detail.Uses.ShouldHaveSingleItem().KgCo2e.ShouldBe(12.5m);
    }

    [Fact]
    public async Task Potentials_OfTheTenant_MakeTheFigureOfTheList()
    {
        var tenant = await world.AddTenantAsync("ar6");
        var filter = new FactorFilter("natural gas", Set: "epa-hub-2025", Unit: "scf");
        var before = (await world.Queries(tenant).ListAsync(filter, null, 1, Stop)).Rows.Single();

        await world.Settings(tenant).SaveAsync(CalculationPolicy.Default with { Gwp = GwpSet.Sar }, 0, Stop);

        var after = (await world.Queries(tenant).ListAsync(filter, null, 1, Stop)).Rows.Single();
        after.KgCo2e.ShouldNotBe(before.KgCo2e);
        (await world.Queries(world.Second).ListAsync(filter, null, 1, Stop)).Rows.Single().KgCo2e.ShouldBe(before.KgCo2e);
    }

    [Fact]
    public async Task Search_GoesThroughTheIndexOfWords_UnderRowSecurity()
    {
        await using var unit = await world.Open(world.First, out _).OpenAsync(Stop);
        // The function's own statement, as its owner runs it.
        await using var owner = await world.Database.Owner.OpenConnectionAsync(Stop);
        var inside = string.Join('\n', await owner.ListAsync(
            "explain select f.key from emission_factors f where f.search @@ (to_tsquery('simple', '''natural'':*') || to_tsquery('english', '''natural'':*'))", row => row.GetString(0), Stop));
        var (sql, parameters) = FactorQueries.ListStatement(new FactorFilter("natural gas"), null, 60);
        var outside = string.Join('\n', await unit.Connection.ListAsync("explain " + sql, row => row.GetString(0), Stop, parameters));
        var (browse, browseParameters) = FactorQueries.ListStatement(FactorFilter.All, null, 60);
        var unsearched = string.Join('\n', await unit.Connection.ListAsync("explain " + browse, row => row.GetString(0), Stop, browseParameters));

        inside.ShouldContain("ix_emission_factors_search");
        outside.ShouldContain("Function Scan on search_factors");
        outside.ShouldContain("emission_factors_pkey");
        unsearched.ShouldContain("ix_emission_factors_list");
    }
}
