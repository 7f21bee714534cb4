using OffGridFlow.Core.Quantities;

namespace OffGridFlow.Core.Assurance;

/// <summary>An item of a sample with what was found.</summary>
/// <param name="AuditedKg">What it ought to be; the same as <paramref name="Kg"/> where it was agreed; null: nobody has checked it yet.</param>
public sealed record CheckedItem(int Scope, SampleStratum Stratum, decimal Kg, decimal? AuditedKg)
{
    /// <summary>Above zero: the ledger says too much.</summary>
    public decimal FoundKg => AuditedKg is { } audited ? Kg - audited : 0m;
}

/// <summary>What the differences of a sample say of its population, kg CO2e; above zero: the ledger says too much.</summary>
/// <param name="Checked">Items that somebody has checked.</param>
/// <param name="FoundKg">Sum of the differences themselves.</param>
/// <param name="Projected">What each item stands for, in the order of the items; null while one is not checked.</param>
/// <param name="BasicPrecisionKg">What may be there although nothing was found; monetary units only, like what follows.</param>
/// <param name="IncrementalKg">What more the differences found add to it.</param>
/// <param name="UpperLimitKg">Of overstatement, at the confidence asked for; null as <paramref name="Projected"/>, and beyond 20 overstated items.</param>
public sealed record SampleProjection(
    int Items, int Checked, int Differences, decimal FoundKg, IReadOnlyList<decimal>? Projected, decimal? BasicPrecisionKg, decimal? IncrementalKg, decimal? UpperLimitKg)
{
    public decimal? ProjectedKg => Projected?.Sum();

    /// <param name="sampledKg">Positive mass of the population below the interval; monetary units only.</param>
    public static SampleProjection Of(AuditSample sample, IReadOnlyList<CheckedItem> items, decimal sampledKg)
    {
        var done = items.Count(item => item.AuditedKg is not null);
        var (differences, found) = (items.Count(item => item.FoundKg != 0), items.Sum(item => item.FoundKg));
        if (done < items.Count)
        {
            return new SampleProjection(items.Count, done, differences, found, null, null, null, null);
        }

        var projected = items.Select(item => Project(sample, item, items.Count)).ToList();
        if (sample is not { Method: SampleMethod.MonetaryUnit, IntervalKg: { } interval, ConfidencePercent: { } confidence })
        {
            return new SampleProjection(items.Count, done, differences, found, projected, null, null, null);
        }

        // Nothing was left to chance where all mass lies in items that are all taken.
        var basic = sampledKg > 0 ? Exact.Product(ConfidenceFactors.Of(confidence, 0)!.Value, interval) : 0m;
        var incremental = Incremental(confidence, [.. items.Zip(projected).Where(pair => pair.First.Stratum == SampleStratum.Hit && pair.Second > 0).Select(pair => pair.Second)]);
        return new SampleProjection(
            items.Count, done, differences, found, projected, basic, incremental, incremental is null ? null : basic + incremental + projected.Where(kg => kg > 0).Sum());
    }

    /// <summary>
    /// Below the interval: difference ÷ mass (the tainting) × interval. At or above it, or where everything was taken: the difference. Drawn by number:
    /// difference × results of the population ÷ results drawn.
    /// </summary>
    private static decimal Project(AuditSample sample, CheckedItem item, int items) => (item.FoundKg, item.Stratum, sample.Method) switch
    {
        (0m, _, _) => 0m,
        (_, SampleStratum.Hit, _) => Exact.Ratio(item.FoundKg, sample.IntervalKg!.Value, item.Kg),
        (_, _, SampleMethod.Random) => Exact.Ratio(item.FoundKg, sample.PopulationCount, items),
        _ => item.FoundKg,
    };

    /// <summary>Σ (factor of i − factor of i − 1 − 1) × the i-th largest projection.</summary>
    private static decimal? Incremental(int confidence, List<decimal> overstated)
    {
        overstated.Sort((one, other) => other.CompareTo(one));
        var sum = 0m;
        for (var i = 0; i < overstated.Count; i++)
        {
            if (ConfidenceFactors.Of(confidence, i + 1) is not { } factor)
            {
                return null;
            }

            sum += Exact.Product(factor - ConfidenceFactors.Of(confidence, i)!.Value - 1m, overstated[i]);
        }

        return sum;
    }
}
