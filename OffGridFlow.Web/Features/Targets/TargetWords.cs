using System.Globalization;
using OffGridFlow.Core.Calculation;
using OffGridFlow.Core.Targets;
using OffGridFlow.Infrastructure.Targets;
using OffGridFlow.Web.Shared;

namespace OffGridFlow.Web.Features.Targets;

/// <summary>Targets and scenarios in words.</summary>
internal static class TargetWords
{
    /// <summary>The sentence over the page: where the latest year stands, unless what is missing could turn it.</summary>
    public static string Finding(TargetReport report)
    {
        if (report.Latest is not { Gap: { } gap } latest || latest.Year == report.BasePeriod.LastDay.Year)
        {
            return report.Target.Name;
        }

        // No mass is known for what is missing: then nothing is said about the gap.
        if (latest.Missing > 0 || latest.Path is not { } path)
        {
            return $"{report.Target.Name}: {latest.Period} has results without a figure";
        }

        var share = path == 0 ? "" : $", {Format.Percent(Math.Abs(gap / path))} of it";
        return gap switch
        {
            0 => $"{latest.Period} stands on the path",
            > 0 => $"{latest.Period} stands {Value(report, gap)} above the path{share}",
            _ => $"{latest.Period} stands {Value(report, -gap)} below the path{share}",
        };
    }

    /// <summary>With its unit.</summary>
    public static string Value(TargetReport report, decimal value) => Number(report, value) + Format.NoBreakSpace + UnitName(report);

    public static string Number(TargetReport report, decimal value) => Format.Mass(value, UnitOf(report), report.Target.Kind == TargetKind.Absolute ? 1 : 3);

    public static string Change(TargetReport report, decimal value) => Format.Change(Format.In(value, UnitOf(report)), report.Target.Kind == TargetKind.Absolute ? 1 : 3);

    public static MassUnit UnitOf(TargetReport report) => Format.MassUnitFor(report.BaseValue ?? report.Years.Select(year => year.Actual ?? 0m).DefaultIfEmpty().Max());

    public static string UnitName(TargetReport report) => Format.Name(UnitOf(report)) + (report.Unit is null ? "" : " per " + report.Unit);

    public static string Kind(TargetKind kind) => kind == TargetKind.Absolute ? "Absolute emissions" : "Intensity";

    public static string Denominator(TargetDenominator denominator) => denominator switch
    {
        TargetDenominator.Revenue => "Net revenue",
        TargetDenominator.FullTimeEmployees => "Full-time employees",
        TargetDenominator.Output => "Output",
        _ => "Floor area",
    };

    public static string Path(TargetPathKind path) => path switch
    {
        TargetPathKind.Linear => "In equal steps to the target year",
        TargetPathKind.AbsoluteContraction => "The same share of the base year every year",
        _ => "A share of the year before every year",
    };

    /// <summary>E.g. <c>Scopes 1 and 2, location-based</c>.</summary>
    public static string Coverage(Target target)
    {
        var scopes = target.Scopes.Select(scope => scope.ToString(CultureInfo.InvariantCulture)).ToList();
        var text = scopes.Count == 1 ? "Scope " + scopes[0] : $"Scopes {string.Join(", ", scopes[..^1])} and {scopes[^1]}";
        if (target.Categories.Length > 0) text += $", of Scope 3 {(target.Categories.Length == 1 ? "category" : "categories")} {string.Join(", ", target.Categories)}";
        return target.Scopes.Contains(2) ? text + (target.Scope2Method == Scope2Method.Location ? ", location-based" : ", market-based") : text;
    }

    public static string Lever(LeverKind kind) => kind switch
    {
        LeverKind.Activity => "Change of activity",
        LeverKind.Factor => "Change of factor",
        _ => "Replacement",
    };

    public static string Effect(Lever lever) => lever.Kind == LeverKind.Replacement
        ? $"{Format.Percent(lever.Change, 0)} replaced" + (lever.Substitute == 0 ? "" : $" by what emits {Format.Percent(lever.Substitute, 0)} of it")
        : Format.Change(lever.Change * 100m, 1) + Format.NoBreakSpace + "%";

    public static string Years(Lever lever) => lever.FromYear == lever.ToYear ? Year(lever.FromYear) : $"{Year(lever.FromYear)} to {Year(lever.ToYear)}";

    /// <summary>What a lever reaches.</summary>
    public static string Reach(Lever lever)
    {
        string?[] parts = [lever.Scope is { } scope ? "Scope " + Year(scope) : null, lever.Category is { } category ? "category " + Year(category) : null, lever.Site, lever.ActivityType];
        var said = parts.OfType<string>().ToList();
        return said.Count == 0 ? "all that the target covers" : string.Join(", ", said);
    }

    public static string Year(int number) => number.ToString(CultureInfo.InvariantCulture);
}
