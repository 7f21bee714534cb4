using System.Globalization;
using Npgsql;

namespace OffGridFlow.Tests.Imports;

/// <summary>What the database holds for one tenant, read under the owner's login past every wall and query of the product.</summary>
internal sealed class Ledger(string connectionString, Guid tenant)
{
    public Guid Tenant { get; } = tenant;

    /// <summary>All monthly totals, every column, in order: equal lists are equal ledgers.</summary>
    public Task<List<string>> MonthlyTotalsAsync() => TextsAsync("select t::text from monthly_totals t where tenant_id = $1 order by 1");

    /// <summary>Activities that count now, with their versions and the ids of their results.</summary>
    public Task<List<string>> CurrentActivitiesAsync() => TextsAsync(
        """
        select concat_ws(' ', a.key, a.version, a.id, e.id) from activity_records a
        join emission_records e on e.activity_id = a.id join emission_intervals i on i.activity_id = e.activity_id and i.proposal_id is not distinct from e.proposal_id
        where a.tenant_id = $1 and i.to_sequence is null order by 1
        """);

    public Task<List<string>> AuditAsync(string subject) => TextsAsync(
        "select action from audit_entries where tenant_id = $1 and subject = $2 order by id", subject);

    /// <summary>Usage lines whatever their batch's state.</summary>
    public Task<long> UsageLinesAsync() => ScalarAsync<long>("select count(*) from usage_lines where tenant_id = $1");

    public Task<long> CountAsync(string table, string condition = "true") =>
        ScalarAsync<long>($"select count(*) from {table} where tenant_id = $1 and {condition}");

    public async Task<T> ScalarAsync<T>(string sql, params object[] more)
    {
        await using var connection = new NpgsqlConnection(connectionString);
        await using var command = await OpenAsync(connection, sql, more);
        return (T)(await command.ExecuteScalarAsync(TestContext.Current.CancellationToken))!;
    }

    public async Task<int> ExecuteAsync(string sql, params object[] more)
    {
        await using var connection = new NpgsqlConnection(connectionString);
        await using var command = await OpenAsync(connection, sql, more);
        return await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
    }

    public Task<List<string>> TextsAsync(string sql, params object[] more) => ListAsync(sql, row => row.GetString(0), more);

    public async Task<List<T>> ListAsync<T>(string sql, Func<NpgsqlDataReader, T> read, params object[] more)
    {
        await using var connection = new NpgsqlConnection(connectionString);
        await using var command = await OpenAsync(connection, sql, more);
        await using var reader = await command.ExecuteReaderAsync(TestContext.Current.CancellationToken);
        var rows = new List<T>();
        while (await reader.ReadAsync(TestContext.Current.CancellationToken))
            rows.Add(read(reader));
        return rows;
    }

    private async Task<NpgsqlCommand> OpenAsync(NpgsqlConnection connection, string sql, object[] more)
    {
        await connection.OpenAsync(TestContext.Current.CancellationToken);
        var command = new NpgsqlCommand(sql, connection);
        if (sql.Contains("$1", StringComparison.Ordinal))
            command.Parameters.Add(new() { Value = Tenant });
        foreach (var value in more)
            command.Parameters.Add(new() { Value = value });
        return command;
    }

    public static string Text(decimal value) => value.ToString("0.############################", CultureInfo.InvariantCulture);
}
