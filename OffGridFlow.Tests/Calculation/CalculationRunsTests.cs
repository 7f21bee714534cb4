using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using OffGridFlow.Core.ActivityData;
using OffGridFlow.Core.Calculation;
using OffGridFlow.Core.Calculation.Runs;
using OffGridFlow.Core.EmissionFactors;
using OffGridFlow.Core.Identity;
using OffGridFlow.Infrastructure.Calculation;
using OffGridFlow.Infrastructure.Calculation.Runs;
using OffGridFlow.Tests.Imports;
using static OffGridFlow.Tests.Calculation.RunSteps;

namespace OffGridFlow.Tests.Calculation;

/// <summary>Runs from proposal to rollback: what counts, who may decide, and that the digits are those of a calculation from the beginning.</summary>
public sealed class CalculationRunsTests(AppFixture apps) : IClassFixture<AppFixture>
{
    private static readonly CalculationPolicy Ar6 = new() { Gwp = GwpSet.Ar6 };

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Propose_MovesNothing_UntilItIsApproved()
    {
        await using var world = await EntryWorld.CreateAsync(apps);
        await world.SaveAsync(world.AYear());
        var (all, summary) = (await StandingAsync(world), (await world.Client.GetAsync("/api/v1/emissions/summary?from=2025-01-01&to=2025-12-31&groupBy=scope")).ToString());

        var run = await ProposedAsync(world, await ProposeAsync(world, Ar6));

        run.Changed.ShouldBeGreaterThan(0);
        (await StandingAsync(world)).ShouldBe(all);
        (await world.Client.GetAsync("/api/v1/emissions/summary?from=2025-01-01&to=2025-12-31&groupBy=scope")).ToString().ShouldBe(summary);
        var proposed = await world.Client.Ledger.TextsAsync("select id::text from emission_records where tenant_id = $1 and proposal_id is not null");
        proposed.ShouldNotBeEmpty();
        using var trail = await world.Client.Http.GetAsync($"/api/v1/emissions/{proposed[0]}/trail", Stop);
        trail.StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await world.Client.GetAsync("/api/v1/emissions?from=2024-01-01&to=2026-12-31")).ToString().ShouldNotContain(proposed[0]);
    }

    [Fact]
    public async Task ApproveAndRollBack_RandomEntriesAndPolicies_GiveTheDigitsOfACalculationFromTheBeginning_AndBack()
    {
        var random = new Random(20261122);
        for (var round = 0; round < 3; round++)
        {
            await using var world = await EntryWorld.CreateAsync(apps);
            var make = Entries(random);
            if (round > 0)
            {
                await world.AddInstrumentAsync(300, 0.011m, "2025-01-01", "2025-12-31", world.Leeds, world.Gdansk);
            }

            await world.SaveAsync(make(world));
            var (before, hash, totals, energy) = (await ResultsAsync(world), await HashAsync(world), await world.Client.Ledger.MonthlyTotalsAsync(), await EnergyAsync(world));
            var policy = Policy(random);

            var run = await ProposedAsync(world, await ProposeAsync(world, policy));
            await ApproveAsync(world, run.Id);

            (await world.DifferencesAsync()).ShouldBeEmpty(policy.ToString());
            await using var fresh = await EntryWorld.CreateAsync(apps);
            await SavePolicyAsync(fresh, policy);
            if (round > 0)
            {
                await fresh.AddInstrumentAsync(300, 0.011m, "2025-01-01", "2025-12-31", fresh.Leeds, fresh.Gdansk);
            }

            await fresh.SaveAsync(make(fresh));
            (await ResultsAsync(world)).ShouldBe(await ResultsAsync(fresh));
            (await ExceptionsAsync(world)).ShouldBe(await ExceptionsAsync(fresh));
            (await TotalsAsync(world)).ShouldBe(await TotalsAsync(fresh));

            var inverse = (await RollBackAsync(world, run.Id)).ShouldBeOfType<RunOutcomeOf.Done>().Run;
            inverse.InverseOf.ShouldBe(run.Id);
            inverse.Moves.ShouldBe([.. run.Moves.Select(move => new RunMove(move.Year, -move.LocationKg, -move.MarketKg))]);
            (await ResultsAsync(world)).ShouldBe(before);
            (await HashAsync(world)).ShouldBe(hash);
            (await world.Client.Ledger.MonthlyTotalsAsync()).ShouldBe(totals);
            (await EnergyAsync(world)).ShouldBe(energy);
            (await world.DifferencesAsync()).ShouldBeEmpty();
        }
    }

    [Fact]
    public async Task RollBack_WithEntriesMadeAndChangedSince_CalculatesThemWithTheFormerPolicy()
    {
        await using var world = await EntryWorld.CreateAsync(apps);
        var year = world.AYear();
        await world.SaveAsync(year);
        var run = await ProposedAsync(world, await ProposeAsync(world, Ar6));
        await ApproveAsync(world, run.Id);
        var added = world.Entry(world.Leeds, "refrigerant-leak", 2, "kg", "2025-07-01", "2025-07-01", gas: "R-410A");
        year[5].Quantity = 9;
        year[0].Status = EntryStatus.Excluded;
        await world.SaveAsync(added, year[5], year[0]);

        (await RollBackAsync(world, run.Id)).ShouldBeOfType<RunOutcomeOf.Done>();

        await using var fresh = await EntryWorld.CreateAsync(apps);
        await fresh.SaveAsync([.. year.Append(added).Select(entry => fresh.Entry(
            entry.SiteId == world.Leeds ? fresh.Leeds : entry.SiteId == world.Gdansk ? fresh.Gdansk : fresh.Oakland, entry.ActivityType, entry.Quantity, entry.Unit,
            Day(entry.PeriodStart), Day(entry.PeriodEnd), entry.Status, entry.Gas, entry.Quality, entry.UncertaintyPercent))]);
        (await ResultsAsync(world)).ShouldBe(await ResultsAsync(fresh));
        (await world.DifferencesAsync()).ShouldBeEmpty();
        (await world.Client.Ledger.TextsAsync("select gwp from calculation_policies where tenant_id = $1")).ShouldBe(["Ar5"]);
    }

    [Fact]
    public async Task Approve_AFixedEdition_ClearsTheExceptionsThatItMends_AndRollbackBringsThemBack()
    {
        await using var world = await EntryWorld.CreateAsync(apps);
        await world.SaveAsync(
            world.Entry(world.Leeds, "diesel", 100, "l", "2023-03-01", "2023-03-31"), world.Entry(world.Leeds, "diesel", 100, "l", "2025-03-01", "2025-03-31"));
        var (results, exceptions) = (await ResultsAsync(world), await ExceptionsAsync(world));
        exceptions.Count.ShouldBe(1);

        var policy = new CalculationPolicy { FixedEditions = new Dictionary<(string, int), int> { [("desnz", 2023)] = 2024 } };
        var run = await ProposedAsync(world, await ProposeAsync(world, policy));

        // Only what the edition can serve was looked at.
        (run.Entries, run.Changed, run.NewExceptions, run.ClearedExceptions).ShouldBe((1, 1, 0, 1));
        await ApproveAsync(world, run.Id);
        (await world.Client.Ledger.CountAsync("calculation_exceptions")).ShouldBe(0);
        (await world.DifferencesAsync()).ShouldBeEmpty();
        var difference = await world.Client.GetAsync($"/api/v1/calculation-runs/{run.Id}/difference?groupBy=row");
        difference.GetProperty("rows").EnumerateArray().Single().GetProperty("exceptionBefore").GetString().ShouldNotBeNullOrEmpty();

        await RollBackAsync(world, run.Id);
        (await ResultsAsync(world)).ShouldBe(results);
        (await ExceptionsAsync(world)).ShouldBe(exceptions);
        (await world.DifferencesAsync()).ShouldBeEmpty();
    }

    /// <summary>By the edition of 2024, the first there is, a liter of diesel has 9.89171 kWh. Neither entry has a factor of its year until the edition is fixed.</summary>
    [Fact]
    public async Task RollBack_WithOneEntryChangedSince_TakesBackTheEnergyOfTheOther()
    {
        await using var world = await EntryWorld.CreateAsync(apps);
        ActivityEntry[] entries =
            [world.Entry(world.Leeds, "diesel", 10, "l", "2023-03-01", "2023-03-31"), world.Entry(world.Leeds, "diesel", 20, "l", "2023-03-01", "2023-03-31")];
        await world.SaveAsync(entries);
        var policy = new CalculationPolicy { FixedEditions = new Dictionary<(string, int), int> { [("desnz", 2023)] = 2024 } };
        var run = await ProposedAsync(world, await ProposeAsync(world, policy));
        await ApproveAsync(world, run.Id);
        var approved = await world.Client.Ledger.TextsAsync(Energy);
        entries[1].Quantity = 30;
        await world.SaveAsync(entries[1]);
        var changed = await world.Client.Ledger.TextsAsync(Energy);

        await RollBackAsync(world, run.Id);

        approved.ShouldBe(["Petroleum  2 296.7513"]);
        changed.ShouldBe(["Petroleum  2 395.6684"]);
        (await world.Client.Ledger.TextsAsync(Energy)).ShouldBe([" no-result 2 0"]);
        (await world.DifferencesAsync()).ShouldBeEmpty();
        (await world.Client.Ledger.TextsAsync("select count(*)::text from calculation_run_energy where tenant_id = $1")).ShouldBe(["4"]);
    }

    private const string Energy =
        "select coalesce(carrier, '') || ' ' || coalesce(gap, '') || ' ' || results || ' ' || trim_scale(kilowatt_hours) from monthly_energy where tenant_id = $1 order by 1";

    [Fact]
    public async Task Approve_AfterAnEntryChanged_DecidesNothing_AndWorksTheDifferenceOutAnew()
    {
        await using var world = await EntryWorld.CreateAsync(apps);
        var year = world.AYear();
        await world.SaveAsync(year);
        var run = await ProposedAsync(world, await ProposeAsync(world, Ar6));
        year[5].Quantity = 32;
        await world.SaveAsync(year[5]);
        var standing = await ResultsAsync(world);

        using var refused = await world.Client.Http.PostAsJsonAsync($"/api/v1/calculation-runs/{run.Id}/approve", new { }, Stop);
        (await ImportClient.ProblemAsync(refused, HttpStatusCode.Conflict)).GetProperty("title").GetString().ShouldBe("The figures have moved");

        var again = await ProposedAsync(world, run.Id);
        (await ResultsAsync(world)).ShouldBe(standing);
        again.BaseSequence!.Value.ShouldBeGreaterThan(run.BaseSequence!.Value);
        again.Moves.ShouldNotBe(run.Moves);
        await ApproveAsync(world, run.Id);
        (await world.DifferencesAsync()).ShouldBeEmpty();
        (await world.Client.Ledger.CountAsync("calculation_proposals")).ShouldBe(1);
    }

    [Fact]
    public async Task Approve_ByTheProposer_IsRefused_WhereASecondPersonIsAskedFor()
    {
        await using var world = await EntryWorld.CreateAsync(apps);
        await world.SaveAsync(world.AYear());
        await world.Client.Ledger.ExecuteAsync("insert into activity_entry_policies (tenant_id, asks_for_second_person, changed_by, changed_at) values ($1, true, 'Ada', now())");
        var run = await ProposedAsync(world, await ProposeAsync(world, Ar6, Ada));
        var standing = await StandingAsync(world);

        var own = await AsAsync(world, Ada, runs => runs.ApproveAsync(run.Id, null, Stop));
        var key = await AsAsync(world, null, runs => runs.ApproveAsync(run.Id, null, Stop));

        own.ShouldBeOfType<RunOutcomeOf.Refused>().Reason.ShouldContain("second person");
        key.ShouldBeOfType<RunOutcomeOf.Refused>();
        (await StandingAsync(world)).ShouldBe(standing);
        (await AsAsync(world, Grace, runs => runs.ApproveAsync(run.Id, "Seen", Stop))).ShouldBeOfType<RunOutcomeOf.Done>().Run.State.ShouldBe(RunState.Approved);
        (await world.Client.Ledger.AuditAsync($"calculation-run/{run.Id}")).ShouldBe(["calculation-run.proposed", "calculation-run.calculated", "calculation-run.approved"]);
    }

    [Fact]
    public async Task Reject_EndsIt_AndWhatItWouldHaveWrittenGoes()
    {
        await using var world = await EntryWorld.CreateAsync(apps);
        await world.SaveAsync(world.AYear());
        var standing = await StandingAsync(world);
        var run = await ProposedAsync(world, await ProposeAsync(world, Ar6));

        (await AsAsync(world, Grace, runs => runs.RejectAsync(run.Id, " ", Stop))).ShouldBeOfType<RunOutcomeOf.Invalid>();
        (await AsAsync(world, Grace, runs => runs.RejectAsync(run.Id, "Not this year", Stop))).ShouldBeOfType<RunOutcomeOf.Done>();

        (await world.Client.Ledger.CountAsync("emission_records", "proposal_id is not null")).ShouldBe(0);
        (await StandingAsync(world)).ShouldBe(standing);
        (await AsAsync(world, Grace, runs => runs.ApproveAsync(run.Id, null, Stop))).ShouldBeOfType<RunOutcomeOf.Refused>();
        (await AsAsync(world, Grace, runs => runs.RollBackAsync(run.Id, "No", Stop))).ShouldBeOfType<RunOutcomeOf.Refused>();
        (await world.Client.GetAsync($"/api/v1/calculation-runs/{run.Id}/difference?groupBy=scope")).GetProperty("groups").GetArrayLength().ShouldBeGreaterThan(0);
    }

    [Fact]
    public async Task RollBack_OfARunBelowAnother_IsRefused_UntilThatOneIsTakenBack()
    {
        await using var world = await EntryWorld.CreateAsync(apps);
        await world.SaveAsync(world.AYear());
        var hash = await HashAsync(world);
        var first = await ProposedAsync(world, await ProposeAsync(world, Ar6));
        await ApproveAsync(world, first.Id);
        var second = await ProposedAsync(world, await ProposeAsync(world, new CalculationPolicy { Gwp = GwpSet.Ar4 }));
        await ApproveAsync(world, second.Id);

        (await RollBackAsync(world, first.Id)).ShouldBeOfType<RunOutcomeOf.Refused>().Reason.ShouldContain("Roll run 2 back first");
        (await RollBackAsync(world, second.Id)).ShouldBeOfType<RunOutcomeOf.Done>();
        (await RollBackAsync(world, first.Id)).ShouldBeOfType<RunOutcomeOf.Done>();

        (await HashAsync(world)).ShouldBe(hash);
        (await world.DifferencesAsync()).ShouldBeEmpty();
    }

    [Fact]
    public async Task Job_KilledInTheMiddle_BeginsAnew_AndLeavesNothingTwice()
    {
        await using var world = await EntryWorld.CreateAsync(apps);
        await world.SaveAsync(world.AYear());
        // What a process wrote that then died: under an attempt of its own, which the next one clears away.
        var id = await ProposeAsync(world, Ar6);
        var first = await ProposedAsync(world, id);
        await world.Client.Ledger.ExecuteAsync("update calculation_runs set state = 'Calculating', proposal_id = null where tenant_id = $1");
        await world.Client.Ledger.ExecuteAsync(
            "update job_runs set state = 'Running', heartbeat_at = now() - interval '1 minute', finished_at = null, fence = fence + 1 where tenant_id = $1 and kind = 'calculation-run'");

        var again = await ProposedAsync(world, id);

        (again.Changed, again.Entries).ShouldBe((first.Changed, first.Entries));
        again.Moves.ShouldBe(first.Moves);
        (await world.Client.Ledger.CountAsync("calculation_run_changes")).ShouldBe(first.Changed);
        (await world.Client.Ledger.ScalarAsync<long>("select count(distinct proposal_id) from emission_records where tenant_id = $1 and proposal_id is not null")).ShouldBe(1);
        await ApproveAsync(world, id);
        (await world.DifferencesAsync()).ShouldBeEmpty();
    }

    [Fact]
    public async Task Propose_WithoutAChange_ChangesNothing()
    {
        await using var world = await EntryWorld.CreateAsync(apps);
        await world.AddInstrumentAsync(20, 0.011m, "2025-01-01", "2025-12-31", world.Leeds, world.Gdansk);
        await world.SaveAsync(world.AYear());

        var run = await ProposedAsync(world, await ProposeAsync(world, null));

        (run.Entries, run.Changed).ShouldBe((8, 0));
        run.Moves.ShouldBeEmpty();
    }

    [Fact]
    public async Task Propose_AfterAnApprovalAndItsRollback_FindsWhatItFoundBefore()
    {
        await using var world = await EntryWorld.CreateAsync(apps);
        var year = world.AYear();
        await world.SaveAsync([.. year, world.Entry(world.Leeds, "diesel", 100, "l", "2023-03-01", "2023-03-31")]);
        var first = await ProposedAsync(world, await ProposeAsync(world, Ar6));
        await ApproveAsync(world, first.Id);
        (await ProposedAsync(world, await ProposeAsync(world, null))).Changed.ShouldBe(0, "what stands is what the run gave");
        // Looked at again, as by a recalculation that finds nothing new: what the run took the place of has to be known still.
        await world.ChangeAsync((unit, ledger) => ledger.ApplyAsync(unit, [year[0].Id, year[1].Id], Stop));
        (await ProposedAsync(world, await ProposeAsync(world, null))).Changed.ShouldBe(0);

        (await RollBackAsync(world, first.Id)).ShouldBeOfType<RunOutcomeOf.Done>();

        (await ProposedAsync(world, await ProposeAsync(world, null))).Changed.ShouldBe(0, "what stands is what stood before the run");
        var again = await ProposedAsync(world, await ProposeAsync(world, Ar6));
        again.Changed.ShouldBe(first.Changed);
        again.Moves.ShouldBe(first.Moves);
        await ApproveAsync(world, again.Id);
        (await world.DifferencesAsync()).ShouldBeEmpty();
    }

    /// <summary>As after an upgrade whose activity types lack one that entries name: nothing can be said of such an entry, not even its scope.</summary>
    [Fact]
    public async Task RollBack_OfARunByWhichAnEntryLostItsResults_AndOfTheOneBelow_FindsWhatEachFoundBefore()
    {
        await using var world = await EntryWorld.CreateAsync(apps);
        var year = world.AYear();
        await world.SaveAsync(year);
        var written = await ResultsAsync(world);
        var first = await ProposedAsync(world, await ProposeAsync(world, Ar6));
        await ApproveAsync(world, first.Id);
        var (results, totals) = (await ResultsAsync(world), await TotalsAsync(world));

        await NameTypeAsync(world, year[5], "no-such-type");
        var losing = await ProposedAsync(world, await ProposeAsync(world, null));
        (losing.Changed, losing.NewExceptions).ShouldBe((1, 1));
        await ApproveAsync(world, losing.Id);
        (await ResultsAsync(world)).Count.ShouldBe(results.Count - 1);
        (await ProposedAsync(world, await ProposeAsync(world, null))).Changed.ShouldBe(0, "it has lost them already");

        await NameTypeAsync(world, year[5], year[5].ActivityType);
        (await RollBackAsync(world, losing.Id)).ShouldBeOfType<RunOutcomeOf.Done>();
        (await ResultsAsync(world)).ShouldBe(results);
        (await TotalsAsync(world)).ShouldBe(totals);
        (await ProposedAsync(world, await ProposeAsync(world, null))).Changed.ShouldBe(0, "what stands is what the first run gave");

        (await RollBackAsync(world, first.Id)).ShouldBeOfType<RunOutcomeOf.Done>();
        (await ResultsAsync(world)).ShouldBe(written);
        (await ProposedAsync(world, await ProposeAsync(world, null))).Changed.ShouldBe(0, "what stands is what was written");
        (await world.DifferencesAsync()).ShouldBeEmpty();
    }

    /// <summary>The same for an entry that had no results to begin with: one run changes why, the next gives it some, and one more takes them again.</summary>
    [Fact]
    public async Task RollBack_OfRunsThatGaveAnEntryResultsAndTookThem_FindsWhatEachFoundBefore()
    {
        await using var world = await EntryWorld.CreateAsync(apps);
        var entry = world.Entry(world.Leeds, "diesel", 100, "l", "2025-03-01", "2025-03-31");
        await world.SaveAsync(entry);
        await NameTypeAsync(world, entry, "no-such-type");
        await world.ChangeAsync((unit, ledger) => ledger.ApplyAsync(unit, [entry.Id], Stop));
        (await ResultsAsync(world)).ShouldBeEmpty();
        var (runs, found) = (new List<Guid>(), new List<(List<string> Results, List<string> Exceptions, List<string> Totals)>());
        foreach (var type in new[] { "none-such-type", "diesel", "no-such-type", "diesel" })
        {
            found.Add((await ResultsAsync(world), await ExceptionsAsync(world), await TotalsAsync(world)));
            await NameTypeAsync(world, entry, type);
            var run = await ProposedAsync(world, await ProposeAsync(world, null));
            run.Changed.ShouldBe(1, type);
            await ApproveAsync(world, run.Id);
            (await ProposedAsync(world, await ProposeAsync(world, null))).Changed.ShouldBe(0, type);
            runs.Add(run.Id);
        }

        foreach (var (type, (run, before)) in new[] { "no-such-type", "diesel", "none-such-type", "no-such-type" }.Zip(runs.AsEnumerable().Reverse().Zip(found.AsEnumerable().Reverse())))
        {
            await NameTypeAsync(world, entry, type);
            (await RollBackAsync(world, run)).ShouldBeOfType<RunOutcomeOf.Done>();

            (await ResultsAsync(world)).ShouldBe(before.Results);
            (await TotalsAsync(world)).ShouldBe(before.Totals);
            (await ProposedAsync(world, await ProposeAsync(world, null))).Changed.ShouldBe(0, $"back at {type}");
            (await ExceptionsAsync(world)).ShouldBe(before.Exceptions);
        }
    }

    private static Task<int> NameTypeAsync(EntryWorld world, ActivityEntry entry, string type) =>
        world.Client.Ledger.ExecuteAsync($"update activity_entries set activity_type = '{type}' where tenant_id = $1 and id = '{entry.Id}'");

    [Fact]
    public async Task Approve_AfterAnotherRunCountedOrWasTakenBack_WorksTheDifferenceOutAnew()
    {
        await using var world = await EntryWorld.CreateAsync(apps);
        await world.SaveAsync(world.AYear());
        var first = await ProposedAsync(world, await ProposeAsync(world, Ar6));
        var second = await ProposedAsync(world, await ProposeAsync(world, Ar6 with { FixedEditions = new Dictionary<(string, int), int> { [("desnz", 2025)] = 2024 } }));
        await ApproveAsync(world, first.Id);
        using (var refused = await world.Client.Http.PostAsJsonAsync($"/api/v1/calculation-runs/{second.Id}/approve", new { }, Stop))
        {
            (await ImportClient.ProblemAsync(refused, HttpStatusCode.Conflict)).GetProperty("title").GetString().ShouldBe("The figures have moved");
        }

        await ProposedAsync(world, second.Id);
        (await RollBackAsync(world, first.Id)).ShouldBeOfType<RunOutcomeOf.Done>();
        using (var refused = await world.Client.Http.PostAsJsonAsync($"/api/v1/calculation-runs/{second.Id}/approve", new { }, Stop))
        {
            (await ImportClient.ProblemAsync(refused, HttpStatusCode.Conflict)).GetProperty("title").GetString().ShouldBe("The figures have moved");
        }

        await ProposedAsync(world, second.Id);
        await ApproveAsync(world, second.Id);
        (await world.DifferencesAsync()).ShouldBeEmpty();
    }

    [Fact]
    public async Task Difference_ByEveryGrouping_AddsUpToTheTotal_InBothViewsApart()
    {
        await using var world = await EntryWorld.CreateAsync(apps);
        await world.SaveAsync(world.AYear());
        var run = await ProposedAsync(world, await ProposeAsync(world, Ar6));
        foreach (var view in new[] { "location", "market" })
        {
            foreach (var grouping in new[] { "scope", "category", "entity", "site", "year", "type" })
            {
                var found = await world.Client.GetAsync($"/api/v1/calculation-runs/{run.Id}/difference?groupBy={grouping}&scope2Method={view}");

                var groups = found.GetProperty("groups").EnumerateArray().ToList();
                var total = found.GetProperty("total");
                groups.Sum(group => group.GetProperty("differenceKgCo2e").GetDecimal()).ShouldBe(total.GetProperty("differenceKgCo2e").GetDecimal(), grouping + view);
                if (grouping != "type")
                {
                    groups.Sum(group => group.GetProperty("beforeKgCo2e").GetDecimal()).ShouldBe(total.GetProperty("beforeKgCo2e").GetDecimal(), grouping + view);
                }

                var differences = groups.Select(group => Math.Abs(group.GetProperty("differenceKgCo2e").GetDecimal())).ToList();
                differences.ShouldBe(differences.OrderDescending());
            }
        }

        var factors = await world.Client.GetAsync($"/api/v1/calculation-runs/{run.Id}/difference?groupBy=factor");
        factors.GetProperty("groups").EnumerateArray().ShouldContain(group => group.GetProperty("factorAfter").ValueKind == JsonValueKind.Object);
        var (rows, cursor) = (new List<JsonElement>(), "");
        do
        {
            var page = await world.Client.GetAsync($"/api/v1/calculation-runs/{run.Id}/difference?groupBy=row&limit=2&cursor={cursor}");
            rows.AddRange(page.GetProperty("rows").EnumerateArray());
            cursor = page.GetProperty("nextCursor").GetString();
        }
        while (cursor is not null);
        rows.Count.ShouldBe((int)run.Changed);
        rows.Sum(row => row.GetProperty("locationAfter").GetDecimal() - row.GetProperty("locationBefore").GetDecimal()).ShouldBe(run.Moves.Sum(move => move.LocationKg));
    }

    [Fact]
    public async Task Ledger_AtANumberBeforeTheApproval_IsAsItWas()
    {
        await using var world = await EntryWorld.CreateAsync(apps);
        await world.SaveAsync(world.AYear());
        var before = await world.Client.GetAsync("/api/v1/ledger?hash=true");
        var run = await ProposedAsync(world, await ProposeAsync(world, Ar6));
        await ApproveAsync(world, run.Id);

        var then = await world.Client.GetAsync("/api/v1/ledger?hash=true&number=" + before.GetProperty("ledgerNumber").GetRawText());
        var now = await world.Client.GetAsync("/api/v1/ledger?hash=true");
        var asAt = await world.Client.GetAsync($"/api/v1/ledger?at={Uri.EscapeDataString(before.GetProperty("at").GetDateTimeOffset().ToString("O", CultureInfo.InvariantCulture))}");

        then.ToString().ShouldBe(before.ToString());
        now.GetProperty("hashes").ToString().ShouldNotBe(before.GetProperty("hashes").ToString());
        asAt.GetProperty("totals").ToString().ShouldBe(before.GetProperty("totals").ToString());
    }

    [Theory]
    [InlineData("{\"title\":\"\"}", "title")]
    [InlineData("{\"title\":\"A\",\"kind\":\"7\"}", "kind of run")]
    [InlineData("{\"title\":\"A\",\"kind\":\"rollback\"}", "rollback")]
    [InlineData("{\"title\":\"A\",\"years\":[1066]}", "1066")]
    [InlineData("{\"title\":\"A\",\"activityTypes\":[\"nothing\"]}", "nothing")]
    [InlineData("{\"title\":\"A\",\"policy\":{\"gwp\":\"ar9\"}}", "ar9")]
    [InlineData("{\"title\":\"A\",\"policy\":{\"setOrder\":[\"nobody\"]}}", "nobody")]
    [InlineData("{\"title\":\"A\",\"policy\":{\"fixedEditions\":{\"desnz\":{\"2024\":1999}}}}", "1999")]
    public async Task Propose_WhatCannotBe_IsRefusedInWords(string body, string word)
    {
        using var client = await apps.NewTenantAsync();
        using var answer = await client.Http.PostAsync("/api/v1/calculation-runs", new StringContent(body, System.Text.Encoding.UTF8, "application/json"), Stop);

        (await ImportClient.ProblemAsync(answer, HttpStatusCode.UnprocessableEntity)).GetProperty("detail").GetString()!.ShouldContain(word);
    }

    /// <summary>The same entries for any world; a year without a factor, and one whose unit fits none, among them.</summary>
    private static Func<EntryWorld, IReadOnlyList<ActivityEntry>> Entries(Random random)
    {
        (string Type, string Unit, string? Gas)[] kinds =
        [
            ("natural-gas", "kWh (Gross CV)", null), ("diesel", "l", null), ("electricity", "kWh", null), ("electricity", "MWh", null), ("refrigerant-leak", "kg", "R-410A"),
            ("wood-pellets", "t", null), ("petrol", "l", null), ("electricity", "l", null), ("car-average-diesel", "km", null),
            ("own-energy", "MWh", null),
        ];
        var rows = Enumerable.Range(0, 60).Select(_ =>
        {
            var from = new DateOnly(2023, 6, 1).AddDays(random.Next(1100));
            return (Kind: kinds[random.Next(kinds.Length)], Site: random.Next(3), Quantity: random.Next(1, 1_000_000) / 64m, From: from, To: from.AddDays(random.Next(0, 120)),
                Status: random.Next(5) == 0 ? EntryStatus.Submitted : EntryStatus.Approved);
        }).ToList();
        return world => [.. rows.Select(row => world.Entry(
            new[] { world.Leeds, world.Gdansk, world.Oakland }[row.Site], row.Kind.Type, row.Quantity, row.Kind.Unit, Day(row.From), Day(row.To), row.Status, row.Kind.Gas))];
    }

    private static CalculationPolicy Policy(Random random) => new()
    {
        Gwp = random.Next(2) == 0 ? GwpSet.Ar5 : GwpSet.Ar6,
        SetOrder = random.Next(2) == 0 ? [] : ["epa-hub", "desnz"],
        AllowsProxy = random.Next(3) > 0,
        FixedEditions = random.Next(2) == 0 ? new Dictionary<(string, int), int>() : new() { [("desnz", 2023)] = 2024, [("desnz", 2025)] = 2024 },
    };

    private async Task SavePolicyAsync(EntryWorld world, CalculationPolicy policy)
    {
        await using var scope = apps.App.App.Services.CreateAsyncScope();
        scope.ServiceProvider.GetRequiredService<CurrentUser>().Become(new Actor(world.Client.Ledger.Tenant, Ada, "Ada", TenantRole.Admin));
        (await scope.ServiceProvider.GetRequiredService<CalculationSettings>().SaveAsync(policy, 0, Stop)).ShouldBeOfType<CalculationSettingsOutcome.Saved>();
    }

    /// <summary>What counts, with the ids of its rows, and everything that is kept of it.</summary>
    private static async Task<List<string>> StandingAsync(EntryWorld world)
    {
        var all = new List<string>();
        foreach (var table in new[] { "emission_intervals", "monthly_totals", "monthly_energy", "calculation_exceptions", "ledger_sequences", "entry_results", "activity_records", "calculation_policies" })
        {
            all.AddRange(await world.Client.Ledger.TextsAsync($"select '{table} ' || t::text from {table} t where tenant_id = $1 order by 1"));
        }

        return all;
    }

    private static string Day(DateOnly day) => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
}
