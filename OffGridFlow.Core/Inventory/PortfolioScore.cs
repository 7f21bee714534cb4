using OffGridFlow.Core.Quantities;

namespace OffGridFlow.Core.Inventory;

/// <param name="Outstanding">In one currency for all, zero or more.</param>
/// <param name="Score">PCAF's data quality score, 1 (best) to 5.</param>
public readonly record struct ScoredInvestment(decimal Outstanding, int Score);

/// <summary>PCAF, Part A (2022), box 8: how good the data of a portfolio are.</summary>
public static class PortfolioScore
{
    /// <summary>Σ outstanding × score ÷ Σ outstanding, rounded once; null where nothing is outstanding.</summary>
    /// <exception cref="QuantityOverflowException">The sum has more than 16 digits before the point.</exception>
    public static decimal? Of(IEnumerable<ScoredInvestment> investments)
    {
        var (weighted, all) = (0m, 0m);
        foreach (var investment in investments)
        {
            weighted += investment.Outstanding * investment.Score;
            all += investment.Outstanding;
        }

        return all == 0 ? null : Exact.Ratio(weighted, 1m, all);
    }
}
