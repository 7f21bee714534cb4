using System.Buffers;
using System.Globalization;
using System.Text;

namespace OffGridFlow.Infrastructure.Reports.Excel;

/// <summary>Texts as Office Open XML takes them (ISO/IEC 29500-1, 22.9.2.19 ST_Xstring).</summary>
internal static class ExcelText
{
    /// <summary>Excel's limit for one cell.</summary>
    public const int LongestCell = 32_767;

    private static readonly SearchValues<char> Suspicious = SearchValues.Create(
        [.. Enumerable.Range(0, 0x20).Where(code => code is not ('\t' or '\n')).Select(code => (char)code), '_', '\uFFFE', '\uFFFF',
         .. Enumerable.Range(0xD800, 0x800).Select(code => (char)code)]);

    /// <summary>
    /// True for texts that a spreadsheet would take for a formula or a command when they are typed or pasted. They are stored as text in any
    /// case; the style's quote prefix keeps them text when the file is edited and saved again.
    /// </summary>
    public static bool LooksLikeFormula(string text) => text.Length > 0 && text[0] is '=' or '+' or '-' or '@' or '\t' or '\r' or '\n';

    /// <summary>Cut to what a cell holds, with an ellipsis at the cut.</summary>
    public static string Cut(string text)
    {
        if (text.Length <= LongestCell)
        {
            return text;
        }

        var length = LongestCell - 1;
        return text[..(char.IsHighSurrogate(text[length - 1]) ? length - 1 : length)] + "…";
    }

    /// <summary>Characters that XML cannot carry become <c>_xHHHH_</c>, and a text that reads like that is escaped itself; half surrogate pairs become U+FFFD.</summary>
    public static string Escape(string text)
    {
        if (text.AsSpan().IndexOfAny(Suspicious) < 0)
        {
            return text;
        }

        var escaped = new StringBuilder(text.Length + 16);
        for (var at = 0; at < text.Length; at++)
        {
            var character = text[at];
            if (char.IsHighSurrogate(character) && at + 1 < text.Length && char.IsLowSurrogate(text[at + 1]))
            {
                escaped.Append(character).Append(text[++at]);
            }
            else if (char.IsSurrogate(character))
            {
                escaped.Append('\uFFFD');
            }
            else if ((character < 0x20 && character is not ('\t' or '\n')) || character is '\uFFFE' or '\uFFFF' || IsEscape(text.AsSpan(at)))
            {
                escaped.Append(CultureInfo.InvariantCulture, $"_x{(int)character:X4}_");
            }
            else
            {
                escaped.Append(character);
            }
        }

        return escaped.ToString();
    }

    private static bool IsEscape(ReadOnlySpan<char> text) =>
        text is ['_', 'x' or 'X', var a, var b, var c, var d, '_', ..] && char.IsAsciiHexDigit(a) && char.IsAsciiHexDigit(b) && char.IsAsciiHexDigit(c) && char.IsAsciiHexDigit(d);
}
