using System.Net;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using OffGridFlow.Core.Identity;
using OffGridFlow.Infrastructure.Imports.Samples;
using OffGridFlow.Infrastructure.Inventory;
using OffGridFlow.Tests.Imports;

namespace OffGridFlow.Tests.Inventory;

public sealed class EmissionsApiTests(AppFixture apps) : IClassFixture<AppFixture>
{
    private static readonly SampleBillOptions Bill = new() { Rows = 1500, Seed = 21, Accounts = 3, Months = 4 };

    [Fact]
    public async Task Summary_AnyGrouping_HasTheAskedKeysAndAddsUpToTheTotal()
    {
        using var client = await apps.NewTenantAsync();
        await client.ImportAsync(TestBill.Generate(Bill).File);
        var whole = await client.SummaryAsync();

        foreach (var groupBy in new[]
            { "scope", "category", "month", "site", "service", "region", "account", "usageClass", "scope,month", "month,service,region", "account,usageClass", "MONTH,scope,category" })
        {
            var summary = await client.SummaryAsync("?groupBy=" + groupBy);

            var names = groupBy.Split(',').Select(name => name == "MONTH" ? "month" : name).ToList();
            var groups = summary.GetProperty("groups").EnumerateArray().ToList();
            groups.ShouldAllBe(group => group.GetProperty("keys").EnumerateObject().Select(key => key.Name).SequenceEqual(names), groupBy);
            groups.Select(group => group.GetProperty("keys").GetRawText()).ShouldBeUnique();
            foreach (var figure in new[] { "kgCo2e", "kilowattHours", "operationalKgCo2e", "embodiedKgCo2e" })
                groups.Sum(group => group.Decimal(figure)).ShouldBe(whole.GetProperty("total").Decimal(figure), groupBy);
            summary.GetProperty("total").GetRawText().ShouldBe(whole.GetProperty("total").GetRawText());
        }

        var scope = (await client.SummaryAsync("?groupBy=scope,category,month")).GetProperty("groups")[0].GetProperty("keys");
        scope.Text("scope").ShouldBe("3");
        scope.Text("category").ShouldBe("1");
        scope.Text("month").ShouldMatch("^2023-0[1-4]$");
    }

    [Fact]
    public async Task Summary_OfABill_HasTheAgreedShape()
    {
        using var client = await apps.NewTenantAsync();
        await client.ImportAsync(TestBill.File(
            TestBill.Line("a"), TestBill.Line("b", "5", more: [("lineItem/ProductCode", "AmazonNoSuchThing"), ("lineItem/UsageType", "Mystery"), ("pricing/unit", "Things")])));

        var summary = await client.SummaryAsync("?groupBy=month&scope2Method=location");

        var coverage = summary.GetProperty("coverage");
        (coverage.Decimal("measured") + coverage.Decimal("estimated") + coverage.Decimal("defaulted")).ShouldBe(1);
        coverage.Decimal("measured").ShouldBe(0);
        summary.GetProperty("unmappedCost").GetRawText().ShouldBe("""{"USD":5}""");
        summary.GetProperty("missing").Long("activities").ShouldBe(1);
        summary.GetProperty("missing").GetProperty("costShare").GetProperty("USD").GetDecimal().ShouldBe(0.979048364989m);
        summary.Text("notice").ShouldContain("not for disclosure");
        summary.GetProperty("groups")[0].EnumerateObject().Take(3).Select(property => property.Name).ShouldBe(["keys", "kgCo2e", "kilowattHours"]);
        var missing = (await client.EmissionsAsync()).Single(emission => emission.Text("service") == "AmazonNoSuchThing");
        missing.Text("quality").ShouldBe("missing");
        missing.GetProperty("kgCo2e").ValueKind.ShouldBe(JsonValueKind.Null);
    }

    [Fact]
    public async Task Summary_FromAndTo_AreBothInclusive()
    {
        using var client = await apps.NewTenantAsync();
        await client.ImportAsync(TestBill.File(TestBill.Line("a", month: "2023-10"), TestBill.Line("b", month: "2023-11"), TestBill.Line("c", month: "2023-12")));
        async Task<string> Months(string query) => string.Join(
            ' ', (await client.SummaryAsync(query + "&groupBy=month")).GetProperty("groups").EnumerateArray().Select(group => group.GetProperty("keys").Text("month")));

        (await Months("?from=2023-11-01&to=2023-11-30")).ShouldBe("2023-11");
        (await Months("?from=2023-11-30&to=2023-12-01")).ShouldBe("2023-11 2023-12");
        (await Months("?from=2023-11-01")).ShouldBe("2023-11 2023-12");
        (await Months("?to=2023-10-31")).ShouldBe("2023-10");
        (await Months("?from=2024-01-01")).ShouldBe("");
        (await Months("?account=012345678901&service=AmazonEC2&usageClass=compute&scope=3&region=eu-west-1")).ShouldBe("2023-10 2023-11 2023-12");
        (await Months("?account=12345678901")).ShouldBe("");
    }

    [Fact]
    public async Task Summary_WithoutImports_IsEmptyAndSaysNothingItDoesNotKnow()
    {
        using var client = await apps.NewTenantAsync();

        var summary = await client.SummaryAsync("?groupBy=service");

        summary.GetProperty("groups").GetArrayLength().ShouldBe(0);
        summary.GetProperty("total").Decimal("kgCo2e").ShouldBe(0);
        summary.GetProperty("coverage").EnumerateObject().ShouldAllBe(share => share.Value.ValueKind == JsonValueKind.Null);
        summary.GetProperty("unmappedCost").GetRawText().ShouldBe("{}");
        summary.GetProperty("methods").GetArrayLength().ShouldBe(0);
        (await client.EmissionsAsync()).ShouldBeEmpty();
    }

    [Theory]
    [InlineData("/summary?groupBy=colour", "groupBy “colour”")]
    [InlineData("/summary?groupBy=month,2", "groupBy “2”")]
    [InlineData("/summary?usageClass=fuel", "usageClass “fuel”")]
    [InlineData("/summary?usageClass=2", "usageClass “2”")]
    [InlineData("/summary?from=01.11.2023", "yyyy-MM-dd")]
    [InlineData("/summary?to=2023-11-31", "yyyy-MM-dd")]
    [InlineData("/summary?from=2023-12-01&to=2023-11-01", "Exchange them")]
    [InlineData("/summary?scope2Method=residual", "location or market")]
    [InlineData("/summary?service=%00", "NUL")]
    [InlineData("?usageClass=fuel", "usageClass “fuel”")]
    [InlineData("?cursor=nonsense", "cursor")]
    [InlineData("?cursor=AAAA", "cursor")]
    [InlineData("?cursor=!!", "cursor")]
    public async Task Query_ThatCannotBeAnswered_SaysWhy(string query, string words)
    {
        using var client = await apps.NewTenantAsync();

        var problem = await client.GetProblemAsync("/api/v1/emissions" + query, HttpStatusCode.UnprocessableEntity);

        problem.Text("detail").ShouldContain(words);
    }

    [Fact]
    public async Task List_PageByPageWhileOthersImport_GivesEachRowOnce()
    {
        using var client = await apps.NewTenantAsync();
        await client.ImportAsync(TestBill.Generate(Bill).File);
        var expected = (await client.EmissionsAsync()).Select(emission => emission.Text("id")).ToList();
        var month = 0;

        var paged = await client.EmissionsAsync(limit: 40, async () =>
        {
            // Newer months are added in front, older ones behind, another account in the midst.
            var name = ++month switch { 1 => "2024-05", 2 => "2022-01", 3 => "2023-02", _ => null };
            if (name is not null) await client.ImportAsync(TestBill.File(TestBill.Line("x", account: "9", month: name)));
        });

        month.ShouldBeGreaterThan(3);
        paged.Select(emission => emission.Text("id")).ShouldBeUnique();
        expected.Except(paged.Select(emission => emission.Text("id"))).ShouldBeEmpty();
        paged.Select(emission => emission.Text("month")).ShouldBe(paged.Select(emission => emission.Text("month")).OrderDescending(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Trail_OfAnotherTenant_IsNotFound()
    {
        using var owner = await apps.NewTenantAsync();
        using var other = await apps.NewTenantAsync();
        await owner.ImportAsync(TestBill.File(TestBill.Line("a")));
        var id = (await owner.EmissionsAsync())[0].Text("id");
        var document = (await owner.GetAsync($"/api/v1/emissions/{id}/trail")).GetProperty("documents")[0].Text("documentId");

        await other.GetProblemAsync($"/api/v1/emissions/{id}/trail", HttpStatusCode.NotFound);
        await other.GetProblemAsync($"/api/v1/emissions/{id}/trail/{document}/lines", HttpStatusCode.NotFound);
        await owner.GetProblemAsync($"/api/v1/emissions/{id}/trail/{Guid.NewGuid()}/lines", HttpStatusCode.NotFound);
        await owner.GetProblemAsync($"/api/v1/emissions/{id}/trail/{document}/lines?cursor=x", HttpStatusCode.UnprocessableEntity);
    }

    [Fact]
    public async Task Summary_ByQuality_PartsTheTotal()
    {
        using var client = await apps.NewTenantAsync();
        await client.ImportAsync(TestBill.Generate(Bill).File);
        var emissions = await client.EmissionsAsync();
        var qualities = new[] { "estimated", "defaulted", "missing" };

        foreach (var quality in qualities)
        {
            var rows = emissions.Where(emission => emission.Text("quality") == quality).ToList();
            var summary = await client.SummaryAsync("?groupBy=service&quality=" + quality);

            rows.ShouldNotBeEmpty(quality);
            summary.GetProperty("total").Decimal("kgCo2e").ShouldBe(rows.Sum(row => row.Number("kgCo2e") ?? 0), quality);
            summary.GetProperty("groups").GetArrayLength().ShouldBe(rows.Select(row => row.Text("service")).Distinct().Count(), quality);
            (await client.GetAsync("/api/v1/emissions?limit=500&quality=" + quality)).GetProperty("items").GetArrayLength().ShouldBe(Math.Min(500, rows.Count), quality);
        }

        await client.GetProblemAsync("/api/v1/emissions/summary?quality=good", HttpStatusCode.UnprocessableEntity);
    }

    [Theory]
    [InlineData(EmissionsMeasure.Month, false)]
    [InlineData(EmissionsMeasure.Month, true)]
    [InlineData(EmissionsMeasure.KgCo2e, true)]
    [InlineData(EmissionsMeasure.KilowattHours, false)]
    [InlineData(EmissionsMeasure.OperationalKgCo2e, true)]
    [InlineData(EmissionsMeasure.EmbodiedKgCo2e, false)]
    public async Task Rows_InAnOrder_AreGivenOnceEach_ThoseWithoutAFigureLast(EmissionsMeasure by, bool ascending)
    {
        using var client = await apps.NewTenantAsync();
        await client.ImportAsync(TestBill.Generate(Bill).File);
        await using var scope = apps.App.App.Services.CreateAsyncScope();
        scope.ServiceProvider.GetRequiredService<CurrentUser>().Become(new Actor(client.Ledger.Tenant, null, "Test", TenantRole.Viewer));
        var emissions = scope.ServiceProvider.GetRequiredService<IEmissionsQueries>();

        var rows = new List<EmissionRow>();
        string? cursor = null;
        do
        {
            var page = await emissions.ListAsync(new EmissionsFilter { Order = new EmissionsOrder(by, ascending) }, cursor, 37, TestContext.Current.CancellationToken);
            rows.AddRange(page.Rows);
            cursor = page.NextCursor;
        }
        while (cursor is not null);

        rows.Select(row => row.Id).ShouldBeUnique();
        rows.Count.ShouldBe((await client.EmissionsAsync()).Count);
        var figures = rows.Select(row => by switch
        {
            EmissionsMeasure.Month => row.Month.DayNumber,
            EmissionsMeasure.KgCo2e => row.KgCo2e,
            EmissionsMeasure.KilowattHours => row.KilowattHours,
            EmissionsMeasure.OperationalKgCo2e => row.OperationalKgCo2e,
            _ => row.EmbodiedKgCo2e,
        }).ToList();
        figures.SkipWhile(figure => figure is not null).ShouldAllBe(figure => figure == null);
        figures.OfType<decimal>().ShouldBeInOrder(ascending ? SortDirection.Ascending : SortDirection.Descending);
    }
}
