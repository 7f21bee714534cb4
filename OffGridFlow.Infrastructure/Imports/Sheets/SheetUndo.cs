using Microsoft.EntityFrameworkCore;
using OffGridFlow.Core.Imports;
using OffGridFlow.Core.Inventory;
using OffGridFlow.Infrastructure.Calculation;
using OffGridFlow.Infrastructure.Inventory;
using OffGridFlow.Infrastructure.Persistence;
using OffGridFlow.Infrastructure.Persistence.PostgreSql;

namespace OffGridFlow.Infrastructure.Imports.Sheets;

/// <summary>Takes the entries of an import out of the totals again. They stay, excluded, with their history; their external ids are free for another load.</summary>
internal static class SheetUndo
{
    /// <returns>How many entries have left; null when the import is not published, not there, or none of a spreadsheet.</returns>
    /// <exception cref="PeriodLockedException">One of them touches a locked month.</exception>
    public static async Task<int?> RunAsync(TenantUnit unit, EntryLedger ledger, Guid id, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var held = await unit.Connection.ListAsync(
            $"select min(e.period_start), max(e.period_end) from activity_entries e where e.import_id = $1 and e.status <> 'Excluded' and {FrozenMonths.Entry}",
            row => (From: row.Optional<DateOnly>(0), To: row.Optional<DateOnly>(1)), cancellationToken, id);
        if (held is [({ } from, { } to)])
        {
            throw new PeriodLockedException((await FrozenMonths.ReadAsync(unit, cancellationToken)).Refusal(from, to) + " Nothing of the import was undone.");
        }

        await unit.Connection.ExecuteAsync(
            "select from sites where id in (select site_id from activity_entries where import_id = $1) order by id for no key update", cancellationToken, id);
        var undone = await unit.Context.Imports
            .Where(import => import.Id == id && import.Kind == SheetDesk.Kind && (import.Status == ImportStatus.Succeeded || import.Status == ImportStatus.CompletedWithErrors))
            .ExecuteUpdateAsync(set => set.SetProperty(import => import.Status, ImportStatus.Undone), cancellationToken);
        if (undone == 0)
        {
            return null;
        }

        await unit.Context.SheetDrafts.Where(draft => draft.ImportId == id).ExecuteUpdateAsync(set => set.SetProperty(draft => draft.CheckedVersion, (int?)null), cancellationToken);
        // What takes one of them back goes with it: nothing is left to take back.
        await using var command = unit.Connection.Command(
            """
            with gone as (
              update activity_entries e set status = 'Excluded', version = e.version + 1, external_id = case when e.import_id = $1 then null else e.external_id end
              where e.status <> 'Excluded' and (e.import_id = $1 or e.reverses_id in (select id from activity_entries o where o.import_id = $1))
              returning e.id, e.version, e.import_id)
            insert into activity_entry_versions (tenant_id, entry_id, version, action, content, reason, author_id, author, at)
            select current_tenant(), g.id, g.version, 'excluded',
              (select case when g.import_id = $1 then v.content - 'externalId' else v.content end || '{"status": "Excluded"}'
               from activity_entry_versions v where v.entry_id = g.id order by v.version desc limit 1),
              'The import that brought it was undone', $2, $3, $4
            from gone g returning entry_id
            """,
            id, Sql.Uuid(unit.Actor.Id), unit.Actor.DisplayName, now);
        command.CommandTimeout = 0;
        var ids = new List<Guid>();
        await using (var reader = await command.ExecuteReaderAsync(cancellationToken))
        {
            while (await reader.ReadAsync(cancellationToken))
            {
                ids.Add(reader.GetGuid(0));
            }
        }

        await ledger.ApplyAsync(unit, ids, cancellationToken);
        return ids.Count;
    }

    /// <summary>kg CO2e of the whole ledger, purchased energy by location.</summary>
    public static Task<decimal> LedgerKgAsync(TenantUnit unit, CancellationToken cancellationToken) => unit.Connection.ScalarAsync<decimal>(
        "select coalesce(sum(kg_co2e), 0) from monthly_totals where scope2_method in ('', 'Location') and not comparison_only", cancellationToken);
}
