using System.Buffers;
using System.Globalization;
using System.Text;

namespace OffGridFlow.Infrastructure.Imports;

internal enum NumberReading
{
    Number,
    NotANumber,

    /// <summary>A number, but not one that 16 digits before and 12 after the point can hold.</summary>
    TooLarge,
}

/// <summary>Reads values of bills from UTF-8 bytes, the same in every culture.</summary>
internal static class BillValues
{
    /// <summary>Largest magnitude that still fits <c>numeric(28,12)</c> once rounded.</summary>
    private const decimal Limit = 1e16m;

    private static readonly SearchValues<byte> NumberBytes = SearchValues.Create("0123456789+-.eE"u8);

    /// <summary>Empty, <c>NULL</c> or <c>None</c>: not for columns of free text, where those are words like any other.</summary>
    public static bool IsNull(ReadOnlySpan<byte> value) =>
        value.IsEmpty || (value.Length == 4 && (value.SequenceEqual("NULL"u8) || value.SequenceEqual("None"u8) || value.SequenceEqual("null"u8)));

    /// <summary>
    /// A decimal with or without exponent (<c>1.33E-6</c>), not rounded: up to 28 significant digits are kept.
    /// </summary>
    public static NumberReading ReadDecimal(ReadOnlySpan<byte> value, out decimal number)
    {
        if (!TryReadPlain(value, out number) &&
            !decimal.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out number))
        {
            return LooksNumeric(value) ? NumberReading.TooLarge : NumberReading.NotANumber;
        }

        return Math.Abs(number) >= 1e15m && Math.Abs(decimal.Round(number, 12, MidpointRounding.ToEven)) >= Limit
            ? NumberReading.TooLarge
            : NumberReading.Number;
    }

    /// <summary>
    /// An instant in UTC: <c>2023-11-01</c>, then optionally <c>T</c> or a blank and a time, a fraction, and <c>Z</c>,
    /// <c>UTC</c> or an offset. No zone means UTC, as everywhere in bills.
    /// </summary>
    public static bool TryReadInstant(ReadOnlySpan<byte> value, out DateTime instant)
    {
        instant = default;
        if (value.Length < 10 || value[4] != '-' || value[7] != '-' ||
            !TryDigits(value[..4], out var year) || !TryDigits(value[5..7], out var month) || !TryDigits(value[8..10], out var day) ||
            year < 1 || month is < 1 or > 12 || day < 1 || day > DateTime.DaysInMonth(year, month))
        {
            return false;
        }

        instant = new DateTime(year, month, day, 0, 0, 0, DateTimeKind.Utc);
        return value.Length == 10 || TryAddTime(value[10..], ref instant);
    }

    /// <summary>Text for people: at most <paramref name="length"/> characters, bytes that are no text shown as U+FFFD.</summary>
    public static string Show(ReadOnlySpan<byte> value, int length)
    {
        // No character takes more than four bytes, so a longer value cannot be needed.
        var text = Encoding.UTF8.GetString(value[..Math.Min(value.Length, length * 4)]).Replace('\0', '\uFFFD');
        if (text.Length <= length)
            return text;
        return char.IsHighSurrogate(text[length - 1]) ? text[..(length - 1)] : text[..length];
    }

    private static bool TryAddTime(ReadOnlySpan<byte> rest, ref DateTime instant)
    {
        if (rest.Length < 6 || (rest[0] != 'T' && rest[0] != ' ') || rest[3] != ':' ||
            !TryDigits(rest[1..3], out var hour) || !TryDigits(rest[4..6], out var minute) || hour > 23 || minute > 59)
        {
            return false;
        }

        rest = rest[6..];
        var ticks = (hour * TimeSpan.TicksPerHour) + (minute * TimeSpan.TicksPerMinute);
        if (rest.Length >= 3 && rest[0] == ':')
        {
            if (!TryDigits(rest[1..3], out var second) || second > 59)
                return false;
            ticks += second * TimeSpan.TicksPerSecond;
            rest = rest[3..];
            if (!rest.IsEmpty && rest[0] == '.' && !TryFraction(ref rest, ref ticks))
                return false;
        }

        if (!TryOffset(rest, out var offset))
            return false;
        instant = instant.AddTicks(ticks);
        if (instant.Ticks < offset.Ticks || DateTime.MaxValue.Ticks - instant.Ticks < -offset.Ticks)
            return false;
        instant -= offset;
        return true;
    }

    private static bool TryFraction(ref ReadOnlySpan<byte> rest, ref long ticks)
    {
        var digits = rest[1..].IndexOfAnyExceptInRange((byte)'0', (byte)'9');
        if (digits < 0)
            digits = rest.Length - 1;
        if (digits is 0 or > 9)
            return false;
        var unit = TimeSpan.TicksPerSecond;
        foreach (var digit in rest.Slice(1, digits))
            ticks += (digit - '0') * (unit /= 10);
        rest = rest[(digits + 1)..];
        return true;
    }

    private static bool TryOffset(ReadOnlySpan<byte> zone, out TimeSpan offset)
    {
        offset = TimeSpan.Zero;
        if (zone.IsEmpty || zone.SequenceEqual("Z"u8) || zone.SequenceEqual(" UTC"u8))
            return true;
        if (zone[0] != '+' && zone[0] != '-')
            return false;
        var digits = zone[1..];
        var minutes = 0;
        if (digits.Length is not (2 or 4 or 5) || (digits.Length == 5 && digits[2] != ':') || !TryDigits(digits[..2], out var hours) ||
            (digits.Length > 2 && !TryDigits(digits[^2..], out minutes)) || hours > 14 || minutes > 59)
        {
            return false;
        }

        offset = new TimeSpan(hours, minutes, 0);
        if (zone[0] == '-')
            offset = -offset;
        return true;
    }

    private static bool TryDigits(ReadOnlySpan<byte> digits, out int number)
    {
        number = 0;
        foreach (var digit in digits)
        {
            if (digit is < (byte)'0' or > (byte)'9')
                return false;
            number = (number * 10) + digit - '0';
        }

        return true;
    }

    /// <summary>
    /// The common case, many times as fast as the general parser: at most 18 digits, and a value that 28 decimals hold exactly.
    /// </summary>
    private static bool TryReadPlain(ReadOnlySpan<byte> value, out decimal number)
    {
        number = 0;
        var negative = !value.IsEmpty && value[0] == '-';
        var i = negative ? 1 : 0;
        long mantissa = 0;
        var digits = 0;
        var decimals = 0;
        var pointSeen = false;
        for (; i < value.Length; i++)
        {
            var c = value[i];
            if (c is >= (byte)'0' and <= (byte)'9')
            {
                if (++digits > 18)
                    return false;
                mantissa = (mantissa * 10) + (c - '0');
                decimals += pointSeen ? 1 : 0;
            }
            else if (c == '.' && !pointSeen)
            {
                pointSeen = true;
            }
            else
            {
                break;
            }
        }

        if (digits == 0 || (i < value.Length && !TryExponent(value[i..], ref decimals)) || decimals is < 0 or > 28)
            return false;
        number = new decimal((int)mantissa, (int)(mantissa >> 32), 0, negative, (byte)decimals);
        return true;
    }

    /// <summary>Takes <c>E-6</c> into the number of decimals.</summary>
    private static bool TryExponent(ReadOnlySpan<byte> value, ref int decimals)
    {
        if ((value[0] | 0x20) != 'e' || value.Length is < 2 or > 4)
            return false;
        var sign = value[1] is (byte)'-' or (byte)'+' ? 1 : 0;
        if (value.Length == 1 + sign || !TryDigits(value[(1 + sign)..], out var exponent))
            return false;
        decimals += value[1] == '-' ? exponent : -exponent;
        return true;
    }

    private static bool LooksNumeric(ReadOnlySpan<byte> value) =>
        !value.ContainsAnyExcept(NumberBytes) &&
        double.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out _);
}
