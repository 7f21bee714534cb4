using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using OffGridFlow.Core.Identity;
using OffGridFlow.Infrastructure.Auditing;
using OffGridFlow.Infrastructure.Persistence;
using OffGridFlow.Infrastructure.Persistence.PostgreSql;
using OffGridFlow.Tests.Identity;
using OffGridFlow.Tests.Reports;
using OffGridFlow.Tests.Rules;

namespace OffGridFlow.Tests.Auditing;

public sealed class AuditApiTests(SharedApp shared) : IClassFixture<SharedApp>
{
    private readonly TestApp _app = shared.App;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task List_SaysWhoDidWhatFromWhere_AndPages()
    {
        var (email, _) = await NewAsync();
        using var client = await _app.SignInAsync(email);

        var first = await client.GetFromJsonAsync<JsonElement>("/api/v1/audit?take=1", Stop);
        var entry = first.GetProperty("items")[0];
        (entry.GetProperty("action").GetString(), entry.GetProperty("actorKind").GetString(), entry.GetProperty("actorName").GetString(), entry.GetProperty("address").GetString())
            .ShouldBe(("sign-in.succeeded", "person", email, "127.0.0.1"));
        entry.GetProperty("details").ValueKind.ShouldBe(JsonValueKind.Object);

        var second = await client.GetFromJsonAsync<JsonElement>($"/api/v1/audit?take=1&cursor={first.GetProperty("nextCursor").GetString()}", Stop);
        second.GetProperty("items")[0].GetProperty("action").GetString().ShouldBe("tenant.created");
        second.GetProperty("nextCursor").ValueKind.ShouldBe(JsonValueKind.Null);
        (await client.GetFromJsonAsync<JsonElement>("/api/v1/audit?action=tenant.&actor=product", Stop)).GetProperty("items").GetArrayLength().ShouldBe(0);
    }

    [Theory]
    [InlineData("from=yesterday", "from and to are days")]
    [InlineData("from=2026-02-02&to=2026-02-01", "Exchange them")]
    [InlineData("actor=Ada", "actor “Ada” is not known")]
    [InlineData("take=0", "take “0”")]
    [InlineData("take=many", "take “many”")]
    [InlineData("cursor=nonsense", "cursor")]
    [InlineData("q=%00", "NUL")]
    [InlineData("acton=import.", "“acton” is not known")]
    public async Task List_OfABadQuery_SaysWhatIsWrong(string query, string words)
    {
        using var client = await _app.SignInAsync();

        using var answer = await client.GetAsync($"/api/v1/audit?{query}", Stop);

        answer.StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
        (await answer.Content.ReadAsStringAsync(Stop)).ShouldContain(words, Case.Insensitive);
    }

    [Fact]
    public async Task Entries_GetTheirSealSoon_AndTheCheckSaysSo()
    {
        var (email, tenant) = await NewAsync();
        using var client = await _app.SignInAsync(email);
        await Eventually.BeAsync(
            async () => (await client.GetFromJsonAsync<JsonElement>("/api/v1/audit/verify", Stop)) is var found
                && found.GetProperty("entries").GetInt64() == 2 && found.GetProperty("intact").GetBoolean(), "the seal of two entries");

        await TamperAsync("update audit_entries set actor_name = 'Nobody' where tenant_id = $1 and sequence = 2", tenant);

        var broken = (await client.GetFromJsonAsync<JsonElement>("/api/v1/audit/verify", Stop)).GetProperty("break");
        (broken.GetProperty("kind").GetString(), broken.GetProperty("sequence").GetInt64(), broken.GetProperty("action").GetString()).ShouldBe(("edited", 2, "sign-in.succeeded"));
    }

    [Fact]
    public async Task Downloads_AreWrittenDownBeforeTheyLeave()
    {
        var (email, _) = await NewAsync();
        using var browser = await Browser.SignedInAsync(_app, email);

        using var lines = await browser.GetAsync("/app/audit.jsonl?action=sign-in.");
        using var sheet = await browser.GetAsync("/app/audit.xlsx");
        using var wrong = await browser.GetAsync("/app/audit.xlsx?action=sign-in.&subjct=user/");

        JsonNode.Parse((await lines.Content.ReadAsStringAsync(Stop)).Trim())!["action"]!.GetValue<string>().ShouldBe("sign-in.succeeded");
        var workbook = Xlsx.Read(await sheet.Content.ReadAsByteArrayAsync(Stop));
        workbook.SheetNames.ShouldBe(["Audit log", "Notes"]);
        workbook["Audit log"].Count.ShouldBe(1 + 4);
        wrong.StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
        using var client = await _app.SignInAsync(email);
        var exports = (await client.GetFromJsonAsync<JsonElement>("/api/v1/audit?action=audit.exported", Stop)).GetProperty("items");
        exports.EnumerateArray().Select(entry => entry.GetProperty("details").GetProperty("format").GetString()).ShouldBe(["xlsx", "jsonl"]);
        exports[1].GetProperty("details").GetProperty("filter").GetProperty("action").GetString().ShouldBe("sign-in.");
    }

    [Fact]
    public async Task SignOutAndReuseOfARefreshToken_StandInTheLog()
    {
        var (email, _) = await NewAsync();
        using var client = await _app.SignInAsync(email);
        using var anonymous = _app.CreateClient();
        using var login = await anonymous.PostAsJsonAsync("/api/v1/auth/login", new { email, password = TestApp.AdminPassword }, Stop);
        var refreshToken = (await login.Content.ReadFromJsonAsync<JsonElement>(Stop)).GetProperty("refreshToken").GetString();
        (await anonymous.PostAsJsonAsync("/api/v1/auth/refresh", new { refreshToken }, Stop)).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await anonymous.PostAsJsonAsync("/api/v1/auth/refresh", new { refreshToken }, Stop)).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        (await anonymous.PostAsJsonAsync("/api/v1/auth/refresh", new { refreshToken }, Stop)).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        using (var browser = await Browser.SignedInAsync(_app, email))
        {
            (await browser.SignOutAsync()).StatusCode.ShouldBe(HttpStatusCode.Redirect);
        }

        (await client.PostAsync("/api/v1/auth/logout", null, Stop)).StatusCode.ShouldBe(HttpStatusCode.NoContent);

        using var again = await _app.SignInAsync(email);
        var items = (await again.GetFromJsonAsync<JsonElement>("/api/v1/audit", Stop)).GetProperty("items");
        var actions = items.EnumerateArray().Select(entry => entry.GetProperty("action").GetString()).ToList();
        actions.Count(action => action == "sign-out.succeeded").ShouldBe(2);
        actions.Count(action => action == "session.refresh-reused").ShouldBe(1);
        items.EnumerateArray().Where(entry => entry.GetProperty("action").GetString() != "tenant.created").ShouldAllBe(entry => entry.GetProperty("address").GetString() == "127.0.0.1");
    }

    /// <summary>The export, the heads and the public key, judged by the script that knows nothing of our code.</summary>
    [Fact]
    public async Task Export_IsCheckedOffline_ByTheScriptOfTheMethod()
    {
        var python = new[] { "/usr/bin/python3", "/usr/local/bin/python3" }.FirstOrDefault(File.Exists);
        Assert.SkipWhen(python is null, "python3 is not on this machine.");
        var (email, tenant) = await NewAsync();
        using var client = await _app.SignInAsync(email);
        await AddEntriesAsync(tenant, 12);
        var sealer = _app.App.Services.GetRequiredService<AuditSealer>();
        await Eventually.BeAsync(
            async () =>
            {
                await sealer.SealAsync(Stop);
                await sealer.SignHeadsAsync(Stop);
                return (await client.GetFromJsonAsync<JsonElement>("/api/v1/audit/verify", Stop)).GetProperty("entriesAfterLastHead").GetInt64() == 0;
            },
            "a signed head");
        var export = (await client.GetStringAsync("/api/v1/audit/export", Stop)).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        export.Length.ShouldBe(15);
        var (folder, heads) = (_app.DataDirectory, Path.Combine(_app.DataDirectory, "audit-heads"));
        async Task<OtherProgram> CheckAsync(IEnumerable<string> lines)
        {
            var file = Path.Combine(folder, "export.jsonl");
            await File.WriteAllLinesAsync(file, lines, Stop);
            return await OtherProgram.RunAsync(
                python!, [Path.Combine(Repository.Root, "docs", "methods", "verify_audit.py"), file, "--heads", heads, "--key", Path.Combine(folder, "keys", "audit-signing.pub")]);
        }

        var intact = await CheckAsync(export);
        intact.ExitCode.ShouldBe(0, intact.Output);
        intact.Output.ShouldMatch("^intact: 1[45] entries, head 1[45] [0-9a-f]{64}, [1-9][0-9]* signed heads compared, ");
        (await CheckAsync([.. export[..4], export[4].Replace("\"import.queued\"", "\"import.undone\"", StringComparison.Ordinal), .. export[5..]])).Output.ShouldStartWith("BROKEN edited: entry 5 ");
        (await CheckAsync([.. export[..4], .. export[5..]])).Output.ShouldStartWith("BROKEN missing: entries 5 to 5 ");
        (await CheckAsync(export[1..])).Output.ShouldStartWith("BROKEN missing: entries 1 to 1 ");
        (await CheckAsync(Exchange(export, 4, 8))).Output.ShouldStartWith("BROKEN reordered: entries 5 and 9 ");
        (await CheckAsync([.. export[..10], WithoutSeal(export[^1])])).Output.ShouldStartWith("BROKEN truncated: entries 11 to 14 ");
        (await CheckAsync(export[..^1])).Output.ShouldStartWith("BROKEN truncated: ");

        await TamperAsync("update audit_entries set details = '{}' where tenant_id = $1 and sequence = 7", tenant);
        var tampered = await CheckAsync((await client.GetStringAsync("/api/v1/audit/export", Stop)).Split('\n', StringSplitOptions.RemoveEmptyEntries));
        tampered.ExitCode.ShouldBe(1);
        tampered.Output.ShouldStartWith("BROKEN edited: entry 7 ");
    }

    /// <summary>As the last entry usually is: the sealer has hardly ever been quicker than the export.</summary>
    private static string WithoutSeal(string line)
    {
        var entry = JsonNode.Parse(line)!;
        (entry["sequence"], entry["hash"], entry["sealedAt"]) = (null, null, null);
        return entry.ToJsonString();
    }

    /// <summary>Two entries with each other's number, as an owner of the file might write them.</summary>
    private static IEnumerable<string> Exchange(string[] lines, int first, int second)
    {
        var (one, other) = (JsonNode.Parse(lines[first])!, JsonNode.Parse(lines[second])!);
        (one["sequence"], other["sequence"]) = (second + 1, first + 1);
        return lines.Select((line, index) => index == first ? other.ToJsonString() : index == second ? one.ToJsonString() : line);
    }

    private async Task<(string Email, Guid Tenant)> NewAsync()
    {
        var email = $"{Guid.NewGuid():N}@audit.example";
        return (email, await _app.AddTenantAsync("A company", email, TenantRole.Auditor));
    }

    private Task<object?> AddEntriesAsync(Guid tenant, int count) => _app.OwnerAsync<object>(
        """
        insert into audit_entries (id, tenant_id, at, actor_kind, actor_name, address, action, subject, details, before, after)
        select new_id(), $1, now() + i * interval '1 ms', 'Product', 'Zoë "' || i || '" \ <&>', case when i % 2 = 0 then '' end, 'import.queued', 'import/' || i,
          jsonb_build_object('share', i / 7.0, 'name', 'märz ☃ ' || chr(9)), case when i % 3 = 0 then '{}'::jsonb end, '{"state": null}'
        from generate_series(1, $2) i
        """, tenant, count);

    private async Task TamperAsync(string sql, Guid tenant)
    {
        await using var connection = await _app.App.Services.GetRequiredService<Database>().Owner.OpenConnectionAsync(Stop);
        await connection.ExecuteAsync("set session_replication_role = replica", Stop);
        await connection.ExecuteAsync(sql, Stop, tenant);
        await connection.ExecuteAsync("set session_replication_role = origin", Stop);
    }
}
