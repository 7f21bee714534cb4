using Microsoft.Extensions.Logging;
using OffGridFlow.Core.Calculation;
using OffGridFlow.Core.Calculation.Runs;
using OffGridFlow.Core.Jobs;
using OffGridFlow.Infrastructure.Inventory;
using OffGridFlow.Infrastructure.Jobs;
using OffGridFlow.Infrastructure.Persistence;
using OffGridFlow.Infrastructure.Persistence.PostgreSql;

namespace OffGridFlow.Infrastructure.Calculation.Runs;

/// <summary>
/// Works out the difference of a run, which can be read from then on, and writes the results that it would bring, after which it can be decided. Nothing that counts is touched;
/// started again, it begins anew under another id.
/// </summary>
internal sealed partial class RunJob(Database database, TenantDatabase tenantDatabase, ICalculationInputs inputs, TimeProvider time, ILogger<RunJob> logger) : IJobHandler
{
    public const string JobKind = "calculation-run";

    public string Kind => JobKind;

    public async Task RunAsync(JobContext job, CancellationToken cancellationToken)
    {
        var started = time.GetTimestamp();
        var proposal = Guid.CreateVersion7(time.GetUtcNow());
        var begun = await BeginAsync(job, proposal, cancellationToken);
        var calculation = new RunCalculation(database, tenantDatabase, job.TenantId, proposal, begun.With, begun.Policy, begun.Reach, time.GetUtcNow());
        var outcome = await calculation.RunAsync(done => job.Report(done, null), cancellationToken);
        await ShowAsync(job, proposal, begun, outcome, started, cancellationToken);
        job.Report(0, outcome.Changed);
        if (!await calculation.WriteResultsAsync(done => job.Report(done, null), cancellationToken))
        {
            throw new JobOutdatedException();
        }

        await using (var unit = await tenantDatabase.OpenAsync(cancellationToken))
        {
            await outcome.Months.WriteAsync(unit, proposal, cancellationToken);
            await unit.Connection.ExecuteAsync("update calculation_runs set state = 'Proposed', error = null where id = $1", cancellationToken, job.SubjectId);
            unit.Audit(
                "calculation-run.calculated", $"calculation-run/{job.SubjectId}", new { outcome.Entries, outcome.Changed, outcome.NewExceptions, ledgerNumber = begun.Sequence });
            job.Report(outcome.Changed, outcome.Changed);
            job.Result = new Dictionary<string, long> { ["entries"] = outcome.Entries, ["changed"] = outcome.Changed };
            await job.CompleteAsync(unit, JobState.Succeeded, null, cancellationToken);
            await unit.CommitAsync(cancellationToken);
        }

        Log.Calculated(logger, job.SubjectId, outcome.Entries, outcome.Changed, time.GetElapsedTime(started).TotalSeconds);
        await AnalyzeAsync("analyze_runs");
    }

    public async Task EndAsync(JobContext job, TenantUnit unit, JobState outcome, string? error, CancellationToken cancellationToken)
    {
        await unit.Connection.ExecuteAsync(
            "update calculation_runs set state = $2, error = $3, proposal_id = null, entries = 0, changed = 0 where id = $1 and state = 'Calculating'", cancellationToken, job.SubjectId,
            outcome == JobState.Cancelled ? nameof(RunState.Cancelled) : nameof(RunState.Failed), Sql.Text(error));
        await unit.Connection.ExecuteLongAsync("select discard_proposed_results($1, true)", cancellationToken, job.SubjectId);
    }

    public async Task<string?> ReopenAsync(JobContext job, TenantUnit unit, CancellationToken cancellationToken) => await unit.Connection.ExecuteAsync(
        "update calculation_runs set state = 'Calculating', error = null where id = $1 and state in ('Cancelled', 'Failed')", cancellationToken, job.SubjectId) == 1
        ? null : "The run was decided meanwhile. Propose another one.";

    /// <summary>Lets the difference be read, while its results are still to be written.</summary>
    private async Task ShowAsync(JobContext job, Guid proposal, Beginning begun, RunOutcome outcome, long started, CancellationToken cancellationToken)
    {
        await using (var unit = await tenantDatabase.OpenAsync(cancellationToken))
        {
            await job.HoldClaimAsync(unit, cancellationToken);
            await WriteSumsAsync(unit, proposal, outcome.Sums, cancellationToken);
            await unit.Connection.ExecuteAsync(
                """
                update calculation_runs set proposal_id = $2, base_sequence = $3, base_stamp = $4, policy_before = $5::jsonb, policy_version = $6,
                  entries = $7, changed = $8, new_exceptions = $9, cleared_exceptions = $10, seconds = $11
                where id = $1
                """,
                cancellationToken, job.SubjectId, proposal, begun.Sequence, begun.Stamp, RunPolicy.Write(begun.Stored.Policy), begun.Stored.Version, outcome.Entries, outcome.Changed,
                outcome.NewExceptions, outcome.ClearedExceptions, (decimal)Math.Round(time.GetElapsedTime(started).TotalSeconds, 3));
            await unit.CommitAsync(cancellationToken);
        }

        await AnalyzeAsync("analyze_differences");
    }

    /// <summary>Without statistics the planner would take thousands of changes for a handful.</summary>
    private async Task AnalyzeAsync(string function)
    {
        await using var connection = await database.App.OpenConnectionAsync(CancellationToken.None);
        await connection.ExecuteAsync($"select {function}()", CancellationToken.None);
    }

    /// <summary>Clears what an earlier attempt has left, and reads what the difference rests on in one state of the database.</summary>
    private async Task<Beginning> BeginAsync(JobContext job, Guid proposal, CancellationToken cancellationToken)
    {
        await using var unit = await tenantDatabase.OpenAsync(cancellationToken);
        await job.HoldClaimAsync(unit, cancellationToken);
        await unit.Connection.ExecuteAsync("update calculation_runs set proposal_id = null where id = $1 and state = 'Calculating'", cancellationToken, job.SubjectId);
        await unit.Connection.ExecuteLongAsync("select discard_proposed_results($1, true)", cancellationToken, job.SubjectId);
        await unit.Connection.ExecuteAsync(
            "insert into calculation_proposals (id, tenant_id, run_id, started_at) values ($1, current_tenant(), $2, $3)", cancellationToken, proposal, job.SubjectId, time.GetUtcNow());
        // The number first: what is written after it is seen when the run is approved, whether or not it is read here.
        var sequence = await RunBasis.SequenceAsync(unit, cancellationToken);
        var stamp = await RunBasis.StampAsync(unit, cancellationToken);
        var stored = await CalculationPolicies.FindAsync(unit, cancellationToken);
        var with = await inputs.GetAsync(unit, cancellationToken);
        var run = (await unit.Connection.ListAsync(
            "select policy::text, activity_types, years from calculation_runs where id = $1 and state = 'Calculating'",
            row => (Policy: row.OptionalText(0), Types: row.GetFieldValue<string[]>(1), Years: row.GetFieldValue<int[]>(2)), cancellationToken, job.SubjectId)).SingleOrDefault();
        if (run.Types is null)
        {
            throw new JobFailedException("The run was decided before its difference was worked out. Propose another one.");
        }

        var policy = run.Policy is null ? stored.Policy : RunPolicy.Read(run.Policy);
        var used = await RunCalculation.TypesAsync(unit, cancellationToken);
        var reach = RunReach.Of(stored.Policy, policy, with.Library, used, run.Types, run.Years);
        var total = await unit.Connection.ScalarAsync<long>(
            $"select count(*) from activity_entries e where e.status in ('Submitted', 'Approved') and {RunReach.Condition} and not {FrozenMonths.Entry}", cancellationToken, reach.Parameters);
        await CountFrozenAsync(unit, job.SubjectId, reach, cancellationToken);
        job.Report(0, total);
        await unit.CommitAsync(cancellationToken);
        return new Beginning(with, policy, stored, reach, sequence, stamp);
    }

    /// <summary>What of the run's reach a locked month keeps as it is; nothing, without a look at the entries, where no month is locked.</summary>
    private static async Task CountFrozenAsync(TenantUnit unit, Guid run, RunReach reach, CancellationToken cancellationToken)
    {
        if ((await FrozenMonths.ReadAsync(unit, cancellationToken)).All.Count == 0)
        {
            await unit.Connection.ExecuteAsync("update calculation_runs set frozen_entries = 0, frozen_results = 0 where id = $1", cancellationToken, run);
            return;
        }

        await unit.Connection.ExecuteLongAsync(
            $"""
            update calculation_runs set (frozen_entries, frozen_results) = (
              select count(distinct e.id), count(i.activity_id) from activity_entries e
              left join entry_results p on p.entry_id = e.id
              left join emission_records r on r.activity_id = p.activity_id
              left join emission_intervals i on i.activity_id = r.activity_id and i.proposal_id is not distinct from r.proposal_id and i.to_sequence is null
              where e.status in ('Submitted', 'Approved') and {RunReach.Condition} and {FrozenMonths.Entry})
            where id = $6
            """,
            cancellationToken, [.. reach.Parameters, run]);
    }

    private static async Task WriteSumsAsync(TenantUnit unit, Guid proposal, RunSums sums, CancellationToken cancellationToken)
    {
        foreach (var some in sums.Cells.Chunk(5000))
        {
            await unit.Connection.ExecuteAsync(
                """
                insert into calculation_run_cells (proposal_id, tenant_id, year, account, service, scope, category, scope2_method, part, factor_before, factor_after, entries,
                  results_before, results_after, kg_before, kg_after, measured_before, measured_after)
                select $1, current_tenant(), c.* from unnest($2::integer[], $3::text[], $4::text[], $5::integer[], $6::integer[], $7::text[], $8::text[], $9::text[], $10::text[],
                  $11::bigint[], $12::bigint[], $13::bigint[], $14::numeric[], $15::numeric[], $16::numeric[], $17::numeric[]) as c
                """,
                cancellationToken, proposal, some.Select(cell => cell.Key.Year).ToArray(), some.Select(cell => cell.Key.Account).ToArray(),
                some.Select(cell => cell.Key.Service).ToArray(), some.Select(cell => cell.Key.Scope).ToArray(), some.Select(cell => cell.Key.Category).ToArray(),
                some.Select(cell => cell.Key.Method).ToArray(), some.Select(cell => cell.Key.Part).ToArray(), some.Select(cell => cell.Key.FactorBefore).ToArray(),
                some.Select(cell => cell.Key.FactorAfter).ToArray(), some.Select(cell => cell.Value.Entries).ToArray(), some.Select(cell => cell.Value.ResultsBefore).ToArray(),
                some.Select(cell => cell.Value.ResultsAfter).ToArray(), some.Select(cell => cell.Value.KgBefore).ToArray(), some.Select(cell => cell.Value.KgAfter).ToArray(),
                some.Select(cell => cell.Value.MeasuredBefore).ToArray(), some.Select(cell => cell.Value.MeasuredAfter).ToArray());
        }

        await WriteTotalsAsync(unit, proposal, cancellationToken);
    }

    /// <summary>What counts now, by year: what a difference is a part of.</summary>
    internal static async Task WriteTotalsAsync(TenantUnit unit, Guid proposal, CancellationToken cancellationToken) =>
        await unit.Connection.ExecuteAsync(
            """
            insert into calculation_run_totals (proposal_id, tenant_id, year, provider, account, scope, category, scope2_method, kg, measured_kg)
            select $1, current_tenant(), extract(year from month)::integer, provider, account, scope, category, scope2_method, sum(kg_co2e), sum(measured_kg_co2e)
            from monthly_totals where not comparison_only group by 3, 4, 5, 6, 7, 8
            """,
            cancellationToken, proposal);

    private sealed record Beginning(CalculationInputs With, CalculationPolicy Policy, StoredPolicy Stored, RunReach Reach, long Sequence, byte[] Stamp);

    private static partial class Log
    {
        [LoggerMessage(EventId = 3401, Level = LogLevel.Information, Message = "Run {RunId} worked out: {Entries} entries, {Changed} change, {Seconds:F1} s")]
        public static partial void Calculated(ILogger logger, Guid runId, long entries, long changed, double seconds);
    }
}
