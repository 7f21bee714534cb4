using Npgsql;
using OffGridFlow.Core.Identity;
using OffGridFlow.Infrastructure.Persistence.PostgreSql;

namespace OffGridFlow.Tests.Auditing;

public sealed class AuditSealerTests(AuditWorld world) : IClassFixture<AuditWorld>
{
    [Fact]
    public async Task ManyWriters_AndTwoSealers_GiveOneChainWithoutAGap()
    {
        var tenant = await world.AddTenantAsync();
        using var written = new CancellationTokenSource();
        var sealers = Enumerable.Range(0, 2).Select(_ => Task.Run(async () =>
        {
            var sealer = world.NewSealer();
            while (!written.IsCancellationRequested)
            {
                await sealer.SealAsync(AuditWorld.Stop);
            }
        })).ToList();

        await Task.WhenAll(Enumerable.Range(0, 6).Select(writer => Task.Run(async () =>
        {
            var user = new CurrentUser();
            user.Become(new Actor(tenant, Guid.CreateVersion7(), "Ada", TenantRole.Admin));
            for (var i = 0; i < 40; i++)
            {
                await using var unit = await world.TenantDatabaseOf(user).OpenAsync(AuditWorld.Stop);
                unit.Audit("import.queued", "import/" + Guid.CreateVersion7());
                await unit.Context.SaveChangesAsync(AuditWorld.Stop);
                // Committed in another order than written; some are given up.
                await Task.Delay(Random.Shared.Next(5), AuditWorld.Stop);
                if (i % 10 != 9)
                {
                    await unit.CommitAsync(AuditWorld.Stop);
                }
            }
        })));
        await written.CancelAsync();
        await Task.WhenAll(sealers);
        await world.SealAsync();

        var found = await world.VerifyAsync(tenant);

        found.Break.ShouldBeNull();
        (found.Entries, found.HeadSequence, found.Unsealed).ShouldBe((1 + 6 * 36, 1 + 6 * 36, 0));
    }

    [Fact]
    public async Task Backlog_LargerThanABatch_IsSealedWhole()
    {
        var (large, small) = (await world.AddTenantAsync(), await world.AddTenantAsync());
        await world.AddEntriesAsync(large, 12_000);

        await world.SealAsync();

        (await world.VerifyAsync(large)).ShouldSatisfyAllConditions(found => found.Break.ShouldBeNull(), found => found.HeadSequence.ShouldBe(12_001));
        (await world.VerifyAsync(small)).HeadSequence.ShouldBe(1);
    }

    [Fact]
    public async Task LateEntry_ComesLaterInTheChain_WhateverTimeItBears()
    {
        var tenant = await world.AddSealedAsync();
        await world.AddEntriesAsync(tenant, 1, TimeSpan.FromMinutes(3));
        await world.SealAsync();

        (await world.VerifyAsync(tenant)).HeadSequence.ShouldBe(21);
    }

    [Theory]
    [InlineData("update audit_entries set details = '{}' where tenant_id = $1")]
    [InlineData("update audit_entries set sequence = sequence + 100 where tenant_id = $1")]
    [InlineData("update audit_entries set sequence = null, hash = null, sealed_at = null where tenant_id = $1 and sequence = 20")]
    [InlineData("update audit_entries set hash = sha256('x') where tenant_id = $1")]
    [InlineData("update audit_entries set sealed_at = now() where tenant_id = $1")]
    [InlineData("delete from audit_entries where tenant_id = $1")]
    [InlineData("truncate audit_entries")]
    [InlineData("insert into audit_entries (id, tenant_id, at, actor_kind, actor_name, action, subject, details, sequence, hash, sealed_at) values (gen_random_uuid(), $1, now(), 'Person', 'x', 'x', 'x', '{}', 21, sha256('x'), now())")]
    public async Task Log_RefusesEveryChange_EvenToItsOwner(string sql)
    {
        var tenant = await world.AddSealedAsync();
        object?[] parameters = sql.Contains("$1", StringComparison.Ordinal) ? [tenant] : [];

        (await Should.ThrowAsync<PostgresException>(() => world.OwnerAsync(sql, parameters))).MessageText.ShouldStartWith("The audit log is append-only: ");

        await using var app = await world.Database.App.OpenConnectionAsync(AuditWorld.Stop);
        await using var transaction = await app.BeginTransactionAsync(AuditWorld.Stop);
        await app.ExecuteAsync("select set_config('offgridflow.tenant_id', $1, true)", AuditWorld.Stop, tenant.ToString());
        (await Should.ThrowAsync<PostgresException>(() => app.ExecuteAsync(sql, AuditWorld.Stop, parameters))).SqlState.ShouldBe(PostgresErrorCodes.InsufficientPrivilege);
        (await world.VerifyAsync(tenant)).Intact.ShouldBeTrue();
    }

    [Theory]
    [InlineData("update audit_entries set sequence = 21 where tenant_id = $1 and sequence is null")]
    [InlineData("update audit_entries set sequence = 21, hash = sha256('x'), sealed_at = now(), details = '{}' where tenant_id = $1 and sequence is null")]
    public async Task Seal_IsTakenWholeAndAlone(string sql)
    {
        var tenant = await world.AddSealedAsync();
        await world.AddEntriesAsync(tenant, 1);

        (await Should.ThrowAsync<PostgresException>(() => world.OwnerAsync(sql, tenant))).SqlState.ShouldBe(PostgresErrorCodes.InsufficientPrivilege);
    }
}
