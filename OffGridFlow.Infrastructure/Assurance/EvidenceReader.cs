using System.Runtime.CompilerServices;
using Npgsql;
using OffGridFlow.Core.Inventory;
using OffGridFlow.Infrastructure.Persistence;
using OffGridFlow.Infrastructure.Persistence.PostgreSql;

namespace OffGridFlow.Infrastructure.Assurance;

/// <summary>Reads the ledger for an export, row by row, with the time that a large one needs.</summary>
/// <param name="asOf">The snapshot at whose ledger number results and entries are read; null: as they stand now.</param>
internal sealed class EvidenceReader(TenantUnit unit, InventorySnapshot? asOf)
{
    private const int TimeoutSeconds = 300;

    public InventorySnapshot? AsOf => asOf;

    /// <summary>Where intervals are read from: those that stand, or of a snapshot all that there have been.</summary>
    public string Intervals { get; } = asOf is null ? "emission_intervals" : "emission_history";

    /// <summary>The condition on <see cref="Intervals"/> as <c>i</c> that a result counts.</summary>
    public string Counts { get; } = CountsAt(asOf?.LedgerNumber);

    /// <summary>The condition on <c>emission_history i</c> that a result counts at a ledger number; null: now.</summary>
    public static string CountsAt(long? ledgerNumber) => ledgerNumber is { } number
        ? FormattableString.Invariant($"i.from_sequence <= {number} and (i.to_sequence is null or i.to_sequence > {number})") : "i.to_sequence is null";

    public async Task ExecuteAsync(string statement, CancellationToken cancellationToken, params object?[] parameters)
    {
        await using var command = unit.Connection.Command(statement, parameters);
        command.CommandTimeout = TimeoutSeconds;
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    public async IAsyncEnumerable<T> ReadAsync<T>(
        string statement, Func<NpgsqlDataReader, T> read, [EnumeratorCancellation] CancellationToken cancellationToken, params object?[] parameters)
    {
        await using var command = unit.Connection.Command(statement, parameters);
        command.CommandTimeout = TimeoutSeconds;
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            yield return read(reader);
        }
    }
}
