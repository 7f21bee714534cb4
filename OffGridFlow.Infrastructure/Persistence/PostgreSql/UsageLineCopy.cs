using Npgsql;
using OffGridFlow.Core.Imports;

namespace OffGridFlow.Infrastructure.Persistence.PostgreSql;

/// <summary>
/// Binary <c>COPY</c> of usage lines under the loader role. The tenant is the transaction's: the role cannot write the column.
/// Nothing is there until <see cref="Complete"/>.
/// </summary>
internal sealed class UsageLineCopy : IDisposable
{
    private const short Columns = 12;
    private const int SendAt = 1 << 18;

    private readonly BinaryCopyBuffer _buffer = new(SendAt + (1 << 16));
    private readonly NpgsqlConnection _connection;
    private readonly NpgsqlTransaction _transaction;
    private readonly NpgsqlRawCopyStream _stream;
    private bool _completed;

    public UsageLineCopy(Database database, Guid tenantId)
    {
        _connection = database.Loader.OpenConnection();
        _transaction = _connection.BeginTransaction();
        using (var tenant = _connection.Command("select set_config('offgridflow.tenant_id', $1, true)", tenantId.ToString()))
        {
            tenant.ExecuteNonQuery();
        }

        _stream = _connection.BeginRawBinaryCopy(
            """
            copy usage_lines (billing_month, batch_number, line, kind_id, is_usage, amount, cost, start_at, end_at, line_id, resource, tags)
            from stdin (format binary)
            """);
        _stream.WriteTimeout = Timeout.Infinite;
        _buffer.Header();
    }

    /// <param name="line">Amount and cost with at most 12 decimals.</param>
    public void Write(in BillLine line, long batchNumber, int kindNumber)
    {
        Write(_buffer, line, batchNumber, kindNumber);
        if (_buffer.Length >= SendAt)
        {
            Send();
        }
    }

    internal static void Write(BinaryCopyBuffer buffer, in BillLine line, long batchNumber, int kindNumber)
    {
        buffer.Row(Columns);
        buffer.Date(line.BillingMonth);
        buffer.Bigint(batchNumber);
        buffer.Bigint(line.Line);
        buffer.Integer(kindNumber);
        buffer.Boolean(line.Charge == ChargeKind.Usage);
        buffer.Numeric(line.Amount);
        buffer.Numeric(line.Cost);
        buffer.TimestampTz(line.Start);
        if (line.End is { } end)
        {
            buffer.TimestampTz(end);
        }
        else
        {
            buffer.Null();
        }

        buffer.Bigint(line.LineId);
        buffer.Text(line.Resource);
        if (line.Tags is { } tags)
        {
            buffer.Jsonb(tags);
        }
        else
        {
            buffer.Null();
        }
    }

    public void Complete()
    {
        _buffer.Trailer();
        Send();
        _completed = true;
        _stream.Dispose();
        _transaction.Commit();
    }

    public void Dispose()
    {
        try
        {
            if (!_completed)
            {
                _stream.Cancel();
            }

            _stream.Dispose();
        }
        catch (Exception exception) when (exception is NpgsqlException or InvalidOperationException or IOException)
        {
            // The connection is lost, and the COPY with it. Why, the failed write says; this must not take its place, nor keep the connection.
        }

        _transaction.Dispose();
        _connection.Dispose();
    }

    private void Send()
    {
        _stream.Write(_buffer.Written);
        _buffer.Clear();
    }
}
