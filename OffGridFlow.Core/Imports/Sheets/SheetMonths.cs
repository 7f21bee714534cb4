using System.Globalization;
using System.Text;

namespace OffGridFlow.Core.Imports.Sheets;

/// <summary>Names of months in the languages of the locales, whole or cut to three letters and more.</summary>
internal static class SheetMonths
{
    private static readonly string[][] Names =
    [
        ["january", "januar", "janvier", "enero", "gennaio", "januari", "styczen", "janeiro", "janner"],
        ["february", "februar", "fevrier", "febrero", "febbraio", "februari", "luty", "fevereiro"],
        ["march", "marz", "maerz", "mars", "marzo", "maart", "marzec", "marco", "mrz"],
        ["april", "avril", "abril", "aprile", "kwiecien"],
        ["may", "mai", "mayo", "maggio", "mei", "maj", "maio"],
        ["june", "juni", "juin", "junio", "giugno", "czerwiec", "junho"],
        ["july", "juli", "juillet", "julio", "luglio", "lipiec", "julho"],
        ["august", "aout", "agosto", "augustus", "sierpien", "augusti"],
        ["september", "septembre", "septiembre", "settembre", "wrzesien", "setembro"],
        ["october", "oktober", "octobre", "octubre", "ottobre", "pazdziernik", "outubro"],
        ["november", "novembre", "noviembre", "listopad", "novembro"],
        ["december", "dezember", "decembre", "diciembre", "dicembre", "grudzien", "dezembro"],
    ];

    /// <summary>Beginnings that two months share, in one language or two: no month.</summary>
    private static readonly Dictionary<string, int> Known = Build();

    /// <summary>1 to 12; null where it is no month.</summary>
    public static int? Find(string word)
    {
        var plain = Plain(word).TrimEnd('.');
        return plain.Length >= 3 && Known.TryGetValue(plain, out var month) && month > 0 ? month : null;
    }

    /// <summary>Small letters without accents.</summary>
    public static string Plain(string text)
    {
        var plain = new StringBuilder(text.Length);
        foreach (var c in text.Normalize(NormalizationForm.FormD))
        {
            if (CharUnicodeInfo.GetUnicodeCategory(c) != UnicodeCategory.NonSpacingMark)
            {
                plain.Append(char.ToLowerInvariant(c));
            }
        }

        return plain.ToString();
    }

    private static Dictionary<string, int> Build()
    {
        var known = new Dictionary<string, int>(StringComparer.Ordinal);
        for (var month = 1; month <= Names.Length; month++)
        {
            foreach (var name in Names[month - 1])
            {
                for (var length = 3; length <= name.Length; length++)
                {
                    var part = name[..length];
                    known[part] = known.TryGetValue(part, out var other) && other != month ? 0 : month;
                }
            }
        }

        return known;
    }
}
