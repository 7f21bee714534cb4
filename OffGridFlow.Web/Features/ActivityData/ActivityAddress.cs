using System.Globalization;
using Microsoft.AspNetCore.WebUtilities;
using OffGridFlow.Core.ActivityData;
using OffGridFlow.Infrastructure.ActivityData;

namespace OffGridFlow.Web.Features.ActivityData;

/// <summary>What the address of the page says: which entries, and which one is open beside them.</summary>
public sealed record ActivityAddress(Guid? Site, string? Type, string? Show, string? From, string? To, string? Text, Guid? Entry)
{
    public const string ToApprove = "to-approve";

    public bool IsFiltered => Site is not null || Type is not null || Show is not null || From is not null || To is not null || Text is not null;

    public DateOnly? FirstDay => ParseDay(From);

    public DateOnly? LastDay => ParseDay(To);

    public EntryFilter ToFilter() => new(
        Site, Type, Enum.TryParse<EntryStatus>(Show, ignoreCase: true, out var status) && Enum.IsDefined(status) ? status : null, FirstDay, LastDay, Text, Show == ToApprove);

    public string ToUrl()
    {
        var query = new Dictionary<string, string?>
        {
            ["site"] = Site?.ToString(), ["type"] = Plain(Type), ["show"] = Plain(Show), ["from"] = Plain(From), ["to"] = Plain(To), ["text"] = Plain(Text), ["entry"] = Entry?.ToString(),
        };
        return QueryHelpers.AddQueryString("/activities", query.Where(pair => pair.Value is not null));
    }

    private static string? Plain(string? text) => string.IsNullOrWhiteSpace(text) ? null : text;

    private static DateOnly? ParseDay(string? day) =>
        DateOnly.TryParseExact(day, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var parsed) ? parsed : null;
}
