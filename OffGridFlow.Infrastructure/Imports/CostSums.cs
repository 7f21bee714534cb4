namespace OffGridFlow.Infrastructure.Imports;

/// <summary>Sums of money, each currency apart.</summary>
internal static class CostSums
{
    public static Dictionary<string, decimal> Of(IEnumerable<IReadOnlyDictionary<string, decimal>> costs) =>
        costs.SelectMany(cost => cost).GroupBy(cost => cost.Key).ToDictionary(cost => cost.Key, cost => cost.Sum(part => part.Value));
}
