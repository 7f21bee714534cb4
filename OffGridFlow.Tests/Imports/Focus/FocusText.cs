using OffGridFlow.Infrastructure.Imports;
using OffGridFlow.Infrastructure.Imports.Focus;
using OffGridFlow.Tests.Imports.AwsCur;

namespace OffGridFlow.Tests.Imports.Focus;

/// <summary>Small FOCUS 1.0 files made in code: one good AWS row, of which a test changes the values it is about.</summary>
internal static class FocusText
{
    private static readonly (string Heading, string Value)[] Good =
    [
        ("BilledCost", "0.107"),
        ("BillingAccountId", "999999999999"),
        ("BillingCurrency", "USD"),
        ("BillingPeriodStart", "2024-09-01T00:00:00Z"),
        ("ChargeCategory", "Usage"),
        ("ChargeDescription", "$0.107 per On Demand Linux m5.large Instance Hour"),
        ("ChargePeriodStart", "2024-09-05T01:00:00Z"),
        ("ChargePeriodEnd", "2024-09-05T02:00:00Z"),
        ("CommitmentDiscountStatus", ""),
        ("ConsumedQuantity", "1"),
        ("ConsumedUnit", "Hours"),
        ("ProviderName", "AWS"),
        ("RegionId", "eu-west-1"),
        ("ResourceId", "i-0abc"),
        ("ServiceCategory", "Compute"),
        ("ServiceName", "Amazon Elastic Compute Cloud"),
        ("SubAccountId", "012345678901"),
        ("Tags", "\"{\"\"team\"\":\"\"web\"\"}\""),
    ];

    public static string Headings => string.Join(',', Good.Select(g => g.Heading));

    /// <summary>A row as text; the value as it stands in the file.</summary>
    public static string Row(params (string Heading, string Value)[] changes)
    {
        foreach (var (heading, _) in changes)
            Good.ShouldContain(g => g.Heading == heading);
        return string.Join(',', Good.Select(g => changes.Where(c => c.Heading == g.Heading).Select(c => c.Value).FirstOrDefault(g.Value)));
    }

    public static byte[] File(params string[] rows) => CurText.Bytes(Headings + "\n" + string.Concat(rows.Select(r => r + "\n")));

    public static ReadFile Read(byte[] file)
    {
        using var reader = Format().Open(BillPart.Whole(new MemoryStream(file)));
        return ReadFile.Of(reader);
    }

    public static PartInspection Inspect(byte[] file) => Format().Inspect(BillPart.Whole(new MemoryStream(file)), default);

    private static FocusFormat Format() => new(new BillOptions { Clock = CurText.Clock });
}
