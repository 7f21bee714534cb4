using System.Globalization;
using OffGridFlow.Core.CloudUsage;
using OffGridFlow.Infrastructure.Inventory;

namespace OffGridFlow.Tests.Web;

/// <summary>An invented company's cloud usage: a few services, regions and accounts over some months.</summary>
internal static class SampleRows
{
    private static readonly string[] Regions = ["eu-central-1", "eu-west-1", "us-east-1"];
    private static readonly string[] Accounts = ["004417982210", "617400283991"];

    public static readonly IReadOnlyList<EmissionRow> None = [];

    /// <param name="scale">1 gives tonnes; 0.000001 gives grams.</param>
    public static IReadOnlyList<EmissionRow> Months(int months = 5, decimal scale = 1m)
    {
        var rows = new List<EmissionRow>();
        for (var m = 0; m < months; m++)
        {
            var month = new DateOnly(2023, 11, 1).AddMonths(m);
            for (var r = 0; r < Regions.Length; r++)
            {
                for (var a = 0; a < Accounts.Length; a++)
                {
                    var size = scale * (3 - r) * (2 - a * 0.7m) * (1 + 0.13m * m);
                    rows.Add(Row(rows.Count, month, "AmazonEC2", Regions[r], Accounts[a], UsageClass.Compute, 412.638517m * size));
                    rows.Add(Row(rows.Count, month, "AmazonS3", Regions[r], Accounts[a], UsageClass.Storage, 58.2014m * size / (1 + m)));
                    rows.Add(Row(rows.Count, month, "AmazonRDS", Regions[r], Accounts[a], UsageClass.Compute, 131.77m * size, defaulted: true));
                }
            }
            rows.Add(Row(rows.Count, month, "AWSDataTransfer", "", Accounts[0], UsageClass.Network, 2.31m * scale));
            rows.Add(Row(rows.Count, month, "AmazonQuickSight", "eu-west-1", Accounts[0], UsageClass.Managed, null));
            rows.Add(Row(rows.Count, month, "AWSNewService", "us-east-1", Accounts[1], UsageClass.Unknown, null));
        }
        return rows;
    }

    public static EmissionRow Row(int number, DateOnly month, string service, string region, string account, UsageClass usageClass, decimal? kg, bool defaulted = false, decimal? cost = null) => new()
    {
        Id = new Guid("00000000-0000-7000-8000-" + number.ToString("x12", CultureInfo.InvariantCulture)),
        Month = month,
        Scope = 3,
        Category = 1,
        Provider = "aws",
        Account = account,
        Service = service,
        Region = region,
        UsageClass = usageClass,
        Quantity = kg is null ? null : kg * 5.12m,
        Unit = kg is null ? null : usageClass == UsageClass.Storage ? "TB-hours" : "vCPU-hours",
        KilowattHours = kg * 3.1m,
        OperationalKgCo2e = kg * 0.82m,
        EmbodiedKgCo2e = kg * 0.18m,
        KgCo2e = kg,
        Quality = kg is null ? "missing" : defaulted ? "defaulted" : "estimated",
        Method = "ccf",
        MethodVersion = "1.0.0",
        ComparisonOnly = true,
        Cost = new Dictionary<string, decimal> { ["USD"] = cost ?? (kg is null ? 212.40m : kg.Value * 4.2m) },
    };
}
