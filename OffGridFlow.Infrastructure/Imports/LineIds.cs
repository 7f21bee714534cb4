namespace OffGridFlow.Infrastructure.Imports;

/// <summary>Sixty-four bits stand for a provider's line id: enough to recognize a line again, and small enough to keep for every line.</summary>
internal static class LineIds
{
    /// <summary>FNV-1a, 64 bits: the same in every version of the program.</summary>
    public static long Hash(ReadOnlySpan<byte> id)
    {
        var hash = 14695981039346656037UL;
        foreach (var part in id)
        {
            hash = (hash ^ part) * 1099511628211UL;
        }

        return unchecked((long)hash);
    }
}
