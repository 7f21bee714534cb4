using Microsoft.EntityFrameworkCore;
using Npgsql;
using OffGridFlow.Core.Identity;
using OffGridFlow.Core.Tenancy;
using OffGridFlow.Infrastructure.Persistence;
using OffGridFlow.Infrastructure.Persistence.PostgreSql;

namespace OffGridFlow.Tests.Persistence;

/// <summary>The second wall: what the database itself shows and takes under the application role, whatever the program asks for.</summary>
public sealed class RowSecurityTests(TenantWorld world) : IClassFixture<TenantWorld>
{
    /// <summary>The application role has no right to these at all; named functions are the only way in.</summary>
    private static readonly string[] Closed = ["sessions"];

    [Fact]
    public async Task Select_OfATenant_ShowsItsOwnRowsOnly()
    {
        foreach (var table in world.Tables.Except(Closed))
        {
            var seen = await world.AsAppAsync(world.First, connection => TenantsInAsync(connection, table));

            seen.Distinct().ShouldBe([world.First], table);
        }
    }

    [Fact]
    public async Task Select_WithoutATenant_ShowsNothing()
    {
        foreach (var table in world.Tables.Except(Closed))
        {
            (await world.AsAppAsync(null, connection => TenantsInAsync(connection, table))).ShouldBeEmpty(table);
        }
    }

    [Fact]
    public async Task Select_OfClosedTables_IsRefused()
    {
        foreach (var table in Closed)
        {
            (await world.AsAppAsync(world.First, connection => TenantWorld.TryAsync(connection, $"select * from {table}")))
                .ShouldBe(PostgresErrorCodes.InsufficientPrivilege, table);
        }
    }

    [Fact]
    public async Task Select_AfterATenantsTransaction_OnTheSameConnection_ShowsNothing()
    {
        await using var source = new NpgsqlDataSourceBuilder(
            new NpgsqlConnectionStringBuilder(world.ConnectionString) { Options = "-c role=offgridflow_app", MaxPoolSize = 1 }.ConnectionString).Build();
        await using (var connection = await source.OpenConnectionAsync(TestContext.Current.CancellationToken))
        {
            await using var transaction = await connection.BeginTransactionAsync(TestContext.Current.CancellationToken);
            await connection.ExecuteAsync("select set_config('offgridflow.tenant_id', $1, true)", TestContext.Current.CancellationToken, world.First.ToString());
            (await TenantsInAsync(connection, "imports")).ShouldNotBeEmpty();
            await transaction.CommitAsync(TestContext.Current.CancellationToken);
            (await TenantsInAsync(connection, "imports")).ShouldBeEmpty();
        }

        await using var again = await source.OpenConnectionAsync(TestContext.Current.CancellationToken);
        (await TenantsInAsync(again, "imports")).ShouldBeEmpty();
    }

    [Fact]
    public async Task Insert_OfAnotherTenantsRow_IsRefused()
    {
        foreach (var table in world.Tables)
        {
            await using var owner = await world.Database.Owner.OpenConnectionAsync(TestContext.Current.CancellationToken);
            var insert = await TenantWorld.InsertStatementAsync(owner, table, world.Second);

            // The same state for “no right” and “against the policy”.
            (await world.AsAppAsync(world.First, connection => TenantWorld.TryAsync(connection, insert))).ShouldBe(PostgresErrorCodes.InsufficientPrivilege, table);
            (await world.AsAppAsync(null, connection => TenantWorld.TryAsync(connection, insert))).ShouldBe(PostgresErrorCodes.InsufficientPrivilege, table);
        }
    }

    [Fact]
    public async Task UpdateAndDelete_OfAnotherTenantsRow_TouchNothing()
    {
        foreach (var table in world.Tables)
        {
            foreach (var statement in new[]
            {
                $"update {table} set tenant_id = '{world.First}' where tenant_id = '{world.Second}'",
                $"delete from {table} where tenant_id = '{world.Second}'",
            })
            {
                (await world.AsAppAsync(world.First, connection => TenantWorld.TryAsync(connection, statement)))
                    .ShouldBeOneOf("0", PostgresErrorCodes.InsufficientPrivilege);
            }
        }
    }

    [Fact]
    public async Task Update_ThatGivesAwayAnOwnRow_IsRefused()
    {
        foreach (var table in world.Tables)
        {
            (await world.AsAppAsync(world.First, connection => TenantWorld.TryAsync(connection, $"update {table} set tenant_id = '{world.Second}'")))
                .ShouldBe(PostgresErrorCodes.InsufficientPrivilege, table);
        }
    }

    [Fact]
    public async Task Tenants_ShowOnlyTheOwnOne()
    {
        await using (var owner = await world.Database.Owner.OpenConnectionAsync(TestContext.Current.CancellationToken))
        {
            await owner.ExecuteAsync(
                "insert into tenants (id, name, is_demo, created_at) values ($1, 'First', false, now()), ($2, 'Second', false, now()) on conflict do nothing",
                TestContext.Current.CancellationToken, world.First, world.Second);
        }

        var seen = await world.AsAppAsync(world.First, connection =>
            connection.ListAsync("select id from tenants", row => row.GetGuid(0), TestContext.Current.CancellationToken));

        seen.ShouldBe([world.First]);
    }

    [Fact]
    public async Task IgnoreQueryFilters_ShowsNothingOfAnotherTenant()
    {
        var options = new DbContextOptionsBuilder<OffGridFlowDbContext>().UseNpgsql(world.Database.App)
            .AddInterceptors(new TenantWriteInterceptor(), new TenantTransactionInterceptor()).Options;
        var user = new CurrentUser();
        user.Become(new Actor(world.First, null, "A test", TenantRole.Admin));

        await using var unit = await new TenantDatabase(options, user, TimeProvider.System).OpenAsync(TestContext.Current.CancellationToken);
        foreach (var type in unit.Context.Model.GetEntityTypes().Where(type => typeof(ITenantOwned).IsAssignableFrom(type.ClrType) && !Closed.Contains(type.GetTableName())))
        {
            var tenants = await ((Task<List<Guid>>)GetType().GetMethod(nameof(UnfilteredAsync), System.Reflection.BindingFlags.NonPublic | System.Reflection.BindingFlags.Static)!
                .MakeGenericMethod(type.ClrType).Invoke(null, [unit.Context])!);

            tenants.Distinct().ShouldBe([world.First], type.DisplayName());
        }
    }

    private static async Task<List<Guid>> UnfilteredAsync<T>(OffGridFlowDbContext context)
        where T : class, ITenantOwned =>
        await context.Set<T>().IgnoreQueryFilters().Select(row => row.TenantId).ToListAsync(TestContext.Current.CancellationToken);

    /// <summary>Shipped factors have no tenant: everybody reads them, and FactorLibraryTests says that nobody writes them.</summary>
    private static Task<List<Guid>> TenantsInAsync(NpgsqlConnection connection, string table) =>
        connection.ListAsync($"select tenant_id from {table} where tenant_id is not null", row => row.GetGuid(0), TestContext.Current.CancellationToken);
}
