using System.Globalization;
using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using OffGridFlow.Infrastructure.Imports.Samples;

namespace OffGridFlow.Tests.Imports;

public sealed class SampleBillTests
{
    private static readonly SampleBillOptions Small = new() { Rows = 5000, Seed = 7, Accounts = 12, Months = 36 };

    [Fact]
    public void WriteCsv_ForASeed_GivesTheseBytesForever()
    {
        // When the catalogue is changed on purpose, so is this; tests and benchmarks that quote totals change with it.
        var hash = Convert.ToHexStringLower(SHA256.HashData(Csv(Small)));

        hash.ShouldBe("da5aab3da95d07dbd98e7e4d99131bae1e9a73eb7224acbb7840434192967ab7");
    }

    [Theory]
    [InlineData("de-DE")]
    [InlineData("fa-IR")]
    public void WriteCsv_InAnotherCulture_GivesTheSameBytes(string culture)
    {
        var before = CultureInfo.CurrentCulture;
        var expected = Csv(Small);
        try
        {
            CultureInfo.CurrentCulture = CultureInfo.GetCultureInfo(culture);

            Csv(Small).ShouldBe(expected);
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }

    [Fact]
    public void WriteCsv_WithAnotherSeed_GivesAnotherBill() =>
        Csv(Small with { Seed = 8 }).ShouldNotBe(Csv(Small));

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(5)]
    [InlineData(36)]
    [InlineData(1234)]
    [InlineData(20_001)]
    public void WriteCsv_ForANumberOfRows_WritesExactlyThat(long rows)
    {
        var bill = Read(Small with { Rows = rows });

        bill.Rows.Count.ShouldBe((int)rows);
        bill.Totals.Rows.ShouldBe(rows);
    }

    [Theory]
    [InlineData(true, true, 100)]
    [InlineData(true, false, 99)]
    [InlineData(false, true, 95)]
    [InlineData(false, false, 94)]
    public void WriteCsv_WithOptionalColumns_GivesEveryRowAsManyFieldsAsTheHeader(bool tags, bool resourceIds, int columns)
    {
        var bill = Read(Small with { Tags = tags, ResourceIds = resourceIds });

        bill.Header.Length.ShouldBe(columns);
        bill.Header.ShouldBeUnique();
        bill.Rows.ShouldAllBe(row => row.Length == columns);
    }

    [Fact]
    public void WriteCsv_Totals_AreWhatTheFileHolds()
    {
        var bill = Read(Small);

        bill.Sum("lineItem/UnblendedCost", _ => true).ShouldBe(bill.Totals.Cost);
        bill.Rows.Count(row => bill.Type(row) is "Usage" or "DiscountedUsage" or "SavingsPlanCoveredUsage").ShouldBe((int)bill.Totals.UsageRows);
    }

    [Fact]
    public void WriteCsv_Months_AreAllThereInOrderAndHoldTheirUsage()
    {
        var bill = Read(Small);

        var months = bill.Rows.Select(row => bill[row, "bill/BillingPeriodStartDate"]).ToList();
        months.Distinct().Count().ShouldBe(36);
        months.ShouldBe(months.Order(StringComparer.Ordinal));
        bill.Rows.ShouldAllBe(row => string.CompareOrdinal(bill[row, "lineItem/UsageStartDate"], bill[row, "bill/BillingPeriodStartDate"]) >= 0
            && string.CompareOrdinal(bill[row, "lineItem/UsageEndDate"], bill[row, "bill/BillingPeriodEndDate"]) <= 0
            && string.CompareOrdinal(bill[row, "lineItem/UsageStartDate"], bill[row, "lineItem/UsageEndDate"]) < 0);
    }

    [Fact]
    public void WriteCsv_SavingsPlans_AreNegatedWithinTheirMonth()
    {
        var bill = Read(Small);

        foreach (var month in bill.Rows.GroupBy(row => bill[row, "bill/BillingPeriodStartDate"]))
        {
            var covered = month.Where(row => bill.Type(row) == "SavingsPlanCoveredUsage").Sum(row => bill.Number(row, "lineItem/UnblendedCost"));
            var negated = month.Where(row => bill.Type(row) == "SavingsPlanNegation").Sum(row => bill.Number(row, "lineItem/UnblendedCost"));
            negated.ShouldBe(-covered);
        }
    }

    [Fact]
    public void WriteCsv_LineIds_AreUniqueWithTheirInterval()
    {
        var bill = Read(Small);

        bill.Rows.Select(row => (bill[row, "identity/LineItemId"], bill[row, "identity/TimeInterval"])).ShouldBeUnique();
    }

    [Fact]
    public void WriteCsv_OfSomeSize_HoldsWhatRealBillsHold()
    {
        var bill = Read(Small with { Rows = 40_000, Accounts = 40 });

        bill.Rows.Select(bill.Type).Distinct().ShouldBe(
            ["Usage", "DiscountedUsage", "SavingsPlanCoveredUsage", "SavingsPlanNegation", "SavingsPlanRecurringFee", "RIFee", "Fee", "Tax", "Credit", "Refund", "EdpDiscount"],
            ignoreOrder: true);
        bill.Rows.Where(row => bill.Type(row) is "Credit" or "Refund" or "EdpDiscount").ShouldAllBe(row => bill.Number(row, "lineItem/UnblendedCost") < 0);
        bill.Rows.Select(row => bill[row, "product/region"]).Distinct().Count().ShouldBeGreaterThan(15);
        bill.Rows.ShouldContain(row => bill[row, "product/region"] == "global");
        bill.Rows.ShouldContain(row => bill[row, "product/region"].Length > 0 && bill[row, "product/regionCode"].Length == 0);
        bill.Rows.ShouldContain(row => bill[row, "product/region"].Length == 0 && bill[row, "product/regionCode"].Length > 0);
        bill.Rows.ShouldContain(row => bill[row, "lineItem/UsageAccountId"] == "000012345678");
        bill.Rows.ShouldContain(row => bill[row, "lineItem/UsageType"] == "BoxUsage:m5.large" && bill[row, "product/region"] == "us-east-1" && bill[row, "product/vcpu"] == "2");
        bill.Rows.ShouldContain(row => bill[row, "lineItem/UsageType"] == "EU-BoxUsage:m5.large" && bill[row, "product/region"] == "eu-west-1");
        bill.Rows.ShouldContain(row => bill[row, "lineItem/UnblendedCost"].Contains("E-", StringComparison.Ordinal));
        bill.Rows.Count(row => bill[row, "lineItem/UnblendedCost"] == "0.0").ShouldBeInRange(6000, 20_000);
        bill.Rows.ShouldContain(row => bill[row, "lineItem/ProductCode"] == "AWSFjordCompute");
    }

    [Fact]
    public void WriteGzip_Unpacked_IsTheCsv()
    {
        using var packed = new MemoryStream();
        SampleBill.WriteGzip(packed, Small, TestContext.Current.CancellationToken);
        packed.Position = 0;

        using var unpacked = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionMode.Decompress))
            gzip.CopyTo(unpacked);

        unpacked.ToArray().ShouldBe(Csv(Small));
    }

    [Fact]
    public void Demo_Bill_IsSmallAndByDay()
    {
        var bill = Read(SampleBill.Demo);

        bill.Rows.Count.ShouldBe(6000);
        bill.Rows.Select(row => bill[row, "bill/BillingPeriodStartDate"]).Distinct().Count().ShouldBe(13);
        bill.Rows.Select(row => bill[row, "lineItem/UsageAccountId"]).Distinct().Count().ShouldBe(3);
        bill.Rows.ShouldAllBe(row => bill[row, "lineItem/UsageStartDate"].EndsWith("T00:00:00.000Z", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(0, "0.0")]
    [InlineData(10_000_000_000, "1.0")]
    [InlineData(-10_000_000_000, "-1.0")]
    [InlineData(13_300, "1.33E-6")]
    [InlineData(4000, "4.0E-7")]
    [InlineData(-1, "-1.0E-10")]
    [InlineData(9_999_999, "9.999999E-4")]
    [InlineData(10_000_000, "0.001")]
    [InlineData(10_569_617, "0.0010569617")]
    [InlineData(123_450_000_000_000, "12345.0")]
    [InlineData(long.MaxValue, "922337203.6854775807")]
    public void Format_Number_IsWrittenAsAwsDoes(long value, string expected)
    {
        SampleNumber.Format(value).ShouldBe(expected);
        decimal.Parse(expected, NumberStyles.Float, CultureInfo.InvariantCulture).ShouldBe(SampleNumber.ToDecimal(value));
    }

    [Fact]
    public void WriteCsv_Cancelled_Stops() =>
        Should.Throw<OperationCanceledException>(() => SampleBill.WriteCsv(Stream.Null, Small with { Rows = 100_000 }, new CancellationToken(canceled: true)));

    [Fact]
    public void WriteCsv_ImpossibleOptions_AreRefused()
    {
        Should.Throw<ArgumentOutOfRangeException>(() => Csv(Small with { Accounts = 0 }));
        Should.Throw<ArgumentOutOfRangeException>(() => Csv(Small with { Rows = -1 }));
        Should.Throw<ArgumentOutOfRangeException>(() => Csv(Small with { FirstMonth = new(2024, 1, 2) }));
        Should.Throw<ArgumentOutOfRangeException>(() => Csv(Small with { Currency = "usd" }));
    }

    private static byte[] Csv(SampleBillOptions options)
    {
        using var stream = new MemoryStream();
        SampleBill.WriteCsv(stream, options, TestContext.Current.CancellationToken);
        return stream.ToArray();
    }

    private static Bill Read(SampleBillOptions options)
    {
        using var stream = new MemoryStream();
        var totals = SampleBill.WriteCsv(stream, options, TestContext.Current.CancellationToken);
        var records = Parse(Encoding.UTF8.GetString(stream.ToArray()));
        return new(records[0], records[1..], totals);
    }

    /// <summary>RFC 4180 in a few lines, on purpose none of the product's readers.</summary>
    private static List<string[]> Parse(string text)
    {
        var records = new List<string[]>();
        var fields = new List<string>();
        var field = new StringBuilder();
        var quoted = false;
        for (var at = 0; at < text.Length; at++)
        {
            var character = text[at];
            if (quoted && character == '"' && at + 1 < text.Length && text[at + 1] == '"')
                field.Append(text[at++]);
            else if (character == '"')
                quoted = !quoted;
            else if (quoted || (character != ',' && character != '\n'))
                field.Append(character);
            else
            {
                fields.Add(field.ToString());
                field.Clear();
                if (character == '\n')
                {
                    records.Add([.. fields]);
                    fields.Clear();
                }
            }
        }

        quoted.ShouldBeFalse();
        fields.ShouldBeEmpty();
        return records;
    }

    private sealed record Bill(string[] Header, List<string[]> Rows, SampleBillTotals Totals)
    {
        private readonly Dictionary<string, int> positions = Header.Index().ToDictionary(item => item.Item, item => item.Index);

        public string this[string[] row, string column] => row[positions[column]];

        public string Type(string[] row) => this[row, "lineItem/LineItemType"];

        public decimal Number(string[] row, string column) => decimal.Parse(this[row, column], NumberStyles.Float, CultureInfo.InvariantCulture);

        public decimal Sum(string column, Func<string[], bool> where) => Rows.Where(where).Sum(row => Number(row, column));
    }
}
