namespace OffGridFlow.Core.Imports.Sheets;

/// <summary>Words and signs for yes and no, in English, German, French and Spanish.</summary>
public static class SheetYesNo
{
    private static readonly HashSet<string> Yes = new(StringComparer.Ordinal) { "yes", "y", "true", "t", "1", "x", "ja", "j", "wahr", "oui", "vrai", "si", "verdadero" };

    private static readonly HashSet<string> No = new(StringComparer.Ordinal) { "no", "n", "false", "f", "0", "nein", "falsch", "non", "faux", "falso" };

    private static readonly HashSet<string> Ticks = new(StringComparer.Ordinal) { "✓", "✔", "☑" };

    /// <returns>Null where the text says neither; an empty one says nothing.</returns>
    public static bool? Find(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var plain = SheetHeadingText.Plain(text);
        return Yes.Contains(plain) || Ticks.Contains(text.Trim()) ? true : No.Contains(plain) ? false : null;
    }
}
