using Microsoft.EntityFrameworkCore;
using OffGridFlow.Core.Identity;
using OffGridFlow.Core.Tenancy;
using OffGridFlow.Infrastructure.Organizations;
using OffGridFlow.Infrastructure.Persistence;

namespace OffGridFlow.Infrastructure.Targets;

/// <summary>What the audit log calls the acts on a kind of rows.</summary>
/// <param name="Kind">E.g. <c>target</c>.</param>
internal sealed record PlannedActions(string Kind, string Created, string Changed, string Removed);

/// <summary>What people plan, in rows that never change the ledger: whoever sees dashboards reads them, whoever proposes calculations writes them.</summary>
public abstract class PlannedRows<TRow, TInput>(TenantDatabase database, CurrentUser user)
    where TRow : class, IVersioned
{
    private protected abstract PlannedActions Actions { get; }

    /// <summary>By name.</summary>
    public async Task<IReadOnlyList<TRow>> ListAsync(CancellationToken cancellationToken)
    {
        user.Require(Permissions.DashboardsRead);
        await using var unit = await database.OpenAsync(cancellationToken);
        return await unit.Context.Set<TRow>().OrderBy(row => EF.Property<string>(row, "Name")).ToListAsync(cancellationToken);
    }

    /// <summary>In the order in which they were made.</summary>
    public async Task<ListPage<TRow>> PageAsync(string? cursor, int limit, CancellationToken cancellationToken)
    {
        user.Require(Permissions.DashboardsRead);
        await using var unit = await database.OpenAsync(cancellationToken);
        return await Editing.PageAsync(unit.Context.Set<TRow>(), cursor, limit, cancellationToken);
    }

    public async Task<TRow?> FindAsync(Guid id, CancellationToken cancellationToken)
    {
        user.Require(Permissions.DashboardsRead);
        await using var unit = await database.OpenAsync(cancellationToken);
        return await Editing.FindAsync<TRow>(unit, id, cancellationToken);
    }

    public Task<Edit<TRow>> CreateAsync(TInput input, CancellationToken cancellationToken) => SaveAsync(null, 0, input, cancellationToken);

    /// <param name="version">The one that was seen.</param>
    public Task<Edit<TRow>> ChangeAsync(Guid id, int version, TInput input, CancellationToken cancellationToken) => SaveAsync(id, version, input, cancellationToken);

    public async Task<Edit<TRow>> RemoveAsync(Guid id, int version, CancellationToken cancellationToken)
    {
        user.Require(Permissions.CalculationsPropose);
        await using var unit = await database.OpenAsync(cancellationToken);
        return await Editing.RemoveAsync<TRow>(
            unit, id, version, row => HeldByAsync(unit, row, cancellationToken),
            row =>
            {
                unit.Audit(Actions.Removed, $"{Actions.Kind}/{id}", InputOf(row));
                return Task.CompletedTask;
            },
            cancellationToken);
    }

    /// <summary>The row as people write it.</summary>
    private protected abstract TInput InputOf(TRow row);

    private protected abstract string NameOf(TRow row);

    private protected abstract TRow Make(Guid id, Guid tenant, TInput input, int version);

    private protected abstract Task<Faults> FaultsAsync(TenantUnit unit, Guid? id, TInput input, CancellationToken cancellationToken);

    /// <summary>Why it cannot be removed, and what to do instead; null where it can.</summary>
    private protected virtual Task<string?> HeldByAsync(TenantUnit unit, TRow row, CancellationToken cancellationToken) => Task.FromResult<string?>(null);

    private async Task<Edit<TRow>> SaveAsync(Guid? id, int version, TInput input, CancellationToken cancellationToken)
    {
        var actor = user.Require(Permissions.CalculationsPropose);
        await using var unit = await database.OpenAsync(cancellationToken);
        return await Editing.SaveAsync<TRow>(
            unit, id, version, _ => FaultsAsync(unit, id, input, cancellationToken), (key, next) => Make(key, actor.TenantId, input, next),
            (former, row) =>
            {
                unit.AuditEdit(former is null ? Actions.Created : Actions.Changed, former, row, InputOf, new { Name = NameOf(row) });
                return Task.CompletedTask;
            },
            cancellationToken);
    }
}
