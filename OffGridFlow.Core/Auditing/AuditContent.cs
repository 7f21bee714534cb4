using System.Text;

namespace OffGridFlow.Core.Auditing;

/// <summary>What of an entry is hashed, as the database gives it: texts are UTF-8, JSON is PostgreSQL's text of the <c>jsonb</c>.</summary>
/// <param name="At">Microseconds since 1970-01-01 UTC.</param>
/// <param name="ActorId">Null for the product.</param>
/// <param name="SealedAt">Microseconds since 1970-01-01 UTC.</param>
public readonly record struct AuditContent(
    Guid TenantId, Guid Id, long At, ReadOnlyMemory<byte> ActorKind, Guid? ActorId, ReadOnlyMemory<byte> ActorName, ReadOnlyMemory<byte>? Address,
    ReadOnlyMemory<byte> Action, ReadOnlyMemory<byte> Subject, ReadOnlyMemory<byte> Details, ReadOnlyMemory<byte>? Before, ReadOnlyMemory<byte>? After, long SealedAt)
{
    public static ReadOnlyMemory<byte> Utf8(string text) => Encoding.UTF8.GetBytes(text);

    /// <summary>Null stays null: no address and an empty one are two things.</summary>
    public static ReadOnlyMemory<byte>? OptionalUtf8(string? text) => text is null ? default(ReadOnlyMemory<byte>?) : Encoding.UTF8.GetBytes(text);

    /// <summary>Microseconds since 1970-01-01 UTC; what is finer is cut off, as the database does.</summary>
    public static long Microseconds(DateTimeOffset instant) => (instant.UtcTicks - DateTimeOffset.UnixEpoch.UtcTicks) / TimeSpan.TicksPerMicrosecond;

    public static DateTimeOffset Instant(long microseconds) => DateTimeOffset.UnixEpoch.AddTicks(microseconds * TimeSpan.TicksPerMicrosecond);
}
