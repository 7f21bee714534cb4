using OffGridFlow.Core.EmissionFactors;
using OffGridFlow.Core.Quantities;

namespace OffGridFlow.Core.Calculation;

/// <summary>Masses of one figure, in kg.</summary>
internal sealed record Masses(decimal KgCo2e, IReadOnlyList<GasAmount> Gases, decimal BiogenicKgCo2, decimal NonKyotoKgCo2e, string GwpBasis);

/// <summary>
/// Quantity × factor, gas by gas (<c>docs/methods/calculation.md</c>). Each product is a named step and is rounded once. Masses take the inventory's
/// potentials; a published CO2e is multiplied as it stands, and its potentials are used only to tell the masses of the gases.
/// </summary>
internal static class FactorArithmetic
{
    /// <param name="quantity">In the factor's unit.</param>
    /// <returns>Null when the factor has no figure at all, or a gas no potential; then <paramref name="fault"/> says why.</returns>
    public static Masses? Multiply(decimal quantity, EmissionFactor factor, GwpTable gwp, GwpSet set, out CalculationFault? fault)
    {
        fault = null;
        var biogenic = factor.BiogenicCo2 is { } living ? Exact.Product(quantity, living) : 0m;
        if (factor.Part == FactorPart.OutsideScopes)
        {
            // What stands beside the scopes and is no CO2 of living matter is a gas outside the Kyoto Protocol.
            fault = factor.BiogenicCo2 is null && factor.Co2e is null ? Faults.NoFigure(factor) : null;
            return fault is null
                ? new Masses(0m, [], biogenic, factor.Co2e is { } beside ? Exact.Product(quantity, beside) : 0m, factor.Set.GwpBasis ?? "none")
                : null;
        }

        if (factor.Basis == GasBasis.Co2e)
        {
            return Published(quantity, factor, gwp, biogenic, out fault);
        }

        var gases = new List<GasAmount>(3);
        var (total, aside) = (0m, 0m);
        foreach (var (name, perUnit) in GasesOf(factor))
        {
            var potential = name == GwpTable.Ch4
                ? gwp.Potential(set, factor.BiogenicMethane ? GwpTable.BiogenicCh4 : GwpTable.FossilCh4) ?? gwp.Potential(set, name)
                : gwp.Potential(set, name);
            if (potential is not { } known)
            {
                fault = Faults.NoPotential(name, set);
                return null;
            }

            var kg = Exact.Product(quantity, perUnit);
            var co2e = Exact.Product(kg, known);
            gases.Add(new GasAmount(name, kg, co2e, known));
            if (gwp.Find(name) is { IsKyoto: false })
            {
                aside += co2e;
            }
            else
            {
                total += co2e;
            }
        }

        if (gases.Count == 0 && factor.BiogenicCo2 is null)
        {
            fault = Faults.NoFigure(factor);
            return null;
        }

        return new Masses(total, gases, biogenic, aside, set.ToString().ToUpperInvariant());
    }

    /// <summary>A gas or a blend that is released as it is: kg × share × potential.</summary>
    public static Masses? Release(decimal kilograms, string gas, GwpTable gwp, GwpSet set, out CalculationFault? fault)
    {
        fault = null;
        IReadOnlyList<BlendPart> parts = gwp.Find(gas) is { } pure ? [new BlendPart(pure.Name, 1m)] : gwp.Blends.GetValueOrDefault(gas, []);
        if (parts.Count == 0)
        {
            fault = Faults.UnknownGas(gas);
            return null;
        }

        var gases = new List<GasAmount>(parts.Count);
        var (total, aside) = (0m, 0m);
        foreach (var part in parts)
        {
            var kg = Exact.Product(kilograms, part.Share);
            var known = gwp.Find(part.Gas);
            var potential = gwp.Potential(set, part.Gas);
            if (known is not null && potential is null)
            {
                fault = Faults.NoPotential(known.Name, set);
                return null;
            }

            // A hydrocarbon in a blend is no gas of the table: it is listed with its mass and without a potential.
            var co2e = potential is { } value ? Exact.Product(kg, value) : 0m;
            gases.Add(new GasAmount(known?.Name ?? part.Gas, kg, co2e, potential));
            if (known is { IsKyoto: true })
            {
                total += co2e;
            }
            else
            {
                aside += co2e;
            }
        }

        return new Masses(total, gases, 0m, aside, set.ToString().ToUpperInvariant());
    }

    private static Masses? Published(decimal quantity, EmissionFactor factor, GwpTable gwp, decimal biogenic, out CalculationFault? fault)
    {
        fault = null;
        var gases = new List<GasAmount>(3);
        var basis = Enum.TryParse<GwpSet>(factor.Set.GwpBasis, ignoreCase: true, out var publishers) ? publishers : (GwpSet?)null;
        foreach (var (name, perUnit) in GasesOf(factor))
        {
            var co2e = Exact.Product(quantity, perUnit);
            var potential = name == GwpTable.Co2 ? 1m : basis is { } set ? gwp.Potential(set, name) : null;
            gases.Add(new GasAmount(name, potential is { } known ? Exact.Ratio(co2e, 1m, known) : null, co2e, potential));
        }

        if (factor.Co2e is null && gases.Count == 0 && factor.BiogenicCo2 is null)
        {
            fault = Faults.NoFigure(factor);
            return null;
        }

        // The published sum counts: its gases are rounded each for itself and need not add up to it.
        var total = factor.Co2e is { } sum ? Exact.Product(quantity, sum) : gases.Sum(gas => gas.KgCo2e);
        return new Masses(total, gases, biogenic, 0m, factor.Set.GwpBasis ?? "as published");
    }

    private static IEnumerable<(string Name, decimal PerUnit)> GasesOf(EmissionFactor factor)
    {
        if (factor.Co2 is { } co2)
        {
            yield return (GwpTable.Co2, co2);
        }

        if (factor.Ch4 is { } ch4)
        {
            yield return (GwpTable.Ch4, ch4);
        }

        if (factor.N2o is { } n2o)
        {
            yield return (GwpTable.N2o, n2o);
        }

        foreach (var (name, perUnit) in factor.OtherGases.OrderBy(gas => gas.Key, StringComparer.Ordinal))
        {
            yield return (name, perUnit);
        }
    }
}
