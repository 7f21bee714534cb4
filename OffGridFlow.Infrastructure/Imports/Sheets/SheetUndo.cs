using Microsoft.EntityFrameworkCore;
using OffGridFlow.Core.Imports;
using OffGridFlow.Core.Inventory;
using OffGridFlow.Infrastructure.Calculation;
using OffGridFlow.Infrastructure.Inventory;
using OffGridFlow.Infrastructure.Persistence;
using OffGridFlow.Infrastructure.Persistence.PostgreSql;

namespace OffGridFlow.Infrastructure.Imports.Sheets;

/// <summary>What undoing an import of a spreadsheet did.</summary>
/// <param name="Left">Entries that have left the totals.</param>
/// <param name="Back">Accruals that its actuals had taken out, and that stand again as they stood.</param>
internal sealed record SheetUndone(int Left, IReadOnlyList<Guid> Back);

/// <summary>
/// Takes the entries of an import out of the totals again. They stay, excluded, with their history; their external ids are free for another load, and the
/// accruals that they had taken out come back.
/// </summary>
internal static class SheetUndo
{
    /// <summary>What the history of an accrual says that leaves for an actual of the file.</summary>
    public static string ArrivedWith(string fileName) => $"The actual has arrived with {fileName}.";

    /// <summary>
    /// Excluded by this load and untouched since, unless its own import was undone, its days are locked, or another actual stands in its place: then it would
    /// count beside it.
    /// </summary>
    private const string BringBack =
        $"""
        with back as (
          update activity_entries e set status = w.content ->> 'status', version = e.version + 1
          from activity_entry_versions v join activity_entry_versions w on w.entry_id = v.entry_id and w.version = v.version - 1
          where v.entry_id = e.id and v.version = e.version and v.action = 'excluded' and v.reason = $2
            and v.at = (select c.at from activity_entry_versions c join activity_entries o on o.id = c.entry_id where o.import_id = $1 and c.version = 1 limit 1)
            and e.status = 'Excluded' and e.is_accrual and e.import_id is distinct from $1
            and not exists (select from imports i where i.id = e.import_id and i.status = 'Undone')
            and not exists (select from activity_entries a where a.site_id = e.site_id and a.activity_type = e.activity_type and a.period_start = e.period_start and a.period_end = e.period_end
              and a.gas is not distinct from e.gas and not a.is_accrual and a.status in ('Submitted', 'Approved') and a.reverses_id is null
              and not exists (select from activity_entries r where r.reverses_id = a.id and r.status <> 'Excluded'))
            and not {FrozenMonths.Entry}
          returning e.id, e.version)
        insert into activity_entry_versions (tenant_id, entry_id, version, action, content, reason, author_id, author, at)
        select current_tenant(), b.id, b.version, 'restored',
          (select w.content from activity_entry_versions w where w.entry_id = b.id and w.version = b.version - 2), 'The import of its actual was undone', $3, $4, $5
        from back b returning entry_id
        """;

    /// <returns>Null when the import is not published, not there, or none of a spreadsheet.</returns>
    /// <exception cref="PeriodLockedException">One of them touches a locked month.</exception>
    public static async Task<SheetUndone?> RunAsync(TenantUnit unit, EntryLedger ledger, Guid id, DateTimeOffset now, CancellationToken cancellationToken)
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

        var fileName = await unit.Context.Imports.Where(import => import.Id == id).Select(import => import.FileName).SingleAsync(cancellationToken);
        var back = await unit.Connection.ListAsync(
            BringBack, row => row.GetGuid(0), cancellationToken, id, ArrivedWith(fileName), Sql.Uuid(unit.Actor.Id), unit.Actor.DisplayName, now);
        await ledger.ApplyAsync(unit, [.. ids, .. back], cancellationToken);
        return new SheetUndone(ids.Count, back);
    }

    /// <summary>kg CO2e of the whole ledger, purchased energy by location.</summary>
    public static Task<decimal> LedgerKgAsync(TenantUnit unit, CancellationToken cancellationToken) => unit.Connection.ScalarAsync<decimal>(
        "select coalesce(sum(kg_co2e), 0) from monthly_totals where scope2_method in ('', 'Location') and not comparison_only", cancellationToken);
}
