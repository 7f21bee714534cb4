using OffGridFlow.Core.CloudUsage;
using OffGridFlow.Infrastructure.Inventory;
using OffGridFlow.Web.Features.Emissions;
using OffGridFlow.Web.Features.Emissions.Trail;

namespace OffGridFlow.Tests.Web;

public sealed class EmissionsAddressTests
{
    [Theory]
    [InlineData("/emissions")]
    [InlineData("/emissions?from=2023-11&to=2024-03")]
    [InlineData("/emissions?from=2023-11-04&to=2023-11-20")]
    [InlineData("/emissions?service=AmazonEC2&region=&account=004417982210&usageClass=compute&q=a%20b&groupBy=account,month&trail=00000000-0000-7000-8000-000000000001")]
    [InlineData("/emissions?groupBy=")]
    [InlineData("/emissions?quality=missing&sort=-embodied&columns=electricity,coverage")]
    [InlineData("/emissions?sort=name&columns=")]
    public void Address_ThereAndBack_IsTheSame(string url) =>
        Uri.UnescapeDataString(EmissionsAddress.Parse("https://ledger.example" + url).ToUrl()).ShouldBe(Uri.UnescapeDataString(url));

    [Fact]
    public void Parse_WhatItDoesNotUnderstand_DoesNotRestrict() =>
        EmissionsAddress.Parse("https://ledger.example/emissions?from=yesterday&usageClass=99&quality=fine&sort=7&groupBy=color,shape,service&trail=7").ShouldBe(
            new EmissionsAddress { GroupBy = new Grouping([EmissionsDimension.Service]) });

    [Fact]
    public void Grouping_ChangingALevel_KeepsEachDimensionOnce()
    {
        var grouping = new Grouping([EmissionsDimension.Service, EmissionsDimension.Region]);

        grouping.With(0, EmissionsDimension.Region).Levels.ShouldBe([EmissionsDimension.Region]);
        grouping.With(2, EmissionsDimension.Month).Levels.ShouldBe([EmissionsDimension.Service, EmissionsDimension.Region, EmissionsDimension.Month]);
        grouping.With(0, null).Levels.ShouldBe([EmissionsDimension.Region]);
    }

    [Fact]
    public void Narrow_ByMonth_StaysInsideTheFilter()
    {
        var filter = ExplorerService.Narrow(new EmissionsFilter { From = new DateOnly(2023, 11, 4) }, EmissionsDimension.Month, "2023-11");

        filter.From.ShouldBe(new DateOnly(2023, 11, 4));
        filter.To.ShouldBe(new DateOnly(2023, 11, 30));
    }

    [Fact]
    public void Python_TextsOfABill_StayInTheirComments()
    {
        var row = SampleRows.Row(1, new DateOnly(2023, 11, 1), "AmazonEC2", "eu-west-1", "1", UsageClass.Compute, 10m);
        var trail = SampleTrail.Of(row);
        var component = trail.Components[0] with { UsageType = "x\nimport os", Unit = "Hrs\rimport os" };

        var script = TrailPython.Write(trail with { Components = [component] });

        script.Split('\n').ShouldNotContain(line => line.StartsWith("import os", StringComparison.Ordinal));
        script.ShouldContain("kg += r(amount * D('0.001768517'))");
        script.ShouldContain("assert r(kg) == r(D('10'))");
    }
}
