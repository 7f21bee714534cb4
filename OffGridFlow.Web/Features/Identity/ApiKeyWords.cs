using System.Globalization;
using OffGridFlow.Core.Identity;
using OffGridFlow.Infrastructure.Identity;
using OffGridFlow.Web.Shared;

namespace OffGridFlow.Web.Features.Identity;

/// <summary>Keys in words.</summary>
internal static class ApiKeyWords
{
    /// <summary>What each scope is called, and one line on what it allows.</summary>
    private static readonly Dictionary<string, (string Name, string Allows)> Scopes = new()
    {
        [Permissions.DashboardsRead] = ("Read totals", "Totals, the list of emissions, the Excel export; estimates of cloud usage, which store nothing."),
        [Permissions.TrailsRead] = ("Read trails", "The trail of a number, down to the line of the bill."),
        [Permissions.ActivityDataRead] = ("Read activity data", "Activities, sites and periods; imports with their state and rejected rows; jobs."),
        [Permissions.ActivityDataWrite] = ("Write activity data", "Enter activities; upload, replace and undo bills; cancel and retry the jobs that it started."),
        [Permissions.AuditRead] = ("Read the audit log", "Who did what and when, with names and network addresses."),
        [Permissions.AssuranceRead] = ("Read assurance", "An auditor’s materiality, samples and findings; comments on findings."),
        [Permissions.AssuranceWrite] = ("Write assurance", "Draw samples, write what was found of them, record and close findings, set materiality."),
        [Permissions.CalculationsRead] = ("Read calculations", "Emission factors and calculation runs; calculations that store nothing."),
        [Permissions.CalculationsPropose] = ("Propose calculations", "Own factors and the order of preference of sets."),
        [Permissions.CalculationsApprove] = ("Approve calculations", "Let a proposed change of factors or methods count."),
        [Permissions.OrganizationsWrite] = ("Write organizations", "Legal entities, sites, periods, business figures and contractual instruments."),
    };

    public static readonly IReadOnlyList<(string Name, IReadOnlyList<string> Scopes)> Presets =
    [
        ("Read totals", [Permissions.DashboardsRead]),
        ("Import bills", [Permissions.ActivityDataRead, Permissions.ActivityDataWrite]),
        ("Read everything", [.. ApiKey.Grantable.Where(scope => scope.EndsWith(".read", StringComparison.Ordinal))]),
    ];

    public static string Scope(string scope) => Scopes.TryGetValue(scope, out var words) ? words.Name : scope;

    public static string Allows(string scope) => Scopes[scope].Allows;

    public static string ScopesOf(ApiKeyRow key) => string.Join(", ", key.Scopes.Select((scope, index) => index == 0 ? Scope(scope) : LowerFirst(Scope(scope))));

    public static string Finding(IReadOnlyList<ApiKeyRow> keys, DateTimeOffset now)
    {
        var soon = keys.Count(key => key.StateAt(now) == ApiKeyState.ExpiresSoon);
        var used = soon + keys.Count(key => key.StateAt(now) == ApiKeyState.InUse);
        return (used, soon) switch
        {
            (0, _) => "No key is in use",
            (1, 0) => "1 key is in use",
            (1, 1) => $"1 key is in use, and it expires within {ApiKey.SoonDays} days",
            (_, 0) => $"{Format.Count(used)} keys are in use, none expires within {ApiKey.SoonDays} days",
            _ => $"{Format.Count(used)} keys are in use, {Format.Count(soon)} {(soon == 1 ? "expires" : "expire")} within {ApiKey.SoonDays} days",
        };
    }

    public static (string Tone, string Icon, string Words) State(ApiKeyRow key, DateTimeOffset now) => key.StateAt(now) switch
    {
        ApiKeyState.Revoked => ("quiet", "ban", "Revoked"),
        ApiKeyState.Expired => ("quiet", "circle-slash", "Expired"),
        ApiKeyState.ExpiresSoon => ("warning", "triangle-alert", "Expires soon"),
        _ => ("good", "circle-check", "In use"),
    };

    /// <summary>The last day, and how far it is: <c>in 12 days</c>, <c>today</c>.</summary>
    public static string Expiry(ApiKeyRow key, DateTimeOffset now)
    {
        // It ends with a day, so the last day is the one before that instant.
        var lastDay = DateOnly.FromDateTime(key.ExpiresAt.UtcDateTime.AddTicks(-1));
        var days = lastDay.DayNumber - DateOnly.FromDateTime(now.UtcDateTime).DayNumber;
        return $"{Dates.Day(lastDay)}, {days switch
        {
            < 0 => "past",
            0 => "today",
            1 => "tomorrow",
            _ => $"in {days.ToString(CultureInfo.InvariantCulture)} days",
        }}";
    }

    public static string LastUsed(ApiKeyRow key, DateTimeOffset now) => key.LastUsedAt is { } at ? Dates.Recent(at, now) : "Never";

    /// <summary>A request that the key may make, to paste into a terminal.</summary>
    public static string Example(Uri address, string key, IReadOnlyList<string> scopes)
    {
        var asked = scopes.Contains(Permissions.ActivityDataWrite) ? "-F kind=auto -F file=@bill.csv.gz " : "";
        var path = asked.Length > 0 ? "imports"
            : scopes.Contains(Permissions.DashboardsRead) ? "emissions/summary?groupBy=month"
            : "auth/me";
        return $"curl -H \"X-Api-Key: {key}\" {asked}\"{new Uri(address, "/api/v1/" + path)}\"";
    }

    public static string RevokeWords(ApiKeyRow key) =>
        $"Whatever sends it is refused from its next request on{(key.LastUsedAt is null ? "; it has never been used" : "")}. What it brought in stays. A revoked key cannot be brought back: to go on, make another one and put it where this one was.";

    private static string LowerFirst(string words) => char.ToLowerInvariant(words[0]) + words[1..];
}
