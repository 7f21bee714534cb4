using OffGridFlow.Core.Calculation;
using OffGridFlow.Infrastructure.Inventory;
using OffGridFlow.Infrastructure.Persistence;
using OffGridFlow.Infrastructure.Persistence.PostgreSql;

namespace OffGridFlow.Infrastructure.Calculation;

/// <summary>
/// Brings the ledger up to what the entries say: results, exceptions and monthly totals. Works inside the transaction that changes the entries, so that
/// either both are seen or neither.
/// </summary>
internal sealed class EntryLedger(ICalculationInputs inputs, TimeProvider time)
{
    /// <summary>As results and totals name it.</summary>
    public const string Provider = "entry";
    public const string Method = "ghg-protocol";

    /// <summary>
    /// Counts up when the same entry and factors give other digits, or another column of a result: by it, and all else that a fingerprint is over, a run knows what the
    /// columns of a result that stands are without reading them.
    /// </summary>
    public const string MethodVersion = "ghg-protocol 1";

    /// <summary>Entries in memory with their results.</summary>
    private const int AtOnce = 500;

    private const string EntryColumns = $"select {EntryCalculation.Columns} from activity_entries e join sites s on s.id = e.site_id";

    /// <summary>
    /// To be called after any change of entries, of their status too. Calculates those that count (submitted, approved), ends the results of those that no
    /// longer do, and writes nothing where the same comes out again.
    /// </summary>
    /// <param name="entryIds">May hold ids more than once and any number of them.</param>
    /// <exception cref="Core.Inventory.PeriodLockedException">A result of a locked month would change.</exception>
    public async Task ApplyAsync(TenantUnit unit, IReadOnlyCollection<Guid> entryIds, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(entryIds);
        if (entryIds.Count == 0)
        {
            return;
        }

        await unit.Context.SaveChangesAsync(cancellationToken);
        // Whoever changes the ledger of the tenant waits here; what they have changed is seen from here on. A number is taken only if something changes.
        await unit.Connection.ExecuteAsync("select from ledger_sequences where tenant_id = current_tenant() for update", cancellationToken);
        var with = await inputs.GetAsync(unit, cancellationToken);
        var calculator = new Calculator(with.Library, with.Policy);
        var ids = entryIds.ToHashSet();
        var shares = await ShareOutAsync(unit, with, calculator, ids, cancellationToken);

        var write = await EntryLedgerWrite.BeginAsync(unit, with.Library, time.GetUtcNow(), cancellationToken);
        var calculated = new List<CalculatedEntry>(AtOnce);
        foreach (var some in ids.Order().Chunk(AtOnce))
        {
            var entries = await unit.Connection.ListAsync($"{EntryColumns} where e.id = any($1)", EntryCalculation.Read, cancellationToken, some);
            calculated.Clear();
            calculated.AddRange(entries.Where(entry => entry.Counts).Select(entry => EntryCalculation.Calculate(entry, with, calculator, shares)));
            await write.AddAsync(some, calculated, cancellationToken);
        }

        await write.CompleteAsync(cancellationToken);
    }

    /// <summary>
    /// To be called after a change of what entries are calculated with, such as a rate of exchange: entries that touch a locked month stay as they are, the
    /// others are brought to the ledger.
    /// </summary>
    /// <param name="entryIds">May hold ids more than once and any number of them.</param>
    public async Task ApplyUnlockedAsync(TenantUnit unit, IReadOnlyCollection<Guid> entryIds, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(entryIds);
        await unit.Context.SaveChangesAsync(cancellationToken);
        var frozen = await unit.Connection.ListAsync(
            $"select e.id from activity_entries e where e.id = any($1) and {FrozenMonths.Entry}", row => row.GetGuid(0), cancellationToken, entryIds.Distinct().ToArray());
        await ApplyAsync(unit, frozen.Count == 0 ? entryIds : entryIds.Except(frozen).ToList(), cancellationToken);
    }

    /// <summary>
    /// To be called after a change of a site's name or region, or of a contractual instrument of these sites: all their entries anew, but for those that touch a
    /// locked month.
    /// </summary>
    public async Task ApplySitesAsync(TenantUnit unit, IReadOnlyCollection<Guid> siteIds, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(siteIds);
        await unit.Context.SaveChangesAsync(cancellationToken);
        var ids = await unit.Connection.ListAsync(
            $"select e.id from activity_entries e where e.site_id = any($1) and not {FrozenMonths.Entry}", row => row.GetGuid(0), cancellationToken, siteIds.ToArray());
        await ApplyAsync(unit, ids, cancellationToken);
    }

    /// <summary>
    /// Shares the instruments out over all purchased energy that competes with that of the entries, and adds those others to <paramref name="ids"/>: what one
    /// takes the other lacks. What entries of locked months have of them they keep.
    /// </summary>
    private static async Task<ILookup<string, InstrumentShare>> ShareOutAsync(
        TenantUnit unit, CalculationInputs with, Calculator calculator, HashSet<Guid> ids, CancellationToken cancellationToken)
    {
        var none = Array.Empty<InstrumentShare>().ToLookup(share => share.ActivityId);
        if (with.Instruments.Count == 0)
        {
            return none;
        }

        // Where purchased energy is used or was: an entry may have been something else, or at another site, before.
        var touched = new HashSet<string>(await unit.Connection.ListAsync(
            """
            select distinct a.site_id from activity_records a
            join emission_records r on r.activity_id = a.id
            join emission_intervals i on i.activity_id = r.activity_id and i.proposal_id is not distinct from r.proposal_id and i.to_sequence is null
            where a.entry_id = any($1) and r.scope = 2
            """,
            row => EntryCalculation.Key(row.GetGuid(0)), cancellationToken, ids.ToArray()));
        foreach (var some in ids.Chunk(AtOnce))
        {
            var entries = await unit.Connection.ListAsync($"{EntryColumns} where e.id = any($1)", EntryCalculation.Read, cancellationToken, some);
            touched.UnionWith(entries.Where(entry => entry.Counts && EntryCalculation.InputOf(entry, with.Library, out _) is { } input && calculator.EnergyUses(input).Count > 0)
                .Select(entry => EntryCalculation.Key(entry.SiteId)));
        }

        if (touched.Count == 0)
        {
            return none;
        }

        var (instruments, everywhere) = Connected(with.Instruments, touched);
        if (instruments.Count == 0)
        {
            return none;
        }

        var uses = new List<EnergyUse>();
        await using (var command = unit.Connection.Command(
            $"{EntryColumns} where e.status in ('Submitted', 'Approved') and ($1 or s.id = any($2)) and e.period_start <= $3 and e.period_end >= $4 and not {FrozenMonths.Entry}",
            everywhere, touched.Select(Guid.Parse).ToArray(), instruments.Max(instrument => instrument.To), instruments.Min(instrument => instrument.From)))
        {
            command.CommandTimeout = 0;
            await using var row = await command.ExecuteReaderAsync(cancellationToken);
            while (await row.ReadAsync(cancellationToken))
            {
                var entry = EntryCalculation.Read(row);
                if (EntryCalculation.InputOf(entry, with.Library, out _) is { } input && calculator.EnergyUses(input) is { Count: > 0 } found)
                {
                    uses.AddRange(found);
                    ids.Add(entry.Id);
                }
            }
        }

        return InstrumentAllocation.Allocate(instruments, uses, await FrozenMonths.TakenAsync(unit, instruments, cancellationToken)).Shares.ToLookup(share => share.ActivityId);
    }

    /// <summary>Instruments that meet at the sites, directly or by way of other sites, which are added; and whether one of them is for every site.</summary>
    private static (List<ContractualInstrument> Instruments, bool Everywhere) Connected(IReadOnlyList<ContractualInstrument> all, HashSet<string> sites)
    {
        var found = new List<ContractualInstrument>();
        var everywhere = false;
        for (var before = -1; before < found.Count;)
        {
            before = found.Count;
            foreach (var instrument in all.Except(found).Where(instrument => everywhere || instrument.Sites.Count == 0 || instrument.Sites.Any(sites.Contains)).ToList())
            {
                found.Add(instrument);
                sites.UnionWith(instrument.Sites);
                everywhere |= instrument.Sites.Count == 0;
            }
        }

        return (found, everywhere);
    }
}
