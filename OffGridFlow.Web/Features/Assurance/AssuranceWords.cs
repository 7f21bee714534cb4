using System.Globalization;
using OffGridFlow.Core.Assurance;
using OffGridFlow.Core.Calculation;
using OffGridFlow.Infrastructure.Assurance;
using OffGridFlow.Web.Features.Emissions;
using OffGridFlow.Web.Shared;

namespace OffGridFlow.Web.Features.Assurance;

/// <summary>An auditor's papers in words.</summary>
internal static class AssuranceWords
{
    public static string Kind(FindingKind kind) => kind switch
    {
        FindingKind.FactualMisstatement => "Factual misstatement",
        FindingKind.JudgmentalMisstatement => "Judgmental misstatement",
        FindingKind.ProjectedMisstatement => "Projected misstatement",
        FindingKind.Control => "Control",
        _ => "Presentation",
    };

    public static (string Tone, string Icon) Look(FindingStatus status) => status switch
    {
        FindingStatus.Open => ("info", "user"),
        FindingStatus.Answered => ("info", "clock"),
        FindingStatus.Corrected => ("good", "circle-check"),
        FindingStatus.Uncorrected => ("warning", "triangle-alert"),
        _ => ("quiet", "circle-slash"),
    };

    public static string Step(FindingStep step, FindingStatus status) => step switch
    {
        FindingStep.Closed => status.ToString(),
        FindingStep.Reopened => "Opened again",
        _ => step.ToString(),
    };

    public static string Method(AuditSample sample) => sample.Method switch
    {
        SampleMethod.MonetaryUnit => "Monetary units, " + Format.Percent(sample.ConfidencePercent!.Value / 100m, 0) + " confidence",
        SampleMethod.Random => "Random",
        _ => "All results",
    };

    public static string Method(SampleMethod method) => method switch
    {
        SampleMethod.MonetaryUnit => "Monetary units: each kg has the same chance",
        SampleMethod.Random => "Random: each result has the same chance",
        _ => "All results",
    };

    public static string Why(SampleStratum stratum) => stratum switch
    {
        SampleStratum.High => "High value",
        SampleStratum.Hit => "Hit",
        _ => "Drawn",
    };

    public static string View(Scope2Method view) => view == Scope2Method.Location ? "Location-based" : "Market-based";

    /// <summary>What a sample is drawn from.</summary>
    public static string Population(AuditSample sample, string? site)
    {
        var parts = new List<string> { sample.Scope is { } scope ? "Scope " + scope.ToString(CultureInfo.InvariantCulture) : "All scopes" };
        if (sample.Category is { } category) parts.Add(EmissionsWords.Category(category.ToString(CultureInfo.InvariantCulture)));
        if (sample.SiteId is not null) parts.Add(site ?? "one site");
        if (sample.Activity is not null) parts.Add(sample.Activity);
        if (sample.Scope is null or 2) parts.Add(View(sample.View).ToLowerInvariant());
        return string.Join(", ", parts);
    }

    /// <summary>The sentence over the page. No opinion.</summary>
    public static string Finding(StandingState state)
    {
        var (sum, levels) = (state.Summary.Total, state.Materiality.Current);
        if (levels is null) return "Materiality is not set for " + state.Materiality.Period.Name;
        var unit = Format.MassUnitFor(levels.MaterialityKg);
        // A heading is divided into lines of one length: not within a figure.
        string Whole(decimal kg) => Format.MassWithUnit(kg, unit, 2).Replace(' ', Format.NoBreakSpace);
        var (gross, materiality) = (Whole(sum.GrossKg), Whole(levels.MaterialityKg));
        // What nobody has checked yet may change it.
        var below = state.Unfinished.Count > 0 ? "So far below materiality" : "Below materiality";
        return state.Summary.Standing switch
        {
            MisstatementStanding.Above => $"Above materiality: {gross} of misstatements are not corrected, materiality is {materiality}",
            MisstatementStanding.AbovePerformance =>
                $"Above performance materiality: {gross} of misstatements are not corrected, performance materiality is {Whole(levels.PerformanceKg)}",
            _ when sum.GrossKg == 0 => $"{below}: no misstatement is left uncorrected, materiality is {materiality}",
            _ => $"{below}: {gross} of misstatements are not corrected, materiality is {materiality}",
        };
    }

    /// <summary>A figure of its own against a level.</summary>
    public static string Against(decimal kg, decimal level) => Math.Abs(kg) > level ? "above" : "below";

    public static string Finding(SampleDetail detail)
    {
        var p = detail.Projection;
        var (left, unit) = (p.Items - p.Checked, Format.MassUnitFor(Math.Max(Math.Abs(p.ProjectedKg ?? 0m), Math.Abs(p.FoundKg))));
        return detail.Sample.SetAsideAt is not null ? "This sample was set aside and counts no more"
            : left > 0 ? $"{Format.Count(left)} of {Format.Count(p.Items)} items {(left == 1 ? "is" : "are")} not checked yet"
            : p.Differences == 0 ? (p.Items == 1 ? "The item was checked, without a difference" : $"All {Format.Count(p.Items)} items were checked, without a difference")
            : $"{Format.Count(p.Differences)} of {Format.Count(p.Items)} items differ; projected to the population {Format.Change(Format.In(p.ProjectedKg!.Value, unit), 2)}{Format.NoBreakSpace}{Format.Name(unit)}";
    }
}
