using Microsoft.EntityFrameworkCore;
using OffGridFlow.Core.Imports.Sheets;
using OffGridFlow.Infrastructure.Persistence;
using OffGridFlow.Infrastructure.Persistence.PostgreSql;

namespace OffGridFlow.Infrastructure.Imports.Sheets;

/// <summary>How files with the same headings were read before.</summary>
internal static class SheetMemories
{
    /// <summary>The plan that was last used for these headings.</summary>
    public static async Task<(SheetPlan Plan, SheetMemory? Memory)> RecallAsync(TenantUnit unit, SheetPlan plan, SheetView view, CancellationToken cancellationToken)
    {
        if (SheetRemembered.KeyOf(view.Headings) is not { } key
            || await unit.Context.SheetMemories.AsNoTracking().SingleOrDefaultAsync(memory => memory.Headings == key, cancellationToken) is not { } stored)
        {
            return (plan, null);
        }

        var recalled = SheetRemembered.Read(stored.Plan).On(plan, view.Headings);
        return (recalled, new SheetMemory(stored.FileName, stored.ChangedBy, stored.ChangedAt, recalled.Fixes.Count));
    }

    public static async Task RememberAsync(TenantUnit unit, DraftOnDesk draft, DateTimeOffset now, CancellationToken cancellationToken)
    {
        if (SheetRemembered.KeyOf(draft.View.Headings) is { } key)
        {
            await unit.Connection.ExecuteAsync(
                """
                insert into sheet_memories (tenant_id, headings, file_name, plan, changed_by, changed_at) values (current_tenant(), $1, $2, $3::jsonb, $4, $5)
                on conflict (tenant_id, headings) do update set file_name = excluded.file_name, plan = excluded.plan, changed_by = excluded.changed_by, changed_at = excluded.changed_at
                """,
                cancellationToken, key, draft.Draft.FileName, SheetRemembered.Of(draft.Plan, draft.View.Headings).ToJson(), unit.Actor.DisplayName, now);
        }
    }
}
