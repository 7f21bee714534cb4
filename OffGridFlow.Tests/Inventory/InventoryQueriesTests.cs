using System.Globalization;
using OffGridFlow.Core.ActivityData;
using OffGridFlow.Core.Calculation;
using OffGridFlow.Core.Inventory;
using OffGridFlow.Core.Organizations;
using OffGridFlow.Infrastructure.Inventory;
using OffGridFlow.Infrastructure.Persistence.PostgreSql;

namespace OffGridFlow.Tests.Inventory;

public sealed class InventoryQueriesTests(AppFixture apps) : IClassFixture<AppFixture>
{
    private static readonly InventoryDimension[] All = Enum.GetValues<InventoryDimension>();

    [Theory]
    [InlineData(ConsolidationApproach.EquityShare, "equity share", "4282.40")]
    [InlineData(ConsolidationApproach.FinancialControl, "financial control", "4338.40")]
    [InlineData(ConsolidationApproach.OperationalControl, "operational control", "4338.40")]
    public async Task Example_HasTheNumbersOfItsPage(ConsolidationApproach approach, string row, string market)
    {
        await using var world = await InventoryWorld.CreateAsync(apps);
        var printed = InventoryWorld.Printed(row);

        var summary = await world.SummarizeAsync(approach, InventoryDimension.Scope, InventoryDimension.Category);

        decimal Of(string scope, string category) => summary.Groups.SingleOrDefault(group => group.Keys.SequenceEqual([scope, category]))?.Figures.KgCo2e ?? 0;
        Of("1", "0").ShouldBe(printed["Scope 1"]);
        Of("2", "0").ShouldBe(printed["Scope 2"]);
        foreach (var category in new[] { "1", "3", "8", "15" })
        {
            Of("3", category).ShouldBe(printed["category " + category]);
        }

        summary.Groups.Sum(group => group.Figures.KgCo2e).ShouldBe(printed["total"]);
        summary.Total.KgCo2e.ShouldBe(printed["total"]);
        summary.OutsideKgCo2e.ShouldBe(printed["outside"]);
        (await world.SummarizeAsync(InventoryWorld.Year(approach, Scope2Method.Market))).Total.KgCo2e.ShouldBe(decimal.Parse(market, CultureInfo.InvariantCulture));
    }

    [Fact]
    public async Task Example_Gases_AddUpToTheTotal()
    {
        await using var world = await InventoryWorld.CreateAsync(apps);

        var total = (await world.SummarizeAsync(ConsolidationApproach.OperationalControl)).Total;

        (total.Co2, total.Ch4, total.N2o, total.Unsplit).ShouldBe((4463.23m, 0.98m, 1.33m, 49.86m));
        (total.Hfcs, total.Pfcs, total.Sf6, total.Nf3).ShouldBe((0, 0, 0, 0));
    }

    [Theory]
    [InlineData(ConsolidationApproach.EquityShare, 54)]
    [InlineData(ConsolidationApproach.FinancialControl, 90)]
    [InlineData(ConsolidationApproach.OperationalControl, 90)]
    public async Task AcquisitionInTheMiddleOfAMonth_CountsFromItsDay(ConsolidationApproach approach, decimal mill)
    {
        await using var world = await InventoryWorld.CreateAsync(apps, joins: "2025-05-11");

        var summary = await world.SummarizeAsync(approach, InventoryDimension.Site);

        summary.Groups.Single(group => group.Keys[0] == "Mill").Figures.KgCo2e.ShouldBe(mill);
        summary.Outside.Single(entity => entity.OrganizationId == world.Works).KgCo2e.ShouldBe(300 - mill);
    }

    /// <summary>Any breakdown makes the total, every figure of it, with shares and days that do not divide.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task AnyGrouping_AddsUpToTheTotal(int seed)
    {
        await using var world = await InventoryWorld.CreateAsync(apps, joins: "2025-05-11");
        var random = new Random(seed);
        await world.ChangeAsync(async (unit, ledger) =>
        {
            var tenant = unit.Actor.TenantId;
            unit.Context.AddRange(
                new Ownership { Id = Guid.CreateVersion7(), TenantId = tenant, ParentId = world.Parent, ChildId = world.Venture, Share = 0.123456789m, FinancialControl = false, OperationalControl = false, ValidFrom = InventoryWorld.Day("2025-06-14") },
                new Lease
                {
                    Id = Guid.CreateVersion7(), TenantId = tenant, OrganizationId = world.Works, SiteId = world.Mill, Asset = "Mill", Kind = LeaseKind.Operating, Role = LeaseRole.Lessor,
                    EquityShare = LeaseScope.Scope3, FinancialControl = LeaseScope.Scope1And2, OperationalControl = LeaseScope.Scope3, ValidFrom = InventoryWorld.Day("2025-03-02"), ValidTo = InventoryWorld.Day("2025-09-17"),
                });
            (string Type, string Unit, string? Gas)[] types =
                [("natural-gas", "kWh (Gross CV)", null), ("electricity", "kWh", null), ("refrigerant-leak", "kg", "R-410A"), ("freight-rigid", "t.km", null), ("diesel", "l", null), ("electricity", "m3", null)];
            var entries = Enumerable.Range(0, 40).Select(_ =>
            {
                var (type, symbol, gas) = types[random.Next(types.Length)];
                var from = new DateOnly(2025, 1, 1).AddDays(random.Next(330));
                return world.Entry(
                    new[] { world.Head, world.Depot, world.Mill, world.Quarry }[random.Next(4)], type, random.Next(1, 1_000_000) / 997m, symbol, from.ToString("O", CultureInfo.InvariantCulture),
                    from.AddDays(random.Next(35)).ToString("O", CultureInfo.InvariantCulture), gas, random.Next(3) == 0 ? EntryStatus.Submitted : EntryStatus.Approved);
            }).ToList();
            foreach (var entry in entries)
            {
                entry.Quantity = decimal.Round(entry.Quantity, 6);
            }

            unit.Context.AddRange(entries);
            await ledger.ApplyAsync(unit, [.. entries.Select(entry => entry.Id)], TestContext.Current.CancellationToken);
        });

        foreach (var approach in Enum.GetValues<ConsolidationApproach>())
        {
            var total = (await world.SummarizeAsync(approach)).Total;
            total.KgCo2e.ShouldNotBe(0);
            foreach (var groupBy in All.Select(one => new[] { one }).Append([InventoryDimension.Scope, InventoryDimension.Category]).Append(All))
            {
                var summary = await world.SummarizeAsync(approach, groupBy);
                summary.Groups.Aggregate(InventoryFigures.Zero, (sum, group) => sum + group.Figures).ShouldBe(total, string.Join(' ', groupBy));
                summary.Total.ShouldBe(total);
            }

            // What counts, what stands in category 15 and what is outside make what the ledger holds.
            var everything = await world.Client.Ledger.ScalarAsync<decimal>("select sum(kg_co2e) from monthly_totals where tenant_id = $1 and scope2_method <> 'Market'");
            var summed = await world.SummarizeAsync(approach);
            (summed.Total.KgCo2e + summed.OutsideKgCo2e).ShouldBe(everything);
        }
    }

    [Fact]
    public async Task MonthsInWhichNothingChanges_AreReadFromTheRollUpAlone()
    {
        await using var world = await InventoryWorld.CreateAsync(apps);
        using var totals = new MonthlyTotalsCache();
        await world.ChangeAsync(async (unit, _) =>
        {
            async Task<long> ReadsAsync(string from)
            {
                var before = await ScansAsync();
                var filter = InventoryWorld.Year(ConsolidationApproach.EquityShare) with { From = InventoryWorld.Day(from) };
                await InventoryQueries.SummarizeAsync(unit, totals, filter, All, TestContext.Current.CancellationToken);
                return await ScansAsync() - before;
            }

            Task<long> ScansAsync() => unit.Connection.ScalarAsync<long>(
                "select coalesce(sum(seq_scan + coalesce(idx_scan, 0)), 0)::bigint from pg_stat_xact_user_tables where relname in ('emission_records', 'activity_records')",
                TestContext.Current.CancellationToken);

            (await ReadsAsync("2025-08-01")).ShouldBe(0);
            // The lease of Depot begins on 11 July.
            (await ReadsAsync("2025-07-01")).ShouldBeGreaterThan(0);
        });
    }

    [Fact]
    public async Task InvesteeThatCategory15Names_IsNotCountedTwice()
    {
        await using var world = await InventoryWorld.CreateAsync(apps);
        await world.ChangeAsync(async (unit, ledger) =>
        {
            var entry = world.Entry(world.Head, "investment-share", 90, "kg CO2e", "2025-01-01", "2025-12-31");
            entry.Vendor = " venture ";
            unit.Context.Add(entry);
            await ledger.ApplyAsync(unit, [entry.Id], TestContext.Current.CancellationToken);
        });

        var summary = await world.SummarizeAsync(ConsolidationApproach.OperationalControl, InventoryDimension.Category);

        summary.Groups.Single(group => group.Keys[0] == "15").Figures.KgCo2e.ShouldBe(90);
        var outside = summary.Outside.Single(entity => entity.OrganizationId == world.Venture);
        (outside.IsEntered, outside.KgCo2e, outside.InvestedKgCo2e).ShouldBe((true, 350m, 0m));
    }

    [Fact]
    public async Task InterestOfAllWithoutControl_IsInCategory15_AndNotOutsideAsWell()
    {
        await using var world = await InventoryWorld.CreateAsync(apps);
        await world.Client.Ledger.ExecuteAsync("update ownerships set share = 1, version = version + 1 where tenant_id = $1 and not operational_control");

        var summary = await world.SummarizeAsync(ConsolidationApproach.OperationalControl);

        // As docs/methods/inventory.md has it, with all of Quarry's 300 in place of 40 %; its goods stay outside, and Mill's April.
        summary.Total.KgCo2e.ShouldBe(4695.40m);
        var outside = summary.Outside.Single(entity => entity.OrganizationId == world.Venture);
        (outside.KgCo2e, outside.InvestedKgCo2e).ShouldBe((50m, 300m));
        summary.OutsideKgCo2e.ShouldBe(160m);
    }

    [Theory]
    [InlineData(ConsolidationApproach.EquityShare)]
    [InlineData(ConsolidationApproach.OperationalControl)]
    public async Task BothViewsAtOnce_AreThoseOfEachAlone(ConsolidationApproach approach)
    {
        await using var world = await InventoryWorld.CreateAsync(apps);
        using var totals = new MonthlyTotalsCache();

        await world.ChangeAsync(async (unit, _) =>
        {
            foreach (var filter in new[] { InventoryWorld.Year(approach), InventoryWorld.Year(approach) with { Scope = 2 }, InventoryWorld.Year(approach) with { OrganizationId = world.Parent, Category = 8 } })
            {
                var views = await InventoryQueries.SummarizeViewsAsync(unit, totals, filter, All, TestContext.Current.CancellationToken);
                foreach (var (view, both) in new[] { (Scope2Method.Location, views.Location), (Scope2Method.Market, views.Market) })
                {
                    var alone = await InventoryQueries.SummarizeAsync(unit, totals, filter with { Scope2Method = view }, All, TestContext.Current.CancellationToken);
                    both.Groups.Select(group => (string.Join('/', group.Keys), group.Figures)).ShouldBe(alone.Groups.Select(group => (string.Join('/', group.Keys), group.Figures)));
                    (both.Total, both.ComparisonOnly, both.Filter).ShouldBe((alone.Total, alone.ComparisonOnly, alone.Filter));
                    both.Outside.ShouldBe(alone.Outside);
                }
            }
        });
    }

    [Fact]
    public async Task ResultsOfASiteThatIsNotThereByItsName_CountWhole()
    {
        await using var world = await InventoryWorld.CreateAsync(apps);
        await world.Client.Ledger.ExecuteAsync("update monthly_totals set account = 'Sold' where tenant_id = $1 and account = 'Quarry'");

        var summary = await world.SummarizeAsync(ConsolidationApproach.OperationalControl, InventoryDimension.Site, InventoryDimension.Organization);

        summary.Groups.Single(group => group.Keys[0] == "Sold").Keys[1].ShouldBe("");
        summary.Groups.Single(group => group.Keys[0] == "Sold").Figures.KgCo2e.ShouldBe(350m);
    }

    [Fact]
    public async Task CloudUsage_IsTheEntitysOfItsAccount_AndUnassignedUsageIsNamedAndCountsWhole()
    {
        await using var world = await InventoryWorld.CreateAsync(apps);
        await world.Client.Ledger.ExecuteAsync(
            """
            insert into monthly_totals (tenant_id, month, scope, category, scope2_method, provider, account, service, region, usage_class, method, comparison_only, currency, activities,
              activities_without_result, kilowatt_hours, operational_kg_co2e, embodied_kg_co2e, kg_co2e, measured_kg_co2e, defaulted_kg_co2e, biogenic_kg_co2, submitted_kg_co2e, cost,
              unmapped_cost, calculation_method)
            select $1, m::date, 3, 1, '', 'aws', account, 'AmazonEC2', 'eu-west-1', 'Compute', method, method = 'ccf', 'USD', 1, 0, 10, kg, 0, kg, 0, 0, 0, 0, 1, 0, 'AverageData'
            from (values ('2025-02-01', '1111', 'offgridflow', 28), ('2025-02-01', '2222', 'offgridflow', 5), ('2025-02-01', '2222', 'ccf', 7)) as v (m, account, method, kg)
            """);
        await world.ChangeAsync((unit, _) =>
        {
            unit.Context.Add(new AccountMapping { Id = Guid.CreateVersion7(), TenantId = unit.Actor.TenantId, Provider = "aws", Account = "1111", OrganizationId = world.Venture, ValidTo = InventoryWorld.Day("2025-02-10") });
            return Task.CompletedTask;
        });

        var summary = await world.SummarizeAsync(InventoryWorld.Year(ConsolidationApproach.EquityShare) with { Site = "" }, InventoryDimension.Organization, InventoryDimension.ActivityType);

        // 10 of 28 days are Venture's, to 40 %; 18 days and the other account are nobody's.
        summary.Groups.Select(group => (group.Keys[0], group.Keys[1], group.Figures.KgCo2e)).ShouldBe([("", "Cloud usage", 23m), (world.Venture.ToString(), "Cloud usage", 4m)]);
        summary.Unassigned.Select(account => account.Account).ShouldBe(["1111", "2222"]);
        summary.ComparisonOnly.KgCo2e.ShouldBe(7);
    }

    [Fact]
    public async Task Methods_FollowFromWhatWasEntered()
    {
        await using var world = await InventoryWorld.CreateAsync(apps);

        var summary = await world.SummarizeAsync(ConsolidationApproach.OperationalControl, InventoryDimension.Method);
        var equity = await world.SummarizeAsync(ConsolidationApproach.EquityShare, InventoryDimension.Method);

        summary.Groups.Select(group => (group.Keys[0], group.Figures.KgCo2e)).ShouldBe(
            [("process", 4150m), ("location-based", 177m), ("investment-specific", 120m), ("average-data", 68.40m)]);
        equity.Groups.Select(group => (group.Keys[0], group.Figures.KgCo2e)).ShouldBe([("process", 3984m), ("asset-specific", 387m), ("average-data", 68.40m), ("supplier-specific", 20m)]);
    }
}
