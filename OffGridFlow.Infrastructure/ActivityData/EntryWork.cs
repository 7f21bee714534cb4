using System.Globalization;
using Microsoft.EntityFrameworkCore;
using OffGridFlow.Core.ActivityData;
using OffGridFlow.Core.Inventory;
using OffGridFlow.Infrastructure.Inventory;
using OffGridFlow.Infrastructure.Persistence;
using OffGridFlow.Infrastructure.Persistence.PostgreSql;

namespace OffGridFlow.Infrastructure.ActivityData;

/// <summary>
/// Saving of rows in one transaction. Their sites are locked from the beginning, so that nobody else enters the same days meanwhile; each row sees
/// those before it.
/// </summary>
internal sealed class EntryWork
{
    /// <summary>Of days in a period whose inventory is locked.</summary>
    public const string LockedCode = "period-locked";

    /// <summary>How far around the rows neighbors are looked for.</summary>
    private const int NeighborDays = 800;

    /// <summary>For the change of an entry that is gone: nobody looks at it.</summary>
    public static readonly EntryInput Nothing = new() { SiteId = Guid.Empty, ActivityType = "", Unit = "", From = default, To = default };

    private readonly TenantUnit _unit;
    private readonly EntryChecks _checks;
    private readonly DateTimeOffset _now;
    private readonly DateOnly _today;
    private readonly Dictionary<Guid, EntrySite> _sites;
    private readonly Dictionary<Guid, ActivityEntry> _entries;
    private readonly Dictionary<string, ActivityEntry> _named;
    private readonly Dictionary<(Guid Site, string Type), List<EntryNeighbor>> _neighbors;
    private readonly HashSet<Guid> _reversed;
    private readonly AccountMaps _accounts;
    private readonly FrozenPeriods _frozen;

    private EntryWork(
        TenantUnit unit, EntryChecks checks, DateTimeOffset now, DateOnly today, Dictionary<Guid, EntrySite> sites, List<ActivityEntry> entries,
        Dictionary<(Guid, string), List<EntryNeighbor>> neighbors, HashSet<Guid> reversed, AccountMaps accounts, FrozenPeriods frozen)
    {
        (_unit, _checks, _now, _today, _sites, _neighbors, _reversed, _accounts, _frozen) = (unit, checks, now, today, sites, neighbors, reversed, accounts, frozen);
        _entries = entries.ToDictionary(entry => entry.Id);
        _named = entries.Where(entry => entry.ExternalId is not null).ToDictionary(entry => entry.ExternalId!, StringComparer.Ordinal);
    }

    /// <summary>Ids of what was created or changed.</summary>
    public List<Guid> Touched { get; } = [];

    public static async Task<EntryWork> OpenAsync(
        TenantUnit unit, IReadOnlyList<EntryDraft> drafts, EntryChecks checks, DateTimeOffset now, DateOnly today, CancellationToken cancellationToken)
    {
        var ids = drafts.Select(draft => draft.Id).OfType<Guid>().Distinct().ToArray();
        var names = drafts.Select(draft => draft.Input.ExternalId?.Trim()).OfType<string>().Where(name => name.Length > 0 && !name.Contains('\0', StringComparison.Ordinal)).Distinct().ToArray();
        var sites = await unit.Context.ActivityEntries.Where(entry => ids.Contains(entry.Id)).Select(entry => entry.SiteId).ToListAsync(cancellationToken);
        var siteIds = sites.Concat(drafts.Select(draft => draft.Input.SiteId)).Distinct().Order().ToArray();
        // Sites before entries, each in order: two at the same moment wait for each other and never both.
        await unit.Connection.ExecuteAsync("select from sites where id = any($1) order by id for no key update", cancellationToken, siteIds);
        await unit.Connection.ExecuteAsync("select from activity_entries where id = any($1) order by id for update", cancellationToken, ids);
        var entries = await unit.Context.ActivityEntries.AsTracking().Where(entry => ids.Contains(entry.Id) || names.Contains(entry.ExternalId)).ToListAsync(cancellationToken);
        var first = drafts.Count == 0 ? today : drafts.Min(draft => draft.Input.From);
        var last = drafts.Count == 0 ? today : drafts.Max(draft => draft.Input.To);
        first = first.DayNumber > NeighborDays ? first.AddDays(-NeighborDays) : DateOnly.MinValue;
        last = DateOnly.MaxValue.DayNumber - last.DayNumber > NeighborDays ? last.AddDays(NeighborDays) : DateOnly.MaxValue;
        var rows = await Counting(unit).Where(entry => siteIds.Contains(entry.SiteId) && entry.PeriodStart >= first && entry.PeriodStart <= last)
            .Select(entry => new
            {
                entry.SiteId, entry.ActivityType,
                Neighbor = new EntryNeighbor(
                    entry.Id, entry.Quantity, entry.Unit, entry.PeriodStart, entry.PeriodEnd, entry.Gas, entry.Reference, entry.IsAccrual),
            }).ToListAsync(cancellationToken);
        var reversed = await unit.Context.ActivityEntries
            .Where(entry => entry.ReversesId != null && ids.Contains(entry.ReversesId.Value) && entry.Status != EntryStatus.Excluded)
            .Select(entry => entry.ReversesId!.Value).ToListAsync(cancellationToken);
        var accounts = drafts.Any(draft => draft.Input.Vendor is not null || draft.Input.Account is not null)
            ? new AccountMaps(await unit.Context.AccountMaps.AsNoTracking().ToListAsync(cancellationToken)) : AccountMaps.None;
        return new EntryWork(
            unit, checks, now, today,
            await unit.Context.Sites.Where(site => siteIds.Contains(site.Id)).Select(site => new EntrySite(site.Id, site.Name, site.Region, site.OpenedOn, site.ClosedOn))
                .ToDictionaryAsync(site => site.Id, cancellationToken),
            entries, rows.GroupBy(row => (row.SiteId, row.ActivityType)).ToDictionary(group => group.Key, group => group.Select(row => row.Neighbor).ToList()), [.. reversed], accounts,
            await FrozenMonths.ReadAsync(unit, cancellationToken));
    }

    /// <summary>Entries that are, or may come to be, in the totals for what they say: no reversal, and nothing that was reversed or excluded.</summary>
    public static IQueryable<ActivityEntry> Counting(TenantUnit unit) => unit.Context.ActivityEntries.Where(entry =>
        entry.Status != EntryStatus.Excluded && entry.ReversesId == null
        && !unit.Context.ActivityEntries.Any(other => other.ReversesId == entry.Id && other.Status != EntryStatus.Excluded));

    public CheckedEntry Check(EntryDraft draft)
    {
        var map = _accounts.Find(draft.Input.Vendor, draft.Input.Account, draft.Input.From, draft.Input.To).Map;
        var input = map is { ActivityType: { } mapped } && string.IsNullOrWhiteSpace(draft.Input.ActivityType) ? draft.Input with { ActivityType = mapped } : draft.Input;
        // The key under which the neighbors stand is known only after the type was found: the check looks once more with it.
        var found = _checks.Check(input, _sites.GetValueOrDefault(input.SiteId), [], _today);
        return found.HasErrors ? found : _checks.Check(input, _sites[input.SiteId], NeighborsOf(found.Input, draft.Id), _today, map);
    }

    /// <summary>Why nothing can be entered on these days; null where it can.</summary>
    public EntryProblem? LockedFor(EntryInput input) =>
        input.From <= input.To && _frozen.Refusal(input.From, input.To) is { } refusal ? new EntryProblem(LockedCode, "from", refusal, EntrySeverity.Error) : null;

    /// <summary>Whether the site has an entry of the same type, gas and days.</summary>
    public bool IsEntered(EntryInput input) => NeighborsOf(input, null).Exists(other => other.Gas == input.Gas && other.From <= input.To && other.To >= input.From);

    public async Task<SavedEntry> SaveAsync(EntryDraft draft, string? reason, CancellationToken cancellationToken)
    {
        ActivityEntry? entry = null;
        if (draft.Id is { } id && !_entries.TryGetValue(id, out entry))
        {
            return new SavedEntry(SavedAs.Gone, id, null, []);
        }

        if (entry is not null && Obstacle(entry, draft.Version, reason) is { } obstacle)
        {
            return obstacle;
        }

        // The same sent again must not be asked about because of itself.
        var known = draft.Input.ExternalId?.Trim() is { Length: > 0 } name ? _named.GetValueOrDefault(name) : null;
        var self = entry ?? known;
        var result = Check(draft with { Id = self?.Id });
        if (LockedFor(draft.Input) is { } locked && !(known is not null && known != entry && !result.HasErrors && Says(known, result.Input)))
        {
            return new SavedEntry(SavedAs.Refused, draft.Id, entry?.Version, [locked]);
        }

        var open = result.Problems.Where(problem => problem.Severity == EntrySeverity.Error || (problem.Severity == EntrySeverity.Question && !IsConfirmed(problem, result.Input, self))).ToList();
        if (open.Count > 0)
        {
            return new SavedEntry(SavedAs.Refused, draft.Id, entry?.Version, [.. open, .. result.Problems.Except(open)]);
        }

        var input = result.Input with
        {
            Confirmed = [.. result.Problems.Where(problem => problem.Severity == EntrySeverity.Question).Select(problem => problem.Code).Distinct()],
        };
        if (known is not null && known != entry)
        {
            return Says(known, input)
                ? new SavedEntry(SavedAs.Unchanged, known.Id, known.Version, result.Problems)
                : Refused(known, "external-id-taken", "externalId", $"“{known.ExternalId}” is here already with other values. Change that entry, or send this one under another external id.");
        }

        if (entry is not null && Says(entry, input))
        {
            return new SavedEntry(SavedAs.Unchanged, entry.Id, entry.Version, result.Problems);
        }

        return entry is null
            ? new SavedEntry(SavedAs.Created, await CreateAsync(input, reason, cancellationToken), 1, result.Problems)
            : new SavedEntry(SavedAs.Changed, entry.Id, Change(entry, input, reason), result.Problems);
    }

    /// <summary>The copy of an entry for the next month or year. What it says is an estimate until somebody has looked.</summary>
    public static EntryInput Moved(ActivityEntry source, CopyStep step)
    {
        var months = step == CopyStep.Month ? 1 : 12;
        var (from, to) = (source.PeriodStart.AddMonths(months), source.PeriodEnd.AddMonths(months));
        if (source.PeriodEnd.AddDays(1).Day == 1)
        {
            // To the end of a month stays to the end of a month.
            to = new DateOnly(to.Year, to.Month, DateTime.DaysInMonth(to.Year, to.Month));
        }

        return InputOf(source) with { From = from, To = to, Quality = DataQuality.Estimated, Reference = null, ExternalId = null, Confirmed = [], Balance = null, GapMethod = null, Worksheet = null };
    }

    public static EntryInput Patched(ActivityEntry entry, EntryPatch patch, IReadOnlyList<string> confirmed) => InputOf(entry) with
    {
        ActivityType = patch.ActivityType ?? entry.ActivityType, Unit = patch.Unit ?? entry.Unit, Gas = patch.Gas ?? entry.Gas, Quality = patch.Quality ?? entry.Quality,
        FactorId = patch.ClearsFactor ? null : patch.FactorId ?? entry.FactorId,
        // Another unit for the same number says that the conversion does not hold.
        ConvertedFrom = patch.Unit is null || patch.Unit == entry.Unit ? entry.ConvertedFrom : null, Confirmed = [.. entry.Confirmed, .. confirmed],
    };

    public static EntryInput InputOf(ActivityEntry entry) => new()
    {
        SiteId = entry.SiteId, ActivityType = entry.ActivityType, Quantity = entry.Quantity, Unit = entry.Unit, From = entry.PeriodStart, To = entry.PeriodEnd, Gas = entry.Gas,
        FactorId = entry.FactorId, Quality = entry.Quality, QualityIndicators = entry.QualityIndicators, UncertaintyPercent = entry.UncertaintyPercent, IsAccrual = entry.IsAccrual,
        Reference = entry.Reference, Note = entry.Note, ExternalId = entry.ExternalId, Balance = entry.Balance, ConvertedFrom = entry.ConvertedFrom,
        GapMethod = entry.GapMethod, Confirmed = entry.Confirmed, Category = entry.Category,
        Worksheet = entry.Worksheet, Vendor = entry.Vendor, Account = entry.Account,
    };

    public static string Days(ActivityEntry entry) => string.Create(CultureInfo.InvariantCulture, $"{entry.PeriodStart:yyyy-MM-dd} to {entry.PeriodEnd:yyyy-MM-dd}");

    /// <summary>Why the entry cannot be changed at all.</summary>
    private SavedEntry? Obstacle(ActivityEntry entry, int? version, string? reason)
    {
        if (version is not null && version != entry.Version)
        {
            return new SavedEntry(SavedAs.Stale, entry.Id, entry.Version, []);
        }

        return entry switch
        {
            _ when _frozen.Refusal(entry.PeriodStart, entry.PeriodEnd) is { } refusal => Refused(entry, LockedCode, "from", refusal),
            { Status: EntryStatus.Excluded } => Refused(entry, "excluded", "status", "The entry is excluded. Restore it first, then change it."),
            { ReversesId: not null } => Refused(entry, "is-reversal", "quantity", "This entry takes another one back and follows it. To keep the other one, exclude this one."),
            _ when _reversed.Contains(entry.Id) => Refused(entry, "was-reversed", "quantity", "The entry was reversed. Enter the right figure as a new entry."),
            { Status: EntryStatus.Approved } when reason is null => Refused(entry, "reason-missing", "reason", "The entry is approved. Say why it changes; it then has to be approved anew."),
            _ => null,
        };
    }

    private static SavedEntry Refused(ActivityEntry entry, string code, string field, string message) =>
        new(SavedAs.Refused, entry.Id, entry.Version, [new EntryProblem(code, field, message, EntrySeverity.Error)]);

    /// <summary>Asked once: what was confirmed for the values that stand is not asked again.</summary>
    private static bool IsConfirmed(EntryProblem question, EntryInput input, ActivityEntry? entry) =>
        input.Confirmed.Contains(question.Code) || (entry is not null && entry.Confirmed.Contains(question.Code) && (
            entry.SiteId, entry.ActivityType, entry.Quantity, entry.Unit, entry.PeriodStart, entry.PeriodEnd, entry.Gas, entry.Reference)
            == (input.SiteId, input.ActivityType, input.Quantity, input.Unit, input.From, input.To, input.Gas, input.Reference));

    private static bool Says(ActivityEntry entry, EntryInput input) =>
        EntryContent.Of(entry) == EntryContent.Of(entry.Status, entry.ReversesId, input with { Confirmed = entry.Confirmed });

    private List<EntryNeighbor> NeighborsOf(EntryInput input, Guid? self) =>
        [.. _neighbors.GetValueOrDefault((input.SiteId, input.ActivityType), []).Where(other => other.Id != self)];

    private async Task<Guid> CreateAsync(EntryInput input, string? reason, CancellationToken cancellationToken)
    {
        var actor = _unit.Actor;
        var entry = new ActivityEntry
        {
            Id = Guid.CreateVersion7(_now), TenantId = actor.TenantId, SiteId = input.SiteId, ActivityType = input.ActivityType, Quantity = input.Quantity!.Value, Unit = input.Unit,
            PeriodStart = input.From, PeriodEnd = input.To, Quality = input.Quality, Status = EntryStatus.Draft, ChangedById = actor.Id, ChangedBy = actor.DisplayName, ChangedAt = _now,
        };
        Fill(entry, input);
        await _unit.Context.ActivityEntries.AddAsync(entry, cancellationToken);
        EntryHistory.Add(_unit, entry, "created", reason, _now);
        _unit.Audit("activity.created", $"activity/{entry.Id}", new { entry.ActivityType, entry.Quantity, entry.Unit, entry.PeriodStart, entry.PeriodEnd, reason });
        Remember(entry);
        return entry.Id;
    }

    private int Change(ActivityEntry entry, EntryInput input, string? reason)
    {
        var (before, wasApproved) = (EntryContent.Of(entry), entry.Status == EntryStatus.Approved);
        Fill(entry, input);
        entry.Status = wasApproved ? EntryStatus.Submitted : entry.Status;
        entry.Version++;
        (entry.ChangedById, entry.ChangedBy, entry.ChangedAt) = (_unit.Actor.Id, _unit.Actor.DisplayName, _now);
        EntryHistory.Add(_unit, entry, "changed", reason, _now);
        var (was, now) = EntryContent.Of(entry).DifferencesTo(before);
        _unit.Audit("activity.changed", $"activity/{entry.Id}", new { entry.Version, reason }, was, now);
        Remember(entry);
        return entry.Version;
    }

    private static void Fill(ActivityEntry entry, EntryInput input)
    {
        (entry.SiteId, entry.ActivityType, entry.Quantity, entry.Unit) = (input.SiteId, input.ActivityType, input.Quantity!.Value, input.Unit);
        (entry.PeriodStart, entry.PeriodEnd, entry.Gas, entry.FactorId, entry.Quality) = (input.From, input.To, input.Gas, input.FactorId, input.Quality);
        (entry.QualityIndicators, entry.UncertaintyPercent, entry.IsAccrual, entry.GapMethod) = ([.. input.QualityIndicators], input.UncertaintyPercent, input.IsAccrual, input.GapMethod);
        (entry.Reference, entry.Note, entry.ExternalId, entry.Balance, entry.ConvertedFrom, entry.Confirmed) =
            (input.Reference, input.Note, input.ExternalId, input.Balance, input.ConvertedFrom, [.. input.Confirmed]);
        (entry.Category, entry.Worksheet, entry.Vendor, entry.Account) = (input.Category, input.Worksheet, input.Vendor, input.Account);
    }

    /// <summary>So that the rows after it see it.</summary>
    private void Remember(ActivityEntry entry)
    {
        Touched.Add(entry.Id);
        if (entry.ExternalId is not null)
        {
            _named[entry.ExternalId] = entry;
        }

        foreach (var list in _neighbors.Values)
        {
            list.RemoveAll(other => other.Id == entry.Id);
        }

        var key = (entry.SiteId, entry.ActivityType);
        if (!_neighbors.TryGetValue(key, out var neighbors))
        {
            _neighbors[key] = neighbors = [];
        }

        neighbors.Add(new EntryNeighbor(entry.Id, entry.Quantity, entry.Unit, entry.PeriodStart, entry.PeriodEnd, entry.Gas, entry.Reference, entry.IsAccrual));
    }
}
