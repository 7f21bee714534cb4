using Npgsql;
using OffGridFlow.Infrastructure.Persistence;
using OffGridFlow.Infrastructure.Persistence.PostgreSql;

namespace OffGridFlow.Tests.Persistence;

/// <summary>Rights as the catalog states them: a new table or function without its wall fails here.</summary>
public sealed class DatabaseRightsTests(TenantWorld world) : IClassFixture<TenantWorld>
{
    /// <summary>Beside the tenant's policy only those that narrow it.</summary>
    private const string Walls =
        """
        select c.relname,
          c.relrowsecurity
          and pg_get_userbyid(c.relowner) <> 'offgridflow_app'
          and exists (select from pg_policy p where p.polrelid = c.oid and p.polcmd = '*' and p.polpermissive
            and pg_get_expr(p.polqual, p.polrelid) like '%current_tenant()%' and pg_get_expr(p.polwithcheck, p.polrelid) like '%current_tenant()%')
          and not exists (select from pg_policy p where p.polrelid = c.oid and p.polname <> 'tenant' and p.polpermissive)
        from pg_class c join pg_attribute a on a.attrelid = c.oid
        where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and not c.relispartition
          and a.attname = 'tenant_id' and not a.attisdropped
        """;

    [Fact]
    public async Task EveryTableWithATenant_HasItsPolicy()
    {
        await using var owner = await world.Database.Owner.OpenConnectionAsync(TestContext.Current.CancellationToken);

        (await WithoutWallAsync(owner)).ShouldBeEmpty();
    }

    [Fact]
    public async Task EveryTableWithATenant_PlantedTableWithoutPolicy_IsFound()
    {
        await using var owner = await world.Database.Owner.OpenConnectionAsync(TestContext.Current.CancellationToken);
        await using var transaction = await owner.BeginTransactionAsync(TestContext.Current.CancellationToken);
        await owner.ExecuteAsync("create table forgotten (id uuid primary key, tenant_id uuid not null)", TestContext.Current.CancellationToken);
        await owner.ExecuteAsync("create table half (id uuid primary key, tenant_id uuid not null)", TestContext.Current.CancellationToken);
        await owner.ExecuteAsync("alter table half enable row level security", TestContext.Current.CancellationToken);
        await owner.ExecuteAsync("create policy tenant on half using (true)", TestContext.Current.CancellationToken);

        (await WithoutWallAsync(owner)).ShouldBe(["forgotten", "half"], ignoreOrder: true);
    }

    [Fact]
    public async Task ApplicationAndLoader_OwnNothing()
    {
        await using var owner = await world.Database.Owner.OpenConnectionAsync(TestContext.Current.CancellationToken);

        var owned = await owner.ListAsync(
            """
            select relname::text from pg_class where pg_get_userbyid(relowner) in ('offgridflow_app', 'offgridflow_loader')
            union all select proname::text from pg_proc where pg_get_userbyid(proowner) in ('offgridflow_app', 'offgridflow_loader')
            union all select nspname::text from pg_namespace where pg_get_userbyid(nspowner) in ('offgridflow_app', 'offgridflow_loader')
            """,
            row => row.GetString(0), TestContext.Current.CancellationToken);

        owned.ShouldBeEmpty();
    }

    [Fact]
    public async Task EveryDefinersFunction_HasAFixedSearchPath_AndIsNotPublic()
    {
        await using var owner = await world.Database.Owner.OpenConnectionAsync(TestContext.Current.CancellationToken);

        var functions = await owner.ListAsync(
            """
            select p.oid::regprocedure::text, coalesce(array_to_string(p.proconfig, ';'), ''),
              exists (select from aclexplode(coalesce(p.proacl, acldefault('f', p.proowner))) a where a.grantee = 0 and a.privilege_type = 'EXECUTE')
            from pg_proc p where p.prosecdef and p.pronamespace = 'public'::regnamespace
            """,
            row => (Name: row.GetString(0), Settings: row.GetString(1), IsPublic: row.GetBoolean(2)), TestContext.Current.CancellationToken);

        functions.Count.ShouldBeGreaterThan(10);
        functions.Where(function => function.Settings != "search_path=public, pg_temp" || function.IsPublic).ShouldBeEmpty();
    }

    [Fact]
    public async Task NoFunction_IsExecutableByEverybody()
    {
        await using var owner = await world.Database.Owner.OpenConnectionAsync(TestContext.Current.CancellationToken);

        var open = await owner.ListAsync(
            """
            select p.oid::regprocedure::text from pg_proc p, aclexplode(coalesce(p.proacl, acldefault('f', p.proowner))) a
            where p.pronamespace = 'public'::regnamespace and a.grantee = 0
            """,
            row => row.GetString(0), TestContext.Current.CancellationToken);

        open.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("select password_hash from users")]
    [InlineData("select security_stamp from users")]
    [InlineData("select * from users")]
    [InlineData("select * from sessions")]
    [InlineData("insert into users (id, email, normalized_email, display_name, security_stamp, access_failed_count, created_at) values (gen_random_uuid(), '', '', '', '', 0, now())")]
    [InlineData("update users set email = ''")]
    [InlineData("delete from users")]
    [InlineData("update memberships set role = 'Admin'")]
    [InlineData("insert into memberships (tenant_id, user_id, role) values (current_tenant(), gen_random_uuid(), 'Admin')")]
    [InlineData("update tenants set name = ''")]
    [InlineData("update audit_entries set action = ''")]
    [InlineData("delete from audit_entries")]
    [InlineData("truncate audit_entries")]
    [InlineData("update source_documents set file_name = ''")]
    [InlineData("delete from source_documents")]
    [InlineData("update activity_records set account = ''")]
    [InlineData("delete from activity_records")]
    [InlineData("update emission_records set method = ''")]
    [InlineData("delete from emission_records")]
    [InlineData("update derivations set content = '{}'")]
    [InlineData("delete from derivations")]
    [InlineData("update emission_intervals set activity_id = new_id()")]
    [InlineData("update emission_intervals set tenant_id = new_id()")]
    [InlineData("delete from emission_intervals")]
    [InlineData("update usage_lines set cost = 0")]
    [InlineData("delete from usage_lines")]
    [InlineData("insert into usage_lines (billing_month, batch_number, line, kind_id, is_usage, cost, start_at) values ('2024-03-01', 1, 1, 1, true, 1, now())")]
    [InlineData("update data_protection_keys set xml = ''")]
    [InlineData("delete from data_protection_keys")]
    [InlineData("select create_tenant(null, null, null, null, null, null, null, null, null)")]
    [InlineData("select secret_hash from api_keys")]
    [InlineData("select * from api_keys")]
    [InlineData("update api_keys set scopes = '{}'")]
    [InlineData("update api_keys set expires_at = now() + interval '1 year'")]
    [InlineData("update api_keys set secret_hash = '\\x00'")]
    [InlineData("delete from api_keys")]
    [InlineData("create table mine (id int)")]
    [InlineData("alter table imports disable row level security")]
    [InlineData("drop policy tenant on imports")]
    public async Task Application_BeyondItsRights_IsRefused(string sql) =>
        (await world.AsAppAsync(world.First, connection => TenantWorld.TryAsync(connection, sql))).ShouldBe(PostgresErrorCodes.InsufficientPrivilege);

    [Theory]
    [InlineData(Database.AppRole)]
    [InlineData(Database.LoaderRole)]
    public async Task Partition_AskedDirectly_IsRefused(string role)
    {
        await using var source = NpgsqlDataSource.Create(
            new NpgsqlConnectionStringBuilder(world.ConnectionString) { Options = $"-c role={role}", Pooling = false }.ConnectionString);
        await using var connection = await source.OpenConnectionAsync(TestContext.Current.CancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(TestContext.Current.CancellationToken);

        foreach (var sql in new[]
        {
            "select * from usage_lines_2024_03",
            "insert into usage_lines_2024_03 (billing_month, batch_number, line, kind_id, is_usage, cost, start_at) values ('2024-03-01', 1, 1, 1, true, 1, now())",
            "update usage_lines_2024_03 set cost = 0",
            "delete from usage_lines_2024_03",
        })
        {
            (await TenantWorld.TryAsync(connection, sql)).ShouldBe(PostgresErrorCodes.InsufficientPrivilege, sql);
        }
    }

    [Theory]
    [InlineData("2024-03-02")]
    [InlineData("1999-12-01")]
    [InlineData("2005-12-01")]
    [InlineData("2999-01-01")]
    [InlineData("infinity")]
    [InlineData("-infinity")]
    public async Task CreateUsagePartition_ImplausibleMonth_IsRefused(string month) =>
        (await world.AsAppAsync(world.First, connection => TenantWorld.TryAsync(connection, $"select create_usage_partition('{month}')")))
            .ShouldBe(PostgresErrorCodes.CheckViolation);

    [Fact]
    public async Task CreateUsagePartition_Null_MakesNone() =>
        (await world.AsAppAsync(world.First, connection => TenantWorld.TryAsync(connection, "select create_usage_partition(null)")))
            .ShouldBe(PostgresErrorCodes.CheckViolation);

    [Fact]
    public async Task CreateUsagePartition_ByManyAtOnce_MakesOne()
    {
        await Task.WhenAll(Enumerable.Range(0, 6).Select(async _ =>
        {
            await using var connection = await world.Database.App.OpenConnectionAsync(TestContext.Current.CancellationToken);
            await connection.ExecuteAsync("select create_usage_partition('2024-07-01')", TestContext.Current.CancellationToken);
        }));

        await using var owner = await world.Database.Owner.OpenConnectionAsync(TestContext.Current.CancellationToken);
        (await owner.ScalarAsync<long>(
            "select count(*) from pg_inherits where inhparent = 'usage_lines'::regclass and inhrelid = to_regclass('usage_lines_2024_07')",
            TestContext.Current.CancellationToken)).ShouldBe(1);
    }

    private static Task<List<string>> WithoutWallAsync(NpgsqlConnection owner) => owner.ListAsync(
        $"select relname from ({Walls}) as walls (relname, stands) where stands is not true", row => row.GetString(0), TestContext.Current.CancellationToken);
}
