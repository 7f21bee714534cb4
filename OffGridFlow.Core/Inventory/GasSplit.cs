using OffGridFlow.Core.Calculation;

namespace OffGridFlow.Core.Inventory;

/// <summary>
/// A figure by the seven gases and groups of gases of the Kyoto Protocol, kg CO2e. What a publisher gives as CO2e alone, and what its rounding leaves between
/// its sum and its gases, is in none of them: <see cref="Unsplit"/> of the figure is the rest.
/// </summary>
/// <param name="Co2">Null where the figure has none of it; the same of the others.</param>
public sealed record GasSplit(decimal? Co2, decimal? Ch4, decimal? N2o, decimal? Hfcs, decimal? Pfcs, decimal? Sf6, decimal? Nf3)
{
    public static readonly GasSplit None = new(null, null, null, null, null, null, null);

    public decimal Sum => (Co2 ?? 0) + (Ch4 ?? 0) + (N2o ?? 0) + (Hfcs ?? 0) + (Pfcs ?? 0) + (Sf6 ?? 0) + (Nf3 ?? 0);

    /// <param name="kgCo2e">The whole figure.</param>
    public decimal Unsplit(decimal kgCo2e) => kgCo2e - Sum;

    /// <summary>Of the gases of a figure; those outside the Kyoto Protocol are in no figure and in none of these.</summary>
    public static GasSplit Of(IReadOnlyList<GasAmount> gases)
    {
        ArgumentNullException.ThrowIfNull(gases);
        if (gases.Count == 0)
        {
            return None;
        }

        var sums = new decimal?[7];
        foreach (var gas in gases)
        {
            if (IndexOf(gas.Gas) is { } index)
            {
                sums[index] = (sums[index] ?? 0) + gas.KgCo2e;
            }
        }

        return new GasSplit(sums[0], sums[1], sums[2], sums[3], sums[4], sums[5], sums[6]);
    }

    /// <summary>By the names of <c>reference-data/gwp</c>: hydrofluorocarbons begin with HFC-, perfluorocarbons with PFC-.</summary>
    private static int? IndexOf(string gas) => gas switch
    {
        "CO2" => 0,
        "CH4" or "CH4 (fossil)" or "CH4 (non-fossil)" => 1,
        "N2O" => 2,
        "SF6" => 5,
        "NF3" => 6,
        _ when gas.StartsWith("HFC-", StringComparison.Ordinal) => 3,
        _ when gas.StartsWith("PFC-", StringComparison.Ordinal) => 4,
        _ => null,
    };
}
