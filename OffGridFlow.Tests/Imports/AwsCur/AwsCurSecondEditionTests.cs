using OffGridFlow.Core.CloudUsage;
using OffGridFlow.Core.Imports;
using OffGridFlow.Infrastructure.Imports;
using OffGridFlow.Infrastructure.Imports.AwsCur;

namespace OffGridFlow.Tests.Imports.AwsCur;

/// <summary>The import kind <c>aws-cur2</c>: columns as AWS Data Exports names them, maps as JSON in one field.</summary>
public sealed class AwsCurSecondEditionTests
{
    private static readonly (string Heading, string Value)[] Good =
    [
        ("bill_billing_period_start_date", "2024-05-01 00:00:00"),
        ("line_item_usage_account_id", "012345678901"),
        ("line_item_line_item_type", "Usage"),
        ("line_item_usage_start_date", "2024-05-05 01:00:00"),
        ("line_item_usage_end_date", "2024-05-05 02:00:00"),
        ("line_item_product_code", "AmazonEC2"),
        ("line_item_usage_type", "EUW1-BoxUsage:m5.large"),
        ("line_item_usage_amount", "1.0"),
        ("line_item_currency_code", "USD"),
        ("line_item_unblended_cost", "0.107"),
        ("product_region_code", "eu-west-1"),
        ("product_instance_type", "m5.large"),
        ("pricing_unit", "Hrs"),
        ("line_item_resource_id", "i-0abc"),
        ("identity_line_item_id", "abc"),
        ("product", "\"{\"\"vcpu\"\":\"\"2\"\",\"\"memory\"\":\"\"8 GiB\"\"}\""),
        ("resource_tags", "\"{\"\"user_team\"\":\"\"web\"\"}\""),
    ];

    [Fact]
    public void Read_GoodRow_EveryColumnFindsItsPlace()
    {
        var read = Read(Row());

        var line = read.Lines.ShouldHaveSingleItem();
        read.KindOf(line).ShouldBe(new UsageKind("aws", "012345678901", "AmazonEC2", "eu-west-1", "EUW1-BoxUsage:m5.large", "Hrs", "m5.large", 2, "USD"));
        line.Charge.ShouldBe(ChargeKind.Usage);
        line.Amount.ShouldBe(1);
        line.Cost.ShouldBe(0.107m);
        line.BillingMonth.ShouldBe(new DateOnly(2024, 5, 1));
        line.Start.ShouldBe(new DateTime(2024, 5, 5, 1, 0, 0, DateTimeKind.Utc));
        line.End.ShouldBe(new DateTime(2024, 5, 5, 2, 0, 0, DateTimeKind.Utc));
        line.Tags.ShouldBe("""{"user_team":"web"}""");
        line.Resource.ShouldBe("i-0abc");
        line.LineId.ShouldNotBeNull();
    }

    [Theory]
    [InlineData("{}", null)]
    [InlineData("", null)]
    [InlineData("{\"a\":null,\"b\":1.50,\"c\":true}", "{\"a\":\"\",\"b\":\"1.50\",\"c\":\"true\"}")]
    [InlineData("{\"a\":\"x\\u0000y\"}", "{\"a\":\"x\uFFFDy\"}")]
    [InlineData("{\"Kosten\":\"Zürich, \\\"A\\\"\"}", "{\"Kosten\":\"Zürich, \\\"A\\\"\"}")]
    public void Read_TagMap_AsJsonThatTheDatabaseTakes(string map, string? tags) =>
        Read(Row(("resource_tags", Quote(map)))).Lines.ShouldHaveSingleItem().Tags.ShouldBe(tags);

    [Theory]
    [InlineData("{\"a\":")]
    [InlineData("[1]")]
    [InlineData("{'a': 'python'}")]
    [InlineData("{\"a\":\"\\ud800\"}")]
    [InlineData("{\"a\":1} {\"b\":2}")]
    public void Read_TagMapThatIsNoObject_RowRejectedWithTheColumn(string map)
    {
        var rejected = Read(Row(("resource_tags", Quote(map)))).Rejected.ShouldHaveSingleItem();

        rejected.Column.ShouldBe("resource_tags");
        rejected.Reason.ShouldBe("resource_tags is not a JSON object.");
    }

    [Fact]
    public void Read_FewerColumns_OnlyTheNeededAreAskedFor()
    {
        string[] left = ["product", "resource_tags", "identity_line_item_id", "line_item_resource_id", "product_instance_type", "line_item_usage_end_date"];
        var kept = Good.Where(column => !left.Contains(column.Heading)).ToList();

        var read = Read(string.Join(',', kept.Select(column => column.Heading)) + "\n" + string.Join(',', kept.Select(column => column.Value)) + "\n");

        read.Lines.ShouldHaveSingleItem().Cost.ShouldBe(0.107m);
    }

    [Fact]
    public void Read_NeededColumnsMissing_AllNamedWithTheWayToAddThem()
    {
        var kept = Good.Where(column => column.Heading is not ("line_item_usage_amount" or "line_item_currency_code")).Select(column => column.Heading);

        var refusal = Should.Throw<UnreadableFileException>(() => Read(string.Join(',', kept) + "\n"));

        refusal.Reason.ShouldContain("line_item_usage_amount");
        refusal.Reason.ShouldContain("line_item_currency_code");
        refusal.Fix.ShouldContain("query of the data export");
    }

    [Fact]
    public void Read_RegionNotSaid_FromTheUsageTypesPrefix()
    {
        var read = Read(Row(("product_region_code", ""), ("line_item_usage_type", "USW2-BoxUsage:m5.large")));

        read.KindOf(read.Lines.ShouldHaveSingleItem()).Region.ShouldBe("us-west-2");
    }

    [Fact]
    public void Read_LegacyReport_RefusedWithItsKind()
    {
        var refusal = Should.Throw<UnreadableFileException>(() => Read(CurText.Headings + "\n" + CurText.Row() + "\n"));

        refusal.Reason.ShouldStartWith("This is a legacy AWS Cost and Usage Report, not the AWS Cost and Usage Report 2.0");
        refusal.Fix.ShouldBe("Import it with the kind aws-cur.");
    }

    private static string Row(params (string Heading, string Value)[] changes) =>
        string.Join(',', Good.Select(g => g.Heading)) + "\n"
        + string.Join(',', Good.Select(g => changes.Where(c => c.Heading == g.Heading).Select(c => c.Value).FirstOrDefault(g.Value))) + "\n";

    private static string Quote(string text) => $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";

    private static ReadFile Read(string text)
    {
        using var reader = new AwsCurFormat(AwsCurEdition.Second, new BillOptions { Clock = CurText.Clock }).Open(BillPart.Whole(new MemoryStream(CurText.Bytes(text))));
        return ReadFile.Of(reader);
    }
}
