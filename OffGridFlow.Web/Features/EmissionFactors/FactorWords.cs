using System.Globalization;
using OffGridFlow.Core.EmissionFactors;
using OffGridFlow.Infrastructure.EmissionFactors;
using OffGridFlow.Web.Shared;

namespace OffGridFlow.Web.Features.EmissionFactors;

/// <summary>Words of the factor library.</summary>
internal static class FactorWords
{
    public static string Part(FactorPart part) => part switch
    {
        FactorPart.Direct => "Direct",
        FactorPart.Upstream => "Upstream (well-to-tank)",
        FactorPart.Losses => "Losses in the grid",
        FactorPart.LossesUpstream => "Upstream of losses",
        FactorPart.LifeCycle => "Life cycle",
        _ => "Outside the scopes",
    };

    public static string Part(string part) => Enum.TryParse<FactorPart>(part, out var known) ? Part(known) : part;

    public static string Supply(SupplyKind supply) => supply switch
    {
        SupplyKind.GridAverage => "Grid average: location-based, and the last resort of market-based",
        SupplyKind.ResidualMix => "Residual mix: market-based only",
        SupplyKind.Supplier => "Supplier's or contract's rate: market-based only",
        SupplyKind.Marginal => "Marginal: for projects, never for an inventory",
        _ => "Not purchased energy",
    };

    public static string Gwp(GwpSet gwp) => gwp switch
    {
        GwpSet.Sar => "SAR (1995)",
        GwpSet.Ar4 => "AR4 (2007)",
        GwpSet.Ar5 => "AR5 (2013)",
        GwpSet.Ar5Feedback => "AR5 with feedback",
        _ => "AR6 (2021)",
    };

    public static string Vintage(Vintage vintage) => vintage switch
    {
        Core.EmissionFactors.Vintage.EditionYear => "For consumption in the year of the edition, no other",
        Core.EmissionFactors.Vintage.DataYear => "For consumption in the data year and up to three later ones, while nothing later is published; never for an earlier one",
        _ => "For the days that it names",
    };

    public static string Gas(string gas) => gas.Replace("CO2", "CO₂", StringComparison.Ordinal).Replace("CH4", "CH₄", StringComparison.Ordinal)
        .Replace("N2O", "N₂O", StringComparison.Ordinal).Replace("SF6", "SF₆", StringComparison.Ordinal).Replace("NF3", "NF₃", StringComparison.Ordinal);

    /// <summary>The set and its edition, as short as a column is.</summary>
    public static string Set(EmissionFactor factor) => factor.Set.IsOwn ? "Own: " + factor.Set.Title : factor.Set.Id;

    /// <summary>The one figure of a list, as published digits where it is published, else with five that count.</summary>
    public static string Figure(FactorRow row) => row switch
    {
        { Factor.Basis: GasBasis.Energy, Factor.Co2e: { } energy } => Format.Digits(energy),
        { KgCo2e: { } figure } => Short(figure),
        { Factor.Part: FactorPart.OutsideScopes, Factor.BiogenicCo2: { } living } => Format.Digits(living),
        _ => "–",
    };

    /// <summary>What <see cref="Figure"/> counts, per unit.</summary>
    public static string Mass(FactorRow row) => row switch
    {
        { Factor.Basis: GasBasis.Energy } => "kWh",
        { KgCo2e: not null } => "kg CO₂e",
        { Factor.Part: FactorPart.OutsideScopes } => "kg biogenic CO₂",
        _ => "no figure",
    };

    /// <summary>For screen readers, which stumble over subscripts.</summary>
    public static string Spoken(FactorRow row) =>
        $"{row.Factor.Name}: {Figure(row)} {Mass(row).Replace('₂', '2')} per {row.Factor.Unit}, {row.Stored.RegionName}, {row.Factor.Year.ToString(CultureInfo.InvariantCulture)}, open details";

    /// <summary>Six digits that count: what computed sums of gases need to be told apart by.</summary>
    public static string Short(decimal figure)
    {
        if (figure == 0)
        {
            return "0";
        }

        var before = (int)Math.Floor(Math.Log10((double)Math.Abs(figure))) + 1;
        return Format.Digits(Math.Round(figure, Math.Clamp(6 - before, 0, 12), MidpointRounding.AwayFromZero));
    }

    public static string Change(decimal share) => share == 0 ? "no change" : Format.Change(share * 100m, Math.Abs(share) < 0.1m ? 2 : 1) + Format.NoBreakSpace + "%";

    /// <summary>Of a shipped or own set, why its factor is not offered any more.</summary>
    public static string? Gone(StoredFactor stored) => stored switch
    {
        { RetiredAt: null } => null,
        { Factor.Set.IsOwn: true } => "This own factor was retired: it is not offered and not chosen any more. Results made with it stay as they are.",
        _ => "This set was replaced by another one under its name: the factor is not offered and not chosen any more. Results made with it stay as they are.",
    };
}
