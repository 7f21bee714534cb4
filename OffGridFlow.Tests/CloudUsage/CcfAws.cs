using OffGridFlow.Core.CloudUsage;
using OffGridFlow.Infrastructure.CloudUsage;
using OffGridFlow.Infrastructure.EmissionFactors;

namespace OffGridFlow.Tests.CloudUsage;

/// <summary>The estimator as shipped, and short ways to ask it.</summary>
internal static class CcfAws
{
    public static CcfAwsTables Tables { get; } = CloudReferenceData.LoadAwsCcf(ReferenceSet.DefaultRoot);

    public static CcfAwsEstimator Estimator { get; } = new(Tables);

    public static UsageKind Kind(string service, string usageType, string unit, string region = "us-east-1", decimal? vcpus = null) =>
        new("aws", "000000000001", service, region, usageType, unit, "", vcpus, "USD");

    public static CloudUsageRate Rate(string service, string usageType, string unit, string region = "us-east-1", decimal? vcpus = null, DateOnly? month = null) =>
        Estimator.RateFor(Kind(service, usageType, unit, region, vcpus), month);

    public static IEnumerable<string> FlagCodes(this CloudUsageRate rate) => rate.Flags.Select(f => f.Code);

    public static void ShouldBeClose(this decimal? actual, decimal expected)
    {
        actual.ShouldNotBeNull();
        // relative 1e-9: the peer computes in binary floating point
        Math.Abs(actual.Value - expected).ShouldBeLessThanOrEqualTo(Math.Abs(expected) * 1e-9m, FormattableString.Invariant($"{actual} against {expected}"));
    }

    /// <summary>A usage with each rule's own text, in each unit and for each service that rules name, plus common ones: wide coverage without a file.</summary>
    public static IEnumerable<UsageKind> Samples()
    {
        string[] usageTypes =
        [
            "EUW1-BoxUsage:m5.large", "BoxUsage:t3.micro", "EUC1-InstanceUsage:db.r6g.16xlarge", "EUN1-Multi-AZUsage:db.m5.xl",
            "USE1-Kafka.m5.large", "APS2-BoxUsage:p3.2xlarge", "Host:ml.p3.2xlarge", "BoxUsage:u-6tb1.metal", "Node:dc2.8xlarge", "",
            .. Tables.Classes.Rules.Select(r => r.Usage.Text).Where(t => t.Length > 0).Select(t => "EUW2-" + t),
        ];
        string[] units = [.. Tables.Units.Rules.SelectMany(r => r.Groups).Distinct(), "Requests", ""];
        string[] services = [.. Tables.Classes.Rules.Select(r => r.Service).Where(s => s.Length > 0).Distinct(), "AmazonEC2", "AmazonRDS"];
        return from usageType in usageTypes
               from unit in units
               from service in services
               select Kind(service, usageType, unit, "eu-north-1", 2);
    }
}
