using System.Net;
using OffGridFlow.Core.Calculation;
using OffGridFlow.Core.Calculation.Runs;
using OffGridFlow.Core.EmissionFactors;
using OffGridFlow.Infrastructure.Calculation.Runs;
using OffGridFlow.Tests.Imports;
using OffGridFlow.Tests.Jobs;
using static OffGridFlow.Tests.Calculation.RunSteps;

namespace OffGridFlow.Tests.Calculation;

/// <summary>Between the two steps of a run: its difference can be read, its results are still to be written, and nothing can be decided.</summary>
public sealed class RunResultsTests(AppFixture apps) : IClassFixture<AppFixture>
{
    private const string Written = "select count(*) from emission_records where tenant_id = $1 and proposal_id is not null";

    private static readonly CalculationPolicy Ar6 = new() { Gwp = GwpSet.Ar6 };

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Difference_CanBeRead_WhileItsResultsAreWritten_AndIsDecidedAfterwards()
    {
        await using var world = await EntryWorld.CreateAsync(apps);
        await world.SaveAsync(world.AYear());
        var hash = await HashAsync(world);
        await using var hold = await HoldAsync();
        var id = await ProposeAsync(world, Ar6);

        var shown = await ShownAsync(world, id);

        // Of eight entries that count, one has no figure.
        (shown.State, shown.Changed).ShouldBe((RunState.Calculating, 7));
        shown.Moves.ShouldNotBeEmpty();
        var difference = (await world.Client.GetAsync($"/api/v1/calculation-runs/{id}/difference?groupBy=factor")).ToString();
        (await world.Client.GetAsync($"/api/v1/calculation-runs/{id}/difference?groupBy=row")).GetProperty("rows").GetArrayLength().ShouldBe(7);
        (await world.Client.GetAsync($"/api/v1/calculation-runs/{id}")).GetProperty("hasDifference").GetBoolean().ShouldBeTrue();
        (await world.Client.Ledger.ScalarAsync<long>(Written)).ShouldBe(0);
        foreach (var decide in new Func<ICalculationRuns, Task<RunOutcomeOf>>[] { runs => runs.ApproveAsync(id, null, Stop), runs => runs.RejectAsync(id, "No", Stop) })
        {
            (await AsAsync(world, Grace, decide)).ShouldBeOfType<RunOutcomeOf.Refused>().Reason.ShouldEndWith("this one is still writing the results that it would bring.");
        }

        await hold.ReleaseAsync();
        var proposed = await ProposedAsync(world, id);

        proposed.Moves.ShouldBe(shown.Moves);
        (await world.Client.GetAsync($"/api/v1/calculation-runs/{id}/difference?groupBy=factor")).ToString().Replace("\"proposed\"", "\"calculating\"", StringComparison.Ordinal)
            .ShouldBe(difference);
        (await HashAsync(world)).ShouldBe(hash);
        await ApproveAsync(world, id);
        (await world.DifferencesAsync()).ShouldBeEmpty();
    }

    [Fact]
    public async Task EntryChangedBetween_TheRunBeginsAnew()
    {
        await using var world = await EntryWorld.CreateAsync(apps);
        var year = world.AYear();
        await world.SaveAsync(year);
        await using var hold = await HoldAsync();
        var id = await ProposeAsync(world, Ar6);
        var shown = await ShownAsync(world, id);
        var first = await AttemptsAsync(world);

        await world.Client.Ledger.ExecuteAsync("update activity_entries set quantity = quantity * 2 where tenant_id = $1 and activity_type = 'natural-gas'");
        await hold.ReleaseAsync();
        var proposed = await ProposedAsync(world, id);

        (await AttemptsAsync(world)).ShouldHaveSingleItem().ShouldNotBe(first.ShouldHaveSingleItem());
        (proposed.Changed, proposed.State).ShouldBe((shown.Changed, RunState.Proposed));
        proposed.Moves.ShouldNotBe(shown.Moves);
        (await world.Client.Ledger.ScalarAsync<long>(Written + " and proposal_id <> (select proposal_id from calculation_runs where tenant_id = $1)")).ShouldBe(0);
    }

    [Fact]
    public async Task Cancelled_WhileItsResultsAreWritten_HasNoDifferenceAnyMore()
    {
        await using var world = await EntryWorld.CreateAsync(apps);
        await world.SaveAsync(world.AYear());
        await using var hold = await HoldAsync();
        var id = await ProposeAsync(world, Ar6);
        var shown = await ShownAsync(world, id);

        using var cancelled = await world.Client.Http.PostAsync($"/api/v1/jobs/{shown.JobId}/cancel", null, Stop);
        cancelled.StatusCode.ShouldBe(HttpStatusCode.NoContent);
        await hold.ReleaseAsync();
        await Eventually.BeAsync(async () => (await FindAsync(world, id)).State == RunState.Cancelled, "the end of the cancelled run");

        var run = await FindAsync(world, id);
        (run.HasDifference, run.Changed, run.Moves.Count).ShouldBe((false, 0L, 0));
        using var none = await world.Client.Http.GetAsync($"/api/v1/calculation-runs/{id}/difference", Stop);
        (await ImportClient.ProblemAsync(none, HttpStatusCode.Conflict)).GetProperty("title").GetString().ShouldBe("There is no difference yet");
        (await world.Client.Ledger.ScalarAsync<long>(Written)).ShouldBe(0);
        (await world.Client.Ledger.CountAsync("calculation_run_changes")).ShouldBe(0);
    }

    /// <summary>A run stands still when its difference is there: where statistics of it are made.</summary>
    private Task<HeldTable> HoldAsync() => HeldTable.TakeAsync(apps.App.ConnectionString, "calculation_run_totals", "share update exclusive");

    private static async Task<RunRow> ShownAsync(EntryWorld world, Guid id)
    {
        RunRow? run = null;
        await Eventually.BeAsync(async () => (run = await FindAsync(world, id)).HasDifference, $"the difference of run {id}");
        return run!;
    }

    private static async Task<RunRow> FindAsync(EntryWorld world, Guid id) => (await AsAsync(world, Ada, runs => runs.FindAsync(id, Stop)))!;

    private static Task<List<string>> AttemptsAsync(EntryWorld world) => world.Client.Ledger.TextsAsync("select id::text from calculation_proposals where tenant_id = $1");
}
