using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using OffGridFlow.Core.ActivityData;
using OffGridFlow.Core.Calculation;
using OffGridFlow.Core.Calculation.Runs;
using OffGridFlow.Core.EmissionFactors;
using OffGridFlow.Core.Identity;
using OffGridFlow.Core.Inventory;
using OffGridFlow.Infrastructure.Calculation.Runs;
using OffGridFlow.Infrastructure.Inventory;
using OffGridFlow.Infrastructure.Persistence.PostgreSql;
using OffGridFlow.Tests.Calculation;
using OffGridFlow.Tests.Imports;

namespace OffGridFlow.Tests.Inventory;

/// <summary>What stands between a change and a locked month, each wall with the others taken away.</summary>
public sealed class FrozenWallsTests(AppFixture apps) : IClassFixture<AppFixture>
{
    private static readonly CalculationPolicy Ar6 = new() { Gwp = GwpSet.Ar6 };

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task EntryLedger_WithoutServicesAndTriggers_RefusesInItsTransaction()
    {
        await using var world = await WorldAsync();
        var (locked, open) = await LockedAsync(world);
        // Past the services, and past the triggers.
        await ReplicaAsync(world, $"update activity_entries set quantity = 77 where id = '{locked.Id}'");

        await Should.ThrowAsync<PeriodLockedException>(() => world.ChangeAsync((unit, ledger) => ledger.ApplyAsync(unit, [locked.Id], Stop)));
        (await Should.ThrowAsync<PeriodLockedException>(() => world.ChangeAsync((unit, ledger) => ledger.ApplyAsync(unit, [locked.Id, open.Id], Stop)))).Message.ShouldStartWith("FY2025 is locked");
        // What was changed beside it, not by anybody who meant it, goes by without it.
        await world.ChangeAsync((unit, ledger) => ledger.ApplyUnlockedAsync(unit, [locked.Id, open.Id], Stop));
        (await world.DifferencesAsync()).ShouldBeEmpty();
    }

    [Fact]
    public async Task Triggers_WithoutAnyCodeOfOurs_RefuseResultsAndEntriesOfLockedMonths()
    {
        await using var world = await WorldAsync();
        var (locked, open) = await LockedAsync(world);
        var before = await world.AllAsync();

        foreach (var statement in new[]
        {
            $"update activity_entries set quantity = 77 where id = '{locked.Id}'",
            $"update activity_entries set period_start = '2025-12-31' where id = '{open.Id}'",
            $"update activity_entries set period_start = '2026-02-01', period_end = '2026-02-02' where id = '{locked.Id}'",
            "update emission_intervals i set to_sequence = 99 from emission_records e where e.activity_id = i.activity_id and e.proposal_id is not distinct from i.proposal_id and e.month = '2025-03-01'",
            "update emission_intervals i set proposal_id = new_id(), from_sequence = 99 from activity_records a where a.id = i.activity_id and a.period_start = '2025-03-01'",
            "insert into emission_intervals (tenant_id, activity_id, from_sequence, to_sequence) select distinct e.tenant_id, e.activity_id, 99, 100 from emission_records e where e.month = '2025-03-01'",
        })
        {
            var refused = await Should.ThrowAsync<PostgresException>(() => world.ChangeAsync((unit, _) => unit.Connection.ExecuteAsync(statement, Stop)));
            refused.SqlState.ShouldBe("OG001", statement);
            PeriodLocked.SentenceOf(new InvalidOperationException("outer", refused)).ShouldNotBeNull().ShouldStartWith("FY2025 is locked");
        }

        // What is open goes through.
        await world.ChangeAsync((unit, _) => unit.Connection.ExecuteAsync($"update activity_entries set note = 'seen' where id = '{open.Id}'", Stop));
        (await world.AllAsync()).ShouldBe(before);
    }

    [Fact]
    public async Task Run_OverSeveralYears_LeavesTheLockedOnes_AndSaysHowMany()
    {
        await using var world = await WorldAsync();
        await LockedAsync(world);
        var results = await FrozenAsync(world);

        var run = await ProposedAsync(world);
        (run.Entries, run.Changed, run.FrozenEntries).ShouldBe((1, 1, 2));
        run.FrozenResults.ShouldBe(results.Count);
        (await AsAsync(world, runs => runs.ApproveAsync(run.Id, null, Stop))).ShouldBeOfType<RunOutcomeOf.Done>();

        (await FrozenAsync(world)).ShouldBe(results);
        (await world.Client.Ledger.ScalarAsync<long>(
            "select count(*) from emission_records e join emission_intervals i on i.activity_id = e.activity_id and i.proposal_id is not distinct from e.proposal_id and i.to_sequence is null where e.tenant_id = $1 and e.proposal_id is not null")).ShouldBeGreaterThan(0, "what is open follows");
        (await world.DifferencesAsync()).ShouldBeEmpty();
    }

    [Fact]
    public async Task RunProposedBefore_WorkedOutAnew_AndItsWriterRefusesAlone()
    {
        await using var world = await WorldAsync();
        await EntriesAsync(world);
        var run = await ProposedAsync(world);
        run.FrozenEntries.ShouldBe(0);
        // A lock asks that no run waits; here it came between all the same.
        await LockBySqlAsync(world);
        var results = await FrozenAsync(world);

        await Should.ThrowAsync<PeriodLockedException>(() => world.ChangeAsync((unit, _) => RunLedger.ApproveAsync(unit, run.ProposalId!.Value, run.BaseSequence!.Value, run.Changed, Stop)));
        (await AsAsync(world, runs => runs.ApproveAsync(run.Id, null, Stop))).ShouldBeOfType<RunOutcomeOf.Moved>();
        run = await DoneAsync(world, run.Id);
        run.FrozenEntries.ShouldBe(2);
        (await AsAsync(world, runs => runs.ApproveAsync(run.Id, null, Stop))).ShouldBeOfType<RunOutcomeOf.Done>();
        (await FrozenAsync(world)).ShouldBe(results);
    }

    [Fact]
    public async Task RunApprovedBefore_IsNotRolledBack_WhileItsYearIsLocked()
    {
        await using var world = await WorldAsync();
        await EntriesAsync(world);
        var run = await ProposedAsync(world);
        (await AsAsync(world, runs => runs.ApproveAsync(run.Id, null, Stop))).ShouldBeOfType<RunOutcomeOf.Done>();
        await LockBySqlAsync(world);
        var results = await FrozenAsync(world);

        (await AsAsync(world, runs => runs.RollBackAsync(run.Id, "It was wrong", Stop))).ShouldBeOfType<RunOutcomeOf.Refused>().Reason.ShouldContain("FY2025, which is locked");
        await Should.ThrowAsync<PeriodLockedException>(() => world.ChangeAsync((unit, _) => RunLedger.RollBackAsync(unit, run.ProposalId!.Value, 99, run.Changed, Guid.CreateVersion7(), Stop)));
        (await FrozenAsync(world)).ShouldBe(results);
    }

    [Fact]
    public async Task CloudBill_OfALockedMonth_IsRefusedBeforeItCounts_AndIsKept()
    {
        await using var world = await WorldAsync();
        var march = await world.Client.ImportAsync(TestBill.File(TestBill.Line("a", month: "2025-03")), "march.csv");
        await LockedAsync(world);
        var results = await FrozenAsync(world);

        using var april = await world.Client.UploadAsync(TestBill.File(TestBill.Line("b", month: "2025-04")), "april.csv");
        var failed = await world.Client.EndedAsync(await ImportClient.IdAsync(april));
        failed.Text("status").ShouldBe("failed");
        failed.Text("error").ShouldSatisfyAllConditions(error => error.ShouldStartWith("FY2025 is locked"), error => error.ShouldContain("the file is kept"));
        using var undo = await world.Client.Http.DeleteAsync($"/api/v1/imports/{march.GetProperty("id").GetGuid()}", Stop);
        (await ImportClient.ProblemAsync(undo, HttpStatusCode.Conflict)).Text("detail").ShouldStartWith("FY2025 is locked");
        (await FrozenAsync(world)).ShouldBe(results);

        // Beyond the job: what writes the ledger looks for itself.
        await ReplicaAsync(world, $"update usage_summaries set operational_kg_co2e = operational_kg_co2e + 1 where tenant_id = '{world.Client.Ledger.Tenant}'");
        await Should.ThrowAsync<PeriodLockedException>(() => world.ChangeAsync(async (unit, _) =>
        {
            var sequence = await CloudLedger.NextSequenceAsync(unit, Stop);
            await CloudLedger.RecomputeAsync(unit, [new AffectedMonth("aws", "012345678901", new DateOnly(2025, 3, 1))], sequence, Stop);
        }));

        // A line of a locked month in the bill of an open one is found when it would count.
        using var mixed = await world.Client.UploadAsync(
            TestBill.File(TestBill.Line("c", month: "2026-01", more: [("lineItem/UsageStartDate", "2025-12-31T01:00:00.000Z"), ("lineItem/UsageEndDate", "2025-12-31T02:00:00.000Z")])), "january.csv");
        await world.Client.EndedAsync(await ImportClient.IdAsync(mixed));
        (await FrozenAsync(world)).ShouldBe(results);
        (await world.Client.ImportAsync(TestBill.File(TestBill.Line("d", month: "2026-02")), "february.csv")).Text("status").ShouldBe("succeeded");
    }

    [Fact]
    public async Task Contract_OverALockedYear_KeepsWhatItGave_AndTheNextYearGetsTheRest()
    {
        await using var world = await WorldAsync();
        // 10 MWh for two years; 2025 uses 4 MWh, 2026 uses 12 MWh: by proportion 2025 has 2.5 MWh.
        await world.AddInstrumentAsync(10, 0.011m, "2025-01-01", "2026-12-31", world.Leeds);
        await world.SaveAsync(
            world.Entry(world.Leeds, "electricity", 4, "MWh", "2025-06-01", "2025-06-30"), world.Entry(world.Leeds, "electricity", 12, "MWh", "2026-01-01", "2026-01-10"));
        (await CoveredAsync(world)).ShouldBe(["2025 2500", "2026 7500"]);
        await LockBySqlAsync(world);

        // Another 4 MWh in 2026 would leave 2025 with 2 MWh, were it not locked.
        await world.SaveAsync(world.Entry(world.Leeds, "electricity", 4, "MWh", "2026-01-11", "2026-01-11"));

        (await CoveredAsync(world)).ShouldBe(["2025 2500", "2026 7500"]);
        (await world.DifferencesAsync()).ShouldBeEmpty();
    }

    private async Task<EntryWorld> WorldAsync() => await EntryWorld.CreateAsync(apps);

    /// <summary>Two entries that a lock of 2025 freezes, one of them with days in 2026, and one that it does not.</summary>
    private static async Task<(ActivityEntry Locked, ActivityEntry Open)> EntriesAsync(EntryWorld world)
    {
        var locked = world.Entry(world.Leeds, "natural-gas", 1000, "kWh (Gross CV)", "2025-03-01", "2025-03-31");
        var across = world.Entry(world.Leeds, "diesel", 100, "l", "2025-12-20", "2026-01-05");
        var open = world.Entry(world.Leeds, "natural-gas", 1000, "kWh (Gross CV)", "2026-01-01", "2026-01-10");
        await world.SaveAsync(locked, across, open);
        return (locked, open);
    }

    private static async Task<(ActivityEntry Locked, ActivityEntry Open)> LockedAsync(EntryWorld world)
    {
        var entries = await EntriesAsync(world);
        await LockSteps.LockedAsync(world.Client.Http);
        return entries;
    }

    private static async Task LockBySqlAsync(EntryWorld world)
    {
        var period = await LockSteps.PeriodAsync(world.Client.Http);
        await world.Client.Ledger.ExecuteAsync("update reporting_periods set state = 'Locked' where tenant_id = $1 and id = $2", period);
    }

    /// <summary>A statement that no trigger sees.</summary>
    private static Task<int> ReplicaAsync(EntryWorld world, string statement) => world.Client.Ledger.ExecuteAsync($"set session_replication_role = replica; {statement}; set session_replication_role = origin");

    /// <summary>Results of the entries that a lock of 2025 freezes, with their intervals.</summary>
    private static Task<List<string>> FrozenAsync(EntryWorld world) => world.Client.Ledger.TextsAsync(
        """
        select concat_ws(' ', e.id, e.month, e.kg_co2e, i.from_sequence, i.to_sequence) from emission_records e
        join emission_intervals i on i.activity_id = e.activity_id and i.proposal_id is not distinct from e.proposal_id and i.to_sequence is null
        join activity_records a on a.id = e.activity_id where e.tenant_id = $1 and a.period_start <= '2025-12-31' order by 1
        """);

    private static Task<List<string>> CoveredAsync(EntryWorld world) => world.Client.Ledger.TextsAsync(
        """
        select extract(year from e.month) || ' ' || trim_scale(sum(e.kilowatt_hours)) from emission_records e
        join emission_intervals i on i.activity_id = e.activity_id and i.proposal_id is not distinct from e.proposal_id and i.to_sequence is null
        where e.tenant_id = $1 and e.instrument_id is not null group by extract(year from e.month) order by 1
        """);

    private async Task<RunRow> ProposedAsync(EntryWorld world)
    {
        var proposed = (await AsAsync(world, runs => runs.ProposeAsync(new RunInput(RunKind.Gwp, "AR6", null, Ar6, [], []), Stop))).ShouldBeOfType<RunOutcomeOf.Done>();
        return await DoneAsync(world, proposed.Run.Id);
    }

    private async Task<RunRow> DoneAsync(EntryWorld world, Guid id)
    {
        RunRow? run = null;
        await Eventually.BeAsync(async () => (run = await AsAsync(world, runs => runs.FindAsync(id, Stop)))!.State == RunState.Proposed, $"the difference of run {id}");
        return run!;
    }

    private async Task<T> AsAsync<T>(EntryWorld world, Func<ICalculationRuns, Task<T>> work)
    {
        await using var scope = apps.App.App.Services.CreateAsyncScope();
        scope.ServiceProvider.GetRequiredService<CurrentUser>().Become(new Actor(world.Client.Ledger.Tenant, null, "Ada", TenantRole.Admin));
        return await work(scope.ServiceProvider.GetRequiredService<ICalculationRuns>());
    }
}
