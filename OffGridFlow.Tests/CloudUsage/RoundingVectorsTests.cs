using System.Globalization;
using OffGridFlow.Core.CloudUsage;

namespace OffGridFlow.Tests.CloudUsage;

/// <summary>The vectors of docs/methods/rounding.md, as they are shipped for everybody who recomputes the ledger.</summary>
public sealed class RoundingVectorsTests
{
    public static TheoryData<string, string> Vectors
    {
        get
        {
            var vectors = new TheoryData<string, string>();
            foreach (var line in File.ReadLines(Path.Combine(AppContext.BaseDirectory, "reference-data", "rounding-vectors.csv")).Skip(1))
            {
                var fields = line.Split(',', 3);
                vectors.Add(fields[0], fields[1]);
            }

            return vectors;
        }
    }

    [Theory]
    [MemberData(nameof(Vectors))]
    public void ForLedger_Vector_StoresItsRoundedValue(string value, string stored)
    {
        var given = Parse(value);
        var expected = Parse(stored);

        var ledger = new CloudEstimate(given, given, given, given).ForLedger();

        ledger.ShouldBe(new CloudEstimate(expected, expected, expected, expected));
    }

    [Theory]
    [MemberData(nameof(Vectors))]
    public void ForLedger_StoredValue_StaysAsItIs(string value, string stored)
    {
        var expected = Parse(stored);

        var again = new CloudEstimate(expected, null, null, null).ForLedger();

        again.ClassUnits.ShouldBe(expected, $"stored from {value}");
        again.KilowattHours.ShouldBeNull("no figure is not zero");
    }

    /// <summary>A vector that decimal itself would round proves nothing.</summary>
    [Theory]
    [MemberData(nameof(Vectors))]
    public void Vectors_AsDecimal_KeepAllDigits(string value, string stored)
    {
        Parse(value).ToString(CultureInfo.InvariantCulture).ShouldBe(value);
        Parse(stored).ToString(CultureInfo.InvariantCulture).ShouldBe(stored);
    }

    private static decimal Parse(string text) => decimal.Parse(text, NumberStyles.Number, CultureInfo.InvariantCulture);
}
