using System.Globalization;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using OffGridFlow.Infrastructure.Persistence.Embedded;
using OffGridFlow.Tests.Persistence;

[assembly: AssemblyFixture(typeof(PostgresFixture))]

namespace OffGridFlow.Tests.Persistence;

/// <summary>
/// One server per test run, one database per test class. The server starts with the first database asked for, so a run of unit tests
/// alone pays nothing. <c>OFFGRIDFLOW_TEST_DATABASE</c> (a connection string whose user may create databases) points the suite at another server.
/// </summary>
public sealed class PostgresFixture : IAsyncLifetime
{
    private readonly SemaphoreSlim gate = new(1, 1);
    private readonly List<string> created = [];
    private readonly string prefix = "test_" + Guid.NewGuid().ToString("N")[..8];
    private readonly string folder = Path.Combine(Shelf(), "offgridflow-tests-" + Guid.NewGuid().ToString("N")[..8]);
    private EmbeddedPostgres? server;
    private string? administrator;
    private string? prepared;
    private int number;

    /// <summary>Fills the database that all others are copied from (migrations, reference data); called once, before the first copy.</summary>
    public static Func<string, Task>? PrepareTemplate { get; set; }

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    /// <summary>A fresh database, a copy of <paramref name="template"/> or, for null, of the prepared one; dropped at the end of the run at the latest.</summary>
    /// <returns>Its connection string.</returns>
    public async Task<string> CreateDatabaseAsync(string? template = null)
    {
        // Copies of one template are made one after the other: PostgreSQL allows nobody in it meanwhile.
        await gate.WaitAsync(TestContext.Current.CancellationToken);
        try
        {
            return await CreateAsync(template ?? await PreparedAsync());
        }
        finally
        {
            gate.Release();
        }
    }

    /// <summary>For a test class that is done with its database; connections still open to it are ended.</summary>
    public async Task DropDatabaseAsync(string connectionString)
    {
        var name = new NpgsqlConnectionStringBuilder(connectionString).Database!;
        await ClearPoolAsync(connectionString);
        await ExecuteAsync($"DROP DATABASE IF EXISTS {name} WITH (FORCE)");
        lock (created) created.Remove(connectionString);
    }

    public async ValueTask DisposeAsync()
    {
        if (server is null)
        {
            List<string> left;
            lock (created) left = [.. created];
            left.Reverse();
            foreach (var connectionString in left) await DropDatabaseAsync(connectionString);
        }
        else
        {
            await server.DisposeAsync();
        }
        // The databases of our own server go with it; a start that failed leaves a folder too.
        if (Directory.Exists(folder)) Directory.Delete(folder, recursive: true);
        gate.Dispose();
    }

    /// <summary>In memory where there is plenty of it: each database is a thousand files, made and deleted again.</summary>
    private static string Shelf()
    {
        const string memory = "/dev/shm";
        const long gibibyte = 1L << 30;
        return OperatingSystem.IsLinux() && Directory.Exists(memory) && new DriveInfo(memory).AvailableFreeSpace > 6 * gibibyte
            && GC.GetGCMemoryInfo().TotalAvailableMemoryBytes > 12 * gibibyte ? memory : Path.GetTempPath();
    }

    private async Task<string> PreparedAsync()
    {
        if (prepared is not null) return prepared;
        if (PrepareTemplate is null) return prepared = "template1";
        var connectionString = await CreateAsync("template1");
        await PrepareTemplate(connectionString);
        // A database somebody is connected to cannot be copied.
        await ClearPoolAsync(connectionString);
        return prepared = new NpgsqlConnectionStringBuilder(connectionString).Database!;
    }

    private async Task<string> CreateAsync(string template)
    {
        administrator ??= await StartAsync();
        var name = string.Create(CultureInfo.InvariantCulture, $"{prefix}_{++number}");
        // Its files as they are: by way of the log each page would be written twice.
        await ExecuteAsync($"CREATE DATABASE {name} TEMPLATE {template} STRATEGY file_copy");
        var connectionString = new NpgsqlConnectionStringBuilder(administrator) { Database = name, Pooling = true, IncludeErrorDetail = true }.ConnectionString;
        lock (created) created.Add(connectionString);
        return connectionString;
    }

    private async Task<string> StartAsync()
    {
        if (Environment.GetEnvironmentVariable("OFFGRIDFLOW_TEST_DATABASE") is { Length: > 0 } given)
            return new NpgsqlConnectionStringBuilder(given) { Pooling = false }.ConnectionString;
        var options = new EmbeddedPostgresOptions { DataDirectory = folder, FastUnsafe = true };
        server = await EmbeddedPostgres.StartAsync(options, NullLogger.Instance, CancellationToken.None);
        return new NpgsqlConnectionStringBuilder(server.ConnectionString) { Database = "postgres", Pooling = false }.ConnectionString;
    }

    private async Task ExecuteAsync(string sql)
    {
        await using var connection = new NpgsqlConnection(administrator);
        await connection.OpenAsync(CancellationToken.None);
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(CancellationToken.None);
    }

    private static async Task ClearPoolAsync(string connectionString)
    {
        await using var connection = new NpgsqlConnection(connectionString);
        NpgsqlConnection.ClearPool(connection);
    }
}
