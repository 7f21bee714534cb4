using Npgsql;

namespace OffGridFlow.Tests.Jobs;

/// <summary>Holds a table, so that who writes to it stands still until it is released or cancelled: of usage kinds, the load of a bill with a new kind at its first lines.</summary>
internal sealed class HeldTable(NpgsqlConnection connection, NpgsqlTransaction transaction) : IAsyncDisposable
{
    public static async Task<HeldTable> TakeAsync(string connectionString, string table = "usage_kinds", string mode = "share")
    {
        var connection = new NpgsqlConnection(connectionString);
        await connection.OpenAsync(TestContext.Current.CancellationToken);
        var transaction = await connection.BeginTransactionAsync(TestContext.Current.CancellationToken);
        await using var hold = new NpgsqlCommand($"lock table {table} in {mode} mode", connection, transaction);
        await hold.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
        return new HeldTable(connection, transaction);
    }

    public Task ReleaseAsync() => transaction.RollbackAsync(TestContext.Current.CancellationToken);

    public async ValueTask DisposeAsync()
    {
        await transaction.DisposeAsync();
        await connection.DisposeAsync();
    }
}
