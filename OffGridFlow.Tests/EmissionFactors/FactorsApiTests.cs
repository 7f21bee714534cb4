using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using OffGridFlow.Core.Identity;
using OffGridFlow.Tests.Identity;

namespace OffGridFlow.Tests.EmissionFactors;

public sealed class FactorsApiTests(SharedApp shared) : IClassFixture<SharedApp>
{
    private readonly TestApp _app = shared.App;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Factors_AreFoundPagedAndOpened()
    {
        using var client = await ClientAsync();

        var page = await client.GetFromJsonAsync<JsonElement>("/api/v1/factors?query=natural%20gas&set=desnz-2025&part=direct&unit=kWh%20(Gross%20CV)&limit=1", Stop);

        var gas = page.GetProperty("items")[0];
        gas.GetProperty("activity").GetString().ShouldBe("desnz/fuels/gaseous-fuels/natural-gas");
        gas.GetProperty("kgCo2e").GetRawText().ShouldBe("0.18296");
        var cursor = page.GetProperty("nextCursor").GetString();
        var next = await client.GetFromJsonAsync<JsonElement>($"/api/v1/factors?query=natural%20gas&set=desnz-2025&part=direct&unit=kWh%20(Gross%20CV)&limit=1&cursor={cursor}", Stop);
        next.GetProperty("items")[0].GetProperty("id").GetGuid().ShouldNotBe(gas.GetProperty("id").GetGuid());
        var detail = await client.GetFromJsonAsync<JsonElement>("/api/v1/factors/" + gas.GetProperty("id").GetString(), Stop);
        detail.GetProperty("set").GetProperty("license").GetString().ShouldBe("Open Government Licence v3.0");
        detail.GetProperty("set").GetProperty("checksum").GetString()!.Length.ShouldBe(64);
        detail.GetProperty("editions").GetArrayLength().ShouldBe(2);
    }

    [Theory]
    [InlineData("year=this")]
    [InlineData("part=half")]
    [InlineData("limit=501")]
    [InlineData("countryy=DE")]
    [InlineData("cursor=nobody")]
    [InlineData("query=%00")]
    public async Task Factors_AskedWrongly_AreAnsweredWithWords(string query)
    {
        using var client = await ClientAsync();

        using var answer = await client.GetAsync("/api/v1/factors?" + query, Stop);

        answer.StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
        (await answer.Content.ReadFromJsonAsync<JsonElement>(Stop)).GetProperty("detail").GetString().ShouldNotBeNullOrEmpty();
    }

    [Fact]
    public async Task FactorSet_AsTemplate_WithAFault_ThenMended_IsLoadedAndRetired()
    {
        using var client = await ClientAsync();
        using var faulty = await client.PostAsync("/api/v1/factor-sets", Template("electricity,kWh,0;2,DE,2025-01-01,2025-12-31,Supplier"), Stop);
        using var loaded = await client.PostAsync("/api/v1/factor-sets", Template("electricity,kWh,0.2,DE,2025-01-01,2025-12-31,Supplier"), Stop);

        faulty.StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
        var error = (await faulty.Content.ReadFromJsonAsync<JsonElement>(Stop)).GetProperty("errors")[0];
        (error.GetProperty("line").GetInt32(), error.GetProperty("column").GetString(), error.GetProperty("value").GetString()).ShouldBe((2, "co2e", "0;2"));
        loaded.StatusCode.ShouldBe(HttpStatusCode.Created);
        var set = await loaded.Content.ReadFromJsonAsync<JsonElement>(Stop);
        var path = "/api/v1/factor-sets/" + set.GetProperty("id").GetString();
        var body = new { title = "Rates", source = "Invoice", license = "Contract", retired = true };
        using var unversioned = await client.PutAsJsonAsync(path, body, Stop);
        unversioned.StatusCode.ShouldBe((HttpStatusCode)428);
        using var request = new HttpRequestMessage(HttpMethod.Put, path) { Content = JsonContent.Create(body) };
        request.Headers.TryAddWithoutValidation("If-Match", loaded.Headers.ETag!.Tag);
        using var retired = await client.SendAsync(request, Stop);
        retired.StatusCode.ShouldBe(HttpStatusCode.OK);
        (await retired.Content.ReadFromJsonAsync<JsonElement>(Stop)).GetProperty("inUse").GetInt32().ShouldBe(0);
    }

    [Fact]
    public async Task FactorSet_AsJson_FarFromPublished_AsksForAConfirmation()
    {
        using var client = await ClientAsync();
        object Body(bool confirm) => new
        {
            title = "Rates", publisher = "A supplier", source = "Invoice", license = "Contract", confirm,
            factors = new[] { new { activity = "electricity", unit = "kWh", co2e = 950m, region = "DE", validFrom = "2025-01-01", validTo = "2025-12-31", supply = "supplier" } },
        };

        using var asked = await client.PostAsJsonAsync("/api/v1/factor-sets", Body(false), Stop);
        using var confirmed = await client.PostAsJsonAsync("/api/v1/factor-sets", Body(true), Stop);

        asked.StatusCode.ShouldBe(HttpStatusCode.Conflict);
        (await asked.Content.ReadFromJsonAsync<JsonElement>(Stop)).GetProperty("warnings")[0].GetProperty("value").GetString().ShouldBe("950");
        confirmed.StatusCode.ShouldBe(HttpStatusCode.Created);
        (await client.GetFromJsonAsync<JsonElement>("/api/v1/factor-sets", Stop)).GetProperty("items").GetArrayLength().ShouldBe(1);
    }

    [Fact]
    public async Task FactorSet_ThatCannotBeRead_IsAnsweredWithWords()
    {
        using var client = await ClientAsync();
        foreach (var content in new HttpContent[]
        {
            new StringContent("{\"factors\":[{\"co2e\":\"much\"}]}", Encoding.UTF8, "application/json"), new StringContent("null", Encoding.UTF8, "application/json"),
            new StringContent("{\"factors\":[null]}", Encoding.UTF8, "application/json"),
            new MultipartFormDataContent { { new StringContent("A title"), "title" } },
            new MultipartFormDataContent { { new ByteArrayContent([0x61, 0xE4, 0x62]), "file", "own.csv" } },
        })
        {
            using (content)
            {
                using var answer = await client.PostAsync("/api/v1/factor-sets", content, Stop);

                answer.StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
            }
        }
    }

    private static MultipartFormDataContent Template(string row) => new()
    {
        { new StringContent("Rates"), "title" }, { new StringContent("A supplier"), "publisher" }, { new StringContent("Invoice"), "source" }, { new StringContent("Contract"), "license" },
        { new StringContent("activity,unit,co2e,region,valid_from,valid_to,supply\r\n" + row + "\r\n"), "file", "own.csv" },
    };

    private async Task<HttpClient> ClientAsync()
    {
        var email = $"{Guid.NewGuid():N}@factors.example";
        await _app.AddTenantAsync("A company", email, TenantRole.Analyst);
        return await _app.SignInAsync(email);
    }
}
