using Npgsql;
using NpgsqlTypes;
using OffGridFlow.Core.Imports;

namespace OffGridFlow.Infrastructure.Persistence.PostgreSql;

/// <summary>
/// Binary <c>COPY</c> of usage lines under the loader role. The tenant is the transaction's: the role cannot write the column.
/// Nothing is there until <see cref="Complete"/>.
/// </summary>
internal sealed class UsageLineCopy : IDisposable
{
    private readonly NpgsqlConnection _connection;
    private readonly NpgsqlTransaction _transaction;
    private readonly NpgsqlBinaryImporter _importer;

    public UsageLineCopy(Database database, Guid tenantId)
    {
        _connection = database.Loader.OpenConnection();
        _transaction = _connection.BeginTransaction();
        using (var tenant = _connection.Command("select set_config('offgridflow.tenant_id', $1, true)", tenantId.ToString()))
        {
            tenant.ExecuteNonQuery();
        }

        _importer = _connection.BeginBinaryImport(
            """
            copy usage_lines (billing_month, batch_number, line, kind_id, is_usage, amount, cost, start_at, end_at, line_id, resource, tags)
            from stdin (format binary)
            """);
        _importer.Timeout = TimeSpan.Zero;
    }

    /// <param name="line">Amount and cost with at most 12 decimals.</param>
    public void Write(in BillLine line, long batchNumber, int kindNumber)
    {
        _importer.StartRow();
        _importer.Write(line.BillingMonth, NpgsqlDbType.Date);
        _importer.Write(batchNumber, NpgsqlDbType.Bigint);
        _importer.Write(line.Line, NpgsqlDbType.Bigint);
        _importer.Write(kindNumber, NpgsqlDbType.Integer);
        _importer.Write(line.Charge == ChargeKind.Usage, NpgsqlDbType.Boolean);
        if (line.Amount is { } amount)
        {
            _importer.Write(amount, NpgsqlDbType.Numeric);
        }
        else
        {
            _importer.WriteNull();
        }

        _importer.Write(line.Cost, NpgsqlDbType.Numeric);
        _importer.Write(line.Start, NpgsqlDbType.TimestampTz);
        if (line.End is { } end)
        {
            _importer.Write(end, NpgsqlDbType.TimestampTz);
        }
        else
        {
            _importer.WriteNull();
        }

        if (line.LineId is { } lineId)
        {
            _importer.Write(lineId, NpgsqlDbType.Bigint);
        }
        else
        {
            _importer.WriteNull();
        }

        WriteText(line.Resource, NpgsqlDbType.Text);
        WriteText(line.Tags, NpgsqlDbType.Jsonb);
    }

    public void Complete()
    {
        _importer.Complete();
        _importer.Dispose();
        _transaction.Commit();
    }

    public void Dispose()
    {
        _importer.Dispose();
        _transaction.Dispose();
        _connection.Dispose();
    }

    private void WriteText(string? text, NpgsqlDbType type)
    {
        if (text is null)
        {
            _importer.WriteNull();
        }
        else
        {
            _importer.Write(text, type);
        }
    }
}
