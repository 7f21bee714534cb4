using Microsoft.EntityFrameworkCore;
using Npgsql;
using OffGridFlow.Core.Identity;
using OffGridFlow.Infrastructure.Calculation;
using OffGridFlow.Infrastructure.Persistence;
using OffGridFlow.Infrastructure.Persistence.PostgreSql;

namespace OffGridFlow.Infrastructure.ActivityData;

/// <inheritdoc cref="IActivityEntries"/>
internal sealed class ActivityEntries(TenantDatabase database, CurrentUser user, EntryVocabulary vocabulary, EntryLedger ledger, TimeProvider time) : IActivityEntries
{
    public const int ReasonLength = 2000;

    private readonly EntryChecks _checks = new(vocabulary);

    public async Task<SaveOutcome> SaveAsync(IReadOnlyList<EntryDraft> drafts, bool partial, string? reason, CancellationToken cancellationToken)
    {
        user.Require(Permissions.ActivityDataWrite);
        Limit(drafts.Count);
        try
        {
            return await TrySaveAsync(drafts, partial, reason, cancellationToken);
        }
        catch (DbUpdateException exception) when (exception.InnerException is PostgresException { SqlState: PostgresErrorCodes.UniqueViolation })
        {
            // The same external id came twice at the same moment; now the first is seen.
            return await TrySaveAsync(drafts, partial, reason, cancellationToken);
        }
    }

    public async Task<SaveOutcome> ChangeManyAsync(
        IReadOnlyList<EntryRef> entries, EntryPatch patch, IReadOnlyList<string> confirmed, string? reason, CancellationToken cancellationToken)
    {
        user.Require(Permissions.ActivityDataWrite);
        Limit(entries.Count);
        await using var unit = await database.OpenAsync(cancellationToken);
        var ids = entries.Select(entry => entry.Id).ToArray();
        var present = await unit.Context.ActivityEntries.AsNoTracking().Where(entry => ids.Contains(entry.Id)).ToDictionaryAsync(entry => entry.Id, cancellationToken);
        var drafts = entries.Select(entry => new EntryDraft(
            entry.Id, entry.Version ?? present.GetValueOrDefault(entry.Id)?.Version ?? 0,
            present.TryGetValue(entry.Id, out var row) ? EntryWork.Patched(row, patch, confirmed) : EntryWork.Nothing)).ToList();
        return await RunAsync(unit, drafts, partial: false, reason, cancellationToken);
    }

    public async Task<SaveOutcome> ConvertAsync(IReadOnlyList<EntryRef> entries, string unit, EntryConversion? by, CancellationToken cancellationToken)
    {
        user.Require(Permissions.ActivityDataWrite);
        Limit(entries.Count);
        await using var open = await database.OpenAsync(cancellationToken);
        var ids = entries.Select(entry => entry.Id).ToArray();
        var present = await open.Context.ActivityEntries.AsNoTracking().Where(entry => ids.Contains(entry.Id)).ToDictionaryAsync(entry => entry.Id, cancellationToken);
        var (drafts, refused) = (new List<EntryDraft>(), new List<SavedEntry>());
        foreach (var entry in entries)
        {
            if (!present.TryGetValue(entry.Id, out var row))
            {
                drafts.Add(new EntryDraft(entry.Id, 0, EntryWork.Nothing));
            }
            else if (EntryUnits.Converted(EntryWork.InputOf(row), unit, by, vocabulary.Units, out var problem) is { } input)
            {
                drafts.Add(new EntryDraft(entry.Id, entry.Version ?? row.Version, input));
            }
            else
            {
                refused.Add(new SavedEntry(SavedAs.Refused, row.Id, row.Version, [problem!]));
            }
        }

        return refused.Count > 0
            ? new SaveOutcome(Committed: false, refused)
            : await RunAsync(open, drafts, partial: false, EntryUnits.Reason(unit, by), cancellationToken);
    }

    public async Task<IReadOnlyList<EntryProblem>> CheckAsync(EntryDraft draft, CancellationToken cancellationToken)
    {
        user.Require(Permissions.ActivityDataWrite);
        // Done and not committed: what it says is what would be said.
        await using var unit = await database.OpenAsync(cancellationToken);
        var work = await EntryWork.OpenAsync(unit, [draft], _checks, Now, Today, cancellationToken);
        return [.. new[] { work.LockedFor(draft.Input) }.OfType<EntryProblem>(), .. work.Check(draft).Problems];
    }

    public async Task<IReadOnlyList<ActedEntry>> ActAsync(EntryAction action, IReadOnlyList<EntryRef> entries, string? reason, CancellationToken cancellationToken)
    {
        user.Require(Permissions.ActivityDataWrite);
        Limit(entries.Count);
        await using var unit = await database.OpenAsync(cancellationToken);
        var rule = await RuleAsync(unit, cancellationToken);
        var steps = await EntrySteps.OpenAsync(unit, entries, rule, Now, cancellationToken);
        var outcomes = new List<ActedEntry>();
        foreach (var entry in entries)
        {
            outcomes.Add(await steps.DoAsync(action, entry, Plain(reason), cancellationToken));
        }

        if (steps.Touched.Count == 0 && !outcomes.Exists(outcome => outcome.Outcome == SavedAs.Changed))
        {
            return outcomes;
        }

        await unit.Context.SaveChangesAsync(cancellationToken);
        await ledger.ApplyAsync(unit, steps.Touched, cancellationToken);
        await unit.CommitAsync(cancellationToken);
        return outcomes;
    }

    public async Task<CopyOutcome> CopyAsync(EntryCopy copy, CancellationToken cancellationToken)
    {
        user.Require(Permissions.ActivityDataWrite);
        await using var unit = await database.OpenAsync(cancellationToken);
        var entries = EntryWork.Counting(unit).Where(entry => entry.PeriodStart >= copy.From && entry.PeriodEnd <= copy.To);
        if (copy.SiteId is { } site)
        {
            entries = entries.Where(entry => entry.SiteId == site);
        }

        if (copy.ActivityType is { } type)
        {
            entries = entries.Where(entry => entry.ActivityType == type);
        }

        var sources = await entries.AsNoTracking().OrderBy(entry => entry.SiteId).ThenBy(entry => entry.ActivityType).ThenBy(entry => entry.PeriodStart)
            .Take(IActivityEntries.MostRows).ToListAsync(cancellationToken);
        var drafts = sources.Select(source => new EntryDraft(null, null, EntryWork.Moved(source, copy.Step))).ToList();
        var work = await EntryWork.OpenAsync(unit, drafts, _checks, Now, Today, cancellationToken);
        var (made, there, unfit) = (new List<Guid>(), 0, 0);
        foreach (var (draft, source) in drafts.Zip(sources))
        {
            if (work.IsEntered(draft.Input))
            {
                there++;
                continue;
            }

            var row = await work.SaveAsync(draft, $"Copied from {EntryWork.Days(source)}", cancellationToken);
            if (row.Outcome == SavedAs.Created)
            {
                made.Add(row.Id!.Value);
            }
            else
            {
                unfit++;
            }
        }

        await unit.CommitAsync(cancellationToken);
        return new CopyOutcome(made, there, unfit);
    }

    public async Task<ApprovalRule> FindRuleAsync(CancellationToken cancellationToken)
    {
        user.Require(Permissions.ActivityDataRead);
        await using var unit = await database.OpenAsync(cancellationToken);
        return await RuleAsync(unit, cancellationToken);
    }

    public async Task<ApprovalRule> SetRuleAsync(bool asksForSecondPerson, CancellationToken cancellationToken)
    {
        var actor = user.Require(Permissions.AdministrationWrite);
        await using var unit = await database.OpenAsync(cancellationToken);
        var before = await RuleAsync(unit, cancellationToken);
        await unit.Connection.ExecuteAsync(
            """
            insert into activity_entry_policies (tenant_id, asks_for_second_person, changed_by, changed_at) values (current_tenant(), $1, $2, $3)
            on conflict (tenant_id) do update set asks_for_second_person = excluded.asks_for_second_person, changed_by = excluded.changed_by, changed_at = excluded.changed_at
            """,
            cancellationToken, asksForSecondPerson, actor.DisplayName, Now);
        unit.Audit("activity-policy.changed", $"tenant/{actor.TenantId}", null, new { before.AsksForSecondPerson }, new { AsksForSecondPerson = asksForSecondPerson });
        await unit.CommitAsync(cancellationToken);
        return before with { AsksForSecondPerson = asksForSecondPerson, Chosen = asksForSecondPerson };
    }

    /// <summary>What the tenant has said; else a second person is asked for as soon as there is one.</summary>
    internal static async Task<ApprovalRule> RuleAsync(TenantUnit unit, CancellationToken cancellationToken)
    {
        var writers = Enum.GetValues<TenantRole>().Where(role => role.Allows(Permissions.ActivityDataWrite)).ToArray();
        var people = await unit.Context.Memberships.CountAsync(
            membership => membership.State == MembershipState.Active && writers.Contains(membership.Role), cancellationToken);
        var chosen = await unit.Context.EntryPolicies.Select(policy => (bool?)policy.AsksForSecondPerson).SingleOrDefaultAsync(cancellationToken);
        return new ApprovalRule(chosen ?? people > 1, chosen, people);
    }

    public async Task<(int Calculated, int Left)> CalculateAgainAsync(CancellationToken cancellationToken)
    {
        user.Require(Permissions.ActivityDataWrite);
        await using var unit = await database.OpenAsync(cancellationToken);
        var before = await unit.Context.CalculationExceptions.Select(exception => exception.EntryId).ToListAsync(cancellationToken);
        await ledger.ApplyUnlockedAsync(unit, before, cancellationToken);
        var left = await unit.Context.CalculationExceptions.CountAsync(exception => before.Contains(exception.EntryId), cancellationToken);
        if (left < before.Count)
        {
            unit.Audit("exceptions.calculated", "activities", new { calculated = before.Count - left, left });
        }

        await unit.CommitAsync(cancellationToken);
        return (before.Count - left, left);
    }

    private async Task<SaveOutcome> TrySaveAsync(IReadOnlyList<EntryDraft> drafts, bool partial, string? reason, CancellationToken cancellationToken)
    {
        await using var unit = await database.OpenAsync(cancellationToken);
        return await RunAsync(unit, drafts, partial, reason, cancellationToken);
    }

    private async Task<SaveOutcome> RunAsync(TenantUnit unit, IReadOnlyList<EntryDraft> drafts, bool partial, string? reason, CancellationToken cancellationToken)
    {
        var work = await EntryWork.OpenAsync(unit, drafts, _checks, Now, Today, cancellationToken);
        var rows = new List<SavedEntry>();
        foreach (var draft in drafts)
        {
            rows.Add(await work.SaveAsync(draft, Plain(reason), cancellationToken));
        }

        if (!partial && rows.Exists(row => !row.IsSaved))
        {
            return new SaveOutcome(Committed: false, rows);
        }

        await unit.Context.SaveChangesAsync(cancellationToken);
        if (work.Touched.Count > 0)
        {
            await ledger.ApplyAsync(unit, work.Touched, cancellationToken);
        }

        await unit.CommitAsync(cancellationToken);
        return new SaveOutcome(Committed: true, rows);
    }

    private DateTimeOffset Now => time.GetUtcNow();

    private DateOnly Today => DateOnly.FromDateTime(Now.UtcDateTime);

    private static string? Plain(string? reason)
    {
        var text = reason?.Trim().Replace("\0", "", StringComparison.Ordinal);
        return string.IsNullOrEmpty(text) ? null : text.Length <= ReasonLength ? text : text[..ReasonLength];
    }

    private static void Limit(int rows)
    {
        if (rows > IActivityEntries.MostRows)
        {
            throw new ArgumentException("At most 1,000 rows go in one call.", nameof(rows));
        }
    }
}
