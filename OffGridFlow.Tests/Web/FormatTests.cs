using System.Globalization;
using OffGridFlow.Web.Shared;

namespace OffGridFlow.Tests.Web;

public sealed class FormatTests : IDisposable
{
    private readonly CultureInfo _before = CultureInfo.CurrentCulture;

    public FormatTests() => Use("en-US");

    public void Dispose() => CultureInfo.CurrentCulture = _before;

    [Theory]
    [InlineData("2025-11-20T09:05:00Z", "09:05")]
    [InlineData("2025-11-19T23:59:00Z", "Wed 23:59")]
    [InlineData("2025-11-14T00:00:00Z", "Fri 00:00")]
    [InlineData("2025-11-13T23:59:00Z", "13 Nov 23:59")]
    [InlineData("2024-11-20T09:05:00Z", "20 Nov 2024, 09:05")]
    public void Recent_NamesAsMuchOfTheDayAsIsNeeded(string instant, string expected) =>
        Dates.Recent(DateTimeOffset.Parse(instant, CultureInfo.InvariantCulture), new DateTimeOffset(2025, 11, 20, 9, 41, 0, TimeSpan.Zero)).ShouldBe(expected);

    [Theory]
    [InlineData(0.02, "<\u00a00.1\u00a0s")]
    [InlineData(2.44, "2.4\u00a0s")]
    [InlineData(41, "41 s")]
    [InlineData(372, "6 min 12 s")]
    public void Brief_OfAFewSeconds_HasTenths(double seconds, string expected) => Dates.Brief(TimeSpan.FromSeconds(seconds)).ShouldBe(expected);

    [Theory]
    [InlineData("en-US", "1,234,567.9")]
    [InlineData("de-DE", "1.234.567,9")]
    [InlineData("fr-FR", "1\u202f234\u202f567,9")]
    public void Number_InACulture_UsesItsSeparators(string culture, string expected)
    {
        Use(culture);

        Format.Number(1234567.89m, 1).ShouldBe(expected);
    }

    [Theory]
    [InlineData("0", 1, "0.0")]
    [InlineData("0.04", 1, "<\u00a00.1")]
    [InlineData("-0.04", 1, ">\u00a0\u22120.1")]
    [InlineData("0.4", 0, "<\u00a01")]
    [InlineData("0.05", 1, "0.1")]
    [InlineData("-176.86", 1, "\u2212176.9")]
    public void Number_SmallOrNegative_ShowsNoFalseZeroAndATrueMinus(string value, int decimals, string expected) =>
        Format.Number(decimal.Parse(value, CultureInfo.InvariantCulture), decimals).ShouldBe(expected);

    [Theory]
    [InlineData("12.34", "+12.3")]
    [InlineData("-12.34", "\u221212.3")]
    [InlineData("0", "0.0")]
    public void Change_AlwaysCarriesItsSign(string value, string expected) =>
        Format.Change(decimal.Parse(value, CultureInfo.InvariantCulture), 1).ShouldBe(expected);

    [Theory]
    [InlineData("0.123", "12.3\u00a0%")]
    [InlineData("1", "100.0\u00a0%")]
    [InlineData("0.9999", ">\u00a099.9\u00a0%")]
    [InlineData("0.0001", "<\u00a00.1\u00a0%")]
    public void Percent_NearlyAll_IsNotAll(string share, string expected) =>
        Format.Percent(decimal.Parse(share, CultureInfo.InvariantCulture)).ShouldBe(expected);

    [Theory]
    [InlineData("43937000", MassUnit.Tonnes)]
    [InlineData("1000", MassUnit.Tonnes)]
    [InlineData("999.9", MassUnit.Kilograms)]
    [InlineData("0.6", MassUnit.Grams)]
    [InlineData("0.000002801698", MassUnit.Milligrams)]
    [InlineData("0", MassUnit.Tonnes)]
    public void MassUnitFor_ByTheLargestFigure(string kilograms, MassUnit expected) =>
        Format.MassUnitFor(decimal.Parse(kilograms, CultureInfo.InvariantCulture)).ShouldBe(expected);

    [Fact]
    public void MassWithUnit_SmallTenant_ReadsInGrams() =>
        Format.MassWithUnit(0.0004567m, MassUnit.Grams, 2).ShouldBe("0.46\u00a0g CO₂e");

    [Fact]
    public void Digits_KeepsEveryDigitAndNoTrailingZero()
    {
        Format.Digits(176863.680000000000m).ShouldBe("176,863.68");
        Format.Digits(0.000000000001m).ShouldBe("0.000000000001");
        Format.Digits(1200m).ShouldBe("1,200");
    }

    [Fact]
    public void Money_SeveralCurrencies_StandSideBySideAndAreNeverAdded() =>
        Format.Money(new Dictionary<string, decimal> { ["EUR"] = 2m, ["USD"] = 1200.5m }).ShouldBe("1,200.50\u00a0USD · 2.00\u00a0EUR");

    [Fact]
    public void Money_InGerman_KeepsTheCurrencyCode()
    {
        Use("de-DE");

        Format.Money(-1.682309m, "USD").ShouldBe("\u22121,68\u00a0USD");
        Format.Money(0.0012m, "USD").ShouldBe("0,0012\u00a0USD");
    }

    [Fact]
    public void Months_InOneYear_NameTheYearOnce() =>
        Dates.Months(new DateOnly(2024, 3, 1), new DateOnly(2024, 5, 1)).ShouldBe("March to May 2024");

    private static void Use(string culture) => CultureInfo.CurrentCulture = CultureInfo.GetCultureInfo(culture);
}
