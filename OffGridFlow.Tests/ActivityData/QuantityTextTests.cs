using System.Globalization;
using OffGridFlow.Web.Features.ActivityData;

namespace OffGridFlow.Tests.ActivityData;

/// <summary>Figures as people type them, by their own formats.</summary>
public sealed class QuantityTextTests
{
    [Theory]
    [InlineData("en-US", "1,234.5", "1234.5")]
    [InlineData("en-US", "1 234.5", "1234.5")]
    [InlineData("en-US", "0.000001", "0.000001")]
    [InlineData("en-US", "-3", "-3")]
    [InlineData("de-DE", "1.234,5", "1234.5")]
    [InlineData("de-DE", "12,5", "12.5")]
    [InlineData("fr-FR", "1 234,5", "1234.5")]
    public void TryParse_OfAFigure_ReadsIt(string culture, string text, string value)
    {
        CultureInfo.CurrentCulture = CultureInfo.GetCultureInfo(culture);

        QuantityText.TryParse(text, out var read).ShouldBeTrue();
        read.ShouldBe(decimal.Parse(value, CultureInfo.InvariantCulture));
    }

    [Theory]
    [InlineData("en-US", "12,5")]
    [InlineData("en-US", "1,23")]
    [InlineData("en-US", ",5")]
    [InlineData("de-DE", "12.5")]
    [InlineData("de-DE", "1.5")]
    [InlineData("en-US", "1e5")]
    [InlineData("en-US", "")]
    [InlineData("en-US", "twelve")]
    public void TryParse_OfWhatCouldBeReadTwoWays_Refuses(string culture, string text)
    {
        CultureInfo.CurrentCulture = CultureInfo.GetCultureInfo(culture);

        QuantityText.TryParse(text, out _).ShouldBeFalse();
    }
}
