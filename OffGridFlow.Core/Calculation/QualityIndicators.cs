namespace OffGridFlow.Core.Calculation;

/// <summary>The five indicators of data quality (GHG Protocol Scope 3 Standard, table 7.6), in the order in which ratings are stored.</summary>
public enum QualityIndicator
{
    Technology,
    Time,
    Place,
    Completeness,
    Reliability,
}

/// <summary>Ratings from 1 (very good) to 5 (very poor), one for each <see cref="QualityIndicator"/>.</summary>
public static class QualityIndicators
{
    public const int Count = 5;

    /// <summary>The mean of the five, 1 to 5; null when they are not rated.</summary>
    public static decimal? Mean(IReadOnlyList<int> ratings) => ratings.Count == Count ? ratings.Sum() / (decimal)Count : null;

    /// <summary>The mean over figures, each weighing by its mass; null when none is rated.</summary>
    public static decimal? Mean(IEnumerable<(decimal KgCo2e, IReadOnlyList<int> Ratings)> figures)
    {
        var (mass, sum) = (0m, 0m);
        foreach (var (kg, ratings) in figures)
        {
            if (Mean(ratings) is { } mean)
            {
                mass += Math.Abs(kg);
                sum += Math.Abs(kg) * mean;
            }
        }

        return mass == 0 ? null : sum / mass;
    }
}
