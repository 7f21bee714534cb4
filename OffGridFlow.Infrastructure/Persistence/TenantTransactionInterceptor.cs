using System.Data.Common;
using Microsoft.EntityFrameworkCore.Diagnostics;

namespace OffGridFlow.Infrastructure.Persistence;

/// <summary>
/// Names the tenant to the database at the start of each transaction, for that transaction only. Row-level security compares with it,
/// so that a query outside a transaction, or of a context without tenant, sees no row.
/// </summary>
internal sealed class TenantTransactionInterceptor : DbTransactionInterceptor
{
    public override DbTransaction TransactionStarted(DbConnection connection, TransactionEndEventData eventData, DbTransaction result)
    {
        using var command = Command(connection, result, eventData);
        command?.ExecuteNonQuery();
        return result;
    }

    public override async ValueTask<DbTransaction> TransactionStartedAsync(
        DbConnection connection, TransactionEndEventData eventData, DbTransaction result, CancellationToken cancellationToken = default)
    {
        await using var command = Command(connection, result, eventData);
        if (command is not null)
        {
            await command.ExecuteNonQueryAsync(cancellationToken);
        }

        return result;
    }

    private static DbCommand? Command(DbConnection connection, DbTransaction transaction, TransactionEndEventData eventData)
    {
        if (eventData.Context is not OffGridFlowDbContext { TenantId: { } tenantId })
        {
            return null;
        }

        var command = connection.CreateCommand();
        command.Transaction = transaction;
        command.CommandText = "select set_config('offgridflow.tenant_id', $1, true)";
        command.Parameters.Add(new Npgsql.NpgsqlParameter { Value = tenantId.ToString() });
        return command;
    }
}
