namespace OffGridFlow.Infrastructure.Imports;

/// <summary>What a bill may measure before it is taken for an attack or a mistake.</summary>
internal sealed record BillFileLimits
{
    /// <summary>Bytes of text after unpacking. The largest bills known are some tens of gigabytes.</summary>
    public long MaxTextBytes { get; init; } = 200L << 30;

    /// <summary>Bytes of text up to which the ratio is not looked at: short repetitive files pack very well.</summary>
    public long RatioFreeBytes { get; init; } = 64L << 20;

    /// <summary>Bytes of text per packed byte. Real reports reach 30 to 50, gzip cannot pass 1,032.</summary>
    public int MaxRatio { get; init; } = 200;

    /// <summary>Bytes of one row.</summary>
    public int MaxRecordBytes { get; init; } = 8 << 20;

    /// <summary>Bytes of one field.</summary>
    public int MaxFieldBytes { get; init; } = 1 << 20;
}
