using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using OffGridFlow.Core.EmissionFactors;
using OffGridFlow.Tests.Imports;

namespace OffGridFlow.Tests.CloudUsage;

public sealed class EstimatesApiTests(AppFixture apps) : IClassFixture<AppFixture>
{
    [Fact]
    public async Task Estimate_Rows_AnsweredInOrderWithTheAgreedShape()
    {
        using var client = await apps.NewTenantAsync();

        var answer = await EstimateAsync(client, """
            {"method":"ccf","rows":[
              {"provider":"aws","service":"AmazonEC2","region":"us-east-1","usageType":"USE1-BoxUsage:m5.large","unit":"Hrs","amount":2,"vCpus":2},
              {"provider":"aws","service":"AmazonNoSuchThing","region":"us-east-1","usageType":"x","unit":"Things","amount":1},
              {"provider":"azure","service":"Virtual Machines","region":"westeurope","usageType":"D2","unit":"1 Hour","amount":1,"cost":3},
              {"provider":"AWS","service":"AmazonS3","region":"nowhere-1","usageType":"TimedStorage-ByteHrs","unit":"GB-Mo","amount":1000}]}
            """);

        var results = answer.GetProperty("results").EnumerateArray().ToList();
        results.Count.ShouldBe(4);
        results.ShouldAllBe(result => result.EnumerateObject().Select(property => property.Name)
            .SequenceEqual(new[] { "class", "kilowattHours", "operationalKgCo2e", "embodiedKgCo2e", "gridKgCo2ePerKwh", "flags" }));
        results.Select(result => result.Text("class")).ShouldBe(["compute", "unknown", "unknown", "storage"]);
        foreach (var figure in new[] { "kilowattHours", "operationalKgCo2e", "embodiedKgCo2e" })
        {
            results[0].Decimal(figure).ShouldBeGreaterThan(0);
            results[1].GetProperty(figure).ValueKind.ShouldBe(JsonValueKind.Null);
            results[2].GetProperty(figure).ValueKind.ShouldBe(JsonValueKind.Null);
        }

        Flags(results[1]).ShouldContain("no-rule");
        Flags(results[2]).ShouldContain("no-estimator");
        Flags(results[3]).ShouldContain("unlisted-region");
        answer.Text("method").ShouldBe("ccf");
        answer.GetProperty("comparisonOnly").GetBoolean().ShouldBeTrue();
    }

    [Fact]
    public async Task Estimate_WithoutDate_HasAMonthOf3042HundredthDays()
    {
        using var client = await apps.NewTenantAsync();
        const string Row = """{"provider":"aws","service":"AmazonEC2","region":"us-east-1","usageType":"EBS:VolumeUsage.gp2","unit":"GB-Mo","amount":1000""";

        var results = (await EstimateAsync(client, $$"""{"rows":[{{Row}}},{{Row}},"date":"2023-11-30"},{{Row}},"date":"2024-02-01T00:00:00Z"}]}""")).GetProperty("results");

        var perDay = results[0].Decimal("kilowattHours") / 30.42m;
        Close(results[1].Decimal("kilowattHours") / 30, perDay);
        Close(results[2].Decimal("kilowattHours") / 29, perDay);
    }

    [Theory]
    [InlineData("aws.csv")]
    [InlineData("aws_live.csv")]
    public async Task Estimate_RowsThePeerEstimates_GiveItsFigures(string file)
    {
        var rows = ReferenceTable.Parse(file, await File.ReadAllTextAsync(SharedFiles.Require($"cases/ccf/{file}"), TestContext.Current.CancellationToken))
            .Rows.Where(row => row.Text("status") == "estimated").ToList();
        var live = file.Contains("live", StringComparison.Ordinal);
        using var client = await apps.NewTenantAsync();

        using var answer = await client.Http.PostAsJsonAsync(
            "/api/v1/estimates/cloud",
            new
            {
                method = "ccf",
                rows = rows.Select(row => new
                {
                    provider = "aws", service = row.Text("serviceName"), region = row.Text("region"), usageType = row.Text("usageType"), unit = row.Text("usageUnit"),
                    amount = live ? Number(row, "quantity") : 1, date = live ? row.Text("date") : null, vCpus = row.Text("vCpus").Length == 0 ? (decimal?)null : Number(row, "vCpus"),
                }),
            },
            TestContext.Current.CancellationToken);
        var results = (await answer.Content.ReadFromJsonAsync<JsonElement>(TestContext.Current.CancellationToken)).GetProperty("results");

        results.GetArrayLength().ShouldBe(rows.Count);
        for (var i = 0; i < rows.Count; i++)
        {
            Close(results[i].Decimal("kilowattHours"), Number(rows[i], "operationalKilowattHours"));
            Close(results[i].Decimal("operationalKgCo2e"), Number(rows[i], "operationalCo2e", 1000));
            Close(results[i].Decimal("embodiedKgCo2e"), Number(rows[i], "embodiedCo2e", 1000));
            Close(results[i].Decimal("gridKgCo2ePerKwh"), Number(rows[i], "gridFactor", 1000));
        }
    }

    [Theory]
    [InlineData("""{"method":"guess","rows":[]}""", "ccf")]
    [InlineData("""{"method":"ccf"}""", "rows")]
    [InlineData("""{"rows":[null]}""", "rows[0].amount")]
    [InlineData("""{"rows":[{"provider":"aws"}]}""", "rows[0].amount")]
    [InlineData("""{"rows":[{"amount":1,"date":"tomorrow"}]}""", "yyyy-MM-dd")]
    [InlineData("""{"rows":[{"provider":"aws","service":"AmazonEC2","usageType":"BoxUsage:m5.large","unit":"Hrs","vCpus":2,"amount":79000000000000000000000000000}]}""", "too large")]
    public async Task Estimate_RowsThatCannotBe_SaysWhich(string body, string words)
    {
        using var client = await apps.NewTenantAsync();

        using var answer = await PostAsync(client, body);

        (await ImportClient.ProblemAsync(answer, HttpStatusCode.UnprocessableEntity)).Text("detail").ShouldContain(words);
    }

    [Theory]
    [InlineData("{")]
    [InlineData("null")]
    [InlineData("")]
    [InlineData("""{"rows":[{"amount":"many"}]}""")]
    [InlineData("""{"rows":{}}""")]
    public async Task Estimate_BadJson_IsABadRequestInWords(string body)
    {
        using var client = await apps.NewTenantAsync();

        using var answer = await PostAsync(client, body);

        await ImportClient.ProblemAsync(answer, HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task Estimate_NoRows_IsNoResults()
    {
        using var client = await apps.NewTenantAsync();

        (await EstimateAsync(client, """{"rows":[]}""")).GetProperty("results").GetArrayLength().ShouldBe(0);
    }

    private static async Task<JsonElement> EstimateAsync(ImportClient client, string body)
    {
        using var answer = await PostAsync(client, body);
        answer.StatusCode.ShouldBe(HttpStatusCode.OK, await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        return await answer.Content.ReadFromJsonAsync<JsonElement>(TestContext.Current.CancellationToken);
    }

    private static Task<HttpResponseMessage> PostAsync(ImportClient client, string body) =>
        client.Http.PostAsync("/api/v1/estimates/cloud", new StringContent(body, Encoding.UTF8, "application/json"), TestContext.Current.CancellationToken);

    private static IEnumerable<string?> Flags(JsonElement result) => result.GetProperty("flags").EnumerateArray().Select(flag => flag.GetString());

    private static void Close(decimal actual, decimal expected) => ((decimal?)actual).ShouldBeClose(expected);

    private static decimal Number(ReferenceRow row, string column, double times = 1) => (decimal)(double.Parse(row.Text(column), CultureInfo.InvariantCulture) * times);
}
