using System.Globalization;
using System.Numerics;
using OffGridFlow.Core.Quantities;

namespace OffGridFlow.Tests.Quantities;

public sealed class ExactTests
{
    public static TheoryData<string, string> Vectors => CloudUsage.RoundingVectorsTests.Vectors;

    [Theory]
    [MemberData(nameof(Vectors))]
    public void Round_Vector_GivesItsStoredValue(string value, string stored) => Text(Exact.Round(Parse(value))).ShouldBe(stored);

    /// <summary>Worked by hand: the tie is decided on the exact quotient, where 28 digits of a decimal would be below or above it.</summary>
    [Theory]
    [InlineData("1", "1", "3", "0.333333333333")]
    [InlineData("2", "1", "3", "0.666666666667")]
    [InlineData("-2", "1", "3", "-0.666666666667")]
    [InlineData("1", "0.0000000000005", "1", "0")]
    [InlineData("3", "0.0000000000005", "1", "0.000000000002")]
    [InlineData("5", "0.0000000000005", "1", "0.000000000002")]
    [InlineData("1", "1055.05585262", "3.6", "293.071070172222")]
    [InlineData("9999999999999999", "9999999999999999", "9999999999999999", "9999999999999999")]
    [InlineData("0", "5", "7", "0")]
    public void Ratio_OfThree_IsRoundedOnce(string a, string b, string c, string expected) => Text(Exact.Ratio(Parse(a), Parse(b), Parse(c))).ShouldBe(expected);

    /// <summary>Against fractions of unlimited precision.</summary>
    [Fact]
    public void Ratio_OfRandomNumbers_IsWithinHalfOfTheTwelfthDecimal()
    {
        var random = new Random(7);
        for (var i = 0; i < 20_000; i++)
        {
            var (a, b, c) = (Any(random), Any(random), Any(random));
            if (c == 0 || Math.Abs((double)a * (double)b / (double)c) > 9e15)
            {
                continue;
            }

            var result = Exact.Ratio(a, b, c);

            // |result·c − a·b| ≤ ½·10⁻¹²·|c|, in integers of 10⁻⁶⁸.
            var left = BigInteger.Abs((Scaled(result, 34) * Scaled(c, 34)) - (Scaled(a, 34) * Scaled(b, 34))) * 2;
            var right = BigInteger.Abs(Scaled(c, 34)) * BigInteger.Pow(10, 34 - 12);
            left.ShouldBeLessThanOrEqualTo(right, FormattableString.Invariant($"{a} × {b} ÷ {c}"));
        }
    }

    /// <summary>Short numbers are worked out by 128 bits: bit for bit what numbers of any length give, ties and signs of zero too.</summary>
    [Fact]
    public void Ratio_OfShortNumbers_HasTheBitsOfTheLongWay()
    {
        var random = new Random(11);
        for (var i = 0; i < 50_000; i++)
        {
            decimal Short() => new(random.Next(), random.Next(3) == 0 ? random.Next() : 0, 0, random.Next(4) == 0, (byte)random.Next(13));
            var (a, b, c) = i % 5 == 0 ? (((random.Next(-9999, 9999) * 2) + 1) * 0.0000000000005m, random.Next(999), 1m) : (Short(), Short(), i % 2 == 0 ? 1m : Short() + 1);
            try
            {
                decimal.GetBits(Exact.Ratio(a, b, c)).ShouldBe(decimal.GetBits(Exact.RatioOfAny(a, b, c)), FormattableString.Invariant($"{a} × {b} ÷ {c}"));
            }
            catch (Exception exception) when (exception is QuantityOverflowException or DivideByZeroException)
            {
                Should.Throw(() => Exact.RatioOfAny(a, b, c), exception.GetType());
            }
        }
    }

    [Theory]
    [InlineData("10000000000000000", "1", "1")]
    [InlineData("9999999999999999", "1.0000000000000001", "1")]
    [InlineData("-100000000", "100000000", "1")]
    public void Ratio_TooLargeToStore_IsRefused(string a, string b, string c) =>
        Should.Throw<QuantityOverflowException>(() => Exact.Ratio(Parse(a), Parse(b), Parse(c)));

    [Fact]
    public void Ratio_ByZero_IsRefused() => Should.Throw<DivideByZeroException>(() => Exact.Ratio(1, 1, 0));

    private static decimal Any(Random random) => new(
        random.Next(), random.Next(), random.Next(4) == 0 ? random.Next(0, 1000) : 0, random.Next(2) == 0, (byte)random.Next(0, 20));

    private static BigInteger Scaled(decimal value, int decimals)
    {
        var bits = decimal.GetBits(value);
        var mantissa = ((BigInteger)(uint)bits[2] << 64) + ((BigInteger)(uint)bits[1] << 32) + (uint)bits[0];
        return (value < 0 ? -mantissa : mantissa) * BigInteger.Pow(10, decimals - ((bits[3] >> 16) & 0xFF));
    }

    private static decimal Parse(string text) => decimal.Parse(text, CultureInfo.InvariantCulture);

    private static string Text(decimal value) => value.ToString(CultureInfo.InvariantCulture);
}
