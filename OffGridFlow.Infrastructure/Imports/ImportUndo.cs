using Microsoft.EntityFrameworkCore;
using OffGridFlow.Core.Imports;
using OffGridFlow.Infrastructure.Inventory;
using OffGridFlow.Infrastructure.Persistence;
using OffGridFlow.Infrastructure.Persistence.PostgreSql;

namespace OffGridFlow.Infrastructure.Imports;

/// <summary>What an undo did: numbers of the batches that no longer count and of those that count again.</summary>
internal sealed record ImportUndone(long[] Taken, long[] Restored, long Sequence);

/// <summary>Takes a published import back, within the caller's transaction.</summary>
internal static class ImportUndo
{
    /// <returns>Null when the import is not published or not there.</returns>
    public static async Task<ImportUndone?> RunAsync(TenantUnit unit, Guid id, CancellationToken cancellationToken)
    {
        var sequence = await CloudLedger.NextSequenceAsync(unit, cancellationToken);
        var undone = await unit.Context.Imports
            .Where(import => import.Id == id && (import.Status == ImportStatus.Succeeded || import.Status == ImportStatus.CompletedWithErrors))
            .ExecuteUpdateAsync(set => set.SetProperty(import => import.Status, ImportStatus.Undone), cancellationToken);
        if (undone == 0)
        {
            return null;
        }

        // Batches that a still later import superseded go too, and what they had replaced then belongs to that later import's undo.
        var taken = await unit.Connection.ListAsync(
            "update import_batches set state = 'Undone' where import_id = $1 and state in ('Current', 'Superseded') returning number",
            row => row.GetInt64(0), cancellationToken, id);
        var restored = await unit.Connection.ListAsync(
            """
            update import_batches b set
              superseded_by_import_id = later.superseded_by_import_id,
              state = case when later.superseded_by_import_id is null then 'Current' else 'Superseded' end
            from import_batches later
            where b.superseded_by_import_id = $1 and b.state = 'Superseded'
              and later.import_id = $1 and later.provider = b.provider and later.account = b.account and later.billing_month = b.billing_month
            returning b.number
            """,
            row => row.GetInt64(0), cancellationToken, id);
        var affected = await CloudLedger.AffectedAsync(unit, taken.Concat(restored).ToArray(), cancellationToken);
        await CloudLedger.RecomputeAsync(unit, affected, sequence, cancellationToken);
        return new ImportUndone([.. taken], [.. restored], sequence);
    }

    /// <summary>Rows and cost of batches, however they stand.</summary>
    public static async Task<(long Rows, IReadOnlyDictionary<string, decimal> Cost)> SumAsync(TenantUnit unit, long[] batches, CancellationToken cancellationToken)
    {
        var found = await unit.Connection.ListAsync(
            "select rows, cost from import_batches where number = any($1)", row => (Rows: row.GetInt64(0), Cost: ImportWithJob.CostOf(row.GetString(1))),
            cancellationToken, batches);
        return (found.Sum(batch => batch.Rows), CostSums.Of(found.Select(batch => batch.Cost)));
    }

    /// <summary>kg CO2e of the whole ledger.</summary>
    public static Task<decimal> LedgerKgAsync(TenantUnit unit, CancellationToken cancellationToken) => unit.Connection.ScalarAsync<decimal>(
        "select coalesce(sum(operational_kg_co2e + embodied_kg_co2e), 0) from monthly_totals", cancellationToken);
}
