namespace OffGridFlow.Core.Assurance;

/// <summary>
/// Poisson factors of monetary-unit sampling, as the AICPA Audit Guide, Audit Sampling, prints them (confidence factors for sample evaluation, and expansion
/// factors for expected misstatement), for a risk of incorrect acceptance of 20, 10 and 5 %.
/// </summary>
public static class ConfidenceFactors
{
    /// <summary>Levels of confidence that have factors, in percent.</summary>
    public static readonly IReadOnlyList<int> Levels = [80, 90, 95];

    private static readonly Dictionary<int, decimal[]> Factors = new()
    {
        [80] = [1.61m, 3.00m, 4.28m, 5.52m, 6.73m, 7.91m, 9.08m, 10.24m, 11.38m, 12.52m, 13.66m, 14.78m, 15.90m, 17.02m, 18.13m, 19.24m, 20.34m, 21.44m, 22.54m, 23.64m, 24.73m],
        [90] = [2.31m, 3.89m, 5.33m, 6.69m, 8.00m, 9.28m, 10.54m, 11.78m, 13.00m, 14.21m, 15.41m, 16.60m, 17.79m, 18.96m, 20.13m, 21.30m, 22.46m, 23.61m, 24.76m, 25.91m, 27.05m],
        [95] = [3.00m, 4.75m, 6.30m, 7.76m, 9.16m, 10.52m, 11.85m, 13.15m, 14.44m, 15.71m, 16.97m, 18.21m, 19.45m, 20.67m, 21.89m, 23.10m, 24.31m, 25.50m, 26.70m, 27.88m, 29.07m],
    };

    /// <param name="misstatements">From 0.</param>
    /// <returns>Null beyond what the table prints: 20 misstatements.</returns>
    /// <exception cref="KeyNotFoundException">The level is none of <see cref="Levels"/>.</exception>
    public static decimal? Of(int confidencePercent, int misstatements) =>
        Factors[confidencePercent] is var row && misstatements < row.Length ? row[misstatements] : null;

    /// <summary>By which expected misstatement weighs in the interval.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The level is none of <see cref="Levels"/>.</exception>
    public static decimal Expansion(int confidencePercent) => confidencePercent switch
    {
        80 => 1.3m,
        90 => 1.5m,
        95 => 1.6m,
        _ => throw new ArgumentOutOfRangeException(nameof(confidencePercent), confidencePercent, "80, 90 or 95."),
    };
}
