using System.Globalization;
using OffGridFlow.Infrastructure.Auditing;

namespace OffGridFlow.Web.Features.Auditing;

/// <summary>The filter of the audit log as it stands in an address; the page, the API and the downloads share it.</summary>
/// <param name="From">Day (<c>yyyy-MM-dd</c>, UTC) or instant (ISO 8601), inclusive.</param>
/// <param name="To">The same; a day counts to its end.</param>
/// <param name="Action">One action, or a group of them such as <c>import.</c>.</param>
/// <param name="Actor">Id of a person or an API key, or <c>product</c>.</param>
/// <param name="Subject">One subject, or a kind of them such as <c>import/</c>.</param>
/// <param name="Q">Free text.</param>
public sealed record AuditQuery(string? From, string? To, string? Action, string? Actor, string? Subject, string? Q)
{
    /// <summary>For <see cref="Actor"/>: what OffGridFlow did by itself.</summary>
    public const string Product = "product";

    internal static readonly string[] Names = ["from", "to", "action", "actor", "subject", "q"];

    /// <summary>What is wrong with the query, or null and its filter.</summary>
    internal string? ToFilter(out AuditFilter filter)
    {
        filter = AuditFilter.All;
        if (new[] { Action, Subject, Q }.Any(text => text?.Contains('\0', StringComparison.Ordinal) == true))
        {
            return "action, subject and q are texts: they cannot hold the character NUL.";
        }

        if (!TryReadInstant(From, endOfDay: false, out var from) || !TryReadInstant(To, endOfDay: true, out var to))
        {
            return "from and to are days (2026-11-21, in UTC) or instants (2026-11-21T09:30:00Z), both inclusive.";
        }

        if (from > to)
        {
            return "from lies after to. Exchange them.";
        }

        Guid? actor = null;
        if (!string.IsNullOrEmpty(Actor))
        {
            if (Actor == Product)
            {
                actor = AuditFilter.Product;
            }
            else if (Guid.TryParse(Actor, out var id) && id != AuditFilter.Product)
            {
                actor = id;
            }
            else
            {
                return $"actor “{Actor}” is not known. Give the id of a person or of an API key, or {Product}.";
            }
        }

        filter = new AuditFilter(from, to, OrNull(Action), actor, OrNull(Subject), OrNull(Q));
        return null;
    }

    private static string? OrNull(string? text) => string.IsNullOrWhiteSpace(text) ? null : text.Trim();

    private static bool TryReadInstant(string? text, bool endOfDay, out DateTimeOffset? instant)
    {
        instant = null;
        if (string.IsNullOrEmpty(text))
        {
            return true;
        }

        if (DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day))
        {
            // The database counts microseconds: the last one of the day.
            var start = new DateTimeOffset(day.ToDateTime(TimeOnly.MinValue), TimeSpan.Zero);
            instant = endOfDay ? start.AddTicks(TimeSpan.TicksPerDay - TimeSpan.TicksPerMicrosecond) : start;
            return true;
        }

        var read = text.Contains('T', StringComparison.Ordinal)
            && DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var parsed)
            ? parsed : (DateTimeOffset?)null;
        instant = read;
        return read is not null;
    }
}
