using System.Globalization;
using Npgsql;
using OffGridFlow.Core.Calculation;
using OffGridFlow.Core.Calculation.Runs;
using OffGridFlow.Core.Identity;
using OffGridFlow.Infrastructure.ActivityData;
using OffGridFlow.Infrastructure.Inventory;
using OffGridFlow.Infrastructure.Jobs;
using OffGridFlow.Infrastructure.Persistence;
using OffGridFlow.Infrastructure.Persistence.PostgreSql;

namespace OffGridFlow.Infrastructure.Calculation.Runs;

/// <inheritdoc cref="ICalculationRuns"/>
internal sealed class CalculationRuns(
    TenantDatabase database, CurrentUser user, ICalculationInputs inputs, EntryLedger ledger, MonthlyTotalsCache totals, JobQueue queue, TimeProvider time) : ICalculationRuns
{
    private const int LongestText = 1000;
    private const int LongestTitle = 200;

    private const string Columns =
        """
        select r.id, r.number, r.kind, r.title, r.note, r.state, r.policy::text, r.policy_before::text, r.years, r.activity_types, r.base_sequence, r.approved_sequence,
          r.inverse_of, r.job_id, r.entries, r.changed, r.new_exceptions, r.cleared_exceptions, r.seconds, r.proposed_by_id, r.proposed_by, r.proposed_at, r.decided_by,
          r.decided_at, r.decision, r.error, r.proposal_id, r.policy_version, r.base_stamp, r.frozen_entries, r.frozen_results
        from calculation_runs r
        """;

    public async Task<RunOutcomeOf> ProposeAsync(RunInput input, CancellationToken cancellationToken)
    {
        var actor = user.Require(Permissions.CalculationsPropose);
        await using var unit = await database.OpenAsync(cancellationToken);
        if (await FaultAsync(unit, input, cancellationToken) is { } fault)
        {
            return new RunOutcomeOf.Invalid(fault);
        }

        // One at a time gives out numbers.
        await unit.Connection.ExecuteAsync("select from ledger_sequences where tenant_id = current_tenant() for update", cancellationToken);
        var id = Guid.CreateVersion7(time.GetUtcNow());
        var number = await NextNumberAsync(unit, cancellationToken);
        var job = queue.Add(unit, RunJob.JobKind, id, Subject(number, input.Title), null, ["calculation-runs"]);
        await unit.Context.SaveChangesAsync(cancellationToken);
        await unit.Connection.ExecuteAsync(
            """
            insert into calculation_runs (id, tenant_id, number, kind, title, note, state, policy, years, activity_types, job_id, entries, changed, new_exceptions,
              cleared_exceptions, proposed_by_id, proposed_by, proposed_at)
            values ($1, current_tenant(), $2, $3, $4, $5, 'Calculating', $6::jsonb, $7, $8, $9, 0, 0, 0, 0, $10, $11, $12)
            """,
            cancellationToken, id, number, input.Kind.ToString(), input.Title.Trim(), Sql.Text(Plain(input.Note)), Sql.Text(input.Policy is null ? null : RunPolicy.Write(input.Policy)),
            input.Years.Distinct().Order().ToArray(), input.ActivityTypes.Distinct(StringComparer.Ordinal).ToArray(), job.Id, Sql.Uuid(actor.Id), actor.DisplayName, time.GetUtcNow());
        unit.Audit("calculation-run.proposed", $"calculation-run/{id}", new { number, input.Kind, input.Title, input.Note, input.Years, input.ActivityTypes, policy = Facts(input.Policy) });
        var row = await FindAsync(unit, id, cancellationToken);
        await unit.CommitAsync(cancellationToken);
        await queue.WakeAsync();
        return new RunOutcomeOf.Done(row!);
    }

    public async Task<RunPage> ListAsync(string? cursor, int limit, CancellationToken cancellationToken)
    {
        user.Require(Permissions.CalculationsRead);
        var place = Cursor.Parse(cursor, 1);
        var before = place is null ? int.MaxValue : int.TryParse(place[0], CultureInfo.InvariantCulture, out var number) ? number : throw new InvalidCursorException();
        await using var unit = await database.OpenAsync(cancellationToken);
        var rows = await unit.Connection.ListAsync($"{Columns} where r.number < $1 order by r.number desc limit $2", Read, cancellationToken, before, limit + 1);
        var shown = await WithMovesAsync(unit, rows.Take(limit).ToList(), cancellationToken);
        return new RunPage(shown, rows.Count > limit ? Cursor.Of(shown[^1].Number.ToString(CultureInfo.InvariantCulture)) : null);
    }

    public async Task<RunRow?> FindAsync(Guid id, CancellationToken cancellationToken)
    {
        user.Require(Permissions.CalculationsRead);
        await using var unit = await database.OpenAsync(cancellationToken);
        return await FindAsync(unit, id, cancellationToken);
    }

    public async Task<string?> FindObstacleAsync(Guid id, CancellationToken cancellationToken)
    {
        user.Require(Permissions.CalculationsRead);
        await using var unit = await database.OpenAsync(cancellationToken);
        return await FindAsync(unit, id, cancellationToken) is { } run ? await ObstacleAsync(unit, run, cancellationToken) : null;
    }

    public async Task<RunOutcomeOf> ApproveAsync(Guid id, string? note, CancellationToken cancellationToken)
    {
        user.Require(Permissions.CalculationsApprove);
        await using var unit = await database.OpenAsync(cancellationToken);
        if (await LockAsync(unit, id, cancellationToken) is not { } run)
        {
            return new RunOutcomeOf.Missing();
        }

        if (run.State != RunState.Proposed)
        {
            return new RunOutcomeOf.Refused($"Only a proposed run can be approved; this one is {Words(run)}.");
        }

        if (await ObstacleAsync(unit, run, cancellationToken) is { } obstacle)
        {
            return new RunOutcomeOf.Refused(obstacle);
        }

        if (await HasMovedAsync(unit, run, cancellationToken) || await RunLedger.ApproveAsync(unit, run.ProposalId!.Value, run.BaseSequence!.Value, run.Changed, cancellationToken) is not { } sequence)
        {
            return await RecalculateAsync(unit, run, cancellationToken);
        }

        var version = run.Policy is null ? run.PolicyVersion : await RunPolicy.SetAsync(unit, run.Policy, time.GetUtcNow(), cancellationToken);
        await DecideAsync(unit, run, RunState.Approved, note, sequence, version, cancellationToken);
        unit.Audit(
            "calculation-run.approved", $"calculation-run/{id}", new { run.Number, run.Title, run.Changed, note = Plain(note), proposedBy = run.ProposedBy, ledgerNumber = sequence },
            run.Policy is null ? null : Facts(run.PolicyBefore), run.Policy is null ? null : Facts(run.Policy));
        await totals.RefreshAsync(unit, cancellationToken);
        return await EndAsync(unit, id, cancellationToken);
    }

    public async Task<RunOutcomeOf> RejectAsync(Guid id, string? reason, CancellationToken cancellationToken)
    {
        user.Require(Permissions.CalculationsApprove);
        await using var unit = await database.OpenAsync(cancellationToken);
        if (await LockAsync(unit, id, cancellationToken) is not { } run)
        {
            return new RunOutcomeOf.Missing();
        }

        if (run.State != RunState.Proposed)
        {
            return new RunOutcomeOf.Refused($"Only a proposed run can be rejected; this one is {Words(run)}.");
        }

        if (Plain(reason) is null)
        {
            return new RunOutcomeOf.Invalid("Say why: the reason stays with the run.");
        }

        await DecideAsync(unit, run, RunState.Rejected, reason, null, run.PolicyVersion, cancellationToken);
        await unit.Connection.ExecuteLongAsync("select discard_proposed_results($1, false)", cancellationToken, id);
        unit.Audit("calculation-run.rejected", $"calculation-run/{id}", new { run.Number, run.Title, reason = Plain(reason), proposedBy = run.ProposedBy });
        return await EndAsync(unit, id, cancellationToken);
    }

    public async Task<RunOutcomeOf> RollBackAsync(Guid id, string? reason, CancellationToken cancellationToken)
    {
        var actor = user.Require(Permissions.CalculationsApprove);
        await using var unit = await database.OpenAsync(cancellationToken);
        if (await LockAsync(unit, id, cancellationToken) is not { } run)
        {
            return new RunOutcomeOf.Missing();
        }

        if (await RollBackObstacleAsync(unit, run, cancellationToken) is { } obstacle)
        {
            return new RunOutcomeOf.Refused(obstacle);
        }

        if (Plain(reason) is null)
        {
            return new RunOutcomeOf.Invalid("Say why: the reason stays with the run.");
        }

        var (inverse, proposal, number) = (Guid.CreateVersion7(time.GetUtcNow()), Guid.CreateVersion7(time.GetUtcNow()), await NextNumberAsync(unit, cancellationToken));
        await AddInverseAsync(unit, run, inverse, proposal, number, actor, Plain(reason)!, cancellationToken);
        var since = await unit.Connection.ListAsync(
            """
            select p.entry_id from entry_results p
            where p.sequence > $1 and not exists (
              select from emission_intervals i where i.activity_id = p.activity_id and i.proposal_id = $2 and i.to_sequence is null)
            """,
            row => row.GetGuid(0), cancellationToken, run.ApprovedSequence!.Value, run.ProposalId!.Value);
        var sequence = await RunLedger.RollBackAsync(unit, run.ProposalId.Value, run.ApprovedSequence.Value, run.Changed, proposal, cancellationToken);
        var version = run.Policy is null ? run.PolicyVersion : await RunPolicy.SetAsync(unit, run.PolicyBefore!, time.GetUtcNow(), cancellationToken);
        await ledger.ApplyUnlockedAsync(unit, since, cancellationToken);
        await unit.Connection.ExecuteAsync("update calculation_runs set approved_sequence = $2, policy_version = $3 where id = $1", cancellationToken, inverse, sequence, (object?)version);
        await unit.Connection.ExecuteAsync("update calculation_runs set state = 'RolledBack' where id = $1", cancellationToken, id);
        unit.Audit(
            "calculation-run.rolled-back", $"calculation-run/{id}", new { run.Number, run.Title, inverse = number, reason = Plain(reason), calculatedAnew = since.Count, ledgerNumber = sequence },
            run.Policy is null ? null : Facts(run.Policy), run.Policy is null ? null : Facts(run.PolicyBefore));
        await totals.RefreshAsync(unit, cancellationToken);
        return await EndAsync(unit, inverse, cancellationToken);
    }

    internal static async Task<RunRow?> FindAsync(TenantUnit unit, Guid id, CancellationToken cancellationToken) =>
        (await WithMovesAsync(unit, await unit.Connection.ListAsync($"{Columns} where r.id = $1", Read, cancellationToken, id), cancellationToken)).SingleOrDefault();

    /// <summary>The run's row and the ledger's number stay locked until the unit ends.</summary>
    private static async Task<RunRow?> LockAsync(TenantUnit unit, Guid id, CancellationToken cancellationToken)
    {
        // The ledger first, as everything else that moves figures.
        await unit.Connection.ExecuteAsync("select from ledger_sequences where tenant_id = current_tenant() for update", cancellationToken);
        await unit.Connection.ExecuteAsync("select from calculation_runs where id = $1 for update", cancellationToken, id);
        await unit.Connection.ExecuteAsync("select from calculation_policies where tenant_id = current_tenant() for update", cancellationToken);
        return await FindAsync(unit, id, cancellationToken);
    }

    private static async Task<string?> ObstacleAsync(TenantUnit unit, RunRow run, CancellationToken cancellationToken)
    {
        var rule = await ActivityEntries.RuleAsync(unit, cancellationToken);
        return !rule.AsksForSecondPerson ? null
            : unit.Actor.Kind != ActorKind.Person ? "Your organization asks for a second person: a key of the API cannot approve a run."
            : run.ProposedById == unit.Actor.Id ? "You proposed this run. Your organization asks for a second person: somebody else has to approve it."
            : null;
    }

    private static async Task<string?> RollBackObstacleAsync(TenantUnit unit, RunRow run, CancellationToken cancellationToken)
    {
        if (run.State != RunState.Approved || run.Kind == RunKind.Rollback)
        {
            return run.Kind == RunKind.Rollback
                ? "This run took another one back. To have that one again, propose it again."
                : $"Only an approved run can be rolled back; this one is {Words(run)}.";
        }

        var later = await unit.Connection.ScalarAsync<int?>(
            "select max(number) from calculation_runs where state = 'Approved' and kind <> 'Rollback' and approved_sequence > $1", cancellationToken, run.ApprovedSequence!.Value);
        if (later is { } number)
        {
            return string.Create(CultureInfo.InvariantCulture, $"Run {number} was approved after this one and rests on it. Roll run {number} back first.");
        }

        // In both directions a result of a locked month would move.
        var frozen = await unit.Connection.ScalarAsync<string>(
            """
            select z.name from reporting_periods z
            where z.state in ('Locked', 'Filed') and exists (
              select from calculation_run_changes c where c.proposal_id = $1 and c.period_end >= date_trunc('month', z.first_day)::date
                and c.period_start < (date_trunc('month', z.last_day) + interval '1 month')::date)
            order by z.first_day limit 1
            """,
            cancellationToken, run.ProposalId!.Value);
        if (frozen is not null)
        {
            return $"The run changed results of {frozen}, which is locked. Reopen {frozen} with a reason first, or propose a run with the former preferences: it leaves {frozen} as it is.";
        }

        var policy = await CalculationPolicies.FindAsync(unit, cancellationToken);
        return run.Policy is not null && !RunPolicy.Same(policy.Policy, run.Policy)
            ? $"{policy.ChangedBy} has changed the preferences since. Propose a run with the preferences that you want instead."
            : null;
    }

    private async Task<bool> HasMovedAsync(TenantUnit unit, RunRow run, CancellationToken cancellationToken)
    {
        var policy = await CalculationPolicies.FindAsync(unit, cancellationToken);
        if (policy.Version != run.PolicyVersion || !(await RunBasis.StampAsync(unit, cancellationToken)).AsSpan().SequenceEqual(run.BaseStamp))
        {
            return true;
        }

        var with = await inputs.GetAsync(unit, cancellationToken);
        var reach = RunReach.Of(policy.Policy, run.Policy ?? policy.Policy, with.Library, await RunCalculation.TypesAsync(unit, cancellationToken), run.ActivityTypes, run.Years);
        // What was written since, and what another run has let count or taken back.
        if (await unit.Connection.ScalarAsync<bool>(
            $"""
            select exists (select from entry_results p join activity_entries e on e.id = p.entry_id where p.sequence > $6 and {RunReach.Condition} and not {FrozenMonths.Entry})
              or exists (
                select from calculation_runs r
                left join calculation_proposals q on q.id = r.proposal_id
                join calculation_run_changes c on c.proposal_id = coalesce(q.inverse_of, r.proposal_id)
                join activity_entries e on e.id = c.entry_id
                where r.approved_sequence > $6 and {RunReach.Condition} and not {FrozenMonths.Entry})
            """,
            cancellationToken, [.. reach.Parameters, run.BaseSequence!.Value]))
        {
            return true;
        }

        return (await FrozenMonths.ReadAsync(unit, cancellationToken)).All.Count > 0 && await unit.Connection.ScalarAsync<bool>(
            $"select exists (select from calculation_run_changes c join activity_entries e on e.id = c.entry_id where c.proposal_id = $1 and {FrozenMonths.Entry})",
            cancellationToken, run.ProposalId!.Value);
    }

    private async Task<RunOutcomeOf> RecalculateAsync(TenantUnit unit, RunRow run, CancellationToken cancellationToken)
    {
        var job = queue.Add(unit, RunJob.JobKind, run.Id, Subject(run.Number, run.Title), null, ["calculation-runs"]);
        await unit.Context.SaveChangesAsync(cancellationToken);
        await unit.Connection.ExecuteAsync("update calculation_runs set state = 'Calculating', proposal_id = null, job_id = $2 where id = $1", cancellationToken, run.Id, job.Id);
        unit.Audit("calculation-run.outdated", $"calculation-run/{run.Id}", new { run.Number, run.BaseSequence });
        var row = await FindAsync(unit, run.Id, cancellationToken);
        await unit.CommitAsync(cancellationToken);
        await queue.WakeAsync();
        return new RunOutcomeOf.Moved(row!);
    }

    private async Task DecideAsync(TenantUnit unit, RunRow run, RunState state, string? note, long? sequence, int? policyVersion, CancellationToken cancellationToken) =>
        await unit.Connection.ExecuteAsync(
            """
            update calculation_runs set state = $2, decided_by_id = $3, decided_by = $4, decided_at = $5, decision = $6, approved_sequence = $7, policy_version = $8 where id = $1
            """,
            cancellationToken, run.Id, state.ToString(), Sql.Uuid(unit.Actor.Id), unit.Actor.DisplayName, time.GetUtcNow(), Sql.Text(Plain(note)), Sql.Bigint(sequence),
            new NpgsqlParameter { Value = (object?)policyVersion ?? DBNull.Value, NpgsqlDbType = NpgsqlTypes.NpgsqlDbType.Integer });

    private async Task AddInverseAsync(TenantUnit unit, RunRow run, Guid inverse, Guid proposal, int number, Actor actor, string reason, CancellationToken cancellationToken)
    {
        await unit.Connection.ExecuteAsync(
            """
            insert into calculation_runs (id, tenant_id, number, kind, title, note, state, policy, policy_before, years, activity_types, proposal_id, base_sequence, inverse_of,
              entries, changed, new_exceptions, cleared_exceptions, proposed_by_id, proposed_by, proposed_at, decided_by_id, decided_by, decided_at, decision)
            select $2, tenant_id, $4, 'Rollback', 'Roll back run ' || number, $5, 'Approved', case when policy is null then null else policy_before end, policy, years, activity_types, $3,
              (select value from ledger_sequences where tenant_id = current_tenant()), id, changed, changed, cleared_exceptions, new_exceptions, $6, $7, $8, $6, $7, $8, $5
            from calculation_runs where id = $1
            """,
            cancellationToken, run.Id, inverse, proposal, number, reason, Sql.Uuid(actor.Id), actor.DisplayName, time.GetUtcNow());
        await unit.Connection.ExecuteAsync(
            "insert into calculation_proposals (id, tenant_id, run_id, started_at, inverse_of) values ($1, current_tenant(), $2, $3, $4)", cancellationToken, proposal, inverse,
            time.GetUtcNow(), run.ProposalId!.Value);
        await unit.Connection.ExecuteLongAsync(
            """
            insert into calculation_run_cells (proposal_id, tenant_id, year, account, service, scope, category, scope2_method, part, factor_before, factor_after, entries,
              results_before, results_after, kg_before, kg_after, measured_before, measured_after)
            select $2, tenant_id, year, account, service, scope, category, scope2_method, part, factor_after, factor_before, entries,
              results_after, results_before, kg_after, kg_before, measured_after, measured_before
            from calculation_run_cells where proposal_id = $1
            """,
            cancellationToken, run.ProposalId.Value, proposal);
        await RunJob.WriteTotalsAsync(unit, proposal, cancellationToken);
    }

    private static async Task<RunOutcomeOf> EndAsync(TenantUnit unit, Guid id, CancellationToken cancellationToken)
    {
        var row = await FindAsync(unit, id, cancellationToken);
        await unit.CommitAsync(cancellationToken);
        return new RunOutcomeOf.Done(row!);
    }

    private async Task<string?> FaultAsync(TenantUnit unit, RunInput input, CancellationToken cancellationToken)
    {
        if (string.IsNullOrWhiteSpace(input.Title) || input.Title.Trim().Length > LongestTitle || input.Title.Contains('\0', StringComparison.Ordinal))
        {
            return FormattableString.Invariant($"Give the run a title of at most {LongestTitle} characters.");
        }

        if (input.Kind == RunKind.Rollback)
        {
            return "A run is taken back by POST /calculation-runs/{id}/rollback, which makes the inverse run itself.";
        }

        if (input.Years.FirstOrDefault(year => year is < 1990 or > 2100) is var odd and not 0)
        {
            return FormattableString.Invariant($"{odd} is no year of consumption. Give years from 1990 to 2100, or none for all.");
        }

        var library = (await inputs.GetAsync(unit, cancellationToken)).Library;
        if (input.ActivityTypes.FirstOrDefault(type => library.Resolve(type, out _) is null) is { } unknown)
        {
            return $"“{unknown}” is no activity type. GET /api/v1/activity-types lists them.";
        }

        return input.Policy is null ? null : CalculationSettings.Fault(input.Policy, await CalculationSettings.FamiliesAsync(unit, cancellationToken));
    }

    private static async Task<int> NextNumberAsync(TenantUnit unit, CancellationToken cancellationToken) =>
        await unit.Connection.ScalarAsync<int>("select coalesce(max(number), 0) + 1 from calculation_runs", cancellationToken);

    private static async Task<List<RunRow>> WithMovesAsync(TenantUnit unit, List<RunRow> rows, CancellationToken cancellationToken)
    {
        var moves = (await unit.Connection.ListAsync(
            """
            select proposal_id, year, coalesce(sum(kg_after - kg_before) filter (where scope2_method <> 'Market'), 0),
              coalesce(sum(kg_after - kg_before) filter (where scope2_method <> 'Location'), 0)
            from calculation_run_cells where proposal_id = any($1) group by 1, 2 order by 1, 2
            """,
            row => (Proposal: row.GetGuid(0), Move: new RunMove(row.GetInt32(1), row.GetDecimal(2), row.GetDecimal(3))), cancellationToken,
            rows.Select(row => row.ProposalId).OfType<Guid>().ToArray())).ToLookup(row => row.Proposal, row => row.Move);
        return [.. rows.Select(row => row.ProposalId is { } proposal ? row with { Moves = [.. moves[proposal]] } : row)];
    }

    private static RunRow Read(NpgsqlDataReader row) => new(
        row.GetGuid(0), row.GetInt32(1), Enum.Parse<RunKind>(row.GetString(2)), row.GetString(3), row.OptionalText(4), Enum.Parse<RunState>(row.GetString(5)),
        row.OptionalText(6) is { } policy ? RunPolicy.Read(policy) : null, row.OptionalText(7) is { } before ? RunPolicy.Read(before) : null, row.GetFieldValue<int[]>(8),
        row.GetFieldValue<string[]>(9), row.Optional<long>(10), row.Optional<long>(11), row.Optional<Guid>(12), row.Optional<Guid>(13), row.GetInt64(14), row.GetInt64(15),
        row.GetInt64(16), row.GetInt64(17), row.Optional<decimal>(18), row.Optional<Guid>(19), row.GetString(20), row.GetFieldValue<DateTimeOffset>(21), row.OptionalText(22),
        row.Optional<DateTimeOffset>(23), row.OptionalText(24), row.OptionalText(25))
    {
        ProposalId = row.Optional<Guid>(26), PolicyVersion = row.Optional<int>(27), BaseStamp = row.IsDBNull(28) ? null : row.GetFieldValue<byte[]>(28),
        FrozenEntries = row.GetInt64(29), FrozenResults = row.GetInt64(30),
    };

    private static string Words(RunRow run) => run.State switch
    {
        RunState.Calculating when run.HasDifference => "still writing the results that it would bring",
        RunState.Calculating => "still being worked out",
        RunState.RolledBack => "rolled back",
        _ => run.State.ToString().ToLowerInvariant(),
    };

    private static string Subject(int number, string title) => string.Create(CultureInfo.InvariantCulture, $"{number}: {title.Trim()}");

    private static object? Facts(CalculationPolicy? policy) => policy is null
        ? null : new { policy.Gwp, policy.SetOrder, policy.AllowsProxy, FixedEditions = CalculationPolicies.Write(policy.FixedEditions) };

    private static string? Plain(string? text)
    {
        var plain = text?.Trim().Replace("\0", "", StringComparison.Ordinal);
        return string.IsNullOrEmpty(plain) ? null : plain.Length <= LongestText ? plain : plain[..LongestText];
    }
}
