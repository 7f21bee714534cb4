using System.Globalization;

namespace OffGridFlow.Web.Features.ActivityData;

/// <summary>Numbers as people type them, with the signs of their own choice of formats.</summary>
internal static class QuantityText
{
    /// <summary>
    /// Groups only where they have three digits: <c>1,5</c> under formats that write <c>1.5</c> is refused, not read as 15.
    /// </summary>
    public static bool TryParse(string? text, out decimal value)
    {
        var format = CultureInfo.CurrentCulture.NumberFormat;
        var plain = new string((text ?? "").Where(letter => !char.IsWhiteSpace(letter)).ToArray()).Replace('\u2212', '-');
        var group = string.IsNullOrWhiteSpace(format.NumberGroupSeparator) ? "" : format.NumberGroupSeparator;
        var parts = plain.Split(format.NumberDecimalSeparator);
        if (group.Length > 0 && parts[0].Contains(group, StringComparison.Ordinal))
        {
            var groups = parts[0].TrimStart('-').Split(group);
            if (groups[0].Length is 0 or > 3 || groups.Skip(1).Any(three => three.Length != 3))
            {
                value = 0;
                return false;
            }

            plain = plain.Replace(group, "", StringComparison.Ordinal);
        }

        return decimal.TryParse(plain, NumberStyles.AllowDecimalPoint | NumberStyles.AllowLeadingSign, CultureInfo.CurrentCulture, out value);
    }

    /// <summary>As it would be typed: every digit, no groups.</summary>
    public static string Of(decimal value) => value.ToString("0.############", CultureInfo.CurrentCulture);

    /// <summary>E.g. <c>1,234.5</c>: what a figure looks like here.</summary>
    public static string Example => 1234.5m.ToString("N1", CultureInfo.CurrentCulture);
}
