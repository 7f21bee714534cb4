using System.Globalization;
using OffGridFlow.Core.Calculation.Runs;
using OffGridFlow.Infrastructure.Calculation.Runs;
using OffGridFlow.Web.Shared;

namespace OffGridFlow.Web.Features.Calculation;

/// <summary>Runs in words.</summary>
internal static class RunWords
{
    public static string State(RunRow run) => run.State switch
    {
        RunState.Calculating when run.HasDifference => "Writing results",
        RunState.Calculating => "Being worked out",
        RunState.RolledBack => "Rolled back",
        _ => run.State.ToString(),
    };

    public static string Tone(RunState state) => state switch
    {
        RunState.Approved => "good",
        RunState.Proposed or RunState.Calculating => "accent",
        RunState.Failed => "error",
        _ => "quiet",
    };

    public static string Icon(RunState state) => state switch
    {
        RunState.Calculating => "loader",
        RunState.Proposed => "clock",
        RunState.Approved => "circle-check",
        RunState.RolledBack => "undo-2",
        RunState.Failed => "octagon-x",
        _ => "circle-slash",
    };

    /// <summary>The finding: what it would do to the total, location-based.</summary>
    public static string Finding(RunRow run, RunDifference? difference)
    {
        var name = "Run " + Number(run);
        if (run is { State: RunState.Calculating, HasDifference: false }) return $"{name} is being worked out; no figure has moved";
        if (difference is null) return $"{name} has no difference";
        var kg = difference.Total.DifferenceKg;
        var past = run.State is RunState.Approved or RunState.RolledBack;
        if (run.Changed == 0) return $"{name} {(past ? "changed" : "changes")} nothing";
        if (kg == 0) return $"{name} {(past ? "left" : "leaves")} the total as it is";
        var verb = (kg < 0, past) switch { (true, true) => "lowered", (true, false) => "would lower", (false, true) => "raised", _ => "would raise" };
        var unit = Format.MassUnitFor(kg);
        var share = difference.Total.BeforeKg == 0 ? "" : $" ({Signed(kg, kg / Math.Abs(difference.Total.BeforeKg))})";
        return $"{name} {verb} the total by {Format.MassWithUnit(Math.Abs(kg), unit, 1)}{share}";
    }

    public static string Note(RunRow run) => run is { State: RunState.Calculating, HasDifference: false }
        ? "Entries are calculated beside the ledger. The page follows by itself."
        : $"{Format.Count(run.Entries)} {(run.Entries == 1 ? "entry" : "entries")} calculated{(run.Seconds is { } seconds ? " in " + Dates.Brief(TimeSpan.FromSeconds((double)seconds)) : "")}; "
            + $"{Format.Count(run.Changed)} {(run.Changed == 1 ? "changes" : "change")}, {Format.Count(run.Entries - run.Changed)} stay the same to the last digit; "
            + (run.NewExceptions == 0 ? "no new exceptions" : $"{Format.Count(run.NewExceptions)} would have no figure any more")
            + (run.ClearedExceptions == 0 ? "." : $", {Format.Count(run.ClearedExceptions)} exceptions {(run.State is RunState.Proposed or RunState.Calculating ? "would be" : "were")} mended.");

    public static string Percent(RunGroup group) => group.DifferenceKg == 0 ? "no change" : group.BeforeKg == 0 ? "new" : Signed(group.DifferenceKg, group.DifferenceKg / Math.Abs(group.BeforeKg));

    public static string Number(RunRow run) => run.Number.ToString(CultureInfo.InvariantCulture);

    /// <summary>What a group is called in a list.</summary>
    public static string Name(RunGrouping grouping, RunGroup group)
    {
        string Key(string key) => group.Keys.GetValueOrDefault(key, "");
        return grouping switch
        {
            RunGrouping.Scope => "Scope " + Key("scope"),
            RunGrouping.Category => Place(group),
            RunGrouping.Entity => Key("entity"),
            RunGrouping.Site => Key("site"),
            RunGrouping.Year => Key("year"),
            _ => Key("activityType"),
        };
    }

    /// <summary>Scope, category and view: <c>Scope 3.3</c>, <c>Scope 2, market-based</c>.</summary>
    public static string Place(RunGroup group)
    {
        var category = group.Keys.GetValueOrDefault("category", "");
        var view = group.Keys.GetValueOrDefault("scope2Method", "") switch { "location" => ", location-based", "market" => ", market-based", _ => "" };
        return "Scope " + group.Keys.GetValueOrDefault("scope", "") + (category.Length == 0 ? "" : "." + category) + view;
    }

    private static string Signed(decimal kg, decimal share) => kg > 0 ? "+" + Format.Percent(share) : Format.Percent(share).Replace("-", "−", StringComparison.Ordinal);
}
