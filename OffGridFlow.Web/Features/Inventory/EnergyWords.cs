using OffGridFlow.Core.Calculation;
using OffGridFlow.Core.Inventory;
using OffGridFlow.Core.Organizations;
using OffGridFlow.Web.Features.Organizations;

namespace OffGridFlow.Web.Features.Inventory;

/// <summary>How the energy ledger is spoken of.</summary>
internal static class EnergyWords
{
    private const decimal KilowattHoursPerMegawattHour = 1000m;

    public static string Line(EnergyLineKind kind) => kind switch
    {
        EnergyLineKind.Coal => "Coal and coal products",
        EnergyLineKind.Petroleum => "Crude oil and petroleum products",
        EnergyLineKind.NaturalGas => "Natural gas",
        EnergyLineKind.OtherFossil => "Other fossil sources",
        EnergyLineKind.PurchasedFossil => "Purchased electricity, heat, steam and cooling, fossil",
        EnergyLineKind.PurchasedNuclear => "Purchased electricity, heat, steam and cooling, nuclear",
        EnergyLineKind.RenewableFuel => "Renewable fuels, biomass among them",
        EnergyLineKind.PurchasedRenewable => "Purchased electricity, heat, steam and cooling, renewable",
        _ => "Self-generated without fuel",
    };

    public static string Source(EnergySource source) => source switch
    {
        EnergySource.Fossil => "Fossil",
        EnergySource.Nuclear => "Nuclear",
        _ => "Renewable",
    };

    public static decimal MegawattHours(decimal kilowattHours) => kilowattHours / KilowattHoursPerMegawattHour;

    /// <summary>One decimal tells rows apart; a small total gets more.</summary>
    public static int Decimals(EnergyStatement statement) => Math.Abs(MegawattHours(statement.Total)) >= 100 ? 1 : 3;

    /// <summary>What is counted where coverage is.</summary>
    public const string Result = "A result is a month of an entry, or the part of it that one contract covers.";

    /// <summary>Why there is no figure.</summary>
    public static string Reason(string gap) => gap switch
    {
        EnergyGaps.Distance => "Entered by distance, which tells no energy",
        EnergyGaps.Basis => "kWh of a fuel, without saying by gross or net calorific value",
        EnergyGaps.Content => "No calorific value is published for its unit",
        EnergyGaps.NoResult => "Its entry could not be calculated",
        _ => "Calculated before there was an energy ledger",
    };

    /// <summary>What to do about it.</summary>
    public static string Mend(string gap) => gap switch
    {
        EnergyGaps.Distance => "Enter the fuel or the charged kWh instead of the distance.",
        EnergyGaps.Basis => "Enter it in kWh (Gross CV) or kWh (Net CV), as the bill says.",
        EnergyGaps.Content => "Enter it in t, l or kWh, or with the supplier’s own calorific value.",
        EnergyGaps.NoResult => "Mend the exception of the entry.",
        _ => "Run a recalculation and approve it.",
    };

    public static string MendHref(string gap) => gap switch
    {
        EnergyGaps.NoResult => "/exceptions",
        EnergyGaps.Distance or EnergyGaps.Basis or EnergyGaps.Content => "/activities",
        _ => "/runs",
    };

    /// <summary>Who says what the energy is.</summary>
    public static string Evidence(EnergyEvidence evidence) => evidence.InstrumentId is null ? "No contract"
        : evidence.Name ?? "A contract that is not there any more";

    public static string Says(EnergyEvidence evidence) => evidence switch
    {
        { InstrumentId: null } => "Taken for fossil: nobody says what generated it",
        { IsUnstated: true } => "Taken for fossil: the contract does not say what generates",
        _ => evidence.Kind is { } kind ? InstrumentWords.Kind(kind) : "",
    };

    /// <summary>Where the results of a part lie in the explorer.</summary>
    public static string Trail(ReportingPeriod period, EnergyPart part, bool isPurchased) => (InventoryWords.Explorer(period) with
    {
        Scope = isPurchased ? 2 : 1, Service = part.ActivityType, Scope2Method = isPurchased ? Scope2Method.Market : Scope2Method.Location,
    }).ToUrl();

    public static bool IsPurchased(EnergyLineKind kind) => kind is EnergyLineKind.PurchasedFossil or EnergyLineKind.PurchasedNuclear or EnergyLineKind.PurchasedRenewable;
}
