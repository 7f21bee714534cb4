using System.Globalization;
using Microsoft.Net.Http.Headers;

namespace OffGridFlow.Web.Shared;

/// <param name="Name">Name of the culture, e.g. <c>de-DE</c>.</param>
/// <param name="Text">What the menu calls it, in its own language.</param>
public sealed record FormatChoice(string Name, string Text)
{
    /// <summary>The language of <see cref="Text"/>, for screen readers.</summary>
    public string Language => Name[..2];

    /// <summary>A figure and a day as this choice writes them.</summary>
    public string Example
    {
        get
        {
            var before = CultureInfo.CurrentCulture;
            try
            {
                CultureInfo.CurrentCulture = CultureInfo.GetCultureInfo(Name);
                return Format.Number(1234.5m, 1) + " · " + Dates.Day(new DateOnly(2026, 3, 31));
            }
            finally
            {
                CultureInfo.CurrentCulture = before;
            }
        }
    }
}

/// <summary>
/// The ways in which figures and dates can be written. The words stay US English, month names among them: only the formats follow the
/// choice. Files, the API and addresses follow none of this.
/// </summary>
public static class Formats
{
    public const string Default = "en-US";

    public static readonly IReadOnlyList<FormatChoice> All =
        [new("en-US", "English (US)"), new("en-GB", "English (UK)"), new("de-DE", "Deutsch"), new("fr-FR", "français")];

    public static bool IsKnown(string? name) => All.Any(choice => choice.Name == name);

    /// <summary>The choice that a browser's languages come closest to, by the order of its wishes; null when none of them is near.</summary>
    /// <param name="acceptLanguage">The header as it was sent.</param>
    public static string? FromBrowser(IList<string?> acceptLanguage) =>
        StringWithQualityHeaderValue.TryParseList(acceptLanguage.OfType<string>().ToList(), out var wishes)
            ? wishes.Where(wish => wish.Quality != 0).OrderByDescending(wish => wish.Quality ?? 1).Select(wish => Nearest(wish.Value.ToString())).FirstOrDefault(name => name is not null)
            : null;

    private static string? Nearest(string language)
    {
        var parts = language.Split('-');
        return parts[0].ToUpperInvariant() switch
        {
            "DE" => "de-DE",
            "FR" => "fr-FR",
            // Of English-speaking countries these write the month first.
            "EN" => parts.Length == 1 || parts[^1].ToUpperInvariant() is "US" or "PH" or "CA" ? "en-US" : "en-GB",
            _ => null,
        };
    }
}
