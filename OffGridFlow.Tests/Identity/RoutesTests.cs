using System.Net;
using System.Net.Http.Headers;
using System.Text;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.StaticAssets;
using Microsoft.Extensions.DependencyInjection;
using OffGridFlow.Core.Identity;
using OffGridFlow.Infrastructure.Identity;

namespace OffGridFlow.Tests.Identity;

/// <summary>
/// Every route with what it asks for. A new route fails here until it stands in one of the tables: one line in <see cref="Needs"/> or
/// <see cref="Open"/>. If it has a parameter, one line in <see cref="AccessMatrixTests"/> says whose id belongs there.
/// </summary>
public sealed class RoutesTests(SharedApp shared) : IClassFixture<SharedApp>
{
    internal const string SignedIn = "any signed-in person";

    /// <summary>What each route of the API, and of the pages' scripts, needs.</summary>
    internal static readonly Dictionary<string, string> Needs = new()
    {
        ["POST /api/v1/auth/logout"] = SignedIn,
        ["GET /api/v1/auth/me"] = SignedIn,
        ["POST /api/v1/auth/tenant"] = SignedIn,
        ["GET /api/v1/users/"] = Permissions.AdministrationWrite,
        ["GET /api/v1/users/{id:guid}"] = Permissions.AdministrationWrite,
        ["PUT /api/v1/users/{id:guid}"] = Permissions.AdministrationWrite,
        ["DELETE /api/v1/users/{id:guid}"] = Permissions.AdministrationWrite,
        ["POST /api/v1/users/{id:guid}/password-reset"] = Permissions.AdministrationWrite,
        ["GET /api/v1/invitations/"] = Permissions.AdministrationWrite,
        ["POST /api/v1/invitations/"] = Permissions.AdministrationWrite,
        ["POST /api/v1/invitations/{id:guid}/link"] = Permissions.AdministrationWrite,
        ["DELETE /api/v1/invitations/{id:guid}"] = Permissions.AdministrationWrite,
        ["POST /api/v1/imports/"] = Permissions.ActivityDataWrite,
        ["GET /api/v1/imports/"] = Permissions.ActivityDataRead,
        ["GET /api/v1/imports/{id:guid}"] = Permissions.ActivityDataRead,
        ["GET /api/v1/imports/{id:guid}/rejected"] = Permissions.ActivityDataRead,
        ["DELETE /api/v1/imports/{id:guid}"] = Permissions.ActivityDataWrite,
        ["GET /api/v1/activities/"] = Permissions.ActivityDataRead,
        ["GET /api/v1/activities/{id:guid}"] = Permissions.ActivityDataRead,
        ["POST /api/v1/activities/"] = Permissions.ActivityDataWrite,
        ["PUT /api/v1/activities/{id:guid}"] = Permissions.ActivityDataWrite,
        ["DELETE /api/v1/activities/{id:guid}"] = Permissions.ActivityDataWrite,
        ["POST /api/v1/activities/{id:guid}/submit"] = Permissions.ActivityDataWrite,
        ["POST /api/v1/activities/{id:guid}/approve"] = Permissions.ActivityDataWrite,
        ["POST /api/v1/activities/{id:guid}/return"] = Permissions.ActivityDataWrite,
        ["POST /api/v1/activities/{id:guid}/exclude"] = Permissions.ActivityDataWrite,
        ["POST /api/v1/activities/{id:guid}/restore"] = Permissions.ActivityDataWrite,
        ["POST /api/v1/activities/{id:guid}/reverse"] = Permissions.ActivityDataWrite,
        ["GET /api/v1/activities/{id:guid}/versions"] = Permissions.ActivityDataRead,
        ["POST /api/v1/activities/copy"] = Permissions.ActivityDataWrite,
        ["GET /api/v1/activities/approval"] = Permissions.ActivityDataRead,
        ["PUT /api/v1/activities/approval"] = Permissions.AdministrationWrite,
        ["GET /api/v1/activities/{id:guid}/comments"] = Permissions.ActivityDataRead,
        ["POST /api/v1/activities/{id:guid}/comments"] = Permissions.ActivityDataWrite,
        ["GET /api/v1/activities/{id:guid}/documents"] = Permissions.ActivityDataRead,
        ["POST /api/v1/activities/{id:guid}/documents"] = Permissions.ActivityDataWrite,
        ["GET /api/v1/activities/{id:guid}/documents/{documentId:guid}"] = Permissions.ActivityDataRead,
        ["DELETE /api/v1/activities/{id:guid}/documents/{documentId:guid}"] = Permissions.ActivityDataWrite,
        ["GET /api/v1/exceptions"] = Permissions.ActivityDataRead,
        ["GET /api/v1/collection-plan/"] = Permissions.ActivityDataRead,
        ["GET /api/v1/collection-plan/{id:guid}"] = Permissions.ActivityDataRead,
        ["POST /api/v1/collection-plan/"] = Permissions.ActivityDataWrite,
        ["PUT /api/v1/collection-plan/{id:guid}"] = Permissions.ActivityDataWrite,
        ["DELETE /api/v1/collection-plan/{id:guid}"] = Permissions.ActivityDataWrite,
        ["GET /api/v1/completeness/"] = Permissions.ActivityDataRead,
        ["GET /api/v1/completeness/{id:guid}/estimates"] = Permissions.ActivityDataRead,
        ["POST /api/v1/completeness/{id:guid}/fill"] = Permissions.ActivityDataWrite,
        ["GET /collection"] = Permissions.ActivityDataRead,
        ["GET /api/v1/reporting-periods/{id:guid}/categories/"] = Permissions.ActivityDataRead,
        ["PUT /api/v1/reporting-periods/{id:guid}/categories/"] = Permissions.CalculationsPropose,
        ["POST /api/v1/reporting-periods/{id:guid}/categories/approve"] = Permissions.CalculationsApprove,
        ["GET /screening"] = Permissions.ActivityDataRead,
        ["GET /api/v1/reporting-periods/{id:guid}/lock"] = Permissions.ActivityDataRead,
        ["POST /api/v1/reporting-periods/{id:guid}/lock"] = Permissions.CalculationsApprove,
        ["DELETE /api/v1/reporting-periods/{id:guid}/lock"] = Permissions.CalculationsApprove,
        ["POST /api/v1/reporting-periods/{id:guid}/reopen"] = Permissions.CalculationsApprove,
        ["GET /api/v1/reporting-periods/{id:guid}/snapshots"] = Permissions.ActivityDataRead,
        ["GET /api/v1/reporting-periods/{id:guid}/snapshots/{number}"] = Permissions.ActivityDataRead,
        ["GET /api/v1/reporting-periods/{id:guid}/snapshots/{number}/difference"] = Permissions.ActivityDataRead,
        ["GET /inventory/lock/{Id:guid}"] = Permissions.ActivityDataRead,
        ["GET /api/v1/targets/"] = Permissions.DashboardsRead,
        ["GET /api/v1/targets/{id:guid}"] = Permissions.DashboardsRead,
        ["GET /api/v1/targets/{id:guid}/path"] = Permissions.DashboardsRead,
        ["POST /api/v1/targets/"] = Permissions.CalculationsPropose,
        ["PUT /api/v1/targets/{id:guid}"] = Permissions.CalculationsPropose,
        ["GET /api/v1/scenarios/"] = Permissions.DashboardsRead,
        ["GET /api/v1/scenarios/{id:guid}"] = Permissions.DashboardsRead,
        ["GET /api/v1/scenarios/{id:guid}/result"] = Permissions.DashboardsRead,
        ["POST /api/v1/scenarios/"] = Permissions.CalculationsPropose,
        ["PUT /api/v1/scenarios/{id:guid}"] = Permissions.CalculationsPropose,
        ["GET /api/v1/base-year/"] = Permissions.DashboardsRead,
        ["PUT /api/v1/base-year/"] = Permissions.CalculationsPropose,
        ["POST /api/v1/base-year/approve"] = Permissions.CalculationsApprove,
        ["GET /api/v1/base-year/effects"] = Permissions.DashboardsRead,
        ["POST /api/v1/base-year/decisions"] = Permissions.CalculationsPropose,
        ["POST /api/v1/base-year/decisions/approve"] = Permissions.CalculationsApprove,
        ["GET /api/v1/inventory/decomposition"] = Permissions.DashboardsRead,
        ["GET /targets"] = Permissions.DashboardsRead,
        ["GET /base-year"] = Permissions.DashboardsRead,
        ["GET /inventory"] = Permissions.DashboardsRead,
        ["GET /api/v1/inventory/"] = Permissions.DashboardsRead,
        ["GET /api/v1/inventory/intensities"] = Permissions.DashboardsRead,
        ["GET /api/v1/inventory/energy"] = Permissions.DashboardsRead,
        ["GET /api/v1/inventory.xlsx"] = Permissions.DashboardsRead,
        ["GET /app/inventory.xlsx"] = Permissions.DashboardsRead,
        ["GET /api/v1/activity-types"] = Permissions.ActivityDataRead,
        ["POST /app/activities/{id:guid}/documents"] = Permissions.ActivityDataWrite,
        ["GET /app/activities/{id:guid}/documents/{documentId:guid}"] = Permissions.ActivityDataRead,
        ["GET /activities"] = Permissions.ActivityDataRead,
        ["GET /exceptions"] = Permissions.ActivityDataRead,
        ["GET /api/v1/emissions/summary"] = Permissions.DashboardsRead,
        ["GET /api/v1/emissions/"] = Permissions.DashboardsRead,
        ["GET /api/v1/emissions/{id:guid}/trail"] = Permissions.TrailsRead,
        ["GET /api/v1/emissions/{id:guid}/trail/{documentId:guid}/lines"] = Permissions.TrailsRead,
        ["GET /api/v1/emissions.xlsx"] = Permissions.DashboardsRead,
        ["POST /api/v1/estimates/cloud"] = Permissions.DashboardsRead,
        ["POST /api/v1/calculations"] = Permissions.CalculationsRead,
        ["GET /api/v1/exchange-rates/"] = Permissions.CalculationsRead,
        ["POST /api/v1/exchange-rates/"] = Permissions.CalculationsPropose,
        ["GET /api/v1/exchange-rates/template"] = Permissions.CalculationsRead,
        ["GET /api/v1/price-indices/"] = Permissions.CalculationsRead,
        ["POST /api/v1/price-indices/"] = Permissions.CalculationsPropose,
        ["GET /api/v1/price-indices/template"] = Permissions.CalculationsRead,
        ["GET /app/exchange-rates/template.csv"] = Permissions.CalculationsRead,
        ["GET /app/price-indices/template.csv"] = Permissions.CalculationsRead,
        ["POST /app/exchange-rates"] = Permissions.CalculationsPropose,
        ["POST /app/price-indices"] = Permissions.CalculationsPropose,
        ["GET /rates"] = Permissions.CalculationsRead,
        ["GET /api/v1/account-maps/"] = Permissions.ActivityDataRead,
        ["GET /api/v1/account-maps/{id:guid}"] = Permissions.ActivityDataRead,
        ["POST /api/v1/account-maps/"] = Permissions.ActivityDataWrite,
        ["PUT /api/v1/account-maps/{id:guid}"] = Permissions.ActivityDataWrite,
        ["DELETE /api/v1/account-maps/{id:guid}"] = Permissions.ActivityDataWrite,
        ["GET /api/v1/worksheets"] = Permissions.ActivityDataRead,
        ["GET /api/v1/portfolio"] = Permissions.DashboardsRead,
        ["GET /api/v1/jobs/"] = Permissions.ActivityDataRead,
        ["GET /api/v1/jobs/{id:guid}"] = Permissions.ActivityDataRead,
        ["POST /api/v1/jobs/{id:guid}/retry"] = Permissions.ActivityDataWrite,
        ["POST /api/v1/jobs/{id:guid}/cancel"] = Permissions.ActivityDataWrite,
        ["GET /api/v1/audit/"] = Permissions.AuditRead,
        ["GET /api/v1/audit/verify"] = Permissions.AuditRead,
        ["GET /api/v1/audit/export"] = Permissions.AuditRead,
        ["GET /api/v1/evidence"] = Permissions.AuditRead,
        ["GET /app/evidence.zip"] = Permissions.AuditRead,
        ["GET /api/v1/assurance/summary"] = Permissions.AssuranceRead,
        ["GET /api/v1/assurance/materiality"] = Permissions.AssuranceRead,
        ["PUT /api/v1/assurance/materiality"] = Permissions.AssuranceWrite,
        ["GET /api/v1/assurance/papers"] = Permissions.AssuranceRead,
        ["GET /api/v1/assurance/samples"] = Permissions.AssuranceRead,
        ["POST /api/v1/assurance/samples"] = Permissions.AssuranceWrite,
        ["GET /api/v1/assurance/samples/{id:guid}"] = Permissions.AssuranceRead,
        ["PUT /api/v1/assurance/samples/{id:guid}/items"] = Permissions.AssuranceWrite,
        ["POST /api/v1/assurance/samples/{id:guid}/set-aside"] = Permissions.AssuranceWrite,
        ["GET /api/v1/assurance/samples/{id:guid}/redraw"] = Permissions.AssuranceRead,
        ["GET /api/v1/assurance/samples/{id:guid}/pack"] = Permissions.AssuranceRead,
        ["GET /api/v1/assurance/samples/{id:guid}/workbook"] = Permissions.AssuranceRead,
        ["GET /api/v1/assurance/findings"] = Permissions.AssuranceRead,
        ["POST /api/v1/assurance/findings"] = Permissions.AssuranceWrite,
        ["GET /api/v1/assurance/findings/{id:guid}"] = Permissions.AssuranceRead,
        ["PUT /api/v1/assurance/findings/{id:guid}"] = Permissions.AssuranceWrite,
        ["POST /api/v1/assurance/findings/{id:guid}/answer"] = Permissions.ActivityDataWrite,
        ["POST /api/v1/assurance/findings/{id:guid}/close"] = Permissions.AssuranceWrite,
        ["POST /api/v1/assurance/findings/{id:guid}/comments"] = Permissions.AssuranceRead,
        ["GET /app/assurance/papers"] = Permissions.AssuranceRead,
        ["GET /app/assurance/samples/{id:guid}/pack"] = Permissions.AssuranceRead,
        ["GET /app/assurance/samples/{id:guid}/workbook"] = Permissions.AssuranceRead,
        ["GET /assurance"] = Permissions.AssuranceRead,
        ["GET /assurance/samples/{Id:guid}"] = Permissions.AssuranceRead,
        ["GET /assurance/findings/{Id:guid}"] = Permissions.AssuranceRead,
        ["GET /app/audit.jsonl"] = Permissions.AuditRead,
        ["GET /app/audit.xlsx"] = Permissions.AuditRead,
        ["GET /api/v1/factors/"] = Permissions.CalculationsRead,
        ["GET /api/v1/factors/{id:guid}"] = Permissions.CalculationsRead,
        ["GET /api/v1/factor-sets/"] = Permissions.CalculationsRead,
        ["GET /api/v1/factor-sets/{id:guid}"] = Permissions.CalculationsRead,
        ["POST /api/v1/factor-sets/"] = Permissions.CalculationsPropose,
        ["PUT /api/v1/factor-sets/{id:guid}"] = Permissions.CalculationsPropose,
        ["POST /api/v1/calculation-runs/"] = Permissions.CalculationsPropose,
        ["GET /api/v1/calculation-runs/"] = Permissions.CalculationsRead,
        ["GET /api/v1/calculation-runs/{id:guid}"] = Permissions.CalculationsRead,
        ["GET /api/v1/calculation-runs/{id:guid}/difference"] = Permissions.CalculationsRead,
        ["GET /api/v1/calculation-runs/{id:guid}/difference.xlsx"] = Permissions.CalculationsRead,
        ["POST /api/v1/calculation-runs/{id:guid}/approve"] = Permissions.CalculationsApprove,
        ["POST /api/v1/calculation-runs/{id:guid}/reject"] = Permissions.CalculationsApprove,
        ["POST /api/v1/calculation-runs/{id:guid}/rollback"] = Permissions.CalculationsApprove,
        ["GET /api/v1/ledger"] = Permissions.CalculationsRead,
        ["GET /app/factors/template.csv"] = Permissions.CalculationsRead,
        ["POST /app/factor-sets"] = Permissions.CalculationsPropose,
        ["GET /factors"] = Permissions.CalculationsRead,
        ["GET /runs"] = Permissions.CalculationsRead,
        ["GET /runs/{Id:guid}"] = Permissions.CalculationsRead,
        ["GET /api/v1/api-keys/"] = Permissions.AdministrationWrite,
        ["POST /api/v1/api-keys/"] = Permissions.AdministrationWrite,
        ["DELETE /api/v1/api-keys/{id:guid}"] = Permissions.AdministrationWrite,
        ["GET /api/v1/organizations/"] = Permissions.ActivityDataRead,
        ["GET /api/v1/organizations/{id:guid}"] = Permissions.ActivityDataRead,
        ["POST /api/v1/organizations/"] = Permissions.OrganizationsWrite,
        ["PUT /api/v1/organizations/{id:guid}"] = Permissions.OrganizationsWrite,
        ["GET /api/v1/sites/"] = Permissions.ActivityDataRead,
        ["GET /api/v1/sites/{id:guid}"] = Permissions.ActivityDataRead,
        ["POST /api/v1/sites/"] = Permissions.OrganizationsWrite,
        ["PUT /api/v1/sites/{id:guid}"] = Permissions.OrganizationsWrite,
        ["GET /api/v1/reporting-periods/"] = Permissions.ActivityDataRead,
        ["GET /api/v1/reporting-periods/{id:guid}"] = Permissions.ActivityDataRead,
        ["POST /api/v1/reporting-periods/"] = Permissions.OrganizationsWrite,
        ["PUT /api/v1/reporting-periods/{id:guid}"] = Permissions.OrganizationsWrite,
        ["GET /api/v1/ownerships/"] = Permissions.ActivityDataRead,
        ["GET /api/v1/ownerships/{id:guid}"] = Permissions.ActivityDataRead,
        ["POST /api/v1/ownerships/"] = Permissions.OrganizationsWrite,
        ["PUT /api/v1/ownerships/{id:guid}"] = Permissions.OrganizationsWrite,
        ["POST /api/v1/ownerships/{id:guid}/end"] = Permissions.OrganizationsWrite,
        ["DELETE /api/v1/ownerships/{id:guid}"] = Permissions.OrganizationsWrite,
        ["GET /api/v1/instruments/"] = Permissions.ActivityDataRead,
        ["GET /api/v1/instruments/{id:guid}"] = Permissions.ActivityDataRead,
        ["POST /api/v1/instruments/"] = Permissions.OrganizationsWrite,
        ["PUT /api/v1/instruments/{id:guid}"] = Permissions.OrganizationsWrite,
        ["POST /app/imports"] = Permissions.ActivityDataWrite,
        ["GET /app/imports/{id:guid}/rejected"] = Permissions.ActivityDataRead,
        ["POST /app/imports/activity"] = Permissions.ActivityDataWrite,
        ["GET /app/imports/activity/{id:guid}/annotated"] = Permissions.ActivityDataRead,
        ["GET /imports/activity"] = Permissions.ActivityDataWrite,
        ["GET /imports/activity/{Id:guid}"] = Permissions.ActivityDataWrite,
        ["GET /app/imports/template.xlsx"] = Permissions.ActivityDataRead,
        ["GET /app/imports/template.csv"] = Permissions.ActivityDataRead,
        ["GET /app/emissions.xlsx"] = Permissions.DashboardsRead,
        ["GET /app/runs/{id:guid}/difference.xlsx"] = Permissions.CalculationsRead,
        ["GET /"] = Permissions.DashboardsRead,
        ["GET /emissions"] = Permissions.DashboardsRead,
        ["GET /imports"] = Permissions.ActivityDataRead,
        ["GET /imports/{Id:guid}"] = Permissions.ActivityDataRead,
        ["GET /organization"] = Permissions.ActivityDataRead,
        ["GET /contracts"] = Permissions.ActivityDataRead,
        ["GET /audit"] = Permissions.AuditRead,
        ["GET /jobs"] = Permissions.ActivityDataRead,
        ["GET /api-keys"] = Permissions.AdministrationWrite,
        ["GET /users"] = Permissions.AdministrationWrite,
        ["GET /account"] = SignedIn,
        ["POST /app/tenant"] = SignedIn,
    };

    /// <summary>Open to everybody, each for its reason.</summary>
    internal static readonly string[] Open =
    [
        // How one gets in and out.
        "POST /api/v1/auth/login", "POST /api/v1/auth/refresh", "GET /account/sign-in", "GET /account/first-run", "GET /account/denied", "POST /app/sign-out",
        // Their secret is the proof.
        "GET /account/invitation/{Token}", "GET /account/reset/{Token}",
        // How the figures of the sign-in page are written; kept in the browser's own cookie.
        "POST /app/formats",
        // For the machines that watch this one; they say no more than up or down.
        "GET /health", "GET /health/live", "GET /health/ready", "GET /healthz", "GET /livez", "GET /readyz",
        // The description of the API holds no data.
        "GET /openapi/{documentName}.json",
        // Shown in place of other answers.
        "GET /not-found", "GET /error",
    ];

    /// <summary>Design section 7, for the routes that there are.</summary>
    internal static readonly Dictionary<string, TenantRole[]> Holders = new()
    {
        [SignedIn] = [TenantRole.Viewer, TenantRole.Auditor, TenantRole.Analyst, TenantRole.ComplianceManager, TenantRole.Admin],
        [Permissions.DashboardsRead] = [TenantRole.Viewer, TenantRole.Auditor, TenantRole.Analyst, TenantRole.ComplianceManager, TenantRole.Admin],
        [Permissions.TrailsRead] = [TenantRole.Auditor, TenantRole.Analyst, TenantRole.ComplianceManager, TenantRole.Admin],
        [Permissions.AuditRead] = [TenantRole.Auditor, TenantRole.Admin],
        [Permissions.AssuranceRead] = [TenantRole.Auditor, TenantRole.Analyst, TenantRole.ComplianceManager, TenantRole.Admin],
        [Permissions.AssuranceWrite] = [TenantRole.Auditor, TenantRole.Admin],
        [Permissions.ActivityDataRead] = [TenantRole.Auditor, TenantRole.Analyst, TenantRole.ComplianceManager, TenantRole.Admin],
        [Permissions.ActivityDataWrite] = [TenantRole.Analyst, TenantRole.ComplianceManager, TenantRole.Admin],
        [Permissions.CalculationsRead] = [TenantRole.Auditor, TenantRole.Analyst, TenantRole.ComplianceManager, TenantRole.Admin],
        [Permissions.CalculationsPropose] = [TenantRole.Analyst, TenantRole.ComplianceManager, TenantRole.Admin],
        [Permissions.CalculationsApprove] = [TenantRole.ComplianceManager, TenantRole.Admin],
        [Permissions.OrganizationsWrite] = [TenantRole.Analyst, TenantRole.ComplianceManager, TenantRole.Admin],
        [Permissions.AdministrationWrite] = [TenantRole.Admin],
    };

    private readonly TestApp _app = shared.App;

    [Fact]
    public void Roles_CarryWhatTheDesignSays()
    {
        Permissions.All.Concat([SignedIn]).ShouldBe(Holders.Keys, ignoreOrder: true);
        foreach (var permission in Permissions.All)
        {
            Enum.GetValues<TenantRole>().Where(role => role.Allows(permission)).ShouldBe(Holders[permission], ignoreOrder: true, permission);
        }
    }

    [Fact]
    public void EveryRoute_StandsInATable()
    {
        var known = Needs.Keys.Concat(Open).ToHashSet();

        Routes().Select(route => route.Name).Where(name => !known.Contains(name)).ShouldBeEmpty("Say in RoutesTests who may ask this route.");
        known.Except(Routes().Select(route => route.Name)).ShouldBeEmpty("These routes are gone.");
    }

    [Fact]
    public void EveryRoute_AsksForSignIn_UnlessListedAsOpen() => Unguarded(Routes().Where(route => !Open.Contains(route.Name))).ShouldBeEmpty();

    [Fact]
    public void EveryRoute_PlantedWithoutAuthorization_IsFound()
    {
        var bare = new RouteEndpoint(_ => Task.CompletedTask, Microsoft.AspNetCore.Routing.Patterns.RoutePatternFactory.Parse("/api/v1/forgotten"), 0, null, null);
        var opened = new RouteEndpoint(
            _ => Task.CompletedTask, Microsoft.AspNetCore.Routing.Patterns.RoutePatternFactory.Parse("/api/v1/opened"), 0,
            new Microsoft.AspNetCore.Http.EndpointMetadataCollection(new AuthorizeAttribute(), new AllowAnonymousAttribute()), null);

        Unguarded([new Route("GET /api/v1/forgotten", bare), new Route("GET /api/v1/opened", opened)]).Count.ShouldBe(2);
    }

    [Fact]
    public async Task Api_EveryRouteAndRole_AnswersAsTheTableSays()
    {
        var clients = new Dictionary<TenantRole, HttpClient>();
        foreach (var role in Enum.GetValues<TenantRole>())
        {
            var client = _app.CreateClient();
            client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", (await BearerOfAsync(role)).AccessToken);
            clients[role] = client;
        }

        using var nobody = _app.CreateClient();
        // Sign-out goes last: it ends the sessions that the others need.
        foreach (var (route, need) in Needs.Where(need => need.Key.Contains(" /api/", StringComparison.Ordinal)).OrderBy(need => need.Key.EndsWith("/logout", StringComparison.Ordinal)))
        {
            (await AskAsync(nobody, route)).ShouldBe(HttpStatusCode.Unauthorized, route);
            foreach (var (role, client) in clients)
            {
                ShouldFit(await AskAsync(client, route), Holders[need].Contains(role), HttpStatusCode.Forbidden, $"{role} {route}");
            }
        }
    }

    [Fact]
    public async Task Pages_EveryRouteAndRole_AnswersAsTheTableSays()
    {
        var routes = Needs.Where(need => !need.Key.Contains(" /api/", StringComparison.Ordinal)).ToList();
        using var nobody = new Browser(_app);
        foreach (var (route, _) in routes)
        {
            (await AskAsync(nobody, route)).ShouldBe(route.Contains(" /app/", StringComparison.Ordinal) ? HttpStatusCode.Unauthorized : HttpStatusCode.Redirect, route);
        }

        foreach (var role in Enum.GetValues<TenantRole>())
        {
            var email = $"{role}-{Guid.NewGuid():N}@pages.example";
            await _app.AddTenantAsync("A company", email, role);
            using var browser = await Browser.SignedInAsync(_app, email);
            foreach (var (route, need) in routes)
            {
                ShouldFit(
                    await AskAsync(browser, route), Holders[need].Contains(role),
                    route.Contains(" /app/", StringComparison.Ordinal) ? HttpStatusCode.Forbidden : HttpStatusCode.Redirect, $"{role} {route}");
            }
        }
    }

    /// <summary>Whatever else is wrong with a request of made-up values: whether it was let in is told by the status.</summary>
    private static void ShouldFit(HttpStatusCode status, bool allowed, HttpStatusCode refusal, string what)
    {
        if (allowed)
        {
            status.ShouldNotBeOneOf(HttpStatusCode.Unauthorized, HttpStatusCode.Forbidden, HttpStatusCode.Redirect, HttpStatusCode.InternalServerError);
        }
        else
        {
            status.ShouldBe(refusal, what);
        }
    }

    private static async Task<HttpStatusCode> AskAsync(HttpClient client, string route)
    {
        using var answer = await client.SendAsync(Request(route), TestContext.Current.CancellationToken);
        return answer.StatusCode;
    }

    private static async Task<HttpStatusCode> AskAsync(Browser browser, string route)
    {
        using var answer = await browser.SendAsync(Request(route));
        return answer.StatusCode;
    }

    internal static HttpRequestMessage Request(string route)
    {
        var (method, pattern) = (route.Split(' ')[0], route.Split(' ')[1]);
        var path = string.Join('/', pattern.Split('/').Select(part => part.StartsWith('{') ? Guid.CreateVersion7().ToString() : part));
        return new HttpRequestMessage(new HttpMethod(method), path)
        {
            Content = method == "POST" ? new StringContent("{}", Encoding.UTF8, "application/json") : null,
        };
    }

    private async Task<BearerTokens> BearerOfAsync(TenantRole role)
    {
        var email = $"{role}-{Guid.NewGuid():N}@api.example";
        var tenant = await _app.AddTenantAsync("A company", email, role);
        var user = await _app.OwnerAsync<Guid>("select id from users where email = $1", email);
        return await _app.App.Services.GetRequiredService<SessionStore>().CreateBearerAsync(user, tenant, TestContext.Current.CancellationToken);
    }

    private static List<string> Unguarded(IEnumerable<Route> routes) => routes
        .Where(route => route.Endpoint.Metadata.GetMetadata<IAllowAnonymous>() is not null
            || (route.Endpoint.Metadata.GetMetadata<IAuthorizeData>() is null && route.Endpoint.Metadata.GetMetadata<AuthorizationPolicy>() is null))
        .Select(route => route.Name).ToList();

    /// <summary>All routes but the program's own files and the framework's wires, which carry no data before a page is let in.</summary>
    private IEnumerable<Route> Routes() => ((IEndpointRouteBuilder)_app.App).DataSources.SelectMany(source => source.Endpoints).OfType<RouteEndpoint>()
        .Where(endpoint => endpoint.Metadata.GetMetadata<StaticAssetDescriptor>() is null)
        // A build (not a published program) looks for files that were added since.
        .Where(endpoint => Path(endpoint) != "/{**path:file}")
        .Where(endpoint => !Path(endpoint).StartsWith("/_blazor", StringComparison.Ordinal) && !Path(endpoint).StartsWith("/_framework", StringComparison.Ordinal))
        .SelectMany(endpoint => MethodsOf(endpoint).Select(method => new Route($"{method} {Path(endpoint)}", endpoint)));

    /// <summary>A page takes GET, and POST for its forms: one line in the table.</summary>
    private static IEnumerable<string> MethodsOf(RouteEndpoint endpoint) =>
        endpoint.Metadata.GetMetadata<Microsoft.AspNetCore.Components.Endpoints.ComponentTypeMetadata>() is not null
            ? ["GET"]
            : endpoint.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods is { Count: > 0 } methods ? methods : ["GET"];

    private static string Path(RouteEndpoint endpoint) => "/" + endpoint.RoutePattern.RawText!.TrimStart('/');

    private sealed record Route(string Name, RouteEndpoint Endpoint);
}
