using System.Net;
using System.Net.Http.Json;
using System.Reflection;
using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.SignalR;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.JSInterop;
using OffGridFlow.Core.Identity;
using OffGridFlow.Infrastructure.Identity;
using OffGridFlow.Tests.Imports;
using OffGridFlow.Tests.Imports.Sheets;
using OffGridFlow.Tests.Persistence;

namespace OffGridFlow.Tests.Identity;

/// <summary>Two organizations with the same kinds of objects, and one person of the first whose role the tests choose.</summary>
public sealed class MatrixWorld(PostgresFixture postgres) : IAsyncLifetime
{
    public const string Email = "person@matrix.example";

    public TestApp App { get; private set; } = null!;

    public Guid Own { get; private set; }

    public Guid Foreign { get; private set; }

    public async ValueTask InitializeAsync()
    {
        App = await TestApp.StartAsync(postgres);
        Own = await FillAsync(Email, "own", "111122223333");
        Foreign = await FillAsync("stranger@matrix.example", "stranger", "444455556666");
    }

    public ValueTask DisposeAsync() => App.DisposeAsync();

    private async Task<Guid> FillAsync(string email, string name, string account)
    {
        var tenant = await App.AddTenantAsync($"The {name} company", email);
        var http = await App.SignInAsync(email);
        using var client = new ImportClient(http, new Ledger(App.ConnectionString, tenant));
        var bad = TestBill.Line(name + "-bad", cost: "rejected-" + name, account: account);
        await client.ImportAsync(TestBill.File(TestBill.Line(name + "-1", "0.107", account), TestBill.Line(name + "-2", "0.214", account), bad), name + "-bill.csv");
        using var invited = await http.PostAsJsonAsync("/api/v1/invitations", new { email = $"invited@{name}.example", role = "viewer" }, TestContext.Current.CancellationToken);
        invited.EnsureSuccessStatusCode();
        var key = new { name = name + "-key", scopes = new[] { Permissions.DashboardsRead }, expiresOn = DateOnly.FromDateTime(TimeProvider.System.GetUtcNow().UtcDateTime.AddDays(9)) };
        using var made = await http.PostAsJsonAsync("/api/v1/api-keys", key, TestContext.Current.CancellationToken);
        made.EnsureSuccessStatusCode();
        var factor = new { activity = "electricity", unit = "kWh", co2e = 0.2, region = "DE", validFrom = "2025-01-01", validTo = "2025-12-31", supply = "Supplier" };
        var set = new { title = $"Rates of {name}", publisher = name, source = "Contract", license = "Contract", factors = new[] { factor } };
        using var loaded = await http.PostAsJsonAsync("/api/v1/factor-sets", set, TestContext.Current.CancellationToken);
        loaded.EnsureSuccessStatusCode();
        var entity = await MakeAsync(http, "organizations", new { name = name + " entity", country = "DE" });
        var subsidiary = await MakeAsync(http, "organizations", new { name = name + " subsidiary", country = "DE" });
        await MakeAsync(http, "ownerships", new { parentId = entity, childId = subsidiary, share = 0.6m });
        var site = await MakeAsync(http, "sites", new { organizationId = entity, name = name + " site", country = "DE" });
        var period = await MakeAsync(http, "reporting-periods", new { name = name + " year", firstDay = "2026-01-01", lastDay = "2026-12-31" });
        var audited = await MakeAsync(http, "reporting-periods", new { name = name + " audited year", firstDay = "2025-01-01", lastDay = "2025-12-31" });
        await MakeAsync(http, "assurance/findings", new { periodId = audited, kind = "control", title = name + "-finding", observation = name, notQuantified = name });
        var target = await MakeAsync(http, "targets", new { name = name + " target", scopes = new[] { 1 }, basePeriodId = period, targetYear = 2030, reduction = 0.42m });
        await MakeAsync(http, "scenarios", new { name = name + " scenario", targetId = target, startPeriodId = period });
        await MakeAsync(http, "instruments", new { kind = "greenTariff", name = name + " tariff", firstDay = "2026-01-01", lastDay = "2026-12-31", siteIds = new[] { site }, kgCo2ePerKwh = 0 });
        await MakeAsync(http, "collection-plan", new { siteId = site, activityType = "natural-gas", firstDay = "2025-01-01", note = name + "-plan" });
        await MakeAsync(http, "account-maps", new { vendor = name + " power", isCountedPhysically = true, reason = "By meter" });
        using var entered = await http.PostAsJsonAsync(
            "/api/v1/activities", new { siteId = site, activityType = "natural-gas", quantity = 1, unit = "kWh (Gross CV)", from = "2025-01-01", to = "2025-01-31", note = name + "-note" },
            TestContext.Current.CancellationToken);
        entered.EnsureSuccessStatusCode();
        var entry = (await entered.Content.ReadFromJsonAsync<System.Text.Json.JsonElement>(TestContext.Current.CancellationToken)).GetProperty("id").GetGuid();
        var counted = await MakeAsync(http, "activities", new { siteId = site, activityType = "natural-gas", quantity = 2, unit = "kWh (Gross CV)", from = "2025-06-01", to = "2025-06-30" });
        using var submitted = await http.PostAsJsonAsync($"/api/v1/activities/{counted}/submit", new { }, TestContext.Current.CancellationToken);
        submitted.EnsureSuccessStatusCode();
        await MakeAsync(http, "assurance/samples", new { periodId = audited, method = "all", purpose = name + "-sample" });
        var run = await MakeAsync(http, "calculation-runs", new { title = name + "-run" });
        await Eventually.BeAsync(
            async () => (await http.GetFromJsonAsync<System.Text.Json.JsonElement>("/api/v1/calculation-runs/" + run, TestContext.Current.CancellationToken)).GetProperty("state").GetString() == "proposed",
            "the difference of a run");
        using var attached = await ActivityData.EntryClient.AttachAsync(http, entry, name + "-invoice.pdf", Encoding.UTF8.GetBytes(name + " invoice"));
        attached.EnsureSuccessStatusCode();
        await SheetUploads.OpenAsync(App, email, name + "-meters.csv", "Site,Activity type,From,To,Quantity,Unit", $"{name} site,Natural gas,2025-02-01,2025-02-28,5,kWh (Gross CV)");
        return tenant;
    }

    private static async Task<string> MakeAsync(HttpClient http, string path, object body)
    {
        using var answer = await http.PostAsJsonAsync("/api/v1/" + path, body, TestContext.Current.CancellationToken);
        answer.EnsureSuccessStatusCode();
        return (await answer.Content.ReadFromJsonAsync<System.Text.Json.JsonElement>(TestContext.Current.CancellationToken)).GetProperty("id").GetString()!;
    }
}

/// <summary>
/// Every route, page, hub method and script call, for every role and for nobody, with the ids of another organization. What is
/// registered is what is asked, so that something new is asked too, or fails until a table here says what it is.
/// </summary>
public sealed partial class AccessMatrixTests(MatrixWorld world) : IClassFixture<MatrixWorld>
{
    /// <summary>
    /// Whose id belongs into a parameter of a route, by the folder before it: SQL for one of the tenant <c>$1</c>. Null: nobody's.
    /// A new route with a parameter takes one line here.
    /// </summary>
    private static readonly Dictionary<string, string?> Objects = new()
    {
        ["imports/{id}"] = "select id from imports where tenant_id = $1 limit 1",
        ["activity/{id}"] = "select id from sheet_drafts where tenant_id = $1 limit 1",
        ["emissions/{id}"] = "select e.id from emission_records e join emission_intervals i on i.activity_id = e.activity_id and i.proposal_id is not distinct from e.proposal_id where e.tenant_id = $1 and i.to_sequence is null limit 1",
        ["trail/{documentId}"] = "select id from source_documents where tenant_id = $1 limit 1",
        ["jobs/{id}"] = "select id from job_runs where tenant_id = $1 limit 1",
        ["users/{id}"] = "select user_id from memberships where tenant_id = $1 limit 1",
        ["invitations/{id}"] = "select id from invitations where tenant_id = $1 limit 1",
        ["api-keys/{id}"] = "select id from api_keys where tenant_id = $1 limit 1",
        ["activities/{id}"] = "select id from activity_entries where tenant_id = $1 limit 1",
        ["documents/{documentId}"] = "select document_id from activity_entry_documents where tenant_id = $1 limit 1",
        ["factors/{id}"] = "select key from emission_factors where tenant_id = $1 limit 1",
        ["calculation-runs/{id}"] = "select id from calculation_runs where tenant_id = $1 limit 1",
        ["runs/{id}"] = "select id from calculation_runs where tenant_id = $1 limit 1",
        ["factor-sets/{id}"] = "select key from factor_sets where tenant_id = $1 limit 1",
        ["organizations/{id}"] = "select id from organizations where tenant_id = $1 limit 1",
        ["sites/{id}"] = "select id from sites where tenant_id = $1 limit 1",
        ["ownerships/{id}"] = "select id from ownerships where tenant_id = $1 limit 1",
        ["targets/{id}"] = "select id from targets where tenant_id = $1 limit 1",
        ["scenarios/{id}"] = "select id from scenarios where tenant_id = $1 limit 1",
        ["reporting-periods/{id}"] = "select id from reporting_periods where tenant_id = $1 limit 1",
        ["lock/{id}"] = "select id from reporting_periods where tenant_id = $1 limit 1",
        ["collection-plan/{id}"] = "select id from planned_sources where tenant_id = $1 limit 1",
        ["completeness/{id}"] = "select id from planned_sources where tenant_id = $1 limit 1",
        ["account-maps/{id}"] = "select id from account_maps where tenant_id = $1 limit 1",
        ["samples/{id}"] = "select id from assurance_samples where tenant_id = $1 limit 1",
        ["findings/{id}"] = "select id from assurance_findings where tenant_id = $1 limit 1",
        ["instruments/{id}"] = "select id from contractual_instruments where tenant_id = $1 limit 1",
        // A secret, not an id: what it leads to is nobody's until it is shown.
        ["invitation/{token}"] = null,
        ["reset/{token}"] = null,
        ["openapi/{documentName}"] = null,
    };

    /// <summary>Parameters of a page's address that name an object, with the table's line above that says which.</summary>
    private static readonly Dictionary<string, string> InAddress = new() { ["/emissions?trail="] = "emissions/{id}", ["/activities?entry="] = "activities/{id}", ["/assurance?period="] = "reporting-periods/{id}", ["/factors?factor="] = "factors/{id}" };

    /// <summary>What a browser may call on a hub, and why it may.</summary>
    private static readonly Dictionary<string, string> HubMethods = new()
    {
        ["ComponentHub.StartCircuit"] = "opens a circuit for the connection's own session; shows what the router lets that person see",
        ["ComponentHub.UpdateRootComponents"] = "adds components by markers that the server has signed",
        ["ComponentHub.ConnectCircuit"] = "comes back to a circuit by its signed secret",
        ["ComponentHub.ResumeCircuit"] = "the same for a circuit that was put aside, by its signed secret",
        ["ComponentHub.PauseCircuit"] = "puts the connection's own circuit aside",
        ["ComponentHub.BeginInvokeDotNetFromJS"] = "an event of an element that the circuit has shown, or a method marked JSInvokable, all of which stand below",
        ["ComponentHub.EndInvokeJSFromDotNet"] = "the answer to a call of the connection's own circuit",
        ["ComponentHub.ReceiveByteArray"] = "bytes for such a call",
        ["ComponentHub.ReceiveJSDataChunk"] = "a stream that the circuit itself asked for",
        ["ComponentHub.SendDotNetStreamToJS"] = "a stream that the circuit itself offered",
        ["ComponentHub.OnRenderCompleted"] = "says that a batch was shown",
        ["ComponentHub.OnLocationChanged"] = "goes to another address of the router, which asks for the page's permission",
        ["ComponentHub.OnLocationChanging"] = "asks the circuit whether it may leave the page",
    };

    /// <summary>Methods of a component that its own script calls, with the permission of the pages that show it.</summary>
    private static readonly Dictionary<string, string> ScriptCalls = new()
    {
        ["DropZone.OnStart"] = Permissions.ActivityDataWrite,
        ["DropZone.OnProgress"] = Permissions.ActivityDataWrite,
        ["DropZone.OnAnswer"] = Permissions.ActivityDataWrite,
        ["EntryDocuments.OnStart"] = Permissions.ActivityDataWrite,
        ["EntryDocuments.OnProgress"] = Permissions.ActivityDataWrite,
        ["EntryDocuments.OnAnswer"] = Permissions.ActivityDataWrite,
        ["EntryDrawer.OnKey"] = Permissions.ActivityDataRead,
        ["TrailDrawer.OnKey"] = Permissions.TrailsRead,
        ["FactorDrawer.OnKey"] = Permissions.CalculationsRead,
        ["MoneyUpload.OnStart"] = Permissions.CalculationsPropose,
        ["MoneyUpload.OnProgress"] = Permissions.CalculationsPropose,
        ["MoneyUpload.OnAnswer"] = Permissions.CalculationsPropose,
        ["OwnFactorAdd.OnStart"] = Permissions.CalculationsPropose,
        ["OwnFactorAdd.OnProgress"] = Permissions.CalculationsPropose,
        ["OwnFactorAdd.OnAnswer"] = Permissions.CalculationsPropose,
    };

    private static readonly TenantRole[] Roles = Enum.GetValues<TenantRole>();

    private readonly TestApp _app = world.App;

    [Fact]
    public void EveryParameter_StandsInTheTable()
    {
        var used = Routes().SelectMany(route => KeysOf(Split(route).Pattern)).Distinct().ToList();

        used.Except(Objects.Keys).ShouldBeEmpty("Say in AccessMatrixTests whose id belongs there.");
        Objects.Keys.Except(used).ShouldBeEmpty("These parameters are gone.");
    }

    [Fact]
    public async Task ForeignId_InAnyPlace_ForAnyRole_IsAnsweredAsAnUnknownOne()
    {
        using var api = await _app.SignInAsync(MatrixWorld.Email);
        using var browser = await Browser.SignedInAsync(_app, MatrixWorld.Email);
        using var nobody = _app.CreateClient();
        var asked = 0;
        try
        {
            foreach (var role in Roles)
            {
                await _app.SetRoleAsync(MatrixWorld.Email, role);
                foreach (var (route, need) in RoutesTests.Needs.Where(need => KeysOf(Split(need.Key).Pattern).Count > 0))
                {
                    foreach (var (foreign, unknown, ids) in await PathsAsync(Split(route).Pattern))
                    {
                        var theirs = await AskAsync(route, foreign, api, browser, ids);
                        var made = await AskAsync(route, unknown, api, browser, ids);

                        theirs.ShouldBe(made, $"{role} {route}");
                        Says(theirs, "stranger").ShouldBeFalse($"{role} {route}");
                        theirs.Status.ShouldBeOneOf(Expected(route, RoutesTests.Holders[need].Contains(role)));
                        (await AskAsync(route, foreign, nobody, null, ids)).ShouldBe(await AskAsync(route, unknown, nobody, null, ids), $"nobody {route}");
                        asked++;
                    }
                }

                foreach (var (address, key) in InAddress)
                {
                    var (id, unknown) = (await IdAsync(key, world.Foreign), Guid.CreateVersion7().ToString());
                    var theirs = await AskAsync("GET " + address, address + id, api, browser, [id, unknown]);
                    theirs.ShouldBe(await AskAsync("GET " + address, address + unknown, api, browser, [id, unknown]), $"{role} {address}");
                    Says(theirs, "stranger").ShouldBeFalse($"{role} {address}");
                }
            }
        }
        finally
        {
            await _app.SetRoleAsync(MatrixWorld.Email, TenantRole.Admin);
        }

        asked.ShouldBeGreaterThan(Roles.Length * 9);
        var theirLedger = new Ledger(_app.ConnectionString, world.Foreign);
        (await theirLedger.TextsAsync("select status from imports where tenant_id = $1")).ShouldBe(["CompletedWithErrors"]);
        (await theirLedger.TextsAsync("select state from job_runs where tenant_id = $1")).ShouldBe(["Succeeded", "Succeeded"]);
    }

    [Fact]
    public async Task OwnId_InEachPlace_IsNotAnsweredAsAnUnknownOne()
    {
        using var api = await _app.SignInAsync(MatrixWorld.Email);

        // Else the comparison above would hold whatever the product did.
        foreach (var path in new[] { $"/api/v1/imports/{await IdAsync("imports/{id}", world.Own)}", $"/api/v1/jobs/{await IdAsync("jobs/{id}", world.Own)}", $"/api/v1/emissions/{await IdAsync("emissions/{id}", world.Own)}/trail" })
        {
            (await AskAsync("GET " + path, path, api, null, [])).Status.ShouldBe(HttpStatusCode.OK, path);
        }
    }

    [Fact]
    public void EveryPage_AsksForWhatTheTableSays_ByItsOwnAttribute()
    {
        // The router of a circuit, where no request comes along, reads the attribute.
        var pages = typeof(OffGridFlow.Web.App).Assembly.GetTypes().SelectMany(type => type.GetCustomAttributes<RouteAttribute>().Select(route => (Type: type, Route: "GET " + route.Template))).ToList();
        pages.Count.ShouldBeGreaterThan(8);
        foreach (var (type, route) in pages)
        {
            var asked = type.GetCustomAttributes<AuthorizeAttribute>(inherit: true).Select(attribute => attribute.Policy ?? RoutesTests.SignedIn).ToList();
            if (RoutesTests.Open.Contains(route))
            {
                asked.ShouldBeEmpty(type.Name);
            }
            else
            {
                type.GetCustomAttribute<AllowAnonymousAttribute>().ShouldBeNull(type.Name);
                asked.ShouldBe([RoutesTests.Needs[route]], type.Name);
            }
        }
    }

    [Fact]
    public async Task EveryPage_ForARoleWithoutItsPermission_IsTheDeniedPage()
    {
        using var browser = await Browser.SignedInAsync(_app, MatrixWorld.Email);
        var ownImport = await IdAsync("imports/{id}", world.Own);
        try
        {
            foreach (var role in Roles)
            {
                foreach (var (route, need) in RoutesTests.Needs.Where(need => IsPage(need.Key) && !RoutesTests.Holders[need.Value].Contains(role)))
                {
                    var path = PlaceholderId().Replace(Split(route).Pattern, ownImport);
                    await _app.SetRoleAsync(MatrixWorld.Email, TenantRole.Admin);
                    using var open = await browser.GetAsync(path);
                    var title = Title().Match(await ReadAsync(open)).Groups[1].Value;
                    await _app.SetRoleAsync(MatrixWorld.Email, role);

                    using var answer = await browser.GetAsync(path);
                    answer.StatusCode.ShouldBe(HttpStatusCode.Redirect, $"{role} {route}");
                    (await ReadAsync(answer)).ShouldBeEmpty($"{role} {route}");
                    answer.Headers.Location!.ToString().ShouldContain("/account/denied");
                    using var denied = await browser.GetAsync(answer.Headers.Location.PathAndQuery);
                    var html = await ReadAsync(denied);
                    Title().Match(html).Groups[1].Value.ShouldStartWith("No access");
                    title.ShouldNotStartWith("No access");
                    html.ShouldNotContain("own-bill.csv");
                }
            }
        }
        finally
        {
            await _app.SetRoleAsync(MatrixWorld.Email, TenantRole.Admin);
        }
    }

    [Fact]
    public void EveryHubMethod_StandsInTheTable()
    {
        var hubs = Endpoints().Select(endpoint => endpoint.Metadata.GetMetadata<HubMetadata>()?.HubType).OfType<Type>().Distinct().ToList();
        var methods = hubs.SelectMany(hub => hub.GetMethods(BindingFlags.Public | BindingFlags.Instance | BindingFlags.DeclaredOnly)
            .Where(method => !method.IsSpecialName && method.GetBaseDefinition() == method).Select(method => $"{hub.Name}.{method.Name}")).ToList();

        methods.ShouldNotBeEmpty();
        methods.Except(HubMethods.Keys).ShouldBeEmpty("Say in AccessMatrixTests why a browser may call this.");
        HubMethods.Keys.Except(methods).ShouldBeEmpty("These are gone.");
    }

    [Fact]
    public void EveryScriptCall_StandsInTheTable()
    {
        var assemblies = new[] { typeof(Actor).Assembly, typeof(SessionStore).Assembly, typeof(OffGridFlow.Web.App).Assembly };
        var types = assemblies.SelectMany(assembly => assembly.GetTypes()).ToList();
        List<MethodInfo> Calls(Type type, BindingFlags which) =>
            [.. type.GetMethods(BindingFlags.Public | BindingFlags.NonPublic | which).Where(method => method.GetCustomAttribute<JSInvokableAttribute>() is not null)];

        // A static one can be called by every circuit, even of nobody.
        types.SelectMany(type => Calls(type, BindingFlags.Static | BindingFlags.DeclaredOnly)).ShouldBeEmpty();
        // Of each component, also what it has from a base class.
        types.Where(type => !type.IsAbstract).SelectMany(type => Calls(type, BindingFlags.Instance).Select(call => $"{type.Name}.{call.Name}")).ShouldBe(ScriptCalls.Keys, ignoreOrder: true);
        ScriptCalls.Values.Except(Permissions.All).ShouldBeEmpty();
    }

    [Fact]
    public async Task Session_OfAnotherKind_EndedOrExpired_IsNobody()
    {
        var sessions = _app.App.Services.GetRequiredService<SessionStore>();
        var person = await _app.OwnerAsync<Guid>("select id from users where email = $1", MatrixWorld.Email);
        var cancellation = TestContext.Current.CancellationToken;
        var cookieKey = await sessions.CreateCookieAsync(person, world.Own, null, cancellation);
        var good = await sessions.CreateBearerAsync(person, world.Own, cancellation);
        var expired = await sessions.CreateBearerAsync(person, world.Own, cancellation);
        await _app.OwnerAsync<object>("update sessions set expires_at = now() - interval '1 second' where key_hash = sha256(convert_to($1, 'utf8'))", expired.AccessToken);
        var ended = await sessions.CreateBearerAsync(person, world.Own, cancellation);
        await _app.OwnerAsync<object>("update sessions set ended_at = now() where key_hash = sha256(convert_to($1, 'utf8'))", ended.AccessToken);
        using var browser = await Browser.SignedInAsync(_app, MatrixWorld.Email);
        var ticket = browser.SessionCookie!;

        (await MeAsync("Bearer " + good.AccessToken)).ShouldBe(HttpStatusCode.OK);
        foreach (var token in new[] { cookieKey, ticket, good.RefreshToken, expired.AccessToken, ended.AccessToken, good.AccessToken + "A", good.AccessToken[..^1], "" })
        {
            (await MeAsync("Bearer " + token)).ShouldBe(HttpStatusCode.Unauthorized, token);
        }

        (await MeAsync("Basic " + Convert.ToBase64String(Encoding.UTF8.GetBytes(MatrixWorld.Email + ":" + TestApp.AdminPassword)))).ShouldBe(HttpStatusCode.Unauthorized);
        foreach (var cookie in new[] { good.AccessToken, cookieKey, ticket[..^4], "" })
        {
            using var stranger = new Browser(_app);
            stranger.UseSessionCookie(cookie);
            using var answer = await stranger.GetAsync("/imports");
            answer.StatusCode.ShouldBe(HttpStatusCode.Redirect, cookie);
            answer.Headers.Location!.ToString().ShouldContain("/account/sign-in");
        }

        // The API takes no cookie, and pages take no token.
        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/v1/auth/me");
        using var own = await browser.SendAsync(request);
        own.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        using var api = await _app.SignInAsync(MatrixWorld.Email);
        using var page = await api.GetAsync("/imports", cancellation);
        page.StatusCode.ShouldBe(HttpStatusCode.Redirect);
    }

    [Fact]
    public async Task Nobody_GetsNothing_ByOtherMethodsAndSpellings()
    {
        using var nobody = _app.CreateClient();
        foreach (var route in RoutesTests.Needs.Keys)
        {
            var path = PlaceholderId().Replace(Split(route).Pattern, await IdAsync("imports/{id}", world.Own));
            foreach (var method in new[] { "HEAD", "OPTIONS", "PUT", "PATCH", "DELETE", "TRACE", "POST", "GET", "PURGE" })
            {
                (await StatusAsync(nobody, method, path)).ShouldBeOneOf(Refusals, $"{method} {path}");
                (await StatusAsync(nobody, "POST", path, ("X-HTTP-Method-Override", method))).ShouldBeOneOf(Refusals, $"POST as {method} {path}");
            }

            foreach (var trick in Tricks(path))
            {
                (await StatusAsync(nobody, "GET", trick)).ShouldBeOneOf(Refusals, trick);
            }
        }
    }

    [Fact]
    public async Task Viewer_GetsNothingMore_ByOtherMethodsAndSpellings()
    {
        using var api = await _app.SignInAsync(MatrixWorld.Email);
        await _app.SetRoleAsync(MatrixWorld.Email, TenantRole.Viewer);
        try
        {
            foreach (var (route, _) in RoutesTests.Needs.Where(need => need.Key.StartsWith("GET /api/", StringComparison.Ordinal) && !RoutesTests.Holders[need.Value].Contains(TenantRole.Viewer)))
            {
                var path = PlaceholderId().Replace(Split(route).Pattern, await IdAsync("imports/{id}", world.Own));
                foreach (var trick in Tricks(path))
                {
                    (await StatusAsync(api, "GET", trick)).ShouldBeOneOf(Refusals, trick);
                }

                (await StatusAsync(api, "HEAD", path)).ShouldBeOneOf(Refusals, path);
                (await StatusAsync(api, "GET", path, ("X-Original-URL", "/api/v1/emissions"))).ShouldBe(HttpStatusCode.Forbidden, path);
            }
        }
        finally
        {
            await _app.SetRoleAsync(MatrixWorld.Email, TenantRole.Admin);
        }
    }

    [Fact]
    public async Task Tenant_NamedByTheCaller_ChangesNothing()
    {
        using var api = await _app.SignInAsync(MatrixWorld.Email);
        var own = await AskAsync("GET", "/api/v1/imports", api, null, []);
        own.Body.ShouldContain("own-bill.csv");

        foreach (var query in new[] { "tenantId", "tenant_id", "tenant", "organizationId", "X-Tenant-Id" })
        {
            (await AskAsync("GET", $"/api/v1/imports?{query}={world.Foreign}", api, null, [])).ShouldBe(own, query);
            api.DefaultRequestHeaders.TryAddWithoutValidation(query, world.Foreign.ToString());
        }

        (await AskAsync("GET", "/api/v1/imports", api, null, [])).ShouldBe(own);
        using var body = new HttpRequestMessage(HttpMethod.Get, "/api/v1/imports") { Content = new StringContent($$"""{"tenantId":"{{world.Foreign}}"}""", Encoding.UTF8, "application/json") };
        using var answer = await api.SendAsync(body, TestContext.Current.CancellationToken);
        (await ReadAsync(answer)).ShouldNotContain("stranger");
    }

    private static readonly HttpStatusCode[] Refusals =
    [
        HttpStatusCode.Unauthorized, HttpStatusCode.Forbidden, HttpStatusCode.NotFound, HttpStatusCode.MethodNotAllowed, HttpStatusCode.BadRequest,
        // To the page for signing in.
        HttpStatusCode.Redirect,
    ];

    /// <summary>Other spellings of a path that something in front of the check might read otherwise than what comes behind it.</summary>
    private static IEnumerable<string> Tricks(string path) =>
    [
        "/" + path, path + "/", path + ".", path + "%2f", path + "%2e", path + ";x=1", path + "%00", path + "?x=1", path.ToUpperInvariant(), "/x/%2e%2e" + path,
        "/api/v1/%2e%2e/%2e%2e" + path, "/api/v1/..%2f.." + path, "/account/denied/%2e%2e/%2e%2e" + path, "/_framework/%2e%2e" + path, "/health/..%5c.." + path, path.Replace("/", "//", StringComparison.Ordinal),
        path.Replace("/api", "/%61pi", StringComparison.Ordinal),
    ];

    private async Task<HttpStatusCode> MeAsync(string authorization)
    {
        using var client = _app.CreateClient();
        client.DefaultRequestHeaders.TryAddWithoutValidation("Authorization", authorization);
        return await StatusAsync(client, "GET", "/api/v1/auth/me");
    }

    private static async Task<HttpStatusCode> StatusAsync(HttpClient client, string method, string path, params (string Name, string Value)[] headers)
    {
        // The path as it stands: a URI of .NET would straighten it before it is sent.
        using var request = new HttpRequestMessage(new HttpMethod(method), new Uri(client.BaseAddress!.GetLeftPart(UriPartial.Authority) + path, new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true }));
        foreach (var (name, value) in headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        using var answer = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, TestContext.Current.CancellationToken);
        return answer.StatusCode;
    }

    private static HttpStatusCode[] Expected(string route, bool allowed) => (allowed, IsPage(route)) switch
    {
        (false, true) => [HttpStatusCode.Redirect],
        (false, false) => [HttpStatusCode.Forbidden],
        // A page says in its text that there is nothing.
        (true, true) => [HttpStatusCode.OK, HttpStatusCode.NotFound],
        (true, false) => [HttpStatusCode.NotFound],
    };

    /// <summary>Pairs of paths: with another's id in one place or all, own ones in the rest, and with an unknown id instead.</summary>
    private async Task<List<(string Foreign, string Unknown, string[] Ids)>> PathsAsync(string pattern)
    {
        var keys = KeysOf(pattern);
        var paths = new List<(string, string, string[])>();
        for (var place = 0; place <= keys.Count; place++)
        {
            if (place == keys.Count && keys.Count == 1)
            {
                break;
            }

            var (foreign, unknown, ids) = (pattern, pattern, new List<string>());
            for (var at = 0; at < keys.Count; at++)
            {
                var other = at == place || place == keys.Count;
                var id = await IdAsync(keys[at], other ? world.Foreign : world.Own);
                var made = other ? Guid.CreateVersion7().ToString() : id;
                (foreign, unknown) = (Parameter().Replace(foreign, "$1/" + id, 1), Parameter().Replace(unknown, "$1/" + made, 1));
                ids.AddRange([id, made]);
            }

            paths.Add((foreign, unknown, [.. ids]));
        }

        return paths;
    }

    private async Task<string> IdAsync(string key, Guid tenant)
    {
        var id = await _app.OwnerAsync<Guid>(Objects[key]!, tenant);
        id.ShouldNotBe(Guid.Empty, $"{key}: the world of this test has none; make one in MatrixWorld.");
        return id.ToString();
    }

    private sealed record Answer(HttpStatusCode Status, string Body);

    private static bool Says(Answer answer, string mark) => answer.Body.Contains(mark, StringComparison.OrdinalIgnoreCase);

    /// <param name="ids">Ids of the request, which an answer may repeat.</param>
    private static async Task<Answer> AskAsync(string route, string path, HttpClient api, Browser? browser, string[] ids)
    {
        using var request = new HttpRequestMessage(new HttpMethod(route.Split(' ')[0]), path);
        if (request.Method == HttpMethod.Post || request.Method == HttpMethod.Put || request.Method == HttpMethod.Patch)
        {
            // What a change of a person holds, so that the answer is about the id and not about what is missing.
            request.Content = new StringContent(request.Method == HttpMethod.Put ? """{"role":"viewer","state":"active"}""" : "{}", Encoding.UTF8, "application/json");
        }

        request.Headers.TryAddWithoutValidation("If-Match", "\"1\"");

        using var answer = browser is not null && !path.StartsWith("/api/", StringComparison.Ordinal) ? await browser.SendAsync(request) : await api.SendAsync(request, TestContext.Current.CancellationToken);
        var body = await ReadAsync(answer);
        body = answer.Content.Headers.ContentType?.MediaType switch
        {
            "application/problem+json" => Plain(body),
            "text/html" => TextOf(body),
            _ => body,
        };
        body += " " + answer.Headers.Location;
        foreach (var id in ids)
        {
            body = body.Replace(id, "ID", StringComparison.OrdinalIgnoreCase);
        }

        return new Answer(answer.StatusCode, body);
    }

    /// <summary>A problem without what each has for itself.</summary>
    private static string Plain(string problem)
    {
        var parts = JsonNode.Parse(problem)!.AsObject();
        parts.Remove("traceId");
        parts.Remove("reference");
        return parts.ToJsonString();
    }

    /// <summary>What a reader sees, without the reference that each failure has for itself.</summary>
    private static string TextOf(string html) => Reference().Replace(Space().Replace(Tag().Replace(Unseen().Replace(html, " "), " "), " "), "REF");

    private static Task<string> ReadAsync(HttpResponseMessage answer) => answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);

    /// <summary>A number counts within what the id before it names: it leads to nobody else's.</summary>
    private static (string Method, string Pattern) Split(string route) => (route.Split(' ')[0], route.Split(' ')[1].Replace("{number}", "1", StringComparison.Ordinal));

    private static bool IsPage(string route) => !route.Contains(" /api/", StringComparison.Ordinal) && !route.Contains(" /app/", StringComparison.Ordinal);

    /// <summary>Folder and name of each parameter: <c>imports/{id}</c>.</summary>
    private static List<string> KeysOf(string pattern) => [.. Parameter().Matches(pattern).Select(match =>
        $"{match.Groups[1].Value}/{{{char.ToLowerInvariant(match.Groups[2].Value[0])}{match.Groups[2].Value[1..]}}}")];

    private static IEnumerable<string> Routes() => RoutesTests.Needs.Keys.Concat(RoutesTests.Open);

    private IEnumerable<Microsoft.AspNetCore.Http.Endpoint> Endpoints() => ((IEndpointRouteBuilder)_app.App).DataSources.SelectMany(source => source.Endpoints);

    [GeneratedRegex(@"([^/]*)/\{([A-Za-z]+)[^}]*\}", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Parameter();

    [GeneratedRegex(@"\{[^}]+\}", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex PlaceholderId();

    [GeneratedRegex("<title>([^<]*)</title>", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Title();

    [GeneratedRegex("<!--.*?-->|<script.*?</script>|<style.*?</style>", RegexOptions.Singleline, matchTimeoutMilliseconds: 5000)]
    private static partial Regex Unseen();

    [GeneratedRegex("<[^>]*>", RegexOptions.None, matchTimeoutMilliseconds: 5000)]
    private static partial Regex Tag();

    [GeneratedRegex(@"\s+", RegexOptions.None, matchTimeoutMilliseconds: 5000)]
    private static partial Regex Space();

    [GeneratedRegex(@"OGF-\w{4}-\w{4}|\b\d{4}-\d{2}-\d{2} \d{2}:\d{2}(:\d{2})?|\b\d{2}:\d{2}:\d{2}\b", RegexOptions.None, matchTimeoutMilliseconds: 5000)]
    private static partial Regex Reference();
}
