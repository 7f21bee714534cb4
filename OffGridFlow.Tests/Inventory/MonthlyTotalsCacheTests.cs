using System.Data;
using Microsoft.EntityFrameworkCore;
using OffGridFlow.Core.ActivityData;
using OffGridFlow.Core.Inventory;
using OffGridFlow.Core.Organizations;
using OffGridFlow.Core.Quantities;
using OffGridFlow.Infrastructure.Inventory;
using OffGridFlow.Infrastructure.Persistence;
using OffGridFlow.Infrastructure.Persistence.PostgreSql;

namespace OffGridFlow.Tests.Inventory;

/// <summary>What a process remembers of the ledger is what stands there, whatever was changed, by whom and in which transaction.</summary>
public sealed class MonthlyTotalsCacheTests(AppFixture apps) : IClassFixture<AppFixture>
{
    private static readonly InventoryDimension[] All = Enum.GetValues<InventoryDimension>();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Inventory_AfterEachChange_IsThatOfNothingRemembered()
    {
        await using var world = await InventoryWorld.CreateAsync(apps);
        using var kept = new MonthlyTotalsCache();
        var april = world.Entry(world.Mill, "process-gas", 7, "kg", "2025-04-10", "2025-05-09", "CO2", EntryStatus.Submitted);
        var depot = world.Entry(world.Depot, "electricity", 500, "kWh", "2025-07-03", "2025-07-29");
        (string What, Func<Task> Change)[] changes =
        [
            ("nothing yet", () => Task.CompletedTask),
            ("a month in which an entity joins", () => AddAsync(world, april)),
            ("approved", () => ChangeAsync(world, april, entry => entry.Status = EntryStatus.Approved)),
            ("a month in which a lease begins", () => AddAsync(world, depot)),
            ("corrected", () => ChangeAsync(world, depot, entry => entry.Quantity = 499.5m)),
            ("another year", () => AddAsync(world, world.Entry(world.Head, "process-gas", 3, "kg", "2024-12-01", "2025-01-31", "CO2"))),
            ("excluded", () => ChangeAsync(world, april, entry => entry.Status = EntryStatus.Excluded)),
            ("a cell by hand", () => world.Client.Ledger.ExecuteAsync("update monthly_totals set kg_co2e = kg_co2e + 1 where tenant_id = $1 and account = 'Quarry'")),
            ("cells of another place", () => world.Client.Ledger.ExecuteAsync("update monthly_totals set account = 'Sold' where tenant_id = $1 and account = 'Quarry'")),
            ("cells that go", () => world.Client.Ledger.ExecuteAsync("delete from monthly_totals where tenant_id = $1 and account = 'Sold'")),
        ];

        var before = "";
        foreach (var (what, change) in changes)
        {
            await change();

            var remembered = await TellAsync(world, kept);
            using var nothing = new MonthlyTotalsCache();
            remembered.ShouldBe(await TellAsync(world, nothing), what);
            remembered.ShouldNotBe(before, what);
            before = remembered;
        }
    }

    [Fact]
    public async Task TransactionThatIsTakenBack_LeavesNothing()
    {
        await using var world = await InventoryWorld.CreateAsync(apps);
        using var kept = new MonthlyTotalsCache();
        var before = await TellAsync(world, kept);

        var within = "";
        await Should.ThrowAsync<OperationCanceledException>(() => world.ChangeAsync(async (unit, ledger) =>
        {
            var entry = world.Entry(world.Mill, "process-gas", 7, "kg", "2025-05-01", "2025-05-31", "CO2");
            unit.Context.Add(entry);
            await ledger.ApplyAsync(unit, [entry.Id], Stop);
            within = await TellAsync(unit, kept);
            throw new OperationCanceledException();
        }));

        within.ShouldNotBe(before);
        (await TellAsync(world, kept)).ShouldBe(before);
    }

    [Fact]
    public async Task TransactionThatSeesAnEarlierState_IsAnsweredFromIt_AndLeavesTheLaterOneAsItIs()
    {
        await using var world = await InventoryWorld.CreateAsync(apps);
        using var kept = new MonthlyTotalsCache();

        await world.AskAsync(IsolationLevel.RepeatableRead, async earlier =>
        {
            var before = await TellAsync(earlier, kept);
            await AddAsync(world, world.Entry(world.Mill, "process-gas", 7, "kg", "2025-05-01", "2025-05-31", "CO2"));
            var after = await TellAsync(world, kept);

            after.ShouldNotBe(before);
            (await TellAsync(earlier, kept)).ShouldBe(before);
            (await TellAsync(world, kept)).ShouldBe(after);
        });
    }

    [Fact]
    public async Task SitesOfTwoOrganizationsByTheSameName_AreApart()
    {
        await using var one = await InventoryWorld.CreateAsync(apps);
        await using var other = await InventoryWorld.CreateAsync(apps);
        await AddAsync(other, other.Entry(other.Mill, "process-gas", 7, "kg", "2025-05-01", "2025-05-31", "CO2"));
        using var kept = new MonthlyTotalsCache();

        // The marks of one are the other's too: even then nothing of one may be told to the other.
        await one.Client.Ledger.ExecuteAsync("update monthly_totals_marks set mark = tenant_id where tenant_id <> $1");
        await one.Client.Ledger.ExecuteAsync(
            "update monthly_totals_marks m set mark = o.mark from monthly_totals_marks o where m.tenant_id = $1 and o.tenant_id = $2 and (o.account, o.provider, o.year) = (m.account, m.provider, m.year)",
            other.Client.Ledger.Tenant);
        var (first, second) = (await TellAsync(one, kept), await TellAsync(other, kept));

        second.ShouldNotBe(first);
        using var nothing = new MonthlyTotalsCache();
        (await TellAsync(one, nothing)).ShouldBe(first);
    }

    [Fact]
    public async Task WhatStandsStill_IsNotReadAgain()
    {
        await using var world = await InventoryWorld.CreateAsync(apps);
        using var kept = new MonthlyTotalsCache();
        Task<long> ReadAsync() => ReadOfAsync(world, unit => TellAsync(unit, kept), "emission_records", "activity_records");

        (await ReadAsync()).ShouldBeGreaterThan(0);
        (await ReadAsync()).ShouldBe(0);
        await AddAsync(world, world.Entry(world.Head, "process-gas", 7, "kg", "2025-05-01", "2025-05-31", "CO2"));
        (await ReadAsync()).ShouldBe(0);
        await AddAsync(world, world.Entry(world.Mill, "process-gas", 7, "kg", "2025-05-01", "2025-05-31", "CO2"));
        // Works joins on 1 May, so that no month of Mill is divided; July of Depot is.
        (await ReadAsync()).ShouldBe(0);
        await AddAsync(world, world.Entry(world.Depot, "process-gas", 7, "kg", "2025-02-01", "2025-02-28", "CO2"));
        (await ReadAsync()).ShouldBeGreaterThan(0);
    }

    [Fact]
    public async Task WhatIsRefreshed_IsNotReadByTheNextQuestion()
    {
        await using var world = await InventoryWorld.CreateAsync(apps);
        using var kept = new MonthlyTotalsCache();
        Task<long> ReadAsync() => ReadOfAsync(world, unit => TellAsync(unit, kept), "emission_records", "activity_records", "monthly_totals");
        await TellAsync(world, kept);

        await world.ChangeAsync(async (unit, ledger) =>
        {
            var entries = new[] { world.Mill, world.Depot, world.Head }.Select(site => world.Entry(site, "process-gas", 7, "kg", "2025-07-01", "2025-07-31", "CO2")).ToList();
            unit.Context.AddRange(entries);
            await ledger.ApplyAsync(unit, [.. entries.Select(entry => entry.Id)], Stop);
            await kept.RefreshAsync(unit, Stop);
        });

        // A question looks for places in it each time.
        (await ReadAsync()).ShouldBe(await ReadAsync());
        using var nothing = new MonthlyTotalsCache();
        (await ReadOfAsync(world, unit => TellAsync(unit, nothing), "emission_records", "activity_records", "monthly_totals")).ShouldBeGreaterThan(await ReadAsync());
        (await TellAsync(world, kept)).ShouldBe(await TellAsync(world, nothing));
        // What is not remembered is not read for it either.
        using var empty = new MonthlyTotalsCache();
        (await ReadOfAsync(world, unit => empty.RefreshAsync(unit, Stop), "monthly_totals", "monthly_totals_marks")).ShouldBe(0);
    }

    /// <summary>Shares and parts by days, as documents that were locked before have them.</summary>
    [Fact]
    public async Task SharesAndParts_HaveTheDigitsOfTheDatabase()
    {
        await using var world = await InventoryWorld.CreateAsync(apps);
        var random = new Random(20261123);
        decimal Amount() => new(random.Next(), random.Next(2) == 0 ? 0 : random.Next(), random.Next(4) == 0 ? random.Next(50_000_000) : 0, random.Next(4) == 0, 12);
        decimal Share() => random.Next(3) switch
        {
            0 => random.Next(1, 100) / 100m,
            1 => random.Next(1, 2_000) * 0.0005m,
            _ => new decimal(random.Next(), random.Next(), random.Next(10_000_000), false, 28),
        };
        var cases = Enumerable.Range(0, 20_000).Select(_ => (Amount: Amount(), Share: Share(), Some: random.Next(1, 31), Days: random.Next(1, 10) == 1 ? random.Next(31, 366) : random.Next(28, 32))).ToList();

        await world.AskAsync(IsolationLevel.ReadCommitted, async unit =>
        {
            var rows = await unit.Connection.ListAsync(
                """
                select round(amount * share, 12), round(amount * part / days, 12)
                from unnest($1::numeric[], $2::numeric[], $3::integer[], $4::integer[]) with ordinality as c (amount, share, part, days, number) order by number
                """,
                row => (Share: row.GetDecimal(0), Part: row.GetDecimal(1)), Stop, cases.Select(one => one.Amount).ToArray(), cases.Select(one => one.Share).ToArray(),
                cases.Select(one => one.Some).ToArray(), cases.Select(one => one.Days).ToArray());
            foreach (var (one, row) in cases.Zip(rows))
            {
                Exact.ProductHalfAway(one.Amount, one.Share).ShouldBe(row.Share, one.ToString());
                Exact.RatioHalfAway(one.Amount, one.Some, one.Days).ShouldBe(row.Part, one.ToString());
            }
        });
    }

    private static Task AddAsync(InventoryWorld world, ActivityEntry entry) => world.ChangeAsync(async (unit, ledger) =>
    {
        unit.Context.Add(entry);
        await ledger.ApplyAsync(unit, [entry.Id], Stop);
    });

    private static Task ChangeAsync(InventoryWorld world, ActivityEntry entry, Action<ActivityEntry> change) => world.ChangeAsync(async (unit, ledger) =>
    {
        var stored = await unit.Context.ActivityEntries.AsTracking().SingleAsync(one => one.Id == entry.Id, Stop);
        change(stored);
        stored.Version++;
        await ledger.ApplyAsync(unit, [entry.Id], Stop);
    });

    /// <returns>How many rows of the tables a question reads.</returns>
    private static async Task<long> ReadOfAsync(InventoryWorld world, Func<TenantUnit, Task> ask, params string[] tables)
    {
        var read = 0L;
        await world.AskAsync(IsolationLevel.RepeatableRead, async unit =>
        {
            // Of the session so far: what it read before has not been handed in yet.
            Task<long> TuplesAsync() => unit.Connection.ScalarAsync<long>(
                "select sum(seq_tup_read + coalesce(idx_tup_fetch, 0))::bigint from pg_stat_xact_user_tables where relname = any($1)", Stop, (object)tables);
            var before = await TuplesAsync();
            await ask(unit);
            read = await TuplesAsync() - before;
        });
        return read;
    }

    private static async Task<string> TellAsync(InventoryWorld world, MonthlyTotalsCache totals)
    {
        var told = "";
        await world.AskAsync(IsolationLevel.RepeatableRead, async unit => told = await TellAsync(unit, totals));
        return told;
    }

    /// <summary>Both views under each approach, by everything that inventories are divided by, and by months.</summary>
    private static async Task<string> TellAsync(TenantUnit unit, MonthlyTotalsCache totals)
    {
        var told = new List<string>();
        foreach (var approach in Enum.GetValues<ConsolidationApproach>())
        {
            foreach (var groupBy in new[] { All, [InventoryDimension.Month], [] })
            {
                var views = await InventoryQueries.SummarizeViewsAsync(unit, totals, InventoryWorld.Year(approach), groupBy, Stop);
                foreach (var summary in new[] { views.Location, views.Market })
                {
                    told.AddRange(summary.Groups.Select(group => $"{approach} {summary.Filter.Scope2Method} {string.Join('/', group.Keys)} {group.Figures}"));
                    told.Add($"{summary.Total} {string.Join(' ', summary.Outside)}");
                }
            }
        }

        return string.Join('\n', told);
    }
}
