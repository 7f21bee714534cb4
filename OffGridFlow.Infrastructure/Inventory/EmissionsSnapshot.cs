using System.Data;
using System.Runtime.CompilerServices;
using OffGridFlow.Core.Identity;
using OffGridFlow.Infrastructure.Persistence;
using OffGridFlow.Infrastructure.Persistence.PostgreSql;

namespace OffGridFlow.Infrastructure.Inventory;

/// <summary>A row of the ledger with what an export shows of it beyond <see cref="EmissionRow"/>.</summary>
/// <param name="DefaultedKgCo2e">The part of the mass in which a default stood in for a specific coefficient, kg CO2e.</param>
internal sealed record LedgerRow(EmissionRow Emission, long LineCount, string? FactorId, decimal DefaultedKgCo2e);

/// <param name="IsDemo">True for the fictional company, whose figures are marked wherever they are shown.</param>
/// <param name="FirstMonth">Null when there are no activities.</param>
/// <param name="MethodVersions">Of the rows, sorted.</param>
internal sealed record SnapshotFacts(string Company, bool IsDemo, DateOnly? FirstMonth, DateOnly? LastMonth, IReadOnlyList<string> MethodVersions);

/// <summary>
/// One state of the ledger, held while it is read: totals and rows agree however long the reading takes and whatever is published meanwhile.
/// Holds a connection; dispose it.
/// </summary>
internal sealed class EmissionsSnapshot(TenantUnit unit, EmissionsFilter filter, SnapshotFacts facts, EmissionsSummary summary) : IAsyncDisposable
{
    public SnapshotFacts Facts => facts;

    public EmissionsSummary Summary => summary;

    /// <summary>
    /// All rows, in the order in which the explorer lists them. Memory does not grow with them.
    /// Who leaves half way ends the snapshot: the cancelled statement may have aborted its transaction.
    /// </summary>
    public async IAsyncEnumerable<LedgerRow> ReadRowsAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var parameters = new List<object?>();
        var where = EmissionsQueries.Where(filter, "a", parameters);
        await using var command = unit.Connection.Command(
            $"""
            {EmissionsQueries.EmissionColumns}, a.line_count, coalesce(e.factor_id, e.grid_factor_id), e.defaulted_kg_co2e
            {EmissionsQueries.CurrentRows} and {where}
            order by {EmissionsQueries.OrderBy(filter.Order ?? EmissionsQueries.NewestFirst)}
            """,
            [.. parameters]);
        command.CommandTimeout = EmissionsSnapshots.TimeoutSeconds;
        var ended = false;
        await using var reader = await command.ExecuteReaderAsync(CommandBehavior.SequentialAccess, cancellationToken);
        try
        {
            while (await reader.ReadAsync(cancellationToken))
            {
                var emission = EmissionsQueries.ReadEmission(reader);
                yield return new LedgerRow(
                    emission, reader.GetInt64(EmissionsQueries.EmissionColumnCount), reader.OptionalText(EmissionsQueries.EmissionColumnCount + 1),
                    reader.GetDecimal(EmissionsQueries.EmissionColumnCount + 2));
            }

            ended = true;
        }
        finally
        {
            if (!ended)
            {
                // Else the reader would fetch all the other rows before it closes.
                command.Cancel();
            }
        }
    }

    public ValueTask DisposeAsync() => unit.DisposeAsync();
}

internal sealed class EmissionsSnapshots(TenantDatabase database, CurrentUser user)
{
    /// <summary>For one answer of the database: sorting some million rows takes its time.</summary>
    internal const int TimeoutSeconds = 300;

    public async Task<EmissionsSnapshot> OpenAsync(
        EmissionsFilter filter, IReadOnlyList<EmissionsDimension> groupBy, CancellationToken cancellationToken)
    {
        user.Require(Permissions.DashboardsRead);
        var unit = await database.OpenAsync(IsolationLevel.RepeatableRead, cancellationToken);
        try
        {
            var summary = await EmissionsQueries.SummarizeAsync(unit, filter, groupBy, cancellationToken);
            return new EmissionsSnapshot(unit, filter, await FactsAsync(unit, filter, cancellationToken), summary);
        }
        catch
        {
            await unit.DisposeAsync();
            throw;
        }
    }

    /// <summary>Writes down, before anything leaves, who takes which rows.</summary>
    /// <param name="details">What it was, written as JSON.</param>
    public async Task RecordExportAsync(object details, CancellationToken cancellationToken)
    {
        user.Require(Permissions.DashboardsRead);
        await using var unit = await database.OpenAsync(cancellationToken);
        unit.Audit("emissions.exported", "emissions", details);
        await unit.CommitAsync(cancellationToken);
    }

    private static async Task<SnapshotFacts> FactsAsync(TenantUnit unit, EmissionsFilter filter, CancellationToken cancellationToken)
    {
        var parameters = new List<object?>();
        var where = EmissionsQueries.Where(filter, "a", parameters);
        await using var command = unit.Connection.Command(
            $"""
            select (select name from tenants where id = current_tenant()), (select is_demo from tenants where id = current_tenant()), min(e.month), max(e.month),
              array_agg(distinct e.method_version order by e.method_version)
            {EmissionsQueries.CurrentRows} and {where}
            """,
            [.. parameters]);
        command.CommandTimeout = TimeoutSeconds;
        await using var row = await command.ExecuteReaderAsync(cancellationToken);
        await row.ReadAsync(cancellationToken);
        return new SnapshotFacts(
            row.GetString(0), row.GetBoolean(1), row.Optional<DateOnly>(2), row.Optional<DateOnly>(3), row.IsDBNull(4) ? [] : row.GetFieldValue<string[]>(4));
    }
}
