using OffGridFlow.Core.Calculation;
using OffGridFlow.Core.Calculation.Runs;
using OffGridFlow.Core.Quantities;

namespace OffGridFlow.Tests.Calculation;

public sealed class ResultFingerprintTests
{
    private static readonly Unit KilowattHour = TestLibrary.Units.Find("kWh");

    [Fact]
    public void Of_EqualNumbers_IsTheSame_HoweverManyZerosTheyEndIn()
    {
        var random = new Random(20261122);
        for (var i = 0; i < 5000; i++)
        {
            // Up to the widest that the engine knows, so with and without digits beyond 64 bits; with every number of zeros that still fits.
            var number = new decimal(random.Next(), i % 3 == 0 ? 0 : random.Next(), i % 5 == 0 ? random.Next(1000) : 0, i % 2 == 0, (byte)random.Next(13));
            var fingerprint = Of(number);
            for (var (longer, zeros) = (number, 0); zeros < 4; zeros++, longer *= 1.0m)
            {
                Of(longer).ShouldBe(fingerprint, FormattableString.Invariant($"{number} as {longer}"));
            }

            Of(number + 1m).ShouldNotBe(fingerprint);
        }

        Of(0.000m).ShouldBe(Of(0m));
        Of(-1.50m).ShouldNotBe(Of(1.5m));
    }

    private static string Of(decimal number) => Convert.ToHexString(ResultFingerprint.Of(
        "1", null,
        new ActivityInput { Id = "1", Type = "electricity", Quantity = new Quantity(number, KilowattHour), From = new DateOnly(2025, 1, 1), To = new DateOnly(2025, 1, 31), Region = "GB" },
        new CalculationOutcome([], null), []));
}
