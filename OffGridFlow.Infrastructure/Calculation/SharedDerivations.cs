using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using Npgsql;
using OffGridFlow.Core.Calculation;
using OffGridFlow.Infrastructure.Persistence.PostgreSql;

namespace OffGridFlow.Infrastructure.Calculation;

/// <summary>What results that were made alike share, as the database has it.</summary>
internal sealed class SharedDerivation
{
    /// <summary>Bytes of an id: the first half of a SHA-256.</summary>
    public const int IdLength = 16;

    public SharedDerivation(Derivation derivation)
    {
        Derivation = derivation;
        var content = StoredDerivation.WriteShared(derivation);
        (Content, Id) = (Encoding.UTF8.GetString(content), SHA256.HashData(content)[..IdLength]);
    }

    /// <summary>Without what is of one result.</summary>
    public Derivation Derivation { get; }

    public byte[] Id { get; }

    /// <summary>As JSON.</summary>
    public string Content { get; }
}

/// <summary>
/// The shared parts of derivations that one calculation meets, each worked out, written as JSON and hashed once. Grows with factors, regions and types, not with
/// entries. One serves many threads.
/// </summary>
internal sealed class SharedDerivations(FactorLibrary library)
{
    private readonly ConcurrentDictionary<MadeAlike, SharedDerivation> _known = new();
    private readonly ConcurrentDictionary<SharedDerivation, bool> _unstored = new();

    public SharedDerivation Find(in MadeAlike alike) => _known.TryGetValue(alike, out var known) ? known : Add(alike);

    /// <summary>Those that are not known to be in the database.</summary>
    public IReadOnlyList<SharedDerivation> Unstored => _unstored.IsEmpty ? [] : [.. _unstored.Keys];

    /// <summary>
    /// Brings them to the database, in the order of their ids: two that write the same at once wait for each other in one direction only. To be seen before
    /// the results that name them; without a result they are in nobody's way.
    /// </summary>
    public static Task StoreAsync(NpgsqlConnection connection, IReadOnlyList<SharedDerivation> some, CancellationToken cancellationToken) => some.Count == 0 ? Task.CompletedTask : connection.ExecuteAsync(
        """
        insert into derivations (tenant_id, id, content)
        select current_tenant(), id, content::jsonb from unnest($1::bytea[], $2::text[]) as s (id, content) order by id
        on conflict do nothing
        """,
        cancellationToken, some.Select(shared => shared.Id).ToArray(), some.Select(shared => shared.Content).ToArray());

    /// <summary>To be called when they are committed.</summary>
    public void Stored(IEnumerable<SharedDerivation> some)
    {
        foreach (var shared in some)
        {
            _unstored.TryRemove(shared, out _);
        }
    }

    private SharedDerivation Add(in MadeAlike alike)
    {
        var added = new SharedDerivation(Derivation.Shared(alike, library));
        // Before anybody can find it: what is found and not listed is in the database.
        _unstored.TryAdd(added, true);
        var known = _known.GetOrAdd(alike, added);
        if (known != added)
        {
            _unstored.TryRemove(added, out _);
        }

        return known;
    }
}
