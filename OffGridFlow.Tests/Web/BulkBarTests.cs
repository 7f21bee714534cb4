using Bunit;
using OffGridFlow.Web.Features.ActivityData;

namespace OffGridFlow.Tests.Web;

public sealed class BulkBarTests : PageContext
{
    [Theory]
    [InlineData(true, 1)]
    [InlineData(false, 0)]
    public void Bar_WhereTheFilterHasMore_OffersAsManyAsOneActTakes(bool hasMore, int clicks)
    {
        var asked = 0;

        var bar = Render<BulkBar>(parameters => parameters.Add(one => one.Rows, []).Add(one => one.HasMore, hasMore).Add(one => one.OnMore, () => asked++));
        foreach (var button in bar.FindAll("button").Where(button => button.TextContent.StartsWith("Select more", StringComparison.Ordinal)))
        {
            button.TextContent.ShouldBe("Select more, up to 1,000");
            button.Click();
        }

        asked.ShouldBe(clicks);
    }
}
