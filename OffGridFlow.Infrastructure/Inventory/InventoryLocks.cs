using System.Globalization;
using OffGridFlow.Core.Identity;
using OffGridFlow.Core.Inventory;
using OffGridFlow.Core.Organizations;
using OffGridFlow.Infrastructure.ActivityData;
using OffGridFlow.Infrastructure.Assurance;
using OffGridFlow.Infrastructure.Organizations;
using OffGridFlow.Infrastructure.Persistence;
using OffGridFlow.Infrastructure.Persistence.PostgreSql;

namespace OffGridFlow.Infrastructure.Inventory;

/// <summary>Where the inventory of a period stands.</summary>
/// <param name="Conditions">What has to be so before it is locked; empty while it is.</param>
/// <param name="AsksForSecondPerson">Whether one asks and another decides.</param>
/// <param name="Steps">The latest first.</param>
/// <param name="Snapshots">The latest first, without their content.</param>
public sealed record InventoryLockState(
    ReportingPeriod Period, IReadOnlyList<LockCondition> Conditions, bool AsksForSecondPerson, IReadOnlyList<LockStep> Steps, IReadOnlyList<InventorySnapshot> Snapshots)
{
    /// <summary>What waits for a second person; null where nothing does.</summary>
    public LockStep? Asked => Steps is [{ IsAsked: true } step, ..] ? step : null;

    public bool IsReady => Conditions.All(condition => !condition.Stops);
}

/// <summary>Locks the inventory of a period, so that nothing of it changes any more, and reopens it (docs/decisions/0031-locked-inventories.md).</summary>
public sealed class InventoryLocks(TenantDatabase database, CurrentUser user, CompletenessService completeness, SnapshotBuilder builder, TimeProvider time)
{
    public const int ReasonLength = 2000;

    /// <summary>Null where there is no such period.</summary>
    public async Task<InventoryLockState?> FindAsync(Guid periodId, CancellationToken cancellationToken)
    {
        user.Require(Permissions.ActivityDataRead);
        await using var unit = await database.OpenAsync(cancellationToken);
        return await Editing.FindAsync<ReportingPeriod>(unit, periodId, cancellationToken) is { } period ? await StateAsync(unit, period, cancellationToken) : null;
    }

    /// <summary>
    /// Locks it; where the organization asks for a second person, the first who says so only asks. What is missing is told all at once, as faults by the codes of
    /// the conditions.
    /// </summary>
    /// <param name="reason">Asked of whoever asks; a second person may leave it out.</param>
    /// <param name="missingReason">Why it may be locked although the collection plan misses data.</param>
    public async Task<Edit<InventoryLockState>> LockAsync(Guid periodId, string? reason, string? missingReason, CancellationToken cancellationToken)
    {
        user.Require(Permissions.CalculationsApprove);
        await using var unit = await database.OpenAsync(cancellationToken);
        if (await HoldAsync(unit, periodId, cancellationToken) is not { } period)
        {
            return new Edit<InventoryLockState>.Gone();
        }

        if (period.State != ReportingPeriodState.Open)
        {
            return new Edit<InventoryLockState>.Held($"{period.Name} is {(period.State == ReportingPeriodState.Filed ? "filed: nothing of it changes any more" : "locked already")}.");
        }

        var state = await StateAsync(unit, period, cancellationToken);
        var (faults, asked) = (new Faults(), state.Asked);
        foreach (var condition in state.Conditions.Where(condition => condition.Stops))
        {
            faults.Add(condition.Code, condition.Sentence);
        }

        var missing = Faults.Clean(missingReason) ?? asked?.MissingReason;
        if (state.Conditions.Any(condition => condition is { IsMet: false, IsWarning: true }) && missing is null)
        {
            faults.Add("missingReason", state.Conditions.First(condition => condition is { IsMet: false, IsWarning: true }).Sentence);
        }

        LookAtReason(faults, reason, asked, "Say why it is locked now, e.g. that the figures were reviewed for the annual report.");
        faults.Optional("missingReason", missingReason, ReasonLength);
        if (faults.Count > 0)
        {
            return new Edit<InventoryLockState>.Refused(faults);
        }

        if (Obstacle(unit, state) is { } obstacle)
        {
            return new Edit<InventoryLockState>.Held(obstacle);
        }

        if (state.AsksForSecondPerson && asked is null)
        {
            await StepAsync(unit, state, LockAction.LockAsked, Faults.Clean(reason)!, missing, cancellationToken);
            unit.Audit("inventory.lock-asked", Subject(period), new { Period = period.Name, reason = Faults.Clean(reason), missingReason = missing });
            return await EndAsync(unit, period, cancellationToken);
        }

        var now = time.GetUtcNow();
        var why = Faults.Clean(reason) ?? asked!.Reason;
        var number = state.Snapshots.Count + 1;
        var content = await builder.BuildAsync(unit, period, new SnapshotLock(number, why, missing, asked?.Author ?? unit.Actor.DisplayName, asked?.At ?? now, unit.Actor.DisplayName, now), cancellationToken);
        var snapshot = new InventorySnapshot(
            Guid.CreateVersion7(now), period.Id, number, content.Approach, content.LedgerNumber, InventorySnapshot.HashOf(content.Text), content.Text, why, asked?.Author ?? unit.Actor.DisplayName,
            asked?.At ?? now, unit.Actor.DisplayName, now, KeepsPapers: true);
        var papers = await SnapshotPapers.ReadAsync(unit, period, completeness, cancellationToken);
        await InventorySnapshots.AddAsync(unit, snapshot, papers.ToJson(), asked is null ? unit.Actor.Id : asked.AuthorId, cancellationToken);
        await StepAsync(unit, state, LockAction.Locked, why, missing, cancellationToken);
        await ChangeAsync(unit, period, ReportingPeriodState.Locked, cancellationToken);
        unit.Audit(
            "inventory.locked", Subject(period), new { Period = period.Name, snapshot = number, snapshot.Sha256, snapshot.LedgerNumber, askedBy = snapshot.AskedBy, reason = why, missingReason = missing },
            new { State = ReportingPeriodState.Open }, new { State = ReportingPeriodState.Locked });
        return await EndAsync(unit, period, cancellationToken);
    }

    /// <summary>Lets figures change again; the snapshot stays. Where the organization asks for a second person, the first who says so only asks.</summary>
    /// <param name="reason">Asked of whoever asks; a second person may leave it out.</param>
    public async Task<Edit<InventoryLockState>> ReopenAsync(Guid periodId, string? reason, CancellationToken cancellationToken)
    {
        user.Require(Permissions.CalculationsApprove);
        await using var unit = await database.OpenAsync(cancellationToken);
        if (await HoldAsync(unit, periodId, cancellationToken) is not { } period)
        {
            return new Edit<InventoryLockState>.Gone();
        }

        if (period.State != ReportingPeriodState.Locked)
        {
            return new Edit<InventoryLockState>.Held(period.State == ReportingPeriodState.Filed
                ? $"{period.Name} is filed: nothing of it changes any more. A correction is another version of its report." : $"{period.Name} is open: there is nothing to reopen.");
        }

        var state = await StateAsync(unit, period, cancellationToken);
        var (faults, asked) = (new Faults(), state.Asked);
        LookAtReason(faults, reason, asked, "Say why it is reopened: the reason stays beside the snapshot for good.");
        if (faults.Count > 0)
        {
            return new Edit<InventoryLockState>.Refused(faults);
        }

        if (Obstacle(unit, state) is { } obstacle)
        {
            return new Edit<InventoryLockState>.Held(obstacle);
        }

        var why = Faults.Clean(reason) ?? asked!.Reason;
        if (state.AsksForSecondPerson && asked is null)
        {
            await StepAsync(unit, state, LockAction.ReopenAsked, why, null, cancellationToken);
            unit.Audit("inventory.reopen-asked", Subject(period), new { Period = period.Name, reason = why });
            return await EndAsync(unit, period, cancellationToken);
        }

        await StepAsync(unit, state, LockAction.Reopened, why, null, cancellationToken);
        await ChangeAsync(unit, period, ReportingPeriodState.Open, cancellationToken);
        unit.Audit(
            "inventory.reopened", Subject(period), new { Period = period.Name, askedBy = asked?.Author ?? unit.Actor.DisplayName, reason = why }, new { State = ReportingPeriodState.Locked },
            new { State = ReportingPeriodState.Open });
        return await EndAsync(unit, period, cancellationToken);
    }

    /// <summary>Takes back what was asked for, by whom it was or by anybody who might have decided.</summary>
    public async Task<Edit<InventoryLockState>> WithdrawAsync(Guid periodId, string? reason, CancellationToken cancellationToken)
    {
        user.Require(Permissions.CalculationsApprove);
        await using var unit = await database.OpenAsync(cancellationToken);
        if (await HoldAsync(unit, periodId, cancellationToken) is not { } period)
        {
            return new Edit<InventoryLockState>.Gone();
        }

        var state = await StateAsync(unit, period, cancellationToken);
        if (state.Asked is not { } asked)
        {
            return new Edit<InventoryLockState>.Held("Nobody has asked for anything: there is nothing to withdraw.");
        }

        var faults = new Faults();
        faults.Optional("reason", reason, ReasonLength);
        if (faults.Count > 0)
        {
            return new Edit<InventoryLockState>.Refused(faults);
        }

        await StepAsync(unit, state, LockAction.Withdrawn, Faults.Clean(reason) ?? "Withdrawn", null, cancellationToken);
        unit.Audit("inventory.request-withdrawn", Subject(period), new { Period = period.Name, asked.Action, askedBy = asked.Author, reason = Faults.Clean(reason) });
        return await EndAsync(unit, period, cancellationToken);
    }

    /// <summary>
    /// The period, held against everything that could change its figures until the unit ends: entities first, as whoever changes them; then the period's row, which
    /// writers of entries share; then the ledger's number.
    /// </summary>
    private static async Task<ReportingPeriod?> HoldAsync(TenantUnit unit, Guid periodId, CancellationToken cancellationToken)
    {
        await Editing.LockAsync(unit, cancellationToken);
        await unit.Connection.ExecuteAsync("select from reporting_periods where id = $1 for no key update", cancellationToken, periodId);
        await unit.Connection.ExecuteAsync("select from ledger_sequences where tenant_id = current_tenant() for update", cancellationToken);
        return await Editing.FindAsync<ReportingPeriod>(unit, periodId, cancellationToken);
    }

    private async Task<InventoryLockState> StateAsync(TenantUnit unit, ReportingPeriod period, CancellationToken cancellationToken)
    {
        var plan = await completeness.TableAsync(period.FirstDay, period.LastDay, cancellationToken);
        return new InventoryLockState(
            period, period.State == ReportingPeriodState.Open ? await LockConditions.ReadAsync(unit, period, plan, cancellationToken) : [],
            (await ActivityEntries.RuleAsync(unit, cancellationToken)).AsksForSecondPerson,
            await unit.Connection.ListAsync(
                "select number, action, reason, missing_reason, author_id, author, at from inventory_lock_steps where period_id = $1 order by number desc",
                row => new LockStep(
                    row.GetInt32(0), Enum.Parse<LockAction>(row.GetString(1)), row.GetString(2), row.OptionalText(3), row.Optional<Guid>(4), row.GetString(5), row.GetFieldValue<DateTimeOffset>(6)),
                cancellationToken, period.Id),
            await InventorySnapshots.ListAsync(unit, period.Id, cancellationToken));
    }

    /// <summary>Why the current user cannot take the next step; null where they can.</summary>
    private static string? Obstacle(TenantUnit unit, InventoryLockState state) => !state.AsksForSecondPerson ? null
        : unit.Actor.Kind != ActorKind.Person ? "Your organization asks for a second person: a key of the API can neither ask for this nor decide on it."
        : state.Asked?.AuthorId == unit.Actor.Id ? "You asked for it. Your organization asks for a second person: somebody else who may approve has to decide."
        : null;

    private static void LookAtReason(Faults faults, string? reason, LockStep? asked, string missing)
    {
        faults.Optional("reason", reason, ReasonLength);
        if (asked is null && string.IsNullOrWhiteSpace(reason))
        {
            faults.Add("reason", missing);
        }
    }

    private async Task StepAsync(TenantUnit unit, InventoryLockState state, LockAction action, string reason, string? missing, CancellationToken cancellationToken) =>
        await unit.Connection.ExecuteAsync(
            """
            insert into inventory_lock_steps (period_id, number, tenant_id, action, reason, missing_reason, author_id, author, at)
            values ($1, $2, current_tenant(), $3, $4, $5, $6, $7, $8)
            """,
            cancellationToken, state.Period.Id, state.Steps.Count + 1, action.ToString(), reason, Sql.Text(missing), Sql.Uuid(unit.Actor.Id), unit.Actor.DisplayName, time.GetUtcNow());

    private static async Task ChangeAsync(TenantUnit unit, ReportingPeriod period, ReportingPeriodState state, CancellationToken cancellationToken) =>
        await unit.Connection.ExecuteAsync("update reporting_periods set state = $2, version = version + 1 where id = $1", cancellationToken, period.Id, state.ToString());

    private async Task<Edit<InventoryLockState>> EndAsync(TenantUnit unit, ReportingPeriod period, CancellationToken cancellationToken)
    {
        var after = await StateAsync(unit, (await Editing.FindAsync<ReportingPeriod>(unit, period.Id, cancellationToken))!, cancellationToken);
        await unit.CommitAsync(cancellationToken);
        return new Edit<InventoryLockState>.Done(after);
    }

    private static string Subject(ReportingPeriod period) => string.Create(CultureInfo.InvariantCulture, $"reporting-period/{period.Id}");
}
