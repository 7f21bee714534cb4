using OffGridFlow.Core.ActivityData;
using OffGridFlow.Core.Calculation;
using OffGridFlow.Core.CloudUsage;
using OffGridFlow.Core.EmissionFactors;
using OffGridFlow.Core.Inventory;
using OffGridFlow.Infrastructure.Inventory;
using OffGridFlow.Web.Shared;

namespace OffGridFlow.Web.Features.Emissions;

/// <summary>The field's words for dimensions, classes and reasons.</summary>
internal static class EmissionsWords
{
    /// <summary>Kilograms.</summary>
    private const decimal LessThanTheLedgerKeeps = 0.0000000000001m;

    /// <summary>A Scope 3 category with number and name.</summary>
    public static string Category(string key) =>
        int.TryParse(key, System.Globalization.CultureInfo.InvariantCulture, out var number) && number is >= 1 and <= 15 ? $"{key} {CategoryNames.Of(number)}" : "Without category";

    public static string UrlName(EmissionsDimension dimension) => dimension == EmissionsDimension.UsageClass ? "usageClass" : dimension.ToString().ToLowerInvariant();

    public static string UrlName(UsageClass usageClass) => usageClass.ToString().ToLowerInvariant();

    public static string UrlName(Scope2Method method) => method.ToString().ToLowerInvariant();

    public static string Name(Scope2Method method) => method == Scope2Method.Market ? "Market-based" : "Location-based";

    /// <summary>What of an activity's causes a result covers.</summary>
    public static string Name(FactorPart part) => part switch
    {
        FactorPart.Upstream => "Upstream, before the point of use",
        FactorPart.Losses => "Lost in transmission and distribution",
        FactorPart.LossesUpstream => "Upstream of what is lost in transmission and distribution",
        FactorPart.LifeCycle => "Direct and upstream in one figure",
        FactorPart.OutsideScopes => "Outside the scopes",
        _ => "At the point of use",
    };

    public static string Name(EmissionsDimension dimension) => dimension == EmissionsDimension.UsageClass ? "Usage class" : dimension.ToString();

    public static string Name(ExplorerColumn column) => column switch
    {
        ExplorerColumn.Operational => "Operational emissions",
        ExplorerColumn.Embodied => "Embodied emissions",
        _ => column.ToString(),
    };

    public static string QualityName(string quality) => quality switch
    {
        "missing" => "No figure",
        "excluded" => "Left out by rule",
        "defaulted" => "Defaulted",
        "measured" => "Measured",
        _ => "Estimated",
    };

    public static string Name(UsageClass usageClass) => usageClass switch
    {
        UsageClass.Managed => "Managed service",
        UsageClass.Unknown => "Unknown usage",
        UsageClass.Excluded => "Left out by rule",
        UsageClass.None => "Entered activity",
        _ => usageClass.ToString(),
    };

    /// <summary>What tells one result of an entry from the others, and what must be seen beside it.</summary>
    public static IEnumerable<string> OfEntry(EmissionRow row)
    {
        if (row.EntryId is null) yield break;
        if (row.Part is { } part && part != FactorPart.Direct) yield return Name(part).ToLowerInvariant();
        if (row.Scope2Method is { } method) yield return method == UrlName(Scope2Method.Market) ? "market-based" : "location-based";
        if (row.BiogenicKgCo2 is { } biogenic) yield return $"memo: {Format.Number(biogenic / 1000m, 2)} t CO2 from living matter";
        if (row.EntryStatus == EntryStatus.Submitted) yield return "not approved yet";
    }

    /// <summary>A key as the bill writes it; empty means that the bill does not say.</summary>
    public static string Key(string key) => key.Length == 0 ? "not named in the bill" : key;

    public static string Key(EmissionsDimension dimension, string key) => dimension switch
    {
        EmissionsDimension.Month when Dates.ParseMonth(key) is { } month => Dates.Month(month),
        EmissionsDimension.Scope => "Scope " + key,
        EmissionsDimension.Category => Category(key),
        EmissionsDimension.Site => key.Length == 0 ? "no site" : key,
        EmissionsDimension.UsageClass when Enum.TryParse<UsageClass>(key, ignoreCase: true, out var usageClass) => Name(usageClass),
        _ => Key(key),
    };

    /// <summary>False when nothing in a group has a figure: it then reads “no data”, which is not zero.</summary>
    public static bool HasResult(EmissionsFigures figures) =>
        figures.Activities > figures.ActivitiesWithoutResult && (figures.KgCo2e != 0 || figures.KilowattHours != 0);

    /// <summary>
    /// A mass as it is to be shown. The ledger keeps twelve decimals of a kilogram: what is less stands there as zero, although
    /// electricity was used. That reads “&lt; 0.1”, and not as a zero that it is not.
    /// </summary>
    public static decimal Shown(decimal kg, decimal? kilowattHours) => kg == 0 && kilowattHours > 0 ? LessThanTheLedgerKeeps : kg;

    /// <summary>The same of a row. What a contract without emissions covers is a zero and reads so.</summary>
    public static decimal? Shown(EmissionRow row) => row.KgCo2e is { } kg && row.EntryId is null ? Shown(kg, row.KilowattHours) : row.KgCo2e;

    /// <summary>True when a group holds only what a rule leaves out: nothing is missing there, a dash stands.</summary>
    public static bool LeftOut(EmissionsFigures figures) => !HasResult(figures) && figures.ActivitiesWithoutResult == 0;

    /// <summary>The weakest quality that weighs more than half counts for the row.</summary>
    public static string Quality(EmissionsFigures figures) =>
        !HasResult(figures) ? "missing"
        : figures.DefaultedKgCo2e * 2 > figures.KgCo2e ? "defaulted"
        : figures.MeasuredKgCo2e * 2 > figures.KgCo2e ? "measured"
        : "estimated";

    /// <summary>Why usage of a class has no figure.</summary>
    public static string Reason(UsageClass usageClass) => usageClass switch
    {
        UsageClass.Unknown => "No rule knows this usage",
        UsageClass.Managed => "Managed service without a hardware quantity",
        UsageClass.Excluded => "Left out by a named rule: support, fees, incoming traffic",
        UsageClass.None => "An entered activity cannot be calculated as it stands",
        _ => $"{Name(usageClass)}: size or unit is not known",
    };

    public static string WhatToDo(UsageClass usageClass) => usageClass switch
    {
        UsageClass.Unknown => "Look at the usage types; they stay visible with their cost until a rule fits",
        UsageClass.Managed => "Ask the provider for its figure; none is made up from cost",
        UsageClass.Excluded => "Nothing: listed so that nothing is silent",
        UsageClass.None => "See Exceptions: each has its reason and what mends it",
        _ => "Check the instance type and unit in the bill's lines",
    };
}
