namespace OffGridFlow.Infrastructure.Imports;

internal sealed record BillOptions
{
    /// <summary>Says which dates are plausible.</summary>
    public TimeProvider Clock { get; init; } = TimeProvider.System;

    public BillFileLimits Limits { get; init; } = new();

    /// <summary>Distinct kinds, and distinct pairs of account and month, that one part may hold: they stay in memory.</summary>
    public int MaxKinds { get; init; } = 1_000_000;
}
