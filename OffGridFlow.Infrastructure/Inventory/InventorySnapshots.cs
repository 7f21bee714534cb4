using Npgsql;
using OffGridFlow.Core.Identity;
using OffGridFlow.Core.Inventory;
using OffGridFlow.Core.Organizations;
using OffGridFlow.Infrastructure.Organizations;
using OffGridFlow.Infrastructure.Persistence;
using OffGridFlow.Infrastructure.Persistence.PostgreSql;

namespace OffGridFlow.Infrastructure.Inventory;

/// <summary>What has become of a comparison of two states of an inventory.</summary>
public abstract record SnapshotComparison
{
    public sealed record Done(SnapshotDifference Difference) : SnapshotComparison;

    /// <summary>No such period, or no such snapshot of it.</summary>
    public sealed record Missing : SnapshotComparison;
}

/// <summary>Reads what was locked.</summary>
public sealed class InventorySnapshots(TenantDatabase database, CurrentUser user, SnapshotBuilder builder)
{
    private const string Columns =
        "select id, period_id, number, approach, ledger_number, sha256, content, reason, asked_by, asked_at, author, at, papers is not null from inventory_snapshots";

    /// <summary>The latest first, without their content; null where there is no such period.</summary>
    public async Task<IReadOnlyList<InventorySnapshot>?> ListAsync(Guid periodId, CancellationToken cancellationToken)
    {
        user.Require(Permissions.ActivityDataRead);
        await using var unit = await database.OpenAsync(cancellationToken);
        return await Editing.FindAsync<ReportingPeriod>(unit, periodId, cancellationToken) is null ? null : await ListAsync(unit, periodId, cancellationToken);
    }

    /// <summary>Null where there is no such snapshot.</summary>
    public async Task<InventorySnapshot?> FindAsync(Guid periodId, int number, CancellationToken cancellationToken)
    {
        user.Require(Permissions.ActivityDataRead);
        await using var unit = await database.OpenAsync(cancellationToken);
        return await FindAsync(unit, periodId, number, cancellationToken);
    }

    /// <summary>What a later snapshot, or the ledger as it is, says otherwise than a snapshot.</summary>
    /// <param name="from">As reported.</param>
    /// <param name="to">As restated: a number; null for the ledger as it is now.</param>
    public async Task<SnapshotComparison> CompareAsync(Guid periodId, int from, int? to, CancellationToken cancellationToken)
    {
        user.Require(Permissions.ActivityDataRead);
        await using var unit = await database.OpenAsync(cancellationToken);
        if (await Editing.FindAsync<ReportingPeriod>(unit, periodId, cancellationToken) is not { } period || await FindAsync(unit, periodId, from, cancellationToken) is not { } reported)
        {
            return new SnapshotComparison.Missing();
        }

        if (to is { } number)
        {
            return await FindAsync(unit, periodId, number, cancellationToken) is { } restated
                ? new SnapshotComparison.Done(SnapshotDifference.Of(reported.Number, reported.Content, number, restated.Content)) : new SnapshotComparison.Missing();
        }

        var now = await builder.BuildAsync(unit, period, null, cancellationToken);
        return new SnapshotComparison.Done(SnapshotDifference.Of(reported.Number, reported.Content, null, now.Text));
    }

    internal static Task<List<InventorySnapshot>> ListAsync(TenantUnit unit, Guid periodId, CancellationToken cancellationToken) => unit.Connection.ListAsync(
        $"{Columns.Replace("content", "''", StringComparison.Ordinal)} where period_id = $1 order by number desc", Read, cancellationToken, periodId);

    internal static async Task<InventorySnapshot?> FindAsync(TenantUnit unit, Guid periodId, int number, CancellationToken cancellationToken) =>
        (await unit.Connection.ListAsync($"{Columns} where period_id = $1 and number = $2", Read, cancellationToken, periodId, number)).SingleOrDefault();

    /// <param name="papers">As <see cref="Assurance.SnapshotPapers"/> writes them.</param>
    internal static async Task AddAsync(TenantUnit unit, InventorySnapshot snapshot, string papers, Guid? askedById, CancellationToken cancellationToken) => await unit.Connection.ExecuteAsync(
        """
        insert into inventory_snapshots (id, tenant_id, period_id, number, approach, ledger_number, content, sha256, reason, asked_by_id, asked_by, asked_at, author_id, author, at, papers)
        values ($1, current_tenant(), $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15::jsonb)
        """,
        cancellationToken, snapshot.Id, snapshot.PeriodId, snapshot.Number, snapshot.Approach, snapshot.LedgerNumber, snapshot.Content, snapshot.Sha256, snapshot.Reason, Sql.Uuid(askedById),
        snapshot.AskedBy, snapshot.AskedAt, Sql.Uuid(unit.Actor.Id), snapshot.Author, snapshot.At, Sql.Text(papers));

    private static InventorySnapshot Read(NpgsqlDataReader row) => new(
        row.GetGuid(0), row.GetGuid(1), row.GetInt32(2), row.GetString(3), row.GetInt64(4), row.GetString(5), row.GetString(6), row.GetString(7), row.GetString(8),
        row.GetFieldValue<DateTimeOffset>(9), row.GetString(10), row.GetFieldValue<DateTimeOffset>(11), row.GetBoolean(12));
}
