using OffGridFlow.Core.Inventory;
using OffGridFlow.Core.Organizations;
using OffGridFlow.Infrastructure.Inventory;
using OffGridFlow.Web.Shared;

namespace OffGridFlow.Web.Features.Inventory;

/// <summary>Locks and snapshots in words.</summary>
internal static class LockWords
{
    /// <summary>The sentence over the page.</summary>
    public static string Finding(InventoryLockState state)
    {
        var name = state.Period.Name;
        if (state.Period.State == ReportingPeriodState.Filed)
        {
            return $"{name} is filed: it stands as it was reported";
        }

        if (state.Period.State == ReportingPeriodState.Locked)
        {
            return state.Asked is { } asked ? $"{name} is locked; {asked.Author} asks to reopen it" : $"{name} is locked as snapshot {Format.Count(state.Snapshots[0].Number)}";
        }

        var open = state.Conditions.Count(condition => condition.Stops);
        return state.Asked is { } waiting ? $"{name} is open; {waiting.Author} asks to lock it"
            : open == 0 ? $"{name} is ready to be locked"
            : $"{name} is open: {Format.Count(open)} of {Format.Count(state.Conditions.Count(condition => !condition.IsWarning))} conditions {(open == 1 ? "is" : "are")} not met";
    }

    public static (string Tone, string Icon, string Words) Look(LockCondition condition) => condition switch
    {
        { IsMet: true } => ("good", "circle-check", "Met"),
        { IsWarning: true } => ("warning", "triangle-alert", "Needs a reason"),
        _ => ("error", "octagon-x", "Not met"),
    };

    public static string Action(LockAction action) => action switch
    {
        LockAction.LockAsked => "Asked to lock",
        LockAction.Locked => "Locked",
        LockAction.ReopenAsked => "Asked to reopen",
        LockAction.Reopened => "Reopened",
        _ => "Withdrawn",
    };

    public static string By(string by) => by switch
    {
        "scope" => "By scope",
        "category" => "By category",
        "entity" => "By entity",
        "site" => "By site",
        "activityType" => "By activity type",
        _ => "Total",
    };

    /// <summary>What is compared.</summary>
    public static string Compared(SnapshotDifference difference) =>
        $"Snapshot {Format.Count(difference.From)} and {(difference.To is { } to ? $"snapshot {Format.Count(to)}" : "the ledger as it is")}";
}
