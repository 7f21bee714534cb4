using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using OffGridFlow.Core.Identity;
using OffGridFlow.Tests.Identity;

namespace OffGridFlow.Tests.Organizations;

/// <summary>Entities, sites, periods and instruments over the API, each test in a tenant of its own.</summary>
public sealed class OrganizationApiTests(SharedApp shared) : IClassFixture<SharedApp>
{
    private readonly TestApp _app = shared.App;

    [Fact]
    public async Task Entity_MadeReadChanged_KeepsVersionAndAudit()
    {
        using var client = await NewTenantAsync();

        var (status, made, tag) = await SendAsync(client, HttpMethod.Post, "organizations", new { name = " Nordwerk GmbH ", country = "Germany", lei = "506700ge1g29325qx363" });
        status.ShouldBe(HttpStatusCode.Created);
        made.GetProperty("name").GetString().ShouldBe("Nordwerk GmbH");
        made.GetProperty("country").GetString().ShouldBe("DE");
        made.GetProperty("lei").GetString().ShouldBe("506700GE1G29325QX363");
        tag.ShouldBe("\"1\"");

        var path = "organizations/" + Id(made);
        (await SendAsync(client, HttpMethod.Put, path, new { name = "Nordwerk SE", country = "DE" })).Status.ShouldBe((HttpStatusCode)428);
        (await SendAsync(client, HttpMethod.Put, path, new { name = "Nordwerk SE", country = "DE" }, "\"7\"")).Status.ShouldBe(HttpStatusCode.PreconditionFailed);
        var changed = await SendAsync(client, HttpMethod.Put, path, new { name = "Nordwerk SE", country = "DE", sector = "C27" }, tag);
        changed.Status.ShouldBe(HttpStatusCode.OK);
        changed.Tag.ShouldBe("\"2\"");
        changed.Body.GetProperty("lei").ValueKind.ShouldBe(JsonValueKind.Null);
        (await SendAsync(client, HttpMethod.Put, path, new { name = "Again", country = "DE" }, tag)).Status.ShouldBe(HttpStatusCode.PreconditionFailed);

        var entry = (await client.GetFromJsonAsync<JsonElement>("/api/v1/audit?action=organization.changed", Cancellation)).GetProperty("items")[0];
        entry.GetProperty("before").GetRawText().ShouldContain("Nordwerk GmbH");
        entry.GetProperty("before").GetRawText().ShouldNotContain("country");
        entry.GetProperty("after").GetRawText().ShouldContain("Nordwerk SE");
    }

    [Fact]
    public async Task Entity_WithFaults_NamesEachFieldAndHowToMend()
    {
        using var client = await NewTenantAsync();
        await MakeAsync(client, "organizations", new { name = "Nordwerk", country = "DE" });

        var errors = await ErrorsAsync(client, "organizations", new { name = "nordwerk", country = "Atlantis", lei = "506700GE1G29325QX364" });
        errors.Keys.ShouldBe(["name", "country", "lei"], ignoreOrder: true);
        errors["name"].ShouldContain("already");
        errors["country"].ShouldContain("Choose one of the list");
        errors["lei"].ShouldContain("check digits");
        (await ErrorsAsync(client, "organizations", new { name = "", country = "" })).Keys.ShouldBe(["name", "country"], ignoreOrder: true);
        (await ErrorsAsync(client, "organizations", new { name = "X", country = "DE", lei = "5067" }))["lei"].ShouldContain("20 characters, this has 4");
    }

    [Fact]
    public async Task Site_TakesTheNarrowestRegionThatIsKnown()
    {
        using var client = await NewTenantAsync();
        var entity = Id(await MakeAsync(client, "organizations", new { name = "Nordwerk", country = "DE" }));

        (await MakeAsync(client, "sites", new { organizationId = entity, name = "Hamburg", country = "DE" })).GetProperty("region").GetString().ShouldBe("DE");
        (await MakeAsync(client, "sites", new { organizationId = entity, name = "Fresno", country = "USA", region = "us-camx" })).GetProperty("region").GetString().ShouldBe("US-CAMX");
        (await MakeAsync(client, "sites", new { organizationId = entity, name = "Toronto", country = "Canada", region = "Ontario" })).GetProperty("region").GetString().ShouldBe("CA-ON");
        (await ErrorsAsync(client, "sites", new { organizationId = entity, name = "Lyon", country = "FR", region = "US-CAMX" }))["region"].ShouldContain("the country is enough");
        (await ErrorsAsync(client, "sites", new { organizationId = entity, name = "Reno", country = "US", region = "CA-ON" }))["region"].ShouldContain("no region of United States");
        var errors = await ErrorsAsync(client, "sites", new { organizationId = Guid.NewGuid(), name = "HAMBURG", country = "DE", openedOn = "2026-02-01", closedOn = "2026-01-01", floorArea = -1 });
        errors.Keys.ShouldBe(["organizationId", "name", "closedOn", "floorArea"], ignoreOrder: true);
        errors["closedOn"].ShouldContain("before it opens");
    }

    [Fact]
    public async Task Ownership_MadeChangedEndedRemoved_KeepsRulesVersionAndAudit()
    {
        using var client = await NewTenantAsync();
        var parent = Id(await MakeAsync(client, "organizations", new { name = "Nordwerk", country = "DE" }));
        var child = Id(await MakeAsync(client, "organizations", new { name = "Weser GmbH", country = "DE" }));

        var made = await SendAsync(client, HttpMethod.Post, "ownerships", new { parentId = parent, childId = child, share = 0.6m, operationalControl = true, validFrom = "2025-01-01" });
        made.Status.ShouldBe(HttpStatusCode.Created);
        made.Tag.ShouldBe("\"1\"");
        var path = "ownerships/" + Id(made.Body);
        (await client.GetFromJsonAsync<JsonElement>("/api/v1/" + path, Cancellation)).GetProperty("share").GetDecimal().ShouldBe(0.6m);

        (await ErrorsAsync(client, "ownerships", new { parentId = parent, childId = child, share = 60 })).Keys.ShouldBe(["share"]);
        (await ErrorsAsync(client, "ownerships", new { parentId = child, childId = parent, share = 1 }))["parentId"].ShouldContain("Nobody can hold whoever holds them");
        (await ErrorsAsync(client, "ownerships", new { parentId = Guid.NewGuid(), childId = child })).Keys.ShouldBe(["parentId", "share"], ignoreOrder: true);
        var body = new { parentId = parent, childId = child, share = 0.75m, operationalControl = true, validFrom = "2025-01-01" };
        (await SendAsync(client, HttpMethod.Put, path, body)).Status.ShouldBe((HttpStatusCode)428);
        (await SendAsync(client, HttpMethod.Put, path, body, "\"7\"")).Status.ShouldBe(HttpStatusCode.PreconditionFailed);
        (await SendAsync(client, HttpMethod.Put, "ownerships/" + Guid.NewGuid(), new { })).Status.ShouldBe(HttpStatusCode.NotFound, "before the missing version and the faults");
        (await SendAsync(client, HttpMethod.Put, path, body, "\"1\"")).Body.GetProperty("share").GetDecimal().ShouldBe(0.75m);

        (await SendAsync(client, HttpMethod.Post, path + "/end", new { lastDay = "2025-06-30" })).Status.ShouldBe((HttpStatusCode)428);
        (await SendAsync(client, HttpMethod.Post, path + "/end", new { }, "\"2\"")).Status.ShouldBe(HttpStatusCode.UnprocessableEntity);
        (await SendAsync(client, HttpMethod.Post, path + "/end", new { lastDay = "2024-06-30" }, "\"2\"")).Status.ShouldBe(HttpStatusCode.UnprocessableEntity, "before it begins");
        var ended = await SendAsync(client, HttpMethod.Post, path + "/end", new { lastDay = "2025-06-30" }, "\"2\"");
        (ended.Tag, ended.Body.GetProperty("validTo").GetString(), ended.Body.GetProperty("share").GetDecimal()).ShouldBe(("\"3\"", "2025-06-30", 0.75m));
        (await SendAsync(client, HttpMethod.Post, path + "/end", new { lastDay = "2025-07-31" }, "\"2\"")).Status.ShouldBe(HttpStatusCode.PreconditionFailed);
        (await SendAsync(client, HttpMethod.Post, $"ownerships/{Guid.NewGuid()}/end", new { })).Status.ShouldBe(HttpStatusCode.NotFound);

        var changes = (await client.GetFromJsonAsync<JsonElement>("/api/v1/audit?action=ownership.changed", Cancellation)).GetProperty("items");
        changes.GetArrayLength().ShouldBe(2);
        changes[0].GetProperty("after").GetRawText().ShouldContain("2025-06-30");
        changes[0].GetProperty("after").GetRawText().ShouldNotContain("share");
        (await SendAsync(client, HttpMethod.Delete, path, new { })).Status.ShouldBe((HttpStatusCode)428);
        using var removal = new HttpRequestMessage(HttpMethod.Delete, "/api/v1/" + path) { Headers = { { "If-Match", "\"3\"" } } };
        using var removed = await client.SendAsync(removal, Cancellation);
        removed.StatusCode.ShouldBe(HttpStatusCode.NoContent);
        (await client.GetFromJsonAsync<JsonElement>("/api/v1/ownerships", Cancellation)).GetProperty("items").GetArrayLength().ShouldBe(0);
    }

    [Fact]
    public async Task Period_OverlapAndLock_AreHeldTo()
    {
        using var client = await NewTenantAsync();
        var period = await MakeAsync(client, "reporting-periods", new { name = "FY2026", firstDay = "2026-01-01", lastDay = "2026-12-31" });
        var path = "reporting-periods/" + Id(period);

        (await ErrorsAsync(client, "reporting-periods", new { name = "fy2026", firstDay = "2026-12-31", lastDay = "2027-12-30" })).Keys.ShouldBe(["name", "firstDay"], ignoreOrder: true);
        (await ErrorsAsync(client, "reporting-periods", new { name = "Long", firstDay = "2027-01-01", lastDay = "2029-06-30" })).Keys.ShouldBe(["lastDay"]);
        foreach (var state in new[] { "locked", "filed" })
        {
            (await SendAsync(client, HttpMethod.Put, path, new { name = "FY2026", firstDay = "2026-01-01", lastDay = "2026-12-31", state }, "\"1\"")).Status.ShouldBe(HttpStatusCode.UnprocessableEntity, state);
        }

        await _app.OwnerAsync<int>("with held as (update reporting_periods set state = 'Locked' where id = $1 returning 1) select count(*)::int from held", Guid.Parse(Id(period)));
        (await SendAsync(client, HttpMethod.Put, path, new { name = "FY2026", firstDay = "2026-01-01", lastDay = "2026-12-31", state = "open" }, "\"1\"")).Status.ShouldBe(HttpStatusCode.UnprocessableEntity, "reopening asks for a reason");
        (await SendAsync(client, HttpMethod.Put, path, new { name = "FY26", firstDay = "2026-01-01", lastDay = "2026-12-31", state = "locked" }, "\"1\"")).Status.ShouldBe(HttpStatusCode.UnprocessableEntity);
    }

    [Fact]
    public async Task Instrument_IsUsedOnceAllThatItsKindAsksForIsMet()
    {
        using var client = await NewTenantAsync();
        var entity = Id(await MakeAsync(client, "organizations", new { name = "Nordwerk", country = "DE" }));
        var site = Id(await MakeAsync(client, "sites", new { organizationId = entity, name = "Hamburg", country = "DE" }));
        string[] met = ["conveysRate", "soleClaim", "retired", "vintage", "sameMarket", "directTransfer"];
        object Contract(string[] criteria, decimal? mwh, decimal rate) => new
        {
            kind = "powerPurchaseAgreement", name = "Wind", megawattHours = mwh, firstDay = "2026-01-01", lastDay = "2026-12-31", siteIds = new[] { site }, kgCo2ePerKwh = rate,
            criteriaMet = criteria, registry = "AIB hub", serialFrom = "100", serialTo = "199",
        };

        var made = await MakeAsync(client, "instruments", Contract(met, 1200, 0));
        made.GetProperty("isUsed").GetBoolean().ShouldBeFalse();
        made.GetProperty("criteriaAsked").GetArrayLength().ShouldBe(7);
        var changed = await SendAsync(client, HttpMethod.Put, "instruments/" + Id(made), Contract([.. met, "residualMixKnown"], 1200, 0), "\"1\"");
        changed.Body.GetProperty("isUsed").GetBoolean().ShouldBeTrue();
        var errors = await ErrorsAsync(client, "instruments", Contract(met, null, 350));
        errors.Keys.ShouldBe(["megawattHours", "kgCo2ePerKwh", "serialFrom"], ignoreOrder: true);
        errors["kgCo2ePerKwh"].ShouldContain("divide either by 1,000");
        (await ErrorsAsync(client, "instruments", new { kind = "gift", name = "Gift", criteriaMet = new[] { "cheap" } })).Keys.ShouldBe(["kind", "criteriaMet"], ignoreOrder: true);
        (await ErrorsAsync(client, "instruments", new { kind = "certificate", name = "", kgCo2ePerKwh = 0 })).Keys.ShouldBe(
            ["name", "megawattHours", "firstDay", "lastDay", "siteIds"], ignoreOrder: true);
    }

    [Fact]
    public async Task Instrument_SaysWhatGenerates_InSharesThatFit()
    {
        using var client = await NewTenantAsync();
        var entity = Id(await MakeAsync(client, "organizations", new { name = "Nordwerk", country = "DE" }));
        var site = Id(await MakeAsync(client, "sites", new { organizationId = entity, name = "Hamburg", country = "DE" }));
        object Contract(decimal? renewable, decimal? nuclear) => new
        {
            kind = "certificate", name = "Mix", megawattHours = 10, firstDay = "2026-01-01", lastDay = "2026-12-31", siteIds = new[] { site }, kgCo2ePerKwh = 0,
            renewablePercent = renewable, nuclearPercent = nuclear,
        };

        var made = await MakeAsync(client, "instruments", Contract(60.5m, 30));
        (made.GetProperty("renewablePercent").GetDecimal(), made.GetProperty("nuclearPercent").GetDecimal()).ShouldBe((60.5m, 30m));
        var silent = await SendAsync(client, HttpMethod.Put, "instruments/" + Id(made), Contract(null, null), "\"1\"");
        silent.Body.GetProperty("renewablePercent").ValueKind.ShouldBe(JsonValueKind.Null);
        (await ErrorsAsync(client, "instruments", Contract(80, 30)))["nuclearPercent"].ShouldContain("more than 100 percent");
        (await ErrorsAsync(client, "instruments", Contract(101, -1))).Keys.ShouldBe(["renewablePercent", "nuclearPercent"], ignoreOrder: true);
    }

    [Fact]
    public async Task List_PagesInTheOrderOfMaking_WithoutGaps()
    {
        using var client = await NewTenantAsync();
        var made = new List<string>();
        foreach (var number in Enumerable.Range(1, 5))
        {
            made.Add(Id(await MakeAsync(client, "organizations", new { name = $"Entity {(6 - number).ToString(CultureInfo.InvariantCulture)}", country = "DE" })));
        }

        var seen = new List<string>();
        string? cursor = null;
        do
        {
            var page = await client.GetFromJsonAsync<JsonElement>($"/api/v1/organizations?limit=2{(cursor is null ? "" : "&cursor=" + cursor)}", Cancellation);
            seen.AddRange(page.GetProperty("items").EnumerateArray().Select(Id));
            cursor = page.GetProperty("nextCursor").GetString();
        }
        while (cursor is not null);

        seen.ShouldBe(made);
        foreach (var query in new[] { "limit=0", "limit=1001", "cursor=abc" })
        {
            using var answer = await client.GetAsync("/api/v1/organizations?" + query, Cancellation);
            answer.StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity, query);
        }
    }

    [Fact]
    public async Task SitesAndEntitiesOfAnotherTenant_AreNotThere()
    {
        using var stranger = await NewTenantAsync();
        var theirs = Id(await MakeAsync(stranger, "organizations", new { name = "Stranger", country = "DE" }));
        var theirSite = Id(await MakeAsync(stranger, "sites", new { organizationId = theirs, name = "Their site", country = "DE" }));
        using var client = await NewTenantAsync();
        var own = Id(await MakeAsync(client, "organizations", new { name = "Stranger", country = "DE" }));

        (await ErrorsAsync(client, "sites", new { organizationId = theirs, name = "Theft", country = "DE" })).ShouldBe(
            await ErrorsAsync(client, "sites", new { organizationId = Guid.NewGuid(), name = "Theft", country = "DE" }));
        (await ErrorsAsync(client, "instruments", new
        {
            kind = "greenTariff", name = "Theft", firstDay = "2026-01-01", lastDay = "2026-12-31", siteIds = new[] { theirSite }, kgCo2ePerKwh = 0,
        })).Keys.ShouldBe(["siteIds"]);
        (await SendAsync(client, HttpMethod.Put, "organizations/" + theirs, new { name = "Theft", country = "DE" }, "\"1\"")).Status.ShouldBe(HttpStatusCode.NotFound);
        (await SendAsync(client, HttpMethod.Put, "organizations/" + own, new { name = "Own", country = "DE" }, "\"1\"")).Status.ShouldBe(HttpStatusCode.OK);
    }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private async Task<HttpClient> NewTenantAsync()
    {
        var email = $"owner-{Guid.NewGuid():N}@organizations.example";
        await _app.AddTenantAsync("Organizations", email, TenantRole.Admin);
        return await _app.SignInAsync(email);
    }

    private static string Id(JsonElement row) => row.GetProperty("id").GetString()!;

    private static async Task<JsonElement> MakeAsync(HttpClient client, string path, object body)
    {
        var (status, made, _) = await SendAsync(client, HttpMethod.Post, path, body);
        status.ShouldBe(HttpStatusCode.Created, made.GetRawText());
        return made;
    }

    private static async Task<Dictionary<string, string>> ErrorsAsync(HttpClient client, string path, object body)
    {
        var (status, problem, _) = await SendAsync(client, HttpMethod.Post, path, body);
        status.ShouldBe(HttpStatusCode.UnprocessableEntity, problem.GetRawText());
        return problem.GetProperty("errors").EnumerateObject().ToDictionary(error => error.Name, error => error.Value[0].GetString()!);
    }

    private static async Task<(HttpStatusCode Status, JsonElement Body, string? Tag)> SendAsync(HttpClient client, HttpMethod method, string path, object body, string? version = null)
    {
        using var request = new HttpRequestMessage(method, "/api/v1/" + path) { Content = JsonContent.Create(body) };
        if (version is not null)
        {
            request.Headers.TryAddWithoutValidation("If-Match", version);
        }

        using var answer = await client.SendAsync(request, Cancellation);
        return (answer.StatusCode, await answer.Content.ReadFromJsonAsync<JsonElement>(Cancellation), answer.Headers.ETag?.Tag);
    }
}
