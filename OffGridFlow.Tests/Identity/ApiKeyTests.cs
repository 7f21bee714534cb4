using System.Net;
using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using OffGridFlow.Core.Identity;
using OffGridFlow.Tests.Imports;
using OffGridFlow.Tests.Persistence;

namespace OffGridFlow.Tests.Identity;

/// <summary>Keys of machines: how they are made, what they open, and how they end.</summary>
public sealed class ApiKeyTests(SharedApp shared, PostgresFixture postgres) : IClassFixture<SharedApp>
{
    private readonly TestApp _app = shared.App;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Make_ShowsTheKeyOnce_AndKeepsItsHashOnly()
    {
        using var company = await KeyClient.NewTenantAsync(_app);

        var (id, key) = await company.MakeAsync(Permissions.DashboardsRead);

        Regex.IsMatch(key, "^" + ApiKey.Pattern + "$", RegexOptions.None, TimeSpan.FromSeconds(1)).ShouldBeTrue(key);
        var list = await company.Person.GetStringAsync("/api/v1/api-keys", Stop);
        list.ShouldContain(key[4..12]);
        list.ShouldNotContain(key[13..]);
        var row = await _app.OwnerAsync<string>("select row_to_json(k)::text from api_keys k where id = $1", id);
        row.ShouldNotBeNull().ShouldNotContain(key[13..]);
        var hash = Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(key)));
        row.ShouldContain(hash);
        list.ShouldNotContain(hash);
        (await company.AuditAsync("api-key.created")).ShouldNotBeNull().ShouldContain("Nightly upload");
        (await company.AuditAsync("api-key.created"))!.ShouldNotContain(key[13..]);
        (await company.AuditAsync("api-key.created"))!.ShouldNotContain(hash);
    }

    [Theory]
    [InlineData("", new[] { Permissions.DashboardsRead }, 30, "name:")]
    [InlineData("a\u0007b", new[] { Permissions.DashboardsRead }, 30, "name:")]
    [InlineData("x", new string[0], 30, "scopes:")]
    [InlineData("x", new[] { Permissions.AdministrationWrite }, 30, "must not make people or keys")]
    [InlineData("x", new[] { Permissions.DashboardsRead, Permissions.AdministrationWrite }, 30, "must not make people or keys")]
    [InlineData("x", new[] { "everything" }, 30, "“everything” is no scope")]
    [InlineData("x", new[] { Permissions.DashboardsRead }, -1, "The day has passed")]
    [InlineData("x", new[] { Permissions.DashboardsRead }, 735, "at most two years")]
    public async Task Make_OfWrongValues_IsRefusedWithWords(string name, string[] scopes, int days, string words)
    {
        using var company = await KeyClient.NewTenantAsync(_app);

        using var answer = await company.TryMakeAsync(new { name, scopes, expiresOn = KeyClient.InDays(days) });

        answer.StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
        (await KeyClient.ReadAsync(answer)).GetProperty("detail").GetString().ShouldNotBeNull().ShouldContain(words);
        (await _app.OwnerAsync<long>("select count(*) from api_keys where tenant_id = $1", company.Tenant)).ShouldBe(0);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("next year")]
    [InlineData("2026-13-01")]
    public async Task Make_WithoutADay_IsRefused(string? expiresOn)
    {
        using var company = await KeyClient.NewTenantAsync(_app);

        using var answer = await company.TryMakeAsync(new { name = "x", scopes = new[] { Permissions.DashboardsRead }, expiresOn });

        answer.StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
    }

    [Fact]
    public async Task Make_BeyondTheNumberOfKeysInUse_IsRefused()
    {
        using var company = await KeyClient.NewTenantAsync(_app);
        await _app.OwnerAsync<object>(
            """
            insert into api_keys (id, tenant_id, name, prefix, secret_hash, scopes, created_at, created_by, expires_at)
            select gen_random_uuid(), $1, 'old', 'aaaaaaaa', sha256(gen_random_uuid()::text::bytea), '{dashboards.read}', now(), 'x', now() + interval '1 day'
            from generate_series(1, $2)
            """, company.Tenant, ApiKey.MaximumInUse);

        using var answer = await company.TryMakeAsync(new { name = "x", scopes = new[] { Permissions.DashboardsRead }, expiresOn = KeyClient.InDays(1) });

        (await KeyClient.ReadAsync(answer)).GetProperty("detail").GetString().ShouldNotBeNull().ShouldContain("100 keys are in use already");
    }

    [Fact]
    public async Task Me_OfAKey_SaysWhatItIsAndMay()
    {
        using var company = await KeyClient.NewTenantAsync(_app);
        var (id, key) = await company.MakeAsync(Permissions.ActivityDataRead, Permissions.DashboardsRead);
        using var client = company.ClientOf(key);

        var me = JsonDocument.Parse(await client.GetStringAsync("/api/v1/auth/me", Stop)).RootElement;

        me.GetProperty("kind").GetString().ShouldBe("apiKey");
        me.GetProperty("apiKeyId").GetGuid().ShouldBe(id);
        me.GetProperty("name").GetString().ShouldBe("Nightly upload");
        me.GetProperty("prefix").GetString().ShouldBe(key[4..12]);
        me.GetProperty("tenantId").GetGuid().ShouldBe(company.Tenant);
        me.GetProperty("tenantName").GetString().ShouldBe("Key Company");
        me.GetProperty("expiresAt").GetDateTimeOffset().ShouldBeGreaterThan(TimeProvider.System.GetUtcNow().AddDays(29));
        me.GetProperty("permissions").EnumerateArray().Select(permission => permission.GetString()!).ShouldBe([Permissions.DashboardsRead, Permissions.ActivityDataRead], ignoreOrder: true);
    }

    [Fact]
    public async Task Logout_OfAKey_IsRefusedWithWords_AndItGoesOn()
    {
        using var company = await KeyClient.NewTenantAsync(_app);
        var (_, key) = await company.MakeAsync(Permissions.DashboardsRead);
        using var client = company.ClientOf(key);

        using var answer = await client.PostAsync("/api/v1/auth/logout", null, Stop);

        answer.StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        (await KeyClient.ReadAsync(answer)).GetProperty("detail").GetString().ShouldNotBeNull().ShouldContain("revokes it on the page API keys");
        (await company.MeAsync(key)).Status.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task KeyAndTokenTogether_AreRefused()
    {
        using var company = await KeyClient.NewTenantAsync(_app);
        var (_, key) = await company.MakeAsync(Permissions.DashboardsRead);
        company.Person.DefaultRequestHeaders.Add("X-Api-Key", key);

        using var answer = await company.Person.GetAsync("/api/v1/auth/me", Stop);

        answer.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await KeyClient.ReadAsync(answer)).GetProperty("detail").GetString().ShouldNotBeNull().ShouldContain("Send one of them");
    }

    [Theory]
    [InlineData("nonsense")]
    [InlineData("ogf_")]
    [InlineData("ogf_aaaaaaaa_0000000000000000000000000000000000000000000000000000000000000000")]
    [InlineData("ogf_aaaaaaaa_0000000000000000000000000000000000000000000000000000000000000000, x")]
    public async Task Unknown_IsRefused(string key)
    {
        using var company = await KeyClient.NewTenantAsync(_app);
        using var client = company.ClientOf(key);

        using var answer = await client.GetAsync("/api/v1/emissions", Stop);

        answer.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        answer.Headers.WwwAuthenticate.ToString().ShouldBe("ApiKey");
        (await KeyClient.ReadAsync(answer)).GetProperty("detail").GetString().ShouldNotBeNull().ShouldStartWith("The key is unknown");
    }

    [Fact]
    public async Task WithTheRightPrefixAndAnotherSecret_IsUnknown_AndLearnsNothing()
    {
        using var company = await KeyClient.NewTenantAsync(_app);
        var (id, key) = await company.MakeAsync(Permissions.DashboardsRead);
        await company.RevokeAsync(id);

        var (status, detail) = await company.MeAsync(key[..13] + new string('0', 64));

        status.ShouldBe(HttpStatusCode.Unauthorized);
        detail.ShouldStartWith("The key is unknown");
        detail.ShouldNotContain("Nightly");
    }

    [Fact]
    public async Task Revoked_IsRefusedAtTheNextRequest_AndSaysWhen()
    {
        using var company = await KeyClient.NewTenantAsync(_app);
        var (id, key) = await company.MakeAsync(Permissions.DashboardsRead);
        (await company.MeAsync(key)).Status.ShouldBe(HttpStatusCode.OK);

        await company.RevokeAsync(id);

        var (status, detail) = await company.MeAsync(key);
        status.ShouldBe(HttpStatusCode.Unauthorized);
        detail.ShouldStartWith($"The key “Nightly upload” was revoked on {KeyClient.InDays(0)}.");
        (await company.AuditAsync("api-key.revoked")).ShouldNotBeNull().ShouldContain($"Person|");
        // Once more changes nothing, and is no event.
        await company.RevokeAsync(id);
        (await company.AuditAsync("api-key.revoked"))!.Split('\n').Length.ShouldBe(1);
    }

    [Fact]
    public async Task Expired_IsRefused_AndSaysWhen()
    {
        using var company = await KeyClient.NewTenantAsync(_app);
        var (id, key) = await company.MakeAsync(Permissions.DashboardsRead);
        await _app.OwnerAsync<object>("update api_keys set expires_at = '2026-03-01' where id = $1", id);

        var (status, detail) = await company.MeAsync(key);

        status.ShouldBe(HttpStatusCode.Unauthorized);
        // The last day is the one before the instant at which it ended.
        detail.ShouldStartWith("The key “Nightly upload” expired on 2026-02-28.");
    }

    [Fact]
    public async Task Refused_IsAuditedOnceAMinute_WithTheAddress()
    {
        using var company = await KeyClient.NewTenantAsync(_app);
        var (id, key) = await company.MakeAsync(Permissions.DashboardsRead);
        await company.RevokeAsync(id);

        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => company.MeAsync(key)));
        (await company.AuditAsync("api-key.refused")).ShouldBe(
            $$"""ApiKey|{{id}}|Nightly upload|127.0.0.1|api-key/{{id}}|{"name": "Nightly upload", "prefix": "{{key[4..12]}}", "reason": "revoked"}""");

        await _app.OwnerAsync<object>("update api_keys set refused_at = now() - interval '61 seconds' where id = $1", id);
        await company.MeAsync(key);
        (await company.AuditAsync("api-key.refused"))!.Split('\n').Length.ShouldBe(2);
    }

    [Fact]
    public async Task Use_IsWrittenDown_AtMostOnceAMinute()
    {
        using var company = await KeyClient.NewTenantAsync(_app);
        var (id, key) = await company.MakeAsync(Permissions.DashboardsRead);

        await company.MeAsync(key);
        await Eventually.BeAsync(
            async () => await _app.OwnerAsync<string>("select last_used_from from api_keys where id = $1", id) == "127.0.0.1", "the use is written down");
        var first = await _app.OwnerAsync<DateTime>("select last_used_at from api_keys where id = $1", id);
        // Said again by the database itself, whatever a node believes: this is the only writer.
        await _app.OwnerAsync<object>("select note_api_key_use($1, '192.0.2.1')", id);
        (await _app.OwnerAsync<DateTime>("select last_used_at from api_keys where id = $1", id)).ShouldBe(first);

        await _app.OwnerAsync<object>("update api_keys set last_used_at = now() - interval '2 minutes' where id = $1", id);
        await company.MeAsync(key);
        await Eventually.BeAsync(
            () => _app.OwnerAsync<bool>("select last_used_at > now() - interval '1 minute' from api_keys where id = $1", id), "the next use is written down");
    }

    [Fact]
    public async Task AnotherOrganizationsKey_DoesNotExist()
    {
        using var company = await KeyClient.NewTenantAsync(_app);
        using var other = await KeyClient.NewTenantAsync(_app);
        var (id, key) = await company.MakeAsync(Permissions.DashboardsRead);

        using var answer = await other.Person.DeleteAsync($"/api/v1/api-keys/{id}", Stop);

        answer.StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await other.Person.GetStringAsync("/api/v1/api-keys", Stop)).ShouldNotContain(key[4..12]);
        (await company.MeAsync(key)).Status.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Key_GoesOnWhenItsMakerLeaves()
    {
        using var company = await KeyClient.NewTenantAsync(_app);
        var (_, key) = await company.MakeAsync(Permissions.DashboardsRead);
        await _app.OwnerAsync<object>("delete from memberships where tenant_id = $1", company.Tenant);
        await _app.OwnerAsync<object>("delete from users where email = $1", company.Email);

        (await company.MeAsync(key)).Status.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task ScopeThatTheDatabaseShouldNotHold_IsNotGiven()
    {
        using var company = await KeyClient.NewTenantAsync(_app);
        var (id, key) = await company.MakeAsync(Permissions.DashboardsRead);

        // The table refuses it; with its rule gone, the program does.
        await Should.ThrowAsync<Npgsql.PostgresException>(() => _app.OwnerAsync<object>("update api_keys set scopes = '{administration.write}' where id = $1", id));
        await _app.OwnerAsync<object>("alter table api_keys drop constraint ck_api_keys_scopes");
        await _app.OwnerAsync<object>("update api_keys set scopes = '{administration.write,dashboards.read}' where id = $1", id);
        using var client = company.ClientOf(key);

        (await client.GetAsync("/api/v1/api-keys", Stop)).StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        (await client.GetAsync("/api/v1/emissions", Stop)).StatusCode.ShouldBe(HttpStatusCode.OK);
        await _app.OwnerAsync<object>("update api_keys set scopes = '{dashboards.read}' where id = $1", id);
        await _app.OwnerAsync<object>("alter table api_keys add constraint ck_api_keys_scopes check (not ('administration.write' = any (scopes)))");
    }

    [Fact]
    public async Task EveryEndpoint_OpensForItsScopeAlone()
    {
        using var company = await KeyClient.NewTenantAsync(_app);
        var clients = new Dictionary<string, HttpClient>();
        foreach (var scope in ApiKey.Grantable)
        {
            clients[scope] = company.ClientOf((await company.MakeAsync(scope)).Key);
        }

        var routes = RoutesTests.Needs.Where(need => need.Key.Contains(" /api/", StringComparison.Ordinal) && need.Value != RoutesTests.SignedIn).ToList();
        routes.Count.ShouldBeGreaterThan(15);
        foreach (var (route, need) in routes)
        {
            foreach (var (scope, client) in clients)
            {
                using var answer = await client.SendAsync(RoutesTests.Request(route), Stop);
                if (scope == need)
                {
                    new[] { HttpStatusCode.Unauthorized, HttpStatusCode.Forbidden, HttpStatusCode.InternalServerError }.ShouldNotContain(answer.StatusCode, route);
                }
                else
                {
                    answer.StatusCode.ShouldBe(HttpStatusCode.Forbidden, $"{scope} {route}");
                    (await KeyClient.ReadAsync(answer)).GetProperty("detail").GetString().ShouldNotBeNull()
                        .ShouldContain(need == Permissions.AdministrationWrite ? "No key can be given it" : need);
                }
            }
        }
    }

    [Fact]
    public async Task PagesAndTheirScripts_IgnoreKeys()
    {
        using var company = await KeyClient.NewTenantAsync(_app);
        using var client = company.ClientOf((await company.MakeAsync([.. ApiKey.Grantable])).Key);

        foreach (var (route, _) in RoutesTests.Needs.Where(need => !need.Key.Contains(" /api/", StringComparison.Ordinal)))
        {
            using var answer = await client.SendAsync(RoutesTests.Request(route), Stop);
            answer.StatusCode.ShouldBe(route.Contains(" /app/", StringComparison.Ordinal) ? HttpStatusCode.Unauthorized : HttpStatusCode.Redirect, route);
        }
    }

    [Fact]
    public async Task Cookie_BesideAKey_DoesNotCount()
    {
        using var company = await KeyClient.NewTenantAsync(_app);
        var (_, key) = await company.MakeAsync(Permissions.DashboardsRead);
        using var browser = await Browser.SignedInAsync(_app, company.Email);

        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/v1/api-keys");
        request.Headers.Add("X-Api-Key", key);
        using var answer = await browser.SendAsync(request);

        answer.StatusCode.ShouldBe(HttpStatusCode.Forbidden);
    }

    [Theory]
    [InlineData(TenantRole.Viewer)]
    [InlineData(TenantRole.ComplianceManager)]
    public async Task Person_WhoIsNoAdministrator_SeesAndMakesNone(TenantRole role)
    {
        using var company = await KeyClient.NewTenantAsync(_app, role);

        (await company.Person.GetAsync("/api/v1/api-keys", Stop)).StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        using var answer = await company.TryMakeAsync(new { name = "x", scopes = new[] { Permissions.DashboardsRead }, expiresOn = KeyClient.InDays(30) });
        answer.StatusCode.ShouldBe(HttpStatusCode.Forbidden);
    }

    [Fact]
    public async Task Import_ByAKey_NamesTheKeyEverywhere_AndOtherKeysDoNotSeeTheJob()
    {
        using var company = await KeyClient.NewTenantAsync(_app);
        var (id, key) = await company.MakeAsync(Permissions.ActivityDataRead, Permissions.ActivityDataWrite);
        var (_, another) = await company.MakeAsync(Permissions.ActivityDataRead);
        using var client = new ImportClient(company.ClientOf(key), new Ledger(_app.ConnectionString, company.Tenant));

        var import = await client.ImportAsync(TestBill.File(TestBill.Line("1"), TestBill.Line("2")));

        import.GetProperty("createdBy").GetString().ShouldBe("Nightly upload");
        var jobs = await client.GetAsync("/api/v1/jobs");
        jobs.GetProperty("items").EnumerateArray().Single().GetProperty("createdBy").GetString().ShouldBe("Nightly upload");
        using var stranger = company.ClientOf(another);
        (await stranger.GetStringAsync("/api/v1/jobs", Stop)).ShouldContain("\"items\":[]");
        (await company.Person.GetStringAsync("/api/v1/jobs", Stop)).ShouldContain("Nightly upload");
        (await company.AuditAsync("import.queued")).ShouldNotBeNull().ShouldStartWith($"ApiKey|{id}|Nightly upload|127.0.0.1|");
    }

    [Fact]
    public async Task Upload_WhoseKeyIsRevokedMeanwhile_StoresNothing()
    {
        using var company = await KeyClient.NewTenantAsync(_app);
        var (id, key) = await company.MakeAsync(Permissions.ActivityDataWrite);
        using var client = company.ClientOf(key);
        using var content = new MultipartFormDataContent { { new StringContent("aws-cur"), "kind" } };
        content.Add(new StreamContent(new HeldStream(TestBill.File(TestBill.Line("1"), TestBill.Line("2")), () => company.RevokeAsync(id))), "file", "bill.csv");

        using var answer = await client.PostAsync("/api/v1/imports", content, Stop);

        answer.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        (await KeyClient.ReadAsync(answer)).GetProperty("detail").GetString().ShouldNotBeNull().ShouldContain("revoked or expired while");
        (await _app.OwnerAsync<long>("select count(*) from imports where tenant_id = $1", company.Tenant)).ShouldBe(0);
    }

    [Fact]
    public async Task Secret_IsInNoLineOfTheLog()
    {
        await using var app = await TestApp.StartAsync(postgres, "--Logging:LogLevel:Default=Trace");
        var log = new LogLines();
        app.App.Services.GetRequiredService<ILoggerFactory>().AddProvider(log);
        using var company = await KeyClient.NewTenantAsync(app);
        var (id, key) = await company.MakeAsync(Permissions.DashboardsRead);
        await company.MeAsync(key);
        await company.MeAsync(key[..^1] + "z");
        await company.RevokeAsync(id);
        await company.MeAsync(key);

        var secret = key[13..40];
        log.Lines.ShouldContain(line => line.Contains("The key is refused", StringComparison.Ordinal));
        log.Lines.ShouldNotContain(line => line.Contains(secret, StringComparison.Ordinal));
    }

    /// <summary>Gives its bytes in two halves, and does something between them.</summary>
    private sealed class HeldStream(byte[] content, Func<Task> between) : MemoryStream(content)
    {
        private bool _done;

        public override async Task CopyToAsync(Stream destination, int bufferSize, CancellationToken cancellationToken)
        {
            var bytes = ToArray();
            var half = bytes.Length / 2;
            await destination.WriteAsync(bytes.AsMemory(0, half), cancellationToken);
            await destination.FlushAsync(cancellationToken);
            if (!_done)
            {
                _done = true;
                await between();
            }

            await destination.WriteAsync(bytes.AsMemory(half), cancellationToken);
        }
    }
}
