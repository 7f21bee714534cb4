using System.Net;
using System.Net.Http.Json;
using Microsoft.Extensions.DependencyInjection;
using OffGridFlow.Core.Identity;
using OffGridFlow.Infrastructure.Identity;
using OffGridFlow.Infrastructure.Persistence;
using OffGridFlow.Infrastructure.Persistence.PostgreSql;

namespace OffGridFlow.Tests.Identity;

/// <summary>Roles and states of members, through the API.</summary>
public sealed class PeopleTests(SharedApp shared) : IClassFixture<SharedApp>
{
    private readonly TestApp _app = shared.App;

    [Fact]
    public async Task Role_Changed_IsInForceAtOnce_AndAudited()
    {
        var company = await Company.NewAsync(_app);
        var (email, id) = await company.AddAsync(TenantRole.Viewer);
        using var person = await _app.SignInAsync(email);
        (await person.GetAsync("/api/v1/imports", TestContext.Current.CancellationToken)).StatusCode.ShouldBe(HttpStatusCode.Forbidden);

        using var answer = await Company.ChangeAsync(company.Admin, id, 1, "analyst");

        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        answer.Headers.ETag!.Tag.ShouldBe("\"2\"");
        (await person.GetAsync("/api/v1/imports", TestContext.Current.CancellationToken)).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await company.AuditAsync($"user/{id}")).ShouldBe("sign-in.succeeded membership.role-changed");
        (await _app.OwnerAsync<string>(
            "select concat(before ->> 'role', '>', after ->> 'role', ' ', actor_id = $2, ' ', address is not null) from audit_entries where tenant_id = $1 and action = 'membership.role-changed'",
            company.Tenant, await company.IdOfAsync(company.AdminEmail))).ShouldBe("Viewer>Analyst t t");
    }

    [Fact]
    public async Task Change_OfAVersionThatIsOld_IsRefused_AndNothingIsChanged()
    {
        var company = await Company.NewAsync(_app);
        var (_, id) = await company.AddAsync(TenantRole.Viewer);
        (await Company.ChangeAsync(company.Admin, id, 1, "auditor")).StatusCode.ShouldBe(HttpStatusCode.OK);

        (await Company.ChangeAsync(company.Admin, id, 1, "admin")).StatusCode.ShouldBe(HttpStatusCode.PreconditionFailed);
        (await Company.RemoveAsync(company.Admin, id, 1)).StatusCode.ShouldBe(HttpStatusCode.PreconditionFailed);
        using var unsaid = await company.Admin.PutAsJsonAsync($"/api/v1/users/{id}", new { role = "admin", state = "active" }, TestContext.Current.CancellationToken);

        unsaid.StatusCode.ShouldBe(HttpStatusCode.PreconditionRequired);
        (await RoleAndStateAsync(company, id)).ShouldBe("Auditor Active");
    }

    [Theory]
    [InlineData("analyst", "active")]
    [InlineData("admin", "disabled")]
    [InlineData("", "removed")]
    public async Task LastAdministrator_Stays_WhateverIsAsked(string role, string state)
    {
        var company = await Company.NewAsync(_app);
        var self = await company.IdOfAsync(company.AdminEmail);
        // An administrator who cannot come in counts for nothing.
        var (_, other) = await company.AddAsync(TenantRole.Admin);
        (await Company.ChangeAsync(company.Admin, other, 1, "admin", "disabled")).StatusCode.ShouldBe(HttpStatusCode.OK);

        using var answer = state == "removed" ? await Company.RemoveAsync(company.Admin, self, 1) : await Company.ChangeAsync(company.Admin, self, 1, role, state);

        answer.StatusCode.ShouldBe(HttpStatusCode.Conflict);
        (await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)).ShouldContain("Make somebody else an administrator first");
        (await RoleAndStateAsync(company, self)).ShouldBe("Admin Active");
    }

    [Fact]
    public async Task TwoAdministrators_WhoDemoteEachOtherAtOnce_LeaveOne()
    {
        for (var round = 0; round < 12; round++)
        {
            var company = await Company.NewAsync(_app);
            var first = await company.IdOfAsync(company.AdminEmail);
            var (email, second) = await company.AddAsync(TenantRole.Admin);
            using var other = await _app.SignInAsync(email);

            var answers = await Task.WhenAll(Company.ChangeAsync(company.Admin, second, 1, "viewer"), Company.ChangeAsync(other, first, 1, "viewer"));

            answers.Count(answer => answer.StatusCode == HttpStatusCode.OK).ShouldBe(1);
            (await _app.OwnerAsync<long>("select count(*) from memberships where tenant_id = $1 and role = 'Admin' and state = 'Active'", company.Tenant)).ShouldBe(1);
        }
    }

    /// <summary>Two connections that certainly overlap: the first has changed and not committed when the second asks.</summary>
    [Fact]
    public async Task TwoAdministrators_InOverlappingTransactions_TheSecondWaitsAndIsRefused()
    {
        var company = await Company.NewAsync(_app);
        var first = await company.IdOfAsync(company.AdminEmail);
        var (_, second) = await company.AddAsync(TenantRole.Admin);
        await using var one = await _app.App.Services.GetRequiredService<Database>().App.OpenConnectionAsync(TestContext.Current.CancellationToken);
        await using var two = await _app.App.Services.GetRequiredService<Database>().App.OpenConnectionAsync(TestContext.Current.CancellationToken);
        await using var oneWork = await one.BeginTransactionAsync(TestContext.Current.CancellationToken);
        await using var twoWork = await two.BeginTransactionAsync(TestContext.Current.CancellationToken);
        foreach (var connection in new[] { one, two })
        {
            await connection.ExecuteAsync("select set_config('offgridflow.tenant_id', $1, true)", TestContext.Current.CancellationToken, company.Tenant.ToString());
        }

        // Neither names who asks, so that the guard alone decides.
        const string Demote = "select outcome from change_membership(null, $1, 1, 'Viewer', 'Active')";
        (await one.ScalarAsync<string>(Demote, TestContext.Current.CancellationToken, second)).ShouldBe("Changed");
        var waiting = two.ScalarAsync<string>(Demote, TestContext.Current.CancellationToken, first);
        await Eventually.BeAsync(
            async () => await _app.OwnerAsync<long>("select count(*) from pg_stat_activity where wait_event_type = 'Lock' and query like '%change_membership%' and datname = current_database()") == 1,
            "the second waits");
        await oneWork.CommitAsync(TestContext.Current.CancellationToken);

        (await waiting).ShouldBe("LastAdministrator");
    }

    [Fact]
    public async Task Disabled_IsSignedOutHereAtOnce_AndNowhereElse_AndMayComeBack()
    {
        var company = await Company.NewAsync(_app);
        var elsewhere = await Company.NewAsync(_app);
        var (email, id) = await company.AddAsync(TenantRole.Analyst);
        await elsewhere.AddAsync(email, TenantRole.Viewer);
        var sessions = _app.App.Services.GetRequiredService<SessionStore>();
        var here = await sessions.CreateBearerAsync(id, company.Tenant, TestContext.Current.CancellationToken);
        var cookie = await sessions.CreateCookieAsync(id, company.Tenant, null, TestContext.Current.CancellationToken);
        var there = await sessions.CreateBearerAsync(id, elsewhere.Tenant, TestContext.Current.CancellationToken);

        (await Company.ChangeAsync(company.Admin, id, 1, "analyst", "disabled")).StatusCode.ShouldBe(HttpStatusCode.OK);

        (await sessions.FindAsync(here.AccessToken, SessionKind.Bearer, TestContext.Current.CancellationToken)).ShouldBeNull();
        (await sessions.FindAsync(cookie, SessionKind.Cookie, TestContext.Current.CancellationToken)).ShouldBeNull();
        await using (var scope = _app.App.Services.CreateAsyncScope())
        {
            (await scope.ServiceProvider.GetRequiredService<SessionService>().RefreshAsync(here.RefreshToken, TestContext.Current.CancellationToken)).ShouldBeNull();
        }

        (await sessions.FindAsync(there.AccessToken, SessionKind.Bearer, TestContext.Current.CancellationToken))!.TenantId.ShouldBe(elsewhere.Tenant);
        await Should.ThrowAsync<NotAMemberException>(() => sessions.CreateBearerAsync(id, company.Tenant, TestContext.Current.CancellationToken));

        (await Company.ChangeAsync(company.Admin, id, 2, "analyst")).StatusCode.ShouldBe(HttpStatusCode.OK);

        // The old session stays ended; a new one is possible.
        (await sessions.FindAsync(here.AccessToken, SessionKind.Bearer, TestContext.Current.CancellationToken)).ShouldBeNull();
        (await sessions.CreateBearerAsync(id, company.Tenant, TestContext.Current.CancellationToken)).ShouldNotBeNull();
        (await company.AuditAsync($"user/{id}")).ShouldBe("membership.disabled membership.enabled");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task ShutOut_SigningInAgain_IsToldThatThereIsNoOrganization(bool removed)
    {
        var company = await Company.NewAsync(_app);
        var (email, id) = await company.AddAsync(TenantRole.Analyst);
        (removed ? await Company.RemoveAsync(company.Admin, id, 1) : await Company.ChangeAsync(company.Admin, id, 1, "analyst", "disabled"))
            .IsSuccessStatusCode.ShouldBeTrue();

        using var client = _app.CreateClient();
        using var right = await client.PostAsJsonAsync("/api/v1/auth/login", new { email, password = TestApp.AdminPassword }, TestContext.Current.CancellationToken);
        using var wrong = await client.PostAsJsonAsync("/api/v1/auth/login", new { email, password = "not it at all" }, TestContext.Current.CancellationToken);

        right.StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        (await right.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)).ShouldContain("belongs to no organization");
        wrong.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task Removed_StaysReadableByName_AndCannotBeChanged()
    {
        var company = await Company.NewAsync(_app);
        var (email, id) = await company.AddAsync(TenantRole.Auditor);

        (await Company.RemoveAsync(company.Admin, id, 1)).StatusCode.ShouldBe(HttpStatusCode.NoContent);

        var row = (await PeopleAsync(company)).Single(person => person.GetProperty("id").GetGuid() == id);
        row.GetProperty("name").GetString().ShouldBe(email);
        row.GetProperty("state").GetString().ShouldBe("removed");
        row.GetProperty("role").GetString().ShouldBe("Auditor");
        (await Company.ChangeAsync(company.Admin, id, 2, "admin")).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await Company.RemoveAsync(company.Admin, id, 2)).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await company.AuditAsync($"user/{id}")).ShouldBe("membership.removed");
    }

    [Fact]
    public async Task PersonOfAnotherTenant_IsNotFound_AndUntouched()
    {
        var company = await Company.NewAsync(_app);
        var other = await Company.NewAsync(_app);
        var (_, stranger) = await other.AddAsync(TenantRole.Viewer);

        (await company.Admin.GetAsync($"/api/v1/users/{stranger}", TestContext.Current.CancellationToken)).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await Company.ChangeAsync(company.Admin, stranger, 1, "admin")).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await Company.RemoveAsync(company.Admin, stranger, 1)).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await company.Admin.PostAsync($"/api/v1/users/{stranger}/password-reset", null, TestContext.Current.CancellationToken)).StatusCode.ShouldBe(HttpStatusCode.NotFound);

        (await RoleAndStateAsync(other, stranger)).ShouldBe("Viewer Active");
        (await PeopleAsync(company)).Select(person => person.GetProperty("email").GetString()).ShouldBe([company.AdminEmail]);
    }

    [Theory]
    [InlineData("king", "active", "is no role")]
    [InlineData("4", "active", "is no role")]
    [InlineData("viewer", "removed", "is no state")]
    [InlineData("viewer", "sleepy", "is no state")]
    public async Task Change_ToWhatIsNone_SaysSo(string role, string state, string words)
    {
        var company = await Company.NewAsync(_app);
        var (_, id) = await company.AddAsync(TenantRole.Viewer);

        using var answer = await Company.ChangeAsync(company.Admin, id, 1, role, state);

        answer.StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
        (await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)).ShouldContain(words);
    }

    [Fact]
    public async Task Services_RefuseWhoIsNoAdministrator_WhateverAPageAsks()
    {
        await using var scope = _app.App.Services.CreateAsyncScope();
        var company = await Company.NewAsync(_app);
        var (_, id) = await company.AddAsync(TenantRole.ComplianceManager);
        scope.ServiceProvider.GetRequiredService<CurrentUser>().Become(new Actor(company.Tenant, id, "Somebody", TenantRole.ComplianceManager));
        var people = scope.ServiceProvider.GetRequiredService<PeopleService>();
        var invitations = scope.ServiceProvider.GetRequiredService<InvitationService>();
        var none = CancellationToken.None;

        foreach (var ask in new Func<Task>[]
        {
            () => people.ListAsync(none), () => people.FindAsync(id, none), () => people.ChangeAsync(id, 1, TenantRole.Admin, MembershipState.Active, none),
            () => people.RemoveAsync(id, 1, none), () => invitations.ListAsync(none), () => invitations.InviteAsync("a@b.example", TenantRole.Admin, none),
            () => invitations.RenewAsync(id, none), () => invitations.RevokeAsync(id, none),
            () => scope.ServiceProvider.GetRequiredService<PasswordResetService>().CreateAsync(id, none),
        })
        {
            await Should.ThrowAsync<ForbiddenException>(ask);
        }
    }

    /// <summary>The circuit of somebody who was demoted has not looked yet: the database knows better.</summary>
    [Fact]
    public async Task Change_ByWhoIsNoAdministratorAnyMore_IsRefusedByTheDatabase()
    {
        await using var scope = _app.App.Services.CreateAsyncScope();
        var company = await Company.NewAsync(_app);
        var (_, former) = await company.AddAsync(TenantRole.Viewer);
        var (_, victim) = await company.AddAsync(TenantRole.Viewer);
        scope.ServiceProvider.GetRequiredService<CurrentUser>().Become(new Actor(company.Tenant, former, "Somebody", TenantRole.Admin));

        await Should.ThrowAsync<ForbiddenException>(() => scope.ServiceProvider.GetRequiredService<PeopleService>()
            .ChangeAsync(victim, 1, TenantRole.Admin, MembershipState.Active, CancellationToken.None));

        (await RoleAndStateAsync(company, victim)).ShouldBe("Viewer Active");
    }

    private static async Task<List<System.Text.Json.JsonElement>> PeopleAsync(Company company) =>
        [.. (await company.Admin.GetFromJsonAsync<System.Text.Json.JsonElement>("/api/v1/users", TestContext.Current.CancellationToken)).GetProperty("items").EnumerateArray()];

    private Task<string?> RoleAndStateAsync(Company company, Guid person) =>
        _app.OwnerAsync<string>("select role || ' ' || state from memberships where tenant_id = $1 and user_id = $2", company.Tenant, person);
}
