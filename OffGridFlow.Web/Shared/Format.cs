using System.Globalization;

namespace OffGridFlow.Web.Shared;

/// <summary>
/// The one place where figures become text for people: the reader's culture, a true minus (U+2212), a no-break space before
/// units and %, and “&lt; 0.1” instead of a zero that is none.
/// </summary>
public static class Format
{
    public const char NoBreakSpace = '\u00A0';
    public const string Minus = "\u2212";
    private const int AllDigits = 28;

    /// <summary>The unit in which the largest mass of a table reads best.</summary>
    public static MassUnit MassUnitFor(decimal largestKg) => Math.Abs(largestKg) switch
    {
        0 or >= 1000 => MassUnit.Tonnes,
        >= 1 => MassUnit.Kilograms,
        >= 0.001m => MassUnit.Grams,
        _ => MassUnit.Milligrams,
    };

    /// <summary>The unit of a grid with one decimal: a size smaller than for a sentence, so that its rows do not all read “&lt; 0.1”.</summary>
    public static MassUnit GridMassUnitFor(decimal totalKg) => MassUnitFor(totalKg / 10m);

    public static EnergyUnit EnergyUnitFor(decimal largestKilowattHours) => Math.Abs(largestKilowattHours) switch
    {
        >= 10_000 => EnergyUnit.MegawattHours,
        0 or >= 1 => EnergyUnit.KilowattHours,
        >= 0.001m => EnergyUnit.WattHours,
        _ => EnergyUnit.MilliwattHours,
    };

    /// <summary>E.g. <c>t CO₂e</c>: the head of a column.</summary>
    public static string Name(MassUnit unit) => unit switch
    {
        MassUnit.Milligrams => "mg CO₂e",
        MassUnit.Grams => "g CO₂e",
        MassUnit.Kilograms => "kg CO₂e",
        _ => "t CO₂e",
    };

    public static string Name(EnergyUnit unit) => unit switch
    {
        EnergyUnit.MilliwattHours => "mWh",
        EnergyUnit.WattHours => "Wh",
        EnergyUnit.KilowattHours => "kWh",
        _ => "MWh",
    };

    /// <summary>E.g. <c>tonnes CO2e</c>: for screen readers, which stumble over subscripts.</summary>
    public static string Spoken(MassUnit unit) => unit switch
    {
        MassUnit.Milligrams => "milligrams CO2e",
        MassUnit.Grams => "grams CO2e",
        MassUnit.Kilograms => "kilograms CO2e",
        _ => "tonnes CO2e",
    };

    public static decimal In(decimal kilograms, MassUnit unit) => unit switch
    {
        MassUnit.Milligrams => kilograms * 1_000_000m,
        MassUnit.Grams => kilograms * 1000m,
        MassUnit.Kilograms => kilograms,
        _ => kilograms / 1000m,
    };

    public static decimal In(decimal kilowattHours, EnergyUnit unit) => unit switch
    {
        EnergyUnit.MilliwattHours => kilowattHours * 1_000_000m,
        EnergyUnit.WattHours => kilowattHours * 1000m,
        EnergyUnit.KilowattHours => kilowattHours,
        _ => kilowattHours / 1000m,
    };

    /// <summary>A mass without its unit: the column head holds that.</summary>
    public static string Mass(decimal kilograms, MassUnit unit, int decimals) => Number(In(kilograms, unit), decimals);

    /// <summary>A mass with its unit, for sentences.</summary>
    public static string MassWithUnit(decimal kilograms, MassUnit unit, int decimals) => Mass(kilograms, unit, decimals) + NoBreakSpace + Name(unit);

    public static string Energy(decimal kilowattHours, EnergyUnit unit, int decimals) => Number(In(kilowattHours, unit), decimals);

    /// <summary>Whole units on Overview; a small tenant gets digits enough to tell its rows apart.</summary>
    public static int OverviewDecimals(decimal largestKg) => Math.Abs(In(largestKg, MassUnitFor(largestKg))) switch
    {
        0 or >= 100 => 0,
        >= 10 => 1,
        _ => 2,
    };

    /// <summary>Rounds half away from zero on the way out; what would round to a false zero reads “&lt; 0.1”.</summary>
    public static string Number(decimal value, int decimals)
    {
        var rounded = Math.Round(value, decimals, MidpointRounding.AwayFromZero);
        if (rounded != 0 || value == 0) return rounded.ToString("N" + decimals.ToString(CultureInfo.InvariantCulture), Culture());
        var smallest = new decimal(1, 0, 0, isNegative: value < 0, (byte)decimals);
        return $"{(value > 0 ? "<" : ">")}{NoBreakSpace}{Number(smallest, decimals)}";
    }

    public static string Count(long value) => value.ToString("N0", Culture());

    /// <summary>Every digit there is: trails and sources.</summary>
    public static string Digits(decimal value)
    {
        var text = value.ToString("N" + AllDigits.ToString(CultureInfo.InvariantCulture), Culture());
        var point = Culture().NumberDecimalSeparator;
        return text.Contains(point, StringComparison.Ordinal) ? text.TrimEnd('0').TrimEnd(point[0]) : text;
    }

    /// <summary>A change, always with its sign.</summary>
    public static string Change(decimal value, int decimals)
    {
        var text = Number(value, decimals);
        return value > 0 && text[0] != '<' ? "+" + text : text;
    }

    /// <param name="share">0 to 1.</param>
    public static string Percent(decimal share, int decimals = 1)
    {
        var percent = share * 100m;
        // Nearly all is not all: 99.98 % must not read 100.0 %.
        if (share is > 0 and < 1 && Math.Round(percent, decimals, MidpointRounding.AwayFromZero) == 100)
            return $">{NoBreakSpace}{Number(100m - new decimal(1, 0, 0, isNegative: false, (byte)decimals), decimals)}{NoBreakSpace}%";
        return Number(percent, decimals) + NoBreakSpace + "%";
    }

    /// <summary>Never without its currency: <c>1,234.50 USD</c>. Small sums keep digits until the first that counts.</summary>
    public static string Money(decimal amount, string currency)
    {
        var decimals = Math.Abs(amount) is > 0 and < 0.01m ? 4 : 2;
        return Number(amount, decimals) + NoBreakSpace + currency;
    }

    /// <summary>Sums by currency side by side, never added; a dash when there are none.</summary>
    public static string Money(IReadOnlyDictionary<string, decimal> amounts) => amounts.Count == 0
        ? "–"
        : string.Join(" · ", amounts.OrderByDescending(a => Math.Abs(a.Value)).ThenBy(a => a.Key, StringComparer.Ordinal).Select(a => Money(a.Value, a.Key)));

    public static string Bytes(long length) => length switch
    {
        < 1000 => Count(length) + NoBreakSpace + "bytes",
        < 1_000_000 => Number(length / 1000m, 0) + NoBreakSpace + "KB",
        < 1_000_000_000 => Number(length / 1_000_000m, 1) + NoBreakSpace + "MB",
        _ => Number(length / 1_000_000_000m, 1) + NoBreakSpace + "GB",
    };

    private static NumberFormatInfo Culture()
    {
        var format = (NumberFormatInfo)CultureInfo.CurrentCulture.NumberFormat.Clone();
        format.NegativeSign = Minus;
        format.NumberNegativePattern = 1;
        return format;
    }
}
