using System.Globalization;
using System.Text.RegularExpressions;
using AngleSharp.Dom;
using Bunit;
using OffGridFlow.Web.Features.Emissions;
using OffGridFlow.Web.Features.Overview;
using OffGridFlow.Web.Layout;
using OffGridFlow.Web.Shared;

namespace OffGridFlow.Tests.Web;

/// <summary>What people read follows their choice; what the browser reads (SVG, CSS, addresses) does not.</summary>
public sealed partial class CultureOfPagesTests : PageContext
{
    /// <summary>Attributes of drawings and styles that the browser parses as numbers.</summary>
    private static readonly string[] Numeric = ["x", "y", "x1", "x2", "y1", "y2", "width", "height", "viewBox", "d", "points", "style", "transform", "r", "cx", "cy", "aria-valuenow"];

    [Theory]
    [InlineData("en-US", "71.0")]
    [InlineData("en-GB", "71.0")]
    [InlineData("de-DE", "71,0")]
    [InlineData("fr-FR", "71,0")]
    public void Explorer_Figures_FollowTheChoice(string culture, string total)
    {
        Use(culture);
        With(new FakeEmissions(SampleRows.Months()));

        var page = Render<EmissionsExplorerPage>();

        page.Find(".is-tree tfoot").TextContent.ShouldContain(total);
        ShouldBeInvariant(page.FindAll("*"));
    }

    [Theory]
    [InlineData("en-US")]
    [InlineData("de-DE")]
    [InlineData("fr-FR")]
    public void Overview_Charts_AreDrawnTheSame(string culture)
    {
        With(new FakeEmissions(SampleRows.Months(7)));
        var expected = Drawing("en-US");
        expected.ShouldContain("rect");

        Drawing(culture).ShouldBe(expected);

        string Drawing(string name)
        {
            Use(name);
            var page = Render<OverviewPage>();
            ShouldBeInvariant(page.FindAll("*"));
            return string.Join('\n', page.FindAll(".og-bars svg *, .og-share > span, .og-coverage > span, .og-change-bar")
                .Select(e => e.LocalName + " " + string.Join(' ', e.Attributes.Where(a => Numeric.Contains(a.Name)).Select(a => a.Name + "=" + a.Value))));
        }
    }

    [Theory]
    [InlineData("de-DE", "0,5")]
    [InlineData("fr-FR", "0,5")]
    public void Overview_Axis_IsWrittenInTheChosenFormat(string culture, string tick)
    {
        Use(culture);
        With(new FakeEmissions(SampleRows.Months(1, 0.00015m)));

        var page = Render<OverviewPage>();

        page.FindAll(".og-bars-axis span").Select(s => s.TextContent).ShouldContain(tick);
    }

    [Fact]
    public void Check_OfInvariance_FindsADecimalComma() =>
        Should.Throw<ShouldAssertException>(() => ShouldBeInvariant(Render<ShareBarWithAComma>().FindAll("*")));

    [Fact]
    public void Menu_OffersTheFourFormats_AndKeepsTheChoice()
    {
        var menu = Render<FormatsMenu>();
        menu.FindAll("button").Select(b => b.GetAttribute("aria-pressed")).ShouldBe(["true", "false", "false", "false"]);
        menu.FindAll(".og-menu-note")[2].TextContent.ShouldBe("1.234,5 · 31.03.2026");

        menu.FindAll("button")[2].Click();

        Personal.Values["formats"].ShouldBe("de-DE");
    }

    [Fact]
    public void Menu_ThatCannotKeepTheChoice_SaysSoWithAReference()
    {
        Personal.Failure = new InvalidOperationException("planted");
        var menu = Render<FormatsMenu>();

        menu.FindAll("button")[2].Click();

        menu.Find("[role=alert] code").TextContent.ShouldStartWith("OGF-");
    }

    [Theory]
    [InlineData("en-US", "Mar 31, 2026", "Mar 31, 2026, 2:05:09\u00a0PM\u00a0UTC")]
    [InlineData("en-GB", "31 Mar 2026", "31 Mar 2026, 14:05:09\u00a0UTC")]
    [InlineData("de-DE", "31.03.2026", "31.03.2026, 14:05:09\u00a0UTC")]
    [InlineData("fr-FR", "31/03/2026", "31/03/2026, 14:05:09\u00a0UTC")]
    public void Dates_FollowTheChoice_AndMonthsStayEnglish(string culture, string day, string instant)
    {
        Use(culture);

        Dates.Day(new DateOnly(2026, 3, 31)).ShouldBe(day);
        Dates.Exact(new DateTimeOffset(2026, 3, 31, 16, 5, 9, TimeSpan.FromHours(2))).ShouldBe(instant);
        Dates.Months(new DateOnly(2025, 12, 1), new DateOnly(2026, 3, 1)).ShouldBe("December 2025 to March 2026");
        Dates.Key(new DateOnly(2026, 3, 1)).ShouldBe("2026-03");
    }

    [Theory]
    [InlineData("de", "de-DE")]
    [InlineData("de-AT,de;q=0.9,en;q=0.8", "de-DE")]
    [InlineData("fr-CA", "fr-FR")]
    [InlineData("en", "en-US")]
    [InlineData("en-US,en;q=0.9,de;q=0.8", "en-US")]
    [InlineData("en-AU", "en-GB")]
    [InlineData("nl,fr;q=0.5,de;q=0.7", "de-DE")]
    [InlineData("de;q=0, fr;q=0.1", "fr-FR")]
    [InlineData("nl-NL", null)]
    [InlineData("*", null)]
    [InlineData("", null)]
    [InlineData(";;;q=,", null)]
    public void Browser_ItsLanguages_ChooseTheNearestFormats(string header, string? expected) => Formats.FromBrowser([header]).ShouldBe(expected);

    private static void Use(string culture) => CultureInfo.CurrentCulture = CultureInfo.GetCultureInfo(culture);

    private static void ShouldBeInvariant(IEnumerable<IElement> elements)
    {
        foreach (var attribute in elements.SelectMany(e => e.Attributes).Where(a => Numeric.Contains(a.Name)))
        {
            DecimalComma().IsMatch(attribute.Value).ShouldBeFalse($"{attribute.Name}=\"{attribute.Value}\"");
            attribute.Value.Any(c => c is '\u202f' or '\u00a0' or '\u2212').ShouldBeFalse($"{attribute.Name}=\"{attribute.Value}\"");
        }
    }

    [GeneratedRegex("\\d,\\d", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex DecimalComma();

    private sealed class ShareBarWithAComma : Microsoft.AspNetCore.Components.ComponentBase
    {
        protected override void BuildRenderTree(Microsoft.AspNetCore.Components.Rendering.RenderTreeBuilder builder) => builder.AddMarkupContent(0, "<span style=\"width:12,5%\"></span>");
    }
}
