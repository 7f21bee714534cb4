using System.Buffers.Text;
using System.Security.Cryptography;

namespace OffGridFlow.Core.Auditing;

/// <summary>
/// The chain of an organization's audit entries: each hash covers the entry, its place and the hash before it, so that nothing can be
/// changed, taken out or moved without all later hashes changing too. Described with a worked example in <c>docs/methods/audit-chain.md</c>.
/// </summary>
/// <remarks>Holds a buffer that it uses again for each entry: one instance for one thread.</remarks>
public sealed class AuditChain
{
    /// <summary>Bytes of a SHA-256 hash.</summary>
    public const int HashLength = SHA256.HashSizeInBytes;

    private byte[] _buffer = new byte[1024];
    private int _length;

    /// <summary>What stands before the first entry: 32 zeros.</summary>
    public static ReadOnlySpan<byte> Start => new byte[HashLength];

    /// <summary>
    /// The bytes that are hashed: sixteen fields in a fixed order, each as <c>length:bytes,</c> (a netstring; the length in bytes), null as <c>-,</c>.
    /// No value can therefore pass for another, or run over into the next.
    /// </summary>
    /// <param name="sequence">The place in the chain, from 1.</param>
    /// <param name="previous">The hash before it; <see cref="Start"/> for the first.</param>
    /// <returns>Valid until the next call.</returns>
    public ReadOnlySpan<byte> Canonical(in AuditContent content, long sequence, ReadOnlySpan<byte> previous)
    {
        Span<byte> text = stackalloc byte[2 * HashLength];
        _length = 0;
        Add("1"u8);
        AddGuid(content.TenantId);
        AddNumber(sequence);
        Convert.TryToHexStringLower(previous, text, out var digits);
        Add(text[..digits]);
        AddGuid(content.Id);
        AddNumber(content.At);
        Add(content.ActorKind.Span);
        if (content.ActorId is { } actor)
        {
            AddGuid(actor);
        }
        else
        {
            AddNull();
        }

        Add(content.ActorName.Span);
        AddOptional(content.Address);
        Add(content.Action.Span);
        Add(content.Subject.Span);
        Add(content.Details.Span);
        AddOptional(content.Before);
        AddOptional(content.After);
        AddNumber(content.SealedAt);
        return _buffer.AsSpan(0, _length);
    }

    /// <summary>Writes the hash of <see cref="Canonical"/>.</summary>
    /// <param name="hash">At least <see cref="HashLength"/> bytes; may be the same as <paramref name="previous"/>.</param>
    public void Hash(in AuditContent content, long sequence, ReadOnlySpan<byte> previous, Span<byte> hash) =>
        SHA256.HashData(Canonical(content, sequence, previous), hash);

    private void AddGuid(Guid value)
    {
        Span<byte> text = stackalloc byte[36];
        value.TryFormat(text, out var written);
        Add(text[..written]);
    }

    private void AddNumber(long value)
    {
        Span<byte> text = stackalloc byte[20];
        Utf8Formatter.TryFormat(value, text, out var written);
        Add(text[..written]);
    }

    private void AddOptional(ReadOnlyMemory<byte>? field)
    {
        if (field is { } value)
        {
            Add(value.Span);
        }
        else
        {
            AddNull();
        }
    }

    private void AddNull()
    {
        var room = Room(2);
        "-,"u8.CopyTo(room);
        _length += 2;
    }

    private void Add(ReadOnlySpan<byte> field)
    {
        var room = Room(field.Length + 12);
        Utf8Formatter.TryFormat(field.Length, room, out var digits);
        room[digits] = (byte)':';
        field.CopyTo(room[(digits + 1)..]);
        room[digits + 1 + field.Length] = (byte)',';
        _length += digits + field.Length + 2;
    }

    private Span<byte> Room(int bytes)
    {
        if (_buffer.Length - _length < bytes)
        {
            Array.Resize(ref _buffer, Math.Max(_buffer.Length * 2, _length + bytes));
        }

        return _buffer.AsSpan(_length);
    }
}
