using System.Text.RegularExpressions;

namespace OffGridFlow.Core.Imports.Sheets;

/// <summary>What a heading says.</summary>
/// <param name="Text">Its rows joined, one blank between words.</param>
/// <param name="Words">Small letters without accents, signs as blanks, the unit left out.</param>
/// <param name="Unit">The unit in brackets, behind “in” or behind a slash or comma; null where it names none.</param>
public sealed partial record SheetHeadingText(string Text, string Words, string? Unit)
{
    /// <summary>The words of each of its rows, from top to bottom, where it has several.</summary>
    public IReadOnlyList<string> Parts { get; private init; } = [];

    /// <param name="rows">From top to bottom; blank ones say nothing, and what repeats the row above is said once.</param>
    /// <param name="isUnit">Knows the units.</param>
    public static SheetHeadingText Of(IEnumerable<string> rows, Func<string, bool> isUnit)
    {
        var parts = new List<string>();
        foreach (var row in rows)
        {
            var part = Blanks().Replace(row, " ").Trim();
            if (part.Length > 0 && !parts.Exists(other => string.Equals(other, part, StringComparison.OrdinalIgnoreCase)))
            {
                parts.Add(part);
            }
        }

        return parts.Count <= 1 ? OfText(string.Concat(parts), isUnit)
            : OfText(string.Join(" ", parts), isUnit) with { Parts = [.. parts.Select(part => OfText(part, isUnit).Words)] };
    }

    private static SheetHeadingText OfText(string text, Func<string, bool> isUnit)
    {
        foreach (Match match in Bracketed().Matches(text))
        {
            var inside = match.Groups["u"].Value.Trim();
            // “Gas (kWh (Gross CV))” names the unit whole; “(in kWh)” and “[kWh]” do, too.
            var unit = inside.StartsWith("in ", StringComparison.OrdinalIgnoreCase) ? inside[3..].Trim() : inside;
            if (isUnit(unit))
            {
                return new SheetHeadingText(text, Plain(text.Remove(match.Index, match.Length)), unit);
            }
        }

        foreach (var word in new[] { " in ", ", ", " / ", "/", " - ", " " })
        {
            var at = text.LastIndexOf(word, StringComparison.OrdinalIgnoreCase);
            if (at > 0 && text[(at + word.Length)..].Trim() is { Length: > 0 } last && isUnit(last) && (word != " " || last.Length <= 4))
            {
                return new SheetHeadingText(text, Plain(text[..at]), last);
            }
        }

        return isUnit(text) ? new SheetHeadingText(text, "", text) : new SheetHeadingText(text, Plain(text), null);
    }

    /// <summary>Small letters without accents, everything else one blank.</summary>
    public static string Plain(string text) => Signs().Replace(SheetMonths.Plain(text), " ").Trim();

    [GeneratedRegex(@"\s+", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex Blanks();

    [GeneratedRegex(@"[\(\[\{](?<u>(?:[^()\[\]{}]|\([^()]*\))+)[\)\]\}]", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant, 1000)]
    private static partial Regex Bracketed();

    [GeneratedRegex(@"[^\p{L}\p{N}]+", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex Signs();
}
