using OffGridFlow.Core.Calculation;
using OffGridFlow.Core.Organizations;
using OffGridFlow.Core.Targets;
using OffGridFlow.Infrastructure.Targets;
using OffGridFlow.Web.Shared;

namespace OffGridFlow.Web.Features.Targets;

/// <summary>Base year in words.</summary>
internal static class BaseYearWords
{
    /// <summary>The sentence over the page.</summary>
    public static string Finding(BaseYearView view) => view switch
    {
        { Policy: null } => "Base year",
        { Effects: null } => "The base-year policy waits for approval",
        { Effects: { Changes.Count: 0 } effects } => $"Nothing has changed for {effects.Period.Name} since its figures were set",
        { Effects: { } effects } => Finding(effects, effects.Significance),
    };

    /// <summary>E.g. <c>Not significant: 4.1 % so far, the threshold is 5 %</c>.</summary>
    public static string Finding(BaseYearEffects effects, BaseYearSignificance significance) =>
        $"{(significance.IsSignificant ? "Significant" : "Not significant")}: {Reach(significance)}, the threshold is {Format.Percent(effects.Policy.Threshold, Decimals(effects.Policy.Threshold))}";

    public static string Kind(BaseYearTrigger kind) => kind switch
    {
        BaseYearTrigger.Structural => "Structural",
        BaseYearTrigger.Method => "Method or factors",
        _ => "Error or addition",
    };

    public static string Choice(BaseYearChoice choice) => choice switch
    {
        BaseYearChoice.Set => "Figures set",
        BaseYearChoice.Recalculated => "Recalculated",
        _ => "Kept",
    };

    public static string Grouping(SignificanceGrouping grouping) => grouping switch
    {
        SignificanceGrouping.Total => "all scopes together",
        SignificanceGrouping.Scope3Apart => "scopes 1 and 2, and Scope 3 apart",
        _ => "each scope for itself",
    };

    public static string Approach(ConsolidationApproach approach) => approach switch
    {
        ConsolidationApproach.EquityShare => "Equity share",
        ConsolidationApproach.FinancialControl => "Financial control",
        _ => "Operational control",
    };

    public static string Group(SignificanceGroup group) => group.Name + group.View switch
    {
        Scope2Method.Location => ", location-based",
        Scope2Method.Market => ", market-based",
        _ => "",
    };

    public static string Share(SignificanceGroup group) => group.Share is { } share ? Format.Change(share * 100m, 2) + Format.NoBreakSpace + "%" : "base is zero";

    /// <summary>Kinds that count, in words.</summary>
    public static string Triggers(BaseYearPolicy policy) => string.Join(", ", Enum.GetValues<BaseYearTrigger>().Where(policy.Counts).Select(kind => Kind(kind).ToLowerInvariant()));

    private static string Reach(BaseYearSignificance significance) => significance.LargestShare is { } share ? Format.Percent(share) + " so far" : "a group that was zero has changed";

    private static int Decimals(decimal share) => share * 100m == Math.Truncate(share * 100m) ? 0 : 1;
}
