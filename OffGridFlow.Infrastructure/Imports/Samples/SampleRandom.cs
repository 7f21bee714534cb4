namespace OffGridFlow.Infrastructure.Imports.Samples;

/// <summary>
/// SplitMix64 (Steele, Lea, Flood 2014). Our own, and whole numbers only: System.Random and Math.Pow may differ
/// between runtimes and processors, and a sample bill must not.
/// </summary>
internal struct SampleRandom(ulong seed)
{
    private ulong state = seed;

    public ulong Next()
    {
        state += 0x9E3779B97F4A7C15;
        var z = state;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }

    /// <summary>0 to <paramref name="bound"/> − 1.</summary>
    public int Below(int bound) => (int)(((Next() >> 32) * (ulong)bound) >> 32);

    /// <summary>0 to <paramref name="bound"/> − 1.</summary>
    public long BelowLong(long bound) => (long)Math.BigMul(Next(), (ulong)bound, out _);

    public bool Percent(int chance) => Below(100) < chance;

    /// <summary>Between the two (both at least 1), every order of magnitude about as likely as the next.</summary>
    public long LogUniform(long least, long most)
    {
        var low = System.Numerics.BitOperations.Log2((ulong)least);
        var high = System.Numerics.BitOperations.Log2((ulong)most);
        var power = 1L << (low + Below(high - low + 1));
        return Math.Clamp(power + BelowLong(power), least, most);
    }

    /// <summary>An index into running totals, in proportion to the steps between them.</summary>
    public int Pick(long[] runningTotals)
    {
        var found = Array.BinarySearch(runningTotals, BelowLong(runningTotals[^1]) + 1);
        return found >= 0 ? found : ~found;
    }

    /// <summary>FNV-1a with a final mix: a stable number for a text (string.GetHashCode changes with every process).</summary>
    public static ulong Hash(string text)
    {
        var hash = 14695981039346656037UL;
        foreach (var character in text)
            hash = (hash ^ character) * 1099511628211;
        return new SampleRandom(hash).Next();
    }
}
