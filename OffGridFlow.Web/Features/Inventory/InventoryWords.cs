using System.Globalization;
using OffGridFlow.Core.Inventory;
using OffGridFlow.Core.Organizations;
using OffGridFlow.Infrastructure.Inventory;
using OffGridFlow.Web.Features.Emissions;
using OffGridFlow.Web.Features.Organizations;
using OffGridFlow.Web.Shared;

namespace OffGridFlow.Web.Features.Inventory;

/// <summary>A row of a breakdown.</summary>
/// <param name="Href">Where the figures lie in the explorer; null where it cannot show them.</param>
public sealed record InventoryLine(string Name, InventoryFigures Figures, string? Href);

/// <summary>How an inventory is spoken of.</summary>
internal static class InventoryWords
{
    public const string NotAssigned = "Not assigned";

    public static string Organization(InventorySummary summary, string key) => key.Length == 0 ? NotAssigned : summary.Organizations[Guid.Parse(key, CultureInfo.InvariantCulture)];

    public static string Site(string key) => key.Length == 0 ? "Cloud usage" : key;

    /// <summary>A method as <see cref="InventoryGroup.Keys"/> has it.</summary>
    public static string Method(string key) => key switch
    {
        "" => "Not kept",
        "fuel" => "Fuel burned",
        "distance" => "Distance of own vehicles",
        "process" => "Process gases",
        "refrigerant" => "Refrigerants and leaks",
        "own-energy" => "Own generation and energy sold",
        _ => char.ToUpperInvariant(key[0]) + key[1..],
    };

    public static IEnumerable<(string Name, decimal Kg)> Gases(InventoryFigures figures) =>
    [
        ("CO₂", figures.Co2), ("CH₄", figures.Ch4), ("N₂O", figures.N2o), ("HFCs", figures.Hfcs), ("PFCs", figures.Pfcs), ("SF₆", figures.Sf6), ("NF₃", figures.Nf3),
        ("Published as CO₂e only", figures.Unsplit),
    ];

    public static string Finding(InventoryReport report, MassUnit unit, int decimals) => report.Location.Total is { Results: 0 }
        ? $"Nothing of {report.Period.Name} is in the ledger under {OrganizationWords.Name(report.Location.Filter.Approach).ToLowerInvariant()}"
        : IsSure(report.Location.Total)
            ? $"{report.Period.Name} stands at {Format.MassWithUnit(report.Location.Total.KgCo2e, unit, decimals)} location-based, {Format.Mass(report.Market.Total.KgCo2e, unit, decimals)} market-based"
            : $"Inventory of {report.Period.Name}, not complete yet";

    public static string Note(InventoryReport report, MassUnit unit, int decimals)
    {
        var total = report.Location.Total;
        var parts = new List<string>();
        if (total.ResultsWithoutFigure > 0)
        {
            parts.Add($"{Format.Count(total.ResultsWithoutFigure)} of {Format.Count(total.Results)} results {(total.ResultsWithoutFigure == 1 ? "has" : "have")} no figure and {(total.ResultsWithoutFigure == 1 ? "is" : "are")} outside the totals.");
        }

        if (total.SubmittedKgCo2e != 0)
        {
            parts.Add($"{Format.MassWithUnit(total.SubmittedKgCo2e, unit, decimals)} {(parts.Count == 0 ? "wait" : "more wait")} for approval by a second person.");
        }

        return parts.Count == 0 ? OrganizationWords.Means(report.Location.Filter.Approach) + "." : string.Join(' ', parts);
    }

    public static string Measure(IntensityMeasure measure) => measure switch
    {
        IntensityMeasure.Revenue => "Net revenue",
        IntensityMeasure.FullTimeEmployees => "Full-time equivalents",
        IntensityMeasure.Output => "Output",
        _ => "Floor area",
    };

    /// <summary>Masses per unit that read well: money by the million, all else by one. Kilograms to divide by, and what it is per.</summary>
    public static (decimal Times, string Per) Scale(Intensity intensity) => intensity.Measure switch
    {
        IntensityMeasure.Revenue => (1_000m, $"t CO₂e per million {intensity.Unit}"),
        IntensityMeasure.FullTimeEmployees => (0.001m, "t CO₂e per FTE"),
        IntensityMeasure.FloorArea => (1m, "kg CO₂e per m²"),
        _ => (1m, $"kg CO₂e per {intensity.Unit}"),
    };

    public static string Why(Intensity intensity) => intensity switch
    {
        { Missing.Count: > 0 } => $"No figure: {string.Join(", ", intensity.Missing.Take(3))}{(intensity.Missing.Count > 3 ? $" and {Format.Count(intensity.Missing.Count - 3)} more" : "")}",
        { Units.Count: > 1 } => $"Recorded in {string.Join(" and ", intensity.Units)}, which are not added",
        { Denominator: 0 } => "The figures are zero",
        _ => "No entity is in the boundary",
    };

    public static string ToUrl(ReportingPeriod period, ConsolidationApproach approach) => "/inventory" + Query(period, approach);

    public static string ToDownload(ReportingPeriod period, ConsolidationApproach approach) => "/app/inventory.xlsx" + Query(period, approach);

    public static EmissionsAddress Explorer(ReportingPeriod period) => new() { From = Dates.ParseMonth(Dates.Key(period.FirstDay)), To = Dates.LastDay(period.LastDay) };

    private static string Query(ReportingPeriod period, ConsolidationApproach approach) =>
        $"?period={period.Id:D}&approach={char.ToLowerInvariant(approach.ToString()[0])}{approach.ToString()[1..]}";

    private static bool IsSure(InventoryFigures total) => total.ResultsWithoutFigure == 0;
}
