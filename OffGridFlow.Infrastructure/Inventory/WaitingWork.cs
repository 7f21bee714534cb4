using OffGridFlow.Core.Identity;
using OffGridFlow.Infrastructure.ActivityData;
using OffGridFlow.Infrastructure.Persistence;
using OffGridFlow.Infrastructure.Persistence.PostgreSql;

namespace OffGridFlow.Infrastructure.Inventory;

public enum WaitingKind
{
    /// <summary>A proposed run that the person may approve.</summary>
    Run,

    /// <summary>Entries that cannot be calculated.</summary>
    Exceptions,

    /// <summary>Entries that the person may approve.</summary>
    Approvals,

    /// <summary>Decisions on categories of Scope 3 that the person may approve.</summary>
    Decisions,

    /// <summary>A spreadsheet that was uploaded and not loaded.</summary>
    Draft,

    /// <summary>Entries that were typed and not submitted.</summary>
    Unsubmitted,
}

/// <summary>Something that waits for a person.</summary>
/// <param name="Subject">The run or the draft; null where it is about many.</param>
/// <param name="Title">Of the run or the file; empty where it is about many.</param>
/// <param name="Count">Things of the kind; a run's changed entries, a draft's rows to mend.</param>
/// <param name="By">Whose work it is so far; empty where it is about many.</param>
/// <param name="Since">Of the oldest.</param>
public sealed record WaitingItem(WaitingKind Kind, Guid? Subject, string Title, long Count, string By, DateTimeOffset Since);

/// <summary>What waits for whoever asks: only what her role may do, and not what another has to do.</summary>
public sealed class WaitingWork(TenantDatabase database, CurrentUser user)
{
    /// <summary>Runs first, then by kind; the oldest of a kind first.</summary>
    public async Task<IReadOnlyList<WaitingItem>> ListAsync(CancellationToken cancellationToken)
    {
        var actor = user.Require(Permissions.DashboardsRead);
        await using var unit = await database.OpenAsync(cancellationToken);
        var rule = await ActivityEntries.RuleAsync(unit, cancellationToken);
        // What one may approve although one made it oneself.
        var own = !rule.AsksForSecondPerson;
        var (writes, approves) = (actor.Allows(Permissions.ActivityDataWrite), actor.Allows(Permissions.CalculationsApprove));
        return await unit.Connection.ListAsync(
            """
            select 'Run', id, title, changed, proposed_by, proposed_at from calculation_runs where $1 and state = 'Proposed' and ($3 or proposed_by_id is distinct from $4)
            union all
            select 'Exceptions', null, '', count(*), '', min(since) from calculation_exceptions where $2 having count(*) > 0
            union all
            select 'Approvals', null, '', count(*), '', min(changed_at) from activity_entries where $2 and status = 'Submitted' and ($3 or changed_by_id is distinct from $4) having count(*) > 0
            union all
            select 'Decisions', null, '', count(*), '', min(at)
            from (select distinct on (period_id, category) * from boundary_decisions order by period_id, category, version desc) d
            where $1 and approved_at is null and ($3 or author_id is distinct from $4) having count(*) > 0
            union all
            select 'Draft', id, file_name, coalesce(("check" -> 'counts' ->> 'rejected')::bigint, 0), created_by, changed_at from sheet_drafts where $2 and state = 'Open' and created_by_id = $4
            union all
            select 'Unsubmitted', null, '', count(*), '', min(changed_at) from activity_entries where $2 and status = 'Draft' and changed_by_id = $4 having count(*) > 0
            """,
            row => new WaitingItem(
                Enum.Parse<WaitingKind>(row.GetString(0)), row.Optional<Guid>(1), row.GetString(2), row.GetInt64(3), row.GetString(4), row.GetFieldValue<DateTimeOffset>(5)),
            cancellationToken, approves, writes, own, actor.Id) is { } items
            ? [.. items.OrderBy(item => item.Kind).ThenBy(item => item.Since)] : [];
    }
}
