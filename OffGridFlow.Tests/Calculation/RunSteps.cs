using Microsoft.Extensions.DependencyInjection;
using OffGridFlow.Core.Calculation;
using OffGridFlow.Core.Calculation.Runs;
using OffGridFlow.Core.Identity;
using OffGridFlow.Infrastructure.Calculation.Runs;

namespace OffGridFlow.Tests.Calculation;

/// <summary>Steps of a run as two people take them, and what stands after each.</summary>
internal static class RunSteps
{
    /// <summary>Proposes.</summary>
    public static readonly Guid Ada = Guid.CreateVersion7();

    /// <summary>Decides.</summary>
    public static readonly Guid Grace = Guid.CreateVersion7();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public static async Task<Guid> ProposeAsync(EntryWorld world, CalculationPolicy? policy, Guid? by = null) => (await AsAsync(
        world, by ?? Ada, runs => runs.ProposeAsync(new RunInput(RunKind.Factors, "What if", "To see", policy, [], []), Stop))).ShouldBeOfType<RunOutcomeOf.Done>().Run.Id;

    public static async Task ApproveAsync(EntryWorld world, Guid id) =>
        (await AsAsync(world, Grace, runs => runs.ApproveAsync(id, null, Stop))).ShouldBeOfType<RunOutcomeOf.Done>();

    public static Task<RunOutcomeOf> RollBackAsync(EntryWorld world, Guid id) => AsAsync(world, Grace, runs => runs.RollBackAsync(id, "It was wrong", Stop));

    public static async Task<RunRow> ProposedAsync(EntryWorld world, Guid id)
    {
        RunRow? run = null;
        await Eventually.BeAsync(
            async () =>
            {
                run = await AsAsync(world, Ada, runs => runs.FindAsync(id, Stop));
                run!.State.ShouldBeOneOf(RunState.Calculating, RunState.Proposed);
                return run.State == RunState.Proposed;
            },
            $"the difference of run {id}");
        return run!;
    }

    public static async Task<T> AsAsync<T>(EntryWorld world, Guid? person, Func<ICalculationRuns, Task<T>> work)
    {
        await using var scope = world.App.App.Services.CreateAsyncScope();
        scope.ServiceProvider.GetRequiredService<CurrentUser>().Become(
            new Actor(world.Client.Ledger.Tenant, person, "A person", TenantRole.Admin) { ApiKeyId = person is null ? Guid.CreateVersion7() : null });
        return await work(scope.ServiceProvider.GetRequiredService<ICalculationRuns>());
    }

    /// <summary>All that counts, digit for digit with what made it, without ids and times; losing factors aside.</summary>
    public static Task<List<string>> ResultsAsync(EntryWorld world) => world.Client.Ledger.TextsAsync(
        """
        select concat_ws('|', a.account, a.service, a.region, a.period_start, a.period_end, trim_scale(a.quantity), a.unit, a.entry_status, e.scope, e.category, e.month, e.scope2_method,
          e.part, e.factor_id, e.factor_set_id, e.factor_set_checksum, e.kilowatt_hours, e.kg_co2e, e.biogenic_kg_co2, e.defaulted_kg_co2e, e.quality, e.flags, e.method_version,
          (whole_derivation(d.content, e.derivation) - 'losers' #- '{instrument,id}' #- '{instrument,sites}')::text)
        from emission_records e
        join emission_intervals i on i.activity_id = e.activity_id and i.proposal_id is not distinct from e.proposal_id and i.to_sequence is null join activity_records a on a.id = e.activity_id
          left join derivations d on d.tenant_id = e.tenant_id and d.id = e.derivation_id
        where e.tenant_id = $1 order by 1
        """);

    public static Task<List<string>> ExceptionsAsync(EntryWorld world) => world.Client.Ledger.TextsAsync(
        "select concat_ws('|', n.activity_type, n.quantity, n.period_start, x.code, x.message, x.mend) from calculation_exceptions x join activity_entries n on n.id = x.entry_id where x.tenant_id = $1 order by 1");

    public static Task<List<string>> TotalsAsync(EntryWorld world) => world.Client.Ledger.TextsAsync(
        """
        select (to_jsonb(t) - 'tenant_id')::text from monthly_totals t where tenant_id = $1
        union all
        select (to_jsonb(t) - 'tenant_id' - 'instrument_id' || jsonb_build_object('instrument', instrument_id is not null))::text from monthly_energy t where tenant_id = $1 order by 1
        """);

    public static Task<List<string>> EnergyAsync(EntryWorld world) => world.Client.Ledger.TextsAsync("select t::text from monthly_energy t where tenant_id = $1 order by 1");

    public static async Task<string> HashAsync(EntryWorld world) => (await world.Client.GetAsync("/api/v1/ledger?hash=true")).GetProperty("hashes").ToString();
}
