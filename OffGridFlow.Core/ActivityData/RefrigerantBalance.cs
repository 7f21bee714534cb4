using OffGridFlow.Core.Quantities;

namespace OffGridFlow.Core.ActivityData;

/// <summary>
/// The stock of a refrigerant over a period, all in the unit of the entry. What left the stock and was neither sold nor went into larger equipment has
/// leaked: start + acquired − disposed − end − growth of the capacity (mass balance of the GHG Protocol HFC tool and of 40 CFR 98.123(g)).
/// </summary>
/// <param name="StockAtStart">In cylinders at the beginning of the first day, not in equipment.</param>
/// <param name="Acquired">Bought, or taken back from equipment that belongs to others.</param>
/// <param name="Disposed">Sold, returned, sent away for recycling or destruction.</param>
/// <param name="StockAtEnd">In cylinders at the end of the last day.</param>
/// <param name="CapacityGrowth">Full charge of equipment put into use less that of equipment taken out of use; negative where more was taken out.</param>
public sealed record RefrigerantBalance(decimal StockAtStart, decimal Acquired, decimal Disposed, decimal StockAtEnd, decimal CapacityGrowth)
{
    /// <summary>What has leaked; below zero where the parts cannot all be right.</summary>
    public decimal Released => Exact.Round(StockAtStart + Acquired - Disposed - StockAtEnd - CapacityGrowth);
}
