using Microsoft.EntityFrameworkCore.Migrations;

namespace OffGridFlow.Infrastructure.Persistence.Migrations;

/// <summary>Runs the SQL files of a migration: what EF Core's model cannot say (roles, policies, partitions, functions).</summary>
internal static class MigrationSql
{
    /// <param name="file">Path below this folder, e.g. <c>Initial/1-roles.sql</c>.</param>
    public static void SqlFile(this MigrationBuilder migrationBuilder, string file)
    {
        using var stream = typeof(MigrationSql).Assembly.GetManifestResourceStream($"Migrations/{file}")
            ?? throw new InvalidOperationException($"The migration file {file} is not embedded.");
        using var reader = new StreamReader(stream);
        migrationBuilder.Sql(reader.ReadToEnd());
    }
}
