using System.Globalization;
using Npgsql;
using OffGridFlow.Core.ActivityData;
using OffGridFlow.Core.Calculation;
using OffGridFlow.Core.EmissionFactors;
using OffGridFlow.Infrastructure.Calculation.Runs;
using OffGridFlow.Infrastructure.Persistence.PostgreSql;
using static OffGridFlow.Tests.Calculation.RunSteps;

namespace OffGridFlow.Tests.Calculation;

/// <summary>
/// Runs switch intervals where they stand, and what stood before is told by their changes: at every former number the ledger has to answer what it answered when that
/// number was the present one, whatever was approved, written or taken back since.
/// </summary>
public sealed class RunHistoryTests(AppFixture apps) : IClassFixture<AppFixture>
{
    private static readonly CalculationPolicy Ar6 = new() { Gwp = GwpSet.Ar6 };

    private static readonly CalculationPolicy FormerEditions = Ar6 with { FixedEditions = new Dictionary<(string, int), int> { [("desnz", 2023)] = 2024, [("desnz", 2025)] = 2024 } };

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task State_AtEveryFormerNumber_WithRunsOverEachOther_WrittenEntriesAndRollbacks_IsAsItWas()
    {
        await using var world = await EntryWorld.CreateAsync(apps);
        var past = new Past(world);
        var year = world.AYear();
        var late = world.Entry(world.Leeds, "diesel", 100, "l", "2023-03-01", "2023-03-31");
        await past.AfterAsync(() => world.SaveAsync([.. year, late]));
        var first = await past.CountAsync(Ar6);
        year[5].Quantity = 9;
        await past.AfterAsync(() => world.SaveAsync(year[5]));
        var second = await past.CountAsync(FormerEditions);
        // While the second run stands: of neither run anything of this entry can be put back.
        year[1].Quantity = 512;
        await past.AfterAsync(() => world.SaveAsync(year[1]));
        await past.TakeBackAsync(second);
        var third = await past.CountAsync(new CalculationPolicy { Gwp = GwpSet.Ar4 });
        await NameTypeAsync(world, year[6], "no-such-type");
        var losing = await past.CountAsync(null);
        await NameTypeAsync(world, year[6], year[6].ActivityType);
        await past.TakeBackAsync(losing);
        await past.TakeBackAsync(third);
        // Some of its results began again when the second run was taken back, one when the losing one was, and some have been written since.
        await past.TakeBackAsync(first);
        var again = await past.CountAsync(Ar6);
        var over = await past.CountAsync(FormerEditions);
        await past.TakeBackAsync(over);
        await past.TakeBackAsync(again);
        // One that stays.
        await past.CountAsync(Ar6);

        await past.CheckAsync();
        (await KindsAsync(world)).ShouldBe(["derived", "stored"]);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task State_AtEveryFormerNumber_AfterRandomSteps_IsAsItWas(int seed)
    {
        var random = new Random(seed);
        await using var world = await EntryWorld.CreateAsync(apps);
        await world.AddInstrumentAsync(20, 0.011m, "2025-01-01", "2025-12-31", world.Leeds, world.Gdansk);
        var past = new Past(world);
        List<ActivityEntry> entries = [.. world.AYear(), world.Entry(world.Leeds, "diesel", 100, "l", "2023-03-01", "2023-03-31")];
        await past.AfterAsync(() => world.SaveAsync(entries));
        var runs = new Stack<Guid>();
        for (var step = 0; step < 16; step++)
        {
            var entry = entries[random.Next(entries.Count)];
            switch (random.Next(8))
            {
                case 0 or 1 or 2:
                    runs.Push(await past.CountAsync(new CalculationPolicy
                    {
                        Gwp = random.Next(2) == 0 ? GwpSet.Ar5 : GwpSet.Ar6,
                        FixedEditions = random.Next(2) == 0 ? new Dictionary<(string, int), int>() : FormerEditions.FixedEditions,
                    }));
                    break;
                case 3:
                    // An entry whose type is unknown loses its results by a run; one whose type is known again gets some.
                    await NameTypeAsync(world, entry, random.Next(2) == 0 ? "no-such-type" : entry.ActivityType);
                    runs.Push(await past.CountAsync(null));
                    break;
                case 4:
                    entry.Quantity = random.Next(1, 1_000_000) / 64m;
                    await past.AfterAsync(() => world.SaveAsync(entry));
                    break;
                case 5:
                    entry.Status = entry.Status == EntryStatus.Excluded ? EntryStatus.Approved : EntryStatus.Excluded;
                    await past.AfterAsync(() => world.SaveAsync(entry));
                    break;
                default:
                    if (runs.TryPop(out var last))
                    {
                        await past.TakeBackAsync(last);
                    }

                    break;
            }
        }

        while (runs.TryPop(out var last))
        {
            await past.TakeBackAsync(last);
        }

        await past.CheckAsync();
    }

    [Fact]
    public async Task Interval_ThatHasEnded_ThatWouldEndBeforeItBegins_OrThatIsASecondOne_IsRefusedByTheDatabase()
    {
        await using var world = await EntryWorld.CreateAsync(apps);
        var entry = world.Entry(world.Leeds, "diesel", 100, "l", "2025-03-01", "2025-03-31");
        await world.SaveAsync(entry);
        entry.Quantity = 110;
        await world.SaveAsync(entry);
        (await world.Client.Ledger.CountAsync("emission_intervals", "to_sequence is not null")).ShouldBe(1);

        var changed = -1;
        await world.ChangeAsync(async (unit, _) => changed = await unit.Connection.ExecuteAsync("update emission_intervals set from_sequence = 0 where to_sequence is not null", Stop), commit: false);

        changed.ShouldBe(0, "what has ended stays as it was");
        (await RefusedAsync(world, "update emission_intervals set to_sequence = from_sequence")).ShouldBe(PostgresErrorCodes.CheckViolation);
        (await RefusedAsync(world, "insert into emission_intervals (tenant_id, activity_id, from_sequence) select tenant_id, activity_id, 99 from emission_intervals where to_sequence is null"))
            .ShouldBe(PostgresErrorCodes.UniqueViolation);
    }

    private static async Task<string> RefusedAsync(EntryWorld world, string statement) =>
        (await Should.ThrowAsync<PostgresException>(() => world.ChangeAsync((unit, _) => unit.Connection.ExecuteAsync(statement, Stop), commit: false))).SqlState;

    private static Task<int> NameTypeAsync(EntryWorld world, ActivityEntry entry, string type) =>
        world.Client.Ledger.ExecuteAsync($"update activity_entries set activity_type = '{type}' where tenant_id = $1 and id = '{entry.Id}'");

    private static Task<List<string>> KindsAsync(EntryWorld world) => world.Client.Ledger.TextsAsync(
        "select distinct case when entry_id is null then 'stored' else 'derived' end from emission_history where tenant_id = $1 and to_sequence is not null order by 1");

    /// <summary>What the ledger answered at each number while that was the present one.</summary>
    private sealed class Past(EntryWorld world)
    {
        private readonly Dictionary<long, (string Answer, List<string> Standing)> _states = [];

        public async Task AfterAsync(Func<Task> step)
        {
            await step();
            var answer = await world.Client.GetAsync("/api/v1/ledger?hash=true");
            _states[answer.GetProperty("ledgerNumber").GetInt64()] = (answer.ToString(), await world.Client.Ledger.TextsAsync(
                "select concat_ws(' ', activity_id, proposal_id, from_sequence) from emission_intervals where tenant_id = $1 and to_sequence is null order by 1"));
            (await OverlapsAsync()).ShouldBeEmpty();
        }

        /// <summary>Lets a run count.</summary>
        public async Task<Guid> CountAsync(CalculationPolicy? policy)
        {
            var run = await ProposedAsync(world, await ProposeAsync(world, policy));
            await AfterAsync(() => ApproveAsync(world, run.Id));
            return run.Id;
        }

        public Task TakeBackAsync(Guid run) => AfterAsync(async () => (await RollBackAsync(world, run)).ShouldBeOfType<RunOutcomeOf.Done>());

        public async Task CheckAsync()
        {
            foreach (var (number, (answer, standing)) in _states)
            {
                var at = number.ToString(CultureInfo.InvariantCulture);
                (await world.Client.GetAsync($"/api/v1/ledger?hash=true&number={at}")).ToString().ShouldBe(answer);
                (await world.Client.Ledger.TextsAsync(
                    $"""
                    select concat_ws(' ', activity_id, proposal_id, from_sequence) from emission_history
                    where tenant_id = $1 and from_sequence <= {at} and (to_sequence is null or to_sequence > {at}) order by 1
                    """)).ShouldBe(standing, at);
            }

            (await world.DifferencesAsync()).ShouldBeEmpty();
        }

        /// <summary>Activities of which two intervals cover a number, or one none.</summary>
        private Task<List<string>> OverlapsAsync() => world.Client.Ledger.TextsAsync(
            """
            select concat_ws(' ', activity_id, from_sequence, to_sequence, next) from (
              select activity_id, from_sequence, to_sequence, lead(from_sequence) over (partition by activity_id order by from_sequence, to_sequence) as next
              from emission_history where tenant_id = $1) as h
            where to_sequence <= from_sequence or next < coalesce(to_sequence, next + 1)
            """);
    }
}
