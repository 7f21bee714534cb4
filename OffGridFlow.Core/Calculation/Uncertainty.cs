namespace OffGridFlow.Core.Calculation;

/// <param name="KgCo2e">The figure, kg CO2e.</param>
/// <param name="ActivityPercent">Half of the 95 % interval of the quantity, percent.</param>
/// <param name="FactorId">Figures of one factor err together.</param>
/// <param name="FactorPercent">Half of the 95 % interval of the factor, percent.</param>
public readonly record struct UncertainFigure(decimal KgCo2e, decimal ActivityPercent, string FactorId, decimal FactorPercent);

/// <summary>
/// Spread of a sum at 95 %: errors of quantities are independent, the error of a factor is the same in all figures made with it:
/// U² = Σ(Eᵢ·uᵢ)² + Σ_f(u_f·Σ_{i∈f} Eᵢ)² (propagation of error, IPCC 2006 Guidelines, vol. 1, ch. 3, equations 3.1 and 3.2).
/// </summary>
public static class Uncertainty
{
    /// <summary>Half of the 95 % interval of the sum, in kg CO2e, rounded to 12 decimals.</summary>
    public static decimal OfSum(IEnumerable<UncertainFigure> figures)
    {
        var squares = 0m;
        var factors = new Dictionary<string, (decimal Sum, decimal Percent)>(StringComparer.Ordinal);
        foreach (var figure in figures)
        {
            var own = figure.KgCo2e * figure.ActivityPercent / 100m;
            squares += own * own;
            factors[figure.FactorId] = (factors.GetValueOrDefault(figure.FactorId).Sum + figure.KgCo2e, figure.FactorPercent);
        }

        foreach (var (sum, percent) in factors.Values)
        {
            var joint = sum * percent / 100m;
            squares += joint * joint;
        }

        return Math.Round(SquareRoot(squares), 12, MidpointRounding.ToEven);
    }

    /// <summary>Newton's method from the binary approximation: two steps give all digits of a decimal.</summary>
    private static decimal SquareRoot(decimal value)
    {
        if (value == 0)
        {
            return 0;
        }

        var root = (decimal)Math.Sqrt((double)value);
        for (var i = 0; i < 3 && root != 0; i++)
        {
            root = (root + (value / root)) / 2m;
        }

        return root;
    }
}
