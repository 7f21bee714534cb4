using OffGridFlow.Infrastructure.Inventory;
using OffGridFlow.Infrastructure.Persistence;
using OffGridFlow.Infrastructure.Persistence.PostgreSql;

namespace OffGridFlow.Infrastructure.Calculation.Runs;

/// <summary>
/// Lets what a run proposes count, or takes it back: intervals end and begin, an interval for all results of an activity, and monthly totals move by what the
/// run knows already. Works inside a transaction that has locked the tenant's ledger number.
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
        var standing = await ExecuteAsync(
            unit,
            """
            update emission_intervals i set to_sequence = $1 from calculation_run_changes c
            where c.proposal_id = $2 and i.activity_id = c.activity_before and i.to_sequence is null and i.from_sequence <= $3
            """,
            cancellationToken, sequence, proposal, basis);
        // Where there are no results, before or from now on, no interval can say what a run gave. Looked for where some are missing only: it reads every change.
        if (standing < changed)
        {
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

        var begun = await ExecuteAsync(
            unit,
            """
            insert into emission_intervals (tenant_id, activity_id, proposal_id, from_sequence)
            select tenant_id, activity_id, proposal_id, $1 from calculation_run_changes where proposal_id = $2 and activity_id is not null
            """,
            cancellationToken, sequence, proposal);
        if (begun < changed)
        {
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
        var ended = await EndAsync(unit, changes, proposal, sequence, cancellationToken);
        var whole = ended == changed || ended + await StillWithoutAsync(unit, proposal, cancellationToken) == changed;
        if (!whole)
        {
            await ExecuteAsync(unit, "rollback to savepoint taking_back", cancellationToken);
            await KeepStandingAsync(unit, proposal, cancellationToken);
            await RunMonths.WriteOfChangesAsync(unit, proposal, approved, inverse, cancellationToken);
            changes = "run_changes";
            ended = await EndAsync(unit, changes, proposal, sequence, cancellationToken);
        }

        var begun = await ExecuteAsync(
            unit,
            $"""
            insert into emission_intervals (tenant_id, activity_id, proposal_id, from_sequence)
            select current_tenant(), i.activity_id, i.proposal_id, $1 from {changes} c join emission_intervals i on i.activity_id = c.activity_before and i.to_sequence = $2
            where c.proposal_id = $3
            """,
            cancellationToken, sequence, approved, proposal);
        if (begun < changed)
        {
            await ExecuteAsync(
                unit,
                $"""
                update entry_results p set activity_id = c.activity_before, fingerprint = c.fingerprint_before, sequence = $1
                from {changes} c where c.proposal_id = $2 and c.activity_before is null and p.entry_id = c.entry_id
                """,
                cancellationToken, sequence, proposal);
        }

        if (ended < changed)
        {
            await RestoreLostAsync(unit, changes, proposal, sequence, cancellationToken);
        }

        await SettleExceptionsAsync(unit, changes, "before", proposal, cancellationToken);
        await RunMonths.MoveAsync(unit, whole ? proposal : inverse, -1, cancellationToken);
        return sequence;
    }

    /// <param name="changes">The run's changes, or those of <see cref="KeepStandingAsync"/>.</param>
    /// <returns>How many of the run's results still stood.</returns>
    private static Task<int> EndAsync(TenantUnit unit, string changes, Guid proposal, long sequence, CancellationToken cancellationToken) => ExecuteAsync(
        unit,
        $"""
        update emission_intervals i set to_sequence = $1 from {changes} c
        where c.proposal_id = $2 and i.activity_id = c.activity_id and i.proposal_id = c.proposal_id and i.to_sequence is null
        """,
        cancellationToken, sequence, proposal);

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
            select c.proposal_id, c.entry_id, c.activity_id, c.activity_before, c.fingerprint_before, c.fault_before
            from calculation_run_changes c join emission_intervals i on i.activity_id = c.activity_id and i.proposal_id = c.proposal_id and i.to_sequence is null
            where c.proposal_id = $1
            union all
            select c.proposal_id, c.entry_id, c.activity_id, c.activity_before, c.fingerprint_before, c.fault_before
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
        update entry_results p set activity_id = c.activity_before, sequence = $1, fingerprint = coalesce((
          select first.fingerprint_before
          from emission_intervals i
          join calculation_run_changes first on first.proposal_id = i.proposal_id and first.entry_id = c.entry_id
          where i.activity_id = c.activity_before and i.proposal_id is not null and i.from_sequence >= coalesce((
            select max(own.to_sequence) from emission_intervals own where own.activity_id = c.activity_before and own.proposal_id is null), 0)
            and not exists (select from emission_intervals own where own.activity_id = c.activity_before and own.proposal_id is null and own.to_sequence is null)
          order by i.from_sequence limit 1), c.fingerprint_before)
        from {changes} c where c.proposal_id = $2 and c.activity_before is not null and c.activity_id is null and p.entry_id = c.entry_id
        """,
        cancellationToken, sequence, proposal);

    /// <param name="changes">As <see cref="EndAsync"/> takes them.</param>
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
