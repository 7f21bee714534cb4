using Npgsql;
using OffGridFlow.Infrastructure.Persistence;
using OffGridFlow.Infrastructure.Persistence.PostgreSql;

namespace OffGridFlow.Infrastructure.Calculation.Runs;

/// <summary>Batches of rows by binary <c>COPY</c> under the loader role, which may not name a tenant. Not for two threads.</summary>
internal sealed class RunCopy(int capacity)
{
    public BinaryCopyBuffer Rows { get; } = new(capacity);

    /// <summary>Makes room for a batch; what a batch before it held is forgotten.</summary>
    public void Begin()
    {
        Rows.Clear();
        Rows.Header();
    }

    /// <summary>One transaction: all of the batch is there, or nothing.</summary>
    public async Task WriteAsync(Database database, Guid tenantId, string statement, CancellationToken cancellationToken)
    {
        Rows.Trailer();
        await using var connection = await database.Loader.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        // The commit that shows the difference, or lets the run be decided, comes later and makes these durable with it; a run that breaks off before begins anew.
        await connection.ExecuteAsync(
            "select set_config('offgridflow.tenant_id', $1, true), set_config('synchronous_commit', 'off', true)", cancellationToken, tenantId.ToString());
        await SendAsync(connection, statement, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
    }

    private async Task SendAsync(NpgsqlConnection connection, string statement, CancellationToken cancellationToken)
    {
        await using var stream = await connection.BeginRawBinaryCopyAsync(statement, cancellationToken);
        stream.WriteTimeout = Timeout.Infinite;
        stream.Write(Rows.Written);
    }
}
