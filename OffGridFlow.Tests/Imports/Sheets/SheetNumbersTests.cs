using OffGridFlow.Core.Imports.Sheets;

namespace OffGridFlow.Tests.Imports.Sheets;

public sealed class SheetNumbersTests
{
    [Theory]
    [InlineData("1234.5", null, "Read 1234.5")]
    [InlineData("1,234.5", null, "Read 1234.5")]
    [InlineData("1.234,5", null, "Read 1234.5")]
    [InlineData("1,234,567", null, "Read 1234567")]
    [InlineData("12,5", null, "Read 12.5")]
    [InlineData("1,234", null, "Ambiguous 1234")]
    [InlineData("1.234", null, "Ambiguous 1.234")]
    [InlineData("0.250", null, "Read 0.250")]
    [InlineData("1,234", "en-US", "Read 1234")]
    [InlineData("1,234", "de-DE", "Read 1.234")]
    [InlineData("1.234", "de-DE", "Read 1234")]
    [InlineData("1.234,56", "en-US", "OtherLocale 1234.56")]
    [InlineData("12,34", "en-US", "OtherLocale 12.34")]
    [InlineData("1'234.50", "de-CH", "Read 1234.50")]
    [InlineData("1\u00A0234,5", "fr-FR", "Read 1234.5")]
    [InlineData("1\u202F234\u202F567,5", "fr-FR", "Read 1234567.5")]
    [InlineData("12 345", null, "Read 12345")]
    [InlineData("5-", null, "Read -5")]
    [InlineData("(1,234.50)", null, "Read -1234.50")]
    [InlineData("\u22127", null, "Read -7")]
    [InlineData("--7", null, "Unreadable 0")]
    [InlineData("(-7)", null, "Unreadable 0")]
    [InlineData("1.2E3", null, "Read 1200")]
    [InlineData("1,2E+03", "de-DE", "Read 1200")]
    [InlineData("1e400", null, "Unreadable 0")]
    [InlineData("99999999999999999999999999999999", null, "TooLarge 0")]
    [InlineData("1,23,456", "en-US", "Unreadable 0")]
    [InlineData("1,2345", "en-US", "OtherLocale 1.2345")]
    [InlineData("01,234", "en-US", "OtherLocale 1.234")]
    [InlineData("1.2.3", null, "Unreadable 0")]
    [InlineData("n/a", null, "Unreadable 0")]
    [InlineData("", null, "Empty 0")]
    [InlineData(".5", null, "Read 0.5")]
    [InlineData("1200 kWh", null, "Read 1200 kWh")]
    [InlineData("12 %", null, "Read 12 %")]
    [InlineData("٣", null, "Unreadable 0")]
    public void Read_OfAText_IsWhatTheLocaleWrites(string text, string? locale, string expected)
    {
        var read = SheetNumbers.Read(text, SheetLocale.Find(locale));

        FormattableString.Invariant($"{read.Outcome} {read.Value} {read.Suffix}").Trim().ShouldBe(expected);
    }

    [Fact]
    public void Read_OfAThousandByOneAndAFractionByTheOther_TellsBoth()
    {
        var read = SheetNumbers.Read("1,234", null);

        (read.Value, read.Other).ShouldBe((1234m, 1.234m));
    }
}
