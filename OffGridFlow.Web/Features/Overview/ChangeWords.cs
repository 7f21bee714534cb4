using OffGridFlow.Core.Targets;
using OffGridFlow.Infrastructure.Targets;
using OffGridFlow.Web.Shared;

namespace OffGridFlow.Web.Features.Overview;

/// <summary>Causes of a change in words.</summary>
internal static class ChangeWords
{
    public static IReadOnlyList<(string Name, decimal Kg)> Causes(Decomposition causes) =>
        [("Activity", causes.Activity), ("Emission factors", causes.Factor), ("Method", causes.Method), ("Boundary", causes.Boundary)];

    /// <summary>What is missing has no mass to hold a change against: then only the subject is stated.</summary>
    public static string Finding(DecompositionReport report, MassUnit unit, int decimals)
    {
        var (causes, difference) = (report.Causes, report.Causes.DifferenceKg);
        if (report.MissingBefore + report.MissingAfter > 0 || difference == 0)
        {
            return difference == 0 && report.MissingBefore + report.MissingAfter == 0 ? $"As much as in {report.Before.Name}" : "Causes of the change";
        }

        var change = $"{(difference < 0 ? "the fall" : "the rise")} of {Format.MassWithUnit(Math.Abs(difference), unit, decimals)}";
        var largest = Causes(causes).Where(cause => Math.Sign(cause.Kg) == Math.Sign(difference)).OrderByDescending(cause => Math.Abs(cause.Kg)).First();
        var words = largest.Name switch
        {
            "Activity" => difference < 0 ? "Lower activity explains" : "Higher activity explains",
            "Emission factors" => difference < 0 ? "Lower factors explain" : "Higher factors explain",
            "Method" => "Other methods explain",
            _ => "A change of boundary explains",
        };
        return Math.Abs(largest.Kg) >= Math.Abs(difference) ? $"{words} {change}"
            : Math.Abs(largest.Kg) * 2m >= Math.Abs(difference) ? $"{words} most of {change}"
            : $"Several causes make {change}";
    }
}
