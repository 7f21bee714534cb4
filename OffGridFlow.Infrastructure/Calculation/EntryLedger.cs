using OffGridFlow.Infrastructure.Persistence;
using OffGridFlow.Infrastructure.Persistence.PostgreSql;

namespace OffGridFlow.Infrastructure.Calculation;

/// <summary>
/// Brings the ledger up to what the entries say: results, exceptions and monthly totals. Works inside the transaction that changes the entries, so that
/// either both are seen or neither.
/// </summary>
internal sealed class EntryLedger(TimeProvider time)
{
    /// <summary>
    /// To be called after any change of entries, of their status too. Calculates those that count (submitted, approved), ends the results of those that no
    /// longer do, and writes nothing where the same comes out again.
    /// </summary>
    /// <param name="entryIds">May hold ids more than once and any number of them.</param>
    public async Task ApplyAsync(TenantUnit unit, IReadOnlyCollection<Guid> entryIds, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(entryIds);
        // The same moment for all that is written; what does not count has no exception either.
        var at = time.GetUtcNow();
        await unit.Connection.ExecuteAsync(
            """
            delete from calculation_exceptions x using activity_entries e
            where x.entry_id = e.id and e.id = any($1) and e.status in ('Draft', 'Excluded') and x.since <= $2
            """,
            cancellationToken, entryIds.Distinct().ToArray(), at);
    }

    /// <summary>To be called after a change of a site's name or region, or of a contractual instrument of these sites: all their entries anew.</summary>
    public async Task ApplySitesAsync(TenantUnit unit, IReadOnlyCollection<Guid> siteIds, CancellationToken cancellationToken) =>
        await ApplyAsync(
            unit, await unit.Connection.ListAsync("select id from activity_entries where site_id = any($1)", row => row.GetGuid(0), cancellationToken, siteIds.ToArray()),
            cancellationToken);
}
