namespace OffGridFlow.Infrastructure.Imports;

/// <summary>Sixty-four bits stand for a provider's line id: enough to recognize a line again, and small enough to keep for every line.</summary>
internal static class LineIds
{
    private const ulong Basis = 14695981039346656037UL;

    /// <summary>FNV-1a, 64 bits, over two texts and the border between them: the same in every version of the program.</summary>
    public static long Hash(ReadOnlySpan<byte> first, ReadOnlySpan<byte> second) =>
        unchecked((long)Add(Add(Add(Basis, first), [0]), second));

    private static ulong Add(ulong hash, ReadOnlySpan<byte> bytes)
    {
        foreach (var part in bytes)
        {
            hash = (hash ^ part) * 1099511628211UL;
        }

        return hash;
    }
}
