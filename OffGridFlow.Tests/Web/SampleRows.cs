using System.Globalization;
using OffGridFlow.Core.ActivityData;
using OffGridFlow.Core.CloudUsage;
using OffGridFlow.Core.EmissionFactors;
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

    /// <summary>A site with gas, electricity in both views, what comes before the gas, and wood; beside one cloud service.</summary>
    public static IReadOnlyList<EmissionRow> Entered()
    {
        var month = new DateOnly(2025, 3, 1);
        var entry = Guid.CreateVersion7();
        EmissionRow Of(int number, string service, int scope, int? category, string? method, FactorPart part, decimal kg, decimal? kwh = null, decimal? biogenic = null, EntryStatus status = EntryStatus.Approved) =>
            Row(number, month, service, "GB", "Leeds", UsageClass.None, null) with
            {
                Scope = scope, Category = category, Scope2Method = method, Part = part, KgCo2e = kg, KilowattHours = kwh, BiogenicKgCo2 = biogenic, Quality = "measured", Provider = "entry",
                Quantity = 2000, Unit = "kWh", Method = "ghg-protocol", ComparisonOnly = false, EntryId = entry, EntryStatus = status, Cost = new Dictionary<string, decimal>(),
            };
        return
        [
            Row(1, month, "AmazonEC2", "eu-west-1", "111", UsageClass.Compute, 1000m),
            Of(2, "Natural gas", 1, null, null, FactorPart.Direct, 400.6m, status: EntryStatus.Submitted),
            Of(3, "Natural gas", 3, 3, null, FactorPart.Upstream, 66m),
            Of(4, "Electricity", 2, null, "location", FactorPart.Direct, 5000m, 25_000m),
            Of(5, "Electricity", 2, null, "market", FactorPart.Direct, 700m, 25_000m),
            Of(6, "Wood pellets", 1, null, null, FactorPart.Direct, 30m, biogenic: 2500m),
        ];
    }
}
