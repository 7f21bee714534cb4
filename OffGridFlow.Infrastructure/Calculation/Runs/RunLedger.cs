using OffGridFlow.Infrastructure.Inventory;
using OffGridFlow.Infrastructure.Persistence;
using OffGridFlow.Infrastructure.Persistence.PostgreSql;

namespace OffGridFlow.Infrastructure.Calculation.Runs;

/// <summary>
/// Lets what a run proposes count, or takes it back: the interval that stands for all results of an activity is switched from the former to the new ones where its row
/// stands, and monthly totals move by what the run knows already. What the row said before is in the run's changes: <c>emission_history</c> tells it. Works inside a
/// transaction that has locked the tenant's ledger number.
/// </summary>
internal static class RunLedger
{
    /// <summary>Months in which something ends or begins.</summary>
    private const string Months = "select month from calculation_run_months where proposal_id = $1";

    /// <summary>
    /// Brings to <c>activity_entries e</c> what stands for it: <c>p</c> the last writing of the entry, <c>i</c> the interval of its results, <c>c</c> the change of the
    /// run that gave them, if one did. The fingerprint of what stands is the run's, else that of the writing.
    /// </summary>
    public const string Standing =
        """
        left join entry_results p on p.entry_id = e.id
        left join emission_intervals i on i.activity_id = p.activity_id and i.to_sequence is null
        left join calculation_run_changes c on c.proposal_id = i.proposal_id and c.entry_id = e.id
        """;

    /// <summary>Of <c>calculation_run_changes c</c> with <c>entry_results p</c>: the run left the entry without results, and nothing has been written of it since.</summary>
    private const string StillWithout = "c.activity_id is null and p.activity_id is null and p.fingerprint = c.fingerprint_after";

    /// <summary>
    /// Of <c>calculation_run_changes c</c> with <c>emission_intervals i</c>: the interval that stood when the difference was worked out stands still. <c>$3</c>: the number
    /// that the difference rests on.
    /// </summary>
    private const string StillStands =
        """
        i.activity_id = c.activity_before and i.to_sequence is null and i.from_sequence = c.sequence_before and i.proposal_id is not distinct from c.proposal_before
          and c.sequence_before <= $3
        """;

    /// <summary>
    /// Of the same two: the run's results stand. Not by an equality, from which the planner would conclude that all intervals are asked for this one run, and by statistics
    /// of before its approval expect none: it would read every change for each of a million. Conditions on
    /// the number from which on they count have a sum in them for the same reason.
    /// </summary>
    private const string RunStands = "i.to_sequence is null and i.proposal_id is not distinct from c.proposal_id";

    /// <summary>Of a transaction that joins every changed entry with what stands for it: without it a million of them would go by way of the disk.</summary>
    private const string Room = "set local work_mem = '256MB'";

    /// <param name="basis">The ledger number that the difference rests on.</param>
    /// <param name="changed">How many entries the run changes.</param>
    /// <returns>The ledger number from which on it counts; null, with nothing moved, where what stands for an entry is no longer what the run compared with.</returns>
    /// <exception cref="Core.Inventory.PeriodLockedException">A result of a locked month would change.</exception>
    public static async Task<long?> ApproveAsync(TenantUnit unit, Guid proposal, long basis, long changed, CancellationToken cancellationToken)
    {
        await FrozenMonths.CheckAsync(unit, Months, cancellationToken, proposal);
        await ExecuteAsync(unit, Room, cancellationToken);
        await ExecuteAsync(unit, "savepoint approval", cancellationToken);
        var sequence = await CloudLedger.NextSequenceAsync(unit, cancellationToken);
        var switched = await ExecuteAsync(
            unit,
            $"""
            update emission_intervals i set proposal_id = c.proposal_id, from_sequence = $1 from calculation_run_changes c
            where c.proposal_id = $2 and c.activity_id is not null and {StillStands}
            """,
            cancellationToken, sequence, proposal, basis);
        var standing = switched;
        // Where an entry has results before or from now on, but not both, an interval ends or begins; where it has none, no interval can say what a run gave. Looked
        // for where some are missing only: it reads every change.
        if (switched < changed)
        {
            standing += await ExecuteAsync(
                unit,
                $"""
                update emission_intervals i set to_sequence = $1 from calculation_run_changes c
                where c.proposal_id = $2 and c.activity_id is null and {StillStands}
                """,
                cancellationToken, sequence, proposal, basis);
            standing += await ExecuteAsync(
                unit,
                """
                update entry_results p set activity_id = c.activity_id, fingerprint = c.fingerprint_after, sequence = $1
                from calculation_run_changes c where c.proposal_id = $2 and c.activity_before is null and p.entry_id = c.entry_id and p.fingerprint = c.fingerprint_before
                """,
                cancellationToken, sequence, proposal);
        }

        if (standing != changed)
        {
            await ExecuteAsync(unit, "rollback to savepoint approval", cancellationToken);
            return null;
        }

        if (switched < changed)
        {
            await ExecuteAsync(
                unit,
                """
                insert into emission_intervals (tenant_id, activity_id, proposal_id, from_sequence)
                select tenant_id, activity_id, proposal_id, $1 from calculation_run_changes where proposal_id = $2 and activity_before is null and activity_id is not null
                """,
                cancellationToken, sequence, proposal);
            await ExecuteAsync(
                unit,
                """
                update entry_results p set activity_id = null, fingerprint = c.fingerprint_after, sequence = $1
                from calculation_run_changes c where c.proposal_id = $2 and c.activity_before is not null and c.activity_id is null and p.entry_id = c.entry_id
                """,
                cancellationToken, sequence, proposal);
        }

        await SettleExceptionsAsync(unit, "calculation_run_changes", "after", proposal, cancellationToken);
        await RunMonths.MoveAsync(unit, proposal, 1, cancellationToken);
        return sequence;
    }

    /// <summary>
    /// Puts back what stood before, of the entries whose results are still those of the run. What was entered or changed since is for the caller to
    /// calculate anew.
    /// </summary>
    /// <param name="approved">The ledger number from which on the run counted.</param>
    /// <param name="changed">How many entries it changed.</param>
    /// <param name="inverse">The attempt under which it is taken back.</param>
    /// <returns>The ledger number from which on the former results count again.</returns>
    /// <exception cref="Core.Inventory.PeriodLockedException">A result of a locked month would change.</exception>
    public static async Task<long> RollBackAsync(TenantUnit unit, Guid proposal, long approved, long changed, Guid inverse, CancellationToken cancellationToken)
    {
        await FrozenMonths.CheckAsync(unit, Months, cancellationToken, proposal);
        await ExecuteAsync(unit, Room, cancellationToken);
        var sequence = await CloudLedger.NextSequenceAsync(unit, cancellationToken);
        await ExecuteAsync(unit, "savepoint taking_back", cancellationToken);
        var changes = "calculation_run_changes";
        var switched = await SwitchBackAsync(unit, changes, "=", proposal, approved, sequence, cancellationToken);
        var whole = switched == changed
            || switched + await EndOthersAsync(unit, changes, proposal, approved, sequence, cancellationToken) + await StillWithoutAsync(unit, proposal, cancellationToken) == changed;
        if (!whole)
        {
            await ExecuteAsync(unit, "rollback to savepoint taking_back", cancellationToken);
            await KeepStandingAsync(unit, proposal, cancellationToken);
            await RunMonths.WriteOfChangesAsync(unit, proposal, inverse, cancellationToken);
            changes = "run_changes";
            switched = await SwitchBackAsync(unit, changes, "=", proposal, approved, sequence, cancellationToken);
            await EndOthersAsync(unit, changes, proposal, approved, sequence, cancellationToken);
        }

        if (switched < changed)
        {
            await ExecuteAsync(
                unit,
                $"""
                insert into emission_intervals (tenant_id, activity_id, proposal_id, from_sequence)
                select current_tenant(), activity_before, proposal_before, $1 from {changes} where proposal_id = $2 and activity_before is not null and activity_id is null
                """,
                cancellationToken, sequence, proposal);
            await ExecuteAsync(
                unit,
                $"""
                update entry_results p set activity_id = c.activity_before, fingerprint = c.fingerprint_before, sequence = $1
                from {changes} c where c.proposal_id = $2 and c.activity_before is null and p.entry_id = c.entry_id
                """,
                cancellationToken, sequence, proposal);
            await RestoreLostAsync(unit, changes, proposal, sequence, cancellationToken);
        }

        await SettleExceptionsAsync(unit, changes, "before", proposal, cancellationToken);
        await RunMonths.MoveAsync(unit, whole ? proposal : inverse, -1, cancellationToken);
        return sequence;
    }

    /// <param name="changes">The run's changes, or those of <see cref="KeepStandingAsync"/>.</param>
    /// <param name="began">
    /// <c>=</c>: intervals that have stood since the run was approved, whose time <c>emission_history</c> knows by the numbers of the two runs; <c>&gt;</c>: those that
    /// began again later.
    /// </param>
    /// <returns>How many of the run's results stand no longer, and their former ones again.</returns>
    private static Task<int> SwitchBackAsync(
        TenantUnit unit, string changes, string began, Guid proposal, long approved, long sequence, CancellationToken cancellationToken) => ExecuteAsync(
        unit,
        $"""
        update emission_intervals i set proposal_id = c.proposal_before, from_sequence = $1 from {changes} c
        where c.proposal_id = $2 and c.activity_id is not null and i.activity_id = c.activity_before and {RunStands} and i.from_sequence + 0 {began} $3
        """,
        cancellationToken, sequence, proposal, approved);

    /// <summary>
    /// What <see cref="SwitchBackAsync"/> leaves: results of the run that began to count a second time, as a run that was approved over it has been taken back, whose end is
    /// written down since no number of this run tells when they began; and results of entries that had none before.
    /// </summary>
    /// <param name="changes">As <see cref="SwitchBackAsync"/> takes them.</param>
    /// <returns>How many of the run's results still stood.</returns>
    private static async Task<int> EndOthersAsync(TenantUnit unit, string changes, Guid proposal, long approved, long sequence, CancellationToken cancellationToken)
    {
        await ExecuteAsync(
            unit,
            $"""
            insert into emission_intervals (tenant_id, activity_id, proposal_id, from_sequence, to_sequence)
            select i.tenant_id, i.activity_id, i.proposal_id, i.from_sequence, $1 from {changes} c
            join emission_intervals i on i.activity_id = c.activity_before and {RunStands} and i.from_sequence + 0 > $3
            where c.proposal_id = $2 and c.activity_id is not null
            """,
            cancellationToken, sequence, proposal, approved);
        return await SwitchBackAsync(unit, changes, ">", proposal, approved, sequence, cancellationToken) + await ExecuteAsync(
            unit,
            $"""
            update emission_intervals i set to_sequence = $1 from {changes} c
            where c.proposal_id = $2 and c.activity_before is null and i.activity_id = c.activity_id and {RunStands}
            """,
            cancellationToken, sequence, proposal);
    }

    /// <summary>Entries that the run left without results, and that have none since.</summary>
    private static Task<long> StillWithoutAsync(TenantUnit unit, Guid proposal, CancellationToken cancellationToken) => unit.Connection.ScalarAsync<long>(
        $"select count(*) from calculation_run_changes c join entry_results p on p.entry_id = c.entry_id where c.proposal_id = $1 and {StillWithout}", cancellationToken, proposal);

    /// <summary>The changes of a run whose entries have not been written since, as <c>run_changes</c>.</summary>
    private static async Task KeepStandingAsync(TenantUnit unit, Guid proposal, CancellationToken cancellationToken)
    {
        await ExecuteAsync(
            unit,
            $"""
            create temp table run_changes on commit drop as
            select c.proposal_id, c.entry_id, c.activity_id, c.activity_before, c.proposal_before, c.fingerprint_before, c.fault_before
            from calculation_run_changes c join emission_intervals i on i.activity_id = c.activity_id and {RunStands}
            where c.proposal_id = $1
            union all
            select c.proposal_id, c.entry_id, c.activity_id, c.activity_before, c.proposal_before, c.fingerprint_before, c.fault_before
            from calculation_run_changes c join entry_results p on p.entry_id = c.entry_id
            where c.proposal_id = $1 and {StillWithout}
            """,
            cancellationToken, proposal);
        await ExecuteAsync(unit, "analyze pg_temp.run_changes", cancellationToken);
    }

    /// <summary>
    /// Of entries that the run left without results. Where results of another run stand again, that run has their fingerprint: with the entry goes what stood before
    /// the first of the runs since its last writing.
    /// </summary>
    private static Task<int> RestoreLostAsync(TenantUnit unit, string changes, Guid proposal, long sequence, CancellationToken cancellationToken) => ExecuteAsync(
        unit,
        $"""
        update entry_results p set activity_id = c.activity_before, sequence = $1, fingerprint = (
          with recursive former as (
            select c.proposal_before as proposal, c.fingerprint_before as fingerprint
            union all
            select b.proposal_before, b.fingerprint_before from former f join calculation_run_changes b on b.proposal_id = f.proposal and b.entry_id = c.entry_id)
          select fingerprint from former where proposal is null)
        from {changes} c where c.proposal_id = $2 and c.activity_before is not null and c.activity_id is null and p.entry_id = c.entry_id
        """,
        cancellationToken, sequence, proposal);

    /// <param name="changes">As <see cref="SwitchBackAsync"/> takes them.</param>
    /// <param name="side">Whose faults stand from now on: <c>before</c> or <c>after</c>.</param>
    private static async Task SettleExceptionsAsync(TenantUnit unit, string changes, string side, Guid proposal, CancellationToken cancellationToken)
    {
        await ExecuteAsync(
            unit, $"delete from calculation_exceptions x using {changes} c where c.proposal_id = $1 and x.entry_id = c.entry_id and c.fault_{side} is null", cancellationToken, proposal);
        await ExecuteAsync(
            unit,
            $"""
            insert into calculation_exceptions as x (tenant_id, entry_id, code, message, mend, since)
            select current_tenant(), entry_id, fault ->> 'code', fault ->> 'message', fault ->> 'mend', coalesce((fault ->> 'since')::timestamptz, now())
            from (select entry_id, fault_{side} as fault from {changes} where proposal_id = $1 and fault_{side} is not null) c
            on conflict (entry_id) do update set code = excluded.code, message = excluded.message, mend = excluded.mend,
              since = case when x.code = excluded.code then x.since else excluded.since end
            """,
            cancellationToken, proposal);
    }

    private static Task<int> ExecuteAsync(TenantUnit unit, string statement, CancellationToken cancellationToken, params object?[] parameters) =>
        unit.Connection.ExecuteLongAsync(statement, cancellationToken, parameters);
}
