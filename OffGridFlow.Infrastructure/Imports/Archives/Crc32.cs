namespace OffGridFlow.Infrastructure.Imports.Archives;

/// <summary>The checksum of zip archives (ISO 3309, polynomial 0xEDB88320), eight bytes at a time.</summary>
internal struct Crc32()
{
    private static readonly uint[][] Tables = Make();
    private uint _state = uint.MaxValue;

    public readonly uint Value => ~_state;

    public void Add(ReadOnlySpan<byte> bytes)
    {
        var state = _state;
        while (bytes.Length >= 8)
        {
            var low = System.Buffers.Binary.BinaryPrimitives.ReadUInt32LittleEndian(bytes) ^ state;
            var high = System.Buffers.Binary.BinaryPrimitives.ReadUInt32LittleEndian(bytes[4..]);
            state = Tables[7][(byte)low] ^ Tables[6][(byte)(low >> 8)] ^ Tables[5][(byte)(low >> 16)] ^ Tables[4][low >> 24]
                ^ Tables[3][(byte)high] ^ Tables[2][(byte)(high >> 8)] ^ Tables[1][(byte)(high >> 16)] ^ Tables[0][high >> 24];
            bytes = bytes[8..];
        }

        foreach (var value in bytes)
            state = (state >> 8) ^ Tables[0][(byte)(state ^ value)];
        _state = state;
    }

    private static uint[][] Make()
    {
        var tables = new uint[8][];
        for (var t = 0; t < 8; t++)
        {
            tables[t] = new uint[256];
            for (uint i = 0; i < 256; i++)
            {
                var entry = t == 0 ? i : tables[t - 1][i];
                for (var bit = 0; bit < 8; bit++)
                    entry = (entry & 1) == 0 ? entry >> 1 : (entry >> 1) ^ 0xEDB88320;
                tables[t][i] = entry;
            }
        }

        return tables;
    }
}
