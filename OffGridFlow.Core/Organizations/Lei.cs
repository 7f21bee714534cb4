namespace OffGridFlow.Core.Organizations;

/// <summary>Legal entity identifiers, ISO 17442.</summary>
public static class Lei
{
    public const int Length = 20;

    /// <summary>
    /// Whether the text has 18 digits or capital letters and two check digits that fit: with A = 10 to Z = 35 the whole, read as one number, leaves 1
    /// when divided by 97 (ISO/IEC 7064, MOD 97-10).
    /// </summary>
    public static bool IsValid(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        if (text.Length != Length || !text.All(sign => char.IsAsciiDigit(sign) || char.IsAsciiLetterUpper(sign)) || !text[18..].All(char.IsAsciiDigit))
        {
            return false;
        }

        var remainder = 0;
        foreach (var sign in text)
        {
            remainder = char.IsAsciiDigit(sign) ? ((remainder * 10) + (sign - '0')) % 97 : ((remainder * 100) + (sign - 'A' + 10)) % 97;
        }

        return remainder == 1;
    }
}
