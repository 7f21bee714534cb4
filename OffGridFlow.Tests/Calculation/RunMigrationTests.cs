using System.Reflection;
using Microsoft.EntityFrameworkCore.Migrations;
using Microsoft.Extensions.Logging.Abstractions;
using OffGridFlow.Core.Calculation;
using OffGridFlow.Core.EmissionFactors;
using OffGridFlow.Infrastructure.Calculation.Runs;
using OffGridFlow.Infrastructure.Persistence;
using OffGridFlow.Infrastructure.Persistence.PostgreSql;
using OffGridFlow.Tests.Persistence;
using static OffGridFlow.Tests.Calculation.RunSteps;

namespace OffGridFlow.Tests.Calculation;

/// <summary>Migrations on a ledger in which runs count, were taken back and wait for a decision. An application of its own: nobody else is in its database.</summary>
public sealed class RunMigrationTests(PostgresFixture postgres)
{
    /// <summary>How many migrations there are from the one that first moved what runs have left.</summary>
    private static readonly int Steps = StepsFrom("20261122150000_MonthlyEnergy");

    /// <summary>And from the one since which a result's own part leaves out what another key tells.</summary>
    private static readonly int StepsToFull = StepsFrom("20261123070000_NarrowResults");

    /// <summary>What the runs need to be taken back, and what the ledger is read from. Cells of zero move nothing.</summary>
    private const string Kept =
        """
        select line from (
          select 'interval ' || (i.activity_id, i.proposal_id, i.from_sequence, i.to_sequence)::text from emission_history i
          union all select 'total ' || t::text from monthly_totals t
          union all select 'energy ' || t::text from monthly_energy t
          union all select 'stands ' || p::text from entry_results p
          union all select 'result ' || concat_ws('|', e.id, e.energy_carrier, e.energy_gap, trim_scale(e.energy_kwh), trim_scale(e.energy_renewable_kwh), trim_scale(e.energy_nuclear_kwh),
            e.energy_unstated, whole_derivation(d.content, e.derivation)) from emission_records e left join derivations d on d.tenant_id = e.tenant_id and d.id = e.derivation_id
          union all select 'moves ' || x::text from calculation_run_energy x
            where (x.results, x.kilowatt_hours, x.renewable_kilowatt_hours, x.nuclear_kilowatt_hours) <> (0, 0, 0, 0)
              and exists (select from calculation_runs r where r.proposal_id = x.proposal_id and r.state = 'Approved')) as kept (line)
        order by line
        """;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Migrate_DownAndUpAgain_WithRunsThatCount_KeepsWhatTheyGave_AndEachCanBeTakenBack()
    {
        var apps = new AppFixture(postgres);
        await using var close = apps;
        await apps.InitializeAsync();
        await using var world = await EntryWorld.CreateAsync(apps);
        await world.AddInstrumentAsync(20, 0.011m, "2025-01-01", "2025-12-31", world.Leeds, world.Gdansk);
        var year = world.AYear();
        await world.SaveAsync([.. year, world.Entry(world.Leeds, "diesel", 100, "l", "2023-03-01", "2023-03-31")]);
        var (written, hash) = (await ResultsAsync(world), await HashAsync(world));
        var gwp = new CalculationPolicy { Gwp = GwpSet.Ar6 };
        var taken = await CountingAsync(world, gwp);
        (await RollBackAsync(world, taken)).ShouldBeOfType<RunOutcomeOf.Done>();
        var first = await CountingAsync(world, gwp);
        var between = await ResultsAsync(world);
        var second = await CountingAsync(world, gwp with { FixedEditions = new Dictionary<(string, int), int> { [("desnz", 2023)] = 2024, [("desnz", 2025)] = 2024 } });
        // An entry whose results are a writing's again, with runs before it.
        year[1].Quantity = 512;
        await world.SaveAsync(year[1]);
        var waiting = await ProposedAsync(world, await ProposeAsync(world, new CalculationPolicy { Gwp = GwpSet.Ar4 }));
        var kept = await KeptAsync(apps.App);
        kept.Count(line => line.StartsWith("moves ", StringComparison.Ordinal)).ShouldBe(2);

        await using (var database = new Database(apps.App.ConnectionString))
        {
            var migrator = new DatabaseMigrator(database, NullLogger<DatabaseMigrator>.Instance);
            await migrator.MigrateDownAsync(StepsToFull, Stop);
            (await KeptAsync(apps.App)).ShouldBe(kept, "the former function finds every key");
            await migrator.MigrateDownAsync(Steps - StepsToFull, Stop);
            await migrator.MigrateAsync(null, Stop);
        }

        (await KeptAsync(apps.App)).Except(kept).ShouldBeEmpty();
        kept.Except(await KeptAsync(apps.App)).ShouldBeEmpty();
        (await world.DifferencesAsync()).ShouldBeEmpty();
        (await AsAsync(world, Grace, runs => runs.ApproveAsync(waiting.Id, null, Stop))).ShouldBeOfType<RunOutcomeOf.Moved>();
        (await ProposedAsync(world, waiting.Id)).Moves.ShouldBe(waiting.Moves);
        (await ProposedAsync(world, await ProposeAsync(world, null))).Changed.ShouldBe(0, "what stands is what the second run gave");

        year[1].Quantity = 500;
        await world.SaveAsync(year[1]);
        (await RollBackAsync(world, second)).ShouldBeOfType<RunOutcomeOf.Done>();
        (await ResultsAsync(world)).ShouldBe(between);
        (await ProposedAsync(world, await ProposeAsync(world, null))).Changed.ShouldBe(0, "what stands is what the first run gave");
        (await RollBackAsync(world, first)).ShouldBeOfType<RunOutcomeOf.Done>();
        (await ResultsAsync(world)).ShouldBe(written);
        (await HashAsync(world)).ShouldBe(hash);
        (await ProposedAsync(world, await ProposeAsync(world, null))).Changed.ShouldBe(0, "what stands is what was written");
        (await world.DifferencesAsync()).ShouldBeEmpty();
    }

    private static int StepsFrom(string first) => typeof(Database).Assembly.GetTypes()
        .Select(type => type.GetCustomAttribute<MigrationAttribute>()?.Id).Count(id => string.CompareOrdinal(id, first) >= 0);

    private static async Task<Guid> CountingAsync(EntryWorld world, CalculationPolicy policy)
    {
        var run = await ProposedAsync(world, await ProposeAsync(world, policy));
        run.Changed.ShouldBeGreaterThan(0);
        await ApproveAsync(world, run.Id);
        return run.Id;
    }

    private static async Task<List<string>> KeptAsync(TestApp app)
    {
        await using var database = new Database(app.ConnectionString);
        await using var owner = await database.Owner.OpenConnectionAsync(Stop);
        return await owner.ListAsync(Kept, row => row.GetString(0), Stop);
    }
}
