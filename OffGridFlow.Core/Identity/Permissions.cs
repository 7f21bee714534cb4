namespace OffGridFlow.Core.Identity;

/// <summary>What a person may do. Each is also the name of an authorization policy; pages, services and endpoints ask for the same constant.</summary>
public static class Permissions
{
    public const string DashboardsRead = "dashboards.read";
    public const string TrailsRead = "trails.read";
    public const string ActivityDataRead = "activity-data.read";
    public const string ActivityDataWrite = "activity-data.write";
}
