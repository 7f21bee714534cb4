using Microsoft.Extensions.Logging;
using OffGridFlow.Infrastructure.Persistence;
using OffGridFlow.Infrastructure.Persistence.PostgreSql;

namespace OffGridFlow.Infrastructure.EmissionFactors;

/// <summary>What a load found to do.</summary>
/// <param name="Loaded">Sets that were written, with their factors.</param>
/// <param name="Superseded">Sets that this version of the program does not ship, or ships with other digits.</param>
public sealed record FactorSetLoad(IReadOnlyList<string> Loaded, IReadOnlyList<string> Superseded);

/// <summary>
/// Brings the shipped sets into the database, at the start of the program and after a migration. A set is known by id and checksum: the same
/// one again is left alone, one with other digits comes beside the former, which is kept for the results that cite it and is offered no more
/// (<c>docs/decisions/0021-factor-library.md</c>). Each set is one transaction; several processes may start at once.
/// </summary>
public sealed partial class FactorSetLoader(Database database, FactorReference reference, TimeProvider time, ILogger<FactorSetLoader> logger)
{
    private const long LockKey = 0x0FF6_FAC7;

    public async Task<FactorSetLoad> LoadAsync(IReadOnlyList<ShippedFactorSet> sets, CancellationToken cancellationToken)
    {
        await using var connection = await database.Owner.OpenConnectionAsync(cancellationToken);
        await connection.ExecuteAsync($"select pg_advisory_lock({LockKey})", cancellationToken);
        try
        {
            var known = (await connection.ListAsync(
                "select key, id, superseded_at is null from factor_sets where tenant_id is null",
                row => (Key: row.GetGuid(0), Id: row.GetString(1), IsCurrent: row.GetBoolean(2)), cancellationToken)).ToDictionary(set => set.Key);
            var shipped = sets.ToDictionary(set => FactorWriter.SetKey(null, set.Set));
            List<string> loaded = [], superseded = [];
            foreach (var old in known.Values.Where(set => set.IsCurrent && !shipped.ContainsKey(set.Key)))
            {
                await SetCurrentAsync(connection, old.Key, isCurrent: false, cancellationToken);
                superseded.Add(old.Id);
                Log.Superseded(logger, old.Id);
            }

            foreach (var (key, set) in shipped)
            {
                if (!known.TryGetValue(key, out var there))
                {
                    await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
                    await FactorWriter.WriteAsync(connection, null, set, reference.Regions, time.GetUtcNow(), null, cancellationToken);
                    await transaction.CommitAsync(cancellationToken);
                    loaded.Add(set.Set.Id);
                    Log.Loaded(logger, set.Set.Id, set.Factors.Count);
                }
                else if (!there.IsCurrent)
                {
                    // An older program was started again: what it ships counts.
                    await SetCurrentAsync(connection, key, isCurrent: true, cancellationToken);
                    loaded.Add(set.Set.Id);
                }
            }

            if (loaded.Count > 0)
            {
                // Without statistics the first searches would be planned for an empty table.
                await connection.ExecuteAsync("analyze factor_sets, emission_factors", cancellationToken);
            }

            return new FactorSetLoad(loaded, superseded);
        }
        finally
        {
            await connection.ExecuteAsync($"select pg_advisory_unlock({LockKey})", CancellationToken.None);
        }
    }

    private async Task SetCurrentAsync(Npgsql.NpgsqlConnection connection, Guid key, bool isCurrent, CancellationToken cancellationToken)
    {
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        var until = Sql.Instant(isCurrent ? null : time.GetUtcNow());
        await connection.ExecuteAsync("update factor_sets set superseded_at = $2 where key = $1", cancellationToken, key, until);
        await connection.ExecuteAsync("update emission_factors set retired_at = $2 where set_key = $1", cancellationToken, key, Sql.Instant(isCurrent ? null : time.GetUtcNow()));
        await transaction.CommitAsync(cancellationToken);
    }

    private static partial class Log
    {
        [LoggerMessage(EventId = 1801, Level = LogLevel.Information, Message = "Loaded the factor set {Set} with {Factors} factors")]
        public static partial void Loaded(ILogger logger, string set, int factors);

        [LoggerMessage(EventId = 1802, Level = LogLevel.Information, Message = "The factor set {Set} is not shipped any more, or with other digits; it is kept for the results that cite it")]
        public static partial void Superseded(ILogger logger, string set);
    }
}
