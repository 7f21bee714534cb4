using System.Globalization;
using OffGridFlow.Core.EmissionFactors;
using OffGridFlow.Infrastructure.EmissionFactors;

namespace OffGridFlow.Web.Features.EmissionFactors;

/// <summary>What of the page is shown.</summary>
public enum FactorsView
{
    Library,

    /// <summary>What the organization has loaded itself.</summary>
    Own,

    /// <summary>How factors are chosen.</summary>
    Preferences,
}

/// <summary>The state of the page, as it stands in its address.</summary>
/// <param name="Open">Key of the factor in the drawer.</param>
public sealed record FactorsAddress(FactorsView View, FactorFilter Filter, Guid? Open)
{
    public const string Path = "/factors";

    /// <summary>Longer texts would be searched for word by word without being meant.</summary>
    public const int LongestText = 200;

    public static readonly FactorsAddress Start = new(FactorsView.Library, FactorFilter.All, null);

    /// <summary>Reads what the address holds; what cannot be read does not narrow.</summary>
    public static FactorsAddress Of(
        string? view, string? text, string? set, string? region, string? year, string? activity, string? category, string? unit, string? gas, string? part, string? open) => new(
            view switch { "own" => FactorsView.Own, "preferences" => FactorsView.Preferences, _ => FactorsView.Library },
            new FactorFilter(
                Some(text) is { Length: > LongestText } longer ? longer[..LongestText] : Some(text), Some(set), Some(region),
                int.TryParse(year, NumberStyles.None, CultureInfo.InvariantCulture, out var given) ? given : null, Some(activity), Some(category), Some(unit), Some(gas), PartOf(part)),
            Guid.TryParse(open, out var key) ? key : null);

    public string ToUrl()
    {
        var parts = new (string Name, string? Value)[]
        {
            ("view", View == FactorsView.Library ? null : View.ToString().ToLowerInvariant()), ("q", Filter.Text), ("set", Filter.Set), ("category", Filter.Category),
            ("region", Filter.Region), ("year", Filter.Year?.ToString(CultureInfo.InvariantCulture)), ("unit", Filter.Unit), ("gas", Filter.Gas), ("part", Filter.Part?.ToString()),
            ("activity", Filter.Activity), ("factor", Open?.ToString()),
        };
        var query = string.Join('&', parts.Where(part => part.Value is not null).Select(part => $"{part.Name}={Uri.EscapeDataString(part.Value!)}"));
        return query.Length == 0 ? Path : Path + "?" + query;
    }

    internal static FactorPart? PartOf(string? name) =>
        name is { Length: > 0 } && !char.IsDigit(name[0]) && Enum.TryParse<FactorPart>(name, ignoreCase: true, out var part) && Enum.IsDefined(part) ? part : null;

    private static string? Some(string? text) => string.IsNullOrWhiteSpace(text) || text.Contains('\0', StringComparison.Ordinal) ? null : text.Trim();
}
