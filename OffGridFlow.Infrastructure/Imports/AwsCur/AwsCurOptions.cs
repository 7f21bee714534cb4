namespace OffGridFlow.Infrastructure.Imports.AwsCur;

internal sealed record AwsCurOptions
{
    public TimeProvider Clock { get; init; } = TimeProvider.System;

    public AwsRegionTable Regions { get; init; } = AwsRegionTable.Shared;

    public BillFileLimits Limits { get; init; } = new();

    /// <summary>Distinct kinds, and distinct pairs of account and month, that one file may hold: they stay in memory.</summary>
    public int MaxKinds { get; init; } = 1_000_000;
}
