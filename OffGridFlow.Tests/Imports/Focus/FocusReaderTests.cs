using OffGridFlow.Core.CloudUsage;
using OffGridFlow.Core.Imports;
using OffGridFlow.Infrastructure.Imports;
using OffGridFlow.Tests.Imports.AwsCur;

namespace OffGridFlow.Tests.Imports.Focus;

public sealed class FocusReaderTests
{
    private static readonly BillPeriod September = new("aws", "012345678901", new DateOnly(2024, 9, 1));

    [Fact]
    public void Read_GoodRow_EveryColumnFindsItsPlaceAndAwsItsOwnNames()
    {
        var file = FocusText.File(FocusText.Row());

        var read = FocusText.Read(file);

        var line = read.Lines.ShouldHaveSingleItem();
        read.KindOf(line).ShouldBe(new UsageKind("aws", "012345678901", "AmazonEC2", "eu-west-1", "BoxUsage:m5.large", "Hrs", "", null, "USD"));
        line.Charge.ShouldBe(ChargeKind.Usage);
        line.Amount.ShouldBe(1);
        line.Cost.ShouldBe(0.107m);
        line.Start.ShouldBe(new DateTime(2024, 9, 5, 1, 0, 0, DateTimeKind.Utc));
        line.End.ShouldBe(new DateTime(2024, 9, 5, 2, 0, 0, DateTimeKind.Utc));
        line.Resource.ShouldBe("i-0abc");
        line.Tags.ShouldBe("""{"team":"web"}""");
        FocusText.Inspect(file).Periods.ShouldBe(new Dictionary<BillPeriod, long> { [September] = 1 });
    }

    [Theory]
    [InlineData("Usage", "", ChargeKind.Usage)]
    [InlineData("usage", "Used", ChargeKind.Usage)]
    [InlineData("Usage", "Unused", ChargeKind.CostOnly)]
    [InlineData("Purchase", "", ChargeKind.CostOnly)]
    [InlineData("Tax", "", ChargeKind.CostOnly)]
    [InlineData("Credit", "", ChargeKind.CostOnly)]
    [InlineData("Adjustment", "", ChargeKind.CostOnly)]
    public void Read_ChargeCategory_OnlyUsedUsageIsUsage(string category, string commitment, ChargeKind charge) =>
        FocusText.Read(FocusText.File(FocusText.Row(("ChargeCategory", category), ("CommitmentDiscountStatus", commitment))))
            .Lines.ShouldHaveSingleItem().Charge.ShouldBe(charge);

    [Theory]
    [InlineData("ChargeCategory", "Rebate", "is none of the five")]
    [InlineData("ChargeCategory", "NULL", "is empty")]
    [InlineData("BilledCost", "", "is empty")]
    [InlineData("BilledCost", "1,5", "number of fields")]
    [InlineData("BilledCost", "free", "is not a number")]
    [InlineData("ConsumedQuantity", "some", "is not a number")]
    [InlineData("BillingCurrency", "Dollar", "three letters")]
    [InlineData("ProviderName", "NULL", "is empty")]
    [InlineData("ServiceName", "", "is empty")]
    [InlineData("ChargePeriodStart", "05/09/2024", "is not a date")]
    [InlineData("ChargePeriodEnd", "2024-09-05T00:00:00Z", "lies before")]
    [InlineData("SubAccountId", "1.2346E+11", "rounded number")]
    [InlineData("Tags", "{team: web}", "is not a JSON object")]
    public void Read_BadValue_RowRejectedWithColumnAndReason(string column, string value, string reason)
    {
        var rejected = FocusText.Read(FocusText.File(FocusText.Row((column, value)), FocusText.Row())).Rejected.ShouldHaveSingleItem();

        if (reason == "number of fields")
        {
            rejected.Reason.ShouldContain("19 fields");
            return;
        }

        rejected.Column.ShouldBe(column);
        rejected.Reason.ShouldContain(reason);
        rejected.Fix.ShouldNotBeNullOrWhiteSpace();
        rejected.Line.ShouldBe(2);
    }

    [Theory]
    [InlineData("AWS", "012345678901", "aws", "012345678901")]
    [InlineData("Microsoft", "/subscriptions/64E355D7-997C-491D-B0C1-8414DCCFCF42", "azure", "64e355d7-997c-491d-b0c1-8414dccfcf42")]
    [InlineData("Google Cloud", "my-project", "gcp", "my-project")]
    [InlineData("Oracle", "NULL", "oracle", "999999999999")]
    [InlineData("Some Very Long Provider Name, Inc.", "a", "some-very-long-provi", "a")]
    public void Read_Provider_NamedAsItsOwnReportsDo(string name, string account, string provider, string expected)
    {
        var file = FocusText.File(FocusText.Row(("ProviderName", $"\"{name}\""), ("SubAccountId", account)));

        var read = FocusText.Read(file);

        var kind = read.KindOf(read.Lines.ShouldHaveSingleItem());
        (kind.Provider, kind.Account).ShouldBe((provider, expected));
        FocusText.Inspect(file).Periods.Keys.ShouldHaveSingleItem().ShouldBe(new BillPeriod(provider, expected, new DateOnly(2024, 9, 1)));
    }

    [Fact]
    public void Read_NegativeUsage_KeepsItsSign()
    {
        var line = FocusText.Read(FocusText.File(FocusText.Row(("ConsumedQuantity", "-0.0001"), ("BilledCost", "-4E-7")))).Lines.ShouldHaveSingleItem();

        line.Amount.ShouldBe(-0.0001m);
        line.Cost.ShouldBe(-0.0000004m);
    }

    [Fact]
    public void Read_NoQuantity_NoAmountAndNoUnitSoThatNoZeroIsEstimated()
    {
        var read = FocusText.Read(FocusText.File(FocusText.Row(("ConsumedQuantity", "NULL"))));

        var line = read.Lines.ShouldHaveSingleItem();
        line.Amount.ShouldBeNull();
        read.KindOf(line).Unit.ShouldBeEmpty();
    }

    // Descriptions as AWS publishes them in its Price List; usage types as its Cost and Usage Report names the same charges.
    [Theory]
    [InlineData("Amazon Elastic Compute Cloud", "GB", "$0.085 per GB - next 40 TB / month data transfer out", "DataTransfer-Out-Bytes")]
    [InlineData("Elastic Load Balancing", "GB", "$0.000 per GB - data transfer in per month", "DataTransfer-In-Bytes")]
    [InlineData("Amazon Elastic Compute Cloud", "GB", "$0.010 per GB - regional data transfer - in/out/between EC2 AZs or using elastic IPs or ELB", "DataTransfer-Regional-Bytes")]
    [InlineData("Amazon Simple Storage Service", "GB", "$0.02 per GB - US West (Oregon) data transfer to EU (Ireland)", "AWS-Out-Bytes")]
    [InlineData("Amazon Simple Storage Service", "GB", "$0.00 per GB - US West (Oregon) data transfer from EU (Paris)", "AWS-In-Bytes")]
    [InlineData("AWS Step Functions", "GB", "$0.147 per GB for USE1-AWS-Out-Bytes in Africa (Cape Town)", "USE1-AWS-Out-Bytes")]
    [InlineData("Amazon Elastic Compute Cloud", "GB", "$0.147 per GB for DataTransfer-Out-Bytes usage in  Africa (Cape Town)", "DataTransfer-Out-Bytes")]
    [InlineData("Amazon Elastic Compute Cloud", "GB-Months", "$0.08 per GB-month of General Purpose (gp3) provisioned storage - US West (Oregon)", "EBS:VolumeUsage.gp3")]
    [InlineData("Amazon Elastic Compute Cloud", "GB-Months", "$0.05 per GB-Month of snapshot data stored - US West (Oregon)", "EBS:SnapshotUsage")]
    [InlineData("Amazon Simple Storage Service", "GB-Months", "$0.023 per GB - first 50 TB / month of storage used", "TimedStorage-ByteHrs")]
    [InlineData("Amazon Elastic Compute Cloud", "Hours", "$0.0 for 4245 Mbps per c6a.4xlarge instance-hour (or partial hour)", "EBSOptimized:c6a.4xlarge")]
    [InlineData("Amazon Relational Database Service", "Hours", "USD 0.023 per db.t3.micro Single-AZ instance hour (or partial hour) running SQL Server Exp (LI)", "InstanceUsage:db.t3.micro")]
    [InlineData("Amazon Elastic Container Service", "Hours", "AWS Fargate - vCPU  - US West 2 (Oregon)", "Fargate-vCPU-Hours:perCPU")]
    [InlineData("AWS Lambda", "Seconds", "AWS Lambda - Total Compute - US West (Oregon)-Tier-1", "Lambda-GB-Second")]
    [InlineData("Amazon Virtual Private Cloud", "Hours", "$0.005 per In-use public IPv4 address per hour", "PublicIPv4:InUseAddress")]
    [InlineData("Amazon Route 53", "Queries", "$0.40 per 1,000,000 queries for the first 1 Billion queries", "$0.40 per 1,000,000 queries for the first 1 Billion queries")]
    public void Read_AwsWithoutUsageType_ReadFromTheDescription(string service, string unit, string description, string usageType)
    {
        var read = FocusText.Read(FocusText.File(FocusText.Row(("ServiceName", service), ("ConsumedUnit", unit), ("ChargeDescription", $"\"{description}\""))));

        read.KindOf(read.Lines.ShouldHaveSingleItem()).UsageType.ShouldBe(usageType);
    }

    [Fact]
    public void Read_ColumnsOfAwsAndOfLaterVersions_ComeBeforeTheDescription()
    {
        var text = FocusText.Headings + ",x_ServiceCode,x_UsageType,SkuMeter,SkuPriceDetails,InvoiceId\n"
            + FocusText.Row() + ",AmazonEC2,EUW1-BoxUsage:c5.xlarge,,\"{\"\"InstanceType\"\":\"\"c5.xlarge\"\",\"\"CoreCount\"\":4}\",7\n"
            + FocusText.Row() + ",NULL,NULL,BoxUsage:r5.large,,7\n";

        var read = FocusText.Read(CurText.Bytes(text));

        read.KindOf(read.Lines[0]).ShouldBe(new UsageKind("aws", "012345678901", "AmazonEC2", "eu-west-1", "EUW1-BoxUsage:c5.xlarge", "Hrs", "c5.xlarge", 4, "USD"));
        read.KindOf(read.Lines[1]).UsageType.ShouldBe("BoxUsage:r5.large");
    }

    [Fact]
    public void Read_MandatoryColumnsMissing_AllNamed()
    {
        var headings = string.Join(',', FocusText.Headings.Split(',').Where(name => name is not ("ProviderName" or "ServiceName")));

        var refusal = Should.Throw<UnreadableFileException>(() => FocusText.Read(CurText.Bytes(headings + "\n")));

        refusal.Reason.ShouldBe("Needed columns are missing: ProviderName, ServiceName.");
    }

    [Fact]
    public void Read_PreviewOfVersionOne_RefusedWithWhatToExport()
    {
        const string headings = "BilledCost,BillingAccountId,BillingCurrency,BillingPeriodStart,ChargeSubcategory,ChargeCategory,ChargePeriodStart,Region,UsageQuantity,UsageUnit,ProviderName,ServiceName";

        var refusal = Should.Throw<UnreadableFileException>(() => FocusText.Read(CurText.Bytes(headings + "\n")));

        refusal.Reason.ShouldContain("preview of FOCUS 1.0");
        refusal.Fix.ShouldContain("FOCUS 1.0 or later");
    }

    /// <summary>The FinOps Foundation's sample; counts and sum as its notes have them.</summary>
    [Fact]
    public void Read_Sample_ThreeProvidersCountsAndSumAsNoted()
    {
        var file = File.ReadAllBytes(SharedFiles.Require("samples/focus/focus-1.0-sample-1000.csv"));

        var read = FocusText.Read(file);

        read.Rows.ShouldBe(1000);
        read.Rejected.ShouldBeEmpty();
        read.Lines.CountBy(line => read.KindOf(line).Provider).ToDictionary().ShouldBe(
            new Dictionary<string, int> { ["aws"] = 942, ["azure"] = 51, ["oracle"] = 7 }, ignoreOrder: true);
        Math.Round(read.Cost, 6).ShouldBe(20.520227m);
        read.Lines.Count(line => line.Cost < 0).ShouldBe(13);
        read.Lines.Count(line => line.Charge == ChargeKind.CostOnly).ShouldBe(3);
        read.Lines.Count(line => line.BillingMonth == new DateOnly(2024, 10, 1)).ShouldBe(1);
        FocusText.Inspect(file).Periods.Values.Sum().ShouldBe(1000);
        read.Lines.Where(line => read.KindOf(line) is { Provider: "aws", Service: "AmazonEC2", Unit: "Hrs" }).Select(line => read.KindOf(line).UsageType)
            .ShouldAllBe(usageType => usageType.StartsWith("BoxUsage:") || usageType.StartsWith("EBSOptimized:") || usageType == "NatGateway-Hours");
    }
}
