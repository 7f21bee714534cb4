namespace OffGridFlow.Infrastructure.Imports.Samples;

/// <summary>
/// Amounts and money as whole numbers of 10⁻¹⁰, written as AWS writes them: at least one decimal place,
/// and in scientific notation below a thousandth (<c>1.33E-6</c>).
/// </summary>
internal static class SampleNumber
{
    public const long One = 10_000_000_000;
    private const int Places = 10;

    public static long From(decimal value) => (long)(value * One);

    public static decimal ToDecimal(Int128 value) => (decimal)value / One;

    /// <summary>amount × rate, rounded half up as bills are.</summary>
    public static long Multiply(long amount, long rate)
    {
        if (amount == 0 || rate == 0)
            return 0;
        var product = (Int128)amount * rate;
        return (long)((product + (product < 0 ? -One / 2 : One / 2)) / One);
    }

    public static string Format(long value)
    {
        Span<byte> text = stackalloc byte[32];
        return System.Text.Encoding.ASCII.GetString(text[..Write(value, text)]);
    }

    /// <summary>Writes at most 24 bytes and says how many.</summary>
    public static int Write(long value, Span<byte> text)
    {
        if (value == 0)
        {
            "0.0"u8.CopyTo(text);
            return 3;
        }

        var at = 0;
        if (value < 0)
            text[at++] = (byte)'-';
        var rest = value < 0 ? (ulong)-value : (ulong)value;
        return rest < One / 1000 ? WriteScientific(rest, text, at) : WritePlain(rest, text, at);
    }

    private static int WritePlain(ulong rest, Span<byte> text, int at)
    {
        var (whole, part) = Math.DivRem(rest, One);
        at += WriteDigits(whole, text[at..]);
        text[at++] = (byte)'.';
        if (part == 0)
        {
            text[at++] = (byte)'0';
            return at;
        }

        for (var place = at + Places - 1; place >= at; place--)
        {
            (part, var digit) = Math.DivRem(part, 10);
            text[place] = (byte)('0' + digit);
        }

        return Trim(text, at, at + Places);
    }

    private static int WriteScientific(ulong rest, Span<byte> text, int at)
    {
        Span<byte> digits = stackalloc byte[Places];
        var count = WriteDigits(rest, digits);
        text[at++] = digits[0];
        text[at++] = (byte)'.';
        if (count == 1)
        {
            text[at++] = (byte)'0';
        }
        else
        {
            digits[1..count].CopyTo(text[at..]);
            at = Trim(text, at, at + count - 1);
        }

        text[at++] = (byte)'E';
        text[at++] = (byte)'-';
        return at + WriteDigits((ulong)(Places + 1 - count), text[at..]);
    }

    /// <summary>Drops zeros at the end, but leaves one digit after the point.</summary>
    private static int Trim(Span<byte> text, int first, int end)
    {
        while (end > first + 1 && text[end - 1] == '0')
            end--;
        return end;
    }

    private static int WriteDigits(ulong value, Span<byte> text)
    {
        var count = 1;
        for (var power = value; power >= 10; power /= 10)
            count++;
        for (var place = count - 1; place >= 0; place--)
        {
            (value, var digit) = Math.DivRem(value, 10);
            text[place] = (byte)('0' + digit);
        }

        return count;
    }
}
