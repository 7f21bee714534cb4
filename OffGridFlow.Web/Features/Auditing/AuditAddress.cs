using System.Globalization;
using OffGridFlow.Infrastructure.Auditing;

namespace OffGridFlow.Web.Features.Auditing;

/// <summary>What of the audit log is shown, as it stands in the page's address.</summary>
/// <param name="From">First day, UTC.</param>
/// <param name="To">Last day, UTC; included.</param>
/// <param name="Action">An action, or a noun with a dot for all its actions: <c>import.</c>.</param>
/// <param name="Entry">The entry that is open.</param>
public sealed record AuditAddress(DateOnly? From, DateOnly? To, string? Action, Guid? Actor, string? Subject, string? Search, Guid? Entry)
{
    public const string Path = "/audit";

    public bool IsNarrowed => From is not null || To is not null || Action is not null || Actor is not null || Subject is not null || Search is not null;

    /// <summary>Reads what the address holds; what cannot be read does not narrow.</summary>
    public static AuditAddress Of(string? from, string? to, string? action, string? actor, string? subject, string? search, string? entry) => new(
        Day(from), Day(to), Some(action), Guid.TryParse(actor, out var person) ? person : null, Some(subject), Some(search), Guid.TryParse(entry, out var id) ? id : null);

    public AuditFilter ToFilter() => new(
        From is { } first ? Start(first) : null, To is { } last ? Start(last.AddDays(1)).AddTicks(-10) : null, Action, Actor, Subject, Search);

    public string ToUrl() => Path + Query(
        ("from", Text(From)), ("to", Text(To)), ("action", Action), ("actor", Actor?.ToString()), ("subject", Subject), ("q", Search), ("entry", Entry?.ToString()));

    /// <summary>A download of what is shown.</summary>
    /// <param name="file">E.g. <c>audit.xlsx</c>.</param>
    public string ToDownload(string file) => "/app/" + file + Query(
        ("from", Text(From)), ("to", Text(To)), ("action", Action), ("actor", Actor?.ToString()), ("subject", Subject), ("q", Search));

    private static string Query(params (string Name, string? Value)[] parts)
    {
        var query = string.Join('&', parts.Where(part => part.Value is not null).Select(part => $"{part.Name}={Uri.EscapeDataString(part.Value!)}"));
        return query.Length == 0 ? "" : "?" + query;
    }

    private static string? Text(DateOnly? day) => day?.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    private static string? Some(string? text) => string.IsNullOrWhiteSpace(text) ? null : text.Trim();

    internal static DateOnly? Day(string? text) =>
        DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) ? day : null;

    private static DateTimeOffset Start(DateOnly day) => new(day, TimeOnly.MinValue, TimeSpan.Zero);
}
