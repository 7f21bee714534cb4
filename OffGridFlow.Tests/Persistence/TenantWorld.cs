using System.Globalization;
using Npgsql;
using OffGridFlow.Infrastructure.Persistence;
using OffGridFlow.Infrastructure.Persistence.PostgreSql;

namespace OffGridFlow.Tests.Persistence;

/// <summary>A migrated database in which two tenants have a row in every table that knows tenants, whatever tables there are.</summary>
public sealed class TenantWorld(PostgresFixture postgres) : IAsyncLifetime
{
    /// <summary>Every partitioned or plain table with a <c>tenant_id</c>, partitions left out: they are asked through their parent.</summary>
    public const string OwnedTables =
        """
        select c.relname from pg_class c join pg_attribute a on a.attrelid = c.oid
        where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and not c.relispartition
          and a.attname = 'tenant_id' and not a.attisdropped
        order by 1
        """;

    public static readonly DateOnly Month = new(2024, 3, 1);

    public Database Database { get; private set; } = null!;

    public string ConnectionString { get; private set; } = "";

    public Guid First { get; } = Guid.CreateVersion7();

    public Guid Second { get; } = Guid.CreateVersion7();

    public IReadOnlyList<string> Tables { get; private set; } = [];

    public async ValueTask InitializeAsync()
    {
        ConnectionString = await postgres.CreateDatabaseAsync();
        Database = new Database(ConnectionString);
        await using var owner = await Database.Owner.OpenConnectionAsync(TestContext.Current.CancellationToken);
        Tables = await owner.ListAsync(OwnedTables, row => row.GetString(0), TestContext.Current.CancellationToken);
        await owner.ExecuteAsync("select create_usage_partition($1)", TestContext.Current.CancellationToken, Month);
        // Foreign keys rest, so that each table takes a row of made-up values.
        await owner.ExecuteAsync("set session_replication_role = replica", TestContext.Current.CancellationToken);
        foreach (var tenant in new[] { First, Second })
        {
            foreach (var table in Tables)
            {
                await InsertAsync(owner, table, tenant);
            }
        }

        await owner.ExecuteAsync("set session_replication_role = origin", TestContext.Current.CancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        await Database.DisposeAsync();
        await postgres.DropDatabaseAsync(ConnectionString);
    }

    /// <summary>Runs as the application role inside a transaction that names the tenant; nothing stays.</summary>
    public async Task<T> AsAppAsync<T>(Guid? tenant, Func<NpgsqlConnection, Task<T>> work)
    {
        await using var connection = await Database.App.OpenConnectionAsync(TestContext.Current.CancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(TestContext.Current.CancellationToken);
        if (tenant is not null)
        {
            await connection.ExecuteAsync("select set_config('offgridflow.tenant_id', $1, true)", TestContext.Current.CancellationToken, tenant.Value.ToString());
        }

        return await work(connection);
    }

    /// <summary>How the statement ended: the SQL state of the refusal, or the number of rows it touched.</summary>
    public static async Task<string> TryAsync(NpgsqlConnection connection, string sql)
    {
        try
        {
            await connection.ExecuteAsync("savepoint before", TestContext.Current.CancellationToken);
            return (await connection.ExecuteAsync(sql, TestContext.Current.CancellationToken)).ToString(CultureInfo.InvariantCulture);
        }
        catch (PostgresException exception)
        {
            await connection.ExecuteAsync("rollback to before", TestContext.Current.CancellationToken);
            return exception.SqlState;
        }
    }

    /// <summary>An insert with a value that fits for each column that needs one.</summary>
    public static async Task<string> InsertStatementAsync(NpgsqlConnection connection, string table, Guid tenant)
    {
        var columns = await connection.ListAsync(
            """
            select column_name, data_type, character_maximum_length::int from information_schema.columns
            where table_schema = 'public' and table_name = $1 and is_identity = 'NO' and is_generated = 'NEVER' and (is_nullable = 'NO' or column_name = 'tenant_id')
            order by ordinal_position
            """,
            row => (Name: row.GetString(0), Type: row.GetString(1), Length: row.Optional<int>(2)), TestContext.Current.CancellationToken, table);
        var values = columns.Select(column => column.Name == "tenant_id" ? $"'{tenant}'" : ValueOf(column.Name, column.Type, column.Length));
        return $"insert into {table} ({string.Join(", ", columns.Select(column => column.Name))}) values ({string.Join(", ", values)})";
    }

    private static async Task InsertAsync(NpgsqlConnection owner, string table, Guid tenant) =>
        await owner.ExecuteAsync(await InsertStatementAsync(owner, table, tenant), TestContext.Current.CancellationToken);

    private static string ValueOf(string column, string type, int? length) => type switch
    {
        "uuid" => $"'{Guid.CreateVersion7()}'",
        "date" => string.Create(CultureInfo.InvariantCulture, $"'{Month:yyyy-MM-dd}'"),
        "timestamp with time zone" => "now()",
        "jsonb" => "'{}'",
        "ARRAY" => "'{}'",
        "boolean" => "true",
        "bytea" => $"'\\x{Guid.NewGuid():N}'",
        "smallint" or "integer" or "bigint" => Random.Shared.Next(1, int.MaxValue).ToString(CultureInfo.InvariantCulture),
        "numeric" => "1.5",
        "character" or "character varying" or "text" => column == "state" ? "'Current'" : $"'{Guid.NewGuid().ToString()[..Math.Min(8, length ?? 8)]}'",
        _ => throw new InvalidOperationException($"Add a value for columns of type {type}, so that the walls are tested for {column} too."),
    };
}
