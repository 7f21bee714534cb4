using System.Threading.Channels;
using Npgsql;
using OffGridFlow.Core.ActivityData;
using OffGridFlow.Core.Calculation;
using OffGridFlow.Core.Inventory;
using OffGridFlow.Infrastructure.Inventory;
using OffGridFlow.Infrastructure.Persistence;
using OffGridFlow.Infrastructure.Persistence.PostgreSql;

namespace OffGridFlow.Infrastructure.Calculation.Runs;

/// <summary>What came of calculating everything that a run reaches.</summary>
/// <param name="NewExceptions">Entries that had figures and would have none.</param>
/// <param name="ClearedExceptions">Entries that had none and would have some.</param>
internal sealed record RunOutcome(long Entries, long Changed, long NewExceptions, long ClearedExceptions, RunSums Sums, RunMonths Months);

/// <summary>
/// Calculates the entries that a run reaches, some at a time and on all processors, and writes those that come out otherwise. What comes out the same is
/// known by its fingerprint: of it no result is read or written. Memory does not grow with the entries.
/// </summary>
internal sealed class RunCalculation(
    Database database, TenantDatabase tenantDatabase, Guid tenantId, Guid proposal, CalculationInputs with, CalculationPolicy policy, RunReach reach, DateTimeOffset at)
{
    private const int AtOnce = 1000;

    private readonly Calculator _calculator = new(with.Library, policy with { Money = with.Policy.Money });
    private readonly SharedDerivations _derivations = new(with.Library);
    private readonly RunSums _sums = new();
    private readonly RunMonths _months = new();
    private readonly Lock _gate = new();
    private long _entries;
    private long _changed;
    private long _newExceptions;
    private long _clearedExceptions;

    /// <param name="report">Entries done so far.</param>
    public async Task<RunOutcome> RunAsync(Action<long> report, CancellationToken cancellationToken)
    {
        var shares = await ShareOutAsync(cancellationToken);
        var batches = Channel.CreateBounded<List<StandingEntry>>(new BoundedChannelOptions(4) { SingleWriter = true });
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        // Twice as many as processors: half of them are waiting for the database.
        var workers = Enumerable.Range(0, Math.Clamp(2 * Environment.ProcessorCount, 2, 8)).Select(_ => Task.Run(
            async () =>
            {
                using var copy = new RunCopy(proposal, _derivations, at);
                await foreach (var batch in batches.Reader.ReadAllAsync(stop.Token))
                {
                    await WorkAsync(batch, shares, copy, stop.Token);
                    report(Interlocked.Read(ref _entries));
                }
            },
            stop.Token)).ToList();
        var reading = ReadAsync(batches.Writer, stop.Token);
        try
        {
            // The first that fails stops the others, which would wait for it.
            var open = workers.Append(reading).ToList();
            while (open.Count > 0)
            {
                var done = await Task.WhenAny(open);
                await done;
                open.Remove(done);
            }
        }
        finally
        {
            await stop.CancelAsync();
            await Task.WhenAll(workers.Append(reading)).ContinueWith(_ => { }, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
        }

        return new RunOutcome(_entries, _changed, _newExceptions, _clearedExceptions, _sums, _months);
    }

    private async Task ReadAsync(ChannelWriter<List<StandingEntry>> writer, CancellationToken cancellationToken)
    {
        try
        {
            await using var unit = await tenantDatabase.OpenAsync(cancellationToken);
            await using var command = unit.Connection.Command(
                $"""
                select {EntryCalculation.Columns}, i.activity_id, i.proposal_id, coalesce(c.fingerprint_after, p.fingerprint), x.code, x.message, x.mend, x.since, i.from_sequence
                from activity_entries e
                join sites s on s.id = e.site_id
                {RunLedger.Standing}
                left join calculation_exceptions x on x.entry_id = e.id
                where e.status in ('Submitted', 'Approved') and {RunReach.Condition} and not {FrozenMonths.Entry}
                """,
                reach.Parameters);
            command.CommandTimeout = 0;
            await using var row = await command.ExecuteReaderAsync(cancellationToken);
            var batch = new List<StandingEntry>(AtOnce);
            while (await row.ReadAsync(cancellationToken))
            {
                const int More = EntryCalculation.ColumnCount;
                batch.Add(new StandingEntry(
                    EntryCalculation.Read(row), row.Optional<Guid>(More), row.Optional<Guid>(More + 1), row.IsDBNull(More + 2) ? [] : row.GetFieldValue<byte[]>(More + 2),
                    row.IsDBNull(More + 3) ? null : new RunFault(row.GetString(More + 3), row.GetString(More + 4), row.GetString(More + 5), row.GetFieldValue<DateTimeOffset>(More + 6)),
                    row.Optional<long>(More + 7)));
                if (batch.Count == AtOnce)
                {
                    await writer.WriteAsync(batch, cancellationToken);
                    batch = new List<StandingEntry>(AtOnce);
                }
            }

            if (batch.Count > 0)
            {
                await writer.WriteAsync(batch, cancellationToken);
            }
        }
        finally
        {
            writer.TryComplete();
        }
    }

    private async Task WorkAsync(List<StandingEntry> batch, ILookup<string, InstrumentShare> shares, RunCopy copy, CancellationToken cancellationToken)
    {
        var changed = new List<(StandingEntry Standing, byte[] Fingerprint)>();
        foreach (var standing in batch)
        {
            var fingerprint = EntryCalculation.Calculate(standing.Entry, with, _calculator, shares).Fingerprint();
            if (!fingerprint.AsSpan().SequenceEqual(standing.Fingerprint))
            {
                changed.Add((standing, fingerprint));
            }
        }

        if (changed.Count > 0)
        {
            await WriteAsync(changed, shares, copy, cancellationToken);
        }

        Interlocked.Add(ref _entries, batch.Count);
    }

    /// <summary>
    /// Calculates each a second time: to keep what the first time gave until the database has told what stood before, for thousands of entries at once, has the
    /// garbage collector move it about, and that takes longer than to calculate.
    /// </summary>
    private async Task WriteAsync(
        List<(StandingEntry Standing, byte[] Fingerprint)> changed, ILookup<string, InstrumentShare> shares, RunCopy copy, CancellationToken cancellationToken)
    {
        copy.Begin();
        var (count, faults, cleared) = (0, 0, 0);
        await using (var unit = await tenantDatabase.OpenAsync(cancellationToken))
        {
            var before = await BeforeAsync(unit, changed.Select(change => change.Standing).Where(standing => standing.ActivityId is not null).ToList(), cancellationToken);
            foreach (var (standing, fingerprint) in changed)
            {
                var calculated = EntryCalculation.Calculate(standing.Entry, with, _calculator, shares);
                var stood = standing.ActivityId is { } known ? before.GetValueOrDefault(known) : null;
                List<RunResult> former = stood?.Results ?? [];
                var after = After(calculated);
                // What stood before fingerprints were kept is compared by its figures.
                if (standing.Fingerprint.Length == 0 && Same(former, after, standing.Fault, calculated.Fault))
                {
                    continue;
                }

                var service = calculated.Type?.Name ?? standing.Entry.ActivityType;
                Guid? activity = after.Count == 0 ? null : standing.ActivityId ?? await AddActivityAsync(unit, calculated, service, cancellationToken);
                var sums = AddUp(
                    standing.Entry.Site, service, stood ?? new Stood(new RunActivity(standing.Entry.Site, service, standing.Entry.Region, standing.Entry.Status == EntryStatus.Submitted)),
                    calculated, after);
                copy.Add(new RunChange(
                    calculated, activity, standing.ActivityId, standing.ProposalId, standing.Sequence, standing.Fingerprint, fingerprint, standing.Fault, service, sums));
                count++;
                faults += standing.Fault is null && calculated.Fault is not null ? 1 : 0;
                cleared += standing.Fault is not null && calculated.Fault is null ? 1 : 0;
            }

            await unit.CommitAsync(cancellationToken);
        }

        if (count == 0)
        {
            return;
        }

        await StoreDerivationsAsync(cancellationToken);
        await copy.WriteAsync(database, tenantId, cancellationToken);
        lock (_gate)
        {
            (_changed, _newExceptions, _clearedExceptions) = (_changed + count, _newExceptions + faults, _clearedExceptions + cleared);
        }
    }

    /// <summary>In a transaction of its own, as short as can be: other workers may wait for the same ones.</summary>
    private async Task StoreDerivationsAsync(CancellationToken cancellationToken)
    {
        if (_derivations.Unstored is { Count: > 0 } some)
        {
            await using var unit = await tenantDatabase.OpenAsync(cancellationToken);
            await SharedDerivations.StoreAsync(unit.Connection, some, cancellationToken);
            await unit.CommitAsync(cancellationToken);
            _derivations.Stored(some);
        }
    }

    /// <summary>To the sums of all workers: a set of sums for each batch would have nearly as many cells as the batch has results.</summary>
    private RunEntrySums AddUp(string site, string service, Stood stood, CalculatedEntry calculated, List<RunResult> after)
    {
        lock (_gate)
        {
            AddMonths(_months, stood, calculated);
            return _sums.Add(site, service, stood.Results, after);
        }
    }

    private static void AddMonths(RunMonths months, Stood stood, CalculatedEntry calculated)
    {
        var activity = stood.Activity;
        foreach (var result in stood.Amounts)
        {
            months.Add(activity, result, -1);
        }

        foreach (var emission in calculated.Emissions)
        {
            months.Add(
                activity,
                new RunAmounts(
                    new DateOnly(emission.From.Year, emission.From.Month, 1), emission.Scope, emission.Category ?? 0, emission.Scope2Method?.ToString() ?? "",
                    calculated.MethodOf(emission.Scope, emission.Category).ToString(), emission.Quality, emission.KilowattHours, emission.KgCo2e,
                    emission.Quality == DataQuality.Defaulted ? emission.KgCo2e : 0m, emission.BiogenicKgCo2, GasSplit.Of(emission.Gases)) { Energy = RunEnergyAmounts.Of(calculated, emission) },
                1);
        }

        foreach (var view in calculated.Missing)
        {
            months.Add(
                activity,
                new RunAmounts(
                    new DateOnly(calculated.Entry.From.Year, calculated.Entry.From.Month, 1), calculated.MissingScope, calculated.MissingCategory ?? 0, view?.ToString() ?? "",
                    calculated.MethodOf(calculated.MissingScope, calculated.MissingCategory).ToString(), calculated.MissingQuality, null, null, 0m, null, GasSplit.None)
                {
                    Energy = RunEnergyAmounts.OfMissing(calculated, view),
                },
                1);
        }
    }

    /// <summary>What counted of these entries when they were read, of those too that count without a result. Where one has been changed since, approval finds that.</summary>
    private static async Task<Dictionary<Guid, Stood>> BeforeAsync(TenantUnit unit, List<StandingEntry> entries, CancellationToken cancellationToken)
    {
        var stood = new Dictionary<Guid, Stood>(entries.Count);
        if (entries.Count == 0)
        {
            return stood;
        }

        // For some thousands of rows, a helper process takes longer to start than they take to read. Fenced off, as without statistics, in a first run, the planner
        // reads all results for each thousand entries.
        await unit.Connection.ExecuteAsync("set local max_parallel_workers_per_gather = 0", cancellationToken);
        await using var command = unit.Connection.Command(
            $"""
            select x.activity_id, a.account, a.service, a.region, a.entry_status, e.month, e.scope, e.category, e.scope2_method, e.part, e.factor_id, e.instrument_id,
              e.calculation_method, e.quality, e.kilowatt_hours, e.kg_co2e, e.defaulted_kg_co2e, e.biogenic_kg_co2, e.co2_kg_co2e, e.ch4_kg_co2e, e.n2o_kg_co2e,
              e.hfcs_kg_co2e, e.pfcs_kg_co2e, e.sf6_kg_co2e, e.nf3_kg_co2e, {EnergyRollUp.Counts}, e.energy_carrier, {EnergyRollUp.IsUnstated}, {EnergyRollUp.Gap},
              coalesce(e.energy_kwh, 0), coalesce(e.energy_renewable_kwh, 0), coalesce(e.energy_nuclear_kwh, 0)
            from unnest($1::uuid[], $2::uuid[]) as x (activity_id, proposal_id)
            cross join lateral (select * from activity_records where id = x.activity_id offset 0) a
            left join lateral (select * from emission_records where activity_id = x.activity_id and proposal_id is not distinct from x.proposal_id offset 0) e on true
            """,
            entries.Select(entry => entry.ActivityId!.Value).ToArray(), entries.Select(entry => entry.ProposalId).ToArray());
        await using var row = await command.ExecuteReaderAsync(cancellationToken);
        while (await row.ReadAsync(cancellationToken))
        {
            var id = row.GetGuid(0);
            if (!stood.TryGetValue(id, out var activity))
            {
                stood[id] = activity = new Stood(new RunActivity(row.GetString(1), row.GetString(2), row.GetString(3), row.OptionalText(4) == nameof(EntryStatus.Submitted)));
            }

            if (!row.IsDBNull(5))
            {
                activity.Add(row);
            }
        }

        return stood;
    }

    private static List<RunResult> After(CalculatedEntry entry)
    {
        var first = new DateOnly(entry.Entry.From.Year, entry.Entry.From.Month, 1);
        return
        [
            .. entry.Emissions.Select(emission => new RunResult(
                emission.Scope, emission.Category ?? 0, emission.From.Year, new DateOnly(emission.From.Year, emission.From.Month, 1), emission.Scope2Method, emission.Part.ToString(),
                FactorOf(emission.Factor?.Id, emission.Instrument), emission.KgCo2e, emission.Quality)),
            .. entry.Missing.Select(method => new RunResult(entry.MissingScope, entry.MissingCategory ?? 0, first.Year, first, method, "", "", null, entry.MissingQuality)),
        ];
    }

    private static bool Same(List<RunResult> before, List<RunResult> after, RunFault? faultBefore, CalculationFault? faultAfter) =>
        faultBefore?.Code == faultAfter?.Code && before.Count == after.Count
        && before.OrderBy(Place).Zip(after.OrderBy(Place)).All(pair => pair.First == pair.Second);

    private static (int, int, DateOnly, Scope2Method?, string, string, decimal?) Place(RunResult result) =>
        (result.Scope, result.Category, result.Month, result.Method, result.Part, result.Factor, result.Kg);

    private static string FactorOf(string? factor, string? instrument) => factor ?? (instrument is null ? "" : "instrument/" + instrument);

    /// <summary>For an entry that never had a result. Without an interval it is in no figure, as what it holds.</summary>
    private static async Task<Guid> AddActivityAsync(TenantUnit unit, CalculatedEntry calculated, string service, CancellationToken cancellationToken)
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
            cancellationToken, entry.Id, entry.Site, service, entry.Region, entry.From, entry.To, entry.Quantity, entry.Unit, entry.Version, entry.Status.ToString(), entry.SiteId);
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
    /// <param name="Sequence">From which ledger number on those results count.</param>
    private sealed record StandingEntry(EntryRow Entry, Guid? ActivityId, Guid? ProposalId, byte[] Fingerprint, RunFault? Fault, long? Sequence);

    /// <summary>What counts of an activity before the run.</summary>
    private sealed class Stood(RunActivity activity)
    {
        public RunActivity Activity => activity;
        public List<RunResult> Results { get; } = [];
        public List<RunAmounts> Amounts { get; } = [];

        /// <param name="row">As <see cref="BeforeAsync"/> asks for it.</param>
        public void Add(NpgsqlDataReader row)
        {
            var (month, scope, category, view) = (row.GetFieldValue<DateOnly>(5), row.GetInt32(6), row.Optional<int>(7) ?? 0, row.OptionalText(8));
            var (quality, kg) = (Enum.Parse<DataQuality>(row.GetString(13)), row.Optional<decimal>(15));
            Results.Add(new RunResult(
                scope, category, month.Year, month, view is null ? null : Enum.Parse<Scope2Method>(view), row.OptionalText(9) ?? "",
                FactorOf(row.OptionalText(10), row.Optional<Guid>(11)?.ToString()), kg, quality));
            Amounts.Add(new RunAmounts(
                month, scope, category, view ?? "", row.OptionalText(12) ?? "", quality, row.Optional<decimal>(14), kg, row.GetDecimal(16), row.Optional<decimal>(17),
                new GasSplit(
                    row.Optional<decimal>(18), row.Optional<decimal>(19), row.Optional<decimal>(20), row.Optional<decimal>(21), row.Optional<decimal>(22),
                    row.Optional<decimal>(23), row.Optional<decimal>(24)))
            {
                Energy = !row.GetBoolean(25) ? null : new RunEnergyAmounts(
                    row.OptionalText(26), row.Optional<Guid>(11), row.GetBoolean(27), row.OptionalText(28), row.GetDecimal(29), row.GetDecimal(30), row.GetDecimal(31)),
            });
        }
    }
}
