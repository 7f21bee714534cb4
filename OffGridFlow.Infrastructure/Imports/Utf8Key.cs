using System.Buffers.Binary;

namespace OffGridFlow.Infrastructure.Imports;

/// <summary>Joins byte strings to one key in which each keeps its borders.</summary>
internal sealed class Utf8Key
{
    private byte[] _bytes = new byte[1024];
    private int _length;

    public ReadOnlySpan<byte> Bytes => _bytes.AsSpan(0, _length);

    public Utf8Key Clear()
    {
        _length = 0;
        return this;
    }

    public Utf8Key Add(ReadOnlySpan<byte> part)
    {
        if (_bytes.Length - _length < part.Length + sizeof(int))
            Array.Resize(ref _bytes, Math.Max(_bytes.Length * 2, _length + part.Length + sizeof(int)));
        BinaryPrimitives.WriteInt32LittleEndian(_bytes.AsSpan(_length), part.Length);
        part.CopyTo(_bytes.AsSpan(_length + sizeof(int)));
        _length += part.Length + sizeof(int);
        return this;
    }
}
