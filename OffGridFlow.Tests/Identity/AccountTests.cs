using System.Net;
using Microsoft.Extensions.DependencyInjection;
using OffGridFlow.Core.Identity;
using OffGridFlow.Infrastructure.Identity;

namespace OffGridFlow.Tests.Identity;

/// <summary>What people do with their own account.</summary>
public sealed class AccountTests(SharedApp shared) : IClassFixture<SharedApp>
{
    private readonly TestApp _app = shared.App;

    [Fact]
    public async Task Password_Changed_EndsTheOtherSessions_AndKeepsThisOne()
    {
        await using var person = await PersonAsync();
        var kept = await person.SessionAsync();
        var other = await person.SessionAsync();

        (await person.Account.ChangePasswordAsync(kept.SessionId, "not it", "another sentence", CancellationToken.None)).ShouldBeOfType<PasswordOutcome.WrongPassword>();
        (await person.Account.ChangePasswordAsync(kept.SessionId, TestApp.AdminPassword, "short", CancellationToken.None)).ShouldBeOfType<PasswordOutcome.Refused>();
        (await person.Sessions.FindAsync(other.SessionId, CancellationToken.None)).ShouldNotBeNull();
        var changed = (await person.Account.ChangePasswordAsync(kept.SessionId, TestApp.AdminPassword, "another sentence", CancellationToken.None))
            .ShouldBeOfType<PasswordOutcome.Changed>();

        changed.SignedOut.ShouldBe(1);
        (await person.Sessions.FindAsync(kept.SessionId, CancellationToken.None)).ShouldNotBeNull();
        (await person.Sessions.FindAsync(other.SessionId, CancellationToken.None)).ShouldBeNull();
        (await Browser.SignedInAsync(_app, person.Email, "another sentence")).Dispose();
        (await person.Company.AuditAsync($"user/{person.Id}")).ShouldBe("sign-in.refused password.changed sign-in.succeeded");
    }

    [Fact]
    public async Task Password_WrongFiveTimes_LocksTheAccount()
    {
        await using var person = await PersonAsync();
        for (var i = 0; i < 4; i++)
        {
            (await person.Account.ChangePasswordAsync(null, "not it", "another sentence", CancellationToken.None)).ShouldBeOfType<PasswordOutcome.WrongPassword>();
        }

        (await person.Account.ChangePasswordAsync(null, "not it", "another sentence", CancellationToken.None)).ShouldBeOfType<PasswordOutcome.LockedOut>();
        (await person.Account.ChangePasswordAsync(null, TestApp.AdminPassword, "another sentence", CancellationToken.None)).ShouldBeOfType<PasswordOutcome.LockedOut>();
    }

    [Fact]
    public async Task Sessions_AreOnesOwn_WithAddressAndKind_AndTheOthersCanBeEnded()
    {
        await using var person = await PersonAsync();
        await using var stranger = await PersonAsync();
        await stranger.SessionAsync();
        using var browser = await Browser.SignedInAsync(_app, person.Email);
        var kept = await person.SessionAsync();

        var sessions = await person.Account.ListSessionsAsync(CancellationToken.None);

        sessions.Select(session => session.Kind).ShouldBe([SessionKind.Bearer, SessionKind.Cookie]);
        sessions[1].Address.ShouldBe("127.0.0.1");
        (await person.Account.SignOutOthersAsync(kept.SessionId, CancellationToken.None)).ShouldBe(1);
        (await browser.GetAsync("/")).StatusCode.ShouldBe(HttpStatusCode.Redirect);
        (await person.Account.ListSessionsAsync(CancellationToken.None)).Select(session => session.Id).ShouldBe([kept.SessionId]);
        (await stranger.Account.ListSessionsAsync(CancellationToken.None)).Count.ShouldBe(1);
    }

    [Theory]
    [InlineData("  Nils Berg ", true)]
    [InlineData("", false)]
    [InlineData("a\nb", false)]
    public async Task Name_Changed_IsReadFromThenOn(string name, bool possible)
    {
        await using var person = await PersonAsync();
        var session = await person.SessionAsync();

        (await person.Account.RenameAsync(name, CancellationToken.None)).ShouldBe(possible);

        (await person.Sessions.FindAsync(session.SessionId, CancellationToken.None))!.DisplayName.ShouldBe(possible ? "Nils Berg" : person.Email);
        (await _app.OwnerAsync<long>(
            "select count(*) from audit_entries where tenant_id = $1 and action = 'user.renamed' and before ->> 'name' = $2 and after ->> 'name' = 'Nils Berg'", person.Company.Tenant, person.Email))
            .ShouldBe(possible ? 1 : 0);
    }

    private async Task<Person> PersonAsync()
    {
        var company = await Company.NewAsync(_app);
        var (email, id) = await company.AddAsync(TenantRole.Viewer);
        var scope = _app.App.Services.CreateAsyncScope();
        scope.ServiceProvider.GetRequiredService<CurrentUser>().Become(new Actor(company.Tenant, id, email, TenantRole.Viewer));
        return new Person(company, email, id, scope);
    }

    private sealed record Person(Company Company, string Email, Guid Id, AsyncServiceScope Scope) : IAsyncDisposable
    {
        public AccountService Account => Scope.ServiceProvider.GetRequiredService<AccountService>();

        public SessionStore Sessions => Scope.ServiceProvider.GetRequiredService<SessionStore>();

        public async Task<SessionIdentity> SessionAsync()
        {
            var tokens = await Sessions.CreateBearerAsync(Id, Company.Tenant, CancellationToken.None);
            return (await Sessions.FindAsync(tokens.AccessToken, SessionKind.Bearer, CancellationToken.None))!;
        }

        public ValueTask DisposeAsync() => Scope.DisposeAsync();
    }
}
