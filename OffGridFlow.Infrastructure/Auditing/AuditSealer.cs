using System.Globalization;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;
using NpgsqlTypes;
using OffGridFlow.Core.Auditing;
using OffGridFlow.Infrastructure.Persistence;
using OffGridFlow.Infrastructure.Persistence.PostgreSql;

namespace OffGridFlow.Infrastructure.Auditing;

/// <summary>
/// Gives committed audit entries their place in their organization's chain, soon after and beside the transactions that wrote them: no
/// user waits for another's entry. Every process runs one; a lock in the database lets one work on an organization at a time.
/// </summary>
internal sealed partial class AuditSealer(Database database, AuditHeadFiles heads, TimeProvider time, ILogger<AuditSealer> logger) : BackgroundService
{
    public const int BatchSize = 5000;
    private static readonly TimeSpan Poll = TimeSpan.FromSeconds(1);

    /// <summary>Between two signed heads of an organization, at least; after the last entry of a busy time, at most.</summary>
    private static readonly TimeSpan HeadInterval = TimeSpan.FromSeconds(10);

    /// <summary>At the end of the process, for the last entries and their heads.</summary>
    private static readonly TimeSpan Farewell = TimeSpan.FromSeconds(5);

    /// <summary>Seals everything that is committed, for all organizations.</summary>
    /// <returns>How many entries took their place.</returns>
    public Task<long> SealAsync(CancellationToken cancellationToken) => SealAsync(() => Task.CompletedTask, cancellationToken);

    /// <param name="afterRound">A backlog takes many rounds; what shall not wait for its end.</param>
    private async Task<long> SealAsync(Func<Task> afterRound, CancellationToken cancellationToken)
    {
        long sealedEntries = 0;
        while (true)
        {
            long round = 0;
            foreach (var tenant in await TenantsAsync(cancellationToken))
            {
                // One batch of each in turn: a large backlog of one organization does not hold up the others.
                round += await SealBatchAsync(tenant, cancellationToken);
            }

            sealedEntries += round;
            await afterRound();
            if (round == 0)
            {
                return sealedEntries;
            }
        }
    }

    /// <summary>Signs the newest sealed entry of each organization, where the files do not name it yet; whichever process sealed it.</summary>
    public async Task SignHeadsAsync(CancellationToken cancellationToken)
    {
        await using var connection = await database.App.OpenConnectionAsync(cancellationToken);
        var now = time.GetUtcNow();
        var newest = await connection.ListAsync(
            "select tenant_id, sequence, hash from audit_heads()",
            row => new AuditHead(row.GetGuid(0), row.GetInt64(1), Convert.ToHexStringLower(row.GetFieldValue<byte[]>(2)), now), cancellationToken);
        await heads.AppendAsync(newest, cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        // The start of the process goes first.
        await Task.Yield();
        var read = false;
        long? signed = null;
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                if (!read)
                {
                    await heads.CatchUpAsync(stoppingToken);
                    read = true;
                }

                await SealAsync(SignWhenDueAsync, stoppingToken);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                break;
            }
            catch (Exception exception) when (IsPassing(exception))
            {
                Log.PassFailed(logger, exception);
            }

            await Task.Delay(Poll, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        await SayFarewellAsync();

        async Task SignWhenDueAsync()
        {
            if (signed is not { } before || time.GetElapsedTime(before) >= HeadInterval)
            {
                await SignHeadsAsync(stoppingToken);
                signed = time.GetTimestamp();
            }
        }
    }

    /// <summary>What a further pass may do better: the database is away or the disk is full; or a key cannot be read until it is restored.</summary>
    private static bool IsPassing(Exception exception) =>
        exception is NpgsqlException or TimeoutException or IOException or UnauthorizedAccessException or InvalidOperationException;

    /// <summary>The last entries of this process do not wait for the next one.</summary>
    private async Task SayFarewellAsync()
    {
        using var limit = new CancellationTokenSource(Farewell);
        try
        {
            await SealAsync(limit.Token);
            await SignHeadsAsync(limit.Token);
        }
        catch (Exception exception) when (IsPassing(exception) || exception is OperationCanceledException)
        {
            // The next start catches up.
            Log.PassFailed(logger, exception);
        }
    }

    private async Task<List<Guid>> TenantsAsync(CancellationToken cancellationToken)
    {
        await using var connection = await database.App.OpenConnectionAsync(cancellationToken);
        return await connection.ListAsync("select * from unsealed_audit_tenants()", row => row.GetGuid(0), cancellationToken);
    }

    /// <summary>One transaction: the next entries, oldest first, take the next places. 0 when there are none, or another process is at it.</summary>
    private async Task<int> SealBatchAsync(Guid tenant, CancellationToken cancellationToken)
    {
        await using var connection = await database.App.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await connection.ExecuteAsync("select set_config('offgridflow.tenant_id', $1, true)", cancellationToken, tenant.ToString());
        if (!await connection.ScalarAsync<bool>(
            "select pg_try_advisory_xact_lock(hashtextextended('offgridflow.audit_sealer.' || $1, 0))", cancellationToken, tenant.ToString()))
        {
            return 0;
        }

        var (sequence, hash) = await EndOfChainAsync(connection, tenant, cancellationToken);
        var sealedAt = time.GetUtcNow();
        var batch = new Batch();
        var chain = new AuditChain();
        await using (var reader = await AuditEntryReader.OpenAsync(
            connection, "sequence is null", FormattableString.Invariant($"at, id limit {BatchSize}"), cancellationToken))
        {
            while (await reader.ReadAsync(cancellationToken))
            {
                var next = new byte[AuditChain.HashLength];
                chain.Hash(reader.Content with { SealedAt = AuditContent.Microseconds(sealedAt) }, ++sequence, hash, next);
                batch.Add(reader.Content.Id, sequence, next);
                hash = next;
            }
        }

        if (batch.Ids.Count == 0)
        {
            return 0;
        }

        var changed = await connection.ExecuteAsync(
            """
            update audit_entries e set sequence = s.sequence, hash = s.hash, sealed_at = $4
            from unnest($1, $2, $3) as s (id, sequence, hash) where e.id = s.id and e.sequence is null
            """,
            cancellationToken, batch.Ids.ToArray(), batch.Sequences.ToArray(), batch.Hashes.ToArray(),
            new NpgsqlParameter { Value = sealedAt, NpgsqlDbType = NpgsqlDbType.TimestampTz });
        if (changed != batch.Ids.Count)
        {
            throw new InvalidOperationException(string.Create(CultureInfo.InvariantCulture, $"Only {changed} of {batch.Ids.Count} audit entries could be sealed: others were changed at the same time. Nothing of this batch was kept."));
        }

        await transaction.CommitAsync(cancellationToken);
        return changed;
    }

    /// <summary>
    /// The last place that is taken. A place that a signed head names is never given a second time, also when the entry there has been
    /// deleted: the gap stays, for everybody to see.
    /// </summary>
    private async Task<(long Sequence, byte[] Hash)> EndOfChainAsync(NpgsqlConnection connection, Guid tenant, CancellationToken cancellationToken)
    {
        var last = await connection.ListAsync(
            "select sequence, hash from audit_entries where sequence is not null order by sequence desc limit 1",
            row => (Sequence: row.GetInt64(0), Hash: row.GetFieldValue<byte[]>(1)), cancellationToken);
        var end = last.Count == 0 ? (Sequence: 0, Hash: AuditChain.Start.ToArray()) : last[0];
        if (heads.NewestOf(tenant) is { } head && head.Sequence > end.Sequence)
        {
            Log.Shorter(logger, tenant, end.Sequence, head.Sequence);
            return (head.Sequence, Convert.FromHexString(head.Hash));
        }

        return end;
    }

    private sealed class Batch
    {
        public List<Guid> Ids { get; } = new(BatchSize);
        public List<long> Sequences { get; } = new(BatchSize);
        public List<byte[]> Hashes { get; } = new(BatchSize);

        public void Add(Guid id, long sequence, byte[] hash)
        {
            Ids.Add(id);
            Sequences.Add(sequence);
            Hashes.Add(hash);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(EventId = 2451, Level = LogLevel.Warning, Message = "Audit entries could not be sealed or their head not be signed; trying again")]
        public static partial void PassFailed(ILogger logger, Exception exception);

        [LoggerMessage(EventId = 2452, Level = LogLevel.Error, Message = "The audit log of organization {Tenant} ends with entry {Last}, but a signed head names entry {Head}: entries are missing. New ones go on after {Head}. Run verify-audit")]
        public static partial void Shorter(ILogger logger, Guid tenant, long last, long head);
    }
}
