using System.Globalization;
using System.Text;
using System.Text.Json;
using OffGridFlow.Core.CloudUsage;
using OffGridFlow.Infrastructure.Imports.Samples;
using OffGridFlow.Tests.CloudUsage;
using OffGridFlow.Tests.Imports;

namespace OffGridFlow.Tests.Inventory;

/// <summary>What the ledger says is what the lines of the bill and the estimator say: computed here a second time, line by line.</summary>
public sealed class LedgerPropertyTests(AppFixture apps) : IClassFixture<AppFixture>
{
    private sealed record Cell(string Account, string Service, string Region, UsageClass Class, DateOnly Month, string Currency);

    private sealed record Figures(decimal KilowattHours, decimal Operational, decimal Embodied, decimal Defaulted, decimal Cost, decimal UnmappedCost)
    {
        public static Figures operator +(Figures a, Figures b) => new(
            a.KilowattHours + b.KilowattHours, a.Operational + b.Operational, a.Embodied + b.Embodied, a.Defaulted + b.Defaulted, a.Cost + b.Cost,
            a.UnmappedCost + b.UnmappedCost);
    }

    [Theory]
    [InlineData(1, 3000, 4, 3, true)]
    [InlineData(2, 1500, 1, 14, false)]
    [InlineData(3, 40, 7, 2, true)]
    public async Task MonthlyTotals_GeneratedBill_EqualAFullScan(int seed, int rows, int accounts, int months, bool resources)
    {
        using var client = await apps.NewTenantAsync();
        var (file, totals) = TestBill.Generate(new() { Rows = rows, Seed = seed, Accounts = accounts, Months = months, ResourceIds = resources });
        var import = await client.ImportAsync(file);
        // Half of it again in another file: what was replaced must not be counted.
        var (other, _) = TestBill.Generate(new() { Rows = rows / 2, Seed = seed + 100, Accounts = accounts, Months = Math.Max(1, months / 2), ResourceIds = resources });
        await client.ImportAsync(other, mode: "replace");

        var scan = await ScanAsync(client.Ledger);
        var kept = (await client.Ledger.ListAsync(
            """
            select account, service, region, usage_class, month, currency, kilowatt_hours, operational_kg_co2e, embodied_kg_co2e, defaulted_kg_co2e, cost,
              unmapped_cost from monthly_totals where tenant_id = $1
            """,
            row => (Cell: new Cell(row.GetString(0), row.GetString(1), row.GetString(2), Enum.Parse<UsageClass>(row.GetString(3)), row.GetFieldValue<DateOnly>(4), row.GetString(5)),
                Figures: new Figures(row.GetDecimal(6), row.GetDecimal(7), row.GetDecimal(8), row.GetDecimal(9), row.GetDecimal(10), row.GetDecimal(11)))))
            .ToDictionary(row => row.Cell, row => row.Figures);

        import.Usd().ShouldBe(totals.Cost);
        kept.Count.ShouldBe(scan.Count);
        foreach (var (cell, figures) in scan)
            kept[cell].ShouldBe(figures, cell.ToString());
        var activities = await client.EmissionsAsync();
        activities.Count.ShouldBe(scan.Count);
        activities.Sum(activity => activity.GetProperty("cost").GetProperty("USD").GetDecimal()).ShouldBe(scan.Values.Sum(figures => figures.Cost));
    }

    [Fact]
    public async Task ActivitiesAndCostOnlyLines_AddUpToTheBill()
    {
        using var client = await apps.NewTenantAsync();
        var (file, totals) = TestBill.Generate(new() { Rows = 2000, Seed = 4, Accounts = 2, Months = 2 });
        await client.ImportAsync(file);

        var activities = (await client.EmissionsAsync()).Sum(activity => activity.GetProperty("cost").GetProperty("USD").GetDecimal());
        var costOnly = await client.Ledger.ScalarAsync<decimal>("select sum(cost) from usage_lines where tenant_id = $1 and not is_usage");

        (activities + costOnly).ShouldBe(totals.Cost);
    }

    [Fact]
    public async Task Trails_OfAllEmissions_ReplayAndShowEveryLineOfTheFileOnce()
    {
        using var client = await apps.NewTenantAsync();
        var (file, totals) = TestBill.Generate(new SampleBillOptions { Rows = 3000, Seed = 6, Accounts = 1, Months = 1 });
        var physical = Encoding.UTF8.GetString(file).Split('\n');
        await client.ImportAsync(file, "bill.csv");
        var seen = new HashSet<long>();
        var pages = 0;

        foreach (var emission in await client.EmissionsAsync())
        {
            var trail = await client.GetAsync($"/api/v1/emissions/{emission.Text("id")}/trail");
            var components = trail.GetProperty("components").EnumerateArray().ToList();
            components.ShouldAllBe(component => component.GetProperty("replayed").GetBoolean());
            foreach (var figure in new[] { "kilowattHours", "operationalKgCo2e", "embodiedKgCo2e" })
            {
                if (emission.Number(figure) is { } value)
                    components.Sum(component => component.Decimal(figure)).ShouldBe(value);
                else
                    components.ShouldAllBe(component => component.Number(figure) == null);
            }

            var document = trail.GetProperty("documents").EnumerateArray().ShouldHaveSingleItem();
            document.Text("fileName").ShouldBe("bill.csv");
            document.Text("sha256").ShouldBe(Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(file)));
            var before = seen.Count;
            for (var page = document; ; pages++)
            {
                foreach (var line in page.GetProperty("lines").EnumerateArray())
                    CheckLine(physical, line, seen);
                if (page.GetProperty("nextCursor").GetString() is not { } cursor)
                    break;
                page.GetProperty("lines").GetArrayLength().ShouldBe(100);
                page = await client.GetAsync($"/api/v1/emissions/{emission.Text("id")}/trail/{document.Text("documentId")}/lines?cursor={cursor}");
            }

            document.Long("lineCount").ShouldBe(seen.Count - before);
            trail.Text("formula").ShouldNotBeNullOrWhiteSpace();
        }

        seen.Count.ShouldBe((int)totals.UsageRows);
        pages.ShouldBeGreaterThan(0);
    }

    private static void CheckLine(string[] physical, JsonElement line, HashSet<long> seen)
    {
        var number = line.Long("number");
        seen.Add(number).ShouldBeTrue($"line {number.ToString(CultureInfo.InvariantCulture)} twice");
        var headings = physical[0].Split(',');
        var fields = Fields(physical[number - 1]);
        string At(string heading) => fields[Array.IndexOf(headings, heading)];
        line.Decimal("amount").ShouldBe(decimal.Parse(At("lineItem/UsageAmount"), NumberStyles.Float, CultureInfo.InvariantCulture));
        line.Decimal("cost").ShouldBe(decimal.Parse(At("lineItem/UnblendedCost"), NumberStyles.Float, CultureInfo.InvariantCulture));
        line.Text("usageType").ShouldBe(At("lineItem/UsageType"));
        line.Text("unit").ShouldBe(At("pricing/unit"));
        line.GetProperty("resource").GetString().ShouldBe(At("lineItem/ResourceId") is { Length: > 0 } resource ? resource : null);
    }

    private static List<string> Fields(string row)
    {
        var fields = new List<string>();
        var field = new StringBuilder();
        var quoted = false;
        foreach (var character in row)
        {
            if (character == '"') quoted = !quoted;
            else if (character == ',' && !quoted) { fields.Add(field.ToString()); field.Clear(); }
            else field.Append(character);
        }

        return [.. fields, field.ToString()];
    }

    /// <summary>All lines of the batches that count, summed by kind and month, times the estimator's rate.</summary>
    private static async Task<Dictionary<Cell, Figures>> ScanAsync(Ledger ledger)
    {
        var lines = await ledger.ListAsync(
            """
            select k.provider, k.account, k.service, k.region, k.usage_type, k.unit, k.instance_type, k.vcpus, k.currency, l.start_at, l.amount, l.cost, l.batch_number
            from usage_lines l join usage_kinds k on k.id = l.kind_id join import_batches b on b.number = l.batch_number
            where l.tenant_id = $1 and k.tenant_id = $1 and b.tenant_id = $1 and b.state = 'Current' and l.is_usage
            """,
            row => (
                Kind: new UsageKind(
                    row.GetString(0), row.GetString(1), row.GetString(2), row.GetString(3), row.GetString(4), row.GetString(5), row.GetString(6),
                    row.IsDBNull(7) ? null : row.GetDecimal(7), row.GetString(8)),
                Start: row.GetDateTime(9), Amount: row.IsDBNull(10) ? 0 : row.GetDecimal(10), Cost: row.GetDecimal(11), Batch: row.GetInt64(12)));
        var scan = new Dictionary<Cell, Figures>();
        foreach (var group in lines.GroupBy(line => (line.Kind, line.Batch, Month: new DateOnly(line.Start.Year, line.Start.Month, 1))))
        {
            var (kind, _, month) = group.Key;
            var rate = CcfAws.Estimator.RateFor(kind, month);
            var estimate = rate.Apply(group.Sum(line => line.Amount)).ForLedger();
            var missing = estimate.KilowattHours is null || estimate.OperationalKgCo2e is null || estimate.EmbodiedKgCo2e is null;
            var cell = new Cell(
                kind.Account, kind.Service, kind.Region, missing && rate.Class != UsageClass.Excluded ? UsageClass.Unknown : rate.Class, month, kind.Currency);
            var cost = group.Sum(line => line.Cost);
            var figures = missing
                ? new Figures(0, 0, 0, 0, cost, cell.Class == UsageClass.Excluded ? 0 : cost)
                : new Figures(
                    estimate.KilowattHours!.Value, estimate.OperationalKgCo2e!.Value, estimate.EmbodiedKgCo2e!.Value,
                    rate.Defaulted ? estimate.OperationalKgCo2e.Value + estimate.EmbodiedKgCo2e.Value : 0, cost, 0);
            scan[cell] = scan.TryGetValue(cell, out var sum) ? sum + figures : figures;
        }

        return scan;
    }
}
