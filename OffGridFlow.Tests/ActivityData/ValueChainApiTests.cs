using System.Text;
using System.Text.Json;
using OffGridFlow.Tests.Identity;

namespace OffGridFlow.Tests.ActivityData;

/// <summary>Scope 3 through the API on a real database: each category by its method, spending with and without rates, account maps, portfolios.</summary>
public sealed class ValueChainApiTests(SharedApp shared) : IClassFixture<SharedApp>
{
    private readonly TestApp _app = shared.App;

    /// <summary>Category, activity without region and date (GB, 2025), kg CO2e of the category by hand from the factors of DESNZ 2025.</summary>
    public static TheoryData<int, string, decimal> Categories => new()
    {
        { 1, """ "activityType":"material-paper","quantity":2,"unit":"t" """, 2690.1558m },
        { 1, """ "activityType":"water-supply","quantity":100,"unit":"m3" """, 19.13m },
        { 2, """ "activityType":"material-it-equipment","quantity":100,"unit":"kg","category":2 """, 2486.547556m },
        { 3, """ "activityType":"natural-gas","quantity":1000,"unit":"kWh (Gross CV)" """, 30.21m },
        // 0.10163 of the truck and 0.02359 before it
        { 4, """ "activityType":"freight-average","quantity":1000,"unit":"t.km" """, 125.22m },
        { 5, """ "activityType":"waste-commercial-waste-landfill","quantity":3,"unit":"t" """, 1561.5981m },
        // 0.07435 + 0.02249
        { 6, """ "activityType":"flight-short-economy","quantity":1500,"unit":"passenger.km" """, 145.26m },
        { 6, """ "activityType":"hotel-night","quantity":4,"unit":"room night" """, 41.6m },
        // 8,640 km of the survey × (0.03546 + 0.00897)
        { 7, """ "activityType":"journey-train","unit":"passenger.km","category":7,"worksheet":{"method":"commuting-survey","inputs":[{"name":"weeks","value":48}],"lines":[{"name":"A","inputs":[{"name":"people","value":1},{"name":"distance","value":10},{"name":"trips","value":2},{"name":"days","value":5}]},{"name":"B","inputs":[{"name":"people","value":1},{"name":"distance","value":10},{"name":"trips","value":2},{"name":"days","value":4}]}]} """, 383.8752m },
        // 4 × 2 × 40 × 7.5 = 2,400 h × 0.33378
        { 7, """ "activityType":"home-working","unit":"FTE working hour","worksheet":{"method":"home-working","inputs":[{"name":"weeks","value":40}],"lines":[{"name":"A","inputs":[{"name":"people","value":4},{"name":"days","value":2},{"name":"hours","value":7.5}]}]} """, 801.072m },
        // 3,000 kWh × 200 ÷ (2,000 × 75 %) = 400 kWh × (0.177 + 0.0459 + 0.01853 + 0.00397)
        { 8, """ "activityType":"electricity","unit":"kWh","category":8,"worksheet":{"method":"leased-asset","inputs":[],"lines":[{"name":"Floor","inputs":[{"name":"amount","value":3000},{"name":"area","value":200},{"name":"totalArea","value":2000},{"name":"occupancy","value":75}]}]} """, 98.16m },
        { 9, """ "activityType":"freight-average","quantity":1000,"unit":"t.km","category":9 """, 125.22m },
        { 10, """ "activityType":"reported-processing","quantity":1.5,"unit":"t CO2e" """, 1500m },
        // 1,000 × 11,500 × 1.3 kWh, as example 11.1 of the Technical Guidance, × 0.2454
        { 11, """ "activityType":"electricity","unit":"kWh","category":11,"worksheet":{"method":"use-of-sold-products","inputs":[],"lines":[{"name":"X100","inputs":[{"name":"units","value":11500},{"name":"uses","value":1000},{"name":"amount","value":1.3}]}]} """, 3668730m },
        // 5,000 × 2 kg × 30 % = 3 t × 1,164.4894
        { 12, """ "activityType":"waste-paper-landfill","unit":"t","category":12,"worksheet":{"method":"end-of-life","inputs":[],"lines":[{"name":"Boxes","inputs":[{"name":"units","value":5000},{"name":"mass","value":2,"unit":"kg"},{"name":"share","value":30}]}]} """, 3493.4682m },
        // 250 m2 × 120 kWh = 30,000 kWh × (0.18296 + 0.03021)
        { 13, """ "activityType":"natural-gas","unit":"kWh (Gross CV)","category":13,"worksheet":{"method":"floor-area","inputs":[],"lines":[{"name":"Shop","inputs":[{"name":"area","value":250},{"name":"amount","value":120,"source":"Benchmark"}]}]} """, 6395.1m },
        // Example 14.1 of the Technical Guidance
        { 14, """ "activityType":"reported-franchises","unit":"kg CO2e","worksheet":{"method":"franchise","inputs":[],"lines":[{"name":"One","inputs":[{"name":"amount","value":120000}]},{"name":"Two","inputs":[{"name":"amount","value":35000}]},{"name":"Three","inputs":[{"name":"amount","value":40000}]},{"name":"Four","inputs":[{"name":"amount","value":120000}]},{"name":"Five","inputs":[{"name":"amount","value":40000}]}]} """, 355000m },
        // PCAF, table 5-5, company B: 25 % of 20,000 t and 5,000 t
        { 15, """ "activityType":"investment-listed-equity","unit":"t CO2e","worksheet":{"method":"investment-pcaf","inputs":[{"name":"scope1","value":20000,"source":"Report"},{"name":"scope2","value":5000,"source":"Report"},{"name":"outstanding","value":25,"unit":"EUR"},{"name":"value","value":100,"unit":"EUR"}],"choices":{"assetClass":"listed-equity","score":"2"}} """, 6250000m },
    };

    [Theory]
    [MemberData(nameof(Categories))]
    public async Task Calculate_EachCategory_GivesTheFigureByHand(int category, string activity, decimal kg)
    {
        var client = await EntryClient.NewAsync(_app);

        var (status, body) = await client.SendAsync(HttpMethod.Post, "calculations", JsonDocument.Parse("{" + activity + """,  "region":"GB","date":"2025-03-10"}""").RootElement);

        status.ShouldBe(200, body.ToString());
        var result = body.GetProperty("results")[0];
        result.GetProperty("error").ValueKind.ShouldBe(JsonValueKind.Null, result.GetProperty("error").ToString());
        result.GetProperty("lines").EnumerateArray().Where(line => line.GetProperty("category").ValueKind == JsonValueKind.Number && line.GetProperty("category").GetInt32() == category)
            .Sum(line => line.GetProperty("kgCo2e").GetDecimal()).ShouldBe(kg);
    }

    [Fact]
    public async Task Entry_WithAWorksheet_CountsAndKeepsEachStep()
    {
        var client = await EntryClient.NewAsync(_app);
        var fields = Leased(client, 3000m);
        var id = await client.CreateAsync(fields);
        await client.DoAsync(id, "submit");

        var entry = await client.FindAsync(id);
        (entry.GetProperty("quantity").GetDecimal(), entry.GetProperty("category").GetInt32()).ShouldBe((400m, 8));
        entry.GetProperty("worksheet").GetProperty("lines")[0].GetProperty("inputs")[0].GetProperty("unit").GetString().ShouldBe("kWh", "an amount without a unit is in that of the entry");
        var summary = (await client.SendAsync(HttpMethod.Get, "emissions/summary?from=2025-01-01&to=2025-12-31&groupBy=scope,category")).Body;
        summary.GetProperty("groups").EnumerateArray().Select(group => (group.GetProperty("keys").ToString(), group.GetProperty("kgCo2e").GetDecimal())).Single()
            .Item2.ShouldBe(98.16m, "nothing of it is in scope 2 or in category 3");
        var trail = (await client.SendAsync(HttpMethod.Get, $"emissions/{entry.GetProperty("result").GetProperty("emissionId").GetString()}/trail")).Body;
        trail.ToString().ShouldContain("Total area");
        trail.ToString().ShouldContain("\"replayed\":true");

        fields["worksheet"] = Sheet("leased-asset", [("amount", 6000m), ("area", 200m), ("totalArea", 2000m), ("occupancy", 75m)]);
        (await client.SendAsync(HttpMethod.Put, $"activities/{id}", fields, version: 2)).Status.ShouldBe(200);
        (await client.FindAsync(id)).GetProperty("quantity").GetDecimal().ShouldBe(800m);
        var changes = (await client.SendAsync(HttpMethod.Get, $"activities/{id}/versions")).Body.GetProperty("items")[0].GetProperty("changes").ToString();
        changes.ShouldContain("leased-asset; [Line]; amount 6000 kWh; area 200");
    }

    [Theory]
    [InlineData("category", 6, "category-not-allowed")]
    [InlineData("category", 11, "worksheet-category")]
    [InlineData("unit", "GJ", null)]
    [InlineData("unit", "kg", "unit-of-another-group")]
    public async Task Entry_ThatCannotBe_IsRefusedWithTheReason(string field, object value, string? code)
    {
        var client = await EntryClient.NewAsync(_app);
        var fields = Leased(client, 3000m);
        fields["activityType"] = code == "category-not-allowed" ? "natural-gas" : "electricity";
        fields["unit"] = code == "category-not-allowed" ? "kWh (Gross CV)" : "kWh";
        fields[field] = value;

        var (status, body) = await client.SendAsync(HttpMethod.Post, "activities", fields);

        status.ShouldBe(code is null ? 201 : 422, body.ToString());
        if (code is not null)
        {
            EntryClient.CodesOf(body).ShouldContain(code);
        }
    }

    [Fact]
    public async Task Spend_WithoutARate_IsAnExceptionUntilTheRateIsLoaded()
    {
        var client = await EntryClient.NewAsync(_app);
        var id = await client.CreateAsync(Spend(client, 1000m, "EUR"));
        await client.DoAsync(id, "submit");
        (await client.FindAsync(id)).GetProperty("exception").GetString().ShouldBe("No rate of exchange from EUR to USD is known for 2025-03.");

        (await LoadAsync(client, "exchange-rates", "from,to,month,value,source\nEUR,USD,2025-03,1.08,European Central Bank")).Status.ShouldBe(200);
        (await client.FindAsync(id)).GetProperty("exception").GetString().ShouldBe("No price index of USD is known for 2022.");
        var (status, loaded) = await LoadAsync(client, "price-indices", "currency,year,month,value,source\nUSD,2022,,292.5,BLS CPI-U\nUSD,2025,,320,BLS CPI-U\n");
        (status, loaded.GetProperty("calculated").GetInt32()).ShouldBe((200, 1));

        // 1,000 × 1.08 = 1,080 USD × 292.5 ÷ 320 = 987.1875 USD of 2022 × 0.041 (541110, offices of lawyers, with margins)
        var entry = await client.FindAsync(id);
        entry.GetProperty("exception").ValueKind.ShouldBe(JsonValueKind.Null);
        entry.GetProperty("result").GetProperty("kgCo2e").GetDecimal().ShouldBe(40.4746875m);

        // The same again changes nothing; another figure only when it is said, and then the result follows.
        (await LoadAsync(client, "exchange-rates", "from,to,month,value,source\nEUR,USD,2025-03,1.08,European Central Bank")).Body.GetProperty("unchanged").GetInt32().ShouldBe(1);
        (await LoadAsync(client, "exchange-rates", "from,to,month,value,source\nEUR,USD,2025-03,1.09,European Central Bank")).Status.ShouldBe(422);
        (await LoadAsync(client, "exchange-rates?replace=true", "from,to,month,value,source\nEUR,USD,2025-03,1.09,European Central Bank")).Status.ShouldBe(200);
        (await client.FindAsync(id)).GetProperty("result").GetProperty("kgCo2e").GetDecimal().ShouldBe(40.849453125m, "1,090 × 292.5 ÷ 320 × 0.041");
        using var analyst = await client.ColleagueAsync();
        using var refused = await analyst.PostAsync("/api/v1/exchange-rates?replace=true", Csv("from,to,month,value,source\nEUR,USD,2025-03,2,x"), TestContext.Current.CancellationToken);
        ((int)refused.StatusCode).ShouldBe(403);
    }

    [Fact]
    public async Task Load_OfAWrongTable_IsCorrectedByAnother_AndWhatHasNoRightValueIsWithdrawn()
    {
        var client = await EntryClient.NewAsync(_app);
        using var analyst = await client.ColleagueAsync();
        var id = await client.CreateAsync(Spend(client, 1000m, "EUR"));
        await client.DoAsync(id, "submit");
        // Dollars for euros and euros for dollars exchanged, and a series by months that belongs to another country.
        (await LoadAsync(client, "exchange-rates", "from,to,month,value,source\nEUR,USD,2025-03,0.925,ECB")).Status.ShouldBe(200);
        (await LoadAsync(client, "price-indices", "currency,year,month,value,source\nUSD,2022,,100,HICP\nUSD,2025,,200,HICP\nUSD,2025,3,250,HICP")).Status.ShouldBe(200);
        // 1,000 × 0.925 × 100 ÷ 250 × 0.041
        (await KgAsync(client, id)).ShouldBe(15.17m);

        using (var refused = await analyst.PostAsync("/api/v1/exchange-rates", Csv("from,to,month,value,source\nEUR,USD,2025-03,1.08,ECB"), TestContext.Current.CancellationToken))
        {
            ((int)refused.StatusCode).ShouldBe(422);
            (await refused.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)).ShouldContain("Somebody who approves calculations corrects it");
        }

        (await LoadAsync(client, "exchange-rates?replace=true", "from,to,month,value,source\nEUR,USD,2025-03,1.08,ECB")).Body.GetProperty("changed").GetInt32().ShouldBe(1);
        (await KgAsync(client, id)).ShouldBe(17.712m, "1,000 × 1.08 × 100 ÷ 250 × 0.041");

        // The right series has years alone: its table cannot stand beside a month of the wrong one.
        const string Right = "currency,year,month,value,source\nUSD,2022,,292.5,BLS CPI-U\nUSD,2025,,320,BLS CPI-U\n";
        (await LoadAsync(client, "price-indices?replace=true", Right)).Body.GetProperty("detail").GetString()!.ShouldContain("write withdrawn in the place of the value");
        (await LoadAsync(client, "price-indices", Right + "USD,2025,3,withdrawn,\n")).Status.ShouldBe(422, "a figure that is there changes only when it is said");
        (await LoadAsync(client, "price-indices?replace=true", Right + "USD,2025,4,withdrawn,\n")).Body.GetProperty("detail").GetString()!.ShouldContain("no such figure to withdraw");
        var (status, loaded) = await LoadAsync(client, "price-indices?replace=true", Right + "USD,2025,3,withdrawn,\n");
        (status, loaded.GetProperty("changed").GetInt32(), loaded.GetProperty("calculated").GetInt32()).ShouldBe((200, 3, 1));
        (await KgAsync(client, id)).ShouldBe(40.4746875m, "as in docs/methods/scope3-spend.md");
        (await client.SendAsync(HttpMethod.Get, "price-indices")).Body.GetProperty("items").EnumerateArray().Select(row => (row.GetProperty("value").GetDecimal(), row.GetProperty("withdrawn").GetBoolean()))
            .ShouldBe([(292.5m, false), (320m, false), (250m, true)]);

        // Of a rate that is withdrawn nothing is left but an exception, until it has a value again.
        (await LoadAsync(client, "exchange-rates?replace=true", "from,to,month,value,source\nEUR,USD,2025-03,withdrawn,")).Status.ShouldBe(200);
        (await client.FindAsync(id)).GetProperty("exception").GetString().ShouldBe("No rate of exchange from EUR to USD is known for 2025-03.");
        (await LoadAsync(client, "exchange-rates", "from,to,month,value,source\nEUR,USD,2025-03,1.08,ECB")).Body.GetProperty("detail").GetString()!.ShouldContain("was withdrawn by");
        (await LoadAsync(client, "exchange-rates?replace=true", "from,to,month,value,source\nEUR,USD,2025-03,1.08,ECB")).Status.ShouldBe(200);
        (await KgAsync(client, id)).ShouldBe(40.4746875m);
    }

    [Theory]
    [InlineData("exchange-rates", "from,to,month,value,source\nEUR,USD,2025-03,0,ECB")]
    [InlineData("exchange-rates", "from,to,month,value,source\nEUR,USD,2025-13,1,ECB")]
    [InlineData("exchange-rates", "from,to,month,value,source\nEURO,USD,2025-03,1,ECB")]
    [InlineData("exchange-rates", "from,to,month,value,source\nEUR,EUR,2025-03,1,ECB")]
    [InlineData("exchange-rates", "from,to,month,value,source\nEUR,USD,2025-03,1,")]
    [InlineData("exchange-rates", "from,to,month,value,source\nEUR,USD,2025-03,1,ECB\nEUR,USD,2025-03,2,ECB")]
    [InlineData("exchange-rates", "from,to,month,value\nEUR,USD,2025-03,1")]
    [InlineData("exchange-rates", "")]
    [InlineData("price-indices", "currency,year,month,value,source\nUSD,22,,1,BLS")]
    [InlineData("price-indices", "currency,year,month,value,source\nUSD,2022,13,1,BLS")]
    [InlineData("price-indices", "currency,year,month,value,source\nUSD,2022,,1,BLS\nUSD,2023,,1,OECD")]
    public async Task Load_TableWithAFault_IsRefusedAsAWhole(string path, string csv)
    {
        var client = await EntryClient.NewAsync(_app);

        var (status, body) = await LoadAsync(client, path, csv);

        status.ShouldBe(422, body.ToString());
        body.GetProperty("faults").GetArrayLength().ShouldBeGreaterThan(0);
        (await client.SendAsync(HttpMethod.Get, path)).Body.GetProperty("items").GetArrayLength().ShouldBe(0);
    }

    [Fact]
    public async Task AccountMap_TakesSpendingOutThatIsCountedPhysically_OnItsDaysOnly()
    {
        var client = await EntryClient.NewAsync(_app);
        await LoadAsync(client, "exchange-rates", "from,to,month,value,source\nEUR,USD,2025-03,1.08,ECB\nEUR,USD,2025-07,1.1,ECB\nEUR,USD,2025-06,1.1,ECB");
        await LoadAsync(client, "price-indices", "currency,year,month,value,source\nUSD,2022,,292.5,BLS\nUSD,2025,,320,BLS");
        var spring = await client.CreateAsync(Spend(client, 1000m, "EUR", ("vendor", "City Power"), ("account", "6520")));
        var summer = await client.CreateAsync(Spend(client, 1000m, "EUR", ("vendor", "City Power"), ("from", "2025-07-01"), ("to", "2025-07-31")));
        var across = await client.CreateAsync(Spend(client, 600m, "EUR", ("vendor", "City Power"), ("from", "2025-06-16"), ("to", "2025-07-15")));
        foreach (var id in new[] { spring, summer, across })
        {
            await client.DoAsync(id, "submit");
            (await client.FindAsync(id)).GetProperty("result").GetProperty("kgCo2e").GetDecimal().ShouldBeGreaterThan(0);
        }

        var (status, map) = await client.SendAsync(
            HttpMethod.Post, "account-maps", new { vendor = "CITY POWER", isCountedPhysically = true, reason = "Electricity in kWh, by meter", validTo = "2025-06-30" });
        status.ShouldBe(201, map.ToString());

        (await client.FindAsync(spring)).GetProperty("result").GetProperty("kgCo2e").ValueKind.ShouldBe(JsonValueKind.Null, "no figure, and no zero");
        (await client.FindAsync(spring)).GetProperty("exception").ValueKind.ShouldBe(JsonValueKind.Null);
        (await client.FindAsync(summer)).GetProperty("result").GetProperty("kgCo2e").GetDecimal().ShouldBeGreaterThan(0);
        (await client.FindAsync(across)).GetProperty("exception").GetString()!.ShouldContain("changes on 2025-07-01");
        var summary = (await client.SendAsync(HttpMethod.Get, "emissions/summary?from=2025-03-01&to=2025-03-31")).Body;
        summary.GetProperty("total").GetProperty("kgCo2e").GetDecimal().ShouldBe(0m);

        // An overlapping map of the same is refused; one without a type that counts nothing physically too.
        (await client.SendAsync(HttpMethod.Post, "account-maps", new { vendor = "City Power", activityType = "spend-legal" })).Status.ShouldBe(422);
        (await client.SendAsync(HttpMethod.Post, "account-maps", new { vendor = "Nobody" })).Status.ShouldBe(422);
        (await client.SendAsync(HttpMethod.Post, "account-maps", new { activityType = "spend-legal" })).Status.ShouldBe(422);
        (await client.SendAsync(HttpMethod.Delete, $"account-maps/{map.GetProperty("id").GetString()}", version: 2)).Status.ShouldBe(412);
        (await client.SendAsync(HttpMethod.Delete, $"account-maps/{map.GetProperty("id").GetString()}", version: 1)).Status.ShouldBe(204);
        (await client.FindAsync(spring)).GetProperty("result").GetProperty("kgCo2e").GetDecimal().ShouldBe(40.4746875m);
    }

    [Fact]
    public async Task AccountMap_GivesTheTypeOfSpendingThatNamesNone_TheNarrowestFirst()
    {
        var client = await EntryClient.NewAsync(_app);
        await client.SendAsync(HttpMethod.Post, "account-maps", new { account = "4711", activityType = "spend-legal" });
        await client.SendAsync(HttpMethod.Post, "account-maps", new { vendor = "Hotel Sun", activityType = "Spend: hotels" });

        var both = await client.CreateAsync(Spend(client, 10m, "USD", ("activityType", ""), ("vendor", "hotel sun"), ("account", "4711")));
        var account = await client.CreateAsync(Spend(client, 10m, "USD", ("activityType", ""), ("vendor", "Other"), ("account", "4711")));

        (await client.FindAsync(both)).GetProperty("activityType").GetString().ShouldBe("spend-hotels");
        (await client.FindAsync(account)).GetProperty("activityType").GetString().ShouldBe("spend-legal");
        (await client.SendAsync(HttpMethod.Post, "activities", Spend(client, 10m, "USD", ("activityType", ""), ("vendor", "Other")))).Status.ShouldBe(422);
    }

    [Fact]
    public async Task Portfolio_ScoresByOutstandingAmounts_AndNeverAcrossCurrencies()
    {
        var client = await EntryClient.NewAsync(_app);
        foreach (var (currency, outstanding, score) in new[] { ("EUR", 522425m, "3"), ("EUR", 187449m, "5"), ("USD", 100m, "1") })
        {
            var fields = Spend(client, 0m, "t CO2e", ("activityType", "investment-business-loan"), ("reference", outstanding.ToString(System.Globalization.CultureInfo.InvariantCulture)));
            fields["worksheet"] = new
            {
                method = "investment-pcaf",
                inputs = new object[]
                {
                    new { name = "scope1", value = 1000m, source = "Report" }, new { name = "outstanding", value = outstanding, unit = currency }, new { name = "value", value = outstanding * 4, unit = currency },
                },
                choices = new { assetClass = "business-loans", score },
            };
            await client.DoAsync(await client.CreateAsync(fields), "submit");
        }

        var rows = (await client.SendAsync(HttpMethod.Get, "portfolio?from=2025-01-01&to=2025-12-31")).Body.GetProperty("items").EnumerateArray()
            .Select(row => (row.GetProperty("currency").GetString(), row.GetProperty("assetClass").GetString(), row.GetProperty("score").GetDecimal(), row.GetProperty("kgCo2e").GetDecimal())).ToList();

        // PCAF, box 8: 3.53 for the two loans; a quarter of 1,000 t each.
        rows.ShouldBe(
        [
            ("EUR", "business-loans", 3.528119074653m, 500000m), ("EUR", null, 3.528119074653m, 500000m), ("USD", "business-loans", 1m, 250000m), ("USD", null, 1m, 250000m),
        ]);
        (await client.SendAsync(HttpMethod.Get, "portfolio?from=2024-01-01&to=2024-12-31")).Body.GetProperty("items").GetArrayLength().ShouldBe(0);
    }

    [Fact]
    public async Task Reverse_SpendOfAnotherCategory_TakesBackEveryDigit()
    {
        var client = await EntryClient.NewAsync(_app);
        var id = await client.CreateAsync(Spend(client, 100m, "USD 2022", ("category", 4), ("vendor", "Hauler")));
        await client.DoAsync(id, "submit");
        var reversal = (await client.DoAsync(id, "reverse", "Invoice canceled")).GetProperty("reversalId").GetGuid();

        var taken = await client.FindAsync(reversal);
        (taken.GetProperty("category").GetInt32(), taken.GetProperty("vendor").GetString()).ShouldBe((4, "Hauler"));
        taken.GetProperty("result").GetProperty("kgCo2e").GetDecimal().ShouldBe(-4.1m);
        (await client.SendAsync(HttpMethod.Get, "emissions/summary?from=2025-03-01&to=2025-03-31")).Body.GetProperty("total").GetProperty("kgCo2e").GetDecimal().ShouldBe(0m);
    }

    private static Dictionary<string, object?> Leased(EntryClient client, decimal amount) => client.Gas("2025-03-01", "2025-03-31",
        ("activityType", "electricity"), ("unit", "kWh"), ("quantity", null), ("category", 8),
        ("worksheet", Sheet("leased-asset", [("amount", amount), ("area", 200m), ("totalArea", 2000m), ("occupancy", 75m)])));

    private static object Sheet(string method, (string Name, decimal Value)[] line) => new
    {
        method, inputs = Array.Empty<object>(), lines = new[] { new { name = "Line", inputs = line.Select(input => new { name = input.Name, value = input.Value }).ToArray() } },
    };

    private static Dictionary<string, object?> Spend(EntryClient client, decimal amount, string currency, params (string Name, object? Value)[] other) =>
        client.Gas("2025-03-01", "2025-03-31", [("activityType", "spend-legal"), ("unit", currency), ("quantity", amount), .. other]);

    private static async Task<decimal> KgAsync(EntryClient client, Guid id) => (await client.FindAsync(id)).GetProperty("result").GetProperty("kgCo2e").GetDecimal();

    private static async Task<(int Status, JsonElement Body)> LoadAsync(EntryClient client, string path, string csv)
    {
        using var answer = await client.Http.PostAsync("/api/v1/" + path, Csv(csv), TestContext.Current.CancellationToken);
        return ((int)answer.StatusCode, JsonDocument.Parse(await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)).RootElement);
    }

    private static StringContent Csv(string text) => new(text, Encoding.UTF8, "text/csv");
}
