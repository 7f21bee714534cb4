using Npgsql;

namespace OffGridFlow.Tests.Persistence;

public sealed class PostgresFixtureTests(PostgresFixture fixture)
{
    [Fact]
    public async Task CreateDatabaseAsync_FromATemplate_GivesACopyOfItsOwn()
    {
        var original = await fixture.CreateDatabaseAsync("template1");
        await RunAsync(original, "CREATE TABLE filled AS SELECT 1 AS value");

        var copy = await fixture.CreateDatabaseAsync(new NpgsqlConnectionStringBuilder(original).Database);

        await RunAsync(copy, "DELETE FROM filled");
        (await RunAsync(original, "SELECT count(*) FROM filled")).ShouldBe(1L);
        await fixture.DropDatabaseAsync(copy);
        await fixture.DropDatabaseAsync(original);
        (await Should.ThrowAsync<PostgresException>(() => RunAsync(copy, "SELECT 1"))).SqlState.ShouldBe(PostgresErrorCodes.InvalidCatalogName);
    }

    private static async Task<object?> RunAsync(string connectionString, string sql)
    {
        await using var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(connectionString) { Pooling = false }.ConnectionString);
        await connection.OpenAsync(TestContext.Current.CancellationToken);
        await using var command = new NpgsqlCommand(sql, connection);
        return await command.ExecuteScalarAsync(TestContext.Current.CancellationToken);
    }
}
