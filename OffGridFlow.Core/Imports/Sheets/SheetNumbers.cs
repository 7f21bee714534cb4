using System.Globalization;

namespace OffGridFlow.Core.Imports.Sheets;

/// <summary>How a text was understood.</summary>
public enum SheetReading
{
    Read,
    Empty,

    /// <summary>It can be read in two ways, and nothing says which.</summary>
    Ambiguous,

    /// <summary>Not by the locale that was chosen; another one reads it.</summary>
    OtherLocale,

    /// <summary>By no locale.</summary>
    Unreadable,

    /// <summary>More digits than a figure of the ledger has.</summary>
    TooLarge,
}

/// <param name="Value">Of what was read, and of <see cref="SheetReading.OtherLocale"/> what that one reads.</param>
/// <param name="Other">Of <see cref="SheetReading.Ambiguous"/>: the other value; <paramref name="Value"/> is with a decimal point.</param>
/// <param name="DecimalMark">The mark by which it was read, where only one does.</param>
/// <param name="Suffix">Text after the number, e.g. a unit.</param>
public readonly record struct NumberReading(SheetReading Outcome, decimal Value, decimal Other, char? DecimalMark, string Suffix);

/// <summary>Reads numbers as people of different countries write them. What can be read in two ways is said to be so, never guessed.</summary>
public static class SheetNumbers
{
    /// <summary>Longer texts are no numbers.</summary>
    private const int LongestText = 64;
    private const int MostExponent = 27;

    /// <summary>A point or comma may be a group mark for whoever writes the other as decimal mark.</summary>
    private const string OtherGroups = " \u00A0\u202F\u2009'\u2019";

    /// <param name="locale">Null: only what all locales read alike, or one alone reads.</param>
    public static NumberReading Read(string text, SheetLocale? locale)
    {
        ArgumentNullException.ThrowIfNull(text);
        var body = text.Trim();
        if (body.Length == 0)
        {
            return new NumberReading(SheetReading.Empty, 0, 0, null, "");
        }

        var suffix = "";
        var end = body.Length;
        // A unit behind the figure begins with a letter, a percent or a currency sign; an exponent is part of the figure.
        for (var i = 0; i < body.Length; i++)
        {
            if (IsSuffix(body, i))
            {
                (suffix, end) = (body[i..].Trim(), i);
                break;
            }
        }

        body = body[..end].Trim();
        if (body.Length is 0 or > LongestText || !Sign(ref body, out var negative))
        {
            return new NumberReading(SheetReading.Unreadable, 0, 0, null, "");
        }

        var point = Parse(body, '.', locale is { DecimalMark: '.' } ? locale.GroupMarks : "," + OtherGroups, negative);
        var comma = Parse(body, ',', locale is { DecimalMark: ',' } ? locale.GroupMarks : "." + OtherGroups, negative);
        if (point is { TooLarge: true } || comma is { TooLarge: true })
        {
            return new NumberReading(SheetReading.TooLarge, 0, 0, null, suffix);
        }

        if (locale is not null)
        {
            var (own, other) = locale.DecimalMark == '.' ? (point, comma) : (comma, point);
            return own is { } fits ? new NumberReading(SheetReading.Read, fits.Value, 0, null, suffix)
                : other is { } foreign ? new NumberReading(SheetReading.OtherLocale, foreign.Value, 0, locale.DecimalMark == '.' ? ',' : '.', suffix)
                : new NumberReading(SheetReading.Unreadable, 0, 0, null, "");
        }

        return (point, comma) switch
        {
            (null, null) => new NumberReading(SheetReading.Unreadable, 0, 0, null, ""),
            ({ } one, null) => new NumberReading(SheetReading.Read, one.Value, 0, '.', suffix),
            (null, { } one) => new NumberReading(SheetReading.Read, one.Value, 0, ',', suffix),
            ({ } one, { } two) when one.Value == two.Value => new NumberReading(SheetReading.Read, one.Value, 0, null, suffix),
            ({ } one, { } two) => new NumberReading(SheetReading.Ambiguous, one.Value, two.Value, null, suffix),
        };
    }

    private static bool IsSuffix(string body, int at) => body[at] switch
    {
        'e' or 'E' => !(at > 0 && char.IsAsciiDigit(body[at - 1]) && at + 1 < body.Length
            && (char.IsAsciiDigit(body[at + 1]) || (body[at + 1] is '+' or '-' && at + 2 < body.Length && char.IsAsciiDigit(body[at + 2])))),
        '%' => true,
        var c => char.IsLetter(c) || char.GetUnicodeCategory(c) == UnicodeCategory.CurrencySymbol,
    };

    /// <summary>Takes the sign off: before, behind, or as parentheses of bookkeeping. False where signs contradict each other.</summary>
    private static bool Sign(ref string body, out bool negative)
    {
        negative = false;
        if (body is ['(', .., ')'])
        {
            (body, negative) = (body[1..^1].Trim(), true);
            return body.Length > 0 && body[0] is not ('-' or '+' or '\u2212') && body[^1] is not ('-' or '\u2212');
        }

        if (body[0] is '-' or '\u2212' or '+')
        {
            (negative, body) = (body[0] != '+', body[1..].Trim());
            return body.Length > 0 && body[^1] is not ('-' or '\u2212' or '+');
        }

        if (body[^1] is '-' or '\u2212')
        {
            (negative, body) = (true, body[..^1].Trim());
        }

        return body.Length > 0;
    }

    private static Parsed? Parse(string body, char mark, string groups, bool negative)
    {
        Span<char> digits = stackalloc char[LongestText + 8];
        var length = 0;
        var (sinceGroup, group, fraction, any, exponent) = (0, '\0', -1, 0, 0);
        for (var i = 0; i < body.Length; i++)
        {
            var c = body[i];
            if (char.IsAsciiDigit(c))
            {
                digits[length++] = c;
                any++;
                sinceGroup++;
            }
            else if (c is 'e' or 'E')
            {
                if (any == 0 || !int.TryParse(body.AsSpan(i + 1), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out exponent) || Math.Abs(exponent) > MostExponent)
                {
                    return null;
                }

                break;
            }
            else if (c == mark && fraction < 0)
            {
                if (group != '\0' && sinceGroup != 3)
                {
                    return null;
                }

                fraction = any;
                digits[length++] = '.';
            }
            else if (fraction < 0 && groups.Contains(c, StringComparison.Ordinal) && (group == '\0' ? sinceGroup is >= 1 and <= 3 : c == group && sinceGroup == 3))
            {
                (group, sinceGroup) = (c, 0);
            }
            else
            {
                return null;
            }
        }

        // 01.234 is no thousand; nor is 0.123 read as 123.
        if (any == 0 || (group != '\0' && ((fraction < 0 && sinceGroup != 3) || body[0] == '0')))
        {
            return null;
        }

        if (!decimal.TryParse(digits[..length], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var value))
        {
            return new Parsed(0, TooLarge: true);
        }

        try
        {
            for (; exponent > 0; exponent--)
            {
                value *= 10;
            }

            for (; exponent < 0; exponent++)
            {
                value /= 10;
            }
        }
        catch (OverflowException)
        {
            return new Parsed(0, TooLarge: true);
        }

        return new Parsed(negative ? -value : value, TooLarge: false);
    }

    private readonly record struct Parsed(decimal Value, bool TooLarge);
}
