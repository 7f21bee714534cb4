using OffGridFlow.Core.EmissionFactors;
using OffGridFlow.Core.Quantities;

namespace OffGridFlow.Core.Inventory;

/// <summary>
/// By what kind of data a figure was calculated: of scope 3 the methods of the GHG Protocol's Technical Guidance for Calculating Scope 3 Emissions. Kept with each
/// result; written in lower case with hyphens.
/// </summary>
public enum CalculationMethod
{
    /// <summary>Scope 1: what was burned.</summary>
    Fuel,

    /// <summary>Scope 1: how far a vehicle of the organization went.</summary>
    Distance,

    /// <summary>Scope 1: gases that a process releases.</summary>
    Process,

    /// <summary>Scope 1: refrigerants and other gases that escape.</summary>
    Refrigerant,

    /// <summary>Scope 1 without an emission: own generation, and energy sold.</summary>
    OwnEnergy,

    /// <summary>Scope 2, in the view that is asked for.</summary>
    PurchasedEnergy,

    /// <summary>Scope 3 from here on: emissions or footprints that a supplier or partner reports.</summary>
    SupplierSpecific,

    /// <summary>A supplier's own scopes 1 and 2, averages for the rest.</summary>
    Hybrid,

    /// <summary>Physical amounts with averages of their industry; modeled cloud usage.</summary>
    AverageData,

    /// <summary>Money with averages of an industry.</summary>
    SpendBased,
    FuelBased,
    DistanceBased,
    WasteTypeSpecific,

    /// <summary>What a leased asset itself uses.</summary>
    AssetSpecific,

    /// <summary>What a franchise itself uses.</summary>
    FranchiseSpecific,

    /// <summary>What sold products use or release over their life.</summary>
    UsePhase,

    /// <summary>What an investee reports or uses, by the share that is held.</summary>
    InvestmentSpecific,
}

/// <summary>The method of a figure, from what is entered and not from names.</summary>
public static class CalculationMethods
{
    private const int EnergyCategory = 3;
    private const int InvestmentCategory = 15;

    private static readonly string[] Distances = ["distance", "passenger-distance", "vehicle-distance", "mass-distance"];

    /// <param name="family">Of the activity type.</param>
    /// <param name="isReported">Whether the quantity is an emission already.</param>
    /// <param name="unit">In which the quantity is counted; null where it is unknown.</param>
    /// <param name="scope">Of the figure.</param>
    /// <param name="category">Of the figure.</param>
    /// <param name="worksheet">Key of the worksheet by which the quantity came about; null where it was entered as it is.</param>
    public static CalculationMethod Of(ActivityFamily family, bool isReported, UnitGroup? unit, int scope, int? category, string? worksheet) => scope switch
    {
        1 => family switch
        {
            ActivityFamily.Process => CalculationMethod.Process,
            ActivityFamily.Fugitive => CalculationMethod.Refrigerant,
            ActivityFamily.OwnEnergy => CalculationMethod.OwnEnergy,
            _ => IsDistance(unit) ? CalculationMethod.Distance : CalculationMethod.Fuel,
        },
        2 => CalculationMethod.PurchasedEnergy,
        _ => ValueChain(family, isReported, unit, category, worksheet),
    };

    private static CalculationMethod ValueChain(ActivityFamily family, bool isReported, UnitGroup? unit, int? category, string? worksheet)
    {
        switch (worksheet)
        {
            case "hybrid":
                return CalculationMethod.Hybrid;
            case "supplier-specific" or "supplier-product":
                return CalculationMethod.SupplierSpecific;
            case "floor-area" or "franchise":
                return CalculationMethod.AverageData;
        }

        if (isReported)
        {
            return category == InvestmentCategory ? CalculationMethod.InvestmentSpecific : CalculationMethod.SupplierSpecific;
        }

        if (unit?.Money is not null)
        {
            return CalculationMethod.SpendBased;
        }

        var isEnergy = family != ActivityFamily.ValueChain;
        return category switch
        {
            EnergyCategory => CalculationMethod.AverageData,
            5 or 12 => CalculationMethod.WasteTypeSpecific,
            8 or 13 when isEnergy => CalculationMethod.AssetSpecific,
            14 when isEnergy => CalculationMethod.FranchiseSpecific,
            11 when isEnergy => CalculationMethod.UsePhase,
            InvestmentCategory => CalculationMethod.InvestmentSpecific,
            _ when IsDistance(unit) => CalculationMethod.DistanceBased,
            4 or 6 or 7 or 9 when isEnergy => CalculationMethod.FuelBased,
            _ => CalculationMethod.AverageData,
        };
    }

    private static bool IsDistance(UnitGroup? unit) => unit is not null && Distances.Contains(unit.Name);
}
