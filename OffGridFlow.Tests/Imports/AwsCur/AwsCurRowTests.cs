using OffGridFlow.Core.Imports;

namespace OffGridFlow.Tests.Imports.AwsCur;

/// <summary>Rows by themselves: what is accepted as what, and what is rejected with which words.</summary>
public sealed class AwsCurRowTests
{
    [Fact]
    public void Read_GoodRow_EveryPartOfTheLine()
    {
        var read = CurText.Read(CurText.File(CurText.Row()));

        var line = read.Lines.ShouldHaveSingleItem();
        line.ShouldBe(new BillLine(
            2, 0, new(2023, 11, 1), new(2023, 11, 1), ChargeKind.Usage, 1.0m, 0.107m,
            new(2023, 11, 5, 1, 0, 0, DateTimeKind.Utc), new DateTime(2023, 11, 5, 2, 0, 0, DateTimeKind.Utc), line.LineId, "i-0abc", """{"user:team":"web"}"""));
        read.Kinds.ShouldHaveSingleItem().ShouldBe(new(
            "aws", "012345678901", "AmazonEC2", "eu-west-1", "EUW1-BoxUsage:m5.large", "Hrs", "m5.large", 2, "USD"));
    }

    [Theory]
    [InlineData("lineItem/UsageAccountId", "", "is empty", "export the report again")]
    [InlineData("lineItem/UsageAccountId", "NULL", "is empty", "export the report again")]
    [InlineData("lineItem/UsageAccountId", "1.23457E+11", "rewritten as a rounded number", "without saving it in a spreadsheet")]
    [InlineData("lineItem/LineItemType", "", "is empty", "export the report again")]
    [InlineData("lineItem/UsageAmount", "", "is empty", "export the report again")]
    [InlineData("lineItem/UsageAmount", "None", "is empty", "export the report again")]
    [InlineData("lineItem/UsageAmount", "many", "is not a number", "decimal point")]
    [InlineData("lineItem/UsageAmount", "-1", "is negative on a line of usage", "Credit or Refund")]
    [InlineData("lineItem/UsageAmount", "NaN", "is not a number", "decimal point")]
    [InlineData("lineItem/UsageAmount", "Infinity", "is not a number", "decimal point")]
    [InlineData("lineItem/UsageAmount", "0x10", "is not a number", "decimal point")]
    [InlineData("lineItem/UsageAmount", "1e", "is not a number", "decimal point")]
    [InlineData("lineItem/UsageAmount", "1.2.3", "is not a number", "decimal point")]
    [InlineData("lineItem/UsageAmount", "\u0661", "is not a number", "decimal point")]
    [InlineData("lineItem/UsageAmount", "1E16", "is too large", "Check the value")]
    [InlineData("lineItem/UsageAmount", "10000000000000000", "is too large", "Check the value")]
    [InlineData("lineItem/UsageAmount", "9999999999999999.9999999999996", "is too large", "Check the value")]
    [InlineData("lineItem/UsageAmount", "1E400", "is too large", "Check the value")]
    [InlineData("lineItem/UnblendedCost", "", "is empty", "export the report again")]
    [InlineData("lineItem/UnblendedCost", "\"1,5\"", "is not a number", "without separators for thousands")]
    [InlineData("lineItem/UnblendedCost", "$1.50", "is not a number", "decimal point")]
    [InlineData("lineItem/UnblendedCost", "-1E30", "is too large", "Check the value")]
    [InlineData("lineItem/CurrencyCode", "", "is empty", "export the report again")]
    [InlineData("lineItem/CurrencyCode", "Dollar", "not a currency code", "ISO 4217")]
    [InlineData("lineItem/UsageStartDate", "", "is empty", "export the report again")]
    [InlineData("lineItem/UsageStartDate", "11/05/2023 1:00", "is not a date", "spreadsheet program")]
    [InlineData("lineItem/UsageStartDate", "2023-02-29T00:00:00Z", "is not a date", "Dates look like")]
    [InlineData("lineItem/UsageStartDate", "2023-11-05T24:00:00Z", "is not a date", "Dates look like")]
    [InlineData("lineItem/UsageStartDate", "1970-01-01T00:00:00Z", "lies outside 2006-01-01 to 2028-11-20", "Check the date")]
    [InlineData("lineItem/UsageStartDate", "2029-01-01T00:00:00Z", "lies outside 2006-01-01 to 2028-11-20", "Check the date")]
    [InlineData("lineItem/UsageEndDate", "2032-01-01T00:00:00Z", "lies outside 2006-01-01 to 2031-11-20", "Check the date")]
    [InlineData("lineItem/UsageEndDate", "soon", "is not a date", "Dates look like")]
    [InlineData("lineItem/UsageEndDate", "2023-11-05T00:59:59Z", "lies before lineItem/UsageStartDate", "both dates")]
    [InlineData("bill/BillingPeriodStartDate", "", "is empty", "export the report again")]
    [InlineData("bill/BillingPeriodStartDate", "9999-12-31T23:59:59-14:00", "is not a date", "Dates look like")]
    public void Read_BadValue_RejectedWithColumnValueReasonAndFix(string heading, string value, string reason, string fix)
    {
        var row = CurText.Row((heading, value));

        var read = CurText.Read(CurText.File(CurText.Row(), row, CurText.Row()));

        var rejected = read.Rejected.ShouldHaveSingleItem();
        rejected.Line.ShouldBe(3);
        rejected.Column.ShouldBe(heading);
        rejected.Value.ShouldBe(value.Trim('"'));
        rejected.Reason.ShouldStartWith(heading);
        rejected.Reason.ShouldContain(reason);
        rejected.Fix.ShouldContain(fix);
        rejected.Raw.ShouldBe(row);
        read.Rows.ShouldBe(3);
        read.Lines.Count.ShouldBe(2);
    }

    [Theory]
    [InlineData("1.33E-6", "0.00000133")]
    [InlineData("5e-06", "0.000005")]
    [InlineData("+2", "2")]
    [InlineData("0.0", "0")]
    [InlineData(".5", "0.5")]
    [InlineData("-0.1234567890123456789", "-0.1234567890123456789")]
    [InlineData("9999999999999999.9999999999994", "9999999999999999.9999999999994")]
    [InlineData("123456789012345678", null)]
    [InlineData("0.00377554707705832", "0.00377554707705832")]
    public void Read_Cost_KeptUnroundedOrTooLarge(string cost, string? expected)
    {
        var read = CurText.Read(CurText.File(CurText.Row(("lineItem/UnblendedCost", cost))));

        if (expected is null)
            read.Rejected.ShouldHaveSingleItem().Reason.ShouldContain("too large");
        else
            read.Lines.ShouldHaveSingleItem().Cost.ShouldBe(decimal.Parse(expected, System.Globalization.CultureInfo.InvariantCulture));
    }

    [Theory]
    [InlineData("Usage", ChargeKind.Usage)]
    [InlineData("DiscountedUsage", ChargeKind.Usage)]
    [InlineData("SavingsPlanCoveredUsage", ChargeKind.Usage)]
    [InlineData("SavingsPlanNegation", ChargeKind.CostOnly)]
    [InlineData("SavingsPlanRecurringFee", ChargeKind.CostOnly)]
    [InlineData("RIFee", ChargeKind.CostOnly)]
    [InlineData("Tax", ChargeKind.CostOnly)]
    [InlineData("Credit", ChargeKind.CostOnly)]
    [InlineData("SomethingOf2031", ChargeKind.CostOnly)]
    public void Read_LineItemType_UsageOrCostOnly(string type, ChargeKind expected)
    {
        var line = CurText.Read(CurText.File(CurText.Row(("lineItem/LineItemType", type)))).Lines.ShouldHaveSingleItem();

        line.Charge.ShouldBe(expected);
        line.Amount.ShouldBe(expected == ChargeKind.Usage ? 1m : null);
    }

    [Fact]
    public void Read_CreditWithNegativeCostAndNoTime_BelongsToItsBillingMonth()
    {
        var line = CurText.Read(CurText.File(CurText.Row(
            ("lineItem/LineItemType", "Credit"), ("lineItem/UnblendedCost", "-12.5"), ("lineItem/UsageAmount", ""),
            ("lineItem/UsageStartDate", ""), ("lineItem/UsageEndDate", "")))).Lines.ShouldHaveSingleItem();

        line.Cost.ShouldBe(-12.5m);
        line.Start.ShouldBe(new DateTime(2023, 11, 1, 0, 0, 0, DateTimeKind.Utc));
        line.End.ShouldBeNull();
    }

    [Theory]
    [InlineData("2023-11-05T01:00:00.000Z", "2023-11-05T01:00:00.0000000Z")]
    [InlineData("2023-11-05T01:00:00Z", "2023-11-05T01:00:00.0000000Z")]
    [InlineData("2023-11-05 01:00:00", "2023-11-05T01:00:00.0000000Z")]
    [InlineData("2023-11-05 01:00:00.000", "2023-11-05T01:00:00.0000000Z")]
    [InlineData("2023-11-05 01:00:00.123456789", "2023-11-05T01:00:00.1234567Z")]
    [InlineData("2023-11-05 01:00:00+00:00", "2023-11-05T01:00:00.0000000Z")]
    [InlineData("2023-11-05T03:30:00+02:30", "2023-11-05T01:00:00.0000000Z")]
    [InlineData("2023-11-05T01:00:00 UTC", "2023-11-05T01:00:00.0000000Z")]
    [InlineData("2023-11-05", "2023-11-05T00:00:00.0000000Z")]
    [InlineData("2023-10-31T23:59:59Z", "2023-10-31T23:59:59.0000000Z")]
    [InlineData("2023-11-01T00:30:00+01:00", "2023-10-31T23:30:00.0000000Z")]
    public void Read_Start_InstantInUtcAndItsMonth(string start, string expected)
    {
        var line = CurText.Read(CurText.File(CurText.Row(("lineItem/UsageStartDate", start)))).Lines.ShouldHaveSingleItem();

        line.Start.ToString("O").ShouldBe(expected);
        line.Start.Kind.ShouldBe(DateTimeKind.Utc);
        line.UsageMonth.ShouldBe(new DateOnly(line.Start.Year, line.Start.Month, 1));
        line.BillingMonth.ShouldBe(new DateOnly(2023, 11, 1));
    }

    [Fact]
    public void Read_MonthBoundary_UsageMonthFromStartNotFromEnd()
    {
        var line = CurText.Read(CurText.File(CurText.Row(
            ("lineItem/UsageStartDate", "2023-11-30T23:00:00Z"), ("lineItem/UsageEndDate", "2023-12-01T00:00:00Z")))).Lines.ShouldHaveSingleItem();

        line.UsageMonth.ShouldBe(new DateOnly(2023, 11, 1));
    }

    [Fact]
    public void Read_FeeForThreeYears_EndInTheFutureIsPlausible() =>
        CurText.Read(CurText.File(CurText.Row(("lineItem/LineItemType", "Fee"), ("lineItem/UsageEndDate", "2029-11-20T00:00:00Z"))))
            .Lines.ShouldHaveSingleItem().End.ShouldBe(new DateTime(2029, 11, 20, 0, 0, 0, DateTimeKind.Utc));

    [Theory]
    [InlineData("000000000001")]
    [InlineData("9065397107603")]
    [InlineData("0099999999999")]
    [InlineData("a-test-account")]
    public void Read_Account_IsText(string account) =>
        CurText.Read(CurText.File(CurText.Row(("lineItem/UsageAccountId", account)))).Kinds.ShouldHaveSingleItem().Account.ShouldBe(account);

    [Theory]
    [InlineData("eu-west-1", "", "USE1-BoxUsage", "", "AmazonEC2", "eu-west-1")]
    [InlineData("", "eu-west-1b", "USE1-BoxUsage", "", "AmazonEC2", "eu-west-1")]
    [InlineData("", "us-west-2-lax-1a", "BoxUsage", "", "AmazonEC2", "us-west-2-lax-1")]
    [InlineData("", "us-east-1-wl1-bos-wlz-1", "USE1-BoxUsage", "", "AmazonEC2", "us-east-1")]
    [InlineData("", "eu-north-1", "BoxUsage", "", "AmazonEC2", "eu-north-1")]
    [InlineData("None", "", "EU-BoxUsage", "", "AmazonEC2", "eu-west-1")]
    [InlineData("", "", "APS3-BoxUsage", "", "AmazonEC2", "ap-south-1")]
    [InlineData("", "", "us-gov-east-1-KMS-Requests", "", "awskms", "us-gov-east-1")]
    [InlineData("", "", "XYZ9-BoxUsage", "EU (Ireland)", "AmazonEC2", "eu-west-1")]
    [InlineData("", "", "XYZ9-BoxUsage", "", "AmazonEC2", "")]
    [InlineData("", "", "BoxUsage:t2.micro", "", "AmazonEC2", "us-east-1")]
    [InlineData("", "", "DataTransfer-Out-Bytes", "", "AmazonEC2", "us-east-1")]
    [InlineData("", "", "EU-DataTransfer-Out-Bytes", "", "AmazonCloudFront", "")]
    [InlineData("", "", "DataTransfer-Out-Bytes", "", "AmazonCloudFront", "")]
    [InlineData("global", "", "DNS-Queries", "", "AmazonRoute53", "global")]
    [InlineData("global", "", "CAN1-Requests", "Any", "AmazonS3", "ca-central-1")]
    [InlineData("", "", "", "", "AmazonS3", "")]
    public void Read_Region_FromWhatTheLineSays(string region, string zone, string usageType, string location, string product, string expected)
    {
        var read = CurText.Read(CurText.File(CurText.Row(
            ("product/region", region), ("lineItem/AvailabilityZone", zone), ("lineItem/UsageType", usageType),
            ("product/location", location), ("lineItem/ProductCode", product))));

        read.Kinds.ShouldHaveSingleItem().Region.ShouldBe(expected);
    }

    [Fact]
    public void Read_ZonesOfOneRegion_OneKind()
    {
        var read = CurText.Read(CurText.File(
            CurText.Row(("product/region", ""), ("lineItem/AvailabilityZone", "eu-west-1a")),
            CurText.Row(("product/region", ""), ("lineItem/AvailabilityZone", "eu-west-1b")),
            CurText.Row()));

        read.Kinds.Count.ShouldBe(1);
        read.Lines.ShouldAllBe(l => l.Kind == 0);
    }

    [Fact]
    public void Read_NullWords_AreNullInCodesAndTextInTags()
    {
        var read = CurText.Read(CurText.File(CurText.Row(
            ("product/instanceType", "None"), ("product/vcpu", "NULL"), ("pricing/unit", "NULL"), ("lineItem/ResourceId", "None"),
            ("lineItem/UsageEndDate", "NULL"), ("resourceTags/user:team", "None"), ("resourceTags/user:cost center", "\"a, \"\"b\"\" é\""))));

        var line = read.Lines.ShouldHaveSingleItem();
        line.Resource.ShouldBeNull();
        line.End.ShouldBeNull();
        line.Tags.ShouldBe("""{"user:team":"None","user:cost center":"a, \"b\" é"}""");
        var kind = read.KindOf(line);
        kind.InstanceType.ShouldBeEmpty();
        kind.Unit.ShouldBeEmpty();
        kind.Vcpus.ShouldBeNull();
    }

    [Fact]
    public void Read_LongValueAndRow_CutWhereShown()
    {
        var longText = string.Concat(Enumerable.Repeat("é\U0001F600", 8_000));

        var rejected = CurText.Read(CurText.File(CurText.Row(("lineItem/UsageType", longText)))).Rejected.ShouldHaveSingleItem();

        rejected.Reason.ShouldContain("longer than 256 characters");
        rejected.Value!.Length.ShouldBeInRange(199, 200);
        rejected.Raw.Length.ShouldBeInRange(15_999, 16_000);
        rejected.Value.ShouldNotContain('\uFFFD');
    }
}
