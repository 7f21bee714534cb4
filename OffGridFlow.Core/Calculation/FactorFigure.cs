using OffGridFlow.Core.EmissionFactors;

namespace OffGridFlow.Core.Calculation;

/// <summary>What one unit of a factor comes to, by the arithmetic of a calculation.</summary>
public static class FactorFigure
{
    /// <summary>kg CO2e per unit, gases outside the Kyoto Protocol and biogenic CO2 left out; null where a gas has no potential in the set, or there is no figure.</summary>
    /// <param name="gwp">Applied to masses; a published CO2e stands as it is.</param>
    public static decimal? KgCo2e(EmissionFactor factor, GwpTable table, GwpSet gwp) =>
        factor.Basis == GasBasis.Energy || factor.Part == FactorPart.OutsideScopes ? null : FactorArithmetic.Multiply(1m, factor, table, gwp, out _)?.KgCo2e;
}
