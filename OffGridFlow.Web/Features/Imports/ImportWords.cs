using OffGridFlow.Core.Imports;
using OffGridFlow.Infrastructure.Imports;
using OffGridFlow.Web.Shared;

namespace OffGridFlow.Web.Features.Imports;

internal static class ImportWords
{
    public static bool IsRunning(this ImportRow import) => import.Status is ImportStatus.Queued or ImportStatus.Running;

    public static bool IsPublished(this ImportRow import) => import.Status is ImportStatus.Succeeded or ImportStatus.CompletedWithErrors;

    /// <summary>Rows of a spreadsheet, which become entries; all other kinds are cloud bills.</summary>
    public static bool IsActivityData(this ImportRow import) => import.Kind == "activity-data";

    public static string Tone(ImportStatus status) => status switch
    {
        ImportStatus.Succeeded => "good",
        ImportStatus.CompletedWithErrors => "warning",
        ImportStatus.Failed => "error",
        ImportStatus.Running => "accent",
        ImportStatus.Queued => "ink",
        _ => "quiet",
    };

    public static string Icon(ImportStatus status) => status switch
    {
        ImportStatus.Succeeded => "circle-check",
        ImportStatus.CompletedWithErrors => "triangle-alert",
        ImportStatus.Failed => "octagon-x",
        ImportStatus.Running => "loader",
        ImportStatus.Queued => "clock",
        ImportStatus.Undone => "undo-2",
        _ => "circle-slash",
    };

    public static string Words(ImportRow import) => import.Status switch
    {
        ImportStatus.Succeeded => "Completed",
        ImportStatus.CompletedWithErrors => "Completed with errors",
        ImportStatus.Running => "Running, " + Format.Percent((decimal)import.Progress, 0),
        var other => other.ToString(),
    };

    public static string Kind(string kind) => kind switch
    {
        "aws-cur" => "AWS Cost and Usage Report",
        "aws-cur2" => "AWS Cost and Usage Report 2.0",
        "focus" => "FOCUS cost file",
        "activity-data" => "Activity data",
        _ => kind,
    };

    public static string BatchState(string state) => state switch
    {
        "current" => "Current",
        "superseded" => "Replaced by a newer import",
        "undone" => "Undone",
        "loading" => "Loading",
        _ => state,
    };
}
