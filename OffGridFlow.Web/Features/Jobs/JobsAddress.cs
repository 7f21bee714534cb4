using System.Globalization;
using OffGridFlow.Core.Jobs;
using OffGridFlow.Infrastructure.Jobs;

namespace OffGridFlow.Web.Features.Jobs;

/// <summary>What of the history is shown, as it stands in the page's address.</summary>
/// <param name="Show"><c>failed</c>, <c>errors</c> or null for all.</param>
/// <param name="Days">The last so many days; null for all time.</param>
public sealed record JobsAddress(string? Show, string? Kind, string? By, int? Days)
{
    public const string Failed = "failed";
    public const string Errors = "errors";

    /// <summary>Whether the menu of kinds, people and times is in use.</summary>
    public bool IsNarrowed => Kind is not null || By is not null || Days is not null;

    public JobFilter ToFilter(DateTimeOffset now) => new(
        Show == Failed ? JobState.Failed : null, Show == Errors, Kind, Ended: true, By, Days is > 0 and < 10_000 and var days ? now - TimeSpan.FromDays(days) : null);

    public string ToUrl()
    {
        var parts = new (string Name, string? Value)[] { ("show", Show), ("kind", Kind), ("by", By), ("days", Days?.ToString(CultureInfo.InvariantCulture)) }
            .Where(part => part.Value is not null).Select(part => $"{part.Name}={Uri.EscapeDataString(part.Value!)}").ToList();
        return parts.Count == 0 ? "/jobs" : "/jobs?" + string.Join('&', parts);
    }
}
