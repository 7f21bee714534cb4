namespace OffGridFlow.Core.Inventory;

/// <summary>The fifteen categories of scope 3 (GHG Protocol Scope 3 Standard, table 5.4).</summary>
public static class CategoryNames
{
    private static readonly string[] Names =
    [
        "Purchased goods and services", "Capital goods", "Fuel- and energy-related activities", "Upstream transport and distribution",
        "Waste generated in operations", "Business travel", "Employee commuting", "Upstream leased assets", "Downstream transport and distribution",
        "Processing of sold products", "Use of sold products", "End-of-life treatment of sold products", "Downstream leased assets", "Franchises", "Investments",
    ];

    /// <param name="category">1 to 15.</param>
    /// <exception cref="ArgumentOutOfRangeException">It is none of them.</exception>
    public static string Of(int category) => category is >= 1 and <= 15 ? Names[category - 1] : throw new ArgumentOutOfRangeException(nameof(category), category, "1 to 15.");
}
