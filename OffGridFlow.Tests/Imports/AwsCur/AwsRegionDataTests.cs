using OffGridFlow.Infrastructure.Imports.AwsCur;

namespace OffGridFlow.Tests.Imports.AwsCur;

public sealed class AwsRegionDataTests
{
    [Theory]
    [InlineData("USE1", "us-east-1")]
    [InlineData("EU", "eu-west-1")]
    [InlineData("EUW1", "eu-west-1")]
    [InlineData("APS1", "ap-southeast-1")]
    [InlineData("APS2", "ap-southeast-2")]
    [InlineData("APS3", "ap-south-1")]
    [InlineData("APS4", "ap-southeast-3")]
    [InlineData("APS5", "ap-south-2")]
    [InlineData("APS6", "ap-southeast-4")]
    [InlineData("APN3", "ap-northeast-3")]
    [InlineData("APE1", "ap-east-1")]
    [InlineData("UGE1", "us-gov-east-1")]
    [InlineData("CNW1", "cn-northwest-1")]
    [InlineData("MEC1", "me-central-1")]
    public void Find_Prefix_RegionOfTheTable(string prefix, string region) =>
        AwsRegionTable.Shared.Find("AmazonEC2", prefix + "-BoxUsage:m5.large", "", "", "", "").ShouldBe(region);
}
