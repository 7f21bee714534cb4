using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using OffGridFlow.Core.Auditing;
using OffGridFlow.Core.Identity;
using OffGridFlow.Infrastructure.Auditing;
using OffGridFlow.Infrastructure.Persistence;
using OffGridFlow.Infrastructure.Persistence.PostgreSql;
using OffGridFlow.Tests.Persistence;

namespace OffGridFlow.Tests.Auditing;

/// <summary>A migrated database and a folder of signed heads, without the application: the test says when entries are sealed and signed.</summary>
public sealed class AuditWorld(PostgresFixture postgres) : IAsyncLifetime
{
    public static CancellationToken Stop => TestContext.Current.CancellationToken;

    public string ConnectionString { get; private set; } = "";

    public Database Database { get; private set; } = null!;

    /// <summary>As the application's data folder is laid out.</summary>
    public string DataFolder { get; } = Directory.CreateTempSubdirectory("offgridflow-audit-").FullName;

    public string HeadsFolder => Path.Combine(DataFolder, "audit-heads");

    public string KeyFile => Path.Combine(DataFolder, "keys", "audit-signing.key");

    internal AuditHeadFiles Heads { get; private set; } = null!;

    internal AuditSealer Sealer { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        ConnectionString = await postgres.CreateDatabaseAsync();
        Database = new Database(ConnectionString);
        Restart();
    }

    public async ValueTask DisposeAsync()
    {
        await Database.DisposeAsync();
        await postgres.DropDatabaseAsync(ConnectionString);
        Directory.Delete(DataFolder, recursive: true);
    }

    /// <summary>A process that begins anew: it remembers nothing of the files.</summary>
    public void Restart()
    {
        Heads = new AuditHeadFiles(HeadsFolder, new AuditSigningKey(KeyFile));
        Sealer = NewSealer();
    }

    internal AuditSealer NewSealer() => new(Database, Heads, TimeProvider.System, NullLogger<AuditSealer>.Instance);

    /// <summary>An organization with its first entry.</summary>
    public async Task<Guid> AddTenantAsync(string name = "A company")
    {
        var tenant = Guid.CreateVersion7();
        await OwnerAsync(
            "select create_tenant($1, $2, false, gen_random_uuid(), $1::text, $1::text, 'Ada', 'hash', 'stamp')", tenant, name);
        return tenant;
    }

    /// <summary>An organization with 20 sealed entries, and heads signed at 10 and at 20.</summary>
    public async Task<Guid> AddSealedAsync()
    {
        var tenant = await AddTenantAsync();
        await AddEntriesAsync(tenant, 9);
        await SealAsync();
        await AddEntriesAsync(tenant, 10);
        await SealAsync();
        return tenant;
    }

    public async Task AddEntriesAsync(Guid tenant, int count, TimeSpan age = default) => await OwnerAsync(
        """
        insert into audit_entries (id, tenant_id, at, actor_kind, actor_id, actor_name, address, action, subject, details, before, after)
        select new_id(), $1, now() - $3 + i * interval '1 ms', 'Person', gen_random_uuid(), 'Zoë ' || i, '203.0.113.' || i, 'import.queued', 'import/' || new_id(),
          jsonb_build_object('rows', i, 'share', i / 7.0, 'fileName', 'märz "' || i || '".csv'), case when i % 2 = 0 then '{"state": "queued"}'::jsonb end, '{"state": null}'
        from generate_series(1, $2) i
        """, tenant, count, age);

    public async Task SealAsync()
    {
        await Sealer.SealAsync(Stop);
        await Sealer.SignHeadsAsync(Stop);
    }

    public async Task<AuditVerification> VerifyAsync(Guid tenant)
    {
        var user = new CurrentUser();
        user.Become(new Actor(tenant, Guid.CreateVersion7(), "An auditor", TenantRole.Auditor));
        return await new AuditVerifier(TenantDatabaseOf(user), user, Heads, TimeProvider.System).VerifyAsync(null, Stop);
    }

    public TenantDatabase TenantDatabaseOf(CurrentUser user) => new(
        new DbContextOptionsBuilder<OffGridFlowDbContext>().UseNpgsql(Database.App)
            .AddInterceptors(new TenantWriteInterceptor(), new TenantTransactionInterceptor()).Options,
        user, TimeProvider.System);

    public async Task<int> OwnerAsync(string sql, params object?[] parameters)
    {
        await using var connection = await Database.Owner.OpenConnectionAsync(Stop);
        return await connection.ExecuteAsync(sql, Stop, parameters);
    }

    /// <summary>What the owner of the database can do, once he has switched the triggers off.</summary>
    public async Task TamperAsync(string sql, Guid tenant)
    {
        await using var connection = new NpgsqlConnection(ConnectionString);
        await connection.OpenAsync(Stop);
        await connection.ExecuteAsync("set session_replication_role = replica", Stop);
        foreach (var statement in sql.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            (await connection.ExecuteAsync(statement.Replace(":t", $"'{tenant}'", StringComparison.Ordinal), Stop)).ShouldNotBe(0, statement);
        }

        await connection.ExecuteAsync("set session_replication_role = origin", Stop);
    }

    /// <summary>What a thorough owner does after it: numbers without a gap, and every hash computed anew.</summary>
    public async Task RechainAsync(Guid tenant)
    {
        await TamperAsync("update audit_entries e set sequence = -n.place from (select id, row_number() over (order by sequence) as place from audit_entries where tenant_id = :t) n where n.id = e.id and e.tenant_id = :t; update audit_entries set sequence = -sequence where tenant_id = :t", tenant);
        var (ids, hashes) = (new List<Guid>(), new List<byte[]>());
        await using (var connection = await Database.Owner.OpenConnectionAsync(Stop))
        await using (var reader = await AuditEntryReader.OpenAsync(connection, $"tenant_id = '{tenant}'", "sequence", Stop))
        {
            var (chain, hash) = (new AuditChain(), AuditChain.Start.ToArray());
            while (await reader.ReadAsync(Stop))
            {
                var next = new byte[AuditChain.HashLength];
                chain.Hash(reader.Content, reader.Sequence, hash, next);
                ids.Add(reader.Content.Id);
                hashes.Add(hash = next);
            }
        }

        for (var i = 0; i < ids.Count; i++)
        {
            await TamperAsync($"update audit_entries set hash = '\\x{Convert.ToHexString(hashes[i])}' where id = '{ids[i]}'", tenant);
        }
    }
}
