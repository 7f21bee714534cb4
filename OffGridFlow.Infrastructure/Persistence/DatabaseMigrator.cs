using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace OffGridFlow.Infrastructure.Persistence;

/// <summary>Brings the database to the version of the program. Several processes may start at once: one migrates, the others wait.</summary>
public sealed partial class DatabaseMigrator(Database database, ILogger<DatabaseMigrator> logger)
{
    private const long LockKey = 0x0FF6_41D_F10;

    /// <param name="target">Name of a migration, <c>0</c> for an empty database, or null for the newest.</param>
    public async Task MigrateAsync(string? target, CancellationToken cancellationToken)
    {
        await using var guard = await database.Owner.OpenConnectionAsync(cancellationToken);
        await ExecuteAsync(guard, $"select pg_advisory_lock({LockKey})", cancellationToken);
        try
        {
            await using var context = OpenOwnerContext();
            var pending = (await context.Database.GetPendingMigrationsAsync(cancellationToken)).Count();
            if (target is null && pending == 0)
            {
                return;
            }

            Log.Migrating(logger, target ?? "the newest version", pending);
            await context.GetInfrastructure().GetRequiredService<IMigrator>().MigrateAsync(target, cancellationToken);
        }
        finally
        {
            await ExecuteAsync(guard, $"select pg_advisory_unlock({LockKey})", CancellationToken.None);
        }
    }

    /// <summary>Goes back by a number of migrations.</summary>
    public async Task MigrateDownAsync(int steps, CancellationToken cancellationToken)
    {
        await using var context = OpenOwnerContext();
        var applied = (await context.Database.GetAppliedMigrationsAsync(cancellationToken)).ToList();
        var target = steps >= applied.Count ? Migration.InitialDatabase : applied[applied.Count - steps - 1];
        await MigrateAsync(target, cancellationToken);
    }

    /// <summary>All migrations as one SQL script that may be run on any version.</summary>
    public string Script()
    {
        using var context = OpenOwnerContext();
        return context.GetInfrastructure().GetRequiredService<IMigrator>().GenerateScript(options: MigrationsSqlGenerationOptions.Idempotent);
    }

    private OffGridFlowDbContext OpenOwnerContext() =>
        new(new DbContextOptionsBuilder<OffGridFlowDbContext>().UseNpgsql(database.Owner).Options);

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = 0 };
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    private static partial class Log
    {
        [LoggerMessage(EventId = 1001, Level = LogLevel.Information, Message = "Migrating the database to {Target}; {Pending} migrations are pending")]
        public static partial void Migrating(ILogger logger, string target, int pending);
    }
}
