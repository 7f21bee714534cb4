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

    private static readonly BigInteger[] Powers = [.. Enumerable.Range(0, 100).Select(power => BigInteger.Pow(10, power))];

    /// <summary>a × b, rounded once.</summary>
    /// <exception cref="QuantityOverflowException">The result has more than 16 digits before the point.</exception>
    public static decimal Product(decimal a, decimal b) => Ratio(a, b, 1m);

    /// <summary>a × b ÷ c, rounded once at the end: the product is not rounded before it is divided.</summary>
    /// <exception cref="DivideByZeroException">c is zero.</exception>
    /// <exception cref="QuantityOverflowException">The result has more than 16 digits before the point.</exception>
    public static decimal Ratio(decimal a, decimal b, decimal c)
    {
        var (mantissaA, scaleA) = Parts(a);
        var (mantissaB, scaleB) = Parts(b);
        var (mantissaC, scaleC) = Parts(c);
        // (A / 10^sa)(B / 10^sb) / (C / 10^sc) in units of 10^-12.
        var power = Decimals + scaleC - scaleA - scaleB;
        var numerator = mantissaA * mantissaB * Powers[Math.Max(power, 0)];
        var denominator = mantissaC * Powers[Math.Max(-power, 0)];
        return Stored(DivideHalfEven(numerator, denominator));
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

        return Stored(DivideHalfEven(numerator * BigInteger.Pow(10, Math.Max(power, 0)), denominator * BigInteger.Pow(10, Math.Max(-power, 0))));
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

    private static BigInteger DivideHalfEven(BigInteger numerator, BigInteger denominator)
    {
        if (denominator.IsZero)
        {
            throw new DivideByZeroException();
        }

        var quotient = BigInteger.DivRem(numerator, denominator, out var remainder);
        var comparison = (BigInteger.Abs(remainder) * 2).CompareTo(BigInteger.Abs(denominator));
        if (comparison > 0 || (comparison == 0 && !quotient.IsEven))
        {
            quotient += numerator.Sign * denominator.Sign;
        }

        return quotient;
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
