using OffGridFlow.Core.CloudUsage;

namespace OffGridFlow.Tests.CloudUsage;

/// <summary>Examples worked by hand from <c>docs/methods/cloud-usage-ccf.md</c> and the tables.</summary>
public class CcfAwsWorkedExamplesTests
{
    /// <summary>The worked example of the method's page.</summary>
    [Fact]
    public void RateFor_HourOfM5LargeInIreland_IsTheWorkedExample()
    {
        var rate = CcfAws.Rate("AmazonEC2", "EU-BoxUsage:m5.large", "Hrs", "eu-west-1");

        // Skylake: 0.65 + 50 % × (4.26 − 0.65) = 2.455 W per vCPU; × 2 vCPU = 4.91 Wh
        // memory: m5's largest has 96 vCPU → 1 chip, 384 GB; (384 − 81.32) × 8 / 384 = 6.305833 GB; × 0.000392 = 0.002471887 kWh
        // × PUE 1.135: (0.00491 + 0.002471887) × 1.135 = 0.008378441 kWh
        rate.Class.ShouldBe(UsageClass.Compute);
        rate.ClassUnit.ShouldBe("vCPU-hours");
        rate.ClassUnitsPerUnit.ShouldBe(2m);
        rate.KilowattHoursPerUnit.ShouldBeClose((0.00491m + (384m - 81.32m) * 8 / 384 * 0.000392m) * 1.135m);
        // × 0.2786 kg per kWh
        rate.OperationalKgCo2ePerUnit.ShouldBeClose(0.00837844136666666666m * 0.2786m);
        // server 1,610.3792 kg over 4 years (35,040 h) and 96 vCPU
        rate.EmbodiedKgCo2ePerUnit.ShouldBeClose(1610.3792m / 35040 / 96);
        rate.Defaulted.ShouldBeFalse();
        rate.FlagCodes().ShouldBe(["embodied-not-scaled"]);
    }

    [Fact]
    public void Steps_HourOfM5Large_NameEachFactorInOrder()
    {
        var rate = CcfAws.Rate("AmazonEC2", "EU-BoxUsage:m5.large", "Hrs", "eu-west-1");

        rate.Steps.Select(s => s.Name).ShouldBe(
        [
            "vCPU-hours", "Processor power", "Processor electricity", "Memory above the ordinary share", "Memory electricity",
            "Electricity with data-center overhead (PUE)", "Grid factor", "Operational emissions", "Embodied emissions",
        ]);
        rate.Steps[1].Expression.ShouldBe("0.65 W + 50 % × (4.26 − 0.65) W");
        rate.Steps[3].Expression.ShouldBe("(384 GB ÷ 1 chip − 81.32 GB) × 8 GB ÷ 384 GB");
        rate.Steps[5].Value.ShouldBe(rate.KilowattHoursPerUnit!.Value);
        rate.Steps[7].Value.ShouldBe(rate.OperationalKgCo2ePerUnit!.Value);
        rate.Steps[8].Value.ShouldBe(rate.EmbodiedKgCo2ePerUnit!.Value);
        rate.Steps.ShouldAllBe(s => s.Source.Length > 0);
    }

    [Fact]
    public void RateFor_GigabyteMonthOfGp2_CountsDaysAndTwoCopies()
    {
        var leapFebruary = CcfAws.Rate("AmazonEC2", "EU-EBS:VolumeUsage.gp2", "GB-Mo", month: new DateOnly(2024, 2, 1));

        // 1 GB / 1000 × 24 h × 29 d = 0.696 TB-hours; × 1.2 Wh × 1.135 × 2 copies / 1000 = 0.0018959040 kWh
        leapFebruary.ClassUnitsPerUnit.ShouldBe(0.696m);
        leapFebruary.KilowattHoursPerUnit.ShouldBe(0.001895904m);
        leapFebruary.EmbodiedKgCo2ePerUnit.ShouldBe(0m);
    }

    [Fact]
    public void RateFor_BurstableType_CountsItsBaselineAndNotTheBillsVcpus()
    {
        var rate = CcfAws.Rate("AmazonEC2", "BoxUsage:t3.micro", "Hrs", vcpus: 2);

        // 2 vCPU × 10 % / 50 % = 0.4 vCPU-hours; Cascade Lake 0.64 + 0.5 × (3.97 − 0.64) = 2.305 W; no memory part
        rate.ClassUnitsPerUnit.ShouldBe(0.4m);
        rate.KilowattHoursPerUnit.ShouldBeClose(0.4m * 2.305m * 1.135m / 1000);
    }

    [Fact]
    public void RateFor_GpuInstance_AddsGpuWatts()
    {
        var rate = CcfAws.Rate("AmazonEC2", "BoxUsage:p3.2xlarge", "Hrs");

        // 8 vCPU × 2.2 W + 1 GPU × (35 + 0.5 × (306 − 35)) W = 188.1 Wh; memory (488 − 69.65) × 61 / 488 = 52.29375 GB
        rate.KilowattHoursPerUnit.ShouldBeClose((0.1881m + 52.29375m * 0.000392m) * 1.135m);
    }

    [Fact]
    public void RateFor_MultiAzDatabase_MultipliesElectricityButNotEmbodied()
    {
        var single = CcfAws.Rate("AmazonRDS", "InstanceUsage:db.m5.large", "Hrs");
        var doubled = CcfAws.Rate("AmazonRDS", "Multi-AZUsage:db.m5.large", "Hrs");

        doubled.KilowattHoursPerUnit.ShouldBe(single.KilowattHoursPerUnit * 2);
        doubled.EmbodiedKgCo2ePerUnit.ShouldBe(single.EmbodiedKgCo2ePerUnit);
        doubled.FlagCodes().ShouldContain("replication-on-compute");
    }

    [Fact]
    public void RateFor_S3InStockholm_KeepsTinyFiguresToNineDigits()
    {
        var estimate = CcfAws.Rate("AmazonS3", "EUN1-TimedStorage-ByteHrs", "GB-Mo", "eu-north-1").Apply(1_000_000);

        // 10^6 / 2^40 × 0.65 × 1.135 × 6 / 1000 kWh, × 0.0088 kg per kWh
        estimate.KilowattHours.ShouldBeClose(1000m * 0.65m * 1.135m * 6 / 1_099_511_627_776m);
        estimate.OperationalKgCo2e.ShouldBeClose(1000m * 0.65m * 1.135m * 6 * 0.0088m / 1_099_511_627_776m);
    }

    [Fact]
    public void RateFor_OutgoingTraffic_IsOneWattHourPerGigabyteTimesPue()
    {
        var rate = CcfAws.Rate("AmazonEC2", "EU-DataTransfer-Out-Bytes", "GB");

        rate.Class.ShouldBe(UsageClass.Network);
        rate.KilowattHoursPerUnit.ShouldBe(0.001135m);
    }

    [Theory]
    [InlineData("AWSLambda", "Lambda-GB-Second", "seconds", "lambda-gb-as-vcpu")]
    [InlineData("AmazonECS", "Fargate-GB-Hours", "hours", "fargate-memory-as-disk")]
    [InlineData("AmazonS3", "TimedStorage-ByteHrs", "GB-Mo", "byte-hours-flaw")]
    [InlineData("AmazonEFS", "Storage", "GB-Mo", "medium-assumed")]
    [InlineData("AmazonEC2", "EBSOptimized:m3.2xlarge", "Hrs", "counted-twice")]
    [InlineData("ElasticMapReduce", "BoxUsage:m5.xlarge", "Hrs", "counted-twice")]
    [InlineData("AmazonRedshift", "Node:dc2.large", "seconds", "redshift-per-second")]
    [InlineData("AmazonSageMaker", "Host:ml.p3.2xlarge", "Hrs", "gpu-as-cpu")]
    [InlineData("AmazonEC2", "BoxUsage:t1.micro", "Hrs", "t1-memory-slip")]
    [InlineData("AmazonEC2", "Reservation:m5.large", "Hrs", "reservation")]
    [InlineData("AmazonEC2", "BoxUsage:c6i.large", "Hrs", "unknown-processor")]
    public void RateFor_RowTouchedByAKnownFlaw_SaysSo(string service, string usageType, string unit, string flag)
    {
        var rate = CcfAws.Rate(service, usageType, unit);

        rate.KilowattHoursPerUnit.ShouldNotBeNull();
        rate.FlagCodes().ShouldContain(flag);
    }

    [Fact]
    public void RateFor_HighMemoryType_TakesGigabytesForTonnesAndSaysSo()
    {
        var rate = CcfAws.Rate("AmazonEC2", "BoxUsage:u-6tb1.56xlarge", "Hrs", vcpus: 224);

        // 6,144 GB read as 6,144 t, over 35,040 h and the family's 448 vCPU
        rate.EmbodiedKgCo2ePerUnit.ShouldBeClose(6_144_000m / 35040 / 448);
        rate.FlagCodes().ShouldContain("high-memory-slip");
    }

    [Fact]
    public void RateFor_UnlistedRegion_TakesTheAverageAndIsDefaulted()
    {
        var rate = CcfAws.Rate("AmazonEC2", "EUS2-DataTransfer-Out-Bytes", "GB", "eu-south-2");

        rate.Grid.ShouldNotBeNull().Region.ShouldBe("Unknown");
        rate.Grid.KgCo2ePerKwh.ShouldBe(0.39278188m);
        rate.Defaulted.ShouldBeTrue();
        rate.FlagCodes().ShouldContain("unlisted-region");
    }

    [Theory]
    [InlineData("AmazonEC2", "BoxUsage:m7g.large", "Hrs", UsageClass.Compute, "vcpus-unknown")]
    [InlineData("AmazonEC2", "NatGateway-Hours", "Hrs", UsageClass.Managed, "no-rule")]
    [InlineData("AWSStepFunctions", "StateTransition", "StateTransitions", UsageClass.Managed, "no-rule")]
    [InlineData("SomethingNew", "Some-Bytes", "GB", UsageClass.Unknown, "peer-drops")]
    [InlineData("AmazonCloudFront", "EU-DataTransfer-Out-Bytes", "GB", UsageClass.Unknown, "peer-drops")]
    [InlineData("AmazonS3", "DataTransfer-In-Bytes", "GB", UsageClass.Excluded, "incoming-traffic")]
    [InlineData("AWSDeveloperSupport", "Dollar", "Dollar", UsageClass.Excluded, "support-fee")]
    [InlineData("AmazonEC2", "HostBoxUsage:mac1.metal", "Hrs", UsageClass.Excluded, "dedicated-host")]
    public void RateFor_RowWithoutAMeasure_HasAClassAReasonAndNoFigure(string service, string usageType, string unit, UsageClass expected, string flag)
    {
        var rate = CcfAws.Rate(service, usageType, unit);

        rate.Class.ShouldBe(expected);
        rate.FlagCodes().ShouldContain(flag);
        rate.KilowattHoursPerUnit.ShouldBeNull();
        rate.EmbodiedKgCo2ePerUnit.ShouldBeNull();
    }

    [Fact]
    public void RateFor_OtherProvider_SaysThereIsNoEstimator()
    {
        var rate = CcfAws.Estimator.RateFor(CcfAws.Kind("Virtual Machines", "D2 v3", "1 Hour") with { Provider = "azure" }, null);

        rate.Class.ShouldBe(UsageClass.Unknown);
        rate.FlagCodes().ShouldBe(["no-estimator"]);
    }
}
