using System.Runtime.CompilerServices;
using OffGridFlow.Core.ActivityData;
using OffGridFlow.Core.Calculation;
using OffGridFlow.Infrastructure.Inventory;
using OffGridFlow.Infrastructure.Persistence;
using OffGridFlow.Infrastructure.Persistence.PostgreSql;

namespace OffGridFlow.Infrastructure.Calculation.Runs;

/// <summary>What came of calculating everything that a run reaches.</summary>
/// <param name="NewExceptions">Entries that had figures and would have none.</param>
/// <param name="ClearedExceptions">Entries that had none and would have some.</param>
internal sealed record RunOutcome(long Entries, long Changed, long NewExceptions, long ClearedExceptions, RunSums Sums, RunMonths Months);

/// <summary>
/// Calculates the entries that a run reaches, some at a time and on all processors, and writes down which come out otherwise; then, once the difference can be read, their
/// results. What comes out the same is known by its fingerprint: of it no result is read or written. Memory does not grow with the entries.
/// </summary>
internal sealed class RunCalculation(
    Database database, TenantDatabase tenantDatabase, Guid tenantId, Guid proposal, CalculationInputs with, CalculationPolicy policy, RunReach reach, DateTimeOffset at)
{
    private readonly Calculator _calculator = new(with.Library, policy with { Money = with.Policy.Money });

    /// <summary>By the policy that is in force; null where the run has the same one.</summary>
    private readonly Calculator? _former = RunPolicy.Same(policy, with.Policy) ? null : new(with.Library, with.Policy);
    private readonly RunSums _sums = new();
    private readonly RunMonths _months = new();
    private readonly Lock _gate = new();
    private ILookup<string, InstrumentShare> _shares = Array.Empty<InstrumentShare>().ToLookup(share => share.ActivityId);
    private long _entries;
    private long _changed;
    private long _withResults;
    private long _newExceptions;
    private long _clearedExceptions;

    /// <param name="report">Entries done so far.</param>
    public async Task<RunOutcome> RunAsync(Action<long> report, CancellationToken cancellationToken)
    {
        _shares = await ShareOutAsync(cancellationToken);
        await RunWorkers.RunAsync(
            ReadAsync(cancellationToken),
            async (batches, stop) =>
            {
                var copy = new RunChangeCopy(proposal);
                await foreach (var batch in batches)
                {
                    await WorkAsync(batch, copy, stop);
                    report(Interlocked.Add(ref _entries, batch.Length));
                }
            },
            cancellationToken);
        return new RunOutcome(_entries, _changed, _newExceptions, _clearedExceptions, _sums, _months);
    }

    /// <summary>
    /// Writes the results of the entries that change, each calculated anew: to keep millions of them until everything is compared would take more memory than there is. They
    /// count nowhere until the run is approved.
    /// </summary>
    /// <param name="report">Entries done so far.</param>
    /// <returns>False where an entry no longer comes out as the difference tells: it was changed meanwhile.</returns>
    public async Task<bool> WriteResultsAsync(Action<long> report, CancellationToken cancellationToken)
    {
        var (written, moved, derivations) = (0L, 0L, new SharedDerivations(with.Library));
        await RunWorkers.RunAsync(
            ReadChangesAsync(cancellationToken),
            async (batches, stop) =>
            {
                using var copy = new RunResultCopy(proposal, derivations, at);
                await foreach (var batch in batches)
                {
                    copy.Begin();
                    foreach (var change in batch)
                    {
                        var entry = EntryCalculation.Calculate(change.Entry, with, _calculator, _shares);
                        if (entry.Fingerprint().AsSpan().SequenceEqual(change.Fingerprint))
                        {
                            copy.Add(change.ActivityId, entry);
                        }
                        else
                        {
                            Interlocked.Increment(ref moved);
                        }
                    }

                    await StoreAsync(derivations, stop);
                    await copy.WriteAsync(database, tenantId, stop);
                    report(Interlocked.Add(ref written, batch.Length));
                }
            },
            cancellationToken);
        return moved == 0 && written == _withResults;
    }

    private async IAsyncEnumerable<StandingEntry> ReadAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await using var unit = await tenantDatabase.OpenAsync(cancellationToken);
        // Joins of everything in memory: by way of the disk they take twice as long.
        await unit.Connection.ExecuteAsync("set local work_mem = '64MB'", cancellationToken);
        await using var command = unit.Connection.Command(
            $"""
            select {EntryCalculation.Columns}, i.activity_id, i.proposal_id, coalesce(c.fingerprint_after, p.fingerprint), x.code, x.message, x.mend, x.since,
              a.account, a.service, a.region, a.entry_status, i.from_sequence
            from activity_entries e
            join sites s on s.id = e.site_id
            {RunLedger.Standing}
            left join activity_records a on a.id = i.activity_id
            left join calculation_exceptions x on x.entry_id = e.id
            where e.status in ('Submitted', 'Approved') and {RunReach.Condition} and not {FrozenMonths.Entry}
            """,
            reach.Parameters);
        command.CommandTimeout = 0;
        await using var row = await command.ExecuteReaderAsync(cancellationToken);
        while (await row.ReadAsync(cancellationToken))
        {
            const int More = EntryCalculation.ColumnCount;
            yield return new StandingEntry(
                EntryCalculation.Read(row), row.Optional<Guid>(More), row.Optional<Guid>(More + 1), row.IsDBNull(More + 2) ? [] : row.GetFieldValue<byte[]>(More + 2),
                row.IsDBNull(More + 3) ? null : new RunFault(row.GetString(More + 3), row.GetString(More + 4), row.GetString(More + 5), row.GetFieldValue<DateTimeOffset>(More + 6)),
                row.IsDBNull(More + 7) ? null : new RunActivity(
                    row.GetString(More + 7), row.GetString(More + 8), row.GetString(More + 9), row.OptionalText(More + 10) == nameof(EntryStatus.Submitted)),
                row.Optional<long>(More + 11));
        }
    }

    private async IAsyncEnumerable<ChangedEntry> ReadChangesAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await using var unit = await tenantDatabase.OpenAsync(cancellationToken);
        await unit.Connection.ExecuteAsync("set local work_mem = '64MB'", cancellationToken);
        await using var command = unit.Connection.Command(
            $"""
            select {EntryCalculation.Columns}, c.activity_id, c.fingerprint_after
            from calculation_run_changes c join activity_entries e on e.id = c.entry_id join sites s on s.id = e.site_id
            where c.proposal_id = $1 and c.activity_id is not null
            """,
            proposal);
        command.CommandTimeout = 0;
        await using var row = await command.ExecuteReaderAsync(cancellationToken);
        while (await row.ReadAsync(cancellationToken))
        {
            const int More = EntryCalculation.ColumnCount;
            yield return new ChangedEntry(EntryCalculation.Read(row), row.GetGuid(More), row.GetFieldValue<byte[]>(More + 1));
        }
    }

    private async Task WorkAsync(StandingEntry[] batch, RunChangeCopy copy, CancellationToken cancellationToken)
    {
        copy.Begin();
        var others = new List<(StandingEntry Standing, byte[] Fingerprint)>();
        foreach (var standing in batch)
        {
            var after = EntryCalculation.Calculate(standing.Entry, with, _calculator, _shares);
            var fingerprint = after.Fingerprint();
            if (fingerprint.AsSpan().SequenceEqual(standing.Fingerprint))
            {
                continue;
            }

            if (Former(standing) is { } former)
            {
                var figures = RunFigures.Of(after);
                Add(copy, standing, RunFigures.Of(former), after, figures, figures.Results.Count == 0 ? null : standing.ActivityId, fingerprint);
            }
            else
            {
                others.Add((standing, fingerprint));
            }
        }

        if (others.Count > 0)
        {
            await AddByLedgerAsync(others, copy, cancellationToken);
        }

        if (copy.Count > 0)
        {
            await copy.WriteAsync(database, tenantId, cancellationToken);
        }
    }

    /// <summary>
    /// What counts of an entry as the policy in force gives it, without a look at the ledger; null where that is not what stands. The fingerprint proves it: it is over all that gives a
    /// result its columns.
    /// </summary>
    private CalculatedEntry? Former(StandingEntry standing) =>
        _former is not null && standing.Activity is not null && EntryCalculation.Calculate(standing.Entry, with, _former, _shares) is var former
            && former.Fingerprint().AsSpan().SequenceEqual(standing.Fingerprint) ? former : null;

    /// <summary>
    /// Entries of which only the ledger knows what counts. Each is calculated a second time: to keep what the first time gave until the database has answered, for a thousand
    /// entries at once, has the garbage collector move it about, and that takes longer than to calculate.
    /// </summary>
    private async Task AddByLedgerAsync(List<(StandingEntry Standing, byte[] Fingerprint)> entries, RunChangeCopy copy, CancellationToken cancellationToken)
    {
        await using var unit = await tenantDatabase.OpenAsync(cancellationToken);
        var known = entries.Select(entry => entry.Standing).Where(standing => standing.ActivityId is not null).ToList();
        var stood = await RunFigures.StandingAsync(
            unit, [.. known.Select(standing => standing.ActivityId!.Value)], [.. known.Select(standing => standing.ProposalId)], cancellationToken);
        foreach (var (standing, fingerprint) in entries)
        {
            var after = EntryCalculation.Calculate(standing.Entry, with, _calculator, _shares);
            var before = standing.ActivityId is { } id && stood.TryGetValue(id, out var found) ? found : RunFigures.None;
            var figures = RunFigures.Of(after);
            // What stood before fingerprints were kept is compared by its figures.
            if (standing.Fingerprint.Length == 0 && standing.Fault?.Code == after.Fault?.Code && before.HasSameResults(figures))
            {
                continue;
            }

            Guid? activity = figures.Results.Count == 0 ? null : standing.ActivityId ?? await AddActivityAsync(unit, after, cancellationToken);
            Add(copy, standing, before, after, figures, activity, fingerprint);
        }

        await unit.CommitAsync(cancellationToken);
    }

    /// <summary>In a transaction of its own, as short as can be: other workers may wait for the same ones.</summary>
    private async Task StoreAsync(SharedDerivations derivations, CancellationToken cancellationToken)
    {
        if (derivations.Unstored is { Count: > 0 } some)
        {
            await using var unit = await tenantDatabase.OpenAsync(cancellationToken);
            await SharedDerivations.StoreAsync(unit.Connection, some, cancellationToken);
            await unit.CommitAsync(cancellationToken);
            derivations.Stored(some);
        }
    }

    /// <summary>Adds to the sums of all workers: a set of sums for each batch would have nearly as many cells as the batch has results.</summary>
    private void Add(RunChangeCopy copy, StandingEntry standing, RunFigures before, CalculatedEntry calculated, RunFigures after, Guid? activity, byte[] fingerprint)
    {
        var entry = standing.Entry;
        var service = ServiceOf(calculated);
        var totals = standing.Activity ?? new RunActivity(entry.Site, service, entry.Region, entry.Status == EntryStatus.Submitted);
        RunEntrySums sums;
        lock (_gate)
        {
            _months.Add(totals, before.Amounts, -1);
            _months.Add(totals, after.Amounts, 1);
            sums = _sums.Add(entry.Site, service, before.Results, after.Results);
            _changed++;
            _withResults += activity is null ? 0 : 1;
            _newExceptions += standing.Fault is null && calculated.Fault is not null ? 1 : 0;
            _clearedExceptions += standing.Fault is not null && calculated.Fault is null ? 1 : 0;
        }

        copy.Add(new RunChange(
            calculated, activity, standing.ActivityId, standing.ProposalId, standing.Sequence, standing.Fingerprint, fingerprint, standing.Fault, service, sums));
    }

    private static string ServiceOf(CalculatedEntry calculated) => calculated.Type?.Name ?? calculated.Entry.ActivityType;

    /// <summary>For an entry that never had a result. Without an interval it is in no figure, as what it holds.</summary>
    private static async Task<Guid> AddActivityAsync(TenantUnit unit, CalculatedEntry calculated, CancellationToken cancellationToken)
    {
        var entry = calculated.Entry;
        return await unit.Connection.ScalarAsync<Guid>(
            """
            insert into activity_records (id, tenant_id, key, version, provider, account, service, region, usage_class, period_start, period_end, quantity, unit,
              line_count, cost, currency, entry_id, entry_version, entry_status, site_id, recorded_at)
            select new_id(), current_tenant(), 'entry/' || $1, coalesce((select max(a.version) from activity_records a where a.entry_id = $1), 0) + 1,
              'entry', $2, $3, $4, 'None', $5, $6, $7, $8, 1, 0, '', $1, $9, $10, $11, now()
            returning id
            """,
            cancellationToken, entry.Id, entry.Site, ServiceOf(calculated), entry.Region, entry.From, entry.To, entry.Quantity, entry.Unit, entry.Version, entry.Status.ToString(), entry.SiteId);
    }

    /// <summary>Shares the instruments out over all purchased energy that counts, reached or not: what one entry takes the others lack. What entries of locked months have they keep.</summary>
    private async Task<ILookup<string, InstrumentShare>> ShareOutAsync(CancellationToken cancellationToken)
    {
        var uses = new List<EnergyUse>();
        IReadOnlyDictionary<string, decimal>? taken = null;
        if (with.Instruments.Count > 0)
        {
            await using var unit = await tenantDatabase.OpenAsync(cancellationToken);
            taken = await FrozenMonths.TakenAsync(unit, with.Instruments, cancellationToken);
            var energy = (await TypesAsync(unit, cancellationToken)).Where(type => with.Library.Resolve(type, out _) is { Type.Scope: 2 }).ToArray();
            await using var command = unit.Connection.Command(
                $"""
                select {EntryCalculation.Columns} from activity_entries e join sites s on s.id = e.site_id
                where e.status in ('Submitted', 'Approved') and e.activity_type = any($1) and e.period_start <= $2 and e.period_end >= $3 and not {FrozenMonths.Entry}
                """,
                energy, with.Instruments.Max(instrument => instrument.To), with.Instruments.Min(instrument => instrument.From));
            command.CommandTimeout = 0;
            await using var row = await command.ExecuteReaderAsync(cancellationToken);
            while (await row.ReadAsync(cancellationToken))
            {
                if (EntryCalculation.InputOf(EntryCalculation.Read(row), with.Library, out _) is { } input)
                {
                    uses.AddRange(_calculator.EnergyUses(input));
                }
            }
        }

        return InstrumentAllocation.Allocate(with.Instruments, uses, taken).Shares.ToLookup(share => share.ActivityId);
    }

    /// <summary>The activity types that entries name, by jumps from one type of a site to the next.</summary>
    public static Task<List<string>> TypesAsync(TenantUnit unit, CancellationToken cancellationToken) => unit.Connection.ListAsync(
        """
        with recursive types as (
          (select site_id, activity_type from activity_entries order by site_id, activity_type limit 1)
          union all
          select n.site_id, n.activity_type from types t cross join lateral (
            select e.site_id, e.activity_type from activity_entries e where (e.site_id, e.activity_type) > (t.site_id, t.activity_type) order by e.site_id, e.activity_type limit 1) n)
        select distinct activity_type from types
        """,
        row => row.GetString(0), cancellationToken);

    /// <param name="ActivityId">Of the results that count; null where none do.</param>
    /// <param name="ProposalId">The attempt at a run that gave those results; null where the entry's own writing did.</param>
    /// <param name="Fingerprint">Empty where nothing is known of what stands.</param>
    /// <param name="Activity">What the activity of these results gives to monthly totals.</param>
    /// <param name="Sequence">From which ledger number on these results count.</param>
    private sealed record StandingEntry(EntryRow Entry, Guid? ActivityId, Guid? ProposalId, byte[] Fingerprint, RunFault? Fault, RunActivity? Activity, long? Sequence);

    /// <param name="ActivityId">That its new results belong to.</param>
    /// <param name="Fingerprint">Of the results that the difference tells of.</param>
    private sealed record ChangedEntry(EntryRow Entry, Guid ActivityId, byte[] Fingerprint);
}
