using System.Buffers;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using OffGridFlow.Core.Auditing;

namespace OffGridFlow.Infrastructure.Auditing;

/// <summary>The newest sealed entry of an organization at an instant, as it is signed into the daily file.</summary>
/// <param name="Hash">64 small hexadecimal digits.</param>
public sealed record AuditHead(Guid Tenant, long Sequence, string Hash, DateTimeOffset At);

/// <summary>
/// One line of a daily file: JSON in a fixed order, the SHA-256 of the line before it in the series of files, and at its end the
/// signature over all bytes before <c>,"signature":</c>.
/// </summary>
internal sealed record AuditHeadLine(AuditHead Head, string Previous, string Signature, int SignedBytes)
{
    private const string InstantFormat = "yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'";
    private static ReadOnlySpan<byte> SignatureName => ",\"signature\":"u8;

    /// <summary>What the first line of the series names in place of a line before it.</summary>
    public static string Start { get; } = new('0', 2 * AuditChain.HashLength);

    /// <returns>The line's bytes, without an end of line.</returns>
    public static byte[] Write(AuditHead head, string previous, AuditSigningKey key)
    {
        var buffer = new ArrayBufferWriter<byte>(400);
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteString("tenant"u8, head.Tenant);
            json.WriteNumber("sequence"u8, head.Sequence);
            json.WriteString("hash"u8, head.Hash);
            json.WriteString("at"u8, head.At.UtcDateTime.ToString(InstantFormat, CultureInfo.InvariantCulture));
            json.WriteString("previous"u8, previous);
        }

        return [.. buffer.WrittenSpan, .. SignatureName, .. Encoding.ASCII.GetBytes($"\"{key.Sign(buffer.WrittenSpan)}\"}}")];
    }

    /// <summary>Null when it is not a whole line of ours.</summary>
    public static AuditHeadLine? Parse(ReadOnlySpan<byte> line)
    {
        var signed = line.LastIndexOf(SignatureName);
        if (signed < 0 || line[^1] != (byte)'}')
        {
            return null;
        }

        try
        {
            using var json = JsonDocument.Parse(line.ToArray());
            var root = json.RootElement;
            var (hash, previous) = (root.GetProperty("hash").GetString()!, root.GetProperty("previous").GetString()!);
            var at = DateTimeOffset.ParseExact(
                root.GetProperty("at").GetString()!, InstantFormat, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal);
            return new AuditHeadLine(
                new AuditHead(root.GetProperty("tenant").GetGuid(), root.GetProperty("sequence").GetInt64(), hash, at), previous, root.GetProperty("signature").GetString()!, signed);
        }
        catch (Exception exception) when (exception is JsonException or KeyNotFoundException or FormatException or InvalidOperationException)
        {
            return null;
        }
    }

    public static string HashOf(ReadOnlySpan<byte> line) => Convert.ToHexStringLower(SHA256.HashData(line));

    public bool IsSignedBy(ECDsa key, ReadOnlySpan<byte> line)
    {
        Span<byte> signature = stackalloc byte[128];
        return Convert.TryFromBase64String(Signature, signature, out var length) && key.VerifyData(line[..SignedBytes], signature[..length], HashAlgorithmName.SHA256);
    }
}
