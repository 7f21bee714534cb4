using System.Globalization;

namespace OffGridFlow.Infrastructure.Organizations;

/// <summary>Texts that several services of the feature say alike.</summary>
internal static class Words
{
    /// <summary>E.g. <c>1 site, 2 leases and 1 holding</c>; empty where all are zero.</summary>
    public static string Counted(params (int Count, string One, string Many)[] things)
    {
        var there = things.Where(thing => thing.Count > 0)
            .Select(thing => string.Create(CultureInfo.InvariantCulture, $"{thing.Count} {(thing.Count == 1 ? thing.One : thing.Many)}")).ToList();
        return there.Count < 2 ? string.Concat(there) : $"{string.Join(", ", there[..^1])} and {there[^1]}";
    }

    /// <summary>The code of the country that is meant; adds the fault where none is.</summary>
    public static string? CountryOf(SiteRegions regions, string? text, Faults faults)
    {
        if (Faults.Clean(text) is not { } country)
        {
            faults.Add("country", "Choose the country: which factors fit depends on it.");
            return null;
        }

        if (regions.Recognize(country) is not { } known)
        {
            faults.Add("country", $"“{country}” is no country that is known here. Choose one of the list, or send its code of two letters (ISO 3166-1), e.g. DE.");
            return country;
        }

        return known.Code;
    }

    /// <summary>Of an entity that was not chosen, or that is not there.</summary>
    public static string NoEntity(Guid? id) => id is null || id == Guid.Empty
        ? "Choose the entity."
        : "There is no such entity any more. Load the page again and choose another.";

    /// <summary>E.g. <c>from 2024-01-01 to 2024-12-31</c>, <c>since 2024-01-01</c>, <c>until 2024-12-31</c>, <c>on all days</c>.</summary>
    public static string Days(DateOnly? from, DateOnly? to) => FormattableString.Invariant((from, to) switch
    {
        (null, null) => $"on all days",
        (null, _) => $"until {to:yyyy-MM-dd}",
        (_, null) => $"since {from:yyyy-MM-dd}",
        _ => $"from {from:yyyy-MM-dd} to {to:yyyy-MM-dd}",
    });
}
