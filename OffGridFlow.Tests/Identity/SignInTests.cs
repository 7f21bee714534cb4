using System.Net;
using System.Net.Http.Json;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using OffGridFlow.Core.Identity;
using OffGridFlow.Infrastructure.Identity;

namespace OffGridFlow.Tests.Identity;

/// <summary>Passwords, and what becomes of wrong ones. Each test has a person of its own.</summary>
public sealed class SignInTests(SharedApp shared) : IClassFixture<SharedApp>
{
    private readonly TestApp _app = shared.App;

    [Fact]
    public async Task Login_WrongPasswordAndUnknownEmail_AnswerAlike()
    {
        var email = await PersonAsync();

        using var wrong = await LoginAsync(email, "not the password");
        using var unknown = await LoginAsync("nobody@nowhere.example", "not the password");

        wrong.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        unknown.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        (await WithoutReferenceAsync(unknown)).ShouldBe(await WithoutReferenceAsync(wrong));
    }

    [Fact]
    public async Task Login_UnknownEmail_HashesAsMuchAsAWrongPassword()
    {
        (await HashesAsync(await PersonAsync())).ShouldBe(1);
        (await HashesAsync("nobody@nowhere.example")).ShouldBe(1);
    }

    [Theory]
    [InlineData("a\0b@first.example")]
    [InlineData("İ@first.example")]
    [InlineData("' or true --")]
    public async Task Login_StrangeEmail_IsUnknownAndNoFault(string email)
    {
        using var answer = await LoginAsync(email, "whatever it is");

        answer.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("""{"email":"a@b.example"}""")]
    [InlineData("""{"email":" ","password":"x"}""")]
    public async Task Login_SomethingMissing_SaysSo(string body)
    {
        using var client = _app.CreateClient();
        using var answer = await client.PostAsync("/api/v1/auth/login", new StringContent(body, System.Text.Encoding.UTF8, "application/json"), TestContext.Current.CancellationToken);

        answer.StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
    }

    [Fact]
    public async Task Login_FiveWrong_LocksTheAccount_ForTheRightPasswordToo()
    {
        var email = await PersonAsync();
        for (var i = 0; i < 4; i++)
        {
            (await LoginAsync(email, "wrong")).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        }

        (await LoginAsync(email, "wrong")).StatusCode.ShouldBe(HttpStatusCode.TooManyRequests);
        (await LoginAsync(email, TestApp.AdminPassword)).StatusCode.ShouldBe(HttpStatusCode.TooManyRequests);
    }

    [Fact]
    public async Task Login_WrongInParallel_AreAllCounted()
    {
        var email = await PersonAsync();

        var four = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => LoginAsync(email, "wrong")));

        four.ShouldAllBe(answer => answer.StatusCode == HttpStatusCode.Unauthorized);
        (await OwnerAsync<int>("select access_failed_count from users where email = $1", email)).ShouldBe(4);
        (await LoginAsync(email, "wrong")).StatusCode.ShouldBe(HttpStatusCode.TooManyRequests);
    }

    [Fact]
    public async Task Login_ManyWrongInParallel_LockOnce_AndCountNothingBeyond()
    {
        var email = await PersonAsync();

        var answers = await Task.WhenAll(Enumerable.Range(0, 12).Select(_ => LoginAsync(email, "wrong")));

        answers.Count(answer => answer.StatusCode == HttpStatusCode.Unauthorized).ShouldBe(4);
        answers.Count(answer => answer.StatusCode == HttpStatusCode.TooManyRequests).ShouldBe(8);
        (await OwnerAsync<int>("select access_failed_count from users where email = $1", email)).ShouldBe(0);
    }

    [Fact]
    public async Task SuccessThatComesAfterTheLockout_IsRefused()
    {
        // A right password whose check began before the fifth wrong one was counted.
        var email = await PersonAsync();
        var user = await OwnerAsync<Guid>("select id from users where email = $1", email);
        await OwnerAsync<object>("update users set lockout_end = now() + interval '15 minutes' where email = $1", email);

        var cleared = await OwnerAsync<bool>("select clear_failed_sign_ins($1)", user);

        cleared.ShouldBeFalse();
        (await LoginAsync(email, TestApp.AdminPassword)).StatusCode.ShouldBe(HttpStatusCode.TooManyRequests);
    }

    [Fact]
    public async Task Lockout_Over_LetsTheRightPasswordIn_AndCountsAnew()
    {
        var email = await PersonAsync();
        await OwnerAsync<object>("update users set lockout_end = now() + interval '15 minutes' where email = $1", email);
        (await LoginAsync(email, TestApp.AdminPassword)).StatusCode.ShouldBe(HttpStatusCode.TooManyRequests);

        await OwnerAsync<object>("update users set lockout_end = now() - interval '1 second' where email = $1", email);

        (await LoginAsync(email, "wrong")).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        (await LoginAsync(email, TestApp.AdminPassword)).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await OwnerAsync<int>("select access_failed_count from users where email = $1", email)).ShouldBe(0);
    }

    [Fact]
    public async Task Login_EmailInOtherCase_IsTheSamePerson()
    {
        var email = await PersonAsync();

        (await LoginAsync($"  {email.ToUpperInvariant()} ", TestApp.AdminPassword)).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Login_WithoutMembership_IsForbidden()
    {
        var email = await PersonAsync();
        await OwnerAsync<object>("delete from memberships where user_id = (select id from users where email = $1)", email);

        (await LoginAsync(email, TestApp.AdminPassword)).StatusCode.ShouldBe(HttpStatusCode.Forbidden);
    }

    [Fact]
    public async Task WrongPassword_LeavesNobodySignedInOnTheRequest()
    {
        var email = await PersonAsync();
        await using var scope = _app.App.Services.CreateAsyncScope();

        await scope.ServiceProvider.GetRequiredService<PasswordVerifier>().VerifyAsync(email, "wrong", TestContext.Current.CancellationToken);

        scope.ServiceProvider.GetRequiredService<CurrentUser>().IsSignedIn.ShouldBeFalse();
    }

    [Fact]
    public async Task SignIns_StandInTheAuditLog()
    {
        var email = await PersonAsync();
        await LoginAsync(email, "wrong");
        await LoginAsync(email, TestApp.AdminPassword);

        (await OwnerAsync<string>(
            "select string_agg(action, ' ' order by at) from audit_entries where action like 'sign-in%' and actor_id = (select id from users where email = $1)", email))
            .ShouldBe("sign-in.refused sign-in.succeeded");
    }

    [Fact]
    public void Passwords_AreHashedWithAsManyRoundsAsTheFrameworkAdvises()
    {
        using var services = new ServiceCollection().AddPeople("no.key").BuildServiceProvider();

        var options = services.GetRequiredService<IOptions<PasswordHasherOptions>>().Value;

        options.CompatibilityMode.ShouldBe(PasswordHasherCompatibilityMode.IdentityV3);
        options.IterationCount.ShouldBeGreaterThanOrEqualTo(100_000);
    }

    private async Task<int> HashesAsync(string email)
    {
        await using var scope = _app.App.Services.CreateAsyncScope();
        var counting = new CountingHasher();
        scope.ServiceProvider.GetRequiredService<UserManager<User>>().PasswordHasher = counting;
        await scope.ServiceProvider.GetRequiredService<PasswordVerifier>().VerifyAsync(email, "not the password", TestContext.Current.CancellationToken);
        return counting.Count;
    }

    private async Task<string> PersonAsync()
    {
        var email = $"person-{Guid.NewGuid():N}@sign-in.example";
        await _app.AddTenantAsync("A company", email);
        return email;
    }

    private async Task<HttpResponseMessage> LoginAsync(string email, string password)
    {
        using var client = _app.CreateClient();
        return await client.PostAsJsonAsync("/api/v1/auth/login", new { email, password }, TestContext.Current.CancellationToken);
    }

    private Task<T?> OwnerAsync<T>(string sql, object value) => _app.OwnerAsync<T>(sql, value);

    private static async Task<string> WithoutReferenceAsync(HttpResponseMessage answer)
    {
        var text = System.Text.Json.Nodes.JsonNode.Parse(await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken))!.AsObject();
        text.Remove("reference");
        text.Remove("traceId");
        return text.ToJsonString();
    }

    private sealed class CountingHasher : PasswordHasher<User>
    {
        public int Count { get; private set; }

        public override PasswordVerificationResult VerifyHashedPassword(User user, string hashedPassword, string providedPassword)
        {
            Count++;
            return base.VerifyHashedPassword(user, hashedPassword, providedPassword);
        }
    }
}
