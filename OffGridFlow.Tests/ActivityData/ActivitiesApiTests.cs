using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using OffGridFlow.Core.Identity;
using OffGridFlow.Infrastructure.ActivityData;
using OffGridFlow.Infrastructure.Persistence;
using OffGridFlow.Infrastructure.Persistence.PostgreSql;
using OffGridFlow.Tests.Identity;

namespace OffGridFlow.Tests.ActivityData;

/// <summary>The way of an entry through the API, on a real database.</summary>
public sealed class ActivitiesApiTests(SharedApp shared) : IClassFixture<SharedApp>
{
    private readonly TestApp _app = shared.App;

    [Fact]
    public async Task Entry_FromDraftToApproved_CountsAndKeepsEachVersion()
    {
        var client = await EntryClient.NewAsync(_app);
        var id = await client.CreateAsync(client.Gas(other: [("reference", "M-1")]));
        (await client.FindAsync(id)).GetProperty("result").ValueKind.ShouldBe(JsonValueKind.Null);

        await client.DoAsync(id, "submit");
        var submitted = await client.FindAsync(id);
        submitted.GetProperty("result").GetProperty("kgCo2e").GetDecimal().ShouldBeGreaterThan(0);
        await client.DoAsync(id, "approve");
        var (status, _) = await client.SendAsync(HttpMethod.Put, $"activities/{id}", client.Gas(other: [("quantity", 1200m), ("reason", "Meter read again"), ("reference", "M-1")]), version: 3);

        status.ShouldBe(200);
        (await client.StatusAsync(id)).ShouldBe("submitted", "what was approved has to be approved anew");
        (await client.ActionsAsync(id)).ShouldBe(["created", "submitted", "approved", "changed"]);
        var newest = (await client.SendAsync(HttpMethod.Get, $"activities/{id}/versions")).Body.GetProperty("items")[0];
        newest.GetProperty("reason").GetString().ShouldBe("Meter read again");
        newest.GetProperty("changes").EnumerateArray().Select(change => $"{change.GetProperty("field")}: {change.GetProperty("before")} > {change.GetProperty("after")}")
            .ShouldBe(["quantity: 1000 > 1200", "status: Approved > Submitted"]);
        (await client.Company.AuditAsync($"activity/{id}")).ShouldBe("activity.created activity.submitted activity.approved activity.changed");
    }

    [Fact]
    public async Task Approve_ByWhoWroteIt_IsRefusedWhereASecondPersonIsAskedFor()
    {
        var client = await EntryClient.NewAsync(_app);
        var id = await client.CreateAsync(client.Gas());
        await client.DoAsync(id, "submit");
        using var colleague = await client.ColleagueAsync();

        // Two may write now: a second person is asked for without anybody having said so.
        var (status, body) = await client.ActAsync(id, "approve");
        status.ShouldBe(409);
        body.GetProperty("detail").GetString()!.ShouldContain("somebody else has to approve it");
        await client.DoAsync(id, "approve", by: colleague);

        // Who corrects it is its author from then on.
        var theirs = await client.CreateAsync(client.Gas("2025-02-01", "2025-02-28"), colleague);
        await client.DoAsync(theirs, "submit", by: colleague);
        (await client.SendAsync(HttpMethod.Put, $"activities/{theirs}", client.Gas("2025-02-01", "2025-02-28", ("quantity", 5m)), version: 2)).Status.ShouldBe(200);
        (await client.ActAsync(theirs, "approve")).Status.ShouldBe(409);
        await client.DoAsync(theirs, "approve", by: colleague);

        (await client.SendAsync(HttpMethod.Put, "activities/approval", new { asksForSecondPerson = false }, by: colleague)).Status.ShouldBe(403);
        (await client.SendAsync(HttpMethod.Put, "activities/approval", new { asksForSecondPerson = false })).Status.ShouldBe(200);
        var own = await client.CreateAsync(client.Gas("2025-03-01", "2025-03-31"));
        await client.DoAsync(own, "submit");
        await client.DoAsync(own, "approve");
    }

    [Fact]
    public async Task Change_ByTwoAtTheSameMoment_IsMadeOnce()
    {
        var client = await EntryClient.NewAsync(_app);
        using var colleague = await client.ColleagueAsync();
        var id = await client.CreateAsync(client.Gas());

        var answers = await Task.WhenAll(Enumerable.Range(1, 6).Select(at => client.SendAsync(
            HttpMethod.Put, $"activities/{id}", client.Gas(other: [("quantity", 1000m + at)]), version: 1, by: at % 2 == 0 ? client.Http : colleague)));

        answers.Select(answer => answer.Status).Order().ShouldBe([200, 412, 412, 412, 412, 412]);
        (await client.FindAsync(id)).GetProperty("version").GetInt32().ShouldBe(2);
        (await client.SendAsync(HttpMethod.Put, $"activities/{id}", client.Gas())).Status.ShouldBe(428);
    }

    [Fact]
    public async Task Create_OfTheSameDaysAtTheSameMoment_IsAskedAboutOnce()
    {
        var client = await EntryClient.NewAsync(_app);

        var answers = await Task.WhenAll(Enumerable.Range(1, 5).Select(at => client.SendAsync(HttpMethod.Post, "activities", client.Gas(other: [("quantity", 100m * at)]))));

        answers.Select(answer => answer.Status).Order().ShouldBe([201, 422, 422, 422, 422]);
        EntryClient.CodesOf(answers.First(answer => answer.Status == 422).Body).ShouldBe(["overlapping-period"]);
    }

    [Fact]
    public async Task Question_Confirmed_IsKeptWithTheVersionAndNotAskedAgain()
    {
        var client = await EntryClient.NewAsync(_app);
        await client.CreateAsync(client.Gas());

        var (status, body) = await client.SendAsync(HttpMethod.Post, "activities", client.Gas());
        status.ShouldBe(422);
        body.GetProperty("detail").GetString()!.ShouldContain("send it again with “overlapping-period” in confirmed");
        var id = await client.CreateAsync(client.Gas(other: [("confirmed", new[] { "overlapping-period" })]));

        (await client.FindAsync(id)).GetProperty("confirmed").EnumerateArray().Select(code => code.GetString()).ShouldBe(["overlapping-period"]);
        (await client.SendAsync(HttpMethod.Put, $"activities/{id}", client.Gas(other: [("note", "Second boiler")]), version: 1)).Status.ShouldBe(200);
        (await client.SendAsync(HttpMethod.Put, $"activities/{id}", client.Gas(other: [("quantity", 7m)]), version: 2)).Status.ShouldBe(422);
    }

    [Fact]
    public async Task Create_OfMany_IsAllOrNothing_UnlessPartial()
    {
        var client = await EntryClient.NewAsync(_app);
        var rows = new[] { client.Gas(), client.Gas("2025-02-01", "2025-02-28", ("unit", "kHw")), client.Gas("2025-03-01", "2025-03-31") };

        var (status, body) = await client.SendAsync(HttpMethod.Post, "activities", new { rows });
        status.ShouldBe(422);
        body.GetProperty("results").EnumerateArray().Select(row => row.GetProperty("outcome").GetString()).ShouldBe(["created", "refused", "created"]);
        (await client.SendAsync(HttpMethod.Get, "activities")).Body.GetProperty("items").GetArrayLength().ShouldBe(0);

        (await client.SendAsync(HttpMethod.Post, "activities", new { rows, mode = "partial" })).Status.ShouldBe(200);
        (await client.SendAsync(HttpMethod.Get, "activities")).Body.GetProperty("items").GetArrayLength().ShouldBe(2);
    }

    [Fact]
    public async Task ExternalId_SentTwice_IsOneEntry()
    {
        var client = await EntryClient.NewAsync(_app);
        var fields = client.Gas(other: [("externalId", "erp-1")]);
        var id = await client.CreateAsync(fields);

        var (status, body) = await client.SendAsync(HttpMethod.Post, "activities", fields);
        (status, body.GetProperty("id").GetGuid(), body.GetProperty("outcome").GetString()).ShouldBe((200, id, "unchanged"));
        fields["quantity"] = 7m;
        fields["confirmed"] = new[] { "overlapping-period" };
        EntryClient.CodesOf((await client.SendAsync(HttpMethod.Post, "activities", fields)).Body).ShouldBe(["external-id-taken"]);
    }

    [Fact]
    public async Task Reverse_WritesTheNegativeBeside_AndIsTheOnlyWayThere()
    {
        var client = await EntryClient.NewAsync(_app);
        var id = await client.CreateAsync(client.Gas());
        (await client.ActAsync(id, "reverse", "Billed twice")).Status.ShouldBe(409);
        await client.DoAsync(id, "submit");
        (await client.ActAsync(id, "reverse")).Body.GetProperty("detail").GetString()!.ShouldContain("Say why");

        var reversal = (await client.DoAsync(id, "reverse", "Billed twice")).GetProperty("reversalId").GetGuid();

        var row = await client.FindAsync(reversal);
        (row.GetProperty("quantity").GetDecimal(), row.GetProperty("reversesId").GetGuid(), row.GetProperty("status").GetString()).ShouldBe((-1000m, id, "submitted"));
        (row.GetProperty("result").GetProperty("kgCo2e").GetDecimal() + (await client.FindAsync(id)).GetProperty("result").GetProperty("kgCo2e").GetDecimal()).ShouldBe(0);
        (await client.ActAsync(id, "reverse", "Again")).Status.ShouldBe(409);
        (await client.ActAsync(reversal, "reverse", "Again")).Status.ShouldBe(409);
        (await client.ActAsync(id, "exclude", "No")).Body.GetProperty("detail").GetString()!.ShouldContain("Exclude the reversal first");
        EntryClient.CodesOf((await client.SendAsync(HttpMethod.Put, $"activities/{id}", client.Gas(other: [("quantity", 5m)]), version: 3)).Body).ShouldBe(["was-reversed"]);
        await client.DoAsync(reversal, "exclude", "It was right after all");
        (await client.FindAsync(id)).GetProperty("isReversed").GetBoolean().ShouldBeFalse();
    }

    [Fact]
    public async Task Actual_WhenSubmitted_ExcludesItsAccrual()
    {
        var client = await EntryClient.NewAsync(_app);
        var accrual = await client.CreateAsync(client.Gas(other: [("isAccrual", true), ("quantity", 900m)]));
        await client.DoAsync(accrual, "submit");
        var actual = await client.CreateAsync(client.Gas());
        (await client.StatusAsync(accrual)).ShouldBe("submitted", "the actual is a draft and counts nowhere");

        await client.DoAsync(actual, "submit");

        (await client.StatusAsync(accrual)).ShouldBe("excluded");
        (await client.FindAsync(accrual)).GetProperty("result").ValueKind.ShouldBe(JsonValueKind.Null);
        (await client.SendAsync(HttpMethod.Get, $"activities/{accrual}/versions")).Body.GetProperty("items")[0].GetProperty("reason").GetString()!
            .ShouldBe("The actual of 2025-01-01 to 2025-01-31 has arrived: 1000 kWh (Gross CV).");
    }

    [Fact]
    public async Task Exclude_AndRestore_BringItBackAsItWas()
    {
        var client = await EntryClient.NewAsync(_app);
        var id = await client.CreateAsync(client.Gas());
        await client.DoAsync(id, "submit");
        await client.DoAsync(id, "approve");

        (await client.ActAsync(id, "exclude")).Status.ShouldBe(409);
        await client.DoAsync(id, "exclude", "Belongs to the tenant");
        EntryClient.CodesOf((await client.SendAsync(HttpMethod.Put, $"activities/{id}", client.Gas(), version: 4)).Body).ShouldBe(["excluded"]);
        await client.DoAsync(id, "restore", "It is ours");

        (await client.StatusAsync(id)).ShouldBe("submitted", "what was approved has to be approved anew");
        await client.DoAsync(id, "return", "Look at the meter again");
        (await client.StatusAsync(id)).ShouldBe("draft");
    }

    [Fact]
    public async Task Discard_TakesOnlyWhatWasNeverSubmitted()
    {
        var client = await EntryClient.NewAsync(_app);
        var id = await client.CreateAsync(client.Gas());
        (await client.SendAsync(HttpMethod.Post, $"activities/{id}/comments", new { text = "Where is the bill?" })).Status.ShouldBe(201);
        (await client.SendAsync(HttpMethod.Delete, $"activities/{id}")).Status.ShouldBe(204);
        (await client.SendAsync(HttpMethod.Get, $"activities/{id}")).Status.ShouldBe(404);
        (await client.Company.AuditAsync($"activity/{id}")).ShouldEndWith("activity.discarded");

        var kept = await client.CreateAsync(client.Gas());
        await client.DoAsync(kept, "submit");
        await client.DoAsync(kept, "return", "Not yet");
        (await client.SendAsync(HttpMethod.Delete, $"activities/{kept}")).Body.GetProperty("detail").GetString()!.ShouldContain("its history stays. Exclude it instead");
    }

    [Fact]
    public async Task Copy_WritesTheNextYearAsEstimatedDrafts_Once()
    {
        var client = await EntryClient.NewAsync(_app);
        await client.CreateAsync(client.Gas("2024-02-01", "2024-02-29", ("reference", "INV-7")));
        await client.CreateAsync(client.Gas("2024-03-01", "2024-03-31"));
        var request = new { siteId = client.Site, from = "2024-01-01", to = "2024-12-31", step = "year" };

        var (status, body) = await client.SendAsync(HttpMethod.Post, "activities/copy", request);
        status.ShouldBe(200, body.ToString());
        body.GetProperty("made").GetArrayLength().ShouldBe(2);
        var made = await client.FindAsync(body.GetProperty("made")[0].GetGuid());
        (made.GetProperty("from").GetString(), made.GetProperty("to").GetString(), made.GetProperty("quality").GetString(), made.GetProperty("status").GetString(), made.GetProperty("reference").ValueKind)
            .ShouldBe(("2025-02-01", "2025-02-28", "estimated", "draft", JsonValueKind.Null));
        (await client.SendAsync(HttpMethod.Post, "activities/copy", request)).Body.GetProperty("alreadyThere").GetInt32().ShouldBe(2);
    }

    [Fact]
    public async Task Documents_ComeBackByteForByte_AndOnlyHere()
    {
        var client = await EntryClient.NewAsync(_app);
        var id = await client.CreateAsync(client.Gas());
        var bytes = Encoding.UTF8.GetBytes("invoice <script>");

        using var attached = await EntryClient.AttachAsync(client.Http, id, "../invoice.html", bytes);
        attached.StatusCode.ShouldBe(System.Net.HttpStatusCode.Created);
        var document = await attached.Content.ReadFromJsonAsync<JsonElement>(TestContext.Current.CancellationToken);
        document.GetProperty("fileName").GetString().ShouldBe("invoice.html");
        document.GetProperty("sha256").GetString().ShouldBe(Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(bytes)));
        var path = $"/api/v1/activities/{id}/documents/{document.GetProperty("documentId").GetGuid()}";
        using var answer = await client.Http.GetAsync(path, TestContext.Current.CancellationToken);
        (await answer.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken)).ShouldBe(bytes);
        answer.Content.Headers.ContentDisposition!.DispositionType.ShouldBe("attachment");
        answer.Content.Headers.ContentType!.MediaType.ShouldBe("application/octet-stream");

        using var large = await EntryClient.AttachAsync(client.Http, id, "scan.pdf", new byte[(25 * 1024 * 1024) + 1]);
        large.StatusCode.ShouldBe(System.Net.HttpStatusCode.UnprocessableEntity);
        using var empty = await EntryClient.AttachAsync(client.Http, id, "scan.pdf", []);
        empty.StatusCode.ShouldBe(System.Net.HttpStatusCode.UnprocessableEntity);
        var other = await client.CreateAsync(client.Gas("2025-02-01", "2025-02-28"));
        (await client.SendAsync(HttpMethod.Get, path.Replace(id.ToString(), other.ToString(), StringComparison.Ordinal)["/api/v1/".Length..])).Status.ShouldBe(404);
        (await client.SendAsync(HttpMethod.Delete, path["/api/v1/".Length..])).Status.ShouldBe(204);
        (await client.SendAsync(HttpMethod.Get, $"activities/{id}/documents")).Body.GetProperty("items").GetArrayLength().ShouldBe(0);
    }

    [Fact]
    public async Task List_PagesByCursorAndFilters()
    {
        var client = await EntryClient.NewAsync(_app);
        foreach (var month in Enumerable.Range(1, 7))
        {
            await client.CreateAsync(client.Gas(FormattableString.Invariant($"2025-{month:00}-01"), FormattableString.Invariant($"2025-{month:00}-28"), ("note", month == 3 ? "100%_sure" : null)));
        }

        var seen = new List<string>();
        string? cursor = null;
        do
        {
            var page = (await client.SendAsync(HttpMethod.Get, $"activities?limit=3&cursor={cursor}")).Body;
            seen.AddRange(page.GetProperty("items").EnumerateArray().Select(row => row.GetProperty("from").GetString()!));
            cursor = page.GetProperty("nextCursor").GetString();
        }
        while (cursor is not null);

        seen.ShouldBe(Enumerable.Range(1, 7).Select(month => FormattableString.Invariant($"2025-{month:00}-01")));
        (await CountAsync("from=2025-03-10&to=2025-05-01")).ShouldBe(3);
        (await CountAsync("text=100%25_s")).ShouldBe(1);
        (await CountAsync("text=natural")).ShouldBe(7);
        (await CountAsync("status=approved")).ShouldBe(0);
        (await client.SendAsync(HttpMethod.Get, "activities?status=nonsense")).Status.ShouldBe(422);
        (await client.SendAsync(HttpMethod.Get, "activities?cursor=nonsense")).Status.ShouldBe(422);

        async Task<int> CountAsync(string query) => (await client.SendAsync(HttpMethod.Get, "activities?" + query)).Body.GetProperty("items").GetArrayLength();
    }

    [Fact]
    public async Task List_OfManyEntries_ReadsTheIndexInItsOrder()
    {
        var client = await EntryClient.NewAsync(_app);
        await _app.OwnerAsync<object>(
            """
            with made as (
              insert into activity_entries (id, tenant_id, site_id, activity_type, quantity, unit, period_start, period_end, quality, quality_indicators, status, is_accrual, version, changed_by, changed_at)
              select new_id(), $1, $2, 'type-' || n % 40, n, 'kWh', date '2000-01-01' + n % 9000, date '2000-01-01' + n % 9000, 'Measured', '{}', 'Approved', false, 1, 'x', now()
              from generate_series(1, 20000) n returning 1)
            select count(*)::text from made
            """,
            client.Company.Tenant, client.Site);
        await _app.OwnerAsync<object>("analyze activity_entries");
        await using var scope = _app.App.Services.CreateAsyncScope();
        scope.ServiceProvider.GetRequiredService<CurrentUser>().Become(new Actor(client.Company.Tenant, Guid.CreateVersion7(), "Tester", TenantRole.Admin));
        var queries = (ActivityEntryQueries)scope.ServiceProvider.GetRequiredService<IActivityEntryQueries>();

        var text = await queries.ExplainAsync(new EntryFilter(), 100, TestContext.Current.CancellationToken);

        // The parameters stand as comments before the statement.
        var sql = string.Join('\n', text.Split('\n').SkipWhile(line => line.StartsWith("--", StringComparison.Ordinal)));
        await using var connection = await _app.App.Services.GetRequiredService<Database>().Owner.OpenConnectionAsync(TestContext.Current.CancellationToken);
        sql = System.Text.RegularExpressions.Regex.Replace(sql, "@ef_filter__TenantId\\w*|@__ef_filter__TenantId_0", $"'{client.Company.Tenant}'::uuid", System.Text.RegularExpressions.RegexOptions.None, TimeSpan.FromSeconds(1));
        sql = System.Text.RegularExpressions.Regex.Replace(sql, "@\\w+", "100", System.Text.RegularExpressions.RegexOptions.None, TimeSpan.FromSeconds(1));
        var plan = string.Join('\n', await connection.ListAsync("explain " + sql, row => row.GetString(0), TestContext.Current.CancellationToken));
        plan.ShouldContain("Index Scan using ix_activity_entries_tenant_id_site_id_activity_type");
        plan.ShouldNotContain("Seq Scan");
        plan.ShouldNotContain("Sort");
    }

    [Fact]
    public async Task Exception_StandsUntilItIsMended()
    {
        var client = await EntryClient.NewAsync(_app);
        var id = await client.CreateAsync(client.Gas(other: [("factorId", "no-such-factor")]));
        await client.DoAsync(id, "submit");

        var exceptions = (await client.SendAsync(HttpMethod.Get, "exceptions")).Body;
        exceptions.GetProperty("total").GetInt64().ShouldBe(1);
        var group = exceptions.GetProperty("groups")[0];
        (group.GetProperty("code").GetString(), group.GetProperty("items")[0].GetProperty("activity").GetProperty("id").GetGuid()).ShouldBe(("unknown-factor", id));
        group.GetProperty("items")[0].GetProperty("mend").GetString().ShouldNotBeNullOrEmpty();

        (await client.SendAsync(HttpMethod.Put, $"activities/{id}", client.Gas(), version: 2)).Status.ShouldBe(200);
        (await client.SendAsync(HttpMethod.Get, "exceptions")).Body.GetProperty("total").GetInt64().ShouldBe(0);
        (await client.FindAsync(id)).GetProperty("result").GetProperty("kgCo2e").GetDecimal().ShouldBeGreaterThan(0);
    }

    [Fact]
    public async Task Site_BeforeItOpened_TakesNoEntry()
    {
        var client = await EntryClient.NewAsync(_app);
        var late = await EntryClient.AddSiteAsync(_app, client.Company.Tenant, "New plant", opened: "2025-06-01");

        EntryClient.CodesOf((await client.SendAsync(HttpMethod.Post, "activities", client.Gas(other: [("siteId", late)]))).Body).ShouldBe(["before-site-opened"]);
        EntryClient.CodesOf((await client.SendAsync(HttpMethod.Post, "activities", client.Gas(other: [("siteId", Guid.CreateVersion7())]))).Body).ShouldBe(["unknown-site"]);
    }
}
