using System.Globalization;
using Microsoft.EntityFrameworkCore;
using OffGridFlow.Core.ActivityData;
using OffGridFlow.Core.Identity;
using OffGridFlow.Core.Inventory;
using OffGridFlow.Infrastructure.Inventory;
using OffGridFlow.Infrastructure.Persistence;
using OffGridFlow.Infrastructure.Persistence.PostgreSql;

namespace OffGridFlow.Infrastructure.ActivityData;

/// <summary>The way of entries from draft to approved, and out of the totals again, in one transaction.</summary>
internal sealed class EntrySteps
{
    private readonly TenantUnit _unit;
    private readonly ApprovalRule _rule;
    private readonly DateTimeOffset _now;
    private readonly Dictionary<Guid, ActivityEntry> _entries;
    private readonly Dictionary<Guid, Guid> _reversals;
    private readonly FrozenPeriods _frozen;

    private EntrySteps(TenantUnit unit, ApprovalRule rule, DateTimeOffset now, Dictionary<Guid, ActivityEntry> entries, Dictionary<Guid, Guid> reversals, FrozenPeriods frozen) =>
        (_unit, _rule, _now, _entries, _reversals, _frozen) = (unit, rule, now, entries, reversals, frozen);

    /// <summary>Ids of what was changed and is still there.</summary>
    public List<Guid> Touched { get; } = [];

    public static async Task<EntrySteps> OpenAsync(
        TenantUnit unit, IReadOnlyList<EntryRef> entries, ApprovalRule rule, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var ids = entries.Select(entry => entry.Id).Distinct().ToArray();
        // The sites first, as whoever saves does; then nobody waits for another who waits.
        await unit.Connection.ExecuteAsync(
            "select from sites where id in (select site_id from activity_entries where id = any($1)) order by id for no key update", cancellationToken, ids);
        await unit.Connection.ExecuteAsync("select from activity_entries where id = any($1) order by id for update", cancellationToken, ids);
        var rows = await unit.Context.ActivityEntries.AsTracking().Where(entry => ids.Contains(entry.Id)).ToDictionaryAsync(entry => entry.Id, cancellationToken);
        var wanted = ids.Concat(rows.Values.Select(entry => entry.ReversesId).OfType<Guid>()).ToArray();
        var reversals = await unit.Context.ActivityEntries.Where(entry => entry.ReversesId != null && wanted.Contains(entry.ReversesId.Value) && entry.Status != EntryStatus.Excluded)
            .ToDictionaryAsync(entry => entry.ReversesId!.Value, entry => entry.Id, cancellationToken);
        return new EntrySteps(unit, rule, now, rows, reversals, await FrozenMonths.ReadAsync(unit, cancellationToken));
    }

    public async Task<ActedEntry> DoAsync(EntryAction action, EntryRef seen, string? reason, CancellationToken cancellationToken)
    {
        if (!_entries.TryGetValue(seen.Id, out var entry))
        {
            return new ActedEntry(seen.Id, SavedAs.Gone, null, "");
        }

        if (seen.Version is not null && seen.Version != entry.Version)
        {
            return new ActedEntry(seen.Id, SavedAs.Stale, entry.Version, "");
        }

        if (Refusal(action, entry, reason) is { } refusal)
        {
            return new ActedEntry(entry.Id, SavedAs.Refused, entry.Version, refusal);
        }

        Guid? other = null;
        switch (action)
        {
            case EntryAction.Submit:
                await SubmitAsync(entry, reason, cancellationToken);
                break;
            case EntryAction.Approve:
                Move(entry, EntryStatus.Approved, "approved", reason);
                _unit.Audit("activity.approved", Subject(entry), new { entry.Version, author = entry.ChangedBy, _rule.AsksForSecondPerson });
                break;
            case EntryAction.Return:
                _unit.Audit("activity.returned", Subject(entry), new { entry.Version, reason }, new { entry.Status }, new { Status = EntryStatus.Draft });
                Move(entry, EntryStatus.Draft, "returned", reason);
                break;
            case EntryAction.Exclude:
                Exclude(entry, reason!);
                break;
            case EntryAction.Restore:
                Move(entry, await StatusBeforeAsync(entry, cancellationToken), "restored", reason);
                _unit.Audit("activity.restored", Subject(entry), new { entry.Version, reason }, new { Status = EntryStatus.Excluded }, new { entry.Status });
                break;
            case EntryAction.Reverse:
                other = Reverse(entry, reason!);
                break;
            case EntryAction.Discard:
                return await DiscardAsync(entry, cancellationToken);
            default:
                throw new ArgumentOutOfRangeException(nameof(action), action, "No such action.");
        }

        return new ActedEntry(entry.Id, SavedAs.Changed, entry.Version, "", other);
    }

    /// <summary>Why it cannot be done, as a sentence that says what can.</summary>
    private string? Refusal(EntryAction action, ActivityEntry entry, string? reason)
    {
        if (_frozen.Refusal(entry.PeriodStart, entry.PeriodEnd) is { } locked)
        {
            return locked;
        }

        var state = entry.Status.ToString().ToLowerInvariant();
        var reversed = _reversals.ContainsKey(entry.Id);
        if (reason is null && action is EntryAction.Return or EntryAction.Exclude or EntryAction.Restore or EntryAction.Reverse)
        {
            return "Say why: the reason stays in the entry’s history.";
        }

        return (action, entry.Status) switch
        {
            (EntryAction.Submit, not EntryStatus.Draft) => $"Only a draft can be submitted; this entry is {state}.",
            (EntryAction.Approve, not EntryStatus.Submitted) => $"Only a submitted entry can be approved; this one is {state}.",
            (EntryAction.Approve, _) => RefusalToApprove(entry),
            (EntryAction.Return, not (EntryStatus.Submitted or EntryStatus.Approved)) => $"Only a submitted or approved entry can be returned; this one is {state}.",
            (EntryAction.Return, _) when entry.ReversesId is not null => "A reversal cannot be returned: it has no draft of its own. Exclude it, and the other entry counts again.",
            (EntryAction.Return or EntryAction.Exclude, _) when reversed => "The entry was reversed, and both together are nothing. Exclude the reversal first.",
            (EntryAction.Exclude, EntryStatus.Excluded) => "The entry is excluded already.",
            (EntryAction.Restore, not EntryStatus.Excluded) => $"Only an excluded entry can be restored; this one is {state}.",
            (EntryAction.Restore, _) when entry.ReversesId is { } original && _reversals.ContainsKey(original) => "The other entry was reversed anew meanwhile: an entry is taken back once.",
            (EntryAction.Reverse, not (EntryStatus.Submitted or EntryStatus.Approved)) => $"Only an entry that counts can be reversed; this one is {state}.",
            (EntryAction.Reverse, _) when entry.ReversesId is not null => "A reversal cannot be reversed. Exclude it, and the other entry counts again.",
            (EntryAction.Reverse, _) when reversed => "The entry was reversed already.",
            (EntryAction.Discard, not EntryStatus.Draft) => $"Only a draft can be deleted; this entry is {state}. Exclude it instead: its history stays.",
            _ => null,
        };
    }

    private string? RefusalToApprove(ActivityEntry entry)
    {
        if (!_rule.AsksForSecondPerson)
        {
            return null;
        }

        return _unit.Actor.Kind != ActorKind.Person ? "Your organization asks for a second person: a key of the API cannot approve."
            : entry.ChangedById == _unit.Actor.Id ? "You wrote this version. Your organization asks for a second person: somebody else has to approve it."
            : null;
    }

    private async Task SubmitAsync(ActivityEntry entry, string? reason, CancellationToken cancellationToken)
    {
        Move(entry, EntryStatus.Submitted, "submitted", reason);
        _unit.Audit("activity.submitted", Subject(entry), new { entry.Version });
        if (entry.IsAccrual)
        {
            return;
        }

        // The actual arrives: what stood in for it leaves the totals, and says why.
        var accruals = await _unit.Context.ActivityEntries.AsTracking()
            .Where(other => other.SiteId == entry.SiteId && other.ActivityType == entry.ActivityType && other.PeriodStart == entry.PeriodStart && other.PeriodEnd == entry.PeriodEnd
                && other.Gas == entry.Gas && other.IsAccrual && other.Id != entry.Id && other.Status != EntryStatus.Excluded && other.ReversesId == null)
            .ToListAsync(cancellationToken);
        foreach (var accrual in accruals.Where(accrual => accrual.Status != EntryStatus.Excluded && !_reversals.ContainsKey(accrual.Id)))
        {
            Exclude(accrual, string.Create(CultureInfo.InvariantCulture, $"The actual of {EntryWork.Days(entry)} has arrived: {entry.Quantity:0.############} {entry.Unit}."));
        }
    }

    private void Exclude(ActivityEntry entry, string reason)
    {
        _unit.Audit("activity.excluded", Subject(entry), new { Version = entry.Version + 1, reason }, new { entry.Status }, new { Status = EntryStatus.Excluded });
        Move(entry, EntryStatus.Excluded, "excluded", reason);
        if (entry.ReversesId is { } original)
        {
            _reversals.Remove(original);
            // The original counts again.
            Touched.Add(original);
        }
    }

    private Guid Reverse(ActivityEntry entry, string reason)
    {
        var actor = _unit.Actor;
        var reversal = new ActivityEntry
        {
            Id = Guid.CreateVersion7(_now), TenantId = entry.TenantId, SiteId = entry.SiteId, ActivityType = entry.ActivityType, Quantity = -entry.Quantity, Unit = entry.Unit,
            PeriodStart = entry.PeriodStart, PeriodEnd = entry.PeriodEnd, Gas = entry.Gas, FactorId = entry.FactorId, Quality = entry.Quality,
            QualityIndicators = entry.QualityIndicators, UncertaintyPercent = entry.UncertaintyPercent, Status = EntryStatus.Submitted, ReversesId = entry.Id,
            ConvertedFrom = entry.ConvertedFrom is { } measured ? measured with { Quantity = -measured.Quantity } : null,
            Reference = entry.Reference, Category = entry.Category, Vendor = entry.Vendor, Account = entry.Account, Note = reason, ChangedById = actor.Id, ChangedBy = actor.DisplayName, ChangedAt = _now,
        };
        _unit.Context.ActivityEntries.Add(reversal);
        EntryHistory.Add(_unit, reversal, "created", reason, _now);
        Touched.Add(reversal.Id);
        _reversals[entry.Id] = reversal.Id;
        Move(entry, entry.Status, "reversed", reason);
        _unit.Audit("activity.reversed", Subject(entry), new { entry.Version, reversal = reversal.Id, reversal.Quantity, reversal.Unit, reason });
        return reversal.Id;
    }

    private async Task<ActedEntry> DiscardAsync(ActivityEntry entry, CancellationToken cancellationToken)
    {
        // Whatever was done to it in this call comes first.
        await _unit.Context.SaveChangesAsync(cancellationToken);
        if (!await _unit.Connection.ScalarAsync<bool>("select discard_draft($1)", cancellationToken, entry.Id))
        {
            return new ActedEntry(
                entry.Id, SavedAs.Refused, entry.Version, "The draft was submitted once, so that its history stays. Exclude it instead.");
        }

        _unit.Context.Entry(entry).State = EntityState.Detached;
        _entries.Remove(entry.Id);
        _unit.Audit("activity.discarded", Subject(entry), EntryContent.Of(entry));
        return new ActedEntry(entry.Id, SavedAs.Changed, null, "");
    }

    /// <summary>What it was before it was excluded; approved only anew.</summary>
    private async Task<EntryStatus> StatusBeforeAsync(ActivityEntry entry, CancellationToken cancellationToken)
    {
        var content = await _unit.Connection.ScalarAsync<string>(
            "select content ->> 'status' from activity_entry_versions where entry_id = $1 and action <> 'excluded' and version < $2 order by version desc limit 1",
            cancellationToken, entry.Id, entry.Version);
        return Enum.TryParse<EntryStatus>(content, out var status) && status is EntryStatus.Submitted or EntryStatus.Approved ? EntryStatus.Submitted : EntryStatus.Draft;
    }

    private void Move(ActivityEntry entry, EntryStatus status, string action, string? reason)
    {
        entry.Status = status;
        entry.Version++;
        EntryHistory.Add(_unit, entry, action, reason, _now);
        Touched.Add(entry.Id);
    }

    private static string Subject(ActivityEntry entry) => $"activity/{entry.Id}";
}
