using Npgsql;
using OffGridFlow.Core.Imports;
using OffGridFlow.Infrastructure.Persistence.PostgreSql;

namespace OffGridFlow.Tests.Persistence;

/// <summary>The role that is exempt from row security can do one thing only.</summary>
public sealed class LoaderRoleTests(TenantWorld world) : IClassFixture<TenantWorld>
{
    [Fact]
    public async Task Copy_OfUsageLines_GivesThemToTheTransactionsTenant()
    {
        using (var copy = new UsageLineCopy(world.Database, world.Second))
        {
            copy.Write(Line(7), batchNumber: 4711, kindNumber: 1);
            copy.Complete();
        }

        await using var owner = await world.Database.Owner.OpenConnectionAsync(TestContext.Current.CancellationToken);
        (await owner.ListAsync("select tenant_id from usage_lines where batch_number = 4711", row => row.GetGuid(0), TestContext.Current.CancellationToken))
            .ShouldBe([world.Second]);
    }

    [Fact]
    public async Task Copy_NotCompleted_LeavesNothing()
    {
        using (var copy = new UsageLineCopy(world.Database, world.Second))
        {
            copy.Write(Line(8), batchNumber: 4712, kindNumber: 1);
        }

        await using var owner = await world.Database.Owner.OpenConnectionAsync(TestContext.Current.CancellationToken);
        (await owner.ScalarAsync<long>("select count(*) from usage_lines where batch_number = 4712", TestContext.Current.CancellationToken)).ShouldBe(0);
    }

    [Fact]
    public async Task Copy_WithTheTenantColumn_IsRefused()
    {
        await using var connection = await world.Database.Loader.OpenConnectionAsync(TestContext.Current.CancellationToken);

        var refusal = await Should.ThrowAsync<PostgresException>(async () => await connection.BeginBinaryImportAsync(
            "copy usage_lines (billing_month, batch_number, line, kind_id, is_usage, cost, start_at, tenant_id) from stdin (format binary)",
            TestContext.Current.CancellationToken));

        refusal.SqlState.ShouldBe(PostgresErrorCodes.InsufficientPrivilege);
    }

    [Fact]
    public async Task Insert_WithoutATenant_IsRefused() =>
        (await TryAsync("insert into usage_lines (billing_month, batch_number, line, kind_id, is_usage, cost, start_at) values ('2024-03-01', 1, 1, 1, true, 1, now())"))
            .ShouldBe(PostgresErrorCodes.NotNullViolation);

    [Fact]
    public async Task EveryTable_CannotBeReadOrChanged()
    {
        foreach (var table in world.Tables.Concat(["tenants", "users", "data_protection_keys", "\"__EFMigrationsHistory\""]))
        {
            foreach (var sql in new[] { $"select * from {table}", $"delete from {table}", $"truncate {table}" })
            {
                (await TryAsync(sql)).ShouldBe(PostgresErrorCodes.InsufficientPrivilege, sql);
            }

            // What a run proposes is copied too; without values it breaks on the columns that must not be null.
            if (table is not ("usage_lines" or "emission_records" or "calculation_run_changes"))
            {
                (await TryAsync($"insert into {table} default values")).ShouldBe(PostgresErrorCodes.InsufficientPrivilege, table);
            }
        }
    }

    [Fact]
    public async Task Functions_AreTwo_AndHarmless()
    {
        await using var connection = await world.Database.Loader.OpenConnectionAsync(TestContext.Current.CancellationToken);

        var allowed = await connection.ListAsync(
            "select proname::text from pg_proc where pronamespace = 'public'::regnamespace and has_function_privilege(oid, 'execute')",
            row => row.GetString(0), TestContext.Current.CancellationToken);

        allowed.ShouldBe(["current_tenant", "new_id"], ignoreOrder: true);
    }

    private static BillLine Line(long number) => new()
    {
        Line = number, BillingMonth = TenantWorld.Month, Cost = 1.25m, Start = new DateTime(2024, 3, 1, 0, 0, 0, DateTimeKind.Utc), Charge = ChargeKind.Usage,
    };

    private async Task<string> TryAsync(string sql)
    {
        await using var connection = await world.Database.Loader.OpenConnectionAsync(TestContext.Current.CancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(TestContext.Current.CancellationToken);
        return await TenantWorld.TryAsync(connection, sql);
    }
}
