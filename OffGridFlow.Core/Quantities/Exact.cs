using System.Numerics;

namespace OffGridFlow.Core.Quantities;

/// <summary>
/// The named steps of a calculation: the exact result in unlimited precision, rounded once, half to even at the twelfth decimal
/// (<c>docs/methods/rounding.md</c>). No digit depends on how many places a machine type carries, so that SQL and Python give the same.
/// </summary>
public static class Exact
{
    /// <summary>Decimals of every stored figure.</summary>
    public const int Decimals = 12;

    /// <summary>Stored figures have 16 digits before the point.</summary>
    private static readonly BigInteger Limit = BigInteger.Pow(10, 16 + Decimals);

    /// <summary>Those that fit 64 bits.</summary>
    private static readonly ulong[] SmallPowers = [.. Enumerable.Range(0, 20).Select(power => (ulong)BigInteger.Pow(10, power))];

    private static readonly BigInteger[] Powers = [.. Enumerable.Range(0, 100).Select(power => BigInteger.Pow(10, power))];

    /// <summary>a × b, rounded once.</summary>
    /// <exception cref="QuantityOverflowException">The result has more than 16 digits before the point.</exception>
    public static decimal Product(decimal a, decimal b) => Ratio(a, b, 1m);

    /// <summary>a × b ÷ c, rounded once at the end: the product is not rounded before it is divided.</summary>
    /// <exception cref="DivideByZeroException">c is zero.</exception>
    /// <exception cref="QuantityOverflowException">The result has more than 16 digits before the point.</exception>
    public static decimal Ratio(decimal a, decimal b, decimal c) => RatioWithin128Bits(a, b, c, isAway: false) ?? RatioOfAny(a, b, c);

    /// <summary>a × b, rounded once at the twelfth decimal, half away from zero, as shares of the ledger's sums are: <c>round(a * b, 12)</c> of PostgreSQL.</summary>
    /// <exception cref="QuantityOverflowException">The result has more digits than a stored figure can hold.</exception>
    public static decimal ProductHalfAway(decimal a, decimal b)
    {
        var product = a * b;
        // A product of more digits than a decimal has was rounded already, which took some of its decimals.
        return product.Scale == a.Scale + b.Scale ? decimal.Round(product, Decimals, MidpointRounding.AwayFromZero) : RatioOfAny(a, b, 1m, isAway: true);
    }

    /// <summary>a × b ÷ c, rounded in the same way, once.</summary>
    /// <exception cref="DivideByZeroException">c is zero.</exception>
    /// <exception cref="QuantityOverflowException">The result has more than 16 digits before the point.</exception>
    public static decimal RatioHalfAway(decimal a, decimal b, decimal c) => RatioWithin128Bits(a, b, c, isAway: true) ?? RatioOfAny(a, b, c, isAway: true);

    /// <summary>The same digits, many times as quickly, where every number on the way fits 128 bits, as those of nearly all figures do; null where one does not.</summary>
    private static decimal? RatioWithin128Bits(decimal a, decimal b, decimal c, bool isAway)
    {
        if (!TryParts(a, out var mantissaA, out var scaleA) || !TryParts(b, out var mantissaB, out var scaleB) || !TryParts(c, out var mantissaC, out var scaleC) || mantissaC == 0)
        {
            return null;
        }

        var power = Decimals + scaleC - scaleA - scaleB;
        if (Math.Abs(power) >= SmallPowers.Length
            || !TryMultiply((UInt128)mantissaA * mantissaB, SmallPowers[Math.Max(power, 0)], out var numerator)
            || !TryMultiply(mantissaC, SmallPowers[Math.Max(-power, 0)], out var denominator))
        {
            return null;
        }

        var (quotient, remainder) = UInt128.DivRem(numerator, denominator);
        // The denominator has a bit to spare, so that twice the remainder fits.
        var twice = remainder << 1;
        if (twice > denominator || (twice == denominator && (isAway || !UInt128.IsEvenInteger(quotient))))
        {
            quotient++;
        }

        if (quotient > ulong.MaxValue)
        {
            return null;
        }

        var units = (ulong)quotient;
        var scale = Decimals;
        while (scale > 0 && units % 10 == 0)
        {
            units /= 10;
            scale--;
        }

        var isNegative = units != 0 && (decimal.IsNegative(a) ^ decimal.IsNegative(b) ^ decimal.IsNegative(c));
        return new decimal((int)(uint)units, (int)(uint)(units >> 32), 0, isNegative, (byte)scale);
    }

    /// <summary>Of numbers of any length.</summary>
    internal static decimal RatioOfAny(decimal a, decimal b, decimal c, bool isAway = false)
    {
        var (mantissaA, scaleA) = Parts(a);
        var (mantissaB, scaleB) = Parts(b);
        var (mantissaC, scaleC) = Parts(c);
        // (A / 10^sa)(B / 10^sb) / (C / 10^sc) in units of 10^-12.
        var power = Decimals + scaleC - scaleA - scaleB;
        var numerator = mantissaA * mantissaB * Powers[Math.Max(power, 0)];
        var denominator = mantissaC * Powers[Math.Max(-power, 0)];
        return Stored(Divide(numerator, denominator, isAway));
    }

    /// <summary>The product of all factors ÷ the product of all divisors, rounded once at the end.</summary>
    /// <exception cref="DivideByZeroException">A divisor is zero.</exception>
    /// <exception cref="QuantityOverflowException">The result has more than 16 digits before the point.</exception>
    public static decimal Quotient(IEnumerable<decimal> factors, IEnumerable<decimal> divisors)
    {
        // (A / 10^a)(B / 10^b) … / (C / 10^c) … in units of 10^-12.
        var (numerator, denominator, power) = (BigInteger.One, BigInteger.One, Decimals);
        foreach (var (mantissa, scale) in factors.Select(Parts))
        {
            numerator *= mantissa;
            power -= scale;
        }

        foreach (var (mantissa, scale) in divisors.Select(Parts))
        {
            denominator *= mantissa;
            power += scale;
        }

        return Stored(Divide(numerator * BigInteger.Pow(10, Math.Max(power, 0)), denominator * BigInteger.Pow(10, Math.Max(-power, 0)), isAway: false));
    }

    /// <summary>The figure as it is stored.</summary>
    /// <exception cref="QuantityOverflowException">It has more than 16 digits before the point.</exception>
    public static decimal Round(decimal value) => Product(value, 1m);

    private static decimal Stored(BigInteger units)
    {
        if (BigInteger.Abs(units) >= Limit)
        {
            throw new QuantityOverflowException();
        }

        // 28 digits: fits a decimal's 96 bits. The trailing zeros go, so that equal figures are written alike.
        var scale = Decimals;
        while (scale > 0 && (units % 10).IsZero)
        {
            units /= 10;
            scale--;
        }

        var size = (UInt128)BigInteger.Abs(units);
        return new decimal((int)(uint)size, (int)(uint)(size >> 32), (int)(uint)(size >> 64), units.Sign < 0, (byte)scale);
    }

    /// <param name="isAway">Half away from zero; else half to even.</param>
    private static BigInteger Divide(BigInteger numerator, BigInteger denominator, bool isAway)
    {
        if (denominator.IsZero)
        {
            throw new DivideByZeroException();
        }

        var quotient = BigInteger.DivRem(numerator, denominator, out var remainder);
        var comparison = (BigInteger.Abs(remainder) * 2).CompareTo(BigInteger.Abs(denominator));
        if (comparison > 0 || (comparison == 0 && (isAway || !quotient.IsEven)))
        {
            quotient += numerator.Sign * denominator.Sign;
        }

        return quotient;
    }

    private static bool TryParts(decimal value, out ulong mantissa, out int scale)
    {
        Span<int> bits = stackalloc int[4];
        decimal.GetBits(value, bits);
        (mantissa, scale) = (((ulong)(uint)bits[1] << 32) | (uint)bits[0], (bits[3] >> 16) & 0xFF);
        return bits[2] == 0;
    }

    /// <summary>Of numbers whose bits are not too many together: the product has 127 at most.</summary>
    private static bool TryMultiply(UInt128 one, ulong other, out UInt128 product)
    {
        product = one * other;
        return (int)UInt128.LeadingZeroCount(one) + BitOperations.LeadingZeroCount(other) > 64;
    }

    private static (BigInteger Mantissa, int Scale) Parts(decimal value)
    {
        Span<int> bits = stackalloc int[4];
        decimal.GetBits(value, bits);
        var mantissa = (BigInteger)new UInt128(((ulong)(uint)bits[2]), ((ulong)(uint)bits[1] << 32) | (uint)bits[0]);
        return (value < 0 ? -mantissa : mantissa, (bits[3] >> 16) & 0xFF);
    }
}

/// <summary>A figure has more than 16 digits before the point, which no stored figure can hold.</summary>
public sealed class QuantityOverflowException()
    : Exception("The figure has more than 16 digits before the decimal point. Check the quantity and its unit.");
