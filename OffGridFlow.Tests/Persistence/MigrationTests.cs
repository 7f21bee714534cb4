using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using OffGridFlow.Infrastructure.Persistence;
using OffGridFlow.Infrastructure.Persistence.PostgreSql;

namespace OffGridFlow.Tests.Persistence;

public sealed class MigrationTests(PostgresFixture postgres) : IAsyncLifetime
{
    /// <summary>Everything of ours that the catalog holds, with columns, rights, policies and bodies (the script indents those): two equal texts are two equal schemas.</summary>
    private const string Schema =
        """
        select string_agg(line, E'\n' order by line) from (
          select format('%s.%s %s %s %s', table_name, column_name, data_type, is_nullable, column_default) from information_schema.columns where table_schema = 'public'
          union all select format('right %s %s %s', c.relname, c.relacl, c.relrowsecurity) from pg_class c where relnamespace = 'public'::regnamespace and relname !~ '^__EF'
          union all select format('policy %s %s %s', polrelid::regclass, pg_get_expr(polqual, polrelid), pg_get_expr(polwithcheck, polrelid)) from pg_policy
          union all select format('function %s %s %s', oid::regprocedure, proacl, md5(regexp_replace(prosrc, '\s+', ' ', 'g'))) from pg_proc where pronamespace = 'public'::regnamespace
          union all select format('constraint %s %s', conname, pg_get_constraintdef(oid)) from pg_constraint where connamespace = 'public'::regnamespace
          union all select format('type %s', typname) from pg_type where typnamespace = 'public'::regnamespace
        ) as lines (line)
        """;

    private string _connectionString = "";
    private Database _database = null!;

    public async ValueTask InitializeAsync()
    {
        _connectionString = await postgres.CreateDatabaseAsync("template1");
        _database = new Database(_connectionString);
    }

    public async ValueTask DisposeAsync()
    {
        await _database.DisposeAsync();
        await postgres.DropDatabaseAsync(_connectionString);
    }

    [Fact]
    public async Task Migrate_UpDownAndUpAgain_GivesTheSameSchema()
    {
        var migrator = Migrator(_database);
        await migrator.MigrateAsync(null, TestContext.Current.CancellationToken);
        var first = await SchemaAsync();
        // A database in use has partitions, which no migration made.
        await RunAsync("select create_usage_partition('2024-03-01')");

        await migrator.MigrateDownAsync(int.MaxValue, TestContext.Current.CancellationToken);
        var empty = await SchemaAsync();
        await migrator.MigrateAsync(null, TestContext.Current.CancellationToken);

        empty.Split('\n').Where(line => !line.Contains("__EF", StringComparison.Ordinal)).ShouldBeEmpty();
        (await SchemaAsync()).Split('\n').ShouldBe(first.Split('\n'));
    }

    [Fact]
    public async Task Migrate_ByTwoAtOnce_DoesItOnce()
    {
        await using var other = new Database(_connectionString);

        await Task.WhenAll(
            Migrator(_database).MigrateAsync(null, TestContext.Current.CancellationToken), Migrator(other).MigrateAsync(null, TestContext.Current.CancellationToken));

        (await SchemaAsync()).ShouldContain("function claim_job");
    }

    [Fact]
    public async Task Script_RunTwice_GivesTheSchemaOfTheMigrator()
    {
        var script = Migrator(_database).Script();
        await RunAsync(script);
        await RunAsync(script);
        var scripted = await SchemaAsync();

        await Migrator(_database).MigrateDownAsync(int.MaxValue, TestContext.Current.CancellationToken);
        await Migrator(_database).MigrateAsync(null, TestContext.Current.CancellationToken);

        var migrated = await SchemaAsync();
        scripted.Split('\n').Except(migrated.Split('\n')).ShouldBeEmpty();
        migrated.Split('\n').Except(scripted.Split('\n')).ShouldBeEmpty();
    }

    private static DatabaseMigrator Migrator(Database database) => new(database, NullLogger<DatabaseMigrator>.Instance);

    private async Task<string> SchemaAsync()
    {
        await using var connection = await _database.Owner.OpenConnectionAsync(TestContext.Current.CancellationToken);
        return await connection.ScalarAsync<string>(Schema, TestContext.Current.CancellationToken) ?? "";
    }

    private async Task RunAsync(string sql)
    {
        // A connection of its own, without parameters: as psql would send it.
        await using var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(_connectionString) { Pooling = false }.ConnectionString);
        await connection.OpenAsync(TestContext.Current.CancellationToken);
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
    }
}
